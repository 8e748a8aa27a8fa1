#include "services/efficiency/unit_cost/cost_group.h"

#include <string.h>

#include "services/efficiency/unit_cost/million.h"
#include "services/efficiency/unit_cost/quantity.h"
#include "services/efficiency/unit_cost/unit_column.h"
#include "services/efficiency/unit_cost/weighting.h"

/* A group while it is computed. */
struct work {
    const struct kf_unit_place *place;
    struct kf_group_costs *costs;
    struct kf_values net;       /* kr */
    struct kf_delivered *items; /* the services of the member at hand */
};

/* --- figures --------------------------------------------------------------------------------- */

static const struct kf_rate *find_rate(const struct kf_unit_place *place, const char *service)
{
    const struct kf_unit_costs *costs = &place->panel->edition->unit_costs;
    for (size_t i = 0; i < costs->services_len; i++) {
        if (strcmp(place->rates[i].service->id, service) == 0) {
            return &place->rates[i];
        }
    }
    return NULL;
}

static enum kf_err open_delivery(const struct work *work, size_t number, struct kf_error *err)
{
    const struct kf_unit_place *place = work->place;
    const struct kf_cost_group *group = work->costs->group;
    const struct kf_delivery *delivery = &group->deliveries[number];
    struct kf_delivery_costs *costs = &work->costs->deliveries[number];
    const struct kf_quantity quantity = {&delivery->quantity, group->id, delivery->service};
    costs->rate = find_rate(place, delivery->service);
    if (!costs->rate) {
        return kf_error_set(err, KF_ERR_DATA, "%s delivers %s, which the edition does not know",
                            group->id, delivery->service);
    }
    enum kf_err code = kf_values_new(place->panel, place->arena, &costs->unit_cost, err);
    if (code == KF_OK) {
        code = kf_values_new(place->panel, place->arena, &costs->grant, err);
    }
    return code == KF_OK ? kf_quantity_of(place->panel, &quantity, place->arena, &costs->quantity,
                                          place->findings, err)
                         : code;
}

/* A faulty service does not hide the next. */
static enum kf_err open_deliveries(struct work *work, struct kf_error *err)
{
    struct kf_arena *arena = work->place->arena;
    struct kf_group_costs *costs = work->costs;
    size_t count = costs->group->deliveries_len;
    costs->deliveries = kf_arena_calloc(arena, count + 1, sizeof *costs->deliveries);
    work->items = kf_arena_calloc(arena, count + 1, sizeof *work->items);
    if (!costs->deliveries || !work->items) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the services of a cost group");
    }
    enum kf_err outcome = KF_OK;
    for (size_t i = 0; kf_err_goes_on(outcome) && i < count; i++) {
        struct kf_error latest = {0};
        enum kf_err code = open_delivery(work, i, &latest);
        outcome = kf_error_join(outcome, code, &latest, err);
    }
    return outcome;
}

static enum kf_err open_accounts(struct work *work, struct kf_error *err)
{
    const struct kf_unit_place *place = work->place;
    struct kf_group_costs *costs = work->costs;
    const struct kf_cost_group *group = costs->group;
    enum kf_err code = kf_terms_sum(place->panel, &group->net, place->arena, &work->net, err);
    if (code == KF_OK) {
        code = kf_million_of(place->panel, &group->net, place->arena, &costs->balance.net, err);
    }
    if (code == KF_OK) {
        code = kf_million_of(place->panel, &group->grant, place->arena, &costs->balance.grant, err);
    }
    return code == KF_OK
               ? kf_values_new_missing(place->panel, place->arena, &costs->calculated, err)
               : code;
}

/* --- one member ------------------------------------------------------------------------------ */

static void set(struct kf_values *values, size_t k, struct kf_unit_cell cell)
{
    values->values[k] = cell.value;
    values->status[k] = cell.status;
}

static void weigh_member(const struct work *work, size_t k)
{
    struct kf_group_costs *costs = work->costs;
    size_t count = costs->group->deliveries_len;
    for (size_t i = 0; i < count; i++) {
        const struct kf_delivery_costs *delivery = &costs->deliveries[i];
        work->items[i] = (struct kf_delivered){
            .quantity = {delivery->quantity.values[k], delivery->quantity.status[k]},
            .rate = delivery->rate->kr,
        };
    }
    kf_weigh((struct kf_unit_cell){work->net.values[k], work->net.status[k]}, work->items, count);
    for (size_t i = 0; i < count; i++) {
        set(&costs->deliveries[i].unit_cost, k, work->items[i].unit_cost);
        set(&costs->deliveries[i].grant, k, kf_delivered_grant(&work->items[i]));
    }
    set(&costs->calculated, k, kf_delivered_grants(work->items, count));
    if (!kf_cell_has_value(costs->balance.grant.status[k])) {
        costs->balance.grant.values[k] = costs->calculated.values[k];
        costs->balance.grant.status[k] = costs->calculated.status[k];
    }
}

enum kf_err kf_group_costs_compute(const struct kf_unit_place *place,
                                   const struct kf_cost_group *group, struct kf_group_costs *self,
                                   struct kf_error *err)
{
    *self = (struct kf_group_costs){.group = group};
    struct work work = {.place = place, .costs = self};
    enum kf_err code = open_deliveries(&work, err);
    code = code == KF_OK ? open_accounts(&work, err) : code;
    for (size_t k = 0; code == KF_OK && k < place->panel->members_len; k++) {
        weigh_member(&work, k);
    }
    return code == KF_OK ? kf_balance_close(place->panel, place->arena, &self->balance, err) : code;
}

/* --- results --------------------------------------------------------------------------------- */

void kf_deviation_fill(const struct kf_rate *rate, const struct kf_values *unit_cost,
                       struct kf_values *deviation)
{
    for (size_t k = 0; k < deviation->members; k++) {
        kf_values_clear(deviation, k, unit_cost->status[k]);
        if (!(rate->kr.high > 0)) {
            kf_values_clear(deviation, k, KF_CELL_MISSING);
        } else if (kf_cell_has_value(unit_cost->status[k])) {
            deviation->values[k] = kf_wide_sub(rate->kr, unit_cost->values[k]);
        }
    }
}

static enum kf_err append_delivery(struct kf_panel *panel, const char *group,
                                   const struct kf_delivery_costs *self,
                                   struct kf_values *deviation, struct kf_error *err)
{
    const struct kf_rated_service *service = self->rate->service;
    enum kf_err code = KF_OK;
    kf_deviation_fill(self->rate, &self->unit_cost, deviation);
    const struct {
        const char *measure;
        const char *unit;
        const struct kf_values *values;
    } columns[] = {
        {"quantity", service->unit, &self->quantity},
        {"unit_cost_kr", self->rate->unit, &self->unit_cost},
        {"deviation_kr", self->rate->unit, deviation},
        {"calculated_grant_million_kr", NULL, &self->grant},
    };
    for (size_t i = 0; code == KF_OK && i < sizeof columns / sizeof columns[0]; i++) {
        struct kf_unit_key key = {group, service->id, columns[i].measure, columns[i].unit};
        code = kf_unit_column(panel, &key, columns[i].values, err);
    }
    return code;
}

static enum kf_err append_whole(struct kf_panel *panel, const struct kf_group_costs *self,
                                struct kf_error *err)
{
    const struct {
        const char *measure;
        const struct kf_values *values;
    } columns[] = {
        {"net_expenditure_million_kr", &self->balance.net},
        {"grant_million_kr", &self->balance.grant},
        {"calculated_grant_million_kr", &self->calculated},
        {"gain_million_kr", &self->balance.gain},
    };
    enum kf_err code = KF_OK;
    for (size_t i = 0; code == KF_OK && i < sizeof columns / sizeof columns[0]; i++) {
        struct kf_unit_key key = {self->group->id, "", columns[i].measure, NULL};
        code = kf_unit_column(panel, &key, columns[i].values, err);
    }
    return code;
}

enum kf_err kf_group_costs_append(struct kf_panel *panel, const struct kf_group_costs *self,
                                  struct kf_arena *arena, struct kf_error *err)
{
    struct kf_values deviation = {0};
    enum kf_err code = kf_values_new(panel, arena, &deviation, err);
    for (size_t i = 0; code == KF_OK && i < self->group->deliveries_len; i++) {
        code = append_delivery(panel, self->group->id, &self->deliveries[i], &deviation, err);
    }
    code = code == KF_OK ? append_whole(panel, self, err) : code;
    return code == KF_OK
               ? kf_balance_append_ratios(panel, self->group->id, &self->balance, arena, err)
               : code;
}
