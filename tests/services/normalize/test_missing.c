#include "tests/support/cmocka.h"

#include "services/normalize/missing.h"
#include "tests/support/panel_fixture.h"

#define MEMBERS_MAX 8

/* Values of a few members; NAN is missing. */
struct column {
    struct kf_wide wide[MEMBERS_MAX + 1];
    uint8_t status[MEMBERS_MAX + 1];
};

static struct kf_values column_of(struct column *column, const double *values, size_t members)
{
    for (size_t k = 0; k <= members; k++) {
        bool missing = k == members || isnan(values[k]);
        column->wide[k] = kf_wide_from(missing ? 0 : values[k]);
        column->status[k] = missing ? KF_CELL_MISSING : KF_CELL_VALUE;
    }
    return (struct kf_values){column->wide, column->status, members};
}

static void fill(enum kf_missing_rule rule, const struct kf_earlier *earlier,
                 struct kf_values *values)
{
    static const struct kf_earlier none = {.length = 0};
    struct kf_arena *arena = kf_arena_new(65536);
    struct kf_error err = {0};
    assert_int_equal(kf_missing_fill(rule, earlier ? earlier : &none, arena, values, &err), KF_OK);
    assert_int_equal(values->status[values->members], KF_CELL_MISSING); /* the country is let be */
    kf_arena_destroy(&arena);
}

static void the_minimum_is_the_lowest_of_the_others(void **state)
{
    (void)state;
    struct column column;
    struct kf_values values = column_of(&column, (double[]){3, NAN, -1, 7, NAN}, 5);
    fill(KF_MISSING_MINIMUM, NULL, &values);
    static const double expected[] = {3, -1, -1, 7, -1};
    for (size_t k = 0; k < 5; k++) {
        assert_true(kf_wide_value(values.values[k]) == expected[k]);
        assert_int_equal(values.status[k], k == 1 || k == 4 ? KF_CELL_IMPUTED : KF_CELL_VALUE);
    }
}

static void the_median_of_an_odd_number_is_the_one_in_the_middle(void **state)
{
    (void)state;
    struct column column;
    struct kf_values values = column_of(&column, (double[]){30, NAN, 10, 17}, 4);
    fill(KF_MISSING_MEDIAN, NULL, &values);
    assert_true(kf_wide_value(values.values[1]) == 17);
    assert_int_equal(values.status[1], KF_CELL_IMPUTED);
    assert_true(kf_wide_value(values.values[0]) == 30); /* the order of members is kept */
}

static void the_median_of_an_even_number_is_the_mean_of_the_two(void **state)
{
    (void)state;
    struct column column;
    struct kf_values values = column_of(&column, (double[]){30, NAN, 10, 17, 18}, 5);
    fill(KF_MISSING_MEDIAN, NULL, &values);
    assert_true(kf_wide_value(values.values[1]) == 17.5);
    struct kf_values two = column_of(&column, (double[]){5, NAN, 10}, 3);
    fill(KF_MISSING_MEDIAN, NULL, &two);
    assert_true(kf_wide_value(two.values[1]) == 7.5);
    struct kf_values one = column_of(&column, (double[]){NAN, 10}, 2);
    fill(KF_MISSING_MEDIAN, NULL, &one);
    assert_true(kf_wide_value(one.values[0]) == 10);
}

static void what_is_dropped_stays_missing(void **state)
{
    (void)state;
    struct column column;
    struct kf_values values = column_of(&column, (double[]){30, NAN}, 2);
    values.status[1] = KF_CELL_CONFIDENTIAL;
    fill(KF_MISSING_DROP, NULL, &values);
    assert_int_equal(values.status[0], KF_CELL_VALUE);
    assert_int_equal(values.status[1], KF_CELL_CONFIDENTIAL);
}

static void the_latest_is_the_newest_earlier_one_with_its_flags(void **state)
{
    (void)state;
    struct column column;
    struct column years[3];
    struct kf_values values = column_of(&column, (double[]){30, NAN, NAN, NAN}, 4);
    struct kf_earlier earlier = {.length = 3};
    earlier.years[0] = column_of(&years[0], (double[]){1, NAN, NAN, 4}, 4);
    earlier.years[1] = column_of(&years[1], (double[]){1, 12, NAN, 5}, 4);
    earlier.years[2] = column_of(&years[2], (double[]){1, 13, NAN, 6}, 4);
    years[1].status[1] = KF_CELL_PRELIMINARY;
    fill(KF_MISSING_LATEST, &earlier, &values);
    assert_true(kf_wide_value(values.values[0]) == 30);
    assert_true(kf_wide_value(values.values[1]) == 12);
    assert_int_equal(values.status[1], KF_CELL_IMPUTED | KF_CELL_PRELIMINARY);
    assert_true(kf_wide_value(values.values[3]) == 4);
    /* Never reported: the lowest of this year's, not of what was filled in. */
    assert_true(kf_wide_value(values.values[2]) == 30);
    assert_int_equal(values.status[2], KF_CELL_IMPUTED);
}

static void when_nobody_reports_the_latest_of_all_are_taken(void **state)
{
    (void)state;
    struct column column;
    struct column before;
    struct kf_values values = column_of(&column, (double[]){NAN, NAN, NAN}, 3);
    struct kf_earlier earlier = {.length = 1};
    earlier.years[0] = column_of(&before, (double[]){8, NAN, 4}, 3);
    fill(KF_MISSING_LATEST, &earlier, &values);
    assert_true(kf_wide_value(values.values[0]) == 8);
    assert_true(kf_wide_value(values.values[1]) == 4);
    assert_true(kf_wide_value(values.values[2]) == 4);
}

static void without_any_value_nothing_is_invented(void **state)
{
    (void)state;
    struct column column;
    for (int rule = KF_MISSING_MINIMUM; rule <= KF_MISSING_LATEST; rule++) {
        struct kf_values values = column_of(&column, (double[]){NAN, NAN}, 2);
        fill((enum kf_missing_rule)rule, NULL, &values);
        assert_false(kf_values_any(&values));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_minimum_is_the_lowest_of_the_others),
        cmocka_unit_test(the_median_of_an_odd_number_is_the_one_in_the_middle),
        cmocka_unit_test(the_median_of_an_even_number_is_the_mean_of_the_two),
        cmocka_unit_test(what_is_dropped_stays_missing),
        cmocka_unit_test(the_latest_is_the_newest_earlier_one_with_its_flags),
        cmocka_unit_test(when_nobody_reports_the_latest_of_all_are_taken),
        cmocka_unit_test(without_any_value_nothing_is_invented),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
