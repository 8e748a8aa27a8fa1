#include "common/codec/unpack.h"

#include <string.h>

#include "common/base/memory.h"
#include "common/codec/nesting.h"

#define CEILING_FACTOR    8
#define CEILING_BYTES     ((size_t)1024 * 1024)
#define CEILING_BYTES_MAX ((size_t)128 * 1024 * 1024)

static void *allocate(void *data, size_t size)
{
    struct kf_unpack *self = data;
    if (size > self->bytes_max - self->used) {
        self->beyond = true;
        return NULL;
    }
    void *piece = kf_malloc(size);
    if (piece) {
        self->used += size;
    } else {
        self->exhausted = true;
    }
    return piece;
}

static void release(void *data, void *pointer)
{
    (void)data;
    kf_free(pointer);
}

void kf_unpack_init(struct kf_unpack *self, size_t bytes_max)
{
    *self = (struct kf_unpack){.bytes_max = bytes_max};
    self->allocator = (ProtobufCAllocator){allocate, release, self};
}

size_t kf_unpack_ceiling(size_t length)
{
    size_t length_max = (CEILING_BYTES_MAX - CEILING_BYTES) / CEILING_FACTOR;
    return length > length_max ? CEILING_BYTES_MAX : length * CEILING_FACTOR + CEILING_BYTES;
}

/* --- what a message must be ------------------------------------------------------------------ */

static enum kf_err check_message(bool known_only, const ProtobufCMessage *message,
                                 struct kf_error *err);

static enum kf_err check_text(const char *text, const char *name, struct kf_error *err)
{
    size_t length = text ? strlen(text) : 0;
    if (length > KF_CODEC_TEXT_MAX) {
        return kf_error_set(err, KF_ERR_LIMIT, "field %s has %zu bytes, at most %d are allowed",
                            name, length, KF_CODEC_TEXT_MAX);
    }
    if (length > 0 && !kf_text_is_utf8(text, length)) {
        return kf_error_set(err, KF_ERR_DATA, "field %s is not UTF-8", name);
    }
    return KF_OK;
}

static enum kf_err check_element(bool known_only, const ProtobufCFieldDescriptor *field,
                                 const void *element, struct kf_error *err)
{
    if (field->type == PROTOBUF_C_TYPE_STRING) {
        return check_text(*(char *const *)element, field->name, err);
    }
    const ProtobufCMessage *nested = *(ProtobufCMessage *const *)element;
    return nested ? check_message(known_only, nested, err) : KF_OK;
}

static enum kf_err check_field(bool known_only, const ProtobufCMessage *message,
                               const ProtobufCFieldDescriptor *field, struct kf_error *err)
{
    const char *base = (const char *)message;
    const void *member = base + field->offset;
    if (field->label != PROTOBUF_C_LABEL_REPEATED) {
        return check_element(known_only, field, member, err);
    }
    size_t count = *(const size_t *)(const void *)(base + field->quantifier_offset);
    const char *elements = *(char *const *)member;
    enum kf_err code = KF_OK;
    for (size_t i = 0; i < count && !code; i++) {
        code = check_element(known_only, field, elements + i * sizeof(void *), err);
    }
    return code;
}

static bool holds_text(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    const char *base = (const char *)message;
    if (field->type != PROTOBUF_C_TYPE_STRING && field->type != PROTOBUF_C_TYPE_MESSAGE) {
        return false;
    }
    return !(field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) ||
           *(const uint32_t *)(const void *)(base + field->quantifier_offset) == field->id;
}

static enum kf_err check_known(const ProtobufCMessage *message, struct kf_error *err)
{
    if (message->n_unknown_fields == 0) {
        return KF_OK;
    }
    return kf_error_set(err, KF_ERR_DATA,
                        "field %u of %s is not known to this program, version " KF_VERSION
                        ": a newer one sent it; upgrade the services from publish back to ingest",
                        (unsigned)message->unknown_fields[0].tag, message->descriptor->name);
}

/* Texts, and with `known_only` fields. The depth is limited: kf_nesting_check has been here. */
static enum kf_err check_message(bool known_only, const ProtobufCMessage *message,
                                 struct kf_error *err)
{
    const ProtobufCMessageDescriptor *type = message->descriptor;
    enum kf_err code = known_only ? check_known(message, err) : KF_OK;
    for (unsigned i = 0; i < type->n_fields && !code; i++) {
        if (holds_text(message, &type->fields[i])) {
            code = check_field(known_only, message, &type->fields[i], err);
        }
    }
    return code;
}

/* --- unpack, pack ---------------------------------------------------------------------------- */

static enum kf_err unpack_failure(const struct kf_unpack *self,
                                  const ProtobufCMessageDescriptor *type, size_t length,
                                  struct kf_error *err)
{
    if (self->exhausted) {
        return kf_codec_no_memory(err);
    }
    if (self->beyond) {
        return kf_error_set(err, KF_ERR_LIMIT, "%s of %zu bytes needs more than %zu bytes unpacked",
                            type->name, length, self->bytes_max);
    }
    return kf_error_set(err, KF_ERR_DATA, "%zu bytes are no valid %s", length, type->name);
}

enum kf_err kf_unpack(struct kf_unpack *self, const ProtobufCMessageDescriptor *type,
                      const void *bytes, size_t length, ProtobufCMessage **message,
                      struct kf_error *err)
{
    /* protobuf-c wants an address, even for nothing. */
    const uint8_t *data = length > 0 ? bytes : (const uint8_t *)"";
    enum kf_err code = kf_nesting_check(type, data, length, err);
    if (code) {
        return code;
    }
    ProtobufCMessage *unpacked = protobuf_c_message_unpack(type, &self->allocator, length, data);
    if (!unpacked) {
        return unpack_failure(self, type, length, err);
    }
    code = check_message(false, unpacked, err);
    if (code) {
        protobuf_c_message_free_unpacked(unpacked, &self->allocator);
        return code;
    }
    *message = unpacked;
    return KF_OK;
}

enum kf_err kf_unpack_check_known(const ProtobufCMessage *message, struct kf_error *err)
{
    return check_message(true, message, err);
}

struct text_buffer {
    ProtobufCBuffer base;
    struct kf_text *bytes;
};

static void append(ProtobufCBuffer *buffer, size_t length, const uint8_t *data)
{
    struct text_buffer *self = (struct text_buffer *)buffer;
    kf_text_add_bytes(self->bytes, data, length);
}

enum kf_err kf_pack(const ProtobufCMessage *message, struct kf_text *bytes, struct kf_error *err)
{
    size_t length_before = bytes->length;
    struct text_buffer buffer = {{append}, bytes};
    (void)protobuf_c_message_pack_to_buffer(message, &buffer.base);
    if (!bytes->failed) {
        return KF_OK;
    }
    kf_codec_cut(bytes, length_before);
    size_t size = protobuf_c_message_get_packed_size(message);
    if (size <= bytes->size_max - length_before) {
        return kf_codec_no_memory(err);
    }
    return kf_error_set(err, KF_ERR_LIMIT, "%s of %zu bytes does not fit into %zu",
                        message->descriptor->name, size, bytes->size_max - length_before);
}

/* --- clean texts ----------------------------------------------------------------------------- */

static size_t character_length(const char *text, size_t left)
{
    unsigned char lead = (unsigned char)text[0];
    size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0x80 ? 2 : 1;
    return length <= left && kf_text_is_utf8(text, length) ? length : 0;
}

void kf_clean_copy(char *copy, size_t size, const char *text)
{
    size_t length = strlen(text);
    size_t written = 0;
    for (size_t i = 0; i < length;) {
        size_t step = character_length(text + i, length - i);
        size_t needed = step > 0 ? step : 1;
        if (needed > size - 1 - written) {
            break;
        }
        memcpy(copy + written, step > 0 ? text + i : "?", needed);
        written += needed;
        i += needed;
    }
    copy[written] = '\0';
}

void kf_codec_cut(struct kf_text *text, size_t length)
{
    if (text->length > length) {
        text->length = length;
        text->bytes[length] = '\0';
    }
}

/* --- what a message may hold ----------------------------------------------------------------- */

enum kf_err kf_codec_check_count(size_t count, size_t maximum, const char *what, const char *where,
                                 struct kf_error *err)
{
    if (count <= maximum) {
        return KF_OK;
    }
    return kf_error_set(err, KF_ERR_LIMIT, "%s holds %zu %s, at most %zu are allowed", where, count,
                        what, maximum);
}

enum kf_err kf_codec_check_ids(const char *const *ids, size_t count, const char *what,
                               const char *where, struct kf_error *err)
{
    for (size_t i = 1; i < count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (strcmp(ids[i], ids[j]) == 0) {
                return kf_error_set(err, KF_ERR_DATA, "%s has two %s called \"%s\"", where, what,
                                    ids[i]);
            }
        }
    }
    return KF_OK;
}

enum kf_err kf_codec_no_memory(struct kf_error *err)
{
    return kf_error_set(err, KF_ERR_MEMORY, "no memory for a message");
}
