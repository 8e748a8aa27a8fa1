/* What need is made of: drivers, need index, need-corrected population (METHOD N2–N5, N7–N9). */
#include <string.h>

#include "common/model/cell.h"
#include "services/need/key/criterion.h"
#include "services/need/key/total_key.h"
#include "tools/kf/explain_country.h"

static const struct kf_explain_rule ages_rule = {
    "people_of_ages",
    KF_EXPLAIN_SUM,
    "N3",
    {"summen av innbyggere etter ettårig alder", "sum of inhabitants by single year of age"}};
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
static const struct kf_explain_rule published_rule = {
    "published_need",
    KF_EXPLAIN_SAME,
    "N4",
    {"publisert indeks, ikke regnet ut av kriterier",
     "published index, not computed from criteria"}};
static const struct kf_explain_rule beside_rule = {
    "published_need_index", KF_EXPLAIN_SAME, "N4", {"publisert indeks", "published index"}};
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

/* --- criteria --------------------------------------------------------------------------------- */

/* The panel whose figures count for that of the key (METHOD N5). */
static const struct kf_panel *source_of(const struct kf_explain_walk *walk,
                                        const struct kf_explain_key *key)
{
    return kf_explain_year(walk, kf_edition_need_year(key->panel->edition, key->panel->year));
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

/* What a criterion counts in the panel of the key, by which it is known in whatever key it stands:
 * a variable; or its people by age, by sector and id; or nothing, the basis criterion. */
static struct kf_explain_key counted_key(const struct kf_explain_walk *walk,
                                         const struct kf_explain_key *key,
                                         const struct kf_criterion *criterion, const char *measure)
{
    struct kf_explain_key counted = {
        .panel = source_of(walk, key), .measure = measure, .member = key->member};
    struct kf_term term = {0};
    struct kf_terms terms = kf_criterion_terms(counted.panel, criterion, &term);
    if (terms.count == 1 && terms.list[0].factor == 1) {
        counted.variable = terms.list[0].variable;
    } else if (terms.count > 0) {
        counted.sector = key->sector;
        counted.indicator = criterion->id;
    }
    return counted;
}

/* A municipality counts once under the basis criterion; the country as many as it has. */
static struct kf_explain_node *basis_of(struct kf_explain_walk *walk,
                                        const struct kf_explain_key *key)
{
    return key->member == KF_EXPLAIN_COUNTRY
               ? kf_explain_number(walk, "number of municipalities", "municipalities",
                                   (double)key->panel->country_municipalities)
               : kf_explain_number(walk, "basis", "municipalities", 1);
}

/* The figure of a member, or of the country's own rows. */
static struct kf_explain_node *figure_of(struct kf_explain_walk *walk,
                                         const struct kf_explain_key *key)
{
    if (key->variable && key->variable[0]) {
        return kf_explain_cell(walk, key->panel, key->variable, key->member);
    }
    const struct kf_criterion *criterion = key->indicator ? find_criterion(key) : NULL;
    struct kf_explain_key ages = kf_explain_key_with(key, KF_TOPIC_NONE, "people_of_ages");
    return criterion ? kf_explain_terms_as(walk, &ages, &criterion->ages, &ages_rule, "persons")
                     : basis_of(walk, key);
}

static const struct kf_explain_level criterion_level = {
    "per_inhabitant",
    "figure_of_the_members",
    "inhabitants_of_the_members",
    "",
    {"per_inhabitant",
     KF_EXPLAIN_QUOTIENT,
     "N3",
     {"tall delt på folketall", "figure ÷ inhabitants"}},
    figure_of,
};

static void expand_member_rate(struct kf_explain_walk *walk, struct kf_explain_node *node,
                               const struct kf_explain_key *key)
{
    node->rule = &criterion_level.rule;
    kf_explain_add(walk, node, "figure", figure_of(walk, key));
    kf_explain_add(walk, node, "inhabitants", kf_explain_population(walk, key));
}

static void expand_criterion(struct kf_explain_walk *walk, struct kf_explain_node *node,
                             const struct kf_explain_key *key)
{
    struct kf_explain_key rate = *key;
    rate.measure = criterion_level.measure;
    node->rule = &criterion_rule;
    node->unit = "ratio";
    kf_explain_add(walk, node, "municipality", kf_explain_derived(walk, &rate, expand_member_rate));
    kf_explain_add(walk, node, "country", kf_explain_country_level(walk, &rate, &criterion_level));
}

/* c_kj; the same whatever key it stands in. NULL when the need year has no figures. */
static struct kf_explain_node *criterion_index(struct kf_explain_walk *walk,
                                               const struct kf_explain_key *key,
                                               const struct kf_criterion *criterion)
{
    if (!source_of(walk, key)) {
        return NULL;
    }
    struct kf_explain_key index = counted_key(walk, key, criterion, "criterion_index");
    return kf_explain_derived(walk, &index, expand_criterion);
}

/* w_sj; under the rule of ages rescaled to 1. */
static struct kf_explain_node *weight_of(struct kf_explain_walk *walk,
                                         const struct kf_explain_key *key,
                                         const struct kf_criterion *criterion)
{
    double whole = kf_key_weights(key->panel->edition, kf_explain_sector(key));
    return kf_explain_number(walk, "weight in the key", "share", criterion->weight / whole);
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
        kf_explain_add(walk, node, "weight", weight_of(walk, key, criterion));
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
    return kf_explain_result_or(walk, &driver, expand_driver);
}

/* The published index of the need year; `variable` is that of a sector, or of the whole. */
static void expand_published(struct kf_explain_walk *walk, struct kf_explain_node *node,
                             const struct kf_explain_key *key, const struct kf_explain_rule *rule)
{
    const struct kf_sector *sector = kf_explain_sector(key);
    const struct kf_panel *source = source_of(walk, key);
    const char *variable = sector ? sector->published_need : key->panel->edition->published_need;
    node->rule = rule;
    if (source && variable && variable[0]) {
        kf_explain_add(walk, node, "", kf_explain_cell(walk, source, variable, key->member));
    }
}

static void expand_published_index(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                   const struct kf_explain_key *key)
{
    expand_published(walk, node, key, &beside_rule);
}

/* From criteria where all have figures, else as published. */
static void expand_sector(struct kf_explain_walk *walk, struct kf_explain_node *node,
                          const struct kf_explain_key *key)
{
    const struct kf_edition *edition = key->panel->edition;
    const struct kf_sector *sector = kf_explain_sector(key);
    const struct kf_panel *source = source_of(walk, key);
    if (!source || kf_key_coverage(source, sector) != KF_COVERAGE_ALL) {
        expand_published(walk, node, key, &published_rule);
        return;
    }
    node->rule = &sector_rule;
    kf_explain_add(walk, node, "country", kf_explain_number(walk, "country", "ratio", 1));
    for (size_t j = 0; j < sector->criteria_len; j++) {
        if (kf_criterion_holds(edition, &sector->criteria[j])) {
            kf_explain_add(walk, node, "driver", driver_of(walk, key, sector->criteria[j].id));
        }
    }
}

static struct kf_explain_key need_of_sector(const struct kf_explain_key *key,
                                            const struct kf_sector *sector)
{
    struct kf_explain_key need = kf_explain_key_with(key, KF_TOPIC_NEED, "need_index");
    need.sector = sector->id;
    return need;
}

/* The total is made of its sectors when each of them has an index, else it is published. */
static bool is_made_of_sectors(const struct kf_explain_key *key, bool all)
{
    const struct kf_edition *edition = key->panel->edition;
    bool any = false;
    for (size_t s = 0; s < edition->sectors_len; s++) {
        struct kf_explain_key need = need_of_sector(key, &edition->sectors[s]);
        bool holds = kf_total_key_holds(all, &edition->sectors[s]);
        if (holds && kf_explain_presence(&need) == KF_EXPLAIN_ABSENT) {
            return false;
        }
        any = any || holds;
    }
    return any;
}

static void expand_total(struct kf_explain_walk *walk, struct kf_explain_node *node,
                         const struct kf_explain_key *key)
{
    const struct kf_edition *edition = key->panel->edition;
    bool all = strcmp(key->sector, KF_SECTOR_TOTAL_WITH_ADMINISTRATION) == 0;
    if (!is_made_of_sectors(key, all)) {
        expand_published(walk, node, key, &published_rule);
        return;
    }
    node->rule = &total_rule;
    for (size_t s = 0; s < edition->sectors_len; s++) {
        const struct kf_sector *sector = &edition->sectors[s];
        if (kf_total_key_holds(all, sector)) {
            struct kf_explain_key need = need_of_sector(key, sector);
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
        if (!criterion->cost_disadvantage && kf_criterion_holds(key->panel->edition, criterion)) {
            kf_explain_add_weighted(walk, node, criterion->id, weight_of(walk, key, criterion),
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
        {KF_TOPIC_NEED, "published_need_index", expand_published_index},
    };
    return kf_explain_by_table(measures, sizeof measures / sizeof measures[0], key);
}
