/* A row's measures as the store keeps them: nine bytes each, the number of the field and the value,
 * lowest byte first. Internal to the store. */
#ifndef KF_BOARD_MEASURES_H
#define KF_BOARD_MEASURES_H

#include <stddef.h>

#include "common/base/text.h"
#include "common/codec/record_read.h"

#define KF_BOARD_MEASURE_BYTES 9

/* Appends the measures of the row. Numbers are below 256. */
void kf_board_measures_pack(const struct kf_record_row *row, struct kf_text *bytes);

/* Fills in the row's measures; what is no measure of its topic is left out. */
void kf_board_measures_unpack(const void *bytes, size_t length, struct kf_record_row *row);

#endif
