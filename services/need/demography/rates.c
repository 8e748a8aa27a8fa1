#include "services/need/demography/rates.h"

#include <string.h>

#include "services/need/demography/country_people.h"

/* What one inhabitant of each age costs in one sector. */
struct age_costs {
    struct kf_wide kr[KF_AGES];
    uint8_t status[KF_AGES];
};

struct work {
    const struct kf_edition *edition;
    struct kf_arena *arena;
    struct kf_findings *findings;
    struct kf_country_people people; /* of rate_year; without a panel when it has no figures */
    struct kf_country_amount net;    /* of the sector at hand */
    struct age_costs costs;
};

/* A rule of the edition that rates cannot be derived from. */
static enum kf_err refuse(const struct work *work, const char *name, const char *problem,
                          const char *remedy, struct kf_error *err)
{
    struct kf_place place = {.variable = name};
    kf_findings_add_once(work->findings, &place, remedy, "%s", problem);
    return kf_error_set(err, KF_ERR_DATA, "no rates can be derived: %s %s", name, problem);
}

/* --- what one of an age costs ---------------------------------------------------------------- */

static struct kf_wide sum_weights(const struct kf_sector *sector)
{
    struct kf_wide sum = kf_wide_from(0);
    for (size_t j = 0; j < sector->criteria_len; j++) {
        if (sector->criteria[j].ages.count > 0) {
            sum = kf_wide_add(sum, kf_wide_from(sector->criteria[j].weight));
        }
    }
    return sum;
}

/* P_L(j); its status tells whether all ages of the criterion have figures. */
static struct kf_wide count_criterion(const struct work *work, const struct kf_terms *terms,
                                      uint8_t *status)
{
    struct kf_wide sum = kf_wide_from(0);
    *status = KF_CELL_VALUE;
    for (size_t t = 0; t < terms->count; t++) {
        int age = kf_variable_age(terms->list[t].variable);
        if (age < 0 || !kf_cell_has_value(work->net.ages.status[age])) {
            *status = KF_CELL_MISSING;
            return sum;
        }
        *status |= work->net.ages.status[age];
        sum = kf_wide_add(sum, work->net.ages.people[age]);
    }
    return sum;
}

/* Adds w'_j NDU/P_L(j) to each age of the criterion. */
static void add_criterion(struct work *work, const struct kf_criterion *criterion,
                          struct kf_wide weights)
{
    uint8_t status = KF_CELL_VALUE;
    struct kf_wide people = count_criterion(work, &criterion->ages, &status);
    struct kf_wide kr = kf_wide_from(0);
    if (kf_cell_has_value(status) && people.high > 0) {
        struct kf_wide share = kf_wide_div(kf_wide_from(criterion->weight), weights);
        kr = kf_wide_div(kf_wide_mul(share, work->net.sum), people);
    } else {
        status = KF_CELL_MISSING;
    }
    for (size_t t = 0; t < criterion->ages.count; t++) {
        int age = kf_variable_age(criterion->ages.list[t].variable);
        if (age >= 0) {
            work->costs.kr[age] = kf_wide_add(work->costs.kr[age], kr);
            work->costs.status[age] |= status;
        }
    }
}

/* Net expenditure of the country in work->net. */
static enum kf_err find_net(struct work *work, const struct kf_sector *sector, struct kf_error *err)
{
    struct kf_values net = {0};
    enum kf_err code =
        kf_terms_sum(work->people.year, &sector->resources.net, work->arena, &net, err);
    if (code != KF_OK) {
        return code;
    }
    if (kf_country_people_match(&work->people, &net, &work->net) == KF_OK) {
        return KF_OK;
    }
    struct kf_place place = {.municipality = KF_MUNICIPALITY_COUNTRY, .variable = KF_AGE_VARIABLE};
    kf_findings_add_once(work->findings, &place,
                         "give the country's inhabitants by single year of age, or the members' "
                         "net expenditure",
                         "people are not known for the country in %d, net expenditure is",
                         work->people.year->year);
    return kf_error_set(err, KF_ERR_DATA, "rates of %s lack the people of the country", sector->id);
}

/* work->costs of one sector. */
static enum kf_err cost_ages(struct work *work, const char *id, struct kf_error *err)
{
    const struct kf_sector *sector = kf_edition_sector(work->edition, id);
    if (!sector || sector->resources.net.count == 0) {
        return refuse(work, id, "is no sector with net expenditure",
                      "name a sector of the edition that has resources", err);
    }
    struct kf_wide weights = sum_weights(sector);
    if (!(weights.high > 0)) {
        return refuse(work, id, "has no criteria that count people by age",
                      "give its criteria `ages`, or give the rates", err);
    }
    enum kf_err code = find_net(work, sector, err);
    memset(&work->costs, 0, sizeof work->costs);
    for (size_t j = 0; code == KF_OK && j < sector->criteria_len; j++) {
        if (sector->criteria[j].ages.count > 0) {
            add_criterion(work, &sector->criteria[j], weights);
        }
    }
    return code;
}

/* --- rates ----------------------------------------------------------------------------------- */

/* Adds the mean over the people of the group of what one of their age costs. */
static void add_mean(const struct work *work, const struct kf_terms *group, struct kf_wide *kr,
                     uint8_t *status)
{
    const struct kf_country_ages *ages = &work->net.ages;
    struct kf_wide cost = kf_wide_from(0);
    struct kf_wide people = kf_wide_from(0);
    uint8_t flags = work->net.status;
    for (size_t t = 0; kf_cell_has_value(flags) && t < group->count; t++) {
        int age = kf_variable_age(group->list[t].variable);
        flags |= ages->status[age] | work->costs.status[age];
        cost = kf_wide_add(cost, kf_wide_mul(ages->people[age], work->costs.kr[age]));
        people = kf_wide_add(people, ages->people[age]);
    }
    if (kf_cell_has_value(flags) && people.high > 0 && kf_cell_has_value(*status)) {
        *kr = kf_wide_add(*kr, kf_wide_div(cost, people));
        *status |= flags;
    } else {
        *kr = kf_wide_from(0);
        *status = KF_CELL_MISSING;
    }
}

static enum kf_err check_groups(const struct work *work, struct kf_error *err)
{
    const struct kf_demography *demography = &work->edition->demography;
    for (size_t a = 0; a < demography->cost_groups_len; a++) {
        const struct kf_age_group *group = &demography->cost_groups[a];
        for (size_t t = 0; t < group->people.count; t++) {
            if (kf_variable_age(group->people.list[t].variable) < 0 ||
                group->people.list[t].factor != 1) {
                return refuse(work, group->id, "is not made of single years of age",
                              "give the group `ages`, or give the rates", err);
            }
        }
    }
    return KF_OK;
}

static enum kf_err derive(struct work *work, const struct kf_cost_sector *service,
                          struct kf_wide *kr, uint8_t *status, struct kf_error *err)
{
    const struct kf_demography *demography = &work->edition->demography;
    if (!work->people.year) {
        memset(status, KF_CELL_MISSING, demography->cost_groups_len);
        return KF_OK;
    }
    enum kf_err code = check_groups(work, err);
    for (size_t s = 0; code == KF_OK && s < service->of_len; s++) {
        code = cost_ages(work, service->of[s], err);
        for (size_t a = 0; code == KF_OK && a < demography->cost_groups_len; a++) {
            add_mean(work, &demography->cost_groups[a].people, &kr[a], &status[a]);
        }
    }
    return code;
}

static enum kf_err find_rates(struct work *work, const struct kf_rates *rates, struct kf_error *err)
{
    const struct kf_demography *demography = &work->edition->demography;
    size_t groups = demography->cost_groups_len;
    enum kf_err outcome = KF_OK;
    for (size_t s = 0; kf_err_goes_on(outcome) && s < demography->sectors_len; s++) {
        const struct kf_cost_sector *service = &demography->sectors[s];
        struct kf_error latest = {0};
        enum kf_err code = KF_OK;
        if (!service->rates) {
            code =
                derive(work, service, &rates->kr[s * groups], &rates->status[s * groups], &latest);
        }
        for (size_t a = 0; service->rates && a < groups; a++) {
            rates->kr[s * groups + a] = kf_wide_from_figure(service->rates[a]);
        }
        outcome = kf_error_join(outcome, code, &latest, err);
    }
    return outcome;
}

static bool derives(const struct kf_demography *demography)
{
    for (size_t s = 0; s < demography->sectors_len; s++) {
        if (!demography->sectors[s].rates) {
            return true;
        }
    }
    return false;
}

enum kf_err kf_rates_find(struct kf_panel *panel, struct kf_arena *arena, struct kf_rates *rates,
                          struct kf_findings *findings, struct kf_error *err)
{
    const struct kf_demography *demography = &panel->edition->demography;
    size_t count = demography->sectors_len * demography->cost_groups_len;
    struct work *work = kf_arena_alloc(arena, sizeof *work);
    struct kf_rates made = {
        .kr = kf_arena_calloc(arena, count + 1, sizeof *made.kr),
        .status = kf_arena_calloc(arena, count + 1, sizeof *made.status),
    };
    if (!work || !made.kr || !made.status) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the rates of age groups");
    }
    *work = (struct work){.edition = panel->edition, .arena = arena, .findings = findings};
    const struct kf_panel *year = kf_panel_of_year(panel, demography->rate_year);
    enum kf_err code = KF_OK;
    if (year && derives(demography)) {
        code = kf_country_people_init(&work->people, year, arena, err);
    }
    code = code == KF_OK ? find_rates(work, &made, err) : code;
    if (code == KF_OK) {
        *rates = made;
    }
    return code;
}

/* --- rows ------------------------------------------------------------------------------------ */

static enum kf_err append_rate(struct kf_panel *panel, const char *sector, const char *group,
                               const struct kf_values *rate, struct kf_error *err)
{
    if (!kf_cell_has_value(rate->status[0])) {
        return KF_OK;
    }
    struct kf_result_key key = {.topic = KF_TOPIC_DEMOGRAPHY,
                                .sector = sector,
                                .indicator = group,
                                .measure = "rate_kr",
                                .group = true};
    struct kf_result *cell = NULL;
    enum kf_err code = kf_panel_append(panel, &key, &cell, err);
    if (code == KF_OK) {
        cell->values[0] = kf_wide_value(rate->values[0]);
        cell->status[0] = rate->status[0];
    }
    return code;
}

static enum kf_err append_group(struct kf_panel *panel, const struct kf_rates *rates, size_t a,
                                struct kf_error *err)
{
    const struct kf_demography *demography = &panel->edition->demography;
    const char *group = demography->cost_groups[a].id;
    struct kf_wide sum = kf_wide_from(0);
    uint8_t sum_status = KF_CELL_VALUE;
    struct kf_values total = {&sum, &sum_status, 1};
    enum kf_err code = KF_OK;
    for (size_t s = 0; code == KF_OK && s < demography->sectors_len; s++) {
        size_t at = s * demography->cost_groups_len + a;
        struct kf_values rate = {&rates->kr[at], &rates->status[at], 1};
        kf_values_add(&total, 0, rates->kr[at], rates->status[at]);
        code = append_rate(panel, demography->sectors[s].id, group, &rate, err);
    }
    return code == KF_OK ? append_rate(panel, KF_SECTOR_TOTAL, group, &total, err) : code;
}

enum kf_err kf_rates_append(struct kf_panel *panel, const struct kf_rates *rates,
                            struct kf_error *err)
{
    const struct kf_demography *demography = &panel->edition->demography;
    enum kf_err code = KF_OK;
    for (size_t a = 0;
         code == KF_OK && demography->sectors_len > 0 && a < demography->cost_groups_len; a++) {
        code = append_group(panel, rates, a, err);
    }
    return code;
}
