/* What an edition may say of unit costs, and what not. That every field arrives is tested by the
 * golden bytes. */
#include "edition_message.h"

#include <math.h>

#include "common/codec/unit_cost_codec.h"
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
    Kf__V1__UnitCosts *costs = fixture->message->unit_costs;
    assert_text(fixture, &costs->services[1]->id, "", "the service \"\" lacks its id or unit");
    assert_text(fixture, &costs->services[0]->unit, "", "the service \"HTAMDK\" lacks");
    assert_text(fixture, &costs->groups[1]->id, "", "cost group \"\" lacks its id");
    assert_text(fixture, &costs->groups[0]->net[0]->variable, "", "hjemmetjenester has a sum");
    assert_text(fixture, &costs->groups[1]->grant[0]->variable, "", "institusjon has a sum");
    assert_text(fixture, &costs->groups[0]->deliveries[0]->quantity[1]->variable, "",
                "hjemmetjenester has a sum");
    assert_text(fixture, &costs->gain[0]->variable, "", "prove-2010 has a sum");
    assert_text(fixture, &costs->institution->days[0]->variable, "", "prove-2010 has a sum");
    assert_text(fixture, &costs->institution->expenditure[1]->variable, "", "prove-2010 has a sum");
    assert_text(fixture, &costs->institution->of[3]->variable, "", "prove-2010 has a sum");
    assert_text(fixture, &costs->user_times[1]->id, "", "time with users \"\" lacks");
    assert_text(fixture, &costs->user_times[0]->approved[0]->variable, "", "ambulerende has a sum");
    assert_text(fixture, &costs->user_times[0]->available[1]->variable, "",
                "ambulerende has a sum");
    assert_text(fixture, &costs->growths[0]->id, "", "growth \"\" lacks");
    assert_text(fixture, &costs->growths[0]->demographic, "", "growth \"arlig\" lacks");
    assert_text(fixture, &costs->growths[1]->expenditure[1]->variable, "", "beregnet has a sum");
    assert_result(fixture, KF_OK, "");
}

static void ids_stand_once_in_their_list(void **state)
{
    struct fixture *fixture = *state;
    Kf__V1__UnitCosts *costs = fixture->message->unit_costs;
    costs->groups[0]->n_deliveries = 1; /* korttid is not delivered while it has another id */
    assert_text(fixture, &costs->services[1]->id, "HTAMDK", "two services called \"HTAMDK\"");
    costs->groups[0]->n_deliveries = 2;
    assert_text(fixture, &costs->groups[1]->id, "hjemmetjenester", "two cost groups");
    assert_text(fixture, &costs->user_times[1]->id, "ambulerende", "two kinds of time");
    assert_text(fixture, &costs->growths[1]->id, "arlig", "two kinds of growth");
    assert_result(fixture, KF_OK, "");
}

static void ids_are_what_an_edition_may_call_its_own(void **state)
{
    struct fixture *fixture = *state;
    Kf__V1__UnitCosts *costs = fixture->message->unit_costs;
    static const char *const groups[] = {"services",   "institution", "user_time",
                                         "growth",     "grants",      "resource_intensive",
                                         "demography", "total",       "total_with_administration",
                                         "inside",     "outside",     "disposable_income",
                                         "residual",   "Hjemme",      "to ord",
                                         "../opp",     "a\nb"};
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        assert_text(fixture, &costs->groups[1]->id, groups[i], "that no cost group can have");
    }
    static const char *const services[] = {
        "to ord", "a/b", "a\nb", "\xc3\xa6",
        "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklm"};
    for (size_t i = 0; i < sizeof services / sizeof services[0]; i++) {
        assert_text(fixture, &costs->services[0]->id, services[i], "an id that is no code");
    }
    assert_result(fixture, KF_OK, "");
}

static void a_group_delivers_services_of_the_edition_each_once(void **state)
{
    struct fixture *fixture = *state;
    Kf__V1__CostGroup *group = fixture->message->unit_costs->groups[0];
    assert_text(fixture, &group->deliveries[1]->service, "HTAMDK", "two services of a cost group");
    assert_text(fixture, &group->deliveries[1]->service, "htamdk", "delivers no service");
    assert_text(fixture, &group->deliveries[1]->service, "", "delivers no service");
    group->deliveries[1]->n_quantity = 0;
    assert_result(fixture, KF_ERR_DATA, "without a quantity");
    group->n_deliveries = 0; /* a group may only be compared with what was granted */
    assert_result(fixture, KF_OK, "");
}

static void numbers_must_be_finite(void **state)
{
    struct fixture *fixture = *state;
    Kf__V1__UnitCosts *costs = fixture->message->unit_costs;
    double *numbers[] = {&costs->services[0]->rates[1]->value,
                         &costs->rate_growth[0]->value,
                         &costs->prices[1]->value,
                         &costs->groups[0]->net[0]->factor,
                         &costs->groups[1]->grant[0]->factor,
                         &costs->groups[0]->deliveries[0]->quantity[1]->factor,
                         &costs->gain[0]->factor,
                         &costs->institution->days[0]->factor,
                         &costs->institution->expenditure[0]->factor,
                         &costs->institution->of[0]->factor,
                         &costs->user_times[0]->approved[0]->factor,
                         &costs->user_times[0]->available[0]->factor,
                         &costs->growths[1]->expenditure[0]->factor};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        double before = *numbers[i];
        *numbers[i] = i % 2 ? NAN : INFINITY;
        assert_result(fixture, KF_ERR_DATA, "finite");
        *numbers[i] = before;
    }
    assert_result(fixture, KF_OK, "");
}

static void figures_are_what_their_kind_may_be(void **state)
{
    struct fixture *fixture = *state;
    Kf__V1__UnitCosts *costs = fixture->message->unit_costs;
    const struct {
        double *figure;
        double bad;
        const char *told;
    } cases[] = {
        {&costs->services[0]->rates[0]->value, 0, "HTAMDK: rates of 2008"},
        {&costs->services[0]->rates[0]->value, -1, "HTAMDK: rates of 2008"},
        {&costs->services[0]->rates[0]->value, 1000000001, "HTAMDK: rates of 2008"},
        {&costs->rate_growth[1]->value, 1000.5, "growth of rates of 2010"},
        {&costs->rate_growth[1]->value, -100, "growth of rates of 2010"},
        {&costs->prices[0]->value, -100.5, "prices of 2009"},
        {&costs->user_times[0]->norm, -0.125, "norm that is no share"},
        {&costs->user_times[0]->norm, 1.0625, "norm that is no share"},
        {&costs->user_times[0]->norm, NAN, "norm that is no share"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double before = *cases[i].figure;
        *cases[i].figure = cases[i].bad;
        assert_result(fixture, KF_ERR_DATA, cases[i].told);
        *cases[i].figure = before;
    }
    costs->user_times[0]->norm = 1;
    costs->rate_growth[1]->value = -99.5;
    costs->services[0]->rates[0]->value = 1e9;
    costs->prices[0]->value = 1000;
    assert_result(fixture, KF_OK, "");
}

static void years_ascend_within_the_years_of_editions(void **state)
{
    struct fixture *fixture = *state;
    Kf__V1__UnitCosts *costs = fixture->message->unit_costs;
    Kf__V1__YearFigure **lists[] = {costs->services[0]->rates, costs->rate_growth, costs->prices};
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        int32_t first = lists[i][0]->year;
        int32_t last = lists[i][1]->year;
        const int32_t bad[] = {last, last + 1, KF_EDITION_YEAR_MIN - 1, INT32_MIN};
        for (size_t b = 0; b < sizeof bad / sizeof bad[0]; b++) {
            lists[i][0]->year = bad[b];
            assert_result(fixture, KF_ERR_DATA, "out of their order");
        }
        lists[i][0]->year = first;
        lists[i][1]->year = KF_EDITION_YEAR_MAX + 1;
        assert_result(fixture, KF_ERR_DATA, "out of their order");
        lists[i][1]->year = last;
    }
    assert_result(fixture, KF_OK, "");
}

static void sums_that_must_be_there_are_there(void **state)
{
    struct fixture *fixture = *state;
    Kf__V1__UnitCosts *costs = fixture->message->unit_costs;
    const struct {
        size_t *count;
        const char *told;
    } cases[] = {
        {&costs->groups[0]->n_net, "net expenditure"},
        {&costs->institution->n_expenditure, "share of, not both"},
        {&costs->institution->n_of, "share of, not both"},
        {&costs->user_times[0]->n_approved, "approved or available hours"},
        {&costs->user_times[0]->n_available, "approved or available hours"},
        {&costs->growths[1]->n_expenditure, "not either given or that of an amount"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t before = *cases[i].count;
        *cases[i].count = 0;
        assert_result(fixture, KF_ERR_DATA, cases[i].told);
        *cases[i].count = before;
    }
    assert_text(fixture, &costs->growths[1]->gross, "vekst_brutto", "not either given");
    costs->n_gain = 0;
    costs->institution->n_days = 0;
    costs->groups[1]->n_grant = 0;
    costs->services[0]->n_rates = 0;
    assert_result(fixture, KF_OK, "");
}

/* Counts are seen before anything is read: the lists need not be that long. */
static void counts_beyond_the_limits_are_refused(void **state)
{
    struct fixture *fixture = *state;
    Kf__V1__UnitCosts *costs = fixture->message->unit_costs;
    const size_t years = KF_EDITION_YEAR_MAX - KF_EDITION_YEAR_MIN + 1;
    const struct {
        size_t *count;
        size_t maximum;
        const char *what;
    } cases[] = {
        {&costs->n_services, KF_SERVICES_MAX, "services"},
        {&costs->services[0]->n_rates, years, "rates"},
        {&costs->n_rate_growth, years, "growth of rates"},
        {&costs->n_groups, KF_COST_GROUPS_MAX, "cost groups"},
        {&costs->groups[0]->n_net, KF_TERMS_MAX, "terms"},
        {&costs->groups[1]->n_grant, KF_TERMS_MAX, "terms"},
        {&costs->groups[0]->n_deliveries, KF_SERVICES_MAX, "services of a cost group"},
        {&costs->groups[0]->deliveries[0]->n_quantity, KF_TERMS_MAX, "terms"},
        {&costs->n_gain, KF_TERMS_MAX, "terms"},
        {&costs->institution->n_days, KF_TERMS_MAX, "terms"},
        {&costs->institution->n_expenditure, KF_TERMS_MAX, "terms"},
        {&costs->institution->n_of, KF_TERMS_MAX, "terms"},
        {&costs->n_user_times, KF_USER_TIMES_MAX, "kinds of time"},
        {&costs->user_times[0]->n_approved, KF_TERMS_MAX, "terms"},
        {&costs->user_times[0]->n_available, KF_TERMS_MAX, "terms"},
        {&costs->n_growths, KF_GROWTHS_MAX, "kinds of growth"},
        {&costs->growths[1]->n_expenditure, KF_TERMS_MAX, "terms"},
        {&costs->n_prices, years, "prices"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t before = *cases[i].count;
        *cases[i].count = cases[i].maximum + 1;
        assert_result(fixture, KF_ERR_LIMIT, cases[i].what);
        *cases[i].count = before;
    }
    assert_result(fixture, KF_OK, "");
}

static void parts_that_are_absent_are_empty(void **state)
{
    struct fixture *fixture = *state;
    struct kf_error err = {0};
    const struct kf_edition *edition = NULL;
    fixture->message->unit_costs->institution = NULL;
    assert_int_equal(kf_edition_from_message(fixture->message, fixture->arena, &edition, &err),
                     KF_OK);
    assert_int_equal(edition->unit_costs.institution.days.count, 0);
    assert_int_equal(edition->unit_costs.institution.of.count, 0);
    assert_int_equal(edition->unit_costs.groups_len, 2);
    fixture->message->unit_costs = NULL;
    assert_int_equal(kf_edition_from_message(fixture->message, fixture->arena, &edition, &err),
                     KF_OK);
    assert_int_equal(edition->unit_costs.groups_len, 0);
    assert_int_equal(edition->unit_costs.services_len, 0);
    assert_int_equal(edition->unit_costs.prices.count, 0);
}

static void an_edition_without_unit_costs_sends_none(void **state)
{
    struct fixture *fixture = *state;
    struct kf_scratch scratch = {.arena = fixture->arena};
    const struct kf_unit_costs nothing = {.services = NULL};
    assert_null(kf_unit_costs_to_message(&nothing, &scratch));
    assert_false(scratch.failed);
    struct kf_unit_costs prices = {.prices = fixture->panel->edition->unit_costs.prices};
    Kf__V1__UnitCosts *message = kf_unit_costs_to_message(&prices, &scratch);
    assert_non_null(message);
    assert_int_equal(message->n_prices, 2);
    assert_null(message->institution);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_fixture, close_fixture)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(names_that_are_keys_must_be_there),
        TEST(ids_stand_once_in_their_list),
        TEST(ids_are_what_an_edition_may_call_its_own),
        TEST(a_group_delivers_services_of_the_edition_each_once),
        TEST(numbers_must_be_finite),
        TEST(figures_are_what_their_kind_may_be),
        TEST(years_ascend_within_the_years_of_editions),
        TEST(sums_that_must_be_there_are_there),
        TEST(counts_beyond_the_limits_are_refused),
        TEST(parts_that_are_absent_are_empty),
        TEST(an_edition_without_unit_costs_sends_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
