/* Editions from YAML: what services cost by age, given or derived (METHOD D3, D4, D9). */
#include <string.h>

#include "common/base/numbers.h"
#include "common/base/text.h"
#include "common/model/edition_reader.h"

/* Kr a year; the costliest age takes less than half a million. */
#define RATE_MAX 1e7

static const char *const costs_keys[] = {"groups", "sectors", "year", NULL};
static const char *const service_keys[] = {"id", "name", "rates", "of", NULL};
static const char *const sources[] = {"rates", "of", NULL};

/* --- groups ---------------------------------------------------------------------------------- */

static struct kf_terms people_of(const struct kf_age_group *group)
{
    return group->people;
}

static struct kf_terms projected_of(const struct kf_age_group *group)
{
    return group->projected;
}

/* The cost of a projected year takes all groups, or none. */
static void check_projected(struct kf_edition_reader *reader, struct kf_yaml_node list,
                            const struct kf_age_group *groups)
{
    size_t count = groups ? kf_yaml_count(list) : 0;
    size_t projected = 0;
    for (size_t i = 0; i < count; i++) {
        projected += kf_yaml_exists(kf_yaml_get(kf_yaml_item(list, i), "projected"));
    }
    for (size_t i = 0; projected > 0 && i < count; i++) {
        struct kf_yaml_node item = kf_yaml_item(list, i);
        if (!kf_yaml_exists(kf_yaml_get(item, "projected"))) {
            kf_yaml_fault(item, reader->findings, "projected",
                          "add projected: [VARIABLE], or remove it from all groups",
                          "is missing, and the cost of projected years needs it of every group");
        }
    }
}

static void read_groups(struct kf_edition_reader *reader, struct kf_yaml_node map,
                        const char *prefix, struct kf_demography *demography)
{
    struct kf_yaml_node list = kf_edition_list(reader, map, "groups", 1, KF_AGE_GROUPS_MAX);
    demography->cost_groups = kf_edition_age_groups(reader, list, prefix, true);
    demography->cost_groups_len = demography->cost_groups ? kf_yaml_count(list) : 0;
    kf_edition_check_disjoint(reader, list, demography->cost_groups, people_of);
    kf_edition_check_disjoint(reader, list, demography->cost_groups, projected_of);
    if (prefix) {
        check_projected(reader, list, demography->cost_groups);
    }
}

/* --- given rates ----------------------------------------------------------------------------- */

static size_t find_group(const struct kf_demography *demography, const char *id)
{
    size_t g = 0;
    while (g < demography->cost_groups_len && strcmp(demography->cost_groups[g].id, id) != 0) {
        g++;
    }
    return g;
}

static void fault_group(struct kf_edition_reader *reader, struct kf_yaml_node rate, const char *id,
                        const struct kf_demography *demography)
{
    const char *ids[KF_AGE_GROUPS_MAX];
    for (size_t g = 0; g < demography->cost_groups_len; g++) {
        ids[g] = demography->cost_groups[g].id;
    }
    const char *nearest = kf_findings_is_full(reader->findings)
                              ? NULL
                              : kf_findings_suggest(id, ids, demography->cost_groups_len);
    const char *remedy =
        nearest ? kf_arena_printf(reader->arena, "did you mean \"%s\"?", nearest) : NULL;
    kf_yaml_fault(rate, reader->findings, id,
                  remedy ? remedy : "write the id of one of the groups of costs",
                  "is none of the groups of costs");
}

static double read_rate(struct kf_edition_reader *reader, struct kf_yaml_node map, const char *id)
{
    double rate = 0;
    if (!kf_yaml_get_number(map, id, true, &rate, reader->findings)) {
        return 0;
    }
    if (rate < 0 || rate > RATE_MAX) {
        kf_yaml_fault_format(kf_yaml_get(map, id), reader->findings, id,
                             "write what an inhabitant of the group costs in a year, in kr",
                             "is not from 0 to %.0f kr", RATE_MAX);
        return 0;
    }
    return kf_figure_canonical(rate);
}

static void check_any_rate(struct kf_edition_reader *reader, struct kf_yaml_node map,
                           const double *rates, size_t count)
{
    for (size_t g = 0; g < count; g++) {
        if (rates[g] > 0) {
            return;
        }
    }
    kf_yaml_fault(map, reader->findings, "rates", "give a group a rate above 0",
                  "the service costs nothing at any age");
}

static double *read_rates(struct kf_edition_reader *reader, struct kf_yaml_node node,
                          const struct kf_demography *demography)
{
    struct kf_yaml_node map = kf_yaml_get(node, "rates");
    size_t groups = demography->cost_groups_len;
    if (!kf_yaml_is_map(map)) {
        kf_yaml_fault(map, reader->findings, "rates", "write {\"0-5\": 150000, \"6-15\": 120000}",
                      "must be a map from groups of costs to kr");
        return NULL;
    }
    double *rates = kf_edition_room(reader, groups, sizeof *rates);
    bool *seen = kf_edition_room(reader, groups, sizeof *seen);
    if (!rates || !seen || groups == 0) {
        return NULL;
    }
    uint64_t before = kf_findings_count(reader->findings);
    for (size_t i = 0; i < kf_yaml_count(map); i++) {
        const char *id = kf_yaml_key(map, i) ? kf_yaml_key(map, i) : "";
        size_t g = find_group(demography, id);
        if (g == groups) {
            fault_group(reader, kf_yaml_value(map, i), id, demography);
        } else if (seen[g]) {
            kf_yaml_fault(kf_yaml_value(map, i), reader->findings, id, "keep one of the two",
                          "is given twice");
        } else {
            seen[g] = true;
            rates[g] = read_rate(reader, map, id);
        }
    }
    if (kf_findings_count(reader->findings) == before) {
        check_any_rate(reader, map, rates, groups);
    }
    return rates;
}

/* --- derived rates --------------------------------------------------------------------------- */

static bool has_criteria_of_ages(struct kf_yaml_node sector)
{
    struct kf_yaml_node criteria = kf_yaml_get(kf_yaml_get(sector, "need"), "criteria");
    for (size_t i = 0; i < kf_yaml_count(criteria); i++) {
        if (kf_yaml_exists(kf_yaml_get(kf_yaml_item(criteria, i), "ages"))) {
            return true;
        }
    }
    return false;
}

/* METHOD D9 spreads the net expenditure of the sector over the ages of its key. */
static void check_source(struct kf_edition_reader *reader, struct kf_yaml_node item, const char *id)
{
    struct kf_yaml_node sector = kf_edition_find(reader, "sectors", id);
    if (!kf_yaml_exists(sector)) {
        kf_edition_fault_unknown(reader, item, "of", "sectors");
        return;
    }
    if (!has_criteria_of_ages(sector)) {
        kf_yaml_fault(item, reader->findings, "of",
                      "give criteria of the sector ages: 6-15, or give rates",
                      "is a sector without criteria of ages, by which rates are derived");
    }
    if (!kf_yaml_exists(kf_yaml_get(kf_yaml_get(sector, "resources"), "net"))) {
        kf_yaml_fault(item, reader->findings, "of",
                      "give the sector resources: {net: VARIABLE}, or give rates",
                      "is a sector without net expenditure, of which rates are derived");
    }
}

static void read_of(struct kf_edition_reader *reader, struct kf_yaml_node node,
                    struct kf_cost_sector *sector)
{
    struct kf_yaml_node list = kf_edition_list(reader, node, "of", 1, KF_SECTORS_MAX);
    size_t count = kf_yaml_count(list);
    sector->of = kf_edition_room(reader, count, sizeof *sector->of);
    for (size_t i = 0; sector->of && i < count; i++) {
        struct kf_yaml_node item = kf_yaml_item(list, i);
        const char *id = kf_yaml_scalar(item);
        if (id && kf_yaml_is_id(id)) {
            check_source(reader, item, id);
        } else {
            kf_yaml_fault(item, reader->findings, "of", "write the id of a sector",
                          "is not an identifier");
            id = "";
        }
        sector->of[sector->of_len++] = kf_edition_keep(reader, id);
    }
}

/* The same expenditure must not be spread twice. */
static void check_used_once(struct kf_edition_reader *reader, struct kf_yaml_node list,
                            const struct kf_demography *demography, size_t s, size_t i)
{
    const char *id = demography->sectors[s].of[i];
    for (size_t t = 0; id[0] && t <= s; t++) {
        const struct kf_cost_sector *other = &demography->sectors[t];
        for (size_t j = 0; j < (t == s ? i : other->of_len); j++) {
            if (strcmp(other->of[j], id) == 0) {
                struct kf_yaml_node of = kf_yaml_get(kf_yaml_item(list, s), "of");
                struct kf_yaml_node first = kf_yaml_get(kf_yaml_item(list, t), "of");
                kf_yaml_fault_format(kf_yaml_item(of, i), reader->findings, "of",
                                     "keep one of the two",
                                     "is a source of rates on line %llu already",
                                     (unsigned long long)kf_yaml_line(kf_yaml_item(first, j)));
                return;
            }
        }
    }
}

static void check_covered(struct kf_edition_reader *reader, struct kf_yaml_node item,
                          const struct kf_sector *sector, const bool covered[KF_AGE_MAX + 1])
{
    for (size_t j = 0; j < sector->criteria_len; j++) {
        const struct kf_criterion *criterion = &sector->criteria[j];
        for (size_t i = 0; i < criterion->ages.count; i++) {
            int age = kf_variable_age(criterion->ages.list[i].variable);
            if (age >= 0 && !covered[age]) {
                kf_yaml_fault_format(item, reader->findings, "of",
                                     "let the groups of costs cover all ages of the key",
                                     "needs people of %d years (criterion %s), who are in no "
                                     "group of costs: what they cost would be lost",
                                     age, criterion->id);
                return;
            }
        }
    }
}

/* Groups of derived rates are made of single years of age, as the criteria are. */
static void check_ages(struct kf_edition_reader *reader, struct kf_yaml_node costs,
                       const struct kf_demography *demography, bool covered[KF_AGE_MAX + 1])
{
    struct kf_yaml_node list = kf_yaml_get(costs, "groups");
    for (size_t g = 0; g < demography->cost_groups_len; g++) {
        const struct kf_terms *people = &demography->cost_groups[g].people;
        bool ages = true;
        for (size_t i = 0; i < people->count; i++) {
            int age = kf_variable_age(people->list[i].variable);
            ages = ages && age >= 0;
            if (age >= 0) {
                covered[age] = true;
            }
        }
        if (!ages) {
            kf_yaml_fault(kf_yaml_item(list, g), reader->findings, "ages",
                          "write ages: 6-15 instead, or give rates",
                          "is missing: rates are derived for single years of age");
        }
    }
}

static void check_derived(struct kf_edition_reader *reader, struct kf_yaml_node costs,
                          const struct kf_edition *edition)
{
    const struct kf_demography *demography = &edition->demography;
    struct kf_yaml_node list = kf_yaml_get(costs, "sectors");
    bool covered[KF_AGE_MAX + 1] = {false};
    check_ages(reader, costs, demography, covered);
    for (size_t s = 0; s < demography->sectors_len; s++) {
        struct kf_yaml_node of = kf_yaml_get(kf_yaml_item(list, s), "of");
        for (size_t i = 0; i < demography->sectors[s].of_len; i++) {
            check_used_once(reader, list, demography, s, i);
            for (size_t t = 0; t < edition->sectors_len; t++) {
                if (kf_text_equal(edition->sectors[t].id, demography->sectors[s].of[i])) {
                    check_covered(reader, kf_yaml_item(of, i), &edition->sectors[t], covered);
                }
            }
        }
    }
}

/* --- services -------------------------------------------------------------------------------- */

/* True when the rates of the service are derived. */
static bool read_service(struct kf_edition_reader *reader, struct kf_yaml_node node,
                         const struct kf_demography *demography, struct kf_cost_sector *sector)
{
    *sector = (struct kf_cost_sector){.id = "", .name = {"", ""}};
    kf_yaml_check_keys(node, service_keys, reader->findings);
    if (!kf_yaml_is_map(node)) {
        return false;
    }
    sector->id = kf_edition_sector_id(reader, node, "service");
    sector->name = kf_edition_name(reader, node, "name");
    int chosen = kf_edition_choose(reader, node, sources);
    if (chosen == 0) {
        sector->rates = read_rates(reader, node, demography);
    } else if (chosen == 1) {
        read_of(reader, node, sector);
    } else {
        kf_yaml_fault(node, reader->findings, "rates",
                      "write rates: {GROUP: KR}, or of: [SECTOR] to derive them",
                      "the service has no rates");
    }
    return chosen == 1;
}

/* METHOD D9: whose figures make derived rates; of given ones there is no year. */
static void read_year(struct kf_edition_reader *reader, struct kf_yaml_node costs, bool derived,
                      struct kf_demography *demography)
{
    static const struct kf_yaml_range years = {KF_EDITION_YEAR_MIN, KF_EDITION_YEAR_MAX};
    struct kf_yaml_node node = kf_yaml_get(costs, "year");
    long year = 0;
    if (!derived && kf_yaml_exists(node) && kf_yaml_level(node) == 0) {
        kf_yaml_fault(node, reader->findings, "year", "remove it, or derive rates with of",
                      "is the year of derived rates, and all are given");
    } else if (derived) {
        (void)kf_yaml_get_whole(costs, "year", true, years, &year, reader->findings);
    }
    demography->rate_year = (int)year;
}

void kf_edition_read_costs(struct kf_edition_reader *reader, struct kf_yaml_node costs,
                           const char *prefix, struct kf_edition *edition)
{
    struct kf_demography *demography = &edition->demography;
    if (!kf_yaml_exists(costs)) {
        return;
    }
    kf_yaml_check_keys(costs, costs_keys, reader->findings);
    if (!kf_yaml_is_map(costs)) {
        return;
    }
    read_groups(reader, costs, prefix, demography);
    struct kf_yaml_node list = kf_edition_list(reader, costs, "sectors", 1, KF_SECTORS_MAX);
    size_t count = kf_yaml_count(list);
    bool derived = false;
    demography->sectors = kf_edition_room(reader, count, sizeof *demography->sectors);
    for (size_t s = 0; demography->sectors && s < count; s++) {
        derived |= read_service(reader, kf_yaml_item(list, s), demography, &demography->sectors[s]);
        demography->sectors_len = s + 1;
    }
    kf_edition_check_ids(reader, list);
    read_year(reader, costs, derived, demography);
    if (derived) {
        check_derived(reader, costs, edition);
    }
}
