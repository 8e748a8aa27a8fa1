#include "tests/support/cmocka.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/memory.h"
#include "common/service/instance.h"

static char folder[64];
static char path[256];
static struct kf_instance instance;
static struct kf_error err;

static const char *inside(const char *name)
{
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static int begin(void **state)
{
    (void)state;
    (void)snprintf(folder, sizeof folder, "/tmp/kf-instance-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    (void)unlink(inside("run/need-3.lock"));
    (void)unlink(inside("need-3.lock"));
    (void)unlink(inside("link"));
    (void)rmdir(inside("run"));
    return rmdir(folder);
}

static void the_run_directory_is_made_for_its_owner_alone(void **state)
{
    (void)state;
    struct stat about;
    char run_dir[128];
    (void)snprintf(run_dir, sizeof run_dir, "%s/run//", folder);
    assert_int_equal(kf_instance_open(&instance, run_dir, "need", 3, &err), KF_OK);
    assert_int_equal(stat(inside("run"), &about), 0);
    assert_int_equal(about.st_mode & 07777, 0700);
    assert_int_equal(stat(inside("run/need-3.lock"), &about), 0);
    kf_instance_close(&instance);
}

static void an_instance_runs_once(void **state)
{
    (void)state;
    struct kf_instance second;
    char owner[64];
    (void)snprintf(owner, sizeof owner, "process %ld ", (long)getpid());
    assert_int_equal(kf_instance_open(&instance, folder, "need", 3, &err), KF_OK);
    assert_int_equal(kf_instance_open(&second, folder, "need", 3, &err), KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, owner));
    kf_instance_close(&instance);
    assert_int_equal(kf_instance_open(&second, folder, "need", 3, &err), KF_OK);
    kf_instance_close(&second);
}

static void read_port(char *text, size_t size)
{
    int fd = open(inside("need-3.http"), O_RDONLY);
    assert_true(fd >= 0);
    ssize_t got = read(fd, text, size - 1);
    assert_true(got >= 0);
    text[got] = '\0';
    (void)close(fd);
}

static void the_port_file_lives_as_long_as_the_instance(void **state)
{
    (void)state;
    char text[32];
    assert_int_equal(kf_instance_open(&instance, folder, "need", 3, &err), KF_OK);
    assert_int_equal(kf_instance_write_port(&instance, 65535, &err), KF_OK);
    read_port(text, sizeof text);
    assert_string_equal(text, "65535\n");
    kf_instance_close(&instance);
    assert_int_not_equal(access(inside("need-3.http"), F_OK), 0);
}

static void the_port_of_a_killed_instance_is_forgotten_at_start(void **state)
{
    (void)state;
    int fd = open(inside("need-3.http"), O_WRONLY | O_CREAT, 0600);
    assert_true(fd >= 0);
    (void)close(fd);
    assert_int_equal(kf_instance_open(&instance, folder, "need", 3, &err), KF_OK);
    assert_int_not_equal(access(inside("need-3.http"), F_OK), 0);
    kf_instance_close(&instance);
}

static void a_run_directory_that_others_could_reach_is_refused(void **state)
{
    (void)state;
    static const mode_t open_modes[] = {0710, 0701, 0770, 0755, 01777};
    for (size_t i = 0; i < sizeof open_modes / sizeof open_modes[0]; i++) {
        assert_int_equal(chmod(folder, open_modes[i]), 0);
        assert_int_equal(kf_instance_open(&instance, folder, "need", 3, &err), KF_ERR_CONFIG);
        assert_non_null(strstr(err.text, "chmod 700"));
    }
    assert_int_equal(chmod(folder, 0700), 0);
}

static void a_link_or_a_file_is_no_run_directory(void **state)
{
    (void)state;
    char link[128];
    (void)snprintf(link, sizeof link, "%s/link", folder);
    assert_int_equal(symlink(folder, link), 0);
    assert_int_equal(kf_instance_open(&instance, link, "need", 3, &err), KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, "not a directory"));
    (void)snprintf(link, sizeof link, "%s/link/", folder);
    assert_int_equal(kf_instance_open(&instance, link, "need", 3, &err), KF_ERR_CONFIG);
    assert_int_equal(kf_instance_open(&instance, "/dev/null", "need", 3, &err), KF_ERR_CONFIG);
}

static void someone_elses_run_directory_is_refused(void **state)
{
    (void)state;
    if (geteuid() != 0) {
        skip(); /* only root can give a directory away */
    }
    assert_int_equal(chown(folder, 12345, 12345), 0);
    assert_int_equal(kf_instance_open(&instance, folder, "need", 3, &err), KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, "belongs to user 12345"));
    assert_int_equal(chown(folder, 0, 0), 0);
}

static void a_run_directory_without_its_parent_is_refused(void **state)
{
    (void)state;
    assert_int_equal(kf_instance_open(&instance, "/nonexistent/parent/run", "need", 3, &err),
                     KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, "/nonexistent/parent/run"));
}

static void no_memory_at_any_point_is_an_error_and_nothing_leaks(void **state)
{
    (void)state;
    enum kf_err code = KF_ERR_MEMORY;
    int64_t n = 0;
    for (; code != KF_OK && n < 100; n++) {
        kf_memory_fail_after(n);
        code = kf_instance_open(&instance, folder, "need", 3, &err);
        kf_memory_fail_after(-1);
    }
    assert_int_equal(code, KF_OK);
    assert_true(n > 1);
    kf_instance_close(&instance);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_run_directory_is_made_for_its_owner_alone, begin, end),
        cmocka_unit_test_setup_teardown(an_instance_runs_once, begin, end),
        cmocka_unit_test_setup_teardown(the_port_file_lives_as_long_as_the_instance, begin, end),
        cmocka_unit_test_setup_teardown(the_port_of_a_killed_instance_is_forgotten_at_start, begin,
                                        end),
        cmocka_unit_test_setup_teardown(a_run_directory_that_others_could_reach_is_refused, begin,
                                        end),
        cmocka_unit_test_setup_teardown(a_link_or_a_file_is_no_run_directory, begin, end),
        cmocka_unit_test_setup_teardown(someone_elses_run_directory_is_refused, begin, end),
        cmocka_unit_test_setup_teardown(a_run_directory_without_its_parent_is_refused, begin, end),
        cmocka_unit_test_setup_teardown(no_memory_at_any_point_is_an_error_and_nothing_leaks, begin,
                                        end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
