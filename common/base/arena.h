/* An arena: many small allocations that live and die together, with a ceiling.
 *
 * A panel, an edition, a table of observations each own one. Memory is zeroed and aligned for any
 * type. Nothing is freed singly; destroying the arena frees everything. Who owns an arena tells
 * what a failed allocation means: with kf_arena_is_full it was the ceiling, which the same input
 * will meet again (KF_ERR_LIMIT); without, the machine's memory, which may pass (KF_ERR_MEMORY).
 */
#ifndef KF_BASE_ARENA_H
#define KF_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct kf_arena;

/* A new arena that will hand out at most `bytes_max` bytes. NULL when there is no memory. */
struct kf_arena *kf_arena_new(size_t bytes_max);

/* Frees the arena and all it handed out; NULL is fine, the pointer is nulled. */
void kf_arena_destroy(struct kf_arena **self);

/* `size` zeroed bytes, or NULL when memory or the ceiling is reached. */
void *kf_arena_alloc(struct kf_arena *self, size_t size);

/* `count` × `size` zeroed bytes; NULL on overflow too. */
void *kf_arena_calloc(struct kf_arena *self, size_t count, size_t size);

/* A copy of `text` (NULL gives an empty string); NULL when memory or the ceiling is reached. */
char *kf_arena_strdup(struct kf_arena *self, const char *text);

/* A copy of the `length` bytes at `text`, with a final NUL. */
char *kf_arena_strndup(struct kf_arena *self, const char *text, size_t length);

/* A printf text in the arena. */
char *kf_arena_printf(struct kf_arena *self, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Bytes handed out so far. */
size_t kf_arena_used(const struct kf_arena *self);

/* True once anything was refused because of the ceiling. */
bool kf_arena_is_full(const struct kf_arena *self);

#endif
