#include <string.h>

#include "common/base/crash.h"
#include "common/codec/letter.h"
#include "common/model/digest.h"
#include "services/ingest/ledger/ledger_store.h"

/* --- closing ------------------------------------------------------------------------------- */

static enum kf_err update_closed(struct kf_ledger *self, const struct kf_receipt *receipt,
                                 int64_t now_ms, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_ledger_prepare(self, KF_LEDGER_UPDATE_CLOSED, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    bool committed = receipt->state == KF_RECEIPT_COMMITTED;
    kf_database_bind_text(statement, 1, receipt->release);
    kf_database_bind_text(
        statement, 2, kf_ledger_state_name(committed ? KF_LEDGER_COMMITTED : KF_LEDGER_REJECTED));
    kf_database_bind_number(statement, 3, now_ms);
    kf_database_bind_number(statement, 4, (int64_t)receipt->rows);
    kf_database_bind_number(statement, 5, receipt->panels_rejected);
    kf_database_bind_text(statement, 6, receipt->reason);
    return kf_database_finish(&self->base, statement, "closing a release", err);
}

static enum kf_err delete_letters(struct kf_ledger *self, const char *id, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_ledger_prepare(self, KF_LEDGER_DELETE_LETTERS, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_text(statement, 1, id);
    return kf_database_finish(&self->base, statement, "replacing dead letters", err);
}

static enum kf_err drop_old(struct kf_ledger *self, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_ledger_prepare(self, KF_LEDGER_DELETE_OLD_LETTERS, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_number(statement, 1, KF_LEDGER_LETTERS_MAX);
    return kf_database_finish(&self->base, statement, "dropping old dead letters", err);
}

static enum kf_err replace_letters(struct kf_ledger *self, const char *id,
                                   const struct kf_letters *letters, struct kf_error *err)
{
    enum kf_err code = delete_letters(self, id, err);
    for (size_t i = 0; code == KF_OK && letters && i < letters->length; i++) {
        code = kf_ledger_insert_letter(&self->base, id, &letters->list[i], err);
    }
    return code == KF_OK ? drop_old(self, err) : code;
}

enum kf_err kf_ledger_mark_closed_with(struct kf_ledger *self, const struct kf_receipt *receipt,
                                       const struct kf_letters *letters, int64_t now_ms,
                                       struct kf_error *err)
{
    bool told = (letters && letters->length > 0) || receipt->panels_rejected == 0;
    enum kf_err code = kf_database_begin(&self->base, "closing a release", err);
    if (code != KF_OK) {
        return code;
    }
    code = update_closed(self, receipt, now_ms, err);
    if (code == KF_OK && told && kf_database_changes(&self->base) > 0) {
        code = replace_letters(self, receipt->release, letters, err);
    }
    if (code == KF_OK) {
        KF_CRASH_POINT("ingest.closing");
    }
    return kf_database_end(&self->base, code, "closing a release", err);
}

enum kf_err kf_ledger_mark_closed(struct kf_ledger *self, const struct kf_receipt *receipt,
                                  int64_t now_ms, struct kf_error *err)
{
    return kf_ledger_mark_closed_with(self, receipt, NULL, now_ms, err);
}

/* --- reading ------------------------------------------------------------------------------- */

static enum kf_err read_letter(const struct kf_ledger *self, sqlite3_stmt *statement,
                               struct kf_ledger_letter *letter, struct kf_error *err)
{
    int64_t stored = sqlite3_column_int64(statement, 9);
    uint64_t checksum = 0;
    memcpy(&checksum, &stored, sizeof checksum);
    *letter = (struct kf_ledger_letter){
        .number = sqlite3_column_int64(statement, 0),
        .release = kf_database_text(statement, 1),
        .input = kf_database_text(statement, 2),
        .closed_ms = sqlite3_column_int64(statement, 3),
        .panel = (uint32_t)sqlite3_column_int64(statement, 4),
        .stage = kf_database_text(statement, 5),
        .reason = kf_database_text(statement, 6),
        .edition = kf_database_text(statement, 7),
        .year = (int)sqlite3_column_int64(statement, 8),
        .bytes = sqlite3_column_blob(statement, 10),
        .length = (size_t)sqlite3_column_bytes(statement, 10),
        .resolved = kf_database_text(statement, 11),
    };
    if (!letter->bytes || kf_checksum(letter->bytes, letter->length) != checksum) {
        return kf_error_set(
            err, KF_ERR_DATA,
            "%s: the dead letter of panel %u of release %.64s is damaged; it stands "
            "on the topic, too",
            self->base.path, letter->panel, letter->release);
    }
    return KF_OK;
}

enum kf_err kf_ledger_letters(struct kf_ledger *self, const struct kf_ledger_letters_of *of,
                              kf_ledger_visit_letter *visit, void *context, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_ledger_prepare(self, KF_LEDGER_SELECT_LETTERS, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_number(statement, 1, of->release ? of->release->number : 0);
    kf_database_bind_number(statement, 2, of->open);
    kf_database_bind_number(statement, 3,
                            of->count_max > INT64_MAX ? INT64_MAX : (int64_t)of->count_max);
    while ((code = kf_database_step(&self->base, statement, "reading dead letters", err)) ==
           KF_OK) {
        struct kf_ledger_letter letter;
        code = read_letter(self, statement, &letter, err);
        if (code == KF_OK) {
            code = visit(context, &letter, err);
        }
        if (code != KF_OK) {
            break;
        }
    }
    kf_database_done(statement);
    return code == KF_ERR_AGAIN ? KF_OK : code;
}

/* --- where the input lies ------------------------------------------------------------------ */

enum kf_err kf_ledger_mark_moved(struct kf_ledger *self, const char *id, const char *moved,
                                 struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_ledger_prepare(self, KF_LEDGER_UPDATE_MOVED, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_text(statement, 1, id);
    kf_database_bind_text(statement, 2, moved);
    return kf_database_finish(&self->base, statement, "noting where an input lies", err);
}
