#include "services/ingest/watch/detect.h"

#include <stdio.h>
#include <string.h>

#include "services/ingest/watch/schedule.h"

#define NEVER         INT64_MIN
#define RETRY_MS      30000
#define RETRY_MAX_MS  1800000
#define RETRY_LONG_MS 3600000
#define MINUTE_MS     60000
#define DOUBLINGS_MAX 8

const char *kf_detect_trouble_name(enum kf_detect_trouble trouble)
{
    static const char *const names[KF_DETECT_TROUBLES] = {
        "fine", "failed", "changed while it was read", "half-published", "drifted", "refused",
    };
    return names[trouble];
}

static int64_t lower(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t higher(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* --- life ----------------------------------------------------------------------------------- */

void kf_detect_init(struct kf_detect *self, const struct kf_detect_options *options)
{
    *self = (struct kf_detect){
        .options = *options,
        .changed_mono_ms = options->now.mono_ms,
        .searched_mono_ms = NEVER,
        .asked_mono_ms = NEVER,
        .fresh = true,
    };
}

enum kf_err kf_detect_add(struct kf_detect *self, const char *table, const char *publication,
                          int year_offset, struct kf_error *err)
{
    if (self->tables_len == KF_DETECT_TABLES_MAX) {
        return kf_error_set(err, KF_ERR_LIMIT,
                            "the live editions need more than %d tables: let fewer be live",
                            KF_DETECT_TABLES_MAX);
    }
    self->tables[self->tables_len++] = (struct kf_detect_table){
        .table = table,
        .publication = publication,
        .year_offset = year_offset,
        .known_ms = NEVER,
        .seen_ms = NEVER,
        .since_mono_ms = self->options.now.mono_ms,
        .retry_mono_ms = NEVER,
        .look = true,
    };
    return KF_OK;
}

size_t kf_detect_find(const struct kf_detect *self, const char *table)
{
    for (size_t i = 0; i < self->tables_len; i++) {
        if (strcmp(self->tables[i].table, table) == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

/* The table whose name the `length` bytes are, or NULL. */
static struct kf_detect_table *table_called(struct kf_detect *self, const char *name, size_t length)
{
    for (size_t i = 0; i < self->tables_len; i++) {
        const char *table = self->tables[i].table;
        if (strlen(table) == length && memcmp(table, name, length) == 0) {
            return &self->tables[i];
        }
    }
    return NULL;
}

void kf_detect_recall(struct kf_detect *self, const char *note)
{
    while (*note) {
        size_t line = strcspn(note, "\n");
        size_t name = strcspn(note, " \n");
        struct kf_detect_table *table = table_called(self, note, name);
        if (table && line == name + KF_DIGEST_SIZE) {
            memcpy(table->assembled, note + name + 1, KF_DIGEST_SIZE - 1);
            table->assembled[KF_DIGEST_SIZE - 1] = '\0';
        }
        note += line + (note[line] == '\n');
    }
}

void kf_detect_note(const struct kf_detect *self, struct kf_text *note)
{
    for (size_t i = 0; i < self->tables_len; i++) {
        if (self->tables[i].assembled[0]) {
            kf_text_add_format(note, "%s %s\n", self->tables[i].table, self->tables[i].assembled);
        }
    }
}

/* --- told ----------------------------------------------------------------------------------- */

static bool is_known(const struct kf_detect_table *table)
{
    return table->known_ms != NEVER;
}

static bool is_wanted(const struct kf_detect_table *table)
{
    return table->seen_ms > table->known_ms;
}

void kf_detect_stored(struct kf_detect *self, size_t table, const struct kf_detect_vintage *vintage,
                      struct kf_moment now)
{
    struct kf_detect_table *stored = &self->tables[table];
    if (strcmp(stored->digest, vintage->digest) != 0) {
        self->changed_mono_ms = now.mono_ms;
    }
    (void)snprintf(stored->digest, sizeof stored->digest, "%s", vintage->digest);
    stored->known_ms = vintage->updated_ms;
    stored->newest_year = vintage->newest_year;
    stored->seen_ms = higher(stored->seen_ms, vintage->updated_ms);
    stored->trouble = KF_DETECT_FINE;
    stored->attempts = 0;
    stored->retry_mono_ms = NEVER;
    stored->look = false;
}

enum kf_detect_news kf_detect_seen(struct kf_detect *self, size_t table, int64_t updated_ms,
                                   struct kf_moment now)
{
    struct kf_detect_table *seen = &self->tables[table];
    seen->look = false;
    if (updated_ms > now.wall_ms + KF_DETECT_AHEAD_MS) {
        return KF_DETECT_AHEAD;
    }
    if (updated_ms < seen->seen_ms) {
        return KF_DETECT_STALE;
    }
    if (updated_ms == seen->seen_ms) {
        return KF_DETECT_SAME;
    }
    seen->seen_ms = updated_ms;
    seen->trouble = KF_DETECT_FINE;
    seen->attempts = 0;
    seen->retry_mono_ms = NEVER;
    seen->since_mono_ms = now.mono_ms;
    self->changed_mono_ms = now.mono_ms;
    return KF_DETECT_NEWER;
}

void kf_detect_searched(struct kf_detect *self, int64_t began_mono_ms, bool good,
                        struct kf_moment now)
{
    self->asked_mono_ms = now.mono_ms;
    if (good) {
        self->searched_mono_ms = began_mono_ms;
        self->failures = 0;
    } else {
        self->failures++;
    }
}

void kf_detect_look_at_all(struct kf_detect *self)
{
    for (size_t i = 0; i < self->tables_len; i++) {
        self->tables[i].look = true;
    }
}

static int64_t retry_in_ms(enum kf_detect_trouble trouble, unsigned attempts)
{
    if (trouble == KF_DETECT_DRIFTED || trouble == KF_DETECT_REFUSED) {
        return RETRY_LONG_MS;
    }
    if (trouble == KF_DETECT_MOVED) {
        return RETRY_MS;
    }
    unsigned doublings = attempts - 1 < DOUBLINGS_MAX ? attempts - 1 : DOUBLINGS_MAX;
    return lower((int64_t)RETRY_MS << doublings, RETRY_MAX_MS);
}

void kf_detect_not_taken(struct kf_detect *self, size_t table, enum kf_detect_trouble trouble,
                         struct kf_moment now)
{
    struct kf_detect_table *left = &self->tables[table];
    left->attempts++;
    left->trouble = trouble;
    left->retry_mono_ms = now.mono_ms + retry_in_ms(trouble, left->attempts);
}

void kf_detect_assembled(struct kf_detect *self)
{
    self->fresh = false;
    for (size_t i = 0; i < self->tables_len; i++) {
        struct kf_detect_table *table = &self->tables[i];
        memcpy(table->assembled, table->digest, sizeof table->assembled);
    }
}

void kf_detect_again(struct kf_detect *self)
{
    self->fresh = true;
}

/* --- events --------------------------------------------------------------------------------- */

static bool is_embargoed(const struct kf_detect *self, const struct kf_detect_table *table,
                         int64_t wall_ms)
{
    struct kf_calendar_event event;
    return kf_calendar_next(self->options.calendar, table->publication, wall_ms, &event) &&
           wall_ms >= event.day_ms;
}

static bool has_event(const struct kf_detect_table *table, const struct kf_calendar_event *event)
{
    return is_known(table) && table->known_ms >= event->day_ms &&
           table->newest_year - table->year_offset >= event->data_year;
}

/* The publication's tables that have its last event, and how many there are. */
static void count_event(const struct kf_detect *self, const struct kf_calendar_event *event,
                        struct kf_detect_release *release)
{
    release->have = 0;
    release->need = 0;
    for (size_t i = 0; i < self->tables_len; i++) {
        const struct kf_detect_table *table = &self->tables[i];
        if (strcmp(table->publication, event->publication) == 0) {
            release->need++;
            release->have += has_event(table, event);
        }
    }
}

static bool is_first_of_publication(const struct kf_detect *self, size_t i)
{
    for (size_t j = 0; j < i; j++) {
        if (strcmp(self->tables[j].publication, self->tables[i].publication) == 0) {
            return false;
        }
    }
    return true;
}

/* The newest of the publications' last events, with its tables counted; one that is not whole and
 * whose patience is not over goes before all others. */
static bool newest_event(const struct kf_detect *self, int64_t wall_ms,
                         struct kf_detect_release *release, bool *open)
{
    bool found = false;
    *open = false;
    for (size_t i = 0; i < self->tables_len && !*open; i++) {
        struct kf_detect_release other = {.event = true};
        if (!is_first_of_publication(self, i) ||
            !kf_calendar_last(self->options.calendar, self->tables[i].publication, wall_ms,
                              &other.of)) {
            continue;
        }
        count_event(self, &other.of, &other);
        *open = other.have < other.need && wall_ms < other.of.at_ms + self->options.patience_ms;
        if (*open || !found || other.of.at_ms > release->of.at_ms) {
            *release = other;
            found = true;
        }
    }
    return found;
}

bool kf_detect_next_event(const struct kf_detect *self, int64_t wall_ms,
                          struct kf_calendar_event *event)
{
    bool found = false;
    for (size_t i = 0; i < self->tables_len; i++) {
        struct kf_calendar_event other;
        if (kf_calendar_next(self->options.calendar, self->tables[i].publication, wall_ms,
                             &other) &&
            (!found || other.at_ms < event->at_ms)) {
            *event = other;
            found = true;
        }
    }
    return found;
}

/* --- what is asked next --------------------------------------------------------------------- */

/* A search that began at or after this confirms the last change. */
static int64_t confirmed_from_ms(const struct kf_detect *self)
{
    return self->changed_mono_ms + self->options.quiet_ms;
}

static bool is_confirmed(const struct kf_detect *self)
{
    return self->searched_mono_ms != NEVER && self->searched_mono_ms >= confirmed_from_ms(self);
}

/* When the next search is due, of the time that never jumps. */
static int64_t search_at_ms(const struct kf_detect *self, struct kf_moment now)
{
    if (self->asked_mono_ms == NEVER) {
        return now.mono_ms;
    }
    struct kf_detect_release last = {0};
    struct kf_calendar_event next = {0};
    struct kf_schedule schedule = {
        .to_event_ms = -1,
        .since_event_ms = -1,
        .changed = kf_detect_is_changed(self) && !is_confirmed(self),
        .quiet_ms = confirmed_from_ms(self) - self->asked_mono_ms,
        .failures = self->failures,
    };
    /* The event's hour is seen from the last search, not from now: it must not run away. */
    int64_t asked_wall_ms = now.wall_ms - (now.mono_ms - self->asked_mono_ms);
    if (kf_detect_next_event(self, asked_wall_ms, &next)) {
        schedule.to_event_ms = next.at_ms - asked_wall_ms;
        schedule.on_day = now.wall_ms >= next.day_ms;
    }
    if (newest_event(self, now.wall_ms, &last, &schedule.awaited)) {
        schedule.since_event_ms = now.wall_ms - last.of.at_ms;
        schedule.on_day = schedule.on_day || now.wall_ms < last.of.until_ms;
    }
    return self->asked_mono_ms + kf_schedule_pause_ms(&schedule);
}

/* A question about the table is due, now or when its pause is over. */
static bool is_to_ask(const struct kf_detect *self, const struct kf_detect_table *table,
                      int64_t wall_ms)
{
    return table->look || (is_wanted(table) && !is_embargoed(self, table, wall_ms));
}

enum kf_detect_wish kf_detect_next(const struct kf_detect *self, struct kf_moment now,
                                   size_t *table)
{
    const struct kf_detect_table *best = NULL;
    if (now.mono_ms >= search_at_ms(self, now)) {
        return KF_DETECT_SEARCH;
    }
    for (size_t i = 0; i < self->tables_len; i++) {
        const struct kf_detect_table *other = &self->tables[i];
        if (is_to_ask(self, other, now.wall_ms) && now.mono_ms >= other->retry_mono_ms &&
            (!best || other->attempts < best->attempts)) {
            best = other;
        }
    }
    if (!best) {
        return KF_DETECT_NOTHING;
    }
    *table = (size_t)(best - self->tables);
    return best->look ? KF_DETECT_LOOK : KF_DETECT_FETCH;
}

/* --- what is due ---------------------------------------------------------------------------- */

bool kf_detect_is_changed(const struct kf_detect *self)
{
    bool any = false;
    for (size_t i = 0; i < self->tables_len; i++) {
        const struct kf_detect_table *table = &self->tables[i];
        if (is_known(table) && strcmp(table->digest, table->assembled) != 0) {
            return true;
        }
        any = any || is_known(table);
    }
    return self->fresh && any;
}

/* The table may still be had, and is worth waiting for. */
static bool is_waited_for(const struct kf_detect *self, const struct kf_detect_table *table,
                          struct kf_moment now)
{
    bool hopeless = table->trouble == KF_DETECT_DRIFTED || table->trouble == KF_DETECT_REFUSED;
    bool patient = now.mono_ms - table->since_mono_ms < self->options.patience_ms;
    if (is_wanted(table) && !is_known(table) && !hopeless && patient) {
        return true; /* before its hour, too: there is nothing at all of it */
    }
    return is_to_ask(self, table, now.wall_ms) && !hopeless &&
           (table->trouble == KF_DETECT_FINE || patient);
}

static bool any_is_waited_for(const struct kf_detect *self, struct kf_moment now)
{
    for (size_t i = 0; i < self->tables_len; i++) {
        if (is_waited_for(self, &self->tables[i], now)) {
            return true;
        }
    }
    return false;
}

/* The table lacks: it was never had, or not its event, or it is newer there than here and cannot be
 * had. */
static bool is_missing(const struct kf_detect *self, const struct kf_detect_table *table,
                       struct kf_moment now)
{
    struct kf_calendar_event event;
    bool failing = table->trouble == KF_DETECT_FAILED || table->trouble == KF_DETECT_MOVED ||
                   table->trouble == KF_DETECT_HALF;
    if (!is_known(table) || (failing && is_wanted(table))) {
        return true;
    }
    return kf_calendar_last(self->options.calendar, table->publication, now.wall_ms, &event) &&
           !has_event(table, &event);
}

/* Adds ", text", shortened with … at the end. */
static void append(char to[KF_DETECT_TEXT_MAX], const char *table, enum kf_detect_trouble trouble)
{
    size_t length = strlen(to);
    bool named = trouble != KF_DETECT_FINE;
    if (length + 64 > KF_DETECT_TEXT_MAX) {
        if (length < 3 || strcmp(to + length - 3, "…") != 0) {
            (void)snprintf(to + length, KF_DETECT_TEXT_MAX - length, ", …");
        }
        return;
    }
    (void)snprintf(to + length, KF_DETECT_TEXT_MAX - length, "%s%.16s%s%s%s", length ? ", " : "",
                   table, named ? " (" : "", named ? kf_detect_trouble_name(trouble) : "",
                   named ? ")" : "");
}

/* What its newest change is, of the changed tables, or of all when none has. */
static const char *vintage_of(const struct kf_detect *self)
{
    const struct kf_detect_table *newest = NULL;
    bool newest_changed = false;
    for (size_t i = 0; i < self->tables_len; i++) {
        const struct kf_detect_table *table = &self->tables[i];
        bool changed = strcmp(table->digest, table->assembled) != 0;
        if (is_known(table) &&
            (!newest || (changed && !newest_changed) ||
             (changed == newest_changed && table->known_ms > newest->known_ms))) {
            newest = table;
            newest_changed = changed;
        }
    }
    return newest
               ? kf_calendar_vintage(self->options.calendar, newest->publication, newest->known_ms)
               : "unspecified";
}

/* False when an event is open. */
static bool describe(const struct kf_detect *self, struct kf_moment now,
                     struct kf_detect_release *release)
{
    bool open = false;
    *release = (struct kf_detect_release){.complete = true};
    (void)newest_event(self, now.wall_ms, release, &open);
    release->complete = true;
    release->vintage = vintage_of(self);
    for (size_t i = 0; i < self->tables_len; i++) {
        const struct kf_detect_table *table = &self->tables[i];
        if (is_missing(self, table, now)) {
            release->complete = false;
            append(release->missing, table->table, table->trouble);
        }
    }
    return !open;
}

static bool is_quiet(const struct kf_detect *self, struct kf_moment now)
{
    int64_t since_ms = now.mono_ms - self->changed_mono_ms;
    return since_ms >= self->options.quiet_ms &&
           (is_confirmed(self) || since_ms >= self->options.patience_ms);
}

bool kf_detect_due(const struct kf_detect *self, struct kf_moment now,
                   struct kf_detect_release *release)
{
    struct kf_detect_release described;
    if (!kf_detect_is_changed(self) || any_is_waited_for(self, now) || !is_quiet(self, now) ||
        !describe(self, now, &described)) {
        return false;
    }
    *release = described;
    return true;
}

static bool any_changed(const struct kf_detect *self)
{
    for (size_t i = 0; i < self->tables_len; i++) {
        const struct kf_detect_table *table = &self->tables[i];
        if (is_known(table) && strcmp(table->digest, table->assembled) != 0) {
            return true;
        }
    }
    return false;
}

bool kf_detect_waits(const struct kf_detect *self, struct kf_moment now,
                     struct kf_detect_release *release)
{
    struct kf_detect_release described;
    bool open = !describe(self, now, &described);
    if (!open && !any_changed(self)) {
        return false;
    }
    described.event = open;
    *release = described;
    return true;
}

/* --- time ----------------------------------------------------------------------------------- */

/* Lowers `pause_ms` to `in_ms` unless that is over. */
static void no_later(int64_t *pause_ms, int64_t in_ms)
{
    if (in_ms > 0) {
        *pause_ms = lower(*pause_ms, in_ms);
    }
}

static void pause_for_table(const struct kf_detect *self, const struct kf_detect_table *table,
                            struct kf_moment now, int64_t *pause_ms)
{
    if (is_to_ask(self, table, now.wall_ms)) {
        no_later(pause_ms, table->retry_mono_ms == NEVER ? 1 : table->retry_mono_ms - now.mono_ms);
        no_later(pause_ms, table->since_mono_ms + self->options.patience_ms - now.mono_ms);
    }
}

int64_t kf_detect_pause_ms(const struct kf_detect *self, struct kf_moment now)
{
    size_t table = 0;
    int64_t pause_ms = MINUTE_MS * 60;
    bool open = false;
    struct kf_detect_release last = {0};
    struct kf_calendar_event next = {0};
    if (kf_detect_next(self, now, &table) != KF_DETECT_NOTHING) {
        return 1;
    }
    no_later(&pause_ms, search_at_ms(self, now) - now.mono_ms);
    for (size_t i = 0; i < self->tables_len; i++) {
        pause_for_table(self, &self->tables[i], now, &pause_ms);
    }
    if (kf_detect_next_event(self, now.wall_ms, &next)) {
        no_later(&pause_ms, next.at_ms - now.wall_ms);
    }
    if (newest_event(self, now.wall_ms, &last, &open) && open) {
        no_later(&pause_ms, last.of.at_ms + self->options.patience_ms - now.wall_ms);
    }
    if (kf_detect_is_changed(self)) {
        no_later(&pause_ms, confirmed_from_ms(self) - now.mono_ms);
        no_later(&pause_ms, self->changed_mono_ms + self->options.patience_ms - now.mono_ms);
    }
    return higher(pause_ms, 1);
}
