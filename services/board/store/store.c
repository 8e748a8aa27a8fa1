#include "services/board/store/store.h"

#include "common/base/memory.h"
#include "services/board/store/store_tables.h"

#define BLOB_BYTES_MAX ((size_t)4096)

typedef enum kf_err open_database(struct kf_database *self, const struct kf_database_class *class,
                                  const char *path, struct kf_error *err);

static enum kf_err open_as(const char *path, open_database *open, struct kf_board_store **store,
                           struct kf_error *err)
{
    struct kf_board_store *self = kf_calloc(1, sizeof *self);
    if (!self) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the board's store");
    }
    kf_text_init(&self->blob, BLOB_BYTES_MAX);
    enum kf_err code = open(&self->base, &kf_board_store_class, path, err);
    if (code != KF_OK) {
        kf_board_store_destroy(&self);
        return code;
    }
    *store = self;
    return KF_OK;
}

/* What a loss of power takes away is on the topics: the file need only be consistent. */
enum kf_err kf_board_store_open(const char *path, struct kf_board_store **store,
                                struct kf_error *err)
{
    struct kf_board_store *self = NULL;
    enum kf_err code = open_as(path, kf_database_open, &self, err);
    if (code == KF_OK) {
        code =
            kf_database_run(&self->base, "PRAGMA synchronous = NORMAL; PRAGMA cache_size = -32768",
                            "setting up", err);
    }
    if (code != KF_OK) {
        kf_board_store_destroy(&self);
        return code;
    }
    *store = self;
    return KF_OK;
}

enum kf_err kf_board_store_open_reader(const char *path, struct kf_board_store **store,
                                       struct kf_error *err)
{
    return open_as(path, kf_database_open_readonly, store, err);
}

void kf_board_store_destroy(struct kf_board_store **self)
{
    if (!*self) {
        return;
    }
    kf_database_close(&(*self)->base);
    kf_text_clear(&(*self)->blob);
    kf_free(*self);
    *self = NULL;
}

enum kf_err kf_board_store_begin(struct kf_board_store *self, struct kf_error *err)
{
    return kf_database_run(&self->base, "BEGIN", "reading", err);
}

void kf_board_store_end(struct kf_board_store *self)
{
    (void)kf_database_run(&self->base, "ROLLBACK", "reading", NULL);
}

enum kf_err kf_board_store_totals(struct kf_board_store *self, struct kf_board_totals *totals,
                                  struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_board_prepare(self, KF_BOARD_SELECT_TOTALS, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    code = kf_database_step(&self->base, statement, "reading", err);
    if (code == KF_OK) {
        totals->rows = (uint64_t)sqlite3_column_int64(statement, 0);
        totals->staged = (uint64_t)sqlite3_column_int64(statement, 1);
        kf_board_copy_text(statement, 2, totals->release, sizeof totals->release);
        totals->changes = (uint64_t)sqlite3_column_int64(statement, 3);
    }
    kf_database_done(statement);
    return code;
}

static enum kf_err upsert_phases(struct kf_board_store *self, const char *release,
                                 const struct kf_board_phases *phases, struct kf_error *err)
{
    const int64_t numbers[] = {phases->discovered_ms, phases->recorded_ms,  phases->sent_ms,
                               phases->held_ms,       phases->committed_ms, phases->attempts};
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_board_prepare(self, KF_BOARD_UPSERT_PHASES, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_text(statement, 1, release);
    for (int i = 0; i < (int)(sizeof numbers / sizeof numbers[0]); i++) {
        kf_database_bind_number(statement, 2 + i, numbers[i]);
    }
    return kf_database_finish(&self->base, statement, "keeping phases", err);
}

enum kf_err kf_board_store_note_phases(struct kf_board_store *self, const char *release,
                                       const struct kf_board_phases *phases, struct kf_error *err)
{
    int64_t changes = 0;
    enum kf_err code = kf_database_begin(&self->base, "keeping phases", err);
    if (code != KF_OK) {
        return code;
    }
    code = upsert_phases(self, release, phases, err);
    if (code == KF_OK && kf_database_changes(&self->base) > 0) {
        code = kf_board_meta(self, "changes", &changes, err);
        if (code == KF_OK) {
            code = kf_board_set_meta(self, "changes", changes + 1, err);
        }
    }
    return kf_database_end(&self->base, code, "keeping phases", err);
}
