/* That every field arrives is tested by the golden bytes; here, what must be refused. */
#include <math.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/codec/panel_codec.h"
#include "common/codec/unpack.h"
#include "tests/golden_bytes/golden_model.h"
#include "tests/support/cmocka.h"

struct fixture {
    struct kf_panel *panel;
    struct kf_arena *arena;
    Kf__V1__Panel *message;
};

static int open_fixture(void **state)
{
    static struct fixture fixture;
    fixture.panel = golden_panel();
    fixture.arena = kf_arena_new(1024 * 1024);
    *state = &fixture;
    return (int)kf_panel_to_message(fixture.panel, fixture.arena, &fixture.message, NULL);
}

static int close_fixture(void **state)
{
    struct fixture *fixture = *state;
    kf_panel_destroy(&fixture->panel);
    kf_arena_destroy(&fixture->arena);
    return 0;
}

static void assert_result(struct fixture *fixture, enum kf_err expected, const char *text)
{
    struct kf_panel *panel = NULL;
    struct kf_error err = {0};
    assert_int_equal(kf_panel_from_message(fixture->message, &panel, &err), expected);
    assert_int_equal(panel != NULL, expected == KF_OK);
    assert_non_null(strstr(err.text, text));
    kf_panel_destroy(&panel);
}

static void the_panel_stands_on_its_own(void **state)
{
    struct fixture *fixture = *state;
    struct kf_panel *panel = NULL;
    struct kf_error err = {0};
    assert_int_equal(kf_panel_from_message(fixture->message, &panel, &err), KF_OK);
    (void)close_fixture(state);
    assert_string_equal(panel->edition->sectors[0].indicators[0].variable, "timer");
    assert_string_equal(panel->members[2], "5001");
    assert_true(panel->columns[0].values[1] == 123850);
    assert_string_equal(panel->results[1].unit, "index");
    kf_panel_destroy(&panel);
}

static void results_can_be_appended_to_a_panel_that_came_in(void **state)
{
    struct fixture *fixture = *state;
    struct kf_panel *panel = NULL;
    struct kf_result *added = NULL;
    struct kf_error err = {0};
    const struct kf_result_key key = {KF_TOPIC_INDEX, "pleie_omsorg", "", "index", "index", false};
    assert_int_equal(kf_panel_from_message(fixture->message, &panel, &err), KF_OK);
    assert_int_equal(kf_panel_append(panel, &key, &added, &err), KF_OK);
    added->values[2] = 7;
    assert_int_equal(panel->results_len, 3);
    assert_true(panel->results[0].values[0] == 100.25);
    kf_panel_destroy(&panel);
}

static void a_panel_without_an_edition_is_refused(void **state)
{
    struct fixture *fixture = *state;
    fixture->message->edition = NULL;
    assert_result(fixture, KF_ERR_DATA, "edition");
}

static void columns_must_have_a_cell_for_each_member(void **state)
{
    struct fixture *fixture = *state;
    fixture->message->columns[1]->n_values = 2;
    assert_result(fixture, KF_ERR_DATA, "plasser");
    fixture->message->columns[1]->n_values = 3;
    fixture->message->columns[1]->status.len = 4;
    assert_result(fixture, KF_ERR_DATA, "plasser");
}

static void results_must_have_a_cell_for_each_member_or_one(void **state)
{
    struct fixture *fixture = *state;
    Kf__V1__Result *members = fixture->message->results[0];
    Kf__V1__Result *group = fixture->message->results[1];
    members->n_values = 1;
    assert_result(fixture, KF_ERR_DATA, "grunnskole//index");
    members->n_values = 3;
    members->status.len = 1;
    assert_result(fixture, KF_ERR_DATA, "grunnskole//index");
    members->status.len = 3;
    group->n_values = 0;
    assert_result(fixture, KF_ERR_DATA, "minimum");
    group->n_values = 1;
    group->group = 0;
    assert_result(fixture, KF_ERR_DATA, "minimum");
}

static void unknown_topics_and_statuses_are_refused(void **state)
{
    struct fixture *fixture = *state;
    fixture->message->results[0]->topic = (Kf__V1__Topic)9;
    assert_result(fixture, KF_ERR_DATA, "topic");
    fixture->message->results[0]->topic = KF__V1__TOPIC__TOPIC_UNSPECIFIED;
    assert_result(fixture, KF_ERR_DATA, "topic");
    fixture->message->results[0]->topic = KF__V1__TOPIC__TOPIC_NEED;
    fixture->message->columns[0]->country_status = 256;
    assert_result(fixture, KF_ERR_DATA, "status");
}

static void the_promises_of_panels_are_checked(void **state)
{
    struct fixture *fixture = *state;
    char *first = fixture->message->members[0];
    fixture->message->members[0] = fixture->message->members[1];
    assert_result(fixture, KF_ERR_DATA, "1103");
    fixture->message->members[0] = first;
    double values[] = {599230, NAN, 170936};
    fixture->message->columns[0]->values = values;
    assert_result(fixture, KF_ERR_DATA, "folkemengde");
    values[1] = 0;
    assert_result(fixture, KF_ERR_DATA, "folkemengde");
    values[1] = 1;
    assert_result(fixture, KF_OK, "");
}

static void counts_beyond_the_limits_are_refused(void **state)
{
    struct fixture *fixture = *state;
    size_t *counts[] = {&fixture->message->n_members, &fixture->message->n_columns,
                        &fixture->message->n_results};
    const size_t limits[] = {KF_PANEL_MEMBERS_MAX, KF_PANEL_COLUMNS_MAX, KF_PANEL_RESULTS_MAX};
    for (size_t i = 0; i < 3; i++) {
        size_t before = *counts[i];
        *counts[i] = limits[i] + 1; /* seen before anything is read */
        assert_result(fixture, KF_ERR_LIMIT, "at most");
        *counts[i] = before;
    }
}

static void every_failing_allocation_is_told_and_leaks_nothing(void **state)
{
    struct fixture *fixture = *state;
    for (int64_t n = 0;; n++) {
        struct kf_panel *panel = NULL;
        struct kf_error err = {0};
        kf_memory_fail_after(n);
        enum kf_err code = kf_panel_from_message(fixture->message, &panel, &err);
        kf_memory_fail_after(-1);
        if (code == KF_OK) {
            assert_true(n >= 3); /* the panel, its arena, a block */
            kf_panel_destroy(&panel);
            return;
        }
        assert_int_equal(code, KF_ERR_MEMORY);
        assert_null(panel);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_fixture, close_fixture)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_panel_stands_on_its_own, open_fixture),
        TEST(results_can_be_appended_to_a_panel_that_came_in),
        TEST(a_panel_without_an_edition_is_refused),
        TEST(columns_must_have_a_cell_for_each_member),
        TEST(results_must_have_a_cell_for_each_member_or_one),
        TEST(unknown_topics_and_statuses_are_refused),
        TEST(the_promises_of_panels_are_checked),
        TEST(counts_beyond_the_limits_are_refused),
        TEST(every_failing_allocation_is_told_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
