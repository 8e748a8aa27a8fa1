/* Small panels for tests, made without files.
 *
 *     struct kf_panel *panel = fixture_panel_new(100, 3);         three members, scale 100
 *     fixture_population(panel, (double[]){100, 200, 300});
 *     fixture_sector(panel, "skole", 1.0);
 *     fixture_indicator(panel, "skole", "timer", 1.0);            its variable has the same name
 *     fixture_column(panel, "timer", (double[]){1, FIXTURE_MISSING, 3});
 *     fixture_seal(panel);
 *
 * Members are 0001, 0002, …; year 2010. Any failure ends the test program.
 */
#ifndef KF_TESTS_PANEL_FIXTURE_H
#define KF_TESTS_PANEL_FIXTURE_H

#include <math.h>

#include "common/model/panel.h"

/* Stands for a missing cell in the arrays given to the fixture. */
#define FIXTURE_MISSING NAN

struct kf_panel *fixture_panel_new(double scale, size_t members);
struct kf_edition *fixture_edition(struct kf_panel *panel);

void fixture_population(struct kf_panel *panel, const double *values);
void fixture_column(struct kf_panel *panel, const char *variable, const double *values);

/* The country's figure of a column that is there. */
void fixture_country(struct kf_panel *panel, const char *variable, double value);

/* The sum of one variable times `factor`, and a sum with one term more. */
struct kf_terms fixture_term(struct kf_panel *panel, const char *variable, double factor);
struct kf_terms fixture_plus(struct kf_panel *panel, struct kf_terms terms, const char *variable,
                             double factor);

/* An empty panel of the year before, hung under `panel`: fill it with fixture_population and
 * fixture_column before sealing. */
struct kf_panel *fixture_previous(struct kf_panel *panel);

/* The same for a year that the edition rests on; `panel` is the panel itself. */
struct kf_panel *fixture_further(struct kf_panel *panel, int year);

struct kf_sector *fixture_sector(struct kf_panel *panel, const char *id, double weight);
struct kf_indicator *fixture_indicator(struct kf_panel *panel, const char *sector, const char *id,
                                       double weight);
struct kf_criterion *fixture_criterion(struct kf_panel *panel, const char *sector, const char *id,
                                       double weight);

/* Sorts the columns and checks the panel; call it before computing. */
void fixture_seal(struct kf_panel *panel);

/* The value of a result; ends the test when there is no such result or no value. */
double fixture_value(const struct kf_panel *panel, enum kf_topic topic, const char *sector,
                     const char *indicator, const char *measure, size_t member);
uint8_t fixture_status(const struct kf_panel *panel, enum kf_topic topic, const char *sector,
                       const char *indicator, const char *measure, size_t member);

/* An empty list of findings; the same one each time, emptied. */
struct kf_findings *fixture_findings(void);

/* Pseudo-random numbers for property tests: the same on every machine. */
struct fixture_random {
    uint64_t state;
};
uint64_t fixture_random_next(struct fixture_random *self);

/* A whole number from `low` to `high`. */
int64_t fixture_random_whole(struct fixture_random *self, int64_t low, int64_t high);

#endif
