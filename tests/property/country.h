/* Random countries and editions for property tests, written down as panels.
 *
 * Figures are whole tenths, so that they are decimals like published ones. A country says what its
 * edition is like: missing rule, normalisation, composition, weights given or derived, sectors of
 * indicators or published.
 */
#ifndef KF_TESTS_PROPERTY_COUNTRY_H
#define KF_TESTS_PROPERTY_COUNTRY_H

#include "tests/support/panel_fixture.h"

#define MEMBERS_MAX    40
#define SECTORS_MAX    5
#define INDICATORS_MAX 8
#define ABSENT         (-1) /* in place of tenths: missing */

struct country {
    size_t members;
    size_t sectors;
    size_t indicators[SECTORS_MAX];
    double scale;
    enum kf_missing_rule missing;
    enum kf_normalization normalization;
    enum kf_composition composition;
    int64_t population[MEMBERS_MAX];
    int64_t tenths[SECTORS_MAX][INDICATORS_MAX][MEMBERS_MAX];
    bool per_inhabitant[SECTORS_MAX][INDICATORS_MAX];
    bool quality[SECTORS_MAX][INDICATORS_MAX];
    double sector_weights[SECTORS_MAX];
    double weights[SECTORS_MAX][INDICATORS_MAX];
    bool derived[SECTORS_MAX]; /* weights by rule from `amounts` */
    int64_t amounts[SECTORS_MAX][INDICATORS_MAX][MEMBERS_MAX];
    bool sectors_derived; /* by rule from `sector_amounts` */
    int64_t sector_amounts[SECTORS_MAX][MEMBERS_MAX];
    bool given[SECTORS_MAX]; /* a published index instead of indicators */
    int64_t published[SECTORS_MAX][MEMBERS_MAX];
};

/* Relative standard deviation of standardized indicators. */
#define SPREAD 0.1

/* A random country. Member 0 has every figure, and above zero. `plain`: minimum, mean, sum, given
 * weights, no published index, nothing per inhabitant. */
void country_random(struct fixture_random *random, bool plain, struct country *country);

/* How the country is written down: in which unit, and which member stands first. */
struct writing {
    int64_t multiply;
    int64_t divide; /* a power of ten */
    size_t rotate;
};

extern const struct writing country_plainly;

/* The country as a panel, sealed, nothing computed. Sector number s is called "s0", its indicator
 * number i "s0i0". */
struct kf_panel *country_panel(const struct country *country, const struct writing *writing);

/* The same, computed through all stages; fails the test when that is refused. */
struct kf_panel *country_computed(const struct country *country, const struct writing *writing);

/* Computed, and refused as it should be: how many findings. Fails the test when it is not refused
 * as KF_ERR_DATA. */
size_t country_refused(const struct country *country);

/* The seed of this run: KF_SEED, or always the same. */
uint64_t country_seed(void);

/* The text of a sector or indicator number, kept until the eighth next call. */
const char *country_sector(size_t s);
const char *country_indicator(size_t s, size_t i);

#endif
