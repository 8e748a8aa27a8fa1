/* Bytes to generated messages and back, with a ceiling: a protobuf-c allocator over kf_malloc that
 * stops at a number of bytes. Also the little that every file of the codec needs. Internal to the
 * codec.
 */
#ifndef KF_CODEC_UNPACK_H
#define KF_CODEC_UNPACK_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/text.h"

/* Bytes of one text in a message. Longer ones are cut when packed and refused when unpacked. */
#define KF_CODEC_TEXT_MAX 4096

/* The allocator and what it has handed out. Keep it until the message is freed. */
struct kf_unpack {
    ProtobufCAllocator allocator;
    size_t used; /* bytes asked for so far; freed ones count too */
    size_t bytes_max;
    bool beyond;    /* the ceiling was reached */
    bool exhausted; /* the system had no memory: not the message's fault */
};

/* An allocator in the caller's storage that hands out at most `bytes_max` bytes. */
void kf_unpack_init(struct kf_unpack *self, size_t bytes_max);

/* The ceiling for a message of `length` bytes: eight times its size and a megabyte, at most 128 MB.
 * What kf_pack writes stays below it; a message made of tiny fields does not. */
size_t kf_unpack_ceiling(size_t length);

/* Unpacks; free the message with protobuf_c_message_free_unpacked(message, &self->allocator). Every
 * text in the message is UTF-8 of at most KF_CODEC_TEXT_MAX bytes, and messages nest at most
 * KF_CODEC_LEVELS_MAX levels deep. KF_ERR_DATA for bytes that are no such message, KF_ERR_LIMIT
 * beyond the ceiling, nested deeper or with a longer text, KF_ERR_MEMORY when the system has none.
 */
enum kf_err kf_unpack(struct kf_unpack *self, const ProtobufCMessageDescriptor *type,
                      const void *bytes, size_t length, ProtobufCMessage **message,
                      struct kf_error *err);

/* For messages whose meaning rests on all that they hold: KF_ERR_DATA when there is a field,
 * however deep, that this program does not know. */
enum kf_err kf_unpack_check_known(const ProtobufCMessage *message, struct kf_error *err);

/* Appends the packed message to `bytes`. KF_ERR_LIMIT when it does not fit, KF_ERR_MEMORY; `bytes`
 * then has `failed` set and its old length. */
enum kf_err kf_pack(const ProtobufCMessage *message, struct kf_text *bytes, struct kf_error *err);

/* --- texts ----------------------------------------------------------------------------------- */

/* `text` for a field of a message that is only read: protobuf-c has no const in its structs. */
static inline char *kf_borrow(const char *text)
{
    return (char *)(uintptr_t)text;
}

/* Copies `text` into the `size` > 0 bytes at `copy`: cut between characters when it is too long,
 * and every byte that is not UTF-8 replaced by '?'. */
void kf_clean_copy(char *copy, size_t size, const char *text);

/* Takes back what was appended beyond `length`. */
void kf_codec_cut(struct kf_text *text, size_t length);

/* --- what a message may hold ----------------------------------------------------------------- */

/* KF_ERR_LIMIT when there are more than `maximum` of `what` in `where`. */
enum kf_err kf_codec_check_count(size_t count, size_t maximum, const char *what, const char *where,
                                 struct kf_error *err);

/* KF_ERR_DATA when two of the ids are the same. */
enum kf_err kf_codec_check_ids(const char *const *ids, size_t count, const char *what,
                               const char *where, struct kf_error *err);

/* KF_ERR_MEMORY with the usual text. */
enum kf_err kf_codec_no_memory(struct kf_error *err);

#endif
