/* The status of a cell: does a value stand there, and what must be known about it.
 *
 * One byte: the low bits say whether there is a value, the high bits what its user must know.
 */
#ifndef KF_MODEL_CELL_H
#define KF_MODEL_CELL_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/text.h"

enum {
    KF_CELL_VALUE = 0x00,          /* a figure, zero included (METHOD A3) */
    KF_CELL_MISSING = 0x01,        /* Statistics Norway's `..`, or no row at all */
    KF_CELL_NOT_APPLICABLE = 0x02, /* `.` */
    KF_CELL_CONFIDENTIAL = 0x03,   /* `:` */
    KF_CELL_KIND_MASK = 0x03,

    KF_CELL_PROJECTED = 0x04,   /* from a projection of the population, not observed */
    KF_CELL_PUBLISHED = 0x08,   /* a published index for a computed one, or rests on one */
    KF_CELL_IMPUTED = 0x10,     /* filled by the edition's missing rule (METHOD A2) */
    KF_CELL_PRELIMINARY = 0x20, /* may yet change: unrevised, or given as uncertain (`*`) */
    KF_CELL_INFERRED = 0x40,    /* by a rule that is reconstructed, not printed, in the source */
    KF_CELL_INCOMPLETE = 0x80,  /* rests on an imputed cell, or something is left out */
};

/* True when a number stands in the cell. */
static inline bool kf_cell_has_value(uint8_t status)
{
    return (status & KF_CELL_KIND_MASK) == KF_CELL_VALUE;
}

/* The status of what rests on two cells: the flags of both, or that of the first without a value.
 */
static inline uint8_t kf_cell_join(uint8_t first, uint8_t second)
{
    if (kf_cell_has_value(first) && kf_cell_has_value(second)) {
        return first | second;
    }
    return kf_cell_has_value(first) ? second : first;
}

/* Reads the status column of an input file: "" or `*` beside a figure (Statistics Norway's mark for
 * a preliminary one), `.` `..` `:` instead of one. False for anything else. */
bool kf_cell_parse(const char *text, size_t length, uint8_t *status);

/* Appends the flags that consumers see, joined by `separator`, in the order missing,
 * not_applicable, suppressed, projected, published, imputed, preliminary, inferred, incomplete;
 * nothing for a plain value.
 */
void kf_cell_print(uint8_t status, char separator, struct kf_text *text);

/* The name of flag number `index` in `status` (0 is the first), or NULL when there are no more. */
const char *kf_cell_flag(uint8_t status, unsigned index);

#endif
