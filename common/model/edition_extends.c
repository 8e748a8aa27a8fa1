/* Editions from YAML: the chain of files that an edition builds on. */
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/model/digest.h"
#include "common/model/edition_reader.h"

#define SUFFIX         ".yaml"
#define PATH_BYTES_MAX 4096
#define FILES_MAX      500 /* among which the one that was meant is looked for */

/* --- which file ------------------------------------------------------------------------------ */

static int folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (int)(slash - path + 1) : 0;
}

static bool path_of(const char *path, const char *id, char *base)
{
    int written = snprintf(base, PATH_BYTES_MAX, "%.*s%s" SUFFIX, folder_length(path), path, id);
    return written > 0 && written < PATH_BYTES_MAX;
}

static bool exists(const char *path)
{
    FILE *file = fopen(path, "rbe");
    if (file) {
        (void)fclose(file);
    }
    return file != NULL;
}

/* The id of the neighbouring file that is nearest to `id`; "" when none is near. */
static void nearest_file(const char *path, const char *id, char *nearest, size_t size)
{
    char folder[PATH_BYTES_MAX];
    int length = folder_length(path);
    (void)snprintf(folder, sizeof folder, "%.*s", length > 0 ? length : 1, length > 0 ? path : ".");
    DIR *opened = opendir(folder);
    struct dirent *entry = NULL;
    size_t best = SIZE_MAX;
    nearest[0] = '\0';
    for (int i = 0; opened && i < FILES_MAX && (entry = readdir(opened)) != NULL; i++) {
        char name[256];
        size_t stem = strlen(entry->d_name) - strlen(SUFFIX);
        if (strlen(entry->d_name) <= strlen(SUFFIX) || strcmp(entry->d_name + stem, SUFFIX) != 0) {
            continue;
        }
        (void)snprintf(name, sizeof name, "%.*s", (int)stem, entry->d_name);
        const char *names[] = {name};
        size_t distance = kf_text_distance(name, id);
        bool better = distance < best || (distance == best && strcmp(name, nearest) < 0);
        if (kf_findings_suggest(id, names, 1) && better) {
            best = distance;
            (void)snprintf(nearest, size, "%s", name);
        }
    }
    if (opened) {
        (void)closedir(opened);
    }
}

static void fault_absent(struct kf_yaml_node node, const char *folder, struct kf_findings *findings)
{
    char nearest[256];
    char inside[PATH_BYTES_MAX];
    char remedy[KF_REMEDY_BYTES] = "name an edition whose file lies in the same folder";
    nearest_file(kf_yaml_file(node), kf_yaml_scalar(node), nearest, sizeof nearest);
    if (folder && !nearest[0]) {
        (void)snprintf(inside, sizeof inside, "%s/", folder);
        nearest_file(inside, kf_yaml_scalar(node), nearest, sizeof nearest);
        (void)snprintf(remedy, sizeof remedy, "name an edition whose file lies in one of them");
    }
    if (nearest[0]) {
        (void)snprintf(remedy, sizeof remedy, "did you mean %s?", nearest);
    }
    if (folder) {
        int length = folder_length(kf_yaml_file(node));
        kf_yaml_fault_format(node, findings, "extends", remedy,
                             "there is no such edition, neither in %.*s nor in %s",
                             length > 0 ? length : 2, length > 0 ? kf_yaml_file(node) : "./",
                             folder);
    } else {
        kf_yaml_fault(node, findings, "extends", remedy, "there is no such edition in the folder");
    }
}

/* The file of the edition that `node` names: beside the file it is named in, else in `folder`. */
static bool find_file(struct kf_yaml_node node, const char *folder, char *path)
{
    char inside[PATH_BYTES_MAX];
    const char *id = kf_yaml_scalar(node);
    if (path_of(kf_yaml_file(node), id, path) && exists(path)) {
        return true;
    }
    int written = folder ? snprintf(inside, sizeof inside, "%s/", folder) : 0;
    return written > 0 && written < PATH_BYTES_MAX && path_of(inside, id, path) && exists(path);
}

/* --- the chain ------------------------------------------------------------------------------- */

/* True when the file is in the chain already. */
static bool is_circle(const struct kf_edition_chain *chain, const char *path)
{
    for (size_t i = 0; i < chain->count; i++) {
        if (strcmp(kf_yaml_file(kf_yaml_root(chain->own[i])), path) == 0) {
            return true;
        }
    }
    return false;
}

static enum kf_err refuse(struct kf_yaml_node node, struct kf_error *err)
{
    return kf_error_set(err, KF_ERR_CONFIG, "%s cannot be read with what it extends",
                        kf_yaml_file(node));
}

/* The path of what the last document of the chain extends; "" when it extends nothing. */
static enum kf_err next_path(const struct kf_edition_chain *chain, const char *folder, char *path,
                             struct kf_findings *findings, struct kf_error *err)
{
    struct kf_yaml_node root = kf_yaml_root(chain->own[chain->count - 1]);
    struct kf_yaml_node extends = kf_yaml_get(root, "extends");
    const char *id = NULL;
    path[0] = '\0';
    if (!kf_yaml_exists(extends)) {
        return KF_OK;
    }
    if (!kf_yaml_get_id(root, "extends", true, &id, findings)) {
        return refuse(root, err);
    }
    if (!find_file(extends, folder, path)) {
        fault_absent(extends, folder, findings);
        return refuse(root, err);
    }
    if (is_circle(chain, path)) {
        kf_yaml_fault(extends, findings, "extends", "let one of them extend nothing",
                      "the editions extend each other in a circle");
        return refuse(root, err);
    }
    if (chain->count > KF_EXTENDS_LEVELS_MAX) {
        kf_yaml_fault_format(extends, findings, "extends", "extend an edition further down",
                             "more than %d editions stand on top of each other",
                             KF_EXTENDS_LEVELS_MAX);
        return refuse(root, err);
    }
    return KF_OK;
}

static enum kf_err add_file(const char *path, struct kf_edition_chain *chain,
                            struct kf_findings *findings, struct kf_error *err)
{
    size_t next = chain->count;
    enum kf_err code = kf_yaml_read(path, KF_EDITION_BYTES_MAX, &chain->own[next],
                                    chain->digests[next], findings, err);
    chain->count += code == KF_OK;
    return code;
}

/* From the last base to the edition itself, each laid over what comes before. */
static enum kf_err merge_all(struct kf_edition_chain *chain, struct kf_findings *findings,
                             struct kf_error *err)
{
    for (size_t i = chain->count - 1; i-- > 0;) {
        const struct kf_yaml *base =
            chain->merged[i + 1] ? chain->merged[i + 1] : chain->own[i + 1];
        enum kf_err code = kf_yaml_merge(base, chain->own[i], &chain->merged[i], findings, err);
        if (code != KF_OK) {
            return code;
        }
    }
    return KF_OK;
}

enum kf_err kf_edition_chain_read(const char *path, const char *folder,
                                  struct kf_edition_chain *chain, struct kf_findings *findings,
                                  struct kf_error *err)
{
    *chain = (struct kf_edition_chain){.count = 0};
    char next[PATH_BYTES_MAX];
    enum kf_err code = add_file(path, chain, findings, err);
    while (code == KF_OK) {
        code = next_path(chain, folder, next, findings, err);
        if (code != KF_OK || !next[0]) {
            break;
        }
        code = add_file(next, chain, findings, err);
    }
    return code == KF_OK ? merge_all(chain, findings, err) : code;
}

struct kf_yaml_node kf_edition_chain_root(const struct kf_edition_chain *self)
{
    return kf_yaml_root(self->merged[0] ? self->merged[0] : self->own[0]);
}

void kf_edition_chain_digest(const struct kf_edition_chain *self,
                             char digest[KF_EDITION_DIGEST_SIZE])
{
    memcpy(digest, self->digests[self->count - 1], KF_EDITION_DIGEST_SIZE);
    for (size_t i = self->count - 1; i-- > 0;) {
        char both[2 * KF_EDITION_DIGEST_SIZE];
        int length = snprintf(both, sizeof both, "%s%s", self->digests[i], digest);
        kf_digest_of(both, (size_t)length, digest);
    }
}

void kf_edition_chain_clear(struct kf_edition_chain *self)
{
    for (size_t i = 0; i < sizeof self->own / sizeof self->own[0]; i++) {
        kf_yaml_destroy(&self->merged[i]);
        kf_yaml_destroy(&self->own[i]);
    }
}
