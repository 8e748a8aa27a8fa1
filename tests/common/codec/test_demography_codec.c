/* What an edition may say of need by age, resource use, income and demography, and what not. That
 * every field arrives is tested by the golden bytes. */
#include "edition_message.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/codec/unpack.h"
#include "tests/support/cmocka.h"

/* Sets the text for one try. */
static void assert_text(struct fixture *fixture, char **text, const char *value, const char *told)
{
    char *before = *text;
    *text = kf_borrow(value);
    assert_result(fixture, KF_ERR_DATA, told);
    *text = before;
}

static void names_that_are_keys_must_be_there(void **state)
{
    struct fixture *fixture = *state;
    Kf__V1__Edition *message = fixture->message;
    Kf__V1__Resources *resources = message->sectors[0]->resources;
    Kf__V1__Demography *demography = message->demography;
    assert_text(fixture, &message->sectors[0]->criteria[0]->ages[1]->variable, "", "innb_6_15");
    assert_text(fixture, &resources->net[1]->variable, "", "grunnskole has a sum");
    assert_text(fixture, &resources->adjustments[0]->id, "", "adjustment \"\" of grunnskole");
    assert_text(fixture, &resources->adjustments[0]->wages[0]->variable, "", "pensjon has a sum");
    assert_text(fixture, &resources->adjustments[0]->payroll_costs[1]->variable, "",
                "pensjon has a sum");
    assert_text(fixture, &resources->adjustments[1]->amount[0]->variable, "",
                "private_skoler has a sum");
    assert_text(fixture, &message->uses[0]->id, "", "use \"\" lacks");
    assert_text(fixture, &message->uses[0]->amount[1]->variable, "", "netto_renter_og_avdrag");
    assert_text(fixture, &message->income[0]->variable, "", "prove-2010 has a sum");
    assert_text(fixture, &demography->groups[0]->id, "", "age group \"\"");
    assert_text(fixture, &demography->groups[0]->people[1]->variable, "", "0-1 has a sum");
    assert_text(fixture, &demography->groups[0]->projected[0]->variable, "", "0-1 has a sum");
    assert_text(fixture, &demography->cost_groups[1]->id, "", "age group \"\"");
    assert_text(fixture, &demography->sectors[0]->id, "", "the service \"\" lacks its id");
    assert_result(fixture, KF_OK, "");
}

static void ids_stand_once_in_their_list(void **state)
{
    struct fixture *fixture = *state;
    Kf__V1__Edition *message = fixture->message;
    Kf__V1__Demography *demography = message->demography;
    assert_text(fixture, &message->sectors[0]->resources->adjustments[2]->id, "pensjon",
                "two adjustments");
    assert_text(fixture, &message->uses[1]->id, "netto_renter_og_avdrag", "two uses");
    assert_text(fixture, &message->uses[1]->id, "pleie_omsorg", "both a use and a sector");
    assert_text(fixture, &demography->groups[1]->id, "0-1", "two age groups");
    assert_text(fixture, &demography->cost_groups[1]->id, "0", "two cost groups");
    assert_text(fixture, &demography->sectors[1]->id, "barnehage", "two services");
    assert_result(fixture, KF_OK, "");
}

static void sectors_that_are_named_are_sectors_of_the_edition(void **state)
{
    struct fixture *fixture = *state;
    assert_text(fixture, &fixture->message->sectors[0]->resources->need_of, "musikkskole",
                "takes the need of \"musikkskole\"");
    assert_text(fixture, &fixture->message->demography->sectors[1]->of[1], "musikkskole",
                "derives rates from no sector");
    assert_result(fixture, KF_OK, "");
}

static void numbers_must_be_finite(void **state)
{
    struct fixture *fixture = *state;
    Kf__V1__Edition *message = fixture->message;
    Kf__V1__Resources *resources = message->sectors[0]->resources;
    double rates[] = {0, 0};
    message->demography->sectors[0]->rates = rates;
    double *numbers[] = {&message->sectors[0]->criteria[0]->ages[0]->factor,
                         &resources->net[0]->factor,
                         &resources->adjustments[2]->amount[0]->factor,
                         &message->uses[0]->amount[0]->factor,
                         &message->income[0]->factor,
                         &message->demography->groups[0]->people[0]->factor,
                         &message->demography->groups[1]->care_weight,
                         &message->demography->cost_groups[1]->projected[0]->factor,
                         &rates[1]};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        double before = *numbers[i];
        *numbers[i] = i % 2 ? NAN : INFINITY;
        assert_result(fixture, KF_ERR_DATA, "finite");
        *numbers[i] = before;
    }
    message->demography->groups[1]->care_weight = -1;
    assert_result(fixture, KF_ERR_DATA, "weight from 0 on");
    message->demography->groups[1]->care_weight = 0;
    assert_result(fixture, KF_OK, "");
}

static void years_are_years_or_what_stands_for_none(void **state)
{
    struct fixture *fixture = *state;
    Kf__V1__Demography *demography = fixture->message->demography;
    int32_t *years[] = {&fixture->message->need_year, &demography->base_year,
                        &demography->rate_year, &demography->observed_through};
    const int32_t bad[] = {-2, 1, KF_EDITION_YEAR_MIN - 1, KF_EDITION_YEAR_MAX + 1, INT32_MAX};
    for (size_t y = 0; y < sizeof years / sizeof years[0]; y++) {
        int32_t before = *years[y];
        for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
            *years[y] = bad[i];
            assert_result(fixture, KF_ERR_DATA, "");
        }
        *years[y] = before;
    }
    fixture->message->need_year = KF_NEED_YEAR_SAME;
    assert_result(fixture, KF_OK, "");
    fixture->message->need_year = 2011;
    assert_result(fixture, KF_OK, "");
    demography->base_year = 0;
    assert_result(fixture, KF_ERR_DATA, "base year");
}

static void a_projection_says_how_long_people_were_observed(void **state)
{
    struct fixture *fixture = *state;
    Kf__V1__Demography *demography = fixture->message->demography;
    demography->observed_through = 0;
    assert_result(fixture, KF_ERR_DATA, "last year that is observed");
    demography->observed_through = 2009;
    demography->projected_population = kf_borrow("");
    assert_result(fixture, KF_ERR_DATA, "last year that is observed");
    demography->observed_through = 0;
    assert_result(fixture, KF_ERR_DATA, "rebases no projection");
    demography->rebased = 0;
    assert_result(fixture, KF_OK, "");
}

static void every_cost_group_has_one_rate_or_all_are_derived(void **state)
{
    struct fixture *fixture = *state;
    Kf__V1__Demography *demography = fixture->message->demography;
    Kf__V1__CostSector *given = demography->sectors[0];
    Kf__V1__CostSector *derived = demography->sectors[1];
    given->n_rates = 1;
    assert_result(fixture, KF_ERR_DATA, "not one rate for each cost group");
    given->n_rates = 0;
    assert_result(fixture, KF_ERR_DATA, "not one rate for each cost group");
    given->n_rates = 2;
    derived->rates = given->rates;
    derived->n_rates = 2;
    assert_result(fixture, KF_ERR_DATA, "both given and derived");
    derived->n_rates = 0;
    demography->rate_year = 0;
    assert_result(fixture, KF_ERR_DATA, "derives rates of no year");
    demography->rate_year = 2008;
    demography->n_cost_groups = 1;
    assert_result(fixture, KF_ERR_DATA, "not one rate for each cost group");
    demography->n_cost_groups = 0;
    given->n_rates = 0;
    assert_result(fixture, KF_ERR_DATA, "not one rate for each cost group");
}

static void an_adjustment_is_an_amount_or_payroll_costs_of_wages(void **state)
{
    struct fixture *fixture = *state;
    Kf__V1__Adjustment **list = fixture->message->sectors[0]->resources->adjustments;
    list[0]->n_wages = 0;
    assert_result(fixture, KF_ERR_DATA, "either an amount, or payroll costs and wages");
    list[0]->n_payroll_costs = 0;
    assert_result(fixture, KF_ERR_DATA, "either an amount, or payroll costs and wages");
    list[0]->amount = list[1]->amount;
    list[0]->n_amount = 1;
    assert_result(fixture, KF_OK, "");
    list[0]->n_wages = 1;
    list[0]->n_payroll_costs = 2;
    assert_result(fixture, KF_ERR_DATA, "either an amount, or payroll costs and wages");
    list[0]->n_amount = 0;
    const int unknown[] = {0, -1, KF_ADJUST_NEED + 1};
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        memcpy(&list[1]->to, &unknown[i], sizeof(int));
        assert_result(fixture, KF_ERR_DATA, "changes something unknown");
    }
}

static void municipalities_of_an_adjustment_are_codes_that_ascend(void **state)
{
    struct fixture *fixture = *state;
    char **only = fixture->message->sectors[0]->resources->adjustments[2]->only;
    assert_text(fixture, &only[0], "1103", "out of order");
    assert_text(fixture, &only[0], "5001", "out of order");
    assert_text(fixture, &only[1], "Oslo", "no codes");
    assert_text(fixture, &only[1], "", "no codes");
    assert_result(fixture, KF_OK, "");
}

static void sums_that_must_be_there_are_there(void **state)
{
    struct fixture *fixture = *state;
    Kf__V1__Edition *message = fixture->message;
    size_t *counts[] = {&message->sectors[0]->resources->n_net, &message->uses[0]->n_amount,
                        &message->demography->groups[0]->n_people,
                        &message->demography->cost_groups[0]->n_people};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        size_t before = *counts[i];
        *counts[i] = 0;
        assert_result(fixture, KF_ERR_DATA, "");
        *counts[i] = before;
    }
    message->n_income = 0; /* income is then the sum of its uses */
    assert_result(fixture, KF_OK, "");
}

static void unknown_rules_for_criteria_are_refused(void **state)
{
    struct fixture *fixture = *state;
    const int unknown[] = {-1, KF_CRITERIA_AGES + 1};
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        memcpy(&fixture->message->criteria, &unknown[i], sizeof(int));
        assert_result(fixture, KF_ERR_DATA, "criteria rule");
    }
}

/* Counts are seen before anything is read: the lists need not be that long. */
static void counts_beyond_the_limits_are_refused(void **state)
{
    struct fixture *fixture = *state;
    Kf__V1__Edition *message = fixture->message;
    Kf__V1__Resources *resources = message->sectors[0]->resources;
    Kf__V1__Demography *demography = message->demography;
    const struct {
        size_t *count;
        size_t maximum;
        const char *what;
    } cases[] = {
        {&message->sectors[0]->criteria[0]->n_ages, KF_TERMS_MAX, "terms"},
        {&resources->n_net, KF_TERMS_MAX, "terms"},
        {&resources->n_adjustments, KF_ADJUSTMENTS_MAX, "adjustments"},
        {&resources->adjustments[0]->n_payroll_costs, KF_TERMS_MAX, "terms"},
        {&resources->adjustments[0]->n_wages, KF_TERMS_MAX, "terms"},
        {&resources->adjustments[1]->n_amount, KF_TERMS_MAX, "terms"},
        {&resources->adjustments[2]->n_only, KF_ADJUSTED_MAX, "adjusted municipalities"},
        {&message->n_uses, KF_USES_MAX, "uses"},
        {&message->uses[0]->n_amount, KF_TERMS_MAX, "terms"},
        {&message->n_income, KF_TERMS_MAX, "terms"},
        {&demography->n_groups, KF_AGE_GROUPS_MAX, "age groups"},
        {&demography->groups[0]->n_people, KF_TERMS_MAX, "terms"},
        {&demography->groups[0]->n_projected, KF_TERMS_MAX, "terms"},
        {&demography->n_cost_groups, KF_AGE_GROUPS_MAX, "cost groups"},
        {&demography->n_sectors, KF_SECTORS_MAX, "services"},
        {&demography->sectors[1]->n_of, KF_SECTORS_MAX, "sectors of rates"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t before = *cases[i].count;
        *cases[i].count = cases[i].maximum + 1;
        assert_result(fixture, KF_ERR_LIMIT, cases[i].what);
        *cases[i].count = before;
    }
    demography->sectors[0]->n_rates = SIZE_MAX / sizeof(double);
    assert_result(fixture, KF_ERR_DATA, "not one rate for each cost group");
}

static void parts_that_are_absent_are_empty(void **state)
{
    struct fixture *fixture = *state;
    struct kf_error err = {0};
    const struct kf_edition *edition = NULL;
    fixture->message->sectors[0]->resources = NULL;
    fixture->message->demography = NULL;
    fixture->message->n_uses = 0;
    fixture->message->n_income = 0;
    fixture->message->criteria = KF__V1__CRITERIA_RULE__CRITERIA_RULE_UNSPECIFIED;
    assert_int_equal(kf_edition_from_message(fixture->message, fixture->arena, &edition, &err),
                     KF_OK);
    assert_int_equal(edition->sectors[0].resources.net.count, 0);
    assert_string_equal(edition->sectors[0].resources.need_of, "");
    assert_int_equal(edition->demography.base_year, 0);
    assert_string_equal(edition->demography.projected_population, "");
    assert_string_equal(edition->demography.projection.nb, "");
    assert_int_equal(edition->uses_len, 0);
    assert_int_equal(edition->income.count, 0);
    assert_int_equal(edition->criteria, KF_CRITERIA_ALL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_fixture, close_fixture)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(names_that_are_keys_must_be_there),
        TEST(ids_stand_once_in_their_list),
        TEST(sectors_that_are_named_are_sectors_of_the_edition),
        TEST(numbers_must_be_finite),
        TEST(years_are_years_or_what_stands_for_none),
        TEST(a_projection_says_how_long_people_were_observed),
        TEST(every_cost_group_has_one_rate_or_all_are_derived),
        TEST(an_adjustment_is_an_amount_or_payroll_costs_of_wages),
        TEST(municipalities_of_an_adjustment_are_codes_that_ascend),
        TEST(sums_that_must_be_there_are_there),
        TEST(unknown_rules_for_criteria_are_refused),
        TEST(counts_beyond_the_limits_are_refused),
        TEST(parts_that_are_absent_are_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
