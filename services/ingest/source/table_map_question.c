/* What to ask of a table. */
#include <string.h>

#include "services/ingest/source/table_map.h"
#include "services/ingest/source/table_plan.h"

struct asking {
    const struct kf_table_map *map;
    const struct kf_jsonstat *metadata;
    const struct kf_municipalities *municipalities;
    struct kf_arena *arena;
    struct kf_table_question *question;
    struct kf_error *err;
    int from;
    int to;
};

static enum kf_err no_memory(const struct asking *self)
{
    return kf_error_set(self->err, KF_ERR_MEMORY, "no memory to ask for table %s",
                        self->map->table);
}

static void add_selection(struct asking *self, const char *dimension, const char *const *codes,
                          size_t count)
{
    struct kf_table_question *question = self->question;
    question->selections[question->selections_len++] =
        (struct kf_ssb_selection){dimension, codes, count};
    question->cells *= count;
}

/* A code that was, or is to be, a municipality about those years. */
static bool is_of_the_years(const struct asking *self, const char *code)
{
    for (int year = self->from - 1; year <= self->to + 1; year++) {
        if (kf_municipalities_find(self->municipalities, code, year)) {
            return true;
        }
    }
    return false;
}

static bool is_wanted(const struct asking *self, const char *code)
{
    enum kf_table_region kind = kf_table_map_region(self->map, code);
    return kind == KF_TABLE_REGION_MUNICIPALITY ? is_of_the_years(self, code)
                                                : kind != KF_TABLE_REGION_NONE;
}

/* The codes of a dimension that are to be asked for. */
typedef bool is_asked_for(const struct asking *self, const char *code);

static enum kf_err select_codes(struct asking *self, const char *id, is_asked_for *asked_for)
{
    const struct kf_jsonstat_dimension *dimension = kf_jsonstat_dimension(self->metadata, id, NULL);
    if (!dimension) {
        return kf_error_set(self->err, KF_ERR_DATA, "%s: the table has no dimension %s",
                            self->map->file, id);
    }
    const char **codes = kf_arena_calloc(self->arena, dimension->categories_len + 1, sizeof *codes);
    size_t count = 0;
    if (!codes) {
        return no_memory(self);
    }
    for (size_t i = 0; i < dimension->categories_len; i++) {
        if (asked_for(self, dimension->categories[i].code)) {
            codes[count++] = dimension->categories[i].code;
        }
    }
    if (count == 0) {
        return kf_error_set(self->err, KF_ERR_AGAIN, "table %s has none of the %s that are wanted",
                            self->map->table, id);
    }
    add_selection(self, id, codes, count);
    return KF_OK;
}

static bool is_year(const struct asking *self, const char *code)
{
    int year = kf_table_year(code);
    return year >= self->from && year <= self->to && year > 0;
}

static bool is_picked(const struct kf_table_map *map, size_t pick, const char *code)
{
    for (size_t f = 0; f < map->figures_len; f++) {
        const struct kf_table_pick *own = &map->figures[f].picks[pick];
        for (size_t i = 0; i < own->codes_len; i++) {
            if (strcmp(own->codes[i], code) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* All figures pick of the same dimensions, in the same order. */
static enum kf_err select_picks(struct asking *self, size_t pick)
{
    const char *id = self->map->figures[0].picks[pick].dimension;
    const struct kf_jsonstat_dimension *dimension = kf_jsonstat_dimension(self->metadata, id, NULL);
    size_t room = dimension ? dimension->categories_len : 0;
    const char **codes = kf_arena_calloc(self->arena, room + 1, sizeof *codes);
    size_t count = 0;
    if (!codes) {
        return no_memory(self);
    }
    for (size_t i = 0; i < room; i++) {
        const char *code = dimension->categories[i].code;
        if (is_picked(self->map, pick, code)) {
            codes[count++] = code;
        }
    }
    if (count == 0) {
        return kf_error_set(self->err, KF_ERR_DATA,
                            "%s: the table has no code of %s that is picked", self->map->file, id);
    }
    add_selection(self, id, codes, count);
    return KF_OK;
}

static int newest_year(const struct asking *self)
{
    const struct kf_jsonstat_dimension *time =
        kf_jsonstat_dimension(self->metadata, self->map->time, NULL);
    int newest = 0;
    for (size_t i = 0; time && i < time->categories_len; i++) {
        int year = kf_table_year(time->categories[i].code);
        newest = year > newest ? year : newest;
    }
    return newest;
}

/* From the years of the data to those of the table: both ends of what any figure needs. */
static void widen(struct asking *self, const int years[2])
{
    self->from = KF_YEAR_MAX;
    self->to = 0;
    for (size_t f = 0; f < self->map->figures_len; f++) {
        int offset = self->map->figures[f].year_offset;
        self->from = years[0] - offset < self->from ? years[0] - offset : self->from;
        self->to = years[1] - offset > self->to ? years[1] - offset : self->to;
    }
}

enum kf_err kf_table_map_question(const struct kf_table_map *self,
                                  const struct kf_jsonstat *metadata,
                                  const struct kf_table_wanted *wanted,
                                  struct kf_table_question *question, struct kf_error *err)
{
    struct kf_table_question made = {.cells = 1};
    struct asking asking = {.map = self,
                            .metadata = metadata,
                            .municipalities = wanted->municipalities,
                            .arena = wanted->arena,
                            .question = &made,
                            .err = err};
    widen(&asking, wanted->years);
    made.newest_year = newest_year(&asking);
    enum kf_err code = select_codes(&asking, self->region, is_wanted);
    for (size_t i = 0; code == KF_OK && i < self->figures[0].picks_len; i++) {
        code = select_picks(&asking, i);
    }
    if (code == KF_OK) {
        code = select_codes(&asking, self->time, is_year);
    }
    if (code == KF_OK) {
        *question = made;
    }
    return code;
}
