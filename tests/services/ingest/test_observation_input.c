/* Files of observations of either form, against the bundled registers and maps of tables. */
#include "tests/support/cmocka.h"

#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/model/cell.h"
#include "scratch.h"
#include "services/ingest/observation_input.h"

#define RECORDED(name) KF_SOURCE_DIR "/data/api/" name

static struct kf_catalogue *catalogue;
static struct kf_table_maps *maps;
static struct kf_findings findings;
static struct kf_observations *table;
static struct kf_source_digest source;
static struct kf_text report;
static struct scratch scratch;

static int open_registers(void **state)
{
    (void)state;
    struct kf_error err;
    kf_findings_init(&findings);
    bool sound =
        kf_catalogue_read(KF_SOURCE_DIR "/editions", &catalogue, &findings, &err) == KF_OK &&
        kf_table_maps_read(KF_SOURCE_DIR "/editions", catalogue, &maps, &findings, &err) == KF_OK;
    kf_findings_clear(&findings);
    return sound ? 0 : -1;
}

static int close_registers(void **state)
{
    (void)state;
    kf_table_maps_destroy(&maps);
    kf_catalogue_destroy(&catalogue);
    return 0;
}

static int set_up(void **state)
{
    (void)state;
    scratch_make(&scratch);
    kf_findings_init(&findings);
    kf_text_init(&report, 1 << 20);
    table = kf_observations_new(catalogue->variables, 1000);
    return table ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    kf_observations_destroy(&table);
    kf_findings_clear(&findings);
    kf_text_clear(&report);
    scratch_remove(&scratch);
    return 0;
}

static enum kf_err read_path(const char *path)
{
    struct kf_error err = {0};
    const struct kf_observation_input_options options = {
        .csv = {.municipalities = catalogue->municipalities,
                .accounts = catalogue->accounts,
                .name = "in"},
        .catalogue = catalogue,
        .maps = maps};
    enum kf_err code = kf_observation_input_read(path, &options, table, &source, &findings, &err);
    kf_findings_print(&findings, &report);
    return code;
}

static enum kf_err read_text(const char *text)
{
    scratch_write_text(&scratch, "in", text);
    return read_path(scratch_path(&scratch, "in"));
}

static void expect_fault(const char *words)
{
    size_t rows = 0;
    (void)kf_observations_rows(table, &rows);
    assert_int_equal(rows, 0);
    assert_int_equal(kf_findings_count(&findings), 1);
    if (!strstr(report.bytes, words)) {
        fail_msg("expected '%s', not '%s'", words, report.bytes);
    }
}

/* Free income a head, 2024, as the recorded answer has it for Oslo, Bergen and Trondheim. */
static void a_recorded_table_becomes_observations(void **state)
{
    (void)state;
    static const struct {
        int municipality;
        double value;
    } expected[] = {{301, 81240.0}, {4601, 66605.0}, {5001, 62853.0}};
    size_t rows = 0;
    size_t registered = 0;
    struct kf_source_digest whole = {0};
    static const char path[] = RECORDED("ssb_v2_12134_data_3kommuner_2024.json");
    if (read_path(path) != KF_OK) {
        fail_msg("%s", report.bytes);
    }
    const struct kf_observation *list = kf_observations_rows(table, &rows);
    const struct kf_variable *all = kf_variables_all(catalogue->variables, &registered);
    assert_int_equal(rows, 3);
    for (size_t i = 0; i < rows; i++) {
        assert_int_equal(list[i].municipality, expected[i].municipality);
        assert_int_equal(list[i].year, 2024);
        assert_string_equal(all[list[i].variable].id, "frie_inntekter_per_innbygger");
        assert_true(list[i].value == expected[i].value);
        assert_int_equal(list[i].status, KF_CELL_VALUE);
    }
    assert_int_equal(kf_source_digest_file(path, UINT64_MAX, &whole, NULL), KF_OK);
    assert_string_equal(source.digest, whole.digest);
    assert_int_equal(source.bytes, whole.bytes);
}

static void csv_is_read_as_before(void **state)
{
    (void)state;
    size_t rows = 0;
    assert_int_equal(read_text("municipality,year,variable,value,status\n"
                               "0301,2010,folkemengde,586860,\n"),
                     KF_OK);
    (void)kf_observations_rows(table, &rows);
    assert_int_equal(rows, 1);
}

static void a_table_without_a_map_is_named(void **state)
{
    (void)state;
    assert_int_equal(read_path(RECORDED("ssb_v0_13861_data_jsonstat2.json")), KF_ERR_DATA);
    expect_fault("in: there is no map of table 13861 in editions/sources");
}

static void a_table_that_does_not_say_its_number_is_refused(void **state)
{
    (void)state;
    assert_int_equal(read_path(RECORDED("ssb_dataset1108_2016K1_jsonstat1.json")), KF_ERR_DATA);
    expect_fault("a table that does not say its number");
}

static void a_description_is_refused(void **state)
{
    (void)state;
    assert_int_equal(read_text("{\"class\":\"dataset\",\"label\":\"12134: x\",\"id\":[\"A\"],"
                               "\"size\":[1],\"dimension\":{\"A\":{\"category\":{\"index\":"
                               "[\"x\"]}}}}"),
                     KF_ERR_DATA);
    expect_fault("is the description of table 12134, no figures");
}

static void a_table_that_does_not_fit_its_map_is_refused(void **state)
{
    (void)state;
    assert_int_equal(read_text("{\"class\":\"dataset\",\"label\":\"12134: x\",\"id\":[\"A\"],"
                               "\"size\":[1],\"dimension\":{\"A\":{\"category\":{\"index\":"
                               "[\"x\"]}}},\"value\":[1]}"),
                     KF_ERR_DATA);
    expect_fault("kf sources check");
}

static void what_is_no_json_stat_is_told_with_its_byte(void **state)
{
    (void)state;
    assert_int_equal(read_text("  {\"class\":\"dataset\",}"), KF_ERR_DATA);
    expect_fault("in: byte 21, class: '}' instead of a key in quotes");
}

static void a_byte_order_mark_is_told(void **state)
{
    (void)state;
    assert_int_equal(read_text("\xef\xbb\xbf{}"), KF_ERR_DATA);
    expect_fault("byte order mark");
}

static void a_file_that_is_not_there_is_an_error_and_no_finding(void **state)
{
    (void)state;
    assert_int_equal(read_path(scratch_path(&scratch, "none")), KF_ERR_IO);
    assert_int_equal(kf_findings_count(&findings), 0);
}

static void a_failing_allocation_is_told_as_such(void **state)
{
    (void)state;
    bool done = false;
    for (int64_t n = 0; !done && n < 2000; n++) {
        (void)tear_down(NULL);
        assert_int_equal(set_up(NULL), 0);
        kf_memory_fail_after(n);
        enum kf_err code = read_path(RECORDED("ssb_v2_12134_data_3kommuner_2024.json"));
        kf_memory_fail_after(-1);
        assert_true(code == KF_OK || code == KF_ERR_MEMORY);
        done = code == KF_OK;
    }
    assert_true(done);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_recorded_table_becomes_observations),
        TEST(csv_is_read_as_before),
        TEST(a_table_without_a_map_is_named),
        TEST(a_table_that_does_not_say_its_number_is_refused),
        TEST(a_description_is_refused),
        TEST(a_table_that_does_not_fit_its_map_is_refused),
        TEST(what_is_no_json_stat_is_told_with_its_byte),
        TEST(a_byte_order_mark_is_told),
        TEST(a_file_that_is_not_there_is_an_error_and_no_finding),
        TEST(a_failing_allocation_is_told_as_such),
    };
    return cmocka_run_group_tests(tests, open_registers, close_registers);
}
