/* What tells how far computed need goes towards the published one is made of: pairs of both, each
 * member weighted by its inhabitants (services/need/key/key_fit.h). */
#include "common/model/cell.h"
#include "tools/kf/explain_country.h"

static const struct kf_explain_rule r_squared_rule = {
    "r_squared",
    KF_EXPLAIN_R_SQUARED,
    "N4",
    {"1 − Σ(publisert − beregnet)² ÷ Σ(publisert − gjennomsnitt)², veid med folketall",
     "1 − Σ(published − computed)² ÷ Σ(published − mean)², weighted by inhabitants"}};
static const struct kf_explain_rule correlation_rule = {
    "correlation",
    KF_EXPLAIN_CORRELATION,
    "N4",
    {"korrelasjon mellom publisert og beregnet, veid med folketall",
     "correlation of published and computed, weighted by inhabitants"}};
static const struct kf_explain_rule distance_rule = {
    "mean_absolute_difference",
    KF_EXPLAIN_MEAN_DISTANCE,
    "N4",
    {"gjennomsnittlig avstand mellom publisert og beregnet, veid med folketall",
     "mean distance of published and computed, weighted by inhabitants"}};

/* Published and computed of every member that has both. */
static void add_pairs(struct kf_explain_walk *walk, struct kf_explain_node *node,
                      const struct kf_explain_key *key)
{
    struct kf_explain_key published =
        kf_explain_key_with(key, KF_TOPIC_NEED, "published_need_index");
    struct kf_explain_key computed = kf_explain_key_with(key, KF_TOPIC_NEED, "need_index");
    for (size_t k = 0; k < key->panel->members_len; k++) {
        published.member = k;
        computed.member = k;
        if (kf_explain_presence(&published) == KF_EXPLAIN_PRESENT &&
            kf_explain_presence(&computed) == KF_EXPLAIN_PRESENT &&
            kf_explain_is_inhabited(key->panel, k)) {
            kf_explain_add_weighted(walk, node, "published",
                                    kf_explain_population(walk, &published),
                                    kf_explain_result(walk, &published));
            kf_explain_add(walk, node, "computed", kf_explain_result(walk, &computed));
        }
    }
}

static void expand_r_squared(struct kf_explain_walk *walk, struct kf_explain_node *node,
                             const struct kf_explain_key *key)
{
    node->rule = &r_squared_rule;
    add_pairs(walk, node, key);
}

static void expand_correlation(struct kf_explain_walk *walk, struct kf_explain_node *node,
                               const struct kf_explain_key *key)
{
    node->rule = &correlation_rule;
    add_pairs(walk, node, key);
}

static void expand_distance(struct kf_explain_walk *walk, struct kf_explain_node *node,
                            const struct kf_explain_key *key)
{
    node->rule = &distance_rule;
    add_pairs(walk, node, key);
}

kf_explain_expand *kf_explain_key_fit(const struct kf_explain_key *key)
{
    static const struct kf_explain_measure measures[] = {
        {KF_TOPIC_STATISTICS, "r_squared", expand_r_squared},
        {KF_TOPIC_STATISTICS, "correlation", expand_correlation},
        {KF_TOPIC_STATISTICS, "mean_absolute_difference", expand_distance},
    };
    bool published =
        kf_panel_result(key->panel, KF_TOPIC_NEED, key->sector, "", "published_need_index") != NULL;
    return published ? kf_explain_by_table(measures, sizeof measures / sizeof measures[0], key)
                     : NULL;
}
