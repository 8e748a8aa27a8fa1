/* The next version of the programs, as far as others notice: its messages carry a field that this
 * version does not know, and that it knows itself.
 *
 * Linked around kf_pack's one call of protobuf-c and around the check of fields (--wrap, see
 * CMakeLists.txt). KF_TEST_NEXT_FIELDS names the messages that get the field, joined by commas;
 * without it receipts and status beats. */
#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/codec/unpack.h"

/* Named by the linker: the function there is, and what is called in its place. */
size_t __real_protobuf_c_message_pack_to_buffer(const ProtobufCMessage *message,
                                                ProtobufCBuffer *buffer);
size_t __wrap_protobuf_c_message_pack_to_buffer(const ProtobufCMessage *message,
                                                ProtobufCBuffer *buffer);

enum kf_err __wrap_kf_unpack_check_known(const ProtobufCMessage *message, struct kf_error *err);

/* True when `list` has `name` between its commas. */
static bool has(const char *list, const char *name)
{
    size_t length = strlen(name);
    while (*list) {
        size_t item = strcspn(list, ",");
        if (item == length && memcmp(list, name, length) == 0) {
            return true;
        }
        list += item + (list[item] == ',' ? 1 : 0);
    }
    return false;
}

size_t __wrap_protobuf_c_message_pack_to_buffer(const ProtobufCMessage *message,
                                                ProtobufCBuffer *buffer)
{
    static const uint8_t field[] = {0xc0, 0xa9, 0x07, 0x01}; /* 15000: 1 */
    const char *chosen = getenv("KF_TEST_NEXT_FIELDS");
    size_t length = __real_protobuf_c_message_pack_to_buffer(message, buffer);
    if (has(chosen ? chosen : "Receipt,StatusBeat", message->descriptor->short_name)) {
        buffer->append(buffer, sizeof field, field);
        length += sizeof field;
    }
    return length;
}

enum kf_err __wrap_kf_unpack_check_known(const ProtobufCMessage *message, struct kf_error *err)
{
    (void)message;
    (void)err;
    return KF_OK;
}
