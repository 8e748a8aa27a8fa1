#include "services/need/need.h"

#include "services/need/cost_key.h"
#include "services/need/total_key.h"

const struct kf_stage kf_need_stage = {
    .name = "need",
    .purpose = "Computes expenditure need and need-corrected population from the criteria of the "
               "edition's cost keys, and hands each panel on to normalize.",
    .next = "normalize",
    .compute = kf_need_compute,
};

/* A faulty sector does not hide the next. */
static enum kf_err compute_year(struct kf_panel *panel, enum kf_cost_key_detail detail,
                                struct kf_findings *findings, struct kf_error *err)
{
    enum kf_err outcome = KF_OK;
    for (size_t s = 0; kf_err_goes_on(outcome) && s < panel->edition->sectors_len; s++) {
        const struct kf_sector *sector = &panel->edition->sectors[s];
        struct kf_error latest = {0};
        enum kf_err code = kf_cost_key_append(panel, sector, detail, findings, &latest);
        outcome = kf_error_join(outcome, code, &latest, err);
    }
    return outcome == KF_OK ? kf_total_key_append(panel, err) : outcome;
}

/* Need of two years is compared: the country must be the same kind of figure in both. */
static enum kf_err check_country(const struct kf_panel *panel, const struct kf_panel *year,
                                 struct kf_findings *findings, struct kf_error *err)
{
    const char *population = panel->edition->population;
    const struct kf_column *now = kf_panel_column(panel, population);
    const struct kf_column *then = kf_panel_column(year, population);
    bool given = kf_cell_has_value(now->country_status);
    if (!kf_edition_has_key(panel->edition) || given == kf_cell_has_value(then->country_status)) {
        return KF_OK;
    }
    struct kf_place place = {.municipality = KF_MUNICIPALITY_COUNTRY, .variable = population};
    kf_findings_add(findings, &place,
                    "give the country's figures for both years, or for none: need would rest on "
                    "the country in one year and on the members in the other",
                    "is given for %d and not for %d", given ? panel->year : year->year,
                    given ? year->year : panel->year);
    return kf_error_set(err, KF_ERR_DATA, "need of %d and %d cannot be compared", year->year,
                        panel->year);
}

static enum kf_err compute_earlier(const struct kf_panel *panel, struct kf_panel *year,
                                   struct kf_findings *findings, struct kf_error *err)
{
    enum kf_err code = check_country(panel, year, findings, err);
    return code == KF_OK ? compute_year(year, KF_COST_KEY_WITHOUT_DRIVERS, findings, err) : code;
}

/* A year before without any population has no need either: what follows finds none. */
enum kf_err kf_need_compute(struct kf_panel *panel, struct kf_findings *findings,
                            struct kf_error *err)
{
    enum kf_err outcome = compute_year(panel, KF_COST_KEY_ALL, findings, err);
    struct kf_panel *year = panel->previous;
    for (; kf_err_goes_on(outcome) && year; year = year->previous) {
        if (kf_panel_column(year, panel->edition->population)) {
            struct kf_error latest = {0};
            enum kf_err code = compute_earlier(panel, year, findings, &latest);
            outcome = kf_error_join(outcome, code, &latest, err);
        }
    }
    return outcome;
}
