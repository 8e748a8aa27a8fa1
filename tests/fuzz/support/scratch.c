/* nftw is X/Open's. */
#define _XOPEN_SOURCE 700
#include "tests/fuzz/support/scratch.h"

#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/fuzz/fuzz.h"

#define MARK "%%% "

static char folder[FUZZ_PATH_SIZE / 2];

/* --- the folder ------------------------------------------------------------------------------ */

static int remove_entry(const char *path, const struct stat *about, int kind, struct FTW *place)
{
    (void)about;
    (void)kind;
    (void)place;
    return remove(path);
}

static void remove_folder(void)
{
    (void)nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

const char *fuzz_folder(void)
{
    if (!folder[0]) {
        const char *base = getenv("TMPDIR");
        int length =
            snprintf(folder, sizeof folder, "%s/kf-fuzz-XXXXXX", base && *base ? base : "/tmp");
        must(length > 0 && (size_t)length < sizeof folder);
        must(mkdtemp(folder) != NULL);
        must(atexit(remove_folder) == 0);
    }
    return folder;
}

void fuzz_path(const char *name, char path[FUZZ_PATH_SIZE])
{
    int length = snprintf(path, FUZZ_PATH_SIZE, "%s/%s", fuzz_folder(), name);
    must(length > 0 && length < FUZZ_PATH_SIZE);
}

static void make_folders(char *path)
{
    for (char *slash = strchr(path + strlen(folder) + 1, '/'); slash;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        (void)mkdir(path, 0700);
        *slash = '/';
    }
}

void fuzz_write(const char *name, const void *bytes, size_t length)
{
    char path[FUZZ_PATH_SIZE];
    fuzz_path(name, path);
    make_folders(path);
    FILE *file = fopen(path, "wb");
    must(file != NULL);
    must(fwrite(bytes, 1, length, file) == length);
    must(fclose(file) == 0);
}

void fuzz_remove(const char *name)
{
    char path[FUZZ_PATH_SIZE];
    fuzz_path(name, path);
    (void)unlink(path);
}

/* --- inputs of several files ----------------------------------------------------------------- */

/* Reads "%%% NAME" at the beginning of the line; false for any other line. */
static bool read_mark(const char *line, size_t length, char name[FUZZ_NAME_SIZE])
{
    size_t prefix = strlen(MARK);
    if (length <= prefix || length >= prefix + FUZZ_NAME_SIZE || memcmp(line, MARK, prefix) != 0 ||
        line[prefix] == '.') {
        return false;
    }
    memcpy(name, line + prefix, length - prefix);
    name[length - prefix] = '\0';
    return strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-._") == length - prefix;
}

size_t fuzz_parts(const uint8_t *data, size_t size, struct fuzz_part parts[FUZZ_PARTS_MAX])
{
    const char *bytes = (const char *)data;
    size_t count = 1;
    parts[0] = (struct fuzz_part){.bytes = bytes ? bytes : ""};
    for (size_t at = 0; at < size;) {
        const char *end = memchr(bytes + at, '\n', size - at);
        size_t length = end ? (size_t)(end - bytes) - at : size - at;
        size_t next = end ? at + length + 1 : size;
        char name[FUZZ_NAME_SIZE] = "";
        if (count < FUZZ_PARTS_MAX && read_mark(bytes + at, length, name)) {
            parts[count] = (struct fuzz_part){.bytes = bytes + next};
            memcpy(parts[count].name, name, sizeof name);
            count++;
        } else {
            parts[count - 1].length += next - at;
        }
        at = next;
    }
    return count;
}

char *fuzz_part_text(const struct fuzz_part *parts, size_t count, const char *name)
{
    size_t found = 0;
    while (found < count && strcmp(parts[found].name, name) != 0) {
        found++;
    }
    size_t length = found < count ? parts[found].length : 0;
    char *text = malloc(length + 1);
    must(text != NULL);
    if (length > 0) {
        memcpy(text, parts[found].bytes, length);
    }
    text[length] = '\0';
    return text;
}
