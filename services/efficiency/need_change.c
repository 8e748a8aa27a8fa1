#include "services/efficiency/need_change.h"

#include "services/efficiency/need_index.h"

enum kf_err kf_need_change(const struct kf_panel *panel, const struct kf_scope *scope,
                           struct kf_values *ratios, struct kf_error *err)
{
    struct kf_values now = {0};
    struct kf_values before = {0};
    bool known = false;
    *ratios = (struct kf_values){0};
    enum kf_err code = kf_need_index(panel, scope, &now, &known, err);
    if (code != KF_OK || !known) {
        return code;
    }
    code = kf_need_index(panel->previous, scope, &before, &known, err);
    if (code != KF_OK || !known) {
        return code;
    }
    kf_efficiency_divide(&now, &before);
    *ratios = now;
    return KF_OK;
}
