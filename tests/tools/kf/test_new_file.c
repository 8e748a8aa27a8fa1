#include "tools/kf/new_file.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/cmocka.h"
#include "tools/kf/temporary.h"

static struct kf_text folder;
static char path[512];

static int set_up(void **state)
{
    (void)state;
    kf_text_init(&folder, 400);
    if (kf_temporary_make(0, &folder, NULL) != KF_OK) {
        return -1;
    }
    (void)snprintf(path, sizeof path, "%s/out.html", folder.bytes);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    kf_temporary_remove(folder.bytes);
    int left = access(folder.bytes, F_OK);
    kf_text_clear(&folder);
    return left == 0 ? -1 : 0;
}

static size_t entries(void)
{
    DIR *all = opendir(folder.bytes);
    size_t count = 0;
    assert_non_null(all);
    while (readdir(all)) {
        count++;
    }
    (void)closedir(all);
    return count - 2; /* . and .. */
}

static void assert_holds(const char *expected)
{
    char bytes[64] = "";
    int file = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(file >= 0);
    assert_true(read(file, bytes, sizeof bytes - 1) >= 0);
    (void)close(file);
    assert_string_equal(bytes, expected);
}

static void a_file_is_there_when_it_is_finished_and_not_before(void **state)
{
    struct kf_new_file file;
    struct stat about;
    size_t bytes = 0;
    (void)state;
    mode_t mask = umask(027);
    assert_int_equal(kf_new_file_begin(&file, path, NULL), KF_OK);
    (void)umask(mask);
    assert_int_equal(kf_new_file_write(&file, "whole", 5, NULL), KF_OK);
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(kf_new_file_finish(&file, &bytes, NULL), KF_OK);
    kf_new_file_abandon(&file);
    assert_int_equal(bytes, 5);
    assert_holds("whole");
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0640);
    assert_int_equal(entries(), 1);
}

static void what_is_abandoned_leaves_what_was_there(void **state)
{
    struct kf_new_file file;
    (void)state;
    assert_int_equal(kf_new_file_begin(&file, path, NULL), KF_OK);
    assert_int_equal(kf_new_file_write(&file, "half", 4, NULL), KF_OK);
    kf_new_file_abandon(&file);
    assert_holds("whole");
    assert_int_equal(entries(), 1);
}

/* A file may not grow beyond a limit, as on a full disk. */
static void a_disk_without_room_leaves_what_was_there(void **state)
{
    struct kf_new_file file;
    struct kf_error err = {0};
    struct rlimit before;
    (void)state;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    struct rlimit small = {.rlim_cur = 3, .rlim_max = before.rlim_max};
    void (*usual)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(kf_new_file_begin(&file, path, NULL), KF_OK);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    enum kf_err code = kf_new_file_write(&file, "too much", 8, &err);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    (void)signal(SIGXFSZ, usual);
    assert_int_equal(code, KF_ERR_IO);
    assert_non_null(strstr(err.text, path));
    kf_new_file_abandon(&file);
    assert_holds("whole");
    assert_int_equal(entries(), 1);
}

static void a_folder_or_a_place_that_is_not_there_is_told(void **state)
{
    struct kf_new_file file;
    struct kf_error err = {0};
    char nowhere[600];
    (void)state;
    assert_int_equal(kf_new_file_begin(&file, folder.bytes, &err), KF_ERR_CONFIG);
    (void)snprintf(nowhere, sizeof nowhere, "%s/no/such/out.html", folder.bytes);
    assert_int_equal(kf_new_file_begin(&file, nowhere, &err), KF_ERR_IO);
    assert_non_null(strstr(err.text, nowhere));
    kf_new_file_abandon(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_there_when_it_is_finished_and_not_before),
        cmocka_unit_test(what_is_abandoned_leaves_what_was_there),
        cmocka_unit_test(a_disk_without_room_leaves_what_was_there),
        cmocka_unit_test(a_folder_or_a_place_that_is_not_there_is_told),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
