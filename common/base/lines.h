/* Reads a file line by line with a limit on the length of a line and of the file, so that no input
 * can take all memory. */
#ifndef KF_BASE_LINES_H
#define KF_BASE_LINES_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"

struct kf_lines;

/* Called with every piece of the file as it is read, e.g. to digest it. */
typedef void kf_lines_tap(void *context, const void *bytes, size_t length);

struct kf_lines_options {
    size_t line_bytes_max;
    uint64_t file_bytes_max;
    kf_lines_tap *tap; /* may be NULL */
    void *tap_context;
};

/* Opens `path`. KF_ERR_IO when it cannot be opened, KF_ERR_DATA when it is not a regular file,
 * KF_ERR_MEMORY when there is no room for a line. Options are copied. */
enum kf_err kf_lines_open(const char *path, const struct kf_lines_options *options,
                          struct kf_lines **lines, struct kf_error *err);

/* The next line without its end (\n or \r\n); the last line may lack one. `line` is valid until the
 * next call. KF_ERR_AGAIN at the end of the file; KF_ERR_LIMIT when a line or the file is too long
 * (the text names line and limit; a \r counts); KF_ERR_IO when reading fails. After a failure every
 * further call fails in the same way. */
enum kf_err kf_lines_next(struct kf_lines *self, const char **line, size_t *length,
                          struct kf_error *err);

/* Number of the line last returned, from 1. */
uint64_t kf_lines_number(const struct kf_lines *self);

/* Bytes read so far. */
uint64_t kf_lines_bytes(const struct kf_lines *self);

/* Closes the file; NULL is fine, the pointer is nulled. */
void kf_lines_destroy(struct kf_lines **self);

#endif
