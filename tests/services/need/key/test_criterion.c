#include "tests/support/cmocka.h"

#include <string.h>

#include "services/need/key/criterion.h"
#include "services/need/need.h"
#include "tests/support/panel_fixture.h"

#define EPSILON 1e-12

/* Children of three single years: 100 and 100 of 1000 and 3000, as in test_cost_key.c: c = 2, 2/3.
 */
static struct kf_panel *with_ages(void)
{
    struct kf_panel *panel = fixture_panel_new(1, 2);
    fixture_population(panel, (double[]){1000, 3000});
    fixture_column(panel, "alder_1", (double[]){20, 50});
    fixture_column(panel, "alder_2", (double[]){30, 50});
    fixture_column(panel, "alder_3", (double[]){50, 0});
    fixture_sector(panel, "barnehage", 0)->need_weight = 1;
    return panel;
}

static struct kf_terms one_to_three(struct kf_panel *panel)
{
    struct kf_terms ages = fixture_term(panel, "alder_1", 1);
    ages = fixture_plus(panel, ages, "alder_2", 1);
    return fixture_plus(panel, ages, "alder_3", 1);
}

static struct kf_criterion *add_ages(struct kf_panel *panel, const char *variable, double weight)
{
    struct kf_criterion *criterion = fixture_criterion(panel, "barnehage", "barn", weight);
    criterion->variable = variable;
    criterion->ages = one_to_three(panel);
    return criterion;
}

static void compute(struct kf_panel *panel)
{
    fixture_seal(panel);
    struct kf_error err = {0};
    assert_int_equal(kf_need_compute(panel, fixture_findings(), &err), KF_OK);
}

static enum kf_err refuse(struct kf_panel *panel, struct kf_findings *findings)
{
    fixture_seal(panel);
    struct kf_error err = {0};
    return kf_need_compute(panel, findings, &err);
}

static double need(const struct kf_panel *panel, size_t k)
{
    return fixture_value(panel, KF_TOPIC_NEED, "barnehage", "", "need_index", k);
}

static void a_criterion_of_ages_counts_the_people_of_all_its_years(void **state)
{
    (void)state;
    struct kf_panel *panel = with_ages();
    (void)add_ages(panel, "", 1);
    compute(panel);
    assert_close(need(panel, 0), 2, EPSILON);
    assert_close(need(panel, 1), 2.0 / 3, EPSILON);
    assert_close(fixture_value(panel, KF_TOPIC_NEED, "barnehage", "barn", "driver", 0), 1, EPSILON);
    kf_panel_destroy(&panel);
}

/* The variable says 300 and 100 of 4000: c = .3/.1 = 3 and 1/3. */
static void the_variable_counts_where_it_has_figures(void **state)
{
    (void)state;
    struct kf_panel *panel = with_ages();
    (void)add_ages(panel, "innb_1_3", 1);
    fixture_column(panel, "innb_1_3", (double[]){300, 100});
    compute(panel);
    assert_close(need(panel, 0), 3, EPSILON);
    assert_close(need(panel, 1), 1.0 / 3, EPSILON);
    kf_panel_destroy(&panel);
}

static void ages_count_where_the_variable_has_none(void **state)
{
    (void)state;
    struct kf_panel *panel = with_ages();
    (void)add_ages(panel, "innb_1_3", 1);
    fixture_column(panel, "innb_1_3", (double[]){FIXTURE_MISSING, FIXTURE_MISSING});
    compute(panel);
    assert_close(need(panel, 0), 2, EPSILON);
    kf_panel_destroy(&panel);
}

/* Never guessed: who lacks one year of age lacks the criterion. */
static void a_member_that_lacks_a_year_of_age_has_no_need(void **state)
{
    (void)state;
    struct kf_panel *panel = with_ages();
    (void)add_ages(panel, "", 1);
    fixture_column(panel, "alder_2", (double[]){30, FIXTURE_MISSING});
    compute(panel);
    assert_close(need(panel, 0), 1, EPSILON); /* alone it is the country */
    assert_int_equal(fixture_status(panel, KF_TOPIC_NEED, "barnehage", "", "need_index", 1),
                     KF_CELL_MISSING);
    kf_panel_destroy(&panel);
}

static void ages_without_one_of_their_years_are_refused_and_it_is_named(void **state)
{
    (void)state;
    struct kf_panel *panel = with_ages();
    add_ages(panel, "", 1)->ages = fixture_plus(panel, one_to_three(panel), "alder_4", 1);
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(refuse(panel, findings), KF_ERR_DATA);
    assert_int_equal(findings->length, 1);
    assert_string_equal(findings->list[0].variable, "alder_4");
    kf_panel_destroy(&panel);
}

/* Children .6, jobs .4. Jobs 10 and 30 of 1000 and 3000 are the country's level in both: of ages
 * alone K = c = 2, of all K = .6·2 + .4 = 1.6. */
static void ages_that_nobody_has_all_of_are_told_by_their_own_name(void **state)
{
    (void)state;
    struct kf_panel *panel = fixture_panel_new(1, 2);
    fixture_population(panel, (double[]){1000, 3000});
    fixture_column(panel, "alder_1", (double[]){20, FIXTURE_MISSING});
    fixture_column(panel, "alder_2", (double[]){FIXTURE_MISSING, 50});
    fixture_column(panel, "alder_3", (double[]){50, 0});
    fixture_sector(panel, "barnehage", 0)->need_weight = 1;
    add_ages(panel, "", 1);
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(refuse(panel, findings), KF_ERR_DATA);
    assert_int_equal(findings->length, 1);
    assert_string_not_equal(findings->list[0].variable, "folkemengde");
    assert_non_null(strstr(findings->list[0].problem, "no municipality has figures of this"));
    kf_panel_destroy(&panel);
}

static void under_the_rule_of_ages_their_criteria_alone_make_the_key(void **state)
{
    (void)state;
    for (int ages = 0; ages < 2; ages++) {
        struct kf_panel *panel = with_ages();
        (void)add_ages(panel, "", 0.6);
        (void)fixture_criterion(panel, "barnehage", "arbeid", 0.4);
        fixture_column(panel, "arbeid", (double[]){10, 30});
        fixture_edition(panel)->criteria = ages ? KF_CRITERIA_AGES : KF_CRITERIA_ALL;
        compute(panel);
        assert_close(need(panel, 0), ages ? 2 : 1.6, EPSILON);
        assert_close((1000 * need(panel, 0) + 3000 * need(panel, 1)) / 4000, 1, EPSILON);
        bool told = kf_panel_result(panel, KF_TOPIC_NEED, "barnehage", "arbeid", "driver");
        assert_true(told == !ages);
        assert_close(fixture_value(panel, KF_TOPIC_NEED, "barnehage", "", "need_population", 0),
                     ages ? 2000 : 1600, 1e-9);
        kf_panel_destroy(&panel);
    }
}

static void a_key_without_ages_has_no_need_under_their_rule(void **state)
{
    (void)state;
    struct kf_panel *panel = with_ages();
    (void)fixture_criterion(panel, "barnehage", "arbeid", 1);
    fixture_column(panel, "arbeid", (double[]){10, 30});
    fixture_edition(panel)->criteria = KF_CRITERIA_AGES;
    compute(panel);
    assert_int_equal(panel->results_len, 0);
    kf_panel_destroy(&panel);
}

/* METHOD N6: two municipalities, 1000 and 3000 inhabitants: (1/1000)/(2/4000) = 2 and 2/3, also
 * when the income system grades the basis of the first down to a tenth. */
static void the_basis_counts_in_full_whatever_its_grade(void **state)
{
    (void)state;
    struct kf_panel *panel = with_ages();
    struct kf_criterion *basis = fixture_criterion(panel, "barnehage", "basis", 0.5);
    basis->variable = "";
    basis->cost_disadvantage = true;
    (void)fixture_criterion(panel, "barnehage", "arbeid", 0.5);
    fixture_column(panel, "arbeid", (double[]){10, 30});
    fixture_column(panel, "basis", (double[]){0.1, 1});
    fixture_column(panel, "gradert_basis", (double[]){0.1, 1});
    compute(panel);
    assert_close(fixture_value(panel, KF_TOPIC_NEED, "barnehage", "basis", "driver", 0), 0.5,
                 EPSILON);
    assert_close(need(panel, 0), 1.5, EPSILON);
    assert_close(need(panel, 1), 0.5 + 1.0 / 3, EPSILON);
    kf_panel_destroy(&panel);
}

static void coverage_tells_ages_apart_from_criteria_that_somebody_gave(void **state)
{
    (void)state;
    struct kf_panel *panel = with_ages();
    const struct kf_sector *sector = &fixture_edition(panel)->sectors[0];
    struct kf_criterion *basis = fixture_criterion(panel, "barnehage", "basis", 0.1);
    basis->variable = NULL; /* unset, as in a panel made by hand */
    fixture_seal(panel);
    assert_int_equal(kf_key_coverage(panel, sector), KF_COVERAGE_NONE);
    struct kf_criterion *barn = add_ages(panel, "innb_1_3", 0.5);
    assert_int_equal(kf_key_coverage(panel, sector), KF_COVERAGE_ALL);
    (void)fixture_criterion(panel, "barnehage", "arbeid", 0.4);
    assert_int_equal(kf_key_coverage(panel, sector), KF_COVERAGE_AGES);
    fixture_column(panel, "innb_1_3", (double[]){1, 2});
    fixture_seal(panel);
    assert_int_equal(kf_key_coverage(panel, sector), KF_COVERAGE_PART);
    fixture_column(panel, "arbeid", (double[]){0, FIXTURE_MISSING});
    fixture_seal(panel);
    assert_int_equal(kf_key_coverage(panel, sector), KF_COVERAGE_ALL);
    barn->variable = "";
    barn->ages = fixture_plus(panel, barn->ages, "alder_4", 1);
    assert_int_equal(kf_key_coverage(panel, sector), KF_COVERAGE_PART);
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_criterion_of_ages_counts_the_people_of_all_its_years),
        cmocka_unit_test(the_variable_counts_where_it_has_figures),
        cmocka_unit_test(ages_count_where_the_variable_has_none),
        cmocka_unit_test(a_member_that_lacks_a_year_of_age_has_no_need),
        cmocka_unit_test(ages_without_one_of_their_years_are_refused_and_it_is_named),
        cmocka_unit_test(ages_that_nobody_has_all_of_are_told_by_their_own_name),
        cmocka_unit_test(under_the_rule_of_ages_their_criteria_alone_make_the_key),
        cmocka_unit_test(a_key_without_ages_has_no_need_under_their_rule),
        cmocka_unit_test(the_basis_counts_in_full_whatever_its_grade),
        cmocka_unit_test(coverage_tells_ages_apart_from_criteria_that_somebody_gave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
