/* Another reading of json-stat, by an ordinary JSON library (jansson), to hold the reader against.
 * Shares nothing with it but the meaning of json-stat.
 */
#ifndef KF_TESTS_JSONSTAT_REFERENCE_H
#define KF_TESTS_JSONSTAT_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>

#include "services/ingest/jsonstat/jsonstat.h"

/* True when jansson takes the bytes as JSON; numbers are doubles. */
bool jsonstat_reference_takes(const void *bytes, size_t length);

/* NULL when all of `table` is what jansson finds in the bytes, else what differs. */
const char *jsonstat_reference_differs(const struct kf_jsonstat *table, const void *bytes,
                                       size_t length);

/* Reads the bytes in pieces of `step` (0: at once) and returns the reader's outcome; `table` on
 * KF_OK, then `reader` is the caller's to destroy. */
enum kf_err jsonstat_read_in_pieces(const void *bytes, size_t length, size_t step,
                                    struct kf_jsonstat_reader *reader,
                                    const struct kf_jsonstat **table, struct kf_error *err);

/* The whole file below the source folder, on the heap; ends the program when it cannot be read. */
char *jsonstat_recorded(const char *name, size_t *length);

#endif
