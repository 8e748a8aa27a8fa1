#include "services/efficiency/unit_cost/balance.h"

#include "services/efficiency/unit_cost/share.h"
#include "services/efficiency/unit_cost/unit_column.h"

enum kf_err kf_balance_close(const struct kf_panel *panel, struct kf_arena *arena,
                             struct kf_balance *self, struct kf_error *err)
{
    enum kf_err code = kf_values_new(panel, arena, &self->gain, err);
    for (size_t k = 0; code == KF_OK && k < self->gain.members; k++) {
        struct kf_wide gain = kf_wide_sub(self->grant.values[k], self->net.values[k]);
        kf_values_add(&self->gain, k, gain,
                      kf_cell_join(self->net.status[k], self->grant.status[k]));
    }
    return code;
}

enum kf_err kf_balance_append_ratios(struct kf_panel *panel, const char *sector,
                                     const struct kf_balance *self, struct kf_arena *arena,
                                     struct kf_error *err)
{
    const struct {
        const char *measure;
        const struct kf_values *part;
        double factor;
    } shares[] = {{"gain_percent", &self->gain, 100}, {"ratio", &self->net, 1}};
    struct kf_values share = {0};
    enum kf_err code = kf_values_new(panel, arena, &share, err);
    for (size_t i = 0; code == KF_OK && i < sizeof shares / sizeof shares[0]; i++) {
        struct kf_unit_key key = {sector, "", shares[i].measure, NULL};
        kf_share_fill(shares[i].part, &self->grant, shares[i].factor, &share);
        code = kf_unit_column(panel, &key, &share, err);
    }
    return code;
}
