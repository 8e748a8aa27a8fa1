/* When Statistics Norway publishes: EDITIONS/sources/calendar.yaml.
 *
 * A publication ("kostra") has events, each on a day of the year or on a date, at an hour of Oslo,
 * with the vintage that its figures are ("unrevised" on 15 March, "revised" on 15 June at 08.00)
 * and the year that they are of, relative to the event's. A day of the year that is no working day
 * moves to the next one; an event with a date takes the place of the rule's of the same year and
 * vintage.
 *
 * Times are milliseconds since 1970 (UTC). Oslo's clock is that of the European Union's rule: an
 * hour ahead of UTC, two from the last Sunday of March to that of October, at 01.00 UTC. */
#ifndef KF_INGEST_CALENDAR_H
#define KF_INGEST_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/findings.h"

#define KF_PUBLICATIONS_MAX 32

struct kf_calendar;

/* KF_ERR_CONFIG with findings. A file that is not there is an empty calendar. */
enum kf_err kf_calendar_read(const char *editions, struct kf_calendar **calendar,
                             struct kf_findings *findings, struct kf_error *err);
void kf_calendar_destroy(struct kf_calendar **self);

struct kf_calendar_event {
    const char *publication;
    const char *vintage; /* "unrevised", "revised" */
    int64_t at_ms;
    int64_t day_ms;   /* midnight of Oslo before it: figures may show, and are not to be taken */
    int64_t until_ms; /* what is updated from `day_ms` until then belongs to the event */
    int data_year;
};

/* True when the calendar knows the publication, with or without events. */
bool kf_calendar_has(const struct kf_calendar *self, const char *publication);

/* The last event at or before `wall_ms`, and the first after it. False when there is none. */
bool kf_calendar_last(const struct kf_calendar *self, const char *publication, int64_t wall_ms,
                      struct kf_calendar_event *event);
bool kf_calendar_next(const struct kf_calendar *self, const char *publication, int64_t wall_ms,
                      struct kf_calendar_event *event);

/* The first event of any publication after `wall_ms`; of two at once that of the first publication.
 */
bool kf_calendar_next_of_all(const struct kf_calendar *self, int64_t wall_ms,
                             struct kf_calendar_event *event);

/* What a change of the publication's tables at `updated_ms` is: the vintage of the event that it
 * belongs to, "correction" outside of events, "unspecified" before the first or without one. */
const char *kf_calendar_vintage(const struct kf_calendar *self, const char *publication,
                                int64_t updated_ms);

#endif
