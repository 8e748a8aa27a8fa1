#include "services/efficiency/mean_change.h"

#include "common/base/numbers.h"
#include "services/efficiency/column.h"

/* Of one column; missing when no member has a value. */
static enum kf_err append_mean_absolute(struct kf_panel *panel, const char *sector,
                                        const char *measure, const char *mean, struct kf_error *err)
{
    const struct kf_result *found =
        kf_panel_result(panel, KF_TOPIC_EFFICIENCY, sector, "", measure);
    if (!found) {
        return KF_OK;
    }
    struct kf_result column = *found;
    struct kf_result cell = {0};
    struct kf_wide sum = kf_wide_from(0);
    double count = 0;
    enum kf_err code = kf_efficiency_group_cell(panel, sector, mean, &cell, err);
    for (size_t k = 0; code == KF_OK && k < panel->members_len; k++) {
        if (kf_cell_has_value(column.status[k])) {
            double change = column.values[k];
            sum = kf_wide_add(sum, kf_wide_from(change < 0 ? -change : change));
            count++;
        }
    }
    if (code == KF_OK) {
        cell.status[0] = count > 0 ? KF_CELL_VALUE : KF_CELL_MISSING;
        cell.values[0] = count > 0 ? kf_wide_value(kf_wide_div(sum, kf_wide_from(count))) : 0;
    }
    return code;
}

enum kf_err kf_mean_changes_append(struct kf_panel *panel, const char *sector, struct kf_error *err)
{
    static const char *const means[][2] = {
        {"production_change_percent", "production_change_mean_absolute"},
        {"expenditure_change_percent", "expenditure_change_mean_absolute"},
        {"efficiency_change_percent", "efficiency_change_mean_absolute"},
    };
    enum kf_err code = KF_OK;
    for (size_t i = 0; code == KF_OK && i < sizeof means / sizeof means[0]; i++) {
        code = append_mean_absolute(panel, sector, means[i][0], means[i][1], err);
    }
    return code;
}
