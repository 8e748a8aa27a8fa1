#include "common/model/catalogue.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/base/memory.h"
#include "common/model/account.h"
#include "common/model/catalogue_sources.h"

#define MUNICIPALITIES_FILE "municipalities.csv"
#define STRUCTURE_FILE      "municipality_changes.csv"
#define KOSTRA_GROUPS_FILE  "kostra_groups.csv"
#define ACCOUNTS_FOLDER     "accounts"
#define ARENA_BYTES_MAX     ((size_t)128 * 1024 * 1024)

struct reader {
    struct kf_catalogue *catalogue;
    struct kf_catalogue_sources sources;
    const char *folder;
    struct kf_findings *findings;
    struct kf_error *err;
    const char **paths; /* [editions_len], whose file an edition is */
    size_t folder_len;  /* of the editions, those of the folder, which come first */
};

static enum kf_err no_memory(const struct reader *reader)
{
    return kf_error_set(reader->err, KF_ERR_MEMORY, "no memory for the editions of %s",
                        reader->folder);
}

static void tell(const struct reader *reader, const char *path, const char *remedy,
                 const char *problem)
{
    struct kf_place place = {.file = path};
    kf_findings_add(reader->findings, &place, remedy, "%s", problem);
}

/* Faults of one file do not stop the others: only a lack of memory is passed on. A fault that left
 * no finding (a file that cannot be read) becomes one. */
static enum kf_err absorb(const struct reader *reader, const char *path, uint64_t before,
                          enum kf_err code)
{
    if (code == KF_OK || code == KF_ERR_MEMORY) {
        return code;
    }
    if (kf_findings_count(reader->findings) == before) {
        const char *text = reader->err ? reader->err->text : "cannot be read";
        size_t length = strlen(path);
        bool named = strncmp(text, path, length) == 0 && strncmp(text + length, ": ", 2) == 0;
        tell(reader, path, "put a readable file there", named ? text + length + 2 : text);
    }
    return KF_OK;
}

static const char *path_of(const struct reader *reader, const char *name)
{
    return kf_catalogue_sources_path(&reader->sources, name);
}

/* --- reading them ---------------------------------------------------------------------------- */

static enum kf_err read_municipalities(struct reader *reader)
{
    const char *path = path_of(reader, MUNICIPALITIES_FILE);
    if (!path) {
        return no_memory(reader);
    }
    uint64_t before = kf_findings_count(reader->findings);
    return absorb(reader, path, before,
                  kf_municipalities_read(path, &reader->catalogue->municipalities, reader->findings,
                                         reader->err));
}

/* A register that a folder may lack and that is checked against the municipalities: NULL in `path`
 * when it is not to be read. */
static enum kf_err find_optional(const struct reader *reader, const char *name, const char **path)
{
    struct stat about;
    *path = path_of(reader, name);
    if (!*path) {
        return no_memory(reader);
    }
    bool absent = stat(*path, &about) != 0 && errno == ENOENT;
    if (absent || !reader->catalogue->municipalities) {
        *path = NULL;
    }
    return KF_OK;
}

static enum kf_err read_structure(struct reader *reader)
{
    const char *path = NULL;
    uint64_t before = kf_findings_count(reader->findings);
    struct kf_catalogue *catalogue = reader->catalogue;
    enum kf_err code = find_optional(reader, STRUCTURE_FILE, &path);
    return code == KF_OK && path
               ? absorb(reader, path, before,
                        kf_structure_read(path, catalogue->municipalities, &catalogue->structure,
                                          reader->findings, reader->err))
               : code;
}

static enum kf_err read_kostra_groups(struct reader *reader)
{
    const char *path = NULL;
    uint64_t before = kf_findings_count(reader->findings);
    struct kf_catalogue *catalogue = reader->catalogue;
    enum kf_err code = find_optional(reader, KOSTRA_GROUPS_FILE, &path);
    return code == KF_OK && path ? absorb(reader, path, before,
                                          kf_kostra_groups_read(path, catalogue->municipalities,
                                                                &catalogue->kostra_groups,
                                                                reader->findings, reader->err))
                                 : code;
}

static enum kf_err read_variables(struct reader *reader)
{
    struct kf_variable_files files;
    enum kf_err code = kf_catalogue_sources_variables(&reader->sources, &files);
    if (code != KF_OK) {
        return code;
    }
    uint64_t before = kf_findings_count(reader->findings);
    return absorb(reader, files.path, before,
                  kf_variables_read_with(&files, &reader->catalogue->variables, reader->findings,
                                         reader->err));
}

static enum kf_err read_accounts(struct reader *reader)
{
    const char *path = NULL;
    uint64_t before = kf_findings_count(reader->findings);
    struct kf_catalogue *catalogue = reader->catalogue;
    enum kf_err code = find_optional(reader, ACCOUNTS_FOLDER, &path);
    if (code == KF_OK && path) {
        code = absorb(reader, path, before,
                      kf_accounts_read(path, &catalogue->accounts, reader->findings, reader->err));
    }
    if (code == KF_OK && catalogue->accounts && catalogue->variables) {
        kf_accounts_check(catalogue->accounts, catalogue->variables, reader->findings);
    }
    return code;
}

static bool same_text(const char *left, const char *right)
{
    return strcmp(left ? left : "", right ? right : "") == 0;
}

static bool is_told(const struct kf_findings *findings, const struct kf_finding *finding)
{
    for (size_t i = 0; i < findings->length; i++) {
        const struct kf_finding *other = &findings->list[i];
        if (other->line == finding->line && same_text(other->file, finding->file) &&
            same_text(other->variable, finding->variable) &&
            same_text(other->problem, finding->problem)) {
            return true;
        }
    }
    return false;
}

/* Takes over what is new: a fault in an edition is a fault in each that extends it, told once. */
static void take_findings(struct kf_findings *findings, const struct kf_findings *more)
{
    for (size_t i = 0; i < more->length; i++) {
        const struct kf_finding *finding = &more->list[i];
        if (!is_told(findings, finding)) {
            struct kf_place place = {.file = finding->file,
                                     .line = finding->line,
                                     .municipality = finding->municipality,
                                     .variable = finding->variable,
                                     .cell = finding->cell};
            kf_findings_add(findings, &place, finding->remedy, "%s", finding->problem);
        }
    }
    findings->left_out += more->left_out;
}

/* Reads one file as an edition, its faults apart from those of the others. `folder` as for
 * kf_edition_read_from. */
static enum kf_err read_edition(struct reader *reader, const char *path, const char *folder)
{
    struct kf_catalogue *catalogue = reader->catalogue;
    struct kf_findings *all = reader->findings;
    struct kf_findings *own = kf_calloc(1, sizeof *own);
    if (!own) {
        return no_memory(reader);
    }
    kf_findings_init(own);
    struct kf_edition *edition = NULL;
    reader->findings = own;
    struct kf_edition_source source = {path, folder, catalogue->variables};
    enum kf_err read = kf_edition_read_from(&source, catalogue->arena, &edition, own, reader->err);
    enum kf_err code = absorb(reader, path, 0, read);
    reader->findings = all;
    take_findings(all, own);
    kf_findings_clear(own);
    kf_free(own);
    if (read == KF_OK) {
        reader->paths[catalogue->editions_len] = path;
        catalogue->editions[catalogue->editions_len++] = edition;
    }
    return code;
}

static enum kf_err read_folders(struct reader *reader)
{
    enum kf_err code = KF_OK;
    for (size_t i = 0; code == KF_OK && i < reader->sources.files_len; i++) {
        const char *path = path_of(reader, reader->sources.files[i]);
        code = path ? read_edition(reader, path, NULL) : no_memory(reader);
    }
    reader->folder_len = reader->catalogue->editions_len;
    return code;
}

/* The edition that was read from the file, or NULL. */
static struct kf_edition *read_from(const struct reader *reader, const char *path)
{
    struct kf_catalogue *catalogue = reader->catalogue;
    for (size_t i = 0; i < catalogue->editions_len; i++) {
        if (strcmp(reader->paths[i], path) == 0) {
            return catalogue->editions[i];
        }
    }
    return NULL;
}

/* What was given and lies elsewhere, each file once. */
static enum kf_err read_given(struct reader *reader)
{
    const struct kf_catalogue_sources *sources = &reader->sources;
    enum kf_err code = KF_OK;
    for (size_t i = 0; code == KF_OK && i < sources->given->given_len; i++) {
        const char *path = sources->given_paths[i];
        if (path == sources->given->given[i] && !read_from(reader, path)) {
            code = read_edition(reader, path, reader->folder);
        }
    }
    return code;
}

/* Finds which edition each of the files given is; nothing may be wrong with any. */
static void find_given(const struct reader *reader)
{
    const struct kf_catalogue_sources *sources = &reader->sources;
    struct kf_catalogue *catalogue = reader->catalogue;
    catalogue->given_len = sources->given->given_len;
    for (size_t i = 0; i < catalogue->given_len; i++) {
        catalogue->given[i] = read_from(reader, sources->given_paths[i]);
        if (!catalogue->given[i]) {
            tell(reader, sources->given_paths[i], "give one of the two",
                 "another file given has the same id and takes its place");
        }
    }
}

static enum kf_err read_editions(struct reader *reader)
{
    struct kf_catalogue *catalogue = reader->catalogue;
    size_t given = reader->sources.given->given_len;
    size_t room = reader->sources.files_len + given;
    catalogue->editions = kf_arena_calloc(catalogue->arena, room, sizeof *catalogue->editions);
    catalogue->given = kf_arena_calloc(catalogue->arena, given, sizeof *catalogue->given);
    reader->paths = kf_arena_calloc(reader->catalogue->arena, room, sizeof *reader->paths);
    if (!catalogue->editions || !catalogue->given || !reader->paths) {
        return no_memory(reader);
    }
    uint64_t before = kf_findings_count(reader->findings);
    enum kf_err code = read_folders(reader);
    if (code == KF_OK) {
        code = read_given(reader);
    }
    if (code == KF_OK && kf_findings_count(reader->findings) == before) {
        find_given(reader);
    }
    return code;
}

/* --- rules between files --------------------------------------------------------------------- */

static void check_file_name(const struct reader *reader, size_t index)
{
    const char *path = reader->paths[index];
    const char *id = reader->catalogue->editions[index]->id;
    const char *name = strrchr(path, '/') + 1;
    size_t length = strlen(name) - strlen(KF_EDITION_SUFFIX);
    if (strlen(id) != length || strncmp(name, id, length) != 0) {
        struct kf_place place = {.file = path, .variable = "id", .cell = id};
        kf_findings_add(reader->findings, &place, "rename the file or change the id",
                        "the file is not called after its edition: %s" KF_EDITION_SUFFIX, id);
    }
}

static void check_unique(const struct reader *reader, size_t index)
{
    const char *id = reader->catalogue->editions[index]->id;
    for (size_t other = 0; other < index; other++) {
        if (strcmp(reader->catalogue->editions[other]->id, id) == 0) {
            struct kf_place place = {.file = reader->paths[index], .variable = "id", .cell = id};
            kf_findings_add(reader->findings, &place, "rename one of the two",
                            "the edition is in %s already", reader->paths[other]);
            return;
        }
    }
}

static void check_members(const struct reader *reader, size_t index)
{
    const struct kf_catalogue *catalogue = reader->catalogue;
    if (catalogue->municipalities) {
        (void)kf_edition_check_members(catalogue->editions[index], reader->paths[index], catalogue,
                                       reader->findings, NULL);
    }
}

static int compare_editions(const void *left, const void *right)
{
    const struct kf_edition *const *a = left;
    const struct kf_edition *const *b = right;
    return strcmp((*a)->id, (*b)->id);
}

static enum kf_err find_sources(struct reader *reader)
{
    return kf_catalogue_sources_find(&reader->sources);
}

static enum kf_err read_folder(struct reader *reader)
{
    uint64_t before = kf_findings_count(reader->findings);
    enum kf_err (*const steps[])(struct reader *) = {
        find_sources,   read_municipalities, read_structure, read_kostra_groups,
        read_variables, read_accounts,       read_editions};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        enum kf_err code = steps[i](reader);
        if (code != KF_OK) {
            return code;
        }
    }
    struct kf_catalogue *catalogue = reader->catalogue;
    for (size_t i = 0; i < catalogue->editions_len; i++) {
        if (i < reader->folder_len) {
            check_file_name(reader, i);
        }
        check_unique(reader, i);
        check_members(reader, i);
    }
    uint64_t found = kf_findings_count(reader->findings) - before;
    if (found > 0) {
        return kf_error_set(reader->err, KF_ERR_CONFIG, "%s has %llu fault%s", reader->folder,
                            (unsigned long long)found, found == 1 ? "" : "s");
    }
    if (catalogue->editions_len > 0) {
        qsort(catalogue->editions, catalogue->editions_len, sizeof *catalogue->editions,
              compare_editions);
    }
    return KF_OK;
}

static struct kf_catalogue_sources sources_of(const struct kf_catalogue_files *files,
                                              struct kf_arena *arena, struct kf_findings *findings,
                                              struct kf_error *err)
{
    return (struct kf_catalogue_sources){
        .arena = arena, .folder = files->folder, .given = files, .findings = findings, .err = err};
}

enum kf_err kf_catalogue_read_with(const struct kf_catalogue_files *files,
                                   struct kf_catalogue **catalogue, struct kf_findings *findings,
                                   struct kf_error *err)
{
    struct kf_error unheard;
    struct reader reader = {
        .folder = files->folder, .findings = findings, .err = err ? err : &unheard};
    struct kf_catalogue *self = kf_calloc(1, sizeof *self);
    if (self) {
        self->arena = kf_arena_new(ARENA_BYTES_MAX);
        reader.sources = sources_of(files, self->arena, findings, reader.err);
    }
    reader.catalogue = self;
    enum kf_err code = self && self->arena ? read_folder(&reader) : no_memory(&reader);
    if (code != KF_OK) {
        kf_catalogue_destroy(&self);
        return code;
    }
    *catalogue = self;
    return KF_OK;
}

enum kf_err kf_catalogue_read(const char *folder, struct kf_catalogue **catalogue,
                              struct kf_findings *findings, struct kf_error *err)
{
    struct kf_catalogue_files files = {.folder = folder};
    return kf_catalogue_read_with(&files, catalogue, findings, err);
}

/* Of the sources found. */
static enum kf_err read_register(const struct kf_catalogue_sources *sources,
                                 const struct kf_accounts *accounts,
                                 struct kf_variables **variables)
{
    struct kf_variable_files files;
    uint64_t before = kf_findings_count(sources->findings);
    enum kf_err code = kf_catalogue_sources_variables(sources, &files);
    if (code == KF_OK) {
        code = kf_variables_read_with(&files, variables, sources->findings, sources->err);
    }
    if (code == KF_OK && accounts) {
        kf_accounts_check(accounts, *variables, sources->findings);
    }
    if (code == KF_OK && kf_findings_count(sources->findings) > before) {
        kf_variables_destroy(variables);
        code = kf_error_set(sources->err, KF_ERR_CONFIG, "the variables given have faults");
    }
    return code;
}

enum kf_err kf_catalogue_variables_with(const struct kf_catalogue *catalogue,
                                        const struct kf_catalogue_files *files,
                                        struct kf_variables **variables,
                                        struct kf_findings *findings, struct kf_error *err)
{
    struct kf_variables *made = NULL;
    struct kf_arena *arena = kf_arena_new(ARENA_BYTES_MAX);
    struct kf_catalogue_sources sources = sources_of(files, arena, findings, err);
    enum kf_err code = arena ? kf_catalogue_sources_find(&sources)
                             : kf_error_set(err, KF_ERR_MEMORY, "no memory for variables");
    if (code == KF_OK && sources.brings_variables) {
        code = read_register(&sources, catalogue->accounts, &made);
    }
    kf_arena_destroy(&arena);
    if (code == KF_OK) {
        *variables = made;
    }
    return code;
}

void kf_catalogue_destroy(struct kf_catalogue **self)
{
    if (self && *self) {
        kf_structure_destroy(&(*self)->structure);
        kf_kostra_groups_destroy(&(*self)->kostra_groups);
        kf_municipalities_destroy(&(*self)->municipalities);
        kf_accounts_destroy(&(*self)->accounts);
        kf_variables_destroy(&(*self)->variables);
        kf_arena_destroy(&(*self)->arena);
        kf_free(*self);
        *self = NULL;
    }
}

const struct kf_edition *kf_catalogue_find(const struct kf_catalogue *self, const char *id)
{
    for (size_t i = 0; i < self->editions_len; i++) {
        if (strcmp(self->editions[i]->id, id) == 0) {
            return self->editions[i];
        }
    }
    return NULL;
}
