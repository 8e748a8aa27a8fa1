/* Leaves: figures of the input with their files and lines, numbers of the edition, and what is put
 * together of cells alone: a territory of another year's municipalities, a weighted sum. */
#include <assert.h>
#include <string.h>

#include "common/model/catalogue.h"
#include "common/model/cell.h"
#include "tools/kf/explain_build.h"

static const struct kf_explain_rule cell_rule = {
    "cell", KF_EXPLAIN_CELL, "", {"tall fra inndata", "figure of the input"}};
static const struct kf_explain_rule recut_rule = {
    "recut",
    KF_EXPLAIN_SUM,
    "",
    {"summen av det som er slått sammen siden", "sum of what has been merged since"}};
static const struct kf_explain_rule number_rule = {
    "number", KF_EXPLAIN_NUMBER, "", {"fast tall", "given number"}};
static const struct kf_explain_rule terms_rule = {
    "terms", KF_EXPLAIN_SUM, "I1", {"veid sum av tall", "weighted sum of figures"}};

/* The place of a year among the re-cuts: its own, or the first that is free. */
static struct kf_recut *place_of(struct kf_explain_walk *walk, int year)
{
    size_t at = 0;
    while (walk->recuts[at].data_year != 0 && walk->recuts[at].data_year != year) {
        at++;
    }
    assert(at < KF_EXPLAIN_YEARS_MAX);
    return &walk->recuts[at];
}

/* Which municipalities of the data year make up those of the panel; NULL when nothing is known. */
static const struct kf_recut *recut_of(struct kf_explain_walk *walk, int year)
{
    const struct kf_catalogue *catalogue = walk->catalogue;
    if (!catalogue || !catalogue->structure) {
        return NULL;
    }
    struct kf_recut *recut = place_of(walk, year);
    if (recut->data_year == 0) {
        recut->data_year = year;
        recut->structure_year = kf_edition_structure_year(
            walk->panel->edition, catalogue->municipalities, walk->panel->year);
        struct kf_error err = {0};
        if (kf_recut_make(recut, catalogue->structure, catalogue->municipalities, walk->arena,
                          &err) != KF_OK) {
            kf_explain_fail(walk, &err);
        }
    }
    return recut;
}

/* The variable whose rows make the column: the population of a projected year is the projection's.
 */
static const char *variable_of(const struct kf_explain_key *key)
{
    const struct kf_edition *edition = key->panel->edition;
    const char *projected = edition->demography.projected_population;
    bool replaced = kf_edition_projects(edition, key->panel->year) && projected && projected[0] &&
                    strcmp(key->variable, edition->population) == 0;
    return replaced ? projected : key->variable;
}

/* The row of the input for a municipality's number, or KF_OBSERVATION_COUNTRY. */
static const struct kf_observation *find_row(const struct kf_explain_walk *walk,
                                             const struct kf_explain_key *key, unsigned code)
{
    if (!walk->observations) {
        return NULL;
    }
    const struct kf_variables *variables = kf_observations_variables(walk->observations);
    const char *name = variable_of(key);
    const struct kf_variable *variable = kf_variables_find(variables, name, strlen(name));
    if (!variable) {
        return NULL;
    }
    size_t count = 0;
    size_t number = (size_t)(variable - kf_variables_all(variables, &count));
    return kf_observations_cell(walk->observations, key->panel->year, number, code);
}

/* The number of the key's municipality. */
static unsigned code_of(const struct kf_explain_key *key)
{
    unsigned long code = 0;
    const char *text = kf_explain_municipality_of(key);
    bool number = key->member != KF_EXPLAIN_COUNTRY &&
                  kf_text_to_unsigned(text, strlen(text), KF_OBSERVATION_COUNTRY - 1, &code);
    return number ? (unsigned)code : KF_OBSERVATION_COUNTRY;
}

static const char *unit_of(const struct kf_explain_walk *walk, const char *variable)
{
    const struct kf_variable *found =
        walk->observations ? kf_variables_find(kf_observations_variables(walk->observations),
                                               variable, strlen(variable))
                           : NULL;
    return found ? found->unit : "";
}

static void fill_cell(struct kf_explain_node *node, const struct kf_explain_key *key)
{
    const struct kf_column *column = kf_panel_column(key->panel, key->variable);
    size_t members = key->panel->members_len;
    node->status = KF_CELL_MISSING;
    if (!column) {
        return;
    }
    if (key->member == KF_EXPLAIN_COUNTRY) {
        node->value = column->country_value;
        node->status = column->country_status;
    } else if (key->member < members) {
        node->value = column->values[key->member];
        node->status = column->status[key->member];
    } else if (column->other_values) {
        node->value = column->other_values[key->member - members];
        node->status = column->other_status[key->member - members];
    }
}

static void tell_row(const struct kf_explain_walk *walk, struct kf_explain_node *node,
                     const struct kf_observation *row)
{
    if (row) {
        node->file = kf_observations_file(walk->observations, row->file);
        node->line = row->line;
    }
}

/* A figure of a municipality as it was in the data year, before the panel was re-cut. */
static struct kf_explain_node *source_cell(struct kf_explain_walk *walk,
                                           const struct kf_explain_key *key, unsigned code)
{
    struct kf_explain_key source = *key;
    source.measure = "source_cell";
    source.member = KF_EXPLAIN_GROUP;
    source.indicator = kf_explain_text(walk, "%04u", code);
    bool made = false;
    struct kf_explain_node *node = &kf_explain_entry_of(walk, &source, &made)->node;
    if (made) {
        const struct kf_observation *row = find_row(walk, key, code);
        node->rule = &cell_rule;
        node->variable = variable_of(key);
        node->municipality = node->indicator;
        node->indicator = "";
        node->unit = unit_of(walk, key->variable);
        node->expanded = true;
        node->value = row ? row->value : 0;
        node->status = row ? row->status : KF_CELL_MISSING;
        tell_row(walk, node, row);
    }
    return node;
}

/* The cell of a municipality that was put together, or renamed, since the data year: the figures of
 * what it was. False when it is its own. */
static bool add_parts(struct kf_explain_walk *walk, struct kf_explain_node *node,
                      const struct kf_explain_key *key)
{
    const struct kf_recut *recut = recut_of(walk, key->panel->year);
    size_t count = 0;
    const struct kf_share *shares =
        recut && kf_cell_has_value(node->status) && code_of(key) != KF_OBSERVATION_COUNTRY
            ? kf_recut_of(recut, code_of(key), &count)
            : NULL;
    for (size_t i = 0; i < count; i++) {
        struct kf_explain_node *weight =
            shares[i].weight == 1
                ? NULL
                : kf_explain_number(walk, "share of the territory", "share", shares[i].weight);
        kf_explain_add_weighted(walk, node, "part", weight, source_cell(walk, key, shares[i].from));
    }
    if (count > 0) {
        node->rule = &recut_rule;
        (void)kf_explain_evaluate(node, &node->recomputed);
    }
    return count > 0;
}

struct kf_explain_node *kf_explain_cell(struct kf_explain_walk *walk, const struct kf_panel *panel,
                                        const char *variable, size_t member)
{
    struct kf_explain_key key = {
        .panel = panel, .measure = "cell", .variable = variable, .member = member};
    bool made = false;
    struct kf_explain_entry *entry = kf_explain_entry_of(walk, &key, &made);
    struct kf_explain_node *node = &entry->node;
    if (!made) {
        return node;
    }
    node->rule = &cell_rule;
    node->variable = variable_of(&key);
    node->unit = unit_of(walk, variable);
    node->expanded = true;
    fill_cell(node, &key);
    const struct kf_observation *row = find_row(walk, &key, code_of(&key));
    bool own = row && kf_cell_has_value(row->status) == kf_cell_has_value(node->status) &&
               row->value == node->value;
    if (!own && add_parts(walk, node, &key)) {
        return node;
    }
    tell_row(walk, node, row);
    return node;
}

struct kf_explain_node *kf_explain_number(struct kf_explain_walk *walk, const char *what,
                                          const char *unit, double value)
{
    struct kf_explain_key key = {.panel = walk->panel, .measure = what, .member = KF_EXPLAIN_GROUP};
    struct kf_explain_node *node = &kf_explain_entry_new(walk, &key)->node;
    node->rule = &number_rule;
    node->unit = unit;
    node->value = value;
    node->recomputed = value;
    node->expanded = true;
    return node;
}

/* --- sums of variables ------------------------------------------------------------------------ */

/* True when the figure itself is the sum. */
static bool is_plain(const struct kf_terms *terms)
{
    return terms->count == 1 && terms->list[0].factor == 1;
}

static size_t whose(const struct kf_explain_key *key, const struct kf_term *term)
{
    return term->country ? KF_EXPLAIN_COUNTRY : key->member;
}

void kf_explain_add_terms(struct kf_explain_walk *walk, struct kf_explain_node *node,
                          const struct kf_explain_key *key, const struct kf_terms *terms)
{
    for (size_t t = 0; t < terms->count; t++) {
        const struct kf_term *term = &terms->list[t];
        struct kf_explain_node *part =
            kf_explain_cell(walk, key->panel, term->variable, whose(key, term));
        struct kf_explain_node *factor =
            term->factor == 1 ? NULL : kf_explain_number(walk, "factor", "", term->factor);
        kf_explain_add_weighted(walk, node, "term", factor, part);
        node->unit = part->unit;
    }
}

struct kf_explain_node *kf_explain_terms(struct kf_explain_walk *walk,
                                         const struct kf_explain_key *key,
                                         const struct kf_terms *terms)
{
    if (is_plain(terms)) {
        return kf_explain_cell(walk, key->panel, terms->list[0].variable,
                               whose(key, &terms->list[0]));
    }
    bool made = false;
    struct kf_explain_node *node = &kf_explain_entry_of(walk, key, &made)->node;
    if (made) {
        kf_explain_add_terms(walk, node, key, terms);
        node->rule = &terms_rule;
        node->expanded = true;
        node->status = kf_explain_evaluate(node, &node->value) ? KF_CELL_VALUE : KF_CELL_MISSING;
        node->recomputed = node->value;
    }
    return node;
}

struct kf_explain_node *kf_explain_terms_as(struct kf_explain_walk *walk,
                                            const struct kf_explain_key *key,
                                            const struct kf_terms *terms,
                                            const struct kf_explain_rule *rule, const char *unit)
{
    struct kf_explain_node *node = kf_explain_terms(walk, key, terms);
    if (!is_plain(terms)) {
        node->rule = rule;
        node->unit = unit;
    }
    return node;
}

bool kf_explain_has_terms(const struct kf_explain_key *key, const struct kf_terms *terms)
{
    for (size_t t = 0; t < terms->count; t++) {
        const struct kf_column *column = kf_panel_column(key->panel, terms->list[t].variable);
        bool country = whose(key, &terms->list[t]) == KF_EXPLAIN_COUNTRY;
        if (!column ||
            !kf_cell_has_value(country ? column->country_status : column->status[key->member])) {
            return false;
        }
    }
    return true;
}
