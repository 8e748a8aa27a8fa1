#include "services/efficiency/need_index.h"

#include "common/base/numbers.h"

static const struct kf_result *need_of(const struct kf_panel *panel, const char *sector)
{
    return kf_panel_result(panel, KF_TOPIC_NEED, sector, "", "need_index");
}

bool kf_need_key_holds_others(const struct kf_edition *edition)
{
    struct kf_scope widest = {.administration = true};
    for (size_t s = 0; s < edition->sectors_len; s++) {
        const struct kf_sector *sector = &edition->sectors[s];
        if (sector->need_weight > 0 && !kf_scope_holds(&widest, sector)) {
            return edition->expenditure.gross.count == 0;
        }
    }
    return false;
}

static enum kf_err copy_need(const struct kf_panel *panel, const struct kf_result *need,
                             struct kf_values *cells, struct kf_error *err)
{
    enum kf_err code = kf_values_new_missing(panel, panel->arena, cells, err);
    for (size_t k = 0; code == KF_OK && k < panel->members_len; k++) {
        cells->status[k] = need->status[k];
        cells->values[k] = kf_wide_from(need->values[k]);
    }
    return code;
}

/* A member without need in one sector has none in the sum. */
static void add_need(const struct kf_panel *panel, const struct kf_result *need, double weight,
                     struct kf_values *sum)
{
    for (size_t k = 0; k < panel->members_len; k++) {
        if (!kf_cell_has_value(sum->status[k]) || !kf_cell_has_value(need->status[k])) {
            sum->status[k] = KF_CELL_MISSING;
            continue;
        }
        sum->status[k] |= need->status[k];
        struct kf_wide part = kf_wide_mul(kf_wide_from(weight), kf_wide_from(need->values[k]));
        sum->values[k] = kf_wide_add(sum->values[k], part);
    }
}

static enum kf_err sum_need(const struct kf_panel *panel, const struct kf_scope *scope,
                            struct kf_values *cells, bool *found, struct kf_error *err)
{
    struct kf_values sum = {0};
    enum kf_err code = kf_values_new_missing(panel, panel->arena, &sum, err);
    for (size_t k = 0; code == KF_OK && k < panel->members_len; k++) {
        sum.status[k] = KF_CELL_VALUE;
    }
    struct kf_wide weights = kf_wide_from(0);
    for (size_t s = 0; code == KF_OK && s < panel->edition->sectors_len; s++) {
        const struct kf_sector *sector = &panel->edition->sectors[s];
        if (sector->need_weight > 0 && kf_scope_holds(scope, sector)) {
            const struct kf_result *need = need_of(panel, sector->id);
            if (!need) {
                return KF_OK;
            }
            add_need(panel, need, sector->need_weight, &sum);
            weights = kf_wide_add(weights, kf_wide_from(sector->need_weight));
        }
    }
    if (code != KF_OK || !(weights.high > 0)) {
        return code;
    }
    for (size_t k = 0; k < panel->members_len; k++) {
        sum.values[k] = kf_wide_div(sum.values[k], weights);
    }
    *cells = sum;
    *found = true;
    return KF_OK;
}

enum kf_err kf_need_index(const struct kf_panel *panel, const struct kf_scope *scope,
                          struct kf_values *cells, bool *found, struct kf_error *err)
{
    const struct kf_result *need = need_of(panel, scope->id);
    *found = need != NULL;
    return need ? copy_need(panel, need, cells, err) : KF_OK;
}

enum kf_err kf_need_index_of_accounts(const struct kf_panel *panel, const struct kf_scope *scope,
                                      struct kf_values *cells, bool *found, struct kf_error *err)
{
    if (scope->sector || !kf_need_key_holds_others(panel->edition)) {
        return kf_need_index(panel, scope, cells, found, err);
    }
    *found = false;
    return sum_need(panel, scope, cells, found, err);
}
