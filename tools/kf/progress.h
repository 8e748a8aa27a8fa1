/* What people see of a running pipeline: a line for each stage, and notes about what happened.
 *
 * On a terminal the lines stand still at its lower end and change; elsewhere a line is printed when
 * it has changed. Notes are printed once, above. What is shown comes from the status beats, which
 * may get lost: nothing but the display rests on them, and the word "ready".
 */
#ifndef KF_TOOLS_PROGRESS_H
#define KF_TOOLS_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "common/base/text.h"
#include "common/codec/status.h"
#include "tools/kf/fleet.h"

#define KF_PROGRESS_SILENT_MS 10000

struct kf_progress;

struct kf_progress_options {
    FILE *out;
    bool live;   /* `out` is a terminal */
    bool colour; /* only with live */
    bool quiet;  /* neither lines nor notes, only faults */
};

/* For the processes of `fleet` (borrowed). NULL when there is no memory. */
struct kf_progress *kf_progress_new(const struct kf_fleet *fleet,
                                    const struct kf_progress_options *options);
void kf_progress_destroy(struct kf_progress **self);

/* --- what is known --------------------------------------------------------------------------- */

/* A process was started and has not been heard of. What its forerunner counted is kept. */
void kf_progress_started(struct kf_progress *self, struct kf_fleet_process process, pid_t pid);

/* A process has ended. Its last beat may still come in. */
void kf_progress_ended(struct kf_progress *self, struct kf_fleet_process process);

/* Tells what time it is, monotonic. Who has said nothing for KF_PROGRESS_SILENT_MS is silent, which
 * is not ready; before the first call nobody is. */
void kf_progress_tick(struct kf_progress *self, int64_t now_ms);

/* Takes a beat. One of an unknown process, or of one that was not started here, changes nothing. */
void kf_progress_beat(struct kf_progress *self, const struct kf_status *beat);

/* True when the process last said that it is ready, and is not silent. */
bool kf_progress_is_ready(const struct kf_progress *self, struct kf_fleet_process process);

/* True when every process is. */
bool kf_progress_all_ready(const struct kf_progress *self);

/* Panels that ingest has not had a receipt for, as far as is known. */
uint32_t kf_progress_open_panels(const struct kf_progress *self);

/* Appends the line of a stage, without colour or line end: name, panels in, out, in progress,
 * state. */
void kf_progress_line(const struct kf_progress *self, enum kf_fleet_stage stage,
                      struct kf_text *line);

/* --- what is printed ------------------------------------------------------------------------- */

/* Prints what has changed. */
void kf_progress_show(struct kf_progress *self);

/* Prints one line, or several. */
void kf_progress_note(struct kf_progress *self, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The same, also when quiet. */
void kf_progress_fault(struct kf_progress *self, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* No more lines from now on, only notes. */
void kf_progress_close(struct kf_progress *self);

/* True when something could not be printed: whoever watched is gone. */
bool kf_progress_is_cut_off(const struct kf_progress *self);

#endif
