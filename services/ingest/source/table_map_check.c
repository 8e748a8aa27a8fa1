/* A table's description against its map: drift, and what is new. */
#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/base/text.h"
#include "services/ingest/source/table_map.h"
#include "services/ingest/source/table_plan.h"

#define ARENA_BYTES_MAX ((size_t)16 * 1024 * 1024)
#define TEXT_BYTES_MAX  512
#define NAMES_SHOWN     6
#define CODES_MAX       4096 /* among which the one that was meant is looked for */

/* A live edition that takes the table, and the variables that it names. */
struct user {
    const struct kf_edition *edition;
    const struct kf_edition_variable *variables;
    size_t variables_len;
};

struct check {
    const struct kf_table_map *map;
    const struct kf_jsonstat *table;
    struct kf_findings *findings;
    struct kf_arena *arena;
    struct user *users;
    size_t users_len;
};

/* --- who is hit ------------------------------------------------------------------------------ */

static bool takes(const struct kf_edition *edition, const char *table)
{
    for (size_t i = 0; i < edition->tables_len; i++) {
        if (strcmp(edition->tables[i], table) == 0) {
            return true;
        }
    }
    return false;
}

static enum kf_err find_users(struct check *self, const struct kf_catalogue *catalogue,
                              struct kf_error *err)
{
    self->users = kf_arena_calloc(self->arena, catalogue->editions_len + 1, sizeof *self->users);
    if (!self->users) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory to check the map of %s",
                            self->map->table);
    }
    for (size_t e = 0; e < catalogue->editions_len; e++) {
        const struct kf_edition *edition = catalogue->editions[e];
        struct user *user = &self->users[self->users_len];
        if (!takes(edition, self->map->table)) {
            continue;
        }
        enum kf_err code =
            kf_edition_variables(edition, self->arena, &user->variables, &user->variables_len, err);
        if (code != KF_OK) {
            return code;
        }
        user->edition = edition;
        self->users_len++;
    }
    return KF_OK;
}

static bool names(const struct user *user, const char *variable)
{
    for (size_t i = 0; i < user->variables_len; i++) {
        if (strcmp(user->variables[i].name, variable) == 0) {
            return true;
        }
    }
    return false;
}

/* True when one of the figures marked is among what the edition names. */
static bool is_hit(const struct check *self, const struct user *user, const bool *marked)
{
    for (size_t f = 0; f < self->map->figures_len; f++) {
        if (marked[f] && names(user, self->map->figures[f].variable)) {
            return true;
        }
    }
    return false;
}

/* "; hits demography-national, need-2026-ages", or that no edition is. */
static void add_hit(const struct check *self, const bool *marked, struct kf_text *text)
{
    size_t hit = 0;
    for (size_t u = 0; u < self->users_len; u++) {
        if (is_hit(self, &self->users[u], marked)) {
            kf_text_add_format(text, "%s%s", hit == 0 ? "; hits " : ", ",
                               self->users[u].edition->id);
            hit++;
        }
    }
    kf_text_add(text, hit == 0 ? "; hits no edition" : "");
}

/* --- telling --------------------------------------------------------------------------------- */

/* What the figures marked have in common is wrong. */
static void tell(struct check *self, const bool *marked, const char *problem, const char *remedy)
{
    const struct kf_table_figure *first = NULL;
    size_t others = 0;
    for (size_t f = 0; f < self->map->figures_len; f++) {
        others += marked[f] && first;
        first = marked[f] && !first ? &self->map->figures[f] : first;
    }
    struct kf_text text;
    kf_text_init(&text, (size_t)8 * TEXT_BYTES_MAX);
    kf_text_add(&text, problem);
    if (others > 0) {
        kf_text_add_format(&text, " (and %zu other variable%s)", others, others == 1 ? "" : "s");
    }
    add_hit(self, marked, &text);
    struct kf_place place = {.file = self->map->file,
                             .line = first ? first->line : 0,
                             .variable = first ? first->variable : ""};
    kf_findings_add(self->findings, &place, remedy, "%s", text.bytes);
    kf_text_clear(&text);
}

/* What is wrong concerns everything. */
static void tell_all(struct check *self, const char *problem, const char *remedy)
{
    bool marked[KF_TABLE_FIGURES_MAX];
    memset(marked, 1, sizeof marked);
    tell(self, marked, problem, remedy);
}

static const char *nearest_code(const struct kf_jsonstat_dimension *dimension, const char *code)
{
    const char *codes[CODES_MAX];
    size_t count = 0;
    for (size_t i = 0; i < dimension->categories_len && count < CODES_MAX; i++) {
        codes[count++] = dimension->categories[i].code;
    }
    return kf_findings_suggest(code, codes, count);
}

/* --- dimensions ------------------------------------------------------------------------------ */

static const struct kf_jsonstat_dimension *with_role(const struct kf_jsonstat *table,
                                                     enum kf_jsonstat_role role)
{
    for (size_t i = 0; role != KF_JSONSTAT_PLAIN && i < table->dimensions_len; i++) {
        if (table->dimensions[i].role == role) {
            return &table->dimensions[i];
        }
    }
    return NULL;
}

static const char *nearest_dimension(const struct kf_jsonstat *table, const char *id,
                                     enum kf_jsonstat_role role)
{
    const char *ids[KF_JSONSTAT_DIMENSIONS_MAX];
    const struct kf_jsonstat_dimension *same = with_role(table, role);
    size_t count = 0;
    for (size_t i = 0; i < table->dimensions_len && count < KF_JSONSTAT_DIMENSIONS_MAX; i++) {
        ids[count++] = table->dimensions[i].id;
    }
    return same ? same->id : kf_findings_suggest(id, ids, count);
}

/* A dimension that the map names and the table has not. */
static void tell_absent(struct check *self, const char *id, enum kf_jsonstat_role role)
{
    char problem[TEXT_BYTES_MAX];
    char remedy[TEXT_BYTES_MAX] = "compare the map with the table's description";
    const char *nearest = nearest_dimension(self->table, id, role);
    (void)snprintf(problem, sizeof problem, "the table has no dimension %s any more", id);
    if (nearest) {
        (void)snprintf(remedy, sizeof remedy, "is it %s now?", nearest);
    }
    tell_all(self, problem, remedy);
}

static void check_time(struct check *self)
{
    const struct kf_jsonstat_dimension *time =
        kf_jsonstat_dimension(self->table, self->map->time, NULL);
    if (!time) {
        tell_absent(self, self->map->time, KF_JSONSTAT_TIME);
        return;
    }
    for (size_t i = 0; i < time->categories_len; i++) {
        if (kf_table_year(time->categories[i].code) == 0) {
            char problem[TEXT_BYTES_MAX];
            (void)snprintf(problem, sizeof problem, "%s of %s is no year", time->categories[i].code,
                           self->map->time);
            tell_all(self, problem, "only yearly tables can be mapped");
            return;
        }
    }
}

static void check_region(struct check *self)
{
    const char *country = self->map->country;
    const struct kf_jsonstat_dimension *region =
        kf_jsonstat_dimension(self->table, self->map->region, NULL);
    if (!region) {
        tell_absent(self, self->map->region, KF_JSONSTAT_GEO);
    } else if (country[0] && !self->table->values &&
               kf_jsonstat_category(region, country) == SIZE_MAX) {
        char problem[TEXT_BYTES_MAX];
        (void)snprintf(problem, sizeof problem, "the table has no %s, the country, any more",
                       country);
        tell_all(self, problem, "find the country's code in the table's description");
    }
}

/* What the map leaves out must be left out, and may be. */
static void check_left_out(struct check *self)
{
    for (size_t i = 0; i < self->map->eliminated_len; i++) {
        const struct kf_jsonstat_dimension *dimension =
            kf_jsonstat_dimension(self->table, self->map->eliminated[i], NULL);
        if (dimension && (self->table->values || !dimension->elimination)) {
            char problem[TEXT_BYTES_MAX];
            (void)snprintf(problem, sizeof problem, "%s cannot be left out any more",
                           dimension->id);
            tell_all(self, problem, "pick its code for the whole under select");
        }
    }
}

static void check_new_dimensions(struct check *self)
{
    for (size_t i = 0; i < self->table->dimensions_len; i++) {
        const struct kf_jsonstat_dimension *dimension = &self->table->dimensions[i];
        if (!kf_table_map_speaks_of(self->map, dimension->id)) {
            char problem[TEXT_BYTES_MAX];
            (void)snprintf(problem, sizeof problem,
                           "the table has a dimension %s (%s) that the map does not speak of",
                           dimension->id, dimension->label);
            tell_all(self, problem,
                     dimension->elimination ? "add it to eliminated, or pick its code under select"
                                            : "pick its code for the whole under select");
        }
    }
}

/* --- codes ----------------------------------------------------------------------------------- */

static const struct kf_table_pick *pick_of(const struct kf_table_figure *figure,
                                           const char *dimension)
{
    for (size_t i = 0; i < figure->picks_len; i++) {
        if (strcmp(figure->picks[i].dimension, dimension) == 0) {
            return &figure->picks[i];
        }
    }
    return NULL;
}

static bool picks(const struct kf_table_figure *figure, const char *dimension, const char *code)
{
    const struct kf_table_pick *pick = pick_of(figure, dimension);
    for (size_t i = 0; pick && i < pick->codes_len; i++) {
        if (strcmp(pick->codes[i], code) == 0) {
            return true;
        }
    }
    return false;
}

/* Marks every figure that picks the code; false when one before `from` does: told already. */
static bool mark(const struct check *self, const char *dimension, const char *code, size_t from,
                 bool *marked)
{
    memset(marked, 0, KF_TABLE_FIGURES_MAX * sizeof *marked);
    for (size_t f = 0; f < self->map->figures_len; f++) {
        marked[f] = picks(&self->map->figures[f], dimension, code);
        if (marked[f] && f < from) {
            return false;
        }
    }
    return true;
}

static void tell_code(struct check *self, const struct kf_jsonstat_dimension *dimension,
                      const char *code, size_t from)
{
    bool marked[KF_TABLE_FIGURES_MAX];
    char problem[TEXT_BYTES_MAX];
    char remedy[TEXT_BYTES_MAX] = "find what the table calls it now, or take the figure out";
    if (kf_findings_is_full(self->findings) || !mark(self, dimension->id, code, from, marked)) {
        return;
    }
    const char *nearest = nearest_code(dimension, code);
    size_t place = nearest ? kf_jsonstat_category(dimension, nearest) : SIZE_MAX;
    (void)snprintf(problem, sizeof problem, "the table has no code %s in %s any more", code,
                   dimension->id);
    if (place != SIZE_MAX) {
        (void)snprintf(remedy, sizeof remedy, "is it %s (%s) now?", nearest,
                       dimension->categories[place].label);
    }
    tell(self, marked, problem, remedy);
}

static void check_unit(struct check *self, const struct kf_jsonstat_category *category, size_t f)
{
    const struct kf_table_figure *figure = &self->map->figures[f];
    bool marked[KF_TABLE_FIGURES_MAX] = {false};
    char problem[TEXT_BYTES_MAX];
    if (!figure->unit[0] || !category->unit[0] || strcmp(figure->unit, category->unit) == 0) {
        return;
    }
    marked[f] = true;
    (void)snprintf(problem, sizeof problem, "%s is in %s, and the map says %s", category->code,
                   category->unit, figure->unit);
    tell(self, marked, problem, "give unit and factor as the table has them now");
}

static void check_pick(struct check *self, size_t f, const struct kf_table_pick *pick)
{
    const struct kf_jsonstat_dimension *dimension =
        kf_jsonstat_dimension(self->table, pick->dimension, NULL);
    for (size_t i = 0; dimension && i < pick->codes_len; i++) {
        size_t place = kf_jsonstat_category(dimension, pick->codes[i]);
        if (place == SIZE_MAX) {
            tell_code(self, dimension, pick->codes[i], f);
        } else {
            check_unit(self, &dimension->categories[place], f);
        }
    }
}

static void check_figures(struct check *self)
{
    const struct kf_table_map *map = self->map;
    for (size_t i = 0; map->figures_len > 0 && i < map->figures[0].picks_len; i++) {
        const char *id = map->figures[0].picks[i].dimension;
        if (!kf_jsonstat_dimension(self->table, id, NULL)) {
            tell_absent(self, id,
                        strcmp(id, "ContentsCode") == 0 ? KF_JSONSTAT_METRIC : KF_JSONSTAT_PLAIN);
        }
    }
    for (size_t f = 0; f < map->figures_len; f++) {
        for (size_t i = 0; i < map->figures[f].picks_len; i++) {
            check_pick(self, f, &map->figures[f].picks[i]);
        }
    }
}

enum kf_err kf_table_map_check(const struct kf_table_map *self, const struct kf_jsonstat *metadata,
                               const struct kf_catalogue *catalogue, struct kf_findings *findings,
                               struct kf_error *err)
{
    uint64_t before = kf_findings_count(findings);
    struct check check = {.map = self, .table = metadata, .findings = findings};
    check.arena = kf_arena_new(ARENA_BYTES_MAX);
    if (!check.arena) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory to check the map of %s", self->table);
    }
    enum kf_err code = find_users(&check, catalogue, err);
    if (code == KF_OK) {
        if (metadata->table[0] && strcmp(metadata->table, self->table) != 0) {
            char problem[TEXT_BYTES_MAX];
            (void)snprintf(problem, sizeof problem, "this is table %s", metadata->table);
            tell_all(&check, problem, "give the description of the map's own table");
        }
        check_region(&check);
        check_time(&check);
        check_left_out(&check);
        check_new_dimensions(&check);
        check_figures(&check);
    }
    kf_arena_destroy(&check.arena);
    if (code == KF_OK && kf_findings_count(findings) > before) {
        code =
            kf_error_set(err, KF_ERR_DATA, "table %s does not fit its map any more", self->table);
    }
    return code;
}

/* --- news ------------------------------------------------------------------------------------ */

static bool is_known(const struct kf_table_map *map, const struct kf_table_pick *known,
                     const char *code)
{
    for (size_t i = 0; i < known->codes_len; i++) {
        if (strcmp(known->codes[i], code) == 0) {
            return true;
        }
    }
    for (size_t f = 0; f < map->figures_len; f++) {
        if (picks(&map->figures[f], known->dimension, code)) {
            return true;
        }
    }
    return false;
}

static void tell_news(const struct kf_table_map *map, struct kf_findings *findings,
                      const struct kf_jsonstat_dimension *dimension,
                      const struct kf_jsonstat_category *category, const char *remedy)
{
    struct kf_place place = {.file = map->file, .cell = category->code};
    kf_findings_add(findings, &place, remedy, "is new in %s (%s)", dimension->id, category->label);
}

enum kf_err kf_table_map_news(const struct kf_table_map *self, const struct kf_jsonstat *metadata,
                              const struct kf_catalogue *catalogue, struct kf_findings *findings,
                              struct kf_error *err)
{
    (void)err;
    const struct kf_jsonstat_dimension *region =
        kf_jsonstat_dimension(metadata, self->region, NULL);
    for (size_t i = 0; region && i < region->categories_len; i++) {
        const char *code = region->categories[i].code;
        if (kf_table_map_region(self, code) == KF_TABLE_REGION_MUNICIPALITY &&
            !kf_municipalities_ever(catalogue->municipalities, code)) {
            tell_news(self, findings, region, &region->categories[i],
                      "add it to municipalities.csv, or to passed_over of the map");
        }
    }
    for (size_t k = 0; k < self->known_len; k++) {
        const struct kf_jsonstat_dimension *dimension =
            kf_jsonstat_dimension(metadata, self->known[k].dimension, NULL);
        for (size_t i = 0; dimension && i < dimension->categories_len; i++) {
            if (!is_known(self, &self->known[k], dimension->categories[i].code)) {
                tell_news(self, findings, dimension, &dimension->categories[i],
                          "add a figure that picks it, or add it to known");
            }
        }
    }
    return KF_OK;
}
