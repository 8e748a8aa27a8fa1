#include "services/ingest/csv/sheet_text.h"

#include <stdint.h>

/* What Windows-1252 has where Latin-1 has control characters; 0: nothing. */
static const uint16_t specials[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

static size_t put(uint16_t character, char *to)
{
    if (character < 0x80) {
        to[0] = (char)character;
        return 1;
    }
    if (character < 0x800) {
        to[0] = (char)(0xC0 | (character >> 6));
        to[1] = (char)(0x80 | (character & 0x3F));
        return 2;
    }
    to[0] = (char)(0xE0 | (character >> 12));
    to[1] = (char)(0x80 | ((character >> 6) & 0x3F));
    to[2] = (char)(0x80 | (character & 0x3F));
    return 3;
}

bool kf_sheet_text_to_utf8(const char *text, size_t length, char *to, size_t *to_length,
                           unsigned char *strange)
{
    size_t used = 0;
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];
        uint16_t character = byte >= 0x80 && byte < 0xA0 ? specials[byte - 0x80] : byte;
        if (character == 0) {
            *strange = byte;
            return false;
        }
        used += put(character, to + used);
    }
    *to_length = used;
    return true;
}

bool kf_sheet_text_is_plain(const char *text, size_t length)
{
    unsigned strange = 0;
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];
        strange |= (byte & 0x80U) | (unsigned)(byte == 0);
    }
    return strange == 0;
}
