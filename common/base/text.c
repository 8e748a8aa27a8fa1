#include "common/base/text.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"

#define DISTANCE_LENGTH_MAX 64

static char nothing[1] = "";

void kf_text_init(struct kf_text *self, size_t size_max)
{
    size_t ceiling = size_max < SIZE_MAX / 4 ? size_max : SIZE_MAX / 4;
    *self = (struct kf_text){.bytes = nothing, .size_max = ceiling};
}

void kf_text_clear(struct kf_text *self)
{
    if (self->bytes != nothing) {
        kf_free(self->bytes);
    }
    kf_text_init(self, self->size_max);
}

void kf_text_reset(struct kf_text *self)
{
    self->length = 0;
    self->failed = false;
    self->starved = false;
    if (self->bytes != nothing) {
        self->bytes[0] = '\0';
    }
}

static bool make_room(struct kf_text *self, size_t more)
{
    if (self->failed || more > self->size_max - self->length) {
        self->failed = true;
        return false;
    }
    size_t needed = self->length + more + 1;
    if (needed <= self->room) {
        return true;
    }
    size_t room = self->room < 64 ? 64 : self->room * 2;
    room = room - 1 > self->size_max ? self->size_max + 1 : room;
    room = room < needed ? needed : room;
    char *old = self->bytes == nothing ? NULL : self->bytes;
    char *grown = kf_realloc(old, room);
    if (!grown) {
        self->failed = true;
        self->starved = true;
        return false;
    }
    self->bytes = grown;
    self->room = room;
    return true;
}

void kf_text_add_bytes(struct kf_text *self, const void *bytes, size_t length)
{
    if (length == 0 || !make_room(self, length)) {
        return;
    }
    memcpy(self->bytes + self->length, bytes, length);
    self->length += length;
    self->bytes[self->length] = '\0';
}

void kf_text_add(struct kf_text *self, const char *text)
{
    kf_text_add_bytes(self, text, strlen(text));
}

void kf_text_add_char(struct kf_text *self, char c)
{
    kf_text_add_bytes(self, &c, 1);
}

void kf_text_add_format(struct kf_text *self, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length < 0 || !make_room(self, (size_t)length)) {
        self->failed = true;
        return;
    }
    va_start(args, format);
    (void)vsnprintf(self->bytes + self->length, (size_t)length + 1, format, args);
    va_end(args);
    self->length += (size_t)length;
}

enum kf_err kf_text_error(const struct kf_text *self, struct kf_error *err, enum kf_err code,
                          const char *format, ...)
{
    char text[KF_ERROR_TEXT_MAX];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return self->starved ? kf_error_set(err, KF_ERR_MEMORY, "no memory for a text")
                         : kf_error_set(err, code, "%s", text);
}

bool kf_text_equal(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

size_t kf_text_distance(const char *a, const char *b)
{
    size_t a_length = strlen(a);
    size_t b_length = strlen(b);
    if (a_length > DISTANCE_LENGTH_MAX || b_length > DISTANCE_LENGTH_MAX) {
        return SIZE_MAX;
    }
    size_t row[DISTANCE_LENGTH_MAX + 1];
    for (size_t j = 0; j <= b_length; j++) {
        row[j] = j;
    }
    for (size_t i = 1; i <= a_length; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            size_t replaced = diagonal + (a[i - 1] != b[j - 1]);
            size_t edited = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            diagonal = row[j];
            row[j] = replaced < edited ? replaced : edited;
        }
    }
    return row[b_length];
}

/* Length of the UTF-8 sequence at `s`, 0 when it is malformed. */
static size_t sequence_length(const unsigned char *s, size_t left)
{
    if (s[0] == 0) {
        return 0;
    }
    if (s[0] < 0x80) {
        return 1;
    }
    size_t length = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
    if (s[0] < 0xc2 || s[0] > 0xf4 || length > left) {
        return 0;
    }
    for (size_t i = 1; i < length; i++) {
        if ((s[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    bool overlong = (s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xf0 && s[1] < 0x90);
    bool surrogate = s[0] == 0xed && s[1] >= 0xa0;
    bool beyond = s[0] == 0xf4 && s[1] >= 0x90;
    return overlong || surrogate || beyond ? 0 : length;
}

bool kf_text_is_utf8(const char *bytes, size_t length)
{
    const unsigned char *s = (const unsigned char *)bytes;
    for (size_t i = 0; i < length;) {
        size_t step = sequence_length(s + i, length - i);
        if (step == 0) {
            return false;
        }
        i += step;
    }
    return true;
}

const char *kf_text_file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

size_t kf_text_whole(const char *bytes, size_t length)
{
    const unsigned char *s = (const unsigned char *)bytes;
    size_t behind = 0; /* continuation bytes at the end */
    while (behind < 3 && behind < length && (s[length - 1 - behind] & 0xc0) == 0x80) {
        behind++;
    }
    if (behind == length) {
        return length;
    }
    unsigned char lead = s[length - 1 - behind];
    size_t needed = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc2 ? 1 : 0;
    return behind < needed ? length - 1 - behind : length;
}

void kf_text_defuse(char *text)
{
    unsigned char *s = (unsigned char *)text;
    size_t length = strlen(text);
    for (size_t i = 0; i < length;) {
        size_t step = sequence_length(s + i, length - i);
        if (step == 0 || s[i] < 0x20 || s[i] == 0x7f) {
            s[i] = '?';
        } else if (step == 2 && s[i] == 0xc2 && s[i + 1] <= 0x9f) {
            s[i] = s[i + 1] = '?';
        }
        i += step > 0 ? step : 1;
    }
}

bool kf_text_to_unsigned(const char *text, size_t length, unsigned long maximum,
                         unsigned long *number)
{
    unsigned long value = 0;
    if (length == 0) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
        unsigned long digit = (unsigned long)(text[i] - '0');
        if (digit > maximum || value > (maximum - digit) / 10) {
            return false;
        }
        value = value * 10 + digit;
    }
    *number = value;
    return true;
}
