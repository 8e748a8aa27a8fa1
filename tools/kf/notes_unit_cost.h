/* Notes about unit costs (METHOD U1–U7): what cost groups and time with users go without, and what
 * looks like a slip in the input. */
#ifndef KF_TOOLS_NOTES_UNIT_COST_H
#define KF_TOOLS_NOTES_UNIT_COST_H

#include "tools/kf/notes_look.h"

/* Each adds a line, or a few, and returns true when there was something to tell. */

/* Cost groups with quantities or a grant, for which nobody gave net expenditure. */
bool kf_note_no_accounts(const struct kf_look *look);

/* Cost groups with net expenditure, for which nobody gave quantities or a grant. */
bool kf_note_no_quantities(const struct kf_look *look);

/* Services that are delivered and have no rate in the year, where that costs a result. */
bool kf_note_no_rate(const struct kf_look *look);

/* Members with net expenditure and no volumes of a cost group, or volumes and no net expenditure,
 * and no grant given: of groups that the first two notes say nothing about. */
bool kf_note_half(const struct kf_look *look);

/* Members whose net expenditure is below a fifth of the grant of a cost group, or above five times
 * it. */
bool kf_note_odd_ratio(const struct kf_look *look);

/* Members with more hours approved than available. */
bool kf_note_long_hours(const struct kf_look *look);

#endif
