#include "fixture.h"

#include <math.h>

#include "common/base/memory.h"
#include "common/model/cell.h"

static struct kf_variables *variables;

static int open_register(void **state)
{
    if (fixture_open(state) != 0) {
        return -1;
    }
    variables = fixture_variables();
    return 0;
}

static int close_register(void **state)
{
    kf_variables_destroy(&variables);
    return fixture_close(state);
}

static struct kf_observation row_of(uint16_t municipality, uint16_t year, const char *variable,
                                    double value)
{
    return (struct kf_observation){.municipality = municipality,
                                   .year = year,
                                   .variable = fixture_variable(variables, variable),
                                   .value = value};
}

static void add(struct kf_observations *table, struct kf_observation row, uint32_t line)
{
    struct kf_error err;
    row.line = line;
    assert_int_equal(kf_observations_add(table, &row, &err), KF_OK);
}

static void begin(struct kf_observations *table, const char *name)
{
    struct kf_error err;
    assert_int_equal(kf_observations_begin_file(table, name, &err), KF_OK);
}

static void rows_and_files_in_any_order_leave_the_same_table(void **state)
{
    (void)state;
    const struct kf_observation rows[] = {
        row_of(301, 2010, "timer", 5), row_of(106, 2010, "timer", 4),
        row_of(301, 2009, "timer", 3), row_of(10000, 2010, "barn", 2),
        row_of(9999, 2010, "barn", 1), row_of(301, 2100, "andel", 6),
        row_of(301, 1900, "timer", 7),
    };
    size_t count = sizeof rows / sizeof rows[0];
    static const size_t canonical[] = {6, 2, 4, 3, 1, 0, 5}; /* by hand; barn before timer */
    for (size_t turn = 0; turn < 2 * count; turn++) {
        struct kf_observations *table = kf_observations_new(variables, 100);
        for (size_t i = 0; i < count; i++) {
            size_t pick =
                turn < count ? (i + turn) % count : (2 * count - i - turn % count) % count;
            if (i % 3 == turn % 3) {
                begin(table, "file");
            }
            add(table, rows[pick], (uint32_t)i + 1);
        }
        struct kf_error err;
        assert_int_equal(kf_observations_seal(table, fixture_findings(), &err), KF_OK);
        size_t sealed = 0;
        const struct kf_observation *all = kf_observations_rows(table, &sealed);
        assert_int_equal(sealed, count);
        for (size_t i = 0; i < count; i++) {
            assert_true(all[i].value == rows[canonical[i]].value);
        }
        kf_observations_destroy(&table);
    }
}

static void the_rows_of_one_variable_and_year_are_found(void **state)
{
    (void)state;
    struct kf_observations *table = kf_observations_new(variables, 100);
    uint16_t timer = fixture_variable(variables, "timer");
    add(table, row_of(10000, 2010, "timer", 9), 1);
    add(table, row_of(301, 2010, "timer", 5), 2);
    add(table, row_of(106, 2010, "timer", 4), 3);
    add(table, row_of(106, 2011, "timer", 3), 4);
    add(table, row_of(106, 2010, "barn", 2), 5);
    size_t count = 7;
    assert_null(kf_observations_find(table, 2010, timer, &count)); /* not sealed yet */
    assert_int_equal(count, 0);
    struct kf_error err;
    assert_int_equal(kf_observations_seal(table, fixture_findings(), &err), KF_OK);
    const struct kf_observation *rows = kf_observations_find(table, 2010, timer, &count);
    assert_int_equal(count, 3);
    assert_int_equal(rows[0].municipality, 106);
    assert_int_equal(rows[1].municipality, 301);
    assert_int_equal(rows[2].municipality, KF_OBSERVATION_COUNTRY);
    assert_null(kf_observations_find(table, 2012, timer, &count));
    assert_int_equal(count, 0);
    assert_null(kf_observations_find(table, 70000, timer, &count));
    assert_null(kf_observations_find(table, 2010, 4000, &count));
    kf_observations_destroy(&table);
}

static void a_cell_given_twice_is_told_with_both_lines(void **state)
{
    (void)state;
    struct kf_observations *table = kf_observations_new(variables, 100);
    begin(table, "first.csv");
    add(table, row_of(301, 2010, "timer", 97.1), 4);
    add(table, row_of(106, 2010, "timer", 1), 5);
    begin(table, "second.csv");
    add(table, row_of(301, 2010, "timer", 97.1), 9); /* also when both say the same */
    add(table, row_of(10000, 2010, "timer", 1), 10);
    struct kf_observation missing = row_of(10000, 2010, "timer", 0);
    missing.status = KF_CELL_MISSING;
    add(table, missing, 11);
    struct kf_error err;
    assert_int_equal(kf_observations_seal(table, fixture_findings(), &err), KF_ERR_DATA);
    fixture_told("second.csv:9: ", "0301", "timer", "\"97.1\"", "line 4 of first.csv", NULL);
    fixture_told("second.csv:11: ", "EAK", "timer", "line 10 of second.csv", NULL);
    fixture_found(2);
    kf_observations_destroy(&table);
}

static void limits_and_impossible_rows_are_refused(void **state)
{
    (void)state;
    struct kf_observations *table = kf_observations_new(variables, 1);
    struct kf_error err;
    struct kf_observation wrong[] = {
        row_of(10001, 2010, "timer", 1), row_of(301, 1899, "timer", 1),
        row_of(301, 2101, "timer", 1),   row_of(301, 2010, "timer", NAN),
        row_of(301, 2010, "timer", 1),
    };
    size_t registered = 0;
    (void)kf_variables_all(variables, &registered);
    wrong[4].variable = (uint16_t)registered; /* the first number beyond the register */
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(kf_observations_add(table, &wrong[i], &err), KF_ERR_DATA);
    }
    add(table, row_of(301, 2010, "timer", 1), 1);
    struct kf_observation more = row_of(106, 2010, "timer", 1);
    assert_int_equal(kf_observations_add(table, &more, &err), KF_ERR_LIMIT);
    assert_int_equal(kf_observations_seal(table, fixture_findings(), &err), KF_OK);
    kf_observations_destroy(&table);
    kf_observations_destroy(NULL);
}

static void a_cell_without_a_value_holds_zero(void **state)
{
    (void)state;
    struct kf_observations *table = kf_observations_new(variables, 10);
    begin(table, "a.csv");
    struct kf_observation row = row_of(301, 2010, "timer", 55);
    row.status = KF_CELL_CONFIDENTIAL;
    row.file = 77;
    add(table, row, 3);
    size_t count = 0;
    const struct kf_observation *rows = kf_observations_rows(table, &count);
    assert_true(rows[0].value == 0);
    assert_int_equal(rows[0].status, KF_CELL_CONFIDENTIAL);
    assert_string_equal(kf_observations_file(table, rows[0].file), "a.csv");
    assert_string_equal(kf_observations_file(table, 5), "");
    assert_ptr_equal(kf_observations_variables(table), variables);
    kf_observations_destroy(&table);
}

static enum kf_err fill_and_seal(struct kf_observations *table, struct kf_findings *findings)
{
    struct kf_error err;
    enum kf_err code = kf_observations_begin_file(table, "a.csv", &err);
    for (uint16_t i = 0; code == KF_OK && i < 1500; i++) {
        struct kf_observation row = {.municipality = (uint16_t)(5000 - i), .year = 2010};
        code = kf_observations_add(table, &row, &err);
    }
    return code == KF_OK ? kf_observations_seal(table, findings, &err) : code;
}

static void every_failing_allocation_is_survived(void **state)
{
    (void)state;
    struct kf_findings *findings = fixture_findings();
    enum kf_err code = KF_ERR_MEMORY;
    int64_t n = 0;
    for (; code == KF_ERR_MEMORY; n++) {
        kf_memory_fail_after(n);
        struct kf_observations *table = kf_observations_new(variables, 2000);
        code = table ? fill_and_seal(table, findings) : KF_ERR_MEMORY;
        kf_memory_fail_after(-1);
        kf_observations_destroy(&table);
    }
    assert_int_equal(code, KF_OK);
    assert_true(n > 8);
    fixture_found(0);
}

static void a_national_table_is_sealed_and_every_row_is_where_it_belongs(void **state)
{
    (void)state;
    enum { MUNICIPALITIES = 357, YEARS = 20, VARIABLES = 11 };
    struct kf_observations *table = kf_observations_new(variables, 100000);
    uint32_t random = 1;
    size_t added = 0;
    for (uint32_t i = 0; i < MUNICIPALITIES * YEARS * VARIABLES; i++) {
        random = (uint32_t)(((uint64_t)i * 7919u) % (MUNICIPALITIES * YEARS * VARIABLES));
        struct kf_observation row = {
            .municipality = (uint16_t)(random % MUNICIPALITIES * 28),
            .year = (uint16_t)(2000 + random / MUNICIPALITIES % YEARS),
            .variable = (uint16_t)(random / MUNICIPALITIES / YEARS),
            .value = random,
        };
        add(table, row, i);
        added++;
    }
    struct kf_error err;
    assert_int_equal(kf_observations_seal(table, fixture_findings(), &err), KF_OK);
    size_t found = 0;
    for (int year = 2000; year < 2000 + YEARS; year++) {
        for (size_t variable = 0; variable < VARIABLES; variable++) {
            size_t count = 0;
            const struct kf_observation *rows = kf_observations_find(table, year, variable, &count);
            assert_int_equal(count, MUNICIPALITIES);
            for (size_t i = 0; i < count; i++) {
                size_t expected =
                    i + (size_t)MUNICIPALITIES * ((size_t)(year - 2000) + (size_t)YEARS * variable);
                assert_true(rows[i].value == (double)expected);
                assert_ptr_equal(kf_observations_cell(table, year, variable, rows[i].municipality),
                                 &rows[i]);
                assert_null(kf_observations_cell(table, year, variable, rows[i].municipality + 1u));
            }
            found += count;
        }
    }
    assert_int_equal(found, added);
    kf_observations_destroy(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_and_files_in_any_order_leave_the_same_table),
        cmocka_unit_test(the_rows_of_one_variable_and_year_are_found),
        cmocka_unit_test(a_cell_given_twice_is_told_with_both_lines),
        cmocka_unit_test(limits_and_impossible_rows_are_refused),
        cmocka_unit_test(a_cell_without_a_value_holds_zero),
        cmocka_unit_test(every_failing_allocation_is_survived),
        cmocka_unit_test(a_national_table_is_sealed_and_every_row_is_where_it_belongs),
    };
    return cmocka_run_group_tests(tests, open_register, close_register);
}
