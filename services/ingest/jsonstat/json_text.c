#include "services/ingest/jsonstat/json_text.h"

#include <string.h>

#define SURROGATE_FIRST  0xd800u
#define SURROGATE_SECOND 0xdc00u
#define SURROGATE_END    0xe000u

static inline bool is_plain(char c)
{
    return (unsigned char)c >= 0x20 && c != '"' && c != '\\';
}

void kf_json_text_begin(struct kf_json_scan *self)
{
    kf_text_reset(&self->text);
    self->surrogate = 0;
    self->partial = KF_JSON_PARTIAL_TEXT;
}

enum kf_err kf_json_text_add(struct kf_json_scan *self, const char *bytes, size_t length,
                             struct kf_error *err)
{
    if (length > self->text.size_max - self->text.length) {
        return kf_error_set(err, KF_ERR_LIMIT, "a text is longer than %zu bytes",
                            self->text.size_max);
    }
    kf_text_add_bytes(&self->text, bytes, length);
    return self->text.failed ? kf_error_set(err, KF_ERR_MEMORY, "no memory for a text") : KF_OK;
}

static enum kf_err add_character(struct kf_json_scan *self, uint32_t c, struct kf_error *err)
{
    char bytes[4];
    size_t length = 0;
    if (c < 0x80) {
        bytes[length++] = (char)c;
    } else if (c < 0x800) {
        bytes[length++] = (char)(0xc0 | c >> 6);
        bytes[length++] = (char)(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
        bytes[length++] = (char)(0xe0 | c >> 12);
        bytes[length++] = (char)(0x80 | (c >> 6 & 0x3f));
        bytes[length++] = (char)(0x80 | (c & 0x3f));
    } else {
        bytes[length++] = (char)(0xf0 | c >> 18);
        bytes[length++] = (char)(0x80 | (c >> 12 & 0x3f));
        bytes[length++] = (char)(0x80 | (c >> 6 & 0x3f));
        bytes[length++] = (char)(0x80 | (c & 0x3f));
    }
    return kf_json_text_add(self, bytes, length, err);
}

static enum kf_err lone_surrogate(struct kf_error *err)
{
    return kf_error_set(err, KF_ERR_DATA, "half of a surrogate pair (\\ud800 to \\udfff) alone");
}

/* The four digits are complete. */
static enum kf_err take_escape(struct kf_json_scan *self, struct kf_error *err)
{
    uint32_t c = self->escape;
    bool second = c >= SURROGATE_SECOND && c < SURROGATE_END;
    self->partial = KF_JSON_PARTIAL_TEXT;
    if (second != (self->surrogate != 0)) {
        return lone_surrogate(err);
    }
    if (c >= SURROGATE_FIRST && c < SURROGATE_SECOND) {
        self->surrogate = c;
        return KF_OK;
    }
    if (c == 0) {
        return kf_error_set(err, KF_ERR_DATA, "a NUL (\\u0000) in a text");
    }
    if (second) {
        c = 0x10000 + ((self->surrogate - SURROGATE_FIRST) << 10) + (c - SURROGATE_SECOND);
        self->surrogate = 0;
    }
    return add_character(self, c, err);
}

static int hex_value(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

static enum kf_err take_hex(struct kf_json_scan *self, char c, struct kf_error *err)
{
    int value = hex_value(c);
    if (value < 0) {
        return kf_error_set(err, KF_ERR_DATA, "\\u without four hexadecimal digits");
    }
    self->escape = self->escape << 4 | (uint32_t)value;
    self->escape_digits++;
    return self->escape_digits < 4 ? KF_OK : take_escape(self, err);
}

/* The character behind a backslash. */
static enum kf_err take_escaped(struct kf_json_scan *self, char c, struct kf_error *err)
{
    static const char written[] = "\"\\/bfnrt";
    static const char meant[] = "\"\\/\b\f\n\r\t";
    if (c == 'u') {
        self->partial = KF_JSON_PARTIAL_HEX;
        self->escape = 0;
        self->escape_digits = 0;
        return KF_OK;
    }
    const char *found = c != '\0' ? strchr(written, c) : NULL;
    if (!found) {
        return kf_error_set(err, KF_ERR_DATA, "an unknown escape in a text");
    }
    if (self->surrogate != 0) {
        return lone_surrogate(err);
    }
    self->partial = KF_JSON_PARTIAL_TEXT;
    return kf_json_text_add(self, meant + (found - written), 1, err);
}

/* A quote, a backslash or a control character. */
static enum kf_err take_special(struct kf_json_scan *self, char c, struct kf_error *err)
{
    if (c == '\\') {
        self->partial = KF_JSON_PARTIAL_ESCAPE;
        return KF_OK;
    }
    if (c != '"') {
        return kf_error_set(err, KF_ERR_DATA, "a control character (0x%02x) in a text",
                            (unsigned)(unsigned char)c);
    }
    if (self->surrogate != 0) {
        return lone_surrogate(err);
    }
    if (!kf_text_is_utf8(self->text.bytes, self->text.length)) {
        return kf_error_set(err, KF_ERR_DATA, "a text that is not UTF-8");
    }
    self->partial = KF_JSON_PARTIAL_NONE;
    return KF_OK;
}

static enum kf_err take_plain(struct kf_json_scan *self, struct kf_error *err)
{
    const char *begin = self->at;
    while (self->at < self->end && is_plain(*self->at)) {
        self->at++;
    }
    if (self->at > begin && self->surrogate != 0) {
        return lone_surrogate(err);
    }
    return kf_json_text_add(self, begin, (size_t)(self->at - begin), err);
}

enum kf_err kf_json_text_go_on(struct kf_json_scan *self, struct kf_error *err)
{
    enum kf_err code = KF_OK;
    while (code == KF_OK && self->partial != KF_JSON_PARTIAL_NONE) {
        if (self->partial == KF_JSON_PARTIAL_TEXT) {
            code = take_plain(self, err);
        }
        if (code != KF_OK || self->at == self->end) {
            return code != KF_OK ? code : KF_ERR_AGAIN;
        }
        char c = *self->at++;
        code = self->partial == KF_JSON_PARTIAL_HEX      ? take_hex(self, c, err)
               : self->partial == KF_JSON_PARTIAL_ESCAPE ? take_escaped(self, c, err)
                                                         : take_special(self, c, err);
    }
    return code;
}
