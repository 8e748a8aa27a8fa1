#include "services/ingest/watch/calendar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/model/yaml.h"
#include "services/ingest/watch/oslo.h"

#define PATH_BYTES_MAX 1024
#define BYTES_MAX      ((size_t)1024 * 1024)
#define RULES_MAX      8
#define DATES_MAX      256
#define YEAR_MIN       1996 /* since then summer time is what it is */
#define YEAR_MAX       2100
#define LASTS_MAX      60
#define EVENTS_MAX     (RULES_MAX * (YEAR_MAX - YEAR_MIN + 1) + DATES_MAX)

struct publication {
    const char *id;
    struct kf_calendar_event *events; /* ascending by at_ms */
    size_t events_len;
};

struct kf_calendar {
    struct kf_yaml *document; /* its texts are the events' */
    struct publication publications[KF_PUBLICATIONS_MAX];
    size_t publications_len;
};

/* An event as it is written. */
struct entry {
    const char *vintage;
    int64_t day; /* of a date */
    long month;  /* of a rule */
    long month_day;
    long from;
    long to;
    int minute;
    long data_year;
    long lasts;
};

static const char *const root_keys[] = {"publications", NULL};
static const char *const publication_keys[] = {"id", "name", "rules", "dates", NULL};
static const char *const rule_keys[] = {"vintage", "day",   "time",   "data_year", "from",
                                        "to",      "lasts", "source", NULL};
static const char *const date_keys[] = {"vintage", "date",   "time", "data_year",
                                        "lasts",   "source", NULL};
static const char *const vintages[] = {"unrevised", "revised", NULL};

/* --- texts ---------------------------------------------------------------------------------- */

/* Reads two digits. */
static bool pair(const char *text, unsigned long maximum, long *number)
{
    unsigned long value = 0;
    if (strnlen(text, 2) < 2 || !kf_text_to_unsigned(text, 2, maximum, &value)) {
        return false;
    }
    *number = (long)value;
    return true;
}

static bool day_exists(long year, long month, long day)
{
    if (month < 1 || month > 12 || day < 1 || day > 31) {
        return false;
    }
    int64_t next =
        month == 12 ? kf_oslo_day((int)year + 1, 1, 1) : kf_oslo_day((int)year, (int)month + 1, 1);
    return kf_oslo_day((int)year, (int)month, (int)day) < next;
}

static bool read_vintage(struct kf_yaml_node node, struct entry *entry,
                         struct kf_findings *findings)
{
    const char *text = NULL;
    if (!kf_yaml_get_text(node, "vintage", true, &text, findings)) {
        return false;
    }
    for (size_t i = 0; vintages[i]; i++) {
        if (strcmp(text, vintages[i]) == 0) {
            entry->vintage = vintages[i];
            return true;
        }
    }
    kf_yaml_fault(kf_yaml_get(node, "vintage"), findings, "vintage",
                  "write unrevised or revised; what comes outside of events is a correction",
                  "is no vintage of an event");
    return false;
}

static bool read_minute(struct kf_yaml_node node, struct entry *entry, struct kf_findings *findings)
{
    const char *text = NULL;
    long hour = 0;
    long minute = 0;
    if (!kf_yaml_get_text(node, "time", true, &text, findings)) {
        return false;
    }
    if (strlen(text) != 5 || text[2] != ':' || !pair(text, 23, &hour) ||
        !pair(text + 3, 59, &minute)) {
        kf_yaml_fault(kf_yaml_get(node, "time"), findings, "time",
                      "write Oslo's hour and minute in quotes: \"08:00\"", "is no hour of a day");
        return false;
    }
    entry->minute = (int)(hour * 60 + minute);
    return true;
}

static bool read_day(struct kf_yaml_node node, struct entry *entry, struct kf_findings *findings)
{
    const char *text = NULL;
    if (!kf_yaml_get_text(node, "day", true, &text, findings)) {
        return false;
    }
    /* 2015 is no leap year: a rule's day is one that every year has. */
    if (strlen(text) != 5 || text[2] != '-' || !pair(text, 12, &entry->month) ||
        !pair(text + 3, 31, &entry->month_day) ||
        !day_exists(2015, entry->month, entry->month_day)) {
        kf_yaml_fault(kf_yaml_get(node, "day"), findings, "day",
                      "write month and day in quotes: \"03-15\"", "is no day of every year");
        return false;
    }
    return true;
}

static bool read_date(struct kf_yaml_node node, struct entry *entry, struct kf_findings *findings)
{
    const char *text = NULL;
    unsigned long year = 0;
    long month = 0;
    long day = 0;
    if (!kf_yaml_get_text(node, "date", true, &text, findings)) {
        return false;
    }
    if (strlen(text) != 10 || text[4] != '-' || text[7] != '-' ||
        !kf_text_to_unsigned(text, 4, YEAR_MAX, &year) || year < YEAR_MIN ||
        !pair(text + 5, 12, &month) || !pair(text + 8, 31, &day) ||
        !day_exists((long)year, month, day)) {
        kf_yaml_fault(kf_yaml_get(node, "date"), findings, "date",
                      "write year, month and day, from 1996 to 2100, in quotes: \"2026-03-16\"",
                      "is no date");
        return false;
    }
    entry->day = kf_oslo_day((int)year, (int)month, (int)day);
    return true;
}

/* --- events --------------------------------------------------------------------------------- */

static struct kf_calendar_event event_of(const char *publication, const struct entry *entry,
                                         int64_t day, int data_year)
{
    return (struct kf_calendar_event){
        .publication = publication,
        .vintage = entry->vintage,
        .at_ms = kf_oslo_at_ms(day, entry->minute),
        .day_ms = kf_oslo_at_ms(day, 0),
        .until_ms = kf_oslo_at_ms(day + entry->lasts, 0),
        .data_year = data_year,
    };
}

static int year_of(const struct kf_calendar_event *event)
{
    return kf_oslo_year(kf_oslo_day_at(event->at_ms));
}

/* The event of the same year and vintage, or NULL. */
static struct kf_calendar_event *same_event(struct publication *self, int year, const char *vintage)
{
    for (size_t i = 0; i < self->events_len; i++) {
        if (year_of(&self->events[i]) == year && self->events[i].vintage == vintage) {
            return &self->events[i];
        }
    }
    return NULL;
}

static void add_event(struct publication *self, struct kf_calendar_event event)
{
    struct kf_calendar_event *same = same_event(self, year_of(&event), event.vintage);
    if (!same) {
        same = &self->events[self->events_len++];
    }
    *same = event;
}

static bool read_common(struct kf_yaml_node node, struct kf_yaml_range years, struct entry *entry,
                        struct kf_findings *findings)
{
    const char *source = NULL;
    bool good = read_vintage(node, entry, findings);
    good = read_minute(node, entry, findings) && good;
    good = kf_yaml_get_whole(node, "data_year", true, years, &entry->data_year, findings) && good;
    entry->lasts = 1;
    (void)kf_yaml_get_whole(node, "lasts", false, (struct kf_yaml_range){1, LASTS_MAX},
                            &entry->lasts, findings);
    return kf_yaml_get_text(node, "source", true, &source, findings) && good;
}

static void read_rule(struct kf_yaml_node node, struct publication *self,
                      struct kf_findings *findings)
{
    const struct kf_yaml_range years = {YEAR_MIN, YEAR_MAX};
    struct entry entry = {.to = YEAR_MAX};
    kf_yaml_check_keys(node, rule_keys, findings);
    bool good = read_common(node, (struct kf_yaml_range){-10, 10}, &entry, findings);
    good = read_day(node, &entry, findings) && good;
    good = kf_yaml_get_whole(node, "from", true, years, &entry.from, findings) && good;
    (void)kf_yaml_get_whole(node, "to", false, years, &entry.to, findings);
    for (long year = entry.from; good && year <= entry.to; year++) {
        int64_t day = kf_oslo_day((int)year, (int)entry.month, (int)entry.month_day);
        add_event(self, event_of(self->id, &entry, kf_oslo_working_day_from(day),
                                 (int)(year + entry.data_year)));
    }
}

static bool read_dated(struct kf_yaml_node node, struct entry *entry, struct kf_findings *findings)
{
    kf_yaml_check_keys(node, date_keys, findings);
    bool good = read_common(node, (struct kf_yaml_range){1900, YEAR_MAX}, entry, findings);
    return read_date(node, entry, findings) && good;
}

static bool is_given_before(const struct entry *dates, size_t count, const struct entry *entry)
{
    for (size_t i = 0; i < count; i++) {
        if (dates[i].vintage == entry->vintage &&
            kf_oslo_year(dates[i].day) == kf_oslo_year(entry->day)) {
            return true;
        }
    }
    return false;
}

static void read_dates(struct kf_yaml_node list, struct publication *self,
                       struct kf_findings *findings)
{
    struct entry dates[DATES_MAX];
    size_t count = 0;
    for (size_t i = 0; i < kf_yaml_count(list); i++) {
        struct kf_yaml_node node = kf_yaml_item(list, i);
        struct entry entry = {0};
        if (!read_dated(node, &entry, findings)) {
            continue;
        }
        if (is_given_before(dates, count, &entry)) {
            kf_yaml_fault(kf_yaml_get(node, "date"), findings, "date",
                          "keep one date for each year and vintage",
                          "is a second event of its year and vintage");
            continue;
        }
        dates[count++] = entry;
        add_event(self, event_of(self->id, &entry, entry.day, (int)entry.data_year));
    }
}

static int by_time(const void *left, const void *right)
{
    const struct kf_calendar_event *a = left;
    const struct kf_calendar_event *b = right;
    return a->at_ms < b->at_ms ? -1 : a->at_ms > b->at_ms;
}

/* --- publications ---------------------------------------------------------------------------- */

static bool list_fits(struct kf_yaml_node map, const char *key, size_t count_max,
                      struct kf_findings *findings)
{
    struct kf_yaml_node list = kf_yaml_get(map, key);
    if (!kf_yaml_exists(list)) {
        return true;
    }
    if (!kf_yaml_is_list(list) || kf_yaml_count(list) > count_max) {
        kf_yaml_fault_format(list, findings, key, "write a list, each item on a line with - before",
                             "is no list of at most %zu items", count_max);
        return false;
    }
    return true;
}

static void read_publication(struct kf_yaml_node node, struct kf_calendar *calendar,
                             struct kf_findings *findings)
{
    struct publication *self = &calendar->publications[calendar->publications_len];
    const char *names[2] = {NULL, NULL};
    kf_yaml_check_keys(node, publication_keys, findings);
    if (!kf_yaml_get_id_as(node, "id", true, "kostra", &self->id, findings)) {
        return;
    }
    if (kf_calendar_has(calendar, self->id)) {
        kf_yaml_fault(kf_yaml_get(node, "id"), findings, "id", "give each publication its own id",
                      "is the id of a publication before");
        return;
    }
    (void)kf_yaml_get_name(node, "name", &names[0], &names[1], findings);
    if (!list_fits(node, "rules", RULES_MAX, findings) ||
        !list_fits(node, "dates", DATES_MAX, findings)) {
        return;
    }
    struct kf_yaml_node rules = kf_yaml_get(node, "rules");
    for (size_t i = 0; i < kf_yaml_count(rules); i++) {
        read_rule(kf_yaml_item(rules, i), self, findings);
    }
    read_dates(kf_yaml_get(node, "dates"), self, findings);
    qsort(self->events, self->events_len, sizeof *self->events, by_time);
    calendar->publications_len++;
}

static enum kf_err read_publications(struct kf_calendar *self, struct kf_findings *findings,
                                     struct kf_error *err)
{
    struct kf_yaml_node root = kf_yaml_root(self->document);
    kf_yaml_check_keys(root, root_keys, findings);
    if (!list_fits(root, "publications", KF_PUBLICATIONS_MAX, findings)) {
        return KF_OK;
    }
    struct kf_yaml_node list = kf_yaml_get(root, "publications");
    for (size_t i = 0; i < kf_yaml_count(list) && i < KF_PUBLICATIONS_MAX; i++) {
        struct publication *next = &self->publications[self->publications_len];
        if (!next->events) {
            next->events = kf_calloc(EVENTS_MAX, sizeof *next->events);
        }
        if (!next->events) {
            return kf_error_set(err, KF_ERR_MEMORY, "no memory for the calendar");
        }
        read_publication(kf_yaml_item(list, i), self, findings);
    }
    return KF_OK;
}

/* --- life cycle ----------------------------------------------------------------------------- */

void kf_calendar_destroy(struct kf_calendar **self)
{
    if (!self || !*self) {
        return;
    }
    for (size_t i = 0; i < KF_PUBLICATIONS_MAX; i++) {
        kf_free((*self)->publications[i].events);
    }
    kf_yaml_destroy(&(*self)->document);
    kf_free(*self);
    *self = NULL;
}

static enum kf_err read_file(struct kf_calendar *self, const char *path,
                             struct kf_findings *findings, struct kf_error *err)
{
    uint64_t before = kf_findings_count(findings);
    enum kf_err code = kf_yaml_read(path, BYTES_MAX, &self->document, NULL, findings, err);
    if (code == KF_OK) {
        code = read_publications(self, findings, err);
    }
    if (code == KF_OK && kf_findings_count(findings) > before) {
        code = kf_error_set(err, KF_ERR_CONFIG, "%s: has faults", path);
    }
    return code;
}

enum kf_err kf_calendar_read(const char *editions, struct kf_calendar **calendar,
                             struct kf_findings *findings, struct kf_error *err)
{
    char path[PATH_BYTES_MAX];
    int length = snprintf(path, sizeof path, "%s/sources/calendar.yaml", editions);
    if (length < 0 || (size_t)length >= sizeof path) {
        return kf_error_set(err, KF_ERR_CONFIG, "%s: is too long a path", editions);
    }
    struct kf_calendar *self = kf_calloc(1, sizeof *self);
    if (!self) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the calendar");
    }
    enum kf_err code = access(path, F_OK) == 0 ? read_file(self, path, findings, err) : KF_OK;
    if (code == KF_OK) {
        *calendar = self;
    } else {
        kf_calendar_destroy(&self);
    }
    return code;
}

/* --- asking --------------------------------------------------------------------------------- */

static const struct publication *find(const struct kf_calendar *self, const char *id)
{
    for (size_t i = 0; i < self->publications_len; i++) {
        if (strcmp(self->publications[i].id, id) == 0) {
            return &self->publications[i];
        }
    }
    return NULL;
}

bool kf_calendar_has(const struct kf_calendar *self, const char *publication)
{
    return find(self, publication) != NULL;
}

/* How many events are at or before `wall_ms`. */
static size_t count_until(const struct publication *self, int64_t wall_ms)
{
    size_t low = 0;
    size_t high = self->events_len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (self->events[middle].at_ms <= wall_ms) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

bool kf_calendar_last(const struct kf_calendar *self, const char *publication, int64_t wall_ms,
                      struct kf_calendar_event *event)
{
    const struct publication *found = find(self, publication);
    size_t count = found ? count_until(found, wall_ms) : 0;
    if (count == 0) {
        return false;
    }
    *event = found->events[count - 1];
    return true;
}

bool kf_calendar_next(const struct kf_calendar *self, const char *publication, int64_t wall_ms,
                      struct kf_calendar_event *event)
{
    const struct publication *found = find(self, publication);
    size_t count = found ? count_until(found, wall_ms) : 0;
    if (!found || count == found->events_len) {
        return false;
    }
    *event = found->events[count];
    return true;
}

bool kf_calendar_next_of_all(const struct kf_calendar *self, int64_t wall_ms,
                             struct kf_calendar_event *event)
{
    bool found = false;
    for (size_t i = 0; i < self->publications_len; i++) {
        struct kf_calendar_event next;
        if (kf_calendar_next(self, self->publications[i].id, wall_ms, &next) &&
            (!found || next.at_ms < event->at_ms)) {
            *event = next;
            found = true;
        }
    }
    return found;
}

const char *kf_calendar_vintage(const struct kf_calendar *self, const char *publication,
                                int64_t updated_ms)
{
    const struct publication *found = find(self, publication);
    if (!found || found->events_len == 0 || updated_ms < found->events[0].day_ms) {
        return "unspecified";
    }
    for (size_t i = found->events_len; i > 0; i--) {
        const struct kf_calendar_event *event = &found->events[i - 1];
        if (updated_ms >= event->day_ms) {
            return updated_ms < event->until_ms ? event->vintage : "correction";
        }
    }
    return "correction";
}
