/* How far long work has come, on standard error: on a terminal one line that changes, elsewhere a
 * line every ten seconds. */
#ifndef KF_TOOLS_REPORT_METER_H
#define KF_TOOLS_REPORT_METER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define KF_REPORT_METER_EVERY_MS 10000

struct kf_report_meter {
    FILE *out;
    bool live;        /* `out` is a terminal */
    bool standing;    /* a line stands there that the next one takes the place of */
    int64_t begun_ms; /* of the monotonic clock */
    int64_t told_ms;
};

/* A meter in the caller's storage whose work begins now. */
void kf_report_meter_init(struct kf_report_meter *self, FILE *out, bool live);

/* `count` of `of` things are done; `what` is the newest. Says so when it is time, with what is left
 * of the time once that can be told. */
void kf_report_meter_count(struct kf_report_meter *self, size_t count, size_t of, const char *what);

/* The same in words, for work whose end is not known. */
void kf_report_meter_tell(struct kf_report_meter *self, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Removes the line that stands on the terminal. Before anything else is printed. */
void kf_report_meter_clear(struct kf_report_meter *self);

#endif
