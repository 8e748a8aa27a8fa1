#include "tests/support/cmocka.h"

#include <string.h>

#include "common/base/memory.h"
#include "common/service/http_answer.h"

static struct kf_http_request request = {.path = "/", .known = "", .accepts = ""};
static struct kf_http_answer answer;

static int begin(void **state)
{
    (void)state;
    kf_http_answer_init(&answer);
    request.known = "";
    return 0;
}

static int end(void **state)
{
    (void)state;
    kf_http_answer_clear(&answer);
    return 0;
}

static void a_client_that_has_the_answer_is_told_so(void **state)
{
    (void)state;
    char tag[KF_HTTP_TAG_SIZE];
    assert_false(kf_http_answer_is_known(&answer, &request, "version 1"));
    assert_int_equal(answer.status, 200);
    memcpy(tag, answer.tag, sizeof tag);
    request.known = tag;
    assert_true(kf_http_answer_is_known(&answer, &request, "version 1"));
    assert_int_equal(answer.status, 304);
    kf_http_answer_clear(&answer);
    kf_http_answer_init(&answer);
    assert_false(kf_http_answer_is_known(&answer, &request, "version 2"));
    assert_string_not_equal(answer.tag, tag);
}

static void a_refusal_takes_the_place_of_what_was_there(void **state)
{
    (void)state;
    kf_text_add(&answer.body, "half an ans");
    answer.type = "application/json";
    answer.stream = true;
    (void)kf_http_answer_is_known(&answer, &request, "x");
    kf_http_answer_refuse(&answer, 400, "no");
    assert_int_equal(answer.status, 400);
    assert_string_equal(answer.body.bytes, "no\n");
    assert_string_equal(answer.type, "text/plain; charset=utf-8");
    assert_string_equal(answer.tag, "");
    assert_false(answer.stream);
}

static void an_asset_is_packed_when_that_is_smaller(void **state)
{
    (void)state;
    static char long_text[5000];
    struct kf_http_asset asset;
    memset(long_text, 'x', sizeof long_text);
    assert_int_equal(kf_http_asset_init(&asset, "text/css", long_text, sizeof long_text, NULL),
                     KF_OK);
    assert_in_range(asset.packed.length, 20, 200);
    assert_int_equal(strncmp(asset.tag, "W/\"", 3), 0);
    kf_http_asset_clear(&asset);
    assert_int_equal(kf_http_asset_init(&asset, "text/css", "p{}", 3, NULL), KF_OK);
    assert_int_equal(asset.packed.length, 0);
    kf_http_asset_clear(&asset);
}

static void without_memory_there_is_no_asset(void **state)
{
    (void)state;
    struct kf_http_asset asset;
    struct kf_error err;
    kf_memory_fail_after(0);
    assert_int_equal(kf_http_asset_init(&asset, "text/css", "p{}", 3, &err), KF_ERR_MEMORY);
    kf_memory_fail_after(-1);
}

static void an_event_is_named_and_ends_with_an_empty_line(void **state)
{
    (void)state;
    struct kf_text data;
    kf_text_init(&data, 100);
    kf_text_add(&data, "{\"a\":1}");
    kf_http_event(&answer.body, "status", &data);
    assert_string_equal(answer.body.bytes, "event: status\ndata: {\"a\":1}\n\n");
    kf_text_clear(&data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_client_that_has_the_answer_is_told_so, begin, end),
        cmocka_unit_test_setup_teardown(a_refusal_takes_the_place_of_what_was_there, begin, end),
        cmocka_unit_test(an_asset_is_packed_when_that_is_smaller),
        cmocka_unit_test(without_memory_there_is_no_asset),
        cmocka_unit_test_setup_teardown(an_event_is_named_and_ends_with_an_empty_line, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
