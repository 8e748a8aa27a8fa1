/* What live editions are made of, from editions and maps made by hand. */
#include "services/ingest/watch/live.h"

#include <string.h>

#include "common/base/memory.h"
#include "tests/support/cmocka.h"

static struct kf_error err;
static struct kf_live live;

static const struct kf_table_figure own_year[] = {{.variable = "a", .year_offset = 0}};
static const struct kf_table_figure both_years[] = {{.variable = "b", .year_offset = 0},
                                                    {.variable = "c", .year_offset = -1}};
static const struct kf_table_map list[] = {
    {.table = "07459", .publication = "befolkning", .figures = both_years, .figures_len = 2},
    {.table = "12362", .publication = "kostra", .figures = own_year, .figures_len = 1},
};
static const struct kf_table_maps maps = {.list = list, .length = 2};

static const char *both[] = {"12362", "07459"};
static const char *one[] = {"12362"};
static const char *unknown[] = {"99999"};
static const char *files[] = {"/x/a.csv", "/x/b.csv"};

static struct kf_edition later = {.id = "later",
                                  .publish = true,
                                  .year_from = 2024,
                                  .year_to = 2025,
                                  .tables = both,
                                  .tables_len = 2,
                                  .source_files = files,
                                  .source_files_len = 2};
static struct kf_edition earlier = {.id = "earlier",
                                    .publish = true,
                                    .year_from = 2020,
                                    .year_to = 2022,
                                    .tables = one,
                                    .tables_len = 1,
                                    .source_files = files + 1,
                                    .source_files_len = 1};
static struct kf_edition still = {.id = "still", .publish = true, .year_from = 2000};
static struct kf_edition hidden = {.id = "hidden", .tables = unknown, .tables_len = 1};
static struct kf_edition lost = {.id = "lost", .publish = true, .tables = unknown, .tables_len = 1};

static int clear(void **state)
{
    (void)state;
    kf_live_clear(&live);
    return 0;
}

static enum kf_err find(struct kf_edition **editions, size_t count)
{
    const struct kf_catalogue catalogue = {.editions = editions, .editions_len = count};
    return kf_live_find(&catalogue, &maps, &live, &err);
}

static void tables_and_files_of_all_live_editions_come_once(void **state)
{
    (void)state;
    struct kf_edition *editions[] = {&earlier, &hidden, &later, &still};
    assert_int_equal(find(editions, 4), KF_OK);
    assert_int_equal(live.editions_len, 2);
    assert_ptr_equal(live.editions[0], &earlier);
    assert_ptr_equal(live.editions[1], &later);
    assert_int_equal(live.tables_len, 2);
    assert_string_equal(live.tables[0].map->table, "07459");
    assert_string_equal(live.tables[1].map->table, "12362");
    assert_int_equal(live.files_len, 2);
    assert_string_equal(live.files[0], "/x/b.csv");
    assert_string_equal(live.files[1], "/x/a.csv");
}

/* Without earlier years: 12362 from 2020 to 2025. What 07459 has of 2026 is somebody's 2025, so it
 * is asked from 2024 to 2026. */
static void years_are_those_of_the_panels_seen_from_the_table(void **state)
{
    (void)state;
    struct kf_edition *editions[] = {&earlier, &later};
    assert_int_equal(find(editions, 2), KF_OK);
    assert_int_equal(live.tables[1].years[0], 2020);
    assert_int_equal(live.tables[1].years[1], 2025);
    assert_int_equal(live.tables[0].years[0], 2024);
    assert_int_equal(live.tables[0].years[1], 2026);
    assert_int_equal(live.tables[0].year_offset, 0);
}

static void a_table_without_a_map_is_told(void **state)
{
    (void)state;
    struct kf_edition *editions[] = {&lost};
    assert_int_equal(find(editions, 1), KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, "sources/99999.yaml"));
    assert_null(live.editions);
}

static void no_live_edition_is_nothing_to_ask_for(void **state)
{
    (void)state;
    struct kf_edition *editions[] = {&still};
    assert_int_equal(find(editions, 1), KF_OK);
    assert_int_equal(live.editions_len, 0);
    assert_int_equal(live.tables_len, 0);
}

static void without_memory_nothing_is_found(void **state)
{
    (void)state;
    struct kf_edition *editions[] = {&later};
    kf_memory_fail_after(0);
    assert_int_equal(find(editions, 1), KF_ERR_MEMORY);
    kf_memory_fail_after(-1);
    assert_null(live.editions);
}

#define TEST(name) cmocka_unit_test_teardown(name, clear)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(tables_and_files_of_all_live_editions_come_once),
        TEST(years_are_those_of_the_panels_seen_from_the_table),
        TEST(a_table_without_a_map_is_told),
        TEST(no_live_edition_is_nothing_to_ask_for),
        TEST(without_memory_nothing_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
