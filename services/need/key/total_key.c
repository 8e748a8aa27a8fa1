#include "services/need/key/total_key.h"

#include "common/base/numbers.h"

static const struct kf_result *sector_need(const struct kf_panel *panel,
                                           const struct kf_sector *sector)
{
    return kf_panel_result(panel, KF_TOPIC_NEED, sector->id, "", "need_index");
}

/* The sectors of a total key: with administration or without. */
struct total_key {
    const char *sector; /* where the total stands */
    bool administration;
};

bool kf_total_key_holds(bool administration, const struct kf_sector *sector)
{
    return sector->need_weight > 0 && (administration || !sector->administration);
}

static bool belongs(const struct total_key *key, const struct kf_sector *sector)
{
    return kf_total_key_holds(key->administration, sector);
}

static bool has_administration(const struct kf_edition *edition)
{
    for (size_t s = 0; s < edition->sectors_len; s++) {
        if (edition->sectors[s].administration) {
            return true;
        }
    }
    return false;
}

/* True when the key has sectors, and each of them was computed. */
static bool is_computed(const struct kf_panel *panel, const struct total_key *key)
{
    bool any = false;
    for (size_t s = 0; s < panel->edition->sectors_len; s++) {
        const struct kf_sector *sector = &panel->edition->sectors[s];
        if (belongs(key, sector) && !sector_need(panel, sector)) {
            return false;
        }
        any = any || belongs(key, sector);
    }
    return any;
}

/* A member without need in one sector has none in total; its cell says why. */
static void add_sector(const struct kf_panel *panel, const struct kf_sector *sector,
                       struct kf_sum *sums, struct kf_result *total)
{
    const struct kf_result *need = sector_need(panel, sector);
    for (size_t k = 0; k < panel->members_len; k++) {
        if (!kf_cell_has_value(total->status[k])) {
            continue;
        }
        bool has_value = kf_cell_has_value(need->status[k]);
        total->status[k] = has_value ? total->status[k] | need->status[k] : need->status[k];
        kf_sum_add(&sums[k], sector->need_weight * need->values[k]);
    }
}

static void fill_total(const struct kf_panel *panel, const struct total_key *key,
                       struct kf_sum *sums, struct kf_result *total)
{
    const struct kf_edition *edition = panel->edition;
    struct kf_sum weights = {0};
    for (size_t s = 0; s < edition->sectors_len; s++) {
        const struct kf_sector *sector = &edition->sectors[s];
        if (belongs(key, sector)) {
            add_sector(panel, sector, sums, total);
            kf_sum_add(&weights, sector->need_weight);
        }
    }
    /* All weights together close to 1 already. */
    bool all = key->administration || !has_administration(edition);
    double whole = all ? 1 : kf_sum_value(&weights);
    for (size_t k = 0; k < panel->members_len; k++) {
        bool has_value = kf_cell_has_value(total->status[k]);
        total->values[k] = has_value ? kf_sum_value(&sums[k]) / whole : 0;
    }
}

static enum kf_err append_total(struct kf_panel *panel, const struct total_key *of,
                                struct kf_error *err)
{
    if (!is_computed(panel, of)) {
        return KF_OK;
    }
    struct kf_sum *sums = kf_arena_calloc(panel->arena, panel->members_len, sizeof *sums);
    if (!sums) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the total need");
    }
    struct kf_result_key key = {
        .topic = KF_TOPIC_NEED, .sector = of->sector, .indicator = "", .measure = "need_index"};
    struct kf_result *total = NULL;
    enum kf_err code = kf_panel_append(panel, &key, &total, err);
    if (code == KF_OK) {
        fill_total(panel, of, sums, total);
    }
    return code;
}

enum kf_err kf_total_key_append(struct kf_panel *panel, struct kf_error *err)
{
    static const struct total_key without = {KF_SECTOR_TOTAL, false};
    static const struct total_key with = {KF_SECTOR_TOTAL_WITH_ADMINISTRATION, true};
    enum kf_err code = append_total(panel, &without, err);
    if (code == KF_OK && has_administration(panel->edition)) {
        code = append_total(panel, &with, err);
    }
    return code;
}
