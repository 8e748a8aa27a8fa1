/* Cells in any order, before and after their number is known. */
#include "tests/support/cmocka.h"

#include "common/model/cell.h"
#include "services/ingest/jsonstat/jsonstat_cells.h"
#include "services/ingest/jsonstat/jsonstat_status.h"

static const struct kf_jsonstat_limits limits = {0};
static struct kf_jsonstat_cells cells;

static int open_cells(void **state)
{
    (void)state;
    cells = (struct kf_jsonstat_cells){.cells_max = 5000};
    return 0;
}

static int close_cells(void **state)
{
    (void)state;
    kf_jsonstat_cells_clear(&cells);
    return 0;
}

static unsigned number(const char *symbol)
{
    return (unsigned)kf_jsonstat_status_number(&limits, symbol);
}

static enum kf_err add(double value)
{
    double *values = NULL;
    size_t room = 0;
    enum kf_err code = kf_jsonstat_cells_room(&cells, &values, &room, NULL);
    if (code == KF_OK) {
        assert_true(room > 0);
        values[0] = value;
        kf_jsonstat_cells_added(&cells, 1);
    }
    return code;
}

static void figures_may_come_before_their_number(void **state)
{
    (void)state;
    cells.has_values = cells.values_dense = true;
    for (int i = 0; i < 3000; i++) {
        assert_int_equal(add(i), KF_OK);
    }
    assert_int_equal(kf_jsonstat_cells_mark(&cells, 2999, number(":"), NULL), KF_OK);
    assert_int_equal(kf_jsonstat_cells_expect(&cells, 3000, NULL), KF_OK);
    assert_int_equal(kf_jsonstat_cells_finish(&cells, &limits, NULL), KF_OK);
    assert_true(cells.values[2998] == 2998.0 && cells.marks[2998] == KF_CELL_VALUE);
    assert_true(cells.values[2999] == 0.0 && cells.marks[2999] == KF_CELL_CONFIDENTIAL);
}

static void symbols_may_come_before_figures(void **state)
{
    (void)state;
    cells.has_values = cells.values_dense = true;
    cells.has_marks = cells.marks_dense = true;
    assert_int_equal(kf_jsonstat_cells_mark_next(&cells, number("."), NULL), KF_OK);
    assert_int_equal(kf_jsonstat_cells_mark_next(&cells, number(""), NULL), KF_OK);
    assert_int_equal(kf_jsonstat_cells_expect(&cells, 2, NULL), KF_OK);
    assert_int_equal(add(8.0), KF_OK);
    assert_int_equal(add(9.0), KF_OK);
    assert_int_equal(add(10.0), KF_ERR_DATA);
    assert_int_equal(kf_jsonstat_cells_finish(&cells, &limits, NULL), KF_OK);
    assert_true(cells.values[0] == 0.0 && cells.marks[0] == KF_CELL_NOT_APPLICABLE);
    assert_true(cells.values[1] == 9.0 && cells.marks[1] == KF_CELL_VALUE);
}

static void a_position_is_given_once(void **state)
{
    (void)state;
    assert_int_equal(kf_jsonstat_cells_put(&cells, 7, NAN, NULL), KF_OK);
    assert_int_equal(kf_jsonstat_cells_put(&cells, 7, 1.0, NULL), KF_ERR_DATA);
    assert_int_equal(kf_jsonstat_cells_mark(&cells, 7, 0, NULL), KF_OK);
    assert_int_equal(kf_jsonstat_cells_mark(&cells, 7, 0, NULL), KF_ERR_DATA);
}

static void figures_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    assert_int_equal(kf_jsonstat_cells_put(&cells, 4999, 1.0, NULL), KF_OK);
    assert_int_equal(kf_jsonstat_cells_put(&cells, 5000, 1.0, NULL), KF_ERR_LIMIT);
    assert_int_equal(kf_jsonstat_cells_expect(&cells, 4999, NULL), KF_ERR_DATA);
    kf_jsonstat_cells_reset(&cells);
    assert_int_equal(kf_jsonstat_cells_expect(&cells, 3, NULL), KF_OK);
    cells.values_dense = true;
    assert_int_equal(add(1.0), KF_OK);
    assert_int_equal(kf_jsonstat_cells_finish(&cells, &limits, NULL), KF_ERR_DATA);
}

static void nothing_is_left_of_an_earlier_table(void **state)
{
    (void)state;
    assert_int_equal(kf_jsonstat_cells_put(&cells, 1, 4.0, NULL), KF_OK);
    assert_int_equal(kf_jsonstat_cells_mark(&cells, 0, number(":"), NULL), KF_OK);
    kf_jsonstat_cells_reset(&cells);
    cells.has_values = true;
    assert_int_equal(kf_jsonstat_cells_expect(&cells, 2, NULL), KF_OK);
    assert_int_equal(kf_jsonstat_cells_finish(&cells, &limits, NULL), KF_OK);
    for (size_t i = 0; i < 2; i++) {
        assert_true(cells.values[i] == 0.0 && cells.marks[i] == KF_CELL_MISSING);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_cells, close_cells)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(figures_may_come_before_their_number),
        TEST(symbols_may_come_before_figures),
        TEST(a_position_is_given_once),
        TEST(figures_that_do_not_fit_are_refused),
        TEST(nothing_is_left_of_an_earlier_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
