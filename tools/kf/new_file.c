#include "tools/kf/new_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_BYTES_MAX 4096

static mode_t usual_mode(void)
{
    mode_t mask = umask(0);
    (void)umask(mask);
    return 0666 & ~mask;
}

/* "FOLDER/.NAME.XXXXXX": hidden, and on the same disk as its place. */
static void name_beside(const char *path, struct kf_text *beside)
{
    const char *name = kf_text_file_name(path);
    kf_text_add_bytes(beside, path, (size_t)(name - path));
    kf_text_add_char(beside, '.');
    kf_text_add(beside, name);
    kf_text_add(beside, ".XXXXXX");
}

enum kf_err kf_new_file_begin(struct kf_new_file *self, const char *path, struct kf_error *err)
{
    struct stat about;
    *self = (struct kf_new_file){.descriptor = -1};
    kf_text_init(&self->path, PATH_BYTES_MAX);
    kf_text_init(&self->beside, PATH_BYTES_MAX);
    if (stat(path, &about) == 0 && S_ISDIR(about.st_mode)) {
        return kf_error_set(err, KF_ERR_CONFIG, "%s is a folder", path);
    }
    kf_text_add(&self->path, path);
    name_beside(path, &self->beside);
    if (self->path.failed || self->beside.failed) {
        kf_new_file_abandon(self);
        return kf_error_set(err, KF_ERR_IO, "the path %.64s… is too long", path);
    }
    self->descriptor = mkstemp(self->beside.bytes);
    if (self->descriptor < 0 || fchmod(self->descriptor, usual_mode()) != 0) {
        enum kf_err code = kf_error_set_errno(err, KF_ERR_IO, errno, "cannot write %s", path);
        kf_new_file_abandon(self);
        return code;
    }
    return KF_OK;
}

static enum kf_err cannot_write(const struct kf_new_file *self, struct kf_error *err)
{
    return kf_error_set_errno(err, KF_ERR_IO, errno, "cannot write %s", self->path.bytes);
}

enum kf_err kf_new_file_write(struct kf_new_file *self, const char *bytes, size_t length,
                              struct kf_error *err)
{
    while (length > 0) {
        ssize_t put = write(self->descriptor, bytes, length);
        if (put < 0 && errno != EINTR) {
            return cannot_write(self, err);
        }
        size_t written = put > 0 ? (size_t)put : 0;
        bytes += written;
        length -= written;
    }
    return KF_OK;
}

enum kf_err kf_new_file_finish(struct kf_new_file *self, size_t *bytes, struct kf_error *err)
{
    struct stat about;
    if (fstat(self->descriptor, &about) != 0 || fsync(self->descriptor) != 0 ||
        rename(self->beside.bytes, self->path.bytes) != 0) {
        enum kf_err code = cannot_write(self, err);
        kf_new_file_abandon(self);
        return code;
    }
    *bytes = (size_t)about.st_size;
    kf_text_reset(&self->beside); /* nothing is to be removed any more */
    kf_new_file_abandon(self);
    return KF_OK;
}

void kf_new_file_abandon(struct kf_new_file *self)
{
    if (self->descriptor >= 0) {
        (void)close(self->descriptor);
        self->descriptor = -1;
        if (self->beside.length > 0) {
            (void)unlink(self->beside.bytes);
        }
    }
    if (self->path.size_max > 0) { /* it was begun */
        kf_text_clear(&self->path);
        kf_text_clear(&self->beside);
    }
}
