/* A small table: two regions, two ages that may be left out, one figure, three years; the cells
 * count from 0 in their order. */
#ifndef KF_TESTS_FAKESSB_FIXTURE_H
#define KF_TESTS_FAKESSB_FIXTURE_H

#include "tools/fakessb/world.h"

/* A world on the real day whose only table is the small one, "00001". Ends the test when it cannot
 * be made. */
struct kf_fake_world *fixture_world(const struct kf_day *day);
struct kf_fake_table *fixture_table(const struct kf_fake_world *world);

#endif
