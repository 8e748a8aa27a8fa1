#include "tests/support/cmocka.h"

#include <stdlib.h>
#include <string.h>

#include "services/ingest/inbox/disk.h"
#include "tests/services/ingest/scratch.h"

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

static void folders_are_made_with_those_above_them(void **state)
{
    (void)state;
    struct kf_error err;
    assert_int_equal(kf_disk_make_folder(scratch_path(&scratch, "a/b/c"), &err), KF_OK);
    assert_int_equal(kf_disk_make_folder(scratch_path(&scratch, "a/b/c"), &err), KF_OK);
    assert_true(scratch_has(&scratch, "a/b/c"));
}

static void a_file_in_the_way_of_a_folder_is_told(void **state)
{
    (void)state;
    struct kf_error err;
    scratch_write_text(&scratch, "a", "");
    assert_int_equal(kf_disk_make_folder(scratch_path(&scratch, "a"), &err), KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, "is not a folder"));
    assert_int_equal(kf_disk_make_folder(scratch_path(&scratch, "a/b"), &err), KF_ERR_CONFIG);
    assert_int_equal(kf_disk_make_folder("", &err), KF_ERR_CONFIG);
}

static void a_file_is_written_whole_and_replaces_an_earlier_one(void **state)
{
    (void)state;
    struct kf_error err;
    assert_int_equal(kf_disk_write_file(scratch.path, "x.txt", "first", 5, &err), KF_OK);
    assert_int_equal(kf_disk_write_file(scratch.path, "x.txt", "second", 6, &err), KF_OK);
    char *text = scratch_read(&scratch, "x.txt");
    assert_string_equal(text, "second");
    free(text);
    assert_false(scratch_has(&scratch, ".writing.tmp"));
}

static void writing_where_nothing_can_be_written_is_an_error(void **state)
{
    (void)state;
    struct kf_error err;
    assert_int_equal(kf_disk_write_file(scratch_path(&scratch, "none"), "x", "a", 1, &err),
                     KF_ERR_IO);
    scratch_folder(&scratch, "x.txt");
    assert_int_equal(kf_disk_write_file(scratch.path, "x.txt", "a", 1, &err), KF_ERR_IO);
    assert_false(scratch_has(&scratch, ".writing.tmp"));
}

static void room_is_told_where_a_folder_is_and_none_where_there_is_none(void **state)
{
    (void)state;
    assert_true(kf_disk_free_bytes(scratch.path) > 0);
    assert_int_equal(kf_disk_free_bytes(scratch_path(&scratch, "none")), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(folders_are_made_with_those_above_them, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_file_in_the_way_of_a_folder_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_file_is_written_whole_and_replaces_an_earlier_one, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(writing_where_nothing_can_be_written_is_an_error, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(room_is_told_where_a_folder_is_and_none_where_there_is_none,
                                        set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
