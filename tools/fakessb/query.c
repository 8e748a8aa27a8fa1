#include "tools/fakessb/query.h"

#include <string.h>
#include <strings.h>

static int hex(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *found = c == '\0' ? NULL : strchr(digits, c >= 'A' && c <= 'F' ? c + 32 : c);
    return found ? (int)(found - digits) : -1;
}

/* Undoes percent signs in place. */
static bool decode(char *text, bool plus_is_space)
{
    char *to = text;
    for (const char *from = text; *from != '\0'; from++) {
        char c = *from;
        if (c == '%') {
            int high = hex(from[1]);
            int low = high < 0 ? -1 : hex(from[2]);
            if (low < 0 || high * 16 + low == 0) {
                return false;
            }
            c = (char)(high * 16 + low);
            from += 2;
        } else if (c == '+' && plus_is_space) {
            c = ' ';
        }
        *to++ = c;
    }
    *to = '\0';
    return true;
}

static bool add(struct kf_fake_query *self, char *text)
{
    if (self->parameters_len == KF_FAKE_PARAMETERS_MAX) {
        return false;
    }
    char *value = strchr(text, '=');
    if (value) {
        *value++ = '\0';
    } else {
        value = text + strlen(text);
    }
    self->parameters[self->parameters_len++] =
        (struct kf_fake_parameter){.name = text, .value = value};
    return decode(text, true) && decode(value, true);
}

static bool add_all(struct kf_fake_query *self, char *text)
{
    bool sound = true;
    while (sound && text) {
        char *next = strchr(text, '&');
        if (next) {
            *next++ = '\0';
        }
        sound = *text == '\0' || add(self, text);
        text = next;
    }
    return sound;
}

bool kf_fake_query_parse(const char *url, struct kf_fake_query *query)
{
    size_t length = strnlen(url, KF_FAKE_URL_MAX + 1);
    if (length > KF_FAKE_URL_MAX) {
        return false;
    }
    memcpy(query->bytes, url, length + 1);
    query->path = query->bytes;
    query->parameters_len = 0;
    char *question = strchr(query->bytes, '?');
    if (question) {
        *question++ = '\0';
    }
    return decode(query->bytes, false) && add_all(query, question);
}

const char *kf_fake_query_get(const struct kf_fake_query *self, const char *name,
                              const char *otherwise)
{
    for (size_t i = 0; i < self->parameters_len; i++) {
        if (strcasecmp(self->parameters[i].name, name) == 0) {
            return self->parameters[i].value;
        }
    }
    return otherwise;
}

const char *kf_fake_parameter_key(const struct kf_fake_parameter *self, const char *name,
                                  size_t *length)
{
    size_t skip = strlen(name);
    size_t all = strlen(self->name);
    if (strncasecmp(self->name, name, skip) != 0 || self->name[skip] != '[' || all < skip + 2 ||
        self->name[all - 1] != ']') {
        return NULL;
    }
    *length = all - skip - 2;
    return self->name + skip + 1;
}
