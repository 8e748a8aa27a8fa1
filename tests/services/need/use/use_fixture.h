/* Panels of resource use for tests: sectors that spend, adjustments, uses of disposable income. */
#ifndef KF_TESTS_USE_FIXTURE_H
#define KF_TESTS_USE_FIXTURE_H

#include "common/model/panel.h"
#include "tests/support/panel_fixture.h"

/* A sector whose net expenditure, in kr, is the column of the same name. */
struct kf_sector *use_sector(struct kf_panel *panel, const char *id, const double *net);

/* Gives the sector a cost key of one criterion, whose column is `figures`. */
void use_key(struct kf_panel *panel, const char *sector, const char *criterion,
             const double *figures);

/* An adjustment of the sector by the sum of one variable times `factor`. */
struct kf_adjustment *use_adjustment(struct kf_panel *panel, struct kf_sector *sector,
                                     const char *id, const char *variable, double factor);

/* One by payroll costs and wages (METHOD R2). */
struct kf_adjustment *use_payroll(struct kf_panel *panel, struct kf_sector *sector, const char *id,
                                  const char *payroll_costs, const char *wages);

/* Confines the adjustment to one municipality. */
void use_only(struct kf_panel *panel, struct kf_adjustment *adjustment, const char *code);

/* A use of disposable income, in kr, from the column of the same name. */
void use_income(struct kf_panel *panel, const char *id, const double *amount);

/* Seals the panel and runs the stage; ends the test when that fails. */
void use_compute(struct kf_panel *panel);

/* The value and the status of a result of the sector in topic resource-use. */
double use_value(const struct kf_panel *panel, const char *sector, const char *measure, size_t k);
uint8_t use_status(const struct kf_panel *panel, const char *sector, const char *measure, size_t k);

/* True when topic resource-use has the result. */
bool use_has(const struct kf_panel *panel, const char *sector, const char *measure);

/* Need in kr per inhabitant (METHOD N10). */
double use_need(const struct kf_panel *panel, const char *sector, size_t k);

#endif
