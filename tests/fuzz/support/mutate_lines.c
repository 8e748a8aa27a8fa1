/* A mutator for texts of lines (YAML, CSV, settings, heads of HTTP): besides libFuzzer's own
 * changes it takes away, doubles, moves and indents whole lines, and replaces the value behind a
 * colon, an equals sign or a comma, so that what comes out is still mostly such a text. */
#include <stdbool.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"

#define LINES_MAX 4096

/* A text as lines, each with its line end. */
struct lines {
    struct line {
        size_t start;
        size_t length;
    } list[LINES_MAX];
    size_t count;
};

static uint32_t next(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static void split(const uint8_t *data, size_t size, struct lines *lines)
{
    lines->count = 0;
    for (size_t at = 0; at < size && lines->count < LINES_MAX;) {
        const uint8_t *end = memchr(data + at, '\n', size - at);
        size_t length = end ? (size_t)(end - data) + 1 - at : size - at;
        lines->list[lines->count++] = (struct line){at, length};
        at += length;
    }
}

/* Puts `length` bytes in place of `old` bytes at `at`; the size, unchanged when there is no room.
 */
static size_t splice(uint8_t *data, size_t size, size_t size_max, struct line place,
                     const uint8_t *bytes, size_t length)
{
    if (size - place.length + length > size_max) {
        return size;
    }
    memmove(data + place.start + length, data + place.start + place.length,
            size - place.start - place.length);
    memcpy(data + place.start, bytes, length);
    return size - place.length + length;
}

/* Copies line `from` before line `to`. */
static size_t copy_line(uint8_t *data, size_t size, size_t size_max, const struct line *from,
                        const struct line *to)
{
    uint8_t copy[4096];
    size_t length = from->length < sizeof copy ? from->length : sizeof copy;
    memcpy(copy, data + from->start, length);
    return splice(data, size, size_max, (struct line){to->start, 0}, copy, length);
}

static size_t indent(uint8_t *data, size_t size, size_t size_max, const struct line *line,
                     uint32_t draw)
{
    if (draw % 2 && data[line->start] == ' ') {
        size_t spaces = line->length > 1 && data[line->start + 1] == ' ' ? 2 : 1;
        return splice(data, size, size_max, (struct line){line->start, spaces}, data, 0);
    }
    return splice(data, size, size_max, (struct line){line->start, 0}, (const uint8_t *)"  ", 2);
}

/* Where the value of a line begins: behind its last or first separator. */
static struct line value_of(const uint8_t *data, const struct line *line, uint32_t draw)
{
    struct line value = {line->start, line->length};
    bool last = draw % 2;
    for (size_t i = 0; i < line->length; i++) {
        uint8_t c = data[line->start + i];
        bool separates = c == ':' || c == '=' || c == ',' || c == '[' || c == '{' || c == ' ';
        if (separates && (last || value.start == line->start)) {
            value = (struct line){line->start + i + 1, line->length - i - 1};
        }
    }
    while (value.length > 0 && strchr("\r\n", data[value.start + value.length - 1])) {
        value.length--;
    }
    return value;
}

static size_t replace_value(uint8_t *data, size_t size, size_t size_max, const struct line *line,
                            const struct line *other, uint32_t draw)
{
    static const char *const values[] = {
        "",       "0",        "1",   "-1", "1e308", "99999999999999999999",
        "null",   "true",     "[]",  "{}", "\"\"",  "\"0301\"",
        "0.5",    "2015",     "all", "~",  "a_b",   "[1, 2]",
        "{a: 1}", "\xc3\xa6",
    };
    struct line value = value_of(data, line, draw);
    uint8_t copy[1024];
    if (draw % 3 == 0) {
        struct line from = value_of(data, other, draw >> 3);
        size_t length = from.length < sizeof copy ? from.length : sizeof copy;
        memcpy(copy, data + from.start, length);
        return splice(data, size, size_max, value, copy, length);
    }
    const char *text = values[(draw >> 4) % (sizeof values / sizeof values[0])];
    return splice(data, size, size_max, value, (const uint8_t *)text, strlen(text));
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t size_max, unsigned seed)
{
    static struct lines lines;
    uint32_t state = seed;
    uint32_t kind = next(&state) % 10;
    split(data, size, &lines);
    if (kind < 4 || lines.count == 0) {
        return LLVMFuzzerMutate(data, size, size_max);
    }
    const struct line *one = &lines.list[next(&state) % lines.count];
    const struct line *two = &lines.list[next(&state) % lines.count];
    switch (kind) {
    case 4:
        return splice(data, size, size_max, *one, data, 0);
    case 5:
        return copy_line(data, size, size_max, one, two);
    case 6:
        return indent(data, size, size_max, one, next(&state));
    default:
        return replace_value(data, size, size_max, one, two, next(&state));
    }
}
