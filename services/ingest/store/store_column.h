/* A column of the store as bytes: the figures of one variable in one year, or the estimates.
 *
 * Little endian whatever the machine, without padding, in this order:
 *
 *     4 bytes   "KFC1" of figures, "KFE1" of estimates
 *     4         number of rows n
 *     n × 2     municipality codes as numbers, 10000 for the country, strictly ascending
 *     n × 1     statuses (common/model/cell.h)
 *     n × 8     values, IEEE 754; +0 where the status says that there is none
 *
 * In a column of estimates a region is 16 bytes, filled up with zeros, strictly ascending as bytes,
 * instead of the code. Equal figures give equal bytes, so that their digest says "the same column";
 * -0 is written as +0.
 *
 * Pure: no I/O, no memory but the text that is appended to.
 */
#ifndef KF_INGEST_STORE_COLUMN_H
#define KF_INGEST_STORE_COLUMN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/text.h"
#include "common/model/observation.h"
#include "services/ingest/source/table_map.h"

#define KF_STORE_COLUMN_ROWS_MAX  ((size_t)65536)
#define KF_STORE_COLUMN_BYTES_MAX (8 + KF_STORE_COLUMN_ROWS_MAX * (KF_REGION_SIZE + 9))

/* Looks into bytes that it does not own. */
struct kf_store_column {
    const unsigned char *keys; /* codes or regions */
    const unsigned char *statuses;
    const unsigned char *values;
    size_t length;
};

/* Appends the rows, which are ascending by municipality; see kf_text about failures. */
void kf_store_column_pack(const struct kf_observation *rows, size_t count, struct kf_text *bytes);

/* Appends the estimates, which are ascending by region. */
void kf_store_column_pack_estimates(const struct kf_estimate *const *rows, size_t count,
                                    struct kf_text *bytes);

/* False when the bytes are no column of figures as described above. */
bool kf_store_column_open(const void *bytes, size_t length, struct kf_store_column *column);

/* The same of a column of estimates. */
bool kf_store_column_open_estimates(const void *bytes, size_t length,
                                    struct kf_store_column *column);

/* Row `i` of a column of figures. */
struct kf_observation kf_store_column_row(const struct kf_store_column *self, size_t i);

/* Row `i` of a column of estimates. */
struct kf_estimate kf_store_column_estimate(const struct kf_store_column *self, size_t i);

#endif
