/* Which releases get into the ledger, and which of them are held. */
#include "tests/support/cmocka.h"

#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"
#include "scratch.h"
#include "services/ingest/record.h"

#define MEMBERS 10

static const int members[MEMBERS] = {106, 219, 301, 602, 1001, 1102, 1103, 1201, 1601, 1902};
static struct kf_catalogue *catalogue;
static struct kf_findings findings;
static struct kf_error err;
static struct scratch scratch;
static struct kf_record_options options;
static struct kf_record_result result;

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
    kf_catalogue_destroy(&catalogue);
    kf_findings_clear(&findings);
    return 0;
}

static int set_up(void **state)
{
    (void)state;
    scratch_make(&scratch);
    options = (struct kf_record_options){.breaker = kf_breaker_limits_usual()};
    kf_findings_clear(&findings);
    return kf_ledger_open(scratch_path(&scratch, "ledger.db"), &options.ledger, &err) == KF_OK ? 0
                                                                                               : 1;
}

static int tear_down(void **state)
{
    (void)state;
    kf_ledger_close(&options.ledger);
    scratch_remove(&scratch);
    return 0;
}

/* --- figures: hours of attendance in ASSS municipalities ------------------------------------- */

static void add(struct kf_observations *table, int year, int municipality, const char *variable,
                double value)
{
    size_t count = 0;
    const struct kf_variable *all = kf_variables_all(catalogue->variables, &count);
    const struct kf_variable *found =
        kf_variables_find(catalogue->variables, variable, strlen(variable));
    assert_non_null(found);
    const struct kf_observation row = {.value = value,
                                       .year = (uint16_t)year,
                                       .variable = (uint16_t)(found - all),
                                       .municipality = (uint16_t)municipality,
                                       .status = KF_CELL_VALUE};
    assert_int_equal(kf_observations_add(table, &row, &err), KF_OK);
}

static struct kf_observations *observations_of(double factor)
{
    struct kf_observations *table = kf_observations_new(catalogue->variables, 100);
    assert_int_equal(kf_observations_begin_file(table, "a", &err), KF_OK);
    for (size_t i = 0; i < MEMBERS; i++) {
        add(table, 2010, members[i], "folkemengde", 1000.0 * (double)(i + 1));
        add(table, 2010, members[i], "korr_oppholdstimer", factor * (90.0 + (double)i));
    }
    assert_int_equal(kf_observations_seal(table, &findings, &err), KF_OK);
    return table;
}

static struct kf_release_input input_of(const struct kf_observations *table)
{
    return (struct kf_release_input){.catalogue = catalogue,
                                     .observations = table,
                                     .vintage = "unspecified",
                                     .program = "0.1.0",
                                     .discovered_ms = 1234};
}

/* Builds and records; `held`, `announced` as for kf_record. */
static enum kf_err record(double factor, const char *held, const char *announced)
{
    struct kf_observations *table = observations_of(factor);
    const struct kf_release_input input = input_of(table);
    struct kf_release_build *build = NULL;
    assert_int_equal(kf_release_build_new(&input, &build, &findings, &err), KF_OK);
    const struct kf_record_input what = {
        .build = build, .name = "a", .held = held, .announced = announced};
    enum kf_err code = kf_record(&options, &what, &findings, &result, &err);
    kf_release_build_destroy(&build);
    kf_observations_destroy(&table);
    return code;
}

/* What was recorded last is on the topics. */
static void close_as_committed(void)
{
    struct kf_receipt receipt = {.state = KF_RECEIPT_COMMITTED};
    (void)snprintf(receipt.release, sizeof receipt.release, "%s", result.release);
    assert_int_equal(kf_ledger_mark_sent(options.ledger, result.release, 1, &err), KF_OK);
    assert_int_equal(kf_ledger_mark_closed(options.ledger, &receipt, 1, &err), KF_OK);
}

/* Builds, records and publishes what is given. */
static void publish_input(const struct kf_release_input *input)
{
    struct kf_release_build *build = NULL;
    assert_int_equal(kf_release_build_new(input, &build, &findings, &err), KF_OK);
    assert_int_equal(kf_release_build_rejected(build), 0);
    const struct kf_record_input what = {.build = build, .name = "a"};
    assert_int_equal(kf_record(&options, &what, &findings, &result, &err), KF_OK);
    close_as_committed();
    kf_release_build_destroy(&build);
}

static enum kf_ledger_state recorded(double factor)
{
    assert_int_equal(record(factor, NULL, NULL), KF_OK);
    return result.state;
}

static void published(double factor)
{
    (void)recorded(factor);
    close_as_committed();
}

static struct kf_ledger_release in_ledger(void)
{
    struct kf_ledger_release release;
    assert_int_equal(kf_ledger_find(options.ledger, result.release, &release, &err), KF_OK);
    return release;
}

static void the_first_release_has_nothing_to_differ_from(void **state)
{
    (void)state;
    assert_int_equal(recorded(1000), KF_LEDGER_COMPLETE);
    assert_false(result.known);
    assert_string_equal(result.reason, "");
    assert_int_equal(in_ledger().state, KF_LEDGER_COMPLETE);
}

static void the_same_again_is_known(void **state)
{
    (void)state;
    (void)recorded(1);
    assert_int_equal(recorded(1), KF_LEDGER_COMPLETE);
    assert_true(result.known);
}

static void a_little_more_is_published(void **state)
{
    (void)state;
    published(1);
    assert_int_equal(recorded(1.1), KF_LEDGER_COMPLETE);
    assert_int_equal(kf_findings_count(&findings), 0);
}

static void what_is_still_on_its_way_is_nothing_to_compare_with(void **state)
{
    (void)state;
    (void)recorded(1);
    assert_int_equal(recorded(1000), KF_LEDGER_COMPLETE);
}

static void a_thousand_times_as_much_is_held_with_the_worst_cell(void **state)
{
    (void)state;
    published(1);
    assert_int_equal(recorded(1000), KF_LEDGER_HELD);
    assert_int_equal(in_ledger().state, KF_LEDGER_HELD);
    assert_string_equal(in_ledger().reason, result.reason);
    const char *reason = result.reason;
    assert_non_null(strstr(reason, "korr_oppholdstimer 1902: asss-2010 2010: 10 of 10 figures"));
    assert_non_null(strstr(reason, "99 before, 99000 now"));
    assert_int_equal(findings.length, 1);
    assert_int_equal(recorded(1000), KF_LEDGER_HELD); /* given again */
    assert_true(result.known);
    assert_string_equal(result.reason, in_ledger().reason);
}

static void what_is_held_is_nothing_to_compare_with(void **state)
{
    (void)state;
    published(1);
    assert_int_equal(recorded(1000), KF_LEDGER_HELD);
    assert_int_equal(recorded(1001), KF_LEDGER_HELD);
    assert_int_equal(recorded(1.1), KF_LEDGER_COMPLETE);
}

/* As the watch does: panels that are published as they are stay out. KF_ERR_AGAIN: nothing is new.
 */
static enum kf_err watch(double factor)
{
    struct kf_observations *table = observations_of(factor);
    struct kf_record_standing standing = {.ledger = options.ledger};
    struct kf_release_input input = input_of(table);
    struct kf_release_build *build = NULL;
    input.published = kf_record_is_newest;
    input.published_context = &standing;
    enum kf_err code = kf_release_build_new(&input, &build, &findings, &err);
    if (code == KF_OK) {
        const struct kf_record_input what = {.build = build, .name = "a"};
        assert_int_equal(kf_record(&options, &what, &findings, &result, &err), KF_OK);
    }
    kf_release_build_destroy(&build);
    kf_observations_destroy(&table);
    return code;
}

static void figures_that_come_back_are_published_again_each_time(void **state)
{
    (void)state;
    char before[KF_RELEASE_ID_SIZE] = "";
    for (int i = 0; i < 6; i++) { /* a correction, taken back, made again … */
        assert_int_equal(watch(i % 2 ? 1.1 : 1), KF_OK);
        assert_false(result.known);
        assert_int_equal(result.state, KF_LEDGER_COMPLETE);
        assert_string_not_equal(result.release, before);
        (void)snprintf(before, sizeof before, "%s", result.release);
        assert_int_equal(watch(i % 2 ? 1.1 : 1), KF_ERR_AGAIN);
    }
}

static void a_held_release_that_comes_again_stays_one_until_something_replaces_it(void **state)
{
    (void)state;
    char held[KF_RELEASE_ID_SIZE];
    assert_int_equal(watch(1), KF_OK);
    close_as_committed();
    assert_int_equal(watch(1000), KF_OK);
    assert_int_equal(result.state, KF_LEDGER_HELD);
    (void)snprintf(held, sizeof held, "%s", result.release);
    assert_int_equal(watch(1000), KF_OK);
    assert_true(result.known);
    assert_string_equal(result.release, held);
    assert_int_equal(watch(1.1), KF_OK); /* now it cannot be approved any more */
    assert_int_equal(kf_ledger_approve(options.ledger, held, &err), KF_ERR_CONFIG);
    assert_int_equal(watch(1000), KF_OK);
    assert_false(result.known);
    assert_int_equal(result.state, KF_LEDGER_HELD);
    assert_int_equal(kf_ledger_approve(options.ledger, result.release, &err), KF_OK);
}

/* --- an edition of several years ------------------------------------------------------------- */

static void write_edition(void)
{
    scratch_write_text(&scratch, "variables.yaml",
                       "variables:\n"
                       "  - {id: folkemengde, unit: persons, minimum: 0, name: {nb: F, en: I}}\n"
                       "  - {id: timer, unit: index, minimum: 0, name: {nb: T, en: H}}\n");
    scratch_write_text(&scratch, "municipalities.csv",
                       "municipality,name,valid_from,valid_to\n0001,A,1990-01-01,\n"
                       "0002,B,1990-01-01,\n0003,C,1990-01-01,\n0004,D,1990-01-01,\n"
                       "0005,E,1990-01-01,\n0006,F,1990-01-01,\n");
    scratch_write_text(&scratch, "flere.yaml",
                       "id: flere\ntitle: {nb: Flere, en: Several}\nsource: made up\n"
                       "years: [2010, 2011, 2012, 2013]\nstructure: data-year\nscale: 100\n"
                       "population: folkemengde\nmissing: drop\n"
                       "group: {name: {nb: A, en: A}, municipalities: all}\nsectors:\n"
                       "  - id: s\n    name: {nb: S, en: S}\n    source: none\n    weight: 1\n"
                       "    indicators:\n"
                       "      - {id: timer, weight: 1, variable: timer, per: none,"
                       " name: {nb: T, en: H}}\n");
}

static enum kf_ledger_state recorded_year(int year, double factor)
{
    struct kf_observations *table = kf_observations_new(catalogue->variables, 100);
    assert_int_equal(kf_observations_begin_file(table, "a", &err), KF_OK);
    for (int i = 1; i <= 6; i++) {
        add(table, year, i, "folkemengde", 1000);
        add(table, year, i, "timer", factor * (90 + i));
    }
    assert_int_equal(kf_observations_seal(table, &findings, &err), KF_OK);
    const struct kf_release_input input = input_of(table);
    publish_input(&input);
    kf_observations_destroy(&table);
    return result.state;
}

static void in_a_new_year_it_is_compared_with_the_year_before(void **state)
{
    (void)state;
    struct kf_catalogue *usual = catalogue;
    write_edition();
    assert_int_equal(kf_catalogue_read(scratch.path, &catalogue, &findings, &err), KF_OK);
    assert_int_equal(recorded_year(2010, 1), KF_LEDGER_COMPLETE);
    assert_int_equal(recorded_year(2012, 1000), KF_LEDGER_COMPLETE); /* nothing of 2011, 2012 */
    assert_int_equal(recorded_year(2011, 1000), KF_LEDGER_HELD);
    assert_non_null(strstr(result.reason, "timer 0006: flere 2011: 6 of 6 figures"));
    assert_non_null(strstr(result.reason, "than those of 2010"));
    assert_int_equal(recorded_year(2011, 1.1), KF_LEDGER_COMPLETE);
    assert_int_equal(recorded_year(2011, 900), KF_LEDGER_HELD); /* of the same year now */
    assert_non_null(strstr(result.reason, "than those of 2011"));
    kf_catalogue_destroy(&catalogue);
    catalogue = usual;
}

static void switched_off_nothing_is_held(void **state)
{
    (void)state;
    options.breaker.off = true;
    published(1);
    assert_int_equal(recorded(1000), KF_LEDGER_COMPLETE);
}

static void without_the_panels_before_nothing_is_compared(void **state)
{
    (void)state;
    published(1);
    struct kf_receipt receipt = {.state = KF_RECEIPT_COMMITTED};
    (void)snprintf(receipt.release, sizeof receipt.release, "%s", result.release);
    assert_int_equal(kf_ledger_mark_closed(options.ledger, &receipt, 1, &err), KF_OK);
    assert_int_equal(kf_ledger_prune(options.ledger, 0, &err), KF_OK);
    assert_int_equal(recorded(1000), KF_LEDGER_COMPLETE);
}

static void the_caller_may_hold_it_whatever_its_figures_are(void **state)
{
    (void)state;
    assert_int_equal(record(1, "table 12362 is missing", NULL), KF_OK);
    assert_int_equal(result.state, KF_LEDGER_HELD);
    assert_string_equal(in_ledger().reason, "table 12362 is missing");
}

static void its_announcement_goes_when_it_comes_also_when_it_was_known(void **state)
{
    (void)state;
    struct kf_ledger_release release;
    for (int round = 0; round < 2; round++) {
        assert_int_equal(kf_ledger_announce(options.ledger, "watch", "quiet", 1, &err), KF_OK);
        assert_int_equal(kf_ledger_find(options.ledger, "watch", &release, &err), KF_OK);
        assert_int_equal(record(1, NULL, "watch"), KF_OK);
        assert_int_equal(result.known, round == 1);
        assert_int_equal(kf_ledger_find(options.ledger, "watch", &release, &err), KF_ERR_AGAIN);
    }
}

static void what_stands_is_left_out_and_nothing_left_over_is_no_release(void **state)
{
    (void)state;
    struct kf_record_standing standing = {.ledger = options.ledger};
    const double factors[] = {1, 2};
    published(1);
    for (size_t i = 0; i < 2; i++) {
        struct kf_observations *table = observations_of(factors[i]);
        struct kf_release_input input = input_of(table);
        struct kf_release_build *build = NULL;
        input.published = kf_record_is_newest;
        input.published_context = &standing;
        assert_int_equal(kf_release_build_new(&input, &build, &findings, &err),
                         i == 0 ? KF_ERR_AGAIN : KF_OK);
        assert_int_equal(standing.code, KF_OK);
        kf_release_build_destroy(&build);
        kf_observations_destroy(&table);
    }
}

static void every_failing_allocation_records_nothing(void **state)
{
    (void)state;
    published(1);
    struct kf_observations *table = observations_of(1000);
    const struct kf_release_input input = input_of(table);
    struct kf_release_build *build = NULL;
    assert_int_equal(kf_release_build_new(&input, &build, &findings, &err), KF_OK);
    const struct kf_record_input what = {.build = build, .name = "a"};
    struct kf_ledger_release known;
    enum kf_err code = KF_ERR_MEMORY;
    int64_t n = 0;
    for (; code != KF_OK; n++) {
        const char *id = kf_release_build_release(build)->id;
        assert_int_equal(kf_ledger_find(options.ledger, id, &known, &err), KF_ERR_AGAIN);
        kf_memory_fail_after(n);
        code = kf_record(&options, &what, &findings, &result, &err);
        kf_memory_fail_after(-1);
        assert_true(code == KF_OK || code == KF_ERR_MEMORY);
    }
    assert_true(n > 10);
    assert_int_equal(result.state, KF_LEDGER_HELD);
    kf_release_build_destroy(&build);
    kf_observations_destroy(&table);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_first_release_has_nothing_to_differ_from),
        TEST(the_same_again_is_known),
        TEST(a_little_more_is_published),
        TEST(what_is_still_on_its_way_is_nothing_to_compare_with),
        TEST(a_thousand_times_as_much_is_held_with_the_worst_cell),
        TEST(figures_that_come_back_are_published_again_each_time),
        TEST(a_held_release_that_comes_again_stays_one_until_something_replaces_it),
        TEST(what_is_held_is_nothing_to_compare_with),
        TEST(in_a_new_year_it_is_compared_with_the_year_before),
        TEST(switched_off_nothing_is_held),
        TEST(without_the_panels_before_nothing_is_compared),
        TEST(the_caller_may_hold_it_whatever_its_figures_are),
        TEST(its_announcement_goes_when_it_comes_also_when_it_was_known),
        TEST(what_stands_is_left_out_and_nothing_left_over_is_no_release),
        TEST(every_failing_allocation_records_nothing),
    };
    return cmocka_run_group_tests(tests, open_catalogue, close_catalogue);
}
