/* What the third version of the panel adds to the second: need from published indices, resource
 * use, demography, further years. */
#ifndef KF_TESTS_GOLDEN_ADDITIONS_H
#define KF_TESTS_GOLDEN_ADDITIONS_H

#include "common/model/panel.h"

/* Adds everything; the panel's edition, sectors and results are replaced by copies in its arena. */
void golden_add_third_version(struct kf_panel *panel);

#endif
