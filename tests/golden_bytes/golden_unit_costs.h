/* What the fourth version of the panel adds to the third: unit costs and a trial with state funding
 * of care. */
#ifndef KF_TESTS_GOLDEN_UNIT_COSTS_H
#define KF_TESTS_GOLDEN_UNIT_COSTS_H

#include "tests/golden_bytes/golden_model.h"

/* Adds everything; the panel's edition and results are replaced by copies in its arena. */
void golden_add_fourth_version(struct kf_panel *panel);

/* Rows of the topic, those of a municipality and of the group, that hold each of its measures. */
#define GOLDEN_UNIT_COST_ROWS 9
extern const struct golden_row golden_unit_cost_rows[GOLDEN_UNIT_COST_ROWS];

#endif
