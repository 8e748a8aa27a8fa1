#include "tools/kf/temporary.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/cmocka.h"

static void make(size_t length_max, struct kf_text *path)
{
    struct kf_error err = {0};
    kf_text_init(path, 4096);
    if (kf_temporary_make(length_max, path, &err) != KF_OK) {
        fail_msg("%s", err.text);
    }
}

static void a_folder_is_its_owners_alone_and_goes_with_all_that_is_in_it(void **state)
{
    struct kf_text path;
    struct kf_text kept;
    struct stat about;
    char inside[4200];
    (void)state;
    make(0, &kept);
    make(0, &path);
    assert_int_equal(stat(path.bytes, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0700);
    (void)snprintf(inside, sizeof inside, "%s/folder", path.bytes);
    assert_int_equal(mkdir(inside, 0700), 0);
    (void)snprintf(inside, sizeof inside, "%s/folder/link", path.bytes);
    assert_int_equal(symlink(kept.bytes, inside), 0);
    kf_temporary_remove(path.bytes);
    assert_int_equal(access(path.bytes, F_OK), -1);
    assert_int_equal(access(kept.bytes, F_OK), 0); /* the link went, not what it led to */
    kf_temporary_remove(kept.bytes);
    kf_text_clear(&kept);
    kf_text_clear(&path);
}

static void it_lies_where_the_user_says_unless_that_is_too_long(void **state)
{
    struct kf_text root;
    struct kf_text path;
    (void)state;
    make(0, &root);
    assert_int_equal(setenv("TMPDIR", root.bytes, 1), 0);
    make(root.length + 10, &path);
    assert_memory_equal(path.bytes, root.bytes, root.length);
    kf_temporary_remove(path.bytes);
    kf_text_clear(&path);
    make(root.length + 9, &path);
    assert_int_equal(path.length, strlen("/tmp/kf-XXXXXX"));
    kf_temporary_remove(path.bytes);
    kf_text_clear(&path);
    assert_int_equal(setenv("TMPDIR", "/no/such/place", 1), 0);
    struct kf_error err = {0};
    assert_int_equal(kf_temporary_make(0, &path, &err), KF_ERR_IO);
    assert_non_null(strstr(err.text, "/no/such/place"));
    assert_int_equal(unsetenv("TMPDIR"), 0);
    kf_temporary_remove(root.bytes);
    kf_text_clear(&root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_folder_is_its_owners_alone_and_goes_with_all_that_is_in_it),
        cmocka_unit_test(it_lies_where_the_user_says_unless_that_is_too_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
