/* The editions folder: its registers and every edition, and editions of files elsewhere that are to
 * be computed as if they lay in it.
 *
 * Variables are one register for all: those of variables.yaml and those that editions bring along
 * under `variables`. Whoever reads figures reads them against that register.
 */
#ifndef KF_MODEL_CATALOGUE_H
#define KF_MODEL_CATALOGUE_H

#include <stddef.h>

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/model/edition.h"

/* The registers and every edition of a folder. */
struct kf_catalogue {
    struct kf_arena *arena;
    struct kf_municipalities *municipalities;
    struct kf_structure *structure; /* NULL when the folder has no municipality_changes.csv */
    struct kf_kostra_groups *kostra_groups; /* NULL when the folder has no kostra_groups.csv */
    struct kf_variables *variables;
    struct kf_accounts *accounts; /* NULL when the folder has no accounts/ */
    struct kf_edition **editions; /* ascending by id, given ones among them */
    size_t editions_len;
    const struct kf_edition **given; /* those of the files that were given, in their order */
    size_t given_len;
};

/* Reads `folder`: municipalities.csv, variables.yaml, municipality_changes.csv, kostra_groups.csv
 * and accounts/ where they are (without them no code change, no group and no concept of accounts is
 * known) and every other *.yaml as an edition; other folders in it and hidden files are left alone.
 * An edition's file is called after its id, and its codes must be valid in at least one of its
 * years. All faults of all files, absent files included, land in `findings`; the result is
 * KF_ERR_CONFIG when there is any. */
enum kf_err kf_catalogue_read(const char *folder, struct kf_catalogue **catalogue,
                              struct kf_findings *findings, struct kf_error *err);

/* A folder and files of editions that lie elsewhere, or in it. */
struct kf_catalogue_files {
    const char *folder;
    const char *const *given;
    size_t given_len;
};

/* The same with the editions of the files given: they may be called anything, and what they extend
 * is looked for beside them and then in the folder. One with the id of an edition of the folder
 * takes its place, with its variables. Variables of what they extend beside them are in the
 * register, too. */
enum kf_err kf_catalogue_read_with(const struct kf_catalogue_files *files,
                                   struct kf_catalogue **catalogue, struct kf_findings *findings,
                                   struct kf_error *err);

/* The register of variables as kf_catalogue_read_with makes it, without reading the editions;
 * accounts of its variables are checked against those of `catalogue`, which was read from the
 * folder. NULL in `variables` when no file given brings any along: then the catalogue's holds. The
 * caller destroys it. */
enum kf_err kf_catalogue_variables_with(const struct kf_catalogue *catalogue,
                                        const struct kf_catalogue_files *files,
                                        struct kf_variables **variables,
                                        struct kf_findings *findings, struct kf_error *err);

/* Frees the catalogue with all that was read; NULL is fine, the pointer is nulled. */
void kf_catalogue_destroy(struct kf_catalogue **self);

/* The edition, or NULL. */
const struct kf_edition *kf_catalogue_find(const struct kf_catalogue *self, const char *id);

#endif
