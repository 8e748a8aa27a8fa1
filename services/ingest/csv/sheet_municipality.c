#include "services/ingest/csv/sheet_municipality.h"

#include <string.h>

#include "common/base/text.h"

#define CODE_DIGITS ((size_t)4)

/* The length without " (2008-2019)" or " (-2019)" at the end. */
static size_t without_years(const char *text, size_t length)
{
    size_t at = length;
    if (at == 0 || text[at - 1] != ')') {
        return length;
    }
    for (at--; at > 0 && text[at - 1] != '('; at--) {
        if (text[at - 1] != '-' && (text[at - 1] < '0' || text[at - 1] > '9')) {
            return length;
        }
    }
    return at >= 2 && text[at - 2] == ' ' ? at - 2 : length;
}

/* True when a municipality with the code has the name; `known` receives a name of the code. */
static bool has_name(const struct kf_municipalities *municipalities, const char *code,
                     const char *text, size_t length, const char **known)
{
    size_t count = 0;
    const struct kf_municipality *all = kf_municipalities_all(municipalities, &count);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(all[i].code, code) != 0) {
            continue;
        }
        *known = all[i].name;
        if (strlen(all[i].name) == length && memcmp(all[i].name, text, length) == 0) {
            return true;
        }
    }
    return false;
}

static enum kf_sheet_municipality read_named(const struct kf_municipalities *municipalities,
                                             const char *text, size_t length, uint16_t *number,
                                             const char **name)
{
    char code[KF_MUNICIPALITY_SIZE];
    uint16_t found = 0;
    const char *known = NULL;
    if (length < CODE_DIGITS + 2 || text[CODE_DIGITS] != ' ' ||
        !kf_municipality_parse(text, CODE_DIGITS, &found)) {
        return KF_SHEET_MUNICIPALITY_UNKNOWN;
    }
    kf_municipality_print(found, code);
    text += CODE_DIGITS + 1;
    length -= CODE_DIGITS + 1;
    bool fits = has_name(municipalities, code, text, without_years(text, length), &known);
    if (fits) {
        *number = found;
        return KF_SHEET_MUNICIPALITY_SOUND;
    }
    *name = known;
    return known ? KF_SHEET_MUNICIPALITY_OTHER : KF_SHEET_MUNICIPALITY_UNKNOWN;
}

enum kf_sheet_municipality kf_sheet_municipality_of(const struct kf_municipalities *municipalities,
                                                    const char *text, size_t length,
                                                    uint16_t *number, const char **name)
{
    char code[KF_MUNICIPALITY_SIZE];
    unsigned long short_code = 0;
    if (length != CODE_DIGITS - 1 || !kf_text_to_unsigned(text, length, 999, &short_code)) {
        return read_named(municipalities, text, length, number, name);
    }
    kf_municipality_print((unsigned)short_code, code);
    if (!kf_municipalities_ever(municipalities, code)) {
        return KF_SHEET_MUNICIPALITY_UNKNOWN;
    }
    *number = (uint16_t)short_code;
    return KF_SHEET_MUNICIPALITY_SOUND;
}
