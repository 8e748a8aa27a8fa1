#include "common/model/catalogue_sources.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/model/edition_reader.h"

#define EDITIONS_MAX ((size_t)500)

static enum kf_err no_memory(const struct kf_catalogue_sources *self)
{
    return kf_error_set(self->err, KF_ERR_MEMORY, "no memory for the editions of %s", self->folder);
}

/* About the folder. */
static void tell(const struct kf_catalogue_sources *self, const char *remedy, const char *problem)
{
    struct kf_place place = {.file = self->folder};
    kf_findings_add(self->findings, &place, remedy, "%s", problem);
}

const char *kf_catalogue_sources_path(const struct kf_catalogue_sources *self, const char *name)
{
    return kf_arena_printf(self->arena, "%s/%s", self->folder, name);
}

/* --- files of the folder ---------------------------------------------------------------------- */

static bool is_edition_file(const char *name)
{
    size_t length = strlen(name);
    size_t suffix = strlen(KF_EDITION_SUFFIX);
    return name[0] != '.' && length > suffix &&
           strcmp(name + length - suffix, KF_EDITION_SUFFIX) == 0 &&
           strcmp(name, KF_VARIABLES_FILE) != 0;
}

static int compare_texts(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* Takes the name of a directory entry when it is an edition's file. */
static enum kf_err take_name(struct kf_catalogue_sources *self, const char *name)
{
    if (!is_edition_file(name)) {
        return KF_OK;
    }
    const char *path = kf_catalogue_sources_path(self, name);
    if (!path) {
        return no_memory(self);
    }
    struct stat about;
    if (stat(path, &about) == 0 && S_ISDIR(about.st_mode)) {
        return KF_OK;
    }
    if (self->files_len == EDITIONS_MAX) {
        tell(self, "split the folder", "the folder holds too many editions");
        return kf_error_set(self->err, KF_ERR_CONFIG, "%s holds too many editions", self->folder);
    }
    const char *copy = kf_arena_strdup(self->arena, name);
    if (!copy) {
        return no_memory(self);
    }
    self->files[self->files_len++] = copy;
    return KF_OK;
}

static enum kf_err list_files(struct kf_catalogue_sources *self)
{
    self->files = kf_arena_calloc(self->arena, EDITIONS_MAX, sizeof *self->files);
    if (!self->files) {
        return no_memory(self);
    }
    DIR *folder = opendir(self->folder);
    if (!folder) {
        enum kf_err why = kf_error_set_errno(self->err, KF_ERR_CONFIG, errno,
                                             "%s: cannot be opened", self->folder);
        if (why == KF_ERR_CONFIG) {
            tell(self, "name the folder that holds the editions",
                 "the editions folder cannot be opened");
        }
        return why;
    }
    enum kf_err code = KF_OK;
    struct dirent *entry = NULL;
    while (code == KF_OK && (entry = readdir(folder)) != NULL) {
        code = take_name(self, entry->d_name);
    }
    (void)closedir(folder);
    if (code == KF_OK && self->files_len > 0) {
        qsort(self->files, self->files_len, sizeof *self->files, compare_texts);
    }
    return code;
}

/* --- files that were given ------------------------------------------------------------------- */

static bool is_same_file(const char *left, const char *right)
{
    struct stat a;
    struct stat b;
    return strcmp(left, right) == 0 || (stat(left, &a) == 0 && stat(right, &b) == 0 &&
                                        a.st_dev == b.st_dev && a.st_ino == b.st_ino);
}

/* The number of the folder's file of that name, or files_len. */
static size_t find_file(const struct kf_catalogue_sources *self, const char *name)
{
    size_t i = 0;
    while (i < self->files_len && strcmp(self->files[i], name) != 0) {
        i++;
    }
    return i;
}

/* The folder's own path of a file that lies in it; `path` itself for any other. NULL when there is
 * no memory. */
static const char *path_in_folder(const struct kf_catalogue_sources *self, const char *path)
{
    size_t i = find_file(self, kf_text_file_name(path));
    if (i == self->files_len) {
        return path;
    }
    const char *own = kf_catalogue_sources_path(self, self->files[i]);
    return own && !is_same_file(own, path) ? path : own;
}

/* Takes the file of the edition that another one takes the place of out of the list. */
static void replace_file(struct kf_catalogue_sources *self, const char *id)
{
    for (size_t i = 0; i < self->files_len; i++) {
        size_t stem = strlen(self->files[i]) - strlen(KF_EDITION_SUFFIX);
        if (strlen(id) == stem && strncmp(self->files[i], id, stem) == 0) {
            self->files_len--;
            memmove(&self->files[i], &self->files[i + 1],
                    (self->files_len - i) * sizeof *self->files);
            return;
        }
    }
}

/* Takes a file of a chain as one that may have variables, unless it is known already. */
static enum kf_err take_source(struct kf_catalogue_sources *self, struct kf_yaml_node root)
{
    const char *path = kf_yaml_file(root);
    const char *inside = path_in_folder(self, path);
    bool known = inside != path;
    for (size_t i = 0; i < self->outside_len; i++) {
        known = known || is_same_file(self->outside[i], path);
    }
    if (known) {
        return inside ? KF_OK : no_memory(self);
    }
    const char *copy = kf_arena_strdup(self->arena, path);
    if (!copy) {
        return no_memory(self);
    }
    struct kf_yaml_node list = kf_yaml_get(root, "variables");
    self->brings_variables =
        self->brings_variables || (kf_yaml_exists(list) && !kf_yaml_is_null(list));
    self->outside[self->outside_len++] = copy;
    return KF_OK;
}

/* The file with what it extends. Whatever is wrong with them, who reads the edition tells. */
static enum kf_err take_chain(struct kf_catalogue_sources *self, const char *path,
                              struct kf_findings *unheard)
{
    struct kf_edition_chain chain;
    struct kf_error why = {.text = ""};
    enum kf_err code = kf_edition_chain_read(path, self->folder, &chain, unheard, &why);
    code = code == KF_ERR_MEMORY ? no_memory(self) : KF_OK;
    if (code == KF_OK && chain.count > 0) {
        const char *id = kf_yaml_scalar(kf_yaml_get(kf_yaml_root(chain.own[0]), "id"));
        replace_file(self, id ? id : "");
    }
    for (size_t i = 0; code == KF_OK && i < chain.count; i++) {
        code = take_source(self, kf_yaml_root(chain.own[i]));
    }
    kf_edition_chain_clear(&chain);
    return code;
}

static bool is_given_before(const struct kf_catalogue_sources *self, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (is_same_file(self->given_paths[i], self->given_paths[index])) {
            self->given_paths[index] = self->given_paths[i];
            return true;
        }
    }
    return false;
}

static enum kf_err take_all_given(struct kf_catalogue_sources *self, struct kf_findings *unheard)
{
    enum kf_err code = KF_OK;
    for (size_t i = 0; code == KF_OK && i < self->given->given_len; i++) {
        const char *path = self->given->given[i];
        self->given_paths[i] = path_in_folder(self, path);
        if (!self->given_paths[i]) {
            code = no_memory(self);
        } else if (self->given_paths[i] == path && !is_given_before(self, i)) {
            code = take_chain(self, path, unheard);
        }
        kf_findings_clear(unheard);
    }
    return code;
}

static enum kf_err take_given(struct kf_catalogue_sources *self)
{
    size_t count = self->given->given_len;
    size_t room = count * (KF_EXTENDS_LEVELS_MAX + 1);
    if (count == 0) {
        return KF_OK;
    }
    struct kf_findings *unheard = kf_calloc(1, sizeof *unheard);
    self->given_paths = kf_arena_calloc(self->arena, count, sizeof *self->given_paths);
    self->outside = kf_arena_calloc(self->arena, room, sizeof *self->outside);
    enum kf_err code = unheard && self->given_paths && self->outside ? take_all_given(self, unheard)
                                                                     : no_memory(self);
    kf_free(unheard);
    return code;
}

/* --- both ------------------------------------------------------------------------------------- */

enum kf_err kf_catalogue_sources_find(struct kf_catalogue_sources *self)
{
    enum kf_err code = list_files(self);
    return code == KF_OK ? take_given(self) : code;
}

enum kf_err kf_catalogue_sources_variables(const struct kf_catalogue_sources *self,
                                           struct kf_variable_files *files)
{
    size_t count = self->files_len + self->outside_len;
    const char **list = kf_arena_calloc(self->arena, count + 1, sizeof *list);
    const char *path = kf_catalogue_sources_path(self, KF_VARIABLES_FILE);
    if (!list || !path) {
        return no_memory(self);
    }
    for (size_t i = 0; i < count; i++) {
        list[i] = i < self->files_len ? kf_catalogue_sources_path(self, self->files[i])
                                      : self->outside[i - self->files_len];
        if (!list[i]) {
            return no_memory(self);
        }
    }
    *files = (struct kf_variable_files){.path = path, .editions = list, .editions_len = count};
    return KF_OK;
}
