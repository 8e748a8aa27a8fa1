#include "tools/kf/explain_build.h"

#include <math.h>

#include "common/base/memory.h"
#include "common/model/cell.h"
#include "tools/kf/explain_question.h"

/* --- expanding -------------------------------------------------------------------------------- */

static kf_explain_expand *expander_of(const struct kf_explain_key *key)
{
    static kf_explain_expand *(*const walkers[])(const struct kf_explain_key *key) = {
        kf_explain_need,       kf_explain_resource_use,    kf_explain_income,
        kf_explain_demography, kf_explain_demography_cost, kf_explain_normalize,
        kf_explain_aggregate,  kf_explain_efficiency,      kf_explain_weights,
        kf_explain_statistics, kf_explain_unit_cost,       kf_explain_institution,
        kf_explain_users,      kf_explain_trial,
    };
    for (size_t i = 0; i < sizeof walkers / sizeof walkers[0]; i++) {
        kf_explain_expand *expand = walkers[i](key);
        if (expand) {
            return expand;
        }
    }
    return NULL;
}

/* A number that is missing has no parts that make it. */
static void expand(struct kf_explain_walk *walk, struct kf_explain_entry *entry)
{
    kf_explain_expand *expander = expander_of(&entry->key);
    if (!expander) {
        return;
    }
    walk->depth = entry->depth;
    expander(walk, &entry->node, &entry->key);
    entry->node.expanded = entry->node.rule != NULL;
}

/* True for a published number that nobody has expanded yet. */
static bool is_open(const struct kf_explain_entry *entry)
{
    return entry->node.topic != KF_TOPIC_NONE && !entry->node.expanded;
}

/* Expands what is less than `depth` levels below the root, nearest first. Numbers are added at the
 * end of the list while it is gone through; a shorter way to one of them may come to light later,
 * so the list is gone through until nothing changes. */
static void expand_all(struct kf_explain_walk *walk, size_t depth)
{
    bool changed = true;
    while (changed && walk->error.code == KF_OK) {
        changed = false;
        for (size_t i = 0; i < walk->entries_len && walk->error.code == KF_OK; i++) {
            struct kf_explain_entry *entry = walk->entries[i];
            bool near = depth == 0 || entry->depth < depth;
            if (is_open(entry) && near && walk->entries_len < KF_EXPLAIN_NODES_MAX) {
                expand(walk, entry);
                changed = changed || entry->node.expanded;
            }
        }
    }
}

/* Computes every expanded number once more from its parts; returns how many are another then. */
static size_t compare_all(struct kf_explain_walk *walk)
{
    size_t disagreeing = 0;
    for (size_t i = 0; i < walk->entries_len; i++) {
        struct kf_explain_node *node = &walk->entries[i]->node;
        bool made = node->expanded && !kf_explain_is_leaf(node);
        if (made && !kf_explain_evaluate(node, &node->recomputed)) {
            node->recomputed = NAN;
        }
        node->disagrees = !kf_explain_agrees(node);
        disagreeing += node->disagrees;
    }
    return disagreeing;
}

static size_t count_cut(const struct kf_explain_walk *walk, size_t depth)
{
    size_t cut = 0;
    for (size_t i = 0; i < walk->entries_len; i++) {
        const struct kf_explain_entry *entry = walk->entries[i];
        cut += is_open(entry) && (depth == 0 || entry->depth < depth);
    }
    return cut;
}

/* --- the explanation -------------------------------------------------------------------------- */

static struct kf_explain_walk *walk_new(struct kf_arena *arena,
                                        const struct kf_explain_options *options)
{
    struct kf_explain_walk *walk = kf_arena_alloc(arena, sizeof *walk);
    if (!walk) {
        return NULL;
    }
    *walk = (struct kf_explain_walk){
        .arena = arena,
        .panel = options->panel,
        .observations = options->observations,
        .catalogue = options->catalogue,
        .buckets = kf_arena_calloc(arena, KF_EXPLAIN_BUCKETS, sizeof *walk->buckets),
    };
    return walk->buckets ? walk : NULL;
}

static void list_nodes(struct kf_explain_walk *walk, struct kf_explanation *self)
{
    const struct kf_explain_node **nodes = kf_explain_room(walk, walk->entries_len, sizeof *nodes);
    for (size_t i = 0; nodes && i < walk->entries_len; i++) {
        nodes[i] = &walk->entries[i]->node;
    }
    self->nodes = nodes;
    self->nodes_len = walk->entries_len;
}

static enum kf_err no_memory(struct kf_error *err)
{
    return kf_error_set(err, KF_ERR_MEMORY, "no memory for an explanation");
}

static enum kf_err make(const struct kf_explain_options *options, const struct kf_explain_key *key,
                        struct kf_explanation *self, struct kf_error *err)
{
    struct kf_explain_walk *walk = walk_new(self->arena, options);
    if (!walk) {
        return no_memory(err);
    }
    walk->depth = (size_t)-1; /* one above the root */
    self->panel = options->panel;
    self->root = kf_explain_result(walk, key);
    if (!self->root) {
        return kf_error_set(err, KF_ERR_INTERNAL, "the panel has no %s of %s after all",
                            key->measure, key->sector);
    }
    expand_all(walk, options->depth);
    self->disagreeing = compare_all(walk);
    self->cut = count_cut(walk, options->depth);
    list_nodes(walk, self);
    return walk->error.code == KF_OK ? KF_OK
                                     : kf_error_set(err, walk->error.code, "%s", walk->error.text);
}

enum kf_err kf_explain_new(const struct kf_explain_options *options,
                           struct kf_explanation **explanation, struct kf_error *err)
{
    struct kf_explain_key key;
    enum kf_err code = kf_explain_find(options, &key, err);
    if (code != KF_OK) {
        return code;
    }
    struct kf_explanation *self = kf_calloc(1, sizeof *self);
    if (!self) {
        return no_memory(err);
    }
    self->arena = kf_arena_new(KF_EXPLAIN_BYTES_MAX);
    code = self->arena ? make(options, &key, self, err) : no_memory(err);
    if (code != KF_OK) {
        kf_explain_destroy(&self);
        return code;
    }
    *explanation = self;
    return KF_OK;
}

static const struct kf_explain_node *first_disagreeing(const struct kf_explanation *self)
{
    size_t i = 0;
    while (!self->nodes[i]->disagrees) {
        i++;
    }
    return self->nodes[i];
}

enum kf_err kf_explain_verdict(const struct kf_explanation *self, struct kf_error *err)
{
    if (self->disagreeing == 0) {
        return KF_OK;
    }
    const struct kf_explain_node *node = first_disagreeing(self);
    return kf_error_set(err, KF_ERR_INTERNAL,
                        "not every number follows from its parts: %zu of %zu do not, the first is "
                        "%s %s %s %s %d; that is a fault of the program, please report it with the "
                        "edition and the input",
                        self->disagreeing, self->nodes_len, node->measure, node->sector,
                        node->indicator, node->municipality, node->panel->year);
}

void kf_explain_destroy(struct kf_explanation **self)
{
    if (*self) {
        kf_arena_destroy(&(*self)->arena);
        kf_free(*self);
        *self = NULL;
    }
}
