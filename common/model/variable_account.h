/* Internal to variable.c: `account` of an entry of the register.
 *
 *     account: {class: D, scope: konsern, functions: [FGK8, "213"], arts: [AGD2]}
 *
 * says that the variable is a sum of account lines; `scope` is konsern when it is left out.
 */
#ifndef KF_MODEL_VARIABLE_ACCOUNT_H
#define KF_MODEL_VARIABLE_ACCOUNT_H

#include <stdbool.h>

#include "common/base/arena.h"
#include "common/base/findings.h"
#include "common/model/variable.h"
#include "common/model/yaml.h"

/* Reads it into `arena`: NULL in `account` when the entry has none, or after a fault, which is
 * told. `unit` is that of the entry: kr or 1000 kr. False when there is no memory. */
bool kf_variable_account_read(struct kf_yaml_node entry, const char *unit, struct kf_arena *arena,
                              const struct kf_account **account, struct kf_findings *findings);

#endif
