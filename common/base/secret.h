/* What protects a secret: who may read the file that it lies in, and that no copy of it stays in
 * memory.
 */
#ifndef KF_BASE_SECRET_H
#define KF_BASE_SECRET_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

/* True for a file of this process's user, or of root. */
bool kf_secret_is_ours(const struct stat *info);

/* True for a file that others may read or write besides its user. Root's files may be read by the
 * group: that is how a container gets secrets. */
bool kf_secret_is_open(const struct stat *info);

/* Reads a file to its end into `text`, which has room for `bytes_max` + 1 bytes, and no copy
 * elsewhere. How many bytes, more than `bytes_max` for a file that is longer; -1 with errno. */
ssize_t kf_secret_read(int descriptor, char *text, size_t bytes_max);

/* Overwrites with zeros, in a way that is not optimised away. */
void kf_wipe(void *bytes, size_t length);

#endif
