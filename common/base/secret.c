#include "common/base/secret.h"

#include <unistd.h>

bool kf_secret_is_ours(const struct stat *info)
{
    return info->st_uid == geteuid() || info->st_uid == 0;
}

bool kf_secret_is_open(const struct stat *info)
{
    return (info->st_mode & (info->st_uid == geteuid() ? 077 : 027)) != 0;
}

ssize_t kf_secret_read(int descriptor, char *text, size_t bytes_max)
{
    size_t length = 0;
    ssize_t got = 1;
    while (got > 0 && length <= bytes_max) {
        got = read(descriptor, text + length, bytes_max + 1 - length);
        length += got > 0 ? (size_t)got : 0;
    }
    return got < 0 ? -1 : (ssize_t)length;
}

/* Through a volatile pointer, so that it is not optimised away. */
void kf_wipe(void *bytes, size_t length)
{
    volatile unsigned char *at = bytes;
    while (length-- > 0) {
        *at++ = 0;
    }
}
