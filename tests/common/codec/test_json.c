/* Expectations follow https://protobuf.dev/programming-guides/json/, worked out by hand. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/codec/json.h"
#include "common/codec/unpack.h"
#include "kf/v1/envelope.pb-c.h"
#include "kf/v1/receipt.pb-c.h"
#include "kf/v1/record.pb-c.h"
#include "kf/v1/status.pb-c.h"
#include "tests/support/cmocka.h"

static void assert_json(const ProtobufCMessage *message, const char *expected)
{
    struct kf_text json;
    struct kf_error err = {0};
    kf_text_init(&json, 4096);
    assert_int_equal(kf_json_print(message, &json, &err), KF_OK);
    assert_string_equal(json.bytes, expected);
    kf_text_clear(&json);
}

static void assert_refused(const ProtobufCMessage *message, const char *field)
{
    struct kf_text json;
    struct kf_error err = {0};
    kf_text_init(&json, 4096);
    kf_text_add(&json, "before");
    assert_int_equal(kf_json_print(message, &json, &err), KF_ERR_DATA);
    assert_non_null(strstr(err.text, field));
    assert_string_equal(json.bytes, "before");
    kf_text_clear(&json);
}

static void defaults_are_left_out(void **state)
{
    (void)state;
    Kf__V1__Receipt receipt;
    kf__v1__receipt__init(&receipt);
    assert_json(&receipt.base, "{}");
    receipt.release = NULL; /* as a caller may leave it */
    assert_json(&receipt.base, "{}");
}

static void fields_stand_in_number_order_with_camel_case_names(void **state)
{
    (void)state;
    Kf__V1__Receipt receipt;
    kf__v1__receipt__init(&receipt);
    receipt.reason = kf_borrow("x");
    receipt.panels_rejected = 4294967295U;
    receipt.rows = 18446744073709551615U;
    receipt.state = KF__V1__RECEIPT_STATE__RECEIPT_STATE_HELD;
    assert_json(&receipt.base,
                "{\"state\":\"RECEIPT_STATE_HELD\",\"rows\":\"18446744073709551615\","
                "\"panelsRejected\":4294967295,\"reason\":\"x\"}");
}

static void signed_numbers_reach_their_ends(void **state)
{
    (void)state;
    Kf__V1__StatusBeat beat;
    kf__v1__status_beat__init(&beat);
    beat.pid = INT64_MIN;
    beat.time_ms = INT64_MAX;
    assert_json(&beat.base,
                "{\"pid\":\"-9223372036854775808\",\"timeMs\":\"9223372036854775807\"}");
    Kf__V1__Rejection rejection;
    kf__v1__rejection__init(&rejection);
    rejection.year = INT32_MIN;
    assert_json(&rejection.base, "{\"year\":-2147483648}");
}

static void an_unknown_enum_value_is_its_number(void **state)
{
    (void)state;
    Kf__V1__Receipt receipt;
    kf__v1__receipt__init(&receipt);
    receipt.state = (Kf__V1__ReceiptState)99;
    assert_json(&receipt.base, "{\"state\":99}");
}

static void wrappers_are_plain_numbers_also_when_zero(void **state)
{
    (void)state;
    Google__Protobuf__DoubleValue zero;
    google__protobuf__double_value__init(&zero);
    Google__Protobuf__DoubleValue tenth;
    google__protobuf__double_value__init(&tenth);
    tenth.value = 0.1;
    Kf__V1__IndexRecord record;
    kf__v1__index_record__init(&record);
    record.index = &tenth;
    record.index_without_imputed = &zero;
    assert_json(&record.base, "{\"index\":0.1,\"indexWithoutImputed\":0}");
}

static void lists_hold_texts_numbers_and_messages(void **state)
{
    (void)state;
    char *flags[] = {kf_borrow("imputed"), kf_borrow("")};
    Kf__V1__NeedRecord record;
    kf__v1__need_record__init(&record);
    record.flags = flags;
    record.n_flags = 2;
    assert_json(&record.base, "{\"flags\":[\"imputed\",\"\"]}");

    double values[] = {1.5, 0, -3e-7};
    Kf__V1__Column column;
    kf__v1__column__init(&column);
    column.values = values;
    column.n_values = 3;
    assert_json(&column.base, "{\"values\":[1.5,0,-3e-07]}");

    Kf__V1__Finding empty;
    kf__v1__finding__init(&empty);
    Kf__V1__Finding full;
    kf__v1__finding__init(&full);
    full.line = 7;
    Kf__V1__Finding *findings[] = {&empty, &full};
    Kf__V1__Rejection rejection;
    kf__v1__rejection__init(&rejection);
    rejection.findings = findings;
    rejection.n_findings = 2;
    assert_json(&rejection.base, "{\"findings\":[{},{\"line\":\"7\"}]}");
}

static void bytes_are_base64(void **state)
{
    (void)state;
    uint8_t data[] = {0x01, 0xfb, 0xff};
    Kf__V1__Column column;
    kf__v1__column__init(&column);
    column.status.data = data;
    column.status.len = 1;
    assert_json(&column.base, "{\"status\":\"AQ==\"}");
    column.status.len = 2;
    assert_json(&column.base, "{\"status\":\"Afs=\"}");
    column.status.len = 3;
    assert_json(&column.base, "{\"status\":\"Afv/\"}");
}

static void only_the_chosen_member_of_a_oneof_is_printed(void **state)
{
    (void)state;
    Kf__V1__Rejection rejection;
    kf__v1__rejection__init(&rejection);
    Kf__V1__Envelope envelope;
    kf__v1__envelope__init(&envelope);
    assert_json(&envelope.base, "{}");
    envelope.body_case = KF__V1__ENVELOPE__BODY_REJECTION;
    envelope.rejection = &rejection;
    assert_json(&envelope.base, "{\"rejection\":{}}");
}

static void truth_is_a_word(void **state)
{
    (void)state;
    Kf__V1__Result result;
    kf__v1__result__init(&result);
    result.group = 1;
    assert_json(&result.base, "{\"group\":true}");
}

static void texts_are_escaped(void **state)
{
    (void)state;
    struct kf_text json;
    kf_text_init(&json, 4096);
    kf_json_quote("\"\\/\b\f\n\r\t\x01\x1f\x7f"
                  "Ås 😀",
                  &json);
    assert_string_equal(json.bytes, "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f"
                                    "Ås 😀\"");
    kf_text_clear(&json);
}

static void numbers_that_are_not_finite_are_refused(void **state)
{
    (void)state;
    Kf__V1__Sector sector;
    kf__v1__sector__init(&sector);
    const double bad[] = {NAN, INFINITY, -INFINITY};
    for (size_t i = 0; i < 3; i++) {
        sector.weight = bad[i];
        assert_refused(&sector.base, "weight");
    }
}

static void texts_that_are_not_utf8_are_refused(void **state)
{
    (void)state;
    Kf__V1__Receipt receipt;
    kf__v1__receipt__init(&receipt);
    receipt.reason = kf_borrow("plain, then \xff");
    assert_refused(&receipt.base, "reason");
}

static void texts_of_any_length_come_through_whole(void **state)
{
    (void)state;
    static char reason[KF_CODEC_TEXT_MAX + 1];
    static char expected[KF_CODEC_TEXT_MAX + 64];
    Kf__V1__Receipt receipt;
    kf__v1__receipt__init(&receipt);
    receipt.reason = reason;
    for (size_t length = 1; length <= KF_CODEC_TEXT_MAX; length += length < 1100 ? 1 : 599) {
        memset(reason, 'a', length);
        memcpy(reason + length - 1, "\n", 2); /* an escape at every place */
        (void)snprintf(expected, sizeof expected, "{\"reason\":\"%.*s\\n\"}", (int)length - 1,
                       reason);
        struct kf_text json;
        struct kf_error err = {0};
        kf_text_init(&json, 8192);
        assert_int_equal(kf_json_print(&receipt.base, &json, &err), KF_OK);
        assert_string_equal(json.bytes, expected);
        kf_text_clear(&json);
    }
}

static void a_text_that_is_not_utf8_is_refused_inside_lists(void **state)
{
    (void)state;
    char *flags[] = {kf_borrow("imputed"), kf_borrow("\xc3")};
    Kf__V1__NeedRecord record;
    kf__v1__need_record__init(&record);
    record.flags = flags;
    record.n_flags = 2;
    assert_refused(&record.base, "flags");
}

static void a_message_that_does_not_fit_is_a_limit(void **state)
{
    (void)state;
    Kf__V1__Receipt receipt;
    kf__v1__receipt__init(&receipt);
    receipt.reason = kf_borrow("0123456789");
    struct kf_text json;
    struct kf_error err = {0};
    kf_text_init(&json, 22); /* {"reason":"0123456789"} has 23 */
    assert_int_equal(kf_json_print(&receipt.base, &json, &err), KF_ERR_LIMIT);
    assert_int_equal(json.length, 0);
    kf_text_clear(&json);
}

static void every_failing_allocation_is_told(void **state)
{
    (void)state;
    Kf__V1__Receipt receipt;
    kf__v1__receipt__init(&receipt);
    char reason[300];
    memset(reason, 'r', sizeof reason - 1);
    reason[sizeof reason - 1] = '\0';
    receipt.reason = reason;
    for (int64_t n = 0;; n++) {
        struct kf_text json;
        struct kf_error err = {0};
        kf_text_init(&json, 64 * 1024);
        kf_memory_fail_after(n);
        enum kf_err code = kf_json_print(&receipt.base, &json, &err);
        kf_memory_fail_after(-1);
        kf_text_clear(&json);
        if (code == KF_OK) {
            assert_true(n > 0);
            return;
        }
        assert_int_equal(code, KF_ERR_MEMORY);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_are_left_out),
        cmocka_unit_test(fields_stand_in_number_order_with_camel_case_names),
        cmocka_unit_test(signed_numbers_reach_their_ends),
        cmocka_unit_test(an_unknown_enum_value_is_its_number),
        cmocka_unit_test(wrappers_are_plain_numbers_also_when_zero),
        cmocka_unit_test(lists_hold_texts_numbers_and_messages),
        cmocka_unit_test(bytes_are_base64),
        cmocka_unit_test(only_the_chosen_member_of_a_oneof_is_printed),
        cmocka_unit_test(truth_is_a_word),
        cmocka_unit_test(texts_are_escaped),
        cmocka_unit_test(numbers_that_are_not_finite_are_refused),
        cmocka_unit_test(texts_that_are_not_utf8_are_refused),
        cmocka_unit_test(texts_of_any_length_come_through_whole),
        cmocka_unit_test(a_text_that_is_not_utf8_is_refused_inside_lists),
        cmocka_unit_test(a_message_that_does_not_fit_is_a_limit),
        cmocka_unit_test(every_failing_allocation_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
