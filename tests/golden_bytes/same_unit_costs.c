#include "tests/golden_bytes/same_unit_costs.h"

#include "tests/golden_bytes/same_panel.h"
#include "tests/support/cmocka.h"

static void assert_same_text(const char *a, const char *b)
{
    assert_string_equal(a ? a : "", b ? b : "");
}

static void assert_same_years(const struct kf_year_figures *a, const struct kf_year_figures *b)
{
    assert_int_equal(a->count, b->count);
    for (size_t i = 0; i < a->count; i++) {
        assert_int_equal(a->list[i].year, b->list[i].year);
        assert_true(a->list[i].value == b->list[i].value);
    }
}

/* --- unit costs ------------------------------------------------------------------------------ */

static void assert_same_services(const struct kf_unit_costs *a, const struct kf_unit_costs *b)
{
    assert_int_equal(a->services_len, b->services_len);
    for (size_t i = 0; i < a->services_len; i++) {
        assert_string_equal(a->services[i].id, b->services[i].id);
        assert_same_name(a->services[i].name, b->services[i].name);
        assert_string_equal(a->services[i].unit, b->services[i].unit);
        assert_same_years(&a->services[i].rates, &b->services[i].rates);
    }
}

static void assert_same_group(const struct kf_cost_group *a, const struct kf_cost_group *b)
{
    assert_string_equal(a->id, b->id);
    assert_same_name(a->name, b->name);
    assert_same_terms(&a->net, &b->net);
    assert_same_terms(&a->grant, &b->grant);
    assert_int_equal(a->deliveries_len, b->deliveries_len);
    for (size_t i = 0; i < a->deliveries_len; i++) {
        assert_string_equal(a->deliveries[i].service, b->deliveries[i].service);
        assert_same_terms(&a->deliveries[i].quantity, &b->deliveries[i].quantity);
    }
}

static void assert_same_user_times(const struct kf_unit_costs *a, const struct kf_unit_costs *b)
{
    assert_int_equal(a->user_times_len, b->user_times_len);
    for (size_t i = 0; i < a->user_times_len; i++) {
        assert_string_equal(a->user_times[i].id, b->user_times[i].id);
        assert_same_name(a->user_times[i].name, b->user_times[i].name);
        assert_same_terms(&a->user_times[i].approved, &b->user_times[i].approved);
        assert_same_terms(&a->user_times[i].available, &b->user_times[i].available);
        assert_true(a->user_times[i].norm == b->user_times[i].norm);
    }
}

static void assert_same_growths(const struct kf_unit_costs *a, const struct kf_unit_costs *b)
{
    assert_int_equal(a->growths_len, b->growths_len);
    for (size_t i = 0; i < a->growths_len; i++) {
        assert_string_equal(a->growths[i].id, b->growths[i].id);
        assert_same_name(a->growths[i].name, b->growths[i].name);
        assert_same_text(a->growths[i].gross, b->growths[i].gross);
        assert_same_terms(&a->growths[i].expenditure, &b->growths[i].expenditure);
        assert_string_equal(a->growths[i].demographic, b->growths[i].demographic);
    }
}

void assert_same_unit_costs(const struct kf_unit_costs *a, const struct kf_unit_costs *b)
{
    assert_same_services(a, b);
    assert_same_years(&a->rate_growth, &b->rate_growth);
    assert_int_equal(a->groups_len, b->groups_len);
    for (size_t i = 0; i < a->groups_len; i++) {
        assert_same_group(&a->groups[i], &b->groups[i]);
    }
    assert_same_terms(&a->gain, &b->gain);
    assert_same_terms(&a->institution.days, &b->institution.days);
    assert_same_terms(&a->institution.expenditure, &b->institution.expenditure);
    assert_same_terms(&a->institution.of, &b->institution.of);
    assert_same_user_times(a, b);
    assert_same_growths(a, b);
    assert_same_years(&a->prices, &b->prices);
}

/* --- a trial --------------------------------------------------------------------------------- */

static void assert_same_users(const struct kf_users *a, const struct kf_users *b)
{
    assert_same_text(a->cost_prefix, b->cost_prefix);
    assert_same_text(a->age_prefix, b->age_prefix);
    assert_int_equal(a->count, b->count);
    assert_int_equal(a->ages != NULL, b->ages != NULL);
    for (size_t i = 0; i < a->count; i++) {
        assert_string_equal(a->costs[i], b->costs[i]);
        assert_same_text(a->ages ? a->ages[i] : "", b->ages ? b->ages[i] : "");
    }
}

static void assert_same_intensive(const struct kf_resource_intensive *a,
                                  const struct kf_resource_intensive *b)
{
    assert_same_years(&a->thresholds, &b->thresholds);
    assert_true(a->refund == b->refund);
    assert_int_equal(a->age_limit, b->age_limit);
    assert_same_users(&a->each, &b->each);
    assert_same_terms(&a->users, &b->users);
    assert_same_terms(&a->net, &b->net);
    assert_int_equal(a->base_year, b->base_year);
    assert_same_years(&a->growth, &b->growth);
    assert_same_terms(&a->gain, &b->gain);
}

static void assert_same_demography_gain(const struct kf_demography_gain *a,
                                        const struct kf_demography_gain *b)
{
    assert_same_years(&a->compensated, &b->compensated);
    assert_same_text(a->growth, b->growth);
    assert_int_equal(a->deduction_year, b->deduction_year);
    assert_memory_equal(a->refund_years, b->refund_years, sizeof a->refund_years);
    assert_same_years(&a->prices, &b->prices);
    assert_same_years(&a->months, &b->months);
    assert_same_terms(&a->gain, &b->gain);
}

void assert_same_trial(const struct kf_trial *a, const struct kf_trial *b)
{
    assert_int_equal(a->grants_len, b->grants_len);
    for (size_t i = 0; i < a->grants_len; i++) {
        assert_string_equal(a->grants[i].id, b->grants[i].id);
        assert_same_name(a->grants[i].name, b->grants[i].name);
        assert_same_terms(&a->grants[i].amount, &b->grants[i].amount);
    }
    assert_same_terms(&a->grant, &b->grant);
    assert_same_terms(&a->deduction, &b->deduction);
    assert_same_intensive(&a->resource_intensive, &b->resource_intensive);
    assert_same_demography_gain(&a->demography, &b->demography);
    assert_same_terms(&a->gain, &b->gain);
}
