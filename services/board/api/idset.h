/* A set of short texts: ids and codes as they come by, given back ascending. */
#ifndef KF_BOARD_IDSET_H
#define KF_BOARD_IDSET_H

#include <stdbool.h>
#include <stddef.h>

#define KF_IDSET_MAX 32768

struct kf_idset {
    char **list; /* ascending */
    size_t count;
    size_t room;
};

/* Adds a copy, once. False when there is no memory, or there are KF_IDSET_MAX. */
bool kf_idset_add(struct kf_idset *self, const char *id);

/* True when it is there. */
bool kf_idset_has(const struct kf_idset *self, const char *id);

/* Frees what it holds; an empty set is {0}. */
void kf_idset_clear(struct kf_idset *self);

#endif
