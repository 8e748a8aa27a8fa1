/* Runs the processes of a pipeline: starts them, starts again what dies, stops them in order.
 *
 *     broker → all services → ready … → ingest → stages in order → publish → broker
 *              (starting)                (stopping, each waits for the one before)
 *
 * A process that dies is started again, told in one line (see restart.h for when). One that exits
 * with 2 was given settings it cannot work with: trying again is no use, so everything stops,
 * unless it is the board, which nothing rests on: the pipeline goes on without it. The first
 * SIGINT, SIGTERM or SIGHUP stops in order, a second one at once. Waits in one place only, for
 * signals, beats, the broker's address and the nearest deadline.
 */
#ifndef KF_TOOLS_SUPERVISOR_H
#define KF_TOOLS_SUPERVISOR_H

#include <stdbool.h>

#include "common/base/error.h"
#include "tools/kf/fleet.h"
#include "tools/kf/progress.h"

struct kf_supervisor_options {
    const struct kf_fleet *fleet;
    const char *program_dir;       /* where kf-ingest … lie */
    const char *log_dir;           /* one file for each process */
    const char *bootstrap_servers; /* NULL: start the development broker */
    const char *ready_file;        /* NULL: none. Written once, whole, when all are ready. */
    struct kf_progress *progress;
};

/* Runs until a signal. KF_OK when every process ended by itself and cleanly, whatever still waits
 * in the ledger; otherwise what was wrong has been told, and the result is KF_ERR_CONFIG when a
 * process refused its settings, KF_ERR_PEER when one failed, left a panel inside or had to be
 * killed, or the error that made running impossible. Signals are blocked in the calling thread from
 * here on. */
enum kf_err kf_supervisor_run(const struct kf_supervisor_options *options, struct kf_error *err);

#endif
