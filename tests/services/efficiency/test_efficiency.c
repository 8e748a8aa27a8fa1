#include "tests/support/cmocka.h"

#include "services/efficiency/efficiency.h"
#include "tests/support/panel_fixture.h"

static void give(struct kf_panel *panel, enum kf_topic topic, const char *measure,
                 const double *values)
{
    struct kf_result_key key = {
        .topic = topic, .sector = KF_SECTOR_TOTAL, .indicator = "", .measure = measure};
    struct kf_result *result = NULL;
    struct kf_error err = {0};
    assert_int_equal(kf_panel_append(panel, &key, &result, &err), KF_OK);
    for (size_t k = 0; k < panel->members_len; k++) {
        result->values[k] = values[k];
    }
}

static struct kf_panel *with_indices(const double *production, const double *expenditure)
{
    struct kf_panel *panel = fixture_panel_new(1, 2);
    fixture_population(panel, (double[]){300, 100});
    fixture_seal(panel);
    give(panel, KF_TOPIC_INDEX, "index", production);
    give(panel, KF_TOPIC_EFFICIENCY, "expenditure_index", expenditure);
    return panel;
}

static double value(const struct kf_panel *panel, const char *measure, size_t member)
{
    return fixture_value(panel, KF_TOPIC_EFFICIENCY, KF_SECTOR_TOTAL, "", measure, member);
}

static void efficiency_is_production_over_expenditure_with_the_mean_at_scale(void **state)
{
    (void)state;
    /* r = 1.2 and .8; mean (300·1.2 + 100·.8)/400 = 1.1. */
    struct kf_panel *panel = with_indices((double[]){1.2, 0.6}, (double[]){1.0, 0.75});
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_efficiency_append(panel, findings, &err), KF_OK);
    assert_close(value(panel, "efficiency", 0), 1.2 / 1.1, 1e-12);
    assert_close(value(panel, "efficiency", 1), 0.8 / 1.1, 1e-12);
    kf_panel_destroy(&panel);
}

static void the_ks_form_is_a_percentage_that_is_not_rescaled(void **state)
{
    (void)state;
    /* METHOD E3: 1.004/1.011 is −0.7 %, .974/.938 is +3.8 %. */
    struct kf_panel *panel = with_indices((double[]){1.004, 0.974}, (double[]){1.011, 0.938});
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_efficiency_append(panel, findings, &err), KF_OK);
    assert_close(value(panel, "efficiency_percent", 0), -0.7, 0.05);
    assert_close(value(panel, "efficiency_percent", 1), 3.8, 0.05);
    kf_panel_destroy(&panel);
}

static void no_expenditure_is_missing_not_infinite(void **state)
{
    (void)state;
    struct kf_panel *panel = with_indices((double[]){1.2, 0.6}, (double[]){1.0, 0});
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_efficiency_append(panel, findings, &err), KF_OK);
    assert_int_equal(
        fixture_status(panel, KF_TOPIC_EFFICIENCY, KF_SECTOR_TOTAL, "", "efficiency", 1),
        KF_CELL_MISSING);
    assert_close(value(panel, "efficiency", 0), 1, 1e-12);
    kf_panel_destroy(&panel);
}

static void figures_beyond_all_measure_reject_the_panel_and_name_the_cell(void **state)
{
    (void)state;
    struct kf_panel *panel = fixture_panel_new(100, 2);
    fixture_population(panel, (double[]){100, 100});
    fixture_edition(panel)->change.production = "produksjon";
    fixture_edition(panel)->change.expenditure = "utgift";
    fixture_column(panel, "produksjon", (double[]){100, 1e15});
    fixture_column(panel, "utgift", (double[]){100, 1e-300});
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_stage_apply(&kf_efficiency_stage, panel, findings, &err), KF_ERR_DATA);
    assert_int_equal(err.disposition, KF_REJECT);
    assert_string_equal(findings->list[0].municipality, "0002");
    assert_string_equal(findings->list[0].variable, "efficiency_change_percent");
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(efficiency_is_production_over_expenditure_with_the_mean_at_scale),
        cmocka_unit_test(the_ks_form_is_a_percentage_that_is_not_rescaled),
        cmocka_unit_test(no_expenditure_is_missing_not_infinite),
        cmocka_unit_test(figures_beyond_all_measure_reject_the_panel_and_name_the_cell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
