#include "tests/fuzz/support/yaml_text.h"

/* The character at `text`, which is UTF-8; `*bytes` gets its length. */
static unsigned character_at(const unsigned char *text, size_t *bytes)
{
    unsigned first = text[0];
    *bytes = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    unsigned character = *bytes == 1 ? first : first & (0x7fu >> *bytes);
    for (size_t i = 1; i < *bytes && text[i]; i++) {
        character = character << 6 | (text[i] & 0x3fu);
    }
    return character;
}

void fuzz_yaml_text(const char *text, struct kf_text *out)
{
    const unsigned char *at = (const unsigned char *)text;
    size_t bytes = 0;
    kf_text_add_char(out, '"');
    for (; *at; at += bytes) {
        unsigned character = character_at(at, &bytes);
        if (character == '"' || character == '\\') {
            kf_text_add_format(out, "\\%c", (char)character);
        } else if (character < ' ' || character > '~') {
            kf_text_add_format(out, "\\U%08x", character);
        } else {
            kf_text_add_char(out, (char)character);
        }
    }
    kf_text_add_char(out, '"');
}
