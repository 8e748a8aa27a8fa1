/* Internal to variable.c: an entry of the register that stands for a family of variables.
 *
 * `each: 0-105` or `each: ["0", "1_5"]` says what stands for `{}` in the id and in the names of the
 * entry, one variable for each. In a name an underscore between digits becomes a dash (1–5) and any
 * other a space. An entry without `each` is one variable.
 */
#ifndef KF_MODEL_VARIABLE_FAMILY_H
#define KF_MODEL_VARIABLE_FAMILY_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/arena.h"
#include "common/base/findings.h"
#include "common/model/yaml.h"

#define KF_FAMILY_MAX 1000 /* variables in a family */

struct kf_family {
    const char **parts; /* what stands for {}; NULL for an entry without `each` */
    size_t count;       /* how many variables the entry is; 0 after a fault */
};

/* Reads `each` of an entry of the register into `arena`; faults are told. False when there is no
 * memory. */
bool kf_family_read(struct kf_yaml_node entry, struct kf_arena *arena, struct kf_family *family,
                    struct kf_findings *findings);

/* The id, or with `name` the name, of the member for `part`: `pattern` with every {} replaced. NULL
 * when there is no memory. */
char *kf_family_text(struct kf_arena *arena, const char *pattern, const char *part, bool name);

#endif
