/* An amount that is computed and that somebody has published, too: both are shown, and the
 * published one stands in where the computed one is missing. One convention for gains and grants
 * (METHOD U3, G1, G6–G8). Pure. */
#ifndef KF_EFFICIENCY_UNIT_COST_PUBLISHED_H
#define KF_EFFICIENCY_UNIT_COST_PUBLISHED_H

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/model/panel.h"
#include "common/model/values.h"

/* Which of the amounts. The texts live as long as the panel. */
struct kf_published {
    const char *sector;
    const char *measure;          /* of the computed amount … */
    const char *published;        /* … and of the published one beside it */
    const struct kf_terms *terms; /* as published, kr; may be without a term */
};

/* Reads the published amounts of `which` and gives `computed`, million kr, their values where it
 * has none, flagged `published`; nobody's status changes who has neither. Then appends `computed`
 * and, beside it, what was published, both about the sector as a whole, each unless no member has a
 * value. Both are what was published, in million kr (million.h).
 * KF_ERR_MEMORY, and as kf_panel_append. */
enum kf_err kf_published_append(struct kf_panel *panel, const struct kf_published *which,
                                struct kf_arena *arena, struct kf_values *computed,
                                struct kf_error *err);

/* The same of a gain: gain_million_kr and published_gain_million_kr. */
enum kf_err kf_published_gain_append(struct kf_panel *panel, const char *sector,
                                     const struct kf_terms *terms, struct kf_arena *arena,
                                     struct kf_values *gain, struct kf_error *err);

#endif
