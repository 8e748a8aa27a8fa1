/* What production and expenditure are compared of: a sector, the whole, or the whole with
 * administration (METHOD E4). Pure. */
#ifndef KF_EFFICIENCY_SCOPE_H
#define KF_EFFICIENCY_SCOPE_H

#include <stdbool.h>

#include "common/model/edition.h"
#include "common/model/topic.h"

#define KF_SCOPES_MAX (KF_SECTORS_MAX + 2)

struct kf_scope {
    const char *id;                 /* the sector's, KF_SECTOR_TOTAL… for a whole */
    const struct kf_sector *sector; /* NULL for a whole */
    bool administration;            /* the whole with administration */
};

/* Fills `scopes` [KF_SCOPES_MAX]: the sectors in the edition's order, the whole, and, when a sector
 * is marked as administration, the whole with it. Returns how many. */
size_t kf_scopes_of(const struct kf_edition *edition, struct kf_scope *scopes);

/* Under which sector the production of the scope stands: its own, and for both wholes that of the
 * whole: administration produces nothing (METHOD E4). */
const char *kf_scope_production(const struct kf_scope *self);

/* True for the sectors that the whole consists of: they produce and are no administration. With
 * administration the whole has the sectors marked so besides. A sector that is neither counts in no
 * whole. */
bool kf_scope_holds(const struct kf_scope *self, const struct kf_sector *sector);

/* True when the edition has a cost key or a published need index for the scope, so that there is a
 * need to correct for. */
bool kf_scope_has_key(const struct kf_edition *edition, const struct kf_scope *self);

#endif
