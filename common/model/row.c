#include "common/model/row.h"

#include <stdbool.h>
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

static const char *const wholes[] = {KF_SECTOR_TOTAL, KF_SECTOR_TOTAL_WITH_ADMINISTRATION};
#define WHOLES (sizeof wholes / sizeof wholes[0])

/* Entries between two positions. */
struct span {
    size_t from;
    size_t to;
};

/* Sectors stand in the edition's order, then the whole, the whole with administration, the
 * edition's corrections, and names that the edition does not know. */
static size_t sector_rank(const struct kf_edition *edition, const char *sector)
{
    for (size_t s = 0; s < edition->sectors_len; s++) {
        if (strcmp(edition->sectors[s].id, sector) == 0) {
            return s;
        }
    }
    size_t rank = edition->sectors_len;
    for (size_t i = 0; i < WHOLES; i++, rank++) {
        if (strcmp(wholes[i], sector) == 0) {
            return rank;
        }
    }
    for (size_t c = 0; c < edition->corrections_len; c++, rank++) {
        if (strcmp(edition->corrections[c].id, sector) == 0) {
            return rank;
        }
    }
    return rank;
}

/* Where the regressor stands in the correction, from 1; behind all of them for other names. */
static size_t regressor_rank(const struct kf_correction *correction, const char *name)
{
    size_t rank = 0;
    while (rank < correction->regressors_len && strcmp(correction->regressors[rank], name) != 0) {
        rank++;
    }
    return rank + 1;
}

/* Counts on in `rank` until `name` is met among the sector's indicators, or its criteria. */
static bool rank_in_sector(const struct kf_sector *sector, const char *name, bool criteria,
                           size_t *rank)
{
    size_t count = criteria ? sector->criteria_len : sector->indicators_len;
    for (size_t i = 0; i < count; i++) {
        const char *id = criteria ? sector->criteria[i].id : sector->indicators[i].id;
        if (strcmp(id, name) == 0) {
            return true;
        }
        (*rank)++;
    }
    return false;
}

/* "" first, then indicators, then criteria in the edition's order, then unknown names. Under the
 * whole the sectors' lists follow each other; under a correction stand its regressors. */
static size_t indicator_rank(const struct kf_edition *edition, size_t sector, const char *name)
{
    if (name[0] == '\0') {
        return 0;
    }
    size_t first = edition->sectors_len + WHOLES; /* rank of the first correction */
    if (sector >= first && sector - first < edition->corrections_len) {
        return regressor_rank(&edition->corrections[sector - first], name);
    }
    size_t from = sector < edition->sectors_len ? sector : 0;
    size_t to = sector < edition->sectors_len ? sector + 1 : edition->sectors_len;
    size_t rank = 1;
    for (int criteria = 0; criteria <= 1; criteria++) {
        for (size_t s = from; s < to; s++) {
            if (rank_in_sector(&edition->sectors[s], name, criteria != 0, &rank)) {
                return rank;
            }
        }
    }
    return rank;
}

static size_t measure_rank(enum kf_topic topic, const char *name)
{
    size_t count = 0;
    const struct kf_measure *measures = kf_measures(&count);
    const struct kf_measure *found = kf_measure_find(topic, name);
    return found ? (size_t)(found - measures) : count;
}

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

static void place_entries(const struct kf_panel *panel, struct entry *entries)
{
    for (size_t i = 0; i < panel->results_len; i++) {
        const struct kf_result *result = &panel->results[i];
        size_t sector = sector_rank(panel->edition, result->sector);
        entries[i] = (struct entry){
            .result = result,
            .sector = sector,
            .indicator = indicator_rank(panel->edition, sector, result->indicator),
            .measure = measure_rank(result->topic, result->measure),
        };
    }
    qsort(entries, panel->results_len, sizeof *entries, compare_entries);
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
