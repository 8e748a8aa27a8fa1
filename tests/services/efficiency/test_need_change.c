#include "tests/support/cmocka.h"

#include <string.h>

#include "services/efficiency/efficiency.h"
#include "services/efficiency/need_change.h"
#include "services/need/need.h"
#include "tests/services/efficiency/given.h"

static void need_changes_relative_to_the_year_before(void **state)
{
    (void)state;
    struct kf_panel *panel = fixture_panel_new(1, 2);
    fixture_population(panel, (double[]){10, 20});
    struct kf_panel *before = fixture_previous(panel);
    fixture_seal(panel);
    given_need(panel, KF_SECTOR_TOTAL, (double[]){1.02, 0.9});
    given_need(before, KF_SECTOR_TOTAL, (double[]){0.96, FIXTURE_MISSING});
    struct kf_scope whole = {.id = KF_SECTOR_TOTAL};
    struct kf_values ratios = {0};
    struct kf_error err = {0};
    assert_int_equal(kf_need_change(panel, &whole, &ratios, &err), KF_OK);
    assert_non_null(ratios.values);
    assert_close(kf_wide_value(ratios.values[0]), 1.0625, 1e-14);
    assert_int_equal(ratios.status[1], KF_CELL_MISSING);
    kf_panel_destroy(&panel);
}

static void need_that_was_computed_for_one_year_only_has_no_change(void **state)
{
    (void)state;
    struct kf_panel *panel = fixture_panel_new(1, 1);
    fixture_population(panel, (double[]){10});
    (void)fixture_previous(panel);
    fixture_seal(panel);
    given_need(panel, KF_SECTOR_TOTAL, (double[]){1.02});
    struct kf_scope whole = {.id = KF_SECTOR_TOTAL};
    struct kf_values ratios = {0};
    struct kf_error err = {0};
    assert_int_equal(kf_need_change(panel, &whole, &ratios, &err), KF_OK);
    assert_null(ratios.values);
    kf_panel_destroy(&panel);
}

/* Children: 2 and 2/3 after 1.5 and .5. Schools: published, 1.02 after .96, and one is missing. The
 * whole, half each: 3.02/2.46. */
static struct kf_panel *need_alone(void)
{
    struct kf_panel *panel = fixture_panel_new(1, 2);
    fixture_edition(panel)->change.computed = true;
    fixture_sector(panel, "barnehage", 0)->need_weight = 0.5;
    fixture_criterion(panel, "barnehage", "barn", 1);
    struct kf_sector *school = fixture_sector(panel, "skole", 0);
    school->need_weight = 0.5;
    school->published_need = "dki_skole";
    struct kf_panel *before = fixture_previous(panel);
    fixture_population(panel, (double[]){1000, 3000});
    fixture_column(panel, "barn", (double[]){100, 100});
    fixture_column(panel, "dki_skole", (double[]){1.02, 0.98});
    fixture_population(before, (double[]){2000, 2000});
    fixture_column(before, "barn", (double[]){30, 10});
    fixture_column(before, "dki_skole", (double[]){0.96, FIXTURE_MISSING});
    fixture_seal(panel);
    return panel;
}

static void an_edition_of_need_alone_tells_its_change_by_sector_and_in_total(void **state)
{
    (void)state;
    static const char *const measure = "need_change_percent";
    struct kf_panel *panel = need_alone();
    struct kf_error err = {0};
    assert_int_equal(kf_need_compute(panel, fixture_findings(), &err), KF_OK);
    assert_int_equal(kf_efficiency_compute(panel, fixture_findings(), &err), KF_OK);
    assert_close(efficiency_value(panel, "barnehage", measure, 0), 100.0 / 3, 1e-10);
    assert_close(efficiency_value(panel, "barnehage", measure, 1), 100.0 / 3, 1e-10);
    assert_close(efficiency_value(panel, "skole", measure, 0), 6.25, 1e-12);
    assert_int_equal(efficiency_status(panel, "skole", measure, 0), KF_CELL_PUBLISHED);
    assert_int_equal(efficiency_status(panel, "skole", measure, 1), KF_CELL_MISSING);
    assert_close(efficiency_value(panel, KF_SECTOR_TOTAL, measure, 0), 100 * (3.02 / 2.46 - 1),
                 1e-10);
    assert_int_equal(efficiency_status(panel, KF_SECTOR_TOTAL, measure, 1), KF_CELL_MISSING);
    for (size_t i = 0; i < panel->results_len; i++) {
        bool change = panel->results[i].topic == KF_TOPIC_EFFICIENCY;
        assert_true(!change || strcmp(panel->results[i].measure, measure) == 0);
    }
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(need_changes_relative_to_the_year_before),
        cmocka_unit_test(need_that_was_computed_for_one_year_only_has_no_change),
        cmocka_unit_test(an_edition_of_need_alone_tells_its_change_by_sector_and_in_total),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
