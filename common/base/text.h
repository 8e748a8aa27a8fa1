/* Texts: a growing buffer with a ceiling, and small helpers. No locale anywhere. */
#ifndef KF_BASE_TEXT_H
#define KF_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/error.h"

/* A text that grows as it is appended to.
 *
 * Once an append fails (no memory, or beyond size_max) the buffer remembers it in `failed` and
 * ignores further appends: check once, at the end. `bytes` is always NUL-terminated and never NULL.
 */
struct kf_text {
    char *bytes;
    size_t length;
    size_t room;
    size_t size_max;
    bool failed;
    bool starved; /* failed for want of memory, not at the ceiling */
};

/* An empty text in the caller's storage that grows to at most `size_max` bytes. */
void kf_text_init(struct kf_text *self, size_t size_max);

/* Frees what the text holds and leaves it empty and usable. */
void kf_text_clear(struct kf_text *self);

/* Makes the text empty again and keeps its memory; forgets an earlier failure. */
void kf_text_reset(struct kf_text *self);

/* Appends; `bytes` must not lie in the text itself. */
void kf_text_add(struct kf_text *self, const char *text);
void kf_text_add_bytes(struct kf_text *self, const void *bytes, size_t length);
void kf_text_add_char(struct kf_text *self, char c);
void kf_text_add_format(struct kf_text *self, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Tells why a text has failed: KF_ERR_MEMORY for want of memory, which passes; at the ceiling
 * `code` and the printf text, for what was given was too long. */
enum kf_err kf_text_error(const struct kf_text *self, struct kf_error *err, enum kf_err code,
                          const char *format, ...) __attribute__((format(printf, 4, 5)));

/* True when both are equal; NULL equals only NULL. */
bool kf_text_equal(const char *a, const char *b);

/* Number of single-character edits (insert, delete, replace) between `a` and `b`; used to suggest
 * the name that was probably meant. Texts beyond 64 bytes count as far apart. */
size_t kf_text_distance(const char *a, const char *b);

/* True when the `length` bytes are well-formed UTF-8 without NUL. */
bool kf_text_is_utf8(const char *bytes, size_t length);

/* The file's name in a path: what stands behind the last slash. */
const char *kf_text_file_name(const char *path);

/* The length without the character that was cut off at the end, if one was: a UTF-8 text that had
 * to be shortened to `length` bytes stays UTF-8. */
size_t kf_text_whole(const char *bytes, size_t length);

/* Makes foreign text fit for a terminal and a log, in place: control characters (two `?` for U+0080
 * to U+009F, which terminals obey) and bytes that are no UTF-8 become `?`. The length stays. */
void kf_text_defuse(char *text);

/* Reads the `length` bytes as a whole number without sign or space, at most `maximum`. */
bool kf_text_to_unsigned(const char *text, size_t length, unsigned long maximum,
                         unsigned long *number);

#endif
