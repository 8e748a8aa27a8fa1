/* One edition for people: rules, group, sectors with weights and how they come about, indicators
 * as formulas, cost keys, accounts, deflators, corrections. */
#ifndef KF_TOOLS_EDITIONS_SHOW_H
#define KF_TOOLS_EDITIONS_SHOW_H

#include "common/base/error.h"
#include "common/base/text.h"
#include "common/model/catalogue.h"

/* Appends the edition; names in the language. Of KOSTRA groups the members are told too, for the
 * register years that count for the edition's. The registers are those of `catalogue`, which may
 * be NULL. KF_ERR_MEMORY. */
enum kf_err kf_editions_show(const struct kf_edition *edition, const struct kf_catalogue *catalogue,
                             bool norwegian, struct kf_text *text, struct kf_error *err);

#endif
