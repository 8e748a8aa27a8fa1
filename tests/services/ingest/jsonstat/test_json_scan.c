/* Tokens of JSON, cut at every place. Expectations follow RFC 8259. */
#include "tests/support/cmocka.h"

#include <stdio.h>
#include <string.h>

#include "services/ingest/jsonstat/json_scan.h"

static struct kf_json_scan scan;
static char seen[1024];
static struct kf_error err;

static void add(const char *text)
{
    assert_true(strlen(seen) + strlen(text) < sizeof seen);
    memcpy(seen + strlen(seen), text, strlen(text) + 1);
}

/* One letter a token, with the text or number behind it. */
static void show(const struct kf_json_token *token)
{
    static const char letters[] = "{}[]kt#+-0";
    char text[128];
    (void)snprintf(text, sizeof text, "%c", letters[token->kind]);
    if (token->kind == KF_JSON_KEY || token->kind == KF_JSON_TEXT) {
        assert_int_equal(strlen(token->text), token->length);
        (void)snprintf(text, sizeof text, "%c(%s)", letters[token->kind], token->text);
    } else if (token->kind == KF_JSON_NUMBER) {
        (void)snprintf(text, sizeof text, "#%g", token->number);
    }
    add(text);
}

static enum kf_err go_on(const char *bytes, size_t length)
{
    struct kf_json_token token = {0};
    enum kf_err code = KF_OK;
    kf_json_scan_input(&scan, bytes, length);
    while (code == KF_OK) {
        code = kf_json_scan_next(&scan, &token, &err);
        if (code == KF_OK) {
            show(&token);
        }
    }
    return code;
}

static void begin(unsigned depth_max, size_t text_bytes_max)
{
    kf_json_scan_clear(&scan);
    kf_json_scan_init(&scan, depth_max, text_bytes_max);
    seen[0] = '\0';
}

static void documents_become_tokens_wherever_they_are_cut(void **state)
{
    (void)state;
    static const char text[] =
        " {\"a\" : [1, -2.5e1,true,false ,null,\"x\\n\\u00e5\\ud83d\\ude00\"],"
        "\"\":{},\"b\":[]}\r\n\t";
    static const char expected[] = "{k(a)[#1#-25+-0t(x\nå😀)]k(){}k(b)[]}";
    for (size_t i = 0; i < sizeof text; i++) {
        begin(8, 100);
        assert_int_equal(go_on(text, i), KF_ERR_AGAIN);
        assert_int_equal(go_on(text + i, sizeof text - 1 - i), KF_ERR_AGAIN);
        assert_string_equal(seen, expected);
        assert_true(kf_json_scan_is_whole(&scan));
        assert_int_equal(kf_json_scan_offset(&scan), sizeof text - 1);
    }
}

static void faults_stand_at_their_byte(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t offset;
    } cases[] = {
        {"{\"a\":1,}", 7},
        {"[1 2]", 3},
        {"[1,]", 3},
        {"{\"a\"1}", 4},
        {"[1}", 2},
        {"{]", 1},
        {"[}", 1},
        {"{1:2}", 1},
        {"[01]", 1},
        {"[\"\\x\"]", 1},
        {"[\"\n\"]", 1},
        {"[nul]", 1},
        {"[truE]", 1},
        {"{} {}", 3},
        {"\xef\xbb\xbf{}", 0},
        {"[1e999]", 1},
        {"[\"\xff\"]", 1},
        {"[\"\\udc00\"]", 1},
        {"[\"\\ud83d\\n\"]", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        begin(8, 100);
        if (go_on(cases[i].text, strlen(cases[i].text)) != KF_ERR_DATA ||
            scan.token_offset != cases[i].offset) {
            fail_msg("%s: at %d: %s", cases[i].text, (int)scan.token_offset, err.text);
        }
    }
}

static void nesting_texts_and_numbers_have_limits(void **state)
{
    (void)state;
    char digits[KF_JSON_NUMBER_MAX + 8] = "[";
    begin(2, 4);
    assert_int_equal(go_on("[[]", 3), KF_ERR_AGAIN);
    assert_int_equal(go_on(",[[", 3), KF_ERR_LIMIT);
    begin(2, 4);
    assert_int_equal(go_on("[\"abcd\"", 7), KF_ERR_AGAIN);
    assert_int_equal(go_on(",\"abcde\"", 8), KF_ERR_LIMIT);
    begin(2, 1000);
    memset(digits + 1, '1', sizeof digits - 1);
    assert_int_equal(go_on(digits, sizeof digits), KF_ERR_LIMIT);
}

static size_t numbers_of(const char *text, double *values, size_t room)
{
    struct kf_json_token token;
    begin(8, 100);
    kf_json_scan_input(&scan, text, strlen(text));
    assert_int_equal(kf_json_scan_next(&scan, &token, &err), KF_OK);
    return kf_json_scan_numbers(&scan, values, room);
}

static void the_quick_way_takes_numbers_and_nulls_and_leaves_the_rest(void **state)
{
    (void)state;
    static const char padding[] = "                         ";
    char text[256];
    double values[8];
    (void)snprintf(text, sizeof text, "[1 ,-2.5,\n null,4]%s", padding);
    assert_int_equal(numbers_of(text, values, 8), 3);
    assert_true(values[0] == 1.0 && values[1] == -2.5 && isnan(values[2]));
    seen[0] = '\0';
    struct kf_json_token token;
    assert_int_equal(kf_json_scan_next(&scan, &token, &err), KF_OK);
    assert_true(token.kind == KF_JSON_NUMBER && token.number == 4.0);
    assert_int_equal(numbers_of(text, values, 2), 2);
    (void)snprintf(text, sizeof text, "[\"a\",2,3]%s", padding);
    assert_int_equal(numbers_of(text, values, 8), 0);
    (void)snprintf(text, sizeof text, "{\"a\":2,3}%s", padding);
    assert_int_equal(numbers_of(text, values, 8), 0);
    (void)snprintf(text, sizeof text, "[1,]%s", padding);
    assert_int_equal(numbers_of(text, values, 8), 1);
    assert_int_equal(kf_json_scan_next(&scan, &token, &err), KF_ERR_DATA);
}

/* After an element of the slow way the quick one takes the comma. */
static void the_two_ways_take_turns(void **state)
{
    (void)state;
    double values[8];
    struct kf_json_token token;
    assert_int_equal(numbers_of("[1e1,2,3,4                         ", values, 8), 0);
    assert_int_equal(kf_json_scan_next(&scan, &token, &err), KF_OK);
    assert_true(token.number == 10.0);
    assert_int_equal(kf_json_scan_numbers(&scan, values, 8), 2);
    assert_true(values[0] == 2.0 && values[1] == 3.0);
}

static int clear(void **state)
{
    (void)state;
    kf_json_scan_clear(&scan);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(documents_become_tokens_wherever_they_are_cut, clear),
        cmocka_unit_test_teardown(faults_stand_at_their_byte, clear),
        cmocka_unit_test_teardown(nesting_texts_and_numbers_have_limits, clear),
        cmocka_unit_test_teardown(the_quick_way_takes_numbers_and_nulls_and_leaves_the_rest, clear),
        cmocka_unit_test_teardown(the_two_ways_take_turns, clear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
