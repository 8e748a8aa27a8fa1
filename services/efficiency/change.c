#include "services/efficiency/change.h"

#include "common/base/numbers.h"
#include "services/efficiency/column.h"
#include "services/efficiency/computed_change.h"
#include "services/efficiency/mean_change.h"

double kf_percent_above(struct kf_wide part, struct kf_wide whole)
{
    struct kf_wide above = kf_wide_add(kf_wide_div(part, whole), kf_wide_from(-1));
    return kf_wide_value(kf_wide_mul(above, kf_wide_from(100)));
}

static void fill_percent(const struct kf_panel *panel, const struct kf_column *published,
                         struct kf_result *percent)
{
    struct kf_wide base = kf_wide_from(panel->edition->change.base);
    for (size_t k = 0; k < panel->members_len; k++) {
        percent->status[k] = published ? published->status[k] : KF_CELL_MISSING;
        if (kf_cell_has_value(percent->status[k])) {
            percent->values[k] = kf_percent_above(kf_wide_from_figure(published->values[k]), base);
        }
    }
}

/* T3; what stands for "no change" is in both figures and cancels. */
static void fill_efficiency(const struct kf_panel *panel, const struct kf_column *production,
                            const struct kf_column *expenditure, struct kf_result *efficiency)
{
    for (size_t k = 0; k < panel->members_len; k++) {
        bool present = production && expenditure && kf_cell_has_value(production->status[k]) &&
                       kf_cell_has_value(expenditure->status[k]) && expenditure->values[k] > 0;
        efficiency->status[k] =
            present ? production->status[k] | expenditure->status[k] : KF_CELL_MISSING;
        if (present) {
            efficiency->values[k] = kf_percent_above(kf_wide_from_figure(production->values[k]),
                                                     kf_wide_from_figure(expenditure->values[k]));
        }
    }
}

static enum kf_err append_published(struct kf_panel *panel, struct kf_error *err)
{
    const char *total = KF_SECTOR_TOTAL;
    const struct kf_change *change = &panel->edition->change;
    const struct kf_column *production = kf_panel_column(panel, change->production);
    const struct kf_column *expenditure = kf_panel_column(panel, change->expenditure);
    struct kf_result result = {0};
    enum kf_err code =
        kf_efficiency_column(panel, total, "production_change_percent", &result, err);
    if (code == KF_OK) {
        fill_percent(panel, production, &result);
        code = kf_efficiency_column(panel, total, "expenditure_change_percent", &result, err);
    }
    if (code == KF_OK) {
        fill_percent(panel, expenditure, &result);
        code = kf_efficiency_column(panel, total, "efficiency_change_percent", &result, err);
    }
    if (code == KF_OK) {
        fill_efficiency(panel, production, expenditure, &result);
        code = kf_mean_changes_append(panel, total, err);
    }
    return code;
}

enum kf_err kf_change_append(struct kf_panel *panel, struct kf_findings *findings,
                             struct kf_error *err)
{
    const struct kf_change *change = &panel->edition->change;
    if (change->computed) {
        return kf_computed_change_append(panel, findings, err);
    }
    return change->production[0] && change->expenditure[0] ? append_published(panel, err) : KF_OK;
}
