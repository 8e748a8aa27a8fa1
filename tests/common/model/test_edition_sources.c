#include "edition_fixture.h"

#include <stdio.h>
#include <string.h>

#define SOURCES                                                                                    \
    "sources:\n"                                                                                   \
    "  tables: [\"12362\", \"07459\"]\n"                                                           \
    "  files: [../data/behov.csv, /srv/tall.csv]\n"

static const char *live(void)
{
    return fixture_replace(edition_fixture_yaml, "deflators:\n", SOURCES "deflators:\n");
}

/* Where `name` is found from the test's folder, in which editions are read. */
static void is_beside(const char *path, const char *name)
{
    const char *edition = fixture_write("liten.yaml", "");
    size_t folder = (size_t)(strrchr(edition, '/') - edition) + 1;
    assert_int_equal(strncmp(path, edition, folder), 0);
    assert_string_equal(path + folder, name);
}

static void a_live_edition_names_its_tables_and_files(void **state)
{
    (void)state;
    struct kf_edition *edition = edition_fixture_good(live());
    assert_int_equal(edition->tables_len, 2);
    assert_string_equal(edition->tables[0], "12362");
    assert_string_equal(edition->tables[1], "07459");
    assert_true(edition->tables_at.lines[0] > 1);
    assert_int_equal(edition->source_files_len, 2);
    is_beside(edition->source_files[0], "../data/behov.csv");
    assert_string_equal(edition->source_files[1], "/srv/tall.csv");
    assert_int_equal(edition->source_files_at.lines[1], edition->tables_at.lines[0] + 1);
}

static void an_edition_without_sources_is_not_live(void **state)
{
    (void)state;
    struct kf_edition *edition = edition_fixture_good(edition_fixture_yaml);
    assert_int_equal(edition->tables_len, 0);
    assert_int_equal(edition->source_files_len, 0);
    char base[8192];
    (void)snprintf(base, sizeof base, "%s", live());
    edition = edition_fixture_good(
        fixture_replace(base, "  files: [../data/behov.csv, /srv/tall.csv]\n", ""));
    assert_int_equal(edition->tables_len, 2);
    assert_int_equal(edition->source_files_len, 0);
}

static void sources_are_inherited_and_taken_away(void **state)
{
    (void)state;
    char base[8192];
    (void)snprintf(base, sizeof base, "%s", live());
    struct kf_edition *edition = edition_fixture_extend(base, "extends: liten\nid: ny\n");
    assert_int_equal(edition->tables_len, 2);
    is_beside(edition->source_files[0], "../data/behov.csv");
    edition = edition_fixture_extend(base, "extends: liten\nid: ny\nsources: null\n");
    assert_int_equal(edition->tables_len, 0);
    edition = edition_fixture_extend(
        base, "extends: liten\nid: ny\nsources: {tables: [\"12134\"], files: null}\n");
    assert_int_equal(edition->tables_len, 1);
    assert_string_equal(edition->tables[0], "12134");
    assert_int_equal(edition->source_files_len, 0);
}

static const struct edition_fault faults[] = {
    {"  tables: [\"12362\", \"07459\"]\n", "", "  files:", "tables: is missing", "add tables"},
    {"tables: [\"12362\", \"07459\"]", "tables: []", "  tables:", "list of 1 to 64", "a list"},
    {"\"07459\"", "\"07 459\"", "  tables:", "is not a table", "in quotes"},
    {"\"07459\"", "{id: x}", "  tables:", "is not a table", "in quotes"},
    {"\"07459\"", "\"0745907459074590\"", "  tables:", "is not a table", "in quotes"},
    {"\"07459\"", "\"12362\"", "  tables:", "is on line", "remove one"},
    {"/srv/tall.csv", "../data/behov.csv", "  files:", "is on line", "remove one"},
    {"/srv/tall.csv", "\"\"", "  files:", "is not the path", "write a path"},
    {"  files:", "  file:", "  file:", "is not a key", "files"},
};

static void every_fault_is_told_with_line_and_remedy(void **state)
{
    (void)state;
    char base[8192];
    (void)snprintf(base, sizeof base, "%s", live());
    edition_fixture_faults(base, faults, sizeof faults / sizeof faults[0]);
}

static void sources_that_are_no_map_are_told(void **state)
{
    (void)state;
    static const struct edition_fault none[] = {
        {"deflators:\n", "sources: \"07459\"\ndeflators:\n", "sources:", "", ""}};
    edition_fixture_faults(edition_fixture_yaml, none, 1);
}

static void an_arena_that_is_too_small_is_told(void **state)
{
    (void)state;
    char base[8192];
    (void)snprintf(base, sizeof base, "%s", live());
    assert_true(edition_fixture_starve(base) > 10);
}

#define WITH_ARENA(test)                                                                           \
    cmocka_unit_test_setup_teardown(test, edition_fixture_arena_open, edition_fixture_arena_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(a_live_edition_names_its_tables_and_files),
        WITH_ARENA(an_edition_without_sources_is_not_live),
        WITH_ARENA(sources_are_inherited_and_taken_away),
        WITH_ARENA(every_fault_is_told_with_line_and_remedy),
        WITH_ARENA(sources_that_are_no_map_are_told),
        WITH_ARENA(an_arena_that_is_too_small_is_told),
    };
    return cmocka_run_group_tests(tests, edition_fixture_open, edition_fixture_close);
}
