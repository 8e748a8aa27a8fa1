#include "services/efficiency/unit_cost/services.h"

#include "services/efficiency/unit_cost/partial_sum.h"
#include "services/efficiency/unit_cost/published.h"
#include "services/efficiency/unit_cost/unit_column.h"

enum kf_err kf_services_sum_new(const struct kf_unit_place *place, struct kf_services_sum *self,
                                struct kf_error *err)
{
    *self = (struct kf_services_sum){0};
    struct kf_values *const all[] = {&self->balance.net, &self->balance.grant, &self->balance.gain,
                                     &self->reliable};
    enum kf_err code = KF_OK;
    for (size_t i = 0; code == KF_OK && i < sizeof all / sizeof all[0]; i++) {
        code = kf_values_new_missing(place->panel, place->arena, all[i], err);
    }
    self->lacks = kf_arena_calloc(place->arena, place->panel->members_len, sizeof *self->lacks);
    if (code == KF_OK && !self->lacks) {
        code = kf_error_set(err, KF_ERR_MEMORY, "no memory for the sum of cost groups");
    }
    return code;
}

void kf_services_sum_add(const struct kf_balance *group, struct kf_services_sum *self)
{
    for (size_t k = 0; k < group->gain.members; k++) {
        bool has_net = kf_cell_has_value(group->net.status[k]);
        bool has_grant = kf_cell_has_value(group->grant.status[k]);
        if (!has_net || !has_grant) {
            self->lacks[k] = self->lacks[k] || has_net || has_grant;
            continue;
        }
        kf_partial_sum_add(&self->balance.net, k, group->net.values[k], group->net.status[k]);
        kf_partial_sum_add(&self->balance.grant, k, group->grant.values[k], group->grant.status[k]);
        kf_partial_sum_add(&self->balance.gain, k, group->gain.values[k], group->gain.status[k]);
        if (group->gain.status[k] & KF_CELL_PRELIMINARY) {
            self->preliminary = true;
        } else {
            kf_partial_sum_add(&self->reliable, k, group->gain.values[k], group->gain.status[k]);
        }
    }
}

static enum kf_err append_column(struct kf_panel *panel, const char *measure,
                                 const struct kf_values *values, struct kf_error *err)
{
    struct kf_unit_key key = {KF_SECTOR_SERVICES, "", measure, NULL};
    return kf_unit_column(panel, &key, values, err);
}

enum kf_err kf_services_sum_append(struct kf_panel *panel, const struct kf_unit_place *place,
                                   struct kf_services_sum *self, struct kf_error *err)
{
    struct kf_balance *balance = &self->balance;
    struct kf_values *const all[] = {&balance->net, &balance->grant, &balance->gain,
                                     &self->reliable};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        kf_partial_sum_flag(all[i], self->lacks);
    }
    enum kf_err code = append_column(panel, "net_expenditure_million_kr", &balance->net, err);
    if (code == KF_OK) {
        code = append_column(panel, "grant_million_kr", &balance->grant, err);
    }
    if (code == KF_OK && self->preliminary) {
        code = append_column(panel, "gain_without_preliminary_million_kr", &self->reliable, err);
    }
    if (code == KF_OK) {
        code = kf_balance_append_ratios(panel, KF_SECTOR_SERVICES, balance, place->arena, err);
    }
    return code == KF_OK ? kf_published_gain_append(panel, KF_SECTOR_SERVICES,
                                                    &panel->edition->unit_costs.gain, place->arena,
                                                    &balance->gain, err)
                         : code;
}
