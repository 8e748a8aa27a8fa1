/* When to search again for tables that have changed. Pure: state in, duration out. */
#ifndef KF_INGEST_SCHEDULE_H
#define KF_INGEST_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

#define KF_SCHEDULE_AWAITED_MS  20000   /* from an event's hour, for an hour, until it is whole */
#define KF_SCHEDULE_LATE_MS     60000   /* after that hour, while it is awaited */
#define KF_SCHEDULE_DAY_MS      300000  /* on the day of an event */
#define KF_SCHEDULE_ORDINARY_MS 3600000 /* any other day */
#define KF_SCHEDULE_FAILED_MS   15000   /* after the first failure; doubled with each */
#define KF_SCHEDULE_FAILED_MAX  900000  /* never longer than that after failures */

/* Durations are those of the day, in milliseconds. */
struct kf_schedule {
    int64_t to_event_ms;    /* until the next event's hour; -1: none is known */
    int64_t since_event_ms; /* since the last event's hour; -1: none was */
    bool awaited;           /* the last event is not whole yet */
    bool on_day;            /* this is the day of an event, before or after its hour */
    bool changed;           /* something new was taken and no search has confirmed since that it
                               is all */
    int64_t quiet_ms;       /* so long after a change it is confirmed */
    unsigned failures;      /* searches that failed since the last good one */
};

/* How long after a search, good or not, the next one is due; never beyond the next event's hour,
 * which is the moment when to look, and at least a second. */
int64_t kf_schedule_pause_ms(const struct kf_schedule *self);

#endif
