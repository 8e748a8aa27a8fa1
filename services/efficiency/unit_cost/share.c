#include "services/efficiency/unit_cost/share.h"

void kf_share_fill(const struct kf_values *part, const struct kf_values *whole, double factor,
                   struct kf_values *share)
{
    for (size_t k = 0; k < share->members; k++) {
        uint8_t status = kf_cell_join(part->status[k], whole->status[k]);
        if (!kf_cell_has_value(status)) {
            kf_values_clear(share, k, status);
        } else if (!(whole->values[k].high > 0)) {
            kf_values_clear(share, k, KF_CELL_MISSING);
        } else {
            struct kf_wide times = kf_wide_mul(part->values[k], kf_wide_from(factor));
            share->values[k] = kf_wide_div(times, whole->values[k]);
            share->status[k] = status;
        }
    }
}
