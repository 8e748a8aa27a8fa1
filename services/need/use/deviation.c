#include "services/need/use/deviation.h"

#include <assert.h>
#include <string.h>

#define KR_IN_MILLION 1e6

void kf_deviations_add(struct kf_deviations *self, const char *sector,
                       const struct kf_per_capita *cells, const struct kf_per_capita *need)
{
    assert(self->count < KF_DEVIATIONS_MAX);
    struct kf_deviation *added = &self->list[self->count++];
    *added = (struct kf_deviation){.sector = sector, .cells = *cells};
    if (need) {
        added->need = *need;
    }
}

static struct kf_result_key key_of(const struct kf_deviation *deviation, const char *measure)
{
    return (struct kf_result_key){.topic = KF_TOPIC_RESOURCE_USE,
                                  .sector = deviation->sector,
                                  .indicator = "",
                                  .measure = measure};
}

static enum kf_err append_percent(struct kf_panel *panel, const struct kf_deviation *deviation,
                                  struct kf_error *err)
{
    struct kf_result_key key = key_of(deviation, "deviation_percent");
    struct kf_result *percent = NULL;
    enum kf_err code = kf_panel_append(panel, &key, &percent, err);
    for (size_t k = 0; code == KF_OK && k < panel->members_len; k++) {
        percent->status[k] = deviation->cells.status[k];
        if (!kf_cell_has_value(percent->status[k])) {
            continue;
        }
        double need = deviation->need.values[k];
        if (!(need > 0)) {
            percent->status[k] = KF_CELL_NOT_APPLICABLE;
            continue;
        }
        struct kf_wide part =
            kf_wide_mul(kf_wide_from(100), kf_wide_from(deviation->cells.values[k]));
        percent->values[k] = kf_wide_value(kf_wide_div(part, kf_wide_from(need)));
    }
    return code;
}

/* A member with a deviation has inhabitants. */
static enum kf_err append_millions(struct kf_panel *panel, const struct kf_deviation *deviation,
                                   struct kf_error *err)
{
    const struct kf_column *people = kf_panel_column(panel, panel->edition->population);
    struct kf_result_key key = key_of(deviation, "deviation_million_kr");
    struct kf_result *millions = NULL;
    enum kf_err code = kf_panel_append(panel, &key, &millions, err);
    for (size_t k = 0; code == KF_OK && k < panel->members_len; k++) {
        millions->status[k] = deviation->cells.status[k];
        if (kf_cell_has_value(millions->status[k])) {
            struct kf_wide kr = kf_wide_mul(kf_wide_from(deviation->cells.values[k]),
                                            kf_wide_from_figure(people->values[k]));
            millions->values[k] = kf_wide_value(kf_wide_div(kr, kf_wide_from(KR_IN_MILLION)));
        }
    }
    return code;
}

static const struct kf_deviation *find(const struct kf_deviations *self, const char *sector)
{
    for (size_t i = 0; self && i < self->count; i++) {
        if (strcmp(self->list[i].sector, sector) == 0) {
            return &self->list[i];
        }
    }
    return NULL;
}

static enum kf_err append_change(struct kf_panel *panel, const struct kf_deviation *deviation,
                                 const struct kf_deviation *before, struct kf_error *err)
{
    struct kf_per_capita change = {0};
    struct kf_result_key key = key_of(deviation, "deviation_change_kr_per_capita");
    enum kf_err code = kf_per_capita_new(panel, panel->arena, &change, err);
    if (code != KF_OK) {
        return code;
    }
    kf_per_capita_add(&change, &deviation->cells, 1);
    kf_per_capita_add(&change, &before->cells, -1);
    return kf_per_capita_append(panel, &key, &change, err);
}

static enum kf_err append(struct kf_panel *panel, const struct kf_deviation *deviation,
                          const struct kf_deviation *before, struct kf_error *err)
{
    struct kf_result_key key = key_of(deviation, "deviation_kr_per_capita");
    enum kf_err code = kf_per_capita_append(panel, &key, &deviation->cells, err);
    if (code == KF_OK && deviation->need.values) {
        code = append_percent(panel, deviation, err);
    }
    if (code == KF_OK) {
        code = append_millions(panel, deviation, err);
    }
    return code == KF_OK && before ? append_change(panel, deviation, before, err) : code;
}

enum kf_err kf_deviations_append(struct kf_panel *panel, const struct kf_deviations *now,
                                 const struct kf_deviations *before, struct kf_error *err)
{
    enum kf_err code = KF_OK;
    for (size_t i = 0; code == KF_OK && i < now->count; i++) {
        code = append(panel, &now->list[i], find(before, now->list[i].sector), err);
    }
    return code;
}
