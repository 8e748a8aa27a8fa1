#include "services/ingest/ssb/ssb.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

#include "common/base/arena.h"
#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "services/ingest/ssb/address.h"
#include "services/ingest/ssb/call.h"
#include "services/ingest/ssb/paging.h"
#include "services/ingest/ssb/reading.h"

#define OPTIONS_BYTES_MAX 65536
#define ADDRESS_BYTES_MAX 4096
#define BODY_BYTES_MAX    (4 * 1024 * 1024)
#define DAY_SIZE          11

struct kf_ssb {
    struct kf_arena *texts; /* of the options */
    struct kf_ssb_options options;
    struct kf_ssb_call *call;
    bool busy;
    struct kf_ssb_question question; /* its texts are those below */
    char table[KF_SSB_TABLE_ID_SIZE];
    char etag[KF_SSB_ETAG_SIZE];
    char from[DAY_SIZE];
    char to[DAY_SIZE];
    struct kf_ssb_paging paging; /* of DATA */
    size_t page;
    struct kf_ssb_reading *reading;
    struct kf_text address;
    struct kf_text body;
    struct kf_ssb_answer answer;
    struct kf_ssb_counts before; /* the question */
    int64_t asked_ms;
};

/* --- usual values ------------------------------------------------------------------------- */

struct kf_ssb_options kf_ssb_options_usual(const struct kf_day *day)
{
    return (struct kf_ssb_options){
        .url = KF_SSB_URL,
        .klass_url = KF_SSB_KLASS_URL,
        .language = "no",
        .proxy = "",
        .ca_file = "",
        .day = day,
        .calls_per_minute = 30,
        .attempts_max = 5,
        .connect_timeout_ms = 10000,
        .timeout_ms = 120000,
        .answer_bytes_max = UINT64_C(256) * 1024 * 1024,
        .ratio_max = 200,
        .seed = (uint64_t)kf_clock_wall_ms(),
    };
}

/* --- life ------------------------------------------------------------------------------------- */

static bool has_part(CURLU *url, CURLUPart part)
{
    char *text = NULL;
    bool has = !curl_url_get(url, part, &text, 0);
    curl_free(text);
    return has;
}

static bool is_url(const char *text)
{
    size_t length = strlen(text);
    bool is_http = strncmp(text, "http://", 7) == 0 || strncmp(text, "https://", 8) == 0;
    if (!is_http || text[length - 1] == '/' || length > ADDRESS_BYTES_MAX / 2) {
        return false;
    }
    CURLU *url = curl_url();
    bool is = url && !curl_url_set(url, CURLUPART_URL, text, 0) && !has_part(url, CURLUPART_USER) &&
              !has_part(url, CURLUPART_QUERY) && !has_part(url, CURLUPART_FRAGMENT);
    curl_url_cleanup(url);
    return is;
}

static enum kf_err check_url(const char *text, struct kf_error *err)
{
    bool may_be_secret = strchr(text, '@') != NULL; /* name and password before a host */
    return is_url(text) ? KF_OK
                        : kf_error_set(err, KF_ERR_CONFIG,
                                       "\"%.200s\" is no address of an API: write it as %s, "
                                       "without a slash at the end",
                                       may_be_secret ? "…@…" : text, KF_SSB_URL);
}

static enum kf_err check_options(const struct kf_ssb_options *options, struct kf_error *err)
{
    enum kf_err code = check_url(options->url, err);
    code = code ? code : check_url(options->klass_url, err);
    if (code) {
        return code;
    }
    if (!kf_text_equal(options->language, "no") && !kf_text_equal(options->language, "en")) {
        return kf_error_set(err, KF_ERR_CONFIG, "the API speaks \"no\" and \"en\", not \"%.20s\"",
                            options->language);
    }
    bool in_bounds = options->attempts_max > 0 && options->calls_per_minute > 0 &&
                     options->connect_timeout_ms > 0 && options->timeout_ms > 0 &&
                     options->answer_bytes_max > 0 && options->ratio_max > 0;
    return in_bounds ? KF_OK
                     : kf_error_set(err, KF_ERR_CONFIG,
                                    "attempts, calls a minute, time-outs and sizes begin at 1");
}

static bool copy_options(struct kf_ssb *self, const struct kf_ssb_options *options)
{
    struct kf_ssb_options *own = &self->options;
    *own = *options;
    own->url = kf_arena_strdup(self->texts, options->url);
    own->klass_url = kf_arena_strdup(self->texts, options->klass_url);
    own->language = kf_arena_strdup(self->texts, options->language);
    own->proxy = kf_arena_strdup(self->texts, options->proxy);
    own->ca_file = kf_arena_strdup(self->texts, options->ca_file);
    return own->url && own->klass_url && own->language && own->proxy && own->ca_file;
}

enum kf_err kf_ssb_new(const struct kf_ssb_options *options, struct kf_ssb **ssb,
                       struct kf_error *err)
{
    enum kf_err code = check_options(options, err);
    if (code) {
        return code;
    }
    struct kf_ssb *self = kf_calloc(1, sizeof *self);
    if (!self) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory to ask Statistics Norway");
    }
    kf_text_init(&self->address, ADDRESS_BYTES_MAX);
    kf_text_init(&self->body, BODY_BYTES_MAX);
    self->texts = kf_arena_new(OPTIONS_BYTES_MAX);
    if (!self->texts || !copy_options(self, options)) {
        code = kf_error_set(err, KF_ERR_MEMORY, "no memory to ask Statistics Norway");
    }
    code = code ? code : kf_ssb_call_new(&self->options, &self->call, err);
    if (code) {
        kf_ssb_destroy(&self);
        return code;
    }
    *ssb = self;
    return KF_OK;
}

void kf_ssb_destroy(struct kf_ssb **self)
{
    struct kf_ssb *old = *self;
    if (old) {
        kf_ssb_call_destroy(&old->call);
        kf_ssb_reading_destroy(&old->reading);
        kf_text_clear(&old->address);
        kf_text_clear(&old->body);
        kf_arena_destroy(&old->texts);
    }
    kf_free(old);
    *self = NULL;
}

/* --- asking ----------------------------------------------------------------------------------- */

/* NULL is "". */
static enum kf_err copy(const char *text, char *own, size_t size, const char *what,
                        struct kf_error *err)
{
    size_t length = text ? strlen(text) : 0;
    if (length >= size) {
        return kf_error_set(err, KF_ERR_CONFIG, "%s of a question is too long: %.60s…", what, text);
    }
    memcpy(own, text ? text : "", length + 1);
    return KF_OK;
}

static bool is_printable(const char *text)
{
    while (*text >= ' ' && *text <= '~') {
        text++;
    }
    return *text == '\0';
}

/* Both in memory of our own, so that a question that cannot be asked leaves nothing behind. */
static enum kf_err copy_question(struct kf_ssb *self, const struct kf_ssb_question *question,
                                 struct kf_error *err)
{
    enum kf_err code = kf_ssb_address_check(question, err);
    code = code ? code : copy(question->table, self->table, sizeof self->table, "the table", err);
    code = code ? code : copy(question->etag, self->etag, sizeof self->etag, "the etag", err);
    code = code ? code : copy(question->from, self->from, sizeof self->from, "the first day", err);
    code = code ? code : copy(question->to, self->to, sizeof self->to, "the last day", err);
    if (!code && !is_printable(self->etag)) {
        code = kf_error_set(err, KF_ERR_CONFIG, "the etag of a question is not printable");
    }
    if (!code && question->kind == KF_SSB_DATA && !question->page) {
        code = kf_error_set(err, KF_ERR_CONFIG,
                            "a question for figures needs somebody to take "
                            "the pages");
    }
    self->question = *question;
    self->question.table = self->table;
    self->question.etag = self->etag;
    self->question.from = self->from;
    self->question.to = self->to;
    return code;
}

static enum kf_err plan(struct kf_ssb *self, struct kf_error *err)
{
    self->paging = (struct kf_ssb_paging){.pages = 1};
    return self->question.kind == KF_SSB_DATA
               ? kf_ssb_paging_plan(&self->question, KF_SSB_CELLS_MAX, &self->paging, err)
               : KF_OK;
}

static struct kf_ssb_place place_of(const struct kf_ssb *self)
{
    return (struct kf_ssb_place){.url = self->options.url,
                                 .klass_url = self->options.klass_url,
                                 .language = self->options.language};
}

/* Address and body of the page that is next. */
static enum kf_err write_page(struct kf_ssb *self, struct kf_error *err)
{
    struct kf_ssb_place place = place_of(self);
    struct kf_ssb_page_cut cut;
    kf_ssb_address(&place, &self->question, self->page, &self->address);
    if (self->question.kind == KF_SSB_DATA) {
        kf_ssb_paging_cut(&self->paging, self->page, &cut);
        kf_ssb_reading_expect(self->reading, &cut);
        kf_ssb_body(&self->question, &cut, &self->body);
    }
    return self->address.failed || self->body.failed
               ? kf_error_set(err, KF_ERR_MEMORY, "no memory for a question of this size")
               : KF_OK;
}

static void ask_page(struct kf_ssb *self)
{
    struct kf_ssb_sink sink = kf_ssb_reading_sink(self->reading);
    bool is_post = self->question.kind == KF_SSB_DATA;
    struct kf_ssb_request request = {.url = self->address.bytes,
                                     .post = is_post ? self->body.bytes : NULL,
                                     .post_length = is_post ? self->body.length : 0,
                                     .etag = self->etag};
    kf_ssb_call_begin(self->call, &request, &sink);
}

enum kf_err kf_ssb_ask(struct kf_ssb *self, const struct kf_ssb_question *question,
                       struct kf_error *err)
{
    if (self->busy) {
        return kf_error_set(err, KF_ERR_INTERNAL, "a question is open already");
    }
    kf_ssb_reading_destroy(&self->reading);
    self->answer = (struct kf_ssb_answer){.kind = question->kind};
    self->page = 0;
    enum kf_err code = copy_question(self, question, err);
    code = code ? code : plan(self, err);
    code = code ? code
                : kf_ssb_reading_new(&self->question, self->options.answer_bytes_max,
                                     &self->reading, err);
    code = code ? code : write_page(self, err);
    if (code) {
        return code;
    }
    self->before = *kf_ssb_call_counts(self->call);
    self->asked_ms = kf_clock_monotonic_ms();
    self->busy = true;
    ask_page(self);
    return KF_OK;
}

void kf_ssb_drop(struct kf_ssb *self)
{
    if (self->busy) {
        kf_ssb_call_drop(self->call);
        self->busy = false;
    }
}

bool kf_ssb_is_busy(const struct kf_ssb *self)
{
    return self->busy;
}

size_t kf_ssb_wait(struct kf_ssb *self, struct kf_poll_item *items, size_t room,
                   int64_t *deadline_ms)
{
    return self->busy ? kf_ssb_call_wait(self->call, items, room, deadline_ms) : 0;
}

/* --- answers ---------------------------------------------------------------------------------- */

static const char *kind_name(enum kf_ssb_kind kind)
{
    static const char *const NAMES[] = {
        [KF_SSB_TABLES] = "the search for tables", [KF_SSB_TABLE] = "the table",
        [KF_SSB_METADATA] = "the description",     [KF_SSB_DATA] = "the figures",
        [KF_SSB_CODES] = "the municipality codes", [KF_SSB_CHANGES] = "the changes of codes",
    };
    return NAMES[kind];
}

static size_t pages(const struct kf_ssb *self)
{
    return self->question.kind == KF_SSB_DATA ? self->paging.pages
                                              : kf_ssb_reading_pages(self->reading);
}

/* "the figures of 12362, page 2 of 3: HTTP 403". */
static void fail(struct kf_ssb *self, enum kf_ssb_cause cause, const char *why)
{
    char page[64] = "";
    struct kf_ssb_answer *answer = &self->answer;
    if (pages(self) > 1) {
        (void)snprintf(page, sizeof page, ", page %zu of %zu", self->page + 1, pages(self));
    }
    answer->cause = cause;
    (void)snprintf(answer->text, sizeof answer->text, "%s%s%s%s: %.350s",
                   kind_name(self->question.kind), self->table[0] ? " of " : "", self->table, page,
                   why);
}

static enum kf_ssb_turn finish(struct kf_ssb *self)
{
    const struct kf_ssb_counts *counts = kf_ssb_call_counts(self->call);
    struct kf_ssb_answer *answer = &self->answer;
    answer->calls = (unsigned)(counts->calls - self->before.calls);
    answer->bytes = counts->bytes - self->before.bytes;
    answer->took_ms = kf_clock_monotonic_ms() - self->asked_ms;
    self->busy = false;
    return KF_SSB_ANSWERED;
}

static enum kf_ssb_turn go_on(struct kf_ssb *self)
{
    struct kf_error err;
    self->page++;
    if (write_page(self, &err)) {
        fail(self, KF_SSB_NO_MEMORY, err.text);
        return finish(self);
    }
    ask_page(self);
    return KF_SSB_BUSY;
}

/* The call for a page has succeeded. */
static enum kf_ssb_turn take_page(struct kf_ssb *self)
{
    const struct kf_ssb_exchange *exchange = kf_ssb_call_exchange(self->call);
    struct kf_ssb_answer *answer = &self->answer;
    bool unchanged = exchange->status == 304;
    if (unchanged && self->etag[0] == '\0') {
        fail(self, KF_SSB_FOREIGN, "HTTP 304, though nothing was said to be known");
        return finish(self);
    }
    if (!unchanged && self->page + 1 < pages(self)) {
        return go_on(self);
    }
    answer->unchanged = unchanged;
    memcpy(answer->etag, unchanged ? self->etag : exchange->headers.etag, sizeof answer->etag);
    if (!unchanged) {
        kf_ssb_reading_show(self->reading, answer);
    }
    return finish(self);
}

enum kf_ssb_turn kf_ssb_work(struct kf_ssb *self)
{
    if (!self->busy) {
        return KF_SSB_IDLE;
    }
    if (!kf_ssb_call_work(self->call)) {
        return KF_SSB_BUSY;
    }
    const struct kf_ssb_verdict *verdict = kf_ssb_call_verdict(self->call);
    if (verdict->cause != KF_SSB_NO_CAUSE) {
        fail(self, verdict->cause, verdict->text);
        return finish(self);
    }
    return take_page(self);
}

const struct kf_ssb_answer *kf_ssb_answer(const struct kf_ssb *self)
{
    return &self->answer;
}

const char *kf_ssb_trouble(const struct kf_ssb *self)
{
    return self->busy ? kf_ssb_call_trouble(self->call) : NULL;
}

void kf_ssb_counts(const struct kf_ssb *self, struct kf_ssb_counts *counts)
{
    *counts = *kf_ssb_call_counts(self->call);
}
