#include "services/need/use/need_amount.h"

/* The sector whose key counts; NULL for the country's level. */
static const struct kf_sector *source_of(const struct kf_panel *panel,
                                         const struct kf_sector *sector)
{
    const char *other = sector->resources.need_of;
    const struct kf_sector *source =
        other && other[0] ? kf_edition_sector(panel->edition, other) : sector;
    return source && kf_sector_has_key(source) ? source : NULL;
}

static void take_results(const struct kf_result *need, struct kf_values *index)
{
    for (size_t k = 0; k < index->members; k++) {
        if (need && kf_cell_has_value(need->status[k])) {
            index->values[k] = kf_wide_from(need->values[k]);
            index->status[k] = need->status[k];
        } else {
            kf_values_clear(index, k, need ? need->status[k] : KF_CELL_MISSING);
        }
    }
}

enum kf_err kf_need_amount_index(const struct kf_panel *panel, const struct kf_sector *sector,
                                 struct kf_arena *arena, struct kf_values *index,
                                 struct kf_error *err)
{
    const struct kf_sector *source = source_of(panel, sector);
    enum kf_err code = kf_values_new(panel, arena, index, err);
    if (code != KF_OK) {
        return code;
    }
    if (source) {
        take_results(kf_panel_result(panel, KF_TOPIC_NEED, source->id, "", "need_index"), index);
    }
    for (size_t k = 0; !source && k < index->members; k++) {
        index->values[k] = kf_wide_from(1);
    }
    return KF_OK;
}

enum kf_err kf_need_amount_standard(const struct kf_panel *panel, const struct kf_country *country,
                                    const struct kf_values *index, struct kf_arena *arena,
                                    struct kf_per_capita *need, struct kf_error *err)
{
    struct kf_wide level = kf_country_rate(country);
    bool known = country->people.high > 0;
    enum kf_err code = kf_per_capita_new(panel, arena, need, err);
    for (size_t k = 0; code == KF_OK && k < need->members; k++) {
        kf_per_capita_set(need, k, kf_wide_mul(level, index->values[k]),
                          known ? index->status[k] | country->status : KF_CELL_MISSING);
    }
    return code;
}

enum kf_err kf_need_amount_centred(const struct kf_panel *panel, const struct kf_country *country,
                                   const struct kf_values *amount, struct kf_arena *arena,
                                   struct kf_per_capita *centred, struct kf_error *err)
{
    const struct kf_column *people = kf_panel_column(panel, panel->edition->population);
    struct kf_wide level = kf_country_rate(country);
    enum kf_err code = kf_per_capita_new(panel, arena, centred, err);
    for (size_t k = 0; code == KF_OK && k < centred->members; k++) {
        uint8_t status = amount->status[k];
        struct kf_wide own = kf_wide_from(0);
        if (kf_country_counts(people, amount->status, k)) {
            own = kf_wide_div(amount->values[k], kf_wide_from_figure(people->values[k]));
            status |= people->status[k] | country->status | KF_CELL_INFERRED;
        } else if (kf_cell_has_value(status)) {
            status = KF_CELL_MISSING;
        }
        kf_per_capita_set(centred, k, kf_wide_sub(own, level), status);
    }
    return code;
}
