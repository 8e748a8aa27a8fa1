#include "services/ingest/watch/harvest.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/base/arena.h"
#include "common/base/clock.h"
#include "common/base/crash.h"
#include "common/base/log.h"
#include "common/base/memory.h"

#define TEXTS_BYTES_MAX    ((size_t)16 * 1024 * 1024) /* of a question */
#define ESTIMATES_MAX      1000000
#define FINDINGS_SHOWN_MAX 10

enum step { IDLE, BEGIN_FAILED, SEARCHING, LOOKING, DESCRIBING, READING, CHECKING, CODING };

struct kf_harvest {
    struct kf_harvest_options options;
    enum step step;
    struct kf_harvest_result result; /* in the making */
    const struct kf_live_table *table;
    int64_t seen_ms;
    bool told; /* findings stand in the log already */
    char updated[KF_SSB_TIME_SIZE];
    struct kf_arena *texts; /* of the question about figures */
    struct kf_table_question question;
    struct kf_observations *figures;
    struct kf_estimates estimates;
    struct kf_findings findings;
    enum kf_err page_code; /* why a page was refused */
    struct kf_error page_reason;
};

/* --- life ----------------------------------------------------------------------------------- */

enum kf_err kf_harvest_new(const struct kf_harvest_options *options, struct kf_harvest **harvest,
                           struct kf_error *err)
{
    struct kf_harvest *self = kf_calloc(1, sizeof *self);
    if (!self) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the harvest");
    }
    self->options = *options;
    self->estimates.length_max = ESTIMATES_MAX;
    kf_findings_init(&self->findings);
    *harvest = self;
    return KF_OK;
}

/* Lets go of what was read of a table. */
static void forget(struct kf_harvest *self)
{
    kf_observations_destroy(&self->figures);
    kf_arena_destroy(&self->texts);
    kf_estimates_clear(&self->estimates);
    self->estimates.length_max = ESTIMATES_MAX;
    kf_findings_clear(&self->findings);
    self->question = (struct kf_table_question){0};
}

void kf_harvest_destroy(struct kf_harvest **self)
{
    if (!self || !*self) {
        return;
    }
    kf_ssb_drop((*self)->options.ssb);
    forget(*self);
    kf_free(*self);
    *self = NULL;
}

bool kf_harvest_is_busy(const struct kf_harvest *self)
{
    return self->step != IDLE;
}

/* --- ending --------------------------------------------------------------------------------- */

/* What could not be had, in words; the last word on what was begun. */
static void fail(struct kf_harvest *self, enum kf_detect_trouble trouble, const char *text)
{
    self->result.trouble = trouble;
    (void)snprintf(self->result.text, sizeof self->result.text, "%s", text);
}

/* Data that is wrong stays wrong until the table changes, all else may pass. */
static enum kf_detect_trouble trouble_of(enum kf_err code)
{
    return code == KF_ERR_DATA || code == KF_ERR_LIMIT ? KF_DETECT_REFUSED : KF_DETECT_FAILED;
}

/* The cause of a failed question as trouble of a table. */
static enum kf_detect_trouble trouble_of_cause(enum kf_ssb_cause cause)
{
    switch (cause) {
    case KF_SSB_NO_TABLE:
    case KF_SSB_REFUSED_PAGE:
    case KF_SSB_TOO_LARGE:
        return KF_DETECT_REFUSED;
    case KF_SSB_CHANGED:
        return KF_DETECT_MOVED;
    default:
        return KF_DETECT_FAILED;
    }
}

/* Findings are told once, by whoever has them. */
static void log_findings(const struct kf_harvest *self, const char *event)
{
    size_t shown = self->told ? 0 : FINDINGS_SHOWN_MAX;
    for (size_t i = 0; i < self->findings.length && i < shown; i++) {
        const struct kf_finding *finding = &self->findings.list[i];
        char problem[KF_LOG_QUOTED_SIZE];
        char remedy[KF_LOG_QUOTED_SIZE];
        kf_log(KF_LOG_WARN, event,
               "table=%s file=%s line=%" PRIu64 " variable=%s municipality=%s problem=%s remedy=%s",
               self->table->map->table, finding->file, finding->line, finding->variable,
               finding->municipality, kf_log_quote(finding->problem, problem),
               kf_log_quote(finding->remedy, remedy));
    }
}

/* --- asking --------------------------------------------------------------------------------- */

static void ask(struct kf_harvest *self, const struct kf_ssb_question *question, enum step step)
{
    struct kf_error err;
    self->step = step;
    if (kf_ssb_ask(self->options.ssb, question, &err) != KF_OK) {
        self->step = BEGIN_FAILED;
        fail(self, KF_DETECT_FAILED, err.text);
    }
}

static void begin(struct kf_harvest *self, enum kf_harvest_kind kind)
{
    forget(self);
    self->result = (struct kf_harvest_result){
        .kind = kind, .began_mono_ms = kf_day_monotonic_ms(self->options.day)};
}

void kf_harvest_search(struct kf_harvest *self, const char *from, const char *to)
{
    begin(self, KF_HARVEST_SEARCHED);
    ask(self, &(struct kf_ssb_question){.kind = KF_SSB_TABLES, .from = from, .to = to}, SEARCHING);
}

void kf_harvest_look(struct kf_harvest *self, const char *table)
{
    begin(self, KF_HARVEST_LOOKED);
    ask(self, &(struct kf_ssb_question){.kind = KF_SSB_TABLE, .table = table, .etag = ""}, LOOKING);
}

void kf_harvest_codes(struct kf_harvest *self, const char *day)
{
    begin(self, KF_HARVEST_CODES);
    ask(self, &(struct kf_ssb_question){.kind = KF_SSB_CODES, .from = day}, CODING);
}

void kf_harvest_fetch(struct kf_harvest *self, const struct kf_live_table *table, int64_t seen_ms,
                      bool told)
{
    begin(self, KF_HARVEST_FETCHED);
    self->table = table;
    self->told = told;
    self->seen_ms = seen_ms;
    ask(self,
        &(struct kf_ssb_question){.kind = KF_SSB_METADATA, .table = table->map->table, .etag = ""},
        DESCRIBING);
}

/* --- the description ------------------------------------------------------------------------ */

/* The selections' codes, out of the description, which the next question forgets. */
static bool copy_selection(struct kf_harvest *self, struct kf_ssb_selection *selection)
{
    const char **codes = kf_arena_calloc(self->texts, selection->codes_len + 1, sizeof *codes);
    const char *dimension = kf_arena_strdup(self->texts, selection->dimension);
    bool copied = codes && dimension;
    for (size_t i = 0; copied && i < selection->codes_len; i++) {
        codes[i] = kf_arena_strdup(self->texts, selection->codes[i]);
        copied = codes[i] != NULL;
    }
    selection->dimension = dimension;
    selection->codes = codes;
    return copied;
}

static enum kf_err make_question(struct kf_harvest *self, const struct kf_jsonstat *metadata,
                                 struct kf_error *err)
{
    self->texts = kf_arena_new(TEXTS_BYTES_MAX);
    if (!self->texts) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory to ask for a table");
    }
    const struct kf_table_wanted wanted = {
        .municipalities = self->options.catalogue->municipalities,
        .years = {self->table->years[0], self->table->years[1]},
        .arena = self->texts,
    };
    enum kf_err code =
        kf_table_map_question(self->table->map, metadata, &wanted, &self->question, err);
    for (size_t i = 0; code == KF_OK && i < self->question.selections_len; i++) {
        if (!copy_selection(self, &self->question.selections[i])) {
            code = kf_error_set(err, KF_ERR_MEMORY, "no memory to ask for a table");
        }
    }
    return code;
}

/* Takes the description's `updated`; false when it is none, or older than is known. */
static bool take_updated(struct kf_harvest *self, const char *updated)
{
    (void)snprintf(self->updated, sizeof self->updated, "%s", updated);
    if (!kf_day_time(updated, &self->result.updated_ms)) {
        fail(self, KF_DETECT_FAILED, "the description does not say when the table was updated");
        return false;
    }
    if (self->result.updated_ms > kf_day_wall_ms(self->options.day) + KF_DETECT_AHEAD_MS) {
        fail(self, KF_DETECT_FAILED, "the description says that the table comes from the future");
        return false;
    }
    if (self->result.updated_ms < self->seen_ms) {
        fail(self, KF_DETECT_MOVED, "the description is older than the table is said to be");
        return false;
    }
    return true;
}

static bool check_description(struct kf_harvest *self, const struct kf_jsonstat *metadata)
{
    struct kf_error err;
    const struct kf_table_map *map = self->table->map;
    enum kf_err code =
        kf_table_map_check(map, metadata, self->options.catalogue, &self->findings, &err);
    if (code != KF_OK) {
        log_findings(self, "table-drifted");
        fail(self, code == KF_ERR_DATA ? KF_DETECT_DRIFTED : KF_DETECT_FAILED, err.text);
        return false;
    }
    code = kf_table_map_news(map, metadata, self->options.catalogue, &self->findings, &err);
    log_findings(self, "table-news");
    kf_findings_clear(&self->findings);
    if (code == KF_OK) {
        code = make_question(self, metadata, &err);
    }
    if (code != KF_OK) {
        fail(self, code == KF_ERR_AGAIN ? KF_DETECT_REFUSED : trouble_of(code),
             code == KF_ERR_AGAIN ? "the table has none of the years that are needed" : err.text);
    }
    return code == KF_OK;
}

/* --- the figures ---------------------------------------------------------------------------- */

static enum kf_err take_page(void *context, const struct kf_jsonstat *page, struct kf_error *err)
{
    struct kf_harvest *self = context;
    int64_t updated_ms = 0;
    if (kf_day_time(page->updated, &updated_ms) && updated_ms != self->result.updated_ms) {
        self->page_code = KF_ERR_AGAIN;
        return kf_error_set(err, KF_ERR_AGAIN, "a page is of another time than the description");
    }
    const struct kf_table_take to = {.catalogue = self->options.catalogue,
                                     .figures = self->figures,
                                     .estimates = &self->estimates,
                                     .findings = &self->findings};
    self->page_code = kf_table_map_take(self->table->map, page, &to, &self->page_reason);
    return self->page_code == KF_OK
               ? KF_OK
               : kf_error_set(err, self->page_code, "%s", self->page_reason.text);
}

static void ask_for_figures(struct kf_harvest *self)
{
    const struct kf_table_map *map = self->table->map;
    struct kf_error err;
    char name[KF_STORE_SOURCE_SIZE + KF_SSB_TIME_SIZE];
    self->page_code = KF_OK;
    self->figures = kf_observations_new(self->options.catalogue->variables, self->options.rows_max);
    (void)snprintf(name, sizeof name, KF_HARVEST_SOURCE "%s %s", map->table, self->updated);
    if (!self->figures || kf_observations_begin_file(self->figures, name, &err) != KF_OK) {
        fail(self, KF_DETECT_FAILED, "no memory for the figures");
        return;
    }
    ask(self,
        &(struct kf_ssb_question){.kind = KF_SSB_DATA,
                                  .table = map->table,
                                  .selections = self->question.selections,
                                  .selections_len = self->question.selections_len,
                                  .symbols = map->symbols,
                                  .symbols_len = map->symbols_len,
                                  .page = take_page,
                                  .context = self},
        READING);
}

/* True when the figures are whole and sound. */
static bool check_figures(struct kf_harvest *self)
{
    struct kf_error err;
    struct kf_half half;
    char text[KF_ERROR_TEXT_MAX];
    enum kf_err code = kf_observations_seal(self->figures, &self->findings, &err);
    if (code != KF_OK) {
        log_findings(self, "table-refused");
        fail(self, trouble_of(code), err.text);
        return false;
    }
    if (kf_half_is(self->figures, &half)) {
        (void)snprintf(text, sizeof text,
                       "of %d there are %zu figures, %zu of them zero; of the year before %zu",
                       half.year, half.now, half.zeros, half.before);
        fail(self, KF_DETECT_HALF, text);
        return false;
    }
    return true;
}

/* A page may have been refused by the map. */
static void fail_reading(struct kf_harvest *self, const struct kf_ssb_answer *answer)
{
    if (self->page_code == KF_OK) {
        fail(self, trouble_of_cause(answer->cause), answer->text);
    } else if (self->page_code == KF_ERR_AGAIN) {
        fail(self, KF_DETECT_MOVED, answer->text);
    } else {
        log_findings(self, "table-refused");
        fail(self, trouble_of(self->page_code), self->page_reason.text);
    }
}

/* --- the store ------------------------------------------------------------------------------ */

static void store(struct kf_harvest *self)
{
    const struct kf_table_map *map = self->table->map;
    struct kf_vintage *vintage = &self->result.vintage;
    struct kf_error err;
    int64_t began_ms = kf_clock_monotonic_ms();
    *vintage = (struct kf_vintage){.updated_ms = self->result.updated_ms,
                                   .received_ms = kf_day_wall_ms(self->options.day)};
    (void)snprintf(vintage->source, sizeof vintage->source, KF_HARVEST_SOURCE "%s", map->table);
    (void)snprintf(vintage->updated, sizeof vintage->updated, "%s", self->updated);
    (void)snprintf(
        vintage->kind, sizeof vintage->kind, "%s",
        kf_calendar_vintage(self->options.calendar, map->publication, vintage->updated_ms));
    enum kf_err code = kf_store_add(self->options.store, vintage, self->figures, &self->estimates,
                                    &self->result.added, &err);
    self->result.times.store_ms = kf_clock_monotonic_ms() - began_ms;
    if (code != KF_OK) {
        fail(self, trouble_of(code), err.text);
        return;
    }
    KF_CRASH_POINT("watch.stored");
}

/* --- answers -------------------------------------------------------------------------------- */

/* The table of a KF_SSB_TABLE answer was updated then. */
static bool updated_of(const struct kf_ssb_answer *answer, int64_t *updated_ms)
{
    return answer->tables_len == 1 && kf_day_time(answer->tables[0].updated, updated_ms);
}

static void take_look(struct kf_harvest *self, const struct kf_ssb_answer *answer)
{
    if (!updated_of(answer, &self->result.updated_ms)) {
        fail(self, KF_DETECT_FAILED, "the answer does not say when the table was updated");
    }
}

static void take_description(struct kf_harvest *self, const struct kf_ssb_answer *answer)
{
    self->result.times.metadata_ms = answer->took_ms;
    if (take_updated(self, answer->metadata->updated) &&
        check_description(self, answer->metadata)) {
        ask_for_figures(self);
    }
}

static void take_figures(struct kf_harvest *self, const struct kf_ssb_answer *answer)
{
    self->result.times.data_ms = answer->took_ms;
    self->result.pages = answer->pages;
    self->result.cells = answer->cells;
    self->result.bytes = answer->bytes;
    if (check_figures(self)) {
        ask(self,
            &(struct kf_ssb_question){
                .kind = KF_SSB_TABLE, .table = self->table->map->table, .etag = ""},
            CHECKING);
    }
}

static void take_check(struct kf_harvest *self, const struct kf_ssb_answer *answer)
{
    int64_t updated_ms = 0;
    self->result.times.again_ms = answer->took_ms;
    if (!updated_of(answer, &updated_ms)) {
        fail(self, KF_DETECT_FAILED, "the answer does not say when the table was updated");
    } else if (updated_ms != self->result.updated_ms) {
        fail(self, KF_DETECT_MOVED, "the table was updated while it was read");
    } else {
        store(self);
    }
}

static void take_answer(struct kf_harvest *self, enum step step, const struct kf_ssb_answer *answer)
{
    if (answer->cause != KF_SSB_NO_CAUSE) {
        if (step == READING) {
            fail_reading(self, answer);
        } else {
            fail(self, trouble_of_cause(answer->cause), answer->text);
        }
        return;
    }
    switch (step) {
    case SEARCHING:
    case CODING:
        self->result.answer = answer;
        break;
    case LOOKING:
        take_look(self, answer);
        break;
    case DESCRIBING:
        take_description(self, answer);
        break;
    case READING:
        take_figures(self, answer);
        break;
    case CHECKING:
        take_check(self, answer);
        break;
    case IDLE:
    case BEGIN_FAILED:
        break;
    }
}

bool kf_harvest_work(struct kf_harvest *self, struct kf_harvest_result *result)
{
    enum step step = self->step;
    if (step == IDLE ||
        (step != BEGIN_FAILED && kf_ssb_work(self->options.ssb) != KF_SSB_ANSWERED)) {
        return false;
    }
    self->step = IDLE;
    if (step != BEGIN_FAILED) {
        take_answer(self, step, kf_ssb_answer(self->options.ssb));
    }
    if (self->step != IDLE && self->step != BEGIN_FAILED) {
        return false; /* the next step was asked for */
    }
    self->step = IDLE;
    *result = self->result;
    forget(self);
    return true;
}
