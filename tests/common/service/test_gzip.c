#include "tests/support/cmocka.h"

#include <string.h>
#include <zlib.h>

#include "common/base/memory.h"
#include "common/service/gzip.h"

static char plain[100000];
static struct kf_text packed;

static int begin(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof plain; i++) {
        plain[i] = (char)('a' + (i * i / 7) % 26);
    }
    kf_text_init(&packed, sizeof plain);
    return 0;
}

static int end(void **state)
{
    (void)state;
    kf_text_clear(&packed);
    return 0;
}

static void unpacked_it_is_what_it_was(void **state)
{
    (void)state;
    static unsigned char back[sizeof plain + 1];
    z_stream stream = {0};
    assert_int_equal(kf_gzip(plain, sizeof plain, KF_GZIP_BEST, &packed, NULL), KF_OK);
    assert_true(packed.length < sizeof plain / 2);
    assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
    stream.next_in = (unsigned char *)packed.bytes;
    stream.avail_in = (uInt)packed.length;
    stream.next_out = back;
    stream.avail_out = sizeof back;
    assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
    assert_int_equal(stream.total_out, sizeof plain);
    assert_memory_equal(back, plain, sizeof plain);
    assert_int_equal(inflateEnd(&stream), Z_OK);
}

static void what_was_there_is_replaced(void **state)
{
    (void)state;
    kf_text_add(&packed, "before");
    assert_int_equal(kf_gzip("x", 1, KF_GZIP_QUICK, &packed, NULL), KF_OK);
    assert_memory_equal(packed.bytes, "\x1f\x8b", 2);
}

static void what_does_not_fit_is_told_and_nothing_is_kept(void **state)
{
    (void)state;
    struct kf_error err;
    struct kf_text small;
    kf_text_init(&small, 100);
    assert_int_equal(kf_gzip(plain, sizeof plain, KF_GZIP_QUICK, &small, &err), KF_ERR_LIMIT);
    assert_int_equal(small.length, 0);
    kf_text_clear(&small);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    int64_t n = 0;
    enum kf_err code = KF_ERR_MEMORY;
    for (; code != KF_OK && n < 100; n++) {
        kf_text_clear(&packed);
        kf_memory_fail_after(n);
        code = kf_gzip(plain, sizeof plain, KF_GZIP_QUICK, &packed, NULL);
        kf_memory_fail_after(-1);
        assert_true(code == KF_OK || packed.length == 0);
    }
    assert_int_equal(code, KF_OK);
    assert_true(n > 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(unpacked_it_is_what_it_was, begin, end),
        cmocka_unit_test_setup_teardown(what_was_there_is_replaced, begin, end),
        cmocka_unit_test_setup_teardown(what_does_not_fit_is_told_and_nothing_is_kept, begin, end),
        cmocka_unit_test_setup_teardown(every_allocation_may_fail, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
