/* What the group's statistics are made of: descriptives of a column (METHOD S1), regressions (I4).
 */
#include <string.h>

#include "common/model/cell.h"
#include "tools/kf/explain_walk.h"

static const struct kf_explain_rule minimum_rule = {
    "minimum", KF_EXPLAIN_MINIMUM, "S1", {"laveste verdi", "lowest value"}};
static const struct kf_explain_rule maximum_rule = {
    "maximum", KF_EXPLAIN_MAXIMUM, "S1", {"høyeste verdi", "highest value"}};
static const struct kf_explain_rule mean_rule = {
    "mean_weighted",
    KF_EXPLAIN_MEAN,
    "S1",
    {"gjennomsnitt, veid med folketall", "mean, weighted by inhabitants"}};
static const struct kf_explain_rule sd_weighted_rule = {
    "sd_weighted",
    KF_EXPLAIN_SD_WEIGHTED,
    "S1",
    {"standardavvik, veid med folketall, korrigert for få medlemmer",
     "standard deviation, weighted by inhabitants, with small-sample correction"}};
static const struct kf_explain_rule sd_unweighted_rule = {
    "sd_unweighted",
    KF_EXPLAIN_SD_UNWEIGHTED,
    "S1",
    {"standardavvik, uveid", "standard deviation, unweighted"}};
static const struct kf_explain_rule estimate_rule = {
    "least_squares",
    KF_EXPLAIN_ESTIMATE,
    "I4",
    {"minste kvadraters metode over alle kommuner",
     "ordinary least squares over all municipalities"}};
static const struct kf_explain_rule t_rule = {
    "t_value",
    KF_EXPLAIN_QUOTIENT,
    "I4",
    {"koeffisient ÷ standardfeil", "coefficient ÷ standard error"}};

/* The members' values of the column that the statistics are about. */
static void add_column(struct kf_explain_walk *walk, struct kf_explain_node *node,
                       const struct kf_explain_key *key, bool weighted)
{
    bool index = !key->indicator || !key->indicator[0];
    for (size_t k = 0; k < key->panel->members_len; k++) {
        struct kf_explain_key member = kf_explain_key_with(
            key, index ? KF_TOPIC_INDEX : KF_TOPIC_INDICATOR, index ? "index" : "normalized");
        member.member = k;
        struct kf_explain_node *value = kf_explain_result(walk, &member);
        if (value && kf_cell_has_value(value->status)) {
            kf_explain_add_weighted(walk, node, "member",
                                    weighted ? kf_explain_population(walk, &member) : NULL, value);
        }
    }
}

static void expand_minimum(struct kf_explain_walk *walk, struct kf_explain_node *node,
                           const struct kf_explain_key *key)
{
    node->rule = &minimum_rule;
    add_column(walk, node, key, false);
}

static void expand_maximum(struct kf_explain_walk *walk, struct kf_explain_node *node,
                           const struct kf_explain_key *key)
{
    node->rule = &maximum_rule;
    add_column(walk, node, key, false);
}

static void expand_mean(struct kf_explain_walk *walk, struct kf_explain_node *node,
                        const struct kf_explain_key *key)
{
    node->rule = &mean_rule;
    add_column(walk, node, key, true);
}

static void expand_sd_weighted(struct kf_explain_walk *walk, struct kf_explain_node *node,
                               const struct kf_explain_key *key)
{
    node->rule = &sd_weighted_rule;
    add_column(walk, node, key, true);
}

static void expand_sd_unweighted(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                 const struct kf_explain_key *key)
{
    node->rule = &sd_unweighted_rule;
    add_column(walk, node, key, false);
}

static const struct kf_correction *find_correction(const struct kf_explain_key *key)
{
    const struct kf_edition *edition = key->panel->edition;
    for (size_t i = 0; i < edition->corrections_len; i++) {
        if (strcmp(edition->corrections[i].id, key->sector) == 0) {
            return &edition->corrections[i];
        }
    }
    return NULL;
}

/* How many municipalities, and on what: the rows and columns themselves are too many to tell. */
static void expand_estimate(struct kf_explain_walk *walk, struct kf_explain_node *node,
                            const struct kf_explain_key *key)
{
    const struct kf_correction *correction = find_correction(key);
    node->rule = &estimate_rule;
    if (correction) {
        kf_explain_note(walk, node, "%s på %zu variabler over %zu kommuner",
                        "%s on %zu variables over %zu municipalities", correction->outcome,
                        correction->regressors_len,
                        key->panel->members_len + key->panel->others_len);
    }
}

static void expand_t(struct kf_explain_walk *walk, struct kf_explain_node *node,
                     const struct kf_explain_key *key)
{
    struct kf_explain_key coefficient =
        kf_explain_key_with(key, KF_TOPIC_STATISTICS, "coefficient");
    struct kf_explain_key error = kf_explain_key_with(key, KF_TOPIC_STATISTICS, "standard_error");
    node->rule = &t_rule;
    kf_explain_add(walk, node, "coefficient", kf_explain_result(walk, &coefficient));
    kf_explain_add(walk, node, "standard error", kf_explain_result(walk, &error));
}

kf_explain_expand *kf_explain_statistics(const struct kf_explain_key *key)
{
    static const struct kf_explain_measure measures[] = {
        {KF_TOPIC_STATISTICS, "minimum", expand_minimum},
        {KF_TOPIC_STATISTICS, "maximum", expand_maximum},
        {KF_TOPIC_STATISTICS, "mean_weighted", expand_mean},
        {KF_TOPIC_STATISTICS, "sd_weighted", expand_sd_weighted},
        {KF_TOPIC_STATISTICS, "sd_unweighted", expand_sd_unweighted},
        {KF_TOPIC_STATISTICS, "t_value", expand_t},
    };
    kf_explain_expand *expand =
        kf_explain_by_table(measures, sizeof measures / sizeof measures[0], key);
    expand = expand ? expand : kf_explain_key_fit(key);
    return expand || key->topic != KF_TOPIC_STATISTICS ? expand : expand_estimate;
}
