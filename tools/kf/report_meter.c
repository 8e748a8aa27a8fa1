#include "tools/kf/report_meter.h"

#include <stdarg.h>

#include "common/base/clock.h"

#define LINE_SIZE    160
#define LIVE_MS      100  /* between two lines on a terminal */
#define FORESIGHT_MS 2000 /* of work, before the rest is foretold */

void kf_report_meter_init(struct kf_report_meter *self, FILE *out, bool live)
{
    int64_t now_ms = kf_clock_monotonic_ms();
    *self = (struct kf_report_meter){
        .out = out, .live = live, .begun_ms = now_ms, .told_ms = live ? now_ms - LIVE_MS : now_ms};
}

static bool is_time(struct kf_report_meter *self)
{
    int64_t now_ms = kf_clock_monotonic_ms();
    if (now_ms - self->told_ms < (self->live ? LIVE_MS : KF_REPORT_METER_EVERY_MS)) {
        return false;
    }
    self->told_ms = now_ms;
    return true;
}

static void print(struct kf_report_meter *self, const char *line)
{
    (void)fprintf(self->out, self->live ? "\r\033[K%s" : "%s\n", line);
    (void)fflush(self->out);
    self->standing = self->live;
}

void kf_report_meter_tell(struct kf_report_meter *self, const char *format, ...)
{
    char line[LINE_SIZE];
    va_list arguments;
    if (!is_time(self)) {
        return;
    }
    va_start(arguments, format);
    (void)vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    print(self, line);
}

void kf_report_meter_count(struct kf_report_meter *self, size_t count, size_t of, const char *what)
{
    int64_t spent_ms = kf_clock_monotonic_ms() - self->begun_ms;
    if (count > 0 && spent_ms >= FORESIGHT_MS) {
        int64_t left_ms = spent_ms * (int64_t)(of - count) / (int64_t)count;
        kf_report_meter_tell(self, "  %zu of %zu, about %lld s left: %s", count, of,
                             (long long)(left_ms / 1000 + 1), what);
    } else {
        kf_report_meter_tell(self, "  %zu of %zu: %s", count, of, what);
    }
}

void kf_report_meter_clear(struct kf_report_meter *self)
{
    if (self->standing) {
        (void)fputs("\r\033[K", self->out);
        (void)fflush(self->out);
        self->standing = false;
    }
}
