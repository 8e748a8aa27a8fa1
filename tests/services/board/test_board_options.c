#include "tests/support/cmocka.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "services/board/board_options.h"

static struct kf_settings *settings;
static struct kf_findings findings;
static struct kf_text path;
static char folder[] = "/tmp/kf-board-XXXXXX";

/* Settings of a command line of two words. */
static void read_settings(char *option, char *value)
{
    char program[] = "kf-board";
    char *argv[] = {program, option, value, NULL};
    const struct kf_command_line line = {.options = kf_board_options,
                                         .options_len = KF_BOARD_OPTIONS,
                                         .argc = option ? 3 : 1,
                                         .argv = argv};
    enum kf_command command = KF_COMMAND_RUN;
    assert_int_equal(kf_settings_read(&line, &settings, &command, &findings, NULL), KF_OK);
}

static int begin(void **state)
{
    (void)state;
    kf_findings_init(&findings);
    kf_text_init(&path, 4096);
    return unsetenv("XDG_STATE_HOME");
}

static int end(void **state)
{
    (void)state;
    kf_settings_destroy(&settings);
    kf_findings_clear(&findings);
    kf_text_clear(&path);
    return 0;
}

static void the_store_lies_where_it_is_said_or_in_the_state_folder(void **state)
{
    (void)state;
    read_settings(NULL, NULL);
    kf_board_options_store(settings, &path);
    assert_string_equal(path.bytes, "./kostraflow-state/board.db");
    kf_text_reset(&path);
    assert_int_equal(setenv("XDG_STATE_HOME", "/state", 1), 0);
    kf_board_options_store(settings, &path);
    assert_string_equal(path.bytes, "/state/kostraflow/board.db");
    kf_text_reset(&path);
    kf_settings_destroy(&settings);
    read_settings((char[]){"--state-dir"}, (char[]){"/here"});
    kf_board_options_store(settings, &path);
    assert_string_equal(path.bytes, "/here/board.db");
    kf_text_reset(&path);
    kf_settings_destroy(&settings);
    read_settings((char[]){"--store"}, (char[]){"a.db"});
    kf_board_options_store(settings, &path);
    assert_string_equal(path.bytes, "a.db");
}

static void its_folder_is_made_for_its_user_alone(void **state)
{
    (void)state;
    struct stat made;
    struct kf_error err;
    char file[64];
    assert_non_null(mkdtemp(folder));
    (void)snprintf(file, sizeof file, "%s/a/board.db", folder);
    assert_int_equal(kf_board_options_make_folder(file, &err), KF_OK);
    assert_int_equal(kf_board_options_make_folder(file, &err), KF_OK); /* it is there */
    *strrchr(file, '/') = '\0';
    assert_int_equal(stat(file, &made), 0);
    assert_int_equal(made.st_mode & 0777, 0700);
    assert_int_equal(rmdir(file), 0);
    (void)snprintf(file, sizeof file, "%s/a/b/board.db", folder);
    assert_int_equal(kf_board_options_make_folder(file, &err), KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, "/a/b"));
    assert_int_equal(rmdir(folder), 0);
    assert_int_equal(kf_board_options_make_folder("board.db", &err), KF_OK);
}

static void everything_that_the_settings_name_is_checked(void **state)
{
    (void)state;
    struct kf_error err;
    read_settings((char[]){"--editions"}, (char[]){KF_SOURCE_DIR "/editions"});
    assert_int_equal(kf_board_options_check(settings, &findings, &err), KF_OK);
    kf_settings_destroy(&settings);
    read_settings((char[]){"--editions"}, (char[]){"/nowhere"});
    assert_int_equal(kf_board_options_check(settings, &findings, &err), KF_ERR_CONFIG);
    assert_true(findings.length > 0);
    kf_settings_destroy(&settings);
    kf_findings_clear(&findings);
    kf_findings_init(&findings);
    read_settings((char[]){"--kafka-config"}, (char[]){"/nowhere.conf"});
    assert_int_equal(kf_board_options_check(settings, &findings, &err), KF_ERR_CONFIG);
    assert_non_null(strstr(findings.list[0].problem, "/nowhere.conf"));
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(the_store_lies_where_it_is_said_or_in_the_state_folder),
        CASE(its_folder_is_made_for_its_user_alone),
        CASE(everything_that_the_settings_name_is_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
