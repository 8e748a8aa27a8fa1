/* What resource use is made of: expenditure, adjustments, need in kroner, deviations (METHOD
 * R1–R10, R13, N10). Of the year before nothing is kept: it is computed here. */
#include <string.h>

#include "common/model/cell.h"
#include "services/need/use/adjustment.h"
#include "services/need/use/per_capita.h"
#include "tools/kf/explain_deviation.h"
#include "tools/kf/explain_spending.h"

#define KR_IN_MILLION 1e6

static const struct kf_explain_rule net_rule = {
    "net_expenditure_per_capita",
    KF_EXPLAIN_QUOTIENT,
    "R1",
    {"netto driftsutgifter ÷ folketall", "net operating expenditure ÷ inhabitants"}};
static const struct kf_explain_rule adjustment_rule = {
    "adjustment_per_capita",
    KF_EXPLAIN_QUOTIENT,
    "R2",
    {"korreksjonens beløp ÷ folketall", "amount of the adjustment ÷ inhabitants"}};
static const struct kf_explain_rule centred_rule = {
    "adjustment_of_need",
    KF_EXPLAIN_DIFFERENCE,
    "R3",
    {"beløp per innbygger − landets per innbygger",
     "amount per inhabitant − the country's per inhabitant"}};
static const struct kf_explain_rule adjusted_rule = {
    "adjusted_expenditure",
    KF_EXPLAIN_SUM,
    "R2",
    {"netto driftsutgifter og korreksjoner per innbygger",
     "net expenditure and adjustments per inhabitant"}};
static const struct kf_explain_rule need_adjusted_rule = {
    "need_adjusted_expenditure",
    KF_EXPLAIN_QUOTIENT,
    "R7",
    {"netto driftsutgifter per innbygger ÷ behovsindeks",
     "net expenditure per inhabitant ÷ need index"}};
static const struct kf_explain_rule standard_rule = {
    "need_at_the_standard",
    KF_EXPLAIN_PRODUCT,
    "N10",
    {"landets kroner per innbygger × behovsindeks",
     "the country's kr per inhabitant × need index"}};
static const struct kf_explain_rule need_rule = {
    "need_in_kr",
    KF_EXPLAIN_SUM,
    "N10",
    {"behov etter landets nivå og korreksjoner av behovet",
     "need at the country's level and adjustments of need"}};
static const struct kf_explain_rule total_need_rule = {
    "total_need_in_kr",
    KF_EXPLAIN_SUM,
    "N10",
    {"summen av sektorenes behov", "sum of the sectors' need"}};
static const struct kf_explain_rule sector_rule = {
    "deviation_of_sector",
    KF_EXPLAIN_DIFFERENCE,
    "R8",
    {"korrigerte utgifter − behov, per innbygger", "adjusted expenditure − need, per inhabitant"}};
static const struct kf_explain_rule use_rule = {
    "deviation_of_use",
    KF_EXPLAIN_DIFFERENCE,
    "R10",
    {"per innbygger − landets per innbygger", "per inhabitant − the country's per inhabitant"}};
static const struct kf_explain_rule side_rule = {
    "deviation_of_side",
    KF_EXPLAIN_SUM,
    "R10",
    {"summen av sektorenes avvik", "sum of the sectors' deviations"}};
static const struct kf_explain_rule income_rule = {
    "deviation_of_income",
    KF_EXPLAIN_SUM,
    "R10",
    {"summen av avvikene i det inntekten brukes til",
     "sum of the deviations of what income is used for"}};
static const struct kf_explain_rule residual_rule = {
    "residual",
    KF_EXPLAIN_DIFFERENCE,
    "R10",
    {"avvik i gitt inntekt − avvikene i det den brukes til",
     "deviation of given income − deviations of what it is used for"}};
static const struct kf_explain_rule percent_rule = {
    "deviation_percent",
    KF_EXPLAIN_SCALED,
    "R9",
    {"avvik × 100 ÷ behov", "deviation × 100 ÷ need"}};
static const struct kf_explain_rule million_rule = {
    "deviation_million",
    KF_EXPLAIN_SCALED,
    "R8",
    {"avvik per innbygger × folketall ÷ én million",
     "deviation per inhabitant × inhabitants ÷ one million"}};
static const struct kf_explain_rule change_rule = {
    "deviation_change",
    KF_EXPLAIN_DIFFERENCE,
    "R13",
    {"avvik i år − avvik året før", "deviation this year − deviation the year before"}};
static const struct kf_explain_rule per_inhabitant_rule = {
    "per_inhabitant", KF_EXPLAIN_QUOTIENT, "", {"beløp ÷ folketall", "amount ÷ inhabitants"}};

/* Whole columns of resource use have no indicator. */
static struct kf_explain_key use_key(const struct kf_explain_key *key, const char *measure)
{
    struct kf_explain_key use = kf_explain_key_with(key, KF_TOPIC_RESOURCE_USE, measure);
    use.indicator = NULL;
    return use;
}

static void set_grid(struct kf_explain_node *node, const struct kf_explain_rule *rule)
{
    node->rule = rule;
    node->unit = "kr/persons";
    node->grid = KF_PER_CAPITA_SCALE;
}

static void set_sum(struct kf_explain_node *node, const struct kf_explain_rule *rule)
{
    node->rule = rule;
    node->unit = "kr/persons";
}

/* --- expenditure ------------------------------------------------------------------------------ */

static void expand_net(struct kf_explain_walk *walk, struct kf_explain_node *node,
                       const struct kf_explain_key *key)
{
    set_grid(node, &net_rule);
    kf_explain_add(walk, node, "amount", kf_explain_net(walk, key));
    kf_explain_add(walk, node, "inhabitants", kf_explain_population(walk, key));
}

static void expand_own(struct kf_explain_walk *walk, struct kf_explain_node *node,
                       const struct kf_explain_key *key)
{
    set_sum(node, &per_inhabitant_rule);
    kf_explain_add(walk, node, "amount",
                   kf_explain_adjustment(key) ? kf_explain_adjustment_amount(walk, key)
                                              : kf_explain_use_amount(walk, key));
    kf_explain_add(walk, node, "inhabitants", kf_explain_population(walk, key));
}

/* Kr per inhabitant of an adjustment or a use, off the grid. */
static struct kf_explain_node *own_of(struct kf_explain_walk *walk,
                                      const struct kf_explain_key *key)
{
    struct kf_explain_key own = kf_explain_key_with(key, KF_TOPIC_NONE, "own_per_inhabitant");
    return kf_explain_derived(walk, &own, expand_own);
}

static void expand_adjustment(struct kf_explain_walk *walk, struct kf_explain_node *node,
                              const struct kf_explain_key *key)
{
    const struct kf_adjustment *adjustment = kf_explain_adjustment(key);
    bool need = adjustment->to == KF_ADJUST_NEED;
    set_grid(node, need ? &centred_rule : &adjustment_rule);
    if (need) {
        kf_explain_add(walk, node, "own", own_of(walk, key));
        kf_explain_add(walk, node, "country", kf_explain_adjustment_level(walk, key));
    } else {
        kf_explain_add(walk, node, "amount", kf_explain_adjustment_amount(walk, key));
        kf_explain_add(walk, node, "inhabitants", kf_explain_population(walk, key));
    }
}

/* Adds the sector's adjustments of expenditure, or of need, that have figures. */
static void add_adjustments(struct kf_explain_walk *walk, struct kf_explain_node *node,
                            const struct kf_explain_key *key, enum kf_adjusted to)
{
    const struct kf_resources *resources = &kf_explain_sector(key)->resources;
    for (size_t i = 0; i < resources->adjustments_len; i++) {
        const struct kf_adjustment *adjustment = &resources->adjustments[i];
        struct kf_explain_key own = use_key(key, "adjustment_kr_per_capita");
        own.indicator = adjustment->id;
        if (adjustment->to == to && kf_adjustment_has_figures(key->panel, adjustment)) {
            kf_explain_add(walk, node, "adjustment",
                           kf_explain_result_or(walk, &own, expand_adjustment));
        }
    }
}

static struct kf_explain_node *net_of(struct kf_explain_walk *walk,
                                      const struct kf_explain_key *key)
{
    struct kf_explain_key net = use_key(key, "net_expenditure_kr_per_capita");
    return kf_explain_result_or(walk, &net, expand_net);
}

static void expand_adjusted(struct kf_explain_walk *walk, struct kf_explain_node *node,
                            const struct kf_explain_key *key)
{
    set_sum(node, &adjusted_rule);
    kf_explain_add(walk, node, "net", net_of(walk, key));
    add_adjustments(walk, node, key, KF_ADJUST_EXPENDITURE);
}

/* --- need ------------------------------------------------------------------------------------- */

/* K_ks: of the sector's own key, or that of another (METHOD R7); 1 for a sector without. */
static struct kf_explain_node *need_index(struct kf_explain_walk *walk,
                                          const struct kf_explain_key *key)
{
    struct kf_explain_key need = use_key(key, "need_index");
    const char *other = kf_explain_sector(key)->resources.need_of;
    need.topic = KF_TOPIC_NEED;
    need.sector = other && other[0] ? other : key->sector;
    const struct kf_sector *source = kf_explain_sector(&need);
    return source && kf_sector_has_key(source) ? kf_explain_result(walk, &need)
                                               : kf_explain_number(walk, "country", "ratio", 1);
}

static void expand_need_adjusted(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                 const struct kf_explain_key *key)
{
    node->rule = &need_adjusted_rule;
    kf_explain_add(walk, node, "net", net_of(walk, key));
    kf_explain_add(walk, node, "need", need_index(walk, key));
}

static void expand_standard(struct kf_explain_walk *walk, struct kf_explain_node *node,
                            const struct kf_explain_key *key)
{
    set_grid(node, &standard_rule);
    kf_explain_add(walk, node, "country", kf_explain_use_level(walk, key));
    kf_explain_add(walk, node, "need", need_index(walk, key));
}

static void expand_need(struct kf_explain_walk *walk, struct kf_explain_node *node,
                        const struct kf_explain_key *key);

struct kf_explain_node *kf_explain_need_in_kr(struct kf_explain_walk *walk,
                                              const struct kf_explain_key *key, const char *sector)
{
    struct kf_explain_key need = use_key(key, "need_kr_per_capita");
    need.topic = KF_TOPIC_NEED;
    need.sector = sector;
    return kf_explain_result_or(walk, &need, expand_need);
}

/* Of the sectors inside the income system, which is the total, or outside it. */
static void expand_need_of_side(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                const struct kf_explain_key *key)
{
    bool outside = strcmp(key->sector, KF_SECTOR_OUTSIDE) == 0;
    struct kf_explain_uses uses =
        kf_explain_uses_of(key->panel, outside ? KF_EXPLAIN_OUTSIDE : KF_EXPLAIN_INSIDE);
    set_sum(node, &total_need_rule);
    for (size_t i = 0; i < uses.count; i++) {
        kf_explain_add(walk, node, "sector", kf_explain_need_in_kr(walk, key, uses.ids[i]));
    }
}

static void expand_need(struct kf_explain_walk *walk, struct kf_explain_node *node,
                        const struct kf_explain_key *key)
{
    if (!kf_explain_sector(key)) {
        expand_need_of_side(walk, node, key);
        return;
    }
    struct kf_explain_key standard = kf_explain_key_with(key, KF_TOPIC_NONE, "need_at_standard");
    set_sum(node, &need_rule);
    kf_explain_add(walk, node, "standard", kf_explain_derived(walk, &standard, expand_standard));
    add_adjustments(walk, node, key, KF_ADJUST_NEED);
}

/* --- deviations ------------------------------------------------------------------------------- */

static void expand_deviation(struct kf_explain_walk *walk, struct kf_explain_node *node,
                             const struct kf_explain_key *key);

struct kf_explain_node *kf_explain_deviation(struct kf_explain_walk *walk,
                                             const struct kf_explain_key *key, const char *sector)
{
    struct kf_explain_key deviation = use_key(key, "deviation_kr_per_capita");
    deviation.sector = sector;
    return kf_explain_result_or(walk, &deviation, expand_deviation);
}

static void add_deviations(struct kf_explain_walk *walk, struct kf_explain_node *node,
                           const struct kf_explain_key *key, const struct kf_explain_uses *uses)
{
    for (size_t i = 0; i < uses->count; i++) {
        kf_explain_add(walk, node, "use", kf_explain_deviation(walk, key, uses->ids[i]));
    }
}

static void deviation_of_sector(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                const struct kf_explain_key *key)
{
    struct kf_explain_key adjusted = use_key(key, "adjusted_expenditure_kr_per_capita");
    set_sum(node, &sector_rule);
    kf_explain_add(walk, node, "expenditure",
                   kf_explain_result_or(walk, &adjusted, expand_adjusted));
    kf_explain_add(walk, node, "need", kf_explain_need_in_kr(walk, key, key->sector));
}

static void deviation_of_side(struct kf_explain_walk *walk, struct kf_explain_node *node,
                              const struct kf_explain_key *key)
{
    bool outside = strcmp(key->sector, KF_SECTOR_OUTSIDE) == 0;
    struct kf_explain_uses uses =
        kf_explain_uses_of(key->panel, outside ? KF_EXPLAIN_OUTSIDE : KF_EXPLAIN_INSIDE);
    set_sum(node, &side_rule);
    add_deviations(walk, node, key, &uses);
}

static void deviation_of_use(struct kf_explain_walk *walk, struct kf_explain_node *node,
                             const struct kf_explain_key *key)
{
    set_grid(node, &use_rule);
    kf_explain_add(walk, node, "own", own_of(walk, key));
    kf_explain_add(walk, node, "country", kf_explain_use_level(walk, key));
}

void kf_explain_add_income_uses(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                const struct kf_explain_key *key)
{
    static const struct {
        enum kf_explain_side side;
        const char *sector;
    } sides[] = {{KF_EXPLAIN_INSIDE, KF_SECTOR_INSIDE}, {KF_EXPLAIN_OUTSIDE, KF_SECTOR_OUTSIDE}};
    for (size_t i = 0; i < sizeof sides / sizeof sides[0]; i++) {
        if (kf_explain_uses_of(key->panel, sides[i].side).count > 0) {
            kf_explain_add(walk, node, "sectors", kf_explain_deviation(walk, key, sides[i].sector));
        }
    }
    struct kf_explain_uses others = kf_explain_uses_of(key->panel, KF_EXPLAIN_OTHER);
    add_deviations(walk, node, key, &others);
}

static void deviation_of_income(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                const struct kf_explain_key *key)
{
    if (kf_explain_income_is_given(key->panel)) {
        deviation_of_use(walk, node, key);
        return;
    }
    set_sum(node, &income_rule);
    kf_explain_add_income_uses(walk, node, key);
}

static void deviation_of_residual(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                  const struct kf_explain_key *key)
{
    set_sum(node, &residual_rule);
    kf_explain_add(walk, node, "income", kf_explain_deviation(walk, key, KF_SECTOR_INCOME));
    kf_explain_add_income_uses(walk, node, key);
}

static void expand_deviation(struct kf_explain_walk *walk, struct kf_explain_node *node,
                             const struct kf_explain_key *key)
{
    static const struct {
        const char *sector;
        kf_explain_expand *expand;
    } sums[] = {
        {KF_SECTOR_INSIDE, deviation_of_side},
        {KF_SECTOR_OUTSIDE, deviation_of_side},
        {KF_SECTOR_INCOME, deviation_of_income},
        {KF_SECTOR_RESIDUAL, deviation_of_residual},
    };
    kf_explain_expand *expand = kf_explain_sector(key) ? deviation_of_sector : deviation_of_use;
    for (size_t i = 0; i < sizeof sums / sizeof sums[0]; i++) {
        expand = strcmp(sums[i].sector, key->sector) == 0 ? sums[i].expand : expand;
    }
    expand(walk, node, key);
}

static void expand_percent(struct kf_explain_walk *walk, struct kf_explain_node *node,
                           const struct kf_explain_key *key)
{
    bool inside = strcmp(key->sector, KF_SECTOR_INSIDE) == 0;
    node->rule = &percent_rule;
    kf_explain_add(walk, node, "deviation", kf_explain_deviation(walk, key, key->sector));
    kf_explain_add(walk, node, "percent", kf_explain_number(walk, "percent", "percent", 100));
    kf_explain_add(walk, node, "need",
                   kf_explain_need_in_kr(walk, key, inside ? KF_SECTOR_TOTAL : key->sector));
}

static void expand_million(struct kf_explain_walk *walk, struct kf_explain_node *node,
                           const struct kf_explain_key *key)
{
    node->rule = &million_rule;
    kf_explain_add(walk, node, "deviation", kf_explain_deviation(walk, key, key->sector));
    kf_explain_add(walk, node, "inhabitants", kf_explain_population(walk, key));
    kf_explain_add(walk, node, "million", kf_explain_number(walk, "million", "kr", KR_IN_MILLION));
}

static void expand_change(struct kf_explain_walk *walk, struct kf_explain_node *node,
                          const struct kf_explain_key *key)
{
    struct kf_explain_key before = *key;
    before.panel = key->panel->previous;
    node->rule = &change_rule;
    kf_explain_add(walk, node, "this year", kf_explain_deviation(walk, key, key->sector));
    if (before.panel) {
        kf_explain_add(walk, node, "the year before",
                       kf_explain_deviation(walk, &before, key->sector));
    }
}

kf_explain_expand *kf_explain_resource_use(const struct kf_explain_key *key)
{
    static const struct kf_explain_measure measures[] = {
        {KF_TOPIC_NEED, "need_kr_per_capita", expand_need},
        {KF_TOPIC_RESOURCE_USE, "net_expenditure_kr_per_capita", expand_net},
        {KF_TOPIC_RESOURCE_USE, "adjustment_kr_per_capita", expand_adjustment},
        {KF_TOPIC_RESOURCE_USE, "adjusted_expenditure_kr_per_capita", expand_adjusted},
        {KF_TOPIC_RESOURCE_USE, "need_adjusted_expenditure_kr_per_capita", expand_need_adjusted},
        {KF_TOPIC_RESOURCE_USE, "deviation_kr_per_capita", expand_deviation},
        {KF_TOPIC_RESOURCE_USE, "deviation_percent", expand_percent},
        {KF_TOPIC_RESOURCE_USE, "deviation_million_kr", expand_million},
        {KF_TOPIC_RESOURCE_USE, "deviation_change_kr_per_capita", expand_change},
    };
    return kf_explain_by_table(measures, sizeof measures / sizeof measures[0], key);
}
