/* Where kf finds the editions folder, and how it reads it. */
#ifndef KF_TOOLS_FOLDER_H
#define KF_TOOLS_FOLDER_H

#include <stdbool.h>
#include <stdio.h>

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/base/text.h"
#include "common/model/catalogue.h"
#include "services/ingest/source/table_map.h"

/* The folder named by `given` (an option, may be NULL), else by $KF_EDITIONS, else ./editions, else
 * the one installed beside the program (../share/kostraflow/editions), else the one of the source
 * tree the program was built in. KF_ERR_CONFIG when there is none; the text lists where it was
 * looked for. */
enum kf_err kf_folder_find(const char *given, struct kf_text *path, struct kf_error *err);

/* Appends the folder that holds this program and `behind`; nothing when it cannot be known. */
void kf_folder_beside(const char *behind, struct kf_text *path);

/* The earlier name of the file number `i`, when it is one of those before it (the same file, by
 * whatever name), or NULL. */
const char *kf_folder_given_before(const char *const *files, size_t i);

/* Reads the folder and prints all faults on standard error. Returns NULL after a failure, having
 * said why. The caller destroys the catalogue. */
struct kf_catalogue *kf_folder_read(const char *given);

/* The same with the editions of the files (see kf_catalogue_read_with). */
struct kf_catalogue *kf_folder_read_with(const char *given, const char *const *files,
                                         size_t files_len);

/* Reads the maps of tables of the folder that a catalogue was read from; likewise. */
struct kf_table_maps *kf_folder_read_maps(const char *given, const struct kf_catalogue *catalogue);

/* True when the text names a file of an edition, not an edition by its id: it ends in .yaml or
 * .yml. */
bool kf_folder_is_edition_file(const char *text);

/* Prints findings, one a line, each behind `before` when that is not NULL. */
void kf_folder_print(FILE *out, const char *before, const struct kf_findings *findings);

/* A list of findings on the heap, or NULL. Free with kf_folder_findings_destroy. */
struct kf_findings *kf_folder_findings_new(void);
void kf_folder_findings_destroy(struct kf_findings **findings);

#endif
