#include "services/board/api/shared.h"

#include <string.h>

#include "common/base/memory.h"
#include "common/codec/json_writer.h"
#include "services/board/api/spreads.h"

#define CODES_BYTES_MAX   ((size_t)1024 * 1024)
#define SPREADS_BYTES_MAX ((size_t)16 * 1024 * 1024)

/* A text that was read, or not yet. */
struct kept {
    struct kf_text text;
    bool there;
};

struct panel_kept {
    struct kept codes;   /* each with a NUL behind it */
    struct kept spreads; /* as JSON */
};

struct kf_shared {
    struct kf_board_store *store;
    bool known; /* the state that `changes` stands for */
    uint64_t changes;
    struct kf_panels panels;
    struct panel_kept *kept; /* one for each panel */
    size_t bytes;            /* of all that is kept */
    size_t bytes_max;        /* from which on nothing is added to it */
};

/* --- life ------------------------------------------------------------------------------------ */

enum kf_err kf_shared_new(struct kf_board_store *store, size_t bytes_max, struct kf_shared **shared,
                          struct kf_error *err)
{
    struct kf_shared *self = kf_calloc(1, sizeof *self);
    if (!self) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for what articles share");
    }
    self->store = store;
    self->bytes_max = bytes_max;
    *shared = self;
    return KF_OK;
}

static void forget(struct kept *kept)
{
    kf_text_clear(&kept->text);
    kept->there = false;
}

static void forget_texts(struct kf_shared *self)
{
    for (size_t i = 0; self->kept && i < self->panels.count; i++) {
        forget(&self->kept[i].codes);
        forget(&self->kept[i].spreads);
    }
    self->bytes = 0;
}

static void forget_all(struct kf_shared *self)
{
    forget_texts(self);
    kf_free(self->kept);
    self->kept = NULL;
    kf_panels_clear(&self->panels);
    self->known = false;
}

void kf_shared_destroy(struct kf_shared **self)
{
    if (*self) {
        forget_all(*self);
        kf_free(*self);
        *self = NULL;
    }
}

/* --- the state ------------------------------------------------------------------------------- */

static enum kf_err read_panels(struct kf_shared *self, struct kf_error *err)
{
    enum kf_err code = kf_panels_read(&self->panels, self->store, err);
    if (code != KF_OK) {
        return code;
    }
    self->kept = kf_calloc(self->panels.count + 1, sizeof *self->kept);
    if (!self->kept) {
        kf_panels_clear(&self->panels);
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for what articles share");
    }
    return KF_OK;
}

enum kf_err kf_shared_refresh(struct kf_shared *self, struct kf_error *err)
{
    struct kf_board_totals totals;
    enum kf_err code = kf_board_store_totals(self->store, &totals, err);
    if (code == KF_OK && self->known && self->changes == totals.changes) {
        return KF_OK;
    }
    forget_all(self);
    if (code == KF_OK) {
        code = read_panels(self, err);
    }
    if (code == KF_OK) {
        self->known = true;
        self->changes = totals.changes;
    }
    return code;
}

const struct kf_panels *kf_shared_panels(const struct kf_shared *self)
{
    return &self->panels;
}

/* --- texts ----------------------------------------------------------------------------------- */

/* Appends what is to be kept of a panel. */
typedef enum kf_err read_text(struct kf_board_store *store, const struct kf_board_panel *panel,
                              struct kf_text *text, struct kf_error *err);

static enum kf_err add_code(void *context, const char *code, struct kf_error *err)
{
    (void)err;
    kf_text_add_bytes(context, code, strlen(code) + 1);
    return KF_OK;
}

static enum kf_err read_codes(struct kf_board_store *store, const struct kf_board_panel *panel,
                              struct kf_text *text, struct kf_error *err)
{
    return kf_board_store_municipalities(store, panel->edition, panel->year, add_code, text, err);
}

/* Reads it when it is not there. */
static enum kf_err keep(struct kf_shared *self, struct kept *kept, size_t bytes_max,
                        const struct kf_board_panel *panel, read_text *read, struct kf_error *err)
{
    if (kept->there) {
        return KF_OK;
    }
    if (self->bytes >= self->bytes_max) {
        forget_texts(self);
    }
    kf_text_init(&kept->text, bytes_max);
    enum kf_err code = read(self->store, panel, &kept->text, err);
    if (code == KF_OK && kept->text.failed) {
        code = kf_error_set(err, KF_ERR_LIMIT, "no room for what the municipalities of %s %d share",
                            panel->edition, panel->year);
    }
    if (code != KF_OK) {
        forget(kept);
        return code;
    }
    kept->there = true;
    self->bytes += kept->text.length;
    return KF_OK;
}

enum kf_err kf_shared_municipalities(struct kf_shared *self, const struct kf_board_panel *panel,
                                     kf_board_code_visit *visit, void *context,
                                     struct kf_error *err)
{
    struct kept *codes = &self->kept[panel - self->panels.list].codes;
    enum kf_err code = keep(self, codes, CODES_BYTES_MAX, panel, read_codes, err);
    for (size_t at = 0; code == KF_OK && at < codes->text.length;
         at += strlen(codes->text.bytes + at) + 1) {
        code = visit(context, codes->text.bytes + at, err);
    }
    return code;
}

enum kf_err kf_shared_spreads_json(struct kf_shared *self, const struct kf_board_panel *panel,
                                   struct kf_text *json, struct kf_error *err)
{
    struct kept *spreads = &self->kept[panel - self->panels.list].spreads;
    enum kf_err code = keep(self, spreads, SPREADS_BYTES_MAX, panel, kf_spreads_json, err);
    if (code == KF_OK) {
        kf_json_raw(json, "spreads", spreads->text.bytes, spreads->text.length);
    }
    return code;
}
