#include "services/aggregate/given.h"

#include "common/model/mean.h"

bool kf_total_is_given(const struct kf_edition *edition)
{
    return edition->given_total && edition->given_total[0];
}

bool kf_index_is_given(const struct kf_sector *sector)
{
    return sector->given && sector->given[0];
}

static enum kf_err find_no_reference(const struct kf_panel *panel, const char *sector,
                                     const char *variable, bool country,
                                     struct kf_findings *findings, struct kf_error *err)
{
    struct kf_place place = {.variable = variable};
    kf_findings_add(findings, &place,
                    country ? "give the country's figure as a row of municipality EAK"
                            : "give at least one municipality's figure",
                    "%s: the published index has no figure of %s in %d", sector,
                    country ? "the country" : "any member", panel->year);
    return kf_error_set(err, KF_ERR_DATA, "the published index of %s cannot be renormalised",
                        sector);
}

static enum kf_err find_not_above_zero(const struct kf_panel *panel, const char *sector,
                                       const char *variable, double mean,
                                       struct kf_findings *findings, struct kf_error *err)
{
    struct kf_place place = {.variable = variable};
    kf_findings_add(findings, &place, "check the figures; an index has a mean above zero",
                    "%s: the published index is %g on average in %d", sector, mean, panel->year);
    return kf_error_set(err, KF_ERR_DATA, "the published index of %s cannot be renormalised",
                        sector);
}

static enum kf_err given_new(const struct kf_panel *panel, struct kf_given *self,
                             struct kf_error *err)
{
    self->values = kf_arena_calloc(panel->arena, panel->members_len, sizeof *self->values);
    self->status = kf_arena_calloc(panel->arena, panel->members_len, sizeof *self->status);
    return self->values && self->status
               ? KF_OK
               : kf_error_set(err, KF_ERR_MEMORY, "no memory for a published index");
}

enum kf_err kf_given_make(const struct kf_panel *panel, const char *sector, const char *variable,
                          struct kf_given *self, struct kf_findings *findings, struct kf_error *err)
{
    struct kf_term term = {.variable = variable, .factor = 1};
    struct kf_values figures = {0};
    struct kf_given made = {0};
    enum kf_err code =
        kf_terms_sum(panel, &(struct kf_terms){&term, 1}, panel->arena, &figures, err);
    if (code == KF_OK) {
        code = given_new(panel, &made, err);
    }
    if (code != KF_OK) {
        return code;
    }
    bool country = panel->edition->reference == KF_REFERENCE_COUNTRY;
    bool present = kf_values_any(&figures);
    struct kf_mean mean = country ? kf_values_country(&figures) : kf_values_mean(panel, &figures);
    if (!present || mean.count == 0) {
        return find_no_reference(panel, sector, variable, present, findings, err);
    }
    if (!(mean.weighted.high > 0)) {
        return find_not_above_zero(panel, sector, variable, kf_mean_value(&mean).high, findings,
                                   err);
    }
    kf_values_scale(&figures, kf_mean_factor(&mean, panel->edition->scale), made.values,
                    made.status);
    *self = made;
    return KF_OK;
}
