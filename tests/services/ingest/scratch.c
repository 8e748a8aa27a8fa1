#define _XOPEN_SOURCE 700 /* nftw */

#include "scratch.h"

#include <assert.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void must(bool held, const char *what)
{
    if (!held) {
        perror(what);
        abort();
    }
}

void scratch_make(struct scratch *self)
{
    (void)snprintf(self->path, sizeof self->path, "/tmp/kf-test-XXXXXX");
    must(mkdtemp(self->path) != NULL, "mkdtemp");
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *where)
{
    (void)about;
    (void)kind;
    (void)where;
    return remove(path);
}

void scratch_remove(struct scratch *self)
{
    must(nftw(self->path, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0, self->path);
}

const char *scratch_path(const struct scratch *self, const char *name)
{
    static char paths[4][SCRATCH_PATH_SIZE * 2];
    static unsigned next;
    char *path = paths[next++ % 4];
    (void)snprintf(path, sizeof paths[0], "%s/%s", self->path, name);
    return path;
}

void scratch_write(const struct scratch *self, const char *name, const void *bytes, size_t length)
{
    const char *path = scratch_path(self, name);
    FILE *file = fopen(path, "wb");
    must(file != NULL, path);
    must(fwrite(bytes, 1, length, file) == length, path);
    must(fclose(file) == 0, path);
}

void scratch_write_text(const struct scratch *self, const char *name, const char *text)
{
    scratch_write(self, name, text, strlen(text));
}

void scratch_copy(const struct scratch *self, const char *path, const char *name)
{
    const struct scratch root = {.path = ""};
    char *text = scratch_read(&root, path + 1);
    scratch_write_text(self, name, text);
    free(text);
}

void scratch_rename(const struct scratch *self, const char *from, const char *to)
{
    must(rename(scratch_path(self, from), scratch_path(self, to)) == 0, from);
}

void scratch_folder(const struct scratch *self, const char *name)
{
    must(mkdir(scratch_path(self, name), 0700) == 0, name);
}

bool scratch_has(const struct scratch *self, const char *name)
{
    struct stat about;
    return lstat(scratch_path(self, name), &about) == 0;
}

char *scratch_read(const struct scratch *self, const char *name)
{
    const char *path = scratch_path(self, name);
    FILE *file = fopen(path, "rb");
    must(file != NULL, path);
    char *text = calloc(1, 1024 * 1024);
    must(text != NULL, path);
    size_t length = fread(text, 1, 1024 * 1024 - 1, file);
    text[length] = '\0';
    (void)fclose(file);
    return text;
}
