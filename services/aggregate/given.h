/* Published indices brought to a group (METHOD A6): a sector's index or the total is given as a
 * variable, each column divided by its own mean. Pure.
 */
#ifndef KF_AGGREGATE_GIVEN_H
#define KF_AGGREGATE_GIVEN_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/model/panel.h"

/* True when the edition names a published total index: then no sector contributes to it. */
bool kf_total_is_given(const struct kf_edition *edition);

/* True when the edition names a published index of the sector. */
bool kf_index_is_given(const struct kf_sector *sector);

/* One renormalised column, [members_len], in the panel's arena. A member without a figure has no
 * value: a published index is not imputed. */
struct kf_given {
    double *values;
    uint8_t *status;
};

/* scale · x_k / mean, where mean is the population-weighted mean over the members that have a
 * figure, or the country's figure when the edition refers to the country. `sector` is whose index
 * it is, KF_SECTOR_TOTAL for the total. KF_ERR_DATA with a finding that names the variable when
 * nobody has a figure, or when the mean is not above zero. */
enum kf_err kf_given_make(const struct kf_panel *panel, const char *sector, const char *variable,
                          struct kf_given *self, struct kf_findings *findings,
                          struct kf_error *err);

#endif
