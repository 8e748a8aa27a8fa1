#include "store_fixture.h"

#include <sqlite3.h>
#include <stdio.h>

#include "common/base/memory.h"

struct scratch scratch;
struct kf_variables *variables;
struct kf_store *store;
struct kf_error err;

static struct scratch register_folder;

int open_register(void **state)
{
    (void)state;
    struct kf_findings findings;
    kf_findings_init(&findings);
    scratch_make(&register_folder);
    scratch_write_text(&register_folder, "variables.yaml",
                       "variables:\n"
                       "  - {id: alder, unit: count, minimum: 0, name: {nb: Alder, en: Age}}\n"
                       "  - {id: barn, unit: persons, minimum: 0, name: {nb: Barn, en: Children}}\n"
                       "  - {id: timer, unit: hours, minimum: 0, name: {nb: Timer, en: Hours}}\n");
    enum kf_err code = kf_variables_read(scratch_path(&register_folder, "variables.yaml"),
                                         &variables, &findings, &err);
    if (code != KF_OK) {
        print_error("%s\n", err.text);
    }
    kf_findings_clear(&findings);
    return code == KF_OK ? 0 : -1;
}

int close_register(void **state)
{
    (void)state;
    kf_variables_destroy(&variables);
    scratch_remove(&register_folder);
    return 0;
}

enum kf_err open_store(void)
{
    return kf_store_open(scratch_path(&scratch, "observations.db"), &store, &err);
}

int set_up(void **state)
{
    (void)state;
    scratch_make(&scratch);
    return open_store() == KF_OK ? 0 : -1;
}

int tear_down(void **state)
{
    (void)state;
    kf_store_close(&store);
    scratch_remove(&scratch);
    return 0;
}

void change_file(const char *sql)
{
    sqlite3 *base = NULL;
    assert_int_equal(sqlite3_open(scratch_path(&scratch, "observations.db"), &base), SQLITE_OK);
    assert_int_equal(sqlite3_exec(base, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(base), SQLITE_OK);
}

int64_t count_of(const char *sql)
{
    sqlite3 *base = NULL;
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_open(scratch_path(&scratch, "observations.db"), &base), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(base, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t number = sqlite3_column_int64(statement, 0);
    (void)sqlite3_finalize(statement);
    assert_int_equal(sqlite3_close(base), SQLITE_OK);
    return number;
}

struct kf_observations *table_of(const struct cell *cells, size_t count)
{
    struct kf_observations *table = kf_observations_new(variables, 1000000);
    struct kf_findings findings;
    kf_findings_init(&findings);
    assert_non_null(table);
    assert_int_equal(kf_observations_begin_file(table, "given", &err), KF_OK);
    for (size_t i = 0; i < count; i++) {
        const struct kf_observation row = {.variable = cells[i].variable,
                                           .year = cells[i].year,
                                           .municipality = cells[i].municipality,
                                           .value = cells[i].value,
                                           .status = cells[i].status,
                                           .line = (uint32_t)i + 1};
        assert_int_equal(kf_observations_add(table, &row, &err), KF_OK);
    }
    assert_int_equal(kf_observations_seal(table, &findings, &err), KF_OK);
    kf_findings_clear(&findings);
    return table;
}

struct kf_vintage vintage_at(int hour)
{
    struct kf_vintage vintage = {.source = "ssb-1",
                                 .kind = "unrevised",
                                 .updated_ms = hour * HOUR_MS,
                                 .received_ms = INT64_C(1773558000123)};
    (void)snprintf(vintage.updated, sizeof vintage.updated, "2026-03-15T%02d:00:00Z", hour % 24);
    return vintage;
}

enum kf_store_added add_cells(int hour, const struct cell *cells, size_t count,
                              struct kf_vintage *vintage)
{
    struct kf_observations *table = table_of(cells, count);
    struct kf_vintage given = vintage_at(hour);
    enum kf_store_added added = 0;
    assert_int_equal(kf_store_add(store, &given, table, NULL, &added, &err), KF_OK);
    kf_observations_destroy(&table);
    if (vintage) {
        *vintage = given;
    }
    return added;
}

void expect_cells(const struct kf_vintage *vintage, const struct cell *cells, size_t count)
{
    struct kf_observations *table = kf_observations_new(variables, 1000000);
    struct kf_findings findings;
    size_t read = 0;
    kf_findings_init(&findings);
    assert_int_equal(kf_store_read(store, vintage, table, NULL, &err), KF_OK);
    assert_int_equal(kf_observations_seal(table, &findings, &err), KF_OK);
    const struct kf_observation *rows = kf_observations_rows(table, &read);
    assert_int_equal(read, count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(rows[i].variable, cells[i].variable);
        assert_int_equal(rows[i].year, cells[i].year);
        assert_int_equal(rows[i].municipality, cells[i].municipality);
        assert_int_equal(rows[i].status, cells[i].status);
        assert_true(rows[i].value == cells[i].value);
    }
    kf_findings_clear(&findings);
    kf_observations_destroy(&table);
}

struct kf_vintage newest(void)
{
    struct kf_vintage vintage = {0};
    assert_int_equal(kf_store_newest(store, "ssb-1", &vintage, &err), KF_OK);
    return vintage;
}
