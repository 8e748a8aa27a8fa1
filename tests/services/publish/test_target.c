#include "services/publish/target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "services/publish/publish.h"
#include "tests/support/cmocka.h"

static struct kf_findings findings;
static struct kf_error err;

static int setup(void **state)
{
    (void)state;
    kf_findings_init(&findings);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    kf_findings_clear(&findings);
    return 0;
}

/* What --check-config says to these arguments. */
static enum kf_err check(int argc, char **argv)
{
    const struct kf_command_line line = {.options = kf_publish_class.options,
                                         .options_len = kf_publish_class.options_len,
                                         .argc = argc,
                                         .argv = argv};
    struct kf_settings *settings = NULL;
    enum kf_command command = KF_COMMAND_RUN;

    assert_int_equal(kf_settings_read(&line, &settings, &command, &findings, &err), KF_OK);
    enum kf_err result = kf_publish_class.check(settings, &findings, &err);
    kf_settings_destroy(&settings);
    return result;
}

#define CHECK(...)                                                                                 \
    check((int)(sizeof((char *[]){"kf-publish", __VA_ARGS__}) / sizeof(char *)),                   \
          (char *[]){"kf-publish", __VA_ARGS__, NULL})

static void sound_settings_have_no_faults(void **state)
{
    (void)state;
    assert_int_equal(CHECK("--topic-prefix=t", "--bootstrap-servers=a:1,b:2"), KF_OK);
    assert_int_equal(findings.length, 0);
}

static void every_fault_is_told_at_once(void **state)
{
    (void)state;
    assert_int_equal(CHECK("--topic-prefix=blå bær", "--bootstrap-servers=a:hei",
                           "--kafka-config=/nowhere/at/all"),
                     KF_ERR_CONFIG);
    assert_int_equal(findings.length, 3);
    assert_string_equal(findings.list[0].variable, "topic-prefix");
    assert_string_equal(findings.list[1].variable, "bootstrap-servers");
    assert_non_null(strstr(findings.list[1].problem, "a:hei"));
    assert_string_equal(findings.list[2].variable, "kafka-config");
    assert_non_null(strstr(findings.list[2].problem, "/nowhere/at/all"));
    assert_string_equal(err.text, "3 faults in the settings");
}

static void a_setting_that_librdkafka_does_not_know_is_a_fault_of_the_file(void **state)
{
    char path[] = "/tmp/kf-test-target-XXXXXX";
    char option[64];
    int file = mkstemp(path);

    (void)state;
    assert_true(file >= 0);
    assert_int_equal(write(file, "sasl.pasword=hemmelig\n", 22), 22);
    close(file);
    (void)snprintf(option, sizeof option, "--kafka-config=%s", path);
    enum kf_err result = CHECK(option);
    unlink(path);
    assert_int_equal(result, KF_ERR_CONFIG);
    assert_int_equal(findings.length, 1);
    assert_string_equal(findings.list[0].variable, "kafka-config");
    assert_non_null(strstr(findings.list[0].problem, "sasl.pasword"));
    assert_null(strstr(findings.list[0].problem, "hemmelig"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(sound_settings_have_no_faults),
        TEST(every_fault_is_told_at_once),
        TEST(a_setting_that_librdkafka_does_not_know_is_a_fault_of_the_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
