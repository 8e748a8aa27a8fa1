/* Files of an input: a folder of this process's own, and inputs that are several files. */
#ifndef KF_TESTS_FUZZ_SCRATCH_H
#define KF_TESTS_FUZZ_SCRATCH_H

#include <stddef.h>
#include <stdint.h>

#define FUZZ_PATH_SIZE 512
#define FUZZ_PARTS_MAX 8
#define FUZZ_NAME_SIZE 33

/* The folder, in TMPDIR (else /tmp). It is made when it is first asked for and removed with all
 * that is in it at the end of the program. */
const char *fuzz_folder(void);

/* The path of `name` in the folder. */
void fuzz_path(const char *name, char path[FUZZ_PATH_SIZE]);

/* Writes, replaces or removes a file of the folder; `name` may have folders in front, which are
 * made. */
void fuzz_write(const char *name, const void *bytes, size_t length);
void fuzz_remove(const char *name);

/* One file of an input. */
struct fuzz_part {
    char name[FUZZ_NAME_SIZE]; /* small letters, digits, - . and _, "" for what comes first */
    const char *bytes;
    size_t length;
};

/* Splits an input at lines "%%% NAME" into at most FUZZ_PARTS_MAX files; the first has no name.
 * Returns how many there are; a line whose name is none belongs to the file before it. */
size_t fuzz_parts(const uint8_t *data, size_t size, struct fuzz_part parts[FUZZ_PARTS_MAX]);

/* The part of that name as a text of its own (to be freed), "" when there is none. */
char *fuzz_part_text(const struct fuzz_part *parts, size_t count, const char *name);

#endif
