#include "services/aggregate/aggregate.h"

#include <string.h>

#include "common/model/statistics.h"
#include "services/aggregate/index.h"
#include "services/aggregate/rank.h"
#include "services/aggregate/weight.h"

const struct kf_stage kf_aggregate_stage = {
    .name = "aggregate",
    .purpose = "Weighs normalised indicators into sub-indices and the total production index, with "
               "weights given or derived, contributions, ranks and the alternative without imputed "
               "cells; hands each panel on to efficiency.",
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
    return kf_statistics_append(panel, sector, "", index->values, index->status, err);
}

static enum kf_err append_sectors(struct kf_panel *panel, const struct kf_index_parts *parts,
                                  struct kf_error *err)
{
    enum kf_err code = KF_OK;
    for (size_t p = 0; code == KF_OK && p < parts->count; p++) {
        code = kf_sector_index_append(panel, parts, p, err);
        if (code == KF_OK) {
            code = append_rank_and_statistics(panel, parts->list[p].sector->id, err);
        }
    }
    return code;
}

/* An edition may be about need or expenditure alone: then there is no total. */
static enum kf_err append_total(struct kf_panel *panel, const struct kf_index_parts *parts,
                                struct kf_findings *findings, struct kf_error *err)
{
    if (parts->count == 0 && !parts->total_given) {
        return KF_OK;
    }
    enum kf_err code = kf_total_index_append(panel, parts, findings, err);
    return code == KF_OK ? append_rank_and_statistics(panel, KF_SECTOR_TOTAL, err) : code;
}

/* Rows of this stage that are there already would be taken for its own. */
static bool is_of_this_stage(const struct kf_result *result)
{
    return result->topic == KF_TOPIC_INDEX || strcmp(result->measure, "weight") == 0 ||
           strcmp(result->measure, "contribution") == 0 ||
           strcmp(result->measure, "contribution_to_total") == 0;
}

static enum kf_err check_untouched(const struct kf_panel *panel, struct kf_error *err)
{
    for (size_t i = 0; i < panel->results_len; i++) {
        if (is_of_this_stage(&panel->results[i])) {
            return kf_error_set(err, KF_ERR_DATA, "the panel has been aggregated already: %s",
                                panel->results[i].measure);
        }
    }
    return KF_OK;
}

enum kf_err kf_aggregate_compute(struct kf_panel *panel, struct kf_findings *findings,
                                 struct kf_error *err)
{
    struct kf_index_parts parts = {0};
    enum kf_err code = check_untouched(panel, err);
    if (code == KF_OK) {
        code = kf_weights_append(panel, findings, err);
    }
    if (code == KF_OK) {
        code = kf_index_parts_make(panel, &parts, findings, err);
    }
    if (code == KF_OK) {
        code = append_sectors(panel, &parts, err);
    }
    return code == KF_OK ? append_total(panel, &parts, findings, err) : code;
}
