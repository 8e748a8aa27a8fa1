/* The editions that build on asss-2010: weights by rule, standardised indicators, quality as a
 * factor, each against the edition of the printed weights. */
#include "tests/support/cmocka.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/golden/bundled.h"

#define INPUT "data/asss-2010/asss-2010.csv"

static struct bundled printed;
static struct bundled derived;
static struct bundled standardized;
static struct bundled multiplied;

static int compute(void **state)
{
    (void)state;
    bool computed = bundled_compute(&printed, "asss-2010", 2010, INPUT) &&
                    bundled_compute(&derived, "asss-2010-derived", 2010, INPUT) &&
                    bundled_compute(&standardized, "asss-2010-standardized", 2010, INPUT) &&
                    bundled_compute(&multiplied, "asss-2010-quality-multiplied", 2010, INPUT);
    return computed ? 0 : -1;
}

static int clear(void **state)
{
    (void)state;
    bundled_clear(&printed);
    bundled_clear(&derived);
    bundled_clear(&standardized);
    bundled_clear(&multiplied);
    return 0;
}

static double weight_of(const struct bundled *computed, const char *sector, const char *indicator)
{
    struct kf_result_key key = {.topic = KF_TOPIC_STATISTICS,
                                .sector = sector,
                                .indicator = indicator,
                                .measure = "weight"};
    return bundled_value(computed, &key, "");
}

/* Weights of the printed tables have four decimals. */
static void assert_same_four_decimals(double weight, double as_printed)
{
    assert_int_equal(lround(weight * 1e4), lround(as_printed * 1e4));
}

static void derived_weights_equal_the_printed_ones_to_four_decimals(void **state)
{
    (void)state;
    const struct kf_edition *edition = printed.panel->edition;
    size_t compared = 0;
    for (size_t s = 0; s < edition->sectors_len; s++) {
        const struct kf_sector *sector = &edition->sectors[s];
        assert_same_four_decimals(weight_of(&derived, sector->id, ""), sector->weight);
        for (size_t i = 0; i < sector->indicators_len; i++) {
            const struct kf_indicator *indicator = &sector->indicators[i];
            assert_same_four_decimals(weight_of(&derived, sector->id, indicator->id),
                                      indicator->weight);
            compared++;
        }
    }
    assert_int_equal(compared, 44);
}

/* METHOD W1–W3: the weights that follow from published shares alone. */
static void weights_from_published_shares_are_those_of_the_tables(void **state)
{
    (void)state;
    static const struct {
        const char *sector;
        const char *indicator;
        double share; /* exact */
    } expected[] = {
        {"barnevern", "undersokelser", 0.8 * 0.3309},
        {"barnevern", "behandlingstid", 0.2 * 0.3309},
        {"barnevern", "tiltak_opprinnelig_familie", 0.8 * 0.1559},
        {"barnevern", "tiltak_utenfor_familie", 0.8 * 0.5132},
        {"barnevern", "tiltaksplan", 0.2 * (0.1559 + 0.5132)},
        {"kommunehelse", "legetimer", 0.2601},
        {"kommunehelse", "reservekapasitet_fastlege", 0.0650},
        {"kommunehelse", "hjemmebesok_nyfodte", 0.0324},
        {"kommunehelse", "helseundersokelse_0", 0.0325},
        {"barnehage", "areal", 0.066},
    };
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        assert_close(weight_of(&derived, expected[i].sector, expected[i].indicator),
                     expected[i].share, 1e-12);
    }
}

/* Half a unit of the fourth decimal in each weight moves an index by 0.01 at most here. */
static void derived_weights_move_no_index_by_more_than_their_rounding(void **state)
{
    (void)state;
    size_t compared = 0;
    for (size_t i = 0; i < printed.panel->results_len; i++) {
        const struct kf_result *result = &printed.panel->results[i];
        if (result->topic != KF_TOPIC_INDEX || strcmp(result->measure, "index") != 0) {
            continue;
        }
        const struct kf_result *other =
            kf_panel_result(derived.panel, KF_TOPIC_INDEX, result->sector, "", "index");
        for (size_t k = 0; k < printed.panel->members_len; k++) {
            assert_true(fabs(result->values[k] - other->values[k]) < 0.01);
            compared++;
        }
    }
    assert_int_equal(compared, 80);
}

/* METHOD A8: every column has mean 100 and a standard deviation of a tenth of it. */
static void standardized_indicators_vary_equally(void **state)
{
    (void)state;
    size_t columns = 0;
    for (size_t i = 0; i < standardized.panel->results_len; i++) {
        const struct kf_result *result = &standardized.panel->results[i];
        if (strcmp(result->measure, "normalized") != 0) {
            continue;
        }
        struct kf_result_key key = {.topic = KF_TOPIC_STATISTICS,
                                    .sector = result->sector,
                                    .indicator = result->indicator,
                                    .measure = "sd_weighted"};
        assert_close(bundled_value(&standardized, &key, ""), 10, 1e-9);
        assert_close(bundled_mean(&standardized, result), 100, 1e-9);
        columns++;
    }
    assert_int_equal(columns, 44);
}

static int order(double a, double b)
{
    return (a > b) - (a < b);
}

/* METHOD A8 is linear: who is above whom in a column stays. */
static void standardizing_changes_no_order_within_an_indicator(void **state)
{
    (void)state;
    for (size_t i = 0; i < printed.panel->results_len; i++) {
        const struct kf_result *result = &printed.panel->results[i];
        if (strcmp(result->measure, "normalized") != 0) {
            continue;
        }
        const struct kf_result *other =
            kf_panel_result(standardized.panel, KF_TOPIC_INDICATOR, result->sector,
                            result->indicator, "normalized");
        for (size_t k = 1; k < printed.panel->members_len; k++) {
            assert_int_equal(order(result->values[k - 1], result->values[k]),
                             order(other->values[k - 1], other->values[k]));
        }
    }
}

static double normalized_of(const char *sector, const char *indicator, const char *municipality)
{
    struct kf_result_key key = {.topic = KF_TOPIC_INDICATOR,
                                .sector = sector,
                                .indicator = indicator,
                                .measure = "normalized"};
    return bundled_value(&printed, &key, municipality);
}

/* METHOD A9: hours of kindergarten times the mean of education, education and area (.067, .067,
 * .066), brought to a mean of 100. */
static void quality_of_kindergartens_is_a_factor(void **state)
{
    (void)state;
    const struct kf_panel *panel = multiplied.panel;
    const double *population = kf_panel_population(panel);
    double products[10];
    double people = 0;
    double mean = 0;
    assert_int_equal(panel->members_len, 10);
    for (size_t k = 0; k < panel->members_len; k++) {
        const char *code = panel->members[k];
        double quality = (0.067 * normalized_of("barnehage", "utdanning_styrere", code) +
                          0.067 * normalized_of("barnehage", "utdanning_assistenter", code) +
                          0.066 * normalized_of("barnehage", "areal", code)) /
                         0.2;
        products[k] = normalized_of("barnehage", "korr_oppholdstimer", code) * quality;
        people += population[k];
        mean += population[k] * products[k];
    }
    mean /= people;
    const struct kf_result *index =
        kf_panel_result(panel, KF_TOPIC_INDEX, "barnehage", "", "index");
    for (size_t k = 0; k < panel->members_len; k++) {
        assert_close(index->values[k], 100 * products[k] / mean, 1e-9);
    }
}

/* Sectors without a split into quantity and quality stay sums. */
static void sectors_of_one_kind_are_as_they_were(void **state)
{
    (void)state;
    static const char *const sums[] = {"grunnskole", "kultur"};
    for (size_t s = 0; s < 2; s++) {
        const struct kf_result *before =
            kf_panel_result(printed.panel, KF_TOPIC_INDEX, sums[s], "", "index");
        const struct kf_result *after =
            kf_panel_result(multiplied.panel, KF_TOPIC_INDEX, sums[s], "", "index");
        for (size_t k = 0; k < printed.panel->members_len; k++) {
            assert_close(after->values[k], before->values[k], 1e-9);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(derived_weights_equal_the_printed_ones_to_four_decimals),
        cmocka_unit_test(weights_from_published_shares_are_those_of_the_tables),
        cmocka_unit_test(derived_weights_move_no_index_by_more_than_their_rounding),
        cmocka_unit_test(standardized_indicators_vary_equally),
        cmocka_unit_test(standardizing_changes_no_order_within_an_indicator),
        cmocka_unit_test(quality_of_kindergartens_is_a_factor),
        cmocka_unit_test(sectors_of_one_kind_are_as_they_were),
    };
    return cmocka_run_group_tests(tests, compute, clear);
}
