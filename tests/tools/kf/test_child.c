#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/cmocka.h"
#include "tools/kf/child.h"

static char folder[] = "/tmp/kf-test-child-XXXXXX";
static char log_file[64];

static int set_up(void **state)
{
    (void)state;
    if (!mkdtemp(folder)) {
        return -1;
    }
    (void)snprintf(log_file, sizeof log_file, "%s/log", folder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    (void)remove(log_file);
    return rmdir(folder);
}

static int run_shell(const char *script, bool want_output, struct kf_child *child)
{
    char shell[] = "sh";
    char flag[] = "-c";
    char words[256];
    char *command[] = {shell, flag, words, NULL};
    struct kf_child_options options = {"/bin/sh", command, log_file, want_output};
    struct kf_error err = {0};
    (void)snprintf(words, sizeof words, "%s", script);
    assert_int_equal(kf_child_start(&options, child, &err), KF_OK);
    int status = 0;
    if (!want_output) {
        assert_int_equal(waitpid(child->pid, &status, 0), child->pid);
    }
    return status;
}

static void assert_tail(int64_t from, unsigned lines, const char *expected)
{
    struct kf_text text;
    kf_text_init(&text, 65536);
    kf_child_log_tail(log_file, from, lines, "> ", &text);
    assert_string_equal(text.bytes, expected);
    kf_text_clear(&text);
}

static void assert_end(int status, const char *expected)
{
    struct kf_text text;
    kf_text_init(&text, 256);
    kf_child_print_end(status, &text);
    assert_string_equal(text.bytes, expected);
    kf_text_clear(&text);
}

static void both_outputs_go_to_the_log_and_the_end_is_told_in_words(void **state)
{
    (void)state;
    struct kf_child child = {0};
    int status = run_shell("echo one; echo two >&2; exit 3", false, &child);
    assert_end(status, "exited with 3");
    assert_int_equal(child.output, -1);
    assert_int_equal(child.log_from, 0);
    assert_tail(0, 9, "> one\n> two\n");
    assert_end(run_shell("kill -9 $$", false, &child), "was killed by signal 9");
}

static void the_tail_is_the_last_lines_of_the_last_life_alone(void **state)
{
    (void)state;
    struct kf_child child = {0};
    (void)run_shell("echo old", false, &child);
    (void)run_shell("for i in 1 2 3 4; do echo line $i; done; printf half", false, &child);
    assert_true(child.log_from > 0);
    assert_tail(child.log_from, 3, "> line 3\n> line 4\n> half\n");
    assert_tail(child.log_from, 99, "> line 1\n> line 2\n> line 3\n> line 4\n> half\n");
    assert_tail(child.log_from, 0, "");
    assert_tail(INT64_MAX, 5, "");
}

static void a_child_leads_a_group_of_its_own_and_reads_nothing(void **state)
{
    (void)state;
    struct kf_child child = {0};
    int status = run_shell("read x && exit 1; test $(ps -o pgid= -p $$) = $$", false, &child);
    assert_end(status, "exited with 0");
}

static void wanted_output_comes_back_and_errors_still_go_to_the_log(void **state)
{
    (void)state;
    struct kf_child child = {0};
    char bytes[32] = "";
    (void)run_shell("echo address; echo trouble >&2", true, &child);
    assert_true(child.output >= 0);
    assert_int_equal(waitpid(child.pid, NULL, 0), child.pid);
    assert_int_equal(read(child.output, bytes, sizeof bytes), 8);
    assert_string_equal(bytes, "address\n");
    (void)close(child.output);
    assert_tail(child.log_from, 9, "> trouble\n");
}

static void a_program_or_log_that_is_not_there_is_told(void **state)
{
    (void)state;
    char word[] = "x";
    char *command[] = {word, NULL};
    struct kf_child_options options = {"/no/such/program", command, log_file, false};
    struct kf_child child = {.pid = -5};
    struct kf_error err = {0};
    assert_int_equal(kf_child_start(&options, &child, &err), KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, "/no/such/program"));
    options = (struct kf_child_options){"/bin/sh", command, "/no/such/folder/log", false};
    assert_int_equal(kf_child_start(&options, &child, &err), KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, "/no/such/folder/log"));
    assert_int_equal(child.pid, -5);
}

static void a_log_that_has_grown_too_large_is_put_aside(void **state)
{
    (void)state;
    struct kf_child child = {0};
    char old[80];
    (void)snprintf(old, sizeof old, "%s.old", log_file);
    assert_int_equal(truncate(log_file, (off_t)KF_CHILD_LOG_BYTES_MAX + 1), 0);
    (void)run_shell("echo new", false, &child);
    assert_int_equal(child.log_from, 0);
    assert_tail(0, 9, "> new\n");
    assert_int_equal(remove(old), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_outputs_go_to_the_log_and_the_end_is_told_in_words),
        cmocka_unit_test(the_tail_is_the_last_lines_of_the_last_life_alone),
        cmocka_unit_test(a_child_leads_a_group_of_its_own_and_reads_nothing),
        cmocka_unit_test(wanted_output_comes_back_and_errors_still_go_to_the_log),
        cmocka_unit_test(a_program_or_log_that_is_not_there_is_told),
        cmocka_unit_test(a_log_that_has_grown_too_large_is_put_aside),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
