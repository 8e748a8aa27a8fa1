/* Editions from YAML: weighted sums of variables, their units, and people by age. */
#include "common/model/edition_reader.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/base/numbers.h"
#include "common/base/text.h"

#define FACTOR_MAX      1e9
#define KR_OF_THOUSANDS 1000.0

static const char *const term_keys[] = {"variable", "country", "factor", NULL};
static const char *const term_names[] = {"variable", "country", NULL};
static const char *const variable_only[] = {"variable", "factor", NULL};
static const char *const sum_keys[] = {"sum", NULL};

/* --- units ----------------------------------------------------------------------------------- */

/* Factors that turn one unit into another, as do their negatives. */
static const struct {
    const char *from;
    double factor;
    const char *to;
} conversions[] = {
    {"share", 100, "percent"},
    {"percent", 0.01, "share"},
    {"1000 kr", 1000, "kr"},
    {"kr", 0.001, "1000 kr"},
};

/* The unit of a term, "" when it is not known. `certain`: without a factor that could be a price,
 * as 500 (1000 kr for a person-year) is. */
static const char *unit_of(const struct kf_edition_reader *reader, const struct kf_term *term,
                           bool *certain)
{
    const char *id = term->variable;
    const struct kf_variable *variable =
        reader->variables ? kf_variables_find(reader->variables, id, strlen(id)) : NULL;
    const char *unit = variable ? variable->unit : "";
    *certain = fabs(term->factor) == 1;
    for (size_t i = 0; i < sizeof conversions / sizeof conversions[0]; i++) {
        if (strcmp(unit, conversions[i].from) == 0 && fabs(term->factor) == conversions[i].factor) {
            *certain = true;
            return conversions[i].to;
        }
    }
    return unit;
}

/* A term without a factor says it, else one in money, else the first. */
const char *kf_edition_unit(const struct kf_edition_reader *reader, const struct kf_terms *terms)
{
    const char *unit = "";
    for (size_t i = 0; i < terms->count; i++) {
        bool certain = false;
        const char *next = unit_of(reader, &terms->list[i], &certain);
        if (certain && next[0]) {
            return next;
        }
        unit = !unit[0] || (kf_unit_is_money(next) && !kf_unit_is_money(unit)) ? next : unit;
    }
    return unit;
}

/* All terms have the unit of the sum; a factor makes something else into money only: a price. Kr
 * and 1000 kr are converted by exactly 1000. */
static void check_units(struct kf_edition_reader *reader, struct kf_yaml_node list, const char *key,
                        const struct kf_terms *terms)
{
    const char *unit = kf_edition_unit(reader, terms);
    for (size_t i = 0; i < terms->count; i++) {
        bool certain = false;
        const char *next = unit_of(reader, &terms->list[i], &certain);
        bool priced = !certain && kf_unit_is_money(unit) && !kf_unit_is_money(next);
        if (!next[0] || strcmp(unit, next) == 0 || priced) {
            continue;
        }
        kf_yaml_fault_format(list, reader->findings, key,
                             kf_unit_is_money(next) && kf_unit_is_money(unit)
                                 ? "give all terms in kr, those in 1000 kr by factor 1000"
                             : kf_unit_is_money(unit)
                                 ? "add what has one unit, or give it a price by a factor"
                                 : "add what has one unit; a factor converts share and percent, kr "
                                   "and 1000 kr, and nothing else but into money",
                             "the sum adds %s (%s) to %s", next, terms->list[i].variable, unit);
        return;
    }
}

/* --- terms ----------------------------------------------------------------------------------- */

struct kf_terms kf_edition_term(struct kf_edition_reader *reader, const char *variable)
{
    struct kf_term *term = variable[0] ? kf_edition_room(reader, 1, sizeof *term) : NULL;
    if (!term) {
        return (struct kf_terms){NULL, 0};
    }
    *term = (struct kf_term){.variable = variable, .factor = 1};
    return (struct kf_terms){term, 1};
}

static double read_factor(struct kf_edition_reader *reader, struct kf_yaml_node map)
{
    double factor = 1;
    if (!kf_yaml_get_number(map, "factor", false, &factor, reader->findings)) {
        return 1;
    }
    if (factor == 0 || fabs(factor) > FACTOR_MAX) {
        kf_yaml_fault_format(kf_yaml_get(map, "factor"), reader->findings, "factor",
                             "write a factor, or remove the term",
                             "is 0, or beyond %g in either direction", FACTOR_MAX);
        return 1;
    }
    return kf_figure_canonical(factor);
}

/* V, {variable: V, factor: F} or, where a country's figure makes sense, {country: V, factor: F}. */
static struct kf_term read_term(struct kf_edition_reader *reader, struct kf_yaml_node node,
                                const char *key, bool country)
{
    struct kf_term term = {.variable = "", .factor = 1};
    if (!kf_yaml_is_map(node)) {
        term.variable = kf_edition_variable_at(reader, node, key);
        return term;
    }
    kf_yaml_check_keys(node, country ? term_keys : variable_only, reader->findings);
    int chosen = kf_edition_choose(reader, node, term_names);
    term.country = country && chosen == 1;
    term.variable = kf_edition_variable(reader, node, term.country ? "country" : "variable", true);
    term.factor = read_factor(reader, node);
    return term;
}

static void check_repeated(struct kf_edition_reader *reader, struct kf_yaml_node item,
                           const char *key, const struct kf_terms *before,
                           const struct kf_term *term)
{
    for (size_t i = 0; term->variable[0] && i < before->count; i++) {
        const struct kf_term *other = &before->list[i];
        if (strcmp(other->variable, term->variable) == 0 && other->country == term->country) {
            kf_yaml_fault(item, reader->findings, key, "remove it, or write one term with a factor",
                          "is in the sum twice");
            return;
        }
    }
}

struct kf_terms kf_edition_terms(struct kf_edition_reader *reader, struct kf_yaml_node map,
                                 const char *key, bool country)
{
    struct kf_yaml_node list = kf_edition_list(reader, map, key, 1, KF_TERMS_MAX);
    size_t count = kf_yaml_count(list);
    struct kf_terms terms = {kf_edition_room(reader, count, sizeof *terms.list), 0};
    for (size_t i = 0; terms.list && i < count; i++) {
        struct kf_yaml_node item = kf_yaml_item(list, i);
        struct kf_term term = read_term(reader, item, key, country);
        check_repeated(reader, item, key, &terms, &term);
        terms.list[terms.count++] = term;
    }
    check_units(reader, list, key, &terms);
    return terms;
}

struct kf_terms kf_edition_amount(struct kf_edition_reader *reader, struct kf_yaml_node map,
                                  const char *key)
{
    struct kf_yaml_node node = kf_yaml_get(map, key);
    struct kf_terms none = {NULL, 0};
    if (!kf_yaml_exists(node)) {
        return none;
    }
    struct kf_terms terms = none;
    if (kf_yaml_is_list(node)) {
        terms = kf_edition_terms(reader, map, key, false);
    } else if (kf_yaml_is_map(node)) {
        kf_yaml_check_keys(node, sum_keys, reader->findings);
        terms = kf_edition_terms(reader, node, "sum", false);
    } else {
        terms = kf_edition_term(reader, kf_edition_variable_at(reader, node, key));
    }
    return terms;
}

/* --- amounts in a unit ----------------------------------------------------------------------- */

/* Sums in 1000 kr become sums in kr, so that amounts of different units may meet. */
static void convert(struct kf_terms *terms)
{
    for (size_t i = 0; i < terms->count; i++) {
        terms->list[i].factor = kf_figure_canonical(KR_OF_THOUSANDS * terms->list[i].factor);
    }
}

struct kf_terms kf_edition_money(struct kf_edition_reader *reader, struct kf_yaml_node map,
                                 const char *key, bool required)
{
    struct kf_yaml_node node = kf_yaml_get(map, key);
    if (!kf_yaml_exists(node)) {
        if (required) {
            kf_yaml_fault_missing(map, reader->findings, key, "VARIABLE");
        }
        return (struct kf_terms){NULL, 0};
    }
    struct kf_terms terms = kf_edition_amount(reader, map, key);
    const char *unit = kf_edition_unit(reader, &terms);
    if (unit[0] && !kf_unit_is_money(unit)) {
        kf_yaml_fault_format(node, reader->findings, key,
                             "name figures in kr or 1000 kr, of the whole municipality",
                             "is in %s, not in money", unit);
    } else if (strcmp(unit, "1000 kr") == 0) {
        convert(&terms);
    }
    return terms;
}

/* What is wrong with `found` where only `units` may stand. */
static void fault_unit(struct kf_edition_reader *reader, struct kf_yaml_node node, const char *key,
                       const char *const *units, const char *found)
{
    char remedy[KF_REMEDY_BYTES];
    (void)snprintf(remedy, sizeof remedy, "name figures in %s%s%s", units[0],
                   units[1] ? " or " : "", units[1] ? units[1] : "");
    kf_yaml_fault_format(node, reader->findings, key, remedy, "is in %s, not in %s", found,
                         units[0]);
}

static bool is_among(const char *unit, const char *const *units)
{
    size_t i = 0;
    while (units[i] && strcmp(units[i], unit) != 0) {
        i++;
    }
    return units[i] != NULL;
}

struct kf_terms kf_edition_quantity(struct kf_edition_reader *reader, struct kf_yaml_node map,
                                    const char *key, const char *const *units, bool required)
{
    struct kf_yaml_node node = kf_yaml_get(map, key);
    if (!kf_yaml_exists(node) && required) {
        kf_yaml_fault_missing(map, reader->findings, key, "VARIABLE");
    }
    struct kf_terms terms = kf_edition_amount(reader, map, key);
    const char *unit = kf_edition_unit(reader, &terms);
    if (unit[0] && !is_among(unit, units)) {
        fault_unit(reader, node, key, units, unit);
    }
    return terms;
}

const char *kf_edition_variable_in(struct kf_edition_reader *reader, struct kf_yaml_node map,
                                   const char *key, const char *const *units)
{
    const char *id = kf_edition_variable(reader, map, key, true);
    const struct kf_variable *variable =
        reader->variables ? kf_variables_find(reader->variables, id, strlen(id)) : NULL;
    if (variable && !is_among(variable->unit, units)) {
        fault_unit(reader, kf_yaml_get(map, key), key, units, variable->unit);
    }
    return id;
}

/* --- ages ------------------------------------------------------------------------------------ */

/* "6-12", "0", or "67+", which is up to the last age there is. */
static bool parse_ages(const char *text, unsigned long *from, unsigned long *to)
{
    size_t first = strcspn(text, "-+");
    const char *rest = text + first;
    if (!kf_text_to_unsigned(text, first, KF_AGE_MAX, from)) {
        return false;
    }
    *to = rest[0] ? KF_AGE_MAX : *from;
    return !rest[0] || strcmp(rest, "+") == 0 ||
           (rest[0] == '-' && kf_text_to_unsigned(rest + 1, strlen(rest + 1), KF_AGE_MAX, to));
}

/* The variable of one year of age; "" after a fault, told once: others of them lack it, too. */
static const char *age_variable(struct kf_edition_reader *reader, struct kf_yaml_node node,
                                const char *key, unsigned long age)
{
    const char *id = kf_arena_printf(reader->arena, "%s%lu", KF_AGE_VARIABLE, age);
    reader->failed = reader->failed || !id;
    if (id && reader->variables && !kf_variables_find(reader->variables, id, strlen(id))) {
        kf_yaml_fault_format(node, reader->findings, key,
                             "register " KF_AGE_VARIABLE "{} with each: 0-105 in variables.yaml",
                             "needs %s, which is not a registered variable", id);
        return "";
    }
    return id ? id : "";
}

static struct kf_terms age_terms(struct kf_edition_reader *reader, struct kf_yaml_node node,
                                 const char *key, const unsigned long span[2])
{
    struct kf_terms terms = {kf_edition_room(reader, span[1] - span[0] + 1, sizeof *terms.list), 0};
    for (unsigned long age = span[0]; terms.list && age <= span[1]; age++) {
        const char *variable = age_variable(reader, node, key, age);
        if (!variable[0]) {
            return (struct kf_terms){NULL, 0};
        }
        terms.list[terms.count++] = (struct kf_term){.variable = variable, .factor = 1};
    }
    return terms;
}

struct kf_terms kf_edition_ages(struct kf_edition_reader *reader, struct kf_yaml_node map,
                                const char *key)
{
    struct kf_yaml_node node = kf_yaml_get(map, key);
    const char *text = kf_yaml_scalar(node);
    unsigned long span[2] = {0, 0};
    if (!kf_yaml_exists(node)) {
        return (struct kf_terms){NULL, 0};
    }
    if (text && (strstr(text, "–") || strstr(text, "—") || strstr(text, "−"))) {
        kf_yaml_fault(node, reader->findings, key, "write the hyphen of the keyboard: 6-12",
                      "have a long dash, which is another character");
    } else if (!text || !parse_ages(text, &span[0], &span[1])) {
        kf_yaml_fault_format(node, reader->findings, key,
                             "write one age, the first and the last, or the first and a plus: 0, "
                             "6-12, 67+",
                             "are no ages from 0 to %d", KF_AGE_MAX);
    } else if (span[0] > span[1]) {
        kf_yaml_fault(node, reader->findings, key, "write the lower age first",
                      "the first age is above the last");
    } else {
        return age_terms(reader, node, key, span);
    }
    return (struct kf_terms){NULL, 0};
}
