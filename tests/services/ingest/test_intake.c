/* From files to the ledger. */
#include "tests/support/cmocka.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/memory.h"
#include "scratch.h"
#include "services/ingest/intake.h"
#include "tests/support/catalogue_fixture.h"

#define SAMPLE KF_SOURCE_DIR "/data/asss-2010/asss-2010.csv"
#define BROKEN KF_SOURCE_DIR "/data/broken/"

static struct scratch scratch;
static struct kf_intake_options options;
static struct kf_intake_result result;
static struct kf_error err;

static int set_up(void **state)
{
    (void)state;
    scratch_make(&scratch);
    options = (struct kf_intake_options){
        .catalogue = fixture_catalogue, .rows_max = 100000, .breaker = kf_breaker_limits_usual()};
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

static enum kf_err take_files(const struct kf_intake_file *files, size_t count)
{
    const struct kf_intake_input input = {
        .name = "input", .files = files, .files_len = count, .vintage = "unspecified"};
    return kf_intake_take(&options, &input, 1000, &result, &err);
}

static enum kf_err take(const char *path)
{
    const struct kf_intake_file file = {.path = path, .name = "input.csv"};
    return take_files(&file, 1);
}

static uint64_t releases_in_ledger(void)
{
    struct kf_ledger_totals totals;
    assert_int_equal(kf_ledger_totals(options.ledger, &totals, &err), KF_OK);
    uint64_t sum = 0;
    for (int i = KF_LEDGER_DISCOVERED; i < KF_LEDGER_STATES; i++) {
        sum += totals.releases[i];
    }
    return sum;
}

static struct kf_envelope *envelope_of(const char *id, uint32_t index)
{
    struct kf_ledger_release release;
    struct kf_envelope *envelope = NULL;
    struct kf_text bytes;
    kf_text_init(&bytes, KF_ENVELOPE_BYTES_MAX);
    assert_int_equal(kf_ledger_find(options.ledger, id, &release, &err), KF_OK);
    assert_int_equal(kf_ledger_panel(options.ledger, &release, index, &bytes, &err), KF_OK);
    assert_int_equal(kf_envelope_unpack(bytes.bytes, bytes.length, &envelope, &err), KF_OK);
    kf_text_clear(&bytes);
    return envelope;
}

static void the_sample_becomes_a_release_of_one_panel(void **state)
{
    (void)state;
    assert_int_equal(take(SAMPLE), KF_OK);
    assert_false(result.refused);
    assert_false(result.known);
    assert_int_equal(result.panels, 1);
    assert_int_equal(result.panels_rejected, 0);
    assert_string_equal(result.report.bytes, "");
    struct kf_envelope *envelope = envelope_of(result.release, 0);
    assert_non_null(envelope->panel);
    assert_int_equal(envelope->panel->members_len, 10);
    assert_string_equal(envelope->release.sources[0].name, "input.csv");
    kf_envelope_destroy(&envelope);
    kf_intake_result_clear(&result);
}

/* What the map of a table makes of it is tested with observation_input. */
static void a_table_as_json_stat_without_a_map_is_refused(void **state)
{
    (void)state;
    assert_int_equal(take(KF_SOURCE_DIR "/data/api/ssb_v2_12134_data_3kommuner_2024.json"), KF_OK);
    assert_true(result.refused);
    assert_non_null(strstr(result.report.bytes,
                           "input.csv: there is no map of table 12134 in editions/sources"));
    kf_intake_result_clear(&result);
}

/* Writes the sample with every figure of one variable a thousand times as large. */
static void write_thousandfold(const char *name)
{
    struct scratch data = {.path = KF_SOURCE_DIR "/data/asss-2010"};
    struct kf_text text;
    char *sample = scratch_read(&data, "asss-2010.csv");
    kf_text_init(&text, 1 << 20);
    for (char *line = sample; *line;) {
        size_t length = strcspn(line, "\n");
        size_t last = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
        bool large = length > 30 && strncmp(line + 10, "aktivitetstilskudd,", 19) == 0 &&
                     line[last - 1] == ',';
        kf_text_add_bytes(&text, line, large ? last - 1 : last);
        kf_text_add(&text, large ? "e3,\n" : "\n");
        line += length + (line[length] == '\n');
    }
    scratch_write_text(&scratch, name, text.bytes);
    kf_text_clear(&text);
    free(sample);
}

static void wildly_different_figures_are_held_and_the_report_says_what_to_do(void **state)
{
    (void)state;
    struct kf_ledger_release release;
    assert_int_equal(take(SAMPLE), KF_OK);
    struct kf_receipt receipt = {.state = KF_RECEIPT_COMMITTED};
    memcpy(receipt.release, result.release, sizeof result.release);
    assert_int_equal(kf_ledger_mark_sent(options.ledger, result.release, 1, &err), KF_OK);
    assert_int_equal(kf_ledger_mark_closed(options.ledger, &receipt, 1, &err), KF_OK);
    kf_intake_result_clear(&result);
    write_thousandfold("large.csv");
    for (int round = 0; round < 2; round++) {
        assert_int_equal(take(scratch_path(&scratch, "large.csv")), KF_OK);
        assert_int_equal(result.state, KF_LEDGER_HELD);
        assert_int_equal(result.known, round == 1);
        assert_false(result.refused);
        assert_non_null(strstr(result.report.bytes, result.release));
        assert_non_null(strstr(result.report.bytes, "aktivitetstilskudd"));
        assert_non_null(strstr(result.report.bytes, "kf releases approve"));
        assert_int_equal(kf_ledger_find(options.ledger, result.release, &release, &err), KF_OK);
        assert_int_equal(release.state, KF_LEDGER_HELD);
        kf_intake_result_clear(&result);
    }
}

static void the_same_input_again_is_known(void **state)
{
    (void)state;
    assert_int_equal(take(SAMPLE), KF_OK);
    kf_intake_result_clear(&result);
    assert_int_equal(take(SAMPLE), KF_OK);
    assert_true(result.known);
    assert_int_equal(result.state, KF_LEDGER_COMPLETE);
    assert_int_equal(releases_in_ledger(), 1);
    kf_intake_result_clear(&result);
}

/* Writes the sample with its rows backwards, and in two files. */
static void a_split_and_turned_input_is_the_same_release(void **state)
{
    (void)state;
    char first[KF_RELEASE_ID_SIZE];
    static char *lines[1000];
    size_t count = 0;
    assert_int_equal(take(SAMPLE), KF_OK);
    memcpy(first, result.release, sizeof first);
    kf_intake_result_clear(&result);
    struct scratch data = {.path = KF_SOURCE_DIR "/data/asss-2010"};
    char *text = scratch_read(&data, "asss-2010.csv");
    for (char *line = text; *line && count < 1000;) {
        lines[count++] = line;
        line += strcspn(line, "\n");
        if (*line) {
            *line++ = '\0';
        }
    }
    struct kf_text parts[2];
    for (size_t p = 0; p < 2; p++) {
        kf_text_init(&parts[p], 1 << 20);
        kf_text_add_format(&parts[p], "%s\n", lines[0]);
    }
    for (size_t i = count - 1; i > 0; i--) {
        kf_text_add_format(&parts[i % 2], "%s\r\n", lines[i]);
    }
    scratch_write_text(&scratch, "one.csv", parts[0].bytes);
    scratch_write_text(&scratch, "two.csv", parts[1].bytes);
    const struct kf_intake_file files[] = {
        {.path = scratch_path(&scratch, "one.csv"), .name = "one.csv"},
        {.path = scratch_path(&scratch, "two.csv"), .name = "two.csv"}};
    assert_int_equal(take_files(files, 2), KF_OK);
    assert_true(result.known);
    assert_string_equal(result.release, first);
    kf_intake_result_clear(&result);
    kf_text_clear(&parts[0]);
    kf_text_clear(&parts[1]);
    free(text);
}

static void a_broken_input_becomes_a_release_that_says_so(void **state)
{
    (void)state;
    assert_int_equal(take(BROKEN "not_a_number.csv"), KF_OK);
    assert_true(result.refused);
    assert_int_equal(result.panels, 1);
    assert_non_null(strstr(result.report.bytes, "input.csv:5: 0106 korr_oppholdstimer \"NaN\""));
    assert_non_null(strstr(result.report.bytes, "use a point"));
    struct kf_envelope *envelope = envelope_of(result.release, 0);
    assert_non_null(envelope->rejection);
    assert_int_equal(kf_findings_count(&envelope->rejection->findings), 4);
    assert_int_equal(envelope->release.sources_len, 1);
    assert_int_equal(strlen(envelope->release.sources[0].digest), 32);
    kf_envelope_destroy(&envelope);
    kf_intake_result_clear(&result);
}

static void a_cell_given_twice_refuses_the_input_naming_both_lines(void **state)
{
    (void)state;
    assert_int_equal(take(BROKEN "duplicate_cell.csv"), KF_OK);
    assert_true(result.refused);
    assert_non_null(strstr(result.report.bytes, "0219"));
    assert_non_null(strstr(result.report.bytes, "korr_oppholdstimer"));
    kf_intake_result_clear(&result);
}

static void the_faults_of_all_files_are_told_at_once(void **state)
{
    (void)state;
    const struct kf_intake_file files[] = {
        {.path = BROKEN "wrong_year.csv", .name = "x.csv"},
        {.path = BROKEN "unknown_variable.csv", .name = "y.csv"}};
    assert_int_equal(take_files(files, 2), KF_OK);
    assert_non_null(strstr(result.report.bytes, "x.csv:7:"));
    assert_non_null(strstr(result.report.bytes, "y.csv:7:"));
    kf_intake_result_clear(&result);
}

static void each_broken_input_is_its_own_release_and_known_again(void **state)
{
    (void)state;
    static const char *const names[] = {"missing_column", "empty", "ragged_row", "not_utf8"};
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < 4; i++) {
            char path[512];
            (void)snprintf(path, sizeof path, BROKEN "%s.csv", names[i]);
            assert_int_equal(take(path), KF_OK);
            assert_true(result.refused);
            assert_int_equal(result.known, round == 1);
            kf_intake_result_clear(&result);
        }
    }
    assert_int_equal(releases_in_ledger(), 4);
}

static void a_line_of_many_megabytes_is_refused(void **state)
{
    (void)state;
    FILE *file = fopen(scratch_path(&scratch, "long.csv"), "w");
    assert_non_null(file);
    (void)fputs("municipality,year,variable,value,status\n", file);
    static char piece[1 << 20];
    memset(piece, '7', sizeof piece);
    for (int i = 0; i < 20; i++) {
        (void)fwrite(piece, 1, sizeof piece, file);
    }
    (void)fclose(file);
    assert_int_equal(take(scratch_path(&scratch, "long.csv")), KF_OK);
    assert_true(result.refused);
    assert_non_null(strstr(result.report.bytes, "input.csv:2:"));
    kf_intake_result_clear(&result);
}

static void a_refusal_from_outside_is_recorded_too(void **state)
{
    (void)state;
    const struct kf_intake_input input = {.name = "folder",
                                          .vintage = "unspecified",
                                          .refusal = "the folder holds no .csv or .json file",
                                          .remedy = "put some there"};
    assert_int_equal(kf_intake_take(&options, &input, 1000, &result, &err), KF_OK);
    assert_true(result.refused);
    assert_non_null(strstr(result.report.bytes, "folder: the folder holds no .csv or .json file"));
    assert_int_equal(releases_in_ledger(), 1);
    kf_intake_result_clear(&result);
}

static bool never(void *context)
{
    (void)context;
    return false;
}

static void an_input_that_changed_meanwhile_is_not_recorded(void **state)
{
    (void)state;
    const struct kf_intake_file file = {.path = SAMPLE, .name = "input.csv"};
    const struct kf_intake_input input = {.name = "input",
                                          .files = &file,
                                          .files_len = 1,
                                          .vintage = "unspecified",
                                          .unchanged = never};
    assert_int_equal(kf_intake_take(&options, &input, 1000, &result, &err), KF_ERR_AGAIN);
    assert_int_equal(releases_in_ledger(), 0);
}

static void an_absent_file_is_tried_again_later(void **state)
{
    (void)state;
    assert_int_equal(take(scratch_path(&scratch, "none.csv")), KF_ERR_IO);
    assert_int_equal(releases_in_ledger(), 0);
}

static void every_failing_allocation_leaves_nothing_behind(void **state)
{
    (void)state;
    scratch_write_text(&scratch, "small.csv",
                       "municipality,year,variable,value,status\n0301,2010,folkemengde,1,\n");
    enum kf_err code = KF_ERR_MEMORY;
    int64_t n = 0;
    for (; code != KF_OK; n++) {
        assert_int_equal(releases_in_ledger(), 0);
        kf_memory_fail_after(n);
        code = take(scratch_path(&scratch, "small.csv"));
        kf_memory_fail_after(-1);
        assert_true(code == KF_OK || code == KF_ERR_MEMORY);
    }
    assert_true(n > 10);
    kf_intake_result_clear(&result);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

/* --- a panel beyond its limit ---------------------------------------------------------------- */

#define LARGE_SECTORS    16
#define LARGE_INDICATORS 250 /* in a sector */
#define LARGE_MEMBERS    2000

static void write_text(struct kf_text *text, const char *name)
{
    assert_false(text->failed);
    scratch_write_text(&scratch, name, text->bytes);
    kf_text_reset(text);
}

static void add_large_sector(struct kf_text *text, int s)
{
    kf_text_add_format(text,
                       "  - id: s%d\n    name: {nb: S, en: S}\n    source: none\n"
                       "    weight: 0.0625\n    indicators:\n",
                       s);
    for (int i = 0; i < LARGE_INDICATORS; i++) {
        kf_text_add_format(text,
                           "      - {id: v%d_%d, weight: 0.004, variable: v%d_%d, per: none,"
                           " name: {nb: V, en: V}}\n",
                           s, i, s, i);
    }
}

/* An edition of 16 × 250 indicators of 2000 municipalities, all within their limits. */
static void write_large_edition(struct kf_text *text)
{
    kf_text_add_format(text, "variables:\n  - {id: folkemengde, unit: persons, minimum: 0,"
                             " name: {nb: F, en: I}}\n");
    for (int i = 0; i < LARGE_SECTORS * LARGE_INDICATORS; i++) {
        kf_text_add_format(text,
                           "  - {id: v%d_%d, unit: index, minimum: 0, name: {nb: V, en: V}}\n",
                           i / LARGE_INDICATORS, i % LARGE_INDICATORS);
    }
    write_text(text, "variables.yaml");
    kf_text_add_format(text, "municipality,name,valid_from,valid_to\n");
    for (int m = 1; m <= LARGE_MEMBERS; m++) {
        kf_text_add_format(text, "%04d,M,1990-01-01,\n", m);
    }
    write_text(text, "municipalities.csv");
    kf_text_add_format(text, "id: stor\ntitle: {nb: Stor, en: Large}\nsource: made up\n"
                             "years: [2010, 2011]\nstructure: data-year\nscale: 100\n"
                             "population: folkemengde\nmissing: drop\n"
                             "group: {name: {nb: A, en: A}, municipalities: all}\nsectors:\n");
    for (int s = 0; s < LARGE_SECTORS; s++) {
        add_large_sector(text, s);
    }
    write_text(text, "stor.yaml");
}

static void write_large_figures(struct kf_text *text)
{
    kf_text_add_format(text, "municipality,year,variable,value,status\n0001,2010,v0_0,1,\n");
    for (int m = 1; m <= LARGE_MEMBERS; m++) {
        kf_text_add_format(text, "%04d,2010,folkemengde,1000,\n", m);
    }
    write_text(text, "large.csv");
}

static struct kf_catalogue *large_catalogue(void)
{
    struct kf_catalogue *large = NULL;
    struct kf_findings findings;
    struct kf_text text;
    kf_findings_init(&findings);
    kf_text_init(&text, 1 << 20);
    write_large_edition(&text);
    enum kf_err code = kf_catalogue_read(scratch.path, &large, &findings, &err);
    if (code != KF_OK) {
        kf_findings_print(&findings, &text);
        print_message("%s", text.bytes);
        fail();
    }
    write_large_figures(&text);
    kf_text_clear(&text);
    kf_findings_clear(&findings);
    return large;
}

/* It must be told and done with: sent again it would fail again, and hold up all that comes. */
static void a_panel_beyond_its_limit_is_a_dead_letter(void **state)
{
    (void)state;
    struct kf_catalogue *large = large_catalogue();
    options.catalogue = large;
    assert_int_equal(take(scratch_path(&scratch, "large.csv")), KF_OK);
    assert_int_equal(result.panels, 1);
    assert_int_equal(result.panels_rejected, 1);
    struct kf_envelope *envelope = envelope_of(result.release, 0);
    assert_null(envelope->panel);
    assert_non_null(envelope->rejection);
    assert_string_equal(envelope->rejection->edition, "stor");
    assert_non_null(strstr(envelope->rejection->reason, "more than 2796202 cells"));
    kf_envelope_destroy(&envelope);
    kf_intake_result_clear(&result);
    options.catalogue = fixture_catalogue;
    kf_catalogue_destroy(&large);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_sample_becomes_a_release_of_one_panel),
        TEST(a_table_as_json_stat_without_a_map_is_refused),
        TEST(wildly_different_figures_are_held_and_the_report_says_what_to_do),
        TEST(the_same_input_again_is_known),
        TEST(a_split_and_turned_input_is_the_same_release),
        TEST(a_broken_input_becomes_a_release_that_says_so),
        TEST(a_cell_given_twice_refuses_the_input_naming_both_lines),
        TEST(the_faults_of_all_files_are_told_at_once),
        TEST(each_broken_input_is_its_own_release_and_known_again),
        TEST(a_line_of_many_megabytes_is_refused),
        TEST(a_refusal_from_outside_is_recorded_too),
        TEST(an_input_that_changed_meanwhile_is_not_recorded),
        TEST(an_absent_file_is_tried_again_later),
        TEST(every_failing_allocation_leaves_nothing_behind),
        cmocka_unit_test_setup_teardown(a_panel_beyond_its_limit_is_a_dead_letter, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, fixture_catalogue_open, fixture_catalogue_close);
}
