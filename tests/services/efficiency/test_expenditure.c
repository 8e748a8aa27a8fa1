#include "tests/support/cmocka.h"

#include "services/efficiency/expenditure.h"
#include "tests/support/panel_fixture.h"

#define EPSILON 1e-12

/* Accounts of two members of 10 and 30 inhabitants. Payroll costs 30 + 30 of wages 100 + 200: the
 * common percentage is 20.
 *   first:  1000 − 100 − 30 + .2·100 = 890, per inhabitant 89
 *   second: 2000 − 200 − 30 + .2·200 = 1810, per inhabitant 60.333… */
static struct kf_panel *accounts(void)
{
    struct kf_panel *panel = fixture_panel_new(100, 2);
    struct kf_expenditure *expenditure = &fixture_edition(panel)->expenditure;
    expenditure->gross = "bdu";
    expenditure->minus = kf_arena_calloc(panel->arena, 1, sizeof *expenditure->minus);
    assert_non_null(expenditure->minus);
    expenditure->minus[0] = "avskrivninger";
    expenditure->minus_len = 1;
    expenditure->payroll_costs = "pensjon";
    expenditure->wages = "lonn";
    fixture_population(panel, (double[]){10, 30});
    fixture_column(panel, "bdu", (double[]){1000, 2000});
    fixture_column(panel, "avskrivninger", (double[]){100, 200});
    fixture_column(panel, "pensjon", (double[]){30, 30});
    fixture_column(panel, "lonn", (double[]){100, 200});
    return panel;
}

static void payroll_costs_become_a_common_percentage_of_wages(void **state)
{
    (void)state;
    struct kf_panel *panel = accounts();
    fixture_seal(panel);
    struct kf_wide values[2];
    uint8_t status[2];
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_expenditure_corrected(panel, values, status, findings, &err), KF_OK);
    assert_close(kf_wide_value(values[0]), 89, EPSILON);
    assert_close(kf_wide_value(values[1]), 1810.0 / 30, EPSILON);
    kf_panel_destroy(&panel);
}

static void the_index_has_the_group_mean_at_scale(void **state)
{
    (void)state;
    struct kf_panel *panel = accounts();
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_expenditure_append(panel, findings, &err), KF_OK);
    double first = fixture_value(panel, KF_TOPIC_EFFICIENCY, "total", "", "expenditure_index", 0);
    double second = fixture_value(panel, KF_TOPIC_EFFICIENCY, "total", "", "expenditure_index", 1);
    /* All spend 2700 for 40: 67.5 each; 89/67.5 = 131.85. */
    assert_close(first, 100 * 89 / 67.5, 1e-9);
    assert_close((10 * first + 30 * second) / 40, 100, 1e-9);
    kf_panel_destroy(&panel);
}

static void need_divides_the_expenditure(void **state)
{
    (void)state;
    struct kf_panel *panel = accounts();
    fixture_edition(panel)->expenditure.need_corrected = true;
    fixture_seal(panel);
    struct kf_result_key key = {.topic = KF_TOPIC_NEED,
                                .sector = KF_SECTOR_TOTAL,
                                .indicator = "",
                                .measure = "need_index"};
    struct kf_result *need = NULL;
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_panel_append(panel, &key, &need, &err), KF_OK);
    need->values[0] = 2;
    need->values[1] = 0.5;
    struct kf_wide values[2];
    uint8_t status[2];
    assert_int_equal(kf_expenditure_corrected(panel, values, status, findings, &err), KF_OK);
    assert_close(kf_wide_value(values[0]), 44.5, EPSILON);
    assert_close(kf_wide_value(values[1]), 1810.0 / 15, EPSILON);
    kf_panel_destroy(&panel);
}

static void need_that_was_not_computed_is_rejected(void **state)
{
    (void)state;
    struct kf_panel *panel = accounts();
    fixture_edition(panel)->expenditure.need_corrected = true;
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_expenditure_append(panel, findings, &err), KF_ERR_DATA);
    assert_int_equal(findings->length, 1);
    kf_panel_destroy(&panel);
}

static void a_member_without_accounts_is_missing_and_does_not_count(void **state)
{
    (void)state;
    struct kf_panel *panel = accounts();
    fixture_column(panel, "avskrivninger", (double[]){FIXTURE_MISSING, 200});
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_expenditure_append(panel, findings, &err), KF_OK);
    assert_int_equal(
        fixture_status(panel, KF_TOPIC_EFFICIENCY, "total", "", "expenditure_index", 0),
        KF_CELL_MISSING);
    assert_close(fixture_value(panel, KF_TOPIC_EFFICIENCY, "total", "", "expenditure_index", 1),
                 100, 1e-9);
    kf_panel_destroy(&panel);
}

static void wages_of_nothing_are_rejected(void **state)
{
    (void)state;
    struct kf_panel *panel = accounts();
    fixture_column(panel, "lonn", (double[]){0, 0});
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_expenditure_append(panel, findings, &err), KF_ERR_DATA);
    assert_string_equal(findings->list[0].variable, "lonn");
    kf_panel_destroy(&panel);
}

static void a_given_index_is_brought_to_scale(void **state)
{
    (void)state;
    struct kf_panel *panel = accounts();
    fixture_edition(panel)->expenditure.given = "utgift";
    fixture_column(panel, "utgift", (double[]){1.2, 0.8}); /* mean .9 */
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_expenditure_append(panel, findings, &err), KF_OK);
    assert_close(fixture_value(panel, KF_TOPIC_EFFICIENCY, "total", "", "expenditure_index", 0),
                 100 * 1.2 / 0.9, 1e-9);
    kf_panel_destroy(&panel);
}

/* Accounts in kroner, in thousands, in millions: the same index to the last bit. */
static void the_unit_of_the_accounts_leaves_no_trace(void **state)
{
    (void)state;
    static const double units[] = {1, 1000, 0.001, 7};
    double first[2];
    for (size_t u = 0; u < 4; u++) {
        struct kf_panel *panel = accounts();
        double unit = units[u];
        fixture_column(panel, "bdu", (double[]){1013.7 * unit, 2077.1 * unit});
        fixture_column(panel, "avskrivninger", (double[]){101.3 * unit, 205.9 * unit});
        fixture_column(panel, "pensjon", (double[]){31.1 * unit, 33.7 * unit});
        fixture_column(panel, "lonn", (double[]){97.3 * unit, 211.9 * unit});
        fixture_seal(panel);
        struct kf_error err = {0};
        assert_int_equal(kf_expenditure_append(panel, fixture_findings(), &err), KF_OK);
        for (size_t k = 0; k < 2; k++) {
            double value =
                fixture_value(panel, KF_TOPIC_EFFICIENCY, "total", "", "expenditure_index", k);
            first[k] = u == 0 ? value : first[k];
            assert_true(value == first[k]);
        }
        kf_panel_destroy(&panel);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(payroll_costs_become_a_common_percentage_of_wages),
        cmocka_unit_test(the_index_has_the_group_mean_at_scale),
        cmocka_unit_test(need_divides_the_expenditure),
        cmocka_unit_test(need_that_was_not_computed_is_rejected),
        cmocka_unit_test(a_member_without_accounts_is_missing_and_does_not_count),
        cmocka_unit_test(wages_of_nothing_are_rejected),
        cmocka_unit_test(a_given_index_is_brought_to_scale),
        cmocka_unit_test(the_unit_of_the_accounts_leaves_no_trace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
