#include "tests/support/cmocka.h"

#include "services/efficiency/need_index.h"
#include "services/need/need.h"
#include "tests/services/efficiency/given.h"

static const struct kf_scope whole = {.id = KF_SECTOR_TOTAL};
static const struct kf_scope with_administration = {.id = KF_SECTOR_TOTAL_WITH_ADMINISTRATION,
                                                    .administration = true};

static struct kf_values need_of(const struct kf_panel *panel, const struct kf_scope *scope)
{
    struct kf_values cells = {0};
    struct kf_error err = {0};
    bool found = false;
    assert_int_equal(kf_need_index_of_accounts(panel, scope, &cells, &found, &err), KF_OK);
    assert_true(found);
    return cells;
}

/* Agriculture needs, but its accounts are in no sum: its need must not divide the others'. */
static void a_sum_is_divided_by_the_need_of_the_sectors_in_it(void **state)
{
    (void)state;
    struct kf_panel *panel = given_sectors();
    fixture_seal(panel);
    given_need(panel, "skole", (double[]){1.1, 0.9});
    given_need(panel, "jordbruk", (double[]){5, FIXTURE_MISSING});
    given_need(panel, "administrasjon", (double[]){1.5, FIXTURE_MISSING});
    given_need(panel, KF_SECTOR_TOTAL, (double[]){7, 7});
    struct kf_values produced = need_of(panel, &whole);
    assert_close(kf_wide_value(produced.values[0]), 1.1, 1e-14);
    assert_close(kf_wide_value(produced.values[1]), 0.9, 1e-14);
    struct kf_values all = need_of(panel, &with_administration);
    assert_close(kf_wide_value(all.values[0]), (0.6 * 1.1 + 0.2 * 1.5) / 0.8, 1e-14);
    assert_int_equal(all.status[1], KF_CELL_MISSING);
    /* The need of the whole is still what the need stage says. */
    bool found = false;
    assert_int_equal(kf_need_index(panel, &whole, &all, &found, NULL), KF_OK);
    assert_true(kf_wide_value(all.values[0]) == 7);
    /* The edition's own accounts are of the whole: so is their need. */
    given_rules(panel, &fixture_edition(panel)->expenditure, "alt", false);
    assert_true(kf_wide_value(need_of(panel, &whole).values[0]) == 7);
    kf_panel_destroy(&panel);
}

/* What the need stage made of the whole is what the sectors give when all of them are in it. */
static void the_need_of_the_whole_is_that_of_the_need_stage(void **state)
{
    (void)state;
    struct kf_panel *panel = fixture_panel_new(1, 2);
    static const char *const ids[] = {"barnehage", "skole"};
    for (size_t s = 0; s < 2; s++) {
        fixture_sector(panel, ids[s], 0.5)->need_weight = s == 0 ? 0.25 : 0.75;
        fixture_indicator(panel, ids[s], s == 0 ? "timer" : "laerere", 1);
        fixture_criterion(panel, ids[s], s == 0 ? "smaa" : "store", 1);
    }
    fixture_population(panel, (double[]){100, 300});
    fixture_column(panel, "smaa", (double[]){20, 30});  /* 2/1.25 = 1.6 */
    fixture_column(panel, "store", (double[]){20, 60}); /* 1 */
    fixture_seal(panel);
    struct kf_error err = {0};
    assert_int_equal(kf_need_compute(panel, fixture_findings(), &err), KF_OK);
    assert_close(kf_wide_value(need_of(panel, &whole).values[0]), 0.25 * 1.6 + 0.75, 1e-12);
    kf_panel_destroy(&panel);
}

static void need_that_was_not_computed_is_not_found(void **state)
{
    (void)state;
    struct kf_panel *panel = given_sectors();
    fixture_seal(panel);
    struct kf_values cells = {0};
    struct kf_error err = {0};
    bool found = true;
    assert_int_equal(kf_need_index_of_accounts(panel, &whole, &cells, &found, &err), KF_OK);
    assert_false(found);
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sum_is_divided_by_the_need_of_the_sectors_in_it),
        cmocka_unit_test(the_need_of_the_whole_is_that_of_the_need_stage),
        cmocka_unit_test(need_that_was_not_computed_is_not_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
