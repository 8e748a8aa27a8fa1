/* The digest of what a store read anew must have as well. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/model/digest.h"
#include "services/board/store/store_tables.h"

#define LINE_SIZE 1024

/* Panels are taken one after the other, their rows in the order of their keys. */
struct digesting {
    struct kf_board_store *store;
    struct kf_digest *digest;
};

static void add_line(struct digesting *self, const char *line, int length)
{
    size_t used = length < LINE_SIZE ? (size_t)length : LINE_SIZE - 1;
    kf_digest_add_sized(self->digest, line, used);
}

static enum kf_err add_row(void *context, const struct kf_record_row *row, struct kf_error *err)
{
    struct digesting *self = context;
    const char *const texts[] = {row->municipality, row->sector, row->indicator};
    char line[LINE_SIZE];
    (void)err;
    add_line(self, line, snprintf(line, sizeof line, "row %d %u", (int)row->topic, row->flags));
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        kf_digest_add_sized(self->digest, texts[i], strlen(texts[i]));
    }
    for (size_t i = 0; i < row->measures_len; i++) {
        add_line(self, line,
                 snprintf(line, sizeof line, "%" PRIu32 " %a", row->measures[i].number,
                          row->measures[i].value));
    }
    return KF_OK;
}

static enum kf_err add_panel(void *context, const struct kf_board_panel *panel,
                             struct kf_error *err)
{
    struct digesting *self = context;
    char line[LINE_SIZE];
    add_line(self, line,
             snprintf(line, sizeof line, "panel %s %s %d %s %s %" PRId64 " %" PRIu32,
                      panel->edition, panel->edition_digest, panel->year, panel->release,
                      panel->vintage, panel->published_ms, panel->municipalities));
    return kf_board_store_all_rows(self->store, panel, add_row, self, err);
}

static enum kf_err add_release(void *context, const struct kf_board_release *release,
                               struct kf_error *err)
{
    struct digesting *self = context;
    char line[LINE_SIZE];
    (void)err;
    add_line(self, line,
             snprintf(line, sizeof line, "release %s %d %s %s %s %" PRId64 " %" PRIu64 " %" PRIu64,
                      release->id, release->rejected, release->vintage, release->program,
                      release->previous, release->published_ms, release->rows, release->withdrawn));
    for (size_t i = 0; i < release->sources_len; i++) {
        add_line(self, line,
                 snprintf(line, sizeof line, "source %s %s", release->sources[i].name,
                          release->sources[i].updated));
    }
    for (size_t i = 0; i < release->panels_len; i++) {
        const struct kf_board_release_panel *panel = &release->panels[i];
        bool rejected = panel->state == KF_BOARD_REJECTED;
        add_line(self, line,
                 snprintf(line, sizeof line, "panel %s %d %" PRIu32 " %d %s", panel->edition,
                          panel->year, panel->municipalities, panel->state == KF_BOARD_SHOWN,
                          rejected ? panel->reason : ""));
    }
    return KF_OK;
}

enum kf_err kf_board_store_digest(struct kf_board_store *self, char digest[KF_DIGEST_SIZE],
                                  struct kf_error *err)
{
    struct digesting digesting = {.store = self, .digest = kf_digest_new()};
    if (!digesting.digest) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for a digest");
    }
    enum kf_err code = kf_board_store_begin(self, err);
    if (code == KF_OK) {
        code = kf_board_store_panels(self, "", add_panel, &digesting, err);
        if (code == KF_OK) {
            code = kf_board_store_releases(self, INT32_MAX, add_release, &digesting, err);
        }
        kf_board_store_end(self);
    }
    if (code == KF_OK) {
        kf_digest_print(digesting.digest, digest);
    }
    kf_digest_destroy(&digesting.digest);
    return code;
}
