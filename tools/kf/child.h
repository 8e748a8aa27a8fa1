/* A child process: its start, its log file, its end.
 *
 * A child never outlives the process that started it (PR_SET_PDEATHSIG), is in a process group of
 * its own, so that Ctrl-C reaches only its parent, reads nothing, and writes into its log file.
 */
#ifndef KF_TOOLS_CHILD_H
#define KF_TOOLS_CHILD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/base/error.h"
#include "common/base/text.h"

/* A log that has grown beyond this when its process starts is put aside as FILE.old. */
#define KF_CHILD_LOG_BYTES_MAX ((int64_t)8 * 1024 * 1024)

struct kf_child_options {
    const char *program;  /* path of the executable */
    char *const *command; /* its words, NULL-terminated */
    const char *log;      /* file that standard error, and output unless wanted, is appended to */
    bool want_output;     /* standard output comes back through a descriptor */
};

struct kf_child {
    pid_t pid;
    int output;       /* to read from, not blocking; -1 unless wanted. The caller closes it. */
    int64_t log_from; /* where in the log this life begins */
};

/* Starts the process. Call from the main thread: the child dies with the thread that started it.
 * KF_ERR_CONFIG when the program or the log cannot be opened, KF_ERR_IO when the system has no
 * room. */
enum kf_err kf_child_start(const struct kf_child_options *options, struct kf_child *child,
                           struct kf_error *err);

/* Appends the last `lines` lines of the log, from `from` on, each behind `indent`. Appends nothing
 * when there are none. */
void kf_child_log_tail(const char *log, int64_t from, unsigned lines, const char *indent,
                       struct kf_text *text);

/* Appends how a process ended, from waitpid's status: "exited with 1", "was killed by signal 9". */
void kf_child_print_end(int status, struct kf_text *text);

#endif
