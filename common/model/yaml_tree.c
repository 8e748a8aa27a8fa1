#include "common/model/yaml_tree.h"

#include "common/base/memory.h"
#include "common/model/yaml.h"

#define TREE_BYTES_MAX ((size_t)64 * 1024 * 1024)
#define ROOM_AT_FIRST  ((size_t)64)

struct kf_yaml *kf_yaml_tree_new(const char *name)
{
    struct kf_yaml *tree = kf_calloc(1, sizeof *tree);
    if (!tree) {
        return NULL;
    }
    tree->arena = kf_arena_new(TREE_BYTES_MAX);
    tree->file = tree->arena ? kf_arena_strdup(tree->arena, name) : NULL;
    tree->cells = kf_calloc(ROOM_AT_FIRST, sizeof *tree->cells);
    tree->cells_room = ROOM_AT_FIRST;
    tree->cells_len = 1; /* "there is none" */
    if (!tree->file || !tree->cells) {
        kf_yaml_destroy(&tree);
    }
    return tree;
}

static bool make_room(struct kf_yaml *self)
{
    if (self->cells_len < self->cells_room) {
        return true;
    }
    size_t room = self->cells_room * 2;
    struct kf_yaml_cell *grown = kf_realloc(self->cells, room * sizeof *grown);
    if (!grown) {
        return false;
    }
    self->cells = grown;
    self->cells_room = room;
    return true;
}

int kf_yaml_tree_add(struct kf_yaml *self, int parent, const struct kf_yaml_cell *cell)
{
    if (!make_room(self)) {
        return 0;
    }
    struct kf_yaml_cell *added = &self->cells[self->cells_len];
    *added = *cell;
    added->parent = parent;
    added->first = 0;
    added->count = 0;
    added->file = cell->file ? cell->file : self->file;
    self->cells[parent].count++;
    return (int)self->cells_len++;
}

bool kf_yaml_tree_link(struct kf_yaml *self)
{
    self->children = kf_calloc(self->cells_len, sizeof *self->children);
    if (!self->children) {
        return false;
    }
    size_t next = 0;
    for (size_t i = 0; i < self->cells_len; i++) {
        self->cells[i].first = next;
        next += self->cells[i].count;
        self->cells[i].count = 0;
    }
    for (size_t i = 1; i < self->cells_len; i++) {
        struct kf_yaml_cell *above = &self->cells[self->cells[i].parent];
        self->children[above->first + above->count++] = (int)i;
    }
    return true;
}

void kf_yaml_destroy(struct kf_yaml **self)
{
    if (self && *self) {
        kf_arena_destroy(&(*self)->arena);
        kf_free((*self)->cells);
        kf_free((*self)->children);
        kf_free(*self);
        *self = NULL;
    }
}
