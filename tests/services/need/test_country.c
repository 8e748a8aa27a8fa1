#include "tests/support/cmocka.h"

#include <string.h>

#include "services/need/country.h"
#include "tests/support/panel_fixture.h"

/* Three members, the third without children. */
static struct kf_panel *three_members(void)
{
    struct kf_panel *panel = fixture_panel_new(1, 3);
    fixture_population(panel, (double[]){100, 300, 600});
    fixture_column(panel, "barn", (double[]){10, 10, FIXTURE_MISSING});
    fixture_column(panel, "elever", (double[]){30, 70, 100});
    return panel;
}

static enum kf_err level_of(struct kf_panel *panel, const struct kf_terms *terms,
                            struct kf_findings *findings, struct kf_country *country)
{
    struct kf_error err = {0};
    struct kf_values figures = {0};
    fixture_seal(panel);
    assert_int_equal(kf_terms_sum(panel, terms, panel->arena, &figures, &err), KF_OK);
    return kf_country_of(panel, terms, &figures, findings, country, &err);
}

static void the_countrys_own_rows_are_the_country(void **state)
{
    (void)state;
    struct kf_panel *panel = three_members();
    fixture_country(panel, "folkemengde", 5000);
    fixture_country(panel, "barn", 200);
    fixture_country(panel, "elever", 700);
    struct kf_terms both = fixture_plus(panel, fixture_term(panel, "barn", 1), "elever", 2);
    struct kf_country country = {0};
    assert_int_equal(level_of(panel, &both, fixture_findings(), &country), KF_OK);
    assert_true(kf_country_is_given(panel));
    assert_close(kf_wide_value(country.figure), 1600, 0);
    assert_close(kf_wide_value(country.people), 5000, 0);
    assert_close(kf_wide_value(kf_country_rate(&country)), 0.32, 1e-15);
    kf_panel_destroy(&panel);
}

/* 20 children of 400, not of 1000. */
static void otherwise_it_is_the_members_that_have_the_figure(void **state)
{
    (void)state;
    struct kf_panel *panel = three_members();
    struct kf_terms barn = fixture_term(panel, "barn", 1);
    struct kf_country country = {0};
    assert_int_equal(level_of(panel, &barn, fixture_findings(), &country), KF_OK);
    assert_false(kf_country_is_given(panel));
    assert_close(kf_wide_value(country.figure), 20, 0);
    assert_close(kf_wide_value(country.people), 400, 0);
    kf_panel_destroy(&panel);
}

static void a_country_given_in_part_is_refused_and_the_term_named(void **state)
{
    (void)state;
    struct kf_panel *panel = three_members();
    fixture_country(panel, "folkemengde", 5000);
    fixture_country(panel, "barn", 200);
    struct kf_terms both = fixture_plus(panel, fixture_term(panel, "barn", 1), "elever", 1);
    struct kf_country country = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(level_of(panel, &both, findings, &country), KF_ERR_DATA);
    assert_int_equal(findings->length, 1);
    assert_string_equal(findings->list[0].variable, "elever");
    assert_string_equal(findings->list[0].municipality, KF_MUNICIPALITY_COUNTRY);
    kf_panel_destroy(&panel);
}

static void municipalities_of_the_country_are_those_of_the_register_or_the_members(void **state)
{
    (void)state;
    struct kf_panel *panel = three_members();
    panel->country_municipalities = 50;
    struct kf_country country = {0};
    struct kf_error err = {0};
    fixture_seal(panel);
    assert_int_equal(kf_country_of_basis(panel, fixture_findings(), &country, &err), KF_OK);
    assert_close(kf_wide_value(country.figure), 3, 0);
    assert_close(kf_wide_value(country.people), 1000, 0);
    fixture_country(panel, "folkemengde", 5000);
    assert_int_equal(kf_country_of_basis(panel, fixture_findings(), &country, &err), KF_OK);
    assert_close(kf_wide_value(country.figure), 50, 0);
    assert_close(kf_wide_value(country.people), 5000, 0);
    panel->country_municipalities = 0;
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_country_of_basis(panel, findings, &country, &err), KF_ERR_DATA);
    assert_string_equal(findings->list[0].variable, "basis");
    kf_panel_destroy(&panel);
}

static void a_country_of_nobody_has_no_figure_and_no_rate(void **state)
{
    (void)state;
    struct kf_panel *panel = three_members();
    fixture_column(panel, "barn", (double[]){FIXTURE_MISSING, FIXTURE_MISSING, FIXTURE_MISSING});
    struct kf_terms barn = fixture_term(panel, "barn", 1);
    struct kf_country country = {0};
    assert_int_equal(level_of(panel, &barn, fixture_findings(), &country), KF_OK);
    assert_close(kf_wide_value(country.people), 0, 0);
    assert_close(kf_wide_value(kf_country_rate(&country)), 0, 0);
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_countrys_own_rows_are_the_country),
        cmocka_unit_test(otherwise_it_is_the_members_that_have_the_figure),
        cmocka_unit_test(a_country_given_in_part_is_refused_and_the_term_named),
        cmocka_unit_test(municipalities_of_the_country_are_those_of_the_register_or_the_members),
        cmocka_unit_test(a_country_of_nobody_has_no_figure_and_no_rate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
