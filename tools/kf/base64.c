#include "tools/kf/base64.h"

#include <stdint.h>

/* The six bits of a character, or -1. */
static int bits_of(char c)
{
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
        return c - '0' + 52;
    }
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Padding at the end of the text: 0, 1 or 2 characters. */
static size_t padding(const char *text, size_t length)
{
    if (length == 0 || text[length - 1] != '=') {
        return 0;
    }
    return text[length - 2] == '=' ? 2 : 1;
}

bool kf_base64_decode(const char *text, size_t length, unsigned char *bytes, size_t *bytes_len)
{
    if (length % 4 != 0) {
        return false;
    }
    size_t pads = padding(text, length);
    size_t at = 0;
    uint32_t held = 0;
    for (size_t i = 0; i < length; i++) {
        int bits = i >= length - pads ? 0 : bits_of(text[i]);
        if (bits < 0) {
            return false;
        }
        held = held << 6 | (uint32_t)bits;
        if (i % 4 == 3) {
            bytes[at++] = (unsigned char)(held >> 16 & 0xff);
            bytes[at++] = (unsigned char)(held >> 8 & 0xff);
            bytes[at++] = (unsigned char)(held & 0xff);
        }
    }
    *bytes_len = at - pads;
    return true;
}
