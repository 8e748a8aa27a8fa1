#include "services/publish/servers.h"

#include <string.h>

#include "tests/support/cmocka.h"

static void lists_of_brokers_are_taken(void **state)
{
    static const char *const good[] = {
        "127.0.0.1:9092", "kafka",           "a.example.no:9092,b.example.no:9093",
        "[::1]:9092",     "a:1, b_2:65535 ", "SASL_SSL://a-1:9093",
    };

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct kf_error err;
        if (kf_servers_check(good[i], &err) != KF_OK) {
            fail_msg("%s: %s", good[i], err.text);
        }
    }
}

static void what_is_no_list_of_brokers_is_told_with_the_entry(void **state)
{
    static const char *const bad[][2] = {
        {"", "\"\""},           {"a:9092,", "\"\""},        {"a:0", "\"a:0\""},
        {"a:65536", "65536"},   {"b:1,a:x", "\"a:x\""},     {":9092", "\":9092\""},
        {"a b:9092", "a b"},    {"[::1:9092", "[::1"},      {"a:9092;b:9092", "a:9092;b"},
        {"a:9092 b", "9092 b"}, {"http:/a:9092", "http:/"}, {"a:", "\"a:\""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct kf_error err;
        if (kf_servers_check(bad[i][0], &err) != KF_ERR_CONFIG ||
            strstr(err.text, bad[i][1]) == NULL) {
            fail_msg("%s", bad[i][0]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_of_brokers_are_taken),
        cmocka_unit_test(what_is_no_list_of_brokers_is_told_with_the_entry),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
