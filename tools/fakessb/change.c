#include "tools/fakessb/change.h"

#include <stdio.h>
#include <string.h>

#include "common/base/day.h"

struct kf_fake_change_kind {
    const char *name;
    enum kf_err (*apply)(const struct kf_fake_change *change, struct kf_fake_table *table,
                         const struct kf_fake_where *where, struct kf_error *err);
    const char *needs; /* keys that must be there, joined by spaces */
};

/* --- cells ----------------------------------------------------------------------------------- */

static void copy_symbol(const char *symbol, char copy[KF_FAKE_SYMBOL_SIZE])
{
    (void)snprintf(copy, KF_FAKE_SYMBOL_SIZE, "%.3s", symbol);
}

struct visit {
    const struct kf_fake_change *change;
    uint64_t state; /* of the drawing */
    size_t cells;
};

static void mask_cell(void *context, struct kf_fake_cell *cell)
{
    struct visit *self = context;
    copy_symbol(self->change->symbol, cell->mask);
}

static void unmask_cell(void *context, struct kf_fake_cell *cell)
{
    (void)context;
    cell->mask[0] = '\0';
}

static void set_cell(void *context, struct kf_fake_cell *cell)
{
    struct visit *self = context;
    *cell = (struct kf_fake_cell){.value = self->change->value};
}

static void scale_cell(void *context, struct kf_fake_cell *cell)
{
    struct visit *self = context;
    cell->value *= self->change->value;
}

static void status_cell(void *context, struct kf_fake_cell *cell)
{
    struct visit *self = context;
    copy_symbol(self->change->symbol, cell->status);
}

/* Linear congruence of Knuth's; its upper bits decide. */
static void drop_cell(void *context, struct kf_fake_cell *cell)
{
    struct visit *self = context;
    self->state = self->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    if ((double)(self->state >> 11) / 9007199254740992.0 < self->change->value) {
        copy_symbol("..", cell->mask);
    }
}

static enum kf_err visit_all(const struct kf_fake_change *change, struct kf_fake_table *table,
                             const struct kf_fake_where *where, kf_fake_cell_visit *visit)
{
    struct visit context = {.change = change, .state = change->seed};
    kf_fake_table_visit(table, where, visit, &context);
    return KF_OK;
}

static enum kf_err apply_mask(const struct kf_fake_change *change, struct kf_fake_table *table,
                              const struct kf_fake_where *where, struct kf_error *err)
{
    (void)err;
    return visit_all(change, table, where, mask_cell);
}

static enum kf_err apply_unmask(const struct kf_fake_change *change, struct kf_fake_table *table,
                                const struct kf_fake_where *where, struct kf_error *err)
{
    (void)err;
    return visit_all(change, table, where, unmask_cell);
}

static enum kf_err apply_set(const struct kf_fake_change *change, struct kf_fake_table *table,
                             const struct kf_fake_where *where, struct kf_error *err)
{
    (void)err;
    return visit_all(change, table, where, set_cell);
}

static enum kf_err apply_scale(const struct kf_fake_change *change, struct kf_fake_table *table,
                               const struct kf_fake_where *where, struct kf_error *err)
{
    (void)err;
    return visit_all(change, table, where, scale_cell);
}

static enum kf_err apply_status(const struct kf_fake_change *change, struct kf_fake_table *table,
                                const struct kf_fake_where *where, struct kf_error *err)
{
    (void)err;
    return visit_all(change, table, where, status_cell);
}

static enum kf_err apply_drop(const struct kf_fake_change *change, struct kf_fake_table *table,
                              const struct kf_fake_where *where, struct kf_error *err)
{
    (void)err;
    return visit_all(change, table, where, drop_cell);
}

/* --- codes ----------------------------------------------------------------------------------- */

static void hide_codes(struct kf_fake_table *table, const struct kf_fake_where *where, bool hidden)
{
    for (size_t i = 0; i < table->dimensions_len; i++) {
        for (size_t j = 0; where->codes[i] && j < table->dimensions[i].codes_len; j++) {
            if (where->codes[i][j]) {
                table->dimensions[i].codes[j].hidden = hidden;
            }
        }
    }
}

static enum kf_err apply_hide(const struct kf_fake_change *change, struct kf_fake_table *table,
                              const struct kf_fake_where *where, struct kf_error *err)
{
    (void)change;
    (void)err;
    hide_codes(table, where, true);
    return KF_OK;
}

static enum kf_err apply_show(const struct kf_fake_change *change, struct kf_fake_table *table,
                              const struct kf_fake_where *where, struct kf_error *err)
{
    (void)change;
    (void)err;
    hide_codes(table, where, false);
    return KF_OK;
}

static enum kf_err apply_publish(const struct kf_fake_change *change, struct kf_fake_table *table,
                                 const struct kf_fake_where *where, struct kf_error *err)
{
    (void)err;
    hide_codes(table, where, false);
    return visit_all(change, table, where, unmask_cell);
}

static enum kf_err apply_touch(const struct kf_fake_change *change, struct kf_fake_table *table,
                               const struct kf_fake_where *where, struct kf_error *err)
{
    (void)change;
    (void)table;
    (void)where;
    (void)err;
    return KF_OK;
}

static enum kf_err find_code(const struct kf_fake_change *change, struct kf_fake_table *table,
                             struct kf_fake_code **code, struct kf_error *err)
{
    size_t place = kf_fake_table_dimension(table, change->dimension);
    size_t at = place == SIZE_MAX ? SIZE_MAX
                                  : kf_fake_dimension_code(&table->dimensions[place], change->code);
    if (at == SIZE_MAX) {
        return kf_error_set(err, KF_ERR_DATA, "table %s has no code %s in %s", table->id,
                            change->code, change->dimension);
    }
    *code = &table->dimensions[place].codes[at];
    return KF_OK;
}

static enum kf_err apply_rename(const struct kf_fake_change *change, struct kf_fake_table *table,
                                const struct kf_fake_where *where, struct kf_error *err)
{
    (void)where;
    struct kf_fake_code *code = NULL;
    enum kf_err result = find_code(change, table, &code, err);
    if (result == KF_OK) {
        code->code = change->to;
    }
    return result;
}

static enum kf_err apply_remove(const struct kf_fake_change *change, struct kf_fake_table *table,
                                const struct kf_fake_where *where, struct kf_error *err)
{
    (void)where;
    struct kf_fake_code *code = NULL;
    enum kf_err result = find_code(change, table, &code, err);
    if (result == KF_OK) {
        code->hidden = true;
    }
    return result;
}

static enum kf_err apply_unit(const struct kf_fake_change *change, struct kf_fake_table *table,
                              const struct kf_fake_where *where, struct kf_error *err)
{
    (void)where;
    struct kf_fake_code *code = NULL;
    enum kf_err result = find_code(change, table, &code, err);
    if (result == KF_OK) {
        code->unit = change->to;
    }
    return result;
}

static enum kf_err apply_add(const struct kf_fake_change *change, struct kf_fake_table *table,
                             const struct kf_fake_where *where, struct kf_error *err)
{
    (void)where;
    size_t place = kf_fake_table_dimension(table, change->dimension);
    struct kf_fake_code code = {.code = change->code,
                                .label = change->to ? change->to : change->code,
                                .unit = "",
                                .description = ""};
    if (place == SIZE_MAX) {
        return kf_error_set(err, KF_ERR_DATA, "table %s has no dimension %s", table->id,
                            change->dimension);
    }
    return kf_fake_table_add_code(table, place, &code, err);
}

/* --- all kinds ------------------------------------------------------------------------------- */

static const struct kf_fake_change_kind kinds[] = {
    {"mask", apply_mask, "symbol"},
    {"unmask", apply_unmask, ""},
    {"hide", apply_hide, "where"},
    {"show", apply_show, "where"},
    {"publish", apply_publish, ""},
    {"touch", apply_touch, ""},
    {"set", apply_set, "where value"},
    {"status", apply_status, "where symbol"},
    {"scale", apply_scale, "value"},
    {"drop", apply_drop, "value"},
    {"rename", apply_rename, "dimension code to"},
    {"add", apply_add, "dimension code"},
    {"remove", apply_remove, "dimension code"},
    {"unit", apply_unit, "dimension code to"},
};
#define KINDS_LEN (sizeof kinds / sizeof kinds[0])

const char *const kf_fake_change_names[KINDS_LEN + 1] = {
    "mask",  "unmask", "hide",   "show", "publish", "touch", "set", "status",
    "scale", "drop",   "rename", "add",  "remove",  "unit",  NULL,
};

/* Publishing is what tells the world: it always touches. */
static bool touches_always(const struct kf_fake_change_kind *kind)
{
    return strcmp(kind->name, "publish") == 0 || strcmp(kind->name, "touch") == 0;
}

static const struct kf_fake_change_kind *find_kind(const char *name)
{
    for (size_t i = 0; i < KINDS_LEN; i++) {
        if (strcmp(kinds[i].name, name) == 0) {
            return &kinds[i];
        }
    }
    return NULL;
}

enum kf_err kf_fake_change_apply(const struct kf_fake_change *self, struct kf_fake_table *table,
                                 int64_t now_ms, struct kf_error *err)
{
    struct kf_fake_where where = {.codes = {NULL}};
    enum kf_err code = KF_OK;
    for (size_t i = 0; code == KF_OK && i < self->where_len; i++) {
        const struct kf_fake_named *named = &self->where[i];
        code =
            kf_fake_where_add(table, named->dimension, named->texts, named->texts_len, &where, err);
    }
    if (code == KF_OK) {
        code = self->kind->apply(self, table, &where, err);
    }
    if (code == KF_OK) {
        table->version++;
        table->recorded = NULL;
        table->updated_ms = self->touch ? now_ms : table->updated_ms;
        table->updated_ms =
            self->updated_ms != KF_FAKE_NO_TIME ? self->updated_ms : table->updated_ms;
    }
    return code;
}

/* --- reading --------------------------------------------------------------------------------- */

/* A scalar or a list of scalars. */
static bool read_texts(struct kf_yaml_node node, struct kf_arena *arena,
                       struct kf_fake_named *named, struct kf_findings *findings)
{
    size_t count = kf_yaml_is_list(node) ? kf_yaml_count(node) : 1;
    const char **texts = kf_arena_calloc(arena, count + 1, sizeof *texts);
    bool sound = texts != NULL;
    for (size_t i = 0; sound && i < count; i++) {
        struct kf_yaml_node item = kf_yaml_is_list(node) ? kf_yaml_item(node, i) : node;
        const char *text = kf_yaml_scalar(item);
        texts[i] = text ? kf_arena_strdup(arena, text) : NULL;
        sound = texts[i] != NULL;
    }
    if (!sound) {
        kf_yaml_fault(node, findings, "where", "write a code or a list of codes", "no codes");
        return false;
    }
    named->texts = texts;
    named->texts_len = count;
    return true;
}

static bool read_where(struct kf_yaml_node node, struct kf_arena *arena,
                       struct kf_fake_change *change, struct kf_findings *findings)
{
    size_t count = kf_yaml_count(node);
    if (kf_yaml_exists(node) && (!kf_yaml_is_map(node) || count > KF_FAKE_DIMENSIONS_MAX)) {
        kf_yaml_fault(node, findings, "where", "write where: {DIMENSION: CODE}", "no selection");
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        struct kf_fake_named *named = &change->where[i];
        named->dimension = kf_arena_strdup(arena, kf_yaml_key(node, i));
        if (!named->dimension || !read_texts(kf_yaml_value(node, i), arena, named, findings)) {
            return false;
        }
    }
    change->where_len = count;
    return true;
}

static bool read_text(struct kf_yaml_node node, const char *key, struct kf_arena *arena,
                      const char **text, struct kf_findings *findings)
{
    const char *found = NULL;
    if (!kf_yaml_exists(kf_yaml_get(node, key))) {
        return true;
    }
    if (!kf_yaml_get_text(node, key, true, &found, findings)) {
        return false;
    }
    *text = kf_arena_strdup(arena, found);
    return *text != NULL;
}

static bool read_updated(struct kf_yaml_node node, struct kf_fake_change *change,
                         struct kf_findings *findings)
{
    const char *text = NULL;
    change->updated_ms = KF_FAKE_NO_TIME;
    if (!kf_yaml_exists(kf_yaml_get(node, "updated"))) {
        return true;
    }
    if (!kf_yaml_get_text(node, "updated", true, &text, findings)) {
        return false;
    }
    if (!kf_day_time(text, &change->updated_ms)) {
        kf_yaml_fault(kf_yaml_get(node, "updated"), findings, "updated",
                      "write a time as in 2026-03-16T07:00:00Z", "no time");
        return false;
    }
    return true;
}

static bool read_kind(struct kf_yaml_node node, struct kf_fake_change *change,
                      struct kf_findings *findings)
{
    const char *name = NULL;
    char remedy[512];
    if (!kf_yaml_get_text(node, "change", true, &name, findings)) {
        return false;
    }
    change->kind = find_kind(name);
    if (!change->kind) {
        kf_yaml_suggest(name, kf_fake_change_names, remedy, sizeof remedy);
        kf_yaml_fault(kf_yaml_get(node, "change"), findings, "change", remedy, "no such change");
    }
    return change->kind != NULL;
}

/* Every word of `needs` is a key of the node. */
static bool has_needed(struct kf_yaml_node node, const char *needs, struct kf_findings *findings)
{
    char key[32];
    for (const char *word = needs; *word != '\0';) {
        size_t length = strcspn(word, " ");
        (void)snprintf(key, sizeof key, "%.*s", (int)length, word);
        if (!kf_yaml_exists(kf_yaml_get(node, key))) {
            kf_yaml_fault_missing(node, findings, key, "…");
            return false;
        }
        word += length + (word[length] == ' ' ? 1 : 0);
    }
    return true;
}

static bool read_numbers(struct kf_yaml_node node, struct kf_fake_change *change,
                         struct kf_findings *findings)
{
    long seed = 1;
    bool sound = true;
    if (kf_yaml_exists(kf_yaml_get(node, "value"))) {
        sound = kf_yaml_get_number(node, "value", true, &change->value, findings);
    }
    if (kf_yaml_exists(kf_yaml_get(node, "seed"))) {
        sound = kf_yaml_get_whole(node, "seed", true, (struct kf_yaml_range){0, 1000000000}, &seed,
                                  findings) &&
                sound;
    }
    change->seed = (uint64_t)seed;
    (void)kf_yaml_get_flag(node, "touch", false, &change->touch, findings);
    change->touch = change->touch || touches_always(change->kind);
    return sound;
}

bool kf_fake_change_read(struct kf_yaml_node node, struct kf_arena *arena,
                         struct kf_fake_change *change, struct kf_findings *findings)
{
    static const char *const keys[] = {"at",    "table",   "change", "where", "dimension",
                                       "code",  "to",      "symbol", "value", "seed",
                                       "touch", "updated", NULL};
    struct kf_fake_change read = {0};
    uint64_t before = kf_findings_count(findings);
    kf_yaml_check_keys(node, keys, findings);
    bool sound = kf_findings_count(findings) == before && read_kind(node, &read, findings) &&
                 has_needed(node, read.kind->needs, findings) &&
                 read_text(node, "table", arena, &read.table, findings) &&
                 read_text(node, "dimension", arena, &read.dimension, findings) &&
                 read_text(node, "code", arena, &read.code, findings) &&
                 read_text(node, "to", arena, &read.to, findings) &&
                 read_text(node, "symbol", arena, &read.symbol, findings) &&
                 read_numbers(node, &read, findings) && read_updated(node, &read, findings) &&
                 read_where(kf_yaml_get(node, "where"), arena, &read, findings);
    if (sound && !read.table) {
        kf_yaml_fault_missing(node, findings, "table", "\"12362\"");
        sound = false;
    }
    if (sound) {
        *change = read;
    }
    return sound;
}
