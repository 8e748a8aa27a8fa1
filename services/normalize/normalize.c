#include "services/normalize/normalize.h"

#include <math.h>
#include <string.h>

#include "common/model/statistics.h"
#include "services/normalize/indicator.h"

const struct kf_stage kf_normalize_stage = {
    .name = "normalize",
    .purpose = "Computes every indicator's raw value, fills what is missing by the edition's rule "
               "and brings the group mean to the edition's scale; hands each panel on to "
               "aggregate.",
    .next = "aggregate",
    .compute = kf_normalize_compute,
};

static enum kf_err append_raw(struct kf_panel *panel, const struct kf_sector *sector,
                              const struct kf_indicator *indicator,
                              const struct kf_indicator_values *values, struct kf_error *err)
{
    struct kf_result_key key = {.topic = KF_TOPIC_INDICATOR,
                                .sector = sector->id,
                                .indicator = indicator->id,
                                .measure = "raw",
                                .unit = indicator->unit};
    struct kf_result *raw = NULL;
    enum kf_err code = kf_panel_append(panel, &key, &raw, err);
    for (size_t k = 0; code == KF_OK && k < panel->members_len; k++) {
        raw->values[k] = kf_wide_value(values->values[k]);
        raw->status[k] = values->status[k];
    }
    return code;
}

static enum kf_err append_normalized(struct kf_panel *panel, const struct kf_sector *sector,
                                     const struct kf_indicator *indicator,
                                     const struct kf_indicator_values *values,
                                     struct kf_findings *findings, struct kf_error *err)
{
    struct kf_result_key key = {.topic = KF_TOPIC_INDICATOR,
                                .sector = sector->id,
                                .indicator = indicator->id,
                                .measure = "normalized"};
    struct kf_result *normalized = NULL;
    enum kf_err code = kf_panel_append(panel, &key, &normalized, err);
    if (code != KF_OK) {
        return code;
    }
    memcpy(normalized->status, values->status, panel->members_len);
    double *column = normalized->values;
    code = kf_indicator_normalize(panel, indicator, values, column, findings, err);
    if (code != KF_OK) {
        return code;
    }
    return kf_statistics_append(panel, sector->id, indicator->id, column, err);
}

static enum kf_err compute_indicator(struct kf_panel *panel, const struct kf_sector *sector,
                                     const struct kf_indicator *indicator,
                                     struct kf_findings *findings, struct kf_error *err)
{
    struct kf_indicator_values values = {0};
    enum kf_err code = kf_indicator_raw(panel, sector, indicator, &values, err);
    if (code == KF_OK) {
        code = append_raw(panel, sector, indicator, &values, err);
    }
    if (code == KF_OK) {
        code = kf_indicator_fill(panel, indicator, &values, findings, err);
    }
    return code == KF_OK ? append_normalized(panel, sector, indicator, &values, findings, err)
                         : code;
}

/* All faults of the panel are told at once: a faulty indicator does not hide the next. */
enum kf_err kf_normalize_compute(struct kf_panel *panel, struct kf_findings *findings,
                                 struct kf_error *err)
{
    enum kf_err outcome = KF_OK;
    for (size_t s = 0; s < panel->edition->sectors_len; s++) {
        const struct kf_sector *sector = &panel->edition->sectors[s];
        for (size_t i = 0; i < sector->indicators_len; i++) {
            struct kf_error *first = outcome == KF_OK ? err : NULL;
            enum kf_err code =
                compute_indicator(panel, sector, &sector->indicators[i], findings, first);
            if (code != KF_OK && code != KF_ERR_DATA) {
                return kf_error_set(err, code, "indicator %s of %s cannot be computed",
                                    sector->indicators[i].id, sector->id);
            }
            outcome = outcome == KF_OK ? code : outcome;
        }
    }
    return outcome;
}
