/* Editions from YAML: sectors, indicators, criteria, and that weights close. */
#include "common/model/edition_reader.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/base/decimal.h"
#include "common/base/numbers.h"
#include "common/model/topic.h"

/* A sum that misses 1 by the tolerance itself must not fail on the last bit of its decimals. */
#define SUM_NOISE 1e-12

static const char *const sector_keys[] = {"id",   "name",       "weight", "source",
                                          "need", "indicators", NULL};
static const char *const indicator_keys[] = {"id", "name", "weight", "variable", "per", NULL};
static const char *const need_keys[] = {"weight", "criteria", NULL};
static const char *const criterion_keys[] = {"id",     "variable",          "basis",
                                             "weight", "cost_disadvantage", NULL};
static const char *const per_keys[] = {"variable", NULL};
static const char *const per_words[] = {"none", "population", "need_population", NULL};
static const enum kf_per per_values[] = {KF_PER_NONE, KF_PER_POPULATION, KF_PER_NEED_POPULATION};

/* --- weights --------------------------------------------------------------------------------- */

/* A share of a whole; NAN after a fault. */
static double read_weight(struct kf_edition_reader *reader, struct kf_yaml_node map)
{
    double weight = NAN;
    if (kf_yaml_get_number(map, "weight", true, &weight, reader->findings) &&
        (weight < 0 || weight > 1)) {
        kf_yaml_fault(kf_yaml_get(map, "weight"), reader->findings, "weight",
                      "write a share from 0 to 1", "is not between 0 and 1");
        return NAN;
    }
    return isnan(weight) ? weight : kf_figure_canonical(weight);
}

/* Weights that stand together, and how they are spoken of. */
struct weights {
    double *list;
    size_t count;
    struct kf_yaml_node node;
    const char *whole; /* "the sectors", "the indicators of barnehage" */
    const char *key;
};

static void fault_sum(struct kf_edition_reader *reader, const struct weights *weights, double sum)
{
    char sum_text[KF_DECIMAL_SIZE];
    char miss_text[KF_DECIMAL_SIZE];
    (void)kf_decimal_print(kf_figure_canonical(sum), sum_text);
    /* Rounded to where weights are printed: 0.97 misses 1 by 0.03, not by 0.030000000000000027. */
    (void)kf_decimal_print(round(fabs(sum - 1) * 1e9) / 1e9, miss_text);
    kf_yaml_fault_format(weights->node, reader->findings, weights->key,
                         "change a weight so that they sum to 1 within 0.0005",
                         "the weights of %s sum to %s, %s %s 1", weights->whole, sum_text,
                         miss_text, sum < 1 ? "below" : "above");
}

/* METHOD N1: refuses weights that miss 1 by more than the tolerance, rescales the others so that
 * they close. Silent when one of them is unknown: that has been told. */
static void close_weights(struct kf_edition_reader *reader, const struct weights *weights)
{
    struct kf_wide total = {0};
    for (size_t i = 0; i < weights->count; i++) {
        if (isnan(weights->list[i])) {
            return;
        }
        total = kf_wide_add(total, kf_wide_from_figure(weights->list[i]));
    }
    double sum = kf_wide_value(total);
    if (fabs(sum - 1) > KF_WEIGHTS_TOLERANCE + SUM_NOISE) {
        fault_sum(reader, weights, sum);
        return;
    }
    for (size_t i = 0; i < weights->count; i++) {
        struct kf_wide weight = kf_wide_from_figure(weights->list[i]);
        weights->list[i] = kf_wide_value(kf_wide_div(weight, total));
    }
}

/* --- ids ------------------------------------------------------------------------------------- */

/* Two items of `list` must not have the same id. */
static void check_ids(struct kf_edition_reader *reader, struct kf_yaml_node list)
{
    for (size_t i = 0; i < kf_yaml_count(list); i++) {
        struct kf_yaml_node node = kf_yaml_get(kf_yaml_item(list, i), "id");
        const char *id = kf_yaml_scalar(node);
        for (size_t j = 0; id && j < i; j++) {
            struct kf_yaml_node other = kf_yaml_get(kf_yaml_item(list, j), "id");
            const char *other_id = kf_yaml_scalar(other);
            if (other_id && strcmp(id, other_id) == 0) {
                kf_yaml_fault_format(node, reader->findings, "id", "rename one of the two",
                                     "is the id of line %llu already",
                                     (unsigned long long)kf_yaml_line(other));
                break;
            }
        }
    }
}

/* --- indicators ------------------------------------------------------------------------------ */

static void read_per_word(struct kf_edition_reader *reader, struct kf_yaml_node node,
                          struct kf_indicator *indicator)
{
    const char *word = kf_yaml_scalar(node);
    for (size_t i = 0; per_words[i]; i++) {
        if (word && strcmp(word, per_words[i]) == 0) {
            indicator->per = per_values[i];
            return;
        }
    }
    char remedy[KF_REMEDY_BYTES] = "write none, population, need_population or {variable: NAME}";
    if (word) {
        kf_yaml_suggest(word, per_words, remedy, sizeof remedy);
    }
    kf_yaml_fault(node, reader->findings, "per", remedy, "is nothing to divide by");
}

static void read_per(struct kf_edition_reader *reader, struct kf_yaml_node map, bool has_need,
                     struct kf_indicator *indicator)
{
    struct kf_yaml_node node = kf_yaml_get(map, "per");
    indicator->per = KF_PER_NONE;
    indicator->per_variable = "";
    if (!kf_yaml_exists(node)) {
        kf_yaml_fault_missing(map, reader->findings, "per", "none");
    } else if (kf_yaml_is_map(node)) {
        kf_yaml_check_keys(node, per_keys, reader->findings);
        indicator->per = KF_PER_VARIABLE;
        indicator->per_variable = kf_edition_variable(reader, node, "variable", true);
    } else {
        read_per_word(reader, node, indicator);
    }
    if (indicator->per == KF_PER_NEED_POPULATION && !has_need) {
        kf_yaml_fault(node, reader->findings, "per",
                      "give the sector a need with its cost key, or write population",
                      "the sector has no need-corrected population");
    }
}

static const char *unit_of(const struct kf_edition_reader *reader, const char *id)
{
    const struct kf_variable *variable =
        reader->variables ? kf_variables_find(reader->variables, id, strlen(id)) : NULL;
    return variable ? variable->unit : "";
}

/* "hours", or "hours/persons" with a denominator. */
static const char *raw_unit(struct kf_edition_reader *reader, const struct kf_indicator *indicator)
{
    const char *unit = unit_of(reader, indicator->variable);
    const char *below = indicator->per == KF_PER_NONE ? ""
                        : indicator->per == KF_PER_VARIABLE
                            ? unit_of(reader, indicator->per_variable)
                            : "persons";
    if (unit[0] == '\0' || below[0] == '\0') {
        return kf_edition_keep(reader, unit);
    }
    const char *both = kf_arena_printf(reader->arena, "%s/%s", unit, below);
    reader->failed = reader->failed || !both;
    return both ? both : "";
}

static void read_indicator(struct kf_edition_reader *reader, struct kf_yaml_node node,
                           bool has_need, struct kf_indicator *indicator)
{
    *indicator = (struct kf_indicator){.id = "",
                                       .name = {"", ""},
                                       .weight = NAN,
                                       .variable = "",
                                       .per = KF_PER_NONE,
                                       .per_variable = "",
                                       .unit = ""};
    kf_yaml_check_keys(node, indicator_keys, reader->findings);
    if (!kf_yaml_is_map(node)) {
        return;
    }
    indicator->id = kf_edition_id(reader, node, "id");
    indicator->name = kf_edition_name(reader, node, "name");
    indicator->weight = read_weight(reader, node);
    indicator->variable = kf_edition_variable(reader, node, "variable", true);
    read_per(reader, node, has_need, indicator);
    indicator->unit = raw_unit(reader, indicator);
}

/* "the indicators of barnehage" for a finding. */
static const char *whole_of(char *text, size_t size, const char *what, const char *sector)
{
    (void)snprintf(text, size, "the %s of %s", what, sector[0] ? sector : "the sector");
    return text;
}

static void read_indicators(struct kf_edition_reader *reader, struct kf_yaml_node node,
                            struct kf_sector *sector)
{
    bool has_need = kf_yaml_exists(kf_yaml_get(node, "need"));
    struct kf_yaml_node list = kf_edition_list(reader, node, "indicators", 1, KF_INDICATORS_MAX);
    size_t count = kf_yaml_count(list);
    struct kf_indicator *indicators = kf_edition_room(reader, count, sizeof *indicators);
    double *weights = kf_edition_room(reader, count, sizeof *weights);
    if (!indicators || !weights || count == 0) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        read_indicator(reader, kf_yaml_item(list, i), has_need, &indicators[i]);
        weights[i] = indicators[i].weight;
    }
    check_ids(reader, list);
    char whole[128];
    whole_of(whole, sizeof whole, "indicators", sector->id);
    struct weights together = {weights, count, list, whole, "indicators"};
    close_weights(reader, &together);
    for (size_t i = 0; i < count; i++) {
        indicators[i].weight = weights[i];
    }
    sector->indicators = indicators;
    sector->indicators_len = count;
}

/* --- need ------------------------------------------------------------------------------------ */

/* A criterion counts either a variable, or one for every municipality. */
static void read_counted(struct kf_edition_reader *reader, struct kf_yaml_node node,
                         struct kf_criterion *criterion)
{
    bool has_variable = kf_yaml_exists(kf_yaml_get(node, "variable"));
    bool basis = false;
    bool has_basis = kf_yaml_get_flag(node, "basis", false, &basis, reader->findings);
    criterion->variable = kf_edition_variable(reader, node, "variable", false);
    if (has_basis && !basis) {
        kf_yaml_fault(kf_yaml_get(node, "basis"), reader->findings, "basis",
                      "remove it and name a variable", "can only be true");
    } else if (has_variable == has_basis) {
        kf_yaml_fault(node, reader->findings, "variable",
                      "write variable: NAME, or basis: true, and not both",
                      has_variable ? "the criterion has both a variable and basis"
                                   : "the criterion counts nothing");
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
    criterion->weight = read_weight(reader, node);
    read_counted(reader, node, criterion);
    (void)kf_yaml_get_flag(node, "cost_disadvantage", false, &criterion->cost_disadvantage,
                           reader->findings);
}

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

static void read_criteria(struct kf_edition_reader *reader, struct kf_yaml_node need,
                          struct kf_sector *sector)
{
    struct kf_yaml_node list = kf_edition_list(reader, need, "criteria", 1, KF_CRITERIA_MAX);
    size_t count = kf_yaml_count(list);
    struct kf_criterion *criteria = kf_edition_room(reader, count, sizeof *criteria);
    double *weights = kf_edition_room(reader, count, sizeof *weights);
    if (!criteria || !weights || count == 0) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        read_criterion(reader, kf_yaml_item(list, i), &criteria[i]);
        weights[i] = criteria[i].weight;
    }
    check_ids(reader, list);
    char whole[128];
    whole_of(whole, sizeof whole, "criteria", sector->id);
    struct weights together = {weights, count, list, whole, "criteria"};
    close_weights(reader, &together);
    for (size_t i = 0; i < count; i++) {
        criteria[i].weight = weights[i];
    }
    sector->criteria = criteria;
    sector->criteria_len = count;
    check_rest(reader, list, sector);
}

static void read_need(struct kf_edition_reader *reader, struct kf_yaml_node node,
                      struct kf_sector *sector)
{
    struct kf_yaml_node need = kf_yaml_get(node, "need");
    if (!kf_yaml_exists(need)) {
        return;
    }
    sector->need_weight = NAN;
    kf_yaml_check_keys(need, need_keys, reader->findings);
    if (kf_yaml_is_map(need)) {
        sector->need_weight = read_weight(reader, need);
        read_criteria(reader, need, sector);
    }
}

/* --- sectors --------------------------------------------------------------------------------- */

static void read_sector(struct kf_edition_reader *reader, struct kf_yaml_node node,
                        struct kf_sector *sector)
{
    *sector = (struct kf_sector){.id = "", .name = {"", ""}, .weight = NAN};
    kf_yaml_check_keys(node, sector_keys, reader->findings);
    if (!kf_yaml_is_map(node)) {
        return;
    }
    sector->id = kf_edition_id(reader, node, "id");
    if (strcmp(sector->id, KF_SECTOR_TOTAL) == 0) {
        kf_yaml_fault(kf_yaml_get(node, "id"), reader->findings, "id", "choose another id",
                      "stands for the whole and cannot be a sector");
    }
    sector->name = kf_edition_name(reader, node, "name");
    sector->weight = read_weight(reader, node);
    const char *source = NULL;
    (void)kf_yaml_get_text(node, "source", false, &source, reader->findings);
    read_need(reader, node, sector);
    read_indicators(reader, node, sector);
}

static void close_sector_weights(struct kf_edition_reader *reader, struct kf_yaml_node list,
                                 struct kf_edition *edition, double *weights)
{
    for (size_t s = 0; s < edition->sectors_len; s++) {
        weights[s] = edition->sectors[s].weight;
    }
    struct weights together = {weights, edition->sectors_len, list, "the sectors", "sectors"};
    close_weights(reader, &together);
    for (size_t s = 0; s < edition->sectors_len; s++) {
        edition->sectors[s].weight = weights[s];
    }
}

/* METHOD N2: the sectors that have a key make the total key together. */
static void close_need_weights(struct kf_edition_reader *reader, struct kf_yaml_node list,
                               struct kf_edition *edition, double *weights)
{
    bool any = false;
    for (size_t s = 0; s < edition->sectors_len; s++) {
        weights[s] = edition->sectors[s].need_weight;
        any = any || kf_yaml_exists(kf_yaml_get(kf_yaml_item(list, s), "need"));
    }
    if (!any) {
        return;
    }
    struct weights together = {weights, edition->sectors_len, list, "the sectors' needs", "need"};
    close_weights(reader, &together);
    for (size_t s = 0; s < edition->sectors_len; s++) {
        edition->sectors[s].need_weight = weights[s];
    }
}

void kf_edition_read_sectors(struct kf_edition_reader *reader, struct kf_yaml_node root,
                             struct kf_edition *edition)
{
    struct kf_yaml_node list = kf_edition_list(reader, root, "sectors", 1, KF_SECTORS_MAX);
    size_t count = kf_yaml_count(list);
    struct kf_sector *sectors = kf_edition_room(reader, count, sizeof *sectors);
    double *weights = kf_edition_room(reader, count, sizeof *weights);
    if (!sectors || !weights || count == 0) {
        return;
    }
    for (size_t s = 0; s < count; s++) {
        read_sector(reader, kf_yaml_item(list, s), &sectors[s]);
    }
    edition->sectors = sectors;
    edition->sectors_len = count;
    check_ids(reader, list);
    close_sector_weights(reader, list, edition, weights);
    close_need_weights(reader, list, edition, weights);
}
