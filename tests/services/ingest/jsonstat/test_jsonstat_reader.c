/* Documents small enough to be read by eye; what they say is worked out by hand. */
#include "tests/support/cmocka.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/model/cell.h"
#include "tests/services/ingest/jsonstat/jsonstat_reference.h"

/* A sound table of 2 × 2, to which faults are added. */
#define HEAD "{\"version\":\"2.0\",\"class\":\"dataset\","
#define DIMENSIONS                                                                                 \
    "\"id\":[\"R\",\"T\"],\"size\":[2,2],\"dimension\":{"                                          \
    "\"R\":{\"category\":{\"index\":{\"b\":1,\"a\":0},\"label\":{\"a\":\"A\",\"b\":\"B\"}}},"      \
    "\"T\":{\"category\":{\"index\":[\"2023\",\"2024\"]}}}"
#define SOUND HEAD DIMENSIONS ",\"value\":[1,2.5,null,-4]}"

static struct kf_jsonstat_reader *reader;
static const struct kf_jsonstat *table;
static struct kf_error err;

static int open_reader(void **state)
{
    (void)state;
    return kf_jsonstat_reader_new(NULL, &reader, NULL) == KF_OK ? 0 : -1;
}

static int close_reader(void **state)
{
    (void)state;
    kf_jsonstat_reader_destroy(&reader);
    return 0;
}

/* At once, and byte by byte with the same outcome. */
static enum kf_err read_text(const char *text)
{
    struct kf_error cut = {0};
    err = (struct kf_error){0};
    enum kf_err code = jsonstat_read_in_pieces(text, strlen(text), 1, reader, &table, &cut);
    assert_int_equal(jsonstat_read_in_pieces(text, strlen(text), 0, reader, &table, &err), code);
    assert_string_equal(cut.text, err.text);
    return code;
}

static void read_soundly(const char *text)
{
    if (read_text(text) != KF_OK) {
        fail_msg("%s: %s", text, err.text);
    }
    const char *difference = jsonstat_reference_differs(table, text, strlen(text));
    if (difference) {
        fail_msg("%s: %s", text, difference);
    }
}

static void refused(const char *text, enum kf_err code, const char *words)
{
    if (read_text(text) != code || !strstr(err.text, words)) {
        fail_msg("%s: expected '%s', not '%s'", text, words, err.text);
    }
}

static void expect_cells(const double *values, const uint8_t *status, size_t count)
{
    assert_int_equal(table->cells, count);
    for (size_t i = 0; i < count; i++) {
        assert_true(table->values[i] == values[i]);
        assert_int_equal(table->status[i], status[i]);
    }
}

#define MISSING KF_CELL_MISSING
#define DOT     KF_CELL_NOT_APPLICABLE

static void a_dense_table_is_read(void **state)
{
    (void)state;
    read_soundly(SOUND);
    expect_cells((double[]){1, 2.5, 0, -4}, (uint8_t[]){0, 0, MISSING, 0}, 4);
    assert_string_equal(table->dimensions[0].categories[1].code, "b");
    assert_string_equal(table->dimensions[0].categories[1].label, "B");
    assert_string_equal(table->dimensions[1].categories[0].code, "2023");
    assert_string_equal(table->dimensions[1].categories[0].label, "");
    assert_int_equal(table->dimensions[1].categories[0].decimals, -1);
    assert_string_equal(table->table, "");
    assert_string_equal(table->updated, "");
}

/* Every permutation of the six members gives the same table. */
static void members_may_come_in_any_order(void **state)
{
    (void)state;
    static const char *const members[] = {
        "\"class\":\"dataset\"",
        "\"id\":[\"A\",\"B\"]",
        "\"size\":[1,3]",
        "\"dimension\":{\"B\":{\"category\":{\"index\":[\"p\",\"q\",\"r\"]}},"
        "\"A\":{\"category\":{\"label\":{\"x\":\"X\"}}}}",
        "\"value\":[5,null,6]",
        "\"status\":{\"1\":\".\",\"2\":\"*\"}",
    };
    for (int n = 0; n < 720; n++) {
        char text[1024] = "{";
        bool used[6] = {false};
        int rest = n;
        for (int left = 6; left > 0; left--) {
            int pick = rest % left;
            rest /= left;
            size_t i = 0;
            while (used[i] || pick-- > 0) {
                i++;
            }
            used[i] = true;
            size_t length = strlen(text);
            (void)snprintf(text + length, sizeof text - length, "%s%s", left < 6 ? "," : "",
                           members[i]);
        }
        size_t length = strlen(text);
        (void)snprintf(text + length, sizeof text - length, "}");
        read_soundly(text);
        expect_cells((double[]){5, 0, 6}, (uint8_t[]){0, DOT, KF_CELL_PRELIMINARY}, 3);
    }
}

static void a_document_may_be_cut_at_any_place(void **state)
{
    (void)state;
    static const char text[] = HEAD
        "\"label\":\"\\u00e5 \\ud83d\\ude00 \xc3\xa6 \xf0\x9f\x98\x80 \\\"\\\\\"," DIMENSIONS
        ",\"status\":\"*\",\"value\":[-1.5e2,0.1,12345678901234567890,null],\"x\":[true,false]}";
    for (size_t i = 0; i <= sizeof text - 1; i++) {
        kf_jsonstat_reader_reset(reader);
        assert_int_equal(kf_jsonstat_reader_feed(reader, text, i, &err), KF_OK);
        assert_int_equal(kf_jsonstat_reader_feed(reader, text + i, sizeof text - 1 - i, &err),
                         KF_OK);
        assert_int_equal(kf_jsonstat_reader_finish(reader, &table, &err), KF_OK);
        assert_null(jsonstat_reference_differs(table, text, sizeof text - 1));
        assert_string_equal(table->label, "å 😀 æ 😀 \"\\");
        expect_cells(
            (double[]){-150, 0.1, 12345678901234567890.0, 0},
            (uint8_t[]){KF_CELL_PRELIMINARY, KF_CELL_PRELIMINARY, KF_CELL_PRELIMINARY, MISSING}, 4);
    }
}

static void a_document_that_ends_too_early_is_refused_wherever_it_ends(void **state)
{
    (void)state;
    static const char text[] = SOUND;
    for (size_t i = 0; i < sizeof text - 1; i++) {
        kf_jsonstat_reader_reset(reader);
        assert_int_equal(kf_jsonstat_reader_feed(reader, text, i, &err), KF_OK);
        assert_int_equal(kf_jsonstat_reader_finish(reader, &table, &err), KF_ERR_DATA);
        assert_non_null(strstr(err.text, "ends too early"));
    }
}

static void sparse_values_are_placed_by_position(void **state)
{
    (void)state;
    read_soundly(HEAD DIMENSIONS ",\"value\":{\"3\":7,\"0\":1.5,\"1\":null}}");
    expect_cells((double[]){1.5, 0, 0, 7}, (uint8_t[]){0, MISSING, MISSING, 0}, 4);
    read_soundly(HEAD DIMENSIONS ",\"value\":{}}");
    expect_cells((double[]){0, 0, 0, 0}, (uint8_t[]){MISSING, MISSING, MISSING, MISSING}, 4);
}

/* METHOD A3: a symbol is never a number, also where a number stands beside it. */
static void symbols_become_statuses_and_never_numbers(void **state)
{
    (void)state;
    read_soundly(HEAD DIMENSIONS ",\"value\":[1,2,3,4],\"status\":[\".\",\"..\",\":\",\"\"]}");
    expect_cells((double[]){0, 0, 0, 4}, (uint8_t[]){DOT, MISSING, KF_CELL_CONFIDENTIAL, 0}, 4);
    read_soundly(HEAD DIMENSIONS ",\"value\":[1,2,3,null],\"status\":[\"...\",\"-\",null,\"*\"]}");
    expect_cells((double[]){0, 0, 3, 0}, (uint8_t[]){MISSING, MISSING, 0, MISSING}, 4);
    read_soundly(HEAD DIMENSIONS ",\"value\":[0,0,0,0],\"status\":\":\"}");
    expect_cells((double[]){0, 0, 0, 0},
                 (uint8_t[]){KF_CELL_CONFIDENTIAL, KF_CELL_CONFIDENTIAL, KF_CELL_CONFIDENTIAL,
                             KF_CELL_CONFIDENTIAL},
                 4);
    refused(HEAD DIMENSIONS ",\"value\":[0,0,0,0],\"status\":{\"2\":\"e\"}}", KF_ERR_CONFIG,
            "status.2: 'e' is a symbol that nobody has told of");
}

static void symbols_may_be_added(void **state)
{
    (void)state;
    static const struct kf_jsonstat_symbol more[] = {{"e", KF_CELL_PRELIMINARY},
                                                     {"n", KF_CELL_NOT_APPLICABLE}};
    const struct kf_jsonstat_limits limits = {.symbols = more, .symbols_len = 2};
    kf_jsonstat_reader_destroy(&reader);
    assert_int_equal(kf_jsonstat_reader_new(&limits, &reader, NULL), KF_OK);
    assert_int_equal(
        read_text(HEAD DIMENSIONS ",\"value\":[8,9,1,2],\"status\":{\"0\":\"e\",\"1\":\"n\"}}"),
        KF_OK);
    expect_cells((double[]){8, 0, 1, 2}, (uint8_t[]){KF_CELL_PRELIMINARY, DOT, 0, 0}, 4);
}

static void a_document_without_value_is_a_description(void **state)
{
    (void)state;
    read_soundly(HEAD DIMENSIONS "}");
    assert_null(table->values);
    assert_null(table->status);
    assert_int_equal(table->cells, 4);
    read_soundly(HEAD DIMENSIONS ",\"value\":null}");
    assert_null(table->values);
    refused(HEAD DIMENSIONS ",\"status\":\".\"}", KF_ERR_DATA, "status and no value");
}

static void json_stat_1_is_read(void **state)
{
    (void)state;
    read_soundly(
        "{\"dataset\":{\"value\":[1,2],\"dimension\":{\"role\":{\"time\":[\"T\"]},"
        "\"T\":{\"category\":{\"index\":{\"a\":0,\"b\":1}}},\"size\":[2],\"id\":[\"T\"]}}}");
    assert_int_equal(table->dimensions[0].role, KF_JSONSTAT_TIME);
    expect_cells((double[]){1, 2}, (uint8_t[]){0, 0}, 2);
    refused("{\"dataset\":{\"dataset\":{}}}", KF_ERR_DATA, "a dataset in a dataset");
    refused("{\"dataset\":{},\"value\":[1]}", KF_ERR_DATA, "beside another dataset's");
    refused("{\"value\":[1],\"dataset\":{}}", KF_ERR_DATA, "beside another dataset's");
}

static void a_dimension_may_be_called_id_or_size(void **state)
{
    (void)state;
    read_soundly(HEAD "\"id\":[\"id\",\"size\"],\"size\":[1,1],\"dimension\":{"
                      "\"id\":{\"category\":{\"index\":[\"x\"]}},"
                      "\"size\":{\"category\":{\"index\":[\"y\"]}}},\"value\":[3]}");
    assert_string_equal(table->dimensions[0].id, "id");
    assert_string_equal(table->dimensions[1].categories[0].code, "y");
}

static void faults_name_the_byte_and_the_place(void **state)
{
    (void)state;
    refused("{\"class\":\"dataset\",\"value\":[1,x]}", KF_ERR_DATA,
            "byte 30, value[1]: 'x' instead of a value");
    refused("{\"dimension\":{\"Tid\":{\"category\":{\"index\":{\"a\":0,\"a\":1}}}}}", KF_ERR_DATA,
            "byte 48, dimension.Tid.category.index.a: a stands here twice");
    refused("{\"id\":[\"A\",7]}", KF_ERR_DATA, "byte 11, id[1]: is not a text");
    refused("{\"a\":{\"b\":[0,{\"c\":tru1}]}}", KF_ERR_DATA, "a.b[1].c: '1' instead of");
}

static const struct {
    const char *text;
    const char *words;
} faults[] = {
    {"[]", "not an object"},
    {"\"x\"", "not an object"},
    {"{}", "no json-stat"},
    {"{\"type\":\"Parameter error\",\"title\":\"Non-existent table\",\"status\":\"..\"}",
     "no json-stat"},
    {"{\"class\":\"collection\"}", "of class 'collection'"},
    {"{\"class\":\"dataset\",\"version\":\"3.0\"}", "version '3.0'"},
    {"<!DOCTYPE html>", "'<' instead of a value"},
    {"\xef\xbb\xbf{}", "byte order mark"},
    {"{\"class\":\"dataset\",\"class\":\"dataset\"}", "twice"},
    {"{\"other\":1,\"other\":1}", "twice"},
    {"{\"size\":[1,0]}", "0 is no number of categories"},
    {"{\"size\":[1.5]}", "1.5 is no number of categories"},
    {"{\"size\":[-1]}", "no number of categories"},
    {"{\"id\":[\"A\",\"A\"]}", "A stands here twice"},
    {"{\"id\":[\"A\"],\"dimension\":{\"id\":[\"A\"]}}", "was given before"},
    {"{\"role\":{\"time\":[\"A\"],\"geo\":[\"A\"]}}", "a role already"},
    {"{\"dimension\":{\"A\":[]}}", "is not an object"},
    {"{\"value\":{\"01\":1}}", "'01' is no position"},
    {"{\"value\":{\"a\":1}}", "'a' is no position"},
    {"{\"value\":{\"1\":1,\"1\":null}}", "position 1 stands here twice"},
    {"{\"status\":{\"1\":\"\",\"1\":\".\"}}", "position 1 stands here twice"},
    {"{\"value\":[[1]]}", "is not a number"},
    {"{\"value\":[true]}", "is not a number"},
    {"{\"value\":[\"1\"]}", "is not a number"},
    {"{\"value\":[1e999]}", "beyond what a double holds"},
    {"{\"value\":[-]}", "no number of JSON"},
    {"{\"value\":[NaN]}", "'N' instead of a value"},
    {"{\"value\":[-Infinity]}", "no number of JSON"},
    {"{\"note\":[\"\\ud800\"]}", "surrogate"},
    {"{\"note\":[\"\xff\"]}", "not UTF-8"},
    {"{\"class\":\"dataset\"} {", "instead of the end"},
    {HEAD DIMENSIONS ",\"value\":[1,2,3]}", "value has 3 figures, the sizes make 4"},
    {HEAD DIMENSIONS ",\"value\":[1,2,3,4,5]}", "more than the 4 cells"},
    {HEAD "\"value\":[1,2,3,4,5]," DIMENSIONS "}", "more than the 4 cells"},
    {HEAD DIMENSIONS ",\"value\":{\"4\":1}}", "more than the 4 cells"},
    {HEAD DIMENSIONS ",\"value\":{},\"status\":[\".\"]}", "status has 1 symbols"},
    {HEAD DIMENSIONS ",\"value\":{},\"status\":{\"4\":\".\"}}", "more than the 4 cells"},
    {HEAD "\"id\":[\"A\"],\"size\":[2],\"dimension\":{\"A\":{\"category\":{\"index\":[\"x\"]}}}}",
     "has 1 categories, its size is 2"},
    {HEAD "\"id\":[\"A\"],\"size\":[2],\"dimension\":{\"A\":{\"category\":{\"label\":"
          "{\"x\":\"\",\"y\":\"\"}}}}}",
     "index does not have x"},
    {HEAD "\"id\":[\"A\"],\"size\":[2],\"dimension\":{\"A\":{\"category\":{\"index\":"
          "{\"x\":1,\"y\":1}}}}}",
     "the position of y is taken"},
    {HEAD "\"id\":[\"A\"],\"size\":[2],\"dimension\":{\"A\":{\"category\":{\"index\":"
          "{\"x\":2,\"y\":1}}}}}",
     "the position of x is beyond"},
    {HEAD "\"id\":[\"A\"],\"size\":[1],\"dimension\":{}}", "A is missing in dimension"},
    {HEAD "\"id\":[],\"size\":[],\"dimension\":{}}", "id has 0 dimensions"},
    {HEAD "\"id\":[\"A\"],\"size\":[1,1]}", "id has 1 dimensions and size has 2"},
    {"{\"dimension\":{\"A\":{\"category\":{\"unit\":{\"x\":{\"decimals\":-1}}}}}}",
     "no number of decimals"},
    {"{\"dimension\":{\"A\":{\"category\":{\"index\":{\"x\":0.5}}}}}", "0.5 is no position"},
};

static void what_is_no_strict_json_stat_is_refused_with_a_reason(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        refused(faults[i].text, KF_ERR_DATA, faults[i].words);
    }
}

static void a_failure_stays_until_the_reader_starts_over(void **state)
{
    (void)state;
    struct kf_error again = {0};
    assert_int_equal(kf_jsonstat_reader_feed(reader, "{1", 2, &err), KF_ERR_DATA);
    assert_int_equal(kf_jsonstat_reader_feed(reader, "}", 1, &again), KF_ERR_DATA);
    assert_string_equal(again.text, err.text);
    assert_int_equal(kf_jsonstat_reader_finish(reader, &table, &again), KF_ERR_DATA);
    assert_string_equal(again.text, err.text);
    read_soundly(SOUND);
}

/* Each limit is one less than what the document needs, then exactly that. */
static void limits_hold(void **state)
{
    (void)state;
    static const char text[] = HEAD DIMENSIONS ",\"x\":[[[[1]]]],\"value\":[1,2,3,4]}";
    const struct {
        struct kf_jsonstat_limits enough;
        struct kf_jsonstat_limits less;
        const char *words;
    } cases[] = {
        {{.cells_max = 4}, {.cells_max = 3}, "more than 3 cells"},
        {{.categories_max = 2}, {.categories_max = 1}, "more than 1 categories"},
        {{.depth_max = 5}, {.depth_max = 4}, "nested deeper than 4"},
        {{.bytes_max = sizeof text - 1}, {.bytes_max = sizeof text - 2}, "longer than"},
        {{.text_bytes_max = 8192}, {.text_bytes_max = 64}, "more texts"},
        {{.text_bytes_max = 8192}, {.text_bytes_max = 5}, "a text is longer than 5 bytes"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        kf_jsonstat_reader_destroy(&reader);
        assert_int_equal(kf_jsonstat_reader_new(&cases[i].enough, &reader, NULL), KF_OK);
        read_soundly(text);
        kf_jsonstat_reader_destroy(&reader);
        assert_int_equal(kf_jsonstat_reader_new(&cases[i].less, &reader, NULL), KF_OK);
        assert_int_equal(jsonstat_read_in_pieces(text, sizeof text - 1, 0, reader, &table, &err),
                         KF_ERR_LIMIT);
        assert_non_null(strstr(err.text, cases[i].words));
    }
}

static void more_dimensions_than_the_limit_are_refused(void **state)
{
    (void)state;
    refused("{\"id\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"10\",\"11\",\"12\","
            "\"13\",\"14\",\"15\",\"16\",\"17\"]}",
            KF_ERR_LIMIT, "more than 16 dimensions");
    refused("{\"size\":[4000000000,4000000000,4000000000]}", KF_ERR_LIMIT, "memory can hold");
}

static void a_description_may_have_more_cells_than_are_ever_read(void **state)
{
    (void)state;
    const struct kf_jsonstat_limits limits = {.cells_max = 3};
    kf_jsonstat_reader_destroy(&reader);
    assert_int_equal(kf_jsonstat_reader_new(&limits, &reader, NULL), KF_OK);
    read_soundly(HEAD DIMENSIONS "}");
    assert_int_equal(table->cells, 4);
    refused(HEAD DIMENSIONS ",\"value\":{}}", KF_ERR_LIMIT, "more than 3 cells");
}

static void nothing_leaks_and_nothing_is_read_when_an_allocation_fails(void **state)
{
    (void)state;
    static const char text[] =
        HEAD "\"note\":[\"n\"],\"status\":{\"3\":\".\"},\"label\":\"1: x\"," DIMENSIONS
             ",\"value\":[1,2,3,4]}";
    kf_jsonstat_reader_destroy(&reader);
    bool done = false;
    for (int64_t n = 0; !done && n < 1000; n++) {
        kf_memory_fail_after(n);
        enum kf_err code = kf_jsonstat_reader_new(NULL, &reader, &err);
        code = code == KF_OK
                   ? jsonstat_read_in_pieces(text, sizeof text - 1, 9, reader, &table, &err)
                   : code;
        kf_memory_fail_after(-1);
        assert_true(code == KF_OK || code == KF_ERR_MEMORY);
        done = code == KF_OK;
        kf_jsonstat_reader_destroy(&reader);
    }
    assert_true(done);
}

/* More cells than any piece or first allocation holds, values before the sizes. */
static void large_tables_are_read_whatever_the_pieces(void **state)
{
    (void)state;
    static const size_t steps[] = {3, 1000, 65536, 0};
    enum { CELLS = 50000 };
    struct kf_text text;
    kf_text_init(&text, (size_t)1 << 22);
    kf_text_add(&text, HEAD "\"value\":[");
    for (int i = 0; i < CELLS; i++) {
        kf_text_add_format(&text, i % 7 == 0 ? "null%s" : "%s",
                           i < CELLS - 1 && i % 7 == 0 ? "," : "");
        if (i % 7 != 0) {
            kf_text_add_format(&text, "%d.%d%s", i, i % 10, i < CELLS - 1 ? " ,\n" : "");
        }
    }
    kf_text_add_format(&text,
                       "],\"id\":[\"A\",\"B\"],\"size\":[2,%d],\"dimension\":{\"A\":{\"category\":"
                       "{\"index\":[\"x\",\"y\"]}},\"B\":{\"category\":{\"index\":[",
                       CELLS / 2);
    for (int i = 0; i < CELLS / 2; i++) {
        kf_text_add_format(&text, "%s\"%d\"", i > 0 ? "," : "", i);
    }
    kf_text_add(&text, "]}}}}");
    assert_false(text.failed);
    kf_jsonstat_reader_destroy(&reader);
    const struct kf_jsonstat_limits limits = {.categories_max = CELLS};
    assert_int_equal(kf_jsonstat_reader_new(&limits, &reader, NULL), KF_OK);
    for (size_t s = 0; s < sizeof steps / sizeof steps[0]; s++) {
        assert_int_equal(
            jsonstat_read_in_pieces(text.bytes, text.length, steps[s], reader, &table, &err),
            KF_OK);
        for (int i = 0; i < CELLS; i++) {
            double expected = (i * 10 + i % 10) / 10.0;
            assert_int_equal(table->status[i], i % 7 == 0 ? KF_CELL_MISSING : KF_CELL_VALUE);
            assert_true(table->values[i] == (i % 7 == 0 ? 0.0 : expected));
        }
    }
    kf_text_clear(&text);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_reader, close_reader)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_dense_table_is_read),
        TEST(members_may_come_in_any_order),
        TEST(a_document_may_be_cut_at_any_place),
        TEST(a_document_that_ends_too_early_is_refused_wherever_it_ends),
        TEST(sparse_values_are_placed_by_position),
        TEST(symbols_become_statuses_and_never_numbers),
        TEST(symbols_may_be_added),
        TEST(a_document_without_value_is_a_description),
        TEST(json_stat_1_is_read),
        TEST(a_dimension_may_be_called_id_or_size),
        TEST(faults_name_the_byte_and_the_place),
        TEST(what_is_no_strict_json_stat_is_refused_with_a_reason),
        TEST(a_failure_stays_until_the_reader_starts_over),
        TEST(limits_hold),
        TEST(more_dimensions_than_the_limit_are_refused),
        TEST(a_description_may_have_more_cells_than_are_ever_read),
        TEST(nothing_leaks_and_nothing_is_read_when_an_allocation_fails),
        TEST(large_tables_are_read_whatever_the_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
