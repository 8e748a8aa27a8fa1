#include "services/efficiency/unit_cost/partial_sum.h"

void kf_partial_sum_add(struct kf_values *self, size_t k, struct kf_wide value, uint8_t status)
{
    if (!kf_cell_has_value(self->status[k])) {
        kf_values_clear(self, k, KF_CELL_VALUE);
    }
    kf_values_add(self, k, value, status);
}

void kf_partial_sum_flag(struct kf_values *self, const bool *lacks)
{
    for (size_t k = 0; k < self->members; k++) {
        bool flagged = lacks[k] && kf_cell_has_value(self->status[k]);
        self->status[k] |= flagged ? KF_CELL_INCOMPLETE : 0;
    }
}
