#include "services/efficiency/unit_cost/unit_column.h"

static struct kf_result_key key_of(const struct kf_unit_key *key, bool group)
{
    return (struct kf_result_key){.topic = KF_TOPIC_UNIT_COST,
                                  .sector = key->sector,
                                  .indicator = key->indicator,
                                  .measure = key->measure,
                                  .unit = key->unit,
                                  .group = group};
}

enum kf_err kf_unit_column(struct kf_panel *panel, const struct kf_unit_key *key,
                           const struct kf_values *values, struct kf_error *err)
{
    struct kf_result_key of = key_of(key, false);
    return kf_values_append(panel, &of, values, err);
}

enum kf_err kf_unit_group_cell(struct kf_panel *panel, const struct kf_unit_key *key,
                               struct kf_wide value, uint8_t status, struct kf_error *err)
{
    if (!kf_cell_has_value(status)) {
        return KF_OK;
    }
    struct kf_result_key of = key_of(key, true);
    struct kf_result *cell = NULL;
    enum kf_err code = kf_panel_append(panel, &of, &cell, err);
    if (code == KF_OK) {
        cell->values[0] = kf_wide_value(value);
        cell->status[0] = status;
    }
    return code;
}
