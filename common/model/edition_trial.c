/* Editions from YAML: a trial in which the state pays for care (METHOD G1–G8). */
#include <stdio.h>
#include <string.h>

#include "common/base/numbers.h"
#include "common/base/text.h"
#include "common/model/edition_reader.h"
#include "common/model/users.h"

#define AGE_LIMIT_MAX 120
#define NUMBER_MAX    999999 /* of a user, in the name of a variable */

static const char *const trial_keys[] = {"grants",     "grant", "deduction", "resource_intensive",
                                         "demography", "gain",  NULL};
static const char *const grant_keys[] = {"id", "name", "amount", NULL};
static const char *const intensive_keys[] = {"thresholds", "refund", "age_limit", "each", "users",
                                             "net",        "base",   "growth",    "gain", NULL};
static const char *const each_keys[] = {"costs", "ages", NULL};
static const char *const demography_keys[] = {"compensated", "growth", "deduction", "refund",
                                              "prices",      "months", "gain",      NULL};
static const char *const in_count[] = {"count", "persons", NULL};
static const char *const in_percent[] = {"percent", NULL};

static const struct kf_yaml_range years = {KF_EDITION_YEAR_MIN, KF_EDITION_YEAR_MAX};

/* --- grants ---------------------------------------------------------------------------------- */

static void read_grant(struct kf_edition_reader *reader, struct kf_yaml_node node,
                       struct kf_use *grant)
{
    *grant = (struct kf_use){.id = "", .name = {"", ""}};
    kf_yaml_check_keys(node, grant_keys, reader->findings);
    if (!kf_yaml_is_map(node)) {
        return;
    }
    grant->id = kf_edition_id(reader, node, "id");
    grant->name = kf_edition_name(reader, node, "name");
    grant->amount = kf_edition_money(reader, node, "amount", true);
}

static void read_grants(struct kf_edition_reader *reader, struct kf_yaml_node map,
                        struct kf_trial *trial)
{
    if (!kf_yaml_exists(kf_yaml_get(map, "grants"))) {
        return;
    }
    struct kf_yaml_node list = kf_edition_list(reader, map, "grants", 1, KF_GRANTS_MAX);
    size_t count = kf_yaml_count(list);
    trial->grants = kf_edition_room(reader, count, sizeof *trial->grants);
    trial->grants_len = trial->grants ? count : 0;
    for (size_t i = 0; i < trial->grants_len; i++) {
        read_grant(reader, kf_yaml_item(list, i), &trial->grants[i]);
    }
    kf_edition_check_ids(reader, list);
}

/* --- users of resource-intensive services ---------------------------------------------------- */

/* The variable of a user's number, from 1. */
static const char *numbered(struct kf_edition_reader *reader, const char *prefix, size_t number)
{
    const char *id = kf_users_variable(reader->arena, prefix, number);
    reader->failed = reader->failed || !id;
    return id ? id : "";
}

static bool is_registered(const struct kf_edition_reader *reader, const char *id)
{
    return id[0] && kf_variables_find(reader->variables, id, strlen(id));
}

/* The number of a variable of the family: 0 for any other. */
static size_t number_of(const char *id, const char *prefix)
{
    size_t length = strlen(prefix);
    unsigned long number = 0;
    bool member = strncmp(id, prefix, length) == 0 && id[length] != '0' &&
                  kf_text_to_unsigned(id + length, strlen(id + length), NUMBER_MAX, &number);
    return member ? number : 0;
}

/* The last number of the family in the register. */
static size_t last_number(const struct kf_edition_reader *reader, const char *prefix)
{
    size_t count = 0;
    size_t last = 0;
    const struct kf_variable *all = kf_variables_all(reader->variables, &count);
    for (size_t i = 0; i < count; i++) {
        size_t number = number_of(all[i].id, prefix);
        last = number > last ? number : last;
    }
    return last;
}

static void fault_nobody(struct kf_edition_reader *reader, struct kf_yaml_node node,
                         const char *key, const char *first)
{
    char remedy[KF_REMEDY_BYTES];
    const char *prefix = kf_yaml_scalar(node);
    const char *nearest = kf_edition_suggest_variable(reader, first);
    size_t length = nearest ? strlen(nearest) : 0;
    while (length > 0 && strchr("0123456789", nearest[length - 1])) {
        length--;
    }
    (void)snprintf(remedy, sizeof remedy, "register %s{} with each: 1-50 in variables.yaml",
                   prefix);
    if (length > 0 && nearest[length]) {
        (void)snprintf(remedy, sizeof remedy, "did you mean %.*s? otherwise register %s{}",
                       (int)length, nearest, prefix);
    }
    kf_yaml_fault_format(node, reader->findings, key, remedy,
                         "stands for %s, which is not a registered variable", first);
}

/* Whether the family of `node` is the variables 1 to `last`, which are not too many. */
static bool check_family(struct kf_edition_reader *reader, struct kf_yaml_node node,
                         const char *key, size_t last)
{
    const char *prefix = kf_yaml_scalar(node);
    if (last > KF_USERS_MAX) {
        kf_yaml_fault_format(node, reader->findings, key, "register fewer variables of that name",
                             "stands for %zu variables, at most %d users are allowed", last,
                             KF_USERS_MAX);
        return false;
    }
    for (size_t i = 1; i <= last; i++) {
        const char *id = numbered(reader, prefix, i);
        if (id[0] && !is_registered(reader, id)) {
            kf_yaml_fault_format(node, reader->findings, key, "register the variable",
                                 "lacks %s between 1 and %zu", id, last);
            return false;
        }
    }
    return true;
}

/* How many variables PREFIX1, PREFIX2 … there are; 0 after a fault and without a register. */
static size_t count_family(struct kf_edition_reader *reader, struct kf_yaml_node map,
                           const char *key, const char *prefix)
{
    struct kf_yaml_node node = kf_yaml_get(map, key);
    size_t last = reader->variables && prefix[0] ? last_number(reader, prefix) : 0;
    if (reader->variables && prefix[0] && last == 0) {
        fault_nobody(reader, node, key, numbered(reader, prefix, 1));
    }
    return last > 0 && check_family(reader, node, key, last) ? last : 0;
}

/* Every variable of the family is in one of `units`. */
static void check_family_units(struct kf_edition_reader *reader, struct kf_yaml_node node,
                               const char *key, const char **ids, const struct kf_users *users)
{
    for (size_t i = 0; ids && i < users->count; i++) {
        const struct kf_variable *variable =
            kf_variables_find(reader->variables, ids[i], strlen(ids[i]));
        bool cost = ids == users->costs;
        const char *unit = cost ? "kr" : "count";
        if (variable && strcmp(variable->unit, unit) != 0) {
            kf_yaml_fault_format(node, reader->findings, key,
                                 cost ? "name variables in kr, each the cost of one user"
                                      : "name variables in count, each the age of one user",
                                 "%s is in %s, not in %s", ids[i], variable->unit, unit);
            return;
        }
    }
}

/* Ages are those of the users whose costs are given, number by number. */
static bool check_ages(struct kf_edition_reader *reader, struct kf_yaml_node node,
                       const struct kf_users *users)
{
    size_t count = count_family(reader, node, "ages", users->age_prefix);
    if (count > 0 && users->count > 0 && count != users->count) {
        kf_yaml_fault_format(kf_yaml_get(node, "ages"), reader->findings, "ages",
                             "register a cost and an age for each user",
                             "are of %zu users, costs of %zu", count, users->count);
    }
    return count > 0 && count == users->count;
}

static void read_each(struct kf_edition_reader *reader, struct kf_yaml_node map,
                      struct kf_users *users)
{
    *users = (struct kf_users){.cost_prefix = "", .age_prefix = ""};
    struct kf_yaml_node node = kf_yaml_get(map, "each");
    if (!kf_yaml_exists(node)) {
        return;
    }
    kf_yaml_check_keys(node, each_keys, reader->findings);
    if (!kf_yaml_is_map(node)) {
        return;
    }
    const char *costs = "";
    const char *ages = "";
    (void)kf_yaml_get_id_as(node, "costs", true, "ressurskrevende_kostnad_", &costs,
                            reader->findings);
    (void)kf_yaml_get_id_as(node, "ages", false, "ressurskrevende_alder_", &ages, reader->findings);
    users->cost_prefix = kf_edition_keep(reader, costs);
    users->age_prefix = kf_edition_keep(reader, ages);
    users->count = count_family(reader, node, "costs", users->cost_prefix);
    bool aged = check_ages(reader, node, users);
    if (!kf_users_fill(users, reader->arena)) {
        reader->failed = true;
        return;
    }
    check_family_units(reader, kf_yaml_get(node, "costs"), "costs", users->costs, users);
    if (aged) {
        check_family_units(reader, kf_yaml_get(node, "ages"), "ages", users->ages, users);
    }
}

/* METHOD G6: own share of the base year is carried on without a gap, as far as growth is known; at
 * least into the year after it. */
static void read_base(struct kf_edition_reader *reader, struct kf_yaml_node map,
                      struct kf_resource_intensive *intensive)
{
    long base = 0;
    struct kf_yaml_node node = kf_yaml_get(map, "growth");
    bool with = kf_yaml_exists(kf_yaml_get(map, "base"));
    (void)kf_yaml_get_whole(map, "base", kf_yaml_exists(node), years, &base, reader->findings);
    intensive->base_year = (int)base;
    intensive->growth = kf_edition_year_figures(reader, map, "growth", KF_FIGURE_GROWTH, with);
    const struct kf_year_figures *growth = &intensive->growth;
    if (base > 0 && growth->count > 0) {
        int last = growth->list[growth->count - 1].year;
        const int span[2] = {(int)base + 1, last > base ? last : (int)base + 1};
        kf_edition_check_years(reader, node, "growth", growth, span);
    }
}

/* Users one by one, or how many there are and what they cost together. */
static void read_costs(struct kf_edition_reader *reader, struct kf_yaml_node map,
                       struct kf_resource_intensive *intensive)
{
    bool sums =
        kf_yaml_exists(kf_yaml_get(map, "users")) || kf_yaml_exists(kf_yaml_get(map, "net"));
    read_each(reader, map, &intensive->each);
    intensive->users = kf_edition_quantity(reader, map, "users", in_count, sums);
    intensive->net = kf_edition_money(reader, map, "net", sums);
    if (!sums && !kf_yaml_exists(kf_yaml_get(map, "each"))) {
        kf_yaml_fault(map, reader->findings, "users",
                      "add users: VARIABLE and net: VARIABLE, or each: {costs: PREFIX}",
                      "does not say what users cost");
    }
}

static void read_resource_intensive(struct kf_edition_reader *reader, struct kf_yaml_node trial,
                                    struct kf_resource_intensive *intensive)
{
    static const struct kf_yaml_range ages = {1, AGE_LIMIT_MAX};
    struct kf_yaml_node map = kf_yaml_get(trial, "resource_intensive");
    if (!kf_yaml_exists(map)) {
        return;
    }
    kf_yaml_check_keys(map, intensive_keys, reader->findings);
    if (!kf_yaml_is_map(map)) {
        return;
    }
    long limit = 0;
    intensive->thresholds =
        kf_edition_year_figures(reader, map, "thresholds", KF_FIGURE_THRESHOLD, true);
    intensive->refund = kf_edition_positive(reader, map, "refund", 1, 1);
    (void)kf_yaml_get_whole(map, "age_limit", false, ages, &limit, reader->findings);
    intensive->age_limit = (int)limit;
    read_costs(reader, map, intensive);
    read_base(reader, map, intensive);
    intensive->gain = kf_edition_money(reader, map, "gain", false);
}

/* --- demography ------------------------------------------------------------------------------ */

static void read_refund_year(struct kf_edition_reader *reader, struct kf_yaml_node item,
                             int *refund_years, size_t number)
{
    if (!kf_edition_is_year(item, &refund_years[number])) {
        kf_edition_fault_year(reader, item, "refund");
        return;
    }
    for (size_t i = 0; i < number; i++) {
        if (refund_years[i] == refund_years[number]) {
            kf_yaml_fault(item, reader->findings, "refund", "remove it", "is given twice");
        }
    }
}

static void read_refund_years(struct kf_edition_reader *reader, struct kf_yaml_node trial,
                              struct kf_yaml_node map, struct kf_demography_gain *demography)
{
    struct kf_yaml_node node = kf_yaml_get(map, "refund");
    if (!kf_yaml_exists(node)) {
        return;
    }
    struct kf_yaml_node list = kf_edition_list(reader, map, "refund", 1, KF_REFUND_YEARS);
    for (size_t i = 0; i < kf_yaml_count(list); i++) {
        read_refund_year(reader, kf_yaml_item(list, i), demography->refund_years, i);
    }
    if (!kf_yaml_exists(kf_yaml_get(trial, "resource_intensive"))) {
        kf_yaml_fault(node, reader->findings, "refund", "remove it, or add resource_intensive",
                      "the trial says nothing of users whose cost is refunded");
    }
}

/* METHOD G7 takes what is deducted in a whole year. */
static void read_deduction_year(struct kf_edition_reader *reader, struct kf_yaml_node trial,
                                struct kf_yaml_node map, struct kf_demography_gain *demography)
{
    long year = 0;
    struct kf_yaml_node node = kf_yaml_get(map, "deduction");
    (void)kf_yaml_get_whole(map, "deduction", true, years, &year, reader->findings);
    demography->deduction_year = (int)year;
    if (kf_yaml_exists(node) && !kf_yaml_exists(kf_yaml_get(trial, "deduction"))) {
        kf_yaml_fault(node, reader->findings, "deduction", "add deduction: VARIABLE to trial",
                      "the trial does not say what is deducted");
    }
}

/* From the deduction's year the base goes to the prices of the year before each that counts. */
static void check_prices(struct kf_edition_reader *reader, struct kf_yaml_node map, int year_to,
                         const struct kf_demography_gain *demography)
{
    struct kf_yaml_node prices = kf_yaml_get(map, "prices");
    int deduction = demography->deduction_year;
    int span[2] = {deduction + 1, deduction};
    for (size_t i = 0; deduction > 0 && i < demography->compensated.count; i++) {
        int year = demography->compensated.list[i].year;
        if (year <= year_to) {
            span[0] = year < span[0] ? year : span[0];
            span[1] = year - 1 > span[1] ? year - 1 : span[1];
        }
    }
    kf_edition_check_years(reader, kf_yaml_exists(prices) ? prices : map, "prices",
                           &demography->prices, span);
}

/* Who takes an inherited year away need not do it with its months, too. */
static void check_months(struct kf_edition_reader *reader, struct kf_yaml_node map,
                         const struct kf_demography_gain *demography)
{
    struct kf_yaml_node months = kf_yaml_get(map, "months");
    for (size_t i = 0; kf_yaml_level(months) == 0 && i < demography->months.count; i++) {
        int year = demography->months.list[i].year;
        if (!kf_year_figure_of(&demography->compensated, year)) {
            kf_yaml_fault_format(months, reader->findings, "months",
                                 "remove the year, or add it to compensated",
                                 "%d is no year that counts", year);
        }
    }
}

static void check_compensated(struct kf_edition_reader *reader, struct kf_yaml_node map,
                              const struct kf_demography_gain *demography)
{
    if (demography->compensated.count > KF_COMPENSATED_MAX) {
        kf_yaml_fault_format(kf_yaml_get(map, "compensated"), reader->findings, "compensated",
                             "leave the first years out", "has %zu years, at most %d are allowed",
                             demography->compensated.count, KF_COMPENSATED_MAX);
    }
}

static void read_demography(struct kf_edition_reader *reader, struct kf_yaml_node trial,
                            int year_to, struct kf_demography_gain *demography)
{
    struct kf_yaml_node map = kf_yaml_get(trial, "demography");
    if (!kf_yaml_exists(map)) {
        return;
    }
    kf_yaml_check_keys(map, demography_keys, reader->findings);
    if (!kf_yaml_is_map(map)) {
        return;
    }
    demography->compensated =
        kf_edition_year_figures(reader, map, "compensated", KF_FIGURE_GROWTH, true);
    demography->growth = kf_edition_variable_in(reader, map, "growth", in_percent);
    read_deduction_year(reader, trial, map, demography);
    read_refund_years(reader, trial, map, demography);
    demography->prices = kf_edition_year_figures(reader, map, "prices", KF_FIGURE_GROWTH, false);
    demography->months = kf_edition_year_figures(reader, map, "months", KF_FIGURE_MONTHS, false);
    demography->gain = kf_edition_money(reader, map, "gain", false);
    check_compensated(reader, map, demography);
    check_prices(reader, map, year_to, demography);
    check_months(reader, map, demography);
}

/* --- the whole ------------------------------------------------------------------------------- */

void kf_edition_read_trial(struct kf_edition_reader *reader, struct kf_edition *edition)
{
    struct kf_trial *trial = &edition->trial;
    struct kf_yaml_node map = kf_yaml_get(reader->root, "trial");
    trial->resource_intensive.each = (struct kf_users){.cost_prefix = "", .age_prefix = ""};
    trial->demography.growth = "";
    if (!kf_yaml_exists(map)) {
        return;
    }
    kf_yaml_check_keys(map, trial_keys, reader->findings);
    if (!kf_yaml_is_map(map)) {
        return;
    }
    read_grants(reader, map, trial);
    trial->grant = kf_edition_money(reader, map, "grant", false);
    trial->deduction = kf_edition_money(reader, map, "deduction", false);
    read_resource_intensive(reader, map, &trial->resource_intensive);
    read_demography(reader, map, edition->year_to, &trial->demography);
    trial->gain = kf_edition_money(reader, map, "gain", false);
    if (kf_yaml_count(map) == 0) {
        kf_yaml_fault(map, reader->findings, "trial",
                      "add grants, resource_intensive or demography, or remove it",
                      "the trial says nothing");
    }
}
