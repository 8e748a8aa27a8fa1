/* Strict JSON (RFC 8259) in pieces: bytes in, tokens out, nothing kept but the token under way.
 *
 *     kf_json_scan_init(&scan, depth_max, text_bytes_max);
 *     kf_json_scan_input(&scan, bytes, length);
 *     while ((code = kf_json_scan_next(&scan, &token, &err)) == KF_OK) …
 *     KF_ERR_AGAIN: the piece is used up; give the next one, or ask kf_json_scan_is_whole
 *
 * The grammar is checked here: a caller that passes over a part of the document has it checked all
 * the same. Refused besides what RFC 8259 refuses: a NUL in a text, a lone surrogate, text that is
 * not UTF-8, a byte order mark, numbers that no double can hold.
 */
#ifndef KF_INGEST_JSON_SCAN_H
#define KF_INGEST_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/text.h"

#define KF_JSON_DEPTH_MAX  128 /* of nesting, whatever the caller asks for */
#define KF_JSON_NUMBER_MAX 512 /* bytes of a number */

enum kf_json_kind {
    KF_JSON_OBJECT,
    KF_JSON_OBJECT_END,
    KF_JSON_ARRAY,
    KF_JSON_ARRAY_END,
    KF_JSON_KEY,
    KF_JSON_TEXT,
    KF_JSON_NUMBER,
    KF_JSON_TRUE,
    KF_JSON_FALSE,
    KF_JSON_NULL,
};

struct kf_json_token {
    enum kf_json_kind kind;
    const char *text; /* of a key or text, NUL-terminated; lives until the next call */
    size_t length;
    double number;
};

/* Private but for `token_offset`: the byte at which the newest token, or fault, begins. */
struct kf_json_scan {
    const char *piece;
    const char *at;
    const char *end;
    uint64_t before; /* bytes of the pieces before this one */
    uint64_t token_offset;
    unsigned depth;
    unsigned depth_max;
    uint8_t expect;
    uint8_t partial;
    bool is_object[KF_JSON_DEPTH_MAX];
    struct kf_text text; /* of the token under way */
    uint32_t escape;     /* digits of \u so far */
    uint8_t escape_digits;
    uint32_t surrogate;      /* the first half of a pair, waiting for the second */
    const struct word *word; /* true, false or null under way */
    uint8_t word_length;
};

/* An empty scan in the caller's storage: nesting up to `depth_max` (at most KF_JSON_DEPTH_MAX), a
 * single text or key up to `text_bytes_max`. */
void kf_json_scan_init(struct kf_json_scan *self, unsigned depth_max, size_t text_bytes_max);

/* Frees what it holds. */
void kf_json_scan_clear(struct kf_json_scan *self);

/* Back to the beginning of a document; keeps its memory and limits. */
void kf_json_scan_reset(struct kf_json_scan *self);

/* The next piece, borrowed until it is used up. The piece before must have been used up. */
void kf_json_scan_input(struct kf_json_scan *self, const void *bytes, size_t length);

/* The next token. KF_ERR_AGAIN when the piece is used up; KF_ERR_DATA (the text says what is wrong
 * and not where), KF_ERR_LIMIT, KF_ERR_MEMORY. */
enum kf_err kf_json_scan_next(struct kf_json_scan *self, struct kf_json_token *token,
                              struct kf_error *err);

/* The quick way through an array of numbers and nulls: takes elements that are followed by a comma
 * in this piece, up to `room`, NAN for null. Returns how many; what it leaves is what
 * kf_json_scan_next takes. Nothing when no element is due. */
size_t kf_json_scan_numbers(struct kf_json_scan *self, double *values, size_t room);

/* True when the document's last bracket has come. */
bool kf_json_scan_is_whole(const struct kf_json_scan *self);

/* Bytes taken so far. */
uint64_t kf_json_scan_offset(const struct kf_json_scan *self);

#endif
