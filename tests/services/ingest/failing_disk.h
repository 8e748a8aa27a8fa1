/* A disk that fails on demand: SQLite's usual one, whose n-th write from now on is refused as by a
 * full disk, and all after it, until it is mended. */
#ifndef KF_TESTS_FAILING_DISK_H
#define KF_TESTS_FAILING_DISK_H

#include <stdint.h>

/* Makes it the disk of every database opened from now on. */
void failing_disk_insert(void);

/* Lets `writes` further writes succeed; -1: all. */
void failing_disk_fail_after(int64_t writes);

#endif
