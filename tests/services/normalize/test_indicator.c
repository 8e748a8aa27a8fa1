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
    indicator->per = KF_PER_VARIABLE;
    indicator->per_variable = "barn";
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

static void running_out_of_memory_fails_cleanly(void **state)
{
    (void)state;
    struct kf_panel *panel = fixture_panel_new(100, 3);
    kf_arena_destroy(&panel->arena);
    panel->arena = kf_arena_new(16); /* nothing more fits */
    assert_non_null(panel->arena);
    struct kf_edition edition = {.id = "x", .scale = 100, .population = "folkemengde"};
    struct kf_indicator indicator = {.id = "timer", .variable = "timer", .per = KF_PER_NONE};
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
        cmocka_unit_test(running_out_of_memory_fails_cleanly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
