#include "tools/kf/explain_rates.h"

#include <stdio.h>
#include <string.h>

#include "common/model/cell.h"
#include "services/need/demography/age_group.h"
#include "services/need/demography/country_people.h"
#include "tools/kf/explain_build.h"
#include "tools/kf/explain_spending.h"

static const struct kf_explain_rule given_rule = {
    "rate_given", KF_EXPLAIN_SAME, "D4", {"sats fra utgaven", "rate of the edition"}};
static const struct kf_explain_rule total_rule = {
    "rate_of_all",
    KF_EXPLAIN_SUM,
    "D4",
    {"summen av tjenestenes satser", "sum of the services' rates"}};
static const struct kf_explain_rule service_rule = {
    "rate_of_service",
    KF_EXPLAIN_SUM,
    "D9",
    {"summen av satsene til sektorene i tjenesten", "sum of the rates of the service's sectors"}};
static const struct kf_explain_rule sector_rule = {
    "rate_of_sector",
    KF_EXPLAIN_QUOTIENT,
    "D9",
    {"sektorens utgifter til gruppen ÷ landets innbyggere i gruppen",
     "the sector's expenditure on the group ÷ the country's people of the group"}};
static const struct kf_explain_rule group_rule = {
    "expenditure_on_group",
    KF_EXPLAIN_SUM,
    "D9",
    {"kriterienes utgifter, etter hvor stor del av folket deres som er i gruppen",
     "expenditure of the criteria, by the part of their people that is in the group"}};
static const struct kf_explain_rule criterion_rule = {
    "expenditure_of_criterion",
    KF_EXPLAIN_SCALED,
    "D9",
    {"landets netto driftsutgifter × vekt ÷ vekten av alle alderskriterier",
     "the country's net expenditure × weight ÷ weights of all criteria of age"}};
static const struct kf_explain_rule part_rule = {
    "part_of_criterion",
    KF_EXPLAIN_QUOTIENT,
    "D9",
    {"kriteriets innbyggere i gruppen ÷ kriteriets innbyggere",
     "people of the criterion in the group ÷ people of the criterion"}};
static const struct kf_explain_rule people_rule = {
    "people_of_the_country",
    KF_EXPLAIN_SUM,
    "D9",
    {"summen av landets innbyggere etter alder", "sum of the country's inhabitants by age"}};
static const struct kf_explain_rule members_rule = {
    "members_with_both",
    KF_EXPLAIN_SUM,
    "D9",
    {"summen av medlemmene som har både utgifter og innbyggere",
     "sum of the members that have both expenditure and inhabitants"}};

/* --- the country ------------------------------------------------------------------------------ */

/* Whose people and expenditure count for a sector (services/need/demography/country_people.h). */
struct country {
    struct kf_country_people people;
    bool people_of_row; /* its own rows; else of the members in `people` that count */
    bool net_of_row;
    bool chosen; /* members that have both; else all */
};

static bool has_row_of_people(const struct kf_country_people *people)
{
    for (size_t age = 0; age < KF_AGES; age++) {
        const struct kf_column *column = people->columns[age];
        if (column && !kf_cell_has_value(column->country_status)) {
            return false;
        }
    }
    return true;
}

static bool is_everybodys(const struct kf_panel *panel, const struct kf_values *amount)
{
    for (size_t k = 0; k < amount->members; k++) {
        if (!kf_cell_has_value(amount->status[k])) {
            return false;
        }
    }
    return amount->members > 0 && panel->members_len == panel->country_municipalities;
}

/* False when there is nothing to derive rates from. */
static bool find_country(struct kf_explain_walk *walk, const struct kf_explain_key *key,
                         struct country *country)
{
    const struct kf_sector *sector = kf_explain_sector(key);
    struct kf_values net = {0};
    struct kf_country_amount amount;
    struct kf_error err = {0};
    enum kf_err code = kf_country_people_init(&country->people, key->panel, walk->arena, &err);
    if (code == KF_OK) {
        code = kf_terms_sum(key->panel, &sector->resources.net, walk->arena, &net, &err);
    }
    if (code != KF_OK) {
        kf_explain_fail(walk, &err);
        return false;
    }
    if (kf_country_people_match(&country->people, &net, &amount) != KF_OK ||
        !kf_cell_has_value(amount.status)) {
        return false;
    }
    country->net_of_row = kf_cell_has_value(net.status[net.members]);
    country->chosen =
        !country->people.known || (!country->net_of_row && !is_everybodys(key->panel, &net));
    country->net_of_row = country->net_of_row && !country->chosen;
    country->people_of_row = !country->chosen && has_row_of_people(&country->people);
    return true;
}

/* True when the member's figures count, of people or of expenditure. */
static bool counts(const struct country *country, size_t k)
{
    return country->chosen ? country->people.chosen[k] : true;
}

static void expand_net(struct kf_explain_walk *walk, struct kf_explain_node *node,
                       const struct kf_explain_key *key)
{
    struct country country;
    node->rule = &members_rule;
    node->unit = "kr";
    struct kf_explain_key member = *key;
    bool known = find_country(walk, key, &country);
    for (member.member = 0; known && member.member < key->panel->members_len; member.member++) {
        if (counts(&country, member.member)) {
            kf_explain_add(walk, node, "member", kf_explain_net(walk, &member));
        }
    }
}

static void expand_age(struct kf_explain_walk *walk, struct kf_explain_node *node,
                       const struct kf_explain_key *key)
{
    struct country country;
    node->rule = &members_rule;
    node->unit = "persons";
    bool known = find_country(walk, key, &country);
    for (size_t k = 0; known && k < key->panel->members_len; k++) {
        if (counts(&country, k)) {
            kf_explain_add(walk, node, "member",
                           kf_explain_cell(walk, key->panel, key->variable, k));
        }
    }
}

static struct kf_explain_node *net_of(struct kf_explain_walk *walk,
                                      const struct kf_explain_key *key,
                                      const struct country *country)
{
    struct kf_explain_key net = kf_explain_key_with(key, KF_TOPIC_NONE, "net_expenditure");
    net.indicator = NULL;
    net.member = country->net_of_row ? KF_EXPLAIN_COUNTRY : KF_EXPLAIN_GROUP;
    return country->net_of_row ? kf_explain_net(walk, &net)
                               : kf_explain_derived(walk, &net, expand_net);
}

/* People of one age. */
static struct kf_explain_node *people_of_age(struct kf_explain_walk *walk,
                                             const struct kf_explain_key *key, const char *variable,
                                             const struct country *country)
{
    struct kf_explain_key age = kf_explain_key_with(key, KF_TOPIC_NONE, "people_of_age");
    age.indicator = NULL;
    age.variable = variable;
    age.member = KF_EXPLAIN_GROUP;
    return country->people_of_row ? kf_explain_cell(walk, key->panel, variable, KF_EXPLAIN_COUNTRY)
                                  : kf_explain_derived(walk, &age, expand_age);
}

/* --- people ----------------------------------------------------------------------------------- */

/* Between the criterion and the group in the indicator of a node that is about both. */
#define BOTH " & "

static const struct kf_criterion *find_criterion(const struct kf_sector *sector, const char *id,
                                                 size_t length)
{
    for (size_t j = 0; j < sector->criteria_len; j++) {
        const char *own = sector->criteria[j].id;
        if (strlen(own) == length && strncmp(own, id, length) == 0) {
            return &sector->criteria[j];
        }
    }
    return NULL;
}

static const struct kf_age_group *find_group(const struct kf_explain_key *key, const char *id)
{
    const struct kf_demography *demography = &key->panel->edition->demography;
    for (size_t a = 0; a < demography->cost_groups_len; a++) {
        if (strcmp(demography->cost_groups[a].id, id) == 0) {
            return &demography->cost_groups[a];
        }
    }
    return NULL;
}

/* The criterion and the group that the key's indicator names; either may be NULL. */
static void read_both(const struct kf_explain_key *key, const struct kf_criterion **criterion,
                      const struct kf_age_group **group)
{
    const struct kf_sector *sector = kf_explain_sector(key);
    const char *both = strstr(key->indicator, BOTH);
    size_t length = both ? (size_t)(both - key->indicator) : strlen(key->indicator);
    *criterion = find_criterion(sector, key->indicator, length);
    *group = find_group(key, both ? both + strlen(BOTH) : key->indicator);
}

static bool holds(const struct kf_terms *terms, const char *variable)
{
    for (size_t t = 0; t < terms->count; t++) {
        if (strcmp(terms->list[t].variable, variable) == 0) {
            return true;
        }
    }
    return false;
}

/* Adds the country's people of each age in `ages` that is in `also`, too (NULL: in any case). */
static void add_ages(struct kf_explain_walk *walk, struct kf_explain_node *node,
                     const struct kf_explain_key *key, const struct kf_terms *ages,
                     const struct kf_terms *also)
{
    struct country country;
    bool known = find_country(walk, key, &country);
    node->rule = &people_rule;
    node->unit = "persons";
    for (size_t t = 0; known && t < ages->count; t++) {
        const char *variable = ages->list[t].variable;
        if (!also || holds(also, variable)) {
            kf_explain_add(walk, node, "age", people_of_age(walk, key, variable, &country));
        }
    }
}

static void expand_people_of_group(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                   const struct kf_explain_key *key)
{
    add_ages(walk, node, key, &find_group(key, key->indicator)->people, NULL);
}

static void expand_people_of_criterion(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                       const struct kf_explain_key *key)
{
    const struct kf_criterion *criterion = NULL;
    const struct kf_age_group *group = NULL;
    read_both(key, &criterion, &group);
    add_ages(walk, node, key, &criterion->ages, NULL);
}

static void expand_people_of_both(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                  const struct kf_explain_key *key)
{
    const struct kf_criterion *criterion = NULL;
    const struct kf_age_group *group = NULL;
    read_both(key, &criterion, &group);
    add_ages(walk, node, key, &criterion->ages, &group->people);
}

/* --- derived rates (METHOD D9) ---------------------------------------------------------------- */

static struct kf_explain_node *about(struct kf_explain_walk *walk, const struct kf_explain_key *key,
                                     const char *measure, const char *indicator,
                                     kf_explain_expand *expand)
{
    struct kf_explain_key other = kf_explain_key_with(key, KF_TOPIC_NONE, measure);
    other.indicator = indicator;
    return kf_explain_derived(walk, &other, expand);
}

static void expand_part(struct kf_explain_walk *walk, struct kf_explain_node *node,
                        const struct kf_explain_key *key)
{
    const struct kf_criterion *criterion = NULL;
    const struct kf_age_group *group = NULL;
    read_both(key, &criterion, &group);
    node->rule = &part_rule;
    node->unit = "share";
    kf_explain_add(walk, node, "in the group",
                   about(walk, key, "people_of_both", key->indicator, expand_people_of_both));
    kf_explain_add(
        walk, node, "together",
        about(walk, key, "people_of_criterion", criterion->id, expand_people_of_criterion));
}

static double weights_of_ages(const struct kf_sector *sector)
{
    struct kf_sum weights = {0};
    for (size_t j = 0; j < sector->criteria_len; j++) {
        kf_sum_add(&weights, sector->criteria[j].ages.count > 0 ? sector->criteria[j].weight : 0);
    }
    return kf_sum_value(&weights);
}

static void expand_criterion(struct kf_explain_walk *walk, struct kf_explain_node *node,
                             const struct kf_explain_key *key)
{
    const struct kf_sector *sector = kf_explain_sector(key);
    const struct kf_criterion *criterion =
        find_criterion(sector, key->indicator, strlen(key->indicator));
    struct country country;
    node->rule = &criterion_rule;
    node->unit = "kr";
    if (find_country(walk, key, &country)) {
        kf_explain_add(walk, node, "net", net_of(walk, key, &country));
        kf_explain_add(walk, node, "weight",
                       kf_explain_number(walk, "weight in the key", "share", criterion->weight));
        kf_explain_add(
            walk, node, "together",
            kf_explain_number(walk, "weights of ages", "share", weights_of_ages(sector)));
    }
}

/* True when the criterion counts people of the group. */
static bool touches(const struct kf_criterion *criterion, const struct kf_terms *people)
{
    for (size_t t = 0; t < criterion->ages.count; t++) {
        if (holds(people, criterion->ages.list[t].variable)) {
            return true;
        }
    }
    return false;
}

static void expand_group(struct kf_explain_walk *walk, struct kf_explain_node *node,
                         const struct kf_explain_key *key)
{
    const struct kf_sector *sector = kf_explain_sector(key);
    const struct kf_age_group *group = find_group(key, key->indicator);
    node->rule = &group_rule;
    node->unit = "kr";
    for (size_t j = 0; j < sector->criteria_len; j++) {
        const struct kf_criterion *criterion = &sector->criteria[j];
        if (touches(criterion, &group->people)) {
            const char *both = kf_explain_text(walk, "%s" BOTH "%s", criterion->id, group->id);
            kf_explain_add_weighted(
                walk, node, "criterion", about(walk, key, "part_of_criterion", both, expand_part),
                about(walk, key, "expenditure_of_criterion", criterion->id, expand_criterion));
        }
    }
}

static void expand_rate_of_sector(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                  const struct kf_explain_key *key)
{
    node->rule = &sector_rule;
    node->unit = "kr/persons";
    kf_explain_add(walk, node, "expenditure",
                   about(walk, key, "expenditure_on_group", key->indicator, expand_group));
    kf_explain_add(walk, node, "inhabitants",
                   about(walk, key, "people_of_group", key->indicator, expand_people_of_group));
}

/* --- rates ------------------------------------------------------------------------------------ */

static const struct kf_cost_sector *find_service(const struct kf_explain_key *key)
{
    const struct kf_demography *demography = &key->panel->edition->demography;
    for (size_t s = 0; s < demography->sectors_len; s++) {
        if (strcmp(demography->sectors[s].id, key->sector) == 0) {
            return &demography->sectors[s];
        }
    }
    return NULL;
}

static void add_derived(struct kf_explain_walk *walk, struct kf_explain_node *node,
                        const struct kf_explain_key *key, const struct kf_cost_sector *service)
{
    struct kf_explain_key rate = kf_explain_key_with(key, KF_TOPIC_NONE, "rate_of_sector");
    rate.panel = kf_explain_year(walk, key->panel->edition->demography.rate_year);
    rate.member = KF_EXPLAIN_GROUP;
    for (size_t s = 0; rate.panel && s < service->of_len; s++) {
        rate.sector = service->of[s];
        kf_explain_add(walk, node, "sector",
                       kf_explain_derived(walk, &rate, expand_rate_of_sector));
    }
}

static void add_services(struct kf_explain_walk *walk, struct kf_explain_node *node,
                         const struct kf_explain_key *key)
{
    const struct kf_demography *demography = &key->panel->edition->demography;
    for (size_t s = 0; s < demography->sectors_len; s++) {
        kf_explain_add(walk, node, "service",
                       kf_explain_rate(walk, demography->sectors[s].id, key->indicator));
    }
}

void kf_explain_expand_rate(struct kf_explain_walk *walk, struct kf_explain_node *node,
                            const struct kf_explain_key *key)
{
    const struct kf_demography *demography = &key->panel->edition->demography;
    const struct kf_cost_sector *service = find_service(key);
    const struct kf_age_group *group = find_group(key, key->indicator);
    if (!service) {
        node->rule = &total_rule;
        add_services(walk, node, key);
    } else if (service->rates) {
        double rate = service->rates[group - demography->cost_groups];
        node->rule = &given_rule;
        kf_explain_add(walk, node, "",
                       kf_explain_number(walk, "rate of the edition", "kr/persons", rate));
    } else {
        node->rule = &service_rule;
        add_derived(walk, node, key, service);
    }
}

struct kf_explain_node *kf_explain_rate(struct kf_explain_walk *walk, const char *service,
                                        const char *group)
{
    const struct kf_explain_key key = {.panel = kf_explain_panel(walk),
                                       .measure = "rate_kr",
                                       .sector = service,
                                       .indicator = group,
                                       .member = KF_EXPLAIN_GROUP,
                                       .topic = KF_TOPIC_DEMOGRAPHY};
    return kf_explain_result(walk, &key);
}
