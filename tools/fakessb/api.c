#include "tools/fakessb/api.h"

#include <stdio.h>
#include <string.h>

#include "common/base/text.h"
#include "common/codec/json.h"
#include "common/model/digest.h"
#include "tools/fakessb/config.h"
#include "tools/fakessb/entry.h"
#include "tools/fakessb/query.h"
#include "tools/fakessb/register.h"
#include "tools/fakessb/scenario.h"
#include "tools/fakessb/selection.h"
#include "tools/fakessb/writer.h"

#define JSON_TYPE     "application/json; charset=utf-8"
#define HTML_TYPE     "text/html"
#define TEXT_TYPE     "text/plain; charset=utf-8"
#define PAGE_SIZE_MAX 10000
#define PAGE_SIZE     20
#define BOMB_BYTES    ((size_t)256 << 20)

#define TOO_LONG                                                                                   \
    "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\" "                                  \
    "\"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd\">\r\n"                                   \
    "<html xmlns=\"http://www.w3.org/1999/xhtml\">\r\n<head>\r\n<title>404 - File or directory "   \
    "not found.</title>\r\n</head>\r\n<body>404 - File or directory not found.</body>\r\n</html>"

/* What a page writer works with. */
struct call {
    struct kf_fake_world *world;
    const struct kf_fake_question *question;
    const struct kf_fake_query *query;
    const struct kf_fake_misbehaviour *misbehaviour; /* NULL: none */
    struct kf_fake_twist twist;
    struct kf_fake_answer *answer;
    char id[32]; /* the table's, of the path */
};

static void say(struct kf_fake_answer *answer, unsigned status, const char *type, const char *body)
{
    answer->status = status;
    answer->type = type;
    kf_text_reset(&answer->body);
    kf_text_add(&answer->body, body);
}

static void add_header(struct kf_fake_answer *answer, const char *name, const char *value)
{
    if (answer->headers_len < KF_FAKE_HEADERS_MAX) {
        struct kf_fake_header *header = &answer->headers[answer->headers_len++];
        (void)snprintf(header->name, sizeof header->name, "%s", name);
        (void)snprintf(header->value, sizeof header->value, "%s", value);
    }
}

static bool is_method(const struct call *self, const char *method)
{
    return strcmp(self->question->method, method) == 0;
}

/* --- refusals -------------------------------------------------------------------------------- */

static void refuse(struct kf_fake_answer *answer, enum kf_fake_refusal refusal)
{
    static const struct {
        unsigned status;
        const char *title;
    } told[] = {
        [KF_FAKE_NO_TABLE] = {404, "Non-existent table"},
        [KF_FAKE_NO_VARIABLE] = {400, "Non-existent variable"},
        [KF_FAKE_NO_VALUE] = {400, "Non-existent value"},
        [KF_FAKE_MISSING] = {400, "Missing selection for mandantory variable"},
        [KF_FAKE_ILLEGAL] = {400, "Illegal selection expression"},
        [KF_FAKE_TOO_MANY_CELLS] = {400, "Too many cells selected"},
        [KF_FAKE_NO_CODELIST] = {400, "Non-existent codelist"},
    };
    if (refusal == KF_FAKE_TWICE || refusal == KF_FAKE_NO_MEMORY) {
        say(answer, 500, "", "");
        return;
    }
    say(answer, 400, JSON_TYPE, "{\"type\":\"Parameter error\",\"title\":");
    kf_json_quote(told[refusal].title, &answer->body);
    if (refusal == KF_FAKE_TOO_MANY_CELLS) {
        kf_text_add(&answer->body, ",\"detail\":");
        kf_json_quote(told[refusal].title, &answer->body);
    }
    kf_text_add_format(&answer->body, ",\"status\":%u}", told[refusal].status);
}

static void refuse_method(struct kf_fake_answer *answer, const char *allowed)
{
    say(answer, 405, "", "");
    add_header(answer, "Allow", allowed);
}

/* --- PxWebApi -------------------------------------------------------------------------------- */

static void answer_config(struct call *self)
{
    say(self->answer, 200, JSON_TYPE, kf_fake_config);
}

static struct kf_fake_table *find_table(struct call *self)
{
    struct kf_fake_table *table = kf_fake_world_table(self->world, self->id);
    if (!table) {
        refuse(self->answer, KF_FAKE_NO_TABLE);
    }
    return table;
}

static struct kf_fake_entry_options entry_options(const struct call *self, char base[256])
{
    (void)snprintf(base, 256, "%s%s", self->question->base, KF_FAKE_API);
    const char *language = kf_fake_query_get(self->query, "lang", "no");
    return (struct kf_fake_entry_options){.base = base,
                                          .language = strcmp(language, "en") == 0 ? "en" : "no",
                                          .updated_ago = self->twist.updated_ago};
}

static void answer_table(struct call *self)
{
    const struct kf_fake_table *table = find_table(self);
    char base[256];
    if (table) {
        struct kf_fake_entry_options options = entry_options(self, base);
        say(self->answer, 200, JSON_TYPE, "");
        kf_fake_write_entry(table, &options, true, &self->answer->body);
    }
}

static void answer_metadata(struct call *self)
{
    const struct kf_fake_table *table = find_table(self);
    if (table) {
        say(self->answer, 200, JSON_TYPE, "");
        kf_fake_write_metadata(table, &self->twist, &self->answer->body);
    }
}

/* A cell and `updated` change: what is read in pages does not fit together. */
static void move(struct kf_fake_table *table)
{
    table->updated_ms += 1000;
    table->version++;
    table->recorded = NULL;
    if (table->cells_len > 0) {
        table->cells[0].value += 1;
    }
}

static void answer_data(struct call *self)
{
    struct kf_fake_table *table = find_table(self);
    struct kf_fake_selection selection = {.cells = 0};
    if (!table) {
        return;
    }
    enum kf_fake_refusal refusal =
        is_method(self, "POST") ? kf_fake_selection_of_body(table, self->question->body,
                                                            self->question->body_len, &selection)
                                : kf_fake_selection_of_query(table, self->query, &selection);
    if (refusal != KF_FAKE_ACCEPTED) {
        refuse(self->answer, refusal);
        return;
    }
    say(self->answer, 200, JSON_TYPE, "");
    kf_fake_write_data(table, &selection, &self->twist, &self->answer->body);
    self->answer->cells = selection.cells;
    kf_fake_selection_clear(&selection);
    if (self->misbehaviour && self->misbehaviour->mode->moves) {
        move(table);
    }
}

/* --- the list -------------------------------------------------------------------------------- */

struct filter {
    int64_t from_ms;
    int64_t to_ms;     /* exclusive */
    const char *words; /* or NULL */
};

/* 20260315 or 2026-03-15, a star behind; the day's beginning. */
static bool read_day(const char *text, size_t length, int64_t *day_ms)
{
    char date[16];
    char digits[9];
    size_t count = 0;
    for (size_t i = 0; i < length && count < 8; i++) {
        if (text[i] >= '0' && text[i] <= '9') {
            digits[count++] = text[i];
        }
    }
    digits[count] = '\0';
    (void)snprintf(date, sizeof date, "%.4s-%.2s-%.2s", digits, count == 8 ? digits + 4 : "",
                   count == 8 ? digits + 6 : "");
    return kf_day_time(date, day_ms);
}

#define DAY_MS INT64_C(86400000)

/* updated:[A TO B], both days included; updated:20260316*; anything else are words of the label. */
static bool read_filter(const char *text, struct filter *filter)
{
    static const char mark[] = "updated:";
    *filter = (struct filter){.from_ms = INT64_MIN, .to_ms = INT64_MAX};
    if (strncmp(text, mark, sizeof mark - 1) != 0) {
        filter->words = text[0] != '\0' ? text : NULL;
        return true;
    }
    const char *value = text + sizeof mark - 1;
    const char *to = strstr(value, " TO ");
    if (value[0] != '[') {
        bool sound = read_day(value, strlen(value), &filter->from_ms);
        filter->to_ms = sound ? filter->from_ms + DAY_MS : 0;
        return sound;
    }
    if (!to || text[strlen(text) - 1] != ']' ||
        !read_day(value + 1, (size_t)(to - value) - 1, &filter->from_ms) ||
        !read_day(to + 4, strlen(to + 4) - 1, &filter->to_ms)) {
        return false;
    }
    filter->to_ms += DAY_MS;
    return true;
}

static bool passes(const struct filter *filter, const struct kf_fake_table *table)
{
    return table->updated_ms >= filter->from_ms && table->updated_ms < filter->to_ms &&
           (!filter->words || strstr(table->label, filter->words));
}

struct page {
    size_t number; /* from 1 */
    size_t size;
    size_t total;
};

static size_t whole(const struct call *self, const char *name, size_t otherwise, size_t maximum)
{
    const char *text = kf_fake_query_get(self->query, name, "");
    unsigned long number = 0;
    bool sound = kf_text_to_unsigned(text, strlen(text), maximum, &number) && number > 0;
    return sound ? number : otherwise;
}

static void write_page_link(const struct call *self, const struct page *page, const char *rel,
                            size_t number)
{
    struct kf_text *json = &self->answer->body;
    char base[256];
    struct kf_fake_entry_options options = entry_options(self, base);
    kf_text_add_format(json,
                       "{\"rel\":\"%s\",\"hreflang\":\"%s\",\"href\":\"%s/tables/?lang=%s"
                       "&pageSize=%zu&pageNumber=%zu\"}",
                       rel, options.language, base, options.language, page->size, number);
}

static void write_page(const struct call *self, const struct page *page)
{
    struct kf_text *json = &self->answer->body;
    size_t pages = (page->total + page->size - 1) / page->size;
    kf_text_add_format(json,
                       "],\"page\":{\"pageNumber\":%zu,\"pageSize\":%zu,\"totalElements\":%zu,"
                       "\"totalPages\":%zu,\"links\":[",
                       page->number, page->size, page->total, pages);
    if (page->number < pages) {
        write_page_link(self, page, "next", page->number + 1);
        kf_text_add_char(json, ',');
        write_page_link(self, page, "last", pages);
    }
    kf_text_add(json, "]},\"links\":[");
    write_page_link(self, page, "self", page->number);
    kf_text_add(json, "]}");
}

static void write_tables(struct call *self, const struct filter *filter, struct page *page)
{
    char base[256];
    struct kf_fake_entry_options options = entry_options(self, base);
    struct kf_text *json = &self->answer->body;
    size_t first = (page->number - 1) * page->size;
    bool twice = self->misbehaviour && self->misbehaviour->mode->twice;
    bool more = false;
    for (size_t i = 0; i < self->world->tables_len; i++) {
        const struct kf_fake_table *table = self->world->tables[i];
        size_t place = page->total;
        if (!passes(filter, table)) {
            continue;
        }
        page->total++;
        for (bool again = place >= first && place < first + page->size; again;) {
            kf_text_add(json, more ? "," : "");
            kf_fake_write_entry(table, &options, false, json);
            more = true;
            again = twice;
            twice = false;
        }
    }
}

static void answer_tables(struct call *self)
{
    struct filter filter;
    struct page page = {.number = whole(self, "pageNumber", 1, 100000),
                        .size = whole(self, "pageSize", PAGE_SIZE, PAGE_SIZE_MAX)};
    if (!read_filter(kf_fake_query_get(self->query, "query", ""), &filter)) {
        refuse(self->answer, KF_FAKE_ILLEGAL);
        return;
    }
    say(self->answer, 200, JSON_TYPE, "{\"language\":\"no\",\"tables\":[");
    write_tables(self, &filter, &page);
    write_page(self, &page);
}

/* --- KLASS ----------------------------------------------------------------------------------- */

static void answer_klass(struct call *self, enum kf_err code, const struct kf_error *err)
{
    if (code != KF_OK) {
        say(self->answer, 500, TEXT_TYPE, err->text);
    }
}

static bool is_day(const char *text)
{
    int64_t day_ms = 0;
    return strlen(text) == 10 && kf_day_time(text, &day_ms);
}

static void answer_codes(struct call *self)
{
    struct kf_error err = {0};
    const char *date = kf_fake_query_get(self->query, "date", "");
    if (!is_day(date)) {
        say(self->answer, 400, TEXT_TYPE, "date is missing or no date");
        return;
    }
    say(self->answer, 200, "application/json;charset=UTF-8", "");
    answer_klass(
        self, kf_fake_klass_codes(self->question->editions, date, &self->answer->body, &err), &err);
}

static void answer_changes(struct call *self)
{
    struct kf_error err = {0};
    const char *days[2] = {kf_fake_query_get(self->query, "from", ""),
                           kf_fake_query_get(self->query, "to", "9999-12-31")};
    if (!is_day(days[0]) || !is_day(days[1])) {
        say(self->answer, 400, TEXT_TYPE, "from is missing, or from or to is no date");
        return;
    }
    say(self->answer, 200, "application/json;charset=UTF-8", "");
    answer_klass(self,
                 kf_fake_klass_changes(self->question->editions, days, &self->answer->body, &err),
                 &err);
}

/* --- control --------------------------------------------------------------------------------- */

static void answer_control(struct call *self)
{
    static struct kf_findings findings; /* large; the server asks one question at a time */
    struct kf_error err = {0};
    kf_findings_init(&findings);
    enum kf_err code = kf_fake_command(self->world, self->question->body, self->question->body_len,
                                       &findings, &err);
    say(self->answer, code == KF_OK ? 200 : 400, TEXT_TYPE, "");
    kf_findings_print(&findings, &self->answer->body);
    kf_text_add_format(&self->answer->body, "%s\n", code == KF_OK ? "done" : err.text);
    kf_findings_clear(&findings);
}

static void answer_state(struct call *self)
{
    struct kf_text *json = &self->answer->body;
    char day[KF_FAKE_TIME_SIZE];
    char updated[KF_FAKE_TIME_SIZE];
    kf_fake_time_print(kf_fake_world_now(self->world), day);
    say(self->answer, 200, JSON_TYPE, "");
    kf_text_add_format(json, "{\"day\":\"%s\",\"events\":%zu,\"done\":%zu,\"trouble\":", day,
                       self->world->events_len, self->world->events_done);
    kf_json_quote(self->world->trouble, json);
    kf_text_add(json, ",\"tables\":{");
    for (size_t i = 0; i < self->world->tables_len; i++) {
        const struct kf_fake_table *table = self->world->tables[i];
        kf_fake_time_print(table->updated_ms, updated);
        kf_text_add(json, i > 0 ? "," : "");
        kf_json_quote(table->id, json);
        kf_text_add_format(json, ":{\"updated\":\"%s\",\"cells\":%zu}", updated, table->cells_len);
    }
    kf_text_add(json, "}}");
}

/* --- routes ---------------------------------------------------------------------------------- */

typedef void page_writer(struct call *self);

/* * in a path stands for a table's id. */
static const struct route {
    const char *path;
    const char *methods;
    page_writer *write;
} routes[] = {
    {KF_FAKE_API "/config", "GET", answer_config},
    {KF_FAKE_API "/tables", "GET", answer_tables},
    {KF_FAKE_API "/tables/", "GET", answer_tables},
    {KF_FAKE_API "/tables/*", "GET", answer_table},
    {KF_FAKE_API "/tables/*/metadata", "GET", answer_metadata},
    {KF_FAKE_API "/tables/*/data", "GET, POST", answer_data},
    {KF_FAKE_KLASS "/codesAt", "GET", answer_codes},
    {KF_FAKE_KLASS "/codesAt.json", "GET", answer_codes},
    {KF_FAKE_KLASS "/changes", "GET", answer_changes},
    {KF_FAKE_KLASS "/changes.json", "GET", answer_changes},
    {KF_FAKE_CONTROL, "POST", answer_control},
    {KF_FAKE_STATE, "GET", answer_state},
};

static bool fits(const char *route, const char *path, char id[32])
{
    const char *star = strchr(route, '*');
    size_t head = star ? (size_t)(star - route) : strlen(route);
    if (!star) {
        return strcmp(route, path) == 0;
    }
    size_t length = strlen(path) < head ? 0 : strcspn(path + head, "/");
    if (strncmp(route, path, head) != 0 || length == 0 || length >= 32 ||
        strcmp(path + head + length, star + 1) != 0) {
        return false;
    }
    (void)snprintf(id, 32, "%.*s", (int)length, path + head);
    return true;
}

static const struct route *find_route(const char *path, char id[32])
{
    for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++) {
        if (fits(routes[i].path, path, id)) {
            return &routes[i];
        }
    }
    return NULL;
}

static void write_answer(struct call *self)
{
    const struct route *route = find_route(self->query->path, self->id);
    if (!route) {
        say(self->answer, 404, "", "");
    } else if (!strstr(route->methods, self->question->method)) {
        refuse_method(self->answer, route->methods);
    } else {
        route->write(self);
    }
}

/* --- around the answer ----------------------------------------------------------------------- */

static void add_rate_headers(struct call *self, size_t remaining)
{
    char value[KF_FAKE_HEADER_SIZE];
    const struct kf_fake_rate *rate = &self->world->rate;
    (void)snprintf(value, sizeof value, "%zu", rate->limit);
    add_header(self->answer, "x-ratelimit-limit", value);
    (void)snprintf(value, sizeof value, "%zu;w=%llds", rate->limit,
                   (long long)(rate->window_ms / 1000));
    add_header(self->answer, "x-ratelimit-policy", value);
    (void)snprintf(value, sizeof value, "%zu", remaining);
    add_header(self->answer, "x-ratelimit-remaining", value);
    add_header(self->answer, "x-ratelimit-resource", "SB_API_1MIN");
}

static void add_retry_after(struct call *self)
{
    char value[KF_FAKE_HEADER_SIZE];
    if (self->misbehaviour->retry_after_s >= 0) {
        (void)snprintf(value, sizeof value, "%ld", self->misbehaviour->retry_after_s);
        add_header(self->answer, "Retry-After", value);
    }
}

/* What the mode says in place of an answer, or the answer, twisted. */
static void answer_twisted(struct call *self)
{
    const struct kf_fake_mode *mode = self->misbehaviour->mode;
    self->twist = mode->twist;
    if (self->twist.huge_bytes > 0 && self->misbehaviour->bytes > 0) {
        self->twist.huge_bytes = self->misbehaviour->bytes;
    }
    if (mode->status != 0) {
        say(self->answer, mode->status, mode->type ? mode->type : "", mode->body);
        add_retry_after(self);
    } else {
        write_answer(self);
        self->answer->type = mode->type ? mode->type : self->answer->type;
    }
    self->answer->transport = mode->transport;
    self->answer->mode = mode->name;
}

static void break_json(struct kf_text *body)
{
    char *last = body->length > 0 ? strrchr(body->bytes, '}') : NULL;
    if (last) {
        *last = ']';
    }
}

static void compress(struct call *self)
{
    struct kf_fake_answer *answer = self->answer;
    struct kf_text small;
    struct kf_error err = {0};
    bool bomb = answer->transport == KF_FAKE_BOMB;
    size_t bytes = bomb && self->misbehaviour->bytes > 0 ? self->misbehaviour->bytes : BOMB_BYTES;
    kf_text_init(&small, KF_FAKE_ANSWER_MAX);
    enum kf_err code =
        bomb ? kf_fake_bomb(bytes, &small, &err) : kf_fake_gzip(&answer->body, &small, &err);
    if (code == KF_OK) {
        kf_text_clear(&answer->body);
        answer->body = small;
        answer->compressed = true;
        add_header(answer, "Content-Encoding", "gzip");
    } else {
        kf_text_clear(&small);
    }
}

static void add_etag(struct call *self)
{
    char etag[KF_DIGEST_SIZE + 2];
    char digest[KF_DIGEST_SIZE];
    kf_digest_of(self->answer->body.bytes, self->answer->body.length, digest);
    (void)snprintf(etag, sizeof etag, "\"%s\"", digest);
    add_header(self->answer, "ETag", etag);
    if (strcmp(etag, self->question->etag) == 0) {
        say(self->answer, 304, "", "");
    }
}

/* Half of it, as if it were all. */
static void halve(struct kf_text *text)
{
    text->length /= 2;
}

static void finish(struct call *self)
{
    struct kf_fake_answer *answer = self->answer;
    bool forced = answer->transport == KF_FAKE_BOMB || answer->transport == KF_FAKE_CUT_GZIP;
    if (answer->body.failed) {
        say(answer, 500, "", "");
    }
    if (answer->transport == KF_FAKE_LOOP) {
        say(answer, 302, "", ""); /* the server adds where to: here */
    }
    if (answer->transport == KF_FAKE_BROKEN_JSON) {
        break_json(&answer->body);
    }
    if (self->world->etag && answer->status == 200 && !self->misbehaviour) {
        add_etag(self);
    }
    if (forced || (self->question->gzip && answer->body.length > 256)) {
        compress(self);
    }
    if (answer->transport == KF_FAKE_CUT_GZIP) {
        halve(&answer->body);
    }
}

static bool is_api(const char *path)
{
    return strncmp(path, KF_FAKE_API, sizeof KF_FAKE_API - 1) == 0;
}

static bool is_control(const char *path)
{
    return strncmp(path, "/-/", 3) == 0;
}

static void answer_call(struct call *self)
{
    struct kf_fake_misbehaviour misbehaviour;
    size_t remaining = 0;
    if (is_control(self->query->path)) {
        write_answer(self);
        return;
    }
    bool in_time =
        !is_api(self->query->path) ||
        kf_fake_rate_take(&self->world->rate, kf_fake_world_now(self->world), &remaining);
    if (kf_fake_world_misbehave(self->world, self->question->url, &misbehaviour)) {
        self->misbehaviour = &misbehaviour;
        answer_twisted(self);
    } else if (in_time) {
        write_answer(self);
    } else {
        say(self->answer, 429, "", "");
        self->answer->mode = "rate";
    }
    if (is_api(self->query->path) && self->world->rate.limit > 0) {
        add_rate_headers(self, remaining);
    }
    finish(self);
}

void kf_fake_answer(struct kf_fake_world *world, const struct kf_fake_question *question,
                    struct kf_fake_answer *answer)
{
    struct kf_fake_query query;
    struct call call = {.world = world, .question = question, .query = &query, .answer = answer};
    *answer = (struct kf_fake_answer){.type = "", .mode = ""};
    kf_text_init(&answer->body, KF_FAKE_ANSWER_MAX);
    kf_fake_world_turn(world);
    if (strnlen(question->url, KF_FAKE_URL_MAX + 1) > KF_FAKE_URL_MAX) {
        say(answer, 404, HTML_TYPE, TOO_LONG);
    } else if (!kf_fake_query_parse(question->url, &query)) {
        say(answer, 400, "", "");
    } else {
        answer_call(&call);
    }
}
