/* The total cost key: the need of the sectors together (METHOD N2, E4). Pure. */
#ifndef KF_NEED_KEY_TOTAL_KEY_H
#define KF_NEED_KEY_TOTAL_KEY_H

#include <stdbool.h>

#include "common/base/error.h"
#include "common/model/panel.h"

/* True for the sectors of the total key: with administration, or without. */
bool kf_total_key_holds(bool administration, const struct kf_sector *sector);

/* Appends the total need index Σ_s b_s K_ks (METHOD N2, N4) when the edition has a total key and
 * every sector of it was computed: under "total" over the sectors that are no administration, their
 * b_s rescaled to 1; where some sector is administration, under "total_with_administration" over
 * all (E4). */
enum kf_err kf_total_key_append(struct kf_panel *panel, struct kf_error *err);

#endif
