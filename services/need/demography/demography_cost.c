#include "services/need/demography/demography_cost.h"

#include <string.h>

#include "services/need/demography/cost_level.h"
#include "services/need/demography/demography_column.h"

#define KR_IN_A_MILLION 1e6

struct work {
    struct kf_panel *panel;
    const struct kf_demography *demography;
    const struct kf_rates *rates;
    struct kf_arena *arena;
    struct kf_age_people now;
    struct kf_age_people before;
    struct kf_age_people base;
    struct kf_values *changes; /* P_t − P_t−1 of each cost group */
    struct kf_values *groups;  /* million kr of each cost group, all services */
    struct kf_values whole;    /* million kr */
    struct kf_values capita;   /* kr an inhabitant, all services */
};

static void reset(struct kf_values *values)
{
    memset(values->values, 0, (values->members + 1) * sizeof *values->values);
    memset(values->status, 0, values->members + 1);
}

/* --- D3, D4 ---------------------------------------------------------------------------------- */

static void find_change(const struct kf_values *now, const struct kf_values *before,
                        struct kf_values *change)
{
    for (size_t k = 0; k < change->members; k++) {
        kf_values_add(change, k, now->values[k], now->status[k]);
        kf_values_add(change, k, (struct kf_wide){-before->values[k].high, -before->values[k].low},
                      before->status[k]);
    }
}

/* Million kr of one service and group, on the grid; added to both sums. */
static void cost_group(struct work *work, size_t s, size_t a, struct kf_values *cost,
                       struct kf_values *service)
{
    size_t at = s * work->demography->cost_groups_len + a;
    struct kf_wide rate = kf_wide_div(work->rates->kr[at], kf_wide_from(KR_IN_A_MILLION));
    const struct kf_values *change = &work->changes[a];
    for (size_t k = 0; k < cost->members; k++) {
        double million = kf_demography_grid(kf_wide_mul(change->values[k], rate));
        cost->status[k] = kf_cell_join(change->status[k], work->rates->status[at]);
        cost->values[k] = kf_wide_from(kf_cell_has_value(cost->status[k]) ? million : 0);
        kf_values_add(service, k, cost->values[k], cost->status[k]);
        kf_values_add(&work->groups[a], k, cost->values[k], cost->status[k]);
    }
}

/* Kr an inhabitant of the year's population. */
static void divide(const struct work *work, const struct kf_values *million,
                   struct kf_values *capita)
{
    const struct kf_values *people = work->now.whole;
    reset(capita);
    for (size_t k = 0; k < capita->members; k++) {
        bool inhabited = people->values[k].high > 0;
        capita->status[k] = kf_cell_join(inhabited ? people->status[k] : (uint8_t)KF_CELL_MISSING,
                                         million->status[k]);
        if (kf_cell_has_value(capita->status[k])) {
            struct kf_wide kr = kf_wide_mul(million->values[k], kf_wide_from(KR_IN_A_MILLION));
            kr = kf_wide_div(kr, people->values[k]);
            capita->values[k] = kf_wide_from(kf_demography_grid(kr));
        }
    }
}

static enum kf_err append_service(struct work *work, size_t s, struct kf_values *cost,
                                  struct kf_values *service, struct kf_error *err)
{
    struct kf_demography_key key = {work->demography->sectors[s].id, "", "cost_million_kr"};
    enum kf_err code = KF_OK;
    reset(service);
    for (size_t a = 0; code == KF_OK && a < work->demography->cost_groups_len; a++) {
        cost_group(work, s, a, cost, service);
        key.indicator = work->demography->cost_groups[a].id;
        code = kf_demography_column(work->panel, &key, cost, err);
    }
    key.indicator = "";
    code = code == KF_OK ? kf_demography_column(work->panel, &key, service, err) : code;
    divide(work, service, cost);
    for (size_t k = 0; k < service->members; k++) {
        kf_values_add(&work->whole, k, service->values[k], service->status[k]);
        kf_values_add(&work->capita, k, cost->values[k], cost->status[k]);
    }
    key.measure = "cost_kr_per_capita";
    return code == KF_OK ? kf_demography_column(work->panel, &key, cost, err) : code;
}

static enum kf_err append_whole(struct work *work, struct kf_error *err)
{
    struct kf_demography_key key = {KF_SECTOR_TOTAL, "", "cost_million_kr"};
    enum kf_err code = KF_OK;
    for (size_t a = 0; code == KF_OK && a < work->demography->cost_groups_len; a++) {
        key.indicator = work->demography->cost_groups[a].id;
        code = kf_demography_column(work->panel, &key, &work->groups[a], err);
    }
    key.indicator = "";
    code = code == KF_OK ? kf_demography_column(work->panel, &key, &work->whole, err) : code;
    key.measure = "cost_kr_per_capita";
    return code == KF_OK ? kf_demography_column(work->panel, &key, &work->capita, err) : code;
}

static enum kf_err make_room(struct work *work, struct kf_error *err)
{
    size_t groups = work->demography->cost_groups_len;
    work->changes = kf_arena_calloc(work->arena, groups, sizeof *work->changes);
    work->groups = kf_arena_calloc(work->arena, groups, sizeof *work->groups);
    if (!work->changes || !work->groups) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the cost of age groups");
    }
    enum kf_err code = kf_values_new(work->panel, work->arena, &work->whole, err);
    code = code == KF_OK ? kf_values_new(work->panel, work->arena, &work->capita, err) : code;
    for (size_t a = 0; code == KF_OK && a < groups; a++) {
        code = kf_values_new(work->panel, work->arena, &work->changes[a], err);
        code =
            code == KF_OK ? kf_values_new(work->panel, work->arena, &work->groups[a], err) : code;
    }
    return code;
}

static enum kf_err append_cost(struct work *work, struct kf_error *err)
{
    struct kf_values cost = {0};
    struct kf_values service = {0};
    enum kf_err code = make_room(work, err);
    code = code == KF_OK ? kf_values_new(work->panel, work->arena, &cost, err) : code;
    code = code == KF_OK ? kf_values_new(work->panel, work->arena, &service, err) : code;
    for (size_t a = 0; code == KF_OK && a < work->demography->cost_groups_len; a++) {
        find_change(&work->now.cost_groups[a], &work->before.cost_groups[a], &work->changes[a]);
    }
    for (size_t s = 0; code == KF_OK && s < work->demography->sectors_len; s++) {
        code = append_service(work, s, &cost, &service, err);
    }
    return code == KF_OK ? append_whole(work, err) : code;
}

/* --- D5 -------------------------------------------------------------------------------------- */

static void find_index(const struct kf_values *now, const struct kf_values *base,
                       struct kf_values *index)
{
    reset(index);
    for (size_t k = 0; k < index->members; k++) {
        bool above_zero = base->values[k].high > 0;
        index->status[k] =
            kf_cell_join(base->status[k], above_zero ? now->status[k] : (uint8_t)KF_CELL_MISSING);
        if (kf_cell_has_value(index->status[k])) {
            index->values[k] = kf_wide_div(now->values[k], base->values[k]);
        }
    }
}

static enum kf_err append_indices(struct work *work, const struct kf_values *now,
                                  const struct kf_values *base, struct kf_error *err)
{
    struct kf_values index = {0};
    size_t services = work->demography->sectors_len;
    enum kf_err code = kf_values_new(work->panel, work->arena, &index, err);
    for (size_t s = 0; code == KF_OK && s <= services; s++) {
        bool whole = s == services;
        struct kf_demography_key key = {whole ? KF_SECTOR_TOTAL : work->demography->sectors[s].id,
                                        "", "need_index"};
        find_index(&now[s], &base[s], &index);
        code = kf_demography_column(work->panel, &key, &index, err);
    }
    return code;
}

static enum kf_err append_since_base(struct work *work, struct kf_error *err)
{
    struct kf_values *now = NULL;
    struct kf_values *base = NULL;
    enum kf_err code = kf_cost_level(work->panel, work->rates, &work->now, work->arena, &now, err);
    if (code == KF_OK) {
        code = kf_cost_level(work->panel, work->rates, &work->base, work->arena, &base, err);
    }
    if (code == KF_OK) {
        code = kf_cost_difference_append(work->panel, base, now, "cost_since_base_million_kr",
                                         work->arena, err);
    }
    return code == KF_OK ? append_indices(work, now, base, err) : code;
}

/* --- all ------------------------------------------------------------------------------------- */

enum kf_err kf_demography_cost_append(struct kf_panel *panel, struct kf_age_years *years,
                                      const struct kf_rates *rates, struct kf_arena *arena,
                                      struct kf_error *err)
{
    const struct kf_demography *demography = &panel->edition->demography;
    if (demography->sectors_len == 0 || demography->cost_groups_len == 0) {
        return KF_OK;
    }
    struct work work = {.panel = panel, .demography = demography, .rates = rates, .arena = arena};
    struct {
        int year;
        struct kf_age_people *people;
    } asked[] = {{panel->year, &work.now},
                 {panel->year - 1, &work.before},
                 {demography->base_year, &work.base}};
    enum kf_err code = KF_OK;
    for (size_t i = 0; code == KF_OK && i < sizeof asked / sizeof asked[0]; i++) {
        code = kf_age_years_people(years, asked[i].year, KF_AGE_COUNTED, asked[i].people, err);
    }
    code = code == KF_OK ? append_cost(&work, err) : code;
    return code == KF_OK ? append_since_base(&work, err) : code;
}
