#include "common/codec/json.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "common/base/decimal.h"
#include "common/codec/unpack.h"

#define DIGITS_MAX 20

/* Appends one value; `member` points at it inside its message. */
typedef enum kf_err print_value(const void *member, const ProtobufCFieldDescriptor *field,
                                struct kf_text *json, struct kf_error *err);

static enum kf_err print_members(const ProtobufCMessage *message, struct kf_text *json,
                                 struct kf_error *err);

/* --- texts ----------------------------------------------------------------------------------- */

static bool is_plain(unsigned char c)
{
    return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

static void add_escaped(unsigned char c, struct kf_text *json)
{
    static const char names[] = {['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f',
                                 ['\r'] = 'r', ['"'] = '"',  ['\\'] = '\\'};
    static const char digits[] = "0123456789abcdef";
    if (c < sizeof names && names[c]) {
        char escape[] = {'\\', names[c]};
        kf_text_add_bytes(json, escape, sizeof escape);
    } else {
        char escape[] = {'\\', 'u', '0', '0', digits[c >> 4], digits[c & 15]};
        kf_text_add_bytes(json, escape, sizeof escape);
    }
}

static size_t plain_length(const char *text)
{
    size_t length = 0;
    while (is_plain((unsigned char)text[length])) {
        length++;
    }
    return length;
}

void kf_json_quote(const char *text, struct kf_text *json)
{
    kf_text_add_char(json, '"');
    for (;;) {
        size_t run = plain_length(text);
        kf_text_add_bytes(json, text, run);
        text += run;
        if (!*text) {
            break;
        }
        unsigned char c = (unsigned char)*text++;
        if (c >= 0x80) {
            kf_text_add_bytes(json, &c, 1);
        } else {
            add_escaped(c, json);
        }
    }
    kf_text_add_char(json, '"');
}

static enum kf_err print_string(const void *member, const ProtobufCFieldDescriptor *field,
                                struct kf_text *json, struct kf_error *err)
{
    const char *text = *(char *const *)member;
    const char *from = text ? text : "";
    const char *rest = from + plain_length(from);
    if (*rest && !kf_text_is_utf8(rest, strlen(rest))) {
        return kf_error_set(err, KF_ERR_DATA, "field %s is not UTF-8", field->name);
    }
    kf_json_quote(from, json);
    return KF_OK;
}

static void add_base64_group(const uint8_t *data, size_t length, struct kf_text *json)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned bits = 0;
    for (size_t i = 0; i < 3; i++) {
        bits = bits << 8 | (i < length ? data[i] : 0U);
    }
    char group[4];
    for (size_t i = 0; i < 4; i++) {
        group[i] = i <= length ? digits[bits >> (18 - 6 * i) & 63] : '=';
    }
    kf_text_add_bytes(json, group, sizeof group);
}

static enum kf_err print_bytes(const void *member, const ProtobufCFieldDescriptor *field,
                               struct kf_text *json, struct kf_error *err)
{
    (void)field;
    (void)err;
    const ProtobufCBinaryData *bytes = member;
    kf_text_add_char(json, '"');
    for (size_t i = 0; i < bytes->len; i += 3) {
        size_t left = bytes->len - i;
        add_base64_group(bytes->data + i, left < 3 ? left : 3, json);
    }
    kf_text_add_char(json, '"');
    return KF_OK;
}

/* --- numbers --------------------------------------------------------------------------------- */

static void add_whole(uint64_t magnitude, bool negative, bool quoted, struct kf_text *json)
{
    char digits[DIGITS_MAX + 3];
    size_t start = sizeof digits;
    if (quoted) {
        digits[--start] = '"';
    }
    do {
        digits[--start] = (char)('0' + magnitude % 10);
        magnitude /= 10;
    } while (magnitude > 0);
    if (negative) {
        digits[--start] = '-';
    }
    if (quoted) {
        digits[--start] = '"';
    }
    kf_text_add_bytes(json, digits + start, sizeof digits - start);
}

static void add_signed(int64_t value, bool quoted, struct kf_text *json)
{
    uint64_t magnitude = value < 0 ? 0U - (uint64_t)value : (uint64_t)value;
    add_whole(magnitude, value < 0, quoted, json);
}

static enum kf_err print_int32(const void *member, const ProtobufCFieldDescriptor *field,
                               struct kf_text *json, struct kf_error *err)
{
    (void)field;
    (void)err;
    add_signed(*(const int32_t *)member, false, json);
    return KF_OK;
}

static enum kf_err print_uint32(const void *member, const ProtobufCFieldDescriptor *field,
                                struct kf_text *json, struct kf_error *err)
{
    (void)field;
    (void)err;
    add_whole(*(const uint32_t *)member, false, false, json);
    return KF_OK;
}

static enum kf_err print_int64(const void *member, const ProtobufCFieldDescriptor *field,
                               struct kf_text *json, struct kf_error *err)
{
    (void)field;
    (void)err;
    add_signed(*(const int64_t *)member, true, json);
    return KF_OK;
}

static enum kf_err print_uint64(const void *member, const ProtobufCFieldDescriptor *field,
                                struct kf_text *json, struct kf_error *err)
{
    (void)field;
    (void)err;
    add_whole(*(const uint64_t *)member, false, true, json);
    return KF_OK;
}

static enum kf_err print_double(const void *member, const ProtobufCFieldDescriptor *field,
                                struct kf_text *json, struct kf_error *err)
{
    double value = *(const double *)member;
    if (!isfinite(value)) {
        return kf_error_set(err, KF_ERR_DATA, "field %s is not a finite number", field->name);
    }
    char text[KF_DECIMAL_SIZE];
    kf_text_add_bytes(json, text, kf_decimal_print(value, text));
    return KF_OK;
}

static enum kf_err print_bool(const void *member, const ProtobufCFieldDescriptor *field,
                              struct kf_text *json, struct kf_error *err)
{
    (void)field;
    (void)err;
    kf_text_add(json, *(const protobuf_c_boolean *)member ? "true" : "false");
    return KF_OK;
}

/* A number that the enum does not know is printed as the number, as proto3 says. */
static enum kf_err print_enum(const void *member, const ProtobufCFieldDescriptor *field,
                              struct kf_text *json, struct kf_error *err)
{
    (void)err;
    int number = *(const int *)member;
    const ProtobufCEnumValue *value =
        protobuf_c_enum_descriptor_get_value(field->descriptor, number);
    if (value) {
        kf_json_quote(value->name, json);
    } else {
        add_signed(number, false, json);
    }
    return KF_OK;
}

/* --- messages -------------------------------------------------------------------------------- */

static enum kf_err print_message(const void *member, const ProtobufCFieldDescriptor *field,
                                 struct kf_text *json, struct kf_error *err);

struct kind {
    print_value *print; /* NULL: a type that no message of the project uses */
    size_t size;
};

static const struct kind kinds[] = {
    [PROTOBUF_C_TYPE_INT32] = {print_int32, sizeof(int32_t)},
    [PROTOBUF_C_TYPE_UINT32] = {print_uint32, sizeof(uint32_t)},
    [PROTOBUF_C_TYPE_INT64] = {print_int64, sizeof(int64_t)},
    [PROTOBUF_C_TYPE_UINT64] = {print_uint64, sizeof(uint64_t)},
    [PROTOBUF_C_TYPE_DOUBLE] = {print_double, sizeof(double)},
    [PROTOBUF_C_TYPE_BOOL] = {print_bool, sizeof(protobuf_c_boolean)},
    [PROTOBUF_C_TYPE_ENUM] = {print_enum, sizeof(int)},
    [PROTOBUF_C_TYPE_STRING] = {print_string, sizeof(char *)},
    [PROTOBUF_C_TYPE_BYTES] = {print_bytes, sizeof(ProtobufCBinaryData)},
    [PROTOBUF_C_TYPE_MESSAGE] = {print_message, sizeof(ProtobufCMessage *)},
};

/* Wrappers such as DoubleValue are printed as their one value, also when it is 0. */
static bool is_wrapper(const ProtobufCMessageDescriptor *type)
{
    return type->n_fields == 1 && strcmp(type->package_name, "google.protobuf") == 0;
}

static enum kf_err print_message(const void *member, const ProtobufCFieldDescriptor *field,
                                 struct kf_text *json, struct kf_error *err)
{
    (void)field;
    const ProtobufCMessage *message = *(ProtobufCMessage *const *)member;
    if (is_wrapper(message->descriptor)) {
        const ProtobufCFieldDescriptor *value = &message->descriptor->fields[0];
        return kinds[value->type].print((const char *)message + value->offset, value, json, err);
    }
    return print_members(message, json, err);
}

/* False for a type that is not known: printing it tells. */
static bool is_zero(const void *member, const ProtobufCFieldDescriptor *field)
{
    static const char zeros[sizeof(double)];
    size_t size = kinds[field->type].size;
    return size > 0 && memcmp(member, zeros, size) == 0;
}

static bool is_default(const void *member, const ProtobufCFieldDescriptor *field)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING: {
        const char *text = *(char *const *)member;
        return !text || !*text;
    }
    case PROTOBUF_C_TYPE_BYTES:
        return ((const ProtobufCBinaryData *)member)->len == 0;
    case PROTOBUF_C_TYPE_DOUBLE:
        return *(const double *)member == 0;
    default:
        return is_zero(member, field);
    }
}

static bool is_absent(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    const char *base = (const char *)message;
    const void *quantifier = base + field->quantifier_offset;
    if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) {
        return *(const uint32_t *)quantifier != field->id;
    }
    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        return *(const size_t *)quantifier == 0;
    }
    return is_default(base + field->offset, field);
}

/* snake_case to lowerCamelCase, then a colon. */
static void add_name(const char *name, struct kf_text *json)
{
    char camel[80];
    size_t length = 0;
    bool upper = false;
    camel[length++] = '"';
    for (; *name && length < sizeof camel - 2; name++) {
        if (*name == '_') {
            upper = true;
            continue;
        }
        bool turns = upper && *name >= 'a' && *name <= 'z';
        camel[length++] = turns ? (char)(*name - 'a' + 'A') : *name;
        upper = false;
    }
    camel[length++] = '"';
    camel[length++] = ':';
    kf_text_add_bytes(json, camel, length);
}

static enum kf_err print_list(const ProtobufCMessage *message,
                              const ProtobufCFieldDescriptor *field, struct kf_text *json,
                              struct kf_error *err)
{
    const char *base = (const char *)message;
    size_t count = *(const size_t *)(const void *)(base + field->quantifier_offset);
    const char *elements = *(char *const *)(const void *)(base + field->offset);
    const struct kind *kind = &kinds[field->type];
    for (size_t i = 0; i < count; i++) {
        kf_text_add_char(json, i == 0 ? '[' : ',');
        enum kf_err code = kind->print(elements + i * kind->size, field, json, err);
        if (code) {
            return code;
        }
    }
    kf_text_add_char(json, ']');
    return KF_OK;
}

static enum kf_err print_field(const ProtobufCMessage *message,
                               const ProtobufCFieldDescriptor *field, struct kf_text *json,
                               struct kf_error *err)
{
    size_t type = (size_t)field->type;
    if (type >= sizeof kinds / sizeof kinds[0] || !kinds[type].print) {
        return kf_error_set(err, KF_ERR_INTERNAL, "field %s has a type without JSON", field->name);
    }
    add_name(field->name, json);
    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        return print_list(message, field, json, err);
    }
    return kinds[type].print((const char *)message + field->offset, field, json, err);
}

static enum kf_err print_members(const ProtobufCMessage *message, struct kf_text *json,
                                 struct kf_error *err)
{
    const ProtobufCMessageDescriptor *type = message->descriptor;
    bool first = true;
    kf_text_add_char(json, '{');
    for (unsigned i = 0; i < type->n_fields; i++) {
        if (is_absent(message, &type->fields[i])) {
            continue;
        }
        if (!first) {
            kf_text_add_char(json, ',');
        }
        first = false;
        enum kf_err code = print_field(message, &type->fields[i], json, err);
        if (code) {
            return code;
        }
    }
    kf_text_add_char(json, '}');
    return KF_OK;
}

enum kf_err kf_json_print(const ProtobufCMessage *message, struct kf_text *json,
                          struct kf_error *err)
{
    size_t length_before = json->length;
    enum kf_err code = print_members(message, json, err);
    if (!code && !json->failed) {
        return KF_OK;
    }
    size_t room_left = json->size_max - json->length;
    kf_codec_cut(json, length_before);
    if (code) {
        return code;
    }
    /* No piece is longer than a text: with more room than that left, it was memory. */
    if (room_left > KF_CODEC_TEXT_MAX) {
        return kf_codec_no_memory(err);
    }
    return kf_error_set(err, KF_ERR_LIMIT, "%s as JSON does not fit into %zu bytes",
                        message->descriptor->name, json->size_max);
}
