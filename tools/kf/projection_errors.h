/* How right projections were: errors that the need stage found, collated over municipalities.
 *
 * Nothing is computed anew but means, sums and the largest: the errors themselves are the results
 * projection_error_percent and cost_error_million_kr of computed panels.
 */
#ifndef KF_TOOLS_PROJECTION_ERRORS_H
#define KF_TOOLS_PROJECTION_ERRORS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/model/panel.h"

#define KF_PROJECTION_YEARS_MAX 4096 /* editions times years */

/* What is told of an error. */
enum kf_projection_measure {
    KF_PROJECTION_POPULATION = 1, /* percent: 100·(projected/observed − 1) */
    KF_PROJECTION_GROUP,          /* the same of an age group */
    KF_PROJECTION_COST,           /* million kr: cost of the projected less that of the observed */
    KF_PROJECTION_COST_PER_HEAD,  /* the same in kr an observed inhabitant */
};

/* Of whom it is told. */
enum kf_projection_statistic {
    KF_PROJECTION_VALUE = 1,     /* of the municipality that was asked for */
    KF_PROJECTION_MEAN_ABSOLUTE, /* over the municipalities that have it, unweighted */
    KF_PROJECTION_OF_SUM,        /* of all of them together; not told where nobody was projected
                                    for one of them: its error leaves open how many came */
    KF_PROJECTION_WORST,         /* of the municipality with the largest absolute error */
};

struct kf_projection_cell {
    enum kf_projection_measure measure;
    const char *group; /* id of the age group, or "" */
    enum kf_projection_statistic statistic;
    const char *municipality; /* code: the one asked for, or the worst; else "" */
    double value;
};

/* One edition in one year that it projects; texts belong to the edition or the arena. */
struct kf_projection_year {
    const struct kf_edition *edition;
    int year;
    struct kf_projection_cell *cells;
    size_t cells_len;
};

struct kf_projection_errors {
    struct kf_arena *arena;
    struct kf_projection_year *years;
    size_t years_len;
};

/* Collates one computed panel: its municipality `code`, or, with NULL, all of them. A panel without
 * errors, or without that municipality, adds nothing. KF_ERR_MEMORY; KF_ERR_LIMIT beyond
 * KF_PROJECTION_YEARS_MAX. */
enum kf_err kf_projection_errors_add(struct kf_projection_errors *self,
                                     const struct kf_panel *panel, const char *code,
                                     struct kf_error *err);

/* Which of the errors are wanted. */
struct kf_projection_choice {
    const char *const *groups; /* ids of age groups, or "total"; none: all */
    size_t groups_len;
    bool population;
    bool cost;
};

/* Leaves out what is not wanted, and years in which nothing is left. */
void kf_projection_errors_choose(struct kf_projection_errors *self,
                                 const struct kf_projection_choice *choice);

/* Years between the last observed year and the projected one. */
int kf_projection_years_ahead(const struct kf_projection_year *year);

/* The cell, or NULL. */
const struct kf_projection_cell *kf_projection_cell_find(const struct kf_projection_year *year,
                                                         enum kf_projection_measure measure,
                                                         const char *group,
                                                         enum kf_projection_statistic statistic);

#endif
