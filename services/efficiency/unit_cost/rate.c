#include "services/efficiency/unit_cost/rate.h"

#include "services/efficiency/growth_chain.h"

/* The newest at or before `year`, or NULL. */
static const struct kf_year_figure *newest(const struct kf_year_figures *figures, int year)
{
    const struct kf_year_figure *found = NULL;
    for (size_t i = 0; i < figures->count && figures->list[i].year <= year; i++) {
        found = &figures->list[i];
    }
    return found;
}

struct kf_wide kf_rate_of(const struct kf_unit_costs *costs, const struct kf_rated_service *service,
                          int year)
{
    const struct kf_year_figure *own = newest(&service->rates, year);
    if (!own) {
        return kf_wide_from(0);
    }
    struct kf_wide factor = kf_wide_from(0);
    return kf_growth_chain(&costs->rate_growth, own->year, year, &factor)
               ? kf_wide_mul(kf_wide_from_figure(own->value), factor)
               : kf_wide_from(0);
}

enum kf_err kf_rates_of(const struct kf_panel *panel, struct kf_arena *arena,
                        struct kf_rate **rates, struct kf_error *err)
{
    const struct kf_unit_costs *costs = &panel->edition->unit_costs;
    struct kf_rate *made = kf_arena_calloc(arena, costs->services_len + 1, sizeof *made);
    for (size_t i = 0; made && i < costs->services_len; i++) {
        const struct kf_rated_service *service = &costs->services[i];
        made[i].service = service;
        made[i].kr = kf_rate_of(costs, service, panel->year);
        made[i].unit = kf_arena_printf(panel->arena, "kr/%s", service->unit);
        if (!made[i].unit) {
            made = NULL;
        }
    }
    if (!made) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the rates of services");
    }
    *rates = made;
    return KF_OK;
}
