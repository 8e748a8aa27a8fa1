/* What the ledger holds that has not reached the topics: nothing lost, but worth saying. */
#ifndef KF_TOOLS_WAITING_H
#define KF_TOOLS_WAITING_H

#include <stdint.h>

#include "common/base/error.h"
#include "common/base/text.h"

/* Counts the releases in the ledger of the state folder that are neither committed nor rejected; 0
 * when there is no ledger. Ask when ingest has ended: until then the number changes. Errors as of
 * kf_ledger_open_readonly. */
enum kf_err kf_waiting_count(const char *state_dir, uint64_t *releases, struct kf_error *err);

/* Appends what to say about them: "2 releases wait in the ledger; they go on at the next start", or
 * "nothing was left undelivered". */
void kf_waiting_print(uint64_t releases, struct kf_text *text);

#endif
