#include "services/efficiency/trial/amount.h"

#include "services/efficiency/unit_cost/million.h"

struct kf_wide kf_amount_decimals(struct kf_wide million)
{
    return kf_wide_decimals(million, KF_MILLION_DECIMALS);
}

void kf_amount_add(struct kf_values *self, const struct kf_values *other, int sign)
{
    for (size_t k = 0; k < self->members; k++) {
        struct kf_wide value = other->values[k];
        value = sign < 0 ? (struct kf_wide){-value.high, -value.low} : value;
        kf_values_add(self, k, value, other->status[k]);
    }
}

void kf_amount_fill(struct kf_values *self, const struct kf_values *other)
{
    for (size_t k = 0; k < self->members; k++) {
        if (!kf_cell_has_value(self->status[k])) {
            self->values[k] = other->values[k];
            self->status[k] = other->status[k];
        }
    }
}

void kf_amount_flag(struct kf_values *self, uint8_t flags)
{
    for (size_t k = 0; k < self->members; k++) {
        self->status[k] |= kf_cell_has_value(self->status[k]) ? flags : 0;
    }
}
