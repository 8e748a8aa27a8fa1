/* The inside of a walk: shared by explain_walk.c, which makes nodes, explain_cell.c, which makes
 * the leaves, and explain_build.c, which expands them one after the other. */
#ifndef KF_TOOLS_EXPLAIN_BUILD_H
#define KF_TOOLS_EXPLAIN_BUILD_H

#include "common/model/catalogue.h"
#include "common/model/recut.h"
#include "tools/kf/explain_walk.h"

#define KF_EXPLAIN_BUCKETS   65536
#define KF_EXPLAIN_YEARS_MAX (KF_LATEST_YEARS_MAX + 1 + KF_FURTHER_YEARS_MAX)

struct kf_explain_entry {
    struct kf_explain_node node;
    struct kf_explain_key key;
    size_t depth; /* levels below the root, on the shortest way seen */
    struct kf_explain_entry *next;
};

struct kf_explain_walk {
    struct kf_arena *arena;
    const struct kf_panel *panel;
    const struct kf_observations *observations;
    const struct kf_catalogue *catalogue;
    struct kf_recut recuts[KF_EXPLAIN_YEARS_MAX]; /* one a year; made when asked for */
    struct kf_explain_entry **buckets;            /* [KF_EXPLAIN_BUCKETS], by the hash of the key */
    struct kf_explain_entry **entries;            /* by number */
    size_t entries_len;
    size_t entries_room;
    size_t depth;                    /* of the node being expanded */
    struct kf_error error;           /* the first; its code is KF_OK while there is none */
    struct kf_explain_entry nowhere; /* handed out when memory is short */
};

/* Makes `err` the walk's error, unless it has one already. */
void kf_explain_fail(struct kf_explain_walk *walk, const struct kf_error *err);

/* `count` × `size` zeroed bytes in the walk's arena, or NULL and the walk's error: KF_ERR_LIMIT at
 * the arena's ceiling, otherwise KF_ERR_MEMORY. */
void *kf_explain_room(struct kf_explain_walk *walk, size_t count, size_t size);

/* A new node, listed but not found by its key; walk->nowhere when memory is short. */
struct kf_explain_entry *kf_explain_entry_new(struct kf_explain_walk *walk,
                                              const struct kf_explain_key *key);

/* The node of a key; `*made` tells whether it is new. */
struct kf_explain_entry *kf_explain_entry_of(struct kf_explain_walk *walk,
                                             const struct kf_explain_key *key, bool *made);

/* The result behind `result` that is the same number of the group, or of the members; or NULL. */
const struct kf_result *kf_explain_twin(const struct kf_panel *panel,
                                        const struct kf_result *result);

/* The code of the key's member: EAK for the country, "" for the group. */
const char *kf_explain_municipality_of(const struct kf_explain_key *key);

#endif
