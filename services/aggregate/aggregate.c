#include "services/aggregate/aggregate.h"

#include "common/model/statistics.h"
#include "services/aggregate/index.h"
#include "services/aggregate/rank.h"

const struct kf_stage kf_aggregate_stage = {
    .name = "aggregate",
    .purpose =
        "Weighs normalised indicators into sub-indices and the total production index, with "
        "contributions, ranks and the alternative without imputed cells; hands each panel on "
        "to efficiency.",
    .next = "efficiency",
    .compute = kf_aggregate_compute,
};

static enum kf_err append_rank_and_statistics(struct kf_panel *panel, const char *sector,
                                              struct kf_error *err)
{
    enum kf_err code = kf_rank_append(panel, sector, err);
    if (code != KF_OK) {
        return code;
    }
    const struct kf_result *index = kf_panel_result(panel, KF_TOPIC_INDEX, sector, "", "index");
    return kf_statistics_append(panel, sector, "", index->values, err);
}

enum kf_err kf_aggregate_compute(struct kf_panel *panel, struct kf_findings *findings,
                                 struct kf_error *err)
{
    (void)findings; /* what reaches this stage can be added up */
    enum kf_err code = KF_OK;
    for (size_t s = 0; code == KF_OK && s < panel->edition->sectors_len; s++) {
        const struct kf_sector *sector = &panel->edition->sectors[s];
        code = kf_sector_index_append(panel, sector, err);
        if (code == KF_OK) {
            code = append_rank_and_statistics(panel, sector->id, err);
        }
    }
    if (code == KF_OK) {
        code = kf_total_index_append(panel, err);
    }
    return code == KF_OK ? append_rank_and_statistics(panel, KF_SECTOR_TOTAL, err) : code;
}
