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

/* Ranks the members that have a value among themselves. */
static enum kf_err fill_ranks(const struct kf_panel *panel, const struct kf_result *index,
                              struct kf_result *rank, struct kf_error *err)
{
    size_t n = panel->members_len;
    double *values = kf_arena_calloc(panel->arena, n, sizeof *values);
    double *ranks = kf_arena_calloc(panel->arena, n, sizeof *ranks);
    if (!values || !ranks) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the ranks of %s", index->sector);
    }
    size_t count = 0;
    for (size_t k = 0; k < n; k++) {
        if (kf_cell_has_value(index->status[k])) {
            values[count++] = index->values[k];
        }
    }
    kf_rank(values, ranks, count);
    count = 0;
    for (size_t k = 0; k < n; k++) {
        rank->status[k] = index->status[k];
        rank->values[k] = kf_cell_has_value(index->status[k]) ? ranks[count++] : 0;
    }
    return KF_OK;
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
    return code == KF_OK ? fill_ranks(panel, &index, rank, err) : code;
}
