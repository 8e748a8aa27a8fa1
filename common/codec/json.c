#include "common/codec/json.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "common/base/decimal.h"
#include "common/codec/unpack.h"

#define DIGITS_MAX   20
#define STAGE_BYTES  1024 /* less than KF_CODEC_TEXT_MAX, see kf_json_print */
#define HIGH_BITS    0x8080808080808080U
#define EACH_BYTE(c) (0x0101010101010101U * (c))

/* Collects small pieces before they go to the text: a record consists of some fifty. */
struct writer {
    struct kf_text *json;
    size_t used;
    char stage[STAGE_BYTES];
};

static void init(struct writer *out, struct kf_text *json)
{
    out->json = json; /* the stage is written before it is read */
    out->used = 0;
}

static void flush(struct writer *out)
{
    kf_text_add_bytes(out->json, out->stage, out->used);
    out->used = 0;
}

static void put(struct writer *out, const char *bytes, size_t length)
{
    if (length > sizeof out->stage - out->used) {
        flush(out);
        if (length > sizeof out->stage) {
            kf_text_add_bytes(out->json, bytes, length);
            return;
        }
    }
    memcpy(out->stage + out->used, bytes, length);
    out->used += length;
}

static void put_char(struct writer *out, char c)
{
    if (out->used == sizeof out->stage) {
        flush(out);
    }
    out->stage[out->used++] = c;
}

/* Appends one value; `member` points at it inside its message. */
typedef enum kf_err print_value(const void *member, const ProtobufCFieldDescriptor *field,
                                struct writer *out, struct kf_error *err);

static enum kf_err print_members(const ProtobufCMessage *message, struct writer *out,
                                 struct kf_error *err);

/* --- texts ----------------------------------------------------------------------------------- */

static bool is_plain(unsigned char c)
{
    return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

/* In each byte of the result the high bit is set when the byte of `word` is zero; exact when no
 * byte of `word` has its own high bit set. */
static uint64_t zero_bytes(uint64_t word)
{
    return (word - EACH_BYTE(1)) & ~word & HIGH_BITS;
}

/* True when all eight characters are plain. */
static bool is_plain_word(uint64_t word)
{
    uint64_t control = (word - EACH_BYTE(0x20)) & ~word;
    uint64_t quote = zero_bytes(word ^ EACH_BYTE('"'));
    uint64_t backslash = zero_bytes(word ^ EACH_BYTE('\\'));
    return ((word | control | quote | backslash) & HIGH_BITS) == 0;
}

/* How many of the first characters stand for themselves. */
static size_t plain_length(const char *text, size_t length)
{
    size_t i = 0;
    for (uint64_t word = 0; i + sizeof word <= length; i += sizeof word) {
        memcpy(&word, text + i, sizeof word);
        if (!is_plain_word(word)) {
            break;
        }
    }
    while (i < length && is_plain((unsigned char)text[i])) {
        i++;
    }
    return i;
}

static void put_escaped(struct writer *out, unsigned char c)
{
    static const char names[] = {['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f',
                                 ['\r'] = 'r', ['"'] = '"',  ['\\'] = '\\'};
    static const char digits[] = "0123456789abcdef";
    if (c < sizeof names && names[c]) {
        char escape[] = {'\\', names[c]};
        put(out, escape, sizeof escape);
    } else {
        char escape[] = {'\\', 'u', '0', '0', digits[c >> 4], digits[c & 15]};
        put(out, escape, sizeof escape);
    }
}

/* The text in quotes; its first `plain` characters need no look. */
static void put_quoted(struct writer *out, const char *text, size_t length, size_t plain)
{
    put_char(out, '"');
    put(out, text, plain);
    for (size_t i = plain; i < length;) {
        unsigned char c = (unsigned char)text[i++];
        if (c >= 0x80) {
            put_char(out, (char)c);
        } else {
            put_escaped(out, c);
        }
        size_t run = plain_length(text + i, length - i);
        put(out, text + i, run);
        i += run;
    }
    put_char(out, '"');
}

void kf_json_quote(const char *text, struct kf_text *json)
{
    struct writer out;
    init(&out, json);
    size_t length = strlen(text);
    put_quoted(&out, text, length, plain_length(text, length));
    flush(&out);
}

static enum kf_err print_string(const void *member, const ProtobufCFieldDescriptor *field,
                                struct writer *out, struct kf_error *err)
{
    const char *text = *(char *const *)member;
    size_t length = text ? strlen(text) : 0;
    size_t plain = plain_length(text, length);
    if (plain < length && !kf_text_is_utf8(text + plain, length - plain)) {
        return kf_error_set(err, KF_ERR_DATA, "field %s is not UTF-8", field->name);
    }
    put_quoted(out, length > 0 ? text : "", length, plain);
    return KF_OK;
}

static void put_base64_group(struct writer *out, const uint8_t *data, size_t length)
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
    put(out, group, sizeof group);
}

static enum kf_err print_bytes(const void *member, const ProtobufCFieldDescriptor *field,
                               struct writer *out, struct kf_error *err)
{
    (void)field;
    (void)err;
    const ProtobufCBinaryData *bytes = member;
    put_char(out, '"');
    for (size_t i = 0; i < bytes->len; i += 3) {
        size_t left = bytes->len - i;
        put_base64_group(out, bytes->data + i, left < 3 ? left : 3);
    }
    put_char(out, '"');
    return KF_OK;
}

/* --- numbers --------------------------------------------------------------------------------- */

static void put_whole(struct writer *out, uint64_t magnitude, bool negative, bool quoted)
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
    put(out, digits + start, sizeof digits - start);
}

static void put_signed(struct writer *out, int64_t value, bool quoted)
{
    uint64_t magnitude = value < 0 ? 0U - (uint64_t)value : (uint64_t)value;
    put_whole(out, magnitude, value < 0, quoted);
}

static enum kf_err print_int32(const void *member, const ProtobufCFieldDescriptor *field,
                               struct writer *out, struct kf_error *err)
{
    (void)field;
    (void)err;
    put_signed(out, *(const int32_t *)member, false);
    return KF_OK;
}

static enum kf_err print_uint32(const void *member, const ProtobufCFieldDescriptor *field,
                                struct writer *out, struct kf_error *err)
{
    (void)field;
    (void)err;
    put_whole(out, *(const uint32_t *)member, false, false);
    return KF_OK;
}

static enum kf_err print_int64(const void *member, const ProtobufCFieldDescriptor *field,
                               struct writer *out, struct kf_error *err)
{
    (void)field;
    (void)err;
    put_signed(out, *(const int64_t *)member, true);
    return KF_OK;
}

static enum kf_err print_uint64(const void *member, const ProtobufCFieldDescriptor *field,
                                struct writer *out, struct kf_error *err)
{
    (void)field;
    (void)err;
    put_whole(out, *(const uint64_t *)member, false, true);
    return KF_OK;
}

static enum kf_err print_double(const void *member, const ProtobufCFieldDescriptor *field,
                                struct writer *out, struct kf_error *err)
{
    double value = *(const double *)member;
    if (!isfinite(value)) {
        return kf_error_set(err, KF_ERR_DATA, "field %s is not a finite number", field->name);
    }
    char text[KF_DECIMAL_SIZE];
    put(out, text, kf_decimal_print(value, text));
    return KF_OK;
}

static enum kf_err print_bool(const void *member, const ProtobufCFieldDescriptor *field,
                              struct writer *out, struct kf_error *err)
{
    (void)field;
    (void)err;
    if (*(const protobuf_c_boolean *)member) {
        put(out, "true", 4);
    } else {
        put(out, "false", 5);
    }
    return KF_OK;
}

/* A number that the enum does not know is printed as the number, as proto3 says. */
static enum kf_err print_enum(const void *member, const ProtobufCFieldDescriptor *field,
                              struct writer *out, struct kf_error *err)
{
    (void)err;
    int number = *(const int *)member;
    const ProtobufCEnumValue *value =
        protobuf_c_enum_descriptor_get_value(field->descriptor, number);
    if (value) {
        put_quoted(out, value->name, strlen(value->name), strlen(value->name));
    } else {
        put_signed(out, number, false);
    }
    return KF_OK;
}

/* --- messages -------------------------------------------------------------------------------- */

static enum kf_err print_message(const void *member, const ProtobufCFieldDescriptor *field,
                                 struct writer *out, struct kf_error *err);

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
                                 struct writer *out, struct kf_error *err)
{
    (void)field;
    const ProtobufCMessage *message = *(ProtobufCMessage *const *)member;
    if (is_wrapper(message->descriptor)) {
        const ProtobufCFieldDescriptor *value = &message->descriptor->fields[0];
        return kinds[value->type].print((const char *)message + value->offset, value, out, err);
    }
    return print_members(message, out, err);
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

static char to_upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* A comma unless it is the first, the name from snake_case to lowerCamelCase, a colon. */
static void put_name(struct writer *out, const char *name, bool first)
{
    const char *rest = name;
    if (!first) {
        put_char(out, ',');
    }
    put_char(out, '"');
    for (const char *bar = strchr(rest, '_'); bar; bar = strchr(rest, '_')) {
        put(out, rest, (size_t)(bar - rest));
        rest = bar + 1;
        if (*rest) {
            put_char(out, to_upper(*rest++));
        }
    }
    put(out, rest, strlen(rest));
    put(out, "\":", 2);
}

static enum kf_err print_list(const ProtobufCMessage *message,
                              const ProtobufCFieldDescriptor *field, struct writer *out,
                              struct kf_error *err)
{
    const char *base = (const char *)message;
    size_t count = *(const size_t *)(const void *)(base + field->quantifier_offset);
    const char *elements = *(char *const *)(const void *)(base + field->offset);
    const struct kind *kind = &kinds[field->type];
    for (size_t i = 0; i < count; i++) {
        put_char(out, i == 0 ? '[' : ',');
        enum kf_err code = kind->print(elements + i * kind->size, field, out, err);
        if (code) {
            return code;
        }
    }
    put_char(out, ']');
    return KF_OK;
}

static enum kf_err print_field(const ProtobufCMessage *message,
                               const ProtobufCFieldDescriptor *field, struct writer *out,
                               struct kf_error *err)
{
    size_t type = (size_t)field->type;
    if (type >= sizeof kinds / sizeof kinds[0] || !kinds[type].print) {
        return kf_error_set(err, KF_ERR_INTERNAL, "field %s has a type without JSON", field->name);
    }
    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        return print_list(message, field, out, err);
    }
    return kinds[type].print((const char *)message + field->offset, field, out, err);
}

static enum kf_err print_members(const ProtobufCMessage *message, struct writer *out,
                                 struct kf_error *err)
{
    const ProtobufCMessageDescriptor *type = message->descriptor;
    bool first = true;
    put_char(out, '{');
    for (unsigned i = 0; i < type->n_fields; i++) {
        if (is_absent(message, &type->fields[i])) {
            continue;
        }
        put_name(out, type->fields[i].name, first);
        first = false;
        enum kf_err code = print_field(message, &type->fields[i], out, err);
        if (code) {
            return code;
        }
    }
    put_char(out, '}');
    return KF_OK;
}

enum kf_err kf_json_print(const ProtobufCMessage *message, struct kf_text *json,
                          struct kf_error *err)
{
    size_t length_before = json->length;
    struct writer out;
    init(&out, json);
    enum kf_err code = print_members(message, &out, err);
    flush(&out);
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
