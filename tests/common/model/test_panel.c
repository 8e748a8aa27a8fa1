#include "fixture.h"

#include <math.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/model/panel.h"

static struct kf_edition edition = {.id = "liten", .population = "folkemengde"};

/* A sound panel: three members, three columns, one result for members and one for the group. */
static struct kf_panel *sound_panel(void)
{
    static const char *const codes[] = {"0106", "0219", "0301"};
    static const char *const variables[] = {"barn", "folkemengde", "timer"};
    struct kf_panel *panel = kf_panel_new();
    assert_non_null(panel);
    panel->edition = &edition;
    panel->year = 2010;
    panel->members = kf_arena_calloc(panel->arena, 3, sizeof *panel->members);
    memcpy(panel->members, codes, sizeof codes);
    panel->members_len = 3;
    panel->columns = kf_arena_calloc(panel->arena, 3, sizeof *panel->columns);
    panel->columns_len = 3;
    for (size_t c = 0; c < 3; c++) {
        struct kf_column *column = &panel->columns[c];
        column->variable = variables[c];
        column->values = kf_arena_calloc(panel->arena, 3, sizeof *column->values);
        column->status = kf_arena_calloc(panel->arena, 3, sizeof *column->status);
        column->country_status = KF_CELL_MISSING;
        for (size_t i = 0; i < 3; i++) {
            column->values[i] = (double)(10 * c + i + 1);
        }
    }
    struct kf_result_key members = {KF_TOPIC_INDEX, "barnehage", "", "index", NULL, false};
    struct kf_result_key group = {KF_TOPIC_STATISTICS, "barnehage", "timer", "minimum", NULL, true};
    struct kf_result *result = NULL;
    struct kf_error err;
    assert_int_equal(kf_panel_append(panel, &members, &result, &err), KF_OK);
    assert_int_equal(kf_panel_append(panel, &group, &result, &err), KF_OK);
    return panel;
}

static void a_column_is_found_by_its_variable(void **state)
{
    (void)state;
    struct kf_panel *panel = sound_panel();
    for (size_t c = 0; c < 3; c++) {
        assert_ptr_equal(kf_panel_column(panel, panel->columns[c].variable), &panel->columns[c]);
    }
    static const char *const absent[] = {"", "a", "barnx", "g", "zzz"};
    for (size_t i = 0; i < 5; i++) {
        assert_null(kf_panel_column(panel, absent[i]));
    }
    panel->columns_len = 0;
    assert_null(kf_panel_column(panel, "barn"));
    kf_panel_destroy(&panel);
    assert_null(panel);
}

static void the_population_is_positive_or_absent(void **state)
{
    (void)state;
    struct kf_panel *panel = sound_panel();
    const double *population = kf_panel_population(panel);
    assert_ptr_equal(population, panel->columns[1].values);
    panel->columns[1].values[2] = 0;
    assert_null(kf_panel_population(panel));
    panel->columns[1].values[2] = 5;
    panel->columns[1].status[0] = KF_CELL_MISSING;
    assert_null(kf_panel_population(panel));
    panel->columns[1].variable = "folketall";
    assert_null(kf_panel_population(panel));
    kf_panel_destroy(&panel);
}

static void a_result_is_appended_zeroed_and_found(void **state)
{
    (void)state;
    struct kf_panel *panel = sound_panel();
    struct kf_result_key key = {KF_TOPIC_INDICATOR, "barnehage", "timer", "raw", "hours", false};
    struct kf_result *result = NULL;
    struct kf_error err;
    assert_int_equal(kf_panel_append(panel, &key, &result, &err), KF_OK);
    for (size_t i = 0; i < 3; i++) {
        assert_true(result->values[i] == 0 && result->status[i] == 0);
    }
    assert_ptr_equal(kf_panel_result(panel, KF_TOPIC_INDICATOR, "barnehage", "timer", "raw"),
                     result);
    assert_null(kf_panel_result(panel, KF_TOPIC_INDEX, "barnehage", "timer", "raw"));
    assert_null(kf_panel_result(panel, KF_TOPIC_INDICATOR, "grunnskole", "timer", "raw"));
    assert_null(kf_panel_result(panel, KF_TOPIC_INDICATOR, "barnehage", "", "raw"));
    assert_null(kf_panel_result(panel, KF_TOPIC_INDICATOR, "barnehage", "timer", "normalized"));
    kf_panel_destroy(&panel);
}

static void the_unit_is_the_keys_or_the_measures_or_index(void **state)
{
    (void)state;
    struct kf_panel *panel = sound_panel();
    struct kf_result_key keys[] = {
        {KF_TOPIC_INDICATOR, "barnehage", "timer", "raw", "hours", false},
        {KF_TOPIC_NEED, "barnehage", "", "need_population", NULL, false},
        {KF_TOPIC_INDEX, "barnehage", "", "index", NULL, false},
        {KF_TOPIC_INDEX, "barnehage", "", "no_such_measure", NULL, false},
    };
    static const char *const units[] = {"hours", "persons", "index", "index"};
    for (size_t i = 0; i < 4; i++) {
        struct kf_result *result = NULL;
        struct kf_error err;
        assert_int_equal(kf_panel_append(panel, &keys[i], &result, &err), KF_OK);
        assert_string_equal(result->unit, units[i]);
    }
    kf_panel_destroy(&panel);
}

static void earlier_results_survive_growth_and_the_limit_holds(void **state)
{
    (void)state;
    struct kf_panel *panel = sound_panel();
    struct kf_result_key key = {KF_TOPIC_STATISTICS, "s", "i", "maximum", NULL, true};
    struct kf_error err;
    enum kf_err code = KF_OK;
    while (code == KF_OK) {
        struct kf_result *result = NULL;
        double number = (double)panel->results_len;
        code = kf_panel_append(panel, &key, &result, &err);
        if (code == KF_OK) {
            result->values[0] = number;
        }
    }
    assert_int_equal(code, KF_ERR_LIMIT);
    assert_int_equal(panel->results_len, KF_PANEL_RESULTS_MAX);
    for (size_t i = 2; i < panel->results_len; i++) {
        assert_true(panel->results[i].values[0] == (double)i);
    }
    kf_panel_destroy(&panel);
}

/* A year before `panel`, with the same figures. */
static struct kf_panel *add_previous(struct kf_panel *panel)
{
    struct kf_panel *previous = kf_arena_calloc(panel->arena, 1, sizeof *previous);
    assert_non_null(previous);
    *previous = *panel;
    previous->year = panel->year - 1;
    previous->members = kf_arena_calloc(panel->arena, 3, sizeof *previous->members);
    memcpy(previous->members, panel->members, 3 * sizeof *previous->members);
    previous->results = NULL;
    previous->results_len = 0;
    previous->results_room = 0;
    previous->previous = NULL;
    previous->further = NULL;
    panel->previous = previous;
    return previous;
}

/* A further year behind `panel`, which may be one itself, with the same figures in its own cells.
 */
static struct kf_panel *add_further(struct kf_panel *panel, int year)
{
    struct kf_panel *further = kf_arena_calloc(panel->arena, 1, sizeof *further);
    assert_non_null(further);
    *further = *panel;
    further->year = year;
    further->previous = NULL;
    further->further = NULL;
    further->results_len = 0;
    further->columns = kf_arena_calloc(panel->arena, 3, sizeof *further->columns);
    memcpy(further->columns, panel->columns, 3 * sizeof *further->columns);
    double *values = kf_arena_calloc(panel->arena, 3, sizeof *values);
    memcpy(values, panel->columns[2].values, 3 * sizeof *values);
    further->columns[2].values = values;
    panel->further = further;
    return further;
}

/* Others of the panel, and their cells in its first column. */
static void add_others(struct kf_panel *panel)
{
    static const char *const codes[] = {"0105", "0220"};
    struct kf_column *columns = kf_arena_calloc(panel->arena, 3, sizeof *columns);
    memcpy(columns, panel->columns, 3 * sizeof *columns);
    panel->others = kf_arena_calloc(panel->arena, 2, sizeof *panel->others);
    memcpy(panel->others, codes, sizeof codes);
    panel->others_len = 2;
    columns[0].other_values = kf_arena_calloc(panel->arena, 2, sizeof(double));
    columns[0].other_status = kf_arena_calloc(panel->arena, 2, 1);
    panel->columns = columns;
}

static void a_panel_with_others_and_years_before_it_is_sound(void **state)
{
    (void)state;
    struct kf_panel *panel = sound_panel();
    struct kf_panel *last = panel;
    struct kf_error err = {.text = ""};
    add_others(panel);
    for (int i = 0; i < KF_LATEST_YEARS_MAX; i++) {
        last = add_previous(last);
        add_others(last);
    }
    assert_int_equal(kf_panel_check(panel, &err), KF_OK);
    (void)add_previous(last);
    assert_int_equal(kf_panel_check(panel, &err), KF_ERR_DATA);
    assert_non_null(strstr(err.text, "more than 5 years before it"));
    last->previous = panel; /* a ring has no end, the check does */
    assert_int_equal(kf_panel_check(panel, &err), KF_ERR_DATA);
    last->previous = NULL;
    kf_panel_destroy(&panel); /* all years with it: they are in its arena */
    assert_null(panel);
}

static void further_years_stand_on_either_side_of_the_panels_own(void **state)
{
    (void)state;
    struct kf_panel *panel = sound_panel();
    struct kf_error err = {.text = ""};
    struct kf_panel *previous = add_previous(panel);
    struct kf_panel *base = add_further(panel, 2006);
    struct kf_panel *next = add_further(base, 2011);
    assert_int_equal(kf_panel_check(panel, &err), KF_OK);
    assert_ptr_equal(kf_panel_of_year(panel, 2010), panel);
    assert_ptr_equal(kf_panel_of_year(panel, 2009), previous);
    assert_ptr_equal(kf_panel_of_year(panel, 2006), base);
    assert_ptr_equal(kf_panel_of_year(panel, 2011), next);
    assert_null(kf_panel_of_year(panel, 2008));
    /* Nobody there, as in a year before: only the panel itself must have a population. */
    next->columns[1].values = kf_arena_calloc(panel->arena, 3, sizeof(double));
    assert_int_equal(kf_panel_check(panel, &err), KF_OK);
    next->further = base; /* a ring has no end, the check does */
    assert_int_equal(kf_panel_check(panel, &err), KF_ERR_DATA);
    kf_panel_destroy(&panel);
}

static void a_year_before_may_lack_a_population_the_panel_may_not(void **state)
{
    (void)state;
    struct kf_panel *panel = sound_panel();
    struct kf_panel *previous = add_previous(panel);
    struct kf_error err = {.text = ""};
    previous->columns_len = 1;
    assert_null(kf_panel_population(previous));
    assert_int_equal(kf_panel_check(panel, &err), KF_OK);
    panel->columns_len = 1;
    assert_int_equal(kf_panel_check(panel, &err), KF_ERR_DATA);
    kf_panel_destroy(&panel);
}

static void every_other_lies_outside_the_group_wherever_it_sorts(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"0106", "0220"}, {"0105", "0106"}, {"0219", "0220"}, {"0107", "0219"},
        {"0301", "0302"}, {"0220", "0301"}, {"0106", "0301"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct kf_panel *panel = sound_panel();
        struct kf_error err = {.text = ""};
        add_others(panel);
        assert_int_equal(kf_panel_check(panel, &err), KF_OK);
        panel->others[0] = cases[i][0];
        panel->others[1] = cases[i][1];
        assert_int_equal(kf_panel_check(panel, &err), KF_ERR_DATA);
        assert_non_null(strstr(err.text, "is both a member and one of the others"));
        panel->others[0] = "0401";
        panel->others[1] = "0402";
        assert_int_equal(kf_panel_check(panel, &err), KF_OK);
        kf_panel_destroy(&panel);
    }
}

static void breach_country_count(struct kf_panel *panel)
{
    panel->country_municipalities = 10001;
}

static void breach_other_code(struct kf_panel *panel)
{
    add_others(panel);
    panel->others[1] = "220";
}

static void breach_other_order(struct kf_panel *panel)
{
    add_others(panel);
    panel->others[0] = "0221";
}

static void breach_others(struct kf_panel *panel)
{
    add_others(panel);
    panel->others_len = KF_PANEL_MEMBERS_MAX + 1;
}

static void breach_other_value(struct kf_panel *panel)
{
    add_others(panel);
    panel->columns[0].other_values[1] = NAN;
}

static void breach_other_half(struct kf_panel *panel)
{
    add_others(panel);
    panel->columns[0].other_status = NULL;
}

/* Breaks what a correction needs: the cells of the others in the columns that it names. */
static void breach_regressed(struct kf_panel *panel, bool outcome)
{
    static const char *regressors[] = {"barn"};
    static struct kf_correction correction = {"skole", "", regressors, 1};
    struct kf_edition *corrected = kf_arena_alloc(panel->arena, sizeof *corrected);
    *corrected = edition;
    correction.outcome = outcome ? "timer" : "poeng";
    corrected->corrections = &correction;
    corrected->corrections_len = 1;
    panel->edition = corrected;
    add_others(panel);
    if (!outcome) {
        panel->columns[0].other_values = NULL;
        panel->columns[0].other_status = NULL;
    }
}

static void breach_outcome(struct kf_panel *panel)
{
    breach_regressed(panel, true);
}

static void breach_regressor(struct kf_panel *panel)
{
    breach_regressed(panel, false);
}

static void breach_previous_year(struct kf_panel *panel)
{
    add_previous(panel)->year = 2010;
}

static void breach_previous_gap(struct kf_panel *panel)
{
    add_previous(panel)->year = 2008;
}

static void breach_previous_order(struct kf_panel *panel)
{
    add_previous(add_previous(panel))->year = 2011;
}

static void breach_previous_member(struct kf_panel *panel)
{
    add_previous(panel)->members[2] = "0302";
}

static void breach_previous_members(struct kf_panel *panel)
{
    add_previous(panel)->members_len = 2;
}

static void breach_previous_edition(struct kf_panel *panel)
{
    struct kf_edition *own = kf_arena_alloc(panel->arena, sizeof *own);
    *own = edition;
    add_previous(panel)->edition = own;
}

static void breach_previous_arena(struct kf_panel *panel)
{
    add_previous(panel)->arena = NULL;
}

static void breach_previous_result(struct kf_panel *panel)
{
    struct kf_panel *previous = add_previous(panel);
    struct kf_result_key key = {KF_TOPIC_NEED, "barnehage", "", "need_index", NULL, false};
    struct kf_result *result = NULL;
    assert_int_equal(kf_panel_append(previous, &key, &result, NULL), KF_OK);
    result->values[1] = INFINITY;
}

static void breach_further_order(struct kf_panel *panel)
{
    add_further(add_further(panel, 2008), 2008);
}

static void breach_further_own(struct kf_panel *panel)
{
    add_further(panel, 2010);
}

static void breach_further_previous(struct kf_panel *panel)
{
    add_previous(panel);
    add_further(panel, 2009);
}

static void breach_further_before_it(struct kf_panel *panel)
{
    struct kf_panel *further = add_further(panel, 2006);
    further->previous = add_previous(panel);
}

static void breach_previous_further(struct kf_panel *panel)
{
    add_further(add_previous(panel), 2006);
}

static void breach_further_members(struct kf_panel *panel)
{
    add_further(panel, 2012)->members_len = 2;
}

static void breach_further_arena(struct kf_panel *panel)
{
    add_further(panel, 2012)->arena = NULL;
}

static void breach_further_value(struct kf_panel *panel)
{
    add_further(panel, 2012)->columns[2].values[1] = NAN;
}

static void breach_further_count(struct kf_panel *panel)
{
    for (int year = 2011; year < 2012 + KF_FURTHER_YEARS_MAX; year++) {
        panel = add_further(panel, year);
    }
}

static void breach_code(struct kf_panel *panel)
{
    panel->members[1] = "219";
}

static void breach_order(struct kf_panel *panel)
{
    panel->members[1] = "0106";
}

static void breach_columns(struct kf_panel *panel)
{
    panel->columns[2].variable = "barn";
}

static void breach_value(struct kf_panel *panel)
{
    panel->columns[2].values[1] = NAN;
}

static void breach_country(struct kf_panel *panel)
{
    panel->columns[0].country_value = INFINITY;
}

static void breach_population(struct kf_panel *panel)
{
    panel->columns[1].values[0] = -1;
}

static void breach_year(struct kf_panel *panel)
{
    panel->year = 20100;
}

static void breach_members(struct kf_panel *panel)
{
    panel->members_len = 0;
}

static void breach_edition(struct kf_panel *panel)
{
    panel->edition = NULL;
}

static void breach_topic(struct kf_panel *panel)
{
    panel->results[0].topic = KF_TOPICS;
}

static void breach_result(struct kf_panel *panel)
{
    panel->results[0].values[2] = -INFINITY;
}

static void breach_shape(struct kf_panel *panel)
{
    panel->results[1].values = NULL;
}

static void every_broken_promise_is_told(void **state)
{
    (void)state;
    static const struct {
        void (*breach)(struct kf_panel *panel);
        const char *part;
    } cases[] = {
        {breach_code, "no municipality code"},
        {breach_order, "0106 does not come after 0106"},
        {breach_columns, "barn does not come after folkemengde"},
        {breach_value, "timer of 0219"},
        {breach_country, "barn of the country"},
        {breach_population, "folkemengde is absent or not positive"},
        {breach_year, "20100"},
        {breach_members, "0 members"},
        {breach_edition, "no edition"},
        {breach_topic, "result 0"},
        {breach_result, "barnehage  index of 0301"},
        {breach_shape, "result 1"},
        {breach_country_count, "the country has 10001 municipalities"},
        {breach_other_code, "other 1 is no municipality code"},
        {breach_other_order, "other 0220 does not come after 0221"},
        {breach_others, "2001 others"},
        {breach_other_value, "barn of 0220 is not a finite number"},
        {breach_other_half, "column barn lacks the cells of the others"},
        {breach_outcome, "column timer lacks the cells of the others"},
        {breach_regressor, "column barn lacks the cells of the others"},
        {breach_previous_year, "the year 2010 is not the one before 2010"},
        {breach_previous_gap, "the year 2008 is not the one before 2010"},
        {breach_previous_order, "the year 2011 is not the one before 2009"},
        {breach_previous_member, "the years 2009 and 2010 have different members"},
        {breach_previous_members, "the years 2009 and 2010 have different members"},
        {breach_previous_edition, "the year 2009 has an edition or memory of its own"},
        {breach_previous_arena, "the year 2009 has an edition or memory of its own"},
        {breach_previous_result, "need_index of 0219"},
        {breach_further_order, "the further year 2008 does not come after 2008"},
        {breach_further_own, "the further year 2010 is one of the panel's own"},
        {breach_further_previous, "the further year 2009 is one of the panel's own"},
        {breach_further_before_it, "the further year 2006 has a year before it"},
        {breach_previous_further, "the year 2009 before the panel has further years"},
        {breach_further_members, "the years 2012 and 2010 have different members"},
        {breach_further_arena, "the year 2012 has an edition or memory of its own"},
        {breach_further_value, "timer of 0219"},
        {breach_further_count, "more than 24 further years"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct kf_panel *panel = sound_panel();
        struct kf_error err = {.text = ""};
        assert_int_equal(kf_panel_check(panel, &err), KF_OK);
        cases[i].breach(panel);
        assert_int_equal(kf_panel_check(panel, &err), KF_ERR_DATA);
        if (!strstr(err.text, cases[i].part)) {
            fail_msg("\"%s\" does not hold \"%s\"", err.text, cases[i].part);
        }
        kf_panel_destroy(&panel);
    }
}

static void every_failing_allocation_is_survived(void **state)
{
    (void)state;
    enum kf_err code = KF_ERR_MEMORY;
    int64_t n = 0;
    for (; code == KF_ERR_MEMORY; n++) {
        kf_memory_fail_after(n);
        struct kf_panel *panel = kf_panel_new();
        struct kf_result_key key = {KF_TOPIC_INDEX, "s", "", "index", NULL, true};
        struct kf_result *result = NULL;
        struct kf_error err;
        code = panel ? kf_panel_append(panel, &key, &result, &err) : KF_ERR_MEMORY;
        kf_memory_fail_after(-1);
        assert_true(code == KF_OK || !panel || panel->results_len == 0);
        kf_panel_destroy(&panel);
    }
    assert_int_equal(code, KF_OK);
    assert_true(n > 2);
    kf_panel_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_column_is_found_by_its_variable),
        cmocka_unit_test(the_population_is_positive_or_absent),
        cmocka_unit_test(a_result_is_appended_zeroed_and_found),
        cmocka_unit_test(the_unit_is_the_keys_or_the_measures_or_index),
        cmocka_unit_test(earlier_results_survive_growth_and_the_limit_holds),
        cmocka_unit_test(a_panel_with_others_and_years_before_it_is_sound),
        cmocka_unit_test(further_years_stand_on_either_side_of_the_panels_own),
        cmocka_unit_test(a_year_before_may_lack_a_population_the_panel_may_not),
        cmocka_unit_test(every_other_lies_outside_the_group_wherever_it_sorts),
        cmocka_unit_test(every_broken_promise_is_told),
        cmocka_unit_test(every_failing_allocation_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
