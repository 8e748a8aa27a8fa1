/* What an entry of the inbox is: a file, a folder of files, or something that cannot be an input.
 * Internal to the inbox.
 */
#ifndef KF_INGEST_INBOX_CANDIDATE_H
#define KF_INGEST_INBOX_CANDIDATE_H

#include "services/ingest/inbox/inbox.h"

/* True for names that are left alone: hidden or temporary. */
bool kf_inbox_name_is_passed_over(const char *name);

/* A number that changes when the entry at `path` or, for a folder, anything directly in it changes
 * name, size or time. False when the entry is not there (any more). */
bool kf_inbox_signature(const char *path, uint64_t *signature);

/* Describes the entry `entry` of the folder `inbox`. KF_ERR_AGAIN when it is gone. */
enum kf_err kf_inbox_describe(const char *inbox, const char *entry,
                              struct kf_inbox_candidate **candidate, struct kf_error *err);

#endif
