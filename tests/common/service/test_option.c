#include "tests/support/cmocka.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/memory.h"
#include "common/service/option.h"

static const struct kf_option options[] = {
    {.name = "config", .type = KF_OPTION_TEXT, .initial = "", .help = "Settings file."},
    {.name = "window",
     .type = KF_OPTION_WHOLE,
     .initial = "8",
     .minimum = 1,
     .maximum = 64,
     .help = "Panels in flight."},
    {.name = "run-dir", .type = KF_OPTION_TEXT, .initial = "/run/kf", .help = "Folder."},
    {.name = "timeout", .type = KF_OPTION_DURATION_MS, .initial = "2s", .help = "How long."},
    {.name = "verbose", .type = KF_OPTION_FLAG, .initial = "false", .help = "More."},
    {.name = "inbox", .type = KF_OPTION_TEXT, .help = "Watched folder."},
};
#define OPTIONS (sizeof options / sizeof options[0])
#define ARGS(...)                                                                                  \
    (char *[])                                                                                     \
    {                                                                                              \
        "kf-test", __VA_ARGS__, NULL                                                               \
    }

static char path[] = "/tmp/kf-settings-XXXXXX";
static struct kf_findings findings;
static struct kf_settings *settings;
static struct kf_error err;
static enum kf_command command;
static char told[16384];

static int begin(void **state)
{
    (void)state;
    (void)snprintf(path, sizeof path, "/tmp/kf-settings-XXXXXX");
    int fd = mkstemp(path);
    kf_findings_init(&findings);
    told[0] = '\0';
    return fd >= 0 ? close(fd) : -1;
}

static int end(void **state)
{
    (void)state;
    kf_settings_destroy(&settings);
    kf_findings_clear(&findings);
    for (size_t i = 0; i < OPTIONS; i++) {
        char name[KF_OPTION_NAME_SIZE];
        kf_option_environment(&options[i], name);
        (void)unsetenv(name);
    }
    return unlink(path);
}

static void write_file(const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static enum kf_err read_settings(char **argv)
{
    int argc = 0;
    while (argv[argc]) {
        argc++;
    }
    struct kf_command_line line = {
        .options = options, .options_len = OPTIONS, .argc = argc, .argv = argv};
    enum kf_err code = kf_settings_read(&line, &settings, &command, &findings, &err);
    struct kf_text text;
    kf_text_init(&text, sizeof told - 1);
    kf_findings_print(&findings, &text);
    (void)snprintf(told, sizeof told, "%s", text.bytes);
    kf_text_clear(&text);
    return code;
}

static void defaults_hold_when_nothing_is_given(void **state)
{
    (void)state;
    assert_int_equal(read_settings(ARGS("--inbox", "in")), KF_OK);
    assert_int_equal(command, KF_COMMAND_RUN);
    assert_int_equal(kf_settings_number(settings, "window"), 8);
    assert_int_equal(kf_settings_number(settings, "timeout"), 2000);
    assert_string_equal(kf_settings_text(settings, "run-dir"), "/run/kf");
    assert_false(kf_settings_flag(settings, "verbose"));
}

static void the_command_line_is_stronger_than_environment_file_and_default(void **state)
{
    (void)state;
    write_file("window: 2\ntimeout: 5min\nrun-dir: /from/file\n");
    assert_int_equal(setenv("KF_CONFIG", path, 1), 0);
    assert_int_equal(setenv("KF_WINDOW", "3", 1), 0);
    assert_int_equal(setenv("KF_TIMEOUT", "1h", 1), 0);
    assert_int_equal(read_settings(ARGS("--inbox=in", "--window=4")), KF_OK);
    assert_int_equal(kf_settings_number(settings, "window"), 4);
    assert_int_equal(kf_settings_number(settings, "timeout"), 3600000);
    assert_string_equal(kf_settings_text(settings, "run-dir"), "/from/file");
}

static void an_empty_environment_variable_counts_as_not_set(void **state)
{
    (void)state;
    assert_int_equal(setenv("KF_WINDOW", "", 1), 0);
    assert_int_equal(read_settings(ARGS("--inbox", "in")), KF_OK);
    assert_int_equal(kf_settings_number(settings, "window"), 8);
}

static void a_value_stands_behind_a_space_or_an_equals_sign(void **state)
{
    (void)state;
    assert_int_equal(read_settings(ARGS("--inbox", "a=b", "--run-dir=", "--window=9")), KF_OK);
    assert_string_equal(kf_settings_text(settings, "inbox"), "a=b");
    assert_string_equal(kf_settings_text(settings, "run-dir"), "");
    assert_int_equal(kf_settings_number(settings, "window"), 9);
}

static void a_flag_alone_means_true_and_can_be_said_false(void **state)
{
    (void)state;
    assert_int_equal(read_settings(ARGS("--verbose", "--inbox", "in")), KF_OK);
    assert_true(kf_settings_flag(settings, "verbose"));
    kf_settings_destroy(&settings);
    assert_int_equal(setenv("KF_VERBOSE", "true", 1), 0);
    assert_int_equal(read_settings(ARGS("--verbose=false", "--inbox", "in")), KF_OK);
    assert_false(kf_settings_flag(settings, "verbose"));
}

static void all_faults_are_told_at_once_each_with_its_origin(void **state)
{
    (void)state;
    char line[128];
    write_file("run-dir: /fine\nwindow: many\nwindw: 3\n");
    assert_int_equal(setenv("KF_TIMEOUT", "soon", 1), 0);
    assert_int_equal(read_settings(ARGS("--config", path, "--window", "0", "--verbos")),
                     KF_ERR_CONFIG);
    assert_null(settings);
    (void)snprintf(line, sizeof line, "%s:2: window \"many\": is not a whole number", path);
    assert_non_null(strstr(told, line));
    (void)snprintf(line, sizeof line, "%s:3: windw", path);
    assert_non_null(strstr(told, line));
    assert_non_null(strstr(told, "did you mean window?"));
    assert_non_null(strstr(told, "environment: KF_TIMEOUT \"soon\": is not a whole number"));
    assert_non_null(strstr(told, "command line: --window \"0\": is too small; give 1 to 64"));
    assert_non_null(strstr(told, "command line: --verbos: is no option; did you mean --verbose?"));
    assert_non_null(strstr(told, "--inbox: is required; give --inbox VALUE, or KF_INBOX"));
    assert_int_equal(kf_findings_count(&findings), 6);
    assert_string_equal(err.text, "6 faults in the settings");
}

static void an_option_given_twice_is_a_fault(void **state)
{
    (void)state;
    assert_int_equal(read_settings(ARGS("--inbox", "a", "--inbox=b")), KF_ERR_CONFIG);
    assert_string_equal(told, "command line: --inbox: is given twice; give it once\n");
}

static void an_option_without_its_value_is_one_fault_not_two(void **state)
{
    (void)state;
    assert_int_equal(read_settings(ARGS("--inbox", "--verbose")), KF_ERR_CONFIG);
    assert_string_equal(told,
                        "command line: --inbox: lacks its value; write the value behind it\n");
    kf_findings_clear(&findings);
    assert_int_equal(read_settings(ARGS("--inbox")), KF_ERR_CONFIG);
    assert_int_equal(kf_findings_count(&findings), 1);
}

static void arguments_that_are_no_options_are_faults(void **state)
{
    (void)state;
    assert_int_equal(read_settings(ARGS("--inbox", "in", "stray", "-x", "--")), KF_ERR_CONFIG);
    assert_non_null(strstr(told, "command line: stray: is no option"));
    assert_non_null(strstr(told, "command line: -x: is no option"));
    assert_non_null(strstr(told, "command line: --: is no option"));
    assert_int_equal(kf_findings_count(&findings), 3);
}

static void a_bad_value_is_told_even_when_another_overrides_it(void **state)
{
    (void)state;
    assert_int_equal(setenv("KF_WINDOW", "100", 1), 0);
    assert_int_equal(read_settings(ARGS("--inbox", "in", "--window", "4")), KF_ERR_CONFIG);
    assert_string_equal(told, "environment: KF_WINDOW \"100\": is too large; give 1 to 64\n");
}

static void a_settings_file_that_is_not_there_is_a_fault(void **state)
{
    (void)state;
    assert_int_equal(read_settings(ARGS("--inbox", "in", "--config", "/nonexistent/kf.yaml")),
                     KF_ERR_CONFIG);
    assert_non_null(strstr(told, "/nonexistent/kf.yaml"));
    assert_int_equal(kf_findings_count(&findings), 1);
}

static void a_broken_settings_file_is_told_with_its_line(void **state)
{
    (void)state;
    char line[128];
    write_file("window: 2\nrun-dir: [unclosed\n");
    assert_int_equal(read_settings(ARGS("--inbox", "in", "--config", path)), KF_ERR_CONFIG);
    (void)snprintf(line, sizeof line, "%s:", path);
    assert_non_null(strstr(told, line));
}

static void values_in_the_file_must_be_single(void **state)
{
    (void)state;
    write_file("window: [1, 2]\n");
    assert_int_equal(read_settings(ARGS("--inbox", "in", "--config", path)), KF_ERR_CONFIG);
    assert_non_null(strstr(told, "window: is a list or a map"));
    kf_findings_clear(&findings);
    write_file("- window\n");
    assert_int_equal(read_settings(ARGS("--inbox", "in", "--config", path)), KF_ERR_CONFIG);
    assert_non_null(strstr(told, "the settings are no map"));
}

static void an_empty_file_sets_nothing(void **state)
{
    (void)state;
    write_file("");
    assert_int_equal(read_settings(ARGS("--inbox", "in", "--config", path)), KF_OK);
    kf_settings_destroy(&settings);
    write_file("# nothing yet\n\n  # window: 3\n");
    assert_int_equal(read_settings(ARGS("--inbox", "in", "--config", path)), KF_OK);
    assert_int_equal(kf_settings_number(settings, "window"), 8);
}

static void one_settings_file_does_not_name_another(void **state)
{
    (void)state;
    write_file("config: other.yaml\n");
    assert_int_equal(read_settings(ARGS("--inbox", "in", "--config", path)), KF_ERR_CONFIG);
    assert_int_equal(kf_findings_count(&findings), 1);
}

static void a_page_is_asked_for_without_any_check(void **state)
{
    (void)state;
    static const struct {
        const char *argument;
        enum kf_command command;
    } cases[] = {{"--help", KF_COMMAND_HELP},
                 {"-h", KF_COMMAND_HELP},
                 {"--version", KF_COMMAND_VERSION},
                 {"--config-reference", KF_COMMAND_CONFIG_REFERENCE}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char argument[32];
        (void)snprintf(argument, sizeof argument, "%s", cases[i].argument);
        assert_int_equal(read_settings(ARGS("--window", "0", "--check-config", argument)), KF_OK);
        assert_int_equal(command, cases[i].command);
        assert_null(settings);
    }
}

static void check_config_checks_everything(void **state)
{
    (void)state;
    assert_int_equal(read_settings(ARGS("--check-config", "--inbox", "in")), KF_OK);
    assert_int_equal(command, KF_COMMAND_CHECK_CONFIG);
    kf_settings_destroy(&settings);
    assert_int_equal(read_settings(ARGS("--check-config")), KF_ERR_CONFIG);
}

static void an_empty_text_can_be_completed_and_a_given_one_stays(void **state)
{
    (void)state;
    assert_int_equal(read_settings(ARGS("--inbox", "in", "--run-dir=")), KF_OK);
    assert_int_equal(kf_settings_complete(settings, "run-dir", "/complete", &err), KF_OK);
    assert_string_equal(kf_settings_text(settings, "run-dir"), "/complete");
    assert_int_equal(kf_settings_complete(settings, "inbox", "/other", &err), KF_OK);
    assert_string_equal(kf_settings_text(settings, "inbox"), "in");
}

static void no_memory_at_any_point_is_an_error_and_nothing_leaks(void **state)
{
    (void)state;
    write_file("window: 2\nrun-dir: /from/file\n");
    enum kf_err code = KF_ERR_MEMORY;
    int64_t n = 0;
    for (; code != KF_OK && n < 1000; n++) {
        kf_findings_clear(&findings);
        char *argv[] = {"kf-test", "--inbox", "in", "--config", path, NULL};
        struct kf_command_line line = {
            .options = options, .options_len = OPTIONS, .argc = 5, .argv = argv};
        kf_memory_fail_after(n);
        code = kf_settings_read(&line, &settings, &command, &findings, &err);
        kf_memory_fail_after(-1);
        assert_true(code == KF_OK ? settings != NULL : settings == NULL);
        assert_true(code == KF_OK || code == KF_ERR_MEMORY);
    }
    assert_int_equal(code, KF_OK);
    assert_true(n > 3);
    assert_int_equal(kf_settings_number(settings, "window"), 2);
}

static void names_in_the_environment_are_upper_case(void **state)
{
    (void)state;
    char name[KF_OPTION_NAME_SIZE];
    kf_option_environment(&options[2], name);
    assert_string_equal(name, "KF_RUN_DIR");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(defaults_hold_when_nothing_is_given, begin, end),
        cmocka_unit_test_setup_teardown(
            the_command_line_is_stronger_than_environment_file_and_default, begin, end),
        cmocka_unit_test_setup_teardown(an_empty_environment_variable_counts_as_not_set, begin,
                                        end),
        cmocka_unit_test_setup_teardown(a_value_stands_behind_a_space_or_an_equals_sign, begin,
                                        end),
        cmocka_unit_test_setup_teardown(a_flag_alone_means_true_and_can_be_said_false, begin, end),
        cmocka_unit_test_setup_teardown(all_faults_are_told_at_once_each_with_its_origin, begin,
                                        end),
        cmocka_unit_test_setup_teardown(an_option_given_twice_is_a_fault, begin, end),
        cmocka_unit_test_setup_teardown(an_option_without_its_value_is_one_fault_not_two, begin,
                                        end),
        cmocka_unit_test_setup_teardown(arguments_that_are_no_options_are_faults, begin, end),
        cmocka_unit_test_setup_teardown(a_bad_value_is_told_even_when_another_overrides_it, begin,
                                        end),
        cmocka_unit_test_setup_teardown(a_settings_file_that_is_not_there_is_a_fault, begin, end),
        cmocka_unit_test_setup_teardown(a_broken_settings_file_is_told_with_its_line, begin, end),
        cmocka_unit_test_setup_teardown(values_in_the_file_must_be_single, begin, end),
        cmocka_unit_test_setup_teardown(an_empty_file_sets_nothing, begin, end),
        cmocka_unit_test_setup_teardown(one_settings_file_does_not_name_another, begin, end),
        cmocka_unit_test_setup_teardown(a_page_is_asked_for_without_any_check, begin, end),
        cmocka_unit_test_setup_teardown(check_config_checks_everything, begin, end),
        cmocka_unit_test_setup_teardown(an_empty_text_can_be_completed_and_a_given_one_stays, begin,
                                        end),
        cmocka_unit_test_setup_teardown(no_memory_at_any_point_is_an_error_and_nothing_leaks, begin,
                                        end),
        cmocka_unit_test(names_in_the_environment_are_upper_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
