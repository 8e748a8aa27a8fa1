#include "services/efficiency/unit_cost/quantity.h"

static void find_negative(const struct kf_panel *panel, const struct kf_quantity *quantity,
                          size_t k, double sum, struct kf_findings *findings)
{
    const struct kf_terms *terms = quantity->terms;
    struct kf_place place = {.municipality = panel->members[k],
                             .variable = terms->count > 0 ? terms->list[0].variable : ""};
    kf_findings_add(findings, &place, "check the figures and the factors of the sum",
                    "the quantity of %s%s%s in %d sums to %g, below 0", quantity->sector,
                    quantity->indicator[0] ? " " : "", quantity->indicator, panel->year, sum);
}

enum kf_err kf_quantity_of(const struct kf_panel *panel, const struct kf_quantity *quantity,
                           struct kf_arena *arena, struct kf_values *values,
                           struct kf_findings *findings, struct kf_error *err)
{
    enum kf_err code = kf_terms_sum(panel, quantity->terms, arena, values, err);
    size_t negative = 0;
    for (size_t k = 0; code == KF_OK && k < values->members; k++) {
        if (kf_cell_has_value(values->status[k]) && values->values[k].high < 0) {
            find_negative(panel, quantity, k, kf_wide_value(values->values[k]), findings);
            negative++;
        }
    }
    return negative == 0 ? code
                         : kf_error_set(err, KF_ERR_DATA, "quantities of %s below 0: %zu in %d",
                                        quantity->sector, negative, panel->year);
}
