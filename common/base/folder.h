/* Folders of the disk. */
#ifndef KF_BASE_FOLDER_H
#define KF_BASE_FOLDER_H

#include "common/base/error.h"

/* Makes what was created, renamed and removed in the folder durable. KF_ERR_IO. */
enum kf_err kf_folder_sync(const char *path, struct kf_error *err);

#endif
