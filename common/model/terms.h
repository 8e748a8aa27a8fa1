/* What every part of an edition is made of: names, weighted sums of variables, figures by year. */
#ifndef KF_MODEL_TERMS_H
#define KF_MODEL_TERMS_H

#include <stdbool.h>
#include <stddef.h>

struct kf_name {
    const char *nb;
    const char *en;
};

/* One term of a sum: factor × variable. */
struct kf_term {
    const char *variable;
    double factor;
    bool country; /* the country's figure of the variable, the same for every member (METHOD I10) */
};

/* A weighted sum of variables: 1.6·h(0–2) + h(3–5) (METHOD I1). */
struct kf_terms {
    struct kf_term *list;
    size_t count;
};

/* A named amount: a use of disposable income that is no sector, as interest and repayment or the
 * net operating result (METHOD R10); a part of a grant (G1). */
struct kf_use {
    const char *id;
    struct kf_name name;
    struct kf_terms amount;
};

/* Figures by year, ascending: rates, thresholds, growth. */
struct kf_year_figure {
    int year;
    double value;
};

struct kf_year_figures {
    struct kf_year_figure *list;
    size_t count;
};

/* The figure of `year`, or NULL. */
const struct kf_year_figure *kf_year_figure_of(const struct kf_year_figures *self, int year);

#endif
