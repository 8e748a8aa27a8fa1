#include "services/publish/event.h"

#include <string.h>

#include "common/base/memory.h"
#include "tests/support/cmocka.h"

#define RELEASE "0123456789abcdef0123456789abcdef"

static const struct kf_release release = {.id = RELEASE, .discovered_ms = INT64_C(1773558000123)};

static void assert_header(const struct kf_event *event, size_t index, const char *name,
                          const char *value)
{
    assert_string_equal(event->list[index].name, name);
    assert_int_equal(event->list[index].length, strlen(value));
    assert_memory_equal(event->list[index].value, value, strlen(value));
}

static void a_row_has_the_headers_of_cloudevents_in_binary_mode(void **state)
{
    struct kf_event event;
    struct kf_text key;
    struct kf_error err;

    (void)state;
    kf_text_init(&key, 100);
    kf_text_add(&key, "asss-2010/2010/0301/total");
    kf_event_init(&event, &release, KF_ENCODING_JSON);
    kf_event_set_edition(&event, "asss-2010");
    assert_int_equal(kf_event_set_record(&event, KF_TOPIC_INDEX, &key, &err), KF_OK);
    assert_int_equal(event.length, 8);
    assert_header(&event, 0, "ce_specversion", "1.0");
    assert_header(&event, 1, "ce_type", "no.kostraflow.index.v1");
    assert_header(&event, 2, "ce_source", "/kostraflow/asss-2010");
    assert_header(&event, 3, "ce_id", RELEASE "/index/asss-2010/2010/0301/total");
    assert_header(&event, 4, "ce_time", "2026-03-15T07:00:00.123Z");
    assert_header(&event, 5, "ce_subject", "asss-2010/2010/0301/total");
    assert_header(&event, 6, "content-type", "application/json");
    assert_header(&event, 7, "traceparent", "00-" RELEASE "-0123456789abcdef-01");
    kf_event_clear(&event);
    kf_text_clear(&key);
}

static void the_next_record_has_its_own_id_and_no_headers_of_the_one_before(void **state)
{
    struct kf_event event;
    struct kf_text key;
    struct kf_error err;

    (void)state;
    kf_text_init(&key, 100);
    kf_text_add(&key, "a-long-key");
    kf_event_init(&event, &release, KF_ENCODING_PROTOBUF);
    assert_int_equal(kf_event_set_record(&event, KF_TOPIC_RELEASE, &key, &err), KF_OK);
    kf_event_add(&event, "kf-rows", "12");
    assert_int_equal(event.length, 9);
    assert_header(&event, 8, "kf-rows", "12");
    kf_text_reset(&key);
    kf_text_add(&key, "b");
    assert_int_equal(kf_event_set_record(&event, KF_TOPIC_REJECTED, &key, &err), KF_OK);
    assert_int_equal(event.length, 8);
    assert_header(&event, 1, "ce_type", "no.kostraflow.rejected.v1");
    assert_header(&event, 2, "ce_source", "/kostraflow");
    assert_header(&event, 3, "ce_id", RELEASE "/rejected/b");
    assert_header(&event, 6, "content-type", "application/protobuf");
    kf_event_clear(&event);
    kf_text_clear(&key);
}

static void running_out_of_memory_at_any_point_is_told(void **state)
{
    struct kf_event event;
    struct kf_text key;
    struct kf_error err;
    enum kf_err result = KF_ERR_MEMORY;
    int64_t n;

    (void)state;
    kf_text_init(&key, 1000);
    kf_text_add(&key, "a-key-that-is-long-enough-to-make-the-text-of-the-id-grow-once-more");
    for (n = 0; result == KF_ERR_MEMORY; n++) {
        kf_memory_fail_after(n);
        kf_event_init(&event, &release, KF_ENCODING_JSON);
        result = kf_event_set_record(&event, KF_TOPIC_NEED, &key, &err);
        kf_memory_fail_after(-1);
        kf_event_clear(&event);
    }
    assert_int_equal(result, KF_OK);
    assert_true(n > 2);
    kf_text_clear(&key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_has_the_headers_of_cloudevents_in_binary_mode),
        cmocka_unit_test(the_next_record_has_its_own_id_and_no_headers_of_the_one_before),
        cmocka_unit_test(running_out_of_memory_at_any_point_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
