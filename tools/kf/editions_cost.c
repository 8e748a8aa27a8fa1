#include "tools/kf/editions_cost.h"

#include "tools/kf/editions_text.h"
#include "tools/kf/editions_use.h"
#include "tools/kf/words.h"

/* --- parts ----------------------------------------------------------------------------------- */

void kf_editions_years_of(const struct kf_year_figures *figures, struct kf_text *text)
{
    for (size_t i = 0; i < figures->count; i++) {
        kf_text_add_format(text, "%s%d: %.9g", i ? ", " : "", figures->list[i].year,
                           figures->list[i].value);
    }
}

void kf_editions_service(const struct kf_rated_service *service, struct kf_text *text)
{
    kf_text_add_format(text, "%s, ", service->unit);
    kf_editions_years_of(&service->rates, text);
    kf_text_add(text, " kr");
}

void kf_editions_cost_group(const struct kf_cost_group *group, bool norwegian, struct kf_text *text)
{
    kf_text_add_format(text, "%s ", kf_word("net", norwegian));
    kf_editions_money(&group->net, norwegian, text);
    if (group->grant.count > 0) {
        kf_text_add_format(text, ", %s ", kf_word("grant", norwegian));
        kf_editions_money(&group->grant, norwegian, text);
    }
    for (size_t i = 0; i < group->deliveries_len; i++) {
        kf_text_add_format(text, ", %s: ", group->deliveries[i].service);
        kf_editions_terms(&group->deliveries[i].quantity, norwegian, text);
    }
}

void kf_editions_user_time(const struct kf_user_time *time, bool norwegian, struct kf_text *text)
{
    kf_editions_terms(&time->approved, norwegian, text);
    kf_text_add(text, " ÷ ");
    kf_editions_terms(&time->available, norwegian, text);
    if (time->norm > 0) {
        kf_text_add_format(text, ", %s ", kf_word("norm", norwegian));
        kf_editions_number(time->norm, text);
    }
}

void kf_editions_growth(const struct kf_real_growth *growth, bool norwegian, struct kf_text *text)
{
    if (growth->expenditure.count > 0) {
        kf_editions_money(&growth->expenditure, norwegian, text);
        kf_text_add_format(text, " %s", kf_word("at fixed prices", norwegian));
    } else {
        kf_text_add(text, growth->gross ? growth->gross : "");
    }
    kf_text_add_format(text, " − %s", growth->demographic);
}

/* --- the whole ------------------------------------------------------------------------------- */

/* What stands at a place of an edition. */
enum form {
    FORM_MONEY,    /* struct kf_terms, kr */
    FORM_TERMS,    /* struct kf_terms */
    FORM_YEARS,    /* struct kf_year_figures */
    FORM_TEXT,     /* const char * */
    FORM_WHOLE,    /* int, 0 when nothing is said */
    FORM_SHARE,    /* double, 0 when nothing is said */
    FORM_SEQUENCE, /* int[KF_REFUND_YEARS], 0 behind the last */
};

#define AT(member) offsetof(struct kf_edition, member)

static const struct {
    const char *name;
    enum form form;
    size_t at;
} rules[] = {
    {"growth of rates", FORM_YEARS, AT(unit_costs.rate_growth)},
    {"published gain of all groups", FORM_MONEY, AT(unit_costs.gain)},
    {"days in institutions", FORM_TERMS, AT(unit_costs.institution.days)},
    {"expenditure of institutions", FORM_MONEY, AT(unit_costs.institution.expenditure)},
    {"as a share of", FORM_MONEY, AT(unit_costs.institution.of)},
    {"growth of prices", FORM_YEARS, AT(unit_costs.prices)},
    {"published grant", FORM_MONEY, AT(trial.grant)},
    {"deduction", FORM_MONEY, AT(trial.deduction)},
    {"threshold of a user", FORM_YEARS, AT(trial.resource_intensive.thresholds)},
    {"refund above it", FORM_SHARE, AT(trial.resource_intensive.refund)},
    {"age limit", FORM_WHOLE, AT(trial.resource_intensive.age_limit)},
    {"costs of each user", FORM_TEXT, AT(trial.resource_intensive.each.cost_prefix)},
    {"ages of each user", FORM_TEXT, AT(trial.resource_intensive.each.age_prefix)},
    {"number of users", FORM_TERMS, AT(trial.resource_intensive.users)},
    {"cost of users", FORM_MONEY, AT(trial.resource_intensive.net)},
    {"base year of own share", FORM_WHOLE, AT(trial.resource_intensive.base_year)},
    {"growth of own share", FORM_YEARS, AT(trial.resource_intensive.growth)},
    {"published gain of users", FORM_MONEY, AT(trial.resource_intensive.gain)},
    {"compensated growth of need", FORM_YEARS, AT(trial.demography.compensated)},
    {"own growth of need", FORM_TEXT, AT(trial.demography.growth)},
    {"year of the deduction", FORM_WHOLE, AT(trial.demography.deduction_year)},
    {"years of the refund", FORM_SEQUENCE, AT(trial.demography.refund_years)},
    {"prices of the deduction", FORM_YEARS, AT(trial.demography.prices)},
    {"months that count", FORM_YEARS, AT(trial.demography.months)},
    {"published gain by demography", FORM_MONEY, AT(trial.demography.gain)},
    {"published gain in all", FORM_MONEY, AT(trial.gain)},
};

size_t kf_editions_cost_rules(void)
{
    return sizeof rules / sizeof rules[0];
}

bool kf_editions_cost_rule_is_of_trial(size_t number)
{
    return rules[number].at >= AT(trial);
}

static void add_terms(const struct kf_terms *terms, bool money, bool norwegian,
                      struct kf_text *text)
{
    if (terms->count > 0 && money) {
        kf_editions_money(terms, norwegian, text);
    } else {
        kf_editions_terms(terms, norwegian, text);
    }
}

static void add_sequence(const int *years, struct kf_text *text)
{
    for (size_t i = 0; i < KF_REFUND_YEARS && years[i] > 0; i++) {
        kf_text_add_format(text, "%s%d", i ? ", " : "", years[i]);
    }
}

static void add_value(enum form form, const void *value, bool norwegian, struct kf_text *text)
{
    if (form == FORM_MONEY || form == FORM_TERMS) {
        add_terms(value, form == FORM_MONEY, norwegian, text);
    } else if (form == FORM_YEARS) {
        kf_editions_years_of(value, text);
    } else if (form == FORM_SEQUENCE) {
        add_sequence(value, text);
    } else if (form == FORM_TEXT) {
        const char *const *word = value;
        kf_text_add(text, *word ? *word : "");
    } else if (form == FORM_WHOLE && *(const int *)value != 0) {
        kf_text_add_format(text, "%d", *(const int *)value);
    } else if (form == FORM_SHARE && *(const double *)value != 0) {
        kf_editions_number(*(const double *)value, text);
    }
}

const char *kf_editions_cost_rule(const struct kf_edition *edition, size_t number, bool norwegian,
                                  struct kf_text *text)
{
    add_value(rules[number].form, (const char *)edition + rules[number].at, norwegian, text);
    return rules[number].name;
}
