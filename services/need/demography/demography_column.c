#include "services/need/demography/demography_column.h"

#define GRID_SCALE 1000

enum kf_err kf_demography_column(struct kf_panel *panel, const struct kf_demography_key *key,
                                 const struct kf_values *values, struct kf_error *err)
{
    struct kf_result_key of = {.topic = KF_TOPIC_DEMOGRAPHY,
                               .sector = key->sector,
                               .indicator = key->indicator,
                               .measure = key->measure};
    return kf_values_append(panel, &of, values, err);
}

double kf_demography_grid(struct kf_wide amount)
{
    return kf_grid(kf_wide_value(amount), GRID_SCALE);
}
