#include "common/service/gzip.h"

#include <limits.h>
#include <stdint.h>
#include <zlib.h>

#include "common/base/memory.h"

#define PIECE_BYTES   16384
#define GZIP_WINDOW   (15 + 16) /* zlib's way of saying: the widest window, a gzip header */
#define MEMORY_LEVEL  8
#define ITEM_SIZE_MAX ((uInt)1 << 20)

static void *take(void *context, uInt count, uInt size)
{
    (void)context;
    return size > ITEM_SIZE_MAX ? NULL : kf_calloc(count, size);
}

static void give_back(void *context, void *address)
{
    (void)context;
    kf_free(address);
}

/* Runs the stream to its end, a piece at a time. */
static void deflate_all(z_stream *stream, struct kf_text *packed)
{
    unsigned char piece[PIECE_BYTES];
    int state = Z_OK;
    while (state == Z_OK && !packed->failed) {
        stream->next_out = piece;
        stream->avail_out = sizeof piece;
        state = deflate(stream, Z_FINISH);
        kf_text_add_bytes(packed, piece, sizeof piece - stream->avail_out);
    }
    packed->failed = packed->failed || state != Z_STREAM_END;
}

enum kf_err kf_gzip(const void *bytes, size_t length, enum kf_gzip_effort effort,
                    struct kf_text *packed, struct kf_error *err)
{
    z_stream stream = {.zalloc = take, .zfree = give_back};
    kf_text_reset(packed);
    if (length > UINT_MAX || deflateInit2(&stream, (int)effort, Z_DEFLATED, GZIP_WINDOW,
                                          MEMORY_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK) {
        return kf_error_set(err, length > UINT_MAX ? KF_ERR_LIMIT : KF_ERR_MEMORY,
                            "%zu bytes cannot be compressed", length);
    }
    stream.next_in = (unsigned char *)(uintptr_t)bytes; /* zlib reads it only */
    stream.avail_in = (uInt)length;
    deflate_all(&stream, packed);
    (void)deflateEnd(&stream);
    if (packed->failed) {
        kf_text_reset(packed);
        return kf_error_set(err, KF_ERR_LIMIT, "no room for %zu bytes compressed", length);
    }
    return KF_OK;
}
