/* The day: a wall clock that a test or a demonstration may start anywhere and let run faster.
 *
 * Written START[,SPEED[,ANCHOR]], as in 2026-03-16T04:55:00Z,600: it was START when the real clock
 * showed ANCHOR (milliseconds since 1970; the moment of reading when it is left out), and every
 * real second is SPEED seconds of the day. Processes that were given the same ANCHOR share the day.
 * "" is the real clock.
 */
#ifndef KF_BASE_DAY_H
#define KF_BASE_DAY_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/error.h"

#define KF_DAY_SPEED_MAX 100000

struct kf_day {
    int64_t start_ms;  /* of the day, milliseconds since 1970 */
    int64_t anchor_ms; /* of kf_clock_monotonic_ms, when it was `start_ms` */
    int64_t speed;     /* 0: the real clock */
};

/* The real clock. Its wall time follows kf_clock_wall_ms. */
void kf_day_init(struct kf_day *self);

/* KF_ERR_CONFIG, with what is expected, for a text that is no day; `self` is unchanged then. */
enum kf_err kf_day_parse(const char *text, struct kf_day *self, struct kf_error *err);

/* What its wall clock shows, milliseconds since 1970. */
int64_t kf_day_wall_ms(const struct kf_day *self);

/* Its time that never jumps, for intervals: milliseconds from an arbitrary start. */
int64_t kf_day_monotonic_ms(const struct kf_day *self);

/* How long a duration of the day really takes, at least 1 ms for a positive one. */
int64_t kf_day_real_ms(const struct kf_day *self, int64_t duration_ms);

/* Reads a time of RFC 3339 (2026-03-16T07:00:00Z, with offset or fraction) or a date
 * (2026-03-16, at 00.00 UTC) to milliseconds since 1970. False for anything else. */
bool kf_day_time(const char *text, int64_t *wall_ms);

#endif
