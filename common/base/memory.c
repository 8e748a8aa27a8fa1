#include "common/base/memory.h"

#include <malloc.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static _Thread_local int64_t countdown = -1;
static _Thread_local uint64_t asked = 0;

static bool fails_now(void)
{
    asked++;
    if (countdown < 0) {
        return false;
    }
    return countdown-- == 0;
}

void *kf_malloc(size_t size)
{
    return fails_now() ? NULL : malloc(size ? size : 1);
}

void *kf_calloc(size_t count, size_t size)
{
    bool overflows = size && count > SIZE_MAX / size;
    return fails_now() || overflows ? NULL : calloc(count ? count : 1, size ? size : 1);
}

void *kf_realloc(void *pointer, size_t size)
{
    return fails_now() ? NULL : realloc(pointer, size ? size : 1);
}

void kf_free(void *pointer)
{
    free(pointer);
}

void kf_memory_keep_freed(void)
{
    (void)mallopt(M_MMAP_THRESHOLD, 4 * 1024 * 1024);
    (void)mallopt(M_TRIM_THRESHOLD, 16 * 1024 * 1024);
    (void)mallopt(M_TOP_PAD, 1024 * 1024);
}

char *kf_strdup(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = kf_malloc(size);
    if (copy) {
        memcpy(copy, text, size);
    }
    return copy;
}

void kf_memory_fail_after(int64_t n)
{
    countdown = n;
}

uint64_t kf_memory_count(void)
{
    return asked;
}
