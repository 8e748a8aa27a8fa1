#include "services/efficiency/unit_cost/institution.h"

#include "services/efficiency/unit_cost/quantity.h"
#include "services/efficiency/unit_cost/share.h"
#include "services/efficiency/unit_cost/unit_column.h"

int kf_days_in_year(int year)
{
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return leap ? 366 : 365;
}

static enum kf_err append_share(struct kf_panel *panel, const struct kf_unit_place *place,
                                struct kf_error *err)
{
    const struct kf_institution *institution = &panel->edition->unit_costs.institution;
    struct kf_unit_key key = {KF_SECTOR_INSTITUTION, "", "institution_share", NULL};
    struct kf_values spent = {0};
    struct kf_values of = {0};
    enum kf_err code = kf_terms_sum(panel, &institution->expenditure, place->arena, &spent, err);
    code = code == KF_OK ? kf_terms_sum(panel, &institution->of, place->arena, &of, err) : code;
    if (code != KF_OK) {
        return code;
    }
    kf_share_fill(&spent, &of, 1, &spent);
    return kf_unit_column(panel, &key, &spent, err);
}

static enum kf_err append_places(struct kf_panel *panel, const struct kf_unit_place *place,
                                 struct kf_error *err)
{
    const struct kf_terms *days = &panel->edition->unit_costs.institution.days;
    const struct kf_quantity quantity = {days, KF_SECTOR_INSTITUTION, ""};
    struct kf_unit_key key = {KF_SECTOR_INSTITUTION, "", "institution_places", NULL};
    struct kf_values places = {0};
    enum kf_err code =
        kf_quantity_of(panel, &quantity, place->arena, &places, place->findings, err);
    for (size_t k = 0; code == KF_OK && k < places.members; k++) {
        places.values[k] =
            kf_wide_div(places.values[k], kf_wide_from(kf_days_in_year(panel->year)));
    }
    return code == KF_OK ? kf_unit_column(panel, &key, &places, err) : code;
}

enum kf_err kf_institution_append(struct kf_panel *panel, const struct kf_unit_place *place,
                                  struct kf_error *err)
{
    const struct kf_institution *institution = &panel->edition->unit_costs.institution;
    enum kf_err code = KF_OK;
    if (institution->expenditure.count > 0 && institution->of.count > 0) {
        code = append_share(panel, place, err);
    }
    return code == KF_OK && institution->days.count > 0 ? append_places(panel, place, err) : code;
}
