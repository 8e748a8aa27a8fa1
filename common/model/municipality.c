#include "common/model/municipality.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/arena.h"
#include "common/base/lines.h"
#include "common/base/memory.h"
#include "common/base/text.h"

#define HEADER          "municipality,name,valid_from,valid_to"
#define COLUMNS         4
#define CODES           10000
#define SPELLS_MAX      ((size_t)20000)
#define LINE_BYTES_MAX  ((size_t)1024)
#define FILE_BYTES_MAX  ((uint64_t)4 * 1024 * 1024)
#define ARENA_BYTES_MAX ((size_t)8 * 1024 * 1024)

struct kf_municipalities {
    struct kf_arena *arena;
    struct kf_municipality *all; /* by code, then from_year */
    size_t count;
    uint16_t first[CODES + 1]; /* the spells of code c are all[first[c] … first[c + 1]) */
};

/* A row of the file. */
struct spell {
    struct kf_municipality municipality;
    uint64_t line;
};

struct reader {
    const char *path;
    struct kf_arena *arena;
    struct kf_findings *findings;
    struct kf_error *err;
    struct spell *spells;
    size_t count;
    size_t room;
    uint64_t line;
};

struct field {
    const char *text;
    size_t length;
};

static void tell(const struct reader *reader, const char *column, const struct field *field,
                 const char *remedy, const char *problem)
{
    char cell[64] = "";
    size_t length = field ? field->length : 0;
    length = length < sizeof cell ? length : sizeof cell - 1;
    while (length > 0 && !kf_text_is_utf8(field->text, length)) {
        length--;
    }
    if (length > 0) {
        memcpy(cell, field->text, length);
    }
    struct kf_place place = {
        .file = reader->path, .line = reader->line, .variable = column, .cell = cell};
    kf_findings_add(reader->findings, &place, remedy, "%s", problem);
}

/* Splits at commas; false when there are not exactly COLUMNS fields. */
static bool split(const char *line, size_t length, struct field fields[COLUMNS])
{
    size_t count = 0;
    size_t start = 0;
    for (size_t i = 0; i <= length; i++) {
        if (i < length && line[i] != ',') {
            continue;
        }
        if (count == COLUMNS) {
            return false;
        }
        fields[count++] = (struct field){line + start, i - start};
        start = i + 1;
    }
    return count == COLUMNS;
}

/* A date as year × 10000 + month × 100 + day. */
static bool parse_date(const struct field *field, unsigned long *date)
{
    unsigned long year = 0;
    unsigned long month = 0;
    unsigned long day = 0;
    const char *text = field->text;
    if (field->length != 10 || text[4] != '-' || text[7] != '-' ||
        !kf_text_to_unsigned(text, 4, 9999, &year) ||
        !kf_text_to_unsigned(text + 5, 2, 12, &month) ||
        !kf_text_to_unsigned(text + 8, 2, 31, &day) || month == 0 || day == 0) {
        return false;
    }
    *date = year * 10000 + month * 100 + day;
    return true;
}

static bool parse_code(const struct field *field, char code[KF_MUNICIPALITY_SIZE])
{
    unsigned long number = 0;
    if (field->length != KF_MUNICIPALITY_SIZE - 1 ||
        !kf_text_to_unsigned(field->text, field->length, CODES - 1, &number)) {
        return false;
    }
    memcpy(code, field->text, field->length);
    code[field->length] = '\0';
    return true;
}

/* Fills the years; false when a date cannot be read or the spell ends before it begins. */
static bool parse_years(const struct reader *reader, const struct field fields[COLUMNS],
                        struct kf_municipality *municipality)
{
    static const char *const remedy = "write a date as 2020-01-01";
    unsigned long from = 0;
    unsigned long to = 0;
    bool open = fields[3].length == 0;
    bool from_read = parse_date(&fields[2], &from);
    bool to_read = open || parse_date(&fields[3], &to);
    if (!from_read) {
        tell(reader, "valid_from", &fields[2], remedy, "is not a date");
    }
    if (!to_read) {
        tell(reader, "valid_to", &fields[3], remedy, "is not a date");
    }
    if (from_read && to_read && !open && to <= from) {
        tell(reader, "valid_to", &fields[3], "swap the dates", "is not after valid_from");
        return false;
    }
    /* A spell that ends on 1 January was last valid on the 1 January before. */
    bool ends_new_year = to % 10000 == 101;
    municipality->from_year = (int)(from / 10000);
    municipality->to_year = open ? INT_MAX : (int)(to / 10000) - (ends_new_year ? 1 : 0);
    return from_read && to_read;
}

static bool parse_row(const struct reader *reader, const struct field fields[COLUMNS],
                      struct kf_municipality *municipality)
{
    bool code_read = parse_code(&fields[0], municipality->code);
    if (!code_read) {
        tell(reader, "municipality", &fields[0], "write the four digits with leading zeros",
             "is not a municipality code");
    }
    bool named = fields[1].length > 0 && kf_text_is_utf8(fields[1].text, fields[1].length) &&
                 !memchr(fields[1].text, '"', fields[1].length);
    if (!named) {
        tell(reader, "name", &fields[1], "write the name in UTF-8 without quotes", "is not a name");
    }
    bool dated = parse_years(reader, fields, municipality);
    return code_read && named && dated;
}

static enum kf_err no_memory(const struct reader *reader)
{
    return kf_error_set(reader->err, KF_ERR_MEMORY, "no memory for the municipalities of %s",
                        reader->path);
}

static enum kf_err add_spell(struct reader *reader, const struct kf_municipality *municipality)
{
    if (reader->count == reader->room) {
        size_t room = reader->room ? reader->room * 2 : 512;
        struct spell *grown = kf_realloc(reader->spells, room * sizeof *grown);
        if (!grown) {
            return no_memory(reader);
        }
        reader->spells = grown;
        reader->room = room;
    }
    reader->spells[reader->count++] = (struct spell){*municipality, reader->line};
    return KF_OK;
}

static enum kf_err take_line(struct reader *reader, const char *line, size_t length)
{
    if (reader->line == 1) {
        if (length != strlen(HEADER) || memcmp(line, HEADER, length) != 0) {
            struct field header = {line, length};
            tell(reader, NULL, &header, "write " HEADER, "is not the header of the register");
        }
        return KF_OK;
    }
    struct field fields[COLUMNS];
    if (!split(line, length, fields)) {
        tell(reader, NULL, NULL, "write " HEADER " and no other comma",
             "the row does not have four fields");
        return KF_OK;
    }
    struct kf_municipality municipality = {0};
    if (!parse_row(reader, fields, &municipality)) {
        return KF_OK;
    }
    if (reader->count == SPELLS_MAX) {
        return kf_error_set(reader->err, KF_ERR_LIMIT, "%s: more than %zu rows", reader->path,
                            SPELLS_MAX);
    }
    municipality.name = kf_arena_strndup(reader->arena, fields[1].text, fields[1].length);
    return municipality.name ? add_spell(reader, &municipality) : no_memory(reader);
}

static enum kf_err read_lines(struct reader *reader)
{
    struct kf_lines *lines = NULL;
    struct kf_lines_options options = {.line_bytes_max = LINE_BYTES_MAX,
                                       .file_bytes_max = FILE_BYTES_MAX};
    enum kf_err code = kf_lines_open(reader->path, &options, &lines, reader->err);
    while (code == KF_OK) {
        const char *line = NULL;
        size_t length = 0;
        code = kf_lines_next(lines, &line, &length, reader->err);
        if (code == KF_OK) {
            reader->line = kf_lines_number(lines);
            code = take_line(reader, line, length);
        }
    }
    kf_lines_destroy(&lines);
    return code == KF_ERR_AGAIN ? KF_OK : code;
}

static int compare_spells(const void *left, const void *right)
{
    const struct spell *a = left;
    const struct spell *b = right;
    int order = strcmp(a->municipality.code, b->municipality.code);
    if (order) {
        return order;
    }
    int a_year = a->municipality.from_year;
    int b_year = b->municipality.from_year;
    return a_year != b_year ? (a_year > b_year) - (a_year < b_year)
                            : (a->line > b->line) - (a->line < b->line);
}

/* Within one code a spell may begin in the year in which the one before ends, not earlier. */
static void check_overlaps(struct reader *reader)
{
    for (size_t i = 1; i < reader->count; i++) {
        const struct kf_municipality *before = &reader->spells[i - 1].municipality;
        const struct kf_municipality *spell = &reader->spells[i].municipality;
        if (strcmp(before->code, spell->code) == 0 && spell->from_year < before->to_year) {
            struct field code = {spell->code, strlen(spell->code)};
            reader->line = reader->spells[i].line;
            tell(reader, "valid_from", &code, "end the earlier row where the later one begins",
                 "the code has another row for the same time");
        }
    }
}

/* Moves the sorted spells into the register and indexes them by code. */
static enum kf_err fill_register(struct reader *reader, struct kf_municipalities *self)
{
    self->all = kf_arena_calloc(self->arena, reader->count, sizeof *self->all);
    if (!self->all) {
        return no_memory(reader);
    }
    self->count = reader->count;
    size_t code = 0;
    for (size_t i = 0; i < self->count; i++) {
        self->all[i] = reader->spells[i].municipality;
        unsigned long number = 0;
        (void)kf_text_to_unsigned(self->all[i].code, KF_MUNICIPALITY_SIZE - 1, CODES - 1, &number);
        while (code <= number) {
            self->first[code++] = (uint16_t)i;
        }
    }
    while (code <= CODES) {
        self->first[code++] = (uint16_t)self->count;
    }
    return KF_OK;
}

static enum kf_err read_register(struct reader *reader, struct kf_municipalities *self)
{
    uint64_t before = kf_findings_count(reader->findings);
    enum kf_err code = read_lines(reader);
    if (code != KF_OK) {
        return code;
    }
    if (reader->count > 0) {
        qsort(reader->spells, reader->count, sizeof *reader->spells, compare_spells);
    } else if (kf_findings_count(reader->findings) == before) {
        reader->line = 0;
        tell(reader, NULL, NULL, "write " HEADER " and rows below it", "the register is empty");
    }
    check_overlaps(reader);
    if (kf_findings_count(reader->findings) > before) {
        return kf_error_set(reader->err, KF_ERR_CONFIG, "%s has faults", reader->path);
    }
    return fill_register(reader, self);
}

enum kf_err kf_municipalities_read(const char *path, struct kf_municipalities **register_,
                                   struct kf_findings *findings, struct kf_error *err)
{
    struct reader reader = {.path = path, .findings = findings, .err = err};
    struct kf_municipalities *self = kf_calloc(1, sizeof *self);
    if (self) {
        self->arena = kf_arena_new(ARENA_BYTES_MAX);
        reader.arena = self->arena;
    }
    enum kf_err code = reader.arena ? read_register(&reader, self) : no_memory(&reader);
    kf_free(reader.spells);
    if (code != KF_OK) {
        kf_municipalities_destroy(&self);
        return code;
    }
    *register_ = self;
    return KF_OK;
}

void kf_municipalities_destroy(struct kf_municipalities **self)
{
    if (self && *self) {
        kf_arena_destroy(&(*self)->arena);
        kf_free(*self);
        *self = NULL;
    }
}

/* The spells of `code`; none when it is not four digits. */
static const struct kf_municipality *spells_of(const struct kf_municipalities *self,
                                               const char *code, size_t *count)
{
    unsigned long number = 0;
    size_t length = strlen(code);
    *count = 0;
    if (length != KF_MUNICIPALITY_SIZE - 1 ||
        !kf_text_to_unsigned(code, length, CODES - 1, &number)) {
        return NULL;
    }
    *count = (size_t)self->first[number + 1] - self->first[number];
    return &self->all[self->first[number]];
}

const struct kf_municipality *kf_municipalities_find(const struct kf_municipalities *self,
                                                     const char *code, int year)
{
    size_t count = 0;
    const struct kf_municipality *spells = spells_of(self, code, &count);
    for (size_t i = 0; i < count; i++) {
        if (spells[i].from_year <= year && year <= spells[i].to_year) {
            return &spells[i];
        }
    }
    return NULL;
}

const struct kf_municipality *kf_municipalities_ever(const struct kf_municipalities *self,
                                                     const char *code)
{
    size_t count = 0;
    const struct kf_municipality *spells = spells_of(self, code, &count);
    return count > 0 ? &spells[count - 1] : NULL;
}

const struct kf_municipality *kf_municipalities_all(const struct kf_municipalities *self,
                                                    size_t *count)
{
    *count = self->count;
    return self->all;
}
