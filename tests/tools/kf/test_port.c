#include "tools/kf/port.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/cmocka.h"

static char folder[] = "/tmp/kf-test-port-XXXXXX";
static char path[64];

static int set_up(void **state)
{
    (void)state;
    memcpy(folder + sizeof folder - 7, "XXXXXX", 6);
    if (!mkdtemp(folder)) {
        return -1;
    }
    (void)snprintf(path, sizeof path, "%s/need-0.http", folder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    (void)unlink(path);
    return rmdir(folder);
}

static uint16_t told(const char *text)
{
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    return kf_port_read(folder, "need-0");
}

static void the_port_is_the_number_in_the_file(void **state)
{
    (void)state;
    assert_int_equal(told("9462\n"), 9462);
    assert_int_equal(told("65535"), 65535);
}

static void what_is_no_port_is_none(void **state)
{
    (void)state;
    assert_int_equal(kf_port_read(folder, "need-0"), 0); /* no file */
    assert_int_equal(told(""), 0);
    assert_int_equal(told("soon\n"), 0);
    assert_int_equal(told("65536\n"), 0);
    assert_int_equal(told("-1\n"), 0);
    char long_[8192];
    memset(long_, 'x', sizeof long_ - 1);
    long_[sizeof long_ - 1] = '\0';
    assert_int_equal(kf_port_read(long_, "need-0"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_port_is_the_number_in_the_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_no_port_is_none, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
