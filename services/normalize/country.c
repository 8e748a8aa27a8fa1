#include "services/normalize/country.h"

#include <string.h>

struct check {
    const struct kf_panel *panel;
    struct kf_findings *findings;
    bool all; /* the country is the reference */
    bool complete;
};

static void check_variable(struct check *check, const char *variable)
{
    const struct kf_column *column = kf_panel_column(check->panel, variable);
    if (column && kf_cell_has_value(column->country_status)) {
        return;
    }
    check->complete = false; /* many indicators may miss the same figure */
    struct kf_place place = {.municipality = KF_MUNICIPALITY_COUNTRY, .variable = variable};
    kf_findings_add_once(check->findings, &place,
                         "give a row for the whole country; the edition measures by it",
                         "has no figure for the country in %d", check->panel->year);
}

static void check_terms(struct check *check, const struct kf_terms *terms)
{
    for (size_t t = 0; t < terms->count; t++) {
        if (check->all || terms->list[t].country) {
            check_variable(check, terms->list[t].variable);
        }
    }
}

static void check_correction(struct check *check, const char *id)
{
    const struct kf_edition *edition = check->panel->edition;
    for (size_t c = 0; c < edition->corrections_len; c++) {
        const struct kf_correction *correction = &edition->corrections[c];
        if (strcmp(correction->id, id) != 0) {
            continue;
        }
        check_variable(check, correction->outcome);
        for (size_t r = 0; r < correction->regressors_len; r++) {
            check_variable(check, correction->regressors[r]);
        }
    }
}

enum kf_err kf_country_check(const struct kf_panel *panel, const struct kf_indicator *indicator,
                             struct kf_findings *findings, struct kf_error *err)
{
    struct check check = {.panel = panel,
                          .findings = findings,
                          .all = panel->edition->reference == KF_REFERENCE_COUNTRY,
                          .complete = true};
    check_terms(&check, &indicator->numerator);
    check_terms(&check, &indicator->denominator);
    bool per_people =
        indicator->per == KF_PER_POPULATION || indicator->per == KF_PER_NEED_POPULATION;
    if (check.all && per_people) {
        check_variable(&check, panel->edition->population);
    }
    if (check.all && indicator->correction[0]) {
        check_correction(&check, indicator->correction);
    }
    return check.complete
               ? KF_OK
               : kf_error_set(err, KF_ERR_DATA, "indicator %s needs figures for the whole country",
                              indicator->id);
}
