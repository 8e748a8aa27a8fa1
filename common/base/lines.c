#include "common/base/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/memory.h"

#define READ_BYTES ((size_t)64 * 1024)

struct kf_lines {
    struct kf_lines_options options;
    int file;
    char *buffer; /* line_bytes_max + READ_BYTES */
    size_t start; /* first unread byte */
    size_t end;   /* behind the last byte */
    uint64_t bytes;
    uint64_t number;
    bool ended;
    struct kf_error failure; /* what every further call repeats */
};

static enum kf_err open_regular(const char *path, int *file, struct kf_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        return kf_error_set_errno(err, KF_ERR_IO, errno, "%s: cannot be opened", path);
    }
    struct stat about = {0};
    if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode)) {
        (void)close(fd);
        return kf_error_set(err, KF_ERR_DATA, "%s: is %s", path,
                            S_ISDIR(about.st_mode) ? "a folder; give the files in it"
                                                   : "not a regular file");
    }
    *file = fd;
    return KF_OK;
}

enum kf_err kf_lines_open(const char *path, const struct kf_lines_options *options,
                          struct kf_lines **lines, struct kf_error *err)
{
    int file = -1;
    enum kf_err code = open_regular(path, &file, err);
    if (code != KF_OK) {
        return code;
    }
    struct kf_lines *self = kf_calloc(1, sizeof *self);
    bool sane = options->line_bytes_max <= SIZE_MAX / 2;
    char *buffer = sane ? kf_malloc(options->line_bytes_max + READ_BYTES) : NULL;
    if (!self || !buffer) {
        kf_free(self);
        kf_free(buffer);
        (void)close(file);
        return kf_error_set(err, KF_ERR_MEMORY, "no memory to read %s", path);
    }
    *self = (struct kf_lines){.options = *options, .file = file, .buffer = buffer};
    *lines = self;
    return KF_OK;
}

static enum kf_err fill(struct kf_lines *self, struct kf_error *err)
{
    size_t kept = self->end - self->start;
    memmove(self->buffer, self->buffer + self->start, kept);
    self->start = 0;
    self->end = kept;
    ssize_t got = 0;
    do {
        got = read(self->file, self->buffer + kept, READ_BYTES);
    } while (got < 0 && errno == EINTR);
    if (got < 0) {
        return kf_error_set_errno(err, KF_ERR_IO, errno, "reading fails behind line %llu",
                                  (unsigned long long)self->number);
    }
    self->ended = got == 0;
    self->end += (size_t)got;
    self->bytes += (uint64_t)got;
    if (self->bytes > self->options.file_bytes_max) {
        return kf_error_set(err, KF_ERR_LIMIT, "the file is larger than the limit of %llu bytes",
                            (unsigned long long)self->options.file_bytes_max);
    }
    if (self->options.tap && got > 0) {
        self->options.tap(self->options.tap_context, self->buffer + kept, (size_t)got);
    }
    return KF_OK;
}

static enum kf_err take(struct kf_lines *self, size_t length, size_t skipped, const char **line,
                        size_t *line_length)
{
    *line = self->buffer + self->start;
    self->start += length + skipped;
    self->number++;
    if (length > 0 && (*line)[length - 1] == '\r') {
        length--;
    }
    *line_length = length;
    return KF_OK;
}

static enum kf_err find_line(struct kf_lines *self, const char **line, size_t *length,
                             struct kf_error *err)
{
    size_t searched = 0;
    for (;;) {
        const char *first = self->buffer + self->start;
        size_t there = self->end - self->start;
        const char *end = memchr(first + searched, '\n', there - searched);
        size_t line_bytes = end ? (size_t)(end - first) : there;
        if (line_bytes > self->options.line_bytes_max) {
            return kf_error_set(err, KF_ERR_LIMIT,
                                "line %llu is longer than the limit of %zu bytes",
                                (unsigned long long)self->number + 1, self->options.line_bytes_max);
        }
        if (end) {
            return take(self, line_bytes, 1, line, length);
        }
        if (self->ended) {
            return there > 0 ? take(self, there, 0, line, length) : KF_ERR_AGAIN;
        }
        searched = there;
        enum kf_err code = fill(self, err);
        if (code != KF_OK) {
            return code;
        }
    }
}

enum kf_err kf_lines_next(struct kf_lines *self, const char **line, size_t *length,
                          struct kf_error *err)
{
    enum kf_err code = self->failure.code;
    if (code == KF_OK) {
        code = find_line(self, line, length, &self->failure);
    }
    if (self->failure.code != KF_OK && err) {
        *err = self->failure;
    }
    return code;
}

uint64_t kf_lines_number(const struct kf_lines *self)
{
    return self->number;
}

uint64_t kf_lines_bytes(const struct kf_lines *self)
{
    return self->bytes;
}

void kf_lines_destroy(struct kf_lines **self)
{
    if (!self || !*self) {
        return;
    }
    (void)close((*self)->file);
    kf_free((*self)->buffer);
    kf_free(*self);
    *self = NULL;
}
