#include "services/aggregate/index.h"

#include "common/base/numbers.h"

/* What is collected for each member while the indicators of a sector are gone through. */
struct sector_sums {
    double *index;                  /* Σ of contributions, exact */
    double *to_total;               /* Σ of contributions to the total, exact */
    double *reported;               /* Σ of contributions of reported cells */
    struct kf_sum *reported_weight; /* Σ w over reported cells */
    uint8_t *status;
};

static enum kf_err sector_sums_new(const struct kf_panel *panel, struct sector_sums *sums,
                                   struct kf_error *err)
{
    size_t n = panel->members_len;
    *sums = (struct sector_sums){
        .index = kf_arena_calloc(panel->arena, n, sizeof *sums->index),
        .to_total = kf_arena_calloc(panel->arena, n, sizeof *sums->to_total),
        .reported = kf_arena_calloc(panel->arena, n, sizeof *sums->reported),
        .reported_weight = kf_arena_calloc(panel->arena, n, sizeof *sums->reported_weight),
        .status = kf_arena_calloc(panel->arena, n, sizeof *sums->status),
    };
    bool complete =
        sums->index && sums->to_total && sums->reported && sums->reported_weight && sums->status;
    return complete ? KF_OK : kf_error_set(err, KF_ERR_MEMORY, "no memory for a sub-index");
}

/* Whether something rests on an imputed cell. */
static uint8_t incomplete_if_imputed(uint8_t status)
{
    return status & (KF_CELL_IMPUTED | KF_CELL_INCOMPLETE) ? KF_CELL_INCOMPLETE : KF_CELL_VALUE;
}

static struct kf_result_key index_key(const char *sector, const char *measure)
{
    return (struct kf_result_key){
        .topic = KF_TOPIC_INDEX, .sector = sector, .indicator = "", .measure = measure};
}

/* One row of contributions, each `weight` × the normalised value, on the grid. */
static void fill_contribution(const struct kf_panel *panel, const struct kf_result *normalized,
                              double weight, struct kf_result *contribution)
{
    for (size_t k = 0; k < panel->members_len; k++) {
        contribution->values[k] = kf_grid(weight * normalized->values[k], panel->edition->scale);
        contribution->status[k] = incomplete_if_imputed(normalized->status[k]);
    }
}

static void collect(const struct kf_panel *panel, const struct kf_result *normalized,
                    const struct kf_result *contribution, double weight, struct sector_sums *sums)
{
    for (size_t k = 0; k < panel->members_len; k++) {
        sums->index[k] += contribution->values[k];
        sums->status[k] |= contribution->status[k];
        if (!(normalized->status[k] & KF_CELL_IMPUTED)) {
            sums->reported[k] += contribution->values[k];
            kf_sum_add(&sums->reported_weight[k], weight);
        }
    }
}

static enum kf_err append_indicator(struct kf_panel *panel, const struct kf_sector *sector,
                                    const struct kf_indicator *indicator, struct sector_sums *sums,
                                    struct kf_error *err)
{
    const struct kf_result *found =
        kf_panel_result(panel, KF_TOPIC_INDICATOR, sector->id, indicator->id, "normalized");
    if (!found) {
        return kf_error_set(err, KF_ERR_DATA, "indicator %s has not been normalised",
                            indicator->id);
    }
    struct kf_result normalized = *found; /* appending may move the results, not their cells */
    struct kf_result_key key = {.topic = KF_TOPIC_INDICATOR,
                                .sector = sector->id,
                                .indicator = indicator->id,
                                .measure = "contribution"};
    struct kf_result *contribution = NULL;
    enum kf_err code = kf_panel_append(panel, &key, &contribution, err);
    if (code != KF_OK) {
        return code;
    }
    fill_contribution(panel, &normalized, indicator->weight, contribution);
    collect(panel, &normalized, contribution, indicator->weight, sums);
    key.measure = "contribution_to_total";
    code = kf_panel_append(panel, &key, &contribution, err);
    if (code != KF_OK) {
        return code;
    }
    fill_contribution(panel, &normalized, sector->weight * indicator->weight, contribution);
    for (size_t k = 0; k < panel->members_len; k++) {
        sums->to_total[k] += contribution->values[k];
    }
    return KF_OK;
}

/* What an index is without imputed cells (METHOD A2), for member k: the same number when nothing is
 * imputed, else the sum over reported parts by their weight, and missing when nothing was reported.
 */
static void fill_without_imputed(const struct kf_result *index, double reported, double weight,
                                 size_t k, struct kf_result *without)
{
    if (index->status[k] == KF_CELL_VALUE) {
        without->values[k] = index->values[k];
    } else if (weight > 0) {
        without->values[k] = reported / weight;
    } else {
        without->status[k] = KF_CELL_MISSING;
    }
}

static enum kf_err append_without_imputed(struct kf_panel *panel, const struct kf_sector *sector,
                                          const struct sector_sums *sums, struct kf_error *err)
{
    const struct kf_result index = {.values = sums->index, .status = sums->status};
    struct kf_result_key key = index_key(sector->id, "index_without_imputed");
    struct kf_result *without = NULL;
    enum kf_err code = kf_panel_append(panel, &key, &without, err);
    for (size_t k = 0; code == KF_OK && k < panel->members_len; k++) {
        double weight = kf_sum_value(&sums->reported_weight[k]);
        fill_without_imputed(&index, sums->reported[k], weight, k, without);
    }
    return code;
}

static enum kf_err append_column(struct kf_panel *panel, const char *sector, const char *measure,
                                 const double *values, const uint8_t *status, struct kf_error *err)
{
    struct kf_result_key key = index_key(sector, measure);
    struct kf_result *result = NULL;
    enum kf_err code = kf_panel_append(panel, &key, &result, err);
    for (size_t k = 0; code == KF_OK && k < panel->members_len; k++) {
        result->values[k] = values[k];
        result->status[k] = status[k];
    }
    return code;
}

enum kf_err kf_sector_index_append(struct kf_panel *panel, const struct kf_sector *sector,
                                   struct kf_error *err)
{
    struct sector_sums sums = {0};
    enum kf_err code = sector_sums_new(panel, &sums, err);
    for (size_t i = 0; code == KF_OK && i < sector->indicators_len; i++) {
        code = append_indicator(panel, sector, &sector->indicators[i], &sums, err);
    }
    if (code == KF_OK) {
        code = append_column(panel, sector->id, "index", sums.index, sums.status, err);
    }
    if (code == KF_OK) {
        code = append_without_imputed(panel, sector, &sums, err);
    }
    if (code == KF_OK) {
        code = append_column(panel, sector->id, "contribution", sums.to_total, sums.status, err);
    }
    return code;
}

/* What the reported sectors of one member add up to. */
struct member_sums {
    struct kf_sum reported; /* Σ b_s S'_ks */
    struct kf_sum weight;   /* Σ b_s */
};

static void add_sector(const struct kf_panel *panel, const struct kf_sector *sector,
                       struct kf_result *index, struct member_sums *sums)
{
    const struct kf_result *part =
        kf_panel_result(panel, KF_TOPIC_INDEX, sector->id, "", "contribution");
    const struct kf_result *without =
        kf_panel_result(panel, KF_TOPIC_INDEX, sector->id, "", "index_without_imputed");
    for (size_t k = 0; k < panel->members_len; k++) {
        index->values[k] += part->values[k];
        index->status[k] |= part->status[k];
        if (kf_cell_has_value(without->status[k])) {
            kf_sum_add(&sums[k].reported, sector->weight * without->values[k]);
            kf_sum_add(&sums[k].weight, sector->weight);
        }
    }
}

static void fill_total(const struct kf_panel *panel, struct member_sums *sums,
                       struct kf_result *index, struct kf_result *without)
{
    for (size_t s = 0; s < panel->edition->sectors_len; s++) {
        add_sector(panel, &panel->edition->sectors[s], index, sums);
    }
    for (size_t k = 0; k < panel->members_len; k++) {
        fill_without_imputed(index, kf_sum_value(&sums[k].reported), kf_sum_value(&sums[k].weight),
                             k, without);
    }
}

enum kf_err kf_total_index_append(struct kf_panel *panel, struct kf_error *err)
{
    struct member_sums *sums = kf_arena_calloc(panel->arena, panel->members_len, sizeof *sums);
    if (!sums) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the total index");
    }
    struct kf_result_key key = index_key(KF_SECTOR_TOTAL, "index");
    struct kf_result *appended = NULL;
    enum kf_err code = kf_panel_append(panel, &key, &appended, err);
    if (code != KF_OK) {
        return code;
    }
    struct kf_result index = *appended; /* the cells stay where they are */
    key = index_key(KF_SECTOR_TOTAL, "index_without_imputed");
    code = kf_panel_append(panel, &key, &appended, err);
    if (code == KF_OK) {
        fill_total(panel, sums, &index, appended);
    }
    return code;
}
