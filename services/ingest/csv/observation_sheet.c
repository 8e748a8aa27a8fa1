#include "services/ingest/csv/observation_sheet.h"

#include <string.h>
#include <strings.h>

#include "common/base/text.h"
#include "services/ingest/csv/sheet_figure.h"
#include "services/ingest/csv/sheet_text.h"

#define SEPARATORS ",;\t"

/* --- which separator ------------------------------------------------------------------------- */

char kf_sheet_separator(const char *line, size_t length)
{
    bool quoted = false;
    bool seen[sizeof SEPARATORS] = {false};
    for (size_t i = 0; i < length; i++) {
        const char *found = line[i] ? strchr(SEPARATORS, line[i]) : NULL;
        quoted = quoted != (line[i] == '"');
        if (found && !quoted) {
            seen[found - SEPARATORS] = true;
        }
    }
    if (seen[0] || (!seen[1] && !seen[2])) {
        return ',';
    }
    if (seen[1] && seen[2]) {
        return '\0';
    }
    return seen[1] ? ';' : '\t';
}

bool kf_sheet_names_separator(const char *line, size_t length, char *separator)
{
    while (length > 5 && strchr(SEPARATORS, line[length - 1]) && line[length - 1] != '\0') {
        length--; /* as a sheet of two columns is saved */
    }
    if (length != 5 || strncasecmp(line, "sep=", 4) != 0 || line[4] == '\0' ||
        !strchr(SEPARATORS, line[4])) {
        return false;
    }
    *separator = line[4];
    return true;
}

/* --- the header ------------------------------------------------------------------------------ */

static const char *english_for(const struct kf_csv_field *field)
{
    static const struct {
        const char *norwegian;
        const char *english;
    } names[] = {
        {"kommune", "municipality"},
        {"kommunenr", "municipality"},
        {"kommunenr.", "municipality"},
        {"komm.nr", "municipality"},
        {"komm.nr.", "municipality"},
        {"kommunenummer", "municipality"},
        {"region", "municipality"},
        {"\xc3\xa5r", "year"},
        {"\xc3\x85r", "year"},
        {"aar", "year"},
        {"variabel", "variable"},
        {"verdi", "value"},
        {"enhet", "unit"},
        {"navn", "name"},
        {"konto", "account"},
        {"kontoklasse", "account"},
        {"funksjon", "function"},
        {"bel\xc3\xb8p", "amount"},
        {"BEL\xc3\x98P", "amount"},
        {"belop", "amount"},
        {"omfang", "scope"},
        {"alder", "age"},
        {"netto_lonnskostnad_kr", "net_wage_cost_kr"},
        {"netto l\xc3\xb8nnskostnad kr", "net_wage_cost_kr"},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (kf_csv_field_names(field, names[i].norwegian)) {
            return names[i].english;
        }
    }
    return NULL;
}

static void trim_fields(struct kf_observation_file *file, size_t kept)
{
    for (size_t i = 0; i < kept; i++) {
        kf_sheet_trim(&file->fields[i].text, &file->fields[i].length);
    }
}

size_t kf_sheet_header(struct kf_observation_file *file, size_t count)
{
    size_t kept = count < KF_OBSERVATION_FIELDS_MAX ? count : KF_OBSERVATION_FIELDS_MAX;
    trim_fields(file, kept);
    for (size_t i = 0; i < kept; i++) {
        struct kf_csv_field *field = &file->fields[i];
        const char *english = english_for(field);
        if (english && !kf_variables_find(file->row.variables, field->text, field->length)) {
            *field = (struct kf_csv_field){english, strlen(english)};
        }
    }
    while (kept == count && count > 1 && file->fields[count - 1].length == 0) {
        kept = --count;
    }
    return count;
}

/* --- rows ------------------------------------------------------------------------------------ */

/* How many fields there are without the empty ones at the end. */
static size_t filled(const struct kf_observation_file *file, size_t count)
{
    while (count > 0 && file->fields[count - 1].length == 0) {
        count--;
    }
    return count;
}

static bool tell_width(struct kf_observation_file *file, size_t count, const char *remedy)
{
    kf_observation_fault(file, remedy, "the line has %zu field%s, the header %zu", count,
                         count == 1 ? "" : "s", file->width);
    return false;
}

bool kf_sheet_row(struct kf_observation_file *file, const struct kf_sheet *sheet, size_t *count)
{
    if (*count > KF_OBSERVATION_FIELDS_MAX) {
        return tell_width(file, *count, "clear the columns behind the last one of the header");
    }
    trim_fields(file, *count);
    size_t used = filled(file, *count);
    if (used == 0) {
        *count = 0;
        return false;
    }
    if (used > file->width) {
        return tell_width(file, used,
                          "clear the columns behind the last one of the header; a text that holds "
                          "a separator needs quotes");
    }
    if (*count < file->width && file->line == sheet->cut_line) {
        return tell_width(file, *count, "the file ends in the middle of its line: save it again");
    }
    if (*count == 1 && file->width > 1) {
        return tell_width(file, *count, "leave titles and notes out of the table");
    }
    for (size_t i = *count; i < file->width; i++) {
        file->fields[i] = (struct kf_csv_field){"", 0};
    }
    *count = file->width;
    return true;
}

/* --- what the file says ---------------------------------------------------------------------- */

static void note_figure(struct kf_sheet *self, const struct kf_csv_field *cell, uint64_t line)
{
    char mark = kf_sheet_figure_mark(cell->text, cell->length);
    uint64_t *first = mark == ',' ? &self->comma_line : &self->point_line;
    if (mark != KF_SHEET_MARK_UNKNOWN && *first == 0) {
        *first = line;
    }
}

void kf_sheet_note_figures(struct kf_sheet *self, const struct kf_observation_file *file,
                           size_t count, uint64_t line)
{
    for (size_t i = 0; file->variables && i < file->width && i < count; i++) {
        if (file->variables[i]) {
            note_figure(self, &file->fields[i], line);
        }
    }
    for (size_t i = 0; !file->variables && i < KF_NAMED_COLUMNS_MAX; i++) {
        if ((file->form->figures >> i & 1U) && file->position[i] < count) {
            note_figure(self, &file->fields[file->position[i]], line);
        }
    }
}

void kf_sheet_note_text(struct kf_sheet *self, const char *line, size_t length, uint64_t number)
{
    if (kf_sheet_text_is_plain(line, length) || memchr(line, '\0', length)) {
        return;
    }
    uint64_t *first = kf_text_is_utf8(line, length) ? &self->utf8_line : &self->foreign_line;
    *first = *first ? *first : number;
}

static bool contradicts(struct kf_observation_file *file, uint64_t one, uint64_t other)
{
    file->line = one > other ? one : other;
    file->useless = one > 0 && other > 0;
    return file->useless;
}

bool kf_sheet_check(const struct kf_sheet *self, struct kf_observation_file *file)
{
    uint64_t line = file->line;
    if (contradicts(file, self->utf8_line, self->foreign_line)) {
        kf_observation_fault(file, "save the file as \"CSV UTF-8\"",
                             "line %llu is UTF-8 and line %llu is not: one file has one encoding",
                             (unsigned long long)self->utf8_line,
                             (unsigned long long)self->foreign_line);
        return false;
    }
    if (contradicts(file, self->comma_line, self->point_line)) {
        kf_observation_fault(
            file, "give all figures one format in the spreadsheet and save as CSV again",
            "line %llu has a decimal comma and line %llu a decimal point: one file "
            "has one decimal mark",
            (unsigned long long)self->comma_line, (unsigned long long)self->point_line);
        return false;
    }
    file->line = line;
    return true;
}

char kf_sheet_mark(const struct kf_sheet *self)
{
    if (self->comma_line > 0) {
        return ',';
    }
    return self->point_line > 0 ? '.' : KF_SHEET_MARK_UNKNOWN;
}
