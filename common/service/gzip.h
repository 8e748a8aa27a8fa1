/* Compression as HTTP clients take it. */
#ifndef KF_SERVICE_GZIP_H
#define KF_SERVICE_GZIP_H

#include <stddef.h>

#include "common/base/error.h"
#include "common/base/text.h"

enum kf_gzip_effort {
    KF_GZIP_QUICK = 4, /* for what is sent once */
    KF_GZIP_BEST = 9,  /* for what is kept */
};

/* Replaces what is in `packed` by the gzip of the bytes; the same bytes give the same gzip.
 * KF_ERR_MEMORY, KF_ERR_LIMIT when it does not fit; then `packed` is empty. */
enum kf_err kf_gzip(const void *bytes, size_t length, enum kf_gzip_effort effort,
                    struct kf_text *packed, struct kf_error *err);

#endif
