#include "fake_store.h"

#include <stdio.h>
#include <string.h>

void fake_panel(struct kf_board_store *self, const char *edition, int year, const char *release)
{
    struct kf_board_panel *panel = &self->panels[self->panels_len++];
    (void)snprintf(panel->edition, sizeof panel->edition, "%s", edition);
    (void)snprintf(panel->release, sizeof panel->release, "%s", release);
    panel->year = year;
    panel->published_ms = 1000;
}

struct kf_record_row *fake_row(struct kf_board_store *self, enum kf_topic topic,
                               const char *municipality, const char *sector, const char *indicator)
{
    struct kf_board_panel *panel = &self->panels[self->panels_len - 1];
    struct kf_record_row *row = &self->rows[self->rows_len++];
    *row = (struct kf_record_row){.topic = topic,
                                  .release = panel->release,
                                  .edition = panel->edition,
                                  .year = panel->year,
                                  .municipality = municipality,
                                  .sector = sector,
                                  .indicator = indicator};
    panel->rows[topic]++;
    return row;
}

void fake_value(struct kf_record_row *row, const char *measure, double value)
{
    row->measures[row->measures_len++] =
        (struct kf_record_measure){.number = 7, .name = measure, .value = value};
}

/* --- the store's own interface --------------------------------------------------------------- */

static enum kf_err outcome(const struct kf_board_store *self, struct kf_error *err)
{
    return self->fails == KF_OK ? KF_OK : kf_error_set(err, self->fails, "the disk is gone");
}

enum kf_err kf_board_store_open_reader(const char *path, struct kf_board_store **store,
                                       struct kf_error *err)
{
    struct kf_board_store *self = NULL;
    if (sscanf(path, "%p", (void **)&self) != 1) {
        return kf_error_set(err, KF_ERR_CONFIG, "there is no store %s", path);
    }
    *store = self;
    return KF_OK;
}

void kf_board_store_destroy(struct kf_board_store **self)
{
    *self = NULL;
}

enum kf_err kf_board_store_begin(struct kf_board_store *self, struct kf_error *err)
{
    return outcome(self, err);
}

void kf_board_store_end(struct kf_board_store *self)
{
    (void)self;
}

enum kf_err kf_board_store_totals(struct kf_board_store *self, struct kf_board_totals *totals,
                                  struct kf_error *err)
{
    *totals = (struct kf_board_totals){.rows = self->rows_len, .changes = self->changes};
    return outcome(self, err);
}

enum kf_err kf_board_store_panels(struct kf_board_store *self, const char *edition,
                                  kf_board_panel_visit *visit, void *context, struct kf_error *err)
{
    enum kf_err code = outcome(self, err);
    for (size_t i = 0; code == KF_OK && i < self->panels_len; i++) {
        if (!edition || strcmp(edition, self->panels[i].edition) == 0) {
            code = visit(context, &self->panels[i], err);
        }
    }
    return code;
}

enum kf_err kf_board_store_municipalities(struct kf_board_store *self, const char *edition,
                                          int year, kf_board_code_visit *visit, void *context,
                                          struct kf_error *err)
{
    enum kf_err code = outcome(self, err);
    for (size_t i = 0; code == KF_OK && i < self->rows_len; i++) {
        const struct kf_record_row *row = &self->rows[i];
        bool fits =
            (!edition || strcmp(edition, row->edition) == 0) && (year == 0 || year == row->year);
        if (fits && row->municipality[0]) {
            code = visit(context, row->municipality, err);
        }
    }
    return code;
}

enum kf_err kf_board_store_coverage(struct kf_board_store *self, const char *municipality,
                                    kf_board_coverage_visit *visit, void *context,
                                    struct kf_error *err)
{
    enum kf_err code = outcome(self, err);
    for (size_t i = 0; code == KF_OK && i < self->panels_len; i++) {
        struct kf_board_coverage coverage = {.edition = self->panels[i].edition,
                                             .year = self->panels[i].year};
        bool any = false;
        for (size_t j = 0; j < self->rows_len; j++) {
            const struct kf_record_row *row = &self->rows[j];
            if (row->edition == self->panels[i].edition &&
                strcmp(row->municipality, municipality) == 0) {
                coverage.rows[row->topic]++;
                coverage.figures[row->topic] += row->measures_len;
                any = true;
            }
        }
        code = any ? visit(context, &coverage, err) : KF_OK;
    }
    return code;
}

enum kf_err kf_board_store_rows(struct kf_board_store *self, const struct kf_board_panel *panel,
                                const char *municipality, kf_board_row_visit *visit, void *context,
                                struct kf_error *err)
{
    enum kf_err code = outcome(self, err);
    for (size_t i = 0; code == KF_OK && i < self->rows_len; i++) {
        const struct kf_record_row *row = &self->rows[i];
        if (strcmp(row->edition, panel->edition) == 0 && row->year == panel->year &&
            strcmp(row->municipality, municipality) == 0) {
            code = visit(context, row, err);
        }
    }
    return code;
}

enum kf_err kf_board_store_sector_rows(struct kf_board_store *self,
                                       const struct kf_board_panel *panel, enum kf_topic topic,
                                       kf_board_row_visit *visit, void *context,
                                       struct kf_error *err)
{
    enum kf_err code = outcome(self, err);
    for (size_t i = 0; code == KF_OK && i < self->rows_len; i++) {
        const struct kf_record_row *row = &self->rows[i];
        if (strcmp(row->edition, panel->edition) == 0 && row->year == panel->year &&
            row->topic == topic && row->indicator[0] == '\0') {
            code = visit(context, row, err);
        }
    }
    return code;
}

const char *kf_board_panel_state_name(enum kf_board_panel_state state)
{
    static const char *const names[] = {[KF_BOARD_SHOWN] = "shown",
                                        [KF_BOARD_ARRIVING] = "arriving",
                                        [KF_BOARD_SUPERSEDED] = "superseded",
                                        [KF_BOARD_REJECTED] = "rejected"};
    return names[state];
}

enum kf_err kf_board_store_releases(struct kf_board_store *self, size_t limit,
                                    kf_board_release_visit *visit, void *context,
                                    struct kf_error *err)
{
    enum kf_err code = outcome(self, err);
    for (size_t i = 0; code == KF_OK && i < self->releases_len && i < limit; i++) {
        code = visit(context, &self->releases[i], err);
    }
    return code;
}

enum kf_err kf_board_store_manifest(struct kf_board_store *self, const char *id,
                                    kf_board_release_visit *visit, void *context,
                                    struct kf_error *err)
{
    for (size_t i = 0; i < self->releases_len; i++) {
        if (strcmp(self->releases[i].id, id) == 0) {
            return visit(context, &self->releases[i], err);
        }
    }
    return KF_ERR_AGAIN;
}

enum kf_err kf_board_store_incomplete(struct kf_board_store *self, kf_board_incomplete_visit *visit,
                                      void *context, struct kf_error *err)
{
    enum kf_err code = outcome(self, err);
    for (size_t i = 0; code == KF_OK && i < self->incomplete_len; i++) {
        code = visit(context, &self->incomplete[i], err);
    }
    return code;
}

const char *kf_board_follower_state_name(enum kf_board_follower_state state)
{
    static const char *const names[] = {[KF_BOARD_READING] = "reading",
                                        [KF_BOARD_FOLLOWING] = "following",
                                        [KF_BOARD_WAITING] = "waiting"};
    return names[state];
}
