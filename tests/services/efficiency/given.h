/* What the stages before leave in a panel, given by hand. */
#ifndef KF_TESTS_EFFICIENCY_GIVEN_H
#define KF_TESTS_EFFICIENCY_GIVEN_H

#include "tests/support/panel_fixture.h"

/* Two members of 10 and 30; three sectors that produce (skole), need (jordbruk), or administer
 * (administrasjon); need weights .6, .2 and .2. Not sealed. */
struct kf_panel *given_sectors(void);

/* A computed measure of each member; FIXTURE_MISSING for a missing cell. */
void given_result(struct kf_panel *panel, enum kf_topic topic, const char *sector,
                  const char *indicator, const char *measure, const double *values);

/* The need index of a sector or a whole. */
void given_need(struct kf_panel *panel, const char *sector, const double *values);

/* An indicator's raw values in the panel and in the year before. */
void given_raw(struct kf_panel *panel, const char *sector, const char *indicator, const double *now,
               const double *before);

/* The weight of an indicator in its sector, or of a sector (indicator "") in the whole. */
void given_weight(struct kf_panel *panel, const char *sector, const char *indicator, double weight);

/* Accounts {gross: <id>_bdu, payroll_costs: <id>_pensjon, wages: <id>_lonn}; without the latter two
 * when `payroll` is false. */
void given_rules(struct kf_panel *panel, struct kf_expenditure *rules, const char *id,
                 bool payroll);

/* The growth of wages and prices to the panel's year, in percent. */
void given_growth(struct kf_panel *panel, double wages, double prices);

/* The value of an efficiency measure about a sector or a whole, and its status. */
double efficiency_value(const struct kf_panel *panel, const char *sector, const char *measure,
                        size_t member);
uint8_t efficiency_status(const struct kf_panel *panel, const char *sector, const char *measure,
                          size_t member);
bool efficiency_has(const struct kf_panel *panel, const char *sector, const char *measure);

#endif
