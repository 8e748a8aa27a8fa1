#include "services/ingest/teller.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "services/ingest/watch/calendar.h"

#define LOOKED_AT_MAX 32 /* newest rows; some are of no release yet */

struct kf_teller {
    struct kf_teller_options options;
    struct kf_calendar *calendar; /* NULL: none is known */
    struct kf_status_ingest told; /* what follows from the ledger */
    bool refreshed;
    int64_t newest; /* number of the newest release by then */
};

/* --- life cycle ------------------------------------------------------------------------------ */

static enum kf_err read_calendar(struct kf_teller *self, struct kf_error *err)
{
    struct kf_error ignored;
    struct kf_findings *findings = kf_malloc(sizeof *findings);
    if (!findings) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for findings");
    }
    kf_findings_init(findings);
    (void)kf_calendar_read(self->options.editions, &self->calendar, findings, &ignored);
    kf_findings_clear(findings);
    kf_free(findings);
    return KF_OK;
}

enum kf_err kf_teller_open(const struct kf_teller_options *options, struct kf_teller **teller,
                           struct kf_error *err)
{
    struct kf_teller *self = kf_calloc(1, sizeof *self);
    if (!self) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the status beat");
    }
    self->options = *options;
    enum kf_err code = read_calendar(self, err);
    if (code != KF_OK) {
        kf_teller_close(&self);
        return code;
    }
    *teller = self;
    return KF_OK;
}

void kf_teller_close(struct kf_teller **self)
{
    if (self && *self) {
        kf_calendar_destroy(&(*self)->calendar);
        kf_free(*self);
        *self = NULL;
    }
}

/* --- the ledger ------------------------------------------------------------------------------ */

/* What is being read. */
struct reading {
    const struct kf_teller *self;
    struct kf_status_ingest told;
    int64_t newest;
    int64_t now_ms;
};

/* When the release was recorded: now, if it was not there before; as told before; else unknown. */
static int64_t recorded_ms(const struct reading *reading, const struct kf_ledger_release *release)
{
    const struct kf_teller *self = reading->self;
    for (size_t i = 0; i < self->told.phases_len; i++) {
        if (strcmp(self->told.phases[i].release, release->id) == 0) {
            return self->told.phases[i].recorded_ms;
        }
    }
    return self->refreshed && release->number > self->newest ? reading->now_ms : 0;
}

/* Of an announced release there is only a name. */
static enum kf_err add_phases(void *context, const struct kf_ledger_release *release,
                              struct kf_error *err)
{
    struct reading *reading = context;
    const struct kf_teller_options *options = &reading->self->options;
    struct kf_status_ingest *told = &reading->told;
    (void)err;
    if (release->number > reading->newest) {
        reading->newest = release->number;
    }
    if (release->state == KF_LEDGER_DISCOVERED || told->phases_len == KF_STATUS_PHASES_MAX) {
        return KF_OK;
    }
    struct kf_phases *phases = &told->phases[told->phases_len++];
    memcpy(phases->release, release->id, sizeof phases->release);
    phases->discovered_ms = release->discovered_ms;
    phases->recorded_ms = recorded_ms(reading, release);
    phases->sent_ms = release->sent_ms;
    phases->held_ms = options->held_ms(options->sender, release->id);
    phases->committed_ms = release->committed_ms;
    phases->attempts = release->attempts;
    return KF_OK;
}

/* Copies what fits, never a part of a character. */
static void copy_cut(const char *from, char *to, size_t size)
{
    (void)snprintf(to, size, "%s", from);
    to[kf_text_whole(to, strlen(to))] = '\0';
}

static enum kf_err add_held(void *context, const struct kf_ledger_release *release,
                            struct kf_error *err)
{
    struct reading *reading = context;
    struct kf_status_held *held = &reading->told.held[reading->told.held_len++];
    (void)err;
    memcpy(held->release, release->id, sizeof held->release);
    copy_cut(release->input, held->input, sizeof held->input);
    copy_cut(release->reason, held->reason, sizeof held->reason);
    held->since_ms = release->discovered_ms;
    return KF_OK;
}

enum kf_err kf_teller_refresh(struct kf_teller *self, const struct kf_ledger_totals *totals,
                              struct kf_error *err)
{
    struct kf_ledger *ledger = self->options.ledger;
    struct reading reading = {.self = self, .now_ms = kf_clock_wall_ms()};
    const uint64_t *releases = totals->releases;
    enum kf_err code = kf_ledger_list(ledger, LOOKED_AT_MAX, add_phases, &reading, err);
    if (code == KF_OK && releases[KF_LEDGER_HELD] > 0) {
        code = kf_ledger_list_held(ledger, KF_STATUS_HELD_MAX, add_held, &reading, err);
    }
    if (code != KF_OK) {
        return code;
    }
    reading.told.releases_open =
        (uint32_t)(releases[KF_LEDGER_COMPLETE] + releases[KF_LEDGER_SENT]);
    reading.told.held_total = (uint32_t)releases[KF_LEDGER_HELD];
    reading.told.oldest_unreceipted_ms = totals->oldest_open_ms;
    self->told = reading.told;
    self->newest = reading.newest;
    self->refreshed = true;
    return KF_OK;
}

/* --- telling --------------------------------------------------------------------------------- */

/* The event's moment on the real clock: a day that runs faster has it sooner. In whole seconds
 * then, so that it stands still from beat to beat. */
static int64_t real_moment_ms(const struct kf_day *day, int64_t at_ms, int64_t day_ms)
{
    if (day->speed == 0) {
        return at_ms;
    }
    int64_t real_ms = kf_clock_wall_ms() + kf_day_real_ms(day, at_ms - day_ms);
    return (real_ms + 500) / 1000 * 1000;
}

static void tell_next(const struct kf_teller *self, struct kf_status_ingest *told)
{
    struct kf_calendar_event event;
    int64_t day_ms = kf_day_wall_ms(self->options.day);
    if (!self->calendar || !kf_calendar_next_of_all(self->calendar, day_ms, &event)) {
        return;
    }
    told->next_publication_ms = real_moment_ms(self->options.day, event.at_ms, day_ms);
    (void)snprintf(told->next_publication, sizeof told->next_publication,
                   "%.100s, %.40s figures of %d", event.publication, event.vintage,
                   event.data_year);
}

void kf_teller_tell(const struct kf_teller *self, const struct kf_dispatch_counts *counts,
                    struct kf_status *status)
{
    struct kf_status_ingest *told = &status->ingest;
    status->has_ingest = true;
    *told = self->told;
    told->window = self->options.window;
    told->in_flight = counts->in_flight;
    told->waiting = counts->waiting;
    told->held_by_publish = counts->held;
    tell_next(self, told);
}
