/* What must hold of the rules of editions: weights, missing figures, composition, the group. Random
 * editions and figures; the seed is printed and may be given as KF_SEED. */
#include "tests/support/cmocka.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tests/property/country.h"
#include "tests/property/naive.h"

#define ROUNDS 80

static const struct kf_result *index_of(const struct kf_panel *panel, const char *sector)
{
    const struct kf_result *index = kf_panel_result(panel, KF_TOPIC_INDEX, sector, "", "index");
    assert_non_null(index);
    return index;
}

static const struct kf_result *normalized_of(const struct kf_panel *panel, size_t s, size_t i)
{
    const struct kf_result *result = kf_panel_result(panel, KF_TOPIC_INDICATOR, country_sector(s),
                                                     country_indicator(s, i), "normalized");
    assert_non_null(result);
    return result;
}

/* --- the whole method ------------------------------------------------------------------------ */

/* Same values, and missing in the same cells. */
static void check_column(const struct kf_result *result, const double *naive, size_t members,
                         double tolerance)
{
    for (size_t k = 0; k < members; k++) {
        if (kf_cell_has_value(result->status[k]) == isnan(naive[k])) {
            fail_msg("seed %" PRIu64 ": %s of member %zu: a value here and none there",
                     country_seed(), result->measure, k);
        }
        if (!isnan(naive[k])) {
            assert_close(result->values[k], naive[k], tolerance);
        }
    }
}

static void check_weight(const struct kf_panel *panel, size_t s, const char *indicator,
                         double naive)
{
    assert_close(
        fixture_value(panel, KF_TOPIC_STATISTICS, country_sector(s), indicator, "weight", 0), naive,
        1e-12);
}

static void results_are_those_of_the_method_written_naively(struct country *country,
                                                            struct fixture_random *random)
{
    (void)random;
    static struct naive naive;
    naive_compute(country, &naive);
    struct kf_panel *panel = country_computed(country, &country_plainly);
    double tolerance = country->scale * 1e-8;
    for (size_t s = 0; s < country->sectors; s++) {
        check_weight(panel, s, "", naive.sector_weights[s]);
        for (size_t i = 0; !country->given[s] && i < country->indicators[s]; i++) {
            check_weight(panel, s, country_indicator(s, i), naive.weights[s][i]);
            check_column(normalized_of(panel, s, i), naive.normalized[s][i], country->members,
                         tolerance);
        }
        check_column(index_of(panel, country_sector(s)), naive.index[s], country->members,
                     tolerance);
    }
    check_column(index_of(panel, KF_SECTOR_TOTAL), naive.total, country->members, tolerance);
    kf_panel_destroy(&panel);
}

/* --- the group ------------------------------------------------------------------------------- */

static void a_group_of_one_is_at_scale_in_everything(struct country *country,
                                                     struct fixture_random *random)
{
    (void)random;
    country->members = 1;
    struct kf_panel *panel = country_computed(country, &country_plainly);
    for (size_t i = 0; i < panel->results_len; i++) {
        const struct kf_result *result = &panel->results[i];
        bool at_scale =
            strcmp(result->measure, "normalized") == 0 || strcmp(result->measure, "index") == 0;
        if (at_scale) {
            assert_close(result->values[0], country->scale, country->scale * 1e-11);
        }
    }
    kf_panel_destroy(&panel);
}

static void report_everything(struct fixture_random *random, int64_t *tenths, size_t members)
{
    for (size_t k = 0; k < members; k++) {
        tenths[k] = tenths[k] == ABSENT ? fixture_random_whole(random, 1, 3000) : tenths[k];
    }
}

static void complete(struct country *country, struct fixture_random *random)
{
    for (size_t s = 0; s < country->sectors; s++) {
        report_everything(random, country->published[s], country->members);
        for (size_t i = 0; i < country->indicators[s]; i++) {
            report_everything(random, country->tenths[s][i], country->members);
        }
    }
}

/* Of a column without missing cells. */
static double mean_of_first(const struct kf_panel *panel, const double *values, size_t members)
{
    const double *population = kf_panel_population(panel);
    double people = 0;
    double sum = 0;
    for (size_t k = 0; k < members; k++) {
        people += population[k];
        sum += population[k] * values[k];
    }
    return sum / people;
}

/* METHOD A6: a column of the smaller group is that of the larger one, divided by its mean over the
 * smaller. (Standardized columns also change their spread, and where cells are missing the rule may
 * fill in others.) */
static void without_a_member_the_others_are_renormalised(struct country *country,
                                                         struct fixture_random *random)
{
    country->normalization = KF_NORMALIZE_MEAN;
    country->members = country->members < 2 ? 2 : country->members;
    country->population[1] = country->population[1] ? country->population[1] : 1000;
    complete(country, random);
    struct kf_panel *panel = country_computed(country, &country_plainly);
    country->members--;
    struct kf_panel *smaller = country_computed(country, &country_plainly);
    for (size_t s = 0; s < country->sectors; s++) {
        for (size_t i = 0; !country->given[s] && i < country->indicators[s]; i++) {
            const double *before = normalized_of(panel, s, i)->values;
            const double *after = normalized_of(smaller, s, i)->values;
            double mean = mean_of_first(panel, before, country->members);
            for (size_t k = 0; k < country->members; k++) {
                assert_close(after[k], country->scale * before[k] / mean, country->scale * 1e-9);
            }
        }
    }
    kf_panel_destroy(&smaller);
    kf_panel_destroy(&panel);
}

/* Divides what member 0 has of a sum with a new last member. */
static void share_out(int64_t *amounts, size_t last)
{
    amounts[last] = amounts[0] / 3;
    amounts[0] -= amounts[last];
}

/* The last member becomes a twin of the first, and both have a part of its population and
 * amounts. */
static void split_first_member(struct country *country)
{
    size_t last = country->members++;
    country->population[last] = country->population[0] / 4 + 1;
    country->population[0] -= country->population[last];
    for (size_t s = 0; s < country->sectors; s++) {
        country->published[s][last] = country->published[s][0];
        share_out(country->sector_amounts[s], last);
        for (size_t i = 0; i < country->indicators[s]; i++) {
            country->per_inhabitant[s][i] = false;
            country->tenths[s][i][last] = country->tenths[s][i][0];
            share_out(country->amounts[s][i], last);
        }
    }
}

/* Members count by their inhabitants: one that is split into two alike, with the same inhabitants
 * and amounts together, changes nobody's index, and both halves have that of the whole. (Not so for
 * a median, which counts heads, and for standardized columns, whose small-sample correction does.)
 */
static void two_halves_of_a_member_are_as_the_whole(struct country *country,
                                                    struct fixture_random *random)
{
    (void)random;
    country->normalization = KF_NORMALIZE_MEAN;
    country->missing = country->missing == KF_MISSING_MEDIAN ? KF_MISSING_DROP : country->missing;
    country->members -= country->members == MEMBERS_MAX;
    memset(country->per_inhabitant, 0, sizeof country->per_inhabitant);
    struct kf_panel *panel = country_computed(country, &country_plainly);
    split_first_member(country);
    struct kf_panel *split = country_computed(country, &country_plainly);
    const struct kf_result *before = index_of(panel, KF_SECTOR_TOTAL);
    const struct kf_result *after = index_of(split, KF_SECTOR_TOTAL);
    for (size_t k = 0; k < panel->members_len; k++) {
        assert_int_equal(after->status[k], before->status[k]);
        assert_close(after->values[k], before->values[k], country->scale * 1e-10);
    }
    assert_true(after->values[panel->members_len] == after->values[0]);
    kf_panel_destroy(&split);
    kf_panel_destroy(&panel);
}

/* A duplicate of a member with all its inhabitants weighs twice: as if the member were twice as
 * large. */
static void a_duplicate_weighs_as_twice_the_inhabitants(struct country *country,
                                                        struct fixture_random *random)
{
    country->population[0] *= 2;
    two_halves_of_a_member_are_as_the_whole(country, random);
}

/* --- what must be told ----------------------------------------------------------------------- */

static void an_indicator_that_nobody_reports_is_a_finding(struct country *country,
                                                          struct fixture_random *random)
{
    size_t s = (size_t)fixture_random_whole(random, 0, (int64_t)country->sectors - 1);
    size_t i = (size_t)fixture_random_whole(random, 0, (int64_t)country->indicators[s] - 1);
    int64_t *column = country->given[s] ? country->published[s] : country->tenths[s][i];
    for (size_t k = 0; k < country->members; k++) {
        column[k] = ABSENT;
    }
    assert_int_equal(country_refused(country), 1);
}

static void a_group_mean_of_zero_is_a_finding(struct country *country,
                                              struct fixture_random *random)
{
    size_t s = (size_t)fixture_random_whole(random, 0, (int64_t)country->sectors - 1);
    size_t i = (size_t)fixture_random_whole(random, 0, (int64_t)country->indicators[s] - 1);
    country->normalization = KF_NORMALIZE_MEAN;
    int64_t *column = country->given[s] ? country->published[s] : country->tenths[s][i];
    memset(column, 0, sizeof country->published[s]);
    assert_int_equal(country_refused(country), 1);
}

static void an_amount_that_is_nothing_is_a_finding(struct country *country,
                                                   struct fixture_random *random)
{
    size_t s = (size_t)fixture_random_whole(random, 0, (int64_t)country->sectors - 1);
    country->sectors_derived = true;
    int64_t nothing = fixture_random_whole(random, -1, 0); /* absent, or zero */
    for (size_t k = 0; k < country->members; k++) {
        country->sector_amounts[s][k] = nothing;
    }
    assert_int_equal(country_refused(country), 1);
}

/* --- all of it ------------------------------------------------------------------------------- */

typedef void property(struct country *country, struct fixture_random *random);

static void for_all(property *holds)
{
    struct fixture_random random = {.state = country_seed()};
    static struct country country;
    for (int turn = 0; turn < ROUNDS; turn++) {
        country_random(&random, false, &country);
        holds(&country, &random);
    }
}

#define PROPERTY(name)                                                                             \
    static void name##_holds(void **state)                                                         \
    {                                                                                              \
        (void)state;                                                                               \
        for_all(name);                                                                             \
    }

PROPERTY(results_are_those_of_the_method_written_naively)
PROPERTY(a_group_of_one_is_at_scale_in_everything)
PROPERTY(without_a_member_the_others_are_renormalised)
PROPERTY(two_halves_of_a_member_are_as_the_whole)
PROPERTY(a_duplicate_weighs_as_twice_the_inhabitants)
PROPERTY(an_indicator_that_nobody_reports_is_a_finding)
PROPERTY(a_group_mean_of_zero_is_a_finding)
PROPERTY(an_amount_that_is_nothing_is_a_finding)

int main(void)
{
    (void)printf("seed %" PRIu64 "\n", country_seed());
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results_are_those_of_the_method_written_naively_holds),
        cmocka_unit_test(a_group_of_one_is_at_scale_in_everything_holds),
        cmocka_unit_test(without_a_member_the_others_are_renormalised_holds),
        cmocka_unit_test(two_halves_of_a_member_are_as_the_whole_holds),
        cmocka_unit_test(a_duplicate_weighs_as_twice_the_inhabitants_holds),
        cmocka_unit_test(an_indicator_that_nobody_reports_is_a_finding_holds),
        cmocka_unit_test(a_group_mean_of_zero_is_a_finding_holds),
        cmocka_unit_test(an_amount_that_is_nothing_is_a_finding_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
