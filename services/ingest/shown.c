#include "services/ingest/shown.h"

#include <string.h>

#include "common/base/text.h"

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
        unsigned char byte = (unsigned char)text[i];
        shown[i] = byte < 0x20 || byte == 0x7f ? '?' : text[i];
    }
    shown[keep] = '\0';
    if (!kf_text_is_utf8(shown, keep)) {
        for (size_t i = 0; i < keep; i++) {
            shown[i] = (unsigned char)shown[i] < 0x80 ? shown[i] : '?';
        }
    }
    return shown;
}
