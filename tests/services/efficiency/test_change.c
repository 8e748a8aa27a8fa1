#include "tests/support/cmocka.h"

#include "services/efficiency/change.h"
#include "services/efficiency/efficiency.h"
#include "tests/support/panel_fixture.h"

static double percent(double part, double whole)
{
    return kf_percent_above(kf_wide_from_figure(part), kf_wide_from_figure(whole));
}

static void efficiency_change_is_production_over_expenditure(void **state)
{
    (void)state;
    /* The check of METHOD T3: 1.033/1.008 is 2.5 percent. */
    assert_close(percent(1.033, 1.008), 2.5, 0.05);
    assert_true(percent(1, 1) == 0);
    /* 101.7/99.2 − 1 is 2.52016129032258064…: rounded once, whatever the base. */
    assert_true(percent(101.7, 99.2) == 2.5201612903225805);
    assert_true(percent(1.017, 0.992) == 2.5201612903225805);
    /* The checks of METHOD E3, the same form: 1.004/1.011 and .974/.938. */
    assert_close(percent(1.004, 1.011), -0.7, 0.05);
    assert_close(percent(0.974, 0.938), 3.8, 0.05);
}

static void published_changes_become_percent(void **state)
{
    (void)state;
    struct kf_panel *panel = fixture_panel_new(100, 2);
    fixture_population(panel, (double[]){100, 100});
    fixture_edition(panel)->change.production = "produksjon";
    fixture_edition(panel)->change.expenditure = "utgift";
    fixture_column(panel, "produksjon", (double[]){103.3, FIXTURE_MISSING});
    fixture_column(panel, "utgift", (double[]){100.8, 99});
    fixture_seal(panel);
    struct kf_error err = {0};
    assert_int_equal(kf_change_append(panel, fixture_findings(), &err), KF_OK);
    const char *total = KF_SECTOR_TOTAL;
    enum kf_topic topic = KF_TOPIC_EFFICIENCY;
    assert_true(fixture_value(panel, topic, total, "", "production_change_percent", 0) == 3.3);
    assert_true(fixture_value(panel, topic, total, "", "expenditure_change_percent", 1) == -1);
    assert_close(fixture_value(panel, topic, total, "", "efficiency_change_percent", 0), 2.5, 0.05);
    assert_int_equal(fixture_status(panel, topic, total, "", "efficiency_change_percent", 1),
                     KF_CELL_MISSING);
    /* METHOD T6: 3.3 alone; .8 and −1; 2.5 alone. */
    assert_close(fixture_value(panel, topic, total, "", "production_change_mean_absolute", 0), 3.3,
                 1e-12);
    assert_close(fixture_value(panel, topic, total, "", "expenditure_change_mean_absolute", 0), 0.9,
                 1e-12);
    assert_close(fixture_value(panel, topic, total, "", "efficiency_change_mean_absolute", 0), 2.5,
                 0.05);
    kf_panel_destroy(&panel);
}

static void an_edition_without_changes_appends_nothing(void **state)
{
    (void)state;
    struct kf_panel *panel = fixture_panel_new(100, 1);
    fixture_population(panel, (double[]){100});
    fixture_seal(panel);
    struct kf_error err = {0};
    assert_int_equal(kf_change_append(panel, fixture_findings(), &err), KF_OK);
    assert_int_equal(panel->results_len, 0);
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(efficiency_change_is_production_over_expenditure),
        cmocka_unit_test(published_changes_become_percent),
        cmocka_unit_test(an_edition_without_changes_appends_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
