#include "services/efficiency/trial/resource_intensive.h"

#include <stddef.h>

#include "services/efficiency/growth_chain.h"
#include "services/efficiency/trial/amount.h"
#include "services/efficiency/trial/refund_year.h"
#include "services/efficiency/unit_cost/published.h"
#include "services/efficiency/unit_cost/unit_column.h"

static const struct {
    const char *measure;
    size_t amount;
} rows[] = {
    {"users", offsetof(struct kf_refund, users)},
    {"net_expenditure_million_kr", offsetof(struct kf_refund, net)},
    {"net_above_threshold_million_kr", offsetof(struct kf_refund, above)},
    {"own_share_threshold_million_kr", offsetof(struct kf_refund, own_threshold)},
    {"own_share_above_million_kr", offsetof(struct kf_refund, own_above)},
    {"own_share_million_kr", offsetof(struct kf_refund, own)},
    {"refund_million_kr", offsetof(struct kf_refund, refund)},
};

static enum kf_err append_row(struct kf_panel *panel, size_t row,
                              const struct kf_refund_year *refunds, struct kf_arena *arena,
                              struct kf_error *err)
{
    struct kf_unit_key key = {KF_SECTOR_RESOURCE_INTENSIVE, "", rows[row].measure, NULL};
    struct kf_values values = {0};
    enum kf_err code = kf_refund_year_values(panel, refunds, rows[row].amount, arena, &values, err);
    return code == KF_OK ? kf_unit_column(panel, &key, &values, err) : code;
}

/* own_base·Π(1 + growth), million kr; missing where it cannot be had. */
static enum kf_err expected(const struct kf_panel *panel, struct kf_arena *arena,
                            struct kf_findings *findings, struct kf_values *own,
                            struct kf_error *err)
{
    const struct kf_resource_intensive *rule = &panel->edition->trial.resource_intensive;
    const struct kf_panel *base = kf_panel_of_year(panel, rule->base_year);
    struct kf_wide factor = kf_wide_from(1);
    struct kf_refund_year refunds = {0};
    bool known = base && rule->base_year < panel->year &&
                 kf_growth_chain(&rule->growth, rule->base_year, panel->year, &factor);
    if (!known) {
        return kf_values_new_missing(panel, arena, own, err);
    }
    enum kf_err code = kf_refund_year_read(base, arena, findings, &refunds, err);
    if (code == KF_OK) {
        code = kf_refund_year_values(panel, &refunds, offsetof(struct kf_refund, own), arena, own,
                                     err);
    }
    for (size_t k = 0; code == KF_OK && k < own->members; k++) {
        own->values[k] = kf_amount_decimals(kf_wide_mul(own->values[k], factor));
    }
    return code;
}

static enum kf_err append_gain(struct kf_panel *panel, const struct kf_refund_year *refunds,
                               struct kf_arena *arena, struct kf_findings *findings,
                               struct kf_error *err)
{
    struct kf_values gain = {0};
    struct kf_values due = {0};
    enum kf_err code = expected(panel, arena, findings, &due, err);
    if (code == KF_OK) {
        code = kf_refund_year_values(panel, refunds, offsetof(struct kf_refund, own), arena, &gain,
                                     err);
    }
    if (code != KF_OK) {
        return code;
    }
    kf_amount_add(&gain, &due, -1);
    kf_amount_flag(&gain, KF_CELL_INFERRED);
    return kf_published_gain_append(panel, KF_SECTOR_RESOURCE_INTENSIVE,
                                    &panel->edition->trial.resource_intensive.gain, arena, &gain,
                                    err);
}

enum kf_err kf_resource_intensive_append(struct kf_panel *panel, struct kf_arena *arena,
                                         struct kf_findings *findings, struct kf_error *err)
{
    struct kf_refund_year refunds = {0};
    enum kf_err code = kf_refund_year_read(panel, arena, findings, &refunds, err);
    for (size_t row = 0; code == KF_OK && row < sizeof rows / sizeof rows[0]; row++) {
        code = append_row(panel, row, &refunds, arena, err);
    }
    return code == KF_OK ? append_gain(panel, &refunds, arena, findings, err) : code;
}
