#include "services/ingest/csv/number_slip.h"

#include <stdbool.h>
#include <string.h>

#include "common/base/decimal.h"

/* A number in the middle of a cell, without its spaces. */
struct core {
    char text[KF_NUMBER_SLIP_SIZE];
    size_t length;
    bool spaced; /* between its digits */
    bool edged;  /* spaces before or behind it */
    bool among;  /* something else stands before or behind it */
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Bytes of the space that stands there: plain, no-break, thin or narrow; 0 for none. */
static size_t space_at(const char *text, size_t length)
{
    static const char *const spaces[] = {" ", "\xc2\xa0", "\xe2\x80\x89", "\xe2\x80\xaf"};
    for (size_t i = 0; i < sizeof spaces / sizeof spaces[0]; i++) {
        size_t bytes = strlen(spaces[i]);
        if (bytes <= length && memcmp(text, spaces[i], bytes) == 0) {
            return bytes;
        }
    }
    return 0;
}

/* Where the number begins: at its first digit or the minus in front of that. */
static size_t start_of(const char *text, size_t length)
{
    size_t at = 0;
    while (at < length && !is_digit(text[at])) {
        at++;
    }
    return at > 0 && at < length && text[at - 1] == '-' ? at - 1 : at;
}

/* Takes digits, points and commas from `at` on, passing over spaces. Returns where it ends, or
 * `length` + 1 when it is too long. */
static size_t take_figure(const char *text, size_t length, size_t at, struct core *core)
{
    while (at < length) {
        size_t space = space_at(text + at, length - at);
        bool part = is_digit(text[at]) || memchr(".,-", text[at], 3) != NULL;
        if (!space && (!part || (text[at] == '-' && core->length > 0))) {
            break;
        }
        if (!space && core->length == sizeof core->text - 1) {
            return length + 1;
        }
        if (!space) {
            core->spaced = core->spaced || core->edged;
            core->edged = false;
            core->text[core->length++] = text[at];
        }
        core->edged = core->edged || space > 0;
        at += space ? space : 1;
    }
    return at;
}

/* False when there is no number, or more than one. */
static bool find_core(const char *text, size_t length, struct core *core)
{
    size_t start = start_of(text, length);
    size_t end = take_figure(text, length, start, core);
    if (core->length == 0 || end > length) {
        return false;
    }
    for (size_t i = end; i < length; i++) {
        if (is_digit(text[i])) {
            return false;
        }
    }
    for (size_t i = 0; i < start;) {
        size_t space = space_at(text + i, start - i);
        core->among = core->among || space == 0;
        core->edged = core->edged || space > 0;
        i += space ? space : 1;
    }
    core->among = core->among || end < length;
    core->text[core->length] = '\0';
    return true;
}

static bool is_number(const char *text)
{
    double value = 0;
    return kf_decimal_parse(text, strlen(text), &value);
}

/* `from` without every `gone`, and `point` as a point; true when that is a number. */
static bool reread(const char *from, char gone, char point, char to[KF_NUMBER_SLIP_SIZE])
{
    size_t length = 0;
    for (; *from; from++) {
        if (*from != gone) {
            to[length++] = *from == point ? '.' : *from;
        }
    }
    to[length] = '\0';
    return is_number(to);
}

/* True when `mark` stands between groups of three digits, the first of one to three and no zero. */
static bool groups_thousands(const char *text, char mark)
{
    size_t digits = 0;
    bool first = true;
    text += *text == '-';
    bool zero = *text == '0';
    for (; *text == mark || is_digit(*text); text++) {
        if (*text != mark) {
            digits++;
            continue;
        }
        if (first ? digits == 0 || digits > 3 : digits != 3) {
            return false;
        }
        first = false;
        digits = 0;
    }
    return !first && digits == 3 && !zero;
}

static enum kf_number_slip read_commas(const struct core *core, struct kf_number_meant *meant)
{
    const char *comma = strchr(core->text, ',');
    const char *point = strchr(core->text, '.');
    bool one = !strchr(comma + 1, ',');
    if (groups_thousands(core->text, ',') && (!point || point > strrchr(core->text, ',')) &&
        !core->spaced && reread(core->text, ',', '.', meant->figure)) {
        if (!one || point) {
            return KF_NUMBER_THOUSANDS;
        }
        return reread(core->text, '\0', ',', meant->other) ? KF_NUMBER_AMBIGUOUS
                                                           : KF_NUMBER_THOUSANDS;
    }
    bool decimal = one && (!point || (point < comma && groups_thousands(core->text, '.')));
    return decimal && reread(core->text, '.', ',', meant->figure) ? KF_NUMBER_COMMA
                                                                  : KF_NUMBER_UNKNOWN;
}

enum kf_number_slip kf_number_slip_of(const char *text, size_t length,
                                      struct kf_number_meant *meant)
{
    struct core core = {.length = 0};
    *meant = (struct kf_number_meant){.figure = ""};
    if (!find_core(text, length, &core)) {
        return KF_NUMBER_UNKNOWN;
    }
    if (strchr(core.text, ',')) {
        enum kf_number_slip slip = read_commas(&core, meant);
        bool plain = slip == KF_NUMBER_COMMA || slip == KF_NUMBER_THOUSANDS;
        return core.among && plain ? KF_NUMBER_WORDS : slip;
    }
    memcpy(meant->figure, core.text, core.length + 1);
    if (!is_number(core.text) || (!core.among && !core.spaced && !core.edged)) {
        return KF_NUMBER_UNKNOWN;
    }
    return core.among ? KF_NUMBER_WORDS : KF_NUMBER_SPACED;
}
