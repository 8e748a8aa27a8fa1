/* Editions from YAML: weighted sums of variables, and their units. */
#include "common/model/edition_reader.h"

#include <math.h>
#include <string.h>

#include "common/base/numbers.h"
#include "common/base/text.h"

#define FACTOR_MAX 1e9

static const char *const term_keys[] = {"variable", "country", "factor", NULL};
static const char *const term_names[] = {"variable", "country", NULL};
static const char *const variable_only[] = {"variable", "factor", NULL};
static const char *const sum_keys[] = {"sum", NULL};

/* --- units ----------------------------------------------------------------------------------- */

/* Factors that turn one unit into another. */
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
        if (strcmp(unit, conversions[i].from) == 0 && term->factor == conversions[i].factor) {
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

/* All terms have the unit of the sum; a factor makes something else into money only: a price. */
static void check_units(struct kf_edition_reader *reader, struct kf_yaml_node list, const char *key,
                        const struct kf_terms *terms)
{
    const char *unit = kf_edition_unit(reader, terms);
    for (size_t i = 0; i < terms->count; i++) {
        bool certain = false;
        const char *next = unit_of(reader, &terms->list[i], &certain);
        if (!next[0] || strcmp(unit, next) == 0 || (!certain && kf_unit_is_money(unit))) {
            continue;
        }
        kf_yaml_fault_format(list, reader->findings, key,
                             kf_unit_is_money(unit)
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
