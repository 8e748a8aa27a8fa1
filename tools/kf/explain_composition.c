/* What a product of quantity and quality is made of (METHOD A9). */
#include "tools/kf/explain_composition.h"

#include <string.h>

#include "common/model/cell.h"
#include "services/aggregate/composition.h"

static const struct kf_explain_rule norm_rule = {
    "norm",
    KF_EXPLAIN_QUOTIENT,
    "A9",
    {"skala ÷ gruppens gjennomsnitt av mengde × kvalitet",
     "scale ÷ the group's mean of quantity × quality"}};
static const struct kf_explain_rule product_rule = {
    "quantity_times_quality",
    KF_EXPLAIN_SCALED,
    "A9",
    {"mengde × kvalitet ÷ skala", "quantity × quality ÷ scale"}};
static const struct kf_explain_rule one_rule = {
    "only_one_aspect",
    KF_EXPLAIN_SAME,
    "A9",
    {"bare det ene er rapportert", "only one of the two was reported"}};
static const struct kf_explain_rule mean_rule = {
    "aspect_mean",
    KF_EXPLAIN_MEAN,
    "A9",
    {"indikatorene av samme slag, veid", "indicators of one kind, weighted"}};
static const struct kf_explain_rule kind_rule = {"weights_of_the_aspect",
                                                 KF_EXPLAIN_SUM,
                                                 "A9",
                                                 {"vektene til det som er rapportert av samme slag",
                                                  "the weights of what was reported of this kind"}};
static const struct kf_explain_rule weight_rule = {
    "weight_in_the_aspect",
    KF_EXPLAIN_QUOTIENT,
    "A9",
    {"vekt ÷ vektene av samme slag", "weight ÷ the weights of this kind"}};
static const struct kf_explain_rule above_rule = {
    "above_scale", KF_EXPLAIN_DIFFERENCE, "A9", {"verdi − skala", "value − scale"}};
static const struct kf_explain_rule quality_rule = {
    "quality", KF_EXPLAIN_QUOTIENT, "A9", {"(verdi − skala) ÷ skala", "(value − scale) ÷ scale"}};
static const struct kf_explain_rule contribution_rule = {
    "contribution_to_product",
    KF_EXPLAIN_PRODUCT,
    "A9",
    {"vekt × norm × verdi; kvalitet: vekt × norm × mengde × avvik",
     "weight × norm × value; quality: weight × norm × quantity × deviation"}};
static const struct kf_explain_rule without_rule = {
    "product_without_imputed",
    KF_EXPLAIN_PRODUCT,
    "A9",
    {"norm × det som er rapportert", "norm × what was reported"}};

bool kf_explain_is_product(const struct kf_explain_key *key)
{
    const struct kf_sector *sector = kf_explain_sector(key);
    return sector && kf_composition_is_product(key->panel->edition, sector);
}

/* --- one kind --------------------------------------------------------------------------------- */

static const char *aspect_of(const struct kf_indicator *indicator)
{
    return indicator->aspect == KF_ASPECT_QUALITY ? "quality" : "quantity";
}

static struct kf_explain_node *normalized(struct kf_explain_walk *walk,
                                          const struct kf_explain_key *key)
{
    struct kf_explain_key value = kf_explain_key_with(key, KF_TOPIC_INDICATOR, "normalized");
    return kf_explain_result(walk, &value);
}

/* Adds the indicators of a kind that the member has; `variable` of the key names the kind. With
 * `weights` their weights are the parts, otherwise their values; with `reported` imputed ones do
 * not count. */
static void add_kind(struct kf_explain_walk *walk, struct kf_explain_node *node,
                     const struct kf_explain_key *key, bool weights, bool reported)
{
    const struct kf_sector *sector = kf_explain_sector(key);
    for (size_t i = 0; i < sector->indicators_len; i++) {
        struct kf_explain_key part = *key;
        part.indicator = sector->indicators[i].id;
        struct kf_explain_node *value = normalized(walk, &part);
        bool there = value && kf_cell_has_value(value->status) &&
                     !(reported && (value->status & KF_CELL_IMPUTED)) &&
                     strcmp(aspect_of(&sector->indicators[i]), key->variable) == 0;
        struct kf_explain_node *weight = there ? kf_explain_weight(walk, &part) : NULL;
        if (there && weights) {
            kf_explain_add(walk, node, part.indicator, weight);
        } else if (there) {
            kf_explain_add_weighted(walk, node, "indicator", weight, value);
        }
    }
}

static void expand_kind(struct kf_explain_walk *walk, struct kf_explain_node *node,
                        const struct kf_explain_key *key)
{
    node->rule = &kind_rule;
    node->unit = "share";
    add_kind(walk, node, key, true, false);
}

static void expand_mean(struct kf_explain_walk *walk, struct kf_explain_node *node,
                        const struct kf_explain_key *key)
{
    node->rule = &mean_rule;
    node->unit = "index";
    add_kind(walk, node, key, false, strcmp(key->measure, "reported_mean") == 0);
}

/* Q or K of a member. */
static struct kf_explain_node *mean_of(struct kf_explain_walk *walk,
                                       const struct kf_explain_key *key, const char *measure,
                                       const char *aspect)
{
    struct kf_explain_key mean = kf_explain_key_with(key, KF_TOPIC_NONE, measure);
    mean.variable = aspect;
    mean.indicator = NULL;
    return kf_explain_derived(walk, &mean, expand_mean);
}

static void expand_weight(struct kf_explain_walk *walk, struct kf_explain_node *node,
                          const struct kf_explain_key *key)
{
    struct kf_explain_key kind = kf_explain_key_with(key, KF_TOPIC_NONE, "weights_of_the_aspect");
    kind.variable = aspect_of(kf_explain_indicator(key));
    kind.indicator = NULL;
    node->rule = &weight_rule;
    node->unit = "share";
    kf_explain_add(walk, node, "weight", kf_explain_weight(walk, key));
    kf_explain_add(walk, node, "together", kf_explain_derived(walk, &kind, expand_kind));
}

/* --- the product ------------------------------------------------------------------------------ */

/* Q·K/scale, or the only one there is. */
static void add_product(struct kf_explain_walk *walk, struct kf_explain_node *node,
                        const struct kf_explain_key *key, const char *measure)
{
    struct kf_explain_node *quantity = mean_of(walk, key, measure, "quantity");
    struct kf_explain_node *quality = mean_of(walk, key, measure, "quality");
    bool both = kf_cell_has_value(quantity->status) && kf_cell_has_value(quality->status);
    node->rule = both ? &product_rule : &one_rule;
    node->unit = "index";
    if (!both) {
        kf_explain_add(walk, node, "", kf_cell_has_value(quantity->status) ? quantity : quality);
        return;
    }
    kf_explain_add(walk, node, "quantity", quantity);
    kf_explain_add(walk, node, "quality", quality);
    kf_explain_add(walk, node, "scale",
                   kf_explain_number(walk, "scale", "", key->panel->edition->scale));
}

static void expand_product(struct kf_explain_walk *walk, struct kf_explain_node *node,
                           const struct kf_explain_key *key)
{
    add_product(walk, node, key, "mean");
}

static void expand_reported(struct kf_explain_walk *walk, struct kf_explain_node *node,
                            const struct kf_explain_key *key)
{
    add_product(walk, node, key, "reported_mean");
}

static struct kf_explain_node *product_of(struct kf_explain_walk *walk,
                                          const struct kf_explain_key *key)
{
    struct kf_explain_key product =
        kf_explain_key_with(key, KF_TOPIC_NONE, "quantity_times_quality");
    return kf_explain_derived(walk, &product, expand_product);
}

static void expand_norm(struct kf_explain_walk *walk, struct kf_explain_node *node,
                        const struct kf_explain_key *key)
{
    node->rule = &norm_rule;
    node->unit = "ratio";
    kf_explain_add(walk, node, "scale",
                   kf_explain_number(walk, "scale", "", key->panel->edition->scale));
    kf_explain_add(walk, node, "mean",
                   kf_explain_group_mean(walk, key, "mean_product", product_of));
}

/* With the country as reference its own product is the scale already. */
static struct kf_explain_node *norm_of(struct kf_explain_walk *walk,
                                       const struct kf_explain_key *key)
{
    struct kf_explain_key norm = kf_explain_key_with(key, KF_TOPIC_NONE, "norm");
    norm.member = KF_EXPLAIN_GROUP;
    norm.indicator = NULL;
    return key->panel->edition->reference == KF_REFERENCE_COUNTRY
               ? kf_explain_number(walk, "norm", "ratio", 1)
               : kf_explain_derived(walk, &norm, expand_norm);
}

/* --- contributions ---------------------------------------------------------------------------- */

static void expand_above(struct kf_explain_walk *walk, struct kf_explain_node *node,
                         const struct kf_explain_key *key)
{
    node->rule = &above_rule;
    node->unit = "index";
    kf_explain_add(walk, node, "normalised", normalized(walk, key));
    kf_explain_add(walk, node, "scale",
                   kf_explain_number(walk, "scale", "", key->panel->edition->scale));
}

static void expand_quality(struct kf_explain_walk *walk, struct kf_explain_node *node,
                           const struct kf_explain_key *key)
{
    struct kf_explain_key above = kf_explain_key_with(key, KF_TOPIC_NONE, "above_scale");
    node->rule = &quality_rule;
    node->unit = "ratio";
    kf_explain_add(walk, node, "above scale", kf_explain_derived(walk, &above, expand_above));
    kf_explain_add(walk, node, "scale",
                   kf_explain_number(walk, "scale", "", key->panel->edition->scale));
}

void kf_explain_add_product_parts(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                  const struct kf_explain_key *key)
{
    struct kf_explain_key weight = kf_explain_key_with(key, KF_TOPIC_NONE, "weight_in_the_aspect");
    struct kf_explain_key quality = kf_explain_key_with(key, KF_TOPIC_NONE, "quality");
    struct kf_explain_node *quantity = mean_of(walk, key, "mean", "quantity");
    bool is_quality = kf_explain_indicator(key)->aspect == KF_ASPECT_QUALITY;
    node->rule = &contribution_rule;
    kf_explain_add(walk, node, "weight", kf_explain_derived(walk, &weight, expand_weight));
    kf_explain_add(walk, node, "norm", norm_of(walk, key));
    if (is_quality && kf_cell_has_value(quantity->status)) {
        kf_explain_add(walk, node, "quantity", quantity);
        kf_explain_add(walk, node, "quality", kf_explain_derived(walk, &quality, expand_quality));
    } else {
        kf_explain_add(walk, node, "normalised", normalized(walk, key));
    }
}

void kf_explain_add_product_reported(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                     const struct kf_explain_key *key)
{
    struct kf_explain_key reported = kf_explain_key_with(key, KF_TOPIC_NONE, "reported_product");
    node->rule = &without_rule;
    kf_explain_add(walk, node, "norm", norm_of(walk, key));
    kf_explain_add(walk, node, "reported", kf_explain_derived(walk, &reported, expand_reported));
}
