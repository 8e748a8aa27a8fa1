#include "common/model/municipality.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/arena.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/model/register_csv.h"

#define HEADER          "municipality,name,valid_from,valid_to"
#define COLUMNS         4
#define SPELLS_MAX      ((size_t)20000)
#define ARENA_BYTES_MAX ((size_t)8 * 1024 * 1024)

bool kf_municipality_parse(const char *text, size_t length, uint16_t *number)
{
    unsigned long value = 0;
    if (length != KF_MUNICIPALITY_SIZE - 1 ||
        !kf_text_to_unsigned(text, length, KF_CODES - 1, &value)) {
        return false;
    }
    *number = (uint16_t)value;
    return true;
}

void kf_municipality_print(unsigned number, char code[KF_MUNICIPALITY_SIZE])
{
    (void)snprintf(code, KF_MUNICIPALITY_SIZE, "%04u", number % KF_CODES);
}

struct kf_municipalities {
    struct kf_arena *arena;
    struct kf_municipality *all; /* by code, then from_year */
    size_t count;
    uint16_t first[KF_CODES + 1]; /* the spells of code c are all[first[c] … first[c + 1]) */
};

/* A row of the file. */
struct spell {
    struct kf_municipality municipality;
    uint64_t line;
};

struct reader {
    struct kf_register_csv *csv;
    struct kf_arena *arena;
    struct spell *spells;
    size_t count;
    size_t room;
};

/* A date as year × 10000 + month × 100 + day. */
static bool parse_date(const struct kf_field *field, unsigned long *date)
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

/* Fills the years; false when a date cannot be read or the spell ends before it begins. */
static bool parse_years(const struct kf_register_csv *csv, const struct kf_field *fields,
                        struct kf_municipality *municipality)
{
    static const char *const remedy = "write a date as 2020-01-01";
    unsigned long from = 0;
    unsigned long to = 0;
    bool open = fields[3].length == 0;
    bool from_read = parse_date(&fields[2], &from);
    bool to_read = open || parse_date(&fields[3], &to);
    if (!from_read) {
        kf_register_csv_tell(csv, "valid_from", &fields[2], remedy, "is not a date");
    }
    if (!to_read) {
        kf_register_csv_tell(csv, "valid_to", &fields[3], remedy, "is not a date");
    }
    if (from_read && to_read && !open && to <= from) {
        kf_register_csv_tell(csv, "valid_to", &fields[3], "swap the dates",
                             "is not after valid_from");
        return false;
    }
    /* A spell that ends on 1 January was last valid on the 1 January before. */
    bool ends_new_year = to % 10000 == 101;
    municipality->from_year = (int)(from / 10000);
    municipality->to_year = open ? INT_MAX : (int)(to / 10000) - (ends_new_year ? 1 : 0);
    return from_read && to_read;
}

static bool parse_row(const struct kf_register_csv *csv, const struct kf_field *fields,
                      struct kf_municipality *municipality)
{
    bool code_read = kf_register_csv_code(csv, "municipality", &fields[0], municipality->code,
                                          &municipality->number);
    bool named = fields[1].length > 0 && kf_text_is_utf8(fields[1].text, fields[1].length) &&
                 !memchr(fields[1].text, '"', fields[1].length);
    if (!named) {
        kf_register_csv_tell(csv, "name", &fields[1], "write the name in UTF-8 without quotes",
                             "is not a name");
    }
    bool dated = parse_years(csv, fields, municipality);
    return code_read && named && dated;
}

static enum kf_err no_memory(const struct kf_register_csv *csv)
{
    return kf_error_set(csv->err, KF_ERR_MEMORY, "no memory for the municipalities of %s",
                        csv->path);
}

static enum kf_err add_spell(struct reader *reader, const struct kf_municipality *municipality)
{
    if (reader->count == reader->room) {
        size_t room = reader->room ? reader->room * 2 : 512;
        struct spell *grown = kf_realloc(reader->spells, room * sizeof *grown);
        if (!grown) {
            return no_memory(reader->csv);
        }
        reader->spells = grown;
        reader->room = room;
    }
    reader->spells[reader->count++] = (struct spell){*municipality, reader->csv->line};
    return KF_OK;
}

static enum kf_err take_row(struct kf_register_csv *csv, const struct kf_field *fields,
                            void *context)
{
    struct reader *reader = context;
    struct kf_municipality municipality = {0};
    if (!parse_row(csv, fields, &municipality)) {
        return KF_OK;
    }
    municipality.name = kf_arena_strndup(reader->arena, fields[1].text, fields[1].length);
    return municipality.name ? add_spell(reader, &municipality) : no_memory(csv);
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
static void check_overlaps(const struct reader *reader)
{
    for (size_t i = 1; i < reader->count; i++) {
        const struct kf_municipality *before = &reader->spells[i - 1].municipality;
        const struct kf_municipality *spell = &reader->spells[i].municipality;
        if (strcmp(before->code, spell->code) == 0 && spell->from_year < before->to_year) {
            struct kf_field code = {spell->code, strlen(spell->code)};
            reader->csv->line = reader->spells[i].line;
            kf_register_csv_tell(reader->csv, "valid_from", &code,
                                 "end the earlier row where the later one begins",
                                 "the code has another row for the same time");
        }
    }
}

static void finish(struct kf_register_csv *csv, void *context)
{
    const struct reader *reader = context;
    (void)csv;
    if (reader->count > 0) {
        qsort(reader->spells, reader->count, sizeof *reader->spells, compare_spells);
    }
    check_overlaps(reader);
}

/* Moves the sorted spells into the register and indexes them by code. */
static enum kf_err fill_register(struct reader *reader, struct kf_municipalities *self)
{
    self->all = kf_arena_calloc(self->arena, reader->count, sizeof *self->all);
    if (!self->all) {
        return no_memory(reader->csv);
    }
    self->count = reader->count;
    size_t code = 0;
    for (size_t i = 0; i < self->count; i++) {
        self->all[i] = reader->spells[i].municipality;
        while (code <= self->all[i].number) {
            self->first[code++] = (uint16_t)i;
        }
    }
    while (code <= KF_CODES) {
        self->first[code++] = (uint16_t)self->count;
    }
    return KF_OK;
}

enum kf_err kf_municipalities_read(const char *path, struct kf_municipalities **register_,
                                   struct kf_findings *findings, struct kf_error *err)
{
    struct reader reader = {0};
    struct kf_register_csv csv = {.path = path,
                                  .header = HEADER,
                                  .columns = COLUMNS,
                                  .rows_max = SPELLS_MAX,
                                  .findings = findings,
                                  .err = err,
                                  .take = take_row,
                                  .finish = finish,
                                  .context = &reader};
    reader.csv = &csv;
    struct kf_municipalities *self = kf_calloc(1, sizeof *self);
    if (self) {
        self->arena = kf_arena_new(ARENA_BYTES_MAX);
        reader.arena = self->arena;
    }
    enum kf_err code = reader.arena ? kf_register_csv_read(&csv) : no_memory(&csv);
    if (code == KF_OK) {
        code = fill_register(&reader, self);
    }
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
    uint16_t number = 0;
    *count = 0;
    if (!kf_municipality_parse(code, strlen(code), &number)) {
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

size_t kf_municipalities_count(const struct kf_municipalities *self, int year)
{
    size_t count = 0;
    const char *last = ""; /* a code that got another name during the year has two spells */
    for (size_t i = 0; i < self->count; i++) {
        const struct kf_municipality *spell = &self->all[i];
        if (spell->from_year <= year && year <= spell->to_year && strcmp(spell->code, last) != 0) {
            last = spell->code;
            count++;
        }
    }
    return count;
}

int kf_municipalities_newest(const struct kf_municipalities *self)
{
    int newest = 0;
    for (size_t i = 0; i < self->count; i++) {
        newest = self->all[i].from_year > newest ? self->all[i].from_year : newest;
    }
    return newest;
}

const struct kf_municipality *kf_municipalities_all(const struct kf_municipalities *self,
                                                    size_t *count)
{
    *count = self->count;
    return self->all;
}
