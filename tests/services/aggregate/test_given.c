/* Published indices brought to a group (METHOD A6). */
#include "tests/support/cmocka.h"

#include <string.h>

#include "services/aggregate/aggregate.h"
#include "services/aggregate/given.h"
#include "tests/services/aggregate/normalized_fixture.h"

#define EPSILON 1e-12

static struct kf_panel *panel;

/* Published sub-indices with the country at 100; populations 1 to 3. */
static void published(double scale)
{
    panel = fixture_panel_new(scale, 2);
    fixture_population(panel, (double[]){1000, 3000});
    fixture_sector(panel, "skole", 0.4)->given = "indeks_skole";
    fixture_sector(panel, "helse", 0.6)->given = "indeks_helse";
    fixture_column(panel, "indeks_skole", (double[]){120, 80});  /* mean 90 */
    fixture_column(panel, "indeks_helse", (double[]){90, 110});  /* mean 105 */
    fixture_column(panel, "indeks_i_alt", (double[]){100, 104}); /* mean 103 */
}

static double index_of(const char *sector, const char *measure, size_t k)
{
    return fixture_value(panel, KF_TOPIC_INDEX, sector, "", measure, k);
}

static void every_column_is_divided_by_its_own_mean(void **state)
{
    (void)state;
    published(1);
    fixture_edition(panel)->given_total = "indeks_i_alt";
    fixture_aggregate(panel);
    assert_close(index_of("skole", "index", 0), 120.0 / 90, EPSILON);
    assert_close(index_of("helse", "index", 1), 110.0 / 105, EPSILON);
    assert_close(index_of("total", "index", 0), 100.0 / 103, EPSILON);
    assert_close(index_of("total", "index_without_imputed", 1), 104.0 / 103, EPSILON);
    assert_true(index_of("total", "rank", 1) == 1);
    kf_panel_destroy(&panel);
}

static void nothing_is_claimed_about_what_contributes_to_a_published_total(void **state)
{
    (void)state;
    published(1);
    fixture_edition(panel)->given_total = "indeks_i_alt";
    fixture_sector(panel, "kultur", 0.1);
    fixture_indicator(panel, "kultur", "a", 1);
    fixture_normalized(panel, "kultur", "a", (double[]){1, 1});
    fixture_aggregate(panel);
    for (size_t i = 0; i < panel->results_len; i++) {
        const struct kf_result *result = &panel->results[i];
        assert_string_not_equal(result->measure, "contribution_to_total");
        assert_true(strcmp(result->measure, "contribution") != 0 || result->indicator[0]);
    }
    kf_panel_destroy(&panel);
}

/* .4·120/.9 + .6·90/1.05. */
static void without_a_published_total_the_sectors_make_it_and_add_up(void **state)
{
    (void)state;
    published(100);
    fixture_aggregate(panel);
    assert_close(index_of("total", "index", 0), 0.4 * 120 / 0.9 + 0.6 * 90 / 1.05, 1e-9);
    assert_true(index_of("skole", "contribution", 0) + index_of("helse", "contribution", 0) ==
                index_of("total", "index", 0));
    assert_true(index_of("skole", "index", 0) == index_of("skole", "index_without_imputed", 0));
    kf_panel_destroy(&panel);
}

static void the_countrys_figure_is_the_scale_when_the_edition_says_so(void **state)
{
    (void)state;
    published(1);
    fixture_edition(panel)->reference = KF_REFERENCE_COUNTRY;
    fixture_country(panel, "indeks_skole", 96);
    fixture_country(panel, "indeks_helse", 100);
    fixture_aggregate(panel);
    assert_close(index_of("skole", "index", 0), 1.25, EPSILON);
    assert_close(index_of("helse", "index", 0), 0.9, EPSILON);
    kf_panel_destroy(&panel);
}

static void a_member_without_a_figure_has_no_index_and_the_mean_is_that_of_the_others(void **state)
{
    (void)state;
    published(100);
    fixture_column(panel, "indeks_helse", (double[]){FIXTURE_MISSING, 110});
    fixture_aggregate(panel);
    assert_int_equal(fixture_status(panel, KF_TOPIC_INDEX, "helse", "", "index", 0),
                     KF_CELL_MISSING);
    assert_close(index_of("helse", "index", 1), 100, EPSILON);
    assert_close(index_of("total", "index", 0), 120 / 0.9, 1e-9); /* school is all it has */
    assert_int_equal(fixture_status(panel, KF_TOPIC_INDEX, "total", "", "index", 0),
                     KF_CELL_INCOMPLETE);
    kf_panel_destroy(&panel);
}

/* 97.1 and .971 are one figure in two units. */
static void the_unit_leaves_no_trace(void **state)
{
    (void)state;
    struct kf_given percent = {0};
    struct kf_given share = {0};
    panel = fixture_panel_new(100, 3);
    fixture_population(panel, (double[]){586860, 256600, 170936});
    fixture_column(panel, "prosent", (double[]){97.1, 104.2, 100.9});
    fixture_column(panel, "andel", (double[]){0.971, 1.042, 1.009});
    fixture_seal(panel);
    assert_int_equal(kf_given_make(panel, "s", "prosent", &percent, NULL, NULL), KF_OK);
    assert_int_equal(kf_given_make(panel, "s", "andel", &share, NULL, NULL), KF_OK);
    assert_memory_equal(percent.values, share.values, 3 * sizeof(double));
    kf_panel_destroy(&panel);
}

static void assert_refused(const char *variable, const char *problem)
{
    struct kf_findings *findings = fixture_findings();
    fixture_seal(panel);
    assert_int_equal(kf_aggregate_compute(panel, findings, NULL), KF_ERR_DATA);
    assert_int_equal(kf_findings_count(findings), 1);
    assert_string_equal(findings->list[0].variable, variable);
    assert_non_null(strstr(findings->list[0].problem, problem));
    kf_panel_destroy(&panel);
}

static void a_column_that_cannot_be_renormalised_is_a_finding(void **state)
{
    (void)state;
    published(1);
    fixture_column(panel, "indeks_skole", (double[]){FIXTURE_MISSING, FIXTURE_MISSING});
    assert_refused("indeks_skole", "any member");
    published(1);
    fixture_column(panel, "indeks_skole", (double[]){30, -10});
    assert_refused("indeks_skole", "is 0 on average");
    published(1);
    fixture_edition(panel)->given_total = "finnes_ikke";
    assert_refused("finnes_ikke", "any member");
    published(1);
    fixture_edition(panel)->reference = KF_REFERENCE_COUNTRY;
    fixture_country(panel, "indeks_skole", 100);
    assert_refused("indeks_helse", "the country");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_column_is_divided_by_its_own_mean),
        cmocka_unit_test(nothing_is_claimed_about_what_contributes_to_a_published_total),
        cmocka_unit_test(without_a_published_total_the_sectors_make_it_and_add_up),
        cmocka_unit_test(the_countrys_figure_is_the_scale_when_the_edition_says_so),
        cmocka_unit_test(a_member_without_a_figure_has_no_index_and_the_mean_is_that_of_the_others),
        cmocka_unit_test(the_unit_leaves_no_trace),
        cmocka_unit_test(a_column_that_cannot_be_renormalised_is_a_finding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
