#include <inttypes.h>
#include <stdio.h>

#include "services/ingest/ledger/ledger_store.h"

static const char *const wish_names[] = {
    [0] = "",
    [KF_LEDGER_APPROVE] = "approve",
    [KF_LEDGER_REPLAY] = "replay",
    [KF_LEDGER_RETRY] = "retry",
};

#define WISHES (sizeof wish_names / sizeof wish_names[0])

const char *kf_ledger_wish_name(enum kf_ledger_wish wish)
{
    size_t index = (size_t)wish;
    return index < WISHES ? wish_names[index] : "";
}

static enum kf_ledger_wish wish_from(const char *name)
{
    for (size_t i = KF_LEDGER_APPROVE; i < WISHES; i++) {
        if (kf_text_equal(name, wish_names[i])) {
            return (enum kf_ledger_wish)i;
        }
    }
    return 0;
}

/* --- asking -------------------------------------------------------------------------------- */

static enum kf_err check_room(struct kf_database *base, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_database_prepare(base, KF_LEDGER_COUNT_REQUESTS, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    code = kf_database_step(base, statement, "counting wishes", err);
    if (code == KF_OK && sqlite3_column_int64(statement, 0) >= KF_LEDGER_REQUESTS_MAX) {
        code = kf_error_set(err, KF_ERR_LIMIT,
                            "%s: %d wishes wait already; start ingest, it carries them out",
                            base->path, KF_LEDGER_REQUESTS_MAX);
    }
    kf_database_done(statement);
    return code;
}

static enum kf_err insert(struct kf_database *base, const struct kf_ledger_request *request,
                          struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_database_prepare(base, KF_LEDGER_INSERT_REQUEST, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_text(statement, 1, wish_names[request->wish]);
    kf_database_bind_text(statement, 2, request->release);
    kf_database_bind_text(statement, 3, request->by);
    kf_database_bind_number(statement, 4, request->asked_ms);
    return kf_database_finish(base, statement, "adding a wish", err);
}

static enum kf_err ask(struct kf_database *base, const struct kf_ledger_request *request,
                       int64_t *number, struct kf_error *err)
{
    enum kf_err code = kf_database_begin(base, "adding a wish", err);
    if (code != KF_OK) {
        return code;
    }
    code = check_room(base, err);
    if (code == KF_OK) {
        code = insert(base, request, err);
    }
    int64_t added = sqlite3_last_insert_rowid(base->base);
    code = kf_database_end(base, code, "adding a wish", err);
    if (code == KF_OK) {
        *number = added;
    }
    return code;
}

enum kf_err kf_ledger_ask(const char *path, const struct kf_ledger_request *request,
                          int64_t *number, struct kf_error *err)
{
    if (!kf_ledger_wish_name(request->wish)[0]) {
        return kf_error_set(err, KF_ERR_INTERNAL, "there is no wish %d", (int)request->wish);
    }
    struct kf_database base = {0};
    enum kf_err code = kf_database_open_beside(&base, &kf_ledger_class, path, err);
    if (code == KF_OK) {
        code = ask(&base, request, number, err);
    }
    kf_database_close(&base);
    return code;
}

/* --- answering ----------------------------------------------------------------------------- */

static enum kf_err read_request(const struct kf_ledger *self, sqlite3_stmt *statement,
                                struct kf_ledger_request *request, struct kf_error *err)
{
    struct kf_ledger_request read = {
        .number = sqlite3_column_int64(statement, 0),
        .wish = wish_from(kf_database_text(statement, 1)),
        .asked_ms = sqlite3_column_int64(statement, 4),
        .done_ms = sqlite3_column_int64(statement, 5),
        .granted = sqlite3_column_int64(statement, 6) != 0,
    };
    (void)snprintf(read.release, sizeof read.release, "%s", kf_database_text(statement, 2));
    (void)snprintf(read.by, sizeof read.by, "%s", kf_database_text(statement, 3));
    (void)snprintf(read.outcome, sizeof read.outcome, "%s", kf_database_text(statement, 7));
    kf_text_defuse(read.by);
    kf_text_defuse(read.outcome);
    if (read.wish == 0) {
        return kf_error_set(err, KF_ERR_CONFIG,
                            "%s: wish %" PRId64 " is \"%.64s\", which this program does not know",
                            self->base.path, read.number, kf_database_text(statement, 1));
    }
    *request = read;
    return KF_OK;
}

static enum kf_err read_one(struct kf_ledger *self, sqlite3_stmt *statement,
                            struct kf_ledger_request *request, struct kf_error *err)
{
    enum kf_err code = kf_database_step(&self->base, statement, "reading wishes", err);
    if (code == KF_OK) {
        code = read_request(self, statement, request, err);
    }
    kf_database_done(statement);
    return code;
}

enum kf_err kf_ledger_next_request(struct kf_ledger *self, struct kf_ledger_request *request,
                                   struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_ledger_prepare(self, KF_LEDGER_SELECT_NEXT_REQUEST, &statement, err);
    return code == KF_OK ? read_one(self, statement, request, err) : code;
}

enum kf_err kf_ledger_request(struct kf_ledger *self, int64_t number,
                              struct kf_ledger_request *request, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_ledger_prepare(self, KF_LEDGER_SELECT_REQUEST, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_number(statement, 1, number);
    return read_one(self, statement, request, err);
}

enum kf_err kf_ledger_requests(struct kf_ledger *self, const char *id,
                               kf_ledger_visit_request *visit, void *context, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_ledger_prepare(self, KF_LEDGER_SELECT_REQUESTS_OF, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_text(statement, 1, id);
    while ((code = kf_database_step(&self->base, statement, "reading wishes", err)) == KF_OK) {
        struct kf_ledger_request request;
        code = read_request(self, statement, &request, err);
        if (code == KF_OK) {
            code = visit(context, &request, err);
        }
        if (code != KF_OK) {
            break;
        }
    }
    kf_database_done(statement);
    return code == KF_ERR_AGAIN ? KF_OK : code;
}

static enum kf_err forget_old(struct kf_ledger *self, int64_t number, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_ledger_prepare(self, KF_LEDGER_DELETE_REQUESTS, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_number(statement, 1, number - KF_LEDGER_REQUESTS_MAX);
    return kf_database_finish(&self->base, statement, "forgetting old wishes", err);
}

enum kf_err kf_ledger_request_done(struct kf_ledger *self, const struct kf_ledger_request *request,
                                   int64_t now_ms, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_ledger_prepare(self, KF_LEDGER_UPDATE_REQUEST, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_number(statement, 1, request->number);
    kf_database_bind_number(statement, 2, now_ms);
    kf_database_bind_number(statement, 3, request->granted);
    kf_database_bind_text(statement, 4, request->outcome);
    code = kf_database_finish(&self->base, statement, "closing a wish", err);
    return code == KF_OK ? forget_old(self, request->number, err) : code;
}

/* When it cannot be told there may be news: whoever looks finds out what is wrong. */
bool kf_ledger_has_news(struct kf_ledger *self)
{
    sqlite3_stmt *statement = NULL;
    if (kf_ledger_prepare(self, KF_LEDGER_DATA_VERSION, &statement, NULL) != KF_OK) {
        return true;
    }
    bool news = true;
    if (kf_database_step(&self->base, statement, "looking for news", NULL) == KF_OK) {
        int64_t version = sqlite3_column_int64(statement, 0);
        news = version != self->data_version;
        self->data_version = version;
    }
    kf_database_done(statement);
    return news;
}
