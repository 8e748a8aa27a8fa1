#include "services/need/need.h"

#include "services/need/cost_key.h"

const struct kf_stage kf_need_stage = {
    .name = "need",
    .purpose = "Computes expenditure need and need-corrected population from the criteria of the "
               "edition's cost keys, and hands each panel on to normalize.",
    .next = "normalize",
    .compute = kf_need_compute,
};

enum kf_err kf_need_compute(struct kf_panel *panel, struct kf_findings *findings,
                            struct kf_error *err)
{
    enum kf_err code = KF_OK;
    for (size_t s = 0; code == KF_OK && s < panel->edition->sectors_len; s++) {
        code = kf_cost_key_append(panel, &panel->edition->sectors[s], findings, err);
    }
    return code == KF_OK ? kf_total_key_append(panel, err) : code;
}
