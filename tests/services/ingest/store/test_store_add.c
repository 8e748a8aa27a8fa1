/* What becomes of a vintage: the newest by `updated` counts, whatever the order of arrival. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/memory.h"
#include "common/model/cell.h"
#include "store_fixture.h"
#include "tests/services/ingest/failing_disk.h"

static const struct cell first[] = {
    {BARN, 2024, 301, 10, KF_CELL_VALUE},
    {BARN, 2024, 1103, 20, KF_CELL_VALUE},
    {TIMER, 2024, 301, 1.5, KF_CELL_PRELIMINARY},
    {BARN, 2025, 301, 11, KF_CELL_VALUE},
    {BARN, 2025, 1103, 0, KF_CELL_CONFIDENTIAL},
    {BARN, 2025, KF_OBSERVATION_COUNTRY, 5000, KF_CELL_VALUE},
    {TIMER, 2026, 301, 0, KF_CELL_MISSING},
};

/* `first` with another figure for children of 2025 in Oslo. */
static const struct cell corrected[] = {
    {BARN, 2024, 301, 10, KF_CELL_VALUE},
    {BARN, 2024, 1103, 20, KF_CELL_VALUE},
    {TIMER, 2024, 301, 1.5, KF_CELL_PRELIMINARY},
    {BARN, 2025, 301, 12, KF_CELL_VALUE},
    {BARN, 2025, 1103, 0, KF_CELL_CONFIDENTIAL},
    {BARN, 2025, KF_OBSERVATION_COUNTRY, 5000, KF_CELL_VALUE},
    {TIMER, 2026, 301, 0, KF_CELL_MISSING},
};

static void a_vintage_is_read_as_it_was_added(void **state)
{
    (void)state;
    struct kf_vintage vintage;
    assert_int_equal(add_cells(8, first, LENGTH(first), &vintage), KF_STORE_NEW);
    assert_int_equal(vintage.number, 1);
    assert_int_equal(vintage.figures, 7);
    assert_int_equal(vintage.estimates, 0);
    assert_int_equal(vintage.newest_year, 2025); /* of 2026 there is no figure yet */
    assert_int_equal(strlen(vintage.digest), 32);
    expect_cells(&vintage, first, LENGTH(first));
    struct kf_vintage found = newest();
    assert_string_equal(found.updated, "2026-03-15T08:00:00Z");
    assert_string_equal(found.kind, "unrevised");
    assert_string_equal(found.digest, vintage.digest);
    assert_int_equal(found.received_ms, INT64_C(1773558000123));
}

static void the_order_of_rows_leaves_no_trace(void **state)
{
    (void)state;
    struct cell turned[LENGTH(first)];
    struct kf_vintage one;
    struct kf_vintage other;
    for (size_t i = 0; i < LENGTH(first); i++) {
        turned[i] = first[LENGTH(first) - 1 - i];
    }
    turned[0].value = -0.0; /* no figure stands there */
    (void)add_cells(8, first, LENGTH(first), &one);
    assert_int_equal(add_cells(8, turned, LENGTH(first), &other), KF_STORE_KNOWN);
    assert_string_equal(one.digest, other.digest);
    assert_int_equal(other.number, 1);
}

static void a_correction_costs_its_changed_columns_alone(void **state)
{
    (void)state;
    (void)add_cells(8, first, LENGTH(first), NULL);
    assert_int_equal(count_of("SELECT count(*) FROM columns"), 4);
    assert_int_equal(add_cells(9, corrected, LENGTH(corrected), NULL), KF_STORE_NEW);
    assert_int_equal(count_of("SELECT count(*) FROM columns"), 5);
    struct kf_vintage vintage = newest();
    expect_cells(&vintage, corrected, LENGTH(corrected));
    assert_int_equal(kf_store_find(store, 1, &vintage, &err), KF_OK);
    expect_cells(&vintage, first, LENGTH(first));
}

static void the_same_figures_again_are_noted_as_the_newests_updated(void **state)
{
    (void)state;
    struct kf_vintage vintage;
    (void)add_cells(8, first, LENGTH(first), NULL);
    assert_int_equal(add_cells(10, first, LENGTH(first), &vintage), KF_STORE_SAME);
    assert_int_equal(vintage.number, 1);
    assert_int_equal(vintage.updated_ms, 10 * HOUR_MS);
    assert_string_equal(newest().updated, "2026-03-15T10:00:00Z");
    assert_int_equal(count_of("SELECT count(*) FROM vintages"), 1);
    /* It stood from 8 to 10: hearing of that time once more is nothing new. */
    assert_int_equal(add_cells(8, first, LENGTH(first), NULL), KF_STORE_KNOWN);
    assert_int_equal(add_cells(9, first, LENGTH(first), NULL), KF_STORE_KNOWN);
    assert_int_equal(add_cells(10, first, LENGTH(first), NULL), KF_STORE_KNOWN);
    assert_int_equal(newest().updated_ms, 10 * HOUR_MS);
}

static void an_older_vintage_that_comes_late_never_counts(void **state)
{
    (void)state;
    struct kf_vintage late;
    (void)add_cells(9, corrected, LENGTH(corrected), NULL);
    assert_int_equal(add_cells(8, first, LENGTH(first), &late), KF_STORE_OLDER);
    assert_int_equal(late.number, 2);
    struct kf_vintage counts = newest();
    expect_cells(&counts, corrected, LENGTH(corrected));
    expect_cells(&late, first, LENGTH(first));
    assert_int_equal(add_cells(8, first, LENGTH(first), &late), KF_STORE_KNOWN);
    assert_int_equal(late.number, 2);
}

static void figures_that_change_without_a_new_updated_are_a_vintage_of_their_own(void **state)
{
    (void)state;
    (void)add_cells(8, first, LENGTH(first), NULL);
    assert_int_equal(add_cells(8, corrected, LENGTH(corrected), NULL), KF_STORE_NEW);
    assert_int_equal(newest().number, 2);
    assert_int_equal(add_cells(8, first, LENGTH(first), NULL), KF_STORE_NEW); /* and back */
    struct kf_vintage counts = newest();
    assert_int_equal(counts.number, 3);
    expect_cells(&counts, first, LENGTH(first));
}

static void sources_do_not_meet(void **state)
{
    (void)state;
    struct kf_observations *table = table_of(first, LENGTH(first));
    struct kf_vintage other = vintage_at(3);
    enum kf_store_added added = 0;
    (void)snprintf(other.source, sizeof other.source, "ssb-2");
    (void)add_cells(8, first, LENGTH(first), NULL);
    assert_int_equal(kf_store_add(store, &other, table, NULL, &added, &err), KF_OK);
    assert_int_equal(added, KF_STORE_NEW);
    assert_int_equal(count_of("SELECT count(*) FROM columns"), 4); /* shared */
    assert_int_equal(kf_store_newest(store, "ssb-2", &other, &err), KF_OK);
    assert_int_equal(other.updated_ms, 3 * HOUR_MS);
    assert_int_equal(kf_store_newest(store, "ssb-3", &other, &err), KF_ERR_AGAIN);
    kf_observations_destroy(&table);
}

/* --- estimates ----------------------------------------------------------------------------- */

static enum kf_err add_estimated(int hour, struct kf_estimate *list, size_t length,
                                 struct kf_vintage *vintage)
{
    struct kf_observations *table = table_of(first, LENGTH(first));
    const struct kf_estimates estimates = {.list = list, .length = length, .length_max = length};
    enum kf_store_added added = 0;
    *vintage = vintage_at(hour);
    enum kf_err code = kf_store_add(store, vintage, table, &estimates, &added, &err);
    kf_observations_destroy(&table);
    return code;
}

static void estimates_are_kept_beside_the_figures(void **state)
{
    (void)state;
    struct kf_vintage vintage;
    struct kf_estimate given[] = {
        {.region = "EAKUO", .variable = BARN, .year = 2025, .value = 2},
        {.region = "EKG01", .variable = BARN, .year = 2025, .status = KF_CELL_MISSING},
        {.region = "EAKUO", .variable = ALDER, .year = 2024, .value = 3},
    };
    assert_int_equal(add_estimated(8, given, 3, &vintage), KF_OK);
    assert_int_equal(vintage.estimates, 3);
    expect_cells(&vintage, first, LENGTH(first));
    struct kf_estimates read = {.length_max = 10};
    assert_int_equal(kf_store_estimates(store, &vintage, variables, &read, &err), KF_OK);
    assert_int_equal(read.length, 3);
    assert_string_equal(read.list[0].region, "EAKUO");
    assert_int_equal(read.list[0].variable, ALDER);
    assert_int_equal(read.list[0].year, 2024);
    assert_true(read.list[0].value == 3);
    assert_string_equal(read.list[1].region, "EAKUO");
    assert_int_equal(read.list[2].status, KF_CELL_MISSING);
    kf_free(read.list);
    struct kf_estimates small = {.length_max = 2};
    assert_int_equal(kf_store_estimates(store, &vintage, variables, &small, &err), KF_ERR_LIMIT);
    assert_int_equal(small.length, 0);
    kf_free(small.list);
}

static void an_estimate_given_twice_or_without_a_region_is_refused(void **state)
{
    (void)state;
    struct kf_vintage vintage;
    struct kf_estimate twice[] = {
        {.region = "EAKUO", .variable = BARN, .year = 2025, .value = 2},
        {.region = "EAKUO", .variable = BARN, .year = 2025, .value = 2},
    };
    assert_int_equal(add_estimated(8, twice, 2, &vintage), KF_ERR_DATA);
    assert_non_null(strstr(err.text, "barn of 2025 is estimated twice for region EAKUO"));
    struct kf_estimate nowhere[] = {{.variable = BARN, .year = 2025}};
    assert_int_equal(add_estimated(8, nowhere, 1, &vintage), KF_ERR_DATA);
    struct kf_estimate unheard[] = {{.region = "E", .variable = VARIABLES, .year = 2025}};
    assert_int_equal(add_estimated(8, unheard, 1, &vintage), KF_ERR_DATA);
    struct kf_estimate endless[] = {{.region = "E", .year = 2025, .value = INFINITY}};
    assert_int_equal(add_estimated(8, endless, 1, &vintage), KF_ERR_DATA);
    assert_int_equal(count_of("SELECT count(*) FROM vintages"), 0);
}

static void an_estimate_that_changes_makes_a_new_vintage(void **state)
{
    (void)state;
    struct kf_vintage one;
    struct kf_vintage other;
    struct kf_estimate given[] = {{.region = "EAKUO", .variable = BARN, .year = 2025, .value = 2}};
    assert_int_equal(add_estimated(8, given, 1, &one), KF_OK);
    given[0].value = 3;
    assert_int_equal(add_estimated(9, given, 1, &other), KF_OK);
    assert_int_equal(other.number, 2);
    assert_string_not_equal(one.digest, other.digest);
}

/* --- what goes wrong ----------------------------------------------------------------------- */

static void a_disk_that_is_full_at_any_write_leaves_nothing_half(void **state)
{
    (void)state;
    kf_store_close(&store);
    failing_disk_insert();
    assert_int_equal(open_store(), KF_OK);
    (void)add_cells(8, first, LENGTH(first), NULL);
    struct kf_observations *table = table_of(corrected, LENGTH(corrected));
    enum kf_err code = KF_ERR_IO;
    int64_t n = 0;
    for (; code != KF_OK; n++) {
        enum kf_store_added added = 0;
        struct kf_vintage vintage = vintage_at(9);
        failing_disk_fail_after(n);
        code = kf_store_add(store, &vintage, table, NULL, &added, &err);
        failing_disk_fail_after(-1);
        assert_true(code == KF_OK || code == KF_ERR_IO);
        struct kf_vintage counts = newest();
        assert_int_equal(counts.number, code == KF_OK ? 2 : 1);
        expect_cells(&counts, code == KF_OK ? corrected : first, LENGTH(first));
        assert_int_equal(added, code == KF_OK ? KF_STORE_NEW : 0);
        assert_int_equal(vintage.number, code == KF_OK ? 2 : 0);
    }
    assert_true(n > 2);
    kf_observations_destroy(&table);
}

static void a_process_killed_before_the_commit_leaves_nothing(void **state)
{
    (void)state;
    (void)add_cells(8, first, LENGTH(first), NULL);
    kf_store_close(&store);
    pid_t child = fork();
    if (child == 0) {
        bool held = setenv("KF_CRASH_AT", "ingest.storing:1", 1) == 0 && open_store() == KF_OK;
        (void)add_cells(9, corrected, LENGTH(corrected), NULL);
        _exit(held ? 7 : 1);
    }
    int how = 0;
    assert_int_equal(waitpid(child, &how, 0), child);
#ifdef KF_CRASH_POINTS
    assert_true(WIFSIGNALED(how));
    assert_int_equal(open_store(), KF_OK);
    struct kf_vintage counts = newest();
    assert_int_equal(counts.number, 1);
    expect_cells(&counts, first, LENGTH(first));
    assert_int_equal(count_of("SELECT count(*) FROM columns"), 4);
#endif
}

static void every_failing_allocation_is_an_error_and_changes_nothing(void **state)
{
    (void)state;
    struct kf_observations *table = table_of(first, LENGTH(first));
    struct kf_estimate list[] = {{.region = "EAKUO", .variable = BARN, .year = 2025, .value = 2}};
    const struct kf_estimates estimates = {.list = list, .length = 1, .length_max = 1};
    enum kf_err code = KF_ERR_MEMORY;
    int64_t n = 0;
    for (; code != KF_OK; n++) {
        enum kf_store_added added = 0;
        struct kf_vintage vintage = vintage_at(8);
        kf_memory_fail_after(n);
        code = kf_store_add(store, &vintage, table, &estimates, &added, &err);
        kf_memory_fail_after(-1);
        assert_true(code == KF_OK || code == KF_ERR_MEMORY);
        assert_int_equal(count_of("SELECT count(*) FROM vintages"), code == KF_OK);
    }
    assert_true(n > 3);
    kf_observations_destroy(&table);
}

static void a_damaged_column_is_mended_when_the_same_figures_come_again(void **state)
{
    (void)state;
    (void)add_cells(8, first, LENGTH(first), NULL);
    kf_store_close(&store);
    change_file("UPDATE columns SET bytes = x'00' WHERE number = 1;"
                "DELETE FROM parts WHERE year = 2024");
    assert_int_equal(open_store(), KF_OK);
    assert_int_equal(add_cells(8, first, LENGTH(first), NULL), KF_STORE_KNOWN);
    struct kf_vintage counts = newest();
    expect_cells(&counts, first, LENGTH(first));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_vintage_is_read_as_it_was_added),
        TEST(the_order_of_rows_leaves_no_trace),
        TEST(a_correction_costs_its_changed_columns_alone),
        TEST(the_same_figures_again_are_noted_as_the_newests_updated),
        TEST(an_older_vintage_that_comes_late_never_counts),
        TEST(figures_that_change_without_a_new_updated_are_a_vintage_of_their_own),
        TEST(sources_do_not_meet),
        TEST(estimates_are_kept_beside_the_figures),
        TEST(an_estimate_given_twice_or_without_a_region_is_refused),
        TEST(an_estimate_that_changes_makes_a_new_vintage),
        TEST(a_process_killed_before_the_commit_leaves_nothing),
        TEST(every_failing_allocation_is_an_error_and_changes_nothing),
        TEST(a_damaged_column_is_mended_when_the_same_figures_come_again),
        TEST(a_disk_that_is_full_at_any_write_leaves_nothing_half),
    };
    return cmocka_run_group_tests(tests, open_register, close_register);
}
