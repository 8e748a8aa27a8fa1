#include "common/service/http_request.h"

#include <string.h>
#include <strings.h>

#include "common/base/text.h"

/* --- the query ------------------------------------------------------------------------------- */

static int digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    char lower = c >= 'A' && c <= 'F' ? (char)(c + 32) : c;
    const char *found = c == '\0' ? NULL : strchr(digits, lower);
    return found ? (int)(found - digits) : -1;
}

/* The byte at `*at`, which moves behind it; -1 for a broken escape. */
static int next_byte(const char **at)
{
    const char *text = *at;
    if (*text != '%') {
        *at += 1;
        return (unsigned char)*text;
    }
    int high = digit(text[1]);
    int low = high < 0 ? -1 : digit(text[2]);
    *at += 3;
    return low < 0 ? -1 : high * 16 + low;
}

static bool is_control(int byte)
{
    return byte < 0x20 || byte == 0x7f;
}

/* Decodes `text` to the end of the request's bytes; NULL when it does not fit or is no text. */
static const char *decode(struct kf_http_request *self, const char *text)
{
    char *start = self->bytes + self->bytes_len;
    size_t length = 0;
    size_t room = sizeof self->bytes - self->bytes_len;
    while (*text) {
        int byte = next_byte(&text);
        if (byte < 0 || is_control(byte) || length + 1 >= room) {
            return NULL;
        }
        start[length++] = (char)byte;
    }
    if (length >= room || !kf_text_is_utf8(start, length)) {
        return NULL;
    }
    start[length] = '\0';
    self->bytes_len += length + 1;
    return start;
}

bool kf_http_request_add(struct kf_http_request *self, const char *name, const char *value)
{
    size_t before = self->bytes_len;
    if (self->values_len == KF_HTTP_VALUES_MAX) {
        return false;
    }
    struct kf_http_value added = {.name = decode(self, name)};
    added.value = added.name ? decode(self, value ? value : "") : NULL;
    if (!added.value) {
        self->bytes_len = before;
        return false;
    }
    self->values[self->values_len++] = added;
    return true;
}

const char *kf_http_request_value(const struct kf_http_request *self, const char *name)
{
    for (size_t i = 0; i < self->values_len; i++) {
        if (strcmp(self->values[i].name, name) == 0) {
            return self->values[i].value;
        }
    }
    return NULL;
}

/* --- lists in headers ------------------------------------------------------------------------ */

static size_t skip(const char *text, const char *which)
{
    return strspn(text, which);
}

/* `W/"x"` and `"x"` are weakly the same. */
static const char *opaque(const char *tag)
{
    return strncmp(tag, "W/", 2) == 0 ? tag + 2 : tag;
}

bool kf_http_request_knows(const struct kf_http_request *self, const char *tag)
{
    const char *wanted = opaque(tag);
    size_t wanted_len = strlen(wanted);
    const char *at = self->known + skip(self->known, " \t,");
    if (strcmp(at, "*") == 0) {
        return true;
    }
    while (*at) {
        at = opaque(at);
        size_t length = strcspn(at, " \t,");
        if (length == wanted_len && strncmp(at, wanted, length) == 0) {
            return true;
        }
        at += length;
        at += skip(at, " \t,");
    }
    return false;
}

/* `;q=0`, `; q=0.000`: not at all. */
static bool is_refused(const char *parameters, size_t length)
{
    const char *end = parameters + length;
    const char *q = parameters + skip(parameters, "; \t");
    if (q + 2 > end || strncasecmp(q, "q=", 2) != 0) {
        return false;
    }
    q += 2;
    return q < end && q + skip(q, "0.") >= end;
}

bool kf_http_request_takes_gzip(const struct kf_http_request *self)
{
    const char *at = self->accepts + skip(self->accepts, " \t,");
    while (*at) {
        size_t length = strcspn(at, ",");
        size_t name = strcspn(at, ",; \t");
        if (name == 4 && strncasecmp(at, "gzip", name) == 0) {
            size_t rest = length - name;
            while (rest > 0 && strchr(" \t", at[name + rest - 1])) {
                rest--;
            }
            return !is_refused(at + name, rest);
        }
        at += length;
        at += skip(at, " \t,");
    }
    return false;
}
