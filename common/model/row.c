#include "common/model/row.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/memory.h"

/* A result with its place in the order of rows. */
struct entry {
    const struct kf_result *result;
    size_t sector;
    size_t indicator;
    size_t measure;
    bool starts_row; /* first of its key */
};

/* Entries between two positions. */
struct span {
    size_t from;
    size_t to;
};

/* --- ranks ----------------------------------------------------------------------------------- */

static const char *const wholes[] = {KF_SECTOR_TOTAL, KF_SECTOR_TOTAL_WITH_ADMINISTRATION};
static const char *const sums_of_sectors[] = {KF_SECTOR_INSIDE, KF_SECTOR_OUTSIDE};
static const char *const incomes[] = {KF_SECTOR_INCOME, KF_SECTOR_RESIDUAL};

#define LENGTH(list) (sizeof(list) / sizeof(list)[0])

/* A list of texts, or of structs that begin with their id. */
struct ids {
    const void *list;
    size_t count;
    size_t size;
};

#define IDS_FIRST(type)                                                                            \
    _Static_assert(offsetof(struct type, id) == 0, #type " must begin with its id")
IDS_FIRST(kf_sector);
IDS_FIRST(kf_indicator);
IDS_FIRST(kf_criterion);
IDS_FIRST(kf_adjustment);
IDS_FIRST(kf_use);
IDS_FIRST(kf_age_group);
IDS_FIRST(kf_cost_sector);
IDS_FIRST(kf_correction);
IDS_FIRST(kf_rated_service);
IDS_FIRST(kf_cost_group);
IDS_FIRST(kf_user_time);
IDS_FIRST(kf_real_growth);

/* Counts on in `rank` until `name` is met. */
static bool count_to(struct ids ids, const char *name, size_t *rank)
{
    for (size_t i = 0; i < ids.count; i++, (*rank)++) {
        const char *id = NULL;
        memcpy(&id, (const char *)ids.list + i * ids.size, sizeof id);
        if (strcmp(id, name) == 0) {
            return true;
        }
    }
    return false;
}

/* Where `name` stands in the lists, one behind the other, from `rank` on; behind all of them when
 * it is in none. */
static size_t rank_in(const struct ids *lists, size_t count, const char *name, size_t rank)
{
    bool found = false;
    for (size_t i = 0; i < count && !found; i++) {
        found = count_to(lists[i], name, &rank);
    }
    return rank;
}

#define TEXTS(texts)                                                                               \
    {                                                                                              \
        (texts), LENGTH(texts), sizeof *(texts)                                                    \
    }
#define LISTED(owner, items)                                                                       \
    {                                                                                              \
        (owner)->items, (owner)->items##_len, sizeof *(owner)->items                               \
    }

/* Sectors stand in the edition's order, then sums of sectors and uses of income, the whole, the
 * whole with administration, the edition's corrections, and names that the edition does not know.
 * Demography has services of its own, unit costs have cost groups. */
static size_t sector_rank(const struct kf_edition *edition, enum kf_topic topic, const char *sector)
{
    if (topic == KF_TOPIC_DEMOGRAPHY) {
        const struct ids services[] = {LISTED(&edition->demography, sectors), TEXTS(wholes)};
        return rank_in(services, LENGTH(services), sector, 0);
    }
    if (topic == KF_TOPIC_RESOURCE_USE) {
        const struct ids uses[] = {LISTED(edition, sectors), TEXTS(sums_of_sectors),
                                   LISTED(edition, uses), TEXTS(incomes), TEXTS(wholes)};
        return rank_in(uses, LENGTH(uses), sector, 0);
    }
    if (topic == KF_TOPIC_UNIT_COST) {
        const struct ids parts[] = {LISTED(&edition->unit_costs, groups), TEXTS(kf_cost_parts),
                                    TEXTS(wholes)};
        return rank_in(parts, LENGTH(parts), sector, 0);
    }
    const struct ids others[] = {LISTED(edition, sectors), TEXTS(wholes),
                                 LISTED(edition, corrections)};
    return rank_in(others, LENGTH(others), sector, 0);
}

/* The age groups that cost, of which no two count the same people: a reader sees ages ascend; then
 * the others that are compared. */
static size_t age_group_rank(const struct kf_demography *demography, const char *name)
{
    const struct ids groups[] = {LISTED(demography, cost_groups), LISTED(demography, groups)};
    return rank_in(groups, LENGTH(groups), name, 1);
}

/* Under cost groups and all of them together stand services, under the other parts their own lists;
 * `part` counts kf_cost_parts. Years are unknown names, which ascend. */
static size_t part_of_cost_rank(const struct kf_edition *edition, size_t part, const char *name)
{
    const struct kf_unit_costs *costs = &edition->unit_costs;
    const struct ids lists[LENGTH(kf_cost_parts)] = {
        [KF_COST_PART_SERVICES] = LISTED(costs, services),
        [KF_COST_PART_USER_TIME] = LISTED(costs, user_times),
        [KF_COST_PART_GROWTH] = LISTED(costs, growths),
        [KF_COST_PART_GRANTS] = LISTED(&edition->trial, grants),
    };
    return part < LENGTH(lists) ? rank_in(&lists[part], 1, name, 1) : 1;
}

/* The indicators of the sectors from `from` to before `to`, then their criteria, then their
 * adjustments. */
static size_t rank_in_sectors(const struct kf_edition *edition, size_t from, size_t to,
                              const char *name)
{
    size_t rank = 1;
    bool found = false;
    for (int kind = 0; kind < 3; kind++) {
        for (size_t s = from; s < to && !found; s++) {
            const struct kf_sector *sector = &edition->sectors[s];
            const struct ids lists[] = {LISTED(sector, indicators), LISTED(sector, criteria),
                                        LISTED(&sector->resources, adjustments)};
            found = count_to(lists[kind], name, &rank);
        }
    }
    return rank;
}

/* "" first, then what the sector, or under the whole each of them, lists in the edition's order,
 * then unknown names; under a correction stand its regressors. */
static size_t indicator_rank(const struct kf_edition *edition, enum kf_topic topic, size_t sector,
                             const char *name)
{
    if (name[0] == '\0') {
        return 0;
    }
    if (topic == KF_TOPIC_DEMOGRAPHY) {
        return age_group_rank(&edition->demography, name);
    }
    if (topic == KF_TOPIC_UNIT_COST) {
        size_t groups = edition->unit_costs.groups_len;
        return part_of_cost_rank(edition, sector < groups ? KF_COST_PART_SERVICES : sector - groups,
                                 name);
    }
    if (sector < edition->sectors_len) {
        return rank_in_sectors(edition, sector, sector + 1, name);
    }
    size_t first = edition->sectors_len + LENGTH(wholes); /* rank of the first correction */
    bool corrects = topic != KF_TOPIC_RESOURCE_USE && sector >= first &&
                    sector - first < edition->corrections_len;
    if (corrects) {
        const struct ids regressors = LISTED(&edition->corrections[sector - first], regressors);
        return rank_in(&regressors, 1, name, 1);
    }
    return rank_in_sectors(edition, 0, edition->sectors_len, name);
}

static size_t measure_rank(enum kf_topic topic, const char *name)
{
    size_t count = 0;
    const struct kf_measure *measures = kf_measures(&count);
    const struct kf_measure *found = kf_measure_find(topic, name);
    return found ? (size_t)(found - measures) : count;
}

/* --- order ----------------------------------------------------------------------------------- */

static int compare_sizes(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

/* Order of keys within a topic's block; 0 when both belong to one row. */
static int compare_keys(const struct entry *a, const struct entry *b)
{
    int order = compare_sizes((size_t)a->result->topic, (size_t)b->result->topic);
    order = order ? order : (int)b->result->group - (int)a->result->group;
    order = order ? order : compare_sizes(a->sector, b->sector);
    order = order ? order : strcmp(a->result->sector, b->result->sector);
    order = order ? order : compare_sizes(a->indicator, b->indicator);
    return order ? order : strcmp(a->result->indicator, b->result->indicator);
}

static int compare_measures(const struct entry *a, const struct entry *b)
{
    int order = compare_sizes(a->measure, b->measure);
    return order ? order : strcmp(a->result->measure, b->result->measure);
}

static int compare_entries(const void *left, const void *right)
{
    const struct entry *a = left;
    const struct entry *b = right;
    int order = compare_keys(a, b);
    return order ? order : compare_measures(a, b);
}

static struct entry entry_of(const struct kf_edition *edition, const struct kf_result *result)
{
    size_t sector = sector_rank(edition, result->topic, result->sector);
    return (struct entry){
        .result = result,
        .sector = sector,
        .indicator = indicator_rank(edition, result->topic, sector, result->indicator),
        .measure = measure_rank(result->topic, result->measure),
    };
}

/* True when both stand in one row: their sector and indicator have the same ranks. */
static bool share_row(const struct kf_result *a, const struct kf_result *b)
{
    return a->topic == b->topic && strcmp(a->sector, b->sector) == 0 &&
           strcmp(a->indicator, b->indicator) == 0;
}

/* Neighbours mostly share a row, and are looked up once. */
static void place_entries(const struct kf_panel *panel, struct entry *entries)
{
    for (size_t i = 0; i < panel->results_len; i++) {
        const struct kf_result *result = &panel->results[i];
        if (i > 0 && share_row(&panel->results[i - 1], result)) {
            entries[i] = entries[i - 1];
            entries[i].result = result;
            entries[i].measure = measure_rank(result->topic, result->measure);
        } else {
            entries[i] = entry_of(panel->edition, result);
        }
    }
    if (panel->results_len > 0) {
        qsort(entries, panel->results_len, sizeof *entries, compare_entries);
    }
}

/* Marks where rows start; refuses rows that are too wide or hold a measure twice. */
static enum kf_err mark_rows(struct entry *entries, size_t count, struct kf_error *err)
{
    size_t width = 0;
    for (size_t i = 0; i < count; i++) {
        entries[i].starts_row = i == 0 || compare_keys(&entries[i - 1], &entries[i]) != 0;
        width = entries[i].starts_row ? 1 : width + 1;
        const struct kf_result *result = entries[i].result;
        if (width > KF_ROW_MEASURES_MAX) {
            return kf_error_set(err, KF_ERR_DATA, "%s %s %s has more than %d measures",
                                kf_topic_name(result->topic), result->sector, result->indicator,
                                KF_ROW_MEASURES_MAX);
        }
        if (width > 1 && compare_measures(&entries[i - 1], &entries[i]) == 0) {
            return kf_error_set(err, KF_ERR_DATA, "%s %s %s holds %s twice",
                                kf_topic_name(result->topic), result->sector, result->indicator,
                                result->measure);
        }
    }
    return KF_OK;
}

/* --- the walk -------------------------------------------------------------------------------- */

/* Entries of one topic, of the group or of the members, from `from` on. */
static struct span block_at(const struct entry *entries, size_t count, size_t from)
{
    const struct kf_result *first = entries[from].result;
    size_t to = from + 1;
    while (to < count && entries[to].result->topic == first->topic &&
           entries[to].result->group == first->group) {
        to++;
    }
    return (struct span){from, to};
}

/* Fills `row` from the entries at `from` on, for cell `cell` of each; returns the entry behind. */
static size_t fill_row(const struct entry *entries, struct span block, size_t cell,
                       struct kf_row *row)
{
    const struct kf_result *first = entries[block.from].result;
    row->topic = first->topic;
    row->sector = first->sector;
    row->indicator = first->indicator;
    row->cells_len = 0;
    size_t i = block.from;
    do {
        const struct kf_result *result = entries[i].result;
        row->cells[row->cells_len++] = (struct kf_row_cell){
            .measure = result->measure,
            .unit = result->unit,
            .value = result->values[cell],
            .status = result->status[cell],
        };
        i++;
    } while (i < block.to && !entries[i].starts_row);
    return i;
}

struct visitor {
    const struct kf_panel *panel;
    kf_row_visit *visit;
    void *context;
};

static enum kf_err walk_block(const struct visitor *visitor, const struct entry *entries,
                              struct span block, struct kf_error *err)
{
    bool group = entries[block.from].result->group;
    size_t cells = group ? 1 : visitor->panel->members_len;
    struct kf_row row = {0};
    for (size_t cell = 0; cell < cells; cell++) {
        row.municipality = group ? "" : visitor->panel->members[cell];
        for (struct span rest = block; rest.from < rest.to;) {
            rest.from = fill_row(entries, rest, cell, &row);
            enum kf_err code = visitor->visit(visitor->context, visitor->panel, &row, err);
            if (code != KF_OK) {
                return code;
            }
        }
    }
    return KF_OK;
}

enum kf_err kf_panel_walk(const struct kf_panel *panel, kf_row_visit *visit, void *context,
                          struct kf_error *err)
{
    size_t count = panel->results_len;
    struct entry *entries = kf_calloc(count, sizeof *entries);
    if (!entries) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory to order %zu results", count);
    }
    place_entries(panel, entries);
    const struct visitor visitor = {panel, visit, context};
    enum kf_err code = mark_rows(entries, count, err);
    for (struct span block = {0, 0}; code == KF_OK && block.to < count;) {
        block = block_at(entries, count, block.to);
        code = walk_block(&visitor, entries, block, err);
    }
    kf_free(entries);
    return code;
}
