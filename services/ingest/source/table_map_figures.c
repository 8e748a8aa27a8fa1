/* Table maps from YAML: figures. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "services/ingest/source/table_map_reader.h"

#define FACTOR_MAX        1e9
#define OFFSET_MAX        5
#define REMEDY_BYTES_MAX  256
#define VARIABLE_SIZE_MAX 96

static const char *const figure_keys[] = {"variable", "family", "dimension", "codes",
                                          "select",   "unit",   "factor",    "year_offset",
                                          "verified", "note",   NULL};

/* --- picks ----------------------------------------------------------------------------------- */

/* A figure's own picks and, of dimensions that it does not speak of, those of all figures. */
struct picks {
    const struct kf_table_pick *list;
    size_t length;
};

static bool has_pick(const struct picks *picks, const char *dimension)
{
    for (size_t i = 0; i < picks->length; i++) {
        if (strcmp(picks->list[i].dimension, dimension) == 0) {
            return true;
        }
    }
    return false;
}

static int compare_picks(const void *left, const void *right)
{
    const struct kf_table_pick *a = left;
    const struct kf_table_pick *b = right;
    return strcmp(a->dimension, b->dimension);
}

/* Ascending by dimension. */
static struct picks join_picks(struct kf_table_reader *reader, const struct picks *own,
                               const struct picks *all, const struct kf_table_pick *further)
{
    size_t room = own->length + all->length + 1;
    struct kf_table_pick *list = kf_table_room(reader, room, sizeof *list);
    size_t length = 0;
    for (size_t i = 0; list && i < own->length; i++) {
        list[length++] = own->list[i];
    }
    if (list && further) {
        list[length++] = *further;
    }
    for (size_t i = 0; list && i < all->length; i++) {
        struct picks sofar = {list, length};
        if (!has_pick(&sofar, all->list[i].dimension)) {
            list[length++] = all->list[i];
        }
    }
    if (length > 1) {
        qsort(list, length, sizeof *list, compare_picks);
    }
    return (struct picks){list, length};
}

static bool same_dimensions(const struct kf_table_figure *a, const struct kf_table_figure *b)
{
    bool same = a->picks_len == b->picks_len;
    for (size_t i = 0; same && i < a->picks_len; i++) {
        same = strcmp(a->picks[i].dimension, b->picks[i].dimension) == 0;
    }
    return same;
}

static bool is_spoken_for(const struct kf_table_map *map, const char *dimension)
{
    bool found = strcmp(dimension, map->region) == 0 || strcmp(dimension, map->time) == 0;
    for (size_t i = 0; !found && i < map->eliminated_len; i++) {
        found = strcmp(dimension, map->eliminated[i]) == 0;
    }
    return found;
}

static void check_picks(struct kf_table_reader *reader, struct kf_yaml_node node,
                        const struct kf_table_map *map, const struct kf_table_figure *figure)
{
    for (size_t i = 0; i < figure->picks_len; i++) {
        if (is_spoken_for(map, figure->picks[i].dimension)) {
            kf_yaml_fault_format(node, reader->findings, "select",
                                 "leave the region, the time and what is eliminated out",
                                 "picks codes of %s, which the map takes whole or not at all",
                                 figure->picks[i].dimension);
        }
        if (i > 0 && strcmp(figure->picks[i].dimension, figure->picks[i - 1].dimension) == 0) {
            kf_yaml_fault_format(node, reader->findings, "select", "pick it once",
                                 "picks codes of %s twice", figure->picks[i].dimension);
        }
    }
    if (figure->picks_len == 0) {
        kf_yaml_fault(node, reader->findings, "select",
                      "add select: {ContentsCode: …}, here or for all figures", "is missing");
    }
    const struct kf_table_figure *first = &map->figures[0];
    if (map->figures_len > 0 && !same_dimensions(first, figure)) {
        kf_yaml_fault_format(node, reader->findings, "select",
                             "pick codes of each dimension in each figure",
                             "picks codes of other dimensions than the figure of line %llu",
                             (unsigned long long)first->line);
    }
}

/* --- one figure ------------------------------------------------------------------------------ */

static const struct kf_variable *find_variable(struct kf_table_reader *reader,
                                               struct kf_yaml_node node, const char *id)
{
    const struct kf_variable *found = kf_variables_find(reader->variables, id, strlen(id));
    if (!found && id[0]) {
        char remedy[REMEDY_BYTES_MAX] = "register it in variables.yaml";
        const char *nearest = kf_findings_is_full(reader->findings)
                                  ? NULL
                                  : kf_variables_suggest(reader->variables, id);
        if (nearest) {
            (void)snprintf(remedy, sizeof remedy,
                           "did you mean %s? otherwise register it in variables.yaml", nearest);
        }
        kf_yaml_fault_format(node, reader->findings, "variable", remedy,
                             "%s is not a registered variable", id);
    }
    return found;
}

static size_t number_of(const struct kf_variables *variables, const struct kf_variable *variable)
{
    size_t count = 0;
    return (size_t)(variable - kf_variables_all(variables, &count));
}

static void check_unit(struct kf_table_reader *reader, struct kf_yaml_node node,
                       const struct kf_table_figure *figure, const struct kf_variable *variable)
{
    const char *fault =
        figure->unit[0] ? kf_table_unit_fault(figure->unit, figure->factor, variable->unit) : NULL;
    if (fault) {
        char remedy[REMEDY_BYTES_MAX];
        (void)snprintf(remedy, sizeof remedy,
                       "%s is in %s in the register; write the table's unit and the factor to it",
                       variable->id, variable->unit);
        kf_yaml_fault_format(node, reader->findings, "unit", remedy, "%s times %g %s", figure->unit,
                             figure->factor, fault);
    }
}

/* What all variables of an entry have in common. */
static void read_common(struct kf_table_reader *reader, struct kf_yaml_node node, const char *unit,
                        struct kf_table_figure *figure)
{
    static const struct kf_yaml_range offsets = {-OFFSET_MAX, OFFSET_MAX};
    long offset = 0;
    figure->unit = kf_yaml_exists(kf_yaml_get(node, "unit"))
                       ? kf_table_text(reader, node, "unit", true)
                       : unit;
    figure->factor = 1;
    if (kf_yaml_get_number(node, "factor", false, &figure->factor, reader->findings) &&
        !(figure->factor > 0 && figure->factor <= FACTOR_MAX)) {
        kf_yaml_fault(kf_yaml_get(node, "factor"), reader->findings, "factor",
                      "write a positive number", "is no factor");
    }
    (void)kf_yaml_get_whole(node, "year_offset", false, offsets, &offset, reader->findings);
    figure->year_offset = (int)offset;
    (void)kf_yaml_get_flag(node, "verified", false, &figure->verified, reader->findings);
    figure->note = kf_table_text(reader, node, "note", false);
    figure->line = kf_yaml_line(node);
    if (!figure->verified && !figure->note[0]) {
        kf_yaml_fault(node, reader->findings, "verified",
                      "add verified: true when the codes were seen in an answer of the API, else "
                      "note: where they are from",
                      "is missing");
    }
}

static void check_given_once(struct kf_table_reader *reader, struct kf_yaml_node node,
                             const struct kf_table_map *map, const struct kf_table_figure *figure)
{
    for (size_t i = 0; i < map->figures_len; i++) {
        if (strcmp(map->figures[i].variable, figure->variable) == 0) {
            kf_yaml_fault_format(node, reader->findings, "variable", "remove one of the two",
                                 "%s is on line %llu already", figure->variable,
                                 (unsigned long long)map->figures[i].line);
            return;
        }
    }
}

/* Figures as they are collected. */
struct figures {
    struct kf_table_reader *reader;
    struct kf_table_map *map;
    struct kf_table_figure *list; /* the map's, to be written */
    struct picks all;
    const char *unit;
};

static void add_figure(struct figures *self, struct kf_yaml_node node, const char *id,
                       struct kf_table_figure figure)
{
    const struct kf_variable *variable = find_variable(self->reader, node, id);
    if (!variable || self->map->figures_len == KF_TABLE_FIGURES_MAX) {
        return;
    }
    figure.variable = kf_table_keep(self->reader, id);
    figure.number = number_of(self->reader->variables, variable);
    check_unit(self->reader, node, &figure, variable);
    check_given_once(self->reader, node, self->map, &figure);
    if (self->list) {
        self->list[self->map->figures_len++] = figure;
    }
}

/* A family: code number i of the dimension is variable PREFIXi. */
static void add_family(struct figures *self, struct kf_yaml_node node, const struct picks *own,
                       struct kf_table_figure figure)
{
    const char *prefix = kf_table_text(self->reader, node, "family", true);
    const char *dimension = kf_table_text(self->reader, node, "dimension", true);
    if (!kf_yaml_exists(kf_yaml_get(node, "codes"))) {
        kf_yaml_fault_missing(node, self->reader->findings, "codes", "[\"000..104\", \"105+\"]");
    }
    struct kf_table_texts codes = kf_table_codes_of(self->reader, node, "codes");
    for (size_t i = 0; i < codes.length && !self->reader->failed; i++) {
        char id[VARIABLE_SIZE_MAX];
        struct kf_table_pick pick = {dimension, &codes.list[i], 1};
        struct picks picks = join_picks(self->reader, own, &self->all, &pick);
        figure.picks = picks.list;
        figure.picks_len = picks.length;
        if (i == 0) {
            check_picks(self->reader, node, self->map, &figure);
        }
        (void)snprintf(id, sizeof id, "%s%zu", prefix, i);
        uint64_t before = kf_findings_count(self->reader->findings);
        add_figure(self, node, id, figure);
        if (kf_findings_count(self->reader->findings) > before) {
            return; /* told once, not for each member */
        }
    }
}

static void check_family_keys(struct kf_table_reader *reader, struct kf_yaml_node node)
{
    static const char *const keys[] = {"dimension", "codes"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (kf_yaml_exists(kf_yaml_get(node, keys[i]))) {
            kf_yaml_fault(node, reader->findings, keys[i], "write select: {DIMENSION: CODE}",
                          "goes with family, not with variable");
        }
    }
}

static void read_entry(struct figures *self, struct kf_yaml_node node)
{
    struct kf_table_reader *reader = self->reader;
    struct kf_table_figure figure = {.factor = 1};
    kf_yaml_check_keys(node, figure_keys, reader->findings);
    if (!kf_yaml_is_map(node)) {
        return;
    }
    read_common(reader, node, self->unit, &figure);
    struct picks own;
    own.list = kf_table_picks(reader, node, "select", &own.length);
    bool family = kf_yaml_exists(kf_yaml_get(node, "family"));
    if (family && kf_yaml_exists(kf_yaml_get(node, "variable"))) {
        kf_yaml_fault(node, reader->findings, "family", "write one of the two",
                      "does not go with variable");
    } else if (family) {
        add_family(self, node, &own, figure);
    } else {
        check_family_keys(reader, node);
        struct picks picks = join_picks(reader, &own, &self->all, NULL);
        figure.picks = picks.list;
        figure.picks_len = picks.length;
        check_picks(reader, node, self->map, &figure);
        add_figure(self, node, kf_table_text(reader, node, "variable", true), figure);
    }
}

void kf_table_read_figures(struct kf_table_reader *reader, struct kf_yaml_node root,
                           struct kf_table_map *map)
{
    struct figures figures = {.reader = reader, .map = map};
    struct kf_yaml_node list = kf_yaml_get(root, "figures");
    size_t count = kf_yaml_count(list);
    figures.all.list = kf_table_picks(reader, root, "select", &figures.all.length);
    figures.unit = kf_table_text(reader, root, "unit", false);
    if (!kf_yaml_is_list(list) || count == 0 || count > KF_TABLE_FIGURES_MAX) {
        kf_yaml_fault(kf_yaml_exists(list) ? list : root, reader->findings, "figures",
                      "list figures, each {variable: …, select: {…}, unit: …}",
                      "must be a list of figures");
        return;
    }
    figures.list = kf_table_room(reader, KF_TABLE_FIGURES_MAX, sizeof *figures.list);
    map->figures = figures.list;
    for (size_t i = 0; figures.list && i < count && !reader->failed; i++) {
        read_entry(&figures, kf_yaml_item(list, i));
    }
}
