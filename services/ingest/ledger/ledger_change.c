#include <string.h>

#include "common/base/crash.h"
#include "services/ingest/ledger/ledger_store.h"

/* --- announcing ---------------------------------------------------------------------------- */

enum kf_err kf_ledger_announce(struct kf_ledger *self, const char *name, const char *waits_for,
                               int64_t now_ms, struct kf_error *err)
{
    size_t length = strlen(name);
    if (length == 0 || length >= KF_RELEASE_ID_SIZE) {
        return kf_error_set(err, KF_ERR_LIMIT, "a release cannot be announced as \"%.64s\"", name);
    }
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_ledger_prepare(self, KF_LEDGER_UPSERT_ANNOUNCED, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_text(statement, 1, name);
    kf_database_bind_number(statement, 2, now_ms);
    kf_database_bind_text(statement, 3, waits_for);
    code = kf_database_finish(&self->base, statement, "announcing a release", err);
    if (code == KF_OK && kf_database_changes(&self->base) == 0) {
        code =
            kf_error_set(err, KF_ERR_CONFIG, "%s: %s is a release already", self->base.path, name);
    }
    return code;
}

enum kf_err kf_ledger_withdraw(struct kf_ledger *self, const char *name, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_ledger_prepare(self, KF_LEDGER_DELETE_ANNOUNCED, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_text(statement, 1, name);
    return kf_database_finish(&self->base, statement, "withdrawing a release", err);
}

/* --- what became of it --------------------------------------------------------------------- */

enum kf_err kf_ledger_mark_sent(struct kf_ledger *self, const char *id, int64_t now_ms,
                                struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_ledger_prepare(self, KF_LEDGER_UPDATE_SENT, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_text(statement, 1, id);
    kf_database_bind_number(statement, 2, now_ms);
    return kf_database_finish(&self->base, statement, "marking a release", err);
}

enum kf_err kf_ledger_mark_damaged(struct kf_ledger *self, const struct kf_ledger_release *release,
                                   const char *reason, int64_t now_ms, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_ledger_prepare(self, KF_LEDGER_UPDATE_DAMAGED, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_number(statement, 1, release->number);
    kf_database_bind_number(statement, 2, now_ms);
    kf_database_bind_text(statement, 3, reason);
    return kf_database_finish(&self->base, statement, "closing a damaged release", err);
}

/* --- once more ----------------------------------------------------------------------------- */

/* Nothing older is published after something newer. `with_rejected`: nor what was rejected of it.
 */
static enum kf_err refuse_later(struct kf_ledger *self, const struct kf_ledger_release *release,
                                bool with_rejected, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_ledger_prepare(self, KF_LEDGER_SELECT_LATER, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_number(statement, 1, release->number);
    kf_database_bind_number(statement, 2, with_rejected);
    code = kf_database_step(&self->base, statement, "looking for later releases", err);
    if (code == KF_OK) {
        code = kf_error_set(err, KF_ERR_CONFIG,
                            "release %s stays as it is: %s came later and has %s of %lld, too; "
                            "nothing older is published after something newer",
                            release->id, kf_database_text(statement, 0),
                            kf_database_text(statement, 1),
                            (long long)sqlite3_column_int64(statement, 2));
    }
    kf_database_done(statement);
    return code == KF_ERR_AGAIN ? KF_OK : code;
}

static enum kf_err find_named(struct kf_ledger *self, const char *id,
                              struct kf_ledger_release *release, struct kf_error *err)
{
    enum kf_err code = kf_ledger_find(self, id, release, err);
    return code == KF_ERR_AGAIN
               ? kf_error_set(err, KF_ERR_CONFIG, "there is no release %.64s in the ledger", id)
               : code;
}

static enum kf_err make_complete(struct kf_ledger *self, const struct kf_ledger_release *release,
                                 struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = refuse_later(self, release, false, err);
    if (code == KF_OK) {
        code = kf_ledger_prepare(self, KF_LEDGER_UPDATE_COMPLETE, &statement, err);
    }
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_number(statement, 1, release->number);
    KF_CRASH_POINT("ingest.letting-go");
    return kf_database_finish(&self->base, statement, "letting a release go", err);
}

static enum kf_err check_held(const struct kf_ledger_release *release, struct kf_error *err)
{
    return release->state == KF_LEDGER_HELD
               ? KF_OK
               : kf_error_set(err, KF_ERR_CONFIG, "release %s is %s, not held", release->id,
                              kf_ledger_state_name(release->state));
}

static enum kf_err check_closed(const struct kf_ledger_release *release, struct kf_error *err)
{
    bool closed = release->state == KF_LEDGER_COMMITTED || release->state == KF_LEDGER_REJECTED;
    if (!closed) {
        return kf_error_set(err, KF_ERR_CONFIG, "release %s is %s: only what is closed is replayed",
                            release->id, kf_ledger_state_name(release->state));
    }
    if (strncmp(release->id, "damaged-", strlen("damaged-")) == 0) {
        return kf_error_set(err, KF_ERR_CONFIG, "release %s is damaged: give its input again",
                            release->id);
    }
    if (!release->kept) {
        return kf_error_set(err, KF_ERR_CONFIG,
                            "the panels of release %s have been dropped: give its input again",
                            release->id);
    }
    return KF_OK;
}

enum kf_err kf_ledger_drop_outdated(struct kf_ledger *self, const char *input, const char *but,
                                    int64_t now_ms, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_ledger_prepare(self, KF_LEDGER_UPDATE_HELD_OUTDATED, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_text(statement, 1, input);
    kf_database_bind_text(statement, 2, but);
    kf_database_bind_number(statement, 3, now_ms);
    return kf_database_finish(&self->base, statement, "dropping what is outdated", err);
}

enum kf_err kf_ledger_approve(struct kf_ledger *self, const char *id, struct kf_error *err)
{
    struct kf_ledger_release release;
    enum kf_err code = find_named(self, id, &release, err);
    if (code == KF_OK) {
        code = check_held(&release, err);
    }
    if (code == KF_OK) {
        code = make_complete(self, &release, err);
    }
    if (code == KF_OK) {
        KF_CRASH_POINT("ingest.approved");
    }
    return code;
}

enum kf_err kf_ledger_replay(struct kf_ledger *self, const char *id, struct kf_error *err)
{
    struct kf_ledger_release release;
    enum kf_err code = find_named(self, id, &release, err);
    if (code == KF_OK) {
        code = check_closed(&release, err);
    }
    if (code == KF_OK) {
        code = make_complete(self, &release, err);
    }
    if (code == KF_OK) {
        KF_CRASH_POINT("ingest.replayed");
    }
    return code;
}

enum kf_err kf_ledger_check_retry(struct kf_ledger *self, const char *id,
                                  struct kf_ledger_release *release, struct kf_error *err)
{
    struct kf_ledger_release found;
    enum kf_err code = find_named(self, id, &found, err);
    bool closed =
        code == KF_OK && (found.state == KF_LEDGER_COMMITTED || found.state == KF_LEDGER_REJECTED);
    if (code == KF_OK && !closed) {
        code = kf_error_set(err, KF_ERR_CONFIG,
                            "release %s is %s: only the input of what is closed is taken in anew",
                            found.id, kf_ledger_state_name(found.state));
    }
    if (code == KF_OK) {
        code = refuse_later(self, &found, true, err);
    }
    if (code == KF_OK) {
        *release = found;
    }
    return code;
}

/* --- retention ----------------------------------------------------------------------------- */

static enum kf_err prune_with(struct kf_ledger *self, enum kf_ledger_statement which, uint32_t keep,
                              struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_ledger_prepare(self, which, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_number(statement, 1, keep);
    return kf_database_finish(&self->base, statement, "dropping old panels", err);
}

enum kf_err kf_ledger_prune(struct kf_ledger *self, uint32_t keep, struct kf_error *err)
{
    enum kf_err code = kf_database_begin(&self->base, "dropping old panels", err);
    if (code != KF_OK) {
        return code;
    }
    code = prune_with(self, KF_LEDGER_DELETE_PANELS, keep, err);
    KF_CRASH_POINT("ingest.pruning");
    if (code == KF_OK) {
        code = prune_with(self, KF_LEDGER_UPDATE_NOT_KEPT, keep, err);
    }
    return kf_database_end(&self->base, code, "dropping old panels", err);
}
