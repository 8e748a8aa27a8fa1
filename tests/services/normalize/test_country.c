#include "tests/support/cmocka.h"

#include <string.h>

#include "services/normalize/country.h"
#include "tests/support/panel_fixture.h"

/* Two members; indicator x = (a + the country's b) per need-corrected inhabitant. */
static struct kf_panel *two_members(void)
{
    struct kf_panel *panel = fixture_panel_new(1, 2);
    fixture_population(panel, (double[]){1000, 3000});
    fixture_sector(panel, "skole", 1);
    struct kf_indicator *x = fixture_indicator(panel, "skole", "x", 1);
    x->numerator = fixture_plus(panel, fixture_term(panel, "a", 1), "b", 1);
    x->numerator.list[1].country = true;
    x->per = KF_PER_NEED_POPULATION;
    x->per_sector = "skole";
    fixture_column(panel, "a", (double[]){1, 2});
    fixture_column(panel, "b", (double[]){1, 2});
    return panel;
}

static enum kf_err check(struct kf_panel *panel, struct kf_findings *findings)
{
    fixture_seal(panel);
    struct kf_error err = {0};
    return kf_country_check(panel, &panel->edition->sectors[0].indicators[0], findings, &err);
}

static void a_term_of_the_country_needs_its_figure_alone(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(check(panel, findings), KF_ERR_DATA);
    assert_int_equal(findings->length, 1);
    assert_string_equal(findings->list[0].variable, "b");
    assert_string_equal(findings->list[0].municipality, KF_MUNICIPALITY_COUNTRY);
    assert_non_null(strstr(findings->list[0].problem, "2010"));
    fixture_country(panel, "b", 3);
    assert_int_equal(check(panel, fixture_findings()), KF_OK);
    kf_panel_destroy(&panel);
}

static void where_the_country_is_the_measure_every_figure_is_needed(void **state)
{
    (void)state;
    static struct kf_correction correction;
    static const char *regressors[] = {"z", "a"};
    correction = (struct kf_correction){"skole", "g", regressors, 2};
    struct kf_panel *panel = two_members();
    struct kf_edition *edition = fixture_edition(panel);
    edition->reference = KF_REFERENCE_COUNTRY;
    edition->corrections = &correction;
    edition->corrections_len = 1;
    edition->sectors[0].indicators[0].correction = "skole";
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(check(panel, findings), KF_ERR_DATA);
    static const char *const missing[] = {"a", "b", "folkemengde", "g", "z"};
    assert_int_equal(findings->length, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_string_equal(findings->list[i].variable, missing[i]);
    }
    fixture_column(panel, "g", (double[]){1, 2});
    fixture_column(panel, "z", (double[]){1, 2});
    fixture_seal(panel);
    for (size_t c = 0; c < panel->columns_len; c++) {
        fixture_country(panel, panel->columns[c].variable, 7);
    }
    assert_int_equal(check(panel, fixture_findings()), KF_OK);
    kf_panel_destroy(&panel);
}

static void denominators_count_too(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    struct kf_edition *edition = fixture_edition(panel);
    edition->reference = KF_REFERENCE_COUNTRY;
    struct kf_indicator *x = &edition->sectors[0].indicators[0];
    x->per = KF_PER_TERMS;
    x->denominator = fixture_term(panel, "barn", 1);
    fixture_column(panel, "barn", (double[]){1, 2});
    fixture_country(panel, "a", 3);
    fixture_country(panel, "b", 3);
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(check(panel, findings), KF_ERR_DATA);
    assert_int_equal(findings->length, 1);
    assert_string_equal(findings->list[0].variable, "barn");
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_term_of_the_country_needs_its_figure_alone),
        cmocka_unit_test(where_the_country_is_the_measure_every_figure_is_needed),
        cmocka_unit_test(denominators_count_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
