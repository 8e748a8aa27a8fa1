#include "tools/kf/editions_use.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static struct kf_text text;

static int open_text(void **state)
{
    (void)state;
    kf_text_init(&text, 4096);
    return 0;
}

static int close_text(void **state)
{
    (void)state;
    kf_text_clear(&text);
    return 0;
}

static void reads(const char *expected)
{
    assert_string_equal(text.bytes, expected);
    kf_text_reset(&text);
}

/* People of ages in a row. */
static struct kf_terms ages(unsigned from, unsigned to)
{
    static struct kf_term list[KF_AGE_MAX + 1];
    static char names[KF_AGE_MAX + 1][16];
    size_t count = 0;
    for (unsigned age = from; age <= to; age++) {
        (void)snprintf(names[count], sizeof names[count], "alder_%u", age);
        list[count] = (struct kf_term){.variable = names[count], .factor = 1};
        count++;
    }
    return (struct kf_terms){list, count};
}

static void years_of_age_in_a_row_are_told_as_they_are_written(void **state)
{
    (void)state;
    struct kf_terms terms = ages(6, 12);
    kf_editions_people(&terms, false, &text);
    reads("ages 6-12");
    terms = ages(67, 105);
    kf_editions_people(&terms, true, &text);
    reads("alder 67+");
    terms = ages(105, 105);
    kf_editions_people(&terms, false, &text);
    reads("ages 105");
}

static void other_people_are_a_sum(void **state)
{
    (void)state;
    struct kf_terms terms = ages(6, 7);
    terms.list[1].variable = "alder_8";
    kf_editions_people(&terms, false, &text);
    reads("alder_6 + alder_8");
    terms.list[1].factor = 2;
    kf_editions_people(&terms, false, &text);
    reads("alder_6 + 2·alder_8");
}

static void a_criterion_counts_its_variable_else_its_ages_else_everybody_once(void **state)
{
    (void)state;
    struct kf_criterion criterion = {.variable = "innb_1_5", .ages = ages(1, 5)};
    kf_editions_criterion(&criterion, false, &text);
    reads("innb_1_5, or else ages 1-5");
    criterion.variable = "";
    kf_editions_criterion(&criterion, false, &text);
    reads("ages 1-5");
    criterion.ages.count = 0;
    kf_editions_criterion(&criterion, false, &text);
    reads("basis");
}

static void money_is_told_in_thousands_where_all_of_it_is(void **state)
{
    (void)state;
    struct kf_term list[] = {{.variable = "ndu", .factor = 1000},
                             {.variable = "fylke", .factor = -1000}};
    struct kf_terms terms = {list, 2};
    kf_editions_money(&terms, false, &text);
    reads("ndu + -1·fylke (1000 kr)");
    list[1].factor = 1;
    kf_editions_money(&terms, false, &text);
    reads("1000·ndu + fylke (kr)");
}

static void an_adjustment_says_what_it_changes_by_how_much_and_for_whom(void **state)
{
    (void)state;
    struct kf_term payroll = {.variable = "pensjon", .factor = 1};
    struct kf_term wages = {.variable = "lonn", .factor = 1};
    const char *only[] = {"0301", "1103"};
    struct kf_adjustment adjustment = {.to = KF_ADJUST_EXPENDITURE,
                                       .payroll_costs = {&payroll, 1},
                                       .wages = {&wages, 1},
                                       .only = only,
                                       .only_len = 2};
    kf_editions_adjustment(&adjustment, false, &text);
    reads("expenditure: payroll costs pensjon (kr) as a common percentage of lonn (kr); only 0301, "
          "1103");
    adjustment = (struct kf_adjustment){.to = KF_ADJUST_NEED, .amount = {&wages, 1}};
    kf_editions_adjustment(&adjustment, false, &text);
    reads("need: lonn (kr)");
}

static void rates_are_given_or_derived(void **state)
{
    (void)state;
    double rates[] = {0, 210000.5, 1234567};
    const char *of[] = {"kommunehelse", "sosial"};
    struct kf_age_group groups[] = {{.id = "0"}, {.id = "1-5"}, {.id = "6+"}};
    struct kf_demography demography = {.cost_groups = groups, .cost_groups_len = 3};
    struct kf_cost_sector sector = {.rates = rates};
    kf_editions_rates(&demography, &sector, false, &text);
    reads("1-5: 210000.5 kr, 6+: 1234567 kr");
    demography.rate_year = 2024;
    sector = (struct kf_cost_sector){.of = of, .of_len = 2};
    kf_editions_rates(&demography, &sector, false, &text);
    reads("derived of kommunehelse, sosial, 2024");
}

static void a_projection_tells_its_prefix_once(void **state)
{
    (void)state;
    struct kf_term list[] = {{.variable = "fram_2024_innb_0", .factor = 1},
                             {.variable = "fram_2024_innb_1_5", .factor = 1}};
    struct kf_age_group group = {.projected = {list, 2}};
    struct kf_demography demography = {
        .projected_population = "fram_2024_folkemengde", .observed_through = 2024, .rebased = true};
    kf_editions_projected(&demography, &group, &text);
    reads("innb_0 + innb_1_5");
    kf_editions_projection(&demography, false, &text);
    reads("fram_2024_folkemengde, observed through 2024, rebased");
    demography.observed_through = 0;
    kf_editions_projection(&demography, false, &text);
    reads("");
}

static void the_year_of_need_and_the_rule_of_criteria_are_words_of_the_language(void **state)
{
    (void)state;
    struct kf_edition edition = {.need_year = KF_NEED_YEAR_NEXT};
    kf_editions_need_year(&edition, &text);
    reads("next");
    edition.need_year = 2026;
    kf_editions_need_year(&edition, &text);
    reads("2026");
    edition.need_year = KF_NEED_YEAR_SAME;
    kf_editions_need_year(&edition, &text);
    reads("same");
    assert_string_equal(kf_editions_criteria(KF_CRITERIA_AGES), "ages");
    assert_string_equal(kf_editions_criteria(KF_CRITERIA_ALL), "all");
}

#define WITH_TEXT(test) cmocka_unit_test_setup_teardown(test, open_text, close_text)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_TEXT(years_of_age_in_a_row_are_told_as_they_are_written),
        WITH_TEXT(other_people_are_a_sum),
        WITH_TEXT(a_criterion_counts_its_variable_else_its_ages_else_everybody_once),
        WITH_TEXT(money_is_told_in_thousands_where_all_of_it_is),
        WITH_TEXT(an_adjustment_says_what_it_changes_by_how_much_and_for_whom),
        WITH_TEXT(rates_are_given_or_derived),
        WITH_TEXT(a_projection_tells_its_prefix_once),
        WITH_TEXT(the_year_of_need_and_the_rule_of_criteria_are_words_of_the_language),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
