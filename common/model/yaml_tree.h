/* Internal to yaml*.c: the document as a flat tree, as the parser leaves it. */
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
};

struct kf_yaml {
    struct kf_arena *arena;
    const char *file;
    struct kf_yaml_cell *cells; /* in document order; cells[0] stands for "there is none" */
    size_t cells_len;
    size_t cells_room;
    int *children;
};

#endif
