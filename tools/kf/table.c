#include "tools/kf/table.h"

#include <stdio.h>
#include <string.h>

#include "common/base/arena.h"
#include "common/base/memory.h"

#define BYTES_MAX         ((size_t)64 * 1024 * 1024)
#define NUMBER_SIZE       64
#define DECIMALS_MAX      10
#define GAP               2
#define HEADING_LINES_MAX 16

struct column {
    const char *heading;
    enum kf_table_align align;
    size_t text_width;
    size_t mark_width;
};

struct cell {
    const char *text;
    const char *mark;
};

/* A line of cells, kept in a list. */
struct row {
    struct row *next;
    size_t length;
    struct cell cells[];
};

struct kf_table {
    struct kf_arena *arena;
    struct column columns[KF_TABLE_COLUMNS_MAX];
    size_t columns_len;
    struct row *first;
    struct row *last;
    size_t rows;
    bool failed;
};

struct kf_table *kf_table_new(void)
{
    struct kf_table *self = kf_calloc(1, sizeof *self);
    if (!self) {
        return NULL;
    }
    self->arena = kf_arena_new(BYTES_MAX);
    if (!self->arena) {
        kf_free(self);
        return NULL;
    }
    return self;
}

void kf_table_destroy(struct kf_table **self)
{
    if (*self) {
        kf_arena_destroy(&(*self)->arena);
        kf_free(*self);
        *self = NULL;
    }
}

/* --- widths ---------------------------------------------------------------------------------- */

/* Characters among the first `length` bytes of UTF-8. */
static size_t width_of(const char *text, size_t length)
{
    size_t width = 0;
    for (size_t i = 0; i < length; i++) {
        width += ((unsigned char)text[i] & 0xc0) != 0x80;
    }
    return width;
}

static size_t width(const char *text)
{
    return width_of(text, strlen(text));
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* The next line of a heading: as many words as fit, one at least. Returns the bytes of it and moves
 * `*rest` behind it and its space. */
static size_t heading_line(const char **rest, const char **line)
{
    const char *start = *rest;
    size_t length = strcspn(start, " ");
    while (start[length] == ' ') {
        size_t word = length + 1 + strcspn(start + length + 1, " ");
        if (width_of(start, word) > KF_TABLE_HEADING_MAX) {
            break;
        }
        length = word;
    }
    *line = start;
    *rest = start + length + (start[length] == ' ');
    return length;
}

static size_t heading_width(const char *heading)
{
    size_t widest = 0;
    const char *line = NULL;
    while (*heading) {
        size_t length = heading_line(&heading, &line);
        widest = larger(widest, width_of(line, length));
    }
    return widest;
}

/* --- filling --------------------------------------------------------------------------------- */

void kf_table_add_column(struct kf_table *self, const char *heading, enum kf_table_align align)
{
    const char *copy = kf_arena_strdup(self->arena, heading);
    if (!copy || self->columns_len == KF_TABLE_COLUMNS_MAX || self->rows > 0) {
        self->failed = true;
        return;
    }
    self->columns[self->columns_len++] = (struct column){copy, align, heading_width(copy), 0};
}

/* The row that takes the next cell, or NULL. */
static struct row *open_row(struct kf_table *self)
{
    if (self->last && self->last->length < self->columns_len) {
        return self->last;
    }
    size_t cells = self->columns_len * sizeof(struct cell);
    struct row *row = self->rows < KF_TABLE_ROWS_MAX && cells > 0
                          ? kf_arena_alloc(self->arena, sizeof *row + cells)
                          : NULL;
    if (!row) {
        return NULL;
    }
    if (self->last) {
        self->last->next = row;
    } else {
        self->first = row;
    }
    self->last = row;
    self->rows++;
    return row;
}

void kf_table_add_cell(struct kf_table *self, const char *text, const char *mark)
{
    struct row *row = self->failed ? NULL : open_row(self);
    struct cell cell = {kf_arena_strdup(self->arena, text), kf_arena_strdup(self->arena, mark)};
    if (!row || !cell.text || !cell.mark) {
        self->failed = true;
        return;
    }
    struct column *column = &self->columns[row->length];
    column->text_width = larger(column->text_width, width(text));
    column->mark_width = larger(column->mark_width, width(mark));
    row->cells[row->length++] = cell;
}

void kf_table_add_number(struct kf_table *self, double number, int decimals, const char *mark)
{
    char digits[NUMBER_SIZE];
    int places = decimals < 0 ? 0 : decimals > DECIMALS_MAX ? DECIMALS_MAX : decimals;
    int length = snprintf(digits, sizeof digits, "%.*f", places, number);
    if (length < 0 || (size_t)length >= sizeof digits) {
        (void)snprintf(digits, sizeof digits, "%.*e", places, number);
    }
    bool zero = strspn(digits, "-0.") == strlen(digits);
    kf_table_add_cell(self, zero && digits[0] == '-' ? digits + 1 : digits, mark);
}

/* --- printing -------------------------------------------------------------------------------- */

/* Text of a line in the making; spaces wait until something follows them. */
struct line {
    struct kf_text *text;
    size_t spaces;
};

static void add_padded(struct line *line, const char *bytes, size_t length)
{
    if (length == 0) {
        return;
    }
    for (; line->spaces > 0; line->spaces--) {
        kf_text_add_char(line->text, ' ');
    }
    kf_text_add_bytes(line->text, bytes, length);
}

/* `length` bytes and a mark in the width of the column. */
static void add_in_column(struct line *line, const struct column *column, const char *bytes,
                          size_t length, const char *mark)
{
    size_t pad = column->text_width - width_of(bytes, length);
    size_t mark_pad = column->mark_width - width(mark);
    if (column->align == KF_TABLE_RIGHT) {
        line->spaces += pad;
    }
    add_padded(line, bytes, length);
    add_padded(line, mark, strlen(mark));
    line->spaces += mark_pad + (column->align == KF_TABLE_LEFT ? pad : 0) + GAP;
}

/* One line of all headings; true when any had something left for it. */
static bool add_heading_line(const struct kf_table *self, const char **rests, struct kf_text *text)
{
    struct line line = {text, GAP};
    bool any = false;
    for (size_t i = 0; i < self->columns_len; i++) {
        const char *bytes = "";
        size_t length = *rests[i] ? heading_line(&rests[i], &bytes) : 0;
        any = any || length > 0;
        add_in_column(&line, &self->columns[i], bytes, length, "");
    }
    return any;
}

static void add_headings(const struct kf_table *self, const char *on, const char *off,
                         struct kf_text *text)
{
    const char *rests[KF_TABLE_COLUMNS_MAX];
    for (size_t i = 0; i < self->columns_len; i++) {
        rests[i] = self->columns[i].heading;
    }
    for (size_t lines = 0; lines < HEADING_LINES_MAX; lines++) {
        size_t before = text->length;
        kf_text_add(text, on);
        if (!add_heading_line(self, rests, text)) {
            text->length = before;
            text->bytes[before] = '\0';
            return;
        }
        kf_text_add(text, off);
        kf_text_add_char(text, '\n');
    }
}

static void add_row(const struct kf_table *self, const struct row *row, struct kf_text *text)
{
    struct line line = {text, GAP};
    for (size_t i = 0; i < row->length; i++) {
        const struct cell *cell = &row->cells[i];
        add_in_column(&line, &self->columns[i], cell->text, strlen(cell->text), cell->mark);
    }
    kf_text_add_char(text, '\n');
}

enum kf_err kf_table_print(const struct kf_table *self, const char *on, const char *off,
                           struct kf_text *text, struct kf_error *err)
{
    if (!self->failed) {
        add_headings(self, on, off, text);
        for (const struct row *row = self->first; row; row = row->next) {
            add_row(self, row, text);
        }
    }
    if (self->failed || text->failed) {
        return kf_error_set(err, KF_ERR_MEMORY, "the table does not fit into memory");
    }
    return KF_OK;
}
