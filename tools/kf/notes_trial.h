/* Notes about a trial with state funding (METHOD G1–G7): gains that lack a year or a part, and what
 * looks like a slip in the input. */
#ifndef KF_TOOLS_NOTES_TRIAL_H
#define KF_TOOLS_NOTES_TRIAL_H

#include "tools/kf/notes_look.h"

/* Each adds a line and returns true when there was something to tell. */

/* Members with an own share, whose gain lacks the users of the base year and stands in nobody's
 * publication. */
bool kf_note_no_base(const struct kf_look *look);

/* Gains by demography that lack the deduction, or the refund that is taken off it. */
bool kf_note_no_deduction(const struct kf_look *look);

/* Members that gave some parts of the grant but not all, and no sum. */
bool kf_note_no_part(const struct kf_look *look);

/* Members whose users one by one, which count, are not those of the aggregates they gave too. */
bool kf_note_contradiction(const struct kf_look *look);

/* Members none of whose users costs a tenth of the threshold. */
bool kf_note_cheap_users(const struct kf_look *look);

/* Members whose users above the threshold cost less than the threshold of so many: beyond what
 * rounding leaves, one of the two sums is wrong. */
bool kf_note_below_threshold(const struct kf_look *look);

/* Users one by one of no member: they are not carried over from municipalities that were put
 * together since. */
bool kf_note_lost_users(const struct kf_look *look);

#endif
