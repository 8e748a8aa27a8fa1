#include "services/publish/servers.h"

#include <stdbool.h>
#include <string.h>

#include "common/base/text.h"

#define LETTERS    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS     "0123456789"
#define NAME       LETTERS DIGITS "._-"
#define ADDRESS_V6 DIGITS "abcdefABCDEF:.%"
#define SPACES     " \t"
#define PORT_MAX   65535

/* What is left to read of an entry. */
struct rest {
    const char *at;
    const char *end;
};

static size_t span(const struct rest *rest, const char *letters)
{
    size_t length = strspn(rest->at, letters);
    size_t left = (size_t)(rest->end - rest->at);

    return length < left ? length : left;
}

static bool skip(struct rest *rest, const char *text)
{
    size_t length = strlen(text);
    bool here = (size_t)(rest->end - rest->at) >= length && memcmp(rest->at, text, length) == 0;

    rest->at += here ? length : 0;
    return here;
}

static void skip_protocol(struct rest *rest)
{
    struct rest ahead = *rest;

    ahead.at += span(rest, LETTERS "_");
    if (ahead.at > rest->at && skip(&ahead, "://")) {
        *rest = ahead;
    }
}

static bool take_host(struct rest *rest)
{
    bool bracket = skip(rest, "[");
    size_t length = span(rest, bracket ? ADDRESS_V6 : NAME);

    rest->at += length;
    return length > 0 && (!bracket || skip(rest, "]"));
}

static bool take_port(struct rest *rest)
{
    unsigned long port = 0;
    size_t length;

    if (!skip(rest, ":")) {
        return true;
    }
    length = span(rest, DIGITS);
    if (length == 0 || !kf_text_to_unsigned(rest->at, length, PORT_MAX, &port)) {
        return false;
    }
    rest->at += length;
    return port > 0;
}

static bool is_server(struct rest rest)
{
    rest.at += span(&rest, SPACES);
    skip_protocol(&rest);
    if (!take_host(&rest) || !take_port(&rest)) {
        return false;
    }
    rest.at += span(&rest, SPACES);
    return rest.at == rest.end;
}

enum kf_err kf_servers_check(const char *list, struct kf_error *err)
{
    const char *at = list;

    for (;;) {
        size_t length = strcspn(at, ",");
        if (!is_server((struct rest){at, at + length})) {
            return kf_error_set(err, KF_ERR_CONFIG, "\"%.*s\" is no broker: write HOST:PORT",
                                (int)(length < 120 ? length : 120), at);
        }
        if (at[length] == '\0') {
            return KF_OK;
        }
        at += length + 1;
    }
}
