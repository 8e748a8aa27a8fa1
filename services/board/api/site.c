#include "services/board/api/site.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/codec/json_writer.h"
#include "services/board/api/answers.h"
#include "services/board/api/article.h"
#include "services/board/api/article_query.h"
#include "services/board/api/assets.h"
#include "services/board/api/catalogue.h"
#include "services/board/api/releases.h"

#define JSON           "application/json"
#define EVENTS         "text/event-stream"
#define RELEASES       50
#define RETRY_LINE     "retry: 500\n\n" /* how soon a browser comes again, ms */
#define BAD_REQUEST    400
#define NOT_FOUND      404
#define INTERNAL_ERROR 500
#define TAG_TEXT_SIZE  256

struct kf_site {
    struct kf_snapshot *status;
    struct kf_board_store *store;
    struct kf_answers *answers;
    struct kf_assets assets;
    const char *program;
    int64_t since_ms; /* a store that was read anew may count as the one before did */
};

/* --- answers --------------------------------------------------------------------------------- */

typedef enum kf_err page_writer(struct kf_site *self, const struct kf_http_request *request,
                                struct kf_http_answer *answer, struct kf_error *err);

/* Instead of what was there: {"error": why}. */
static void refuse(struct kf_http_answer *answer, unsigned status, const char *why)
{
    kf_http_answer_refuse(answer, status, "");
    kf_text_reset(&answer->body);
    answer->type = JSON;
    kf_json_open(&answer->body, NULL, '{');
    kf_json_text(&answer->body, "error", why);
    kf_json_close(&answer->body, '}');
}

/* What all answers from the store depend on; `more` is what this one depends on besides. */
static enum kf_err is_known(struct kf_site *self, const struct kf_http_request *request,
                            struct kf_http_answer *answer, bool *known, struct kf_error *err)
{
    char text[TAG_TEXT_SIZE];
    struct kf_board_totals totals;
    enum kf_err code = kf_board_store_totals(self->store, &totals, err);
    if (code == KF_OK) {
        (void)snprintf(text, sizeof text, "%s %s %" PRId64 " %" PRIu64, self->program,
                       request->path, self->since_ms, totals.changes);
        answer->type = JSON;
        *known = kf_http_answer_is_known(answer, request, text);
    }
    return code;
}

static enum kf_err write_catalogue(struct kf_site *self, const struct kf_http_request *request,
                                   struct kf_http_answer *answer, struct kf_error *err)
{
    bool known = false;
    enum kf_err code = is_known(self, request, answer, &known, err);
    return code == KF_OK && !known ? kf_catalogue_json(self->answers, &answer->body, err) : code;
}

/* Two addresses are two answers to a browser: what is asked for is no part of the tag. */
static enum kf_err write_article(struct kf_site *self, const struct kf_http_request *request,
                                 struct kf_http_answer *answer, struct kf_error *err)
{
    struct kf_article_wish wish;
    bool known = false;
    enum kf_err code = kf_article_query_read(request, &wish, err);
    if (code != KF_OK) {
        refuse(answer, BAD_REQUEST, err->text);
        return KF_OK;
    }
    code = is_known(self, request, answer, &known, err);
    if (code == KF_OK && !known) {
        code = kf_article_json(self->answers, &wish, &answer->body, err);
    }
    if (code == KF_ERR_CONFIG) {
        refuse(answer, NOT_FOUND, err->text);
        return KF_OK;
    }
    return code;
}

static enum kf_err write_releases(struct kf_site *self, const struct kf_http_request *request,
                                  struct kf_http_answer *answer, struct kf_error *err)
{
    unsigned long limit = RELEASES;
    bool known = false;
    const char *asked = kf_http_request_value(request, "limit");
    if (asked && (!kf_text_to_unsigned(asked, strlen(asked), KF_RELEASES_MAX, &limit))) {
        char why[64];
        (void)snprintf(why, sizeof why, "limit is a number, at most %d", KF_RELEASES_MAX);
        refuse(answer, BAD_REQUEST, why);
        return KF_OK;
    }
    enum kf_err code = is_known(self, request, answer, &known, err);
    return code == KF_OK && !known ? kf_releases_json(self->store, limit, &answer->body, err)
                                   : code;
}

static enum kf_err write_status(struct kf_site *self, const struct kf_http_request *request,
                                struct kf_http_answer *answer, struct kf_error *err)
{
    (void)request;
    (void)err;
    answer->type = JSON;
    kf_snapshot_copy(self->status, &answer->body);
    return KF_OK;
}

static enum kf_err write_events(struct kf_site *self, const struct kf_http_request *request,
                                struct kf_http_answer *answer, struct kf_error *err)
{
    struct kf_text status;
    (void)request;
    (void)err;
    kf_text_init(&status, KF_SNAPSHOT_BYTES_MAX);
    kf_snapshot_copy(self->status, &status);
    answer->type = EVENTS;
    answer->stream = true;
    kf_text_add(&answer->body, RETRY_LINE);
    kf_http_event(&answer->body, "status", &status);
    kf_text_clear(&status);
    return KF_OK;
}

static const struct {
    const char *path;
    page_writer *write;
} pages[] = {
    {"/api/catalogue", write_catalogue}, {"/api/article", write_article},
    {"/api/releases", write_releases},   {"/api/status", write_status},
    {"/api/events", write_events},
};

static page_writer *find_page(const char *path)
{
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        if (strcmp(pages[i].path, path) == 0) {
            return pages[i].write;
        }
    }
    return NULL;
}

/* Whether somebody may have typed it: no address of the API, and no file. */
static bool is_for_readers(const char *path)
{
    bool of_api = strcmp(path, "/api") == 0 || strncmp(path, "/api/", 5) == 0;
    return !of_api && !strchr(path, '.');
}

bool kf_site_answer(struct kf_site *self, const struct kf_http_request *request,
                    struct kf_http_answer *answer)
{
    struct kf_error err;
    const struct kf_http_asset *asset = kf_assets_find(&self->assets, request->path);
    page_writer *write = find_page(request->path);
    if (asset) {
        answer->asset = asset;
        answer->policy = kf_assets_policy;
    } else if (write && write(self, request, answer, &err) != KF_OK) {
        refuse(answer, INTERNAL_ERROR, err.text);
    }
    if (!asset && !write && is_for_readers(request->path)) {
        answer->status = NOT_FOUND;
        answer->asset = kf_assets_find(&self->assets, "/");
        answer->policy = kf_assets_policy;
    }
    return answer->asset || write;
}

/* --- life ------------------------------------------------------------------------------------ */

static enum kf_err open_parts(struct kf_site *self, const struct kf_site_options *options,
                              struct kf_error *err)
{
    enum kf_err code = kf_board_store_open_reader(options->store, &self->store, err);
    return code == KF_OK ? kf_answers_new(self->store, options->catalogue, options->program,
                                          &self->answers, err)
                         : code;
}

enum kf_err kf_site_new(const struct kf_site_options *options, struct kf_site **site,
                        struct kf_error *err)
{
    struct kf_site *self = kf_calloc(1, sizeof *self);
    if (!self) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the pages");
    }
    self->status = options->status;
    self->program = options->program;
    self->since_ms = kf_clock_wall_ms();
    enum kf_err code = kf_assets_init(&self->assets, err);
    if (code == KF_OK) {
        code = open_parts(self, options, err);
    }
    if (code != KF_OK) {
        kf_site_destroy(&self);
        return code;
    }
    *site = self;
    return KF_OK;
}

void kf_site_destroy(struct kf_site **self)
{
    if (!self || !*self) {
        return;
    }
    kf_answers_destroy(&(*self)->answers);
    kf_board_store_destroy(&(*self)->store);
    kf_assets_clear(&(*self)->assets);
    kf_free(*self);
    *self = NULL;
}
