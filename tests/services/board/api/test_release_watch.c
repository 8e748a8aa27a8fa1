#include "tests/support/cmocka.h"

#include <stdio.h>
#include <string.h>

#include "fake_store.h"
#include "services/board/api/release_watch.h"

static struct kf_board_store store;
static struct kf_release_watch watch;
static char told[256];

static int begin(void **state)
{
    (void)state;
    memset(&store, 0, sizeof store);
    memset(&watch, 0, sizeof watch);
    told[0] = '\0';
    store.releases_len = 2;
    (void)memcpy(store.releases[0].id, "b", 2);
    (void)memcpy(store.releases[1].id, "a", 2);
    return 0;
}

static void tell(void *context, const struct kf_board_release *release, bool is_new,
                 const struct kf_text *json)
{
    assert_ptr_equal(context, &watch);
    assert_int_equal(json->bytes[0], '{');
    size_t length = strlen(told);
    (void)snprintf(told + length, sizeof told - length, "%s%s ", release->id, is_new ? "+" : "");
}

static void look(void)
{
    assert_int_equal(kf_release_watch_look(&watch, &store, tell, &watch, NULL), KF_OK);
}

static void at_first_nothing_is_told(void **state)
{
    (void)state;
    look();
    assert_string_equal(told, "");
}

static void a_release_that_came_is_told(void **state)
{
    (void)state;
    look();
    store.releases[2] = store.releases[1];
    store.releases[1] = store.releases[0];
    (void)memcpy(store.releases[0].id, "c", 2);
    store.releases_len = 3;
    store.changes = 1;
    look();
    assert_string_equal(told, "c+ ");
}

static void a_release_that_changed_is_told_once(void **state)
{
    (void)state;
    look();
    store.releases[1].has_phases = true;
    store.changes = 1;
    look();
    store.changes = 2;
    look();
    assert_string_equal(told, "a ");
}

static void nobody_looks_while_the_store_is_as_it_was(void **state)
{
    (void)state;
    look();
    store.releases[1].rows = 5;
    look();
    assert_string_equal(told, "");
}

static void after_a_failure_it_is_told_the_next_time(void **state)
{
    (void)state;
    struct kf_error err;
    look();
    store.releases[0].rows = 5;
    store.changes = 1;
    store.fails = KF_ERR_IO;
    assert_int_equal(kf_release_watch_look(&watch, &store, tell, &watch, &err), KF_ERR_IO);
    store.fails = KF_OK;
    look();
    assert_string_equal(told, "b ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(at_first_nothing_is_told, begin),
        cmocka_unit_test_setup(a_release_that_came_is_told, begin),
        cmocka_unit_test_setup(a_release_that_changed_is_told_once, begin),
        cmocka_unit_test_setup(nobody_looks_while_the_store_is_as_it_was, begin),
        cmocka_unit_test_setup(after_a_failure_it_is_told_the_next_time, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
