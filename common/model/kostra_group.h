/* The register of KOSTRA groups: which of Statistics Norway's comparison groups a municipality was
 * in. Read from `kostra_groups.csv` of the editions folder. A group is a text such as "13".
 *
 * The grouping was revised now and then; the register has it for some years. For a data year counts
 * the nearest register year at or before it.
 */
#ifndef KF_MODEL_KOSTRA_GROUP_H
#define KF_MODEL_KOSTRA_GROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/model/municipality.h"

#define KF_KOSTRA_GROUP_SIZE 8 /* at most seven characters and a NUL */

/* A municipality's group in a register year. The code is a number, as in observations. */
struct kf_kostra_member {
    int year;
    uint16_t code;
    char group[KF_KOSTRA_GROUP_SIZE];
};

struct kf_kostra_groups;

/* Reads the register; all faults land in `findings` and the result is KF_ERR_CONFIG. Codes must be
 * those of `municipalities` in the register year. */
enum kf_err kf_kostra_groups_read(const char *path, const struct kf_municipalities *municipalities,
                                  struct kf_kostra_groups **groups, struct kf_findings *findings,
                                  struct kf_error *err);

/* Frees the register; NULL is fine, the pointer is nulled. */
void kf_kostra_groups_destroy(struct kf_kostra_groups **self);

/* The newest register year up to `year`, or 0 when the register begins later. */
int kf_kostra_groups_year(const struct kf_kostra_groups *self, int year);

/* All municipalities of a register year with their groups, ascending by code. */
const struct kf_kostra_member *kf_kostra_groups_of(const struct kf_kostra_groups *self, int year,
                                                   size_t *count);

/* True when any municipality is in `group` in any register year. */
bool kf_kostra_groups_know(const struct kf_kostra_groups *self, const char *group);

/* True when any municipality is in `group` in the register year that counts for `year`. */
bool kf_kostra_groups_has(const struct kf_kostra_groups *self, const char *group, int year);

#endif
