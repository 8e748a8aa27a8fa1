/* The variables that unit costs and a trial of an edition name, one after the other: the one list
 * of them for whoever asks what an edition holds, what its figures are, or what it wants. */
#ifndef KF_MODEL_COST_VARIABLE_H
#define KF_MODEL_COST_VARIABLE_H

#include <stdbool.h>

#include "common/model/edition.h"

/* A variable where it is named. */
struct kf_cost_variable {
    const char *name; /* never "" */
    bool country;     /* only the country's figure of it counts here (METHOD I10) */
    bool leads;       /* the first of its sum, or of the list of users: stands for all of it */
};

/* What is called with each; `context` is the caller's. */
typedef void kf_cost_variable_seen(void *context, const struct kf_cost_variable *variable);

/* Calls `seen` with every variable of unit_costs and trial, in the order in which the edition
 * names them; one that is named twice comes twice. Nothing for an edition that has neither. */
void kf_cost_variables_each(const struct kf_edition *edition, kf_cost_variable_seen *seen,
                            void *context);

#endif
