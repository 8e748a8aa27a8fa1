/* Internal to catalogue.c: which files a catalogue is made of.
 *
 * Those of the folder, and files given besides. A file given may lie in the folder: then it is that
 * one. One that lies elsewhere and has the id of a file in the folder takes its place, and with it
 * come the files that it extends elsewhere. Fill in arena, folder, given, findings and err, then
 * call kf_catalogue_sources_find.
 */
#ifndef KF_MODEL_CATALOGUE_SOURCES_H
#define KF_MODEL_CATALOGUE_SOURCES_H

#include <stdbool.h>
#include <stddef.h>

#include "common/model/catalogue.h"

#define KF_VARIABLES_FILE "variables.yaml"
#define KF_EDITION_SUFFIX ".yaml"

struct kf_catalogue_sources {
    struct kf_arena *arena;
    const char *folder;
    const struct kf_catalogue_files *given;
    struct kf_findings *findings;
    struct kf_error *err;
    const char **files; /* names of the folder's editions, ascending */
    size_t files_len;
    const char **given_paths; /* [given_len]: a path of the folder; else as given, or as given
                                 before */
    const char **outside;     /* files that lie elsewhere: given, or extended by those */
    size_t outside_len;
    bool brings_variables; /* one of them lists variables */
};

/* Finds them. A folder that cannot be opened, or holds too many, is a finding and KF_ERR_CONFIG;
 * faults of a file given are left to who reads it. KF_ERR_MEMORY. */
enum kf_err kf_catalogue_sources_find(struct kf_catalogue_sources *self);

/* The path of a file of the folder; NULL when there is no memory. */
const char *kf_catalogue_sources_path(const struct kf_catalogue_sources *self, const char *name);

/* The files whose variables are one register. KF_ERR_MEMORY. */
enum kf_err kf_catalogue_sources_variables(const struct kf_catalogue_sources *self,
                                           struct kf_variable_files *files);

#endif
