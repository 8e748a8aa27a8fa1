/* What a file was: the digest of its bytes and how many they are. Kept with every release, so that
 * a published figure can be traced to the very file it came from.
 */
#ifndef KF_INGEST_SOURCE_DIGEST_H
#define KF_INGEST_SOURCE_DIGEST_H

#include <stdint.h>

#include "common/base/error.h"
#include "common/model/digest.h"

struct kf_source_digest {
    char digest[KF_DIGEST_SIZE]; /* XXH3-128 of the bytes */
    uint64_t bytes;
    uint64_t blank; /* lines of a form that nobody has filled in; not part of what is kept */
};

/* Digests the regular file at `path`: all of it, or the first `bytes_max` bytes of a larger one
 * (`bytes` is then still the size of the whole file). For files that could not be read as
 * observations; the CSV reader digests on the way. KF_ERR_DATA when it is no regular file. */
enum kf_err kf_source_digest_file(const char *path, uint64_t bytes_max,
                                  struct kf_source_digest *source, struct kf_error *err);

#endif
