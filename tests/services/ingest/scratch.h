/* A folder of its own for a test, with files in it. Any failure ends the test program. */
#ifndef KF_TESTS_INGEST_SCRATCH_H
#define KF_TESTS_INGEST_SCRATCH_H

#include <stdbool.h>
#include <stddef.h>

#define SCRATCH_PATH_SIZE 256

struct scratch {
    char path[SCRATCH_PATH_SIZE];
};

void scratch_make(struct scratch *self);

/* Removes the folder with all that is in it. */
void scratch_remove(struct scratch *self);

/* The path of `name` in the folder; valid until the fourth call after. */
const char *scratch_path(const struct scratch *self, const char *name);

void scratch_write(const struct scratch *self, const char *name, const void *bytes, size_t length);
void scratch_write_text(const struct scratch *self, const char *name, const char *text);
/* Copies the text at `path`, which lies anywhere. */
void scratch_copy(const struct scratch *self, const char *path, const char *name);
void scratch_rename(const struct scratch *self, const char *from, const char *to);
void scratch_folder(const struct scratch *self, const char *name);
bool scratch_has(const struct scratch *self, const char *name);

/* The content of a file, NUL-terminated; free it with free(). */
char *scratch_read(const struct scratch *self, const char *name);

#endif
