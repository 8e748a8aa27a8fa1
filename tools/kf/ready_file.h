/* The file that tells whoever started `kf up` where everything is: a line a fact. */
#ifndef KF_TOOLS_READY_FILE_H
#define KF_TOOLS_READY_FILE_H

#include "common/base/error.h"
#include "tools/kf/fleet.h"

/* Writes bootstrap=, inbox=, run-dir=, state-dir= and, unless `board` is "", board= beside `path`
 * and renames it there, so that whoever waits for the file finds the whole of it. KF_ERR_CONFIG
 * when it cannot be written. */
enum kf_err kf_ready_file_write(const char *path, const struct kf_fleet *fleet,
                                const char *bootstrap_servers, const char *board,
                                struct kf_error *err);

#endif
