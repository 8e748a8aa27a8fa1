/* One document laid over another: how an edition builds on an edition. */
#include <stdio.h>

#include "common/base/text.h"
#include "common/model/yaml.h"
#include "common/model/yaml_tree.h"

#define REMEDY_BYTES 512
#define IDS_MAX      256  /* among which the one that was meant is looked for */
#define MERGED_MAX   2048 /* keys or items; no list or map of an edition may have as many */

struct merger {
    struct kf_yaml *tree;
    struct kf_findings *findings;
    bool failed; /* no memory left */
};

static int add(struct merger *merger, int parent, struct kf_yaml_node node, unsigned further)
{
    struct kf_yaml_cell cell = node.document->cells[node.index];
    cell.level += further;
    int added = merger->failed ? 0 : kf_yaml_tree_add(merger->tree, parent, &cell);
    merger->failed = merger->failed || added == 0;
    return added;
}

/* A copy of the node with all below it, `further` documents away. */
static void copy(struct merger *merger, int parent, struct kf_yaml_node node, unsigned further)
{
    int added = add(merger, parent, node, further);
    const struct kf_yaml_cell *cell = &node.document->cells[node.index];
    for (size_t i = 0; i < cell->count && !merger->failed; i++) {
        struct kf_yaml_node below = {node.document, node.document->children[cell->first + i]};
        copy(merger, added, below, further);
    }
}

static void merge_nodes(struct merger *merger, int parent, struct kf_yaml_node base,
                        struct kf_yaml_node own);

/* --- maps ------------------------------------------------------------------------------------ */

static struct kf_yaml_node key_at(struct kf_yaml_node map, size_t i)
{
    const struct kf_yaml_cell *cell = &map.document->cells[map.index];
    return (struct kf_yaml_node){map.document, map.document->children[cell->first + 2 * i]};
}

/* True when the key stands further up in the same map. */
static bool is_repeat(struct kf_yaml_node map, size_t i)
{
    for (size_t j = 0; j < i; j++) {
        if (kf_text_equal(kf_yaml_key(map, i), kf_yaml_key(map, j))) {
            return true;
        }
    }
    return false;
}

static void merge_inherited_key(struct merger *merger, int parent, struct kf_yaml_node base,
                                size_t i, struct kf_yaml_node own)
{
    struct kf_yaml_node value = kf_yaml_get(own, kf_yaml_key(base, i));
    if (!kf_yaml_exists(value) || is_repeat(base, i)) {
        copy(merger, parent, key_at(base, i), 1);
        copy(merger, parent, kf_yaml_value(base, i), 1);
        return;
    }
    if (kf_yaml_is_null(value)) {
        return;
    }
    for (size_t j = 0; j < kf_yaml_count(own); j++) {
        if (kf_yaml_value(own, j).index == value.index) {
            copy(merger, parent, key_at(own, j), 0);
        }
    }
    merge_nodes(merger, parent, kf_yaml_value(base, i), value);
}

/* A key that the base does not have, or that is given twice. */
static void add_own_key(struct merger *merger, int parent, struct kf_yaml_node own, size_t i)
{
    struct kf_yaml_node value = kf_yaml_value(own, i);
    if (kf_yaml_is_null(value) && !is_repeat(own, i)) {
        if (!kf_yaml_fault_slip(own, i, merger->findings)) {
            kf_yaml_fault(value, merger->findings, kf_yaml_key(own, i), "remove the line",
                          "nothing is inherited under this key that could be taken away");
        }
        return;
    }
    copy(merger, parent, key_at(own, i), 0);
    copy(merger, parent, value, 0);
}

static void merge_maps(struct merger *merger, int parent, struct kf_yaml_node base,
                       struct kf_yaml_node own)
{
    int map = add(merger, parent, own, 0);
    for (size_t i = 0; i < kf_yaml_count(base) && !merger->failed; i++) {
        merge_inherited_key(merger, map, base, i, own);
    }
    for (size_t i = 0; i < kf_yaml_count(own) && !merger->failed; i++) {
        bool inherited = kf_yaml_exists(kf_yaml_get(base, kf_yaml_key(own, i)));
        if (!inherited || is_repeat(own, i)) {
            add_own_key(merger, map, own, i);
        }
    }
}

/* --- lists of items with an id --------------------------------------------------------------- */

static const char *id_at(struct kf_yaml_node list, size_t i)
{
    return kf_yaml_scalar(kf_yaml_get(kf_yaml_item(list, i), "id"));
}

/* The first item with this id; a node that does not exist when there is none. */
static struct kf_yaml_node find(struct kf_yaml_node list, const char *id)
{
    for (size_t i = 0; id && i < kf_yaml_count(list); i++) {
        if (kf_text_equal(id_at(list, i), id)) {
            return kf_yaml_item(list, i);
        }
    }
    return (struct kf_yaml_node){list.document, 0};
}

/* Lists merge by id when all items of the base have one, and some of the own. */
static bool merge_by_id(struct kf_yaml_node base, struct kf_yaml_node own)
{
    bool all = kf_yaml_count(base) > 0;
    bool any = false;
    for (size_t i = 0; i < kf_yaml_count(base); i++) {
        all = all && id_at(base, i);
    }
    for (size_t i = 0; i < kf_yaml_count(own); i++) {
        any = any || id_at(own, i);
    }
    return all && any;
}

/* `{id: x, remove: true}` */
static bool removes(struct merger *merger, struct kf_yaml_node item)
{
    struct kf_yaml_node remove = kf_yaml_get(item, "remove");
    if (!kf_yaml_exists(remove)) {
        return false;
    }
    if (!kf_text_equal(kf_yaml_scalar(remove), "true")) {
        kf_yaml_fault(remove, merger->findings, "remove", "write remove: true, or remove the key",
                      "can only be true");
    } else if (kf_yaml_count(item) > 2) {
        kf_yaml_fault(item, merger->findings, "remove", "write {id: …, remove: true}",
                      "an item that is taken away has no other keys");
    }
    return true;
}

static void fault_absent(struct merger *merger, struct kf_yaml_node base, struct kf_yaml_node item)
{
    const char *ids[IDS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < kf_yaml_count(base) && count < IDS_MAX; i++) {
        ids[count++] = id_at(base, i);
    }
    struct kf_yaml_node id = kf_yaml_get(item, "id");
    const char *nearest = kf_findings_is_full(merger->findings)
                              ? NULL
                              : kf_findings_suggest(kf_yaml_scalar(id), ids, count);
    char remedy[REMEDY_BYTES] = "remove the line";
    if (nearest) {
        (void)snprintf(remedy, sizeof remedy, "did you mean %s?", nearest);
    }
    kf_yaml_fault(id, merger->findings, "remove", remedy, "there is no such item to take away");
}

static void merge_lists(struct merger *merger, int parent, struct kf_yaml_node base,
                        struct kf_yaml_node own)
{
    int list = add(merger, parent, own, 0);
    for (size_t i = 0; i < kf_yaml_count(base) && !merger->failed; i++) {
        struct kf_yaml_node item = find(own, id_at(base, i));
        bool first = find(base, id_at(base, i)).index == kf_yaml_item(base, i).index;
        if (!kf_yaml_exists(item) || !first) {
            copy(merger, list, kf_yaml_item(base, i), 1);
        } else if (!removes(merger, item)) {
            merge_nodes(merger, list, kf_yaml_item(base, i), item);
        }
    }
    for (size_t i = 0; i < kf_yaml_count(own) && !merger->failed; i++) {
        struct kf_yaml_node item = kf_yaml_item(own, i);
        bool merged = find(own, id_at(own, i)).index == item.index &&
                      kf_yaml_exists(find(base, id_at(own, i)));
        if (merged) {
            continue;
        }
        if (id_at(own, i) && kf_yaml_exists(kf_yaml_get(item, "remove"))) {
            fault_absent(merger, base, item);
        } else {
            copy(merger, list, item, 0);
        }
    }
}

/* --- both ------------------------------------------------------------------------------------ */

static void merge_nodes(struct merger *merger, int parent, struct kf_yaml_node base,
                        struct kf_yaml_node own)
{
    bool small = kf_yaml_count(base) <= MERGED_MAX && kf_yaml_count(own) <= MERGED_MAX;
    if (small && kf_yaml_is_map(base) && kf_yaml_is_map(own)) {
        merge_maps(merger, parent, base, own);
    } else if (small && kf_yaml_is_list(base) && kf_yaml_is_list(own) && merge_by_id(base, own)) {
        merge_lists(merger, parent, base, own);
    } else {
        copy(merger, parent, own, 0);
    }
}

enum kf_err kf_yaml_merge(const struct kf_yaml *base, const struct kf_yaml *own,
                          struct kf_yaml **merged, struct kf_findings *findings,
                          struct kf_error *err)
{
    struct merger merger = {kf_yaml_tree_new(own->file), findings, false};
    if (merger.tree) {
        merge_nodes(&merger, 0, kf_yaml_root(base), kf_yaml_root(own));
    }
    if (!merger.tree || merger.failed || !kf_yaml_tree_link(merger.tree)) {
        kf_yaml_destroy(&merger.tree);
        return kf_error_set(err, KF_ERR_MEMORY, "no memory to read %s", own->file);
    }
    *merged = merger.tree;
    return KF_OK;
}
