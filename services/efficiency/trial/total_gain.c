#include "services/efficiency/trial/total_gain.h"

#include "common/model/values.h"
#include "services/efficiency/unit_cost/published.h"

static bool has_demography(const struct kf_edition *edition)
{
    const struct kf_demography_gain *part = &edition->trial.demography;
    return part->compensated.count > 0 || part->gain.count > 0;
}

static bool has_resource_intensive(const struct kf_edition *edition)
{
    const struct kf_resource_intensive *part = &edition->trial.resource_intensive;
    return part->base_year > 0 || part->gain.count > 0;
}

static bool has_services(const struct kf_edition *edition)
{
    return edition->unit_costs.groups_len > 0 || edition->unit_costs.gain.count > 0;
}

static const struct {
    const char *sector;
    bool (*is_in)(const struct kf_edition *edition);
} parts[] = {
    {KF_SECTOR_DEMOGRAPHY, has_demography},
    {KF_SECTOR_RESOURCE_INTENSIVE, has_resource_intensive},
    {KF_SECTOR_SERVICES, has_services},
};

/* A part without a row is one that nobody has. */
static void add_part(const struct kf_panel *panel, const char *sector, struct kf_values *sum)
{
    const struct kf_result *part =
        kf_panel_result(panel, KF_TOPIC_UNIT_COST, sector, "", "gain_million_kr");
    for (size_t k = 0; k < sum->members; k++) {
        double value = part ? part->values[k] : 0;
        kf_values_add(sum, k, kf_wide_from_figure(value), part ? part->status[k] : KF_CELL_MISSING);
    }
}

enum kf_err kf_total_gain_append(struct kf_panel *panel, struct kf_arena *arena,
                                 struct kf_error *err)
{
    const struct kf_edition *edition = panel->edition;
    bool own = has_demography(edition) || has_resource_intensive(edition);
    struct kf_values sum = {0};
    if (!own && edition->trial.gain.count == 0) {
        return KF_OK;
    }
    enum kf_err code = own || has_services(edition)
                           ? kf_values_new(panel, arena, &sum, err)
                           : kf_values_new_missing(panel, arena, &sum, err);
    for (size_t i = 0; code == KF_OK && i < sizeof parts / sizeof parts[0]; i++) {
        if (parts[i].is_in(edition)) {
            add_part(panel, parts[i].sector, &sum);
        }
    }
    return code == KF_OK ? kf_published_gain_append(panel, KF_SECTOR_TOTAL, &edition->trial.gain,
                                                    arena, &sum, err)
                         : code;
}
