/* Runs a fuzzer over the files of the folders given as arguments: the corpora as a test, in builds
 * without libFuzzer. Fails when there is nothing to run. */
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"

#define INPUT_BYTES_MAX 65536

static bool run_file(const char *folder, const char *name)
{
    static uint8_t bytes[INPUT_BYTES_MAX];
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    if (!file) {
        (void)fprintf(stderr, "cannot open %s\n", path);
        return false;
    }
    size_t length = fread(bytes, 1, sizeof bytes, file);
    (void)fclose(file);
    /* An exact copy on the heap, so that the sanitizer sees a read beyond the end. */
    uint8_t *copy = malloc(length > 0 ? length : 1);
    if (!copy) {
        return false;
    }
    memcpy(copy, bytes, length);
    (void)LLVMFuzzerTestOneInput(copy, length);
    free(copy);
    return true;
}

/* How many files were run; 0 when one could not be. */
static size_t run_folder(const char *folder)
{
    DIR *entries = opendir(folder);
    if (!entries) {
        (void)fprintf(stderr, "cannot open %s\n", folder);
        return 0;
    }
    size_t count = 0;
    bool good = true;
    for (struct dirent *entry = readdir(entries); good && entry; entry = readdir(entries)) {
        if (entry->d_name[0] != '.') {
            good = run_file(folder, entry->d_name);
            count++;
        }
    }
    (void)closedir(entries);
    return good ? count : 0;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        (void)fprintf(stderr, "usage: %s FOLDER…\n", argv[0]);
        return 2;
    }
    for (int i = 1; i < argc; i++) {
        size_t count = run_folder(argv[i]);
        if (count == 0) {
            return 1;
        }
        (void)printf("%zu inputs of %s\n", count, argv[i]);
    }
    return 0;
}
