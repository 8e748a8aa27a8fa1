/* Editions from YAML: the cost key of a sector (METHOD N1–N7). */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/base/text.h"
#include "common/model/edition_reader.h"

static const char *const needs_keys[] = {"year", "criteria", "index", NULL};
static const char *const need_keys[] = {"weight", "rescale", "criteria", "index", NULL};
static const char *const criterion_keys[] = {"id",     "variable",          "ages", "basis",
                                             "weight", "cost_disadvantage", NULL};
static const char *const criteria_rules[] = {"all", "ages", NULL};

/* --- a published index ----------------------------------------------------------------------- */

/* A need index says how much more or less than the country a municipality needs: never an amount.
 */
static const char *read_index(struct kf_edition_reader *reader, struct kf_yaml_node need)
{
    const char *id = kf_edition_variable(reader, need, "index", false);
    const struct kf_variable *variable =
        reader->variables && id[0] ? kf_variables_find(reader->variables, id, strlen(id)) : NULL;
    if (variable && variable->kind == KF_VARIABLE_AMOUNT) {
        kf_yaml_fault_format(kf_yaml_get(need, "index"), reader->findings, "index",
                             "name a published need index, or count it as a criterion",
                             "is an amount of %s, no index", variable->unit);
    }
    return id;
}

/* --- the whole ------------------------------------------------------------------------------- */

/* METHOD N5: the words same and next, or a year. */
static int read_need_year(struct kf_edition_reader *reader, struct kf_yaml_node need)
{
    struct kf_yaml_node node = kf_yaml_get(need, "year");
    const char *word = kf_yaml_scalar(node);
    long year = 0;
    if (!kf_yaml_exists(node) || kf_text_equal(word, "same")) {
        return KF_NEED_YEAR_SAME;
    }
    if (kf_text_equal(word, "next")) {
        return KF_NEED_YEAR_NEXT;
    }
    if (!kf_yaml_to_whole(node, &year) || year < KF_EDITION_YEAR_MIN ||
        year > KF_EDITION_YEAR_MAX) {
        kf_yaml_fault_format(
            node, reader->findings, "year", "write same, next, or four digits without quotes",
            "must be same, next or a year from %d to %d", KF_EDITION_YEAR_MIN, KF_EDITION_YEAR_MAX);
        return KF_NEED_YEAR_SAME;
    }
    return (int)year;
}

void kf_edition_read_needs(struct kf_edition_reader *reader, struct kf_edition *edition)
{
    struct kf_yaml_node need = kf_yaml_get(reader->root, "need");
    edition->need_year = KF_NEED_YEAR_SAME;
    edition->criteria = KF_CRITERIA_ALL;
    edition->published_need = "";
    if (!kf_yaml_exists(need)) {
        return;
    }
    kf_yaml_check_keys(need, needs_keys, reader->findings);
    if (kf_yaml_is_map(need)) {
        edition->need_year = read_need_year(reader, need);
        int rule = kf_edition_word(reader, need, "criteria", criteria_rules, false);
        edition->criteria = rule ? (enum kf_criteria_rule)rule : KF_CRITERIA_ALL;
        edition->published_need = read_index(reader, need);
    }
}

/* --- one criterion --------------------------------------------------------------------------- */

/* Which of the two ways to count people stands nearer. */
static const char *nearest_people(struct kf_yaml_node node)
{
    struct kf_yaml_node variable = kf_yaml_get(node, "variable");
    struct kf_yaml_node ages = kf_yaml_get(node, "ages");
    bool aged = kf_yaml_exists(ages) &&
                (!kf_yaml_exists(variable) || kf_yaml_level(ages) < kf_yaml_level(variable));
    return aged ? "ages" : "variable";
}

/* True for a key that an inherited `basis` has not replaced on the way. */
static bool stands(struct kf_yaml_node node, const char *key)
{
    struct kf_yaml_node basis = kf_yaml_get(node, "basis");
    struct kf_yaml_node counted = kf_yaml_get(node, key);
    return kf_yaml_exists(counted) &&
           (!kf_yaml_exists(basis) || kf_yaml_level(counted) < kf_yaml_level(basis));
}

/* A criterion counts a variable, people of some ages, both (the variable where it has figures), or
 * one for every municipality. */
static void read_counted(struct kf_edition_reader *reader, struct kf_yaml_node node,
                         struct kf_criterion *criterion)
{
    const char *const counted[] = {nearest_people(node), "basis", NULL};
    int chosen = kf_edition_choose(reader, node, counted);
    bool basis = false;
    if (chosen == 0) {
        if (stands(node, "variable")) {
            criterion->variable = kf_edition_variable(reader, node, "variable", true);
        }
        if (stands(node, "ages")) {
            criterion->ages = kf_edition_ages(reader, node, "ages");
        }
    } else if (chosen < 0) {
        kf_yaml_fault(node, reader->findings, "variable",
                      "write variable: NAME, ages: 6-12, or basis: true",
                      "the criterion counts nothing");
    } else if (kf_yaml_get_flag(node, "basis", true, &basis, reader->findings) && !basis) {
        kf_yaml_fault(kf_yaml_get(node, "basis"), reader->findings, "basis",
                      "remove it and name a variable", "can only be true");
    }
}

/* A criterion is divided by inhabitants: a share of them would be divided twice. Composite measures
 * of the income system are ratios too, but in no unit of a share. */
static void check_amount(struct kf_edition_reader *reader, struct kf_yaml_node node,
                         const struct kf_criterion *criterion)
{
    const struct kf_variable *variable =
        reader->variables && criterion->variable[0]
            ? kf_variables_find(reader->variables, criterion->variable, strlen(criterion->variable))
            : NULL;
    if (variable && variable->kind == KF_VARIABLE_RATIO &&
        (strcmp(variable->unit, "share") == 0 || strcmp(variable->unit, "percent") == 0)) {
        kf_yaml_fault_format(kf_yaml_get(node, "variable"), reader->findings, "variable",
                             "name the number of persons instead",
                             "is a %s; a criterion is an amount, divided by inhabitants later",
                             variable->unit);
    }
}

static void read_criterion(struct kf_edition_reader *reader, struct kf_yaml_node node,
                           struct kf_criterion *criterion)
{
    *criterion = (struct kf_criterion){.id = "", .variable = "", .weight = NAN};
    kf_yaml_check_keys(node, criterion_keys, reader->findings);
    if (!kf_yaml_is_map(node)) {
        return;
    }
    criterion->id = kf_edition_id(reader, node, "id");
    criterion->weight = kf_edition_weight(reader, node);
    read_counted(reader, node, criterion);
    check_amount(reader, node, criterion);
    (void)kf_yaml_get_flag(node, "cost_disadvantage", false, &criterion->cost_disadvantage,
                           reader->findings);
}

/* --- the key of a sector --------------------------------------------------------------------- */

/* METHOD N7 leaves the cost disadvantages out and rescales the rest: there must be a rest. */
static void check_rest(struct kf_edition_reader *reader, struct kf_yaml_node list,
                       const struct kf_sector *sector)
{
    for (size_t i = 0; i < sector->criteria_len; i++) {
        const struct kf_criterion *criterion = &sector->criteria[i];
        if (!criterion->cost_disadvantage && !(criterion->weight <= 0)) {
            return;
        }
    }
    kf_yaml_fault(list, reader->findings, "criteria",
                  "add a criterion of need with a positive weight",
                  "every criterion that weighs anything is a cost disadvantage");
}

/* METHOD N1. Weights that are to be rescaled need not close before. */
static void close_criteria(struct kf_edition_reader *reader, struct kf_yaml_node list,
                           struct kf_sector *sector, bool rescale)
{
    double *weights = kf_edition_room(reader, sector->criteria_len, sizeof *weights);
    char whole[128];
    (void)snprintf(whole, sizeof whole, "the criteria of %s",
                   sector->id[0] ? sector->id : "the sector");
    for (size_t i = 0; weights && i < sector->criteria_len; i++) {
        weights[i] = sector->criteria[i].weight;
    }
    struct kf_edition_weights together = {weights, sector->criteria_len, list,
                                          whole,   "criteria",           rescale};
    if (weights) {
        kf_edition_close_weights(reader, &together);
    }
    for (size_t i = 0; weights && i < sector->criteria_len; i++) {
        sector->criteria[i].weight = weights[i];
    }
}

/* KF_CRITERIA_AGES: what counts no people by age leaves the key. Without such a criterion a sector
 * needs a published index. */
static void keep_ages(struct kf_edition_reader *reader, struct kf_yaml_node list,
                      struct kf_sector *sector)
{
    size_t kept = 0;
    for (size_t i = 0; i < sector->criteria_len; i++) {
        if (sector->criteria[i].ages.count > 0) {
            sector->criteria[kept++] = sector->criteria[i];
        }
    }
    sector->criteria_len = kept;
    if (kept > 0) {
        close_criteria(reader, list, sector, true);
    } else if (!sector->published_need[0]) {
        kf_yaml_fault(list, reader->findings, "criteria",
                      "write ages: 6-12 where a criterion counts people by age, or take the "
                      "sector's need away",
                      "no criterion counts people by age, and only those count in this edition");
    }
}

static void read_criteria(struct kf_edition_reader *reader, struct kf_yaml_node need,
                          const struct kf_edition *edition, struct kf_sector *sector)
{
    struct kf_yaml_node list = kf_edition_list(reader, need, "criteria", 1, KF_CRITERIA_MAX);
    size_t count = kf_yaml_count(list);
    struct kf_criterion *criteria = kf_edition_room(reader, count, sizeof *criteria);
    if (!criteria || count == 0) {
        return;
    }
    uint64_t before = kf_findings_count(reader->findings);
    for (size_t i = 0; i < count; i++) {
        read_criterion(reader, kf_yaml_item(list, i), &criteria[i]);
    }
    kf_edition_check_ids(reader, list);
    bool rescale = false;
    (void)kf_yaml_get_flag(need, "rescale", false, &rescale, reader->findings);
    sector->criteria = criteria;
    sector->criteria_len = count;
    close_criteria(reader, list, sector, rescale);
    if (edition->criteria == KF_CRITERIA_AGES && kf_findings_count(reader->findings) == before) {
        keep_ages(reader, list, sector);
    }
    if (sector->criteria_len > 0) {
        check_rest(reader, list, sector);
    }
}

void kf_edition_read_need(struct kf_edition_reader *reader, struct kf_yaml_node node,
                          const struct kf_edition *edition, struct kf_sector *sector)
{
    struct kf_yaml_node need = kf_yaml_get(node, "need");
    if (!kf_yaml_exists(need)) {
        return;
    }
    sector->need_weight = NAN;
    kf_yaml_check_keys(need, need_keys, reader->findings);
    if (!kf_yaml_is_map(need)) {
        return;
    }
    sector->need_weight = kf_edition_weight(reader, need);
    sector->published_need = read_index(reader, need);
    if (!kf_yaml_exists(kf_yaml_get(need, "index")) ||
        kf_yaml_exists(kf_yaml_get(need, "criteria"))) {
        read_criteria(reader, need, edition, sector);
    }
}
