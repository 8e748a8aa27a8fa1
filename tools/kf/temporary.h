/* A folder for what only this run needs: a profile, a store, a page on its way to a PDF. It lies
 * under $TMPDIR, else /tmp, belongs to the user alone, and is removed with everything in it. */
#ifndef KF_TOOLS_TEMPORARY_H
#define KF_TOOLS_TEMPORARY_H

#include "common/base/error.h"
#include "common/base/text.h"

/* Makes a new folder of mode 0700 and appends its absolute path. One that would be longer than
 * `length_max` bytes (0: no matter) lies under /tmp all the same: paths of sockets must be short.
 * KF_ERR_IO when it cannot be made. */
enum kf_err kf_temporary_make(size_t length_max, struct kf_text *path, struct kf_error *err);

/* Removes the folder and all that is in it; links are removed, not followed. What cannot be removed
 * stays. */
void kf_temporary_remove(const char *path);

#endif
