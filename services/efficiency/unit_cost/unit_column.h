/* Results of the unit-cost topic: what stands there, appending it. Pure. */
#ifndef KF_EFFICIENCY_UNIT_COST_UNIT_COLUMN_H
#define KF_EFFICIENCY_UNIT_COST_UNIT_COLUMN_H

#include <stdint.h>

#include "common/base/error.h"
#include "common/base/numbers.h"
#include "common/model/panel.h"
#include "common/model/values.h"

/* What a measure is about; the texts live as long as the panel. */
struct kf_unit_key {
    const char *sector;    /* a cost group, or one of topic.h: KF_SECTOR_SERVICES … */
    const char *indicator; /* a service, a part of a grant, a year …, or "" */
    const char *measure;
    const char *unit; /* NULL: the measure's own */
};

/* Appends the members' values, rounded once to double; nothing when no member has one. */
enum kf_err kf_unit_column(struct kf_panel *panel, const struct kf_unit_key *key,
                           const struct kf_values *values, struct kf_error *err);

/* Appends one cell for the whole group; nothing when `status` says that there is no value. */
enum kf_err kf_unit_group_cell(struct kf_panel *panel, const struct kf_unit_key *key,
                               struct kf_wide value, uint8_t status, struct kf_error *err);

#endif
