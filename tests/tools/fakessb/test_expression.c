#include "tests/support/cmocka.h"

#include <stdbool.h>
#include <string.h>

#include "tools/fakessb/expression.h"

static struct kf_fake_code codes[] = {{.code = "2022"},
                                      {.code = "2023"},
                                      {.code = "2024"},
                                      {.code = "2025", .hidden = true},
                                      {.code = "*total"}};
static const struct kf_fake_dimension years = {
    .id = "Tid", .codes = codes, .codes_len = 5, .has_total = true};

static bool flags[5];

static size_t mark(const char *text, bool all)
{
    memset(flags, 0, sizeof flags);
    return kf_fake_expression_mark(&years, text, all, flags);
}

/* The flags as a word. */
static const char *marked(void)
{
    static char word[6];
    for (size_t i = 0; i < 5; i++) {
        word[i] = flags[i] ? 'x' : '-';
    }
    return word;
}

static void each_form_means_its_codes(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t hits;
        const char *marked;
    } cases[] = {
        {"2023", 1, "-x---"},
        {"*", 3, "xxx--"},
        {"202?", 3, "xxx--"},
        {"*4", 1, "--x--"},
        {"2*2*2", 1, "x----"},
        {"top(1)", 1, "--x--"},
        {"top(2)", 2, "-xx--"},
        {"top(99)", 3, "xxx--"},
        {"bottom(2)", 2, "xx---"},
        {"from(2023)", 2, "-xx--"},
        {"to(2023)", 2, "xx---"},
        {"range(2022,2023)", 2, "xx---"},
        {"range(2024,2022)", 0, "-----"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(mark(cases[i].text, false), cases[i].hits);
        assert_string_equal(marked(), cases[i].marked);
    }
}

static void what_is_hidden_and_the_total_count_only_when_all_do(void **state)
{
    (void)state;
    assert_int_equal(mark("2025", false), 0);
    assert_int_equal(mark("2025", true), 1);
    assert_int_equal(mark("*", true), 5);
}

static void an_unknown_code_means_nothing(void **state)
{
    (void)state;
    static const char *const none[] = {"1999", "", "2023 ", "from(1999)", "range(2022,1999)"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        assert_int_equal(mark(none[i], false), 0);
        assert_string_equal(marked(), "-----");
    }
}

static void a_function_written_wrongly_is_illegal(void **state)
{
    (void)state;
    static const char *const wrong[] = {"top()",        "top(0)",       "top(x)",   "top(1",
                                        "top(1))",      "top(-1)",      "top(1,2)", "range(2022)",
                                        "range(,2022)", "range(1,2,3)", "to()",     "bottom(1)x"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_true(mark(wrong[i], false) == KF_FAKE_EXPRESSION_ILLEGAL);
        assert_string_equal(marked(), "-----");
    }
}

static void only_plain_codes_are_codes(void **state)
{
    (void)state;
    assert_true(kf_fake_expression_is_code("top"));
    assert_true(kf_fake_expression_is_code("105+"));
    assert_false(kf_fake_expression_is_code("top(1)"));
    assert_false(kf_fake_expression_is_code("20*"));
    assert_false(kf_fake_expression_is_code("?"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_form_means_its_codes),
        cmocka_unit_test(what_is_hidden_and_the_total_count_only_when_all_do),
        cmocka_unit_test(an_unknown_code_means_nothing),
        cmocka_unit_test(a_function_written_wrongly_is_illegal),
        cmocka_unit_test(only_plain_codes_are_codes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
