#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/base/log.h"
#include "common/base/text.h"
#include "tests/support/cmocka.h"

/* Standard error goes to a file while `work` runs; what came out is put into `captured`. */
static char captured[1024 * 1024];

static void capture(void (*work)(void))
{
    FILE *file = tmpfile();
    assert_non_null(file);
    int kept = dup(STDERR_FILENO);
    assert_true(dup2(fileno(file), STDERR_FILENO) >= 0);
    work();
    assert_true(dup2(kept, STDERR_FILENO) >= 0);
    (void)close(kept);
    rewind(file);
    size_t length = fread(captured, 1, sizeof captured - 1, file);
    captured[length] = '\0';
    (void)fclose(file);
}

static void log_one(void)
{
    kf_log_open("need", KF_LOG_INFO);
    kf_log(KF_LOG_INFO, "panel-computed", "panel=%s ms=%d", "asss-2010/2010", 2);
}

static void a_line_has_time_level_service_event_and_fields(void **state)
{
    (void)state;
    capture(log_one);
    assert_string_equal(captured + strlen("2026-03-15T07:00:00.123Z"),
                        " info need panel-computed panel=asss-2010/2010 ms=2\n");
    assert_int_equal(captured[10], 'T');
    assert_int_equal(captured[23], 'Z');
}

static void log_all_levels(void)
{
    for (int lowest = KF_LOG_ERROR; lowest <= KF_LOG_DEBUG; lowest++) {
        kf_log_open("s", (enum kf_log_level)lowest);
        for (int level = KF_LOG_ERROR; level <= KF_LOG_DEBUG; level++) {
            kf_log((enum kf_log_level)level, "e", "%d", level);
        }
    }
}

static void only_levels_at_or_above_the_lowest_are_shown(void **state)
{
    (void)state;
    capture(log_all_levels);
    size_t lines = 0;
    for (const char *c = captured; *c; c++) {
        lines += *c == '\n';
    }
    assert_int_equal(lines, 1 + 2 + 3 + 4);
    assert_non_null(strstr(captured, " debug s e 3\n"));
}

static void log_without_fields(void)
{
    kf_log_open("s", KF_LOG_INFO);
    /* not a literal, as -Wformat dislikes the empty one */
    kf_log(KF_LOG_WARN, "stopped", "%s", "");
}

static void a_line_without_fields_ends_with_its_event(void **state)
{
    (void)state;
    capture(log_without_fields);
    assert_non_null(strstr(captured, "Z warn s stopped\n"));
}

static void log_something_nasty(void)
{
    kf_log_open("s", KF_LOG_INFO);
    kf_log(KF_LOG_ERROR, "e", "text=%s", "a\nb\r\x1b[31m\x7f\tø");
}

static void one_event_is_one_line_whatever_was_printed_into_it(void **state)
{
    (void)state;
    capture(log_something_nasty);
    assert_non_null(strstr(captured, " error s e text=a?b??[31m??ø\n"));
}

static char much[20000];

static void log_too_much(void)
{
    kf_log_open("s", KF_LOG_INFO);
    for (size_t i = 0; i + 2 < sizeof much; i += 2) {
        memcpy(much + i, "æ", 2);
    }
    kf_log(KF_LOG_ERROR, "e", "a=%s", much);
    kf_log(KF_LOG_ERROR, "e", "ab=%s", much);
    kf_log(KF_LOG_ERROR, much, "a=%d", 1);
    kf_log_open(much, KF_LOG_INFO);
    kf_log(KF_LOG_ERROR, "e", "a=%d", 1);
}

static void what_is_too_long_is_cut_and_still_one_line_of_utf8(void **state)
{
    (void)state;
    capture(log_too_much);
    size_t lines = 0;
    for (char *line = captured; *line; lines++) {
        char *end = strchr(line, '\n');
        assert_non_null(end);
        assert_in_range(end - line, 4000, 4096);
        assert_true(kf_text_is_utf8(line, (size_t)(end - line)));
        line = end + 1;
    }
    assert_int_equal(lines, 4);
    kf_log_open("s", KF_LOG_INFO);
}

enum { THREADS = 4, LINES = 500 };

static void *log_many(void *context)
{
    for (int i = 0; i < LINES; i++) {
        kf_log(KF_LOG_INFO, "many", "thread=%s i=%d end", (const char *)context, i);
    }
    return NULL;
}

static void log_from_threads(void)
{
    static const char *const names[THREADS] = {"a", "b", "c", "d"};
    pthread_t threads[THREADS];
    kf_log_open("s", KF_LOG_INFO);
    for (size_t i = 0; i < THREADS; i++) {
        char *name = NULL;
        memcpy(&name, &names[i], sizeof name);
        assert_int_equal(pthread_create(&threads[i], NULL, log_many, name), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
}

static void lines_of_several_threads_do_not_mix(void **state)
{
    (void)state;
    capture(log_from_threads);
    size_t lines = 0;
    for (char *line = captured; *line; lines++) {
        char *end = strchr(line, '\n');
        assert_non_null(end);
        assert_memory_equal(end - 4, " end", 4);
        assert_memory_equal(line + 24, " info s many thread=", 20);
        line = end + 1;
    }
    assert_int_equal(lines, THREADS * LINES);
}

static void levels_are_read_by_name(void **state)
{
    (void)state;
    enum kf_log_level level = KF_LOG_ERROR;
    assert_true(kf_log_level_parse("debug", &level));
    assert_int_equal(level, KF_LOG_DEBUG);
    assert_true(kf_log_level_parse("warn", &level));
    assert_int_equal(level, KF_LOG_WARN);
    static const char *const refused[] = {"", "Debug", "warning", "info ", "2"};
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        assert_false(kf_log_level_parse(refused[i], &level));
        assert_int_equal(level, KF_LOG_WARN);
    }
}

static void quoting_escapes_what_would_break_a_field(void **state)
{
    (void)state;
    char quoted[KF_LOG_QUOTED_SIZE];
    assert_string_equal(kf_log_quote("", quoted), "\"\"");
    assert_string_equal(kf_log_quote("plain ø", quoted), "\"plain ø\"");
    assert_string_equal(kf_log_quote("a\"b\\c\n\x01\x7f", quoted),
                        "\"a\\\"b\\\\c\\x0a\\x01\\x7f\"");
}

static void quoting_fits_whatever_comes(void **state)
{
    (void)state;
    static const char *const pieces[] = {"x", "\"", "\n", "æ", "€"};
    for (size_t p = 0; p < sizeof pieces / sizeof pieces[0]; p++) {
        for (size_t shift = 0; shift < 4; shift++) {
            char text[3 * KF_LOG_QUOTED_SIZE] = "";
            memset(text, 'y', shift);
            size_t used = shift;
            while (used + 4 < sizeof text) {
                memcpy(text + used, pieces[p], strlen(pieces[p]));
                used += strlen(pieces[p]);
            }
            char quoted[KF_LOG_QUOTED_SIZE + 1];
            quoted[KF_LOG_QUOTED_SIZE] = '#';
            (void)kf_log_quote(text, quoted);
            size_t length = strlen(quoted);
            assert_in_range(length, KF_LOG_QUOTED_SIZE - 12, KF_LOG_QUOTED_SIZE - 1);
            assert_int_equal(quoted[length - 1], '"');
            assert_int_equal(quoted[KF_LOG_QUOTED_SIZE], '#');
            assert_true(kf_text_is_utf8(quoted, length));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_has_time_level_service_event_and_fields),
        cmocka_unit_test(only_levels_at_or_above_the_lowest_are_shown),
        cmocka_unit_test(a_line_without_fields_ends_with_its_event),
        cmocka_unit_test(one_event_is_one_line_whatever_was_printed_into_it),
        cmocka_unit_test(what_is_too_long_is_cut_and_still_one_line_of_utf8),
        cmocka_unit_test(lines_of_several_threads_do_not_mix),
        cmocka_unit_test(levels_are_read_by_name),
        cmocka_unit_test(quoting_escapes_what_would_break_a_field),
        cmocka_unit_test(quoting_fits_whatever_comes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
