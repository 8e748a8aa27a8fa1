#include "services/efficiency/unit_cost/million.h"

struct kf_wide kf_million_from_kr(struct kf_wide kr)
{
    return kf_wide_decimals(kf_wide_div(kr, kf_wide_from(KF_MILLION_KR)), KF_MILLION_DECIMALS);
}

enum kf_err kf_million_of(const struct kf_panel *panel, const struct kf_terms *terms,
                          struct kf_arena *arena, struct kf_values *million, struct kf_error *err)
{
    if (terms->count == 0) {
        return kf_values_new_missing(panel, arena, million, err);
    }
    enum kf_err code = kf_terms_sum(panel, terms, arena, million, err);
    if (code != KF_OK) {
        return code;
    }
    for (size_t k = 0; k < million->members; k++) {
        million->values[k] = kf_million_from_kr(million->values[k]);
    }
    kf_values_clear(million, million->members, KF_CELL_MISSING);
    return KF_OK;
}
