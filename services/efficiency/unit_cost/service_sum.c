#include "services/efficiency/unit_cost/service_sum.h"

#include "services/efficiency/unit_cost/partial_sum.h"
#include "services/efficiency/unit_cost/unit_column.h"

/* --- sums over groups ------------------------------------------------------------------------ */

enum kf_err kf_service_sums_new(const struct kf_unit_place *place, struct kf_service_sums *self,
                                struct kf_error *err)
{
    size_t count = place->panel->edition->unit_costs.services_len;
    self->list = kf_arena_calloc(place->arena, count + 1, sizeof *self->list);
    return self->list ? KF_OK : kf_error_set(err, KF_ERR_MEMORY, "no memory for sums of services");
}

static enum kf_err open_sum(const struct kf_unit_place *place, struct kf_service_sum *sum,
                            struct kf_error *err)
{
    size_t members = place->panel->members_len;
    struct kf_values *const all[] = {&sum->quantities, &sum->costed, &sum->spent};
    enum kf_err code = KF_OK;
    for (size_t i = 0; code == KF_OK && i < sizeof all / sizeof all[0]; i++) {
        code = kf_values_new_missing(place->panel, place->arena, all[i], err);
    }
    sum->lacks_quantity = kf_arena_calloc(place->arena, members, sizeof *sum->lacks_quantity);
    sum->lacks_cost = kf_arena_calloc(place->arena, members, sizeof *sum->lacks_cost);
    if (code == KF_OK && (!sum->lacks_quantity || !sum->lacks_cost)) {
        code = kf_error_set(err, KF_ERR_MEMORY, "no memory for sums of services");
    }
    sum->delivered = code == KF_OK;
    return code;
}

static void add_delivered(const struct kf_delivery_costs *delivery, size_t k,
                          struct kf_service_sum *sum)
{
    struct kf_wide quantity = delivery->quantity.values[k];
    uint8_t status = delivery->quantity.status[k];
    uint8_t cost = delivery->unit_cost.status[k];
    kf_partial_sum_add(&sum->quantities, k, quantity, status);
    if (kf_cell_has_value(cost)) {
        kf_partial_sum_add(&sum->costed, k, quantity, status);
        kf_partial_sum_add(&sum->spent, k, kf_wide_mul(quantity, delivery->unit_cost.values[k]),
                           cost);
    } else if (quantity.high > 0) {
        sum->lacks_cost[k] = true;
    }
}

static void add_member(const struct kf_group_costs *group, size_t number, size_t k,
                       struct kf_service_sum *sum)
{
    const struct kf_delivery_costs *delivery = &group->deliveries[number];
    uint8_t status = delivery->quantity.status[k];
    bool has_group = kf_cell_has_value(group->balance.net.status[k]) ||
                     kf_cell_has_value(group->balance.grant.status[k]);
    if (kf_cell_has_value(status)) {
        add_delivered(delivery, k, sum);
    } else if (has_group && (status & KF_CELL_KIND_MASK) != KF_CELL_NOT_APPLICABLE) {
        sum->lacks_quantity[k] = true;
        sum->lacks_cost[k] = true;
    }
}

enum kf_err kf_service_sums_add(const struct kf_unit_place *place,
                                const struct kf_group_costs *group, struct kf_service_sums *self,
                                struct kf_error *err)
{
    enum kf_err code = KF_OK;
    for (size_t i = 0; code == KF_OK && i < group->group->deliveries_len; i++) {
        struct kf_service_sum *sum = &self->list[group->deliveries[i].rate - place->rates];
        code = sum->delivered ? KF_OK : open_sum(place, sum, err);
        for (size_t k = 0; code == KF_OK && k < place->panel->members_len; k++) {
            add_member(group, i, k, sum);
        }
    }
    return code;
}

/* --- over the members ------------------------------------------------------------------------ */

/* All members together. Flags of the others of one member: those that two have, and those that one
 * has who is not it. */
struct whole {
    struct kf_wide spent;
    struct kf_wide costed;
    size_t count;
    uint8_t once;  /* flags of at least one … */
    uint8_t twice; /* … and of at least two */
};

static struct whole sum_members(const struct kf_service_sum *sum)
{
    struct whole whole = {.spent = kf_wide_from(0), .costed = kf_wide_from(0)};
    for (size_t k = 0; k < sum->spent.members; k++) {
        uint8_t status = sum->spent.status[k];
        if (kf_cell_has_value(status)) {
            whole.spent = kf_wide_add(whole.spent, sum->spent.values[k]);
            whole.costed = kf_wide_add(whole.costed, sum->costed.values[k]);
            whole.twice |= whole.once & status;
            whole.once |= status;
            whole.count++;
        }
    }
    return whole;
}

static void fill_own(const struct kf_service_sum *sum, struct kf_values *cost)
{
    for (size_t k = 0; k < cost->members; k++) {
        kf_values_clear(cost, k, sum->spent.status[k]);
        if (kf_cell_has_value(cost->status[k])) {
            cost->values[k] = kf_wide_div(sum->spent.values[k], sum->costed.values[k]);
        }
    }
}

static void fill_others(const struct kf_service_sum *sum, const struct whole *whole,
                        struct kf_values *cost)
{
    for (size_t k = 0; k < cost->members; k++) {
        uint8_t own = sum->spent.status[k];
        bool counts = kf_cell_has_value(own);
        kf_values_clear(cost, k, KF_CELL_MISSING);
        struct kf_wide costed = kf_wide_sub(whole->costed, sum->costed.values[k]);
        if (whole->count - counts > 0 && costed.high > 0) {
            struct kf_wide spent = kf_wide_sub(whole->spent, sum->spent.values[k]);
            uint8_t ones = counts ? (uint8_t)(whole->once & ~own) : whole->once;
            cost->values[k] = kf_wide_div(spent, costed);
            cost->status[k] = whole->twice | ones;
        }
    }
}

/* --- results --------------------------------------------------------------------------------- */

static enum kf_err append_column(struct kf_panel *panel, const struct kf_rate *rate,
                                 const char *measure, const struct kf_values *values,
                                 struct kf_error *err)
{
    struct kf_unit_key key = {KF_SECTOR_SERVICES, rate->service->id, measure, rate->unit};
    return kf_unit_column(panel, &key, values, err);
}

static enum kf_err append_members(struct kf_panel *panel, const struct kf_rate *rate,
                                  const struct kf_service_sum *sum, struct kf_values work[2],
                                  struct kf_error *err)
{
    const struct whole whole = sum_members(sum);
    struct kf_unit_key key = {KF_SECTOR_SERVICES, rate->service->id, "quantity",
                              rate->service->unit};
    enum kf_err code = kf_unit_column(panel, &key, &sum->quantities, err);
    fill_own(sum, &work[0]);
    code = code == KF_OK ? append_column(panel, rate, "unit_cost_kr", &work[0], err) : code;
    fill_others(sum, &whole, &work[1]);
    if (code == KF_OK && whole.count > 0) {
        code = append_column(panel, rate, "unit_cost_others_kr", &work[1], err);
    }
    kf_deviation_fill(rate, &work[0], &work[1]);
    return code == KF_OK ? append_column(panel, rate, "deviation_kr", &work[1], err) : code;
}

static enum kf_err append_group(struct kf_panel *panel, const struct kf_rate *rate,
                                const struct kf_service_sum *sum, struct kf_error *err)
{
    const struct whole whole = sum_members(sum);
    struct kf_unit_key key = {KF_SECTOR_SERVICES, rate->service->id, "rate_kr", rate->unit};
    enum kf_err code = KF_OK;
    if (rate->kr.high > 0 && kf_values_any(&sum->quantities)) {
        code = kf_unit_group_cell(panel, &key, rate->kr, KF_CELL_VALUE, err);
    }
    if (code == KF_OK && whole.count > 0 && panel->members_len > 1) {
        key.measure = "unit_cost_kr";
        code = kf_unit_group_cell(panel, &key, kf_wide_div(whole.spent, whole.costed), whole.once,
                                  err);
    }
    return code;
}

enum kf_err kf_service_sums_append(struct kf_panel *panel, const struct kf_unit_place *place,
                                   const struct kf_service_sums *self, struct kf_error *err)
{
    struct kf_values work[2] = {{0}};
    enum kf_err code = kf_values_new(panel, place->arena, &work[0], err);
    code = code == KF_OK ? kf_values_new(panel, place->arena, &work[1], err) : code;
    for (size_t i = 0; code == KF_OK && i < panel->edition->unit_costs.services_len; i++) {
        struct kf_service_sum *sum = &self->list[i];
        if (!sum->delivered) {
            continue;
        }
        kf_partial_sum_flag(&sum->quantities, sum->lacks_quantity);
        kf_partial_sum_flag(&sum->spent, sum->lacks_cost);
        code = append_members(panel, &place->rates[i], sum, work, err);
        code = code == KF_OK ? append_group(panel, &place->rates[i], sum, err) : code;
    }
    return code;
}
