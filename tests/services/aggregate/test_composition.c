/* Quantity times quality (METHOD A9). */
#include "tests/support/cmocka.h"

#include <string.h>

#include "services/aggregate/aggregate.h"
#include "tests/services/aggregate/normalized_fixture.h"

#define EPSILON 1e-9
#define GONE    FIXTURE_MISSING

static struct kf_panel *panel;

/* Two members of equal size; quantity a (.3) and c (.3), quality b (.4). Within quantity a and c
 * weigh .5 each. */
static void one_sector(const double *a, const double *c, const double *b)
{
    panel = fixture_panel_new(100, 2);
    fixture_edition(panel)->composition = KF_COMPOSE_PRODUCT;
    fixture_population(panel, (double[]){500, 500});
    fixture_sector(panel, "omsorg", 1);
    fixture_indicator(panel, "omsorg", "a", 0.3);
    fixture_indicator(panel, "omsorg", "c", 0.3);
    fixture_indicator(panel, "omsorg", "b", 0.4)->aspect = KF_ASPECT_QUALITY;
    fixture_normalized(panel, "omsorg", "a", a);
    fixture_normalized(panel, "omsorg", "c", c);
    fixture_normalized(panel, "omsorg", "b", b);
}

static double index_of(const char *measure, size_t k)
{
    return fixture_value(panel, KF_TOPIC_INDEX, "omsorg", "", measure, k);
}

static double contribution(const char *indicator, size_t k)
{
    return fixture_value(panel, KF_TOPIC_INDICATOR, "omsorg", indicator, "contribution", k);
}

/* Q = 90 and 110, K = 120 and 80: Q·K/100 = 108 and 88, mean 98. */
static void the_index_is_quantity_times_quality_brought_to_scale(void **state)
{
    (void)state;
    one_sector((double[]){80, 120}, (double[]){100, 100}, (double[]){120, 80});
    fixture_aggregate(panel);
    assert_close(index_of("index", 0), 108 / 0.98, EPSILON);
    assert_close(index_of("index", 1), 88 / 0.98, EPSILON);
    assert_int_equal(fixture_status(panel, KF_TOPIC_INDEX, "omsorg", "", "index", 0),
                     KF_CELL_INFERRED);
    kf_panel_destroy(&panel);
}

/* Of 108: a .5·80 = 40, c .5·100 = 50, b 90·(120 − 100)/100 = 18; all divided by .98. */
static void contributions_are_quantity_and_what_quality_adds_to_it(void **state)
{
    (void)state;
    one_sector((double[]){80, 120}, (double[]){100, 100}, (double[]){120, 80});
    fixture_aggregate(panel);
    assert_close(contribution("a", 0), 40 / 0.98, EPSILON);
    assert_close(contribution("c", 0), 50 / 0.98, EPSILON);
    assert_close(contribution("b", 0), 18 / 0.98, EPSILON);
    assert_close(contribution("b", 1), 110 * -0.2 / 0.98, EPSILON);
    assert_true(contribution("a", 0) + contribution("b", 0) + contribution("c", 0) ==
                index_of("index", 0));
    assert_int_equal(fixture_status(panel, KF_TOPIC_INDICATOR, "omsorg", "b", "contribution", 0),
                     KF_CELL_INFERRED);
    kf_panel_destroy(&panel);
}

static void a_sector_of_one_kind_is_a_sum(void **state)
{
    (void)state;
    one_sector((double[]){80, 120}, (double[]){100, 100}, (double[]){120, 80});
    fixture_edition(panel)->sectors[0].indicators[2].aspect = KF_ASPECT_QUANTITY;
    fixture_aggregate(panel);
    assert_close(index_of("index", 0), 24 + 30 + 48, EPSILON);
    assert_int_equal(fixture_status(panel, KF_TOPIC_INDEX, "omsorg", "", "index", 0),
                     KF_CELL_VALUE);
    kf_panel_destroy(&panel);
}

/* The country's own product is the scale: nothing is left to bring to scale. */
static void with_the_country_as_reference_the_product_stands(void **state)
{
    (void)state;
    one_sector((double[]){80, 120}, (double[]){100, 100}, (double[]){120, 80});
    fixture_edition(panel)->reference = KF_REFERENCE_COUNTRY;
    fixture_aggregate(panel);
    assert_close(index_of("index", 0), 108, EPSILON);
    kf_panel_destroy(&panel);
}

/* The first lacks a: Q is c alone, 100, and Q·K/100 = 120. The second lacks quality: 110 stands
 * alone. Mean 115. */
static void what_is_left_out_is_rescaled_within_its_kind(void **state)
{
    (void)state;
    one_sector((double[]){GONE, 120}, (double[]){100, 100}, (double[]){120, GONE});
    fixture_aggregate(panel);
    assert_close(index_of("index", 0), 120 / 1.15, EPSILON);
    assert_close(index_of("index", 1), 110 / 1.15, EPSILON);
    assert_true(contribution("c", 0) + contribution("b", 0) == index_of("index", 0));
    assert_true(contribution("a", 1) + contribution("c", 1) == index_of("index", 1));
    assert_int_equal(fixture_status(panel, KF_TOPIC_INDEX, "omsorg", "", "index", 1),
                     KF_CELL_INFERRED | KF_CELL_INCOMPLETE);
    kf_panel_destroy(&panel);
}

/* a of the first is imputed; without it Q is c alone: 100·120/100 by the same norm, 1/.98. */
static void the_alternative_leaves_imputed_cells_out_of_their_kind(void **state)
{
    (void)state;
    one_sector((double[]){80, 120}, (double[]){100, 100}, (double[]){120, 80});
    fixture_flag(panel, "omsorg", "a", 0, KF_CELL_IMPUTED);
    fixture_aggregate(panel);
    assert_close(index_of("index", 0), 108 / 0.98, EPSILON);
    assert_close(index_of("index_without_imputed", 0), 120 / 0.98, EPSILON);
    assert_true(index_of("index_without_imputed", 1) == index_of("index", 1));
    /* What quality adds is a share of the quantity, so it rests on the imputed cell too. */
    assert_int_equal(fixture_status(panel, KF_TOPIC_INDICATOR, "omsorg", "b", "contribution", 0),
                     KF_CELL_INFERRED | KF_CELL_INCOMPLETE);
    kf_panel_destroy(&panel);
}

static void a_product_without_a_mean_above_zero_is_a_finding(void **state)
{
    (void)state;
    one_sector((double[]){200, 0}, (double[]){200, 0}, (double[]){0, 200});
    struct kf_findings *findings = fixture_findings();
    fixture_seal(panel);
    assert_int_equal(kf_aggregate_compute(panel, findings, NULL), KF_ERR_DATA);
    assert_int_equal(kf_findings_count(findings), 1);
    assert_non_null(strstr(findings->list[0].problem, "sector omsorg"));
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_index_is_quantity_times_quality_brought_to_scale),
        cmocka_unit_test(contributions_are_quantity_and_what_quality_adds_to_it),
        cmocka_unit_test(a_sector_of_one_kind_is_a_sum),
        cmocka_unit_test(with_the_country_as_reference_the_product_stands),
        cmocka_unit_test(what_is_left_out_is_rescaled_within_its_kind),
        cmocka_unit_test(the_alternative_leaves_imputed_cells_out_of_their_kind),
        cmocka_unit_test(a_product_without_a_mean_above_zero_is_a_finding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
