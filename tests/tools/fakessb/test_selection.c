#include "tests/support/cmocka.h"

#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"
#include "tests/tools/fakessb/fixture.h"
#include "tools/fakessb/selection.h"

static struct kf_day day;
static struct kf_fake_world *world;

static int set_up(void **state)
{
    (void)state;
    kf_day_init(&day);
    world = fixture_world(&day);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    kf_fake_world_destroy(&world);
    return 0;
}

static enum kf_fake_refusal of_url(const char *parameters, struct kf_fake_selection *selection)
{
    static struct kf_fake_query query;
    char url[512];
    (void)snprintf(url, sizeof url, "/data?%s", parameters);
    assert_true(kf_fake_query_parse(url, &query));
    return kf_fake_selection_of_query(fixture_table(world), &query, selection);
}

static enum kf_fake_refusal of_body(const char *body, struct kf_fake_selection *selection)
{
    return kf_fake_selection_of_body(fixture_table(world), body, strlen(body), selection);
}

#define R "valueCodes[Region]="
#define C "&valueCodes[C]=N"
#define T "&valueCodes[Tid]="

static void codes_that_are_named_are_chosen(void **state)
{
    (void)state;
    struct kf_fake_selection selection;
    assert_int_equal(of_url(R "4601" C T "2023,top(1)", &selection), KF_FAKE_ACCEPTED);
    assert_int_equal(selection.cells, 2);
    assert_true(selection.left_out[1]);
    assert_true(selection.flags[0][1] && !selection.flags[0][0]);
    assert_true(selection.flags[3][0] && !selection.flags[3][1] && selection.flags[3][2]);
    assert_false(kf_fake_selection_is_whole(&selection, fixture_table(world)));
    kf_fake_selection_clear(&selection);
    assert_int_equal(of_url(R "*" C T "*&valueCodes[Alder]=*", &selection), KF_FAKE_ACCEPTED);
    assert_int_equal(selection.cells, 12);
    assert_true(kf_fake_selection_is_whole(&selection, fixture_table(world)));
    kf_fake_selection_clear(&selection);
}

static void a_question_without_any_gets_the_default(void **state)
{
    (void)state;
    struct kf_fake_selection selection;
    assert_int_equal(of_url("lang=no", &selection), KF_FAKE_ACCEPTED);
    assert_int_equal(selection.cells, 1);
    assert_true(selection.flags[0][0]);
    assert_true(selection.flags[3][2]);
    kf_fake_selection_clear(&selection);
}

static void each_fault_has_its_refusal(void **state)
{
    (void)state;
    static const struct {
        const char *parameters;
        enum kf_fake_refusal refusal;
    } cases[] = {
        {R "0301" C, KF_FAKE_MISSING},
        {R "" C T "2023", KF_FAKE_MISSING},
        {R "1" C T "2023", KF_FAKE_NO_VALUE},
        {R "9*" C T "2023", KF_FAKE_NO_VALUE},
        {R "0301" C T "top()", KF_FAKE_ILLEGAL},
        {R "0301,0301" C T "2023", KF_FAKE_TWICE},
        {R "0301" C T "2023" T "2024", KF_FAKE_ILLEGAL},
        {R "0301" C T "2023&valueCodes[X]=1", KF_FAKE_NO_VARIABLE},
        {R "0301" C T "2023&codelist[Region]=agg", KF_FAKE_NO_CODELIST},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct kf_fake_selection selection;
        assert_int_equal(of_url(cases[i].parameters, &selection), cases[i].refusal);
        assert_null(selection.flags[0]);
    }
}

#define ITEM(dimension, codes) "{\"variableCode\":\"" dimension "\",\"valueCodes\":[" codes "]}"

static void a_body_says_the_same(void **state)
{
    (void)state;
    struct kf_fake_selection selection;
    assert_int_equal(of_body("{\"selection\":[" ITEM("Region", "\"*\"") "," ITEM(
                                 "C", "\"N\"") "," ITEM("Tid", "\"2024\"") "]}",
                             &selection),
                     KF_FAKE_ACCEPTED);
    assert_int_equal(selection.cells, 2);
    kf_fake_selection_clear(&selection);
}

static void a_body_that_is_no_question_is_illegal(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",
        "{",
        "[]",
        "null",
        "{\"selection\":1}",
        "{\"selection\":[1]}",
        "{\"selection\":[{\"variableCode\":\"Tid\"}]}",
        "{\"selection\":[{\"valueCodes\":[]}]}",
        "{\"selection\":[" ITEM("Tid", "1") "]}",
        "{\"selection\":[],\"selection\":[]}",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct kf_fake_selection selection;
        assert_int_equal(of_body(wrong[i], &selection), KF_FAKE_ILLEGAL);
        assert_null(selection.flags[0]);
    }
}

static void without_memory_it_is_refused_and_nothing_is_kept(void **state)
{
    (void)state;
    for (int64_t n = 0; n < 3; n++) {
        struct kf_fake_selection selection;
        kf_memory_fail_after(n);
        enum kf_fake_refusal refusal = of_url(R "0301" C T "2023", &selection);
        kf_memory_fail_after(-1);
        assert_int_equal(refusal, KF_FAKE_NO_MEMORY);
        assert_null(selection.flags[0]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_that_are_named_are_chosen),
        cmocka_unit_test(a_question_without_any_gets_the_default),
        cmocka_unit_test(each_fault_has_its_refusal),
        cmocka_unit_test(a_body_says_the_same),
        cmocka_unit_test(a_body_that_is_no_question_is_illegal),
        cmocka_unit_test(without_memory_it_is_refused_and_nothing_is_kept),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
