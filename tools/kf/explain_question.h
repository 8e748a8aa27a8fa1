/* Which number is meant by municipality, measure, sector and indicator. */
#ifndef KF_TOOLS_EXPLAIN_QUESTION_H
#define KF_TOOLS_EXPLAIN_QUESTION_H

#include "tools/kf/explain.h"
#include "tools/kf/explain_walk.h"

/* Fills `key` with the one number that fits the question. Without a sector the total is meant; when
 * the total has no such number, or an indicator is named, the only one there is. Of a number of
 * each member and of the group it is the member's where a municipality is named. KF_ERR_CONFIG when
 * none or several fit: the text lists what there is, and names what is nearest to what was given.
 */
enum kf_err kf_explain_find(const struct kf_explain_options *options, struct kf_explain_key *key,
                            struct kf_error *err);

#endif
