#include <string.h>

#include "common/base/memory.h"
#include "common/codec/status.h"
#include "tests/support/cmocka.h"

static void a_beat_in_an_unknown_state_is_refused(void **state)
{
    (void)state;
    struct kf_status status;
    struct kf_error err = {0};
    assert_int_equal(kf_status_unpack("", 0, &status, &err), KF_ERR_DATA);
    assert_int_equal(kf_status_unpack("\x20\x05", 2, &status, &err), KF_ERR_DATA);
    assert_int_equal(kf_status_unpack("\x20\x04", 2, &status, &err), KF_OK);
    assert_int_equal(status.state, KF_SERVICE_DRAINING);
}

static void a_beat_without_a_state_is_not_packed(void **state)
{
    (void)state;
    const struct kf_status status = {.service = "need"};
    struct kf_text bytes;
    struct kf_error err = {0};
    kf_text_init(&bytes, 1024);
    assert_int_equal(kf_status_pack(&status, &bytes, &err), KF_ERR_INTERNAL);
    kf_text_clear(&bytes);
}

static void a_beat_comes_back_as_it_was(void **state)
{
    (void)state;
    struct kf_status status = {.service = "need",
                               .instance = 2,
                               .pid = 1,
                               .state = KF_SERVICE_READY,
                               .panels_in = UINT64_MAX,
                               .in_progress = UINT32_MAX,
                               .time_ms = -1};
    struct kf_status back;
    struct kf_text bytes;
    struct kf_error err = {0};
    memset(status.detail, 'd', sizeof status.detail - 1);
    kf_text_init(&bytes, 1024);
    assert_int_equal(kf_status_pack(&status, &bytes, &err), KF_OK);
    assert_int_equal(kf_status_unpack(bytes.bytes, bytes.length, &back, &err), KF_OK);
    assert_string_equal(back.service, "need");
    assert_int_equal(back.instance, 2);
    assert_int_equal(back.pid, 1);
    assert_int_equal(back.state, KF_SERVICE_READY);
    assert_string_equal(back.detail, status.detail);
    assert_true(back.panels_in == UINT64_MAX);
    assert_true(back.in_progress == UINT32_MAX);
    assert_int_equal(back.time_ms, -1);
    kf_text_clear(&bytes);
}

static void every_failing_allocation_is_told_and_leaks_nothing(void **state)
{
    (void)state;
    static const unsigned char bytes[] = {0x0a, 0x01, 'n', 0x20, 0x01};
    for (int64_t n = 0;; n++) {
        struct kf_status status;
        struct kf_error err = {0};
        kf_memory_fail_after(n);
        enum kf_err code = kf_status_unpack(bytes, sizeof bytes, &status, &err);
        kf_memory_fail_after(-1);
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
        cmocka_unit_test(a_beat_in_an_unknown_state_is_refused),
        cmocka_unit_test(a_beat_without_a_state_is_not_packed),
        cmocka_unit_test(a_beat_comes_back_as_it_was),
        cmocka_unit_test(every_failing_allocation_is_told_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
