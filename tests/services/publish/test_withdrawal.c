#include "services/publish/withdrawal.h"

#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"
#include "tests/support/cmocka.h"

static struct kf_error err;

static struct kf_withdrawal *make(size_t keys_max)
{
    struct kf_withdrawal *made = kf_withdrawal_new(keys_max);

    assert_non_null(made);
    kf_withdrawal_start(made);
    return made;
}

static void keep(struct kf_withdrawal *keys, const char *key)
{
    assert_int_equal(kf_withdrawal_keep(keys, key, strlen(key), &err), KF_OK);
}

static void see(struct kf_withdrawal *keys, const char *key, uint32_t panel, bool live)
{
    assert_int_equal(kf_withdrawal_see(keys, key, strlen(key), panel, live, &err), KF_OK);
}

static size_t finish(struct kf_withdrawal *keys)
{
    size_t count = SIZE_MAX;

    assert_int_equal(kf_withdrawal_finish(keys, &count, &err), KF_OK);
    return count;
}

static void assert_at(const struct kf_withdrawal *keys, size_t i, const char *key, uint32_t panel)
{
    uint32_t whose = 0;

    assert_string_equal(kf_withdrawal_at(keys, i, &whose), key);
    assert_int_equal(whose, panel);
}

static void keys_on_the_topic_that_the_release_has_not_are_withdrawn_ascending(void **state)
{
    struct kf_withdrawal *keys = make(100);

    (void)state;
    keep(keys, "e/2000/0001/a");
    keep(keys, "e/2000/0001/a");
    see(keys, "e/2000/0003/a", 7, true);
    see(keys, "e/2000/0001/a", 7, true);
    see(keys, "e/1999/0002/a", 8, true);
    see(keys, "e/2000/0003/a", 7, true);
    assert_int_equal(finish(keys), 2);
    assert_at(keys, 0, "e/1999/0002/a", 8);
    assert_at(keys, 1, "e/2000/0003/a", 7);
    kf_withdrawal_destroy(&keys);
}

static void a_key_that_was_withdrawn_before_is_not_withdrawn_again(void **state)
{
    struct kf_withdrawal *keys = make(100);

    (void)state;
    see(keys, "gone", 1, true);
    see(keys, "gone", 1, false);
    see(keys, "back", 1, true);
    see(keys, "back", 1, false);
    see(keys, "back", 1, true);
    see(keys, "compacted away but for its end", 1, false);
    assert_int_equal(finish(keys), 1);
    assert_at(keys, 0, "back", 1);
    kf_withdrawal_destroy(&keys);
}

static void a_new_start_forgets_the_keys(void **state)
{
    struct kf_withdrawal *keys = make(100);

    (void)state;
    see(keys, "a", 1, true);
    kf_withdrawal_start(keys);
    assert_int_equal(finish(keys), 0);
    kf_withdrawal_destroy(&keys);
}

#define MANY 5000

/* All keys by slices, none twice. Returns how many readings it took. */
static size_t read_in_slices(struct kf_withdrawal *keys, bool *found)
{
    size_t readings = 0;
    bool more = true;

    kf_withdrawal_reset(keys);
    while (more) {
        enum kf_err result = KF_OK;
        char key[32];
        size_t length;
        readings++;
        kf_withdrawal_start(keys);
        for (unsigned i = 0; i < MANY && result == KF_OK; i++) {
            length = (size_t)snprintf(key, sizeof key, "e/2000/%u", i);
            result = i % 2 == 0 ? kf_withdrawal_keep(keys, key, length, &err)
                                : kf_withdrawal_see(keys, key, length, 0, true, &err);
        }
        if (result == KF_ERR_LIMIT) {
            assert_true(kf_withdrawal_narrow(keys));
            continue;
        }
        assert_int_equal(result, KF_OK);
        size_t count = finish(keys);
        for (size_t i = 0; i < count; i++) {
            uint32_t panel;
            unsigned number = 0;
            assert_int_equal(sscanf(kf_withdrawal_at(keys, i, &panel), "e/2000/%u", &number), 1);
            assert_false(found[number]);
            found[number] = true;
        }
        more = kf_withdrawal_next(keys);
    }
    return readings;
}

static void more_keys_than_may_be_held_are_found_in_several_readings_each_once(void **state)
{
    static bool found[MANY];
    struct kf_withdrawal *keys = make(100);

    (void)state;
    assert_true(read_in_slices(keys, found) > MANY / 100);
    for (unsigned i = 0; i < MANY; i++) {
        assert_int_equal(found[i], i % 2 == 1);
    }
    kf_withdrawal_destroy(&keys);
    keys = make(MANY);
    memset(found, 0, sizeof found);
    assert_int_equal(read_in_slices(keys, found), 1);
    kf_withdrawal_destroy(&keys);
}

static void a_key_cannot_be_divided(void **state)
{
    struct kf_withdrawal *keys = make(1);
    int narrowed = 0;

    (void)state;
    while (kf_withdrawal_narrow(keys)) {
        narrowed++;
    }
    assert_int_equal(narrowed, 64);
    kf_withdrawal_destroy(&keys);
}

static enum kf_err try_all(void)
{
    struct kf_withdrawal *keys = kf_withdrawal_new(10000);
    enum kf_err result = keys == NULL ? KF_ERR_MEMORY : KF_OK;
    size_t count = 0;
    char key[32];

    for (unsigned i = 0; i < 1500 && result == KF_OK; i++) {
        size_t length = (size_t)snprintf(key, sizeof key, "e/2000/%u", i);
        result = kf_withdrawal_see(keys, key, length, 0, true, &err);
    }
    if (result == KF_OK) {
        result = kf_withdrawal_finish(keys, &count, &err);
    }
    if (result == KF_OK) {
        assert_int_equal(count, 1500);
    }
    kf_withdrawal_destroy(&keys);
    return result;
}

static void without_memory_it_says_so_and_leaks_nothing(void **state)
{
    enum kf_err result = KF_ERR_MEMORY;

    (void)state;
    for (int64_t n = 0; result == KF_ERR_MEMORY; n++) {
        kf_memory_fail_after(n);
        result = try_all();
        kf_memory_fail_after(-1);
    }
    assert_int_equal(result, KF_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_on_the_topic_that_the_release_has_not_are_withdrawn_ascending),
        cmocka_unit_test(a_key_that_was_withdrawn_before_is_not_withdrawn_again),
        cmocka_unit_test(a_new_start_forgets_the_keys),
        cmocka_unit_test(more_keys_than_may_be_held_are_found_in_several_readings_each_once),
        cmocka_unit_test(a_key_cannot_be_divided),
        cmocka_unit_test(without_memory_it_says_so_and_leaks_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
