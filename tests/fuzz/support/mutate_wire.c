/* A mutator for protobuf: it takes the bytes apart into fields, however deep, and changes, doubles
 * or takes away one, so that the lengths around it stay right. Other bytes, and now and then these
 * too, are changed by libFuzzer. */
#include <stdbool.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"

#define DEPTH_MAX 12
#define BYTES_MAX ((size_t)1 << 16)

enum wire { WIRE_VARINT = 0, WIRE_FIXED64 = 1, WIRE_BYTES = 2, WIRE_FIXED32 = 5 };

struct field {
    size_t start;   /* of the tag */
    size_t payload; /* of the value; of bytes behind the length */
    size_t end;
    enum wire wire;
};

struct change {
    uint32_t seed;
    size_t target; /* fields to pass before the one that is changed */
};

/* Bytes that grow up to BYTES_MAX. */
struct bytes {
    uint8_t list[BYTES_MAX];
    size_t length;
    bool full;
};

static uint32_t next(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* --- reading --------------------------------------------------------------------------------- */

static bool read_varint(const uint8_t *data, size_t size, size_t *at, uint64_t *value)
{
    *value = 0;
    for (unsigned shift = 0; shift < 64 && *at < size; shift += 7) {
        uint8_t byte = data[(*at)++];
        *value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            return true;
        }
    }
    return false;
}

static bool read_field(const uint8_t *data, size_t size, size_t at, struct field *field)
{
    uint64_t value = 0;
    field->start = at;
    if (!read_varint(data, size, &at, &value) || value < 8) {
        return false;
    }
    field->wire = (enum wire)(value & 7);
    field->payload = at;
    uint64_t length = 0;
    switch (field->wire) {
    case WIRE_VARINT:
        field->end = at;
        return read_varint(data, size, &field->end, &value);
    case WIRE_FIXED64:
        length = 8;
        break;
    case WIRE_FIXED32:
        length = 4;
        break;
    case WIRE_BYTES:
        if (!read_varint(data, size, &at, &length)) {
            return false;
        }
        field->payload = at;
        break;
    default:
        return false;
    }
    field->end = field->payload + (size_t)length;
    return length <= size - field->payload;
}

/* How many fields the bytes are, those inside counted; 0 when they are no message. */
static size_t count_fields(const uint8_t *data, size_t size, unsigned depth)
{
    size_t count = 0;
    struct field field;
    for (size_t at = 0; at < size; at = field.end) {
        if (!read_field(data, size, at, &field)) {
            return 0;
        }
        count++;
        if (field.wire == WIRE_BYTES && depth < DEPTH_MAX) {
            count += count_fields(data + field.payload, field.end - field.payload, depth + 1);
        }
    }
    return count;
}

/* --- writing --------------------------------------------------------------------------------- */

static void add(struct bytes *out, const uint8_t *bytes, size_t length)
{
    if (length > BYTES_MAX - out->length) {
        out->full = true;
    } else if (length > 0) {
        memcpy(out->list + out->length, bytes, length);
        out->length += length;
    }
}

static void add_varint(struct bytes *out, uint64_t value)
{
    uint8_t bytes[10];
    size_t length = 0;
    do {
        bytes[length++] = (uint8_t)((value & 0x7f) | (value > 0x7f ? 0x80 : 0));
        value >>= 7;
    } while (value > 0);
    add(out, bytes, length);
}

static void add_bytes_field(struct bytes *out, const uint8_t *data, const struct field *field,
                            const uint8_t *value, size_t length)
{
    size_t at = field->start;
    uint64_t tag = 0;
    (void)read_varint(data, field->end, &at, &tag);
    add(out, data + field->start, at - field->start);
    add_varint(out, length);
    add(out, value, length);
}

static void add_changed_number(struct bytes *out, const uint8_t *data, const struct field *field,
                               uint32_t draw)
{
    static const uint64_t numbers[] = {
        0,    1,    2,     127,  UINT32_MAX,          INT32_MAX,           UINT64_MAX, INT64_MAX,
        4096, 4097, 65536, 2010, 0x7ff0000000000000u, 0x7ff8000000000000u, 1,          3};
    uint64_t number = draw % 4 == 0 ? (uint64_t)draw << (draw % 32) : numbers[(draw >> 2) % 16];
    add(out, data + field->start, field->payload - field->start);
    if (field->wire == WIRE_VARINT) {
        add_varint(out, number);
    } else {
        uint8_t bytes[8];
        memcpy(bytes, &number, sizeof bytes);
        add(out, bytes, field->end - field->payload);
    }
}

static void add_changed(struct bytes *out, const uint8_t *data, const struct field *field,
                        uint32_t draw)
{
    static uint8_t value[BYTES_MAX];
    uint32_t kind = draw % 8;
    size_t length = field->end - field->payload;
    if (kind == 0) {
        return; /* taken away */
    }
    if (kind == 1) {
        add(out, data + field->start, field->end - field->start);
        add(out, data + field->start, field->end - field->start);
    } else if (kind == 2 && data[field->start] < 0x78) { /* another number of one byte */
        add(out, &(uint8_t){(uint8_t)(data[field->start] + 8)}, 1);
        add(out, data + field->start + 1, field->end - field->start - 1);
    } else if (field->wire != WIRE_BYTES) {
        add_changed_number(out, data, field, draw >> 3);
    } else if (length < BYTES_MAX / 2) {
        memcpy(value, data + field->payload, length);
        length = LLVMFuzzerMutate(value, length, length + 64);
        add_bytes_field(out, data, field, value, length);
    }
}

/* Copies the message with the change in it; the lengths of all that it is in are written anew. */
static void rewrite(const uint8_t *data, size_t size, struct change *change, unsigned depth,
                    struct bytes *out)
{
    struct field field;
    for (size_t at = 0; at < size; at = field.end) {
        if (!read_field(data, size, at, &field)) {
            return;
        }
        const uint8_t *inside = data + field.payload;
        size_t length = field.end - field.payload;
        size_t within = field.wire == WIRE_BYTES && depth < DEPTH_MAX
                            ? count_fields(inside, length, depth + 1)
                            : 0;
        if (change->target == 0) {
            add_changed(out, data, &field, next(&change->seed));
        } else if (change->target <= within) {
            struct bytes *part = calloc(1, sizeof *part);
            must(part != NULL);
            change->target--;
            rewrite(inside, length, change, depth + 1, part);
            add_bytes_field(out, data, &field, part->list, part->length);
            free(part);
            change->target = SIZE_MAX;
            continue;
        } else {
            add(out, data + field.start, field.end - field.start);
        }
        change->target = change->target == 0          ? SIZE_MAX
                         : change->target == SIZE_MAX ? SIZE_MAX
                                                      : change->target - within - 1;
    }
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t size_max, unsigned seed)
{
    static struct bytes out;
    struct change change = {.seed = seed};
    size_t fields = size < BYTES_MAX ? count_fields(data, size, 0) : 0;
    if (fields == 0 || next(&change.seed) % 8 == 0) {
        return LLVMFuzzerMutate(data, size, size_max);
    }
    change.target = next(&change.seed) % fields;
    out.length = 0;
    out.full = false;
    rewrite(data, size, &change, 0, &out);
    if (out.full || out.length > size_max || out.length == 0) {
        return LLVMFuzzerMutate(data, size, size_max);
    }
    memcpy(data, out.list, out.length);
    return out.length;
}
