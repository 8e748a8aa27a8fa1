#include "tests/support/cmocka.h"

#include <string.h>

#include "services/need/need.h"
#include "services/normalize/normalize.h"
#include "tests/support/panel_fixture.h"

/* One sector, one indicator `timer`, members of 100, 200 and 300 inhabitants. */
static struct kf_panel *three_members(const double *timer)
{
    struct kf_panel *panel = fixture_panel_new(100, 3);
    fixture_population(panel, (double[]){100, 200, 300});
    fixture_sector(panel, "skole", 1);
    fixture_indicator(panel, "skole", "timer", 1);
    fixture_column(panel, "timer", timer);
    return panel;
}

static double normalized(const struct kf_panel *panel, size_t member)
{
    return fixture_value(panel, KF_TOPIC_INDICATOR, "skole", "timer", "normalized", member);
}

static void the_mean_is_weighted_by_population(void **state)
{
    (void)state;
    /* (100·6 + 200·3 + 300·2)/600 = 3: 6 is 200, 3 is 100, 2 is 66.67. */
    struct kf_panel *panel = three_members((double[]){6, 3, 2});
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_normalize_compute(panel, findings, &err), KF_OK);
    assert_true(normalized(panel, 0) == 200);
    assert_true(normalized(panel, 1) == 100);
    assert_true(normalized(panel, 2) == 200.0 / 3);
    kf_panel_destroy(&panel);
}

static void a_missing_value_becomes_the_lowest_of_the_others_before_the_mean(void **state)
{
    (void)state;
    /* The second gets 2: mean (600 + 400 + 600)/600 = 8/3. */
    struct kf_panel *panel = three_members((double[]){6, FIXTURE_MISSING, 2});
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_normalize_compute(panel, findings, &err), KF_OK);
    assert_close(normalized(panel, 0), 225, 1e-12);
    assert_close(normalized(panel, 1), 75, 1e-12);
    assert_int_equal(fixture_status(panel, KF_TOPIC_INDICATOR, "skole", "timer", "normalized", 1),
                     KF_CELL_IMPUTED);
    assert_int_equal(fixture_status(panel, KF_TOPIC_INDICATOR, "skole", "timer", "raw", 1),
                     KF_CELL_MISSING);
    assert_int_equal(fixture_status(panel, KF_TOPIC_INDICATOR, "skole", "timer", "normalized", 0),
                     KF_CELL_VALUE);
    kf_panel_destroy(&panel);
}

static void a_reported_zero_is_data(void **state)
{
    (void)state;
    struct kf_panel *panel = three_members((double[]){6, 0, 2});
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_normalize_compute(panel, findings, &err), KF_OK);
    assert_true(normalized(panel, 1) == 0);
    assert_true(normalized(panel, 0) == 300); /* mean (600 + 0 + 600)/600 = 2 */
    assert_int_equal(fixture_status(panel, KF_TOPIC_INDICATOR, "skole", "timer", "normalized", 1),
                     KF_CELL_VALUE);
    kf_panel_destroy(&panel);
}

static void an_indicator_without_any_value_is_rejected_and_named(void **state)
{
    (void)state;
    struct kf_panel *panel =
        three_members((double[]){FIXTURE_MISSING, FIXTURE_MISSING, FIXTURE_MISSING});
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_normalize_compute(panel, findings, &err), KF_ERR_DATA);
    assert_int_equal(err.disposition, KF_REJECT);
    assert_non_null(strstr(err.text, "timer"));
    assert_string_equal(findings->list[0].variable, "timer");
    kf_panel_destroy(&panel);
}

static void a_group_mean_of_zero_is_rejected(void **state)
{
    (void)state;
    struct kf_panel *panel = three_members((double[]){0, 0, 0});
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_normalize_compute(panel, findings, &err), KF_ERR_DATA);
    assert_int_equal(findings->length, 1);
    kf_panel_destroy(&panel);
}

static void every_faulty_indicator_is_told_at_once(void **state)
{
    (void)state;
    struct kf_panel *panel = three_members((double[]){0, 0, 0});
    fixture_indicator(panel, "skole", "poeng", 1);
    fixture_column(panel, "poeng", (double[]){-1, -1, -1});
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_normalize_compute(panel, findings, &err), KF_ERR_DATA);
    assert_int_equal(findings->length, 2);
    assert_non_null(strstr(err.text, "timer"));
    kf_panel_destroy(&panel);
}

static void a_denominator_divides_and_a_zero_one_makes_the_value_missing(void **state)
{
    (void)state;
    struct kf_panel *panel = three_members((double[]){60, 60, 60});
    struct kf_indicator *indicator = &fixture_edition(panel)->sectors[0].indicators[0];
    indicator->per = KF_PER_TERMS;
    indicator->denominator = fixture_term(panel, "barn", 1);
    fixture_column(panel, "barn", (double[]){10, 20, 0});
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_normalize_compute(panel, findings, &err), KF_OK);
    assert_true(fixture_value(panel, KF_TOPIC_INDICATOR, "skole", "timer", "raw", 0) == 6);
    assert_true(fixture_value(panel, KF_TOPIC_INDICATOR, "skole", "timer", "raw", 1) == 3);
    assert_int_equal(fixture_status(panel, KF_TOPIC_INDICATOR, "skole", "timer", "raw", 2),
                     KF_CELL_MISSING);
    assert_int_equal(fixture_status(panel, KF_TOPIC_INDICATOR, "skole", "timer", "normalized", 2),
                     KF_CELL_IMPUTED);
    kf_panel_destroy(&panel);
}

static void an_indicator_may_be_per_need_corrected_inhabitant(void **state)
{
    (void)state;
    struct kf_panel *panel = three_members((double[]){60, 60, 60});
    fixture_edition(panel)->sectors[0].indicators[0].per = KF_PER_NEED_POPULATION;
    fixture_edition(panel)->sectors[0].indicators[0].per_sector = "skole";
    fixture_criterion(panel, "skole", "barn", 1);
    /* 60 children of 600 people: need-corrected population is N·c = ten times the children. */
    fixture_column(panel, "barn", (double[]){10, 20, 30});
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_need_compute(panel, findings, &err), KF_OK);
    assert_int_equal(kf_normalize_compute(panel, findings, &err), KF_OK);
    assert_close(fixture_value(panel, KF_TOPIC_INDICATOR, "skole", "timer", "raw", 0), 0.6, 1e-15);
    assert_close(fixture_value(panel, KF_TOPIC_INDICATOR, "skole", "timer", "raw", 2), 0.2, 1e-15);
    kf_panel_destroy(&panel);
}

static void without_need_the_finding_says_what_to_give(void **state)
{
    (void)state;
    struct kf_panel *panel = three_members((double[]){60, 60, 60});
    fixture_edition(panel)->sectors[0].indicators[0].per = KF_PER_NEED_POPULATION;
    fixture_edition(panel)->sectors[0].indicators[0].per_sector = "skole";
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_normalize_compute(panel, findings, &err), KF_ERR_DATA);
    assert_int_equal(findings->length, 1);
    assert_non_null(strstr(findings->list[0].remedy, "cost key"));
    kf_panel_destroy(&panel);
}

static struct kf_indicator *first_indicator(struct kf_panel *panel)
{
    return &fixture_edition(panel)->sectors[0].indicators[0];
}

static void compute(struct kf_panel *panel)
{
    fixture_seal(panel);
    struct kf_error err = {0};
    assert_int_equal(kf_normalize_compute(panel, fixture_findings(), &err), KF_OK);
    assert_int_equal(kf_panel_check(panel, &err), KF_OK);
}

static double statistic(const struct kf_panel *panel, const char *measure)
{
    return fixture_value(panel, KF_TOPIC_STATISTICS, "skole", "timer", measure, 0);
}

static void a_dropped_member_stays_missing_and_counts_nowhere(void **state)
{
    (void)state;
    /* (100·6 + 300·2)/400 = 3: 200 and 66.67; their mean (100·200 + 300·66.67)/400 = 100. */
    struct kf_panel *panel = three_members((double[]){6, FIXTURE_MISSING, 2});
    first_indicator(panel)->missing = KF_MISSING_DROP;
    compute(panel);
    assert_true(normalized(panel, 0) == 200);
    assert_true(normalized(panel, 2) == 200.0 / 3);
    assert_int_equal(fixture_status(panel, KF_TOPIC_INDICATOR, "skole", "timer", "normalized", 1),
                     KF_CELL_MISSING);
    assert_close(statistic(panel, "mean_weighted"), 100, 1e-12);
    assert_true(statistic(panel, "minimum") == 200.0 / 3);
    /* 2/1 · (100·100² + 300·33.33²)/400 = 2·(2500 + 833.33). */
    assert_close(statistic(panel, "sd_weighted"), sqrt(20000.0 / 3), 1e-11);
    kf_panel_destroy(&panel);
}

static void a_missing_value_may_become_the_median_of_the_others(void **state)
{
    (void)state;
    /* Of 6 and 2 the mean of both, 4: (600 + 800 + 600)/600 = 10/3. */
    struct kf_panel *panel = three_members((double[]){6, FIXTURE_MISSING, 2});
    first_indicator(panel)->missing = KF_MISSING_MEDIAN;
    compute(panel);
    assert_close(normalized(panel, 0), 180, 1e-12);
    assert_close(normalized(panel, 1), 120, 1e-12);
    assert_int_equal(fixture_status(panel, KF_TOPIC_INDICATOR, "skole", "timer", "normalized", 1),
                     KF_CELL_IMPUTED);
    kf_panel_destroy(&panel);
}

/* A second year before the panel's year before. */
static struct kf_panel *year_before(struct kf_panel *panel, struct kf_panel *of)
{
    struct kf_panel *kept = panel->previous;
    struct kf_panel *made = fixture_previous(panel);
    panel->previous = kept;
    made->year = of->year - 1;
    of->previous = made;
    return made;
}

static void the_latest_value_of_the_chain_replaces_a_missing_one(void **state)
{
    (void)state;
    struct kf_panel *panel = three_members((double[]){6, FIXTURE_MISSING, FIXTURE_MISSING});
    first_indicator(panel)->missing = KF_MISSING_LATEST;
    struct kf_panel *last = fixture_previous(panel);
    fixture_population(last, (double[]){90, 190, 290});
    fixture_column(last, "timer", (double[]){5, FIXTURE_MISSING, FIXTURE_MISSING});
    struct kf_panel *before = year_before(panel, last);
    fixture_population(before, (double[]){80, 180, 280});
    fixture_column(before, "timer", (double[]){50, 3, FIXTURE_MISSING});
    compute(panel);
    /* The second gets its own 3 of two years ago, the third nothing but this year's lowest, 6:
     * (600 + 600 + 1800)/600 = 5. */
    assert_true(normalized(panel, 0) == 120);
    assert_true(normalized(panel, 1) == 60);
    assert_true(normalized(panel, 2) == 120);
    for (size_t k = 1; k < 3; k++) {
        assert_int_equal(
            fixture_status(panel, KF_TOPIC_INDICATOR, "skole", "timer", "normalized", k),
            KF_CELL_IMPUTED);
    }
    kf_panel_destroy(&panel);
}

static void every_earlier_year_has_raw_values_and_nothing_else(void **state)
{
    (void)state;
    struct kf_panel *panel = three_members((double[]){6, 4, 2});
    first_indicator(panel)->per = KF_PER_POPULATION;
    struct kf_panel *last = fixture_previous(panel);
    fixture_population(last, (double[]){10, 20, 30});
    fixture_column(last, "timer", (double[]){40, FIXTURE_MISSING, 60});
    struct kf_panel *before = year_before(panel, last);
    fixture_population(before, (double[]){1, 2, 3});
    fixture_column(before, "timer", (double[]){7, 7, 9});
    compute(panel);
    assert_int_equal(last->results_len, 1);
    assert_int_equal(before->results_len, 1);
    assert_true(fixture_value(last, KF_TOPIC_INDICATOR, "skole", "timer", "raw", 0) == 4);
    assert_int_equal(fixture_status(last, KF_TOPIC_INDICATOR, "skole", "timer", "raw", 1),
                     KF_CELL_MISSING);
    assert_true(fixture_value(before, KF_TOPIC_INDICATOR, "skole", "timer", "raw", 1) == 3.5);
    kf_panel_destroy(&panel);
}

static void an_earlier_year_without_figures_is_no_fault(void **state)
{
    (void)state;
    struct kf_panel *panel = three_members((double[]){6, 3, 2});
    (void)fixture_previous(panel);
    compute(panel);
    assert_true(normalized(panel, 0) == 200);
    assert_int_equal(
        fixture_status(panel->previous, KF_TOPIC_INDICATOR, "skole", "timer", "raw", 2),
        KF_CELL_MISSING);
    kf_panel_destroy(&panel);
}

static void the_country_may_be_the_measure(void **state)
{
    (void)state;
    /* 5000 hours for 1000 inhabitants: 5 each; the members have 6, 5 and 5. */
    struct kf_panel *panel = three_members((double[]){600, 1000, 1500});
    fixture_edition(panel)->reference = KF_REFERENCE_COUNTRY;
    first_indicator(panel)->per = KF_PER_POPULATION;
    fixture_country(panel, "timer", 5000);
    fixture_country(panel, "folkemengde", 1000);
    compute(panel);
    assert_true(normalized(panel, 0) == 120); /* 6 ÷ 5 */
    assert_true(normalized(panel, 1) == 100);
    assert_true(normalized(panel, 2) == 100);
    kf_panel_destroy(&panel);
}

static void standardized_values_have_the_spread_that_is_asked_for(void **state)
{
    (void)state;
    struct kf_panel *panel = three_members((double[]){6, FIXTURE_MISSING, 2});
    fixture_edition(panel)->normalization = KF_NORMALIZE_STANDARDIZED;
    fixture_edition(panel)->spread = 0.1;
    compute(panel);
    assert_close(statistic(panel, "mean_weighted"), 100, 1e-12);
    assert_close(statistic(panel, "sd_weighted"), 10, 1e-12);
    assert_int_equal(fixture_status(panel, KF_TOPIC_INDICATOR, "skole", "timer", "normalized", 0),
                     KF_CELL_INFERRED);
    assert_int_equal(fixture_status(panel, KF_TOPIC_INDICATOR, "skole", "timer", "normalized", 1),
                     KF_CELL_INFERRED | KF_CELL_IMPUTED);
    kf_panel_destroy(&panel);
}

static void a_group_of_one_is_its_own_scale(void **state)
{
    (void)state;
    for (int rule = KF_MISSING_MINIMUM; rule <= KF_MISSING_LATEST; rule++) {
        struct kf_panel *panel = fixture_panel_new(100, 1);
        fixture_population(panel, (double[]){1234});
        fixture_sector(panel, "skole", 1);
        fixture_indicator(panel, "skole", "timer", 1)->missing = (enum kf_missing_rule)rule;
        fixture_column(panel, "timer", (double[]){0.7});
        compute(panel);
        assert_true(normalized(panel, 0) == 100);
        kf_panel_destroy(&panel);
    }
}

static void nobody_with_a_value_is_rejected_under_every_rule(void **state)
{
    (void)state;
    for (int rule = KF_MISSING_MINIMUM; rule <= KF_MISSING_LATEST; rule++) {
        struct kf_panel *panel =
            three_members((double[]){FIXTURE_MISSING, FIXTURE_MISSING, FIXTURE_MISSING});
        first_indicator(panel)->missing = (enum kf_missing_rule)rule;
        fixture_seal(panel);
        struct kf_error err = {0};
        struct kf_findings *findings = fixture_findings();
        assert_int_equal(kf_normalize_compute(panel, findings, &err), KF_ERR_DATA);
        assert_int_equal(findings->length, 1);
        kf_panel_destroy(&panel);
    }
}

/* --- properties ------------------------------------------------------------------------------ */

#define MANY 37

/* A random group: figures in tenths, every seventh missing; `unit` is what they are multiplied
 * with, `turn` how far the members are turned round. */
static struct kf_panel *random_group(uint64_t seed, long unit, size_t turn,
                                     enum kf_missing_rule rule, double spread)
{
    struct fixture_random random = {seed};
    double people[MANY];
    double hours[MANY];
    double children[MANY];
    for (size_t i = 0; i < MANY; i++) {
        size_t k = (i + turn) % MANY;
        people[k] = (double)fixture_random_whole(&random, 200, 600000);
        children[k] = (double)fixture_random_whole(&random, 10, 9000);
        hours[k] = (double)(fixture_random_whole(&random, 1, 99999) * unit) / 100;
        hours[k] = fixture_random_whole(&random, 1, 7) == 1 ? FIXTURE_MISSING : hours[k];
    }
    struct kf_panel *panel = fixture_panel_new(100, MANY);
    struct kf_edition *edition = fixture_edition(panel);
    edition->normalization = spread > 0 ? KF_NORMALIZE_STANDARDIZED : KF_NORMALIZE_MEAN;
    edition->spread = spread;
    fixture_population(panel, people);
    fixture_sector(panel, "skole", 1);
    struct kf_indicator *timer = fixture_indicator(panel, "skole", "timer", 1);
    timer->missing = rule;
    timer->per = KF_PER_TERMS;
    timer->denominator = fixture_term(panel, "barn", 1);
    fixture_column(panel, "timer", hours);
    fixture_column(panel, "barn", children);
    compute(panel);
    return panel;
}

static void neither_unit_nor_order_leave_a_trace_under_any_rule(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        enum kf_missing_rule rule = (enum kf_missing_rule)(1 + seed % 4);
        double spread = seed % 3 == 0 ? 0.15 : 0;
        size_t turn = (size_t)(seed % MANY);
        struct kf_panel *panel = random_group(seed, 1, 0, rule, spread);
        struct kf_panel *other = random_group(seed, 100, turn, rule, spread);
        const struct kf_result *a =
            kf_panel_result(panel, KF_TOPIC_INDICATOR, "skole", "timer", "normalized");
        const struct kf_result *b =
            kf_panel_result(other, KF_TOPIC_INDICATOR, "skole", "timer", "normalized");
        for (size_t k = 0; k < MANY; k++) {
            assert_true(a->values[k] == b->values[(k + turn) % MANY]);
            assert_int_equal(a->status[k], b->status[(k + turn) % MANY]);
        }
        assert_close(statistic(panel, "mean_weighted"), 100, 1e-11);
        if (spread > 0) {
            assert_close(statistic(panel, "sd_weighted"), 100 * spread, 1e-11);
        }
        kf_panel_destroy(&panel);
        kf_panel_destroy(&other);
    }
}

static void running_out_of_memory_fails_cleanly(void **state)
{
    (void)state;
    struct kf_panel *panel = fixture_panel_new(100, 3);
    kf_arena_destroy(&panel->arena);
    panel->arena = kf_arena_new(16); /* nothing more fits */
    assert_non_null(panel->arena);
    struct kf_edition edition = {.id = "x", .scale = 100, .population = "folkemengde"};
    struct kf_term term = {.variable = "timer", .factor = 1};
    struct kf_indicator indicator = {
        .id = "timer", .numerator = {&term, 1}, .per = KF_PER_NONE, .correction = ""};
    struct kf_sector sector = {
        .id = "skole", .weight = 1, .indicators = &indicator, .indicators_len = 1};
    edition.sectors = &sector;
    edition.sectors_len = 1;
    panel->edition = &edition;
    panel->columns_len = 0;
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_normalize_compute(panel, findings, &err), KF_ERR_MEMORY);
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_mean_is_weighted_by_population),
        cmocka_unit_test(a_missing_value_becomes_the_lowest_of_the_others_before_the_mean),
        cmocka_unit_test(a_reported_zero_is_data),
        cmocka_unit_test(an_indicator_without_any_value_is_rejected_and_named),
        cmocka_unit_test(a_group_mean_of_zero_is_rejected),
        cmocka_unit_test(every_faulty_indicator_is_told_at_once),
        cmocka_unit_test(a_denominator_divides_and_a_zero_one_makes_the_value_missing),
        cmocka_unit_test(an_indicator_may_be_per_need_corrected_inhabitant),
        cmocka_unit_test(without_need_the_finding_says_what_to_give),
        cmocka_unit_test(a_dropped_member_stays_missing_and_counts_nowhere),
        cmocka_unit_test(a_missing_value_may_become_the_median_of_the_others),
        cmocka_unit_test(the_latest_value_of_the_chain_replaces_a_missing_one),
        cmocka_unit_test(every_earlier_year_has_raw_values_and_nothing_else),
        cmocka_unit_test(an_earlier_year_without_figures_is_no_fault),
        cmocka_unit_test(the_country_may_be_the_measure),
        cmocka_unit_test(standardized_values_have_the_spread_that_is_asked_for),
        cmocka_unit_test(a_group_of_one_is_its_own_scale),
        cmocka_unit_test(nobody_with_a_value_is_rejected_under_every_rule),
        cmocka_unit_test(neither_unit_nor_order_leave_a_trace_under_any_rule),
        cmocka_unit_test(running_out_of_memory_fails_cleanly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
