#include "common/base/day.h"

#include <limits.h>
#include <stddef.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/text.h"

#define DAY_MS     INT64_C(86400000)
#define HOUR_MS    INT64_C(3600000)
#define MINUTE_MS  INT64_C(60000)
#define SECOND_MS  INT64_C(1000)
#define ANCHOR_MAX 99999999999999UL /* the year 5138 */

/* Days from 1970-01-01 to a day of the Gregorian calendar, from year 1 on. */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
    /* Years begin in March here, so that the leap day is the last of its year. */
    int64_t shifted = month <= 2 ? year - 1 : year;
    int64_t month_from_march = (month + 9) % 12;
    int64_t day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + day_of_year - 719468;
}

static int64_t days_in(int64_t year, int64_t month)
{
    return month == 12 ? 31 : days_of(year, month + 1, 1) - days_of(year, month, 1);
}

/* What is left to read. */
struct cursor {
    const char *text;
    bool failed;
};

static int64_t number(struct cursor *self, size_t digits, int64_t minimum, int64_t maximum)
{
    unsigned long value = 0;
    if (self->failed || strnlen(self->text, digits) < digits ||
        !kf_text_to_unsigned(self->text, digits, ULONG_MAX, &value) || (int64_t)value < minimum ||
        (int64_t)value > maximum) {
        self->failed = true;
        return 0;
    }
    self->text += digits;
    return (int64_t)value;
}

static bool skip(struct cursor *self, const char *any_of)
{
    if (self->failed || *self->text == '\0' || !strchr(any_of, *self->text)) {
        return false;
    }
    self->text++;
    return true;
}

static void expect(struct cursor *self, const char *any_of)
{
    self->failed = !skip(self, any_of) || self->failed;
}

static int64_t read_date(struct cursor *self)
{
    int64_t year = number(self, 4, 1, 9999);
    expect(self, "-");
    int64_t month = number(self, 2, 1, 12);
    expect(self, "-");
    int64_t day = number(self, 2, 1, 31);
    if (self->failed || day > days_in(year, month)) {
        self->failed = true;
        return 0;
    }
    return days_of(year, month, day) * DAY_MS;
}

/* Milliseconds; further digits are passed over. */
static int64_t read_fraction(struct cursor *self)
{
    int64_t fraction = 0;
    int64_t unit = 100;
    if (!skip(self, ".,")) {
        return 0;
    }
    size_t digits = strspn(self->text, "0123456789");
    self->failed = self->failed || digits == 0;
    for (size_t i = 0; i < digits; i++, unit /= 10) {
        fraction += (self->text[i] - '0') * unit;
    }
    self->text += digits;
    return fraction;
}

static int64_t read_offset(struct cursor *self)
{
    if (skip(self, "Zz")) {
        return 0;
    }
    int64_t sign = *self->text == '-' ? -1 : 1;
    expect(self, "+-");
    int64_t hours = number(self, 2, 0, 23);
    expect(self, ":");
    return sign * (hours * HOUR_MS + number(self, 2, 0, 59) * MINUTE_MS);
}

static int64_t read_time(struct cursor *self)
{
    int64_t time_ms = number(self, 2, 0, 23) * HOUR_MS;
    expect(self, ":");
    time_ms += number(self, 2, 0, 59) * MINUTE_MS;
    expect(self, ":");
    time_ms += number(self, 2, 0, 60) * SECOND_MS;
    time_ms += read_fraction(self);
    return time_ms - read_offset(self);
}

bool kf_day_time(const char *text, int64_t *wall_ms)
{
    struct cursor cursor = {.text = text};
    int64_t read_ms = read_date(&cursor);
    if (skip(&cursor, "Tt ")) {
        read_ms += read_time(&cursor);
    }
    if (cursor.failed || *cursor.text != '\0') {
        return false;
    }
    *wall_ms = read_ms;
    return true;
}

void kf_day_init(struct kf_day *self)
{
    *self = (struct kf_day){.speed = 0};
}

/* START,SPEED,ANCHOR as three texts; missing ones are "". */
static bool split(const char *text, char parts[3][KF_CLOCK_TEXT_SIZE])
{
    for (size_t i = 0; i < 3; i++) {
        size_t length = strcspn(text, ",");
        if (length >= KF_CLOCK_TEXT_SIZE) {
            return false;
        }
        memcpy(parts[i], text, length);
        parts[i][length] = '\0';
        text += length;
        if (*text == ',') {
            text++;
        }
    }
    return *text == '\0';
}

static bool read_part(const char *text, unsigned long maximum, int64_t missing, int64_t *read)
{
    unsigned long value = 0;
    if (text[0] == '\0') {
        *read = missing;
        return true;
    }
    if (!kf_text_to_unsigned(text, strlen(text), maximum, &value) || value == 0) {
        return false;
    }
    *read = (int64_t)value;
    return true;
}

enum kf_err kf_day_parse(const char *text, struct kf_day *self, struct kf_error *err)
{
    char parts[3][KF_CLOCK_TEXT_SIZE];
    struct kf_day day = {0};
    int64_t real_ms = kf_clock_wall_ms();
    int64_t anchor_ms = 0;
    if (text[0] == '\0') {
        kf_day_init(self);
        return KF_OK;
    }
    if (!split(text, parts) || !kf_day_time(parts[0], &day.start_ms) ||
        !read_part(parts[1], KF_DAY_SPEED_MAX, 1, &day.speed) ||
        !read_part(parts[2], ANCHOR_MAX, real_ms, &anchor_ms)) {
        return kf_error_set(err, KF_ERR_CONFIG,
                            "\"%.100s\" is no day: write START,SPEED,ANCHOR as in "
                            "2026-03-16T04:55:00Z,600 (SPEED 1 to %d; ANCHOR in milliseconds "
                            "since 1970)",
                            text, KF_DAY_SPEED_MAX);
    }
    day.anchor_ms = kf_clock_monotonic_ms() - (real_ms - anchor_ms);
    *self = day;
    return KF_OK;
}

static bool is_real(const struct kf_day *self)
{
    return self->speed == 0;
}

int64_t kf_day_wall_ms(const struct kf_day *self)
{
    return is_real(self)
               ? kf_clock_wall_ms()
               : self->start_ms + (kf_clock_monotonic_ms() - self->anchor_ms) * self->speed;
}

int64_t kf_day_monotonic_ms(const struct kf_day *self)
{
    return is_real(self) ? kf_clock_monotonic_ms()
                         : (kf_clock_monotonic_ms() - self->anchor_ms) * self->speed;
}

int64_t kf_day_real_ms(const struct kf_day *self, int64_t duration_ms)
{
    if (is_real(self) || duration_ms <= 0) {
        return duration_ms;
    }
    return (duration_ms + self->speed - 1) / self->speed;
}
