/* Editions from YAML: groups of ages and their projection (METHOD D1, D2, D7, D8). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/numbers.h"
#include "common/base/text.h"
#include "common/model/edition_reader.h"

#define GROUP_ID_BYTES_MAX 64
#define CARE_WEIGHT_MAX    1e6

static const char *const demography_keys[] = {"base", "groups", "costs", "projection", NULL};
static const char *const group_keys[] = {"id",  "name",      "ages",        "variable",
                                         "sum", "projected", "care_weight", NULL};
static const char *const cost_group_keys[] = {"id",  "name",      "ages", "variable",
                                              "sum", "projected", NULL};
static const char *const projection_keys[] = {"name",    "prefix", "population",
                                              "through", "rebase", NULL};
static const char *const people[] = {"ages", "variable", "sum", NULL};

static const struct kf_yaml_range years = {KF_EDITION_YEAR_MIN, KF_EDITION_YEAR_MAX};

/* --- people ---------------------------------------------------------------------------------- */

/* Every term must count persons. */
static void check_persons(struct kf_edition_reader *reader, struct kf_yaml_node node,
                          const char *key, const struct kf_terms *terms)
{
    for (size_t i = 0; reader->variables && i < terms->count; i++) {
        const char *id = terms->list[i].variable;
        const struct kf_variable *variable = kf_variables_find(reader->variables, id, strlen(id));
        if (variable && strcmp(variable->unit, "persons") != 0) {
            kf_yaml_fault_format(node, reader->findings, key, "name variables that count persons",
                                 "%s is in %s", id, variable->unit);
            return;
        }
    }
}

static struct kf_terms read_people(struct kf_edition_reader *reader, struct kf_yaml_node node)
{
    struct kf_terms terms = {NULL, 0};
    int chosen = kf_edition_choose(reader, node, people);
    if (chosen < 0) {
        kf_yaml_fault(node, reader->findings, "ages",
                      "write ages: 67+, variable: NAME or sum: [NAME, …]",
                      "the group counts nobody");
        return terms;
    }
    if (chosen == 0) {
        return kf_edition_ages(reader, node, "ages");
    }
    terms = chosen == 1
                ? kf_edition_term(reader, kf_edition_variable(reader, node, "variable", true))
                : kf_edition_terms(reader, node, "sum", false);
    check_persons(reader, kf_yaml_get(node, people[chosen]), people[chosen], &terms);
    return terms;
}

/* --- projections ----------------------------------------------------------------------------- */

static const char *prefixed(struct kf_edition_reader *reader, const char *prefix, const char *name)
{
    const char *both = kf_arena_printf(reader->arena, "%s%s", prefix, name);
    reader->failed = reader->failed || !both;
    return both ? both : "";
}

static void fault_unregistered(struct kf_edition_reader *reader, struct kf_yaml_node node,
                               const char *key, const char *prefix, const char *id)
{
    char remedy[KF_REMEDY_BYTES] = "register it in variables.yaml";
    const char *nearest = kf_edition_suggest_variable(reader, id);
    size_t length = strlen(prefix);
    if (nearest && strncmp(nearest, prefix, length) == 0) {
        (void)snprintf(remedy, sizeof remedy, "did you mean %s? otherwise register %s",
                       nearest + length, id);
    }
    kf_yaml_fault_format(node, reader->findings, key, remedy,
                         "stands for %s, which is not a registered variable", id);
}

/* The variable of the projection that the scalar names without its prefix; "" on a fault. */
static const char *read_projected_variable(struct kf_edition_reader *reader,
                                           struct kf_yaml_node node, const char *key,
                                           const char *prefix)
{
    const char *name = kf_yaml_scalar(node);
    const char *id = name ? prefixed(reader, prefix, name) : "";
    if (!kf_yaml_is_id(id)) {
        kf_yaml_fault(node, reader->findings, key,
                      "write the id of a registered variable, without the prefix",
                      "is not the name of a variable");
        return "";
    }
    if (reader->variables && !kf_variables_find(reader->variables, id, strlen(id))) {
        fault_unregistered(reader, node, key, prefix, id);
        return "";
    }
    return id;
}

static void check_once(struct kf_edition_reader *reader, struct kf_yaml_node item,
                       const struct kf_terms *before, const char *id)
{
    for (size_t i = 0; id[0] && i < before->count; i++) {
        if (strcmp(before->list[i].variable, id) == 0) {
            kf_yaml_fault(item, reader->findings, "projected", "remove it", "is in the list twice");
            return;
        }
    }
}

/* The people of a group in the projection; `prefix` is NULL when there is none. Who takes an
 * inherited projection away need not do it with the groups, too. */
static struct kf_terms read_projected(struct kf_edition_reader *reader, struct kf_yaml_node node,
                                      const char *prefix)
{
    struct kf_terms terms = {NULL, 0};
    struct kf_yaml_node list = kf_yaml_get(node, "projected");
    if (!kf_yaml_exists(list)) {
        return terms;
    }
    if (!prefix) {
        if (kf_yaml_level(list) == 0) {
            kf_yaml_fault(list, reader->findings, "projected",
                          "remove it, or add a projection to demography",
                          "the edition has no projection");
        }
        return terms;
    }
    list = kf_edition_list(reader, node, "projected", 1, KF_TERMS_MAX);
    size_t count = kf_yaml_count(list);
    terms.list = kf_edition_room(reader, count, sizeof *terms.list);
    for (size_t i = 0; terms.list && i < count; i++) {
        struct kf_yaml_node item = kf_yaml_item(list, i);
        const char *id = read_projected_variable(reader, item, "projected", prefix);
        check_once(reader, item, &terms, id);
        terms.list[terms.count++] = (struct kf_term){.variable = id, .factor = 1};
    }
    check_persons(reader, list, "projected", &terms);
    return terms;
}

/* --- groups ---------------------------------------------------------------------------------- */

static bool is_group_id(const char *text)
{
    static const char others[] = "abcdefghijklmnopqrstuvwxyz0123456789_-+";
    size_t length = strlen(text);
    return length > 0 && length <= GROUP_ID_BYTES_MAX && !strchr("_-+", text[0]) &&
           strspn(text, others) == length;
}

static const char *read_group_id(struct kf_edition_reader *reader, struct kf_yaml_node map)
{
    const char *id = "";
    if (kf_yaml_get_text(map, "id", true, &id, reader->findings) && !is_group_id(id)) {
        kf_yaml_fault(kf_yaml_get(map, "id"), reader->findings, "id",
                      "use lower-case letters a to z, digits, -, + and _, a letter or a digit "
                      "first, at most 64 characters",
                      "is not the name of a group of ages");
    }
    return kf_edition_keep(reader, id);
}

static double read_care_weight(struct kf_edition_reader *reader, struct kf_yaml_node map)
{
    double weight = 0;
    if (kf_yaml_get_number(map, "care_weight", false, &weight, reader->findings) &&
        (weight < 0 || weight > CARE_WEIGHT_MAX)) {
        kf_yaml_fault_format(kf_yaml_get(map, "care_weight"), reader->findings, "care_weight",
                             "write what a person of the group needs, relative to the others",
                             "is not from 0 to %g", CARE_WEIGHT_MAX);
        return 0;
    }
    return kf_figure_canonical(weight);
}

struct kf_age_group *kf_edition_age_groups(struct kf_edition_reader *reader,
                                           struct kf_yaml_node list, const char *prefix, bool costs)
{
    size_t count = kf_yaml_count(list);
    struct kf_age_group *groups = kf_edition_room(reader, count, sizeof *groups);
    for (size_t i = 0; groups && i < count; i++) {
        struct kf_yaml_node node = kf_yaml_item(list, i);
        groups[i] = (struct kf_age_group){.id = "", .name = {"", ""}};
        kf_yaml_check_keys(node, costs ? cost_group_keys : group_keys, reader->findings);
        if (!kf_yaml_is_map(node)) {
            continue;
        }
        groups[i].id = read_group_id(reader, node);
        groups[i].name = kf_edition_name(reader, node, "name");
        groups[i].people = read_people(reader, node);
        groups[i].projected = read_projected(reader, node, prefix);
        groups[i].care_weight = costs ? 0 : read_care_weight(reader, node);
    }
    kf_edition_check_ids(reader, list);
    return groups;
}

/* --- groups that must not overlap ------------------------------------------------------------ */

/* A variable that a group counts. */
struct counted {
    const char *variable;
    size_t group;
};

static int compare_counted(const void *left, const void *right)
{
    const struct counted *a = left;
    const struct counted *b = right;
    int order = strcmp(a->variable, b->variable);
    return order ? order : (a->group > b->group) - (a->group < b->group);
}

/* Every variable of every group, by name. */
static size_t collect(const struct kf_age_group *groups, size_t count, kf_people_of select,
                      struct counted *list)
{
    size_t found = 0;
    for (size_t g = 0; g < count; g++) {
        struct kf_terms terms = select(&groups[g]);
        for (size_t i = 0; i < terms.count; i++) {
            if (list && terms.list[i].variable[0]) {
                list[found] = (struct counted){terms.list[i].variable, g};
            }
            found += terms.list[i].variable[0] != '\0';
        }
    }
    if (list) {
        qsort(list, found, sizeof *list, compare_counted);
    }
    return found;
}

void kf_edition_check_disjoint(struct kf_edition_reader *reader, struct kf_yaml_node list,
                               const struct kf_age_group *groups, kf_people_of select)
{
    size_t count = groups ? kf_yaml_count(list) : 0;
    size_t found = collect(groups, count, select, NULL);
    struct counted *all = found ? kf_edition_room(reader, found, sizeof *all) : NULL;
    struct counted told = {"", 0};
    if (!all) {
        return;
    }
    (void)collect(groups, count, select, all);
    for (size_t i = 1; i < found; i++) {
        size_t first = all[i - 1].group;
        size_t group = all[i].group;
        bool twice = strcmp(all[i].variable, all[i - 1].variable) == 0 && first != group;
        if (twice && !(told.variable[0] && told.group == group)) {
            struct kf_yaml_node item = kf_yaml_item(list, group);
            kf_yaml_fault_format(
                kf_yaml_get(item, "id"), reader->findings, "id",
                "let no two groups count the same people", "counts %s, as %s on line %llu does",
                all[i].variable, groups[first].id,
                (unsigned long long)kf_yaml_line(kf_yaml_get(kf_yaml_item(list, first), "id")));
            told = all[i];
        }
    }
}

/* --- the care-need index --------------------------------------------------------------------- */

static struct kf_terms people_in_care(const struct kf_age_group *group)
{
    return group->care_weight > 0 ? group->people : (struct kf_terms){NULL, 0};
}

/* METHOD D8 divides by the sum of the weights, and counts everybody once. */
static void check_care(struct kf_edition_reader *reader, struct kf_yaml_node list,
                       const struct kf_age_group *groups)
{
    struct kf_yaml_node given = {NULL, 0};
    bool positive = false;
    for (size_t i = 0; groups && i < kf_yaml_count(list); i++) {
        struct kf_yaml_node weight = kf_yaml_get(kf_yaml_item(list, i), "care_weight");
        given = kf_yaml_exists(given) ? given : weight;
        positive = positive || groups[i].care_weight > 0;
    }
    if (kf_yaml_exists(given) && !positive) {
        kf_yaml_fault(given, reader->findings, "care_weight",
                      "give a group a weight above 0, or remove all of them",
                      "no group weighs anything in the care-need index");
    }
    kf_edition_check_disjoint(reader, list, groups, people_in_care);
}

static void read_groups(struct kf_edition_reader *reader, struct kf_yaml_node map,
                        const char *prefix, struct kf_demography *demography)
{
    if (!kf_yaml_exists(kf_yaml_get(map, "groups"))) {
        return;
    }
    struct kf_yaml_node list = kf_edition_list(reader, map, "groups", 1, KF_AGE_GROUPS_MAX);
    demography->groups = kf_edition_age_groups(reader, list, prefix, false);
    demography->groups_len = demography->groups ? kf_yaml_count(list) : 0;
    check_care(reader, list, demography->groups);
}

/* --- the projection -------------------------------------------------------------------------- */

/* Somebody must be projected, in some year. */
static void check_projection(struct kf_edition_reader *reader, struct kf_yaml_node projection,
                             const struct kf_edition *edition)
{
    const struct kf_demography *demography = &edition->demography;
    int last = demography->observed_through;
    bool any = false;
    for (size_t i = 0; i < demography->groups_len; i++) {
        any = any || demography->groups[i].projected.count > 0;
    }
    for (size_t i = 0; i < demography->cost_groups_len; i++) {
        any = any || demography->cost_groups[i].projected.count > 0;
    }
    if (!any) {
        kf_yaml_fault(projection, reader->findings, "projection",
                      "add projected: [VARIABLE] to the groups, or remove the projection",
                      "no group says who it is in the projection");
    }
    if (last > 0 && edition->year_to > 0 && last >= edition->year_to) {
        struct kf_yaml_node through = kf_yaml_get(projection, "through");
        kf_yaml_fault_format(kf_yaml_exists(through) ? through : projection, reader->findings,
                             "through", "write the last observed year, or remove the projection",
                             "no year of the edition is later than %d: nothing is projected", last);
    }
}

/* The prefix of the projection's variables; NULL when there is no projection. */
static const char *read_projection(struct kf_edition_reader *reader, struct kf_yaml_node map,
                                   struct kf_demography *demography)
{
    struct kf_yaml_node node = kf_yaml_get(map, "projection");
    const char *prefix = "";
    long through = demography->base_year;
    if (!kf_yaml_exists(node)) {
        return NULL;
    }
    kf_yaml_check_keys(node, projection_keys, reader->findings);
    if (!kf_yaml_is_map(node)) {
        return "";
    }
    demography->projection = kf_edition_name(reader, node, "name");
    (void)kf_yaml_get_id_as(node, "prefix", false, "framskriving_", &prefix, reader->findings);
    struct kf_yaml_node population = kf_yaml_get(node, "population");
    if (kf_yaml_exists(population)) {
        const char *id = read_projected_variable(reader, population, "population", prefix);
        struct kf_terms term = kf_edition_term(reader, id);
        check_persons(reader, population, "population", &term);
        demography->projected_population = id;
    } else {
        kf_yaml_fault_missing(node, reader->findings, "population", "folkemengde");
    }
    (void)kf_yaml_get_whole(node, "through", false, years, &through, reader->findings);
    (void)kf_yaml_get_flag(node, "rebase", false, &demography->rebased, reader->findings);
    demography->observed_through = (int)through;
    return prefix;
}

/* --- the whole ------------------------------------------------------------------------------- */

static void check_groups(struct kf_edition_reader *reader, struct kf_yaml_node map)
{
    if (!kf_yaml_exists(kf_yaml_get(map, "groups")) && !kf_yaml_exists(kf_yaml_get(map, "costs"))) {
        kf_yaml_fault(map, reader->findings, "groups",
                      "add groups: [{id: \"67+\", name: …, ages: 67+}], or costs",
                      "has neither groups of ages nor costs");
    }
}

void kf_edition_read_demography(struct kf_edition_reader *reader, struct kf_edition *edition)
{
    struct kf_demography *demography = &edition->demography;
    *demography = (struct kf_demography){.projection = {"", ""}, .projected_population = ""};
    struct kf_yaml_node map = kf_yaml_get(reader->root, "demography");
    if (!kf_yaml_exists(map)) {
        return;
    }
    kf_yaml_check_keys(map, demography_keys, reader->findings);
    if (!kf_yaml_is_map(map)) {
        return;
    }
    long base = 0;
    (void)kf_yaml_get_whole(map, "base", true, years, &base, reader->findings);
    demography->base_year = (int)base;
    const char *prefix = read_projection(reader, map, demography);
    check_groups(reader, map);
    read_groups(reader, map, prefix, demography);
    kf_edition_read_costs(reader, kf_yaml_get(map, "costs"), prefix, edition);
    if (prefix) {
        check_projection(reader, kf_yaml_get(map, "projection"), edition);
    }
}
