/* Panels of a trial for tests, and what the report of the trial printed (Agenda Kaupang R9272-03,
 * 2018). */
#ifndef KF_TESTS_TRIAL_FIXTURE_H
#define KF_TESTS_TRIAL_FIXTURE_H

#include "common/model/panel.h"
#include "tests/support/panel_fixture.h"

/* Hobøl, Lillesand, Os and Stjørdal, in this order. */
#define SIO_MEMBERS 4
enum { HOBOL, LILLESAND, OS, STJORDAL };

/* All printed figures are rounded to one decimal. */
#define PRINTED 0.05

/* Table 3.7, 2016 and 2017; million kr but for the users. */
struct sio_costly {
    int year;
    double users[SIO_MEMBERS];
    double net[SIO_MEMBERS];
    double own_threshold[SIO_MEMBERS];
    double own_above[SIO_MEMBERS];
    double own[SIO_MEMBERS];
    double above[SIO_MEMBERS];
    double refund[SIO_MEMBERS];
};
extern const struct sio_costly sio_costly_2016;
extern const struct sio_costly sio_costly_2017;

/* Table 3.5: growth of need in 2016, 2017 and 2018, percent. */
extern const double sio_growth[3][SIO_MEMBERS];

/* Table 3.2: deduction of 2017, million kr. */
extern const double sio_deduction_2017[SIO_MEMBERS];

/* Table 6.1, million kr: gain by demography in 2016, 2017 and 2018; the others of 2017. */
extern const double sio_demography[3][SIO_MEMBERS];
extern const double sio_resource_intensive[SIO_MEMBERS];
extern const double sio_unit_cost[SIO_MEMBERS];
extern const double sio_total[SIO_MEMBERS];

/* An empty panel of `year`: the rule of 80 percent above 1.157 million kr in 2016 and 1.235 in 2017
 * for users below 67, aggregates from the columns `brukere` and `kostnad` (million kr). */
struct kf_panel *trial_panel(int year, size_t members);

/* Further empty years come from fixture_further; this gives one the aggregates of a printed table.
 */
void trial_costly(struct kf_panel *year, const struct sio_costly *printed);

/* Users by themselves: `count` columns of costs in kr and, when `ages`, of ages:
 * `bruker_kostnad_1` …, `bruker_alder_1` …. The columns are the test's. */
void trial_users(struct kf_panel *panel, size_t count, bool ages);

/* Gives a cell of a column that is there a status. */
void trial_status_of(struct kf_panel *panel, const char *variable, size_t k, uint8_t status);

/* Figures by year, in the panel's arena. */
struct kf_year_figures trial_years(struct kf_panel *panel, size_t count, const int *years,
                                   const double *values);

/* The demography of the trial as the report is read: 1.6, .695 and .7 percent compensated, base the
 * deduction of 2017 (column `trekk`, million kr) less the first refund of 2015 and 2016, prices
 * of 2.5 percent, 8 months of 2016, growth in the column `vekst`. */
void trial_demography(struct kf_panel *panel);

/* The panel of `year`, 2016 to 2018, with all that the report prints for it: growth of the years up
 * to it, deduction of 2017, users of 2016. Not sealed. */
struct kf_panel *trial_of_demography(int year);

/* Seals the panel and appends the trial; ends the test when that fails. */
void trial_compute(struct kf_panel *panel);

/* The same, to be judged by the test. */
enum kf_err trial_try(struct kf_panel *panel, struct kf_error *err);

/* Results of topic unit-cost about a sector, and of an indicator in it. */
double trial_value(const struct kf_panel *panel, const char *sector, const char *measure, size_t k);
uint8_t trial_status(const struct kf_panel *panel, const char *sector, const char *measure,
                     size_t k);
bool trial_has(const struct kf_panel *panel, const char *sector, const char *measure);
double trial_part(const struct kf_panel *panel, const char *sector, const char *indicator,
                  const char *measure, size_t k);

#endif
