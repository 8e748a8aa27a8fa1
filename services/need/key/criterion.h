/* Criteria: what they count in a year and how a member compares with the country (METHOD N3).
 *
 * A criterion counts its variable where the year has figures of it, else the people of its ages,
 * summed over their single-year columns; with neither variable nor ages it is the basis criterion,
 * one for each municipality, whatever grades the income system gives it (METHOD N6). Pure.
 */
#ifndef KF_NEED_KEY_CRITERION_H
#define KF_NEED_KEY_CRITERION_H

#include <stdbool.h>

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/model/panel.h"

/* How much of a criterion or of a key has figures in a year. */
enum kf_coverage {
    KF_COVERAGE_NONE = 1,
    KF_COVERAGE_AGES, /* some, by ages alone: any population register has those */
    KF_COVERAGE_PART, /* some */
    KF_COVERAGE_ALL,
};

/* The column of `variable` (NULL and "" are fine) when at least one member has a figure in it, else
 * NULL. */
const struct kf_column *kf_figures_of(const struct kf_panel *panel, const char *variable);

/* True for the basis criterion. */
bool kf_criterion_is_basis(const struct kf_criterion *self);

/* True when the criterion counts under the edition's rule: all do, or only those of ages. */
bool kf_criterion_holds(const struct kf_edition *edition, const struct kf_criterion *self);

/* What the criterion counts in the panel's year: its variable, which `term` is filled with and must
 * outlive the result, or its ages. No term for the basis criterion. */
struct kf_terms kf_criterion_terms(const struct kf_panel *panel, const struct kf_criterion *self,
                                   struct kf_term *term);

/* Σ w_sj of the criteria that hold: 1, or, of those of ages alone, what their weights are divided
 * by. 0 when none holds. */
double kf_key_weights(const struct kf_edition *edition, const struct kf_sector *sector);

/* How much of the sector's key has figures: of the criteria that hold, without basis criteria. Ages
 * are covered when all their columns have figures. None has in a year that the edition projects:
 * its inhabitants are the projection's, and what was observed is not divided by those. */
enum kf_coverage kf_key_coverage(const struct kf_panel *panel, const struct kf_sector *sector);

/* A criterion index and its statuses, both [members_len]. */
struct kf_criterion_cells {
    double *index;
    uint8_t *status;
};

/* Criterion index c_kj = (x_kj/N_k)/(x_Lj/N_L) of every member into `cells` (METHOD N3); of the
 * basis criterion (1/N_k)/(M/N_L). 1 is the country's level (country.h). A member without a figure
 * gets its cell's status and 0, one without inhabitants is missing.
 *
 * KF_ERR_DATA with findings: a variable or single-year column without figures, a country's figure
 * that is missing or not above zero. KF_ERR_MEMORY. */
enum kf_err kf_criterion_index(const struct kf_panel *panel, const struct kf_sector *sector,
                               const struct kf_criterion *self,
                               const struct kf_criterion_cells *cells, struct kf_findings *findings,
                               struct kf_error *err);

#endif
