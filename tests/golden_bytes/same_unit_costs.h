/* That unit costs and trials are the same, field by field: for tests of the codec. */
#ifndef KF_TESTS_SAME_UNIT_COSTS_H
#define KF_TESTS_SAME_UNIT_COSTS_H

#include "common/model/edition.h"

/* Fail the test unless all is the same; a text that is NULL is as good as an empty one. */
void assert_same_unit_costs(const struct kf_unit_costs *a, const struct kf_unit_costs *b);
void assert_same_trial(const struct kf_trial *a, const struct kf_trial *b);

#endif
