#include "services/ingest/inbox/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "common/base/crash.h"

#define FOLDER_MODE 0700
#define FILE_MODE   0600
#define WORK_NAME   ".writing.tmp"

enum kf_err kf_disk_join(const char *folder, const char *name, char path[KF_DISK_PATH_MAX],
                         struct kf_error *err)
{
    int length = snprintf(path, KF_DISK_PATH_MAX, "%s/%s", folder, name);
    if (length < 0 || length >= KF_DISK_PATH_MAX) {
        return kf_error_set(err, KF_ERR_CONFIG, "the path of %.64s is longer than %d bytes", name,
                            KF_DISK_PATH_MAX - 1);
    }
    return KF_OK;
}

static enum kf_err make_one(const char *path, struct kf_error *err)
{
    struct stat about;
    if (mkdir(path, FOLDER_MODE) == 0) {
        return KF_OK;
    }
    int reason = errno;
    if (reason == EEXIST && stat(path, &about) == 0) {
        return S_ISDIR(about.st_mode)
                   ? KF_OK
                   : kf_error_set(err, KF_ERR_CONFIG, "%s: is not a folder", path);
    }
    return kf_error_set_errno(err, KF_ERR_CONFIG, reason, "%s: cannot be made", path);
}

enum kf_err kf_disk_make_folder(const char *path, struct kf_error *err)
{
    char part[KF_DISK_PATH_MAX];
    size_t length = strlen(path);
    if (length == 0 || length >= sizeof part) {
        return kf_error_set(err, KF_ERR_CONFIG, "a folder's path has 1 to %zu bytes, not %zu",
                            sizeof part - 1, length);
    }
    memcpy(part, path, length + 1);
    for (size_t i = 1; i < length; i++) {
        if (part[i] != '/') {
            continue;
        }
        part[i] = '\0';
        enum kf_err code = make_one(part, err);
        if (code != KF_OK) {
            return code;
        }
        part[i] = '/';
    }
    return make_one(part, err);
}

static enum kf_err write_all(int file, const char *path, const char *bytes, size_t length,
                             struct kf_error *err)
{
    size_t written = 0;
    while (written < length) {
        ssize_t step = write(file, bytes + written, length - written);
        if (step < 0 && errno == EINTR) {
            continue;
        }
        if (step < 0) {
            return kf_error_set_errno(err, KF_ERR_IO, errno, "%s: cannot be written", path);
        }
        written += (size_t)step;
    }
    if (fsync(file) != 0) {
        return kf_error_set_errno(err, KF_ERR_IO, errno, "%s: cannot be made durable", path);
    }
    return KF_OK;
}

enum kf_err kf_disk_write_file(const char *folder, const char *name, const char *bytes,
                               size_t length, struct kf_error *err)
{
    char path[KF_DISK_PATH_MAX];
    char work[KF_DISK_PATH_MAX];
    enum kf_err code = kf_disk_join(folder, name, path, err);
    if (code == KF_OK) {
        code = kf_disk_join(folder, WORK_NAME, work, err);
    }
    if (code != KF_OK) {
        return code;
    }
    int file = open(work, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, FILE_MODE);
    if (file < 0) {
        return kf_error_set_errno(err, KF_ERR_IO, errno, "%s: cannot be written", work);
    }
    code = write_all(file, path, bytes, length, err);
    (void)close(file);
    KF_CRASH_POINT("ingest.reporting");
    if (code == KF_OK && rename(work, path) != 0) {
        code = kf_error_set_errno(err, KF_ERR_IO, errno, "%s: cannot be named so", path);
    }
    if (code != KF_OK) {
        (void)unlink(work);
    }
    return code;
}

uint64_t kf_disk_free_bytes(const char *path)
{
    struct statvfs about;
    return statvfs(path, &about) == 0 ? (uint64_t)about.f_bavail * about.f_frsize : 0;
}
