/* What an edition may say of a trial with state funding, and what not. That every field arrives is
 * tested by the golden bytes. */
#include "edition_message.h"

#include <math.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/codec/trial_codec.h"
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
    Kf__V1__Trial *trial = fixture->message->trial;
    assert_text(fixture, &trial->grants[0]->id, "", "part of the grant \"\" lacks");
    assert_text(fixture, &trial->grants[1]->id, "vedtak", "two parts of the grant");
    assert_text(fixture, &trial->grants[1]->amount[1]->variable, "", "ramme has a sum");
    assert_text(fixture, &trial->grant[0]->variable, "", "prove-2010 has a sum");
    assert_text(fixture, &trial->deduction[0]->variable, "", "prove-2010 has a sum");
    assert_text(fixture, &trial->gain[0]->variable, "", "prove-2010 has a sum");
    assert_text(fixture, &trial->resource_intensive->users[0]->variable, "", "has a sum");
    assert_text(fixture, &trial->resource_intensive->net[0]->variable, "", "has a sum");
    assert_text(fixture, &trial->resource_intensive->gain[0]->variable, "", "has a sum");
    assert_text(fixture, &trial->demography->gain[0]->variable, "", "has a sum");
    assert_text(fixture, &trial->demography->growth, "", "growth of need");
    assert_result(fixture, KF_OK, "");
}

static void prefixes_are_beginnings_of_variables(void **state)
{
    struct fixture *fixture = *state;
    Kf__V1__Users *each = fixture->message->trial->resource_intensive->each;
    char long_prefix[66];
    memset(long_prefix, 'a', sizeof long_prefix - 1);
    long_prefix[sizeof long_prefix - 1] = '\0';
    const char *const bad[] = {"",         "1_",       "Kostnad_", "kost nad",
                               "kostnad/", "kostnåd_", long_prefix};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_text(fixture, &each->cost_prefix, bad[i], "no beginnings of the variables");
        if (i > 0) { /* users may be without ages */
            assert_text(fixture, &each->age_prefix, bad[i], "no beginnings of the variables");
        }
    }
    each->count = 0;
    assert_text(fixture, &each->cost_prefix, "", "no beginnings of the variables");
    each->age_prefix = kf_borrow("");
    each->cost_prefix = kf_borrow("");
    assert_result(fixture, KF_OK, "");
}

static void there_are_as_many_users_as_a_municipality_may_have(void **state)
{
    struct fixture *fixture = *state;
    Kf__V1__Users *each = fixture->message->trial->resource_intensive->each;
    struct kf_error err = {0};
    const struct kf_edition *edition = NULL;
    const uint32_t beyond[] = {KF_USERS_MAX + 1, UINT32_MAX};
    for (size_t i = 0; i < 2; i++) {
        each->count = beyond[i];
        assert_result(fixture, KF_ERR_LIMIT, "users");
    }
    each->count = KF_USERS_MAX;
    assert_int_equal(kf_edition_from_message(fixture->message, fixture->arena, &edition, &err),
                     KF_OK);
    const struct kf_users *users = &edition->trial.resource_intensive.each;
    assert_int_equal(users->count, KF_USERS_MAX);
    assert_string_equal(users->costs[0], "kostnad_1");
    assert_string_equal(users->costs[KF_USERS_MAX - 1], "kostnad_1000");
    assert_string_equal(users->ages[KF_USERS_MAX - 1], "alder_1000");
}

static void users_without_ages_have_none(void **state)
{
    struct fixture *fixture = *state;
    struct kf_error err = {0};
    const struct kf_edition *edition = NULL;
    fixture->message->trial->resource_intensive->each->age_prefix = kf_borrow("");
    assert_int_equal(kf_edition_from_message(fixture->message, fixture->arena, &edition, &err),
                     KF_OK);
    assert_null(edition->trial.resource_intensive.each.ages);
    assert_string_equal(edition->trial.resource_intensive.each.costs[2], "kostnad_3");
}

static void numbers_must_be_finite(void **state)
{
    struct fixture *fixture = *state;
    Kf__V1__Trial *trial = fixture->message->trial;
    Kf__V1__ResourceIntensive *intensive = trial->resource_intensive;
    double *numbers[] = {
        &trial->grants[0]->amount[0]->factor, &trial->grant[0]->factor,
        &trial->deduction[0]->factor,         &trial->gain[0]->factor,
        &intensive->thresholds[0]->value,     &intensive->growth[1]->value,
        &intensive->users[0]->factor,         &intensive->net[0]->factor,
        &intensive->gain[0]->factor,          &trial->demography->compensated[1]->value,
        &trial->demography->prices[0]->value, &trial->demography->gain[0]->factor};
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
    Kf__V1__Trial *trial = fixture->message->trial;
    const struct {
        double *figure;
        double bad;
        const char *told;
    } cases[] = {
        {&trial->resource_intensive->refund, -0.125, "refund that is no share"},
        {&trial->resource_intensive->refund, 1.125, "refund that is no share"},
        {&trial->resource_intensive->refund, NAN, "refund that is no share"},
        {&trial->resource_intensive->thresholds[1]->value, 0, "thresholds of 2010"},
        {&trial->resource_intensive->thresholds[1]->value, 1000000001, "thresholds of 2010"},
        {&trial->demography->compensated[0]->value, 1000.5, "compensated growth of 2009"},
        {&trial->resource_intensive->growth[0]->value, -100, "growth of own share of 2009"},
        {&trial->demography->compensated[0]->value, -100, "compensated growth of 2009"},
        {&trial->demography->prices[1]->value, -101, "prices of a trial of 2010"},
        {&trial->demography->months[0]->value, 0.5, "months of 2009"},
        {&trial->demography->months[0]->value, 12.5, "months of 2009"},
        {&trial->demography->months[0]->value, NAN, "months of 2009"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double before = *cases[i].figure;
        *cases[i].figure = cases[i].bad;
        assert_result(fixture, KF_ERR_DATA, cases[i].told);
        *cases[i].figure = before;
    }
    trial->resource_intensive->refund = 0;
    trial->demography->months[0]->value = 12;
    assert_result(fixture, KF_OK, "");
    trial->resource_intensive->refund = 1;
    trial->demography->months[0]->value = 1;
    assert_result(fixture, KF_OK, "");
}

static void years_are_years_and_ascend(void **state)
{
    struct fixture *fixture = *state;
    Kf__V1__ResourceIntensive *intensive = fixture->message->trial->resource_intensive;
    Kf__V1__DemographyGain *gain = fixture->message->trial->demography;
    int32_t *firsts[] = {&intensive->thresholds[0]->year, &intensive->growth[0]->year,
                         &gain->compensated[0]->year, &gain->prices[0]->year};
    for (size_t i = 0; i < sizeof firsts / sizeof firsts[0]; i++) {
        int32_t before = *firsts[i];
        *firsts[i] = 2010; /* as the one after it */
        assert_result(fixture, KF_ERR_DATA, "out of their order");
        *firsts[i] = KF_EDITION_YEAR_MIN - 1;
        assert_result(fixture, KF_ERR_DATA, "out of their order");
        *firsts[i] = before;
    }
    gain->months[0]->year = KF_EDITION_YEAR_MAX + 1;
    assert_result(fixture, KF_ERR_DATA, "months of 2101");
    gain->months[0]->year = 2009;
    int32_t *years[] = {&intensive->base_year, &gain->deduction_year, &gain->refund_years[1]};
    for (size_t i = 0; i < sizeof years / sizeof years[0]; i++) {
        int32_t before = *years[i];
        const int32_t bad[] = {-1, 1, KF_EDITION_YEAR_MIN - 1, KF_EDITION_YEAR_MAX + 1, INT32_MAX};
        for (size_t b = 0; b < sizeof bad / sizeof bad[0]; b++) {
            *years[i] = bad[b];
            assert_result(fixture, KF_ERR_DATA, "no year");
        }
        *years[i] = before;
    }
    gain->refund_years[0] = 0; /* stands behind the last one in the model */
    assert_result(fixture, KF_ERR_DATA, "no year");
    gain->refund_years[0] = 2008;
    gain->deduction_year = 0;
    assert_result(fixture, KF_ERR_DATA, "no year");
    gain->deduction_year = 2010;
    intensive->base_year = 0; /* there is no gain then */
    assert_result(fixture, KF_OK, "");
}

static void parts_that_belong_together_come_together(void **state)
{
    struct fixture *fixture = *state;
    Kf__V1__Trial *trial = fixture->message->trial;
    Kf__V1__ResourceIntensive *intensive = trial->resource_intensive;
    const struct {
        size_t *count;
        const char *told;
    } cases[] = {
        {&trial->grants[0]->n_amount, "lacks its id or amount"},
        {&intensive->n_thresholds, "no threshold"},
        {&intensive->n_users, "without being counted"},
        {&intensive->n_net, "without their net cost"},
        {&trial->demography->n_compensated, "lacks what is compensated"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t before = *cases[i].count;
        *cases[i].count = 0;
        assert_result(fixture, KF_ERR_DATA, cases[i].told);
        *cases[i].count = before;
    }
    intensive->age_limit = -1;
    assert_result(fixture, KF_ERR_DATA, "age limit below 0");
    intensive->age_limit = 0;
    intensive->n_users = 0;
    intensive->n_net = 0;
    assert_result(fixture, KF_OK, "");
    trial->resource_intensive = NULL;
    assert_result(fixture, KF_ERR_DATA, "a refund that the edition does not compute");
    trial->demography->n_refund_years = 0;
    assert_result(fixture, KF_OK, "");
}

/* Counts are seen before anything is read: the lists need not be that long. */
static void counts_beyond_the_limits_are_refused(void **state)
{
    struct fixture *fixture = *state;
    Kf__V1__Trial *trial = fixture->message->trial;
    Kf__V1__ResourceIntensive *intensive = trial->resource_intensive;
    Kf__V1__DemographyGain *gain = trial->demography;
    const size_t years = KF_EDITION_YEAR_MAX - KF_EDITION_YEAR_MIN + 1;
    const struct {
        size_t *count;
        size_t maximum;
        const char *what;
    } cases[] = {
        {&trial->n_grants, KF_GRANTS_MAX, "parts of the grant"},
        {&trial->grants[0]->n_amount, KF_TERMS_MAX, "terms"},
        {&trial->n_grant, KF_TERMS_MAX, "terms"},
        {&trial->n_deduction, KF_TERMS_MAX, "terms"},
        {&trial->n_gain, KF_TERMS_MAX, "terms"},
        {&intensive->n_thresholds, years, "thresholds"},
        {&intensive->n_growth, years, "growth of own share"},
        {&intensive->n_users, KF_TERMS_MAX, "terms"},
        {&intensive->n_net, KF_TERMS_MAX, "terms"},
        {&intensive->n_gain, KF_TERMS_MAX, "terms"},
        {&gain->n_compensated, KF_COMPENSATED_MAX, "years of compensated growth"},
        {&gain->n_refund_years, KF_REFUND_YEARS, "years of a refund"},
        {&gain->n_prices, years, "prices of a trial"},
        {&gain->n_months, years, "months"},
        {&gain->n_gain, KF_TERMS_MAX, "terms"},
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
    fixture->message->trial->resource_intensive->each = NULL;
    fixture->message->trial->demography = NULL;
    assert_int_equal(kf_edition_from_message(fixture->message, fixture->arena, &edition, &err),
                     KF_OK);
    assert_int_equal(edition->trial.resource_intensive.each.count, 0);
    assert_string_equal(edition->trial.resource_intensive.each.cost_prefix, "");
    assert_int_equal(edition->trial.demography.compensated.count, 0);
    assert_string_equal(edition->trial.demography.growth, "");
    fixture->message->trial = NULL;
    assert_int_equal(kf_edition_from_message(fixture->message, fixture->arena, &edition, &err),
                     KF_OK);
    assert_int_equal(edition->trial.grants_len, 0);
    assert_int_equal(edition->trial.resource_intensive.thresholds.count, 0);
    assert_string_equal(edition->trial.resource_intensive.each.cost_prefix, "");
    assert_string_equal(edition->trial.resource_intensive.each.age_prefix, "");
    assert_string_equal(edition->trial.demography.growth, "");
}

static void an_edition_without_a_trial_sends_none(void **state)
{
    struct fixture *fixture = *state;
    struct kf_scratch scratch = {.arena = fixture->arena};
    const struct kf_trial nothing = {.grants = NULL};
    assert_null(kf_trial_to_message(&nothing, &scratch));
    assert_false(scratch.failed);
    const struct kf_trial only = {.deduction = fixture->panel->edition->trial.deduction};
    Kf__V1__Trial *message = kf_trial_to_message(&only, &scratch);
    assert_non_null(message);
    assert_null(message->resource_intensive);
    assert_null(message->demography);
}

static void every_failing_allocation_is_told(void **state)
{
    struct fixture *fixture = *state;
    enum kf_err code = KF_ERR_MEMORY;
    for (int64_t n = 0; code != KF_OK; n++) {
        const struct kf_edition *edition = NULL;
        struct kf_arena *arena = kf_arena_new(1024 * 1024);
        assert_non_null(arena);
        fixture->message->trial->resource_intensive->each->count = KF_USERS_MAX;
        kf_memory_fail_after(n);
        code = kf_edition_from_message(fixture->message, arena, &edition, NULL);
        kf_memory_fail_after(-1);
        assert_true(code == KF_OK ? n > 0 : code == KF_ERR_MEMORY);
        kf_arena_destroy(&arena);
    }
}

static void an_arena_that_is_full_is_told(void **state)
{
    struct fixture *fixture = *state;
    enum kf_err code = KF_ERR_LIMIT;
    for (size_t bytes = 0; code != KF_OK; bytes += 512) {
        const struct kf_edition *edition = NULL;
        struct kf_arena *arena = kf_arena_new(bytes);
        assert_non_null(arena);
        code = kf_edition_from_message(fixture->message, arena, &edition, NULL);
        assert_true(code == KF_OK ? bytes > 4096 : code == KF_ERR_LIMIT);
        kf_arena_destroy(&arena);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_fixture, close_fixture)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(names_that_are_keys_must_be_there),
        TEST(prefixes_are_beginnings_of_variables),
        TEST(there_are_as_many_users_as_a_municipality_may_have),
        TEST(users_without_ages_have_none),
        TEST(numbers_must_be_finite),
        TEST(figures_are_what_their_kind_may_be),
        TEST(years_are_years_and_ascend),
        TEST(parts_that_belong_together_come_together),
        TEST(counts_beyond_the_limits_are_refused),
        TEST(parts_that_are_absent_are_empty),
        TEST(an_edition_without_a_trial_sends_none),
        TEST(every_failing_allocation_is_told),
        TEST(an_arena_that_is_full_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
