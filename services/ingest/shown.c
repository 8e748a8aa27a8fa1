#include "services/ingest/shown.h"

#include <stdbool.h>
#include <string.h>

#include "common/base/decimal.h"
#include "common/base/text.h"
#include "common/model/municipality.h"

#define PRIVATE_DIGITS 10 /* the number of a person has eleven */

/* At most `room` bytes of the text, not ending inside a character. */
static size_t cut(const char *text, size_t length, size_t room)
{
    if (length <= room) {
        return length;
    }
    size_t keep = room;
    while (keep > 0 && ((unsigned char)text[keep] & 0xc0) == 0x80) {
        keep--;
    }
    return keep;
}

const char *kf_shown(const char *text, size_t length, char shown[KF_SHOWN_SIZE])
{
    size_t keep = cut(text, length, KF_SHOWN_SIZE - 1);
    for (size_t i = 0; i < keep; i++) {
        shown[i] = text[i] == '\0' ? '?' : text[i];
    }
    shown[keep] = '\0';
    kf_text_defuse(shown);
    if (!kf_text_is_utf8(shown, keep)) {
        for (size_t i = 0; i < keep; i++) {
            shown[i] = (unsigned char)shown[i] < 0x80 ? shown[i] : '?';
        }
    }
    return shown;
}

/* True for what figures and marks are made of, and for no number of a person. */
static bool is_figure(const char *text, size_t length)
{
    double value = 0;
    bool sound = true;
    size_t digits = 0;
    for (size_t i = 0; i < length; i++) {
        bool digit = text[i] >= '0' && text[i] <= '9';
        digits += digit;
        sound = sound && (digit || memchr(".,:*- ", text[i], 6) != NULL);
    }
    return digits <= PRIVATE_DIGITS && (sound || kf_decimal_parse(text, length, &value));
}

const char *kf_shown_private(const char *text, size_t length, char shown[KF_SHOWN_SIZE])
{
    bool country = length == strlen(KF_MUNICIPALITY_COUNTRY) &&
                   memcmp(text, KF_MUNICIPALITY_COUNTRY, length) == 0;
    return length == 0 || country || is_figure(text, length)
               ? kf_shown(text, length, shown)
               : kf_shown(KF_SHOWN_HIDDEN, strlen(KF_SHOWN_HIDDEN), shown);
}
