/* Watches what ingest refuses, for people at the terminal: every NAME.errors.txt that appears in
 * the state folder's `rejected` or `done` is told with its first line and its path. Best effort:
 * where folders cannot be watched, nothing is told, and the files are there all the same. */
#ifndef KF_TOOLS_REFUSALS_H
#define KF_TOOLS_REFUSALS_H

#include "tools/kf/progress.h"

struct kf_refusals;

/* Starts to watch; makes the two folders when they are not there. NULL when it cannot be done. */
struct kf_refusals *kf_refusals_open(const char *state_dir);

/* NULL is fine, the pointer is nulled. */
void kf_refusals_close(struct kf_refusals **self);

/* Readable when there is something to tell; -1 for NULL. */
int kf_refusals_descriptor(const struct kf_refusals *self);

/* Tells what has appeared since. NULL is fine. */
void kf_refusals_tell(struct kf_refusals *self, struct kf_progress *progress);

#endif
