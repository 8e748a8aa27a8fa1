#include "services/ingest/inbox/inbox_candidate.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/codec/envelope.h"
#include "common/model/digest.h"
#include "services/ingest/csv/file_kind.h"
#include "services/ingest/shown.h"

#define CANDIDATE_BYTES_MAX ((size_t)4 * 1024 * 1024)

static bool ends_with(const char *name, const char *end)
{
    size_t length = strlen(name);
    size_t end_length = strlen(end);
    return length > end_length && strcasecmp(name + length - end_length, end) == 0;
}

/* A name that observations may have: CSV, or a table as json-stat. */
static bool is_observations(const char *name)
{
    return ends_with(name, ".csv") || ends_with(name, ".json");
}

bool kf_inbox_name_is_passed_over(const char *name)
{
    return name[0] == '.' || ends_with(name, ".tmp") || ends_with(name, ".part");
}

/* --- signature ----------------------------------------------------------------------------- */

static uint64_t signature_of(const char *name, const struct stat *about)
{
    uint64_t facts[6] = {(uint64_t)about->st_ino,
                         (uint64_t)about->st_size,
                         (uint64_t)about->st_mtim.tv_sec,
                         (uint64_t)about->st_mtim.tv_nsec,
                         (uint64_t)(about->st_mode & S_IFMT),
                         kf_checksum(name, strlen(name))};
    return kf_checksum(facts, sizeof facts);
}

bool kf_inbox_signature(const char *path, uint64_t *signature)
{
    struct stat about;
    if (lstat(path, &about) != 0) {
        return false;
    }
    uint64_t sum = signature_of("", &about);
    DIR *folder = S_ISDIR(about.st_mode) ? opendir(path) : NULL;
    const struct dirent *item = NULL;
    while (folder && (item = readdir(folder))) {
        char inside[KF_DISK_PATH_MAX];
        if (kf_disk_join(path, item->d_name, inside, NULL) == KF_OK && lstat(inside, &about) == 0 &&
            !S_ISDIR(about.st_mode)) {
            sum += signature_of(item->d_name, &about); /* in any order */
        }
    }
    if (folder) {
        (void)closedir(folder);
    }
    *signature = sum;
    return true;
}

/* --- folders ------------------------------------------------------------------------------- */

/* Names of a folder's files, being collected. */
struct collected {
    struct kf_arena *arena;
    const char *names[KF_SOURCES_MAX];
    size_t count; /* may pass KF_SOURCES_MAX; only so many names are kept */
    size_t left_out;
    bool link; /* a .csv that is no file: nothing is taken, rather than all but that */
    bool failed;
};

static bool is_regular(const char *folder, const char *name)
{
    char path[KF_DISK_PATH_MAX];
    struct stat about;
    return kf_disk_join(folder, name, path, NULL) == KF_OK && lstat(path, &about) == 0 &&
           S_ISREG(about.st_mode);
}

static void collect_one(struct collected *self, const char *folder, const char *name)
{
    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) {
        return;
    }
    bool named = !kf_inbox_name_is_passed_over(name) && is_observations(name);
    bool wanted = named && is_regular(folder, name);
    self->link = self->link || (named && !wanted);
    if (!wanted) {
        self->left_out++;
        return;
    }
    if (self->count < KF_SOURCES_MAX) {
        self->names[self->count] = kf_arena_strdup(self->arena, name);
        self->failed = self->failed || !self->names[self->count];
    }
    self->count++;
}

static int by_name(const void *a, const void *b)
{
    const char *const *left = a;
    const char *const *right = b;
    return strcmp(*left, *right);
}

static enum kf_err collect(struct collected *self, const char *folder, struct kf_error *err)
{
    DIR *stream = opendir(folder);
    if (!stream) {
        return kf_error_set_errno(err, KF_ERR_IO, errno, "%s: cannot be read", folder);
    }
    const struct dirent *item = NULL;
    while ((item = readdir(stream))) {
        collect_one(self, folder, item->d_name);
    }
    (void)closedir(stream);
    if (self->failed) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the names in %s", folder);
    }
    size_t kept = self->count < KF_SOURCES_MAX ? self->count : KF_SOURCES_MAX;
    qsort(self->names, kept, sizeof self->names[0], by_name);
    return KF_OK;
}

/* --- describing ---------------------------------------------------------------------------- */

static const char *copy_shown(struct kf_arena *arena, const char *text)
{
    char shown[KF_SHOWN_SIZE];
    return kf_arena_strdup(arena, kf_shown(text, strlen(text), shown));
}

static enum kf_err no_memory(const struct kf_inbox_candidate *self, struct kf_error *err)
{
    return kf_error_set(err, KF_ERR_MEMORY, "no memory to describe %s",
                        self->name ? self->name : "an input");
}

static enum kf_err set_files(struct kf_inbox_candidate *self, const char *path,
                             const struct collected *found, struct kf_error *err)
{
    struct kf_intake_file *files = kf_arena_calloc(self->arena, found->count, sizeof *files);
    for (size_t i = 0; files && i < found->count; i++) {
        char inside[KF_DISK_PATH_MAX];
        enum kf_err code = kf_disk_join(path, found->names[i], inside, err);
        if (code != KF_OK) {
            return code;
        }
        const char *shown = copy_shown(self->arena, found->names[i]);
        files[i].path = kf_arena_strdup(self->arena, inside);
        files[i].name = shown ? kf_arena_printf(self->arena, "%s/%s", self->name, shown) : NULL;
        if (!files[i].path || !files[i].name) {
            return no_memory(self, err);
        }
    }
    if (!files) {
        return no_memory(self, err);
    }
    self->files = files;
    self->files_len = found->count;
    return KF_OK;
}

static enum kf_err describe_folder(struct kf_inbox_candidate *self, const char *path,
                                   struct kf_error *err)
{
    struct collected found = {.arena = self->arena};
    enum kf_err code = collect(&found, path, err);
    if (code != KF_OK) {
        return code;
    }
    self->left_out = found.left_out;
    if (found.link) {
        self->refusal = "the folder holds a .csv or .json that is a link or a folder";
        self->remedy = "put the file itself there";
        return KF_OK;
    }
    if (found.count == 0) {
        self->refusal = "the folder holds no .csv or .json file";
        self->remedy = "put observation files directly into the folder";
        return KF_OK;
    }
    if (found.count > KF_SOURCES_MAX) {
        self->refusal = "the folder holds more files than one release can have";
        self->remedy = "put them together into at most 256 files";
        return KF_OK;
    }
    return set_files(self, path, &found, err);
}

static enum kf_err describe_file(struct kf_inbox_candidate *self, const char *path,
                                 struct kf_error *err)
{
    struct kf_intake_file *file = kf_arena_calloc(self->arena, 1, sizeof *file);
    if (!file || !(file->path = kf_arena_strdup(self->arena, path))) {
        return no_memory(self, err);
    }
    file->name = self->name;
    self->files = file;
    self->files_len = 1;
    if (!is_observations(self->entry)) {
        struct kf_file_kind kind = {
            .problem = "this is not a .csv or .json file",
            .remedy = "give observations as CSV, in a file whose name ends in .csv, or a table of "
                      "Statistics Norway's as json-stat in one that ends in .json"};
        (void)kf_file_kind_read(path, &kind);
        self->refusal = kind.problem;
        self->remedy = kind.remedy;
    }
    return KF_OK;
}

static enum kf_err describe(struct kf_inbox_candidate *self, const char *path,
                            const struct stat *about, struct kf_error *err)
{
    if (S_ISREG(about->st_mode)) {
        return describe_file(self, path, err);
    }
    if (S_ISDIR(about->st_mode)) {
        return describe_folder(self, path, err);
    }
    self->refusal = "this is neither a file nor a folder";
    self->remedy = "put the file itself here, not a link to it";
    return KF_OK;
}

static struct kf_inbox_candidate *candidate_new(const char *entry)
{
    struct kf_inbox_candidate *self = kf_calloc(1, sizeof *self);
    if (self) {
        self->arena = kf_arena_new(CANDIDATE_BYTES_MAX);
    }
    if (self && self->arena) {
        self->entry = kf_arena_strdup(self->arena, entry);
        self->name = copy_shown(self->arena, entry);
    }
    if (self && (!self->entry || !self->name)) {
        kf_inbox_candidate_destroy(&self);
    }
    return self;
}

void kf_inbox_candidate_destroy(struct kf_inbox_candidate **self)
{
    if (self && *self) {
        kf_arena_destroy(&(*self)->arena);
        kf_free(*self);
        *self = NULL;
    }
}

enum kf_err kf_inbox_describe(const char *inbox, const char *entry,
                              struct kf_inbox_candidate **candidate, struct kf_error *err)
{
    char path[KF_DISK_PATH_MAX];
    struct stat about;
    enum kf_err code = kf_disk_join(inbox, entry, path, err);
    if (code != KF_OK) {
        return code;
    }
    struct kf_inbox_candidate *self = candidate_new(entry);
    if (!self) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory to describe an input");
    }
    if (lstat(path, &about) != 0 || !kf_inbox_signature(path, &self->signature)) {
        code = kf_error_set(err, KF_ERR_AGAIN, "%s is gone", self->name);
    } else {
        code = describe(self, path, &about, err);
    }
    if (code != KF_OK) {
        kf_inbox_candidate_destroy(&self);
        return code;
    }
    *candidate = self;
    return KF_OK;
}
