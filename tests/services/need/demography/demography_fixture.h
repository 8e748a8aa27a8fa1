/* Editions with demography for tests, made without files. */
#ifndef KF_TESTS_DEMOGRAPHY_FIXTURE_H
#define KF_TESTS_DEMOGRAPHY_FIXTURE_H

#include "tests/support/panel_fixture.h"

/* A panel of 2010 whose edition has demography with this base year and nothing in it. */
struct kf_panel *demography_panel_new(size_t members, int base_year);

/* Groups of single years of age, from … to; projected as the variables PREFIX and the group's id.
 */
struct kf_age_group *demography_group(struct kf_panel *panel, const char *id, int from, int to);
struct kf_age_group *demography_cost_group(struct kf_panel *panel, const char *id, int from,
                                           int to);

/* A service with the rate of each cost group, or, with NULL, derived rates. */
struct kf_cost_sector *demography_service(struct kf_panel *panel, const char *id,
                                          const double *rates);

/* A sector that a service with derived rates is made of. */
void demography_of(struct kf_panel *panel, struct kf_cost_sector *service, const char *sector);

/* Later years are projected: groups by the variables "p_" and their id. */
void demography_project(struct kf_panel *panel, int through, bool rebased);

/* A criterion that counts people of these ages. */
struct kf_criterion *demography_criterion(struct kf_panel *panel, const char *sector, int from,
                                          int to, double weight);

/* Figures of one age in the panel of a year. */
void demography_age(struct kf_panel *year, int age, const double *values);

/* Seals and computes; ends the test when that fails. */
void demography_compute(struct kf_panel *panel);

/* Results of topic demography. */
double demography_value(const struct kf_panel *panel, const char *sector, const char *indicator,
                        const char *measure, size_t member);
uint8_t demography_status(const struct kf_panel *panel, const char *sector, const char *indicator,
                          const char *measure, size_t member);
bool demography_has(const struct kf_panel *panel, const char *sector, const char *indicator,
                    const char *measure);

#endif
