#include "services/need/demography/demography_column.h"

#define GRID_SCALE 1000

enum kf_err kf_demography_column(struct kf_panel *panel, const struct kf_demography_key *key,
                                 const struct kf_values *values, struct kf_error *err)
{
    if (!kf_values_any(values)) {
        return KF_OK;
    }
    struct kf_result_key of = {.topic = KF_TOPIC_DEMOGRAPHY,
                               .sector = key->sector,
                               .indicator = key->indicator,
                               .measure = key->measure};
    struct kf_result *column = NULL;
    enum kf_err code = kf_panel_append(panel, &of, &column, err);
    for (size_t k = 0; code == KF_OK && k < values->members; k++) {
        column->values[k] = kf_wide_value(values->values[k]);
        column->status[k] = values->status[k];
    }
    return code;
}

double kf_demography_grid(struct kf_wide amount)
{
    return kf_grid(kf_wide_value(amount), GRID_SCALE);
}
