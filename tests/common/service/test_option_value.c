#include "tests/support/cmocka.h"

#include <stdint.h>
#include <string.h>

#include "common/service/option_value.h"

static const struct kf_option whole = {
    .name = "window", .type = KF_OPTION_WHOLE, .minimum = 1, .maximum = 64};
static const struct kf_option unbounded = {.name = "n", .type = KF_OPTION_WHOLE};
static const struct kf_option port = {
    .name = "port", .type = KF_OPTION_WHOLE, .minimum = -1, .maximum = 65535, .choices = "off"};
static const struct kf_option bytes = {.name = "memory", .type = KF_OPTION_BYTES};
static const struct kf_option duration = {
    .name = "timeout", .type = KF_OPTION_DURATION_MS, .minimum = 500, .maximum = 600000};
static const struct kf_option any_duration = {.name = "t", .type = KF_OPTION_DURATION_MS};
static const struct kf_option flag = {.name = "flag", .type = KF_OPTION_FLAG};
static const struct kf_option choice = {
    .name = "format", .type = KF_OPTION_CHOICE, .choices = "json|protobuf"};
static const struct kf_option text = {.name = "text", .type = KF_OPTION_TEXT};

static const struct kf_option bound = {
    .name = "status", .type = KF_OPTION_ENDPOINT, .choices = "off"};
static const struct kf_option connected = {.name = "output", .type = KF_OPTION_ENDPOINTS};
static const struct kf_option address = {.name = "http-address", .type = KF_OPTION_ADDRESS};

static struct kf_option_fault fault;

static int64_t number(const struct kf_option *option, const char *given)
{
    struct kf_option_value value = {.number = -999};
    assert_true(kf_option_value_read(option, given, &value, &fault));
    return value.number;
}

static void refused(const struct kf_option *option, const char *given, const char *problem)
{
    struct kf_option_value value = {.number = -999, .flag = true};
    assert_false(kf_option_value_read(option, given, &value, &fault));
    assert_non_null(strstr(fault.problem, problem));
    assert_true(fault.remedy[0] != '\0');
    assert_int_equal(value.number, -999);
    assert_true(value.flag);
}

static void whole_numbers_are_read_within_their_bounds(void **state)
{
    (void)state;
    assert_int_equal(number(&whole, "1"), 1);
    assert_int_equal(number(&whole, "64"), 64);
    assert_int_equal(number(&unbounded, "-7"), -7);
    refused(&whole, "0", "too small");
    refused(&whole, "65", "too large");
    assert_string_equal(fault.remedy, "give 1 to 64");
}

static void what_is_no_whole_number_is_refused(void **state)
{
    (void)state;
    const char *wrong[] = {"",     "-",   "1.5", " 1",  "1 ",
                           "0x10", "1e3", "+1",  "64K", "9223372036854775808"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        refused(&unbounded, wrong[i], "is not a whole number");
    }
}

static void a_word_can_stand_for_the_minimum(void **state)
{
    (void)state;
    assert_int_equal(number(&port, "off"), -1);
    assert_int_equal(number(&port, "-1"), -1);
    assert_int_equal(number(&port, "8080"), 8080);
    refused(&port, "on", "is not a whole number");
    assert_non_null(strstr(fault.remedy, "off"));
}

static void an_endpoint_has_a_scheme_or_is_left_empty(void **state)
{
    (void)state;
    static const char *const good[] = {"", "ipc:///run/kf/need-0.in", "tcp://127.0.0.1:5555"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        (void)number(&bound, good[i]);
        (void)number(&connected, good[i]);
    }
    (void)number(&connected, "tcp://need-0:5555,tcp://need-1:5555");
    refused(&connected, "tcp://need-0:5555,need-1:5555", "\"need-1:5555\"");
    refused(&connected, "off", "neither");
    assert_null(strstr(fault.remedy, "off"));
    (void)number(&bound, "off");
    refused(&bound, "none", "neither ipc://PATH nor tcp://HOST:PORT");
    assert_non_null(strstr(fault.remedy, "or the word off"));
    char path[6 + 108 + 1] = "ipc://";
    memset(path + 6, 'a', 108);
    refused(&bound, path, "108 bytes, the system allows 107");
}

static void a_network_address_is_numeric(void **state)
{
    (void)state;
    static const char *const good[] = {"127.0.0.1", "0.0.0.0", "::1", "::"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        (void)number(&address, good[i]);
    }
    static const char *const bad[] = {"", "localhost", "127.0.0.256", "127.0.0.1:80", "::g"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        refused(&address, bad[i], "is not a numeric address");
    }
}

static void bytes_have_binary_units(void **state)
{
    (void)state;
    assert_int_equal(number(&bytes, "64M"), 67108864);
    assert_int_equal(number(&bytes, "3K"), 3072);
    assert_int_equal(number(&bytes, "2G"), 2147483648);
    assert_int_equal(number(&bytes, "17"), 17);
    refused(&bytes, "64MB", "is not a whole number");
    refused(&bytes, "64m", "is not a whole number");
    refused(&bytes, "-1K", "is not a whole number");
}

static void a_number_that_overflows_with_its_unit_is_refused(void **state)
{
    (void)state;
    /* 2^33 GiB = 2^63 bytes, one beyond the largest */
    refused(&bytes, "8589934592G", "is not a whole number");
    assert_int_equal(number(&bytes, "8589934591G"), INT64_MAX - (((int64_t)1 << 30) - 1));
}

static void durations_need_their_unit(void **state)
{
    (void)state;
    assert_int_equal(number(&duration, "500ms"), 500);
    assert_int_equal(number(&duration, "2s"), 2000);
    assert_int_equal(number(&duration, "5min"), 300000);
    assert_int_equal(number(&any_duration, "1h"), 3600000);
    refused(&duration, "5", "is not a whole number");
    refused(&duration, "5m", "is not a whole number");
    refused(&duration, "11min", "too large");
    assert_string_equal(fault.remedy, "give 500ms to 10min");
}

static void flags_are_true_or_false(void **state)
{
    (void)state;
    struct kf_option_value value = {0};
    assert_true(kf_option_value_read(&flag, "true", &value, &fault));
    assert_true(value.flag);
    assert_true(kf_option_value_read(&flag, "false", &value, &fault));
    assert_false(value.flag);
    refused(&flag, "yes", "is not true or false");
    refused(&flag, "", "is not true or false");
}

static void a_choice_is_one_of_its_words(void **state)
{
    (void)state;
    assert_int_equal(number(&choice, "json"), 0);
    assert_int_equal(number(&choice, "protobuf"), 1);
    const char *wrong[] = {"", "js", "jsonx", "json|protobuf", "|", "xml"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        refused(&choice, wrong[i], "none of the words");
        assert_string_equal(fault.remedy, "give one of json|protobuf");
    }
}

static void a_text_has_a_longest_length_and_is_utf8(void **state)
{
    (void)state;
    static char longest[KF_OPTION_BYTES_MAX + 2];
    memset(longest, 'x', KF_OPTION_BYTES_MAX);
    struct kf_option_value value = {0};
    assert_true(kf_option_value_read(&text, longest, &value, &fault));
    assert_true(kf_option_value_read(&text, "Bærum", &value, &fault));
    assert_true(kf_option_value_read(&text, "", &value, &fault));
    longest[KF_OPTION_BYTES_MAX] = 'x';
    refused(&text, longest, "too long");
    refused(&text, "B\xe6rum", "UTF-8");
}

static void numbers_print_in_their_largest_unit(void **state)
{
    (void)state;
    static const struct {
        enum kf_option_type type;
        int64_t number;
        const char *text;
    } cases[] = {
        {KF_OPTION_DURATION_MS, 600000, "10min"},
        {KF_OPTION_DURATION_MS, 3600000, "1h"},
        {KF_OPTION_DURATION_MS, 1500, "1500ms"},
        {KF_OPTION_DURATION_MS, 0, "0ms"},
        {KF_OPTION_BYTES, 67108864, "64M"},
        {KF_OPTION_BYTES, 1025, "1025"},
        {KF_OPTION_WHOLE, -1, "-1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct kf_text printed;
        kf_text_init(&printed, 64);
        kf_option_number_print(cases[i].type, cases[i].number, &printed);
        assert_string_equal(printed.bytes, cases[i].text);
        kf_text_clear(&printed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_numbers_are_read_within_their_bounds),
        cmocka_unit_test(what_is_no_whole_number_is_refused),
        cmocka_unit_test(a_word_can_stand_for_the_minimum),
        cmocka_unit_test(an_endpoint_has_a_scheme_or_is_left_empty),
        cmocka_unit_test(a_network_address_is_numeric),
        cmocka_unit_test(bytes_have_binary_units),
        cmocka_unit_test(a_number_that_overflows_with_its_unit_is_refused),
        cmocka_unit_test(durations_need_their_unit),
        cmocka_unit_test(flags_are_true_or_false),
        cmocka_unit_test(a_choice_is_one_of_its_words),
        cmocka_unit_test(a_text_has_a_longest_length_and_is_utf8),
        cmocka_unit_test(numbers_print_in_their_largest_unit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
