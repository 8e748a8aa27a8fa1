#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/memory.h"
#include "tests/support/cmocka.h"
#include "tests/support/panel_fixture.h"
#include "tools/kf/output.h"

#define HEADER "topic,edition,year,municipality,sector,indicator,measure,value,unit,flags\n"

static void put(struct kf_panel *panel, const struct kf_result_key *key, size_t at, double value,
                uint8_t status)
{
    struct kf_result *result = NULL;
    for (size_t i = 0; i < panel->results_len; i++) {
        struct kf_result *old = &panel->results[i];
        bool same = old->topic == key->topic && strcmp(old->sector, key->sector) == 0 &&
                    strcmp(old->measure, key->measure) == 0;
        result = same ? old : result;
    }
    if (!result) {
        assert_int_equal(kf_panel_append(panel, key, &result, NULL), KF_OK);
    }
    result->values[at] = value;
    result->status[at] = status;
}

static const struct kf_result_key need = {KF_TOPIC_NEED, "skole", "", "need_index", "index", false};
static const struct kf_result_key people = {KF_TOPIC_NEED,     "skole",   "",
                                            "need_population", "persons", false};

/* Two members; the second has no index, and a flagged population. */
static struct kf_panel *small_panel(void)
{
    struct kf_panel *panel = fixture_panel_new(100, 2);
    fixture_edition(panel)->id = "liten";
    panel->year = 2010;
    (void)fixture_sector(panel, "skole", 1);
    put(panel, &need, 0, 1.25, KF_CELL_VALUE);
    put(panel, &need, 1, 0, KF_CELL_MISSING);
    put(panel, &people, 0, 1000, KF_CELL_VALUE);
    put(panel, &people, 1, 0.1, KF_CELL_PROJECTED | KF_CELL_INFERRED);
    return panel;
}

/* What the panels give, one after the other; to be freed. */
static char *written(enum kf_output_format format, struct kf_panel *const *panels, size_t count)
{
    char *bytes = NULL;
    size_t length = 0;
    FILE *file = open_memstream(&bytes, &length);
    struct kf_output output;
    assert_non_null(file);
    kf_output_init(&output, format, file);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(kf_output_panel(&output, panels[i], NULL), KF_OK);
    }
    kf_output_clear(&output);
    assert_int_equal(fclose(file), 0);
    return bytes;
}

static void each_measure_is_a_line_under_one_header(void **state)
{
    (void)state;
    struct kf_panel *panel = small_panel();
    const char *first = panel->members[0];
    const char *second = panel->members[1];
    struct kf_text expected;
    kf_text_init(&expected, 4096);
    kf_text_add(&expected, HEADER);
    for (int twice = 0; twice < 2; twice++) {
        kf_text_add_format(&expected,
                           "need,liten,2010,%s,skole,,need_index,1.25,index,\n"
                           "need,liten,2010,%s,skole,,need_population,1000,persons,\n"
                           "need,liten,2010,%s,skole,,need_index,,index,missing\n"
                           "need,liten,2010,%s,skole,,need_population,0.1,persons,"
                           "projected;inferred\n",
                           first, first, second, second);
    }
    char *csv = written(KF_OUTPUT_CSV, (struct kf_panel *[]){panel, panel}, 2);
    assert_string_equal(csv, expected.bytes);
    free(csv);
    kf_text_clear(&expected);
    kf_panel_destroy(&panel);
}

static void json_has_a_line_for_each_measure_and_no_header(void **state)
{
    (void)state;
    struct kf_panel *panel = small_panel();
    panel->results_len = 1;
    char expected[1024];
    (void)snprintf(
        expected, sizeof expected,
        "{\"topic\":\"need\",\"edition\":\"liten\",\"year\":2010,\"municipality\":\"%s\","
        "\"sector\":\"skole\",\"indicator\":\"\",\"measure\":\"need_index\",\"value\":1.25,"
        "\"unit\":\"index\",\"flags\":\"\"}\n"
        "{\"topic\":\"need\",\"edition\":\"liten\",\"year\":2010,\"municipality\":\"%s\","
        "\"sector\":\"skole\",\"indicator\":\"\",\"measure\":\"need_index\",\"value\":null,"
        "\"unit\":\"index\",\"flags\":\"missing\"}\n",
        panel->members[0], panel->members[1]);
    char *json = written(KF_OUTPUT_JSON, &panel, 1);
    assert_string_equal(json, expected);
    free(json);
    kf_panel_destroy(&panel);
}

static void a_panel_without_rows_is_a_header(void **state)
{
    (void)state;
    struct kf_panel *panel = small_panel();
    panel->results_len = 0;
    char *csv = written(KF_OUTPUT_CSV, &panel, 1);
    assert_string_equal(csv, HEADER);
    free(csv);
    kf_panel_destroy(&panel);
}

/* 2000 members with one number each: lines of 40 bytes and more, several pieces. */
static void many_pieces_make_the_whole(void **state)
{
    (void)state;
    struct kf_panel *panel = fixture_panel_new(100, 2000);
    fixture_edition(panel)->id = "stor";
    (void)fixture_sector(panel, "skole", 1);
    for (size_t k = 0; k < panel->members_len; k++) {
        put(panel, &need, k, (double)k, KF_CELL_VALUE);
    }
    char *csv = written(KF_OUTPUT_CSV, &panel, 1);
    assert_true(strncmp(csv, HEADER, strlen(HEADER)) == 0);
    const char *line = csv + strlen(HEADER);
    for (size_t k = 0; k < panel->members_len; k++) {
        char expected[128];
        int length =
            snprintf(expected, sizeof expected, "need,stor,%d,%s,skole,,need_index,%zu,index,\n",
                     panel->year, panel->members[k], k);
        assert_true(strncmp(line, expected, (size_t)length) == 0);
        line += length;
    }
    assert_string_equal(line, "");
    free(csv);
    kf_panel_destroy(&panel);
}

static void a_measure_given_twice_writes_nothing(void **state)
{
    (void)state;
    struct kf_panel *panel = small_panel();
    struct kf_result *again = NULL;
    assert_int_equal(kf_panel_append(panel, &need, &again, NULL), KF_OK);
    char *bytes = NULL;
    size_t length = 0;
    FILE *file = open_memstream(&bytes, &length);
    struct kf_output output;
    kf_output_init(&output, KF_OUTPUT_CSV, file);
    assert_int_equal(kf_output_panel(&output, panel, NULL), KF_ERR_DATA);
    kf_output_clear(&output);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(length, 0);
    free(bytes);
    kf_panel_destroy(&panel);
}

static void a_file_that_takes_nothing_is_told(void **state)
{
    (void)state;
    struct kf_panel *panel = small_panel();
    FILE *file = fopen("/dev/full", "w");
    struct kf_output output;
    struct kf_error err = {0};
    assert_non_null(file);
    assert_int_equal(setvbuf(file, NULL, _IONBF, 0), 0);
    kf_output_init(&output, KF_OUTPUT_CSV, file);
    assert_int_equal(kf_output_panel(&output, panel, &err), KF_ERR_IO);
    kf_output_clear(&output);
    (void)fclose(file);
    kf_panel_destroy(&panel);
}

/* Returns how many allocations failed before it went well. */
static int64_t fail_in_turn(enum kf_output_format format)
{
    struct kf_panel *panel = small_panel();
    enum kf_err code = KF_ERR_MEMORY;
    int64_t failures = 0;
    for (; code == KF_ERR_MEMORY; failures++) {
        FILE *file = fopen("/dev/null", "w");
        struct kf_output output;
        struct kf_error err = {0};
        assert_non_null(file);
        kf_output_init(&output, format, file);
        kf_memory_fail_after(failures);
        code = kf_output_panel(&output, panel, &err);
        kf_memory_fail_after(-1);
        assert_int_equal(err.code, code);
        kf_output_clear(&output);
        (void)fclose(file);
    }
    assert_int_equal(code, KF_OK);
    kf_panel_destroy(&panel);
    return failures;
}

static void without_memory_nothing_is_lost_but_the_rows(void **state)
{
    (void)state;
    assert_true(fail_in_turn(KF_OUTPUT_CSV) > 3);   /* the entries of the walk, text, head, key */
    assert_true(fail_in_turn(KF_OUTPUT_TABLE) > 6); /* these, rows, tables, names, numbers */
}

/* The second member has no index; its population is less than one. */
static void tables_have_names_and_numbers_for_reading(void **state)
{
    (void)state;
    struct kf_panel *panel = small_panel();
    panel->edition->sectors[0].name = (struct kf_name){"Grunnskole", "Schools"};
    fixture_edition(panel)->title = (struct kf_name){"Liten", "Small"};
    fixture_edition(panel)->scale = 1;
    char expected[2048];
    (void)snprintf(expected, sizeof expected,
                   "Small\n"
                   "liten, 2010\n"
                   "\n"
                   "Need: %s\n"
                   "  Sector   need index        need\n"
                   "                       population\n"
                   "                        (persons)\n"
                   "  Schools       1.250       1\u202f000\n"
                   "\n"
                   "Need: %s\n"
                   "  Sector         need\n"
                   "           population\n"
                   "            (persons)\n"
                   "  Schools       0.100f‡\n"
                   "\n"
                   "  f projected, not observed\n"
                   "  ‡ by a rule that is reconstructed, not printed in the source\n",
                   panel->members[0], panel->members[1]);
    char *table = written(KF_OUTPUT_TABLE, &panel, 1);
    assert_string_equal(table, expected);
    free(table);
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_measure_is_a_line_under_one_header),
        cmocka_unit_test(json_has_a_line_for_each_measure_and_no_header),
        cmocka_unit_test(a_panel_without_rows_is_a_header),
        cmocka_unit_test(many_pieces_make_the_whole),
        cmocka_unit_test(a_measure_given_twice_writes_nothing),
        cmocka_unit_test(a_file_that_takes_nothing_is_told),
        cmocka_unit_test(tables_have_names_and_numbers_for_reading),
        cmocka_unit_test(without_memory_nothing_is_lost_but_the_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
