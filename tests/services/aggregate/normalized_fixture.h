/* Normalised values by hand, for tests of what is made of them. */
#ifndef KF_TESTS_AGGREGATE_NORMALIZED_FIXTURE_H
#define KF_TESTS_AGGREGATE_NORMALIZED_FIXTURE_H

#include "tests/support/panel_fixture.h"

/* Appends what normalize would: values by member, FIXTURE_MISSING for one that is left out. */
void fixture_normalized(struct kf_panel *panel, const char *sector, const char *indicator,
                        const double *values);

/* Adds flags to one cell of it. */
void fixture_flag(struct kf_panel *panel, const char *sector, const char *indicator, size_t member,
                  uint8_t flags);

/* Seals the panel and aggregates it; any failure ends the test. */
void fixture_aggregate(struct kf_panel *panel);

#endif
