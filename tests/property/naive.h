/* The method written naively: plain sums in double, one formula after the other, as on paper. What
 * the stages compute must agree with it to within rounding.
 */
#ifndef KF_TESTS_PROPERTY_NAIVE_H
#define KF_TESTS_PROPERTY_NAIVE_H

#include "tests/property/country.h"

/* Of one country; NAN where there is no value. */
struct naive {
    double weights[SECTORS_MAX][INDICATORS_MAX];
    double sector_weights[SECTORS_MAX];
    double normalized[SECTORS_MAX][INDICATORS_MAX][MEMBERS_MAX];
    double index[SECTORS_MAX][MEMBERS_MAX];
    double total[MEMBERS_MAX];
};

void naive_compute(const struct country *country, struct naive *naive);

#endif
