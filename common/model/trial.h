/* What an hour and a day of care cost, and a trial in which the state pays for them (METHOD U1–U7,
 * G1–G8), as an edition says it. Plain data; the edition's comment holds here, too.
 */
#ifndef KF_MODEL_TRIAL_H
#define KF_MODEL_TRIAL_H

#include <stddef.h>

#include "common/model/terms.h"

/* Limits on what one edition may hold. */
#define KF_SERVICES_MAX    256
#define KF_COST_GROUPS_MAX 128
#define KF_USER_TIMES_MAX  32
#define KF_GROWTHS_MAX     32
#define KF_GRANTS_MAX      16
#define KF_USERS_MAX       1000 /* of resource-intensive services in a municipality */

/* How many years a refund may be taken from, in order (METHOD G7). */
#define KF_REFUND_YEARS 4

/* Most years whose growth of need counts in a trial (METHOD G7). */
#define KF_COMPENSATED_MAX 12

/* --- unit costs ------------------------------------------------------------------------------ */

/* What a municipality delivers, at a national rate: a kind of home help by the hour, a stay by the
 * day. */
struct kf_rated_service {
    const char *id; /* the source's code: HTAMDK */
    struct kf_name name;
    const char *unit;             /* of its quantity: hours, days */
    struct kf_year_figures rates; /* kr for one of them; a year without takes the newest before it,
                                     indexed (kf_unit_costs.rate_growth) */
};

/* A service as one cost group delivers it. */
struct kf_delivery {
    const char *service;
    struct kf_terms quantity; /* approved hours or days */
};

/* A part of the accounts with one net expenditure and one service or more (METHOD U1–U4): the
 * weighting method divides the expenditure where there are more. */
struct kf_cost_group {
    const char *id;
    struct kf_name name;
    struct kf_terms net;   /* net operating expenditure, kr */
    struct kf_terms grant; /* what was granted, kr; no term: the rates' worth of what it delivers */
    struct kf_delivery *deliveries;
    size_t deliveries_len;
};

/* Institutions (METHOD U5, U6). Each may be without a term. */
struct kf_institution {
    struct kf_terms days;        /* makes places */
    struct kf_terms expenditure; /* of institutions … */
    struct kf_terms of;          /* … as a share of this */
};

/* Time with the user (METHOD U7). */
struct kf_user_time {
    const char *id;
    struct kf_name name;
    struct kf_terms approved;  /* hours */
    struct kf_terms available; /* hours */
    double norm;               /* share, 0 to 1; 0 without one */
};

/* Growth beyond demography (METHOD G8). Gross growth is a figure in percent, or that of an amount
 * at fixed prices. */
struct kf_real_growth {
    const char *id;
    struct kf_name name;
    const char *gross;           /* variable, percent; "" when it comes from an amount */
    struct kf_terms expenditure; /* kr */
    const char *demographic;     /* variable, percent */
};

struct kf_unit_costs {
    struct kf_rated_service *services;
    size_t services_len;
    struct kf_year_figures rate_growth; /* of rates since the year before, percent */
    struct kf_cost_group *groups;
    size_t groups_len;
    struct kf_terms gain; /* of all groups, as somebody published it, kr; or no term */
    struct kf_institution institution;
    struct kf_user_time *user_times;
    size_t user_times_len;
    struct kf_real_growth *growths;
    size_t growths_len;
    struct kf_year_figures prices; /* growth since the year before, percent; for `growths` */
};

/* --- a trial with state funding -------------------------------------------------------------- */

/* Net wage cost, kr, and age of each user: variable number i of both is about the same person. */
struct kf_users {
    const char *cost_prefix; /* the variables are PREFIX1, PREFIX2 … */
    const char *age_prefix;  /* "" when ages are not given */
    const char **costs;      /* [count] */
    const char **ages;       /* [count]; NULL when ages are not given */
    size_t count;            /* 0: only aggregates */
};

/* METHOD G4–G6. */
struct kf_resource_intensive {
    struct kf_year_figures thresholds; /* kr a user; none: the edition has no such grant */
    double refund;                     /* share of what is above the threshold */
    int age_limit;                     /* users of this age or more give no refund; 0: all do */
    struct kf_users each;
    struct kf_terms users; /* aggregates, where there are no figures of each: how many above the
                              threshold … */
    struct kf_terms net;   /* … and their net wage cost, kr */
    int base_year;         /* own share is compared with this year's; 0: there is no gain */
    struct kf_year_figures growth; /* of own share since the year before, percent */
    struct kf_terms gain;          /* published, kr; or no term */
};

/* METHOD G7. */
struct kf_demography_gain {
    struct kf_year_figures compensated; /* d: growth of need that the deduction follows, percent;
                                           its years are those that count; none: there is no gain */
    const char *growth;                 /* variable, percent: g, the municipality's own */
    int deduction_year;                 /* whose deduction, of a whole year, is the base B … */
    int refund_years[KF_REFUND_YEARS];  /* … less the refund of the first of these years that has
                                           figures; 0 behind the last */
    struct kf_year_figures prices;      /* growth since the year before, percent: deflates B */
    struct kf_year_figures months;      /* that count of a year, in that year; others: 12 */
    struct kf_terms gain;               /* published, kr; or no term */
};

/* The state pays for care by what was decided, and deducts from the block grant (METHOD G1–G8). */
struct kf_trial {
    struct kf_use *grants; /* parts of the grant */
    size_t grants_len;
    struct kf_terms grant;     /* as published, all parts together, kr; or no term */
    struct kf_terms deduction; /* from the block grant, kr */
    struct kf_resource_intensive resource_intensive;
    struct kf_demography_gain demography;
    struct kf_terms gain; /* in all, as published, kr; or no term */
};

#endif
