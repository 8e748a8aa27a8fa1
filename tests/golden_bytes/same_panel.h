/* That two panels are the same, field by field: for tests of the codec. */
#ifndef KF_TESTS_SAME_PANEL_H
#define KF_TESTS_SAME_PANEL_H

#include "common/model/panel.h"

/* Fails the test unless all that travels is the same: edition, cells, results, others and the years
 * before. */
void assert_same_panel(const struct kf_panel *a, const struct kf_panel *b);
void assert_same_edition(const struct kf_edition *a, const struct kf_edition *b);
void assert_same_name(struct kf_name a, struct kf_name b);
void assert_same_terms(const struct kf_terms *a, const struct kf_terms *b);

#endif
