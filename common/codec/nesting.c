#include "common/codec/nesting.h"

#include <stdbool.h>
#include <stdint.h>

#define TAG_BYTES_MAX    5
#define VARINT_BYTES_MAX 10
#define WIRE_TYPE_BITS   3

/* What is left to read. */
struct rest {
    const uint8_t *bytes;
    size_t length;
};

static bool skip(struct rest *rest, size_t length)
{
    bool enough = length <= rest->length;
    if (enough) {
        rest->bytes += length;
        rest->length -= length;
    }
    return enough;
}

/* A number of at most `bytes_max` bytes, seven bits in each. */
static bool take_varint(struct rest *rest, size_t bytes_max, uint64_t *value)
{
    *value = 0;
    for (size_t i = 0; i < bytes_max && i < rest->length; i++) {
        *value |= (uint64_t)(rest->bytes[i] & 0x7f) << (7 * i);
        if (!(rest->bytes[i] & 0x80)) {
            return skip(rest, i + 1);
        }
    }
    return false;
}

/* Skips a field's value; what is inside of one that has a length is `inside`. */
static bool take_value(struct rest *rest, unsigned wire_type, struct rest *inside)
{
    uint64_t number = 0;
    *inside = (struct rest){rest->bytes, 0};
    switch (wire_type) {
    case PROTOBUF_C_WIRE_TYPE_VARINT:
        return take_varint(rest, VARINT_BYTES_MAX, &number);
    case PROTOBUF_C_WIRE_TYPE_64BIT:
        return skip(rest, 8);
    case PROTOBUF_C_WIRE_TYPE_32BIT:
        return skip(rest, 4);
    case PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED:
        if (!take_varint(rest, TAG_BYTES_MAX, &number) || number > rest->length) {
            return false;
        }
        *inside = (struct rest){rest->bytes, (size_t)number};
        return skip(rest, (size_t)number);
    default:
        return false;
    }
}

/* The type of a message in field `tag`, or NULL. */
static const ProtobufCMessageDescriptor *nested_type(const ProtobufCMessageDescriptor *type,
                                                     unsigned tag)
{
    const ProtobufCFieldDescriptor *field = protobuf_c_message_descriptor_get_field(type, tag);
    return field && field->type == PROTOBUF_C_TYPE_MESSAGE ? field->descriptor : NULL;
}

static enum kf_err check_level(const ProtobufCMessageDescriptor *type, struct rest rest,
                               unsigned level, struct kf_error *err)
{
    if (level > KF_CODEC_LEVELS_MAX) {
        return kf_error_set(err, KF_ERR_LIMIT, "messages nest deeper than %d levels",
                            KF_CODEC_LEVELS_MAX);
    }
    enum kf_err code = KF_OK;
    while (rest.length > 0 && !code) {
        uint64_t key = 0;
        struct rest inside;
        unsigned wire_type = rest.bytes[0] & ((1U << WIRE_TYPE_BITS) - 1);
        if (!take_varint(&rest, TAG_BYTES_MAX, &key) || !take_value(&rest, wire_type, &inside)) {
            return kf_error_set(err, KF_ERR_DATA, "the bytes are no valid %s", type->name);
        }
        const ProtobufCMessageDescriptor *nested =
            wire_type == PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED
                ? nested_type(type, (unsigned)(key >> WIRE_TYPE_BITS))
                : NULL;
        code = nested ? check_level(nested, inside, level + 1, err) : KF_OK;
    }
    return code;
}

enum kf_err kf_nesting_check(const ProtobufCMessageDescriptor *type, const void *bytes,
                             size_t length, struct kf_error *err)
{
    return check_level(type, (struct rest){bytes, length}, 1, err);
}
