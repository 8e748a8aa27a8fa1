/* The register of variables: names, units and bounds of everything that may be observed.
 * Read from `variables.yaml` of the editions folder. */
#ifndef KF_MODEL_VARIABLE_H
#define KF_MODEL_VARIABLE_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/findings.h"

/* No figure of a municipality, in any unit, comes near. */
#define KF_FIGURE_MAX 1e15

/* No figure that is not zero is smaller; what is, is an exporter's noise about zero. */
#define KF_FIGURE_MIN 1e-15

struct kf_variable {
    const char *id;
    const char *name_nb;
    const char *name_en;
    const char *unit;
    double minimum;
    double maximum; /* KF_FIGURE_MAX when the register says nothing */
};

struct kf_variables;

/* Reads the register; all faults land in `findings` and the result is KF_ERR_CONFIG. */
enum kf_err kf_variables_read(const char *path, struct kf_variables **register_,
                              struct kf_findings *findings, struct kf_error *err);

/* Frees the register and its texts; NULL is fine, the pointer is nulled. */
void kf_variables_destroy(struct kf_variables **self);

/* The variable, or NULL. The `length` bytes at `id` need no NUL. Constant time. */
const struct kf_variable *kf_variables_find(const struct kf_variables *self, const char *id,
                                            size_t length);

/* The id nearest to `id` for a "did you mean", or NULL. */
const char *kf_variables_suggest(const struct kf_variables *self, const char *id);

/* All variables, ascending by id. A variable's position here is its number. */
const struct kf_variable *kf_variables_all(const struct kf_variables *self, size_t *count);

#endif
