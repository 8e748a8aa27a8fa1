#include "services/efficiency/trial/grant.h"

#include "services/efficiency/trial/amount.h"
#include "services/efficiency/unit_cost/million.h"
#include "services/efficiency/unit_cost/published.h"
#include "services/efficiency/unit_cost/unit_column.h"

static enum kf_err add_part(struct kf_panel *panel, const struct kf_use *part,
                            struct kf_arena *arena, struct kf_values *sum, struct kf_error *err)
{
    struct kf_unit_key key = {KF_SECTOR_GRANTS, part->id, "grant_million_kr", NULL};
    struct kf_values amount = {0};
    enum kf_err code = kf_million_of(panel, &part->amount, arena, &amount, err);
    if (code == KF_OK) {
        kf_amount_add(sum, &amount, 1);
        code = kf_unit_column(panel, &key, &amount, err);
    }
    return code;
}

/* Of no parts there is no sum. */
static enum kf_err sum_parts(struct kf_panel *panel, struct kf_arena *arena, struct kf_values *sum,
                             struct kf_error *err)
{
    const struct kf_trial *trial = &panel->edition->trial;
    if (trial->grants_len == 0) {
        return kf_values_new_missing(panel, arena, sum, err);
    }
    enum kf_err code = kf_values_new(panel, arena, sum, err);
    for (size_t i = 0; code == KF_OK && i < trial->grants_len; i++) {
        code = add_part(panel, &trial->grants[i], arena, sum, err);
    }
    return code;
}

static enum kf_err append_grant(struct kf_panel *panel, struct kf_arena *arena,
                                struct kf_values *grant, struct kf_error *err)
{
    struct kf_published which = {.sector = KF_SECTOR_GRANTS,
                                 .measure = "grant_million_kr",
                                 .published = "published_grant_million_kr",
                                 .terms = &panel->edition->trial.grant};
    enum kf_err code = sum_parts(panel, arena, grant, err);
    return code == KF_OK ? kf_published_append(panel, &which, arena, grant, err) : code;
}

enum kf_err kf_grant_append(struct kf_panel *panel, struct kf_arena *arena, struct kf_error *err)
{
    struct kf_unit_key deducted = {KF_SECTOR_GRANTS, "", "deduction_million_kr", NULL};
    struct kf_unit_key gained = {KF_SECTOR_GRANTS, "", "gain_million_kr", NULL};
    struct kf_values grant = {0};
    struct kf_values deduction = {0};
    enum kf_err code = append_grant(panel, arena, &grant, err);
    if (code == KF_OK) {
        code = kf_million_of(panel, &panel->edition->trial.deduction, arena, &deduction, err);
    }
    if (code == KF_OK) {
        code = kf_unit_column(panel, &deducted, &deduction, err);
    }
    if (code == KF_OK) {
        kf_amount_add(&grant, &deduction, -1);
        code = kf_unit_column(panel, &gained, &grant, err);
    }
    return code;
}
