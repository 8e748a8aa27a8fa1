#include "tests/support/cmocka.h"

#include <pthread.h>
#include <string.h>

#include "common/base/memory.h"
#include "services/board/api/snapshot.h"

static struct kf_snapshot snapshot;
static struct kf_text text;

static int begin(void **state)
{
    (void)state;
    kf_snapshot_init(&snapshot);
    kf_text_init(&text, 10000);
    return 0;
}

static int end(void **state)
{
    (void)state;
    kf_snapshot_clear(&snapshot);
    kf_text_clear(&text);
    return 0;
}

static void set(const char *value)
{
    const struct kf_text given = {.bytes = (char *)(uintptr_t)value, .length = strlen(value)};
    kf_snapshot_set(&snapshot, &given);
}

static void the_newest_text_is_copied(void **state)
{
    (void)state;
    kf_snapshot_copy(&snapshot, &text);
    assert_string_equal(text.bytes, "");
    set("one");
    set("two");
    kf_snapshot_copy(&snapshot, &text);
    assert_string_equal(text.bytes, "two");
}

static void without_memory_the_one_before_stays(void **state)
{
    (void)state;
    set("one");
    kf_memory_fail_after(0);
    set("two");
    kf_memory_fail_after(-1);
    kf_snapshot_copy(&snapshot, &text);
    assert_string_equal(text.bytes, "one");
}

static void *renew(void *argument)
{
    (void)argument;
    for (int i = 0; i < 2000; i++) {
        set(i % 2 ? "aaaaaaaa" : "bbbb");
    }
    return NULL;
}

static void it_is_always_whole(void **state)
{
    (void)state;
    pthread_t thread;
    set("bbbb");
    assert_int_equal(pthread_create(&thread, NULL, renew, NULL), 0);
    for (int i = 0; i < 2000; i++) {
        kf_text_reset(&text);
        kf_snapshot_copy(&snapshot, &text);
        assert_true(strcmp(text.bytes, "aaaaaaaa") == 0 || strcmp(text.bytes, "bbbb") == 0);
    }
    assert_int_equal(pthread_join(thread, NULL), 0);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(the_newest_text_is_copied),
        CASE(without_memory_the_one_before_stays),
        CASE(it_is_always_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
