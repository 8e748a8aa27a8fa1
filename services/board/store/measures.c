#include "services/board/store/measures.h"

#include <stdint.h>
#include <string.h>

_Static_assert(sizeof(double) == sizeof(uint64_t), "");

void kf_board_measures_pack(const struct kf_record_row *row, struct kf_text *bytes)
{
    for (size_t i = 0; i < row->measures_len; i++) {
        char packed[KF_BOARD_MEASURE_BYTES];
        uint64_t bits = 0;
        memcpy(&bits, &row->measures[i].value, sizeof bits);
        packed[0] = (char)(unsigned char)row->measures[i].number;
        for (size_t j = 0; j < sizeof bits; j++) {
            packed[1 + j] = (char)(unsigned char)(bits >> (8 * j));
        }
        kf_text_add_bytes(bytes, packed, sizeof packed);
    }
}

static struct kf_record_measure unpack_one(const unsigned char *bytes, enum kf_topic topic)
{
    struct kf_record_measure measure = {.number = bytes[0]};
    uint64_t bits = 0;
    for (size_t j = 0; j < sizeof bits; j++) {
        bits |= (uint64_t)bytes[1 + j] << (8 * j);
    }
    memcpy(&measure.value, &bits, sizeof bits);
    measure.name = kf_record_measure_name(topic, measure.number);
    return measure;
}

void kf_board_measures_unpack(const void *bytes, size_t length, struct kf_record_row *row)
{
    const unsigned char *at = bytes;
    row->measures_len = 0;
    for (size_t i = 0; i + KF_BOARD_MEASURE_BYTES <= length; i += KF_BOARD_MEASURE_BYTES) {
        struct kf_record_measure measure = unpack_one(at + i, row->topic);
        if (measure.name && row->measures_len < KF_RECORD_MEASURES_MAX) {
            row->measures[row->measures_len++] = measure;
        }
    }
}
