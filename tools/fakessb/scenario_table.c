#include <stdio.h>
#include <string.h>

#include "common/base/day.h"
#include "common/base/memory.h"
#include "tools/fakessb/figures.h"
#include "tools/fakessb/register.h"
#include "tools/fakessb/scenario.h"

/* One table being read. */
struct reading {
    const struct kf_fake_sources *sources;
    struct kf_fake_world *world;
    struct kf_fake_table *table;
    struct kf_findings *findings;
    struct kf_error *err;
};

static const char *text_of(const struct reading *self, struct kf_yaml_node map, const char *key,
                           bool required, const char *otherwise)
{
    const char *text = otherwise;
    (void)kf_yaml_get_text(map, key, required, &text, self->findings);
    const char *copy = kf_arena_strdup(self->world->arena, text);
    return copy ? copy : "";
}

static long whole_of(const struct reading *self, struct kf_yaml_node map, const char *key,
                     long otherwise)
{
    long number = otherwise;
    (void)kf_yaml_get_whole(map, key, false, (struct kf_yaml_range){-100000, 1000000000}, &number,
                            self->findings);
    return number;
}

/* --- codes ----------------------------------------------------------------------------------- */

static enum kf_err add_code(const struct reading *self, struct kf_fake_dimension *dimension,
                            struct kf_yaml_node item)
{
    static const char *const keys[] = {"code", "label", "unit", "decimals", "describedby", NULL};
    kf_yaml_check_keys(item, keys, self->findings);
    const char *code = text_of(self, item, "code", true, "");
    struct kf_fake_code added = {
        .code = code,
        .label = text_of(self, item, "label", false, code),
        .unit = text_of(self, item, "unit", false, ""),
        .description = text_of(self, item, "describedby", false, ""),
        .decimals = (int)whole_of(self, item, "decimals", 0),
    };
    return kf_fake_dimension_add(dimension, &added, self->err);
}

/* A range [FROM, TO] under `key`. */
static bool range_of(const struct reading *self, struct kf_yaml_node item, const char *key,
                     long range[2])
{
    struct kf_yaml_node list = kf_yaml_get(item, key);
    bool sound = kf_yaml_is_list(list) && kf_yaml_count(list) == 2 &&
                 kf_yaml_to_whole(kf_yaml_item(list, 0), &range[0]) &&
                 kf_yaml_to_whole(kf_yaml_item(list, 1), &range[1]) && range[0] >= 0 &&
                 range[0] <= range[1] && range[1] - range[0] < KF_FAKE_CODES_MAX;
    if (!sound) {
        kf_yaml_fault(list, self->findings, key, "write [FROM, TO]", "no range");
    }
    return sound;
}

static enum kf_err add_printed(const struct reading *self, struct kf_fake_dimension *dimension,
                               const char *code, const char *label)
{
    struct kf_fake_code added = {.code = code, .label = label, .unit = "", .description = ""};
    if (!code || !label) {
        return kf_error_set(self->err, KF_ERR_MEMORY, "no memory for codes");
    }
    return kf_fake_dimension_add(dimension, &added, self->err);
}

static enum kf_err add_years(const struct reading *self, struct kf_fake_dimension *dimension,
                             struct kf_yaml_node item)
{
    enum kf_err code = KF_OK;
    long range[2];
    if (!range_of(self, item, "years", range)) {
        return KF_OK;
    }
    for (long year = range[0]; code == KF_OK && year <= range[1]; year++) {
        const char *text = kf_arena_printf(self->world->arena, "%ld", year);
        code = add_printed(self, dimension, text, text);
    }
    return code;
}

/* 000, 001, … and the last one open: 105+ */
static enum kf_err add_ages(const struct reading *self, struct kf_fake_dimension *dimension,
                            struct kf_yaml_node item)
{
    struct kf_arena *arena = self->world->arena;
    enum kf_err code = KF_OK;
    long range[2];
    if (!range_of(self, item, "ages", range)) {
        return KF_OK;
    }
    for (long age = range[0]; code == KF_OK && age <= range[1]; age++) {
        bool open = age == range[1];
        code = add_printed(self, dimension, kf_arena_printf(arena, "%03ld%s", age, open ? "+" : ""),
                           kf_arena_printf(arena, "%ld år%s", age, open ? " eller eldre" : ""));
    }
    return code;
}

static enum kf_err add_numbers(const struct reading *self, struct kf_fake_dimension *dimension,
                               struct kf_yaml_node item)
{
    const char *prefix = text_of(self, item, "prefix", false, "");
    enum kf_err code = KF_OK;
    long range[2];
    if (!range_of(self, item, "numbers", range)) {
        return KF_OK;
    }
    for (long i = range[0]; code == KF_OK && i <= range[1]; i++) {
        const char *text = kf_arena_printf(self->world->arena, "%s%ld", prefix, i);
        code = add_printed(self, dimension, text, text);
    }
    return code;
}

struct adding {
    const struct reading *reading;
    struct kf_fake_dimension *dimension;
};

static enum kf_err add_municipality(void *context, const struct kf_fake_valid *valid,
                                    struct kf_error *err)
{
    (void)err;
    struct adding *self = context;
    struct kf_arena *arena = self->reading->world->arena;
    return add_printed(self->reading, self->dimension, kf_arena_strdup(arena, valid->code),
                       kf_arena_strdup(arena, valid->name));
}

static enum kf_err add_municipalities(const struct reading *self,
                                      struct kf_fake_dimension *dimension, struct kf_yaml_node item)
{
    char date[32];
    struct adding adding = {.reading = self, .dimension = dimension};
    (void)snprintf(date, sizeof date, "%ld-01-01", whole_of(self, item, "municipalities", 2024));
    return kf_fake_register_valid(self->sources->editions, date, add_municipality, &adding,
                                  self->err);
}

static enum kf_err add_codes(const struct reading *self, struct kf_fake_dimension *dimension,
                             struct kf_yaml_node list)
{
    static const struct {
        const char *key;
        enum kf_err (*add)(const struct reading *self, struct kf_fake_dimension *dimension,
                           struct kf_yaml_node item);
    } forms[] = {{"municipalities", add_municipalities},
                 {"years", add_years},
                 {"ages", add_ages},
                 {"numbers", add_numbers},
                 {"code", add_code}};
    enum kf_err code = KF_OK;
    for (size_t i = 0; code == KF_OK && i < kf_yaml_count(list); i++) {
        struct kf_yaml_node item = kf_yaml_item(list, i);
        size_t form = 0;
        while (form < 4 && !kf_yaml_exists(kf_yaml_get(item, forms[form].key))) {
            form++;
        }
        code = forms[form].add(self, dimension, item);
    }
    return code;
}

/* --- dimensions ------------------------------------------------------------------------------ */

static enum kf_fake_role read_role(const struct reading *self, struct kf_yaml_node node)
{
    static const char *const names[KF_FAKE_ROLES + 1] = {"plain", "time", "geo", "metric", NULL};
    const char *name = text_of(self, node, "role", false, "plain");
    for (size_t i = 0; i < KF_FAKE_ROLES; i++) {
        if (strcmp(names[i], name) == 0) {
            return (enum kf_fake_role)i;
        }
    }
    kf_yaml_fault(kf_yaml_get(node, "role"), self->findings, "role",
                  "write plain, time, geo or metric", "no role");
    return KF_FAKE_PLAIN;
}

static enum kf_err add_total(const struct reading *self, struct kf_fake_dimension *dimension,
                             struct kf_yaml_node node)
{
    const char *how = text_of(self, node, "elimination", false, "no");
    dimension->elimination = strcmp(how, "sum") == 0 || strcmp(how, "total") == 0;
    if (!dimension->elimination && strcmp(how, "no") != 0) {
        kf_yaml_fault(kf_yaml_get(node, "elimination"), self->findings, "elimination",
                      "write no, sum or total", "no way to leave a dimension out");
    }
    if (strcmp(how, "total") != 0) {
        return KF_OK;
    }
    dimension->has_total = true;
    return add_printed(self, dimension, "*total", "*total");
}

static enum kf_err read_dimension(const struct reading *self, struct kf_yaml_node node)
{
    static const char *const keys[] = {"id",    "label",       "role", "elimination",
                                       "codes", "describedby", NULL};
    if (self->table->dimensions_len == KF_FAKE_DIMENSIONS_MAX) {
        return kf_error_set(self->err, KF_ERR_LIMIT, "more than %d dimensions",
                            KF_FAKE_DIMENSIONS_MAX);
    }
    struct kf_fake_dimension *dimension = &self->table->dimensions[self->table->dimensions_len++];
    kf_yaml_check_keys(node, keys, self->findings);
    const char *id = text_of(self, node, "id", true, "");
    *dimension =
        (struct kf_fake_dimension){.id = id,
                                   .label = text_of(self, node, "label", false, id),
                                   .description = text_of(self, node, "describedby", false, ""),
                                   .role = read_role(self, node)};
    enum kf_err code = add_codes(self, dimension, kf_yaml_get(node, "codes"));
    return code == KF_OK ? add_total(self, dimension, node) : code;
}

/* --- figures --------------------------------------------------------------------------------- */

static size_t place_of(const struct reading *self, struct kf_yaml_node map, const char *key)
{
    const char *id = text_of(self, map, key, true, "");
    size_t place = kf_fake_table_dimension(self->table, id);
    if (place == SIZE_MAX) {
        kf_yaml_fault(kf_yaml_get(map, key), self->findings, key, "name a dimension of the table",
                      "no such dimension");
    }
    return place;
}

/* Where a dimension is not spoken of: its total, else its first code. */
static void settle_places(const struct reading *self, struct kf_fake_variable *variable)
{
    for (size_t i = 0; i < self->table->dimensions_len; i++) {
        const struct kf_fake_dimension *own = &self->table->dimensions[i];
        variable->places[i] = own->has_total ? own->codes_len - 1 : 0;
    }
}

static void read_places(const struct reading *self, struct kf_yaml_node at,
                        struct kf_fake_variable *variable)
{
    settle_places(self, variable);
    for (size_t i = 0; i < kf_yaml_count(at); i++) {
        const char *code = kf_yaml_scalar(kf_yaml_value(at, i));
        size_t dimension = kf_fake_table_dimension(self->table, kf_yaml_key(at, i));
        size_t place = dimension == SIZE_MAX || !code
                           ? SIZE_MAX
                           : kf_fake_dimension_code(&self->table->dimensions[dimension], code);
        if (place == SIZE_MAX) {
            kf_yaml_fault(kf_yaml_value(at, i), self->findings, kf_yaml_key(at, i),
                          "name a dimension of the table and one of its codes", "no such code");
            return;
        }
        variable->places[dimension] = place;
    }
}

/* A variable, or one for each code of a dimension: {each: alder_, dimension: Alder} is alder_0, …
 */
static size_t read_variable(const struct reading *self, struct kf_yaml_node node,
                            struct kf_fake_variable *variables, size_t room)
{
    static const char *const keys[] = {"name", "each", "dimension", "at", "factor", NULL};
    struct kf_fake_variable common = {.factor = 1};
    size_t count = 1;
    size_t dimension = SIZE_MAX;
    kf_yaml_check_keys(node, keys, self->findings);
    (void)kf_yaml_get_number(node, "factor", false, &common.factor, self->findings);
    read_places(self, kf_yaml_get(node, "at"), &common);
    bool each = kf_yaml_exists(kf_yaml_get(node, "each"));
    const char *name = text_of(self, node, each ? "each" : "name", true, "");
    if (each) {
        dimension = place_of(self, node, "dimension");
        count = dimension == SIZE_MAX ? 0 : self->table->dimensions[dimension].codes_len;
    }
    for (size_t i = 0; i < count && i < room; i++) {
        variables[i] = common;
        variables[i].name = each ? kf_arena_printf(self->world->arena, "%s%zu", name, i) : name;
        if (each) {
            variables[i].places[dimension] = i;
        }
    }
    return count < room ? count : room;
}

static enum kf_err read_file(const struct reading *self, struct kf_yaml_node node)
{
    static const char *const keys[] = {"file",    "region",    "time", "year_offset",
                                       "country", "variables", NULL};
    struct kf_yaml_node list = kf_yaml_get(node, "variables");
    char path[KF_FAKE_PATH_SIZE];
    size_t filled = 0;
    uint64_t before = kf_findings_count(self->findings);
    kf_yaml_check_keys(node, keys, self->findings);
    if (!kf_fake_scenario_path(self->sources, text_of(self, node, "file", true, ""), path)) {
        return kf_error_set(self->err, KF_ERR_CONFIG, "a path is too long");
    }
    struct kf_fake_variable *variables = kf_calloc(KF_FAKE_COLUMNS_MAX, sizeof *variables);
    if (!variables) {
        return kf_error_set(self->err, KF_ERR_MEMORY, "no memory for variables");
    }
    struct kf_fake_figures figures = {.path = path,
                                      .region = place_of(self, node, "region"),
                                      .time = place_of(self, node, "time"),
                                      .year_offset = (int)whole_of(self, node, "year_offset", 0),
                                      .country = text_of(self, node, "country", false, "EAK"),
                                      .variables = variables};
    for (size_t i = 0; i < kf_yaml_count(list); i++) {
        figures.variables_len +=
            read_variable(self, kf_yaml_item(list, i), &variables[figures.variables_len],
                          KF_FAKE_COLUMNS_MAX - figures.variables_len);
    }
    enum kf_err code = KF_OK;
    if (kf_findings_count(self->findings) == before) {
        code = kf_fake_figures_read(&figures, self->table, &filled, self->err);
        if (code == KF_OK && filled == 0) {
            kf_yaml_fault(node, self->findings, "figures", "check region, time and variables",
                          "no figure of the file has a place in the table");
        }
    }
    kf_free(variables);
    return code;
}

static enum kf_err fill(const struct reading *self, struct kf_yaml_node node)
{
    struct kf_yaml_node files = kf_yaml_get(node, "figures");
    struct kf_yaml_node drawn = kf_yaml_get(node, "generated");
    enum kf_err code = kf_fake_table_make_cells(self->table, self->err);
    if (code == KF_OK && kf_yaml_exists(drawn)) {
        kf_fake_figures_draw(self->table, (uint64_t)whole_of(self, drawn, "seed", 1),
                             (double)whole_of(self, drawn, "low", 100),
                             (double)whole_of(self, drawn, "high", 10000));
    }
    for (size_t i = 0; code == KF_OK && i < kf_yaml_count(files); i++) {
        code = read_file(self, kf_yaml_item(files, i));
    }
    return code;
}

/* --- tables ---------------------------------------------------------------------------------- */

static void read_updated(const struct reading *self, struct kf_yaml_node node)
{
    const char *text = text_of(self, node, "updated", true, "2026-01-01T07:00:00Z");
    if (!kf_day_time(text, &self->table->updated_ms)) {
        kf_yaml_fault(kf_yaml_get(node, "updated"), self->findings, "updated",
                      "write a time as in 2026-02-24T07:00:00Z", "no time");
    }
}

static void read_notes(const struct reading *self, struct kf_yaml_node list)
{
    const char **notes =
        kf_arena_calloc(self->world->arena, kf_yaml_count(list) + 1, sizeof *notes);
    for (size_t i = 0; notes && i < kf_yaml_count(list); i++) {
        const char *note = kf_yaml_scalar(kf_yaml_item(list, i));
        notes[i] = kf_arena_strdup(self->world->arena, note);
        self->table->notes_len = notes[i] ? i + 1 : self->table->notes_len;
    }
    self->table->notes = notes;
}

static void read_head(const struct reading *self, struct kf_yaml_node node)
{
    static const char *const keys[] = {"id",    "label",   "subject",   "contact",    "updated",
                                       "notes", "figures", "generated", "dimensions", NULL};
    struct kf_yaml_node subject = kf_yaml_get(node, "subject");
    kf_yaml_check_keys(node, keys, self->findings);
    self->table->id = text_of(self, node, "id", true, "");
    self->table->label = text_of(self, node, "label", true, "");
    self->table->contact = text_of(self, node, "contact", false, "Statistisk sentralbyrå");
    self->table->subject_code = text_of(self, subject, "code", false, "");
    self->table->subject = text_of(self, subject, "label", false, "");
    read_updated(self, node);
    read_notes(self, kf_yaml_get(node, "notes"));
}

static enum kf_err read_table(const struct reading *self, struct kf_yaml_node node)
{
    struct kf_yaml_node dimensions = kf_yaml_get(node, "dimensions");
    enum kf_err code = KF_OK;
    read_head(self, node);
    for (size_t i = 0; code == KF_OK && i < kf_yaml_count(dimensions); i++) {
        code = read_dimension(self, kf_yaml_item(dimensions, i));
    }
    return code == KF_OK ? fill(self, node) : code;
}

static enum kf_err read_recorded(const struct reading *self, struct kf_yaml_node node)
{
    static const char *const keys[] = {"recorded", NULL};
    char path[KF_FAKE_PATH_SIZE];
    kf_yaml_check_keys(node, keys, self->findings);
    if (!kf_fake_scenario_path(self->sources, text_of(self, node, "recorded", true, ""), path)) {
        return kf_error_set(self->err, KF_ERR_CONFIG, "a path is too long");
    }
    return kf_fake_recorded_read(path, self->table, self->err);
}

enum kf_err kf_fake_scenario_table(const struct kf_fake_sources *sources, struct kf_yaml_node node,
                                   struct kf_fake_world *world, struct kf_findings *findings,
                                   struct kf_error *err)
{
    struct reading reading = {.sources = sources, .world = world, .findings = findings, .err = err};
    enum kf_err code = kf_fake_world_add_table(world, &reading.table, err);
    if (code != KF_OK) {
        return code;
    }
    return kf_yaml_exists(kf_yaml_get(node, "recorded")) ? read_recorded(&reading, node)
                                                         : read_table(&reading, node);
}
