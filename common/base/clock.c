#include "common/base/clock.h"

#include <stdio.h>
#include <time.h>

static int64_t read_ms(clockid_t clock)
{
    struct timespec now = {0};
    (void)clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t kf_clock_monotonic_ms(void)
{
    return read_ms(CLOCK_MONOTONIC);
}

int64_t kf_clock_wall_ms(void)
{
    return read_ms(CLOCK_REALTIME);
}

void kf_clock_print(int64_t wall_ms, char text[KF_CLOCK_TEXT_SIZE])
{
    int64_t ms = wall_ms % 1000;
    time_t seconds = (time_t)(wall_ms / 1000);
    if (ms < 0) {
        ms += 1000;
        seconds -= 1;
    }
    struct tm utc = {0};
    if (!gmtime_r(&seconds, &utc) || utc.tm_year < -1899 || utc.tm_year > 8099) {
        seconds = 0;
        ms = 0;
        (void)gmtime_r(&seconds, &utc);
    }
    char rest[KF_CLOCK_TEXT_SIZE - 12];
    (void)strftime(rest, sizeof rest, "-%m-%dT%H:%M:%S", &utc);
    unsigned year = (unsigned)(utc.tm_year + 1900) % 10000u;
    (void)snprintf(text, KF_CLOCK_TEXT_SIZE, "%04u%s.%03uZ", year, rest, (unsigned)ms % 1000u);
}
