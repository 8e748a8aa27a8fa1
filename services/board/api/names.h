/* What ids that stand in rows are called: looked up in the editions folder. */
#ifndef KF_BOARD_NAMES_H
#define KF_BOARD_NAMES_H

#include "common/model/edition.h"

typedef void kf_names_visit(void *context, const char *id, const struct kf_name *name);

/* Visits everything that the edition names besides itself: sectors, indicators, criteria,
 * adjustments, uses, age groups, cost groups, services, grants, regressors. An id may come more
 * than once: the first counts. Texts are lent by the edition and the register, which may be NULL.
 */
void kf_names_each(const struct kf_edition *edition, const struct kf_variables *variables,
                   kf_names_visit *visit, void *context);

/* The name of an id as above, else of the variable of that id; `edition` may be NULL. False, and
 * nothing written, when nobody named it. */
bool kf_names_find(const struct kf_edition *edition, const struct kf_variables *variables,
                   const char *id, struct kf_name *name);

#endif
