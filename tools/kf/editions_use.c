#include "tools/kf/editions_use.h"

#include <math.h>
#include <string.h>

#include "tools/kf/editions_text.h"
#include "tools/kf/words.h"

#define THOUSAND 1000.0

/* --- people ---------------------------------------------------------------------------------- */

/* Whether the terms are single years of age in a row. */
static bool find_ages(const struct kf_terms *terms, unsigned long *from, unsigned long *to)
{
    size_t prefix = strlen(KF_AGE_VARIABLE);
    for (size_t i = 0; i < terms->count; i++) {
        const char *id = terms->list[i].variable;
        unsigned long age = 0;
        if (strncmp(id, KF_AGE_VARIABLE, prefix) != 0 || terms->list[i].factor != 1 ||
            !kf_text_to_unsigned(id + prefix, strlen(id + prefix), KF_AGE_MAX, &age) ||
            (i > 0 && age != *to + 1)) {
            return false;
        }
        *from = i == 0 ? age : *from;
        *to = age;
    }
    return terms->count > 0;
}

void kf_editions_people(const struct kf_terms *terms, bool norwegian, struct kf_text *text)
{
    unsigned long from = 0;
    unsigned long to = 0;
    if (!find_ages(terms, &from, &to)) {
        kf_editions_terms(terms, norwegian, text);
        return;
    }
    kf_text_add_format(text, "%s %lu", kf_word("ages", norwegian), from);
    if (to == KF_AGE_MAX && from < to) {
        kf_text_add_char(text, '+');
    } else if (to > from) {
        kf_text_add_format(text, "-%lu", to);
    }
}

/* What two names of a projection share, up to an underscore. */
static size_t shared_prefix(const char *one, const char *other)
{
    size_t length = 0;
    for (size_t i = 0; one[i] && one[i] == other[i]; i++) {
        length = one[i] == '_' ? i + 1 : length;
    }
    return length;
}

void kf_editions_projected(const struct kf_demography *demography, const struct kf_age_group *group,
                           struct kf_text *text)
{
    for (size_t i = 0; i < group->projected.count; i++) {
        const char *id = group->projected.list[i].variable;
        size_t prefix = shared_prefix(id, demography->projected_population);
        kf_text_add_format(text, "%s%s", i ? " + " : "", id + prefix);
    }
}

/* --- need ------------------------------------------------------------------------------------ */

void kf_editions_criterion(const struct kf_criterion *criterion, bool norwegian,
                           struct kf_text *text)
{
    bool variable = criterion->variable && criterion->variable[0];
    kf_text_add(text, variable ? criterion->variable : "");
    if (variable && criterion->ages.count > 0) {
        kf_text_add_format(text, ", %s ", kf_word("or else", norwegian));
    }
    if (criterion->ages.count > 0) {
        kf_editions_people(&criterion->ages, norwegian, text);
    } else if (!variable) {
        kf_text_add(text, "basis");
    }
}

void kf_editions_need_year(const struct kf_edition *edition, struct kf_text *text)
{
    if (edition->need_year > 0) {
        kf_text_add_format(text, "%d", edition->need_year);
    } else {
        kf_text_add(text, edition->need_year == KF_NEED_YEAR_NEXT ? "next" : "same");
    }
}

const char *kf_editions_criteria(enum kf_criteria_rule rule)
{
    return rule == KF_CRITERIA_AGES ? "ages" : "all";
}

/* --- money ----------------------------------------------------------------------------------- */

void kf_editions_money(const struct kf_terms *terms, bool norwegian, struct kf_text *text)
{
    bool thousands = terms->count > 0;
    for (size_t i = 0; i < terms->count; i++) {
        thousands = thousands && fabs(terms->list[i].factor) >= THOUSAND;
    }
    for (size_t i = 0; i < terms->count; i++) {
        double factor = terms->list[i].factor / (thousands ? THOUSAND : 1);
        kf_text_add(text, i ? " + " : "");
        if (factor != 1) {
            kf_editions_number(factor, text);
            kf_text_add(text, "·");
        }
        kf_text_add(text, terms->list[i].variable);
    }
    kf_text_add_format(text, " (%s)", kf_word(thousands ? "1000 kr" : "kr", norwegian));
}

void kf_editions_adjustment(const struct kf_adjustment *adjustment, bool norwegian,
                            struct kf_text *text)
{
    kf_text_add(text, adjustment->to == KF_ADJUST_NEED ? "need: " : "expenditure: ");
    if (adjustment->amount.count > 0) {
        kf_editions_money(&adjustment->amount, norwegian, text);
    } else {
        kf_text_add_format(text, "%s ", kf_word("payroll costs", norwegian));
        kf_editions_money(&adjustment->payroll_costs, norwegian, text);
        kf_text_add(text, kf_word(" as a common percentage of ", norwegian));
        kf_editions_money(&adjustment->wages, norwegian, text);
    }
    for (size_t i = 0; i < adjustment->only_len; i++) {
        kf_text_add_format(text, "%s%s", i ? ", " : "; only ", adjustment->only[i]);
    }
}

/* --- demography ------------------------------------------------------------------------------ */

void kf_editions_rates(const struct kf_demography *demography, const struct kf_cost_sector *sector,
                       bool norwegian, struct kf_text *text)
{
    bool first = true;
    if (!sector->rates) {
        kf_text_add_format(text, "%s ", kf_word("derived of", norwegian));
        for (size_t i = 0; i < sector->of_len; i++) {
            kf_text_add_format(text, "%s, ", sector->of[i]);
        }
        kf_text_add_format(text, "%d", demography->rate_year);
        return;
    }
    for (size_t g = 0; g < demography->cost_groups_len; g++) {
        if (sector->rates[g] != 0) {
            kf_text_add_format(text, "%s%s: %.9g kr", first ? "" : ", ",
                               demography->cost_groups[g].id, sector->rates[g]);
            first = false;
        }
    }
}

void kf_editions_projection(const struct kf_demography *demography, bool norwegian,
                            struct kf_text *text)
{
    if (demography->observed_through == 0) {
        return;
    }
    kf_text_add_format(text, "%s, %s %d%s", demography->projected_population,
                       kf_word("observed through", norwegian), demography->observed_through,
                       demography->rebased ? kf_word(", rebased", norwegian) : "");
}
