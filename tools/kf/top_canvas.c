#include "tools/kf/top_canvas.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define PIECE_BYTES_MAX 1024

static const char *const codes[] = {
    [KF_TOP_PLAIN] = "",         [KF_TOP_BOLD] = "\033[1m",    [KF_TOP_DIM] = "\033[2m",
    [KF_TOP_GREEN] = "\033[32m", [KF_TOP_YELLOW] = "\033[33m", [KF_TOP_RED] = "\033[31m",
};

static bool is_start(char byte)
{
    return ((unsigned char)byte & 0xc0) != 0x80;
}

size_t kf_top_width(const char *text)
{
    size_t width = 0;
    for (; *text; text++) {
        width += is_start(*text);
    }
    return width;
}

/* How many bytes the first `width` characters take. */
static size_t bytes_of(const char *text, size_t width)
{
    size_t at = 0;
    size_t seen = 0;
    while (text[at]) {
        seen += is_start(text[at]);
        if (seen > width) {
            break;
        }
        at++;
    }
    return at;
}

/* A row is written only where the screen has it. */
static bool is_shown(const struct kf_top_canvas *self)
{
    return self->rows == 0 || self->row < self->rows;
}

static void add(struct kf_top_canvas *self, enum kf_top_colour colour, const char *piece,
                size_t length)
{
    bool coloured = self->colour && colour != KF_TOP_PLAIN;
    if (length == 0 || !is_shown(self)) {
        return;
    }
    kf_text_add(self->text, coloured ? codes[colour] : "");
    kf_text_add_bytes(self->text, piece, length);
    kf_text_add(self->text, coloured ? "\033[0m" : "");
}

void kf_top_put(struct kf_top_canvas *self, enum kf_top_colour colour, const char *piece)
{
    char clean[PIECE_BYTES_MAX];
    if (self->cut) {
        return;
    }
    if (snprintf(clean, sizeof clean, "%s", piece) >= (int)sizeof clean) {
        clean[kf_text_whole(clean, strlen(clean))] = '\0';
    }
    kf_text_defuse(clean);
    size_t room = self->columns - self->column;
    size_t width = kf_top_width(clean);
    self->cut = width > room;
    if (!self->cut) {
        add(self, colour, clean, strlen(clean));
        self->column += width;
        return;
    }
    if (room > 0) {
        add(self, colour, clean, bytes_of(clean, room - 1));
        add(self, KF_TOP_PLAIN, "…", strlen("…"));
    }
    self->column = self->columns;
}

void kf_top_put_format(struct kf_top_canvas *self, const char *format, ...)
{
    char piece[PIECE_BYTES_MAX];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(piece, sizeof piece, format, args);
    va_end(args);
    kf_top_put(self, KF_TOP_PLAIN, piece);
}

void kf_top_pad(struct kf_top_canvas *self, size_t column)
{
    while (self->column < column && !self->cut) {
        kf_top_put(self, KF_TOP_PLAIN, " ");
    }
}

void kf_top_end(struct kf_top_canvas *self)
{
    if (is_shown(self)) {
        kf_text_add(self->text, self->end);
    }
    self->row++;
    self->column = 0;
    self->cut = false;
}
