/* Half-published: the newest year of a table is not really there yet. Statistics Norway's tables
 * may show dots or zeros of a new year for hours before the figures come. The newest year is that
 * of each variable: a map may take a table's year for another one. Pure. */
#ifndef KF_INGEST_HALF_H
#define KF_INGEST_HALF_H

#include <stdbool.h>
#include <stddef.h>

#include "common/model/observation.h"

/* What was counted; texts for people are made of it. */
struct kf_half {
    int year;      /* the newest of any variable; 0: there are no rows */
    size_t now;    /* its figures */
    size_t before; /* those of the year before */
    size_t zeros;  /* of its figures; and 0 when the year before had only zeros, too */
};

/* True when the newest year of the sealed table has fewer than two figures for three that the
 * year before had, or only zeros where the year before had others; and when no year has any
 * figure. A table of one year is not half when it has figures, nor one without any in the year
 * before. */
bool kf_half_is(const struct kf_observations *figures, struct kf_half *half);

#endif
