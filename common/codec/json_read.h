/* proto3 JSON into any protobuf-c message, driven by its descriptor: the other side of json.h, for
 * the kinds of fields that our records have. Internal to the codec. */
#ifndef KF_CODEC_JSON_READ_H
#define KF_CODEC_JSON_READ_H

#include <protobuf-c/protobuf-c.h>
#include <stddef.h>

#include "common/base/arena.h"
#include "common/base/error.h"

/* Reads a JSON object into a new message of `type` in `arena`. Fields that the type does not have
 * are passed over, as are enum values that it does not know. KF_ERR_DATA when the bytes are no
 * JSON object, or a field holds something else than its type; KF_ERR_LIMIT when a text is longer
 * than KF_CODEC_TEXT_MAX or the arena is full; KF_ERR_MEMORY. */
enum kf_err kf_json_read(const ProtobufCMessageDescriptor *type, const void *bytes, size_t length,
                         struct kf_arena *arena, ProtobufCMessage **message, struct kf_error *err);

#endif
