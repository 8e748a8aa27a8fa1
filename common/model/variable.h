/* The register of variables: names, units and bounds of everything that may be observed.
 * Read from `variables.yaml` of the editions folder, and from `variables` of editions that bring
 * variables of their own. */
#ifndef KF_MODEL_VARIABLE_H
#define KF_MODEL_VARIABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/findings.h"

/* No figure of a municipality, in any unit, comes near. */
#define KF_FIGURE_MAX 1e15

/* No figure that is not zero is smaller; what is, is an exporter's noise about zero. */
#define KF_FIGURE_MIN 1e-15

/* Inhabitants on 1 January by single year of age: KF_AGE_VARIABLE and the age, alder_0 … alder_105;
 * the last counts everybody of that age and above. */
#define KF_AGE_VARIABLE "alder_"
#define KF_AGE_MAX      105

/* The age that a variable counts, 0 … KF_AGE_MAX, or −1 for any other variable. */
int kf_variable_age(const char *id);

/* Whether figures of two municipalities may be added when they become one. */
enum kf_variable_kind {
    KF_VARIABLE_AMOUNT = 1, /* persons, hours, kroner: the sum is the figure of both together */
    KF_VARIABLE_RATIO,      /* shares, percentages, indices, kroner per inhabitant: never added */
};

struct kf_account;

struct kf_variable {
    const char *id;
    const char *name_nb;
    const char *name_en;
    const char *unit;
    enum kf_variable_kind kind; /* the register's word, else that of the unit */
    double minimum;
    double maximum;                   /* KF_FIGURE_MAX when the register says nothing */
    const struct kf_account *account; /* NULL: no sum of account lines (common/model/account.h) */
};

struct kf_variables;

/* A unit of figures. */
struct kf_unit {
    const char *name;
    enum kf_variable_kind kind;
    bool money;
};

/* Every unit of the register. The schema and the head of variables.yaml list the same ones. Besides
 * these a variable may have one of them over another: kr/persons. */
const struct kf_unit *kf_units(size_t *count);

/* True for a unit of the table, or one of them over another. */
bool kf_unit_is_known(const char *unit);

/* True for kroner and thousands of them. */
bool kf_unit_is_money(const char *unit);

/* What a unit says about a variable whose register entry has no `kind`: that of the table; any unit
 * over another (kr/persons) is a ratio. */
enum kf_variable_kind kf_unit_kind(const char *unit);

/* Most variables there may be, members of families each for itself. */
#define KF_VARIABLES_MAX 16384

/* Reads the register; all faults land in `findings` and the result is KF_ERR_CONFIG. */
enum kf_err kf_variables_read(const char *path, struct kf_variables **register_,
                              struct kf_findings *findings, struct kf_error *err);

/* Files that make one register together. */
struct kf_variable_files {
    const char *path;            /* the register, which must be there */
    const char *const *editions; /* files of editions, in the order in which they are read */
    size_t editions_len;
};

/* The same with the variables that the editions list under `variables`, which are written and known
 * like those of the register; an edition need not have any. An id that is there twice is a finding
 * where it stands later, which names where it stands first. An edition's file that cannot be read
 * is left out: who reads the edition tells why. What an edition inherits is not looked at: give the
 * files it extends as well. */
enum kf_err kf_variables_read_with(const struct kf_variable_files *files,
                                   struct kf_variables **register_, struct kf_findings *findings,
                                   struct kf_error *err);

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
