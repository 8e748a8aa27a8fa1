/* Reading: what is damaged is told, what the register lost is counted, what moved is listed. */
#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/model/cell.h"
#include "store_fixture.h"

static const struct cell before[] = {
    {ALDER, 2025, 301, 40, KF_CELL_VALUE},
    {BARN, 2025, 301, 10, KF_CELL_VALUE},
    {BARN, 2025, 1103, 20, KF_CELL_VALUE},
    {BARN, 2025, 4601, 30, KF_CELL_VALUE},
};

static const struct cell after[] = {
    {TIMER, 2024, 301, 7, KF_CELL_VALUE},       {ALDER, 2025, 301, 40, KF_CELL_VALUE},
    {BARN, 2025, 301, 10, KF_CELL_PRELIMINARY}, {BARN, 2025, 1103, 0, KF_CELL_CONFIDENTIAL},
    {BARN, 2025, 5001, 1, KF_CELL_VALUE},
};

static enum kf_err collect(void *context, const struct kf_store_change *change,
                           struct kf_error *error)
{
    (void)error;
    kf_text_add_format(context, "%s %d %u: %g/%u to %g/%u\n", change->variable, change->year,
                       change->municipality, change->before, change->status_before, change->after,
                       change->status_after);
    return KF_OK;
}

static void every_change_between_two_vintages_is_listed(void **state)
{
    (void)state;
    struct kf_vintage one;
    struct kf_vintage other;
    struct kf_text text;
    kf_text_init(&text, 1000);
    (void)add_cells(8, before, LENGTH(before), &one);
    (void)add_cells(9, after, LENGTH(after), &other);
    assert_int_equal(kf_store_changes(store, &one, &other, collect, &text, &err), KF_OK);
    assert_string_equal(text.bytes, "barn 2025 301: 10/0 to 10/32\n"
                                    "barn 2025 1103: 20/0 to 0/3\n"
                                    "barn 2025 4601: 30/0 to 0/1\n"
                                    "barn 2025 5001: 0/1 to 1/0\n"
                                    "timer 2024 301: 0/1 to 7/0\n");
    kf_text_reset(&text);
    assert_int_equal(kf_store_changes(store, &one, &one, collect, &text, &err), KF_OK);
    assert_int_equal(text.length, 0);
    (void)snprintf(other.source, sizeof other.source, "ssb-2");
    assert_int_equal(kf_store_changes(store, &one, &other, collect, &text, &err), KF_ERR_CONFIG);
    kf_text_clear(&text);
}

static enum kf_err stop(void *context, const struct kf_store_change *change, struct kf_error *error)
{
    (void)change;
    ++*(int *)context;
    return kf_error_set(error, KF_ERR_PEER, "enough");
}

static void a_walk_through_changes_can_be_stopped(void **state)
{
    (void)state;
    int seen = 0;
    struct kf_vintage one;
    struct kf_vintage other;
    (void)add_cells(8, before, LENGTH(before), &one);
    (void)add_cells(9, after, LENGTH(after), &other);
    assert_int_equal(kf_store_changes(store, &one, &other, stop, &seen, &err), KF_ERR_PEER);
    assert_int_equal(seen, 1);
    (void)add_cells(10, before, LENGTH(before), NULL); /* no statement was left open */
}

static void rows_name_the_source_and_its_time_as_their_file(void **state)
{
    (void)state;
    struct kf_vintage vintage;
    size_t count = 0;
    (void)add_cells(8, before, LENGTH(before), &vintage);
    struct kf_observations *table = kf_observations_new(variables, 100);
    assert_int_equal(kf_store_read(store, &vintage, table, NULL, &err), KF_OK);
    const struct kf_observation *rows = kf_observations_rows(table, &count);
    assert_int_equal(count, LENGTH(before));
    assert_string_equal(kf_observations_file(table, rows[0].file), "ssb-1 2026-03-15T08:00:00Z");
    kf_observations_destroy(&table);
}

static void columns_of_lost_variables_are_passed_over_and_counted(void **state)
{
    (void)state;
    struct kf_findings findings;
    struct kf_variables *fewer = NULL;
    struct kf_vintage vintage;
    size_t unknown = 0;
    size_t count = 0;
    kf_findings_init(&findings);
    scratch_write_text(
        &scratch, "fewer.yaml",
        "variables:\n  - {id: barn, unit: persons, minimum: 0, name: {nb: B, en: C}}\n");
    assert_int_equal(
        kf_variables_read(scratch_path(&scratch, "fewer.yaml"), &fewer, &findings, &err), KF_OK);
    (void)add_cells(8, after, LENGTH(after), &vintage);
    struct kf_observations *table = kf_observations_new(fewer, 100);
    assert_int_equal(kf_store_read(store, &vintage, table, &unknown, &err), KF_OK);
    (void)kf_observations_rows(table, &count);
    assert_int_equal(unknown, 2); /* alder, timer */
    assert_int_equal(count, 3);
    kf_observations_destroy(&table);
    kf_variables_destroy(&fewer);
    kf_findings_clear(&findings);
}

static enum kf_err read_newest(void)
{
    struct kf_observations *table = kf_observations_new(variables, 100);
    struct kf_vintage vintage = newest();
    enum kf_err code = kf_store_read(store, &vintage, table, NULL, &err);
    kf_observations_destroy(&table);
    return code;
}

/* Adds a vintage, changes the file, and expects that the vintage is damaged. */
static void expect_damage(const char *sql)
{
    (void)add_cells(8, before, LENGTH(before), NULL);
    assert_int_equal(read_newest(), KF_OK);
    kf_store_close(&store);
    change_file(sql);
    assert_int_equal(open_store(), KF_OK);
    assert_int_equal(read_newest(), KF_ERR_DATA);
    assert_non_null(strstr(err.text, "damaged"));
    struct kf_vintage counts = newest();
    struct kf_vintage other;
    struct kf_text text;
    kf_text_init(&text, 1000);
    (void)add_cells(9, after, LENGTH(after), &other);
    assert_int_equal(kf_store_changes(store, &counts, &other, collect, &text, &err), KF_ERR_DATA);
    kf_text_clear(&text);
}

static void a_flipped_bit_in_a_column_is_told(void **state)
{
    (void)state;
    /* The last byte of the values of children: 30 becomes another figure. */
    expect_damage("UPDATE columns SET bytes = substr(bytes, 1, length(bytes) - 1) || x'41'"
                  " WHERE number = (SELECT stored FROM parts WHERE variable = 'barn')");
}

static void a_part_that_is_gone_is_told(void **state)
{
    (void)state;
    expect_damage("DELETE FROM parts WHERE variable = 'alder'");
}

static void a_part_that_points_to_another_column_is_told(void **state)
{
    (void)state;
    expect_damage("UPDATE parts SET stored = (SELECT min(stored) FROM parts)");
}

static void a_column_that_is_gone_is_told(void **state)
{
    (void)state;
    expect_damage("PRAGMA foreign_keys = OFF; DELETE FROM columns WHERE number = 1");
}

static void a_vintage_that_was_dropped_is_told(void **state)
{
    (void)state;
    struct kf_vintage old;
    struct kf_observations *table = kf_observations_new(variables, 100);
    (void)add_cells(8, before, LENGTH(before), &old);
    (void)add_cells(9, after, LENGTH(after), NULL);
    assert_int_equal(kf_store_prune(store, 1, &err), KF_OK);
    assert_int_equal(kf_store_read(store, &old, table, NULL, &err), KF_ERR_DATA);
    kf_observations_destroy(&table);
}

static void every_failing_allocation_is_an_error(void **state)
{
    (void)state;
    struct kf_vintage vintage;
    enum kf_err code = KF_ERR_MEMORY;
    int64_t n = 0;
    (void)add_cells(8, before, LENGTH(before), &vintage);
    for (; code != KF_OK; n++) {
        struct kf_observations *table = kf_observations_new(variables, 100);
        kf_memory_fail_after(n);
        code = kf_store_read(store, &vintage, table, NULL, &err);
        kf_memory_fail_after(-1);
        assert_true(code == KF_OK || code == KF_ERR_MEMORY);
        kf_observations_destroy(&table);
    }
    assert_true(n > 2);
}

static void without_memory_changes_are_not_listed_half_and_estimates_not_added(void **state)
{
    (void)state;
    struct kf_vintage one;
    struct kf_vintage other = vintage_at(9);
    struct kf_estimate list[] = {{.region = "EAKUO", .variable = BARN, .year = 2025, .value = 2}};
    const struct kf_estimates given = {.list = list, .length = 1, .length_max = 1};
    struct kf_observations *table = table_of(after, LENGTH(after));
    enum kf_store_added added = 0;
    (void)add_cells(8, before, LENGTH(before), &one);
    assert_int_equal(kf_store_add(store, &other, table, &given, &added, &err), KF_OK);
    kf_observations_destroy(&table);
    for (int64_t n = 0; n < 2; n++) {
        struct kf_text text;
        struct kf_estimates read = {.length_max = 10};
        kf_text_init(&text, 1000);
        kf_memory_fail_after(n);
        assert_int_equal(kf_store_changes(store, &one, &other, collect, &text, &err),
                         KF_ERR_MEMORY);
        kf_memory_fail_after(n);
        assert_int_equal(kf_store_estimates(store, &other, variables, &read, &err), KF_ERR_MEMORY);
        kf_memory_fail_after(-1);
        assert_int_equal(text.length, 0);
        assert_int_equal(read.length, 0);
        kf_free(read.list);
        kf_text_clear(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_change_between_two_vintages_is_listed),
        TEST(a_walk_through_changes_can_be_stopped),
        TEST(rows_name_the_source_and_its_time_as_their_file),
        TEST(columns_of_lost_variables_are_passed_over_and_counted),
        TEST(a_flipped_bit_in_a_column_is_told),
        TEST(a_part_that_is_gone_is_told),
        TEST(a_part_that_points_to_another_column_is_told),
        TEST(a_column_that_is_gone_is_told),
        TEST(a_vintage_that_was_dropped_is_told),
        TEST(every_failing_allocation_is_an_error),
        TEST(without_memory_changes_are_not_listed_half_and_estimates_not_added),
    };
    return cmocka_run_group_tests(tests, open_register, close_register);
}
