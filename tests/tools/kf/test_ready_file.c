#include "tools/kf/ready_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/cmocka.h"

static const struct kf_fleet fleet = {.inbox = "/i", .run_dir = "/r", .state_dir = "/s"};
static char folder[] = "/tmp/kf-test-ready-XXXXXX";
static char path[64];
static struct kf_error err;

static int set_up(void **state)
{
    (void)state;
    memcpy(folder + sizeof folder - 7, "XXXXXX", 6);
    if (!mkdtemp(folder)) {
        return -1;
    }
    (void)snprintf(path, sizeof path, "%s/ready", folder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    (void)unlink(path);
    return rmdir(folder);
}

static void assert_holds(const char *expected)
{
    char text[512] = "";
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    size_t length = fread(text, 1, sizeof text - 1, file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(length, strlen(expected));
    assert_string_equal(text, expected);
}

static void a_line_a_fact_and_the_board_when_there_is_one(void **state)
{
    (void)state;
    assert_int_equal(kf_ready_file_write(path, &fleet, "h:1", "", &err), KF_OK);
    assert_holds("bootstrap=h:1\ninbox=/i\nrun-dir=/r\nstate-dir=/s\n");
    assert_int_equal(kf_ready_file_write(path, &fleet, "h:1", "http://127.0.0.1:80/", &err), KF_OK);
    assert_holds("bootstrap=h:1\ninbox=/i\nrun-dir=/r\nstate-dir=/s\nboard=http://127.0.0.1:80/\n");
    char beside[80];
    (void)snprintf(beside, sizeof beside, "%s.new", path);
    assert_int_not_equal(access(beside, F_OK), 0);
}

static void a_file_that_cannot_be_written_is_named(void **state)
{
    (void)state;
    char nowhere[80];
    char name[8192];
    (void)snprintf(nowhere, sizeof nowhere, "%s/nowhere/ready", folder);
    assert_int_equal(kf_ready_file_write(nowhere, &fleet, "h:1", "", &err), KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, nowhere));
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    assert_int_equal(kf_ready_file_write(name, &fleet, "h:1", "", &err), KF_ERR_CONFIG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_line_a_fact_and_the_board_when_there_is_one, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_file_that_cannot_be_written_is_named, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
