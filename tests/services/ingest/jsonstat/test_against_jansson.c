/* The reader against jansson, on recorded answers, small documents, and seeded mutations of both:
 * what the reader takes jansson takes, with the same cells, codes and labels; what jansson refuses
 * the reader refuses. Whether a document is cut makes no difference.
 */
#include "tests/support/cmocka.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/services/ingest/jsonstat/jsonstat_reference.h"

#define MUTATIONS 4000

static uint64_t seed = 0x9e3779b97f4a7c15u;

static uint64_t draw(uint64_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed % below;
}

static const char *const small[] = {
    "{\"version\":\"2.0\",\"class\":\"dataset\",\"label\":\"1: "
    "a\",\"id\":[\"A\",\"Tid\"],\"size\":[2,2],"
    "\"role\":{\"time\":[\"Tid\"]},\"dimension\":{\"A\":{\"label\":\"\\u00e5\",\"category\":{"
    "\"index\":[\"x\","
    "\"y\"],\"label\":{\"x\":\"X\",\"y\":\"\\ud83d\\ude00\"},\"unit\":{\"x\":{\"base\":\"kr\","
    "\"decimals\":1}}}},"
    "\"Tid\":{\"category\":{\"index\":{\"2024\":1,\"2023\":0}}}},\"value\":[1,null,-2.50,4e2],"
    "\"status\":{\"1\":\"..\",\"2\":\"*\"}}",
    "{\"status\":[\".\",\"\",null],\"value\":{\"2\":7,\"0\":0.1},\"size\":[3],\"class\":"
    "\"dataset\",\"dimension\":"
    "{\"A\":{\"extension\":{\"elimination\":true},\"category\":{\"index\":{\"c\":2,\"a\":0,\"b\":1}"
    "}}},"
    "\"id\":[\"A\"],\"note\":[\"n\",\"m\"],\"child\":[[{}]],\"extension\":{\"px\":{\"tableid\":"
    "\"07459\"}}}",
    "{\"dataset\":{\"dimension\":{\"id\":[\"A\"],\"size\":[1],\"role\":{\"metric\":[\"A\"]},\"A\":{"
    "\"category\":"
    "{\"label\":{\"one\":\"One\"}}}},\"value\":[123456789012345678901234567890]}}",
};

static const char *const recorded[] = {
    "ssb_v0_12362_oslo_2024_jsonstat2_uten_noter.json",
    "ssb_v2_12134_data_3kommuner_2024.json",
    "ssb_v0_13861_data_jsonstat2.json",
};

static size_t taken;
static size_t refused;

/* Fails the test when a promise does not hold. */
static void compare(struct kf_jsonstat_reader *reader, const char *bytes, size_t length)
{
    const struct kf_jsonstat *table = NULL;
    struct kf_error whole = {0};
    struct kf_error cut = {0};
    enum kf_err code = jsonstat_read_in_pieces(bytes, length, 1 + draw(40), reader, &table, &cut);
    assert_int_equal(jsonstat_read_in_pieces(bytes, length, 0, reader, &table, &whole), code);
    if (code == KF_OK) {
        const char *difference = jsonstat_reference_differs(table, bytes, length);
        if (difference) {
            fail_msg("%s: %.*s", difference, (int)length, bytes);
        }
        taken++;
    } else {
        assert_string_equal(whole.text, cut.text);
        assert_memory_equal(whole.text, "byte ", 5);
        refused++;
    }
}

/* Pieces of JSON that matter: put in place of something. */
static const char *const scraps[] = {
    "0",
    "-0",
    "1e5",
    "null",
    "\"\"",
    "[]",
    "{}",
    "1e999",
    "NaN",
    "01",
    ",",
    ":",
    "\"",
    "]",
    "}",
    "\\",
    "..",
    "\\u",
    "\\ud800",
    "\xc3",
    "\xef\xbb\xbf",
    "7",
    ".",
    "\n",
    "true",
    "\"x\":1,",
    "12345678901234567890",
    "0.30000000000000004",
    "5e-324",
    "9007199254740993",
};

static size_t mutate(char *bytes, size_t length, size_t room)
{
    size_t count = 1 + draw(3);
    for (size_t i = 0; i < count && length > 0; i++) {
        size_t at = draw(length);
        const char *scrap = scraps[draw(sizeof scraps / sizeof scraps[0])];
        size_t add = draw(4) == 0 ? 0 : strlen(scrap);
        size_t drop = draw(3) == 0 ? draw(8) : draw(2);
        drop = drop < length - at ? drop : length - at;
        if (length - drop + add > room) {
            return length;
        }
        memmove(bytes + at + add, bytes + at + drop, length - at - drop);
        memcpy(bytes + at, scrap, add);
        length = length - drop + add;
    }
    return length;
}

static void mutate_all(const char *bytes, size_t length, size_t rounds)
{
    struct kf_jsonstat_reader *reader = NULL;
    size_t room = length + 256;
    char *copy = malloc(room);
    assert_non_null(copy);
    assert_int_equal(kf_jsonstat_reader_new(NULL, &reader, NULL), KF_OK);
    compare(reader, bytes, length);
    assert_true(taken > 0);
    for (size_t i = 0; i < rounds; i++) {
        memcpy(copy, bytes, length);
        compare(reader, copy, mutate(copy, length, room));
    }
    kf_jsonstat_reader_destroy(&reader);
    free(copy);
}

static void mutations_of_small_documents_are_read_as_jansson_reads_them(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof small / sizeof small[0]; i++) {
        taken = 0;
        refused = 0;
        mutate_all(small[i], strlen(small[i]), MUTATIONS);
        assert_true(taken > MUTATIONS / 100); /* or the mutations say nothing */
        assert_true(refused > MUTATIONS / 100);
    }
}

static void mutations_of_recorded_answers_are_read_as_jansson_reads_them(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof recorded / sizeof recorded[0]; i++) {
        size_t length = 0;
        char *bytes = jsonstat_recorded(recorded[i], &length);
        taken = 0;
        refused = 0;
        mutate_all(bytes, length, MUTATIONS / 4);
        assert_true(taken > MUTATIONS / 400);
        assert_true(refused > MUTATIONS / 400);
        free(bytes);
    }
}

/* Whatever jansson refuses, and what it takes although no double or no text holds it. */
static void what_jansson_refuses_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "{",
        "{}x",
        "[1,]",
        "{\"a\":1,}",
        "{\"a\" 1}",
        "{a:1}",
        "{'a':1}",
        "[01]",
        "[1.]",
        "[.5]",
        "[+1]",
        "[1e]",
        "[-]",
        "[NaN]",
        "[Infinity]",
        "[-Infinity]",
        "[1e999]",
        "[\"\\ud800\"]",
        "[\"\\udc00\"]",
        "[\"\\ud800x\"]",
        "[\"\\ud800\\n\"]",
        "[\"\\ud800\\ud800\"]",
        "[\"\xc3\"]",
        "[\"\xc0\x80\"]",
        "[\"\xed\xa0\x80\"]",
        "[\"\xf5\x80\x80\x80\"]",
        "[\"\\u0000\"]",
        "[\"\\x\"]",
        "[\"\t\"]",
        "[\"\\u12g4\"]",
        "[tru]",
        "[nulll]",
        "[1 2]",
        "[1}",
        "{\"a\":[}",
        "\xef\xbb\xbf{}",
    };
    struct kf_jsonstat_reader *reader = NULL;
    assert_int_equal(kf_jsonstat_reader_new(NULL, &reader, NULL), KF_OK);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const struct kf_jsonstat *table = NULL;
        char document[256];
        /* As a member that is passed over, in a document that is sound without it. */
        int length =
            snprintf(document, sizeof document,
                     "{\"class\":\"dataset\",\"id\":[\"A\"],\"size\":[1],\"dimension\":{\"A\":"
                     "{\"category\":{\"index\":[\"x\"]}}},\"value\":[1],\"more\":%s}",
                     texts[i]);
        assert_false(jsonstat_reference_takes(document, (size_t)length));
        assert_int_equal(jsonstat_read_in_pieces(document, (size_t)length, 0, reader, &table, NULL),
                         KF_ERR_DATA);
        assert_int_equal(jsonstat_read_in_pieces(document, (size_t)length, 1, reader, &table, NULL),
                         KF_ERR_DATA);
    }
    kf_jsonstat_reader_destroy(&reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mutations_of_small_documents_are_read_as_jansson_reads_them),
        cmocka_unit_test(mutations_of_recorded_answers_are_read_as_jansson_reads_them),
        cmocka_unit_test(what_jansson_refuses_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
