/* The only door to malloc.
 *
 * Every allocation of the project goes through here, so that tests can make the n-th one fail and
 * see that nothing leaks and nothing crashes.
 */
#ifndef KF_BASE_MEMORY_H
#define KF_BASE_MEMORY_H

#include <stddef.h>
#include <stdint.h>

/* As malloc, for `size` > 0. Returns NULL when there is no memory. */
void *kf_malloc(size_t size);

/* As calloc: `count` × `size` zeroed bytes. NULL on overflow or when there is no memory. */
void *kf_calloc(size_t count, size_t size);

/* As realloc. On failure returns NULL and `pointer` stays as it was. */
void *kf_realloc(void *pointer, size_t size);

/* As free; NULL is fine. */
void kf_free(void *pointer);

/* Keeps freed memory in the process, up to some megabytes, for the next panel: without it glibc
 * returns the heap after each one, which costs more than unpacking it. Once, at the start. */
void kf_memory_keep_freed(void);

/* A copy of `text` on the heap, NULL when there is no memory. The caller frees it. */
char *kf_strdup(const char *text);

/* For tests: lets `n` further allocations of this thread succeed and fails the one after, once.
 * A negative `n` switches the countdown off. */
void kf_memory_fail_after(int64_t n);

/* For tests: how many allocations this thread has asked for since it started. */
uint64_t kf_memory_count(void);

#endif
