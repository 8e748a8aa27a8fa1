#include "services/efficiency/unit_cost/published.h"

#include "services/efficiency/unit_cost/million.h"
#include "services/efficiency/unit_cost/unit_column.h"

static void stand_in(const struct kf_values *published, struct kf_values *computed)
{
    for (size_t k = 0; k < computed->members; k++) {
        bool lacks = !kf_cell_has_value(computed->status[k]);
        if (lacks && kf_cell_has_value(published->status[k])) {
            computed->values[k] = published->values[k];
            computed->status[k] = published->status[k] | KF_CELL_PUBLISHED;
        }
    }
}

enum kf_err kf_published_append(struct kf_panel *panel, const struct kf_published *which,
                                struct kf_arena *arena, struct kf_values *computed,
                                struct kf_error *err)
{
    struct kf_unit_key key = {which->sector, "", which->measure, NULL};
    struct kf_unit_key beside = {which->sector, "", which->published, NULL};
    if (which->terms->count == 0) {
        return kf_unit_column(panel, &key, computed, err);
    }
    struct kf_values published = {0};
    enum kf_err code = kf_million_of(panel, which->terms, arena, &published, err);
    if (code != KF_OK) {
        return code;
    }
    stand_in(&published, computed);
    code = kf_unit_column(panel, &key, computed, err);
    return code == KF_OK ? kf_unit_column(panel, &beside, &published, err) : code;
}

enum kf_err kf_published_gain_append(struct kf_panel *panel, const char *sector,
                                     const struct kf_terms *terms, struct kf_arena *arena,
                                     struct kf_values *gain, struct kf_error *err)
{
    struct kf_published which = {sector, "gain_million_kr", "published_gain_million_kr", terms};
    return kf_published_append(panel, &which, arena, gain, err);
}
