#include "services/ingest/store/store_column.h"

#include <math.h>
#include <string.h>

#include "common/model/cell.h"

#define HEAD        8
#define FIGURES     "KFC1"
#define ESTIMATES   "KFE1"
#define CODE_SIZE   2
#define VALUE_SIZE  8
#define STATUS_SIZE 1

/* --- packing ------------------------------------------------------------------------------- */

static void add_number(struct kf_text *bytes, uint64_t number, size_t size)
{
    unsigned char low_first[8];
    for (size_t i = 0; i < size; i++) {
        low_first[i] = (unsigned char)(number >> (8 * i));
    }
    kf_text_add_bytes(bytes, low_first, size);
}

static void add_value(struct kf_text *bytes, uint8_t status, double value)
{
    uint64_t bits = 0;
    double canonical = kf_cell_has_value(status) ? value + 0.0 : 0; /* -0 + 0 is +0 */
    memcpy(&bits, &canonical, sizeof bits);
    add_number(bytes, bits, VALUE_SIZE);
}

void kf_store_column_pack(const struct kf_observation *rows, size_t count, struct kf_text *bytes)
{
    kf_text_add(bytes, FIGURES);
    add_number(bytes, count, 4);
    for (size_t i = 0; i < count; i++) {
        add_number(bytes, rows[i].municipality, CODE_SIZE);
    }
    for (size_t i = 0; i < count; i++) {
        add_number(bytes, rows[i].status, STATUS_SIZE);
    }
    for (size_t i = 0; i < count; i++) {
        add_value(bytes, rows[i].status, rows[i].value);
    }
}

void kf_store_column_pack_estimates(const struct kf_estimate *const *rows, size_t count,
                                    struct kf_text *bytes)
{
    kf_text_add(bytes, ESTIMATES);
    add_number(bytes, count, 4);
    for (size_t i = 0; i < count; i++) {
        char region[KF_REGION_SIZE] = {0};
        memcpy(region, rows[i]->region, strnlen(rows[i]->region, KF_REGION_SIZE - 1));
        kf_text_add_bytes(bytes, region, sizeof region);
    }
    for (size_t i = 0; i < count; i++) {
        add_number(bytes, rows[i]->status, STATUS_SIZE);
    }
    for (size_t i = 0; i < count; i++) {
        add_value(bytes, rows[i]->status, rows[i]->value);
    }
}

/* --- reading ------------------------------------------------------------------------------- */

static uint64_t number_at(const unsigned char *bytes, size_t size)
{
    uint64_t number = 0;
    for (size_t i = size; i > 0; i--) {
        number = number << 8 | bytes[i - 1];
    }
    return number;
}

static double value_at(const struct kf_store_column *self, size_t i)
{
    uint64_t bits = number_at(self->values + i * VALUE_SIZE, VALUE_SIZE);
    double value = 0;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Kind, number of rows and length fit together, and every value is a number. */
static bool open_any(const void *bytes, size_t length, const char *kind, size_t key_size,
                     struct kf_store_column *column)
{
    const unsigned char *start = bytes;
    if (length < HEAD || memcmp(start, kind, 4) != 0) {
        return false;
    }
    size_t count = (size_t)number_at(start + 4, 4);
    if (count > KF_STORE_COLUMN_ROWS_MAX ||
        length != HEAD + count * (key_size + STATUS_SIZE + VALUE_SIZE)) {
        return false;
    }
    struct kf_store_column opened = {.keys = start + HEAD,
                                     .statuses = start + HEAD + count * key_size,
                                     .values = start + HEAD + count * (key_size + STATUS_SIZE),
                                     .length = count};
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(value_at(&opened, i))) {
            return false;
        }
    }
    *column = opened;
    return true;
}

static unsigned code_at(const struct kf_store_column *self, size_t i)
{
    return (unsigned)number_at(self->keys + i * CODE_SIZE, CODE_SIZE);
}

bool kf_store_column_open(const void *bytes, size_t length, struct kf_store_column *column)
{
    struct kf_store_column opened;
    if (!open_any(bytes, length, FIGURES, CODE_SIZE, &opened)) {
        return false;
    }
    for (size_t i = 0; i < opened.length; i++) {
        unsigned code = code_at(&opened, i);
        if (code > KF_OBSERVATION_COUNTRY || (i > 0 && code <= code_at(&opened, i - 1))) {
            return false;
        }
    }
    *column = opened;
    return true;
}

bool kf_store_column_open_estimates(const void *bytes, size_t length,
                                    struct kf_store_column *column)
{
    struct kf_store_column opened;
    if (!open_any(bytes, length, ESTIMATES, KF_REGION_SIZE, &opened)) {
        return false;
    }
    for (size_t i = 0; i < opened.length; i++) {
        const unsigned char *region = opened.keys + i * KF_REGION_SIZE;
        if (region[0] == 0 || region[KF_REGION_SIZE - 1] != 0 ||
            (i > 0 && memcmp(region - KF_REGION_SIZE, region, KF_REGION_SIZE) >= 0)) {
            return false;
        }
    }
    *column = opened;
    return true;
}

struct kf_observation kf_store_column_row(const struct kf_store_column *self, size_t i)
{
    return (struct kf_observation){.municipality = (uint16_t)code_at(self, i),
                                   .status = self->statuses[i],
                                   .value = value_at(self, i)};
}

struct kf_estimate kf_store_column_estimate(const struct kf_store_column *self, size_t i)
{
    struct kf_estimate estimate = {.status = self->statuses[i], .value = value_at(self, i)};
    memcpy(estimate.region, self->keys + i * KF_REGION_SIZE, KF_REGION_SIZE);
    return estimate;
}
