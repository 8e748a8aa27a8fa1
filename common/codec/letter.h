/* Dead letters: why panels of a release are not on the topics, on their way from publish to
 * ingest's ledger, where people find them. They say what the record on the dead-letter topic says.
 *
 * They travel in the closing receipt of their release (kf_receipt): packed letters are appended to
 * a packed receipt, and both together are one message. Whatever comes in is untrusted, as
 * everywhere in this folder.
 */
#ifndef KF_CODEC_LETTER_H
#define KF_CODEC_LETTER_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/base/text.h"
#include "common/codec/envelope.h"

/* Packed letters of one receipt; what does not fit is counted only. */
#define KF_LETTERS_BYTES_MAX ((size_t)4 * 1024 * 1024)

/* The same for a receiver of another program version: those that know no letters take receipts of
 * at most 64 KB. */
#define KF_LETTERS_BYTES_FEW ((size_t)48 * 1024)

struct kf_letter {
    uint32_t panel; /* position in the release */
    const struct kf_rejection *rejection;
};

/* Letters of one receipt, or one of the ledger. Owns everything it points to. */
struct kf_letters {
    struct kf_arena *arena;
    struct kf_letter *list; /* panels ascending, each once */
    size_t length;
    uint32_t left_out; /* letters for which the receipt had no room */
};

/* Appends the packed letters of the `count` panels to `bytes`, at most `bytes_max` of them: a
 * letter that does not fit with all its findings is packed with as many as do and counts the
 * others, one that does not even fit so is counted itself. KF_ERR_MEMORY, and `bytes` as before. */
enum kf_err kf_letters_pack(const struct kf_letter *letters, size_t count, size_t bytes_max,
                            struct kf_text *bytes, struct kf_error *err);

/* The letters in a packed receipt, or in what kf_letters_pack appended; none is no fault.
 * KF_ERR_DATA when the bytes are no receipt, or a letter says nothing, or two are of one panel, or
 * a panel is beyond KF_RELEASE_PANELS_MAX; KF_ERR_LIMIT; KF_ERR_MEMORY. */
enum kf_err kf_letters_unpack(const void *bytes, size_t length, struct kf_letters **letters,
                              struct kf_error *err);

/* Appends the rejection of the letter as proto3 JSON, word for word as the topic has it. Fails as
 * the record would. */
enum kf_err kf_letter_print(const struct kf_letter *letter, struct kf_text *json,
                            struct kf_error *err);

/* NULL is fine, the pointer is nulled. */
void kf_letters_destroy(struct kf_letters **self);

#endif
