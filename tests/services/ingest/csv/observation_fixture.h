/* What the tests of reading observation files share: the bundled registers, a scratch folder, and
 * one finding at a time.
 */
#ifndef KF_TESTS_OBSERVATION_FIXTURE_H
#define KF_TESTS_OBSERVATION_FIXTURE_H

#include "tests/support/cmocka.h"

#include "common/base/text.h"
#include "services/ingest/csv/observation_csv.h"
#include "tests/services/ingest/scratch.h"

struct world {
    struct scratch scratch;
    struct kf_municipalities *municipalities;
    struct kf_variables *variables;
    struct kf_accounts *accounts;
    struct kf_observations *table;
    struct kf_findings findings;
    struct kf_source_digest source;
    struct kf_error err;
    struct kf_observation_csv_options options;
    struct kf_text report;
};

extern struct world world;

/* For the group, and for each test. */
int open_registers(void **state);
int close_registers(void **state);
int set_up(void **state);
int tear_down(void **state);

/* Reads the bytes as a file in.csv; what was found stands in `world.report`. */
enum kf_err read_bytes(const void *bytes, size_t length);
enum kf_err read_text(const char *text);

/* The only row there is; or as many as expected. */
const struct kf_observation *only_row(void);
void expect_rows(size_t expected);

/* The text gives exactly one finding, and its line holds each of the fragments. */
void expect_fault(const char *text, const char *const *fragments);

#define EXPECT_FAULT(text, ...) expect_fault(text, (const char *const[]){__VA_ARGS__, NULL})

/* Reads the faulty text with every allocation failing in turn: each is told as such until none
 * fails, and then there are `found` findings. There must be more than `least` allocations. */
void expect_failing_allocations(const char *text, int64_t least, uint64_t found);

/* Forgets what was found. */
void forget(void);

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
