/* Growth over several years, from what each year grew since the one before. Pure. */
#ifndef KF_EFFICIENCY_GROWTH_CHAIN_H
#define KF_EFFICIENCY_GROWTH_CHAIN_H

#include <stdbool.h>

#include "common/base/numbers.h"
#include "common/model/edition.h"

/* Π (1 + growth/100) over the years after `from` up to and with `to`, into `factor`; 1 when they
 * are the same year; the inverse when `to` is the earlier. `growth` is in percent. False, and
 * nothing is written, when a year on the way has none. */
bool kf_growth_chain(const struct kf_year_figures *growth, int from, int to,
                     struct kf_wide *factor);

#endif
