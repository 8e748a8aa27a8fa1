#include "tests/support/cmocka.h"

#include <unistd.h>

#include "common/service/http_address.h"

static void loopback_addresses_are_known(void **state)
{
    (void)state;
    assert_true(kf_http_is_loopback("127.0.0.1"));
    assert_true(kf_http_is_loopback("127.9.9.9"));
    assert_true(kf_http_is_loopback("::1"));
    assert_false(kf_http_is_loopback("0.0.0.0"));
    assert_false(kf_http_is_loopback("10.0.0.1"));
    assert_false(kf_http_is_loopback("::"));
}

static void an_address_is_numeric(void **state)
{
    (void)state;
    assert_true(kf_http_is_address("0.0.0.0"));
    assert_true(kf_http_is_address("2001:db8::1"));
    assert_false(kf_http_is_address("localhost"));
    assert_false(kf_http_is_address("nowhere.example"));
}

static void names_of_this_machine_are_known_with_and_without_a_port(void **state)
{
    (void)state;
    assert_true(kf_http_is_local_name("localhost"));
    assert_true(kf_http_is_local_name("LOCALHOST:8080"));
    assert_true(kf_http_is_local_name("127.0.0.1:1"));
    assert_true(kf_http_is_local_name("[::1]"));
    assert_false(kf_http_is_local_name(""));
    assert_false(kf_http_is_local_name("localhost.example"));
    assert_false(kf_http_is_local_name("128.0.0.1"));
    assert_false(kf_http_is_local_name("[::1].example"));
}

static void what_is_listened_on_has_a_port(void **state)
{
    (void)state;
    struct kf_error err;
    int descriptor = -1;
    assert_int_equal(kf_http_listen("127.0.0.1", 0, &descriptor, &err), KF_OK);
    assert_true(kf_http_bound_port(descriptor) > 0);
    (void)close(descriptor);
    assert_int_equal(kf_http_bound_port(-1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loopback_addresses_are_known),
        cmocka_unit_test(an_address_is_numeric),
        cmocka_unit_test(names_of_this_machine_are_known_with_and_without_a_port),
        cmocka_unit_test(what_is_listened_on_has_a_port),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
