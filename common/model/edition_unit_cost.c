/* Editions from YAML: services with national rates, cost groups, institutions, time with users,
 * growth (METHOD U1–U7, G8). */
#include <stdlib.h>
#include <string.h>

#include "common/base/numbers.h"
#include "common/base/text.h"
#include "common/model/edition_reader.h"
#include "common/model/topic.h"

static const char *const unit_costs_keys[] = {"rate_growth", "services",    "groups",
                                              "gain",        "institution", "user_time",
                                              "growth",      "prices",      NULL};
static const char *const service_keys[] = {"id", "name", "unit", "rates", NULL};
static const char *const group_keys[] = {"id", "name", "net", "grant", "services", NULL};
static const char *const delivery_keys[] = {"id", "quantity", NULL};
static const char *const institution_keys[] = {"days", "expenditure", "of", NULL};
static const char *const user_time_keys[] = {"id", "name", "approved", "available", "norm", NULL};
static const char *const growth_keys[] = {"id",          "name",        "gross",
                                          "expenditure", "demographic", NULL};
static const char *const gross[] = {"gross", "expenditure", NULL};
static const char *const in_days[] = {"days", NULL};
static const char *const in_hours[] = {"hours", NULL};
static const char *const in_percent[] = {"percent", NULL};

/* Who takes away what an inherited part needs it for need not take the part away, too. */
static void refuse_idle(struct kf_edition_reader *reader, struct kf_yaml_node node, const char *key,
                        const char *remedy)
{
    if (kf_yaml_exists(node) && kf_yaml_level(node) == 0) {
        kf_yaml_fault(node, reader->findings, key, remedy, "nothing is computed from it");
    }
}

/* --- services -------------------------------------------------------------------------------- */

static const char *read_service_id(struct kf_edition_reader *reader, struct kf_yaml_node map)
{
    const char *id = "";
    if (kf_yaml_get_text(map, "id", true, &id, reader->findings) && !kf_service_is_id(id)) {
        kf_yaml_fault(kf_yaml_get(map, "id"), reader->findings, "id",
                      "use letters A to Z and a to z, digits, - and _, at most 64 characters",
                      "is not the code of a service");
    }
    return kf_edition_keep(reader, id);
}

/* What can be counted: no money, and nothing that cannot be added. */
static const char *read_unit(struct kf_edition_reader *reader, struct kf_yaml_node map)
{
    const char *unit = "";
    if (kf_yaml_get_text(map, "unit", true, &unit, reader->findings) &&
        (!kf_unit_is_known(unit) || kf_unit_is_money(unit) ||
         kf_unit_kind(unit) == KF_VARIABLE_RATIO)) {
        kf_yaml_fault(kf_yaml_get(map, "unit"), reader->findings, "unit",
                      "write what the service is counted in: hours, days, count, persons",
                      "is no unit in which a service is delivered");
        return "";
    }
    return kf_edition_keep(reader, unit);
}

static void read_service(struct kf_edition_reader *reader, struct kf_yaml_node node,
                         struct kf_rated_service *service)
{
    *service = (struct kf_rated_service){.id = "", .name = {"", ""}, .unit = ""};
    kf_yaml_check_keys(node, service_keys, reader->findings);
    if (!kf_yaml_is_map(node)) {
        return;
    }
    service->id = read_service_id(reader, node);
    service->name = kf_edition_name(reader, node, "name");
    service->unit = read_unit(reader, node);
    service->rates = kf_edition_year_figures(reader, node, "rates", KF_FIGURE_RATE, true);
}

static void read_services(struct kf_edition_reader *reader, struct kf_yaml_node map,
                          struct kf_unit_costs *costs)
{
    if (!kf_yaml_exists(kf_yaml_get(map, "services"))) {
        return;
    }
    struct kf_yaml_node list = kf_edition_list(reader, map, "services", 1, KF_SERVICES_MAX);
    size_t count = kf_yaml_count(list);
    costs->services = kf_edition_room(reader, count, sizeof *costs->services);
    costs->services_len = costs->services ? count : 0;
    for (size_t i = 0; i < costs->services_len; i++) {
        read_service(reader, kf_yaml_item(list, i), &costs->services[i]);
    }
    kf_edition_check_ids(reader, list);
}

/* --- cost groups ----------------------------------------------------------------------------- */

static const struct kf_rated_service *find_service(const struct kf_unit_costs *costs,
                                                   const char *id)
{
    for (size_t i = 0; i < costs->services_len; i++) {
        if (id[0] && strcmp(costs->services[i].id, id) == 0) {
            return &costs->services[i];
        }
    }
    return NULL;
}

static void read_delivery(struct kf_edition_reader *reader, struct kf_yaml_node node,
                          const struct kf_unit_costs *costs, struct kf_delivery *delivery)
{
    *delivery = (struct kf_delivery){.service = ""};
    kf_yaml_check_keys(node, delivery_keys, reader->findings);
    const char *id = "";
    if (!kf_yaml_is_map(node)) {
        return;
    }
    bool named = kf_yaml_get_text(node, "id", true, &id, reader->findings);
    const struct kf_rated_service *service = find_service(costs, id);
    if (named && !service) {
        struct kf_yaml_node services =
            kf_yaml_get(kf_yaml_get(reader->root, "unit_costs"), "services");
        kf_edition_fault_unknown_in(reader, kf_yaml_get(node, "id"), "id", services, "services");
    }
    delivery->service = kf_edition_keep(reader, id);
    bool counted = service && service->unit[0];
    const char *const units[] = {counted ? service->unit : "", NULL};
    delivery->quantity = counted ? kf_edition_quantity(reader, node, "quantity", units, true)
                                 : kf_edition_amount(reader, node, "quantity");
}

/* The weighting would count it twice. */
static void check_delivered_once(struct kf_edition_reader *reader, struct kf_yaml_node list,
                                 const struct kf_cost_group *group, size_t number)
{
    const char *service = group->deliveries[number].service;
    for (size_t i = 0; service[0] && i < number; i++) {
        if (strcmp(group->deliveries[i].service, service) == 0) {
            struct kf_yaml_node other = kf_yaml_get(kf_yaml_item(list, i), "id");
            kf_yaml_fault_format(kf_yaml_get(kf_yaml_item(list, number), "id"), reader->findings,
                                 "id", "remove one of the two, or add their quantities up",
                                 "is a service of the group already, on line %llu",
                                 (unsigned long long)kf_yaml_line(other));
            return;
        }
    }
}

static void read_deliveries(struct kf_edition_reader *reader, struct kf_yaml_node map,
                            const struct kf_unit_costs *costs, struct kf_cost_group *group)
{
    if (!kf_yaml_exists(kf_yaml_get(map, "services"))) {
        return;
    }
    struct kf_yaml_node list = kf_edition_list(reader, map, "services", 1, KF_SERVICES_MAX);
    size_t count = kf_yaml_count(list);
    group->deliveries = kf_edition_room(reader, count, sizeof *group->deliveries);
    group->deliveries_len = group->deliveries ? count : 0;
    for (size_t i = 0; i < group->deliveries_len; i++) {
        read_delivery(reader, kf_yaml_item(list, i), costs, &group->deliveries[i]);
        check_delivered_once(reader, list, group, i);
    }
}

/* Rows of a group stand where those of other parts of the topic do. */
static const char *read_group_id(struct kf_edition_reader *reader, struct kf_yaml_node map)
{
    const char *id = kf_edition_sector_id(reader, map, "cost group");
    if (kf_sector_is_cost_part(id)) {
        kf_yaml_fault(kf_yaml_get(map, "id"), reader->findings, "id", "choose another id",
                      "stands for another part of unit costs and cannot be a cost group");
    }
    return id;
}

static void read_group(struct kf_edition_reader *reader, struct kf_yaml_node node,
                       const struct kf_unit_costs *costs, struct kf_cost_group *group)
{
    *group = (struct kf_cost_group){.id = "", .name = {"", ""}};
    kf_yaml_check_keys(node, group_keys, reader->findings);
    if (!kf_yaml_is_map(node)) {
        return;
    }
    group->id = read_group_id(reader, node);
    group->name = kf_edition_name(reader, node, "name");
    group->net = kf_edition_money(reader, node, "net", true);
    group->grant = kf_edition_money(reader, node, "grant", false);
    read_deliveries(reader, node, costs, group);
    if (!kf_yaml_exists(kf_yaml_get(node, "grant")) &&
        !kf_yaml_exists(kf_yaml_get(node, "services"))) {
        kf_yaml_fault(node, reader->findings, "grant",
                      "add grant: VARIABLE, or services: [{id: …, quantity: VARIABLE}]",
                      "the group has nothing that its expenditure could be compared with");
    }
}

/* --- nothing counts twice -------------------------------------------------------------------- */

/* A variable that counts whole in an amount of a group. */
struct counted {
    const char *key; /* of the amount */
    const char *variable;
    size_t order; /* in the file */
    struct kf_yaml_node at;
};

struct counts {
    struct counted *list; /* NULL while their number is found */
    size_t count;
};

/* A lesser factor takes a share of the figure, and who subtracts counts nothing. */
static bool is_whole(const struct kf_edition_reader *reader, const struct kf_term *term)
{
    const struct kf_variable *variable =
        reader->variables
            ? kf_variables_find(reader->variables, term->variable, strlen(term->variable))
            : NULL;
    bool thousands = variable && strcmp(variable->unit, "1000 kr") == 0;
    return term->variable[0] && term->factor >= (thousands ? 1000 : 1);
}

static void count_terms(const struct kf_edition_reader *reader, const struct kf_terms *terms,
                        struct counted amount, struct counts *counts)
{
    for (size_t i = 0; i < terms->count; i++) {
        if (is_whole(reader, &terms->list[i])) {
            if (counts->list) {
                amount.variable = terms->list[i].variable;
                amount.order = counts->count;
                counts->list[counts->count] = amount;
            }
            counts->count++;
        }
    }
}

static void count_groups(const struct kf_edition_reader *reader, struct kf_yaml_node list,
                         const struct kf_unit_costs *costs, struct counts *counts)
{
    counts->count = 0;
    for (size_t g = 0; g < costs->groups_len; g++) {
        const struct kf_cost_group *group = &costs->groups[g];
        struct kf_yaml_node node = kf_yaml_item(list, g);
        struct kf_yaml_node services = kf_yaml_get(node, "services");
        struct counted net = {.key = "net", .at = kf_yaml_get(node, "net")};
        count_terms(reader, &group->net, net, counts);
        for (size_t i = 0; i < group->deliveries_len; i++) {
            struct counted quantity = {.key = "quantity",
                                       .at = kf_yaml_get(kf_yaml_item(services, i), "quantity")};
            count_terms(reader, &group->deliveries[i].quantity, quantity, counts);
        }
    }
}

static int compare_counted(const void *left, const void *right)
{
    const struct counted *a = left;
    const struct counted *b = right;
    int keys = strcmp(a->key, b->key);
    int variables = strcmp(a->variable, b->variable);
    return keys ? keys : variables ? variables : (a->order > b->order) - (a->order < b->order);
}

/* The same hours under two services, or the same accounts in two groups, would count twice in what
 * is summed over them. */
static void check_counted_once(struct kf_edition_reader *reader, struct kf_yaml_node list,
                               const struct kf_unit_costs *costs)
{
    struct counts counts = {NULL, 0};
    count_groups(reader, list, costs, &counts);
    counts.list = kf_edition_room(reader, counts.count + 1, sizeof *counts.list);
    if (!counts.list) {
        return;
    }
    count_groups(reader, list, costs, &counts);
    qsort(counts.list, counts.count, sizeof *counts.list, compare_counted);
    for (size_t i = 1; i < counts.count; i++) {
        const struct counted *first = &counts.list[i - 1];
        const struct counted *again = &counts.list[i];
        if (strcmp(first->key, again->key) == 0 && strcmp(first->variable, again->variable) == 0) {
            kf_yaml_fault_format(again->at, reader->findings, again->key,
                                 "name a variable of its own, or share the figure out: "
                                 "{sum: [{variable: …, factor: 0.4}]}",
                                 "counts %s, which counts on line %llu of %s already",
                                 again->variable, (unsigned long long)kf_yaml_line(first->at),
                                 kf_yaml_file(first->at));
        }
    }
}

static void read_groups(struct kf_edition_reader *reader, struct kf_yaml_node map,
                        struct kf_unit_costs *costs)
{
    if (!kf_yaml_exists(kf_yaml_get(map, "groups"))) {
        return;
    }
    struct kf_yaml_node groups = kf_yaml_get(map, "groups");
    if (kf_yaml_is_list(groups) && kf_yaml_count(groups) == 0) {
        kf_yaml_fault(groups, reader->findings, "groups",
                      "keep or add one: - {id: …, name: {nb: …, en: …}, net: VARIABLE, grant: "
                      "VARIABLE}; or write groups: null",
                      "has no cost group left");
        return;
    }
    struct kf_yaml_node list = kf_edition_list(reader, map, "groups", 1, KF_COST_GROUPS_MAX);
    size_t count = kf_yaml_count(list);
    costs->groups = kf_edition_room(reader, count, sizeof *costs->groups);
    costs->groups_len = costs->groups ? count : 0;
    for (size_t i = 0; i < costs->groups_len; i++) {
        read_group(reader, kf_yaml_item(list, i), costs, &costs->groups[i]);
    }
    kf_edition_check_ids(reader, list);
    check_counted_once(reader, list, costs);
}

/* --- institutions and time with users -------------------------------------------------------- */

static void read_institution(struct kf_edition_reader *reader, struct kf_yaml_node map,
                             struct kf_institution *institution)
{
    struct kf_yaml_node node = kf_yaml_get(map, "institution");
    if (!kf_yaml_exists(node)) {
        return;
    }
    kf_yaml_check_keys(node, institution_keys, reader->findings);
    if (!kf_yaml_is_map(node)) {
        return;
    }
    bool share =
        kf_yaml_exists(kf_yaml_get(node, "expenditure")) || kf_yaml_exists(kf_yaml_get(node, "of"));
    institution->days = kf_edition_quantity(reader, node, "days", in_days, false);
    institution->expenditure = kf_edition_money(reader, node, "expenditure", share);
    institution->of = kf_edition_money(reader, node, "of", share);
    if (!share && !kf_yaml_exists(kf_yaml_get(node, "days"))) {
        kf_yaml_fault(node, reader->findings, "days",
                      "add days: VARIABLE, or expenditure: VARIABLE and of: VARIABLE",
                      "says nothing about institutions");
    }
}

static void read_user_time(struct kf_edition_reader *reader, struct kf_yaml_node node,
                           struct kf_user_time *time)
{
    *time = (struct kf_user_time){.id = "", .name = {"", ""}};
    kf_yaml_check_keys(node, user_time_keys, reader->findings);
    if (!kf_yaml_is_map(node)) {
        return;
    }
    time->id = kf_edition_id(reader, node, "id");
    time->name = kf_edition_name(reader, node, "name");
    time->approved = kf_edition_quantity(reader, node, "approved", in_hours, true);
    time->available = kf_edition_quantity(reader, node, "available", in_hours, true);
    if (kf_yaml_exists(kf_yaml_get(node, "norm"))) {
        time->norm = kf_edition_positive(reader, node, "norm", 1, 0);
    }
}

static void read_user_times(struct kf_edition_reader *reader, struct kf_yaml_node map,
                            struct kf_unit_costs *costs)
{
    if (!kf_yaml_exists(kf_yaml_get(map, "user_time"))) {
        return;
    }
    struct kf_yaml_node list = kf_edition_list(reader, map, "user_time", 1, KF_USER_TIMES_MAX);
    size_t count = kf_yaml_count(list);
    costs->user_times = kf_edition_room(reader, count, sizeof *costs->user_times);
    costs->user_times_len = costs->user_times ? count : 0;
    for (size_t i = 0; i < costs->user_times_len; i++) {
        read_user_time(reader, kf_yaml_item(list, i), &costs->user_times[i]);
    }
    kf_edition_check_ids(reader, list);
}

/* --- growth ---------------------------------------------------------------------------------- */

static void read_growth(struct kf_edition_reader *reader, struct kf_yaml_node node,
                        struct kf_real_growth *growth)
{
    *growth = (struct kf_real_growth){.id = "", .name = {"", ""}, .gross = "", .demographic = ""};
    kf_yaml_check_keys(node, growth_keys, reader->findings);
    if (!kf_yaml_is_map(node)) {
        return;
    }
    growth->id = kf_edition_id(reader, node, "id");
    growth->name = kf_edition_name(reader, node, "name");
    growth->demographic = kf_edition_variable_in(reader, node, "demographic", in_percent);
    int chosen = kf_edition_choose(reader, node, gross);
    if (chosen == 0) {
        growth->gross = kf_edition_variable_in(reader, node, "gross", in_percent);
    } else if (chosen == 1) {
        growth->expenditure = kf_edition_money(reader, node, "expenditure", true);
    } else {
        kf_yaml_fault(node, reader->findings, "gross",
                      "write gross: VARIABLE in percent, or expenditure: VARIABLE",
                      "does not say what grows");
    }
}

static void read_growths(struct kf_edition_reader *reader, struct kf_yaml_node map,
                         struct kf_unit_costs *costs)
{
    if (!kf_yaml_exists(kf_yaml_get(map, "growth"))) {
        return;
    }
    struct kf_yaml_node list = kf_edition_list(reader, map, "growth", 1, KF_GROWTHS_MAX);
    size_t count = kf_yaml_count(list);
    costs->growths = kf_edition_room(reader, count, sizeof *costs->growths);
    costs->growths_len = costs->growths ? count : 0;
    for (size_t i = 0; i < costs->growths_len; i++) {
        read_growth(reader, kf_yaml_item(list, i), &costs->growths[i]);
    }
    kf_edition_check_ids(reader, list);
}

/* Growth of an amount is at fixed prices: once prices are given, no later year may lack them. */
static void read_prices(struct kf_edition_reader *reader, struct kf_yaml_node map,
                        struct kf_edition *edition)
{
    struct kf_unit_costs *costs = &edition->unit_costs;
    bool needed = false;
    for (size_t i = 0; i < costs->growths_len; i++) {
        needed = needed || costs->growths[i].expenditure.count > 0;
    }
    costs->prices = kf_edition_year_figures(reader, map, "prices", KF_FIGURE_GROWTH, needed);
    struct kf_yaml_node node = kf_yaml_get(map, "prices");
    if (!needed) {
        refuse_idle(reader, node, "prices", "remove it, or let an expenditure grow");
        return;
    }
    bool begun = false;
    for (int year = edition->year_from; costs->prices.count > 0 && year <= edition->year_to;
         year++) {
        const int span[2] = {year, year};
        begun = begun || costs->prices.list[0].year <= year || year == edition->year_to;
        if (begun && kf_edition_has_year(edition, year) &&
            !kf_year_figure_of(&costs->prices, year)) {
            kf_edition_check_years(reader, node, "prices", &costs->prices, span);
            return;
        }
    }
}

/* --- the whole ------------------------------------------------------------------------------- */

static void check_content(struct kf_edition_reader *reader, struct kf_yaml_node map)
{
    static const char *const contents[] = {"groups", "gain", "institution", "user_time", "growth"};
    for (size_t i = 0; i < sizeof contents / sizeof contents[0]; i++) {
        if (kf_yaml_exists(kf_yaml_get(map, contents[i]))) {
            return;
        }
    }
    kf_yaml_fault(map, reader->findings, "unit_costs",
                  "add groups, institution, user_time or growth, or remove it",
                  "says nothing that could be computed");
}

void kf_edition_read_unit_costs(struct kf_edition_reader *reader, struct kf_edition *edition)
{
    struct kf_unit_costs *costs = &edition->unit_costs;
    struct kf_yaml_node map = kf_yaml_get(reader->root, "unit_costs");
    if (!kf_yaml_exists(map)) {
        return;
    }
    kf_yaml_check_keys(map, unit_costs_keys, reader->findings);
    if (!kf_yaml_is_map(map)) {
        return;
    }
    read_services(reader, map, costs);
    costs->rate_growth =
        kf_edition_year_figures(reader, map, "rate_growth", KF_FIGURE_GROWTH, false);
    if (!kf_yaml_exists(kf_yaml_get(map, "services"))) {
        refuse_idle(reader, kf_yaml_get(map, "rate_growth"), "rate_growth",
                    "remove it, or add services");
    }
    read_groups(reader, map, costs);
    costs->gain = kf_edition_money(reader, map, "gain", false);
    read_institution(reader, map, &costs->institution);
    read_user_times(reader, map, costs);
    read_growths(reader, map, costs);
    read_prices(reader, map, edition);
    check_content(reader, map);
}
