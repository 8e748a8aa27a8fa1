#include "services/need/demography/demography.h"

#include "services/need/demography/age_group.h"
#include "services/need/demography/care_need.h"
#include "services/need/demography/demography_cost.h"
#include "services/need/demography/population.h"
#include "services/need/demography/projection_error.h"
#include "services/need/demography/rates.h"

static enum kf_err append_all(struct kf_panel *panel, struct kf_arena *arena,
                              struct kf_findings *findings, struct kf_error *err)
{
    struct kf_age_years *years = kf_age_years_new(panel, arena);
    if (!years) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for demography");
    }
    struct kf_rates rates = {0};
    enum kf_err code = kf_rates_find(panel, arena, &rates, findings, err);
    code = code == KF_OK ? kf_population_append(panel, years, arena, err) : code;
    code = code == KF_OK ? kf_care_need_append(panel, years, arena, err) : code;
    code = code == KF_OK ? kf_demography_cost_append(panel, years, &rates, arena, err) : code;
    code = code == KF_OK ? kf_projection_error_append(panel, years, &rates, arena, err) : code;
    return code == KF_OK ? kf_rates_append(panel, &rates, err) : code;
}

enum kf_err kf_demography_append(struct kf_panel *panel, struct kf_findings *findings,
                                 struct kf_error *err)
{
    if (panel->edition->demography.base_year == 0) {
        return KF_OK;
    }
    struct kf_arena *arena = kf_arena_new(KF_PANEL_BYTES_MAX);
    enum kf_err code = KF_ERR_MEMORY;
    if (arena) {
        code = append_all(panel, arena, findings, err);
    } else {
        (void)kf_error_set(err, code, "no memory for demography");
    }
    kf_arena_destroy(&arena);
    return code;
}
