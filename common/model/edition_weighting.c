/* Editions from YAML: weights by rule, as a tree of parts (METHOD W1–W8). */
#include <stdio.h>
#include <string.h>

#include "common/base/text.h"
#include "common/model/edition_reader.h"

#define SHARE_MAX          1e9
#define MAIN_SHARE         0.8 /* METHOD W2 */
#define SUPPLEMENTARY      0.2
#define CLOSURE_DIGITS_MAX 9

static const char *const weighting_keys[] = {"rule", "closure",       "parts",
                                             "main", "supplementary", NULL};
static const char *const split_keys[] = {"rule",  "parts",  "main", "supplementary",
                                         "share", "amount", NULL};
static const char *const indicator_keys[] = {"indicator", "share", "amount", NULL};
static const char *const sector_keys[] = {"sector", "share", "amount", NULL};
static const char *const sizes[] = {"share", "amount", NULL};
static const char *const closure_keys[] = {"decimals", "absorbs", NULL};
static const char *const closure_words[] = {"last", "remainder", NULL};
static const char *const rule_words[] = {"budget", "main",     "equal", "quantity",
                                         "chosen", "resource", NULL};

/* A weighting while it is read. */
struct tree {
    struct kf_edition_reader *reader;
    struct kf_weighting *weighting;
    const struct kf_edition_items *items;
    struct kf_yaml_node *named; /* [items->count], where an item stands */
    size_t room;
    bool full;
};

/* The part under which parts are read, and what they have in common. */
struct above {
    int part;
    enum kf_weight_rule rule;
    int level;        /* of the part; the first has 1 */
    const char *size; /* "share" or "amount", whichever the first of the siblings has */
    const char *unit; /* of the first amount */
};

static struct kf_weight_part *add_part(struct tree *tree, struct kf_yaml_node node,
                                       const struct above *above, enum kf_weight_rule rule)
{
    struct kf_weighting *weighting = tree->weighting;
    if (weighting->parts_len == tree->room || above->level >= KF_WEIGHT_LEVELS_MAX) {
        if (!tree->full) {
            kf_yaml_fault_format(node, tree->reader->findings, "weights",
                                 "split the weights more simply",
                                 "a weighting has at most %d parts on %d levels",
                                 KF_WEIGHT_PARTS_MAX, KF_WEIGHT_LEVELS_MAX);
        }
        tree->full = true;
        return NULL;
    }
    struct kf_weight_part *part = &weighting->parts[weighting->parts_len++];
    *part = (struct kf_weight_part){.parent = above->part, .rule = rule, .item = ""};
    return part;
}

/* --- share and amount ------------------------------------------------------------------------ */

static bool shared_by_rule(enum kf_weight_rule rule)
{
    return rule == KF_WEIGHT_EQUAL || rule == KF_WEIGHT_MAIN;
}

static const char *word_of(enum kf_weight_rule rule)
{
    return rule_words[rule - KF_WEIGHT_BUDGET];
}

/* Siblings are measured in the same way, or their sizes mean nothing together. */
static void check_siblings(struct tree *tree, struct kf_yaml_node node, const char *size,
                           const char *unit, struct above *above)
{
    if (above->size && strcmp(above->size, size) != 0) {
        kf_yaml_fault(node, tree->reader->findings, size,
                      "give all parts that stand together shares, or all of them amounts",
                      "shares and amounts cannot be compared");
    } else if (above->unit && above->unit[0] && unit[0] && strcmp(above->unit, unit) != 0) {
        kf_yaml_fault_format(node, tree->reader->findings, size,
                             "give all parts that stand together amounts of one unit",
                             "an amount in %s stands beside one in %s", unit, above->unit);
    }
    above->size = above->size ? above->size : size;
    above->unit = above->unit && above->unit[0] ? above->unit : unit;
}

static void read_share_or_amount(struct tree *tree, struct kf_yaml_node node, struct above *above,
                                 struct kf_weight_part *part)
{
    struct kf_edition_reader *reader = tree->reader;
    int chosen = kf_edition_choose(reader, node, sizes);
    if (shared_by_rule(above->rule)) {
        if (chosen >= 0) {
            kf_yaml_fault_format(kf_yaml_get(node, sizes[chosen]), reader->findings, sizes[chosen],
                                 "remove it", "is not written here: the rule %s says the shares",
                                 word_of(above->rule));
        }
        return;
    }
    if (chosen == 1 && above->rule != KF_WEIGHT_CHOSEN) {
        part->amount = kf_edition_amount(reader, node, "amount");
        check_siblings(tree, kf_yaml_get(node, "amount"), "amount",
                       kf_edition_unit(reader, &part->amount), above);
        return;
    }
    part->share = kf_edition_positive(reader, node, "share", SHARE_MAX, 1);
    if (chosen == 0) {
        check_siblings(tree, kf_yaml_get(node, "share"), "share", "", above);
    }
}

/* --- items ----------------------------------------------------------------------------------- */

static const char *const *item_keys(const struct tree *tree)
{
    return strcmp(tree->items->kind, "sector") == 0 ? sector_keys : indicator_keys;
}

static void fault_unknown_item(struct tree *tree, struct kf_yaml_node node)
{
    const char *known[KF_INDICATORS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < tree->items->count; i++) {
        if (tree->items->ids[i] && tree->items->ids[i][0]) {
            known[count++] = tree->items->ids[i];
        }
    }
    const char *text = kf_yaml_scalar(node);
    const char *nearest = text && !kf_findings_is_full(tree->reader->findings)
                              ? kf_findings_suggest(text, known, count)
                              : NULL;
    char remedy[KF_REMEDY_BYTES] = "name one that has a weight here, or remove the part";
    if (nearest) {
        (void)snprintf(remedy, sizeof remedy, "did you mean %s?", nearest);
    }
    kf_yaml_fault_format(node, tree->reader->findings, tree->items->kind, remedy,
                         "is no %s that gets a weight here", tree->items->kind);
}

/* The item that the scalar names, each once; "" with a finding otherwise. */
static const char *read_item(struct tree *tree, struct kf_yaml_node node)
{
    const char *text = kf_yaml_scalar(node);
    for (size_t i = 0; text && i < tree->items->count; i++) {
        if (!kf_text_equal(text, tree->items->ids[i])) {
            continue;
        }
        if (kf_yaml_exists(tree->named[i])) {
            kf_yaml_fault_format(node, tree->reader->findings, tree->items->kind,
                                 "keep one of the two", "is named on line %llu already",
                                 (unsigned long long)kf_yaml_line(tree->named[i]));
        }
        tree->named[i] = node;
        return tree->items->ids[i];
    }
    fault_unknown_item(tree, node);
    return "";
}

/* An id that stands by itself: only where the rule says the shares. */
static void read_bare_item(struct tree *tree, struct kf_yaml_node node, struct above *above)
{
    struct kf_weight_part *part = add_part(tree, node, above, KF_WEIGHT_ITEM);
    if (!part) {
        return;
    }
    part->item = read_item(tree, node);
    if (!shared_by_rule(above->rule)) {
        char remedy[KF_REMEDY_BYTES];
        (void)snprintf(remedy, sizeof remedy, "write {%s: %s, share: NUMBER}%s", tree->items->kind,
                       kf_yaml_scalar(node) ? kf_yaml_scalar(node) : "ID",
                       above->rule == KF_WEIGHT_CHOSEN ? "" : ", or amount: VARIABLE");
        kf_yaml_fault_format(node, tree->reader->findings, tree->items->kind, remedy,
                             "has no share, and the rule %s does not say it", word_of(above->rule));
    }
}

/* --- splits ---------------------------------------------------------------------------------- */

static void read_split(struct tree *tree, struct kf_yaml_node node, struct above *above);

static void read_part(struct tree *tree, struct kf_yaml_node node, struct above *above)
{
    if (!kf_yaml_is_map(node)) {
        read_bare_item(tree, node, above);
        return;
    }
    if (kf_yaml_exists(kf_yaml_get(node, "rule"))) {
        read_split(tree, node, above);
        return;
    }
    kf_yaml_check_keys(node, item_keys(tree), tree->reader->findings);
    struct kf_weight_part *part = add_part(tree, node, above, KF_WEIGHT_ITEM);
    if (!part) {
        return;
    }
    struct kf_yaml_node item = kf_yaml_get(node, tree->items->kind);
    if (kf_yaml_exists(item)) {
        part->item = read_item(tree, item);
    } else {
        kf_yaml_fault_missing(node, tree->reader->findings, tree->items->kind, "ID");
    }
    read_share_or_amount(tree, node, above, part);
}

static void read_parts(struct tree *tree, struct kf_yaml_node list, struct above *above)
{
    for (size_t i = 0; i < kf_yaml_count(list) && !tree->full; i++) {
        read_part(tree, kf_yaml_item(list, i), above);
    }
}

/* METHOD W2: one side of main and supplementary; several ids are split equally. */
static void read_side(struct tree *tree, struct kf_yaml_node node, const char *key, double share,
                      struct above *above)
{
    struct kf_yaml_node side = kf_yaml_get(node, key);
    struct kf_edition_reader *reader = tree->reader;
    if (!kf_yaml_exists(side)) {
        kf_yaml_fault_missing(node, reader->findings, key, "[ID]");
        return;
    }
    size_t first = tree->weighting->parts_len;
    if (!kf_yaml_is_list(side) || kf_yaml_count(side) == 1) {
        read_part(tree, kf_yaml_is_list(side) ? kf_yaml_item(side, 0) : side, above);
    } else {
        side = kf_edition_list(reader, node, key, 1, KF_INDICATORS_MAX);
        struct kf_weight_part *part = add_part(tree, side, above, KF_WEIGHT_EQUAL);
        if (part) {
            struct above equal = {
                .part = (int)first, .rule = KF_WEIGHT_EQUAL, .level = above->level + 1};
            read_parts(tree, side, &equal);
        }
    }
    if (tree->weighting->parts_len > first) {
        tree->weighting->parts[first].share = share;
    }
}

/* Keys of the other kind of split: inherited ones are replaced with the rule, own ones are wrong.
 */
static void refuse_other_keys(struct tree *tree, struct kf_yaml_node node, enum kf_weight_rule rule)
{
    static const char *const of_main[] = {"main", "supplementary", NULL};
    static const char *const of_others[] = {"parts", NULL};
    const char *const *wrong = rule == KF_WEIGHT_MAIN ? of_others : of_main;
    unsigned level = kf_yaml_level(kf_yaml_get(node, "rule"));
    for (size_t i = 0; wrong[i]; i++) {
        struct kf_yaml_node key = kf_yaml_get(node, wrong[i]);
        if (kf_yaml_exists(key) && kf_yaml_level(key) <= level) {
            kf_yaml_fault_format(key, tree->reader->findings, wrong[i],
                                 rule == KF_WEIGHT_MAIN
                                     ? "write main: […] and supplementary: […] instead"
                                     : "write parts: […] instead",
                                 "does not go with the rule %s", word_of(rule));
        }
    }
}

static enum kf_weight_rule read_rule(struct tree *tree, struct kf_yaml_node node)
{
    int word = kf_edition_word(tree->reader, node, "rule", rule_words, true);
    return word > 0 ? (enum kf_weight_rule)(KF_WEIGHT_BUDGET + word - 1) : KF_WEIGHT_ITEM;
}

/* What stands under a part whose rule is known; its number is `part`. */
static void read_below(struct tree *tree, struct kf_yaml_node node, int part, int level)
{
    struct above above = {.part = part, .rule = tree->weighting->parts[part].rule, .level = level};
    if (above.rule == KF_WEIGHT_ITEM) {
        return; /* the rule is wrong, which has been told */
    }
    refuse_other_keys(tree, node, above.rule);
    if (above.rule == KF_WEIGHT_MAIN) {
        read_side(tree, node, "main", MAIN_SHARE, &above);
        read_side(tree, node, "supplementary", SUPPLEMENTARY, &above);
    } else {
        read_parts(tree, kf_edition_list(tree->reader, node, "parts", 1, KF_WEIGHT_PARTS_MAX),
                   &above);
    }
}

static void read_split(struct tree *tree, struct kf_yaml_node node, struct above *above)
{
    kf_yaml_check_keys(node, split_keys, tree->reader->findings);
    int number = (int)tree->weighting->parts_len;
    struct kf_weight_part *part = add_part(tree, node, above, read_rule(tree, node));
    if (part) {
        read_share_or_amount(tree, node, above, part);
        read_below(tree, node, number, above->level + 1);
    }
}

/* --- the whole ------------------------------------------------------------------------------- */

static void read_closure(struct kf_edition_reader *reader, struct kf_yaml_node node,
                         struct kf_weighting *weighting)
{
    static const struct kf_yaml_range digits = {1, CLOSURE_DIGITS_MAX};
    struct kf_yaml_node closure = kf_yaml_get(node, "closure");
    weighting->closure = KF_CLOSURE_NONE;
    if (!kf_yaml_exists(closure)) {
        return;
    }
    kf_yaml_check_keys(closure, closure_keys, reader->findings);
    if (!kf_yaml_is_map(closure)) {
        return;
    }
    long decimals = 1;
    (void)kf_yaml_get_whole(closure, "decimals", true, digits, &decimals, reader->findings);
    int word = kf_edition_word(reader, closure, "absorbs", closure_words, true);
    weighting->decimals = (int)decimals;
    weighting->closure = word > 0 ? (enum kf_closure)(KF_CLOSURE_NONE + word) : KF_CLOSURE_LAST;
}

/* Told only when there is nothing else to tell: what is wrong mostly names nothing. */
static void check_all_named(struct tree *tree, struct kf_yaml_node node)
{
    const struct kf_edition_items *items = tree->items;
    for (size_t i = 0; i < items->count; i++) {
        if (items->ids[i] && items->ids[i][0] && !kf_yaml_exists(tree->named[i])) {
            kf_yaml_fault_format(node, tree->reader->findings, "weights",
                                 "add a part that names it", "no part names the %s %s", items->kind,
                                 items->ids[i]);
        }
    }
}

/* Nodes below, which no number of parts can exceed. */
static size_t count_below(struct kf_yaml_node node)
{
    size_t count = 1;
    for (size_t i = 0; i < kf_yaml_count(node); i++) {
        count += count_below(kf_yaml_is_map(node) ? kf_yaml_value(node, i) : kf_yaml_item(node, i));
    }
    return count;
}

void kf_edition_weighting(struct kf_edition_reader *reader, struct kf_yaml_node node,
                          const struct kf_edition_items *items, struct kf_weighting *weighting)
{
    kf_yaml_check_keys(node, weighting_keys, reader->findings);
    if (!kf_yaml_is_map(node) || reader->failed) {
        return;
    }
    uint64_t before = kf_findings_count(reader->findings);
    size_t below = count_below(node);
    struct tree tree = {.reader = reader, .weighting = weighting, .items = items};
    tree.room = below < KF_WEIGHT_PARTS_MAX ? below : KF_WEIGHT_PARTS_MAX;
    weighting->parts = kf_edition_room(reader, tree.room, sizeof *weighting->parts);
    tree.named = kf_edition_room(reader, items->count, sizeof *tree.named);
    if (!weighting->parts || !tree.named) {
        return;
    }
    struct above none = {.part = -1, .rule = KF_WEIGHT_EQUAL};
    (void)add_part(&tree, node, &none, read_rule(&tree, node));
    read_below(&tree, node, 0, 1);
    read_closure(reader, node, weighting);
    if (kf_findings_count(reader->findings) == before) {
        check_all_named(&tree, node);
    }
}
