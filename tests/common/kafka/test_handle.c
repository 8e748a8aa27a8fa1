#include "common/kafka/handle.h"

#include <string.h>

#include "tests/support/cmocka.h"

#define LENGTH_OF(array) (sizeof(array) / sizeof(array)[0])

static void a_setting_that_is_none_is_named_and_its_value_is_not(void **state)
{
    (void)state;
    static const struct kf_kafka_option wrong[] = {
        {"client.id", "a"}, {"sasl.pasword", "hunter2"}, {"group.id", "b"}};
    struct kf_error err = {0};
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    assert_int_equal(kf_kafka_set(conf, wrong, 1, &err), KF_OK);
    assert_int_equal(kf_kafka_set(conf, wrong, LENGTH_OF(wrong), &err), KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, "knows no setting sasl.pasword"));
    assert_null(strstr(err.text, "hunter2"));
    rd_kafka_conf_destroy(conf);
}

static void a_value_that_is_not_taken_is_told_from_a_name_that_is_none(void **state)
{
    (void)state;
    static const struct kf_kafka_option wrong[] = {{"security.protocol", "hunter2"}};
    struct kf_error err = {0};
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    assert_int_equal(kf_kafka_set(conf, wrong, LENGTH_OF(wrong), &err), KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, "does not take the value given to security.protocol"));
    assert_null(strstr(err.text, "hunter2"));
    rd_kafka_conf_destroy(conf);
}

static void settings_that_do_not_go_together_give_no_handle(void **state)
{
    (void)state;
    static const struct kf_kafka_option odd[] = {{"max.poll.interval.ms", "1000"},
                                                 {"session.timeout.ms", "45000"}};
    struct kf_error err = {0};
    rd_kafka_t *handle = NULL;
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    assert_int_equal(kf_kafka_set(conf, odd, LENGTH_OF(odd), &err), KF_OK);
    assert_int_equal(kf_kafka_handle_new(RD_KAFKA_CONSUMER, conf, &handle, &err), KF_ERR_CONFIG);
    assert_null(handle);
    assert_non_null(strstr(err.text, "max.poll.interval.ms"));
}

static void what_the_operator_sets_comes_last(void **state)
{
    (void)state;
    static const struct kf_kafka_option own[] = {{"fetch.wait.max.ms", "50"}};
    struct kf_kafka_options operators = {.list = {{"fetch.wait.max.ms", "77"}}, .length = 1};
    const struct kf_kafka_reader_setup setup = {.bootstrap_servers = "127.0.0.1:1",
                                                .client_id = "test",
                                                .own = own,
                                                .own_len = 1,
                                                .operators = &operators};
    struct kf_error err = {0};
    rd_kafka_t *handle = NULL;
    char value[32];
    size_t size = sizeof value;
    assert_int_equal(kf_kafka_reader_open(&setup, &handle, &err), KF_OK);
    assert_int_equal(rd_kafka_conf_get(rd_kafka_conf(handle), "fetch.wait.max.ms", value, &size),
                     0);
    assert_string_equal(value, "77");
    size = sizeof value;
    assert_int_equal(rd_kafka_conf_get(rd_kafka_conf(handle), "isolation.level", value, &size), 0);
    assert_string_equal(value, "read_committed");
    kf_kafka_reader_close(&handle);
    assert_null(handle);
    kf_kafka_reader_close(&handle);
}

static void a_reason_is_told_without_how_long_it_took(void **state)
{
    (void)state;
    char text[40];
    kf_kafka_copy_reason(text, sizeof text, "x:1: refused (after 3ms in state CONNECT, 5 more)");
    assert_string_equal(text, "x:1: refused");
    kf_kafka_copy_reason(text, 9, "x:1: refused");
    assert_string_equal(text, "x:1: ref");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_setting_that_is_none_is_named_and_its_value_is_not),
        cmocka_unit_test(a_value_that_is_not_taken_is_told_from_a_name_that_is_none),
        cmocka_unit_test(settings_that_do_not_go_together_give_no_handle),
        cmocka_unit_test(what_the_operator_sets_comes_last),
        cmocka_unit_test(a_reason_is_told_without_how_long_it_took),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
