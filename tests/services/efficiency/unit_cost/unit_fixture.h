/* Small editions with unit costs, made without files.
 *
 *     struct kf_panel *panel = unit_panel_new(2017, 2);
 *     unit_service(panel, "HTAMDK", "hours", 724);
 *     unit_group(panel, "hjemmetjenester", (double[]){1000, 2000});           net expenditure, kr
 *     unit_delivers(panel, "hjemmetjenester", "HTAMDK", (double[]){2, FIXTURE_MISSING});
 *     unit_compute(panel);
 *
 * Net expenditure of a group is the variable GROUP_netto, its grant GROUP_tilskudd, a quantity
 * GROUP_SERVICE. Any failure ends the test.
 */
#ifndef KF_TESTS_UNIT_FIXTURE_H
#define KF_TESTS_UNIT_FIXTURE_H

#include "tests/support/panel_fixture.h"

struct kf_panel *unit_panel_new(int year, size_t members);
struct kf_unit_costs *unit_costs(struct kf_panel *panel);

/* Adds a figure behind those that are there: years ascend. */
void unit_year(struct kf_panel *panel, struct kf_year_figures *figures, int year, double value);

/* A service with the rate of the panel's year; none when it is 0. */
struct kf_rated_service *unit_service(struct kf_panel *panel, const char *id, const char *unit,
                                      double rate);

void unit_group(struct kf_panel *panel, const char *id, const double *net);
void unit_grant(struct kf_panel *panel, const char *group, const double *grant);
void unit_delivers(struct kf_panel *panel, const char *group, const char *service,
                   const double *quantity);

/* Seals the panel, once. */
void unit_seal(struct kf_panel *panel);

/* Gives a cell of a sealed panel a status; one without a value loses it. */
void unit_mark(struct kf_panel *panel, const char *variable, size_t member, uint8_t status);

/* Computes a panel, sealed or not. */
void unit_compute(struct kf_panel *panel);

double unit_value(const struct kf_panel *panel, const char *sector, const char *indicator,
                  const char *measure, size_t member);
uint8_t unit_status(const struct kf_panel *panel, const char *sector, const char *indicator,
                    const char *measure, size_t member);

/* Whether the members have the measure, and the group; the latter may be asked for. */
bool unit_has(const struct kf_panel *panel, const char *sector, const char *indicator,
              const char *measure);
const struct kf_result *unit_group_cell(const struct kf_panel *panel, const char *sector,
                                        const char *indicator, const char *measure);

#endif
