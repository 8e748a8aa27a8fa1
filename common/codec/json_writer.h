/* JSON written piece by piece: commas come by themselves.
 *
 *     kf_json_open(json, NULL, '{');  kf_json_text(json, "id", "4003");  kf_json_close(json, '}');
 *
 * A name of NULL stands for a member of a list, or for the whole. Everything is appended to a
 * kf_text, whose `failed` tells at the end whether it all fitted.
 */
#ifndef KF_CODEC_JSON_WRITER_H
#define KF_CODEC_JSON_WRITER_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/text.h"

/* Opens an object '{' or a list '['. */
void kf_json_open(struct kf_text *json, const char *name, char bracket);

/* Closes it: '}' or ']'. */
void kf_json_close(struct kf_text *json, char bracket);

/* Appends a member. Bytes that are no UTF-8 and control characters become `?`. */
void kf_json_text(struct kf_text *json, const char *name, const char *value);

/* The shortest decimal that reads back to the same double; what is not finite fails the text. */
void kf_json_number(struct kf_text *json, const char *name, double value);

/* A whole number. */
void kf_json_whole(struct kf_text *json, const char *name, int64_t value);

/* A time in milliseconds; nothing when there is none (0). */
void kf_json_time(struct kf_text *json, const char *name, int64_t ms);

/* true or false. */
void kf_json_flag(struct kf_text *json, const char *name, bool value);

/* A member whose value is JSON already. */
void kf_json_raw(struct kf_text *json, const char *name, const char *value, size_t length);

#endif
