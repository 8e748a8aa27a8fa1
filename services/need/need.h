/* The need stage: adds what each municipality needs to a panel whose edition has cost keys
 * or published need indices. */
#ifndef KF_NEED_NEED_H
#define KF_NEED_NEED_H

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/model/panel.h"
#include "common/service/stage.h"

extern const struct kf_stage kf_need_stage;

/* Appends topic need (METHOD N2–N9) to the panel and, for the changes since (N11), to those of
 * earlier years behind it; the latter get no drivers and nothing beside their index.
 *
 * Figures of criteria and published indices are those of the need year (N5), a panel of the same
 * chain; a year whose need year has no panel gets nothing. A sector's need is computed where every
 * criterion has figures; else it is the published index where that has, flagged; else, when some
 * criteria have figures, the panel is refused: KF_ERR_DATA with findings, as for a country's figure
 * that is missing. Ages alone refuse a panel only when the edition tells nothing but need.
 *
 * Beside it stand the published index of every sector and of the whole, and, in topic statistics,
 * how far the computed one goes towards it (key_fit.h). */
enum kf_err kf_need_compute(struct kf_panel *panel, struct kf_findings *findings,
                            struct kf_error *err);

#endif
