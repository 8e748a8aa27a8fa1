#include "services/ingest/source_digest.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/memory.h"

#define PIECE_BYTES ((size_t)64 * 1024)

static enum kf_err add_file(int file, uint64_t bytes_max, char *piece, struct kf_digest *digest,
                            struct kf_error *err)
{
    uint64_t left = bytes_max;
    while (left > 0) {
        size_t want = left < PIECE_BYTES ? (size_t)left : PIECE_BYTES;
        ssize_t got = read(file, piece, want);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return kf_error_set_errno(err, KF_ERR_IO, errno, "reading fails");
        }
        if (got == 0) {
            break;
        }
        kf_digest_add(digest, piece, (size_t)got);
        left -= (uint64_t)got;
    }
    return KF_OK;
}

enum kf_err kf_source_digest_file(const char *path, uint64_t bytes_max,
                                  struct kf_source_digest *source, struct kf_error *err)
{
    struct kf_digest *digest = NULL;
    char *piece = NULL;
    enum kf_err code = KF_OK;
    struct stat about;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
    if (file < 0) {
        return kf_error_set_errno(err, KF_ERR_IO, errno, "%s: cannot be opened", path);
    }
    if (fstat(file, &about) != 0 || !S_ISREG(about.st_mode)) {
        code = kf_error_set(err, KF_ERR_DATA, "%s: is not a regular file", path);
        goto out;
    }
    digest = kf_digest_new();
    piece = kf_malloc(PIECE_BYTES);
    if (!digest || !piece) {
        code = kf_error_set(err, KF_ERR_MEMORY, "no memory to digest %s", path);
        goto out;
    }
    code = add_file(file, bytes_max, piece, digest, err);
    if (code == KF_OK) {
        kf_digest_print(digest, source->digest);
        source->bytes = (uint64_t)about.st_size;
    }
out:
    kf_digest_destroy(&digest);
    kf_free(piece);
    (void)close(file);
    return code;
}
