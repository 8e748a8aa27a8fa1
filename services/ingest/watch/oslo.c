#include "services/ingest/watch/oslo.h"

#include <stddef.h>
#include <stdio.h>

#include "common/base/clock.h"

#define DAY_MS    INT64_C(86400000)
#define HOUR_MS   INT64_C(3600000)
#define MINUTE_MS INT64_C(60000)
#define SUNDAY    0 /* of weekday */

/* Rounds down, also below zero. */
static int64_t divide(int64_t number, int64_t by)
{
    return number >= 0 ? number / by : -((-number + by - 1) / by);
}

int64_t kf_oslo_day(int year, int month, int day)
{
    /* Years begin in March here, so that the leap day is the last of its year. */
    int64_t shifted = month <= 2 ? year - 1 : year;
    int64_t month_from_march = (month + 9) % 12;
    int64_t day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    return shifted * 365 + divide(shifted, 4) - divide(shifted, 100) + divide(shifted, 400) +
           day_of_year - 719468;
}

int kf_oslo_year(int64_t day)
{
    /* The mean length of a year gives it to a year's exactness. */
    int year = (int)(1970 + divide(day * 400, 146097));
    while (day < kf_oslo_day(year, 1, 1)) {
        year--;
    }
    while (day >= kf_oslo_day(year + 1, 1, 1)) {
        year++;
    }
    return year;
}

/* 0 for Sunday to 6 for Saturday; 1970-01-01 was a Thursday. */
static int weekday(int64_t day)
{
    return (int)(((day + 4) % 7 + 7) % 7);
}

/* The paschal full moon and the Sunday after it (the Gregorian computus). */
int64_t kf_oslo_easter(int year)
{
    int golden = year % 19;
    int century = year / 100;
    int leaps_left_out = century - century / 4;
    int moon_ahead = (8 * century + 13) / 25;
    int epact = (leaps_left_out - moon_ahead + 19 * golden + 15) % 30;
    if (epact == 29 || (epact == 28 && golden > 10)) {
        epact--;
    }
    int64_t full_moon = kf_oslo_day(year, 3, 21) + epact;
    return full_moon + 7 - weekday(full_moon);
}

static bool is_holiday(int64_t day)
{
    static const struct {
        int month, day;
    } fixed[] = {{1, 1}, {5, 1}, {5, 17}, {12, 25}, {12, 26}};
    static const int after_easter[] = {-3, -2, 0, 1, 39, 49, 50};
    int year = kf_oslo_year(day);
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++) {
        if (day == kf_oslo_day(year, fixed[i].month, fixed[i].day)) {
            return true;
        }
    }
    int64_t easter = kf_oslo_easter(year);
    for (size_t i = 0; i < sizeof after_easter / sizeof after_easter[0]; i++) {
        if (day == easter + after_easter[i]) {
            return true;
        }
    }
    return false;
}

bool kf_oslo_is_working_day(int64_t day)
{
    return weekday(day) >= 1 && weekday(day) <= 5 && !is_holiday(day);
}

int64_t kf_oslo_working_day_from(int64_t day)
{
    while (!kf_oslo_is_working_day(day)) {
        day++;
    }
    return day;
}

/* --- the clock ------------------------------------------------------------------------------ */

static int64_t last_sunday_ms(int year, int month)
{
    int64_t last = kf_oslo_day(year, month + 1, 1) - 1;
    return (last - (weekday(last) - SUNDAY)) * DAY_MS + HOUR_MS;
}

/* How far Oslo's clock is ahead of UTC. */
static int64_t ahead_ms(int64_t wall_ms)
{
    int year = kf_oslo_year(divide(wall_ms, DAY_MS));
    bool summer = wall_ms >= last_sunday_ms(year, 3) && wall_ms < last_sunday_ms(year, 10);
    return summer ? 2 * HOUR_MS : HOUR_MS;
}

int64_t kf_oslo_at_ms(int64_t day, int minute)
{
    int64_t shown_ms = day * DAY_MS + minute * MINUTE_MS;
    return shown_ms - ahead_ms(shown_ms - HOUR_MS);
}

int64_t kf_oslo_day_at(int64_t wall_ms)
{
    return divide(wall_ms + ahead_ms(wall_ms), DAY_MS);
}

void kf_oslo_print(int64_t wall_ms, char text[KF_OSLO_TEXT_SIZE])
{
    char shown[KF_CLOCK_TEXT_SIZE];
    kf_clock_print(wall_ms + ahead_ms(wall_ms), shown);
    (void)snprintf(text, KF_OSLO_TEXT_SIZE, "%.10s %.2s.%.2s", shown, shown + 11, shown + 14);
}
