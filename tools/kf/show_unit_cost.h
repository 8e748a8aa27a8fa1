/* Tables of unit costs and of a trial with state funding for `kf show`. Columns and lines without
 * any value are left out, and so are tables. Pure. */
#ifndef KF_TOOLS_SHOW_UNIT_COST_H
#define KF_TOOLS_SHOW_UNIT_COST_H

#include "tools/kf/show_tables.h"

/* Appends, for all municipalities of the view: what a trial gives each of them and by what, what
 * services cost against what is granted, unit costs beside the national rates, institutions, time
 * with users and real growth. */
enum kf_err kf_show_unit_costs(const struct kf_show_view *view, struct kf_text *text,
                               struct kf_error *err);

/* Appends the same of its first municipality in full: parts of the gain and of the grant, cost
 * groups, services, resource-intensive users, and what growth is made of. */
enum kf_err kf_show_unit_costs_of_one(const struct kf_show_view *view, struct kf_text *text,
                                      struct kf_error *err);

/* The flags of what these tables show, together. */
uint8_t kf_show_unit_cost_flags(const struct kf_show_view *view);

#endif
