/* A municipality as spreadsheets have it: "0301 Oslo", or 301 without its leading zero. Pure. */
#ifndef KF_INGEST_SHEET_MUNICIPALITY_H
#define KF_INGEST_SHEET_MUNICIPALITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/model/municipality.h"

enum kf_sheet_municipality {
    KF_SHEET_MUNICIPALITY_UNKNOWN, /* nothing of the kind */
    KF_SHEET_MUNICIPALITY_SOUND,   /* `number` is its code */
    KF_SHEET_MUNICIPALITY_OTHER,   /* a code, and behind it a name that is not its: `name` is */
};

/* Reads the `length` bytes at `text`, which are no code alone. A name counts when any municipality
 * with the code has or had it, also with the years that Statistics Norway puts behind it: "0219
 * Bærum (-2019)". Three digits are a code when a municipality ever had them with a zero in front.
 * `name` is the register's and lives as long. */
enum kf_sheet_municipality kf_sheet_municipality_of(const struct kf_municipalities *municipalities,
                                                    const char *text, size_t length,
                                                    uint16_t *number, const char **name);

#endif
