/* proto3 JSON of any protobuf-c message, driven by its descriptor: lowerCamelCase names, 64-bit
 * integers as strings, enums by name, wrappers as plain values, defaults left out. Internal to the
 * codec. */
#ifndef KF_CODEC_JSON_H
#define KF_CODEC_JSON_H

#include <protobuf-c/protobuf-c.h>

#include "common/base/error.h"
#include "common/base/text.h"

/* Appends the message as one line of JSON, fields in the order of their numbers. KF_ERR_DATA for a
 * value JSON cannot hold (NaN, infinity, a text that is not UTF-8), KF_ERR_LIMIT or KF_ERR_MEMORY
 * when it does not fit. On failure `json` holds half a message. */
enum kf_err kf_json_print(const ProtobufCMessage *message, struct kf_text *json,
                          struct kf_error *err);

/* Appends the UTF-8 `text` in quotes, escaped. */
void kf_json_quote(const char *text, struct kf_text *json);

#endif
