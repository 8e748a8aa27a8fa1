#include "services/efficiency/unit_cost/user_time.h"

#include "services/efficiency/unit_cost/quantity.h"
#include "services/efficiency/unit_cost/share.h"
#include "services/efficiency/unit_cost/unit_column.h"

static enum kf_err find_share(const struct kf_unit_place *place, const struct kf_user_time *time,
                              struct kf_values *share, struct kf_error *err)
{
    const struct kf_quantity asked[] = {
        {&time->approved, KF_SECTOR_USER_TIME, time->id},
        {&time->available, KF_SECTOR_USER_TIME, time->id},
    };
    struct kf_values available = {0};
    enum kf_err code =
        kf_quantity_of(place->panel, &asked[0], place->arena, share, place->findings, err);
    if (code == KF_OK) {
        code =
            kf_quantity_of(place->panel, &asked[1], place->arena, &available, place->findings, err);
    }
    if (code == KF_OK) {
        kf_share_fill(share, &available, 1, share);
    }
    return code;
}

/* Shares become percentage points beyond the norm. */
static void subtract(double norm, struct kf_values *share)
{
    for (size_t k = 0; k < share->members; k++) {
        if (kf_cell_has_value(share->status[k])) {
            struct kf_wide beyond = kf_wide_sub(share->values[k], kf_wide_from_figure(norm));
            share->values[k] = kf_wide_mul(kf_wide_from(100), beyond);
        }
    }
}

static enum kf_err append_norm(struct kf_panel *panel, const struct kf_user_time *time,
                               struct kf_values *share, struct kf_error *err)
{
    struct kf_unit_key key = {KF_SECTOR_USER_TIME, time->id, "user_time_beyond_norm_percent", NULL};
    subtract(time->norm, share);
    enum kf_err code = kf_unit_column(panel, &key, share, err);
    key.measure = "user_time_norm";
    return code == KF_OK ? kf_unit_group_cell(panel, &key, kf_wide_from_figure(time->norm),
                                              KF_CELL_VALUE, err)
                         : code;
}

static enum kf_err append_time(struct kf_panel *panel, const struct kf_unit_place *place,
                               const struct kf_user_time *time, struct kf_error *err)
{
    struct kf_unit_key key = {KF_SECTOR_USER_TIME, time->id, "user_time_share", NULL};
    struct kf_values share = {0};
    enum kf_err code = find_share(place, time, &share, err);
    if (code != KF_OK || !kf_values_any(&share)) {
        return code;
    }
    code = kf_unit_column(panel, &key, &share, err);
    return code == KF_OK && time->norm > 0 ? append_norm(panel, time, &share, err) : code;
}

/* A faulty kind of time does not hide the next. */
enum kf_err kf_user_times_append(struct kf_panel *panel, const struct kf_unit_place *place,
                                 struct kf_error *err)
{
    const struct kf_unit_costs *costs = &panel->edition->unit_costs;
    enum kf_err outcome = KF_OK;
    for (size_t i = 0; kf_err_goes_on(outcome) && i < costs->user_times_len; i++) {
        struct kf_error latest = {0};
        enum kf_err code = append_time(panel, place, &costs->user_times[i], &latest);
        outcome = kf_error_join(outcome, code, &latest, err);
    }
    return outcome;
}
