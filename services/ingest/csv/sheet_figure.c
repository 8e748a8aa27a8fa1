#include "services/ingest/csv/sheet_figure.h"

#include <string.h>

#include "common/base/decimal.h"

#define GROUP_DIGITS 3

/* A number without sign: spaces are ' ' and apostrophes '\'', whichever they were. */
struct body {
    char text[KF_SHEET_FIGURE_SIZE];
    size_t length;
    char exponent[KF_SHEET_FIGURE_SIZE]; /* e-07, or "" */
    bool minus;
    bool rounded; /* an exponent as spreadsheets write it */
};

struct mark {
    const char *bytes;
    char plain;
};

static const struct mark spaces[] = {
    {" ", ' '}, {"\xc2\xa0", ' '}, {"\xe2\x80\x89", ' '}, {"\xe2\x80\xaf", ' '}};
static const struct mark apostrophes[] = {{"'", '\''}, {"\xe2\x80\x99", '\''}};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Bytes of the mark that stands there, 0 for none. */
static size_t mark_at(const struct mark *marks, size_t count, const char *text, size_t length)
{
    for (size_t i = 0; i < count; i++) {
        size_t bytes = strlen(marks[i].bytes);
        if (bytes <= length && memcmp(text, marks[i].bytes, bytes) == 0) {
            return bytes;
        }
    }
    return 0;
}

static size_t space_at(const char *text, size_t length)
{
    return mark_at(spaces, sizeof spaces / sizeof spaces[0], text, length);
}

/* Bytes of the space that ends there. */
static size_t space_before(const char *text, size_t length)
{
    for (size_t i = 0; i < sizeof spaces / sizeof spaces[0]; i++) {
        size_t bytes = strlen(spaces[i].bytes);
        if (bytes <= length && memcmp(text + length - bytes, spaces[i].bytes, bytes) == 0) {
            return bytes;
        }
    }
    return 0;
}

void kf_sheet_trim(const char **text, size_t *length)
{
    size_t space = 0;
    while ((space = space_at(*text, *length)) > 0) {
        *text += space;
        *length -= space;
    }
    while ((space = space_before(*text, *length)) > 0) {
        *length -= space;
    }
}

/* --- the parts ------------------------------------------------------------------------------- */

static bool take_end(const char *text, size_t *length, char end)
{
    if (*length == 0 || text[*length - 1] != end) {
        return false;
    }
    *length -= 1;
    kf_sheet_trim(&text, length); /* only behind: the front is trimmed */
    return true;
}

/* A minus, also the real one. */
static bool take_minus(const char **text, size_t *length)
{
    static const struct mark minuses[] = {{"-", '-'}, {"\xe2\x88\x92", '-'}};
    size_t bytes = mark_at(minuses, 2, *text, *length);
    *text += bytes;
    *length -= bytes;
    return bytes > 0;
}

/* [eE][+-]digits at the end. A capital is a spreadsheet's; programs write a small one and all
 * digits. */
static bool take_exponent(const char *text, size_t length, struct body *body)
{
    if (length < 2 || length >= sizeof body->exponent || (text[0] != 'e' && text[0] != 'E')) {
        return false;
    }
    size_t at = text[1] == '+' || text[1] == '-' ? 2 : 1;
    if (at == length) {
        return false;
    }
    for (size_t i = at; i < length; i++) {
        if (!is_digit(text[i])) {
            return false;
        }
    }
    memcpy(body->exponent, text, length);
    body->exponent[length] = '\0';
    body->rounded = text[0] == 'E';
    return true;
}

/* False when the text is no number with marks, or too long for one. */
static bool take_body(const char *text, size_t length, struct body *body)
{
    *body = (struct body){.length = 0};
    body->minus = take_minus(&text, &length);
    while (length > 0 && text[0] != 'e' && text[0] != 'E') {
        size_t space = space_at(text, length);
        size_t apostrophe = mark_at(apostrophes, 2, text, length);
        bool plain = is_digit(text[0]) || text[0] == ',' || text[0] == '.';
        size_t bytes = plain ? 1 : space + apostrophe;
        if (bytes == 0 || body->length == sizeof body->text - 1) {
            return false;
        }
        body->text[body->length++] = (char)(plain ? text[0] : space ? ' ' : '\'');
        text += bytes;
        length -= bytes;
    }
    return body->length > 0 && (length == 0 || take_exponent(text, length, body));
}

/* --- reading with one mark ------------------------------------------------------------------- */

/* Appends the digits of the whole part, plain or in groups of three between one kind of mark. */
static bool add_whole(const char *text, size_t length, char mark, char *to, size_t *used)
{
    char group = '\0';
    size_t digits = 0; /* since the last mark */
    for (size_t i = 0; i < length; i++) {
        if (is_digit(text[i])) {
            to[(*used)++] = text[i];
            digits++;
            continue;
        }
        bool first = group == '\0';
        if (text[i] == mark || (!first && text[i] != group) || digits == 0 ||
            (first ? digits > GROUP_DIGITS || text[0] == '0' : digits != GROUP_DIGITS)) {
            return false;
        }
        group = text[i];
        digits = 0;
    }
    return group == '\0' ? digits > 0 : digits == GROUP_DIGITS;
}

static bool add_fraction(const char *text, size_t length, char *to, size_t *used)
{
    to[(*used)++] = '.';
    for (size_t i = 0; i < length; i++) {
        if (!is_digit(text[i])) {
            return false;
        }
        to[(*used)++] = text[i];
    }
    return length > 0;
}

/* The body with `mark` between whole and fraction, as a plain decimal. */
static bool read_with(const struct body *body, char mark, char figure[KF_SHEET_FIGURE_SIZE])
{
    char to[2 * KF_SHEET_FIGURE_SIZE];
    size_t used = 0;
    double value = 0;
    const char *divides = memchr(body->text, mark, body->length);
    size_t whole = divides ? (size_t)(divides - body->text) : body->length;
    if (body->minus) {
        to[used++] = '-';
    }
    if (!add_whole(body->text, whole, mark, to, &used) ||
        (divides && !add_fraction(divides + 1, body->length - whole - 1, to, &used))) {
        return false;
    }
    size_t exponent = strlen(body->exponent);
    if (used + exponent >= KF_SHEET_FIGURE_SIZE) {
        return false;
    }
    memcpy(to + used, body->exponent, exponent + 1);
    memcpy(figure, to, used + exponent + 1);
    return kf_decimal_parse(figure, used + exponent, &value);
}

/* --- reading --------------------------------------------------------------------------------- */

static bool take_apart(const char *text, size_t length, struct kf_sheet_figure *figure,
                       struct body *body)
{
    *figure = (struct kf_sheet_figure){.figure = ""};
    kf_sheet_trim(&text, &length);
    figure->starred = take_end(text, &length, '*');
    figure->percent = take_end(text, &length, '%');
    return take_body(text, length, body);
}

enum kf_sheet_reading kf_sheet_figure_read(const char *text, size_t length, char mark,
                                           struct kf_sheet_figure *figure)
{
    struct body body;
    if (!take_apart(text, length, figure, &body)) {
        return KF_SHEET_NO_NUMBER;
    }
    bool comma = mark != '.' && read_with(&body, ',', figure->figure);
    bool point = mark != ',' && read_with(&body, '.', comma ? figure->other : figure->figure);
    if (!comma && !point) {
        return KF_SHEET_NO_NUMBER;
    }
    if (body.rounded) {
        return KF_SHEET_ROUNDED;
    }
    return comma && point && strcmp(figure->figure, figure->other) != 0 ? KF_SHEET_AMBIGUOUS
                                                                        : KF_SHEET_SOUND;
}

char kf_sheet_figure_mark(const char *text, size_t length)
{
    struct kf_sheet_figure figure;
    struct body body;
    if (!take_apart(text, length, &figure, &body)) {
        return KF_SHEET_MARK_UNKNOWN;
    }
    bool comma = read_with(&body, ',', figure.figure);
    bool point = read_with(&body, '.', figure.other);
    if (comma == point) {
        return KF_SHEET_MARK_UNKNOWN;
    }
    return comma ? ',' : '.';
}
