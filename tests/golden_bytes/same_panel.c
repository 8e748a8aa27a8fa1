#include "tests/golden_bytes/same_panel.h"

#include "tests/golden_bytes/same_unit_costs.h"
#include "tests/support/cmocka.h"

void assert_same_name(struct kf_name a, struct kf_name b)
{
    assert_string_equal(a.nb, b.nb);
    assert_string_equal(a.en, b.en);
}

void assert_same_terms(const struct kf_terms *a, const struct kf_terms *b)
{
    assert_int_equal(a->count, b->count);
    for (size_t i = 0; i < a->count; i++) {
        assert_string_equal(a->list[i].variable, b->list[i].variable);
        assert_true(a->list[i].factor == b->list[i].factor);
        assert_int_equal(a->list[i].country, b->list[i].country);
    }
}

static void assert_weighting(const struct kf_weighting *a, const struct kf_weighting *b)
{
    assert_int_equal(a->parts_len, b->parts_len);
    for (size_t i = 0; i < a->parts_len; i++) {
        assert_int_equal(a->parts[i].parent, b->parts[i].parent);
        assert_int_equal(a->parts[i].rule, b->parts[i].rule);
        assert_true(a->parts[i].share == b->parts[i].share);
        assert_same_terms(&a->parts[i].amount, &b->parts[i].amount);
        assert_string_equal(a->parts[i].item, b->parts[i].item);
    }
    assert_int_equal(a->closure, b->closure);
    assert_int_equal(a->decimals, b->decimals);
}

static void assert_expenditure(const struct kf_expenditure *a, const struct kf_expenditure *b)
{
    assert_string_equal(a->given, b->given);
    assert_same_terms(&a->gross, &b->gross);
    assert_same_terms(&a->minus, &b->minus);
    assert_same_terms(&a->payroll_costs, &b->payroll_costs);
    assert_same_terms(&a->wages, &b->wages);
    assert_int_equal(a->need_corrected, b->need_corrected);
}

static void assert_indicator(const struct kf_indicator *a, const struct kf_indicator *b)
{
    assert_string_equal(a->id, b->id);
    assert_same_name(a->name, b->name);
    assert_true(a->weight == b->weight);
    assert_same_terms(&a->numerator, &b->numerator);
    assert_int_equal(a->per, b->per);
    assert_string_equal(a->per_sector, b->per_sector);
    assert_same_terms(&a->denominator, &b->denominator);
    assert_true(a->whole == b->whole);
    assert_string_equal(a->correction, b->correction);
    assert_int_equal(a->missing, b->missing);
    assert_int_equal(a->aspect, b->aspect);
    assert_string_equal(a->unit, b->unit);
}

static void assert_texts(const char *const *a, const char *const *b, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(a[i], b[i]);
    }
}

static void assert_resources(const struct kf_resources *a, const struct kf_resources *b)
{
    assert_same_terms(&a->net, &b->net);
    assert_int_equal(a->outside, b->outside);
    assert_string_equal(a->need_of, b->need_of);
    assert_int_equal(a->adjustments_len, b->adjustments_len);
    for (size_t i = 0; i < a->adjustments_len; i++) {
        const struct kf_adjustment *x = &a->adjustments[i];
        const struct kf_adjustment *y = &b->adjustments[i];
        assert_string_equal(x->id, y->id);
        assert_same_name(x->name, y->name);
        assert_int_equal(x->to, y->to);
        assert_same_terms(&x->amount, &y->amount);
        assert_same_terms(&x->payroll_costs, &y->payroll_costs);
        assert_same_terms(&x->wages, &y->wages);
        assert_int_equal(x->only_len, y->only_len);
        assert_texts(x->only, y->only, x->only_len);
    }
}

static void assert_sector(const struct kf_sector *a, const struct kf_sector *b)
{
    assert_string_equal(a->id, b->id);
    assert_same_name(a->name, b->name);
    assert_true(a->weight == b->weight && a->need_weight == b->need_weight);
    assert_int_equal(a->indicators_len, b->indicators_len);
    for (size_t i = 0; i < a->indicators_len; i++) {
        assert_indicator(&a->indicators[i], &b->indicators[i]);
    }
    assert_weighting(&a->weighting, &b->weighting);
    assert_string_equal(a->given, b->given);
    assert_int_equal(a->administration, b->administration);
    assert_int_equal(a->criteria_len, b->criteria_len);
    for (size_t i = 0; i < a->criteria_len; i++) {
        assert_string_equal(a->criteria[i].id, b->criteria[i].id);
        assert_string_equal(a->criteria[i].variable, b->criteria[i].variable);
        assert_true(a->criteria[i].weight == b->criteria[i].weight);
        assert_int_equal(a->criteria[i].cost_disadvantage, b->criteria[i].cost_disadvantage);
        assert_same_terms(&a->criteria[i].ages, &b->criteria[i].ages);
    }
    assert_string_equal(a->published_need, b->published_need);
    assert_resources(&a->resources, &b->resources);
    assert_expenditure(&a->expenditure, &b->expenditure);
}

static void assert_change(const struct kf_change *a, const struct kf_change *b)
{
    assert_string_equal(a->production, b->production);
    assert_string_equal(a->expenditure, b->expenditure);
    assert_true(a->base == b->base);
    assert_int_equal(a->computed, b->computed);
}

static void assert_deflator(const struct kf_deflator *a, const struct kf_deflator *b)
{
    assert_int_equal(a->year, b->year);
    assert_true(a->wages_percent == b->wages_percent);
    assert_true(a->prices_percent == b->prices_percent);
    assert_int_equal(a->sectors_len, b->sectors_len);
    for (size_t i = 0; i < a->sectors_len; i++) {
        assert_string_equal(a->sectors[i].sector, b->sectors[i].sector);
        assert_true(a->sectors[i].wages_percent == b->sectors[i].wages_percent);
    }
}

static void assert_correction(const struct kf_correction *a, const struct kf_correction *b)
{
    assert_string_equal(a->id, b->id);
    assert_string_equal(a->outcome, b->outcome);
    assert_int_equal(a->regressors_len, b->regressors_len);
    for (size_t i = 0; i < a->regressors_len; i++) {
        assert_string_equal(a->regressors[i], b->regressors[i]);
    }
}

static void assert_groups(const struct kf_age_group *a, const struct kf_age_group *b, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(a[i].id, b[i].id);
        assert_same_name(a[i].name, b[i].name);
        assert_same_terms(&a[i].people, &b[i].people);
        assert_same_terms(&a[i].projected, &b[i].projected);
        assert_true(a[i].care_weight == b[i].care_weight);
    }
}

static void assert_cost_sector(const struct kf_cost_sector *a, const struct kf_cost_sector *b,
                               size_t groups)
{
    assert_string_equal(a->id, b->id);
    assert_same_name(a->name, b->name);
    assert_int_equal(a->rates != NULL, b->rates != NULL);
    if (a->rates) {
        assert_memory_equal(a->rates, b->rates, groups * sizeof(double));
    }
    assert_int_equal(a->of_len, b->of_len);
    assert_texts(a->of, b->of, a->of_len);
}

static void assert_demography(const struct kf_demography *a, const struct kf_demography *b)
{
    assert_int_equal(a->base_year, b->base_year);
    assert_int_equal(a->groups_len, b->groups_len);
    assert_groups(a->groups, b->groups, a->groups_len);
    assert_int_equal(a->cost_groups_len, b->cost_groups_len);
    assert_groups(a->cost_groups, b->cost_groups, a->cost_groups_len);
    assert_int_equal(a->sectors_len, b->sectors_len);
    for (size_t i = 0; i < a->sectors_len; i++) {
        assert_cost_sector(&a->sectors[i], &b->sectors[i], a->cost_groups_len);
    }
    assert_int_equal(a->rate_year, b->rate_year);
    assert_same_name(a->projection, b->projection);
    assert_string_equal(a->projected_population, b->projected_population);
    assert_int_equal(a->observed_through, b->observed_through);
    assert_int_equal(a->rebased, b->rebased);
}

static void assert_income(const struct kf_edition *a, const struct kf_edition *b)
{
    assert_int_equal(a->uses_len, b->uses_len);
    for (size_t i = 0; i < a->uses_len; i++) {
        assert_string_equal(a->uses[i].id, b->uses[i].id);
        assert_same_name(a->uses[i].name, b->uses[i].name);
        assert_same_terms(&a->uses[i].amount, &b->uses[i].amount);
    }
    assert_same_terms(&a->income, &b->income);
}

static void assert_rules(const struct kf_edition *a, const struct kf_edition *b)
{
    assert_true(a->scale == b->scale);
    assert_int_equal(a->missing, b->missing);
    assert_int_equal(a->reference, b->reference);
    assert_int_equal(a->normalization, b->normalization);
    assert_true(a->spread == b->spread);
    assert_int_equal(a->composition, b->composition);
    assert_string_equal(a->given_total, b->given_total);
    assert_int_equal(a->need_year, b->need_year);
    assert_int_equal(a->criteria, b->criteria);
    assert_string_equal(a->published_need, b->published_need);
}

void assert_same_edition(const struct kf_edition *a, const struct kf_edition *b)
{
    assert_string_equal(a->id, b->id);
    assert_same_name(a->title, b->title);
    assert_string_equal(a->source, b->source);
    assert_string_equal(a->population, b->population);
    assert_rules(a, b);
    assert_int_equal(a->sectors_len, b->sectors_len);
    for (size_t i = 0; i < a->sectors_len; i++) {
        assert_sector(&a->sectors[i], &b->sectors[i]);
    }
    assert_weighting(&a->weighting, &b->weighting);
    assert_expenditure(&a->expenditure, &b->expenditure);
    assert_change(&a->change, &b->change);
    assert_int_equal(a->deflators_len, b->deflators_len);
    for (size_t i = 0; i < a->deflators_len; i++) {
        assert_deflator(&a->deflators[i], &b->deflators[i]);
    }
    assert_int_equal(a->corrections_len, b->corrections_len);
    for (size_t i = 0; i < a->corrections_len; i++) {
        assert_correction(&a->corrections[i], &b->corrections[i]);
    }
    assert_income(a, b);
    assert_demography(&a->demography, &b->demography);
    assert_same_unit_costs(&a->unit_costs, &b->unit_costs);
    assert_same_trial(&a->trial, &b->trial);
    assert_string_equal(a->digest, b->digest);
}

static void assert_column(const struct kf_panel *panel, const struct kf_column *a,
                          const struct kf_column *b)
{
    assert_string_equal(a->variable, b->variable);
    assert_memory_equal(a->values, b->values, panel->members_len * sizeof(double));
    assert_memory_equal(a->status, b->status, panel->members_len);
    assert_true(a->country_value == b->country_value);
    assert_int_equal(a->country_status, b->country_status);
    assert_int_equal(a->other_values != NULL, b->other_values != NULL);
    if (a->other_values) {
        assert_memory_equal(a->other_values, b->other_values, panel->others_len * sizeof(double));
        assert_memory_equal(a->other_status, b->other_status, panel->others_len);
    }
}

static void assert_result(const struct kf_result *a, const struct kf_result *b, size_t members)
{
    size_t cells = b->group ? 1 : members;
    assert_int_equal(a->topic, b->topic);
    assert_string_equal(a->sector, b->sector);
    assert_string_equal(a->indicator, b->indicator);
    assert_string_equal(a->measure, b->measure);
    assert_string_equal(a->unit, b->unit);
    assert_int_equal(a->group, b->group);
    assert_memory_equal(a->values, b->values, cells * sizeof(double));
    assert_memory_equal(a->status, b->status, cells);
}

static void assert_same_year(const struct kf_panel *a, const struct kf_panel *b)
{
    assert_int_equal(a->year, b->year);
    assert_int_equal(a->members_len, b->members_len);
    assert_texts(a->members, b->members, a->members_len);
    assert_int_equal(a->country_municipalities, b->country_municipalities);
    assert_int_equal(a->others_len, b->others_len);
    assert_texts(a->others, b->others, a->others_len);
    assert_int_equal(a->columns_len, b->columns_len);
    for (size_t i = 0; i < a->columns_len; i++) {
        assert_column(a, &a->columns[i], &b->columns[i]);
    }
    assert_int_equal(a->results_len, b->results_len);
    for (size_t i = 0; i < a->results_len; i++) {
        assert_result(&a->results[i], &b->results[i], a->members_len);
    }
}

void assert_same_panel(const struct kf_panel *a, const struct kf_panel *b)
{
    assert_same_edition(a->edition, b->edition);
    const struct kf_panel *x = a->further;
    const struct kf_panel *y = b->further;
    for (; x && y; x = x->further, y = y->further) {
        assert_same_year(x, y);
    }
    assert_true(x == NULL && y == NULL);
    while (a && b) {
        assert_same_year(a, b);
        a = a->previous;
        b = b->previous;
    }
    assert_true(a == NULL && b == NULL);
}
