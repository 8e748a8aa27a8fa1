#include "tests/support/cmocka.h"

#include <stdio.h>

#include "services/board/api/choice.h"

/* "b/2020 a/2021 …" */
static void check(const struct kf_choice *list, size_t count, const char *expected)
{
    char text[256] = "";
    size_t length = 0;
    for (size_t i = 0; i < count; i++) {
        length += (size_t)snprintf(text + length, sizeof text - length, "%s%s/%d", i ? " " : "",
                                   list[i].edition, list[i].year);
    }
    assert_string_equal(text, expected);
}

static void the_asked_edition_comes_first_then_the_nearest_year(void **state)
{
    (void)state;
    struct kf_choice list[] = {{"a", 2024, 9}, {"b", 2018, 1}, {"b", 2022, 1}, {"c", 2023, 9}};
    size_t count = kf_choices_rank(list, 4, "b", 2024);
    check(list, count, "b/2022 b/2018 a/2024 c/2023");
}

static void of_one_year_more_figures_win_then_the_first_id_then_the_earlier_year(void **state)
{
    (void)state;
    struct kf_choice list[] = {
        {"d", 2023, 5}, {"c", 2024, 5}, {"b", 2024, 7}, {"a", 2024, 5}, {"d", 2025, 5}};
    size_t count = kf_choices_rank(list, 5, "x", 2024);
    check(list, count, "b/2024 a/2024 c/2024 d/2023 d/2025");
}

static void what_has_no_figures_is_no_choice(void **state)
{
    (void)state;
    struct kf_choice list[] = {{"a", 2024, 0}, {"b", 2020, 1}, {"c", 2024, 0}};
    size_t count = kf_choices_rank(list, 3, "a", 2024);
    check(list, count, "b/2020");
    assert_int_equal(kf_choices_rank(list, 0, "a", 2024), 0);
}

static void a_wish_is_taken_when_it_is_there(void **state)
{
    (void)state;
    const struct kf_choice list[] = {{"a", 2024, 1}, {"a", 2023, 1}, {"b", 2024, 1}};
    assert_int_equal(kf_choices_take(list, 3, "b", 2024), 2);
    assert_int_equal(kf_choices_take(list, 3, "a", 2023), 1);
    assert_int_equal(kf_choices_take(list, 3, "b", 2023), 0);
    assert_int_equal(kf_choices_take(list, 3, "", 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_asked_edition_comes_first_then_the_nearest_year),
        cmocka_unit_test(of_one_year_more_figures_win_then_the_first_id_then_the_earlier_year),
        cmocka_unit_test(what_has_no_figures_is_no_choice),
        cmocka_unit_test(a_wish_is_taken_when_it_is_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
