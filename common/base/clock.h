/* Time, behind one door so that tests can set it. */
#ifndef KF_BASE_CLOCK_H
#define KF_BASE_CLOCK_H

#include <stddef.h>
#include <stdint.h>

#define KF_CLOCK_TEXT_SIZE 32

/* Milliseconds that never jump, from an arbitrary start. For time-outs and durations. */
int64_t kf_clock_monotonic_ms(void);

/* Milliseconds since 1970-01-01 UTC. For people and records, never for time-outs. */
int64_t kf_clock_wall_ms(void);

/* Writes `wall_ms` as RFC 3339 in UTC with milliseconds, e.g. 2026-03-15T07:00:00.123Z. Times
 * outside the years 1 to 9999 print as 1970-01-01T00:00:00.000Z. */
void kf_clock_print(int64_t wall_ms, char text[KF_CLOCK_TEXT_SIZE]);

#endif
