#include "tests/support/cmocka.h"

#include "services/need/need.h"
#include "tests/support/panel_fixture.h"

#define EPSILON 1e-12

/* Two members of 1000 and 3000 inhabitants. Children: 100 and 100, so 200 of 4000 = .05 in all:
 * c = (100/1000)/.05 = 2 and (100/3000)/.05 = 2/3. Basis: (1/1000)/(2/4000) = 2 and 2/3. */
static struct kf_panel *two_members(void)
{
    struct kf_panel *panel = fixture_panel_new(100, 2);
    fixture_population(panel, (double[]){1000, 3000});
    fixture_column(panel, "barn", (double[]){100, 100});
    struct kf_sector *sector = fixture_sector(panel, "barnehage", 1);
    sector->need_weight = 1;
    fixture_criterion(panel, "barnehage", "barn", 0.75);
    struct kf_criterion *basis = fixture_criterion(panel, "barnehage", "basis", 0.25);
    basis->variable = "";
    basis->cost_disadvantage = true;
    return panel;
}

static void need_index_is_the_weighted_sum_of_criterion_indices(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_need_compute(panel, findings, &err), KF_OK);
    assert_close(fixture_value(panel, KF_TOPIC_NEED, "barnehage", "", "need_index", 0), 2.0,
                 EPSILON);
    assert_close(fixture_value(panel, KF_TOPIC_NEED, "barnehage", "", "need_index", 1), 2.0 / 3,
                 EPSILON);
    assert_close(fixture_value(panel, KF_TOPIC_NEED, "total", "", "need_index", 1), 2.0 / 3,
                 EPSILON);
    kf_panel_destroy(&panel);
}

static void population_weighted_mean_of_need_is_one(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_need_compute(panel, findings, &err), KF_OK);
    double first = fixture_value(panel, KF_TOPIC_NEED, "total", "", "need_index", 0);
    double second = fixture_value(panel, KF_TOPIC_NEED, "total", "", "need_index", 1);
    assert_close((1000 * first + 3000 * second) / 4000, 1, EPSILON);
    kf_panel_destroy(&panel);
}

static void drivers_add_up_to_the_deviation_exactly(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    fixture_column(panel, "barn", (double[]){137, 211});
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_need_compute(panel, findings, &err), KF_OK);
    for (size_t k = 0; k < 2; k++) {
        double drivers = fixture_value(panel, KF_TOPIC_NEED, "barnehage", "barn", "driver", k) +
                         fixture_value(panel, KF_TOPIC_NEED, "barnehage", "basis", "driver", k);
        double index = fixture_value(panel, KF_TOPIC_NEED, "barnehage", "", "need_index", k);
        assert_true(drivers == index - 1);
    }
    kf_panel_destroy(&panel);
}

static void need_population_leaves_out_criteria_of_cost(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_need_compute(panel, findings, &err), KF_OK);
    /* Without basis only the children count: P = N·c = 1000·2 and 3000·2/3; it keeps ΣP = ΣN. */
    assert_close(fixture_value(panel, KF_TOPIC_NEED, "barnehage", "", "need_population", 0), 2000,
                 1e-9);
    assert_close(fixture_value(panel, KF_TOPIC_NEED, "barnehage", "", "need_population", 1), 2000,
                 1e-9);
    kf_panel_destroy(&panel);
}

static void the_countrys_own_rows_are_the_measure(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    fixture_edition(panel)->sectors[0].criteria_len = 1; /* children alone */
    fixture_edition(panel)->sectors[0].criteria[0].weight = 1;
    fixture_country(panel, "folkemengde", 100000);
    fixture_country(panel, "barn", 2500); /* .025: c = .1/.025 = 4 */
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_need_compute(panel, findings, &err), KF_OK);
    assert_close(fixture_value(panel, KF_TOPIC_NEED, "barnehage", "", "need_index", 0), 4, EPSILON);
    kf_panel_destroy(&panel);
}

static void a_country_without_the_criterion_is_rejected(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    fixture_country(panel, "folkemengde", 100000);
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_need_compute(panel, findings, &err), KF_ERR_DATA);
    assert_int_equal(err.disposition, KF_REJECT);
    assert_string_equal(findings->list[0].variable, "barn");
    kf_panel_destroy(&panel);
}

static void a_key_with_only_some_criteria_is_rejected(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    fixture_criterion(panel, "barnehage", "eldre", 0.1);
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_need_compute(panel, findings, &err), KF_ERR_DATA);
    assert_string_equal(findings->list[0].variable, "eldre");
    kf_panel_destroy(&panel);
}

static void a_missing_criterion_makes_that_members_need_missing(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    fixture_column(panel, "barn", (double[]){100, FIXTURE_MISSING});
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_need_compute(panel, findings, &err), KF_OK);
    assert_int_equal(fixture_status(panel, KF_TOPIC_NEED, "barnehage", "", "need_index", 1),
                     KF_CELL_MISSING);
    assert_int_equal(fixture_status(panel, KF_TOPIC_NEED, "total", "", "need_index", 1),
                     KF_CELL_MISSING);
    kf_panel_destroy(&panel);
}

static void an_edition_without_figures_for_its_key_passes_unchanged(void **state)
{
    (void)state;
    struct kf_panel *panel = fixture_panel_new(100, 1);
    fixture_population(panel, (double[]){1000});
    fixture_sector(panel, "barnehage", 1);
    fixture_criterion(panel, "barnehage", "barn", 1);
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_need_compute(panel, findings, &err), KF_OK);
    assert_int_equal(panel->results_len, 0);
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(need_index_is_the_weighted_sum_of_criterion_indices),
        cmocka_unit_test(population_weighted_mean_of_need_is_one),
        cmocka_unit_test(drivers_add_up_to_the_deviation_exactly),
        cmocka_unit_test(need_population_leaves_out_criteria_of_cost),
        cmocka_unit_test(the_countrys_own_rows_are_the_measure),
        cmocka_unit_test(a_country_without_the_criterion_is_rejected),
        cmocka_unit_test(a_key_with_only_some_criteria_is_rejected),
        cmocka_unit_test(a_missing_criterion_makes_that_members_need_missing),
        cmocka_unit_test(an_edition_without_figures_for_its_key_passes_unchanged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
