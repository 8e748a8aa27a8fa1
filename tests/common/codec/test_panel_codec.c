/* That every field arrives is tested by the golden bytes too; here, what must be refused, and that
 * no change of a message gets past the checks. */
#include <math.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/codec/panel_codec.h"
#include "common/codec/unpack.h"
#include "common/model/row.h"
#include "tests/golden_bytes/golden_model.h"
#include "tests/golden_bytes/mutate.h"
#include "tests/golden_bytes/same_panel.h"
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
    assert_string_equal(panel->edition->sectors[0].indicators[0].numerator.list[0].variable,
                        "timer");
    assert_string_equal(panel->members[2], "5001");
    assert_true(panel->columns[0].values[1] == 123850);
    assert_string_equal(panel->results[1].unit, "index");
    assert_string_equal(panel->others[1], "5401");
    assert_true(panel->columns[2].other_values[0] == 38.125);
    assert_true(panel->previous->columns[1].other_values[0] == 37.5);
    assert_int_equal(panel->previous->previous->year, 2008);
    kf_panel_destroy(&panel);
}

static void a_panel_comes_back_as_it_went(void **state)
{
    struct fixture *fixture = *state;
    struct kf_panel *panel = NULL;
    struct kf_error err = {0};
    assert_int_equal(kf_panel_from_message(fixture->message, &panel, &err), KF_OK);
    assert_same_panel(panel, fixture->panel);
    kf_panel_destroy(&panel);
}

static void earlier_years_share_arena_and_edition_and_take_results(void **state)
{
    struct fixture *fixture = *state;
    struct kf_panel *panel = NULL;
    struct kf_result *added = NULL;
    struct kf_error err = {0};
    const struct kf_result_key key = {KF_TOPIC_NEED, "total", "", "need_index", NULL, false};
    assert_int_equal(kf_panel_from_message(fixture->message, &panel, &err), KF_OK);
    for (struct kf_panel *year = panel->previous; year; year = year->previous) {
        assert_ptr_equal(year->arena, panel->arena);
        assert_ptr_equal(year->edition, panel->edition);
        size_t before = year->results_len;
        assert_int_equal(kf_panel_append(year, &key, &added, &err), KF_OK);
        assert_int_equal(year->results_len, before + 1);
    }
    assert_true(panel->previous->results[0].values[1] == 1.125);
    assert_int_equal(kf_panel_check(panel, &err), KF_OK);
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
    assert_int_equal(panel->results_len, fixture->panel->results_len + 1);
    assert_true(panel->results[0].values[0] == 100.25);
    kf_panel_destroy(&panel);
}

static void a_panel_without_an_edition_is_refused(void **state)
{
    struct fixture *fixture = *state;
    fixture->message->edition = NULL;
    assert_result(fixture, KF_ERR_DATA, "edition");
}

/* Takes the column of the population out, in all years. */
static void drop_population(Kf__V1__Panel *message)
{
    Kf__V1__Panel *years[] = {message, message->previous, message->previous->previous,
                              message->further[0], message->further[1]};
    for (size_t y = 0; y < sizeof years / sizeof years[0]; y++) {
        size_t kept = 0;
        for (size_t i = 0; i < years[y]->n_columns; i++) {
            if (strcmp(years[y]->columns[i]->variable, "folkemengde") != 0) {
                years[y]->columns[kept++] = years[y]->columns[i];
            }
        }
        assert_int_equal(kept + 1, years[y]->n_columns);
        years[y]->n_columns = kept;
    }
}

static void a_panel_of_unit_costs_alone_needs_no_population(void **state)
{
    struct fixture *fixture = *state;
    Kf__V1__Edition *edition = fixture->message->edition;
    drop_population(fixture->message);
    assert_result(fixture, KF_ERR_DATA, "folkemengde is absent");
    edition->population = kf_borrow("");
    assert_result(fixture, KF_ERR_DATA, "names no population");
    edition->n_sectors = 0;
    edition->weighting = NULL;
    edition->demography = NULL;
    assert_result(fixture, KF_ERR_DATA, "names no population"); /* what is left is by inhabitant */
    edition->n_corrections = 0;
    edition->n_uses = 0;
    edition->n_income = 0;
    edition->expenditure = NULL;
    edition->change = NULL;
    edition->given_total = kf_borrow("");
    edition->published_need = kf_borrow("");
    assert_result(fixture, KF_OK, "");
    edition->unit_costs = NULL;
    assert_result(fixture, KF_OK, "");
    edition->trial = NULL;
    assert_result(fixture, KF_ERR_DATA, "names no population");
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

static void columns_have_a_cell_for_each_of_the_others_or_none(void **state)
{
    struct fixture *fixture = *state;
    Kf__V1__Column *column = fixture->message->columns[2];
    column->n_other_values = 1;
    assert_result(fixture, KF_ERR_DATA, "column poeng has 1 values and 2 statuses for 2 others");
    column->n_other_values = 2;
    column->other_status.len = 3;
    assert_result(fixture, KF_ERR_DATA, "poeng");
    column->other_status.len = 0;
    assert_result(fixture, KF_ERR_DATA, "poeng");
    column->n_other_values = 0; /* none at all, but a correction names the column */
    assert_result(fixture, KF_ERR_DATA, "column poeng lacks the cells of the others");
    column = fixture->message->previous->columns[1];
    column->n_other_values = 2;
    assert_result(fixture, KF_ERR_DATA, "poeng");
}

static void an_earlier_year_is_of_the_same_edition_and_members(void **state)
{
    struct fixture *fixture = *state;
    Kf__V1__Panel *before = fixture->message->previous;
    before->edition = fixture->message->edition;
    assert_result(fixture, KF_ERR_DATA, "its own edition");
    before->edition = NULL;
    before->members[1] = kf_borrow("1124");
    assert_result(fixture, KF_ERR_DATA, "the years 2009 and 2010 have different members");
    before->members[1] = kf_borrow("1103");
    before->year = 2010;
    assert_result(fixture, KF_ERR_DATA, "2010 is not the one before 2010");
    before->year = 2007;
    assert_result(fixture, KF_ERR_DATA, "2007 is not the one before 2010");
    before->year = 2009;
    before->previous->columns[0]->values = (double[]){1, 2, NAN};
    assert_result(fixture, KF_ERR_DATA, "folkemengde of 5001 is not a finite number");
    before->previous->n_columns = 0; /* nobody reported anything then */
    assert_result(fixture, KF_OK, "");
    before->previous = NULL;
    assert_result(fixture, KF_OK, "");
}

/* `count` years before the fixture's panel, the last one standing in for all. */
static void make_years(struct fixture *fixture, Kf__V1__Panel *years, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        years[i] = *fixture->message->previous->previous;
        years[i].year = 2009 - (int32_t)i;
        years[i].previous = i + 1 < count ? &years[i + 1] : NULL;
    }
    fixture->message->previous = &years[0];
}

static void as_many_earlier_years_as_the_rules_look_back(void **state)
{
    struct fixture *fixture = *state;
    Kf__V1__Panel years[KF_LATEST_YEARS_MAX + 1];
    Kf__V1__Panel *kept = fixture->message->previous;
    fixture->message->n_further = 0; /* 2005 is one of the years before now */
    make_years(fixture, years, KF_LATEST_YEARS_MAX);
    assert_result(fixture, KF_OK, "");
    fixture->message->previous = kept;
    make_years(fixture, years, KF_LATEST_YEARS_MAX + 1);
    assert_result(fixture, KF_ERR_LIMIT, "more than 5 years before it");
}

static void a_panel_with_too_many_earlier_years_is_not_packed(void **state)
{
    struct fixture *fixture = *state;
    struct kf_panel years[KF_LATEST_YEARS_MAX + 1];
    struct kf_error err = {0};
    Kf__V1__Panel *message = NULL;
    for (size_t i = 0; i <= KF_LATEST_YEARS_MAX; i++) {
        years[i] = *fixture->panel->previous->previous;
        years[i].previous = i < KF_LATEST_YEARS_MAX ? &years[i + 1] : NULL;
    }
    fixture->panel->previous = &years[1];
    assert_int_equal(kf_panel_to_message(fixture->panel, fixture->arena, &message, &err), KF_OK);
    fixture->panel->previous = &years[0];
    assert_int_equal(kf_panel_to_message(fixture->panel, fixture->arena, &message, &err),
                     KF_ERR_LIMIT);
}

/* --- further years --------------------------------------------------------------------------- */

static void further_years_share_arena_and_edition_and_take_results(void **state)
{
    struct fixture *fixture = *state;
    struct kf_panel *panel = NULL;
    struct kf_result *added = NULL;
    struct kf_error err = {0};
    const struct kf_result_key key = {KF_TOPIC_NEED, "total", "", "need_index", NULL, false};
    assert_int_equal(kf_panel_from_message(fixture->message, &panel, &err), KF_OK);
    assert_int_equal(panel->further->year, 2005);
    assert_int_equal(panel->further->further->year, 2011);
    for (struct kf_panel *year = panel->further; year; year = year->further) {
        assert_ptr_equal(year->arena, panel->arena);
        assert_ptr_equal(year->edition, panel->edition);
        assert_int_equal(kf_panel_append(year, &key, &added, &err), KF_OK);
    }
    assert_int_equal(kf_panel_check(panel, &err), KF_OK);
    kf_panel_destroy(&panel);
}

static void a_further_year_has_nothing_of_its_own_but_figures_and_results(void **state)
{
    struct fixture *fixture = *state;
    Kf__V1__Panel *further = fixture->message->further[1];
    Kf__V1__Panel *nested[] = {fixture->message->further[0]};
    char *others[] = {kf_borrow("0219")};
    further->edition = fixture->message->edition;
    assert_result(fixture, KF_ERR_DATA, "further year with an edition");
    further->edition = NULL;
    further->previous = fixture->message->previous->previous;
    assert_result(fixture, KF_ERR_DATA, "further year with an edition");
    further->previous = NULL;
    further->further = nested;
    further->n_further = 1;
    assert_result(fixture, KF_ERR_DATA, "further year with an edition");
    further->n_further = 0;
    further->others = others;
    further->n_others = 1;
    assert_result(fixture, KF_ERR_DATA, "further year with an edition");
    further->n_others = 0;
    fixture->message->previous->further = nested;
    fixture->message->previous->n_further = 1;
    assert_result(fixture, KF_ERR_DATA, "own edition or further years");
    fixture->message->previous->n_further = 0;
    assert_result(fixture, KF_OK, "");
}

static void further_years_ascend_and_are_none_of_the_panels_own(void **state)
{
    struct fixture *fixture = *state;
    Kf__V1__Panel *further = fixture->message->further[1];
    const int32_t taken[] = {2010, 2009, 2008, 2005, 2004, 0, INT32_MIN};
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++) {
        further->year = taken[i];
        assert_result(fixture, KF_ERR_DATA, "year");
    }
    further->year = 2006;
    assert_result(fixture, KF_OK, "");
}

static void further_years_have_the_members_and_cells_of_the_panel(void **state)
{
    struct fixture *fixture = *state;
    Kf__V1__Panel *further = fixture->message->further[1];
    further->members[1] = kf_borrow("1124");
    assert_result(fixture, KF_ERR_DATA, "the years 2011 and 2010 have different members");
    further->members[1] = kf_borrow("1103");
    further->columns[1]->values = (double[]){1, INFINITY, 1};
    assert_result(fixture, KF_ERR_DATA, "folkemengde of 1103 is not a finite number");
    further->columns[1]->n_values = 2;
    assert_result(fixture, KF_ERR_DATA, "column folkemengde has 2 values");
    further->n_columns = 0; /* what is not there is not there: a rule for those who build panels */
    assert_result(fixture, KF_OK, "");
    further->results[0]->n_values = 1;
    assert_result(fixture, KF_ERR_DATA, "grunnskole//need_index");
}

static void as_many_further_years_as_editions_rest_on(void **state)
{
    struct fixture *fixture = *state;
    Kf__V1__Panel years[KF_FURTHER_YEARS_MAX + 1];
    Kf__V1__Panel *list[KF_FURTHER_YEARS_MAX + 1];
    for (size_t i = 0; i <= KF_FURTHER_YEARS_MAX; i++) {
        years[i] = *fixture->message->further[0];
        years[i].year = 2011 + (int32_t)i;
        list[i] = &years[i];
    }
    fixture->message->further = list;
    fixture->message->n_further = KF_FURTHER_YEARS_MAX;
    assert_result(fixture, KF_OK, "");
    fixture->message->n_further++;
    assert_result(fixture, KF_ERR_LIMIT, "more than 24 further years");
}

static void a_panel_with_too_many_further_years_is_not_packed(void **state)
{
    struct fixture *fixture = *state;
    struct kf_panel years[KF_FURTHER_YEARS_MAX + 1];
    struct kf_error err = {0};
    Kf__V1__Panel *message = NULL;
    for (size_t i = 0; i <= KF_FURTHER_YEARS_MAX; i++) {
        years[i] = *fixture->panel->further;
        years[i].further = i < KF_FURTHER_YEARS_MAX ? &years[i + 1] : NULL;
    }
    fixture->panel->further = &years[1];
    assert_int_equal(kf_panel_to_message(fixture->panel, fixture->arena, &message, &err), KF_OK);
    assert_int_equal(message->n_further, KF_FURTHER_YEARS_MAX);
    fixture->panel->further = &years[0];
    assert_int_equal(kf_panel_to_message(fixture->panel, fixture->arena, &message, &err),
                     KF_ERR_LIMIT);
}

/* --- results, promises, counts --------------------------------------------------------------- */

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
    size_t *counts[] = {
        &fixture->message->n_members,           &fixture->message->n_columns,
        &fixture->message->n_results,           &fixture->message->n_others,
        &fixture->message->previous->n_columns, &fixture->message->previous->n_others};
    const size_t limits[] = {KF_PANEL_MEMBERS_MAX, KF_PANEL_COLUMNS_MAX, KF_PANEL_RESULTS_MAX,
                             KF_PANEL_MEMBERS_MAX, KF_PANEL_COLUMNS_MAX, KF_PANEL_MEMBERS_MAX};
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
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

static void a_scratch_that_is_too_small_for_packing_is_told(void **state)
{
    struct fixture *fixture = *state;
    enum kf_err code = KF_ERR_LIMIT;
    for (size_t bytes_max = 0; code != KF_OK; bytes_max += 64) {
        struct kf_arena *arena = kf_arena_new(bytes_max);
        Kf__V1__Panel *message = NULL;
        code = kf_panel_to_message(fixture->panel, arena, &message, NULL);
        assert_true(code == KF_OK ? message != NULL : code == KF_ERR_LIMIT && !message);
        kf_arena_destroy(&arena);
        assert_true(bytes_max < 64 * 1024);
    }
}

/* --- messages changed at random -------------------------------------------------------------- */

static enum kf_err take_row(void *context, const struct kf_panel *panel, const struct kf_row *row,
                            struct kf_error *err)
{
    (void)context;
    (void)panel;
    (void)err;
    assert_true(row->cells_len > 0 && row->cells_len <= KF_ROW_MEASURES_MAX);
    return KF_OK;
}

/* Packs, unpacks and reads the message; what comes out is the code, or another panel. */
static enum kf_err send(const Kf__V1__Panel *message, struct kf_panel **panel)
{
    struct kf_text bytes;
    struct kf_unpack unpack;
    struct kf_error err = {.text = ""};
    ProtobufCMessage *arrived = NULL;
    kf_text_init(&bytes, 1024 * 1024);
    assert_int_equal(kf_pack(&message->base, &bytes, &err), KF_OK);
    kf_unpack_init(&unpack, kf_unpack_ceiling(bytes.length));
    enum kf_err code =
        kf_unpack(&unpack, &kf__v1__panel__descriptor, bytes.bytes, bytes.length, &arrived, &err);
    if (!code) {
        code = kf_panel_from_message((const Kf__V1__Panel *)arrived, panel, &err);
        protobuf_c_message_free_unpacked(arrived, &unpack.allocator);
    }
    assert_true(code == KF_OK || code == KF_ERR_DATA || code == KF_ERR_LIMIT);
    assert_true(code == KF_OK || err.text[0]);
    kf_text_clear(&bytes);
    return code;
}

/* What was taken keeps a panel's promises, has rows or says why not, and travels on unchanged. */
static void use(const struct kf_panel *panel)
{
    struct kf_error err = {0};
    struct kf_panel *again = NULL;
    Kf__V1__Panel *message = NULL;
    struct kf_arena *arena = kf_arena_new(1024 * 1024);
    assert_int_equal(kf_panel_check(panel, &err), KF_OK);
    enum kf_err walked = kf_panel_walk(panel, take_row, NULL, &err);
    assert_true(walked == KF_OK || walked == KF_ERR_DATA);
    assert_int_equal(kf_panel_to_message(panel, arena, &message, &err), KF_OK);
    assert_int_equal(send(message, &again), KF_OK);
    assert_same_panel(again, panel);
    kf_panel_destroy(&again);
    kf_arena_destroy(&arena);
}

static void a_message_changed_at_random_is_refused_or_a_sound_panel(void **state)
{
    struct fixture *fixture = *state;
    unsigned taken = 0;
    unsigned refused = 0;
    for (uint64_t seed = 1; seed <= 4000; seed++) {
        struct fixture_random random = {seed};
        struct kf_arena *arena = kf_arena_new(1024 * 1024);
        Kf__V1__Panel *message = NULL;
        struct kf_panel *panel = NULL;
        assert_int_equal(kf_panel_to_message(fixture->panel, arena, &message, NULL), KF_OK);
        for (uint64_t change = 0; change <= seed % 4; change++) {
            mutate(&message->base, &random, arena);
        }
        if (send(message, &panel) == KF_OK) {
            use(panel);
            taken++;
        } else {
            refused++;
        }
        kf_panel_destroy(&panel);
        kf_arena_destroy(&arena);
    }
    assert_true(taken > 400 && refused > 400); /* neither side of the check is idle */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_fixture, close_fixture)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_panel_stands_on_its_own, open_fixture),
        TEST(a_panel_comes_back_as_it_went),
        TEST(earlier_years_share_arena_and_edition_and_take_results),
        TEST(results_can_be_appended_to_a_panel_that_came_in),
        TEST(a_panel_without_an_edition_is_refused),
        TEST(a_panel_of_unit_costs_alone_needs_no_population),
        TEST(columns_must_have_a_cell_for_each_member),
        TEST(columns_have_a_cell_for_each_of_the_others_or_none),
        TEST(an_earlier_year_is_of_the_same_edition_and_members),
        TEST(as_many_earlier_years_as_the_rules_look_back),
        TEST(a_panel_with_too_many_earlier_years_is_not_packed),
        TEST(further_years_share_arena_and_edition_and_take_results),
        TEST(a_further_year_has_nothing_of_its_own_but_figures_and_results),
        TEST(further_years_ascend_and_are_none_of_the_panels_own),
        TEST(further_years_have_the_members_and_cells_of_the_panel),
        TEST(as_many_further_years_as_editions_rest_on),
        TEST(a_panel_with_too_many_further_years_is_not_packed),
        TEST(results_must_have_a_cell_for_each_member_or_one),
        TEST(unknown_topics_and_statuses_are_refused),
        TEST(the_promises_of_panels_are_checked),
        TEST(counts_beyond_the_limits_are_refused),
        TEST(every_failing_allocation_is_told_and_leaks_nothing),
        TEST(a_scratch_that_is_too_small_for_packing_is_told),
        TEST(a_message_changed_at_random_is_refused_or_a_sound_panel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
