#include "common/base/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum kf_err kf_folder_sync(const char *path, struct kf_error *err)
{
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) {
        return kf_error_set_errno(err, KF_ERR_IO, errno, "%s: cannot be opened", path);
    }
    enum kf_err code = KF_OK;
    if (fsync(folder) != 0) {
        code = kf_error_set_errno(err, KF_ERR_IO, errno, "%s: cannot be made durable", path);
    }
    (void)close(folder);
    return code;
}
