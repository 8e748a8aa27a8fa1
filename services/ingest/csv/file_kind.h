/* What a file is that is no CSV, by its first bytes: a workbook, a page, a PDF. For findings that
 * say how to get from there to one. Pure, but for the last.
 */
#ifndef KF_INGEST_FILE_KIND_H
#define KF_INGEST_FILE_KIND_H

#include <stdbool.h>
#include <stddef.h>

/* As many bytes as are looked at. */
#define KF_FILE_KIND_BYTES 64

struct kf_file_kind {
    const char *problem;
    const char *remedy;
};

/* True when the first `length` bytes of a file show that it cannot be CSV; `kind` is then filled.
 */
bool kf_file_kind_of(const char *bytes, size_t length, struct kf_file_kind *kind);

/* The same of the file at `path`; false also when it cannot be read. */
bool kf_file_kind_read(const char *path, struct kf_file_kind *kind);

#endif
