#include "common/service/instance.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_BYTES_MAX 4096

/* `run_dir` without slashes at its end, so that a link there is seen as one. */
static void add_trimmed(struct kf_text *path, const char *run_dir)
{
    size_t length = strlen(run_dir);
    while (length > 1 && run_dir[length - 1] == '/') {
        length--;
    }
    kf_text_add_bytes(path, run_dir, length);
}

static enum kf_err check_run_dir(const char *path, struct kf_error *err)
{
    struct stat about;
    if (lstat(path, &about) != 0) {
        return kf_error_set_errno(err, KF_ERR_CONFIG, errno, "run-dir %s", path);
    }
    if (!S_ISDIR(about.st_mode)) {
        return kf_error_set(err, KF_ERR_CONFIG, "run-dir %s is not a directory; name another",
                            path);
    }
    if (about.st_uid != geteuid()) {
        return kf_error_set(err, KF_ERR_CONFIG,
                            "run-dir %s belongs to user %lu, not to user %lu who runs this; name "
                            "another",
                            path, (unsigned long)about.st_uid, (unsigned long)geteuid());
    }
    if (about.st_mode & (S_IRWXG | S_IRWXO)) {
        return kf_error_set(err, KF_ERR_CONFIG,
                            "run-dir %s has mode %04o and is open to others; chmod 700 it", path,
                            (unsigned)(about.st_mode & 07777));
    }
    return KF_OK;
}

static enum kf_err make_run_dir(const char *path, struct kf_error *err)
{
    if (mkdir(path, S_IRWXU) != 0 && errno != EEXIST) {
        return kf_error_set_errno(err, KF_ERR_CONFIG, errno, "run-dir %s cannot be made", path);
    }
    return check_run_dir(path, err);
}

/* The process id that a lock file holds, "unknown" when it holds none. */
static void read_owner(int lock, char *owner, size_t size)
{
    ssize_t got = pread(lock, owner, size - 1, 0);
    owner[got > 0 ? got : 0] = '\0';
    owner[strspn(owner, "0123456789")] = '\0';
    if (!owner[0]) {
        (void)snprintf(owner, size, "unknown");
    }
}

static enum kf_err write_all(int file, const char *text, size_t length)
{
    while (length > 0) {
        ssize_t wrote = write(file, text, length);
        if (wrote < 0 && errno != EINTR) {
            return KF_ERR_IO;
        }
        if (wrote > 0) {
            text += wrote;
            length -= (size_t)wrote;
        }
    }
    return KF_OK;
}

static enum kf_err write_number(int file, unsigned long number)
{
    char text[32];
    int length = snprintf(text, sizeof text, "%lu\n", number);
    return write_all(file, text, (size_t)length);
}

static enum kf_err take_lock(const char *path, int *lock, struct kf_error *err)
{
    char owner[24];
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
    if (fd < 0) {
        return kf_error_set_errno(err, KF_ERR_CONFIG, errno, "%s cannot be opened", path);
    }
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        read_owner(fd, owner, sizeof owner);
        (void)close(fd);
        return kf_error_set(err, KF_ERR_CONFIG,
                            "this instance already runs as process %s (%s is locked); stop it, or "
                            "give another --instance or --run-dir",
                            owner, path);
    }
    if (ftruncate(fd, 0) != 0 || write_number(fd, (unsigned long)getpid()) != KF_OK) {
        int failed = errno;
        (void)close(fd);
        return kf_error_set_errno(err, KF_ERR_IO, failed, "%s cannot be written", path);
    }
    *lock = fd;
    return KF_OK;
}

static enum kf_err open_in(struct kf_instance *self, struct kf_text *path, const char *stem,
                           struct kf_error *err)
{
    enum kf_err code = make_run_dir(path->bytes, err);
    if (code != KF_OK) {
        return code;
    }
    kf_text_add_format(&self->port_path, "%s/%s.http", path->bytes, stem);
    kf_text_add_format(path, "/%s.lock", stem);
    const struct kf_text *failed = path->failed ? path : &self->port_path;
    if (failed->failed) {
        return kf_text_error(failed, err, KF_ERR_CONFIG, "run-dir is longer than %d bytes",
                             PATH_BYTES_MAX);
    }
    code = take_lock(path->bytes, &self->lock, err);
    if (code == KF_OK) {
        (void)unlink(self->port_path.bytes); /* left by an instance that was killed */
    }
    return code;
}

enum kf_err kf_instance_open(struct kf_instance *self, const char *run_dir, const char *service,
                             uint32_t number, struct kf_error *err)
{
    self->lock = -1;
    kf_text_init(&self->port_path, PATH_BYTES_MAX);
    char stem[96];
    (void)snprintf(stem, sizeof stem, "%s-%lu", service, (unsigned long)number);
    struct kf_text path;
    kf_text_init(&path, PATH_BYTES_MAX);
    add_trimmed(&path, run_dir);
    enum kf_err code = path.failed ? kf_text_error(&path, err, KF_ERR_CONFIG, "run-dir is too long")
                                   : open_in(self, &path, stem, err);
    kf_text_clear(&path);
    if (code != KF_OK) {
        kf_text_clear(&self->port_path);
    }
    return code;
}

static enum kf_err write_beside(const struct kf_instance *self, const char *beside, uint16_t port,
                                struct kf_error *err)
{
    int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
    enum kf_err code = fd < 0 ? KF_ERR_IO : write_number(fd, port);
    if (fd >= 0 && close(fd) != 0) {
        code = KF_ERR_IO;
    }
    if (code == KF_OK && rename(beside, self->port_path.bytes) != 0) {
        code = KF_ERR_IO;
    }
    return code == KF_OK ? KF_OK
                         : kf_error_set_errno(err, code, errno, "%s cannot be written",
                                              self->port_path.bytes);
}

enum kf_err kf_instance_write_port(struct kf_instance *self, uint16_t port, struct kf_error *err)
{
    struct kf_text beside;
    kf_text_init(&beside, PATH_BYTES_MAX);
    kf_text_add_format(&beside, "%s.new", self->port_path.bytes);
    enum kf_err code = beside.failed
                           ? kf_text_error(&beside, err, KF_ERR_CONFIG, "run-dir is too long")
                           : write_beside(self, beside.bytes, port, err);
    kf_text_clear(&beside);
    return code;
}

void kf_instance_close(struct kf_instance *self)
{
    if (self->lock >= 0) {
        (void)unlink(self->port_path.bytes);
        (void)close(self->lock); /* the lock file stays: removing it would race with a newcomer */
        self->lock = -1;
    }
    kf_text_clear(&self->port_path);
}
