/* Results of the demography topic: appending a measure that has values. Pure. */
#ifndef KF_NEED_DEMOGRAPHY_DEMOGRAPHY_COLUMN_H
#define KF_NEED_DEMOGRAPHY_DEMOGRAPHY_COLUMN_H

#include "common/base/error.h"
#include "common/model/panel.h"
#include "common/model/values.h"

/* What a measure of demography is about; the texts live as long as the panel. */
struct kf_demography_key {
    const char *sector;    /* a service, or KF_SECTOR_TOTAL */
    const char *indicator; /* an age group, or "" */
    const char *measure;
};

/* Appends the members' values, rounded once to double; nothing when no member has one. */
enum kf_err kf_demography_column(struct kf_panel *panel, const struct kf_demography_key *key,
                                 const struct kf_values *values, struct kf_error *err);

/* Millions of kroner, and kroner an inhabitant, lie on a grid of 2e-10: whatever adds up, adds up
 * exactly, to two million in all. */
double kf_demography_grid(struct kf_wide amount);

#endif
