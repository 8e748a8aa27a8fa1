#include "services/need/country.h"

static const struct kf_column *people_of(const struct kf_panel *panel)
{
    return kf_panel_column(panel, panel->edition->population);
}

bool kf_country_is_given(const struct kf_panel *panel)
{
    const struct kf_column *people = people_of(panel);
    return people && kf_cell_has_value(people->country_status);
}

bool kf_country_counts(const struct kf_column *people, const uint8_t *status, size_t k)
{
    bool inhabited = people && kf_cell_has_value(people->status[k]) && people->values[k] > 0;
    return inhabited && (!status || kf_cell_has_value(status[k]));
}

/* Those that have the figure, in both sums; without `figures` each counts one. */
static void sum_members(const struct kf_panel *panel, const struct kf_values *figures,
                        struct kf_country *country)
{
    const struct kf_column *people = people_of(panel);
    *country = (struct kf_country){.status = KF_CELL_VALUE};
    for (size_t k = 0; k < panel->members_len; k++) {
        if (kf_country_counts(people, figures ? figures->status : NULL, k)) {
            struct kf_wide figure = figures ? figures->values[k] : kf_wide_from(1);
            country->figure = kf_wide_add(country->figure, figure);
            country->people = kf_wide_add(country->people, kf_wide_from_figure(people->values[k]));
        }
    }
}

/* The country's own figure with its own inhabitants, which are given. */
static void take_own(const struct kf_panel *panel, struct kf_wide figure, uint8_t status,
                     struct kf_country *country)
{
    const struct kf_column *people = people_of(panel);
    *country = (struct kf_country){.figure = figure,
                                   .people = kf_wide_from_figure(people->country_value),
                                   .status = status | people->country_status};
}

/* The first variable of the sum that the country has no figure of. */
static const char *lacking(const struct kf_panel *panel, const struct kf_terms *terms)
{
    for (size_t t = 0; t < terms->count; t++) {
        const struct kf_column *column = kf_panel_column(panel, terms->list[t].variable);
        if (!column || !kf_cell_has_value(column->country_status)) {
            return terms->list[t].variable;
        }
    }
    return "";
}

enum kf_err kf_country_of(const struct kf_panel *panel, const struct kf_terms *terms,
                          const struct kf_values *figures, struct kf_findings *findings,
                          struct kf_country *country, struct kf_error *err)
{
    if (!kf_country_is_given(panel)) {
        sum_members(panel, figures, country);
        return KF_OK;
    }
    if (kf_cell_has_value(figures->status[figures->members])) {
        take_own(panel, figures->values[figures->members], figures->status[figures->members],
                 country);
        return KF_OK;
    }
    struct kf_place place = {.municipality = KF_MUNICIPALITY_COUNTRY,
                             .variable = lacking(panel, terms)};
    kf_findings_add_once(findings, &place, "give the country's figure, as for the population",
                         "has no figure for the country in %d", panel->year);
    return kf_error_set(err, KF_ERR_DATA, "%s has no figure for the country in %d", place.variable,
                        panel->year);
}

enum kf_err kf_country_of_basis(const struct kf_panel *panel, struct kf_findings *findings,
                                struct kf_country *country, struct kf_error *err)
{
    if (!kf_country_is_given(panel)) {
        sum_members(panel, NULL, country);
        return KF_OK;
    }
    if (panel->country_municipalities > 0) {
        take_own(panel, kf_wide_from((double)panel->country_municipalities), KF_CELL_VALUE,
                 country);
        return KF_OK;
    }
    struct kf_place place = {.municipality = KF_MUNICIPALITY_COUNTRY, .variable = "basis"};
    kf_findings_add_once(findings, &place,
                         "add the municipalities of the year to municipalities.csv, or take the "
                         "country's rows out",
                         "the number of municipalities in the country is not known");
    return kf_error_set(err, KF_ERR_DATA, "the number of municipalities in %d is not known",
                        panel->year);
}

struct kf_wide kf_country_rate(const struct kf_country *self)
{
    return self->people.high > 0 ? kf_wide_div(self->figure, self->people) : kf_wide_from(0);
}
