/* What the tests of the store share: a small register, a store in a folder of its own, tables of
 * figures from lists of cells. */
#ifndef KF_TESTS_STORE_FIXTURE_H
#define KF_TESTS_STORE_FIXTURE_H

#include "tests/support/cmocka.h"

#include "services/ingest/store/store.h"
#include "tests/services/ingest/scratch.h"

#define HOUR_MS INT64_C(3600000)

/* Variables of the register, ascending by id. */
enum { ALDER, BARN, TIMER, VARIABLES };

struct cell {
    uint16_t variable;
    uint16_t year;
    uint16_t municipality;
    double value;
    uint8_t status;
};

extern struct scratch scratch;
extern struct kf_variables *variables;
extern struct kf_store *store;
extern struct kf_error err;

/* For the group, and for each test (which begins with an open empty store). */
int open_register(void **state);
int close_register(void **state);
int set_up(void **state);
int tear_down(void **state);

enum kf_err open_store(void);

/* Changes the closed store's file by hand. */
void change_file(const char *sql);

/* A sealed table of the cells, in the order of the register or not. */
struct kf_observations *table_of(const struct cell *cells, size_t count);

/* A vintage of source "ssb-1" updated at that hour. */
struct kf_vintage vintage_at(int hour);

/* Adds the cells as a vintage of that hour; what became of it. */
enum kf_store_added add_cells(int hour, const struct cell *cells, size_t count,
                              struct kf_vintage *vintage);

/* The figures of a vintage are those cells, in canonical order. */
void expect_cells(const struct kf_vintage *vintage, const struct cell *cells, size_t count);

/* The newest vintage of "ssb-1". */
struct kf_vintage newest(void);

/* What a number that SQL gives is, in the store's file. */
int64_t count_of(const char *sql);

#define LENGTH(list) (sizeof(list) / sizeof(list)[0])
#define TEST(name)   cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
