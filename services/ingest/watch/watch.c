#include "services/ingest/watch/watch.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/crash.h"
#include "common/base/log.h"
#include "common/base/memory.h"
#include "services/ingest/source/klass_check.h"
#include "services/ingest/watch/announcement.h"
#include "services/ingest/watch/assemble.h"
#include "services/ingest/watch/gauges.h"
#include "services/ingest/watch/harvest.h"
#include "services/ingest/watch/oslo.h"
#include "services/ingest/watch/report.h"

#define DAY_MS           INT64_C(86400000)
#define HOUR_MS          INT64_C(3600000)
#define SEARCH_BACK_MAX  31 /* days; longer ago every table is asked for by itself */
#define NOTE_ASSEMBLED   "watch.assembled"
#define NOTE_SEARCHED    "watch.searched"
#define NOTE_BYTES_MAX   65536
#define RETRY_MS         60000 /* a release that could not be made now; real time */
#define CODES_RETRY_MS   (6 * HOUR_MS)
#define DAY_TEXT_SIZE    11
#define REPEATS_TOLD_MIN 5 /* of trouble with one table: told the first times and now and then */

struct kf_watch {
    struct kf_watch_options options;
    struct kf_calendar *calendar;
    struct kf_live live;
    struct kf_store *store;
    struct kf_ssb *ssb;
    struct kf_harvest *harvest;
    struct kf_detect detect;
    struct kf_announcement announcement;
    struct kf_gauges gauges;
    size_t asked;                    /* table of the open question */
    int64_t searched_wall_ms;        /* last good search that is noted; 0: never */
    int64_t codes_mono_ms;           /* when to ask for codes next */
    unsigned codes_failures;         /* since they were had last; the first is told */
    char noted[KF_DIGEST_SIZE];      /* digest of what is noted of the last release */
    int64_t retry_ms;                /* no release before, real time */
    char trouble[KF_ERROR_TEXT_MAX]; /* with making releases; "" when all is well */
    char detail[KF_ERROR_TEXT_MAX * 2];
};

static struct kf_moment now_of(const struct kf_watch *self)
{
    return (struct kf_moment){kf_day_wall_ms(self->options.day),
                              kf_day_monotonic_ms(self->options.day)};
}

/* --- opening -------------------------------------------------------------------------------- */

static enum kf_err tell_newest(struct kf_watch *self, size_t table, struct kf_error *err)
{
    char source[KF_STORE_SOURCE_SIZE];
    struct kf_vintage newest;
    (void)snprintf(source, sizeof source, KF_HARVEST_SOURCE "%s", self->detect.tables[table].table);
    enum kf_err code = kf_store_newest(self->store, source, &newest, err);
    if (code == KF_OK) {
        const struct kf_detect_vintage vintage = {newest.updated_ms, newest.digest,
                                                  newest.newest_year};
        kf_detect_stored(&self->detect, table, &vintage, now_of(self));
    }
    return code == KF_ERR_AGAIN ? KF_OK : code;
}

/* Appends the note of that name; nothing when there is none. */
static enum kf_err recall(struct kf_watch *self, const char *key, struct kf_text *note,
                          struct kf_error *err)
{
    kf_text_init(note, NOTE_BYTES_MAX);
    enum kf_err code = kf_store_noted(self->store, key, note, err);
    return code == KF_ERR_AGAIN ? KF_OK : code;
}

static enum kf_err recall_notes(struct kf_watch *self, struct kf_error *err)
{
    struct kf_text note;
    unsigned long searched_ms = 0;
    enum kf_err code = recall(self, NOTE_ASSEMBLED, &note, err);
    if (code == KF_OK) {
        kf_detect_recall(&self->detect, note.bytes);
        kf_digest_of(note.bytes, note.length, self->noted);
    }
    kf_text_clear(&note);
    if (code == KF_OK) {
        code = recall(self, NOTE_SEARCHED, &note, err);
        if (code == KF_OK &&
            kf_text_to_unsigned(note.bytes, note.length, (unsigned long)INT64_MAX, &searched_ms)) {
            self->searched_wall_ms = (int64_t)searched_ms;
        }
        kf_text_clear(&note);
    }
    return code;
}

static enum kf_err open_detect(struct kf_watch *self, struct kf_error *err)
{
    const struct kf_detect_options options = {.calendar = self->calendar,
                                              .quiet_ms = self->options.quiet_ms,
                                              .patience_ms = self->options.patience_ms,
                                              .now = now_of(self)};
    enum kf_err code = KF_OK;
    kf_detect_init(&self->detect, &options);
    for (size_t i = 0; code == KF_OK && i < self->live.tables_len; i++) {
        const struct kf_live_table *table = &self->live.tables[i];
        code = kf_detect_add(&self->detect, table->map->table, table->map->publication,
                             table->year_offset, err);
        if (code == KF_OK) {
            code = tell_newest(self, i, err);
        }
    }
    return code == KF_OK ? recall_notes(self, err) : code;
}

static enum kf_err open_harvest(struct kf_watch *self, struct kf_error *err)
{
    enum kf_err code = kf_ssb_new(&self->options.ssb, &self->ssb, err);
    if (code != KF_OK) {
        return code;
    }
    const struct kf_harvest_options options = {.ssb = self->ssb,
                                               .store = self->store,
                                               .catalogue = self->options.catalogue,
                                               .calendar = self->calendar,
                                               .day = self->options.day,
                                               .rows_max = self->options.rows_max};
    return kf_harvest_new(&options, &self->harvest, err);
}

static enum kf_err open_all(struct kf_watch *self, struct kf_findings *findings,
                            struct kf_error *err)
{
    enum kf_err code = kf_calendar_read(self->options.editions, &self->calendar, findings, err);
    if (code == KF_OK) {
        code = kf_live_find(self->options.catalogue, self->options.maps, &self->live, err);
    }
    if (code == KF_OK) {
        code = kf_store_open(self->options.store, &self->store, err);
    }
    if (code == KF_OK) {
        code = open_detect(self, err);
    }
    if (code == KF_OK) {
        code = kf_announcement_open(&self->announcement, self->options.record.ledger, self->store,
                                    err);
    }
    return code == KF_OK ? open_harvest(self, err) : code;
}

void kf_watch_close(struct kf_watch **self)
{
    if (!self || !*self) {
        return;
    }
    kf_harvest_destroy(&(*self)->harvest);
    kf_ssb_destroy(&(*self)->ssb);
    kf_store_close(&(*self)->store);
    kf_live_clear(&(*self)->live);
    kf_calendar_destroy(&(*self)->calendar);
    kf_free(*self);
    *self = NULL;
}

enum kf_err kf_watch_open(const struct kf_watch_options *options, struct kf_watch **watch,
                          struct kf_findings *findings, struct kf_error *err)
{
    struct kf_watch *self = kf_calloc(1, sizeof *self);
    if (!self) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the watch");
    }
    self->options = *options;
    enum kf_err code = open_all(self, findings, err);
    if (code != KF_OK) {
        kf_watch_close(&self);
        return code;
    }
    self->codes_mono_ms = now_of(self).mono_ms;
    kf_gauges_add(&self->gauges, options->metrics, &self->detect);
    kf_log(KF_LOG_INFO, "watch-opened", "url=%s editions=%zu tables=%zu files=%zu",
           options->ssb.url, self->live.editions_len, self->live.tables_len, self->live.files_len);
    *watch = self;
    return KF_OK;
}

/* --- searches ------------------------------------------------------------------------------- */

static void print_day(int64_t wall_ms, char text[DAY_TEXT_SIZE])
{
    char shown[KF_OSLO_TEXT_SIZE];
    kf_oslo_print(wall_ms, shown);
    (void)snprintf(text, DAY_TEXT_SIZE, "%.10s", shown);
}

/* From the day before the last good search to tomorrow: whatever its clock says. */
static void begin_search(struct kf_watch *self, struct kf_moment now)
{
    char from[DAY_TEXT_SIZE];
    char to[DAY_TEXT_SIZE];
    int64_t since_ms = self->searched_wall_ms;
    if (since_ms > now.wall_ms || since_ms < now.wall_ms - SEARCH_BACK_MAX * DAY_MS) {
        kf_detect_look_at_all(&self->detect);
        since_ms = now.wall_ms;
    }
    print_day(since_ms - DAY_MS, from);
    print_day(now.wall_ms + DAY_MS, to);
    kf_harvest_search(self->harvest, from, to);
}

/* The note need not be exact: searches begin a day earlier. */
static void note_search(struct kf_watch *self, struct kf_moment now)
{
    char text[24];
    struct kf_error err;
    bool fresh =
        now.wall_ms >= self->searched_wall_ms && now.wall_ms - self->searched_wall_ms < 6 * HOUR_MS;
    if (fresh) {
        return;
    }
    (void)snprintf(text, sizeof text, "%" PRId64, now.wall_ms > 0 ? now.wall_ms : 0);
    if (kf_store_note(self->store, NOTE_SEARCHED, text, &err) == KF_OK) {
        self->searched_wall_ms = now.wall_ms;
    }
}

static void take_notice(struct kf_watch *self, size_t table, int64_t updated_ms,
                        struct kf_moment now)
{
    const char *id = self->detect.tables[table].table;
    char updated[KF_CLOCK_TEXT_SIZE];
    kf_clock_print(updated_ms, updated);
    switch (kf_detect_seen(&self->detect, table, updated_ms, now)) {
    case KF_DETECT_NEWER:
        kf_log(KF_LOG_INFO, "table-changed", "table=%s updated=%s", id, updated);
        break;
    case KF_DETECT_AHEAD:
        kf_log(KF_LOG_WARN, "answer-from-the-future", "table=%s updated=%s", id, updated);
        break;
    case KF_DETECT_STALE:
        kf_metric_increase(self->gauges.stale, 1);
        kf_log(KF_LOG_DEBUG, "stale-answer", "table=%s updated=%s", id, updated);
        break;
    case KF_DETECT_SAME:
        break;
    }
}

static void take_search(struct kf_watch *self, const struct kf_harvest_result *result,
                        struct kf_moment now)
{
    bool good = result->trouble == KF_DETECT_FINE;
    for (size_t i = 0; good && i < result->answer->tables_len; i++) {
        size_t table = kf_detect_find(&self->detect, result->answer->tables[i].id);
        int64_t updated_ms = 0;
        if (table != SIZE_MAX && kf_day_time(result->answer->tables[i].updated, &updated_ms)) {
            take_notice(self, table, updated_ms, now);
        }
    }
    kf_detect_searched(&self->detect, result->began_mono_ms, good, now);
    if (good) {
        note_search(self, now);
        return;
    }
    char text[KF_LOG_QUOTED_SIZE];
    kf_log(KF_LOG_WARN, "search-failed", "failures=%u reason=%s", self->detect.failures,
           kf_log_quote(result->text, text));
}

/* --- tables --------------------------------------------------------------------------------- */

static void leave_table(struct kf_watch *self, const struct kf_harvest_result *result,
                        struct kf_moment now)
{
    struct kf_detect_table *table = &self->detect.tables[self->asked];
    enum kf_detect_trouble before = table->trouble;
    kf_detect_not_taken(&self->detect, self->asked, result->trouble, now);
    unsigned attempts = table->attempts;
    bool power = (attempts & (attempts - 1)) == 0;
    if (before != table->trouble || attempts < REPEATS_TOLD_MIN || power) {
        char text[KF_LOG_QUOTED_SIZE];
        char trouble[KF_LOG_QUOTED_SIZE];
        kf_log(KF_LOG_WARN, "table-not-taken", "table=%s trouble=%s attempts=%u reason=%s",
               table->table, kf_log_quote(kf_detect_trouble_name(result->trouble), trouble),
               attempts, kf_log_quote(result->text, text));
    }
}

static enum kf_err take_table(struct kf_watch *self, const struct kf_harvest_result *result,
                              struct kf_moment now, struct kf_error *err)
{
    if (result->trouble != KF_DETECT_FINE) {
        leave_table(self, result, now);
        return KF_OK;
    }
    kf_report_stored(self->detect.tables[self->asked].table, result);
    enum kf_err code = tell_newest(self, self->asked, err);
    if (code == KF_OK && self->options.keep_vintages > 0) {
        code = kf_store_prune(self->store, self->options.keep_vintages, err);
    }
    return code;
}

/* --- codes ---------------------------------------------------------------------------------- */

static void take_codes(struct kf_watch *self, const struct kf_harvest_result *result,
                       struct kf_moment now)
{
    struct kf_error err;
    struct kf_findings *findings = kf_malloc(sizeof *findings);
    if (!findings || result->trouble != KF_DETECT_FINE) {
        char text[KF_LOG_QUOTED_SIZE];
        self->codes_mono_ms = now.mono_ms + CODES_RETRY_MS;
        if (self->codes_failures++ == 0) {
            kf_log(KF_LOG_WARN, "codes-failed", "reason=%s", kf_log_quote(result->text, text));
        }
        kf_free(findings);
        return;
    }
    const struct kf_klass_codes codes = {.list = result->answer->codes,
                                         .length = result->answer->codes_len,
                                         .year = kf_oslo_year(kf_oslo_day_at(now.wall_ms))};
    kf_findings_init(findings);
    self->codes_failures = 0;
    self->codes_mono_ms = now.mono_ms + DAY_MS;
    (void)kf_klass_check(&codes, self->options.catalogue->municipalities, findings, &err);
    kf_report_findings("municipality-code", findings);
    kf_metric_set(self->gauges.unknown_codes, (double)kf_findings_count(findings));
    kf_findings_clear(findings);
    kf_free(findings);
}

/* --- releases ------------------------------------------------------------------------------- */

/* Writes the note unless it stands there so. */
static enum kf_err write_note(struct kf_watch *self, const struct kf_text *note,
                              struct kf_error *err)
{
    char digest[KF_DIGEST_SIZE];
    kf_digest_of(note->bytes, note->length, digest);
    if (strcmp(digest, self->noted) == 0) {
        return KF_OK;
    }
    KF_CRASH_POINT("watch.noting");
    enum kf_err code = kf_store_note(self->store, NOTE_ASSEMBLED, note->bytes, err);
    if (code == KF_OK) {
        memcpy(self->noted, digest, sizeof digest);
        KF_CRASH_POINT("watch.noted");
    }
    return code;
}

/* The tables are those of the last release now. */
static enum kf_err note_assembled(struct kf_watch *self, struct kf_error *err)
{
    struct kf_text note;
    kf_text_init(&note, NOTE_BYTES_MAX);
    kf_detect_assembled(&self->detect);
    kf_detect_note(&self->detect, &note);
    enum kf_err code = note.failed ? kf_error_set(err, KF_ERR_MEMORY, "no memory for a note")
                                   : write_note(self, &note, err);
    kf_text_clear(&note);
    return code;
}

/* What this machine could not do now, or a person must mend, is tried again. */
static void postpone(struct kf_watch *self, const struct kf_error *why)
{
    self->retry_ms = kf_clock_monotonic_ms() + RETRY_MS;
    if (strcmp(self->trouble, why->text) != 0) {
        char text[KF_LOG_QUOTED_SIZE];
        kf_log(KF_LOG_ERROR, "watch-trouble", "reason=%s", kf_log_quote(why->text, text));
        (void)snprintf(self->trouble, sizeof self->trouble, "%s", why->text);
    }
}

static enum kf_err assemble(struct kf_watch *self, const struct kf_detect_release *due,
                            struct kf_findings *findings, struct kf_assemble_result *made,
                            struct kf_error *err)
{
    char name[KF_LEDGER_INPUT_SIZE];
    char held[KF_DETECT_TEXT_MAX + 64];
    char at[KF_OSLO_TEXT_SIZE];
    const struct kf_watch_options *options = &self->options;
    const struct kf_assemble_options assembling = {
        .catalogue = options->catalogue,
        .live = &self->live,
        .store = self->store,
        .record = options->record,
        .rows_max = options->rows_max,
        .line_bytes_max = options->line_bytes_max,
        .file_bytes_max = options->file_bytes_max,
    };
    kf_oslo_print(now_of(self).wall_ms, at);
    (void)snprintf(name, sizeof name, KF_WATCH_INPUT "%s", at);
    (void)snprintf(held, sizeof held, "incomplete: lacks %s", due->missing);
    const struct kf_assemble_input input = {
        .name = name,
        .vintage = due->vintage,
        .held = due->complete ? NULL : held,
        .announced = self->announcement.name[0] ? self->announcement.name : NULL,
        .discovered_ms = kf_clock_wall_ms(),
    };
    return kf_assemble(&assembling, &input, findings, made, err);
}

/* After a release, or nothing: the ledger is told what must no longer stand there. */
static enum kf_err close_release(struct kf_watch *self, const struct kf_detect_release *due,
                                 const struct kf_assemble_result *made, bool *recorded,
                                 struct kf_error *err)
{
    self->trouble[0] = '\0';
    *recorded = true;
    if (made) {
        kf_report_release(due, made);
        kf_metric_increase(self->gauges.releases, !made->recorded.known);
        kf_announcement_took_place(&self->announcement);
    } else {
        kf_log(KF_LOG_INFO, "nothing-new", "vintage=%s", due->vintage);
    }
    enum kf_err code = kf_announcement_withdraw(&self->announcement, recorded, err);
    if (code == KF_OK) {
        code = kf_ledger_drop_outdated(self->options.record.ledger, KF_WATCH_INPUT,
                                       made ? made->recorded.release : "", kf_clock_wall_ms(), err);
    }
    return code == KF_OK ? note_assembled(self, err) : code;
}

static enum kf_err make_release(struct kf_watch *self, const struct kf_detect_release *due,
                                bool *recorded, struct kf_error *err)
{
    struct kf_assemble_result made;
    struct kf_findings *findings = kf_malloc(sizeof *findings);
    if (!findings) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for findings");
    }
    kf_findings_init(findings);
    enum kf_err code = assemble(self, due, findings, &made, err);
    bool told = code != KF_OK && code != KF_ERR_AGAIN && strcmp(self->trouble, err->text) == 0;
    if (!told) {
        kf_report_findings("release-finding", findings);
    }
    kf_findings_clear(findings);
    kf_free(findings);
    if (code == KF_OK || code == KF_ERR_AGAIN) {
        code = close_release(self, due, code == KF_OK ? &made : NULL, recorded, err);
    }
    return code;
}

/* --- turns ---------------------------------------------------------------------------------- */

static enum kf_err take_result(struct kf_watch *self, const struct kf_harvest_result *result,
                               struct kf_error *err)
{
    struct kf_moment now = now_of(self);
    switch (result->kind) {
    case KF_HARVEST_SEARCHED:
        take_search(self, result, now);
        break;
    case KF_HARVEST_LOOKED:
        if (result->trouble == KF_DETECT_FINE) {
            take_notice(self, self->asked, result->updated_ms, now);
        } else {
            leave_table(self, result, now);
        }
        break;
    case KF_HARVEST_FETCHED:
        return take_table(self, result, now, err);
    case KF_HARVEST_CODES:
        take_codes(self, result, now);
        break;
    case KF_HARVEST_NOTHING:
        break;
    }
    return KF_OK;
}

/* What does not fit stays wrong until the table changes; it is told once. */
static void fetch(struct kf_watch *self, const struct kf_detect_table *table)
{
    bool told = table->trouble == KF_DETECT_DRIFTED || table->trouble == KF_DETECT_REFUSED;
    kf_harvest_fetch(self->harvest, &self->live.tables[self->asked], table->seen_ms, told);
}

static void ask(struct kf_watch *self, struct kf_moment now)
{
    char day[DAY_TEXT_SIZE];
    switch (kf_detect_next(&self->detect, now, &self->asked)) {
    case KF_DETECT_SEARCH:
        begin_search(self, now);
        break;
    case KF_DETECT_LOOK:
        kf_harvest_look(self->harvest, self->detect.tables[self->asked].table);
        break;
    case KF_DETECT_FETCH:
        fetch(self, &self->detect.tables[self->asked]);
        break;
    case KF_DETECT_NOTHING:
        if (self->options.klass && now.mono_ms >= self->codes_mono_ms) {
            print_day(now.wall_ms, day);
            kf_harvest_codes(self->harvest, day);
        }
        break;
    }
}

static enum kf_err announce(struct kf_watch *self, struct kf_moment now, bool *recorded,
                            struct kf_error *err)
{
    struct kf_detect_release waits;
    if (kf_detect_waits(&self->detect, now, &waits)) {
        return kf_announcement_make(&self->announcement, &waits, kf_clock_wall_ms(), recorded, err);
    }
    return kf_detect_is_changed(&self->detect)
               ? KF_OK
               : kf_announcement_withdraw(&self->announcement, recorded, err);
}

static enum kf_err turn(struct kf_watch *self, bool *recorded, struct kf_error *err)
{
    struct kf_harvest_result result;
    struct kf_detect_release due;
    enum kf_err code = KF_OK;
    if (kf_harvest_work(self->harvest, &result)) {
        code = take_result(self, &result, err);
    }
    struct kf_moment now = now_of(self);
    if (code != KF_OK || kf_clock_monotonic_ms() < self->retry_ms) {
        return code;
    }
    if (kf_detect_due(&self->detect, now, &due)) {
        return make_release(self, &due, recorded, err);
    }
    return announce(self, now, recorded, err);
}

/* --- showing -------------------------------------------------------------------------------- */

static void show_detail(struct kf_watch *self, struct kf_moment now)
{
    const char *waiting = kf_ssb_trouble(self->ssb);
    struct kf_detect_release waits;
    char text[KF_DETECT_TEXT_MAX * 2];
    self->detail[0] = '\0';
    if (self->trouble[0]) {
        (void)snprintf(self->detail, sizeof self->detail, "%s", self->trouble);
    } else if (kf_detect_waits(&self->detect, now, &waits)) {
        kf_announcement_print(&waits, text);
        (void)snprintf(self->detail, sizeof self->detail, "waiting for %s", text);
    } else if (self->detect.failures > 0) {
        (void)snprintf(self->detail, sizeof self->detail, "Statistics Norway does not answer%s%s",
                       waiting ? ": " : "", waiting ? waiting : "");
    }
}

static void show(struct kf_watch *self)
{
    struct kf_moment now = now_of(self);
    struct kf_ssb_counts counts;
    kf_ssb_counts(self->ssb, &counts);
    kf_gauges_show(&self->gauges, &counts, &self->detect, now);
    show_detail(self, now);
}

const char *kf_watch_detail(const struct kf_watch *self)
{
    return self->detail;
}

/* --- the loop ------------------------------------------------------------------------------- */

/* How long until something is to be done without any answer, real time. */
static int64_t pause_ms(struct kf_watch *self)
{
    struct kf_moment now = now_of(self);
    int64_t pause_ms = kf_detect_pause_ms(&self->detect, now);
    int64_t codes_ms = self->codes_mono_ms - now.mono_ms;
    if (self->options.klass && codes_ms < pause_ms) {
        pause_ms = codes_ms > 1 ? codes_ms : 1;
    }
    return kf_day_real_ms(self->options.day, pause_ms);
}

void kf_watch_again(struct kf_watch *self)
{
    kf_detect_again(&self->detect);
}

size_t kf_watch_wait(struct kf_watch *self, struct kf_poll_item *items, size_t room,
                     int64_t *deadline_ms)
{
    if (self->live.tables_len == 0) {
        return 0;
    }
    if (kf_ssb_is_busy(self->ssb)) {
        return kf_ssb_wait(self->ssb, items, room, deadline_ms);
    }
    /* A question that could not be asked is answered at once. */
    int64_t wait_ms = kf_harvest_is_busy(self->harvest) ? 0 : pause_ms(self);
    int64_t at_ms = kf_clock_monotonic_ms() + wait_ms;
    *deadline_ms = at_ms < *deadline_ms ? at_ms : *deadline_ms;
    return 0;
}

enum kf_err kf_watch_work(struct kf_watch *self, bool *recorded, struct kf_error *err)
{
    struct kf_error why;
    *recorded = false;
    if (self->live.tables_len == 0) {
        return KF_OK;
    }
    enum kf_err code = turn(self, recorded, &why);
    if (code != KF_OK) {
        if (why.disposition == KF_FATAL && code != KF_ERR_MEMORY && code != KF_ERR_CONFIG) {
            return kf_error_set(err, code, "%s", why.text);
        }
        postpone(self, &why);
    }
    if (!kf_harvest_is_busy(self->harvest)) {
        ask(self, now_of(self));
    }
    show(self);
    return KF_OK;
}
