#include "tests/support/cmocka.h"

#include "services/efficiency/unit_cost/institution.h"
#include "tests/services/efficiency/unit_cost/unit_fixture.h"

/* Gross expenditure by KOSTRA's functions (METHOD U5). */
static struct kf_panel *institutions(int year)
{
    struct kf_panel *panel = unit_panel_new(year, 2);
    struct kf_institution *institution = &unit_costs(panel)->institution;
    fixture_column(panel, "f234", (double[]){10, 10});
    fixture_column(panel, "f253", (double[]){60, 20});
    fixture_column(panel, "f254", (double[]){120, FIXTURE_MISSING});
    fixture_column(panel, "f261", (double[]){10, 10});
    fixture_column(panel, "dogn", (double[]){73200, 36500});
    institution->expenditure = fixture_plus(panel, fixture_term(panel, "f253", 1), "f261", 1);
    institution->of = fixture_plus(panel, fixture_term(panel, "f234", 1), "f253", 1);
    institution->of = fixture_plus(panel, institution->of, "f254", 1);
    institution->of = fixture_plus(panel, institution->of, "f261", 1);
    institution->days = fixture_term(panel, "dogn", 1);
    return panel;
}

static double cell(const struct kf_panel *panel, const char *measure, size_t k)
{
    return unit_value(panel, "institution", "", measure, k);
}

static void the_share_is_of_all_care_spending(void **state)
{
    (void)state;
    struct kf_panel *panel = institutions(2017);
    unit_compute(panel);
    assert_true(cell(panel, "institution_share", 0) == 0.35);
    assert_int_equal(unit_status(panel, "institution", "", "institution_share", 1),
                     KF_CELL_MISSING);
    kf_panel_destroy(&panel);
}

static void spending_below_zero_has_no_share(void **state)
{
    (void)state;
    struct kf_panel *panel = institutions(2017);
    fixture_column(panel, "f254", (double[]){-81, 0});
    unit_compute(panel);
    assert_int_equal(unit_status(panel, "institution", "", "institution_share", 0),
                     KF_CELL_MISSING);
    assert_true(cell(panel, "institution_share", 1) == 0.75);
    kf_panel_destroy(&panel);
}

static void places_are_days_over_the_days_of_the_year(void **state)
{
    (void)state;
    struct kf_panel *panel = institutions(2017);
    unit_compute(panel);
    assert_close(cell(panel, "institution_places", 0), 73200.0 / 365, 1e-13);
    assert_true(cell(panel, "institution_places", 1) == 100);
    kf_panel_destroy(&panel);
}

static void a_leap_year_has_a_day_more(void **state)
{
    (void)state;
    struct kf_panel *panel = institutions(2016);
    unit_compute(panel);
    assert_true(cell(panel, "institution_places", 0) == 200);
    assert_close(cell(panel, "institution_places", 1), 36500.0 / 366, 1e-13);
    kf_panel_destroy(&panel);
    static const int leap[] = {1996, 2000, 2004, 2016, 2020, 2024};
    static const int common[] = {1900, 1999, 2010, 2017, 2018, 2019, 2100};
    for (size_t i = 0; i < sizeof leap / sizeof leap[0]; i++) {
        assert_int_equal(kf_days_in_year(leap[i]), 366);
    }
    for (size_t i = 0; i < sizeof common / sizeof common[0]; i++) {
        assert_int_equal(kf_days_in_year(common[i]), 365);
    }
}

static void either_stands_without_the_other(void **state)
{
    (void)state;
    struct kf_panel *panel = institutions(2017);
    unit_costs(panel)->institution.days = (struct kf_terms){0};
    unit_compute(panel);
    assert_int_equal(panel->results_len, 1);
    kf_panel_destroy(&panel);
    panel = institutions(2017);
    unit_costs(panel)->institution.expenditure = (struct kf_terms){0};
    unit_costs(panel)->institution.of = (struct kf_terms){0};
    unit_compute(panel);
    assert_int_equal(panel->results_len, 1);
    assert_true(cell(panel, "institution_places", 1) == 100);
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_share_is_of_all_care_spending),
        cmocka_unit_test(spending_below_zero_has_no_share),
        cmocka_unit_test(places_are_days_over_the_days_of_the_year),
        cmocka_unit_test(a_leap_year_has_a_day_more),
        cmocka_unit_test(either_stands_without_the_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
