#include "services/efficiency/efficiency.h"

#include "common/base/numbers.h"
#include "services/efficiency/change.h"
#include "services/efficiency/column.h"
#include "services/efficiency/expenditure.h"

const struct kf_stage kf_efficiency_stage = {
    .name = "efficiency",
    .purpose = "Compares production with expenditure: expenditure index, efficiency and changes "
               "since the year before; hands each panel on to publish.",
    .next = "publish",
    .compute = kf_efficiency_compute,
};

static void fill_member(const struct kf_result *production, const struct kf_result *expenditure,
                        size_t k, struct kf_result *efficiency, struct kf_result *percent)
{
    bool present = kf_cell_has_value(expenditure->status[k]) && expenditure->values[k] > 0;
    uint8_t status = present ? production->status[k] : KF_CELL_MISSING;
    efficiency->status[k] = status;
    percent->status[k] = status;
    if (present) {
        efficiency->values[k] = production->values[k] / expenditure->values[k];
        percent->values[k] =
            kf_efficiency_change_percent(production->values[k], expenditure->values[k]);
    }
}

enum kf_err kf_efficiency_append(struct kf_panel *panel, struct kf_findings *findings,
                                 struct kf_error *err)
{
    const struct kf_result *found =
        kf_panel_result(panel, KF_TOPIC_EFFICIENCY, KF_SECTOR_TOTAL, "", "expenditure_index");
    const struct kf_result *total =
        kf_panel_result(panel, KF_TOPIC_INDEX, KF_SECTOR_TOTAL, "", "index");
    if (!found || !total) {
        return KF_OK;
    }
    struct kf_result expenditure = *found;
    struct kf_result production = *total;
    struct kf_result efficiency = {0};
    struct kf_result percent = {0};
    enum kf_err code = kf_efficiency_column(panel, "efficiency", &efficiency, err);
    if (code == KF_OK) {
        code = kf_efficiency_column(panel, "efficiency_percent", &percent, err);
    }
    for (size_t k = 0; code == KF_OK && k < panel->members_len; k++) {
        fill_member(&production, &expenditure, k, &efficiency, &percent);
    }
    return code == KF_OK ? kf_efficiency_scale(panel, kf_wide_from, &efficiency, findings, err)
                         : code;
}

enum kf_err kf_efficiency_compute(struct kf_panel *panel, struct kf_findings *findings,
                                  struct kf_error *err)
{
    enum kf_err code = kf_expenditure_append(panel, findings, err);
    if (code == KF_OK) {
        code = kf_efficiency_append(panel, findings, err);
    }
    return code == KF_OK ? kf_change_append(panel, err) : code;
}
