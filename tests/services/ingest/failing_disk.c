#include "failing_disk.h"

#include <sqlite3.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define KINDS 4 /* of files: the database, and those without locks */

struct kind {
    sqlite3_io_methods methods; /* the usual ones but for writing */
    const sqlite3_io_methods *usual;
};

static sqlite3_vfs disk;
static sqlite3_vfs *usual;
static struct kind kinds[KINDS];
static int64_t left = -1;

static const sqlite3_io_methods *usual_of(sqlite3_file *file)
{
    size_t i = 0;
    while (file->pMethods != &kinds[i].methods) {
        i++;
    }
    return kinds[i].usual;
}

static int refuse(void)
{
    if (left == 0) {
        return SQLITE_FULL;
    }
    left -= left > 0;
    return SQLITE_OK;
}

static int write_bytes(sqlite3_file *file, const void *bytes, int length, sqlite3_int64 at)
{
    int answer = refuse();
    return answer == SQLITE_OK ? usual_of(file)->xWrite(file, bytes, length, at) : answer;
}

static int sync_file(sqlite3_file *file, int flags)
{
    int answer = refuse();
    return answer == SQLITE_OK ? usual_of(file)->xSync(file, flags) : answer;
}

static int truncate_file(sqlite3_file *file, sqlite3_int64 size)
{
    int answer = refuse();
    return answer == SQLITE_OK ? usual_of(file)->xTruncate(file, size) : answer;
}

static void fill(struct kind *kind, const sqlite3_io_methods *methods)
{
    kind->usual = methods;
    kind->methods = *methods;
    kind->methods.xWrite = write_bytes;
    kind->methods.xSync = sync_file;
    kind->methods.xTruncate = truncate_file;
}

static int open_file(sqlite3_vfs *self, const char *name, sqlite3_file *file, int flags, int *out)
{
    (void)self;
    int answer = usual->xOpen(usual, name, file, flags, out);
    if (answer != SQLITE_OK || !file->pMethods) {
        return answer;
    }
    for (size_t i = 0; i < KINDS; i++) {
        if (!kinds[i].usual) {
            fill(&kinds[i], file->pMethods);
        }
        if (kinds[i].usual == file->pMethods) {
            file->pMethods = &kinds[i].methods;
            return answer;
        }
    }
    abort();
}

void failing_disk_insert(void)
{
    if (!usual) {
        usual = sqlite3_vfs_find(NULL);
        disk = *usual;
        disk.zName = "failing";
        disk.pNext = NULL;
        disk.xOpen = open_file;
        if (sqlite3_vfs_register(&disk, 1) != SQLITE_OK) {
            abort();
        }
    }
}

void failing_disk_fail_after(int64_t count)
{
    left = count;
}
