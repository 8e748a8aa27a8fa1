#include "services/efficiency/trial/trial.h"

#include "services/efficiency/trial/demography_gain.h"
#include "services/efficiency/trial/grant.h"
#include "services/efficiency/trial/resource_intensive.h"
#include "services/efficiency/trial/total_gain.h"

static enum kf_err append_grants(struct kf_panel *panel, struct kf_arena *arena,
                                 struct kf_findings *findings, struct kf_error *err)
{
    (void)findings;
    return kf_grant_append(panel, arena, err);
}

static enum kf_err append_total(struct kf_panel *panel, struct kf_arena *arena,
                                struct kf_findings *findings, struct kf_error *err)
{
    (void)findings;
    return kf_total_gain_append(panel, arena, err);
}

/* What is faulty does not hide the next; the total comes last. */
static enum kf_err append_parts(struct kf_panel *panel, struct kf_arena *arena,
                                struct kf_findings *findings, struct kf_error *err)
{
    static enum kf_err (*const parts[])(struct kf_panel *, struct kf_arena *, struct kf_findings *,
                                        struct kf_error *) = {
        append_grants, kf_resource_intensive_append, kf_demography_gain_append, append_total};
    enum kf_err outcome = KF_OK;
    for (size_t i = 0; kf_err_goes_on(outcome) && i < sizeof parts / sizeof parts[0]; i++) {
        struct kf_error latest = {0};
        enum kf_err code = parts[i](panel, arena, findings, &latest);
        outcome = kf_error_join(outcome, code, &latest, err);
    }
    return outcome;
}

enum kf_err kf_trial_append(struct kf_panel *panel, struct kf_findings *findings,
                            struct kf_error *err)
{
    if (!kf_edition_has_trial(panel->edition)) {
        return KF_OK;
    }
    struct kf_arena *arena = kf_arena_new(KF_PANEL_BYTES_MAX);
    if (!arena) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the trial");
    }
    enum kf_err code = append_parts(panel, arena, findings, err);
    kf_arena_destroy(&arena);
    return code;
}
