#include "common/codec/json_read.h"

#include <jansson.h>
#include <stdint.h>
#include <string.h>

#include "common/base/text.h"
#include "common/codec/unpack.h"

#include "google/protobuf/wrappers.pb-c.h"

/* Reads one value; `member` points at its place in the message. */
typedef enum kf_err read_value(const json_t *json, const ProtobufCFieldDescriptor *field,
                               struct kf_arena *arena, void *member, struct kf_error *err);

static enum kf_err read_members(const json_t *object, ProtobufCMessage *message,
                                struct kf_arena *arena, struct kf_error *err);

static enum kf_err refuse(const ProtobufCFieldDescriptor *field, const char *wanted,
                          struct kf_error *err)
{
    return kf_error_set(err, KF_ERR_DATA, "field %s is no %s", field->name, wanted);
}

static enum kf_err no_room(const struct kf_arena *arena, struct kf_error *err)
{
    return kf_arena_is_full(arena)
               ? kf_error_set(err, KF_ERR_LIMIT, "the record is too large to be read")
               : kf_codec_no_memory(err);
}

/* --- kinds of values ------------------------------------------------------------------------- */

static enum kf_err read_string(const json_t *json, const ProtobufCFieldDescriptor *field,
                               struct kf_arena *arena, void *member, struct kf_error *err)
{
    if (!json_is_string(json)) {
        return refuse(field, "text", err);
    }
    if (json_string_length(json) > KF_CODEC_TEXT_MAX) {
        return kf_error_set(err, KF_ERR_LIMIT, "field %s has %zu bytes, at most %d are allowed",
                            field->name, json_string_length(json), KF_CODEC_TEXT_MAX);
    }
    char *text = kf_arena_strdup(arena, json_string_value(json));
    if (!text) {
        return no_room(arena, err);
    }
    memcpy(member, &text, sizeof text);
    return KF_OK;
}

static enum kf_err read_bool(const json_t *json, const ProtobufCFieldDescriptor *field,
                             struct kf_arena *arena, void *member, struct kf_error *err)
{
    protobuf_c_boolean value = json_is_true(json);
    (void)arena;
    if (!json_is_boolean(json)) {
        return refuse(field, "true or false", err);
    }
    memcpy(member, &value, sizeof value);
    return KF_OK;
}

static enum kf_err read_int32(const json_t *json, const ProtobufCFieldDescriptor *field,
                              struct kf_arena *arena, void *member, struct kf_error *err)
{
    json_int_t given = json_integer_value(json);
    int32_t value = (int32_t)given;
    (void)arena;
    if (!json_is_integer(json) || given != value) {
        return refuse(field, "whole number", err);
    }
    memcpy(member, &value, sizeof value);
    return KF_OK;
}

static enum kf_err read_uint32(const json_t *json, const ProtobufCFieldDescriptor *field,
                               struct kf_arena *arena, void *member, struct kf_error *err)
{
    json_int_t given = json_integer_value(json);
    uint32_t value = (uint32_t)given;
    (void)arena;
    if (!json_is_integer(json) || given < 0 || (uint64_t)given != value) {
        return refuse(field, "whole number", err);
    }
    memcpy(member, &value, sizeof value);
    return KF_OK;
}

/* A text of digits in proto3 JSON; a number is taken as well. */
static enum kf_err read_uint64(const json_t *json, const ProtobufCFieldDescriptor *field,
                               struct kf_arena *arena, void *member, struct kf_error *err)
{
    json_int_t given = json_integer_value(json);
    unsigned long digits = 0;
    (void)arena;
    bool text =
        json_is_string(json) &&
        kf_text_to_unsigned(json_string_value(json), json_string_length(json), ULONG_MAX, &digits);
    if (!text && (!json_is_integer(json) || given < 0)) {
        return refuse(field, "whole number", err);
    }
    uint64_t value = text ? digits : (uint64_t)given;
    memcpy(member, &value, sizeof value);
    return KF_OK;
}

static enum kf_err read_enum(const json_t *json, const ProtobufCFieldDescriptor *field,
                             struct kf_arena *arena, void *member, struct kf_error *err)
{
    (void)arena;
    if (!json_is_string(json)) {
        return refuse(field, "name of a value", err);
    }
    const ProtobufCEnumValue *value =
        protobuf_c_enum_descriptor_get_value_by_name(field->descriptor, json_string_value(json));
    if (value) {
        memcpy(member, &value->value, sizeof value->value);
    }
    return KF_OK;
}

static enum kf_err read_message(const json_t *json, const ProtobufCFieldDescriptor *field,
                                struct kf_arena *arena, void *member, struct kf_error *err)
{
    const ProtobufCMessageDescriptor *type = field->descriptor;
    ProtobufCMessage *message = kf_arena_calloc(arena, 1, type->sizeof_message);
    if (!message) {
        return no_room(arena, err);
    }
    protobuf_c_message_init(type, message);
    memcpy(member, &message, sizeof message);
    if (type == &google__protobuf__double_value__descriptor) {
        ((Google__Protobuf__DoubleValue *)message)->value = json_number_value(json);
        return json_is_number(json) ? KF_OK : refuse(field, "number", err);
    }
    return json_is_object(json) ? read_members(json, message, arena, err)
                                : refuse(field, "object", err);
}

static read_value *reader_of(const ProtobufCFieldDescriptor *field)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        return read_string;
    case PROTOBUF_C_TYPE_BOOL:
        return read_bool;
    case PROTOBUF_C_TYPE_INT32:
        return read_int32;
    case PROTOBUF_C_TYPE_UINT32:
        return read_uint32;
    case PROTOBUF_C_TYPE_UINT64:
        return read_uint64;
    case PROTOBUF_C_TYPE_ENUM:
        return read_enum;
    case PROTOBUF_C_TYPE_MESSAGE:
        return read_message;
    default:
        return NULL;
    }
}

static size_t size_of(const ProtobufCFieldDescriptor *field)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_MESSAGE:
        return sizeof(void *);
    case PROTOBUF_C_TYPE_UINT64:
        return sizeof(uint64_t);
    case PROTOBUF_C_TYPE_BOOL:
        return sizeof(protobuf_c_boolean);
    default:
        return sizeof(uint32_t);
    }
}

/* --- fields ---------------------------------------------------------------------------------- */

static enum kf_err read_list(const json_t *json, const ProtobufCFieldDescriptor *field,
                             struct kf_arena *arena, char *message, struct kf_error *err)
{
    size_t count = json_array_size(json);
    size_t size = size_of(field);
    if (!json_is_array(json)) {
        return refuse(field, "list", err);
    }
    char *elements = kf_arena_calloc(arena, count > 0 ? count : 1, size);
    if (!elements) {
        return no_room(arena, err);
    }
    enum kf_err code = KF_OK;
    for (size_t i = 0; i < count && !code; i++) {
        code = reader_of(field)(json_array_get(json, i), field, arena, elements + i * size, err);
    }
    if (!code) {
        memcpy(message + field->offset, &elements, sizeof elements);
        memcpy(message + field->quantifier_offset, &count, sizeof count);
    }
    return code;
}

/* Whether `json` is the name of a field in lowerCamelCase: needIndex, need_index. */
static bool is_name(const char *name, const char *json)
{
    bool upper = false;
    for (; *name; name++) {
        if (*name == '_') {
            upper = true;
            continue;
        }
        char wanted = upper && *name >= 'a' && *name <= 'z' ? (char)(*name - 'a' + 'A') : *name;
        upper = false;
        if (*json++ != wanted) {
            return false;
        }
    }
    return *json == '\0';
}

/* Fields mostly come in their order: the search begins behind the last one found. */
static const ProtobufCFieldDescriptor *find(const ProtobufCMessageDescriptor *type,
                                            const char *name, unsigned *place)
{
    for (unsigned i = 0; i < type->n_fields; i++) {
        unsigned at = (*place + i) % type->n_fields;
        if (is_name(type->fields[at].name, name)) {
            *place = at + 1;
            return &type->fields[at];
        }
    }
    return NULL;
}

static enum kf_err read_members(const json_t *object, ProtobufCMessage *message,
                                struct kf_arena *arena, struct kf_error *err)
{
    unsigned place = 0;
    enum kf_err code = KF_OK;
    json_t *given = (json_t *)(uintptr_t)object; /* jansson's iterators are not const */
    for (void *at = json_object_iter(given); at && !code; at = json_object_iter_next(given, at)) {
        const json_t *value = json_object_iter_value(at);
        const ProtobufCFieldDescriptor *field =
            find(message->descriptor, json_object_iter_key(at), &place);
        if (!field || json_is_null(value) || !reader_of(field)) {
            continue;
        }
        char *base = (char *)message;
        code = field->label == PROTOBUF_C_LABEL_REPEATED
                   ? read_list(value, field, arena, base, err)
                   : reader_of(field)(value, field, arena, base + field->offset, err);
    }
    return code;
}

enum kf_err kf_json_read(const ProtobufCMessageDescriptor *type, const void *bytes, size_t length,
                         struct kf_arena *arena, ProtobufCMessage **message, struct kf_error *err)
{
    json_error_t why;
    json_t *json = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, &why);
    if (!json_is_object(json)) {
        enum kf_err code = !json && json_error_code(&why) == json_error_out_of_memory
                               ? kf_codec_no_memory(err)
                               : kf_error_set(err, KF_ERR_DATA, "%zu bytes are no JSON object: %s",
                                              length, json ? "something else" : why.text);
        json_decref(json);
        return code;
    }
    ProtobufCMessage *read = kf_arena_calloc(arena, 1, type->sizeof_message);
    enum kf_err code = read ? KF_OK : no_room(arena, err);
    if (!code) {
        protobuf_c_message_init(type, read);
        code = read_members(json, read, arena, err);
    }
    json_decref(json);
    if (!code) {
        *message = read;
    }
    return code;
}
