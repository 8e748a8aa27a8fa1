/* Signals as a descriptor for the poll loop: SIGTERM, SIGINT and SIGHUP are read, SIGPIPE is
 * ignored. */
#ifndef KF_SERVICE_SIGNALS_H
#define KF_SERVICE_SIGNALS_H

#include "common/base/error.h"

/* First thing in main: a SIGHUP that comes before kf_signals_open waits for it, instead of being
 * the process's end. */
void kf_signals_keep_reload(void);

/* Call before any thread is started: threads inherit the blocked signals. Gives a descriptor that
 * is readable when a signal has come; the caller closes it. */
enum kf_err kf_signals_open(int *descriptor, struct kf_error *err);

/* Takes the next signal that has come; 0 when there is none. Never waits. */
int kf_signals_take(int descriptor);

#endif
