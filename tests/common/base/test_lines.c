#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/lines.h"
#include "common/base/memory.h"
#include "tests/support/cmocka.h"

static char folder[] = "/tmp/kf-lines-XXXXXX";
static char path[64];

static const struct kf_lines_options roomy = {.line_bytes_max = 1000, .file_bytes_max = 1 << 30};

static int begin(void **state)
{
    (void)state;
    return mkdtemp(folder) && snprintf(path, sizeof path, "%s/input.csv", folder) > 0 ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    (void)unlink(path);
    return rmdir(folder);
}

static void write_file(const void *bytes, size_t length)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

static struct kf_lines *open_with(const struct kf_lines_options *options)
{
    struct kf_lines *lines = NULL;
    struct kf_error err = {0};
    assert_int_equal(kf_lines_open(path, options, &lines, &err), KF_OK);
    return lines;
}

static void expect_line(struct kf_lines *lines, const char *expected, size_t expected_length)
{
    const char *line = NULL;
    size_t length = 0;
    struct kf_error err = {0};
    assert_int_equal(kf_lines_next(lines, &line, &length, &err), KF_OK);
    assert_int_equal(length, expected_length);
    assert_memory_equal(line, expected, expected_length);
}

static void expect_code(struct kf_lines *lines, enum kf_err code, struct kf_error *err)
{
    const char *line = "unchanged";
    size_t length = 9;
    assert_int_equal(kf_lines_next(lines, &line, &length, err), code);
    assert_string_equal(line, "unchanged");
    assert_int_equal(length, 9);
}

static void lines_come_without_their_ends(void **state)
{
    (void)state;
    static const char bytes[] = "a,b\nc\r\n\n\r\nlast";
    write_file(bytes, sizeof bytes - 1);
    struct kf_lines *lines = open_with(&roomy);
    assert_int_equal(kf_lines_number(lines), 0);
    expect_line(lines, "a,b", 3);
    assert_int_equal(kf_lines_number(lines), 1);
    expect_line(lines, "c", 1);
    expect_line(lines, "", 0);
    expect_line(lines, "", 0);
    expect_line(lines, "last", 4);
    assert_int_equal(kf_lines_number(lines), 5);
    expect_code(lines, KF_ERR_AGAIN, NULL);
    expect_code(lines, KF_ERR_AGAIN, NULL);
    assert_int_equal(kf_lines_bytes(lines), sizeof bytes - 1);
    kf_lines_destroy(&lines);
    assert_null(lines);
}

static void a_carriage_return_within_a_line_is_data(void **state)
{
    (void)state;
    write_file("a\rb\r\r\n", 6);
    struct kf_lines *lines = open_with(&roomy);
    expect_line(lines, "a\rb\r", 4);
    expect_code(lines, KF_ERR_AGAIN, NULL);
    kf_lines_destroy(&lines);
}

static void nul_bytes_pass_and_do_not_end_a_line(void **state)
{
    (void)state;
    write_file("a\0b\n\0\n", 6);
    struct kf_lines *lines = open_with(&roomy);
    expect_line(lines, "a\0b", 3);
    expect_line(lines, "\0", 1);
    expect_code(lines, KF_ERR_AGAIN, NULL);
    kf_lines_destroy(&lines);
}

static void an_empty_file_has_no_line(void **state)
{
    (void)state;
    write_file("", 0);
    struct kf_lines *lines = open_with(&roomy);
    expect_code(lines, KF_ERR_AGAIN, NULL);
    assert_int_equal(kf_lines_number(lines), 0);
    assert_int_equal(kf_lines_bytes(lines), 0);
    kf_lines_destroy(&lines);
}

static void a_file_of_one_end_has_one_empty_line(void **state)
{
    (void)state;
    write_file("\n", 1);
    struct kf_lines *lines = open_with(&roomy);
    expect_line(lines, "", 0);
    expect_code(lines, KF_ERR_AGAIN, NULL);
    kf_lines_destroy(&lines);
}

static void lines_across_the_pieces_of_reading_are_whole(void **state)
{
    (void)state;
    enum { LINES = 3000, SIZE = 997 };
    char *bytes = malloc((size_t)LINES * SIZE);
    assert_non_null(bytes);
    for (size_t i = 0; i < LINES; i++) {
        memset(bytes + i * SIZE, 'a' + (int)(i % 26), SIZE - 1);
        bytes[i * SIZE + SIZE - 1] = '\n';
    }
    write_file(bytes, (size_t)LINES * SIZE);
    struct kf_lines *lines = open_with(&roomy);
    for (size_t i = 0; i < LINES; i++) {
        expect_line(lines, bytes + i * SIZE, SIZE - 1);
    }
    expect_code(lines, KF_ERR_AGAIN, NULL);
    kf_lines_destroy(&lines);
    free(bytes);
}

static void a_line_at_the_limit_passes_and_one_beyond_is_refused(void **state)
{
    (void)state;
    const struct kf_lines_options narrow = {.line_bytes_max = 5, .file_bytes_max = 1000};
    static const char *const ends[] = {"", "\n"};
    for (size_t i = 0; i < 2; i++) {
        char bytes[32];
        int length = snprintf(bytes, sizeof bytes, "12345\n12345\n123456%s", ends[i]);
        write_file(bytes, (size_t)length);
        struct kf_lines *lines = open_with(&narrow);
        expect_line(lines, "12345", 5);
        expect_line(lines, "12345", 5);
        struct kf_error err = {0};
        expect_code(lines, KF_ERR_LIMIT, &err);
        assert_string_equal(err.text, "line 3 is longer than the limit of 5 bytes");
        assert_int_equal(err.disposition, KF_REJECT);
        struct kf_error again = {0};
        expect_code(lines, KF_ERR_LIMIT, &again);
        assert_string_equal(again.text, err.text);
        expect_code(lines, KF_ERR_LIMIT, NULL);
        kf_lines_destroy(&lines);
    }
}

static long peak_kilobytes(void)
{
    struct rusage usage = {0};
    (void)getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

static void a_line_of_100_megabytes_is_refused_with_a_flat_memory(void **state)
{
    (void)state;
    write_file("head\n", 5);
    FILE *file = fopen(path, "ab");
    static char piece[1024 * 1024];
    memset(piece, '7', sizeof piece);
    for (int i = 0; i < 100; i++) {
        assert_int_equal(fwrite(piece, 1, sizeof piece, file), sizeof piece);
    }
    assert_int_equal(fclose(file), 0);
    long before = peak_kilobytes();
    struct kf_lines *lines = open_with(&roomy);
    expect_line(lines, "head", 4);
    struct kf_error err = {0};
    expect_code(lines, KF_ERR_LIMIT, &err);
    assert_string_equal(err.text, "line 2 is longer than the limit of 1000 bytes");
    assert_true(kf_lines_bytes(lines) < 1024 * 1024);
    kf_lines_destroy(&lines);
    assert_true(peak_kilobytes() - before < 4 * 1024);
    assert_int_equal(truncate(path, 0), 0);
}

static void a_file_beyond_the_limit_is_refused_for_good(void **state)
{
    (void)state;
    const struct kf_lines_options small = {.line_bytes_max = 100, .file_bytes_max = 8};
    write_file("abc\ndef\n", 8);
    struct kf_lines *lines = open_with(&small);
    expect_line(lines, "abc", 3);
    expect_line(lines, "def", 3);
    expect_code(lines, KF_ERR_AGAIN, NULL);
    kf_lines_destroy(&lines);
    write_file("abc\ndef\ng", 9);
    lines = open_with(&small);
    for (int i = 0; i < 3; i++) {
        struct kf_error err = {0};
        expect_code(lines, KF_ERR_LIMIT, &err);
        assert_string_equal(err.text, "the file is larger than the limit of 8 bytes");
    }
    kf_lines_destroy(&lines);
}

struct tapped {
    unsigned char bytes[200000];
    size_t length;
};

static void tap(void *context, const void *bytes, size_t length)
{
    struct tapped *tapped = context;
    assert_true(tapped->length + length <= sizeof tapped->bytes);
    memcpy(tapped->bytes + tapped->length, bytes, length);
    tapped->length += length;
}

static void the_tap_sees_every_byte_once_and_in_order(void **state)
{
    (void)state;
    static unsigned char bytes[150001];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (unsigned char)(i * i / 7);
        bytes[i] = i % 500 == 499 ? '\n' : bytes[i];
    }
    write_file(bytes, sizeof bytes);
    static struct tapped tapped;
    struct kf_lines_options options = roomy;
    options.tap = tap;
    options.tap_context = &tapped;
    struct kf_lines *lines = open_with(&options);
    const char *line = NULL;
    size_t length = 0;
    while (kf_lines_next(lines, &line, &length, NULL) == KF_OK) {
        assert_true(length < 500);
    }
    assert_int_equal(tapped.length, sizeof bytes);
    assert_memory_equal(tapped.bytes, bytes, sizeof bytes);
    assert_int_equal(kf_lines_bytes(lines), sizeof bytes);
    kf_lines_destroy(&lines);
}

static void expect_refused(const char *name, enum kf_err code, const char *words)
{
    struct kf_lines *lines = NULL;
    struct kf_error err = {0};
    assert_int_equal(kf_lines_open(name, &roomy, &lines, &err), code);
    assert_null(lines);
    assert_non_null(strstr(err.text, name));
    assert_non_null(strstr(err.text, words));
}

static void what_is_no_file_is_refused_by_name(void **state)
{
    (void)state;
    char pipe_path[64];
    (void)snprintf(pipe_path, sizeof pipe_path, "%s/pipe", folder);
    assert_int_equal(mkfifo(pipe_path, 0600), 0);
    expect_refused(folder, KF_ERR_DATA, "is a folder; give the files in it");
    expect_refused("/dev/null", KF_ERR_DATA, "is not a regular file");
    expect_refused(pipe_path, KF_ERR_DATA, "is not a regular file"); /* and does not wait */
    expect_refused("/nowhere/a.csv", KF_ERR_IO, "No such file");
    assert_int_equal(unlink(pipe_path), 0);
}

static void a_limit_beyond_all_memory_is_an_error_not_a_crash(void **state)
{
    (void)state;
    write_file("a\n", 2);
    const struct kf_lines_options absurd = {.line_bytes_max = SIZE_MAX, .file_bytes_max = 10};
    struct kf_lines *lines = NULL;
    struct kf_error err = {0};
    assert_int_equal(kf_lines_open(path, &absurd, &lines, &err), KF_ERR_MEMORY);
    assert_null(lines);
}

static void every_failed_allocation_is_reported(void **state)
{
    (void)state;
    write_file("a\n", 2);
    for (int64_t n = 0;; n++) {
        struct kf_lines *lines = NULL;
        struct kf_error err = {0};
        kf_memory_fail_after(n);
        enum kf_err code = kf_lines_open(path, &roomy, &lines, &err);
        kf_memory_fail_after(-1);
        if (code == KF_OK) {
            assert_int_equal(n, 2);
            expect_line(lines, "a", 1);
            kf_lines_destroy(&lines);
            return;
        }
        assert_int_equal(code, KF_ERR_MEMORY);
        assert_int_equal(err.code, KF_ERR_MEMORY);
        assert_null(lines);
    }
}

static void closing_nothing_is_fine(void **state)
{
    (void)state;
    struct kf_lines *lines = NULL;
    kf_lines_destroy(&lines);
    kf_lines_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_come_without_their_ends),
        cmocka_unit_test(a_carriage_return_within_a_line_is_data),
        cmocka_unit_test(nul_bytes_pass_and_do_not_end_a_line),
        cmocka_unit_test(an_empty_file_has_no_line),
        cmocka_unit_test(a_file_of_one_end_has_one_empty_line),
        cmocka_unit_test(lines_across_the_pieces_of_reading_are_whole),
        cmocka_unit_test(a_line_at_the_limit_passes_and_one_beyond_is_refused),
        cmocka_unit_test(a_line_of_100_megabytes_is_refused_with_a_flat_memory),
        cmocka_unit_test(a_file_beyond_the_limit_is_refused_for_good),
        cmocka_unit_test(the_tap_sees_every_byte_once_and_in_order),
        cmocka_unit_test(what_is_no_file_is_refused_by_name),
        cmocka_unit_test(a_limit_beyond_all_memory_is_an_error_not_a_crash),
        cmocka_unit_test(every_failed_allocation_is_reported),
        cmocka_unit_test(closing_nothing_is_fine),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
