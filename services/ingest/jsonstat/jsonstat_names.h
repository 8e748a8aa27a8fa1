/* Names seen so far, each in a scope: an object's keys, a table's dimensions, a dimension's codes.
 * The texts are kept in an arena, each name carries a number.
 */
#ifndef KF_INGEST_JSONSTAT_NAMES_H
#define KF_INGEST_JSONSTAT_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/error.h"

struct kf_jsonstat_name {
    uint64_t hash;
    const char *text; /* in the arena, NUL-terminated */
    size_t length;
    uint32_t scope;
    uint32_t number; /* whatever its owner counts */
};

/* Plain data; {0} is empty. */
struct kf_jsonstat_names {
    struct kf_jsonstat_name *slots;
    size_t room; /* a power of two, or 0 */
    size_t count;
};

/* Frees the table; the texts go with the arena. */
void kf_jsonstat_names_clear(struct kf_jsonstat_names *self);

/* Forgets all names and keeps the memory. */
void kf_jsonstat_names_reset(struct kf_jsonstat_names *self);

/* Finds wanted->text (wanted->length bytes) in wanted->scope, or adds it with wanted->number.
 * Whether it was added is told by `added`; `found` is the name as it is kept. KF_ERR_MEMORY;
 * KF_ERR_LIMIT when the arena's ceiling is reached. */
enum kf_err kf_jsonstat_names_add(struct kf_jsonstat_names *self, struct kf_arena *arena,
                                  const struct kf_jsonstat_name *wanted,
                                  struct kf_jsonstat_name *found, bool *added,
                                  struct kf_error *err);

/* What a NULL from the arena means: KF_ERR_LIMIT or KF_ERR_MEMORY, told in `err`. */
enum kf_err kf_jsonstat_arena_failed(const struct kf_arena *arena, struct kf_error *err);

#endif
