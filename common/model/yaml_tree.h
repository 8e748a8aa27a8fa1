/* Internal to yaml*.c: the document as a flat tree, as the parser leaves it, or as two documents
 * merge into it. */
#ifndef KF_MODEL_YAML_TREE_H
#define KF_MODEL_YAML_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"

enum kf_yaml_kind { KF_YAML_NOTHING, KF_YAML_SCALAR, KF_YAML_LIST, KF_YAML_MAP };

struct kf_yaml_cell {
    enum kf_yaml_kind kind;
    bool quoted;
    int parent;
    size_t first; /* its members are children[first … first + count) */
    size_t count; /* of a map: keys and values in turn */
    uint64_t line;
    const char *text; /* of a scalar */
    const char *file; /* where it stands */
    unsigned level;   /* how many documents before the last one it comes from */
};

struct kf_yaml {
    struct kf_arena *arena;
    const char *file;
    struct kf_yaml_cell *cells; /* in document order; cells[0] stands for "there is none" */
    size_t cells_len;
    size_t cells_room;
    int *children;
};

/* A tree without nodes; texts that it copies are in its arena. NULL when there is no memory. */
struct kf_yaml *kf_yaml_tree_new(const char *name);

/* Adds a cell below `parent` (0 for the outermost); cells come in document order. The number of the
 * new cell, 0 when there is no memory. A cell without a file gets the tree's. */
int kf_yaml_tree_add(struct kf_yaml *self, int parent, const struct kf_yaml_cell *cell);

/* Lays the members of every list and map side by side; false when there is no memory. */
bool kf_yaml_tree_link(struct kf_yaml *self);

#endif
