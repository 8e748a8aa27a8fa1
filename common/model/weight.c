#include "common/model/weight.h"

enum kf_err kf_panel_weight(const struct kf_panel *panel, const char *sector, const char *indicator,
                            double *weight, struct kf_error *err)
{
    const struct kf_result *result =
        kf_panel_result(panel, KF_TOPIC_STATISTICS, sector, indicator, "weight");
    if (!result || !kf_cell_has_value(result->status[0])) {
        return kf_error_set(err, KF_ERR_INTERNAL, "the panel has no weight of %s %s", sector,
                            indicator);
    }
    *weight = result->values[0];
    return KF_OK;
}
