#include "tests/support/cmocka.h"

#include "services/efficiency/efficiency.h"
#include "tests/services/efficiency/given.h"

static struct kf_panel *with_indices(const double *production, const double *expenditure)
{
    struct kf_panel *panel = fixture_panel_new(1, 2);
    fixture_population(panel, (double[]){300, 100});
    fixture_seal(panel);
    given_result(panel, KF_TOPIC_INDEX, "total", "", "index", production);
    given_result(panel, KF_TOPIC_EFFICIENCY, "total", "", "expenditure_index", expenditure);
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

static void a_sector_is_compared_by_its_own_index(void **state)
{
    (void)state;
    struct kf_panel *panel = fixture_panel_new(1, 2);
    fixture_population(panel, (double[]){100, 100});
    fixture_sector(panel, "skole", 1);
    fixture_seal(panel);
    given_result(panel, KF_TOPIC_INDEX, "skole", "", "index", (double[]){1.2, 0.8});
    given_result(panel, KF_TOPIC_EFFICIENCY, "skole", "", "expenditure_index",
                 (double[]){0.8, 1.6});
    struct kf_error err = {0};
    assert_int_equal(kf_efficiency_append(panel, fixture_findings(), &err), KF_OK);
    /* r = 1.5 and .5, mean 1. */
    assert_close(efficiency_value(panel, "skole", "efficiency", 0), 1.5, 1e-12);
    assert_close(efficiency_value(panel, "skole", "efficiency_percent", 0), 50, 1e-12);
    assert_close(efficiency_value(panel, "skole", "efficiency_percent", 1), -50, 1e-12);
    assert_false(efficiency_has(panel, "total", "efficiency"));
    kf_panel_destroy(&panel);
}

/* METHOD E4: 1.2/1.5 and .6/.5 of production that is the same with and without administration. */
static void with_administration_the_production_is_unchanged(void **state)
{
    (void)state;
    struct kf_panel *panel = with_indices((double[]){1.2, 0.6}, (double[]){1.0, 0.75});
    fixture_sector(panel, "administrasjon", 0)->administration = true;
    given_result(panel, KF_TOPIC_EFFICIENCY, "total_with_administration", "", "expenditure_index",
                 (double[]){1.5, 0.5});
    struct kf_error err = {0};
    assert_int_equal(kf_efficiency_append(panel, fixture_findings(), &err), KF_OK);
    const char *with = "total_with_administration";
    assert_close(efficiency_value(panel, with, "efficiency_percent", 0), -20, 1e-12);
    assert_close(efficiency_value(panel, with, "efficiency_percent", 1), 20, 1e-12);
    /* Mean (300·.8 + 100·1.2)/400 = .9. */
    assert_close(efficiency_value(panel, with, "efficiency", 0), 0.8 / 0.9, 1e-12);
    kf_panel_destroy(&panel);
}

static void a_member_without_production_has_no_efficiency(void **state)
{
    (void)state;
    struct kf_panel *panel = with_indices((double[]){1.2, FIXTURE_MISSING}, (double[]){1.0, 0.75});
    struct kf_error err = {0};
    assert_int_equal(kf_efficiency_append(panel, fixture_findings(), &err), KF_OK);
    assert_int_equal(efficiency_status(panel, "total", "efficiency_percent", 1), KF_CELL_MISSING);
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

/* The whole has the wages of schools first: told already. */
static void faults_of_all_sectors_are_told_at_once(void **state)
{
    (void)state;
    static const char *const ids[] = {"skole", "kultur"};
    struct kf_panel *panel = fixture_panel_new(1, 1);
    for (size_t s = 0; s < 2; s++) {
        struct kf_sector *sector = fixture_sector(panel, ids[s], 0.5);
        given_rules(panel, &sector->expenditure, ids[s], true);
        fixture_indicator(panel, ids[s], s == 0 ? "laerere" : "besok", 1);
    }
    fixture_population(panel, (double[]){10});
    fixture_column(panel, "skole_bdu", (double[]){400});
    fixture_column(panel, "skole_pensjon", (double[]){40});
    fixture_column(panel, "skole_lonn", (double[]){0});
    fixture_column(panel, "kultur_bdu", (double[]){50});
    fixture_column(panel, "kultur_pensjon", (double[]){5});
    fixture_column(panel, "kultur_lonn", (double[]){0});
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_efficiency_compute(panel, findings, &err), KF_ERR_DATA);
    assert_int_equal(findings->length, 2);
    assert_string_equal(findings->list[0].variable, "skole_lonn");
    assert_string_equal(findings->list[1].variable, "kultur_lonn");
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(efficiency_is_production_over_expenditure_with_the_mean_at_scale),
        cmocka_unit_test(the_ks_form_is_a_percentage_that_is_not_rescaled),
        cmocka_unit_test(no_expenditure_is_missing_not_infinite),
        cmocka_unit_test(a_sector_is_compared_by_its_own_index),
        cmocka_unit_test(with_administration_the_production_is_unchanged),
        cmocka_unit_test(a_member_without_production_has_no_efficiency),
        cmocka_unit_test(figures_beyond_all_measure_reject_the_panel_and_name_the_cell),
        cmocka_unit_test(faults_of_all_sectors_are_told_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
