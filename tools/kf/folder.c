#include "tools/kf/folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/memory.h"

#define PATH_BYTES_MAX 4096

static bool is_editions_folder(const char *path)
{
    struct kf_text file;
    struct stat about;
    kf_text_init(&file, PATH_BYTES_MAX);
    kf_text_add(&file, path);
    kf_text_add(&file, "/variables.yaml");
    bool there = path[0] && !file.failed && stat(file.bytes, &about) == 0;
    kf_text_clear(&file);
    return there;
}

void kf_folder_beside(const char *behind, struct kf_text *path)
{
    char program[PATH_BYTES_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length <= 0) {
        return;
    }
    program[length] = '\0';
    char *slash = strrchr(program, '/');
    if (slash) {
        kf_text_add_bytes(path, program, (size_t)(slash + 1 - program));
        kf_text_add(path, behind);
    }
}

static enum kf_err find_unnamed(struct kf_text *path, struct kf_error *err)
{
    static const char *const beside[] = {"../share/kostraflow/editions", "../../../editions"};
    kf_text_add(path, "editions");
    for (size_t i = 0; !is_editions_folder(path->bytes); i++) {
        if (i == sizeof beside / sizeof beside[0]) {
            return kf_error_set(err, KF_ERR_CONFIG,
                                "no editions folder, neither ./editions nor beside the program; "
                                "name one with --editions");
        }
        kf_text_reset(path);
        kf_folder_beside(beside[i], path);
    }
    return KF_OK;
}

enum kf_err kf_folder_find(const char *given, struct kf_text *path, struct kf_error *err)
{
    const char *named = given ? given : getenv("KF_EDITIONS");
    if (!named) {
        return find_unnamed(path, err);
    }
    if (!is_editions_folder(named)) {
        return kf_error_set(err, KF_ERR_CONFIG,
                            "%s is no editions folder: it holds no variables.yaml", named);
    }
    kf_text_add(path, named);
    return KF_OK;
}

const char *kf_folder_given_before(const char *const *files, size_t i)
{
    struct stat about;
    struct stat other;
    for (size_t j = 0; stat(files[i], &about) == 0 && j < i; j++) {
        if (stat(files[j], &other) == 0 && S_ISREG(other.st_mode) && about.st_dev == other.st_dev &&
            about.st_ino == other.st_ino) {
            return files[j];
        }
    }
    return NULL;
}

struct kf_findings *kf_folder_findings_new(void)
{
    struct kf_findings *findings = kf_malloc(sizeof *findings);
    if (findings) {
        kf_findings_init(findings);
    }
    return findings;
}

void kf_folder_findings_destroy(struct kf_findings **findings)
{
    if (*findings) {
        kf_findings_clear(*findings);
        kf_free(*findings);
        *findings = NULL;
    }
}

void kf_folder_print(FILE *out, const char *before, const struct kf_findings *findings)
{
    struct kf_text text;
    kf_text_init(&text, (size_t)1024 * 1024);
    kf_findings_print(findings, &text);
    for (char *line = text.bytes, *end = NULL; line && *line; line = end) {
        end = strchr(line, '\n');
        int length = (int)(end ? end - line : (long)strlen(line));
        (void)fprintf(out, "%s%.*s\n", before ? before : "", length, line);
        end = end ? end + 1 : NULL;
    }
    kf_text_clear(&text);
}

static bool ends_with(const char *text, const char *ending)
{
    size_t length = strlen(text);
    size_t end = strlen(ending);
    return length >= end && strcmp(text + length - end, ending) == 0;
}

bool kf_folder_is_edition_file(const char *text)
{
    return ends_with(text, ".yaml") || ends_with(text, ".yml");
}

/* `findings` may be NULL. */
static void tell_failure(const struct kf_findings *findings, const struct kf_error *err)
{
    if (findings) {
        kf_folder_print(stderr, NULL, findings);
    }
    (void)fprintf(stderr, "kf: %s\n", err->text);
}

struct kf_catalogue *kf_folder_read(const char *given)
{
    return kf_folder_read_with(given, NULL, 0);
}

struct kf_catalogue *kf_folder_read_with(const char *given, const char *const *files,
                                         size_t files_len)
{
    struct kf_text path;
    kf_text_init(&path, PATH_BYTES_MAX);
    struct kf_error err = {0};
    struct kf_catalogue *catalogue = NULL;
    struct kf_findings *findings = kf_folder_findings_new();
    enum kf_err code = findings ? kf_folder_find(given, &path, &err)
                                : kf_error_set(&err, KF_ERR_MEMORY, "no memory");
    if (code == KF_OK) {
        struct kf_catalogue_files all = {
            .folder = path.bytes, .given = files, .given_len = files_len};
        code = kf_catalogue_read_with(&all, &catalogue, findings, &err);
    }
    if (code != KF_OK) {
        tell_failure(findings, &err);
    }
    kf_folder_findings_destroy(&findings);
    kf_text_clear(&path);
    return catalogue;
}

struct kf_table_maps *kf_folder_read_maps(const char *given, const struct kf_catalogue *catalogue)
{
    struct kf_text path;
    kf_text_init(&path, PATH_BYTES_MAX);
    struct kf_error err = {0};
    struct kf_table_maps *maps = NULL;
    struct kf_findings *findings = kf_folder_findings_new();
    enum kf_err code = findings ? kf_folder_find(given, &path, &err)
                                : kf_error_set(&err, KF_ERR_MEMORY, "no memory");
    if (code == KF_OK) {
        code = kf_table_maps_read(path.bytes, catalogue, &maps, findings, &err);
    }
    if (code != KF_OK) {
        tell_failure(findings, &err);
    }
    kf_folder_findings_destroy(&findings);
    kf_text_clear(&path);
    return maps;
}
