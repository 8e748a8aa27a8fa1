#include "tools/kf/pipeline.h"

#include "services/aggregate/aggregate.h"
#include "services/efficiency/efficiency.h"
#include "services/need/need.h"
#include "services/normalize/normalize.h"

enum kf_err kf_pipeline_compute(struct kf_panel *panel, struct kf_findings *findings,
                                struct kf_error *err)
{
    static kf_stage_compute *const stages[] = {kf_need_compute, kf_normalize_compute,
                                               kf_aggregate_compute, kf_efficiency_compute};
    enum kf_err code = KF_OK;
    for (size_t i = 0; code == KF_OK && i < sizeof stages / sizeof stages[0]; i++) {
        code = stages[i](panel, findings, err);
    }
    return code;
}
