#include "tools/kf/editions_facts.h"

#include <stdio.h>

#include "tools/kf/editions_cost.h"
#include "tools/kf/editions_text.h"
#include "tools/kf/editions_use.h"

#define VALUE_BYTES_MAX ((size_t)64 * 1024)
#define YEAR_SIZE       16

/* Facts in the making. */
struct maker {
    struct kf_arena *arena;
    struct kf_fact *list;
    size_t count;
    bool failed;
    struct kf_fact at;   /* whom the next facts are about */
    struct kf_text text; /* the next value */
};

const char *kf_fact_kind_name(enum kf_fact_kind kind)
{
    static const char *const names[KF_FACT_KINDS] = {
        [KF_FACT_EDITION] = "edition",
        [KF_FACT_MEMBER] = "member",
        [KF_FACT_KOSTRA_GROUP] = "kostra_group",
        [KF_FACT_SECTOR] = "sector",
        [KF_FACT_INDICATOR] = "indicator",
        [KF_FACT_CRITERION] = "criterion",
        [KF_FACT_DEFLATOR] = "deflator",
        [KF_FACT_CORRECTION] = "correction",
        [KF_FACT_ADJUSTMENT] = "adjustment",
        [KF_FACT_USE] = "use",
        [KF_FACT_AGE_GROUP] = "age_group",
        [KF_FACT_COST_GROUP] = "cost_group",
        [KF_FACT_SERVICE] = "service",
        [KF_FACT_RATED_SERVICE] = "rated_service",
        [KF_FACT_UNIT_COST_GROUP] = "unit_cost_group",
        [KF_FACT_USER_TIME] = "user_time",
        [KF_FACT_GROWTH] = "growth",
        [KF_FACT_GRANT] = "grant",
    };
    return kind < KF_FACT_KINDS ? names[kind] : "";
}

/* Makes the text that was collected the value of a fact. */
static void add(struct maker *self, const char *attribute)
{
    const char *value = kf_arena_strdup(self->arena, self->text.bytes);
    self->failed = self->failed || !value || self->text.failed || self->count == KF_FACTS_MAX;
    if (!self->failed) {
        struct kf_fact fact = self->at;
        fact.attribute = attribute;
        fact.value = value;
        self->list[self->count++] = fact;
    }
    kf_text_reset(&self->text);
}

/* A fact that is only there when it says something. */
static void add_if(struct maker *self, const char *attribute)
{
    if (self->text.length > 0) {
        add(self, attribute);
    }
}

static void add_text(struct maker *self, const char *attribute, const char *value)
{
    kf_text_add(&self->text, value ? value : "");
    add_if(self, attribute);
}

static void add_number(struct maker *self, const char *attribute, double value)
{
    kf_editions_number(value, &self->text);
    add(self, attribute);
}

static void about(struct maker *self, enum kf_fact_kind kind, const char *sector,
                  const char *object)
{
    self->at = (struct kf_fact){.kind = kind, .sector = sector, .object = object};
}

/* --- the edition ------------------------------------------------------------------------------ */

/* A sum of money, when there is one. */
static void add_money(struct maker *self, const char *attribute, const struct kf_terms *terms)
{
    if (terms->count > 0) {
        kf_editions_money(terms, false, &self->text);
        add(self, attribute);
    }
}

static void add_demography(struct maker *self, const struct kf_demography *demography)
{
    if (demography->base_year == 0) {
        return;
    }
    kf_text_add_format(&self->text, "%d", demography->base_year);
    add(self, "base year of demography");
    kf_editions_projection(demography, false, &self->text);
    add_if(self, "projection");
}

static void add_need(struct maker *self, const struct kf_edition *edition)
{
    kf_editions_need_year(edition, &self->text);
    add(self, "year of need");
    add_text(self, "criteria", kf_editions_criteria(edition->criteria));
    add_text(self, "published need index", edition->published_need);
}

static void add_edition(struct maker *self, const struct kf_edition *edition)
{
    about(self, KF_FACT_EDITION, "", "");
    kf_edition_print_years(edition, &self->text);
    add(self, "years");
    kf_editions_structure(edition, &self->text);
    add(self, "structure");
    add_text(self, "publish", edition->publish ? "yes" : "no");
    add_number(self, "scale", edition->scale);
    add_text(self, "population", edition->population);
    add_text(self, "missing", kf_editions_missing(edition->missing));
    add_text(self, "reference", kf_editions_reference(edition->reference));
    kf_editions_normalization(edition, &self->text);
    add(self, "normalization");
    add_text(self, "composition", kf_editions_composition(edition->composition));
    add_text(self, "total", edition->given_total);
    kf_editions_expenditure(&edition->expenditure, false, &self->text);
    add_if(self, "expenditure");
    kf_editions_change(&edition->change, false, &self->text);
    add(self, "change");
    if (edition->weighting.decimals > 0) {
        kf_editions_closure(&edition->weighting, false, &self->text);
        add(self, "closure of the sectors' weights");
    }
    kf_editions_excluded(edition, &self->text);
    add_if(self, "except");
    add_need(self, edition);
    add_money(self, "disposable income", &edition->income);
    add_demography(self, &edition->demography);
    for (size_t i = 0; i < kf_editions_cost_rules(); i++) {
        add_if(self, kf_editions_cost_rule(edition, i, false, &self->text));
    }
}

static void add_group(struct maker *self, const struct kf_edition *edition)
{
    if (edition->members_len == 0 && edition->kostra_groups_len == 0) {
        about(self, KF_FACT_MEMBER, "", "all");
        kf_text_add(&self->text, edition->population && edition->population[0]
                                     ? "every municipality with a population"
                                     : "every municipality with figures");
        add(self, "");
    }
    for (size_t i = 0; i < edition->members_len; i++) {
        about(self, KF_FACT_MEMBER, "", edition->members[i]);
        add(self, "");
    }
    for (size_t i = 0; i < edition->kostra_groups_len; i++) {
        about(self, KF_FACT_KOSTRA_GROUP, "", edition->kostra_groups[i]);
        add(self, "");
    }
}

/* --- sectors ---------------------------------------------------------------------------------- */

/* A weight: given, or how it is derived. */
static void add_weight(struct maker *self, double weight, const struct kf_weighting *weighting,
                       const char *item)
{
    if (weighting->parts_len > 0) {
        kf_editions_derivation(weighting, item, false, &self->text);
        add_if(self, "weight");
    } else if (weight > 0) {
        add_number(self, "weight", weight);
    }
}

static void add_sector(struct maker *self, const struct kf_edition *edition,
                       const struct kf_sector *sector)
{
    about(self, KF_FACT_SECTOR, "", sector->id);
    kf_text_add_format(&self->text, "%zu indicators, %zu criteria", sector->indicators_len,
                       sector->criteria_len);
    add(self, "");
    add_weight(self, sector->weight, &edition->weighting, sector->id);
    add_text(self, "index", sector->given);
    add_text(self, "administration", sector->administration ? "yes" : "");
    if (sector->need_weight > 0) {
        add_number(self, "need weight", sector->need_weight);
    }
    add_text(self, "published need index", sector->published_need);
    add_money(self, "net expenditure", &sector->resources.net);
    add_text(self, "outside", sector->resources.outside ? "yes" : "");
    add_text(self, "need of", sector->resources.need_of);
    kf_editions_expenditure(&sector->expenditure, false, &self->text);
    add_if(self, "expenditure");
    if (sector->weighting.decimals > 0) {
        kf_editions_closure(&sector->weighting, false, &self->text);
        add(self, "closure of the weights");
    }
}

static void add_indicator(struct maker *self, const struct kf_sector *sector,
                          const struct kf_indicator *indicator)
{
    about(self, KF_FACT_INDICATOR, sector->id, indicator->id);
    kf_editions_formula(indicator, false, &self->text);
    add(self, "");
    add_weight(self, indicator->weight, &sector->weighting, indicator->id);
    kf_editions_terms(&indicator->numerator, false, &self->text);
    add(self, "numerator");
    kf_editions_denominator(indicator, false, &self->text);
    add_if(self, "denominator");
    if (indicator->whole != 0) {
        kf_editions_number(indicator->whole, &self->text);
        add(self, "complement of");
    }
    add_text(self, "correction", indicator->correction);
    add_text(self, "missing", kf_editions_missing(indicator->missing));
    add_text(self, "aspect", indicator->aspect == KF_ASPECT_QUALITY ? "quality" : "quantity");
}

static void add_criterion(struct maker *self, const struct kf_sector *sector,
                          const struct kf_criterion *criterion)
{
    about(self, KF_FACT_CRITERION, sector->id, criterion->id);
    kf_editions_criterion(criterion, false, &self->text);
    add(self, "");
    add_number(self, "weight", criterion->weight);
    kf_editions_criterion(criterion, false, &self->text);
    add(self, "counts");
    add_text(self, "cost disadvantage", criterion->cost_disadvantage ? "yes" : "no");
}

/* By kind: all sectors, then all indicators, then all criteria. */
static void add_sectors(struct maker *self, const struct kf_edition *edition)
{
    for (size_t s = 0; s < edition->sectors_len; s++) {
        add_sector(self, edition, &edition->sectors[s]);
    }
    for (size_t s = 0; s < edition->sectors_len; s++) {
        for (size_t i = 0; i < edition->sectors[s].indicators_len; i++) {
            add_indicator(self, &edition->sectors[s], &edition->sectors[s].indicators[i]);
        }
    }
    for (size_t s = 0; s < edition->sectors_len; s++) {
        for (size_t j = 0; j < edition->sectors[s].criteria_len; j++) {
            add_criterion(self, &edition->sectors[s], &edition->sectors[s].criteria[j]);
        }
    }
}

/* --- deflators and corrections ---------------------------------------------------------------- */

static void add_deflator(struct maker *self, const struct kf_deflator *deflator)
{
    char year[YEAR_SIZE];
    (void)snprintf(year, sizeof year, "%d", deflator->year);
    const char *object = kf_arena_strdup(self->arena, year);
    self->failed = self->failed || !object;
    about(self, KF_FACT_DEFLATOR, "", object);
    kf_text_add_format(&self->text, "wages %.6g %%, prices %.6g %%", deflator->wages_percent,
                       deflator->prices_percent);
    add(self, "");
    add_number(self, "wages", deflator->wages_percent);
    add_number(self, "prices", deflator->prices_percent);
    for (size_t i = 0; i < deflator->sectors_len; i++) {
        const char *attribute =
            kf_arena_printf(self->arena, "wages in %s", deflator->sectors[i].sector);
        self->failed = self->failed || !attribute;
        add_number(self, attribute, deflator->sectors[i].wages_percent);
    }
}

static void add_correction(struct maker *self, const struct kf_correction *correction)
{
    about(self, KF_FACT_CORRECTION, "", correction->id);
    kf_text_add_format(&self->text, "%s on %zu variables", correction->outcome,
                       correction->regressors_len);
    add(self, "");
    add_text(self, "outcome", correction->outcome);
    for (size_t i = 0; i < correction->regressors_len; i++) {
        kf_text_add_format(&self->text, "%s%s", i ? ", " : "", correction->regressors[i]);
    }
    add(self, "regressors");
}

/* --- resource use and demography -------------------------------------------------------------- */

static void add_adjustments(struct maker *self, const struct kf_sector *sector)
{
    for (size_t i = 0; i < sector->resources.adjustments_len; i++) {
        const struct kf_adjustment *adjustment = &sector->resources.adjustments[i];
        about(self, KF_FACT_ADJUSTMENT, sector->id, adjustment->id);
        kf_editions_adjustment(adjustment, false, &self->text);
        add(self, "");
        kf_editions_adjustment(adjustment, false, &self->text);
        add(self, "changes");
    }
}

static void add_group_facts(struct maker *self, enum kf_fact_kind kind,
                            const struct kf_demography *demography,
                            const struct kf_age_group *group)
{
    about(self, kind, "", group->id);
    kf_editions_people(&group->people, false, &self->text);
    add(self, "");
    kf_editions_people(&group->people, false, &self->text);
    add(self, "people");
    kf_editions_projected(demography, group, &self->text);
    add_if(self, "projected");
    if (group->care_weight > 0) {
        add_number(self, "care weight", group->care_weight);
    }
}

static void add_service(struct maker *self, const struct kf_demography *demography,
                        const struct kf_cost_sector *sector)
{
    about(self, KF_FACT_SERVICE, "", sector->id);
    kf_editions_rates(demography, sector, false, &self->text);
    add(self, "");
    kf_editions_rates(demography, sector, false, &self->text);
    add(self, "rates");
}

static void add_uses(struct maker *self, const struct kf_edition *edition)
{
    for (size_t s = 0; s < edition->sectors_len; s++) {
        add_adjustments(self, &edition->sectors[s]);
    }
    for (size_t i = 0; i < edition->uses_len; i++) {
        about(self, KF_FACT_USE, "", edition->uses[i].id);
        add_money(self, "", &edition->uses[i].amount);
        add_money(self, "amount", &edition->uses[i].amount);
    }
}

static void add_people(struct maker *self, const struct kf_demography *demography)
{
    for (size_t i = 0; i < demography->groups_len; i++) {
        add_group_facts(self, KF_FACT_AGE_GROUP, demography, &demography->groups[i]);
    }
    for (size_t i = 0; i < demography->cost_groups_len; i++) {
        add_group_facts(self, KF_FACT_COST_GROUP, demography, &demography->cost_groups[i]);
    }
    for (size_t i = 0; i < demography->sectors_len; i++) {
        add_service(self, demography, &demography->sectors[i]);
    }
}

/* --- unit costs and a trial ------------------------------------------------------------------- */

static void add_rated_service(struct maker *self, const struct kf_rated_service *service)
{
    about(self, KF_FACT_RATED_SERVICE, "", service->id);
    kf_editions_service(service, &self->text);
    add(self, "");
    add_text(self, "unit", service->unit);
    kf_editions_years_of(&service->rates, &self->text);
    add(self, "rates");
}

static void add_unit_cost_group(struct maker *self, const struct kf_cost_group *group)
{
    about(self, KF_FACT_UNIT_COST_GROUP, "", group->id);
    kf_editions_cost_group(group, false, &self->text);
    add(self, "");
    add_money(self, "net expenditure", &group->net);
    add_money(self, "grant", &group->grant);
    for (size_t i = 0; i < group->deliveries_len; i++) {
        const char *attribute =
            kf_arena_printf(self->arena, "quantity of %s", group->deliveries[i].service);
        self->failed = self->failed || !attribute;
        kf_editions_terms(&group->deliveries[i].quantity, false, &self->text);
        add(self, attribute);
    }
}

static void add_user_time(struct maker *self, const struct kf_user_time *time)
{
    about(self, KF_FACT_USER_TIME, "", time->id);
    kf_editions_user_time(time, false, &self->text);
    add(self, "");
    kf_editions_terms(&time->approved, false, &self->text);
    add(self, "approved");
    kf_editions_terms(&time->available, false, &self->text);
    add(self, "available");
    if (time->norm > 0) {
        add_number(self, "norm", time->norm);
    }
}

static void add_growth(struct maker *self, const struct kf_real_growth *growth)
{
    about(self, KF_FACT_GROWTH, "", growth->id);
    kf_editions_growth(growth, false, &self->text);
    add(self, "");
    add_text(self, "gross", growth->gross);
    add_money(self, "expenditure", &growth->expenditure);
    add_text(self, "demographic", growth->demographic);
}

static void add_costs(struct maker *self, const struct kf_edition *edition)
{
    const struct kf_unit_costs *costs = &edition->unit_costs;
    for (size_t i = 0; i < costs->services_len; i++) {
        add_rated_service(self, &costs->services[i]);
    }
    for (size_t i = 0; i < costs->groups_len; i++) {
        add_unit_cost_group(self, &costs->groups[i]);
    }
    for (size_t i = 0; i < costs->user_times_len; i++) {
        add_user_time(self, &costs->user_times[i]);
    }
    for (size_t i = 0; i < costs->growths_len; i++) {
        add_growth(self, &costs->growths[i]);
    }
    for (size_t i = 0; i < edition->trial.grants_len; i++) {
        about(self, KF_FACT_GRANT, "", edition->trial.grants[i].id);
        add_money(self, "", &edition->trial.grants[i].amount);
        add_money(self, "amount", &edition->trial.grants[i].amount);
    }
}

enum kf_err kf_facts_make(const struct kf_edition *edition, struct kf_arena *arena,
                          struct kf_facts *facts, struct kf_error *err)
{
    struct maker self = {.arena = arena,
                         .list = kf_arena_calloc(arena, KF_FACTS_MAX, sizeof *self.list)};
    kf_text_init(&self.text, VALUE_BYTES_MAX);
    self.failed = !self.list;
    add_edition(&self, edition);
    add_group(&self, edition);
    add_sectors(&self, edition);
    for (size_t i = 0; i < edition->deflators_len; i++) {
        add_deflator(&self, &edition->deflators[i]);
    }
    for (size_t i = 0; i < edition->corrections_len; i++) {
        add_correction(&self, &edition->corrections[i]);
    }
    add_uses(&self, edition);
    add_people(&self, &edition->demography);
    add_costs(&self, edition);
    kf_text_clear(&self.text);
    if (self.failed) {
        return kf_error_set(err, KF_ERR_LIMIT, "edition %s says too much to be compared",
                            edition->id);
    }
    *facts = (struct kf_facts){self.list, self.count};
    return KF_OK;
}
