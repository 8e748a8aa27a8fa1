#include "services/efficiency/unit_cost/unit_cost.h"

#include "services/efficiency/unit_cost/cost_group.h"
#include "services/efficiency/unit_cost/growth.h"
#include "services/efficiency/unit_cost/institution.h"
#include "services/efficiency/unit_cost/rate.h"
#include "services/efficiency/unit_cost/service_sum.h"
#include "services/efficiency/unit_cost/services.h"
#include "services/efficiency/unit_cost/user_time.h"

/* Sums over the cost groups. */
struct sums {
    struct kf_service_sums services;
    struct kf_services_sum whole;
};

/* Computes a group in `group_place` and adds it to sums that outlive it. */
static enum kf_err compute_group(struct kf_panel *panel, const struct kf_unit_place *place,
                                 const struct kf_unit_place *group_place,
                                 const struct kf_cost_group *group, struct sums *sums,
                                 struct kf_error *err)
{
    struct kf_group_costs costs;
    enum kf_err code = kf_group_costs_compute(group_place, group, &costs, err);
    if (code == KF_OK) {
        code = kf_group_costs_append(panel, &costs, group_place->arena, err);
    }
    if (code == KF_OK) {
        code = kf_service_sums_add(place, &costs, &sums->services, err);
    }
    if (code == KF_OK) {
        kf_services_sum_add(&costs.balance, &sums->whole);
    }
    return code;
}

/* Each group has memory of its own: an edition may have many. */
static enum kf_err append_group(struct kf_panel *panel, const struct kf_unit_place *place,
                                const struct kf_cost_group *group, struct sums *sums,
                                struct kf_error *err)
{
    struct kf_unit_place group_place = *place;
    group_place.arena = kf_arena_new(KF_PANEL_BYTES_MAX);
    enum kf_err code = KF_ERR_MEMORY;
    if (group_place.arena) {
        code = compute_group(panel, place, &group_place, group, sums, err);
    } else {
        (void)kf_error_set(err, code, "no memory for a cost group");
    }
    kf_arena_destroy(&group_place.arena);
    return code;
}

/* A faulty group does not hide the next. */
static enum kf_err append_groups(struct kf_panel *panel, const struct kf_unit_place *place,
                                 struct kf_error *err)
{
    const struct kf_unit_costs *costs = &panel->edition->unit_costs;
    struct sums sums;
    enum kf_err outcome = kf_service_sums_new(place, &sums.services, err);
    outcome = outcome == KF_OK ? kf_services_sum_new(place, &sums.whole, err) : outcome;
    for (size_t i = 0; kf_err_goes_on(outcome) && i < costs->groups_len; i++) {
        struct kf_error latest = {0};
        enum kf_err code = append_group(panel, place, &costs->groups[i], &sums, &latest);
        outcome = kf_error_join(outcome, code, &latest, err);
    }
    if (outcome == KF_OK) {
        outcome = kf_service_sums_append(panel, place, &sums.services, err);
    }
    return outcome == KF_OK ? kf_services_sum_append(panel, place, &sums.whole, err) : outcome;
}

static enum kf_err append_all(struct kf_panel *panel, const struct kf_unit_place *place,
                              struct kf_error *err)
{
    static enum kf_err (*const parts[])(struct kf_panel *, const struct kf_unit_place *,
                                        struct kf_error *) = {
        append_groups, kf_institution_append, kf_user_times_append, kf_growths_append};
    enum kf_err outcome = KF_OK;
    for (size_t i = 0; kf_err_goes_on(outcome) && i < sizeof parts / sizeof parts[0]; i++) {
        struct kf_error latest = {0};
        enum kf_err code = parts[i](panel, place, &latest);
        outcome = kf_error_join(outcome, code, &latest, err);
    }
    return outcome;
}

enum kf_err kf_unit_cost_append(struct kf_panel *panel, struct kf_findings *findings,
                                struct kf_error *err)
{
    if (!kf_edition_has_unit_costs(panel->edition)) {
        return KF_OK;
    }
    struct kf_arena *arena = kf_arena_new(KF_PANEL_BYTES_MAX);
    if (!arena) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for unit costs");
    }
    struct kf_rate *rates = NULL;
    enum kf_err code = kf_rates_of(panel, arena, &rates, err);
    if (code == KF_OK) {
        struct kf_unit_place place = {
            .panel = panel, .arena = arena, .findings = findings, .rates = rates};
        code = append_all(panel, &place, err);
    }
    kf_arena_destroy(&arena);
    return code;
}
