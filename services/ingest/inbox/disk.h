/* Folders on disk, durably: made, written to and renamed so that a power cut leaves either the old
 * state or the new one.
 */
#ifndef KF_INGEST_DISK_H
#define KF_INGEST_DISK_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"

/* Room for any path here, with its NUL. Longer ones are KF_ERR_CONFIG. */
#define KF_DISK_PATH_MAX 4096

/* Makes the folder and those above it (mode 0700), as far as they are missing. */
enum kf_err kf_disk_make_folder(const char *path, struct kf_error *err);

/* Writes FOLDER/NAME. */
enum kf_err kf_disk_join(const char *folder, const char *name, char path[KF_DISK_PATH_MAX],
                         struct kf_error *err);

/* Writes a whole file `name` in `folder`, replacing an earlier one in one step. */
enum kf_err kf_disk_write_file(const char *folder, const char *name, const char *bytes,
                               size_t length, struct kf_error *err);

/* How many bytes this user may still write where the folder is; 0 when that cannot be told. */
uint64_t kf_disk_free_bytes(const char *path);

#endif
