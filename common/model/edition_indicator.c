/* Editions from YAML: the indicators of a sector. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/base/text.h"
#include "common/model/edition_reader.h"

static const char *const indicator_keys[] = {"id",      "name",   "weight",     "variable",
                                             "sum",     "per",    "complement", "correction",
                                             "missing", "aspect", NULL};
static const char *const numerators[] = {"variable", "sum", NULL};
static const char *const per_words[] = {"none", "population", "need_population", NULL};
static const char *const per_keys[] = {"need_population", "variable", "sum", NULL};
static const char *const aspects[] = {"quantity", "quality", NULL};

/* --- numerator and denominator --------------------------------------------------------------- */

static void read_numerator(struct kf_edition_reader *reader, struct kf_yaml_node map,
                           struct kf_indicator *indicator)
{
    int chosen = kf_edition_choose(reader, map, numerators);
    if (chosen != 1) {
        indicator->numerator =
            kf_edition_term(reader, kf_edition_variable(reader, map, "variable", true));
        return;
    }
    indicator->numerator = kf_edition_terms(reader, map, "sum", true);
    bool members = indicator->numerator.count == 0;
    for (size_t i = 0; i < indicator->numerator.count; i++) {
        members = members || !indicator->numerator.list[i].country;
    }
    if (!members) {
        kf_yaml_fault(kf_yaml_get(map, "sum"), reader->findings, "sum",
                      "add a term that is the municipality's own",
                      "every term is the country's figure, the same for all");
    }
}

/* True when the sector has criteria that count; a published need index alone is no cost key. */
static bool has_criteria(const struct kf_edition_reader *reader, struct kf_yaml_node sector)
{
    struct kf_yaml_node list = kf_yaml_get(kf_yaml_get(sector, "need"), "criteria");
    struct kf_yaml_node rule = kf_yaml_get(kf_yaml_get(reader->root, "need"), "criteria");
    bool any = kf_yaml_exists(list) && !kf_text_equal(kf_yaml_scalar(rule), "ages");
    for (size_t i = 0; !any && kf_yaml_is_list(list) && i < kf_yaml_count(list); i++) {
        any = kf_yaml_exists(kf_yaml_get(kf_yaml_item(list, i), "ages"));
    }
    return any;
}

/* The sector must have a cost key to have a need-corrected population. Silent when it has no id. */
static void check_key(struct kf_edition_reader *reader, struct kf_yaml_node node, const char *id)
{
    struct kf_yaml_node sector = kf_edition_find(reader, "sectors", id);
    if (!id[0]) {
        return;
    }
    if (!kf_yaml_exists(sector)) {
        kf_edition_fault_unknown(reader, node, "need_population", "sectors");
    } else if (!has_criteria(reader, sector)) {
        kf_yaml_fault(node, reader->findings, "per",
                      "give the sector a need with its cost key, or write population",
                      "the sector has no need-corrected population");
    }
}

static void read_per_map(struct kf_edition_reader *reader, struct kf_yaml_node node,
                         struct kf_indicator *indicator)
{
    kf_yaml_check_keys(node, per_keys, reader->findings);
    int chosen = kf_edition_choose(reader, node, per_keys);
    if (chosen == 0) {
        indicator->per = KF_PER_NEED_POPULATION;
        const char *sector = "";
        (void)kf_yaml_get_id(node, "need_population", true, &sector, reader->findings);
        indicator->per_sector = kf_edition_keep(reader, sector);
        check_key(reader, kf_yaml_get(node, "need_population"), sector);
        return;
    }
    indicator->per = KF_PER_TERMS;
    indicator->denominator =
        chosen == 2 ? kf_edition_terms(reader, node, "sum", true)
                    : kf_edition_term(reader, kf_edition_variable(reader, node, "variable", true));
}

static void read_per_word(struct kf_edition_reader *reader, struct kf_yaml_node node,
                          const char *sector, struct kf_indicator *indicator)
{
    const char *word = kf_yaml_scalar(node);
    for (int i = 0; word && per_words[i]; i++) {
        if (strcmp(word, per_words[i]) == 0) {
            indicator->per = (enum kf_per)(KF_PER_NONE + i);
            if (indicator->per == KF_PER_NEED_POPULATION) {
                indicator->per_sector = sector;
                check_key(reader, node, sector);
            }
            return;
        }
    }
    char remedy[KF_REMEDY_BYTES] =
        "write none, population, need_population, {variable: NAME} or {sum: […]}";
    if (word) {
        kf_yaml_suggest(word, per_words, remedy, sizeof remedy);
    }
    kf_yaml_fault(node, reader->findings, "per", remedy, "is nothing to divide by");
}

static void read_per(struct kf_edition_reader *reader, struct kf_yaml_node map, const char *sector,
                     struct kf_indicator *indicator)
{
    struct kf_yaml_node node = kf_yaml_get(map, "per");
    if (!kf_yaml_exists(node)) {
        kf_yaml_fault_missing(map, reader->findings, "per", "none");
    } else if (kf_yaml_is_map(node)) {
        read_per_map(reader, node, indicator);
    } else {
        read_per_word(reader, node, sector, indicator);
    }
}

/* --- units ----------------------------------------------------------------------------------- */

/* "hours", "hours/persons" with a denominator, "ratio" of two equal units. */
static const char *raw_unit(struct kf_edition_reader *reader, const struct kf_indicator *indicator)
{
    const char *unit = kf_edition_unit(reader, &indicator->numerator);
    const char *below = kf_edition_unit(reader, &indicator->denominator);
    if (indicator->per == KF_PER_POPULATION || indicator->per == KF_PER_NEED_POPULATION) {
        below = "persons";
    }
    if (unit[0] == '\0' || below[0] == '\0') {
        return kf_edition_keep(reader, unit);
    }
    if (strcmp(unit, below) == 0) {
        return "ratio";
    }
    const char *both = kf_arena_printf(reader->arena, "%s/%s", unit, below);
    reader->failed = reader->failed || !both;
    return both ? both : "";
}

/* METHOD I8: what a complement is taken of; 0 when the indicator is none. */
static double read_whole(struct kf_edition_reader *reader, struct kf_yaml_node map,
                         const struct kf_indicator *indicator)
{
    bool complement = false;
    (void)kf_yaml_get_flag(map, "complement", false, &complement, reader->findings);
    const char *unit = indicator->unit;
    if (!complement) {
        return 0;
    }
    if (strcmp(unit, "percent") == 0) {
        return 100;
    }
    if (unit[0] && strcmp(unit, "share") != 0 && strcmp(unit, "ratio") != 0) {
        kf_yaml_fault_format(kf_yaml_get(map, "complement"), reader->findings, "complement",
                             "take the complement of a share or a percentage, or of a ratio of "
                             "equal units",
                             "there is no whole of which %s are a part", unit);
    }
    return 1;
}

/* --- indicators ------------------------------------------------------------------------------ */

static const char *read_correction(struct kf_edition_reader *reader, struct kf_yaml_node map)
{
    const char *id = "";
    if (!kf_yaml_get_id(map, "correction", false, &id, reader->findings)) {
        return "";
    }
    if (!kf_yaml_exists(kf_edition_find(reader, "corrections", id))) {
        kf_edition_fault_unknown(reader, kf_yaml_get(map, "correction"), "correction",
                                 "corrections");
    }
    return kf_edition_keep(reader, id);
}

static void read_rules(struct kf_edition_reader *reader, struct kf_yaml_node node,
                       struct kf_indicator *indicator)
{
    indicator->correction = read_correction(reader, node);
    enum kf_missing_rule own = kf_edition_missing(reader, node, false);
    indicator->missing = own ? own : indicator->missing;
    int aspect = kf_edition_word(reader, node, "aspect", aspects, false);
    indicator->aspect = aspect ? (enum kf_aspect)aspect : KF_ASPECT_QUANTITY;
}

static void read_indicator(struct kf_edition_reader *reader, struct kf_yaml_node node,
                           const char *sector, const struct kf_edition_weighing *weighing,
                           struct kf_indicator *indicator)
{
    *indicator = (struct kf_indicator){.id = "",
                                       .name = {"", ""},
                                       .weight = NAN,
                                       .per = KF_PER_NONE,
                                       .per_sector = "",
                                       .correction = "",
                                       .missing = indicator->missing,
                                       .aspect = KF_ASPECT_QUANTITY,
                                       .unit = ""};
    kf_yaml_check_keys(node, indicator_keys, reader->findings);
    if (!kf_yaml_is_map(node)) {
        return;
    }
    indicator->id = kf_edition_id(reader, node, "id");
    indicator->name = kf_edition_name(reader, node, "name");
    indicator->weight = kf_edition_item_weight(reader, node, weighing);
    read_numerator(reader, node, indicator);
    read_per(reader, node, sector, indicator);
    indicator->unit = raw_unit(reader, indicator);
    indicator->whole = read_whole(reader, node, indicator);
    read_rules(reader, node, indicator);
}

/* --- their weights --------------------------------------------------------------------------- */

static void close_weights(struct kf_edition_reader *reader, struct kf_yaml_node list,
                          struct kf_sector *sector)
{
    char whole[128];
    (void)snprintf(whole, sizeof whole, "the indicators of %s",
                   sector->id[0] ? sector->id : "the sector");
    double *weights = kf_edition_room(reader, sector->indicators_len, sizeof *weights);
    struct kf_edition_weights together = {weights, sector->indicators_len, list,
                                          whole,   "indicators",           false};
    for (size_t i = 0; weights && i < sector->indicators_len; i++) {
        weights[i] = sector->indicators[i].weight;
    }
    if (weights) {
        kf_edition_close_weights(reader, &together);
    }
    for (size_t i = 0; weights && i < sector->indicators_len; i++) {
        sector->indicators[i].weight = weights[i];
    }
}

static void derive_weights(struct kf_edition_reader *reader, struct kf_yaml_node weights,
                           struct kf_sector *sector)
{
    const char **ids = kf_edition_room(reader, sector->indicators_len, sizeof *ids);
    for (size_t i = 0; ids && i < sector->indicators_len; i++) {
        ids[i] = sector->indicators[i].id;
    }
    struct kf_edition_items items = {ids, sector->indicators_len, "indicator"};
    if (ids) {
        kf_edition_weighting(reader, weights, &items, &sector->weighting);
    }
}

void kf_edition_read_indicators(struct kf_edition_reader *reader, struct kf_yaml_node node,
                                enum kf_missing_rule missing, struct kf_sector *sector)
{
    struct kf_yaml_node list = kf_edition_list(reader, node, "indicators", 1, KF_INDICATORS_MAX);
    size_t count = kf_yaml_count(list);
    struct kf_indicator *indicators = kf_edition_room(reader, count, sizeof *indicators);
    if (!indicators || count == 0) {
        return;
    }
    struct kf_edition_weighing weighing = kf_edition_weighing(node, list, NULL);
    for (size_t i = 0; i < count; i++) {
        indicators[i].missing = missing;
        read_indicator(reader, kf_yaml_item(list, i), sector->id, &weighing, &indicators[i]);
    }
    kf_edition_check_ids(reader, list);
    sector->indicators = indicators;
    sector->indicators_len = count;
    if (weighing.derived) {
        derive_weights(reader, weighing.weights, sector);
    } else {
        close_weights(reader, list, sector);
    }
}
