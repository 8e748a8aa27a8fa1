/* What shares of disposable income, and deviations adjusted for it, are made of (METHOD R11, R12).
 */
#include <math.h>
#include <string.h>

#include "common/base/numbers.h"
#include "common/model/cell.h"
#include "services/need/use/per_capita.h"
#include "tools/kf/explain_deviation.h"
#include "tools/kf/explain_spending.h"

static const struct kf_explain_rule levels_rule = {
    "levels_together",
    KF_EXPLAIN_SUM,
    "R11",
    {"summen av det landet bruker inntekten til, per innbygger",
     "sum of what the country uses income for, per inhabitant"}};
static const struct kf_explain_rule share_rule = {
    "income_share",
    KF_EXPLAIN_QUOTIENT,
    "R11",
    {"landets kroner per innbygger ÷ alle anvendelser til sammen",
     "the country's kr per inhabitant ÷ all uses together"}};
static const struct kf_explain_rule closed_rule = {
    "closed",
    KF_EXPLAIN_SUM,
    "R11",
    {"største andel: tar også det avrunding etterlater",
     "largest share: takes what rounding leaves, too"}};
static const struct kf_explain_rule rounding_rule = {
    "left_by_rounding",
    KF_EXPLAIN_DIFFERENCE,
    "R11",
    {"det summen skal være − alle ledd", "what the sum is to be − all terms"}};
static const struct kf_explain_rule side_share_rule = {
    "share_of_side",
    KF_EXPLAIN_SUM,
    "R12",
    {"summen av sektorenes andeler", "sum of the sectors' shares"}};
static const struct kf_explain_rule explained_rule = {
    "explained_income",
    KF_EXPLAIN_SUM,
    "R10",
    {"summen av avvikene i det inntekten brukes til",
     "sum of the deviations of what income is used for"}};
static const struct kf_explain_rule expected_rule = {
    "expected_use",
    KF_EXPLAIN_PRODUCT,
    "R11",
    {"andel × avvik i disponibel inntekt", "share × deviation of disposable income"}};
static const struct kf_explain_rule adjusted_rule = {
    "income_adjusted",
    KF_EXPLAIN_DIFFERENCE,
    "R11",
    {"avvik − det inntekten tilsier", "deviation − what income would give"}};
static const struct kf_explain_rule side_rule = {
    "income_adjusted_side", KF_EXPLAIN_SUM, "R11", {"summen av sektorenes", "sum of the sectors'"}};

bool kf_explain_income_is_given(const struct kf_panel *panel)
{
    return kf_explain_is_reported(panel, &panel->edition->income);
}

/* The sectors of a side that the key's sector names; none for a single use. */
static struct kf_explain_uses side_of(const struct kf_explain_key *key)
{
    if (strcmp(key->sector, KF_SECTOR_INSIDE) == 0) {
        return kf_explain_uses_of(key->panel, KF_EXPLAIN_INSIDE);
    }
    return strcmp(key->sector, KF_SECTOR_OUTSIDE) == 0
               ? kf_explain_uses_of(key->panel, KF_EXPLAIN_OUTSIDE)
               : (struct kf_explain_uses){.count = 0};
}

/* The published number of another use. */
static struct kf_explain_node *of_use(struct kf_explain_walk *walk,
                                      const struct kf_explain_key *key, const char *measure,
                                      const char *use)
{
    struct kf_explain_key other = kf_explain_key_with(key, KF_TOPIC_RESOURCE_USE, measure);
    other.sector = use;
    return kf_explain_result(walk, &other);
}

static void add_side(struct kf_explain_walk *walk, struct kf_explain_node *node,
                     const struct kf_explain_key *key, const struct kf_explain_uses *side)
{
    for (size_t i = 0; i < side->count; i++) {
        kf_explain_add(walk, node, "sector", of_use(walk, key, key->measure, side->ids[i]));
    }
}

/* --- shares ----------------------------------------------------------------------------------- */

static struct kf_explain_node *level_of(struct kf_explain_walk *walk,
                                        const struct kf_explain_key *key, const char *use)
{
    struct kf_explain_key own = *key;
    own.sector = use;
    return kf_explain_use_level(walk, &own);
}

static void expand_levels(struct kf_explain_walk *walk, struct kf_explain_node *node,
                          const struct kf_explain_key *key)
{
    struct kf_explain_uses uses = kf_explain_uses_of(key->panel, KF_EXPLAIN_ALL);
    node->rule = &levels_rule;
    node->unit = "kr/persons";
    for (size_t i = 0; i < uses.count; i++) {
        kf_explain_add(walk, node, "use", level_of(walk, key, uses.ids[i]));
    }
}

static struct kf_explain_node *levels_of(struct kf_explain_walk *walk,
                                         const struct kf_explain_key *key)
{
    struct kf_explain_key all = kf_explain_key_with(key, KF_TOPIC_NONE, "levels_together");
    all.sector = KF_SECTOR_INCOME;
    all.member = KF_EXPLAIN_COUNTRY;
    return kf_explain_derived(walk, &all, expand_levels);
}

/* The use whose share is furthest from zero, the first of equal ones: it takes what rounding
 * leaves. */
static bool is_largest(struct kf_explain_walk *walk, const struct kf_explain_key *key)
{
    struct kf_explain_uses uses = kf_explain_uses_of(key->panel, KF_EXPLAIN_ALL);
    double whole = levels_of(walk, key)->value;
    size_t largest = 0;
    double most = -1;
    for (size_t i = 0; i < uses.count; i++) {
        double share = fabs(kf_grid(level_of(walk, key, uses.ids[i])->value / whole, 1));
        largest = share > most ? i : largest;
        most = fmax(share, most);
    }
    return uses.count > 0 && strcmp(uses.ids[largest], key->sector) == 0;
}

/* What is missing to `whole` when `unclosed` is taken beside the other uses' published numbers. */
static void add_rounding(struct kf_explain_walk *walk, struct kf_explain_node *node,
                         const struct kf_explain_key *key, double whole,
                         struct kf_explain_node *unclosed)
{
    struct kf_explain_uses uses = kf_explain_uses_of(key->panel, KF_EXPLAIN_ALL);
    node->rule = &rounding_rule;
    node->unit = unclosed->unit;
    kf_explain_add(walk, node, "whole", kf_explain_number(walk, "whole", unclosed->unit, whole));
    kf_explain_add(walk, node, "unrounded", unclosed);
    for (size_t i = 0; i < uses.count; i++) {
        if (strcmp(uses.ids[i], key->sector) != 0) {
            kf_explain_add(walk, node, "use", of_use(walk, key, key->measure, uses.ids[i]));
        }
    }
}

static void expand_unclosed_share(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                  const struct kf_explain_key *key)
{
    node->rule = &share_rule;
    node->unit = "share";
    node->grid = 1;
    kf_explain_add(walk, node, "country", level_of(walk, key, key->sector));
    kf_explain_add(walk, node, "together", levels_of(walk, key));
}

static struct kf_explain_node *unclosed_share(struct kf_explain_walk *walk,
                                              const struct kf_explain_key *key)
{
    struct kf_explain_key unclosed = kf_explain_key_with(key, KF_TOPIC_NONE, "unclosed_share");
    return kf_explain_derived(walk, &unclosed, expand_unclosed_share);
}

static void expand_share_left(struct kf_explain_walk *walk, struct kf_explain_node *node,
                              const struct kf_explain_key *key)
{
    struct kf_explain_key share = *key;
    share.measure = "income_share";
    add_rounding(walk, node, &share, 1, unclosed_share(walk, &share));
}

static void expand_share(struct kf_explain_walk *walk, struct kf_explain_node *node,
                         const struct kf_explain_key *key)
{
    struct kf_explain_uses side = side_of(key);
    if (side.count > 0) {
        node->rule = &side_share_rule;
        add_side(walk, node, key, &side);
    } else if (is_largest(walk, key)) {
        struct kf_explain_key left = kf_explain_key_with(key, KF_TOPIC_NONE, "share_left");
        node->rule = &closed_rule;
        kf_explain_add(walk, node, "share", unclosed_share(walk, key));
        kf_explain_add(walk, node, "rounding", kf_explain_derived(walk, &left, expand_share_left));
    } else {
        expand_unclosed_share(walk, node, key);
    }
}

/* --- adjusted for income ---------------------------------------------------------------------- */

static void expand_explained(struct kf_explain_walk *walk, struct kf_explain_node *node,
                             const struct kf_explain_key *key)
{
    node->rule = &explained_rule;
    node->unit = "kr/persons";
    kf_explain_add_income_uses(walk, node, key);
}

/* D_k: of income that is not given its own deviation. */
static struct kf_explain_node *explained_income(struct kf_explain_walk *walk,
                                                const struct kf_explain_key *key)
{
    struct kf_explain_key explained = kf_explain_key_with(key, KF_TOPIC_NONE, "explained_income");
    explained.sector = KF_SECTOR_INCOME;
    return kf_explain_income_is_given(key->panel)
               ? kf_explain_derived(walk, &explained, expand_explained)
               : kf_explain_deviation(walk, key, KF_SECTOR_INCOME);
}

static void expand_expected(struct kf_explain_walk *walk, struct kf_explain_node *node,
                            const struct kf_explain_key *key)
{
    node->rule = &expected_rule;
    node->unit = "kr/persons";
    kf_explain_add(walk, node, "share", of_use(walk, key, "income_share", key->sector));
    kf_explain_add(walk, node, "income", explained_income(walk, key));
}

static void expand_unclosed(struct kf_explain_walk *walk, struct kf_explain_node *node,
                            const struct kf_explain_key *key)
{
    struct kf_explain_key expected = kf_explain_key_with(key, KF_TOPIC_NONE, "expected_use");
    node->rule = &adjusted_rule;
    node->unit = "kr/persons";
    node->grid = KF_PER_CAPITA_SCALE;
    kf_explain_add(walk, node, "deviation", kf_explain_deviation(walk, key, key->sector));
    kf_explain_add(walk, node, "expected", kf_explain_derived(walk, &expected, expand_expected));
}

static struct kf_explain_node *unclosed_of(struct kf_explain_walk *walk,
                                           const struct kf_explain_key *key)
{
    struct kf_explain_key unclosed = kf_explain_key_with(key, KF_TOPIC_NONE, "unclosed_adjusted");
    return kf_explain_derived(walk, &unclosed, expand_unclosed);
}

static void expand_adjusted_left(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                 const struct kf_explain_key *key)
{
    struct kf_explain_key adjusted = *key;
    adjusted.measure = "income_adjusted_kr_per_capita";
    add_rounding(walk, node, &adjusted, 0, unclosed_of(walk, &adjusted));
}

static void expand_adjusted(struct kf_explain_walk *walk, struct kf_explain_node *node,
                            const struct kf_explain_key *key)
{
    struct kf_explain_uses side = side_of(key);
    if (side.count > 0) {
        node->rule = &side_rule;
        add_side(walk, node, key, &side);
    } else if (is_largest(walk, key)) {
        struct kf_explain_key left = kf_explain_key_with(key, KF_TOPIC_NONE, "adjusted_left");
        node->rule = &closed_rule;
        kf_explain_add(walk, node, "deviation", unclosed_of(walk, key));
        kf_explain_add(walk, node, "rounding",
                       kf_explain_derived(walk, &left, expand_adjusted_left));
    } else {
        expand_unclosed(walk, node, key);
    }
}

kf_explain_expand *kf_explain_income(const struct kf_explain_key *key)
{
    static const struct kf_explain_measure measures[] = {
        {KF_TOPIC_RESOURCE_USE, "income_share", expand_share},
        {KF_TOPIC_RESOURCE_USE, "income_adjusted_kr_per_capita", expand_adjusted},
    };
    return kf_explain_by_table(measures, sizeof measures / sizeof measures[0], key);
}
