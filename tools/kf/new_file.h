/* A file that is there whole or not at all: it is written beside its place under another name,
 * and takes the place of what was there when all of it is on the disk.
 *
 *     code = kf_new_file_begin(&file, "report.html", &err);
 *     … write to file.descriptor …
 *     code = kf_new_file_finish(&file, &err);        or kf_new_file_abandon(&file)
 */
#ifndef KF_TOOLS_NEW_FILE_H
#define KF_TOOLS_NEW_FILE_H

#include <stddef.h>

#include "common/base/error.h"
#include "common/base/text.h"

struct kf_new_file {
    int descriptor;        /* to write to; -1: none is open */
    struct kf_text path;   /* its place */
    struct kf_text beside; /* where it is until then */
};

/* Makes an empty file beside `path`, readable as the user's mask allows. KF_ERR_IO when it cannot
 * be made, KF_ERR_CONFIG when `path` is a folder. */
enum kf_err kf_new_file_begin(struct kf_new_file *self, const char *path, struct kf_error *err);

/* Writes all of it. KF_ERR_IO names the file. */
enum kf_err kf_new_file_write(struct kf_new_file *self, const char *bytes, size_t length,
                              struct kf_error *err);

/* Puts it into its place; `bytes` is its size. On failure, too, nothing of it is left and the place
 * is as it was. */
enum kf_err kf_new_file_finish(struct kf_new_file *self, size_t *bytes, struct kf_error *err);

/* Removes what was written; after finish, or where none was begun ({.descriptor = -1}), nothing. */
void kf_new_file_abandon(struct kf_new_file *self);

#endif
