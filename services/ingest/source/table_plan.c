#include "services/ingest/source/table_plan.h"

#include <string.h>

#include "common/base/text.h"

int kf_table_year(const char *code)
{
    unsigned long year = 0;
    bool four = strlen(code) == 4 && kf_text_to_unsigned(code, 4, KF_YEAR_MAX, &year);
    return four && year >= KF_YEAR_MIN ? (int)year : 0;
}

bool kf_table_map_speaks_of(const struct kf_table_map *self, const char *dimension)
{
    if (strcmp(dimension, self->region) == 0 || strcmp(dimension, self->time) == 0) {
        return true;
    }
    for (size_t i = 0; i < self->eliminated_len; i++) {
        if (strcmp(dimension, self->eliminated[i]) == 0) {
            return true;
        }
    }
    for (size_t i = 0; self->figures_len > 0 && i < self->figures[0].picks_len; i++) {
        if (strcmp(dimension, self->figures[0].picks[i].dimension) == 0) {
            return true;
        }
    }
    return false;
}

static size_t stride_of(const struct kf_jsonstat *table, size_t place)
{
    size_t stride = 1;
    for (size_t i = place + 1; i < table->dimensions_len; i++) {
        stride *= table->dimensions[i].categories_len;
    }
    return stride;
}

static enum kf_err no_memory(const struct kf_table_map *map, struct kf_error *err)
{
    return kf_error_set(err, KF_ERR_MEMORY, "no memory for the figures of table %s", map->table);
}

/* --- dimensions ------------------------------------------------------------------------------ */

static enum kf_err find_own(const struct kf_table_map *map, const struct kf_jsonstat *table,
                            const char *id, const struct kf_jsonstat_dimension **dimension,
                            size_t *stride, struct kf_error *err)
{
    size_t place = 0;
    *dimension = kf_jsonstat_dimension(table, id, &place);
    if (!*dimension) {
        return kf_error_set(err, KF_ERR_DATA, "%s: the table has no dimension %s", map->file, id);
    }
    *stride = stride_of(table, place);
    return KF_OK;
}

static bool is_eliminated(const struct kf_table_map *map, const char *id)
{
    for (size_t i = 0; i < map->eliminated_len; i++) {
        if (strcmp(map->eliminated[i], id) == 0) {
            return true;
        }
    }
    return false;
}

/* What the map does not speak of would be added up unseen, or taken for a whole. */
static enum kf_err check_dimensions(const struct kf_table_map *map, const struct kf_jsonstat *table,
                                    struct kf_error *err)
{
    for (size_t i = 0; i < table->dimensions_len; i++) {
        const char *id = table->dimensions[i].id;
        if (is_eliminated(map, id) || !kf_table_map_speaks_of(map, id)) {
            return kf_error_set(err, KF_ERR_DATA,
                                "%s: the table has a dimension %s, which the map %s; ask without "
                                "it, or pick its code under select",
                                map->file, id,
                                is_eliminated(map, id) ? "leaves out" : "does not speak of");
        }
    }
    return KF_OK;
}

static enum kf_err check_years(const struct kf_table_map *map,
                               const struct kf_jsonstat_dimension *time, struct kf_error *err)
{
    for (size_t i = 0; i < time->categories_len; i++) {
        if (kf_table_year(time->categories[i].code) == 0) {
            return kf_error_set(err, KF_ERR_DATA, "%s: %s of %s is no year", map->file,
                                time->categories[i].code, time->id);
        }
    }
    return KF_OK;
}

/* --- figures --------------------------------------------------------------------------------- */

/* The cells of one figure while they are looked for: dimension by dimension they become more. */
struct cells {
    const struct kf_table_map *map;
    const struct kf_table_figure *figure;
    const struct kf_jsonstat *table;
    size_t *offsets;
    size_t length;
};

/* Adds each code's offset to each offset there is: the list grows by the number of codes. */
static enum kf_err spread(struct cells *self, const struct kf_table_pick *pick,
                          struct kf_error *err)
{
    size_t place = 0;
    size_t before = self->length;
    const struct kf_jsonstat_dimension *dimension =
        kf_jsonstat_dimension(self->table, pick->dimension, &place);
    size_t stride = dimension ? stride_of(self->table, place) : 0;
    for (size_t c = pick->codes_len; c-- > 0;) { /* the first code last: it overwrites */
        size_t code = dimension ? kf_jsonstat_category(dimension, pick->codes[c]) : SIZE_MAX;
        if (code == SIZE_MAX) {
            return kf_error_set(
                err, KF_ERR_DATA, "%s:%llu: the table has no %s %s (%s)", self->map->file,
                (unsigned long long)self->figure->line, pick->dimension,
                dimension ? pick->codes[c] : "among its dimensions", self->figure->variable);
        }
        for (size_t i = 0; i < before; i++) {
            self->offsets[c * before + i] = self->offsets[i] + code * stride;
        }
    }
    self->length = before * pick->codes_len;
    return KF_OK;
}

static enum kf_err find_cells(struct cells *self, struct kf_arena *arena, struct kf_error *err)
{
    const struct kf_table_figure *figure = self->figure;
    size_t room = 1;
    for (size_t i = 0; i < figure->picks_len; i++) {
        room *= figure->picks[i].codes_len;
        if (room == 0 || room > self->table->cells) {
            return kf_error_set(err, KF_ERR_DATA, "%s:%llu: the table has not all codes of %s",
                                self->map->file, (unsigned long long)figure->line,
                                figure->variable);
        }
    }
    self->offsets = kf_arena_calloc(arena, room, sizeof *self->offsets);
    if (!self->offsets) {
        return no_memory(self->map, err);
    }
    self->length = 1;
    enum kf_err code = KF_OK;
    for (size_t i = 0; code == KF_OK && i < figure->picks_len; i++) {
        code = spread(self, &figure->picks[i], err);
    }
    return code;
}

static enum kf_err find_figures(const struct kf_table_map *map, const struct kf_jsonstat *table,
                                struct kf_arena *arena, struct kf_table_plan *plan,
                                struct kf_error *err)
{
    struct kf_table_cells *figures = kf_arena_calloc(arena, map->figures_len + 1, sizeof *figures);
    if (!figures) {
        return no_memory(map, err);
    }
    plan->figures = figures;
    for (size_t f = 0; f < map->figures_len; f++) {
        struct cells cells = {.map = map, .figure = &map->figures[f], .table = table};
        enum kf_err code = find_cells(&cells, arena, err);
        if (code != KF_OK) {
            return code;
        }
        figures[f] = (struct kf_table_cells){cells.offsets, cells.length};
    }
    return KF_OK;
}

enum kf_err kf_table_plan_make(const struct kf_table_map *map, const struct kf_jsonstat *table,
                               struct kf_arena *arena, struct kf_table_plan *plan,
                               struct kf_error *err)
{
    struct kf_table_plan made = {.region = NULL};
    if (table->table[0] && strcmp(table->table, map->table) != 0) {
        return kf_error_set(err, KF_ERR_DATA, "%s: this is table %s", map->file, table->table);
    }
    if (!table->values || !table->status) {
        return kf_error_set(err, KF_ERR_DATA, "table %s has no figures: it is a description",
                            map->table);
    }
    enum kf_err code = find_own(map, table, map->region, &made.region, &made.region_stride, err);
    if (code == KF_OK) {
        code = find_own(map, table, map->time, &made.time, &made.time_stride, err);
    }
    if (code == KF_OK) {
        code = check_dimensions(map, table, err);
    }
    if (code == KF_OK) {
        code = check_years(map, made.time, err);
    }
    if (code == KF_OK) {
        code = find_figures(map, table, arena, &made, err);
    }
    if (code == KF_OK) {
        *plan = made;
    }
    return code;
}
