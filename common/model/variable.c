#include "common/model/variable.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/arena.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/model/digest.h"
#include "common/model/edition.h"
#include "common/model/variable_account.h"
#include "common/model/variable_family.h"
#include "common/model/yaml.h"

#define SLOTS              (KF_VARIABLES_MAX * 4) /* a power of two, at most a quarter full */
#define REMEDY_BYTES       512
#define REGISTER_BYTES_MAX ((size_t)4 * 1024 * 1024)
#define ARENA_BYTES_MAX    ((size_t)64 * 1024 * 1024)

struct kf_variables {
    struct kf_arena *arena;
    struct kf_variable *all; /* ascending by id */
    const char **ids;        /* the same order */
    uint16_t *entries; /* the number of each one's entry, in the order of reading; while reading */
    size_t count;
    uint16_t slots[SLOTS]; /* number + 1 at the id's hash or behind it; 0 is free */
};

static const char *const variable_keys[] = {"id",      "each",    "name",    "unit", "kind",
                                            "minimum", "maximum", "account", NULL};
static const char *const register_keys[] = {"variables", NULL};

/* --- units ----------------------------------------------------------------------------------- */

static const struct kf_unit units[] = {
    {"persons", KF_VARIABLE_AMOUNT, false}, {"count", KF_VARIABLE_AMOUNT, false},
    {"share", KF_VARIABLE_RATIO, false},    {"percent", KF_VARIABLE_RATIO, false},
    {"index", KF_VARIABLE_RATIO, false},    {"hours", KF_VARIABLE_AMOUNT, false},
    {"days", KF_VARIABLE_AMOUNT, false},    {"person_years", KF_VARIABLE_AMOUNT, false},
    {"m2", KF_VARIABLE_AMOUNT, false},      {"km", KF_VARIABLE_AMOUNT, false},
    {"kr", KF_VARIABLE_AMOUNT, true},       {"1000 kr", KF_VARIABLE_AMOUNT, true},
    {"points", KF_VARIABLE_RATIO, false},
};

#define UNITS (sizeof units / sizeof units[0])

int kf_variable_age(const char *id)
{
    const size_t prefix = strlen(KF_AGE_VARIABLE);
    unsigned long age = 0;
    if (strncmp(id, KF_AGE_VARIABLE, prefix) != 0 ||
        !kf_text_to_unsigned(id + prefix, strlen(id + prefix), KF_AGE_MAX, &age)) {
        return -1;
    }
    return (int)age;
}

const struct kf_unit *kf_units(size_t *count)
{
    *count = UNITS;
    return units;
}

/* The unit whose name the `length` bytes at `name` are, or NULL. */
static const struct kf_unit *find_unit(const char *name, size_t length)
{
    for (size_t i = 0; i < UNITS; i++) {
        if (strlen(units[i].name) == length && memcmp(units[i].name, name, length) == 0) {
            return &units[i];
        }
    }
    return NULL;
}

bool kf_unit_is_known(const char *unit)
{
    size_t above = strcspn(unit, "/");
    const char *below = unit[above] ? unit + above + 1 : NULL;
    return find_unit(unit, above) && (!below || find_unit(below, strlen(below)));
}

bool kf_unit_is_money(const char *unit)
{
    const struct kf_unit *found = find_unit(unit, strlen(unit));
    return found && found->money;
}

enum kf_variable_kind kf_unit_kind(const char *unit)
{
    const struct kf_unit *found = find_unit(unit, strlen(unit));
    enum kf_variable_kind other = strchr(unit, '/') ? KF_VARIABLE_RATIO : KF_VARIABLE_AMOUNT;
    return found ? found->kind : other;
}

static void read_unit(struct kf_yaml_node node, struct kf_variable *variable,
                      struct kf_findings *findings)
{
    const char *names[UNITS + 1] = {NULL};
    char remedy[REMEDY_BYTES];
    if (!kf_yaml_get_text(node, "unit", true, &variable->unit, findings) ||
        kf_unit_is_known(variable->unit)) {
        return;
    }
    for (size_t i = 0; i < UNITS; i++) {
        names[i] = units[i].name;
    }
    kf_yaml_suggest(variable->unit, names, remedy, sizeof remedy);
    kf_yaml_fault(kf_yaml_get(node, "unit"), findings, "unit", remedy,
                  "is no unit, nor one unit over another");
}

/* --- one variable ---------------------------------------------------------------------------- */

static void read_kind(struct kf_yaml_node node, struct kf_variable *variable,
                      struct kf_findings *findings)
{
    const char *kind = NULL;
    variable->kind = kf_unit_kind(variable->unit);
    if (!kf_yaml_get_text(node, "kind", false, &kind, findings)) {
        return;
    }
    if (strcmp(kind, "amount") != 0 && strcmp(kind, "ratio") != 0) {
        kf_yaml_fault(kf_yaml_get(node, "kind"), findings, "kind", "write amount or ratio",
                      "is no kind of variable");
        return;
    }
    variable->kind = strcmp(kind, "ratio") == 0 ? KF_VARIABLE_RATIO : KF_VARIABLE_AMOUNT;
}

/* Reads into `variable`, whose texts still belong to the document. The id of a family is no id yet.
 */
static void read_variable(struct kf_yaml_node node, bool family, struct kf_variable *variable,
                          struct kf_findings *findings)
{
    *variable = (struct kf_variable){.id = "",
                                     .name_nb = "",
                                     .name_en = "",
                                     .unit = "",
                                     .kind = KF_VARIABLE_AMOUNT,
                                     .minimum = -KF_FIGURE_MAX,
                                     .maximum = KF_FIGURE_MAX};
    kf_yaml_check_keys(node, variable_keys, findings);
    if (!kf_yaml_is_map(node)) {
        return;
    }
    if (family) {
        (void)kf_yaml_get_text(node, "id", true, &variable->id, findings);
    } else {
        (void)kf_yaml_get_id(node, "id", true, &variable->id, findings);
    }
    (void)kf_yaml_get_name(node, "name", &variable->name_nb, &variable->name_en, findings);
    read_unit(node, variable, findings);
    read_kind(node, variable, findings);
    (void)kf_yaml_get_number(node, "minimum", true, &variable->minimum, findings);
    (void)kf_yaml_get_number(node, "maximum", false, &variable->maximum, findings);
    if (!(variable->minimum < variable->maximum)) {
        kf_yaml_fault(node, findings, "maximum", "swap or widen the bounds",
                      "is not above the minimum");
    }
}

static bool keep_texts(struct kf_arena *arena, struct kf_variable *variable)
{
    variable->id = kf_arena_strdup(arena, variable->id);
    variable->name_nb = kf_arena_strdup(arena, variable->name_nb);
    variable->name_en = kf_arena_strdup(arena, variable->name_en);
    return variable->id && variable->name_nb && variable->name_en;
}

/* Makes `variable`, which has the texts of its family, the member for `part`. */
static bool make_member(struct kf_arena *arena, const char *part, struct kf_variable *variable)
{
    variable->id = kf_family_text(arena, variable->id, part, false);
    variable->name_nb = kf_family_text(arena, variable->name_nb, part, true);
    variable->name_en = kf_family_text(arena, variable->name_en, part, true);
    return variable->id && variable->name_nb && variable->name_en;
}

/* --- the entries of the register ------------------------------------------------------------- */

/* One entry of the list: a variable, or a family of them. */
struct entry {
    struct kf_yaml_node node;
    struct kf_family family;
};

/* The entries of all files and how many variables they are together. */
struct entries {
    struct entry *list;
    size_t count;
    size_t variables;
};

/* Appends the entries of one file; there is room. */
static bool read_entries(struct kf_yaml_node list, struct kf_arena *arena, struct entries *entries,
                         struct kf_findings *findings)
{
    size_t count = kf_yaml_count(list);
    for (size_t i = 0; i < count; i++) {
        struct entry *entry = &entries->list[entries->count++];
        entry->node = kf_yaml_item(list, i);
        if (!kf_family_read(entry->node, arena, &entry->family, findings)) {
            return false;
        }
        entries->variables += entry->family.count;
    }
    return true;
}

/* The slot that holds `id`, or the free one where it belongs. */
static size_t find_slot(const struct kf_variables *self, const char *id, size_t length)
{
    size_t slot = (size_t)(kf_checksum(id, length) % SLOTS);
    while (self->slots[slot] > 0) {
        const char *there = self->all[self->slots[slot] - 1].id;
        if (strlen(there) == length && memcmp(there, id, length) == 0) {
            break;
        }
        slot = (slot + 1) % SLOTS;
    }
    return slot;
}

/* Of a family the finding says which of its variables it is; of two files, where the first is. */
static void fault_repeated(struct kf_yaml_node entry, const char *id, struct kf_yaml_node other,
                           struct kf_findings *findings)
{
    bool family = kf_yaml_exists(kf_yaml_get(entry, "each"));
    const char *file = kf_yaml_file(other);
    bool here = strcmp(file, kf_yaml_file(entry)) == 0;
    kf_yaml_fault_format(kf_yaml_get(entry, "id"), findings, "id", "keep one of the two",
                         "%s%sis registered %s%s%son line %llu already", family ? id : "",
                         family ? " " : "", here ? "" : "in ", here ? "" : file, here ? "" : " ",
                         (unsigned long long)kf_yaml_line(other));
}

/* Fills the hash table; an id that is there already is a finding on its line. */
static void enter_all(struct kf_variables *self, const struct entries *entries,
                      struct kf_findings *findings)
{
    for (size_t i = 0; i < self->count; i++) {
        const char *id = self->all[i].id;
        size_t slot = find_slot(self, id, strlen(id));
        if (self->slots[slot] == 0) {
            self->slots[slot] = (uint16_t)(i + 1);
        } else if (id[0]) {
            size_t first = (size_t)self->slots[slot] - 1;
            fault_repeated(entries->list[self->entries[i]].node, id,
                           entries->list[self->entries[first]].node, findings);
        }
    }
}

static int compare_ids(const void *left, const void *right)
{
    const struct kf_variable *a = left;
    const struct kf_variable *b = right;
    return strcmp(a->id, b->id);
}

static void sort_and_index(struct kf_variables *self)
{
    qsort(self->all, self->count, sizeof *self->all, compare_ids);
    memset(self->slots, 0, sizeof self->slots);
    for (size_t i = 0; i < self->count; i++) {
        self->ids[i] = self->all[i].id;
        self->slots[find_slot(self, self->ids[i], strlen(self->ids[i]))] = (uint16_t)(i + 1);
    }
}

static enum kf_err no_memory(const char *path, struct kf_error *err)
{
    return kf_error_set(err, KF_ERR_MEMORY, "no memory for the variables of %s", path);
}

/* Adds the variables of entry number `index`; there is room. An entry whose `each` is wrong has
 * none, and the rest of it is read for its faults. */
static bool add_entry(struct kf_variables *self, const struct entry *entry, size_t index,
                      struct kf_findings *findings)
{
    const struct kf_family *family = &entry->family;
    struct kf_variable read;
    bool one = family->count == 1 && !family->parts;
    read_variable(entry->node, !one, &read, findings);
    if (!kf_variable_account_read(entry->node, read.unit, self->arena, &read.account, findings)) {
        return false;
    }
    read.unit = kf_arena_strdup(self->arena, read.unit);
    for (size_t i = 0; read.unit && i < family->count; i++) {
        struct kf_variable *added = &self->all[self->count];
        *added = read;
        if (one ? !keep_texts(self->arena, added)
                : !make_member(self->arena, family->parts[i], added)) {
            return false;
        }
        self->entries[self->count++] = (uint16_t)index;
        if (!one && read.id[0] && !kf_yaml_is_id(added->id)) {
            kf_yaml_fault_format(kf_yaml_get(entry->node, "id"), findings, "id",
                                 "use lower-case letters a to z, digits, - and _, a letter first, "
                                 "at most 64 characters",
                                 "makes %s, which is not an identifier", added->id);
            return true;
        }
    }
    return read.unit;
}

static enum kf_err add_entries(struct kf_variables *self, const struct entries *entries,
                               struct kf_findings *findings, struct kf_error *err)
{
    size_t room = entries->variables;
    self->all = kf_arena_calloc(self->arena, room, sizeof *self->all);
    self->ids = kf_arena_calloc(self->arena, room, sizeof *self->ids);
    self->entries = kf_arena_calloc(self->arena, room, sizeof *self->entries);
    if (!self->all || !self->ids || !self->entries) {
        return no_memory(kf_yaml_file(entries->list[0].node), err);
    }
    for (size_t i = 0; i < entries->count; i++) {
        if (!add_entry(self, &entries->list[i], i, findings)) {
            return no_memory(kf_yaml_file(entries->list[i].node), err);
        }
    }
    enter_all(self, entries, findings);
    sort_and_index(self);
    return KF_OK;
}

/* --- the files ------------------------------------------------------------------------------- */

/* A file with its list of variables; none after a fault in it. */
struct document {
    struct kf_yaml *yaml;
    struct kf_yaml_node list;
    size_t entries;
};

/* What is read: the register first, then the editions that have variables of their own. */
struct documents {
    struct document *list;
    size_t count;
};

/* True unless the list makes the variables more than there may be, which is told. `before` is what
 * other files have. */
static bool has_room(struct kf_yaml_node list, size_t before, size_t variables,
                     struct kf_findings *findings)
{
    if (variables <= KF_VARIABLES_MAX) {
        return true;
    }
    kf_yaml_fault_format(list, findings, "variables", "register fewer, or shorten a family",
                         "are %zu with all members of families%s, more than the %d there may be",
                         variables, before > 0 ? " and those of the files before" : "",
                         KF_VARIABLES_MAX);
    return false;
}

/* Finds the list of the document, behind `before` entries of others. */
static void find_list(struct document *document, size_t before, struct kf_findings *findings)
{
    struct kf_yaml_node root = kf_yaml_root(document->yaml);
    struct kf_yaml_node list = kf_yaml_get(root, "variables");
    size_t count = kf_yaml_count(list);
    document->list = list;
    if (!kf_yaml_is_list(list) || count == 0 || count > KF_VARIABLES_MAX) {
        kf_yaml_fault_format(kf_yaml_exists(list) ? list : root, findings, "variables",
                             "write variables: and a list below it",
                             "must be a list of 1 to %d variables", KF_VARIABLES_MAX);
    } else if (has_room(list, before, before + count, findings)) {
        document->entries = count;
    }
}

/* Reads the entries of all documents; false when there is no memory. */
static bool read_all_entries(const struct documents *documents, struct kf_arena *arena,
                             struct entries *entries, struct kf_findings *findings)
{
    for (size_t i = 0; i < documents->count; i++) {
        const struct document *document = &documents->list[i];
        size_t before = entries->variables;
        if (document->entries == 0) {
            continue;
        }
        if (!read_entries(document->list, arena, entries, findings)) {
            return false;
        }
        if (!has_room(document->list, before, entries->variables, findings)) {
            entries->count = 0;
            return true;
        }
    }
    return true;
}

static enum kf_err read_documents(struct kf_variables *self, const struct documents *documents,
                                  struct kf_findings *findings, struct kf_error *err)
{
    struct entries entries = {0};
    size_t room = 0;
    kf_yaml_check_keys(kf_yaml_root(documents->list[0].yaml), register_keys, findings);
    for (size_t i = 0; i < documents->count; i++) {
        find_list(&documents->list[i], room, findings);
        room += documents->list[i].entries;
    }
    entries.list = kf_arena_calloc(self->arena, room + 1, sizeof *entries.list);
    if (!entries.list || !read_all_entries(documents, self->arena, &entries, findings)) {
        return no_memory(kf_yaml_file(documents->list[0].list), err);
    }
    return entries.count > 0 ? add_entries(self, &entries, findings, err) : KF_OK;
}

static struct kf_variables *variables_new(void)
{
    struct kf_variables *self = kf_calloc(1, sizeof *self);
    if (!self) {
        return NULL;
    }
    self->arena = kf_arena_new(ARENA_BYTES_MAX);
    if (!self->arena) {
        kf_variables_destroy(&self);
    }
    return self;
}

/* Opens an edition's file when it has variables; whatever else is wrong with it, who reads the
 * edition tells. */
static enum kf_err open_edition(const char *path, struct documents *documents,
                                struct kf_findings *unheard, struct kf_error *err)
{
    struct kf_yaml *yaml = NULL;
    enum kf_err code = kf_yaml_read(path, KF_EDITION_BYTES_MAX, &yaml, NULL, unheard, err);
    kf_findings_clear(unheard);
    if (code != KF_OK) {
        return code == KF_ERR_MEMORY ? code : KF_OK;
    }
    struct kf_yaml_node list = kf_yaml_get(kf_yaml_root(yaml), "variables");
    if (kf_yaml_exists(list) && !kf_yaml_is_null(list)) {
        documents->list[documents->count++].yaml = yaml;
    } else {
        kf_yaml_destroy(&yaml);
    }
    return KF_OK;
}

static enum kf_err open_all(const struct kf_variable_files *files, struct documents *documents,
                            struct kf_findings *findings, struct kf_error *err)
{
    struct kf_findings *unheard = kf_calloc(1, sizeof *unheard);
    documents->list = kf_calloc(files->editions_len + 1, sizeof *documents->list);
    enum kf_err code = KF_OK;
    if (!unheard || !documents->list) {
        code = no_memory(files->path, err);
    } else {
        code = kf_yaml_read(files->path, REGISTER_BYTES_MAX, &documents->list[0].yaml, NULL,
                            findings, err);
        documents->count = code == KF_OK;
        kf_findings_init(unheard);
    }
    for (size_t i = 0; code == KF_OK && i < files->editions_len; i++) {
        code = open_edition(files->editions[i], documents, unheard, err);
    }
    kf_free(unheard);
    return code;
}

static void close_all(struct documents *documents)
{
    for (size_t i = 0; i < documents->count; i++) {
        kf_yaml_destroy(&documents->list[i].yaml);
    }
    kf_free(documents->list);
}

enum kf_err kf_variables_read_with(const struct kf_variable_files *files,
                                   struct kf_variables **register_, struct kf_findings *findings,
                                   struct kf_error *err)
{
    uint64_t before = kf_findings_count(findings);
    struct documents documents = {0};
    struct kf_variables *self = NULL;
    enum kf_err code = open_all(files, &documents, findings, err);
    if (code == KF_OK) {
        self = variables_new();
        code = self ? read_documents(self, &documents, findings, err) : no_memory(files->path, err);
    }
    if (code == KF_OK && kf_findings_count(findings) > before) {
        code = kf_error_set(err, KF_ERR_CONFIG, "%s has faults", files->path);
    }
    close_all(&documents);
    if (code != KF_OK) {
        kf_variables_destroy(&self);
        return code;
    }
    *register_ = self;
    return KF_OK;
}

enum kf_err kf_variables_read(const char *path, struct kf_variables **register_,
                              struct kf_findings *findings, struct kf_error *err)
{
    struct kf_variable_files files = {.path = path};
    return kf_variables_read_with(&files, register_, findings, err);
}

void kf_variables_destroy(struct kf_variables **self)
{
    if (self && *self) {
        kf_arena_destroy(&(*self)->arena);
        kf_free(*self);
        *self = NULL;
    }
}

const struct kf_variable *kf_variables_find(const struct kf_variables *self, const char *id,
                                            size_t length)
{
    size_t slot = find_slot(self, id, length);
    return self->slots[slot] > 0 ? &self->all[self->slots[slot] - 1] : NULL;
}

const char *kf_variables_suggest(const struct kf_variables *self, const char *id)
{
    return kf_findings_suggest(id, self->ids, self->count);
}

const struct kf_variable *kf_variables_all(const struct kf_variables *self, size_t *count)
{
    *count = self->count;
    return self->all;
}
