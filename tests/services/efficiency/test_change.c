#include "tests/support/cmocka.h"

#include "services/efficiency/change.h"
#include "services/efficiency/efficiency.h"
#include "tests/support/panel_fixture.h"

static void efficiency_change_is_production_over_expenditure(void **state)
{
    (void)state;
    /* The check of METHOD T3: 1.033/1.008 is 2.5 percent. */
    assert_close(kf_efficiency_change_percent(1.033, 1.008), 2.5, 0.05);
    assert_true(kf_efficiency_change_percent(1, 1) == 0);
    /* The checks of METHOD E3, the same form: 1.004/1.011 and .974/.938. */
    assert_close(kf_efficiency_change_percent(1.004, 1.011), -0.7, 0.05);
    assert_close(kf_efficiency_change_percent(0.974, 0.938), 3.8, 0.05);
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
    assert_int_equal(kf_change_append(panel, &err), KF_OK);
    const char *total = KF_SECTOR_TOTAL;
    enum kf_topic topic = KF_TOPIC_EFFICIENCY;
    assert_true(fixture_value(panel, topic, total, "", "production_change_percent", 0) == 3.3);
    assert_true(fixture_value(panel, topic, total, "", "expenditure_change_percent", 1) == -1);
    assert_close(fixture_value(panel, topic, total, "", "efficiency_change_percent", 0), 2.5, 0.05);
    assert_int_equal(fixture_status(panel, topic, total, "", "efficiency_change_percent", 1),
                     KF_CELL_MISSING);
    kf_panel_destroy(&panel);
}

static void an_edition_without_changes_appends_nothing(void **state)
{
    (void)state;
    struct kf_panel *panel = fixture_panel_new(100, 1);
    fixture_population(panel, (double[]){100});
    fixture_seal(panel);
    struct kf_error err = {0};
    assert_int_equal(kf_change_append(panel, &err), KF_OK);
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
