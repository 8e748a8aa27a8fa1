/* What need is made of: drivers, need index, need-corrected population (METHOD N2–N4, N7–N9). */
#include <string.h>

#include "common/model/cell.h"
#include "services/need/cost_key.h"
#include "services/need/total_key.h"
#include "tools/kf/explain_walk.h"

static const struct kf_explain_rule rate_rule = {
    "per_inhabitant",
    KF_EXPLAIN_QUOTIENT,
    "N3",
    {"tall delt på folketall", "figure ÷ inhabitants"}};
static const struct kf_explain_rule together_rule = {
    "members_together",
    KF_EXPLAIN_SUM,
    "N3",
    {"summen av medlemmene som har tallet og innbyggere",
     "sum of the members that have the figure and inhabitants"}};
static const struct kf_explain_rule criterion_rule = {
    "criterion_index",
    KF_EXPLAIN_QUOTIENT,
    "N3",
    {"per innbygger delt på landets tall per innbygger",
     "figure per inhabitant ÷ the country's per inhabitant"}};
static const struct kf_explain_rule deviation_rule = {
    "criterion_deviation",
    KF_EXPLAIN_DIFFERENCE,
    "N9",
    {"kriterieindeks − 1", "criterion index − 1"}};
static const struct kf_explain_rule driver_rule = {
    "driver",
    KF_EXPLAIN_PRODUCT,
    "N9",
    {"vekt i nøkkelen × (kriterieindeks − 1)", "weight in the key × (criterion index − 1)"}};
static const struct kf_explain_rule sector_rule = {
    "need_index", KF_EXPLAIN_SUM, "N4", {"1 + summen av driverne", "1 + sum of the drivers"}};
static const struct kf_explain_rule total_rule = {
    "total_need_index",
    KF_EXPLAIN_MEAN,
    "N4",
    {"sektorenes behov, veid med totalnøkkelen", "need of the sectors, weighted by the total key"}};
static const struct kf_explain_rule key_rule = {
    "criteria_of_need",
    KF_EXPLAIN_MEAN,
    "N7",
    {"kriteriene uten kostnadsulemper, vektene skalert til 1",
     "criteria without cost disadvantages, their weights rescaled to 1"}};
static const struct kf_explain_rule population_rule = {
    "need_population", KF_EXPLAIN_PRODUCT, "N7", {"folketall × behov", "inhabitants × need"}};

/* --- the country's level ---------------------------------------------------------------------- */

#define FIGURE_OF_MEMBERS      "figure_of_the_members"
#define INHABITANTS_OF_MEMBERS "inhabitants_of_the_members"

static const struct kf_column *people_of(const struct kf_explain_key *key)
{
    return kf_panel_column(key->panel, key->panel->edition->population);
}

/* True when the source gives the inhabitants of the country: then its own rows are its level. */
static bool is_country_given(const struct kf_explain_key *key)
{
    const struct kf_column *people = people_of(key);
    return people && kf_cell_has_value(people->country_status);
}

/* One cell of each member that counts: its inhabitants, or its figure; under the basis criterion
 * (`variable` is "") a municipality counts one. */
static void expand_members(struct kf_explain_walk *walk, struct kf_explain_node *node,
                           const struct kf_explain_key *key)
{
    const struct kf_column *people = people_of(key);
    const struct kf_column *column = kf_panel_column(key->panel, key->variable);
    bool inhabitants = strcmp(key->measure, INHABITANTS_OF_MEMBERS) == 0;
    const char *variable = inhabitants ? key->panel->edition->population : key->variable;
    node->rule = &together_rule;
    for (size_t k = 0; people && k < key->panel->members_len; k++) {
        if (kf_criterion_counts(people, column, k)) {
            struct kf_explain_node *cell =
                variable[0] ? kf_explain_cell(walk, key->panel, variable, k)
                            : kf_explain_number(walk, "basis", "municipalities", 1);
            kf_explain_add(walk, node, "member", cell);
            node->unit = cell->unit;
        }
    }
}

static struct kf_explain_node *members_together(struct kf_explain_walk *walk,
                                                const struct kf_explain_key *key,
                                                const char *measure)
{
    struct kf_explain_key together = *key;
    together.measure = measure;
    together.member = KF_EXPLAIN_GROUP;
    return kf_explain_derived(walk, &together, expand_members);
}

/* The country's own row; under the basis criterion as many as it has municipalities. */
static struct kf_explain_node *country_figure(struct kf_explain_walk *walk,
                                              const struct kf_explain_key *key)
{
    return key->variable[0] ? kf_explain_cell(walk, key->panel, key->variable, KF_EXPLAIN_COUNTRY)
                            : kf_explain_number(walk, "number of municipalities", "municipalities",
                                                (double)key->panel->country_municipalities);
}

/* x_L/N_L: of the country's own rows, otherwise of the members that count, in both sums. */
static void expand_country_rate(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                const struct kf_explain_key *key)
{
    const char *population = key->panel->edition->population;
    bool given = is_country_given(key);
    node->rule = &rate_rule;
    kf_explain_add(walk, node, "figure",
                   given ? country_figure(walk, key)
                         : members_together(walk, key, FIGURE_OF_MEMBERS));
    kf_explain_add(walk, node, "inhabitants",
                   given ? kf_explain_cell(walk, key->panel, population, KF_EXPLAIN_COUNTRY)
                         : members_together(walk, key, INHABITANTS_OF_MEMBERS));
}

/* --- criteria --------------------------------------------------------------------------------- */

/* A municipality counts once under the basis criterion. */
static void expand_member_rate(struct kf_explain_walk *walk, struct kf_explain_node *node,
                               const struct kf_explain_key *key)
{
    node->rule = &rate_rule;
    kf_explain_add(walk, node, "figure",
                   key->variable[0] ? kf_explain_cell(walk, key->panel, key->variable, key->member)
                                    : kf_explain_number(walk, "basis", "municipalities", 1));
    kf_explain_add(walk, node, "inhabitants", kf_explain_population(walk, key));
}

static struct kf_explain_node *rate_of(struct kf_explain_walk *walk,
                                       const struct kf_explain_key *key, size_t member)
{
    struct kf_explain_key rate = {.panel = key->panel,
                                  .measure = "per_inhabitant",
                                  .variable = key->variable,
                                  .member = member};
    return kf_explain_derived(
        walk, &rate, member == KF_EXPLAIN_COUNTRY ? expand_country_rate : expand_member_rate);
}

static void expand_criterion(struct kf_explain_walk *walk, struct kf_explain_node *node,
                             const struct kf_explain_key *key)
{
    node->rule = &criterion_rule;
    node->unit = "ratio";
    kf_explain_add(walk, node, "municipality", rate_of(walk, key, key->member));
    kf_explain_add(walk, node, "country", rate_of(walk, key, KF_EXPLAIN_COUNTRY));
}

/* c_kj; the same whatever key it stands in. */
static struct kf_explain_node *criterion_index(struct kf_explain_walk *walk,
                                               const struct kf_explain_key *key,
                                               const struct kf_criterion *criterion)
{
    struct kf_explain_key index = {.panel = key->panel,
                                   .measure = "criterion_index",
                                   .variable = criterion->variable,
                                   .member = key->member};
    return kf_explain_derived(walk, &index, expand_criterion);
}

static const struct kf_criterion *find_criterion(const struct kf_explain_key *key)
{
    const struct kf_sector *sector = kf_explain_sector(key);
    for (size_t j = 0; sector && j < sector->criteria_len; j++) {
        if (strcmp(sector->criteria[j].id, key->indicator) == 0) {
            return &sector->criteria[j];
        }
    }
    return NULL;
}

static void expand_deviation(struct kf_explain_walk *walk, struct kf_explain_node *node,
                             const struct kf_explain_key *key)
{
    const struct kf_criterion *criterion = find_criterion(key);
    node->rule = &deviation_rule;
    node->unit = "ratio";
    if (criterion) {
        kf_explain_add(walk, node, "criterion index", criterion_index(walk, key, criterion));
        kf_explain_add(walk, node, "country", kf_explain_number(walk, "country", "ratio", 1));
    }
}

static void expand_driver(struct kf_explain_walk *walk, struct kf_explain_node *node,
                          const struct kf_explain_key *key)
{
    const struct kf_criterion *criterion = find_criterion(key);
    struct kf_explain_key deviation =
        kf_explain_key_with(key, KF_TOPIC_NONE, "criterion_deviation");
    node->rule = &driver_rule;
    node->unit = "ratio";
    node->grid = 1;
    if (criterion) {
        kf_explain_add(walk, node, "weight",
                       kf_explain_number(walk, "weight in the key", "share", criterion->weight));
        kf_explain_add(walk, node, "deviation",
                       kf_explain_derived(walk, &deviation, expand_deviation));
    }
}

/* The drivers of the years before are not kept: they are computed here. */
static struct kf_explain_node *driver_of(struct kf_explain_walk *walk,
                                         const struct kf_explain_key *key, const char *criterion)
{
    struct kf_explain_key driver = kf_explain_key_with(key, KF_TOPIC_NEED, "driver");
    driver.indicator = criterion;
    struct kf_explain_node *node = kf_explain_result(walk, &driver);
    driver.topic = KF_TOPIC_NONE;
    return node ? node : kf_explain_derived(walk, &driver, expand_driver);
}

static void expand_sector(struct kf_explain_walk *walk, struct kf_explain_node *node,
                          const struct kf_explain_key *key)
{
    const struct kf_sector *sector = kf_explain_sector(key);
    node->rule = &sector_rule;
    kf_explain_add(walk, node, "country", kf_explain_number(walk, "country", "ratio", 1));
    for (size_t j = 0; j < sector->criteria_len; j++) {
        kf_explain_add(walk, node, "driver", driver_of(walk, key, sector->criteria[j].id));
    }
}

static void expand_total(struct kf_explain_walk *walk, struct kf_explain_node *node,
                         const struct kf_explain_key *key)
{
    const struct kf_edition *edition = key->panel->edition;
    bool all = strcmp(key->sector, KF_SECTOR_TOTAL_WITH_ADMINISTRATION) == 0;
    node->rule = &total_rule;
    for (size_t s = 0; s < edition->sectors_len; s++) {
        const struct kf_sector *sector = &edition->sectors[s];
        if (kf_total_key_holds(all, sector)) {
            struct kf_explain_key need = kf_explain_key_with(key, KF_TOPIC_NEED, "need_index");
            need.sector = sector->id;
            kf_explain_add_weighted(
                walk, node, "sector",
                kf_explain_number(walk, "weight in the total key", "share", sector->need_weight),
                kf_explain_result(walk, &need));
        }
    }
}

static void expand_need_index(struct kf_explain_walk *walk, struct kf_explain_node *node,
                              const struct kf_explain_key *key)
{
    if (kf_explain_sector(key)) {
        expand_sector(walk, node, key);
    } else {
        expand_total(walk, node, key);
    }
}

static void expand_key(struct kf_explain_walk *walk, struct kf_explain_node *node,
                       const struct kf_explain_key *key)
{
    const struct kf_sector *sector = kf_explain_sector(key);
    node->rule = &key_rule;
    node->unit = "ratio";
    for (size_t j = 0; sector && j < sector->criteria_len; j++) {
        const struct kf_criterion *criterion = &sector->criteria[j];
        if (!criterion->cost_disadvantage) {
            kf_explain_add_weighted(
                walk, node, criterion->id,
                kf_explain_number(walk, "weight in the key", "share", criterion->weight),
                criterion_index(walk, key, criterion));
        }
    }
}

static void expand_population(struct kf_explain_walk *walk, struct kf_explain_node *node,
                              const struct kf_explain_key *key)
{
    struct kf_explain_key need = kf_explain_key_with(key, KF_TOPIC_NONE, "criteria_of_need");
    node->rule = &population_rule;
    kf_explain_add(walk, node, "inhabitants", kf_explain_population(walk, key));
    kf_explain_add(walk, node, "need", kf_explain_derived(walk, &need, expand_key));
}

kf_explain_expand *kf_explain_need(const struct kf_explain_key *key)
{
    static const struct kf_explain_measure measures[] = {
        {KF_TOPIC_NEED, "driver", expand_driver},
        {KF_TOPIC_NEED, "need_population", expand_population},
        {KF_TOPIC_NEED, "need_index", expand_need_index},
    };
    return kf_explain_by_table(measures, sizeof measures / sizeof measures[0], key);
}
