/* Tables of need, resource use and demography for `kf show`. Columns and lines without any value
 * are left out, and so are tables. Pure. */
#ifndef KF_TOOLS_SHOW_NEED_H
#define KF_TOOLS_SHOW_NEED_H

#include "tools/kf/show_tables.h"

/* Appends, for all municipalities of the view: need by sector, what each spends beyond its need,
 * and how its population and the demand for services grow. */
enum kf_err kf_show_need(const struct kf_show_view *view, struct kf_text *text,
                         struct kf_error *err);

/* Appends the same of its first municipality in full: sectors, adjustments and uses of income, age
 * groups and services. */
enum kf_err kf_show_need_of_one(const struct kf_show_view *view, struct kf_text *text,
                                struct kf_error *err);

/* The flags of what these tables show, together. */
uint8_t kf_show_need_flags(const struct kf_show_view *view);

#endif
