/* Half-published years, with figures made up by hand. */
#include "services/ingest/watch/half.h"

#include "common/base/memory.h"
#include "common/model/catalogue.h"
#include "common/model/cell.h"
#include "tests/support/cmocka.h"

static struct kf_catalogue *catalogue;
static struct kf_observations *table;
static struct kf_findings findings;
static struct kf_half half;
static struct kf_error err;

static int open_catalogue(void **state)
{
    (void)state;
    kf_findings_init(&findings);
    return kf_catalogue_read(KF_SOURCE_DIR "/editions", &catalogue, &findings, &err) == KF_OK ? 0
                                                                                              : 1;
}

static int close_catalogue(void **state)
{
    (void)state;
    kf_findings_clear(&findings);
    kf_catalogue_destroy(&catalogue);
    return 0;
}

static int set_up(void **state)
{
    (void)state;
    table = kf_observations_new(catalogue->variables, 10000);
    return table ? 0 : 1;
}

static int tear_down(void **state)
{
    (void)state;
    kf_observations_destroy(&table);
    return 0;
}

/* Rows of one variable and year for municipalities 1000, 1001, …: the first `figures` with `value`,
 * the others without a figure. */
static void add(uint16_t variable, uint16_t year, unsigned rows, unsigned figures, double value)
{
    for (unsigned i = 0; i < rows; i++) {
        const struct kf_observation row = {
            .value = i < figures ? value : 0,
            .year = year,
            .variable = variable,
            .municipality = (uint16_t)(1000 + i),
            .status = i < figures ? KF_CELL_VALUE : KF_CELL_MISSING,
        };
        assert_int_equal(kf_observations_add(table, &row, &err), KF_OK);
    }
}

static bool is_half(void)
{
    assert_int_equal(kf_observations_seal(table, &findings, &err), KF_OK);
    return kf_half_is(table, &half);
}

static void a_year_of_dots_is_half(void **state)
{
    (void)state;
    add(0, 2024, 30, 30, 5);
    add(0, 2025, 30, 0, 0);
    assert_true(is_half());
    assert_int_equal(half.year, 2025);
    assert_int_equal(half.now, 0);
    assert_int_equal(half.before, 30);
}

static void a_year_of_zeros_is_half(void **state)
{
    (void)state;
    add(0, 2024, 30, 30, 5);
    add(0, 2025, 30, 30, 0);
    assert_true(is_half());
    assert_int_equal(half.zeros, 30);
}

static void zeros_that_were_zeros_before_are_figures(void **state)
{
    (void)state;
    add(0, 2024, 30, 30, 0);
    add(0, 2025, 30, 30, 0);
    assert_false(is_half());
}

static void two_figures_for_three_are_enough(void **state)
{
    (void)state;
    add(0, 2024, 30, 30, 5);
    add(0, 2025, 30, 20, 6);
    assert_false(is_half());
}

static void fewer_are_not(void **state)
{
    (void)state;
    add(0, 2024, 30, 30, 5);
    add(0, 2025, 30, 19, 6);
    assert_true(is_half());
}

/* A map that takes a table's year for the one before, too. */
static void variables_of_different_newest_years_are_each_compared_with_their_own(void **state)
{
    (void)state;
    add(0, 2024, 30, 30, 5);
    add(0, 2025, 30, 30, 5);
    for (uint16_t variable = 1; variable < 4; variable++) {
        add(variable, 2023, 30, 30, 5);
        add(variable, 2024, 30, 30, 5);
    }
    assert_false(is_half());
    assert_int_equal(half.now, 120);
    assert_int_equal(half.before, 120);
}

static void a_first_year_with_figures_and_no_rows_are_not_half(void **state)
{
    (void)state;
    assert_false(is_half());
    assert_int_equal(half.year, 0);
    (void)tear_down(NULL);
    (void)set_up(NULL);
    add(0, 2025, 30, 1, 0);
    assert_false(is_half());
}

static void rows_without_any_figure_are_half(void **state)
{
    (void)state;
    add(0, 2025, 30, 0, 0);
    assert_true(is_half());
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_year_of_dots_is_half),
        TEST(a_year_of_zeros_is_half),
        TEST(zeros_that_were_zeros_before_are_figures),
        TEST(two_figures_for_three_are_enough),
        TEST(fewer_are_not),
        TEST(variables_of_different_newest_years_are_each_compared_with_their_own),
        TEST(a_first_year_with_figures_and_no_rows_are_not_half),
        TEST(rows_without_any_figure_are_half),
    };
    return cmocka_run_group_tests(tests, open_catalogue, close_catalogue);
}
