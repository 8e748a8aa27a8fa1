/* Columns of the observation store: whatever opens has rows that can be read and that, packed, open
 * as the same rows again. */
#include <string.h>

#include "services/ingest/store/store_column.h"
#include "tests/fuzz/fuzz.h"

#define ROWS_MAX 64

static void try_figures(const uint8_t *bytes, size_t length)
{
    struct kf_store_column column;
    struct kf_store_column again;
    struct kf_observation rows[ROWS_MAX];
    struct kf_text packed;
    if (!kf_store_column_open(bytes, length, &column) || column.length > ROWS_MAX) {
        return;
    }
    for (size_t i = 0; i < column.length; i++) {
        rows[i] = kf_store_column_row(&column, i);
    }
    kf_text_init(&packed, KF_STORE_COLUMN_BYTES_MAX);
    kf_store_column_pack(rows, column.length, &packed);
    must(packed.length == length);
    must(kf_store_column_open(packed.bytes, packed.length, &again));
    must(memcmp(column.keys, again.keys, column.length * 3) == 0); /* codes and statuses */
    kf_text_clear(&packed);
}

static void try_estimates(const uint8_t *bytes, size_t length)
{
    struct kf_store_column column;
    if (!kf_store_column_open_estimates(bytes, length, &column)) {
        return;
    }
    for (size_t i = 0; i < column.length; i++) {
        const struct kf_estimate estimate = kf_store_column_estimate(&column, i);
        must(strlen(estimate.region) > 0 && strlen(estimate.region) < KF_REGION_SIZE);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    try_figures(bytes, length);
    try_estimates(bytes, length);
    return 0;
}
