#include "common/base/secret.h"

#include <string.h>
#include <unistd.h>

#include "tests/support/cmocka.h"

static struct stat file_of(uid_t user, mode_t mode)
{
    return (struct stat){.st_uid = user, .st_mode = S_IFREG | mode};
}

static void a_file_of_ones_own_is_open_when_anybody_else_may_touch_it(void **state)
{
    (void)state;
    static const mode_t open[] = {0640, 0620, 0610, 0604, 0602, 0601, 0777};
    for (size_t i = 0; i < sizeof open / sizeof open[0]; i++) {
        const struct stat info = file_of(geteuid(), open[i]);
        assert_true(kf_secret_is_open(&info));
    }
    const struct stat closed = file_of(geteuid(), 0600);
    assert_false(kf_secret_is_open(&closed));
    assert_true(kf_secret_is_ours(&closed));
}

static void a_file_of_another_may_be_read_by_the_group_alone(void **state)
{
    (void)state;
    const struct stat group = file_of(geteuid() + 1, 0640);
    const struct stat written = file_of(geteuid() + 1, 0660);
    const struct stat all = file_of(geteuid() + 1, 0644);
    assert_false(kf_secret_is_open(&group));
    assert_true(kf_secret_is_open(&written));
    assert_true(kf_secret_is_open(&all));
    assert_false(kf_secret_is_ours(&group));
}

/* What comes of reading `text` from a pipe with room for `bytes_max`. */
static ssize_t read_text(const char *text, size_t bytes_max, char *into)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], text, strlen(text)), strlen(text));
    (void)close(ends[1]);
    ssize_t length = kf_secret_read(ends[0], into, bytes_max);
    (void)close(ends[0]);
    return length;
}

static void a_file_is_read_to_its_end_or_found_too_long(void **state)
{
    (void)state;
    char text[9] = "";
    assert_int_equal(read_text("12345678", 8, text), 8);
    assert_memory_equal(text, "12345678", 8);
    assert_int_equal(read_text("123456789a", 8, text), 9);
    assert_int_equal(read_text("", 8, text), 0);
    assert_int_equal(kf_secret_read(-1, text, 8), -1);
}

static void what_is_wiped_is_zero_and_nothing_beside_it(void **state)
{
    (void)state;
    char bytes[] = "abcdef";
    kf_wipe(bytes + 1, 4);
    assert_memory_equal(bytes, "a\0\0\0\0f", 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_of_ones_own_is_open_when_anybody_else_may_touch_it),
        cmocka_unit_test(a_file_of_another_may_be_read_by_the_group_alone),
        cmocka_unit_test(a_file_is_read_to_its_end_or_found_too_long),
        cmocka_unit_test(what_is_wiped_is_zero_and_nothing_beside_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
