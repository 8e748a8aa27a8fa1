#include "common/base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"

#define BLOCK_BYTES_MIN ((size_t)16 * 1024)
#define BYTES_MAX       ((size_t)-1 / 4) /* so that no size computed from it overflows */
#define ALIGNMENT       alignof(max_align_t)

struct block {
    struct block *next;
    size_t size;
    size_t used;
    alignas(max_align_t) unsigned char bytes[];
};

struct kf_arena {
    struct block *blocks;
    size_t used;
    size_t bytes_max;
    bool full; /* something was refused because of the ceiling */
};

/* Refuses a piece that the ceiling leaves no room for. */
static void *refuse(struct kf_arena *self)
{
    self->full = true;
    return NULL;
}

struct kf_arena *kf_arena_new(size_t bytes_max)
{
    struct kf_arena *self = kf_calloc(1, sizeof *self);
    if (self) {
        self->bytes_max = bytes_max < BYTES_MAX ? bytes_max : BYTES_MAX;
    }
    return self;
}

void kf_arena_destroy(struct kf_arena **self)
{
    if (!self || !*self) {
        return;
    }
    struct block *block = (*self)->blocks;
    while (block) {
        struct block *next = block->next;
        kf_free(block);
        block = next;
    }
    kf_free(*self);
    *self = NULL;
}

static struct block *block_with_room(struct kf_arena *self, size_t size)
{
    struct block *first = self->blocks;
    if (first && first->size - first->used >= size) {
        return first;
    }
    size_t block_size = size > BLOCK_BYTES_MIN ? size : BLOCK_BYTES_MIN;
    struct block *block = kf_calloc(1, sizeof *block + block_size);
    if (!block) {
        return NULL;
    }
    block->size = block_size;
    /* A block made for one large piece goes behind, so that the room in the first stays in use. */
    if (first && size > BLOCK_BYTES_MIN) {
        block->next = first->next;
        first->next = block;
    } else {
        block->next = first;
        self->blocks = block;
    }
    return block;
}

void *kf_arena_alloc(struct kf_arena *self, size_t size)
{
    if (size > self->bytes_max) {
        return refuse(self);
    }
    size_t rounded = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (rounded > self->bytes_max - self->used) {
        return refuse(self);
    }
    struct block *block = block_with_room(self, rounded);
    if (!block) {
        return NULL;
    }
    void *piece = block->bytes + block->used;
    block->used += rounded;
    self->used += rounded;
    return piece;
}

void *kf_arena_calloc(struct kf_arena *self, size_t count, size_t size)
{
    if (size && count > (size_t)-1 / size) {
        return refuse(self);
    }
    return kf_arena_alloc(self, count * size);
}

char *kf_arena_strdup(struct kf_arena *self, const char *text)
{
    return text ? kf_arena_strndup(self, text, strlen(text)) : kf_arena_strndup(self, "", 0);
}

char *kf_arena_strndup(struct kf_arena *self, const char *text, size_t length)
{
    if (length >= self->bytes_max) {
        return refuse(self);
    }
    char *copy = kf_arena_alloc(self, length + 1);
    if (copy && length > 0) {
        memcpy(copy, text, length);
    }
    return copy;
}

char *kf_arena_printf(struct kf_arena *self, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length < 0) {
        return NULL;
    }
    char *text = kf_arena_alloc(self, (size_t)length + 1);
    if (text) {
        va_start(args, format);
        (void)vsnprintf(text, (size_t)length + 1, format, args);
        va_end(args);
    }
    return text;
}

size_t kf_arena_used(const struct kf_arena *self)
{
    return self->used;
}

bool kf_arena_is_full(const struct kf_arena *self)
{
    return self->full;
}
