#include "services/aggregate/index.h"

#include "common/base/numbers.h"
#include "common/model/weight.h"

/* What an index without imputed cells keeps of the flags of the index. */
#define QUALITY_FLAGS (KF_CELL_PRELIMINARY | KF_CELL_INFERRED)

static struct kf_result_key index_key(const char *sector, const char *measure)
{
    return (struct kf_result_key){
        .topic = KF_TOPIC_INDEX, .sector = sector, .indicator = "", .measure = measure};
}

static enum kf_err append_column(struct kf_panel *panel, const char *sector, const char *measure,
                                 const double *values, const uint8_t *status, struct kf_error *err)
{
    struct kf_result_key key = index_key(sector, measure);
    struct kf_result *result = NULL;
    enum kf_err code = kf_panel_append(panel, &key, &result, err);
    for (size_t k = 0; code == KF_OK && k < panel->members_len; k++) {
        bool present = kf_cell_has_value(status[k]);
        result->values[k] = present ? values[k] : 0;
        result->status[k] = status[k];
    }
    return code;
}

/* --- what makes the total -------------------------------------------------------------------- */

static enum kf_err make_part(const struct kf_panel *panel, const struct kf_sector *sector,
                             struct kf_index_part *part, struct kf_findings *findings,
                             struct kf_error *err)
{
    *part = (struct kf_index_part){.sector = sector, .given = kf_index_is_given(sector)};
    if (!kf_total_is_given(panel->edition)) { /* to which nothing contributes */
        enum kf_err code = kf_panel_weight(panel, sector->id, "", &part->weight, err);
        if (code != KF_OK) {
            return code;
        }
    }
    return part->given
               ? kf_given_make(panel, sector->id, sector->given, &part->published, findings, err)
               : kf_composition_make(panel, sector, &part->composition, findings, err);
}

/* A faulty sector does not hide the next. */
static enum kf_err make_all(const struct kf_panel *panel, struct kf_index_parts *parts,
                            struct kf_findings *findings, struct kf_error *err)
{
    enum kf_err outcome = KF_OK;
    for (size_t s = 0; kf_err_goes_on(outcome) && s < panel->edition->sectors_len; s++) {
        const struct kf_sector *sector = &panel->edition->sectors[s];
        if (kf_sector_produces(sector)) {
            struct kf_error latest = {0};
            enum kf_err code =
                make_part(panel, sector, &parts->list[parts->count++], findings, &latest);
            outcome = kf_error_join(outcome, code, &latest, err);
        }
    }
    return outcome;
}

/* Whether member k has the sector's index, and whether that is imputed somewhere. */
static uint8_t standing_of(const struct kf_index_part *part, size_t k)
{
    if (part->given) {
        return part->published.status[k];
    }
    uint8_t status = kf_composition_index_status(&part->composition, k);
    return kf_composition_imputed(&part->composition, k) ? status | KF_CELL_IMPUTED : status;
}

static void count_sectors(const struct kf_panel *panel, struct kf_index_parts *parts)
{
    for (size_t p = 0; p < parts->count; p++) {
        for (size_t k = 0; k < panel->members_len; k++) {
            kf_presence_add(&parts->sectors, k, parts->list[p].weight,
                            standing_of(&parts->list[p], k));
        }
    }
}

enum kf_err kf_index_parts_make(const struct kf_panel *panel, struct kf_index_parts *parts,
                                struct kf_findings *findings, struct kf_error *err)
{
    *parts = (struct kf_index_parts){
        .list = kf_arena_calloc(panel->arena, panel->edition->sectors_len, sizeof *parts->list),
        .total_given = kf_total_is_given(panel->edition),
    };
    if (!parts->list) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the indices");
    }
    enum kf_err code = kf_presence_new(panel->arena, panel->members_len, &parts->sectors, err);
    if (code == KF_OK) {
        code = make_all(panel, parts, findings, err);
    }
    if (code == KF_OK) {
        count_sectors(panel, parts);
    }
    return code;
}

/* --- a sector -------------------------------------------------------------------------------- */

/* What is collected for each member while the indicators of a sector are gone through. */
struct sector_sums {
    double *index;    /* Σ of contributions, exact */
    double *to_total; /* Σ of contributions to the total, exact */
    uint8_t *status;
    struct kf_sum *reported[KF_COMPOSITION_KINDS]; /* Σ over reported cells */
    struct kf_sum *reported_weight[KF_COMPOSITION_KINDS];
};

static enum kf_err sector_sums_new(const struct kf_panel *panel, struct sector_sums *sums,
                                   struct kf_error *err)
{
    size_t n = panel->members_len;
    *sums = (struct sector_sums){
        .index = kf_arena_calloc(panel->arena, n, sizeof *sums->index),
        .to_total = kf_arena_calloc(panel->arena, n, sizeof *sums->to_total),
        .status = kf_arena_calloc(panel->arena, n, sizeof *sums->status),
    };
    bool complete = sums->index && sums->to_total && sums->status;
    for (size_t kind = 0; kind < KF_COMPOSITION_KINDS; kind++) {
        sums->reported[kind] = kf_arena_calloc(panel->arena, n, sizeof *sums->reported[kind]);
        sums->reported_weight[kind] =
            kf_arena_calloc(panel->arena, n, sizeof *sums->reported_weight[kind]);
        complete = complete && sums->reported[kind] && sums->reported_weight[kind];
    }
    return complete ? KF_OK : kf_error_set(err, KF_ERR_MEMORY, "no memory for a sub-index");
}

/* One row of contributions: `b` × weight × value on the grid, where b is the sector's share of the
 * total for the member, or 1 for contributions to the sector. */
static void fill_contribution(const struct kf_panel *panel, const struct kf_index_parts *parts,
                              const struct kf_index_part *part, size_t i, bool to_total,
                              struct kf_result *contribution)
{
    const struct kf_sector_composition *composition = &part->composition;
    for (size_t k = 0; k < panel->members_len; k++) {
        contribution->status[k] = kf_composition_status(composition, i, k);
        if (!kf_cell_has_value(contribution->status[k])) {
            continue;
        }
        double b = to_total ? kf_presence_weight(&parts->sectors, k, part->weight) : 1;
        double weight = b * kf_composition_weight(composition, i, k);
        double value = kf_composition_value(composition, i, k);
        contribution->values[k] = kf_grid(weight * value, composition->scale);
    }
}

/* What a sum counts of a reported cell is its contribution, a product its part of Q or K. */
static void collect_reported(const struct kf_sector_composition *composition, size_t i, size_t k,
                             double contribution, struct sector_sums *sums)
{
    const struct kf_result *normalized = &composition->normalized[i];
    if (normalized->status[k] & KF_CELL_IMPUTED) {
        return;
    }
    size_t kind = kf_composition_kind(composition, i);
    double weight = kf_composition_weight(composition, i, k);
    kf_sum_add(&sums->reported[kind][k],
               composition->product ? weight * normalized->values[k] : contribution);
    kf_sum_add(&sums->reported_weight[kind][k], weight);
}

static void collect(const struct kf_panel *panel, const struct kf_sector_composition *composition,
                    size_t i, const struct kf_result *contribution, struct sector_sums *sums)
{
    for (size_t k = 0; k < panel->members_len; k++) {
        if (kf_cell_has_value(contribution->status[k])) {
            sums->index[k] += contribution->values[k];
            collect_reported(composition, i, k, contribution->values[k], sums);
        }
    }
}

static enum kf_err append_to_total(struct kf_panel *panel, const struct kf_index_parts *parts,
                                   const struct kf_index_part *part, size_t i,
                                   struct sector_sums *sums, struct kf_error *err)
{
    struct kf_result_key key = {.topic = KF_TOPIC_INDICATOR,
                                .sector = part->sector->id,
                                .indicator = part->sector->indicators[i].id,
                                .measure = "contribution_to_total"};
    struct kf_result *contribution = NULL;
    enum kf_err code = kf_panel_append(panel, &key, &contribution, err);
    if (code != KF_OK) {
        return code;
    }
    fill_contribution(panel, parts, part, i, true, contribution);
    for (size_t k = 0; k < panel->members_len; k++) {
        sums->to_total[k] += contribution->values[k];
    }
    return KF_OK;
}

static enum kf_err append_indicator(struct kf_panel *panel, const struct kf_index_parts *parts,
                                    const struct kf_index_part *part, size_t i,
                                    struct sector_sums *sums, struct kf_error *err)
{
    struct kf_result_key key = {.topic = KF_TOPIC_INDICATOR,
                                .sector = part->sector->id,
                                .indicator = part->sector->indicators[i].id,
                                .measure = "contribution"};
    struct kf_result *contribution = NULL;
    enum kf_err code = kf_panel_append(panel, &key, &contribution, err);
    if (code != KF_OK) {
        return code;
    }
    fill_contribution(panel, parts, part, i, false, contribution);
    collect(panel, &part->composition, i, contribution, sums);
    return parts->total_given ? KF_OK : append_to_total(panel, parts, part, i, sums, err);
}

/* What the index of member k is without imputed cells (METHOD A2): the same number when nothing is
 * imputed, else from the means over what was reported, and missing when nothing was. */
static void fill_without_imputed(const struct kf_sector_composition *composition,
                                 const struct sector_sums *sums, size_t k,
                                 struct kf_result *without)
{
    if (!kf_composition_imputed(composition, k)) {
        without->values[k] = sums->index[k];
        without->status[k] = sums->status[k];
        return;
    }
    double means[KF_COMPOSITION_KINDS] = {0};
    bool present[KF_COMPOSITION_KINDS] = {false};
    bool any = false;
    for (size_t kind = 0; kind < KF_COMPOSITION_KINDS; kind++) {
        double weight = kf_sum_value(&sums->reported_weight[kind][k]);
        present[kind] = weight > 0;
        means[kind] = weight > 0 ? kf_sum_value(&sums->reported[kind][k]) / weight : 0;
        any = any || present[kind];
    }
    without->values[k] = any ? kf_composition_index(composition, means, present) : 0;
    without->status[k] = any ? sums->status[k] & QUALITY_FLAGS : KF_CELL_MISSING;
}

static enum kf_err append_without_imputed(struct kf_panel *panel, const struct kf_index_part *part,
                                          const struct sector_sums *sums, struct kf_error *err)
{
    struct kf_result_key key = index_key(part->sector->id, "index_without_imputed");
    struct kf_result *without = NULL;
    enum kf_err code = kf_panel_append(panel, &key, &without, err);
    for (size_t k = 0; code == KF_OK && k < panel->members_len; k++) {
        fill_without_imputed(&part->composition, sums, k, without);
    }
    return code;
}

static enum kf_err append_composed(struct kf_panel *panel, const struct kf_index_parts *parts,
                                   const struct kf_index_part *part, struct kf_error *err)
{
    const char *id = part->sector->id;
    struct sector_sums sums = {0};
    enum kf_err code = sector_sums_new(panel, &sums, err);
    for (size_t i = 0; code == KF_OK && i < part->sector->indicators_len; i++) {
        code = append_indicator(panel, parts, part, i, &sums, err);
    }
    for (size_t k = 0; code == KF_OK && k < panel->members_len; k++) {
        sums.status[k] = kf_composition_index_status(&part->composition, k);
    }
    if (code == KF_OK) {
        code = append_column(panel, id, "index", sums.index, sums.status, err);
    }
    if (code == KF_OK) {
        code = append_without_imputed(panel, part, &sums, err);
    }
    return code == KF_OK && !parts->total_given
               ? append_column(panel, id, "contribution", sums.to_total, sums.status, err)
               : code;
}

static enum kf_err append_given_contribution(struct kf_panel *panel,
                                             const struct kf_index_parts *parts,
                                             const struct kf_index_part *part, struct kf_error *err)
{
    struct kf_result_key key = index_key(part->sector->id, "contribution");
    struct kf_result *contribution = NULL;
    enum kf_err code = kf_panel_append(panel, &key, &contribution, err);
    for (size_t k = 0; code == KF_OK && k < panel->members_len; k++) {
        double b = kf_presence_weight(&parts->sectors, k, part->weight);
        contribution->status[k] = part->published.status[k];
        contribution->values[k] =
            kf_cell_has_value(contribution->status[k])
                ? kf_grid(b * part->published.values[k], panel->edition->scale)
                : 0;
    }
    return code;
}

static enum kf_err append_given(struct kf_panel *panel, const char *sector,
                                const struct kf_given *given, struct kf_error *err)
{
    enum kf_err code = append_column(panel, sector, "index", given->values, given->status, err);
    return code == KF_OK ? append_column(panel, sector, "index_without_imputed", given->values,
                                         given->status, err)
                         : code;
}

enum kf_err kf_sector_index_append(struct kf_panel *panel, const struct kf_index_parts *parts,
                                   size_t number, struct kf_error *err)
{
    const struct kf_index_part *part = &parts->list[number];
    if (!part->given) {
        return append_composed(panel, parts, part, err);
    }
    enum kf_err code = append_given(panel, part->sector->id, &part->published, err);
    return code == KF_OK && !parts->total_given ? append_given_contribution(panel, parts, part, err)
                                                : code;
}

/* --- the total ------------------------------------------------------------------------------- */

/* What the sectors of one member add up to. */
struct member_sums {
    struct kf_sum reported; /* Σ b_s S'_ks */
    struct kf_sum weight;   /* Σ b_s */
};

static void add_sector(const struct kf_panel *panel, const struct kf_index_part *sector,
                       struct kf_result *index, struct member_sums *sums)
{
    const char *id = sector->sector->id;
    const struct kf_result *part = kf_panel_result(panel, KF_TOPIC_INDEX, id, "", "contribution");
    const struct kf_result *without =
        kf_panel_result(panel, KF_TOPIC_INDEX, id, "", "index_without_imputed");
    for (size_t k = 0; k < panel->members_len; k++) {
        if (kf_cell_has_value(part->status[k])) {
            index->values[k] += part->values[k];
            index->status[k] |= part->status[k];
        }
        if (kf_cell_has_value(without->status[k])) {
            kf_sum_add(&sums[k].reported, sector->weight * without->values[k]);
            kf_sum_add(&sums[k].weight, sector->weight);
        }
    }
}

/* A member that lacks a sector is incomplete; one that lacks all has no total. */
static uint8_t total_status(const struct kf_presence *sectors, size_t k, uint8_t flags)
{
    if (!kf_presence_any(sectors, k)) {
        return KF_CELL_MISSING;
    }
    return sectors->lacks[k] ? flags | KF_CELL_INCOMPLETE : flags;
}

static void fill_total(const struct kf_panel *panel, const struct kf_index_parts *parts,
                       struct member_sums *sums, struct kf_result *index, struct kf_result *without)
{
    for (size_t p = 0; p < parts->count; p++) {
        add_sector(panel, &parts->list[p], index, sums);
    }
    for (size_t k = 0; k < panel->members_len; k++) {
        index->status[k] = total_status(&parts->sectors, k, index->status[k]);
        double weight = kf_sum_value(&sums[k].weight);
        if (!parts->sectors.imputed[k]) {
            without->values[k] = index->values[k];
            without->status[k] = index->status[k];
        } else if (weight > 0) {
            without->values[k] = kf_sum_value(&sums[k].reported) / weight;
            without->status[k] = index->status[k] & QUALITY_FLAGS;
        } else {
            without->status[k] = KF_CELL_MISSING;
        }
    }
}

static enum kf_err append_sum(struct kf_panel *panel, const struct kf_index_parts *parts,
                              struct kf_error *err)
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
        fill_total(panel, parts, sums, &index, appended);
    }
    return code;
}

enum kf_err kf_total_index_append(struct kf_panel *panel, const struct kf_index_parts *parts,
                                  struct kf_findings *findings, struct kf_error *err)
{
    if (!parts->total_given) {
        return append_sum(panel, parts, err);
    }
    struct kf_given given = {0};
    enum kf_err code =
        kf_given_make(panel, KF_SECTOR_TOTAL, panel->edition->given_total, &given, findings, err);
    return code == KF_OK ? append_given(panel, KF_SECTOR_TOTAL, &given, err) : code;
}
