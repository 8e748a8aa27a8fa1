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

/* Production and expenditure index of the panel, and what is made of them. */
struct comparison {
    struct kf_result production;
    struct kf_result expenditure;
    struct kf_result efficiency;
    struct kf_result percent;
    struct kf_wide *ratios; /* r_k */
};

static void fill_member(struct comparison *self, size_t k)
{
    double production = self->production.values[k];
    double expenditure = self->expenditure.values[k];
    bool present = kf_cell_has_value(self->expenditure.status[k]) && expenditure > 0;
    uint8_t status = present ? self->production.status[k] : KF_CELL_MISSING;
    self->efficiency.status[k] = status;
    self->percent.status[k] = status;
    if (present) {
        struct kf_wide produced = kf_wide_from(production);
        struct kf_wide spent = kf_wide_from(expenditure);
        self->ratios[k] = kf_wide_div(produced, spent);
        self->percent.values[k] = kf_percent_above(produced, spent);
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
    struct comparison both = {
        .production = *total, .expenditure = *found, .ratios = kf_efficiency_room(panel)};
    if (!both.ratios) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the efficiency");
    }
    enum kf_err code = kf_efficiency_column(panel, "efficiency", &both.efficiency, err);
    if (code == KF_OK) {
        code = kf_efficiency_column(panel, "efficiency_percent", &both.percent, err);
    }
    for (size_t k = 0; code == KF_OK && k < panel->members_len; k++) {
        fill_member(&both, k);
    }
    return code == KF_OK ? kf_efficiency_scale(panel, both.ratios, &both.efficiency, findings, err)
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
