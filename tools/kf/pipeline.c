#include "tools/kf/pipeline.h"

#include "services/aggregate/aggregate.h"
#include "services/efficiency/efficiency.h"
#include "services/need/need.h"
#include "services/normalize/normalize.h"

enum kf_err kf_pipeline_compute(struct kf_panel *panel, struct kf_findings *findings,
                                struct kf_error *err)
{
    static const struct kf_stage *const stages[] = {&kf_need_stage, &kf_normalize_stage,
                                                    &kf_aggregate_stage, &kf_efficiency_stage};
    enum kf_err code = KF_OK;
    for (size_t i = 0; code == KF_OK && i < sizeof stages / sizeof stages[0]; i++) {
        code = kf_stage_apply(stages[i], panel, findings, err);
    }
    return code;
}
