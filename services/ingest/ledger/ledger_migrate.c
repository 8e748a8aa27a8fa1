#include <string.h>

#include "common/codec/envelope.h"
#include "services/ingest/ledger/ledger_store.h"

/* Hands every row of fixed SQL to `take`. */
static enum kf_err each_row(struct kf_database *base, const char *sql,
                            enum kf_err (*take)(struct kf_database *base, sqlite3_stmt *row,
                                                struct kf_error *err),
                            struct kf_error *err)
{
    sqlite3_stmt *rows = NULL;
    int answer = sqlite3_prepare_v2(base->base, sql, -1, &rows, NULL);
    if (answer != SQLITE_OK) {
        return kf_database_refuse(base, answer, "bringing up to date", err);
    }
    enum kf_err code = KF_OK;
    while (code == KF_OK) {
        code = kf_database_step(base, rows, "bringing up to date", err);
        if (code == KF_OK) {
            code = take(base, rows, err);
        }
    }
    (void)sqlite3_finalize(rows);
    return code == KF_ERR_AGAIN ? KF_OK : code;
}

/* --- from version 1 ------------------------------------------------------------------------- */

static const char tables_of_2[] =
    KF_LEDGER_TABLES_2 "UPDATE releases SET state = 'complete' WHERE state = 'discovered';";

static enum kf_err insert_content(struct kf_database *base, int64_t release, int64_t place,
                                  const struct kf_ledger_content *content, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_database_prepare(base, KF_LEDGER_INSERT_CONTENT, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_number(statement, 1, release);
    kf_database_bind_number(statement, 2, place);
    kf_ledger_bind_content(statement, content);
    return kf_database_finish(base, statement, "bringing up to date", err);
}

/* What the panel in the row is. Version 1 wrote no digest of a panel: it is unknown ("", which is
 * like no other), so that the first watched release after it is published once more. */
static struct kf_ledger_content content_of(const struct kf_envelope *envelope)
{
    const struct kf_rejection *rejection = envelope->rejection;
    return (struct kf_ledger_content){.edition = rejection ? rejection->edition
                                                           : envelope->panel->edition->id,
                                      .year = rejection ? rejection->year : envelope->panel->year,
                                      .digest = "",
                                      .rejected = rejection != NULL};
}

/* A panel that cannot be read stays what it is: its release is closed as damaged when it is sent.
 */
static enum kf_err take_panel(struct kf_database *base, sqlite3_stmt *row, struct kf_error *err)
{
    struct kf_envelope *envelope = NULL;
    struct kf_error why;
    const void *bytes = sqlite3_column_blob(row, 2);
    size_t length = (size_t)sqlite3_column_bytes(row, 2);
    if (!bytes) {
        return KF_OK;
    }
    enum kf_err code = kf_envelope_unpack(bytes, length, &envelope, &why);
    if (code == KF_ERR_DATA || code == KF_ERR_LIMIT) {
        return KF_OK;
    }
    if (code != KF_OK) {
        return kf_error_set(err, code, "%s", why.text);
    }
    const struct kf_ledger_content content = content_of(envelope);
    code = insert_content(base, sqlite3_column_int64(row, 0), sqlite3_column_int64(row, 1),
                          &content, err);
    kf_envelope_destroy(&envelope);
    return code;
}

static enum kf_err take_panels(struct kf_database *base, struct kf_error *err)
{
    return each_row(base, "SELECT release, place, bytes FROM panels ORDER BY release, place",
                    take_panel, err);
}

static enum kf_err from_1(struct kf_database *base, struct kf_error *err)
{
    enum kf_err code = kf_database_run(base, tables_of_2, "bringing up to date", err);
    return code == KF_OK ? take_panels(base, err) : code;
}

/* --- from version 2 ------------------------------------------------------------------------- */

/* Ingest's own rejections in releases that are on the topics, whose panels are kept. */
static const char rejected_panels[] =
    "SELECT r.id, p.bytes FROM contents AS c JOIN releases AS r ON r.number = c.release"
    " JOIN panels AS p ON p.release = c.release AND p.place = c.place"
    " WHERE c.rejected = 1 AND r.state IN ('committed', 'rejected') AND length(r.id) = 32"
    " ORDER BY c.release, c.place";

static enum kf_err take_letter(struct kf_database *base, sqlite3_stmt *row, struct kf_error *err)
{
    struct kf_envelope *envelope = NULL;
    struct kf_error why;
    const void *bytes = sqlite3_column_blob(row, 1);
    size_t length = (size_t)sqlite3_column_bytes(row, 1);
    enum kf_err code = bytes ? kf_envelope_unpack(bytes, length, &envelope, &why) : KF_ERR_DATA;
    if (code == KF_ERR_DATA || code == KF_ERR_LIMIT) {
        return KF_OK;
    }
    if (code != KF_OK) {
        return kf_error_set(err, code, "%s", why.text);
    }
    if (envelope->rejection) {
        const struct kf_letter letter = {envelope->index, envelope->rejection};
        code = kf_ledger_insert_letter(base, kf_database_text(row, 0), &letter, err);
    }
    kf_envelope_destroy(&envelope);
    return code;
}

static enum kf_err from_2(struct kf_database *base, struct kf_error *err)
{
    enum kf_err code = kf_database_run(base, KF_LEDGER_TABLES_3, "bringing up to date", err);
    return code == KF_OK ? each_row(base, rejected_panels, take_letter, err) : code;
}

enum kf_err kf_ledger_migrate(struct kf_database *base, int version, struct kf_error *err)
{
    switch (version) {
    case 1:
        return from_1(base, err);
    case 2:
        return from_2(base, err);
    default:
        return kf_error_set(err, KF_ERR_INTERNAL, "no way from version %d of the ledger", version);
    }
}
