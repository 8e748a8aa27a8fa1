#include "services/aggregate/rank.h"

void kf_rank(const double *values, double *ranks, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t better = 0;
        for (size_t j = 0; j < count; j++) {
            better += values[j] > values[i];
        }
        ranks[i] = (double)(better + 1);
    }
}

enum kf_err kf_rank_append(struct kf_panel *panel, const char *sector, struct kf_error *err)
{
    const struct kf_result *found = kf_panel_result(panel, KF_TOPIC_INDEX, sector, "", "index");
    if (!found) {
        return kf_error_set(err, KF_ERR_DATA, "sector %s has no index to rank", sector);
    }
    struct kf_result index = *found;
    struct kf_result_key key = {
        .topic = KF_TOPIC_INDEX, .sector = sector, .indicator = "", .measure = "rank"};
    struct kf_result *rank = NULL;
    enum kf_err code = kf_panel_append(panel, &key, &rank, err);
    if (code == KF_OK) {
        kf_rank(index.values, rank->values, panel->members_len);
        for (size_t k = 0; k < panel->members_len; k++) {
            rank->status[k] = index.status[k];
        }
    }
    return code;
}
