#include "tests/support/cmocka.h"

#include <string.h>
#include <unistd.h>

#include "common/base/memory.h"
#include "scratch.h"
#include "services/ingest/source_digest.h"

static struct scratch scratch;

static int set_up(void **state)
{
    (void)state;
    scratch_make(&scratch);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    scratch_remove(&scratch);
    return 0;
}

static void the_digest_of_a_file_is_that_of_its_bytes(void **state)
{
    (void)state;
    struct kf_source_digest source;
    struct kf_error err;
    char expected[KF_DIGEST_SIZE];
    scratch_write_text(&scratch, "a.csv", "some bytes");
    assert_int_equal(kf_source_digest_file(scratch_path(&scratch, "a.csv"), 1000, &source, &err),
                     KF_OK);
    kf_digest_of("some bytes", 10, expected);
    assert_string_equal(source.digest, expected);
    assert_int_equal(source.bytes, 10);
}

static void a_large_file_is_digested_up_to_the_limit_and_told_with_its_size(void **state)
{
    (void)state;
    struct kf_source_digest source;
    struct kf_error err;
    char expected[KF_DIGEST_SIZE];
    scratch_write_text(&scratch, "a.csv", "some bytes");
    assert_int_equal(kf_source_digest_file(scratch_path(&scratch, "a.csv"), 4, &source, &err),
                     KF_OK);
    kf_digest_of("some", 4, expected);
    assert_string_equal(source.digest, expected);
    assert_int_equal(source.bytes, 10);
}

static void folders_links_and_absent_files_are_refused(void **state)
{
    (void)state;
    struct kf_source_digest source = {.bytes = 77};
    struct kf_error err;
    scratch_folder(&scratch, "folder");
    assert_int_equal(symlink("/etc/passwd", scratch_path(&scratch, "link")), 0);
    assert_int_equal(kf_source_digest_file(scratch_path(&scratch, "folder"), 9, &source, &err),
                     KF_ERR_DATA);
    assert_int_equal(kf_source_digest_file(scratch_path(&scratch, "link"), 9, &source, &err),
                     KF_ERR_IO);
    assert_int_equal(kf_source_digest_file(scratch_path(&scratch, "none"), 9, &source, &err),
                     KF_ERR_IO);
    assert_int_equal(source.bytes, 77);
}

static void every_failing_allocation_is_an_error(void **state)
{
    (void)state;
    struct kf_source_digest source;
    struct kf_error err;
    enum kf_err code = KF_ERR_MEMORY;
    int64_t n = 0;
    scratch_write_text(&scratch, "a.csv", "some bytes");
    for (; code != KF_OK; n++) {
        kf_memory_fail_after(n);
        code = kf_source_digest_file(scratch_path(&scratch, "a.csv"), 1000, &source, &err);
        assert_true(code == KF_OK || code == KF_ERR_MEMORY);
    }
    kf_memory_fail_after(-1);
    assert_true(n > 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_digest_of_a_file_is_that_of_its_bytes, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            a_large_file_is_digested_up_to_the_limit_and_told_with_its_size, set_up, tear_down),
        cmocka_unit_test_setup_teardown(folders_links_and_absent_files_are_refused, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(every_failing_allocation_is_an_error, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
