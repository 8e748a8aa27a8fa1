/* What indices are made of: contributions, sub-indices, the total, ranks (METHOD A4–A7, A9). */
#include <string.h>

#include "common/model/cell.h"
#include "tools/kf/explain_composition.h"

static const struct kf_explain_rule contribution_rule = {
    "contribution",
    KF_EXPLAIN_PRODUCT,
    "A7",
    {"vekt i sektoren × normalisert verdi", "weight in the sector × normalised value"}};
static const struct kf_explain_rule to_total_rule = {
    "contribution_to_total",
    KF_EXPLAIN_PRODUCT,
    "A7",
    {"sektorens vekt × vekt i sektoren × normalisert verdi",
     "weight of the sector × weight in the sector × normalised value"}};
static const struct kf_explain_rule index_rule = {
    "sector_index",
    KF_EXPLAIN_SUM,
    "A4",
    {"summen av indikatorenes bidrag", "sum of the indicators' contributions"}};
static const struct kf_explain_rule total_rule = {
    "total_index",
    KF_EXPLAIN_SUM,
    "A5",
    {"summen av sektorenes bidrag", "sum of the sectors' contributions"}};
static const struct kf_explain_rule sector_contribution_rule = {
    "sector_contribution",
    KF_EXPLAIN_SUM,
    "A7",
    {"summen av indikatorenes bidrag til totalen",
     "sum of the indicators' contributions to the total"}};
static const struct kf_explain_rule given_contribution_rule = {
    "given_contribution",
    KF_EXPLAIN_PRODUCT,
    "A7",
    {"sektorens vekt × delindeks", "weight of the sector × sub-index"}};
static const struct kf_explain_rule without_rule = {
    "index_without_imputed",
    KF_EXPLAIN_MEAN,
    "A2",
    {"det som er rapportert, vektene skalert til 1",
     "what was reported, the weights rescaled to 1"}};
static const struct kf_explain_rule complete_rule = {
    "complete", KF_EXPLAIN_SAME, "A2", {"ingenting er imputert", "nothing is imputed"}};
static const struct kf_explain_rule given_rule = {
    "renormalized",
    KF_EXPLAIN_SCALED,
    "A6",
    {"skala × publisert indeks ÷ gjennomsnitt", "scale × published index ÷ mean"}};
static const struct kf_explain_rule rank_rule = {
    "rank", KF_EXPLAIN_RANK, "A7", {"1 + antall medlemmer over", "1 + how many members are above"}};
static const struct kf_explain_rule rescaled_rule = {
    "rescaled_weight",
    KF_EXPLAIN_QUOTIENT,
    "A2",
    {"vekt ÷ summen av vektene til det som er rapportert",
     "weight ÷ the weights of what was reported"}};
static const struct kf_explain_rule reported_weight_rule = {
    "reported_weight",
    KF_EXPLAIN_SUM,
    "A2",
    {"vektene til det som er rapportert", "the weights of what was reported"}};

/* --- weights of a member ---------------------------------------------------------------------- */

/* Whether there is the value that is weighted: of an indicator, or of a sector. */
static enum kf_explain_presence weighted_value(const struct kf_explain_key *key)
{
    bool sector = !key->indicator || !key->indicator[0];
    struct kf_explain_key value = kf_explain_key_with(
        key, sector ? KF_TOPIC_INDEX : KF_TOPIC_INDICATOR, sector ? "index" : "normalized");
    return kf_explain_presence(&value);
}

/* Number `i` among the siblings of the key: indicators of its sector, or sectors. NULL behind the
 * last. */
static const char *sibling(const struct kf_explain_key *key, size_t i)
{
    const struct kf_edition *edition = key->panel->edition;
    if (!key->indicator || !key->indicator[0]) {
        return i < edition->sectors_len ? edition->sectors[i].id : NULL;
    }
    const struct kf_sector *sector = kf_explain_sector(key);
    return sector && i < sector->indicators_len ? sector->indicators[i].id : NULL;
}

static struct kf_explain_key sibling_key(const struct kf_explain_key *key, const char *id)
{
    struct kf_explain_key other = *key;
    if (!key->indicator || !key->indicator[0]) {
        other.sector = id;
    } else {
        other.indicator = id;
    }
    return other;
}

static void expand_reported_weight(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                   const struct kf_explain_key *key)
{
    struct kf_explain_key of = *key;
    node->rule = &reported_weight_rule;
    node->unit = "share";
    of.indicator = key->variable; /* "" or any indicator: which siblings are meant */
    for (size_t i = 0; sibling(&of, i); i++) {
        struct kf_explain_key other = sibling_key(&of, sibling(&of, i));
        if (weighted_value(&other) == KF_EXPLAIN_PRESENT) {
            kf_explain_add(walk, node, sibling(&of, i), kf_explain_weight(walk, &other));
        }
    }
}

/* True when every sibling of the key has a value for the member. */
static bool is_complete(const struct kf_explain_key *key)
{
    for (size_t i = 0; sibling(key, i); i++) {
        struct kf_explain_key other = sibling_key(key, sibling(key, i));
        if (weighted_value(&other) == KF_EXPLAIN_MISSING) {
            return false;
        }
    }
    return true;
}

static void expand_rescaled(struct kf_explain_walk *walk, struct kf_explain_node *node,
                            const struct kf_explain_key *key)
{
    bool of_sector = !key->indicator || !key->indicator[0];
    struct kf_explain_key all = kf_explain_key_with(key, KF_TOPIC_NONE, "reported_weight");
    all.variable = of_sector ? NULL : sibling(key, 0);
    all.indicator = NULL;
    all.sector = of_sector ? NULL : key->sector;
    node->rule = &rescaled_rule;
    node->unit = "share";
    kf_explain_add(walk, node, "weight", kf_explain_weight(walk, key));
    kf_explain_add(walk, node, "reported", kf_explain_derived(walk, &all, expand_reported_weight));
}

/* What the key's indicator or sector weighs for the member: rescaled when the rule `drop` leaves
 * some of its siblings out. */
static struct kf_explain_node *member_weight(struct kf_explain_walk *walk,
                                             const struct kf_explain_key *key)
{
    if (is_complete(key)) {
        return kf_explain_weight(walk, key);
    }
    struct kf_explain_key rescaled = kf_explain_key_with(key, KF_TOPIC_NONE, "rescaled_weight");
    return kf_explain_derived(walk, &rescaled, expand_rescaled);
}

/* --- contributions ---------------------------------------------------------------------------- */

static void expand_contribution(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                const struct kf_explain_key *key)
{
    struct kf_explain_key value = kf_explain_key_with(key, KF_TOPIC_INDICATOR, "normalized");
    node->rule = &contribution_rule;
    node->grid = key->panel->edition->scale;
    if (kf_explain_is_product(key)) {
        kf_explain_add_product_parts(walk, node, key);
        return;
    }
    kf_explain_add(walk, node, "weight", member_weight(walk, key));
    kf_explain_add(walk, node, "normalised", kf_explain_result(walk, &value));
}

static void expand_to_total(struct kf_explain_walk *walk, struct kf_explain_node *node,
                            const struct kf_explain_key *key)
{
    struct kf_explain_key value = kf_explain_key_with(key, KF_TOPIC_INDICATOR, "normalized");
    struct kf_explain_key sector = *key;
    sector.indicator = NULL;
    node->rule = &to_total_rule;
    node->grid = key->panel->edition->scale;
    kf_explain_add(walk, node, "weight of the sector", member_weight(walk, &sector));
    if (kf_explain_is_product(key)) {
        kf_explain_add_product_parts(walk, node, key);
        return;
    }
    kf_explain_add(walk, node, "weight in the sector", member_weight(walk, key));
    kf_explain_add(walk, node, "normalised", kf_explain_result(walk, &value));
}

/* The contributions of the sector's indicators that there are. */
static void add_indicators(struct kf_explain_walk *walk, struct kf_explain_node *node,
                           const struct kf_explain_key *key, const char *measure)
{
    const struct kf_sector *sector = kf_explain_sector(key);
    for (size_t i = 0; sector && i < sector->indicators_len; i++) {
        struct kf_explain_key part = kf_explain_key_with(key, KF_TOPIC_INDICATOR, measure);
        part.indicator = sector->indicators[i].id;
        struct kf_explain_node *contribution = kf_explain_result(walk, &part);
        if (contribution && kf_cell_has_value(contribution->status)) {
            kf_explain_add(walk, node, "indicator", contribution);
        }
    }
}

static void expand_sector_contribution(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                       const struct kf_explain_key *key)
{
    node->rule = &sector_contribution_rule;
    add_indicators(walk, node, key, "contribution_to_total");
    if (node->parts_len == 0) {
        struct kf_explain_key index = kf_explain_key_with(key, KF_TOPIC_INDEX, "index");
        node->rule = &given_contribution_rule;
        node->grid = key->panel->edition->scale;
        kf_explain_add(walk, node, "weight", member_weight(walk, key));
        kf_explain_add(walk, node, "sub-index", kf_explain_result(walk, &index));
    }
}

/* --- indices ---------------------------------------------------------------------------------- */

static const char *given_variable(const struct kf_explain_key *key)
{
    const struct kf_sector *sector = kf_explain_sector(key);
    return sector ? sector->given : key->panel->edition->given_total;
}

static struct kf_explain_node *given_of(struct kf_explain_walk *walk,
                                        const struct kf_explain_key *key)
{
    return kf_explain_cell(walk, key->panel, given_variable(key), key->member);
}

static void expand_given(struct kf_explain_walk *walk, struct kf_explain_node *node,
                         const struct kf_explain_key *key)
{
    node->rule = &given_rule;
    kf_explain_add(walk, node, "scale",
                   kf_explain_number(walk, "scale", "", key->panel->edition->scale));
    kf_explain_add(walk, node, "published index", given_of(walk, key));
    bool country = key->panel->edition->reference == KF_REFERENCE_COUNTRY;
    struct kf_explain_key whole = *key;
    whole.member = KF_EXPLAIN_COUNTRY;
    kf_explain_add(walk, node, country ? "country" : "mean",
                   country ? given_of(walk, &whole)
                           : kf_explain_group_mean(walk, key, "group_mean", given_of));
}

static void add_sectors(struct kf_explain_walk *walk, struct kf_explain_node *node,
                        const struct kf_explain_key *key)
{
    const struct kf_edition *edition = key->panel->edition;
    for (size_t s = 0; s < edition->sectors_len; s++) {
        struct kf_explain_key part = kf_explain_key_with(key, KF_TOPIC_INDEX, "contribution");
        part.sector = edition->sectors[s].id;
        struct kf_explain_node *contribution = kf_explain_result(walk, &part);
        if (contribution && kf_cell_has_value(contribution->status)) {
            kf_explain_add(walk, node, "sector", contribution);
        }
    }
}

static void expand_index(struct kf_explain_walk *walk, struct kf_explain_node *node,
                         const struct kf_explain_key *key)
{
    const char *given = given_variable(key);
    if (given && given[0]) {
        expand_given(walk, node, key);
    } else if (kf_explain_sector(key)) {
        node->rule = &index_rule;
        add_indicators(walk, node, key, "contribution");
    } else {
        node->rule = &total_rule;
        add_sectors(walk, node, key);
    }
}

/* --- the alternative without imputed cells ---------------------------------------------------- */

static void add_reported_indicators(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                    const struct kf_explain_key *key)
{
    const struct kf_sector *sector = kf_explain_sector(key);
    for (size_t i = 0; i < sector->indicators_len; i++) {
        struct kf_explain_key part = kf_explain_key_with(key, KF_TOPIC_INDICATOR, "normalized");
        part.indicator = sector->indicators[i].id;
        struct kf_explain_node *value = kf_explain_result(walk, &part);
        if (value && kf_cell_has_value(value->status) && !(value->status & KF_CELL_IMPUTED)) {
            kf_explain_add_weighted(walk, node, "indicator", kf_explain_weight(walk, &part), value);
        }
    }
}

static void add_reported_sectors(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                 const struct kf_explain_key *key)
{
    const struct kf_edition *edition = key->panel->edition;
    for (size_t s = 0; s < edition->sectors_len; s++) {
        struct kf_explain_key part =
            kf_explain_key_with(key, KF_TOPIC_INDEX, "index_without_imputed");
        part.sector = edition->sectors[s].id;
        struct kf_explain_node *value = kf_explain_result(walk, &part);
        if (value && kf_cell_has_value(value->status)) {
            kf_explain_add_weighted(walk, node, "sector", kf_explain_weight(walk, &part), value);
        }
    }
}

static void expand_without(struct kf_explain_walk *walk, struct kf_explain_node *node,
                           const struct kf_explain_key *key)
{
    struct kf_explain_key index = kf_explain_key_with(key, KF_TOPIC_INDEX, "index");
    struct kf_explain_node *with = kf_explain_result(walk, &index);
    if (with && with->value == node->value) {
        node->rule = &complete_rule;
        kf_explain_add(walk, node, "index", with);
        return;
    }
    node->rule = &without_rule;
    if (kf_explain_is_product(key)) {
        kf_explain_add_product_reported(walk, node, key);
    } else if (kf_explain_sector(key)) {
        add_reported_indicators(walk, node, key);
    } else {
        add_reported_sectors(walk, node, key);
    }
}

/* --- ranks ------------------------------------------------------------------------------------ */

static struct kf_explain_node *index_of(struct kf_explain_walk *walk,
                                        const struct kf_explain_key *key, size_t member)
{
    struct kf_explain_key index = kf_explain_key_with(key, KF_TOPIC_INDEX, "index");
    index.member = member;
    return kf_explain_result(walk, &index);
}

/* Marks who stands next to the member. */
static void tell_neighbours(struct kf_explain_node *node)
{
    struct kf_explain_part *above = NULL;
    struct kf_explain_part *below = NULL;
    double own = node->parts_len > 0 ? node->parts[0].node->value : 0;
    for (size_t i = 1; i < node->parts_len; i++) {
        struct kf_explain_part *at = &node->parts[i];
        if (at->node->value > own && (!above || at->node->value < above->node->value)) {
            above = at;
        }
        if (at->node->value < own && (!below || at->node->value > below->node->value)) {
            below = at;
        }
    }
    if (above) {
        above->role = "just above";
    }
    if (below) {
        below->role = "just below";
    }
}

static void expand_rank(struct kf_explain_walk *walk, struct kf_explain_node *node,
                        const struct kf_explain_key *key)
{
    node->rule = &rank_rule;
    kf_explain_add(walk, node, "own", index_of(walk, key, key->member));
    for (size_t k = 0; k < key->panel->members_len; k++) {
        struct kf_explain_node *other = index_of(walk, key, k);
        if (k != key->member && other && kf_cell_has_value(other->status)) {
            kf_explain_add(walk, node, "", other);
        }
    }
    tell_neighbours(node);
}

kf_explain_expand *kf_explain_aggregate(const struct kf_explain_key *key)
{
    static const struct kf_explain_measure measures[] = {
        {KF_TOPIC_INDICATOR, "contribution", expand_contribution},
        {KF_TOPIC_INDICATOR, "contribution_to_total", expand_to_total},
        {KF_TOPIC_INDEX, "index", expand_index},
        {KF_TOPIC_INDEX, "index_without_imputed", expand_without},
        {KF_TOPIC_INDEX, "contribution", expand_sector_contribution},
        {KF_TOPIC_INDEX, "rank", expand_rank},
    };
    return kf_explain_by_table(measures, sizeof measures / sizeof measures[0], key);
}
