/* Promises that every reader makes. */
#ifndef KF_TESTS_FUZZ_PROMISE_H
#define KF_TESTS_FUZZ_PROMISE_H

#include <stddef.h>

#include "common/base/error.h"
#include "common/base/findings.h"

/* Ends the program unless findings there are can be shown: UTF-8 without control characters, a
 * problem and a remedy each, bounded. */
void promise_findings(const struct kf_findings *findings);

/* Ends the program unless a reader that collects findings kept its word: KF_OK without a finding,
 * `refused` with at least one that can be shown, or another code with a reason in `err`. */
void promise_outcome(enum kf_err code, enum kf_err refused, const struct kf_findings *findings,
                     const struct kf_error *err);

/* Ends the program unless `err` has a reason that can be shown. */
void promise_reason(const struct kf_error *err);

/* Ends the program unless the texts are the same bytes and none has failed. */
void promise_same(const struct kf_text *once, const struct kf_text *twice);

#endif
