#include "services/ingest/csv/observation_row.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "common/base/decimal.h"
#include "common/base/numbers.h"
#include "common/base/text.h"
#include "common/model/cell.h"
#include "services/ingest/csv/number_slip.h"
#include "services/ingest/csv/sheet_figure.h"
#include "services/ingest/csv/sheet_municipality.h"
#include "services/ingest/csv/sheet_slip.h"
#include "services/ingest/shown.h"

#define WHOLE_DIGITS_MAX 15 /* as a canonical figure has */
#define MARK_BYTES_MAX   2

/* The row being read. */
struct subject {
    struct kf_observation_row_reader *reader;
    const struct kf_csv_field *cells;
    uint64_t line;
    bool wide; /* the variable stands in the header, the mark in place of the value */
    struct kf_observation row;
};

static bool cell_is(const struct kf_csv_field *cell, const char *text)
{
    size_t length = strlen(text);
    return cell->length == length && memcmp(cell->text, text, length) == 0;
}

/* What findings and bounds call the figure. */
static const char *figure_name(const struct kf_observation_row_reader *reader)
{
    return reader->column ? reader->column : reader->variable->id;
}

/* Adds a finding about one cell of the row; returns false, so that a check can end with it. Once
 * the list is full it only counts, so that a file of a million faults costs no more than a sound
 * one. */
__attribute__((format(printf, 4, 5))) static bool fault(const struct subject *subject,
                                                        enum kf_csv_column which,
                                                        const char *remedy, const char *problem,
                                                        ...)
{
    struct kf_findings *findings = subject->reader->findings;
    if (findings->length == KF_FINDINGS_MAX) {
        findings->left_out++;
        return false;
    }
    char text[KF_ERROR_TEXT_MAX];
    char shown[3][KF_SHOWN_SIZE];
    const struct kf_csv_field *cells = subject->cells;
    struct kf_csv_field wide = {0};
    const struct kf_csv_field *place[3] = {&cells[KF_CSV_MUNICIPALITY], &cells[KF_CSV_VARIABLE],
                                           &cells[which]};
    if (subject->wide && which == KF_CSV_VALUE) {
        const char *name = figure_name(subject->reader);
        wide = (struct kf_csv_field){name, strlen(name)};
        place[1] = &wide;
    }
    for (size_t i = 0; i < 3; i++) {
        bool hide = subject->reader->personal && place[i] != &wide;
        (hide ? kf_shown_private : kf_shown)(place[i]->text, place[i]->length, shown[i]);
    }
    va_list args;
    va_start(args, problem);
    (void)vsnprintf(text, sizeof text, problem, args);
    va_end(args);
    kf_findings_add(findings,
                    &(struct kf_place){.file = subject->reader->file,
                                       .line = subject->line,
                                       .municipality = shown[0],
                                       .variable = shown[1],
                                       .cell = shown[2]},
                    remedy, "%s", text);
    return false;
}

/* --- municipality -------------------------------------------------------------------------- */

static bool code_fault(struct subject *subject, const struct kf_csv_field *cell)
{
    const enum kf_csv_column which = KF_CSV_MUNICIPALITY;
    unsigned long number = 0;
    if (cell->length == 0) {
        return fault(subject, which,
                     "give the four-digit code, or " KF_MUNICIPALITY_COUNTRY " for the country",
                     "the municipality is empty");
    }
    if (cell->length > 2 && memcmp(cell->text, "EA", 2) == 0) {
        return fault(subject, which,
                     "leave the row out; the country itself is " KF_MUNICIPALITY_COUNTRY,
                     "this is a part or group of the country, not a municipality");
    }
    if (cell->length > 3 && memcmp(cell->text, "EKG", 3) == 0) {
        return fault(subject, which, "leave the row out",
                     "this is a KOSTRA group, not a municipality");
    }
    if (cell->length < KF_MUNICIPALITY_SIZE - 1 &&
        kf_text_to_unsigned(cell->text, cell->length, 999, &number)) {
        return fault(subject, which, "write it with leading zeros; a spreadsheet drops them",
                     "a municipality has four digits: %04lu?", number);
    }
    return fault(subject, which,
                 "give the four-digit code, or " KF_MUNICIPALITY_COUNTRY " for the country",
                 "this is no municipality code");
}

static bool code_is_known(struct kf_observation_row_reader *reader, uint16_t number)
{
    if (reader->known[number] == 0) {
        char code[KF_MUNICIPALITY_SIZE];
        kf_municipality_print(number, code);
        reader->known[number] = kf_municipalities_ever(reader->municipalities, code) ? 1 : 2;
    }
    return reader->known[number] == 1;
}

/* Told beside its code, or without its leading zero, where a spreadsheet wrote it. */
static bool read_sheet_municipality(struct subject *subject, const struct kf_csv_field *cell)
{
    const char *name = NULL;
    switch (kf_sheet_municipality_of(subject->reader->municipalities, cell->text, cell->length,
                                     &subject->row.municipality, &name)) {
    case KF_SHEET_MUNICIPALITY_SOUND:
        return true;
    case KF_SHEET_MUNICIPALITY_OTHER:
        return fault(subject, KF_CSV_MUNICIPALITY, "write the code alone, or correct it",
                     "the register has this code as %s", name);
    default:
        return code_fault(subject, cell);
    }
}

static bool read_municipality(struct subject *subject)
{
    const struct kf_csv_field *cell = &subject->cells[KF_CSV_MUNICIPALITY];
    if (kf_municipality_parse(cell->text, cell->length, &subject->row.municipality)) {
        return code_is_known(subject->reader, subject->row.municipality) ||
               fault(subject, KF_CSV_MUNICIPALITY,
                     "correct the code, or add it to municipalities.csv of the editions folder",
                     "no municipality has ever had this code");
    }
    if (cell_is(cell, KF_MUNICIPALITY_COUNTRY)) {
        subject->row.municipality = KF_OBSERVATION_COUNTRY;
        return true;
    }
    return subject->reader->sheet ? read_sheet_municipality(subject, cell)
                                  : code_fault(subject, cell);
}

/* --- year and variable --------------------------------------------------------------------- */

static bool read_year(struct subject *subject)
{
    const struct kf_csv_field *cell = &subject->cells[KF_CSV_YEAR];
    unsigned long year = 0;
    if (!kf_text_to_unsigned(cell->text, cell->length, 999999, &year)) {
        return fault(subject, KF_CSV_YEAR, "write the year with four digits, e.g. 2010",
                     "this is no year");
    }
    if (year < KF_YEAR_MIN || year > KF_YEAR_MAX) {
        return fault(subject, KF_CSV_YEAR, "correct the year", "the year is not in %d–%d",
                     KF_YEAR_MIN, KF_YEAR_MAX);
    }
    subject->row.year = (uint16_t)year;
    return true;
}

const char *kf_observation_row_unknown(const struct kf_observation_row_reader *self)
{
    return self->unknown ? self->unknown
                         : "correct the name, or add it to variables.yaml of the editions folder";
}

static bool variable_fault(const struct subject *subject, const struct kf_csv_field *cell)
{
    struct kf_findings *findings = subject->reader->findings;
    if (findings->length == KF_FINDINGS_MAX) {
        findings->left_out++; /* before the costly search for a likely name */
        return false;
    }
    char shown[KF_SHOWN_SIZE];
    kf_shown(cell->text, cell->length, shown);
    const char *likely =
        cell->length > 0 ? kf_variables_suggest(subject->reader->variables, shown) : NULL;
    const char *remedy = kf_observation_row_unknown(subject->reader);
    if (likely) {
        return fault(subject, KF_CSV_VARIABLE, remedy,
                     "this variable is not in the register; did you mean %s?", likely);
    }
    return fault(subject, KF_CSV_VARIABLE, remedy, "%s",
                 cell->length > 0 ? "this variable is not in the register"
                                  : "the variable is empty");
}

static bool read_variable(struct subject *subject)
{
    struct kf_observation_row_reader *reader = subject->reader;
    const struct kf_csv_field *cell = &subject->cells[KF_CSV_VARIABLE];
    size_t count = 0;
    const struct kf_variable *all = kf_variables_all(reader->variables, &count);
    if (!reader->variable || !cell_is(cell, reader->variable->id)) {
        const struct kf_variable *found =
            kf_variables_find(reader->variables, cell->text, cell->length);
        if (!found) {
            return variable_fault(subject, cell);
        }
        reader->variable = found;
    }
    subject->row.variable = (uint16_t)(reader->variable - all);
    return true;
}

/* --- figure and status --------------------------------------------------------------------- */

static bool is_not_finite(const struct kf_csv_field *cell)
{
    static const char *const names[] = {"nan", "inf", "infinity"};
    size_t sign = cell->length > 0 && (cell->text[0] == '-' || cell->text[0] == '+');
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (cell->length - sign == strlen(names[i]) &&
            strncasecmp(cell->text + sign, names[i], cell->length - sign) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_mark(const struct kf_csv_field *cell)
{
    uint8_t status = KF_CELL_VALUE;
    return cell->length > 0 && kf_cell_parse(cell->text, cell->length, &status);
}

/* "12.5*": a figure with the mark of a preliminary one. */
static bool is_starred(const struct kf_csv_field *cell)
{
    return cell->length > 0 && cell->text[cell->length - 1] == '*';
}

static bool is_hidden(const struct kf_observation_row_reader *reader,
                      const struct kf_csv_field *cell)
{
    char shown[KF_SHOWN_SIZE];
    return reader->personal &&
           strcmp(kf_shown_private(cell->text, cell->length, shown), KF_SHOWN_HIDDEN) == 0;
}

/* What is no number, with the figure that may have been meant; a person's cell is not repeated. */
static bool slip_fault(const struct subject *subject, const struct kf_csv_field *cell)
{
    struct kf_number_meant meant;
    char remedy[KF_SHOWN_SIZE];
    enum kf_number_slip slip = kf_number_slip_of(cell->text, cell->length, &meant);
    if (is_hidden(subject->reader, cell)) {
        meant = (struct kf_number_meant){"the number", "the number"};
    }
    const char *problem = "this is no number, or none that can be held";
    (void)snprintf(remedy, sizeof remedy,
                   "write digits with a decimal point, e.g. 1234.5, -3 or 1e-7");
    if (slip == KF_NUMBER_AMBIGUOUS) {
        problem = "a comma is read neither as a decimal point nor between thousands";
        (void)snprintf(remedy, sizeof remedy, "write %s or %s, whichever is meant", meant.figure,
                       meant.other);
    } else if (slip == KF_NUMBER_COMMA) {
        problem = "a decimal comma is not read";
        (void)snprintf(remedy, sizeof remedy, "use a point: %s", meant.figure);
    } else if (slip == KF_NUMBER_THOUSANDS || slip == KF_NUMBER_SPACED) {
        problem = slip == KF_NUMBER_SPACED ? "spaces in a number are not read"
                                           : "commas in a number are not read";
        (void)snprintf(remedy, sizeof remedy, "write %s", meant.figure);
    } else if (slip == KF_NUMBER_WORDS) {
        problem = "this is no number: letters or signs stand beside it";
        (void)snprintf(remedy, sizeof remedy, "write %s alone", meant.figure);
    }
    return fault(subject, KF_CSV_VALUE, remedy, "%s", problem);
}

/* The same in a file of a spreadsheet, whose remedy is there. */
static bool sheet_fault(const struct subject *subject, const struct kf_csv_field *cell)
{
    struct kf_sheet_figure read;
    char remedy[KF_SHOWN_SIZE];
    enum kf_sheet_reading reading =
        kf_sheet_figure_read(cell->text, cell->length, subject->reader->mark, &read);
    if (reading == KF_SHEET_AMBIGUOUS) {
        bool hidden = is_hidden(subject->reader, cell);
        (void)snprintf(remedy, sizeof remedy,
                       "format the column without marks between thousands and with another number "
                       "of decimals; meant is %s or %s",
                       hidden ? "one" : read.figure, hidden ? "the other" : read.other);
        return fault(subject, KF_CSV_VALUE, remedy,
                     "a decimal comma or point, or one between thousands: no figure of the file "
                     "shows which");
    }
    if (reading == KF_SHEET_ROUNDED) {
        return fault(subject, KF_CSV_VALUE,
                     "format the column as a number without exponent and save as CSV again",
                     "a figure that the spreadsheet has shortened: its further digits are lost");
    }
    return fault(subject, KF_CSV_VALUE,
                 "write digits, with a decimal mark where needed, thousands in groups of three or "
                 "without a mark, and nothing beside them",
                 "this is no number, or none that can be held");
}

static bool number_fault(const struct subject *subject, const struct kf_csv_field *cell)
{
    if (is_mark(cell)) { /* in the long form: the wide one has taken it */
        return fault(subject, KF_CSV_VALUE, "leave value empty and put the mark in status",
                     "this mark is a status, not a value");
    }
    if (is_starred(cell) && !subject->wide && !subject->reader->sheet) {
        return fault(subject, KF_CSV_VALUE, "write the figure alone and put * in status",
                     "a mark stands behind the figure");
    }
    if (is_not_finite(cell)) {
        return fault(subject, KF_CSV_VALUE,
                     subject->wide ? "write `.` `..` or `:` when there is none"
                                   : "leave value empty and say why in status: `.` `..` or `:`",
                     "not a number and infinity are no figures");
    }
    struct kf_sheet_slip slip;
    if (kf_sheet_slip_of(cell->text, cell->length, &slip)) {
        return fault(subject, KF_CSV_VALUE, slip.remedy, "this is %s", slip.problem);
    }
    return subject->reader->sheet ? sheet_fault(subject, cell) : slip_fault(subject, cell);
}

/* A spreadsheet's figure; `variable_known`: a percent sign can be held against its unit. */
static bool parse_sheet(const struct subject *subject, const struct kf_csv_field *cell,
                        bool variable_known, double *value)
{
    struct kf_sheet_figure read;
    const struct kf_observation_row_reader *reader = subject->reader;
    if (kf_sheet_figure_read(cell->text, cell->length, reader->mark, &read) != KF_SHEET_SOUND ||
        read.starred) {
        return number_fault(subject, cell);
    }
    if (read.percent && variable_known && strcmp(reader->variable->unit, "percent") != 0) {
        return fault(subject, KF_CSV_VALUE,
                     "format the column as a plain number in the spreadsheet and save as CSV again",
                     "a percent sign, and the unit of %s is %s", figure_name(reader),
                     reader->variable->unit);
    }
    return kf_decimal_parse(read.figure, strlen(read.figure), value) || number_fault(subject, cell);
}

static bool check_bounds(const struct subject *subject, double value)
{
    const struct kf_variable *variable = subject->reader->variable;
    const char *name = figure_name(subject->reader);
    char bound[KF_DECIMAL_SIZE];
    if (value < variable->minimum) {
        kf_decimal_print(variable->minimum, bound);
        return fault(subject, KF_CSV_VALUE, "check sign, decimal point and unit",
                     "below %s, the least that %s can be", bound, name);
    }
    if (value > variable->maximum) {
        kf_decimal_print(variable->maximum, bound);
        const char *remedy = subject->reader->too_large;
        return fault(subject, KF_CSV_VALUE, remedy ? remedy : "check decimal point and unit",
                     "above %s, the most that %s can be", bound, name);
    }
    if (value != 0 && fabs(value) < KF_FIGURE_MIN) {
        kf_decimal_print(KF_FIGURE_MIN, bound);
        return fault(subject, KF_CSV_VALUE, "write 0, or check the unit",
                     "nearer to zero than %s, which no figure of %s is", bound, name);
    }
    return true;
}

/* Most figures are whole numbers of few digits, and those are canonical as they stand. */
static bool read_whole(const struct kf_csv_field *cell, double *value)
{
    int64_t number = 0;
    if (cell->length == 0 || cell->length > WHOLE_DIGITS_MAX) {
        return false;
    }
    for (size_t i = 0; i < cell->length; i++) {
        if (cell->text[i] < '0' || cell->text[i] > '9') {
            return false;
        }
        number = number * 10 + (cell->text[i] - '0');
    }
    *value = (double)number;
    return true;
}

/* `cell`: the value's, or what of it is the figure; `variable_known`: bounds can be checked. */
static bool read_figure(struct subject *subject, const struct kf_csv_field *cell,
                        bool variable_known)
{
    double value = 0;
    if (!read_whole(cell, &value)) {
        if (subject->reader->sheet) {
            if (!parse_sheet(subject, cell, variable_known, &value)) {
                return false;
            }
        } else if (!kf_decimal_parse(cell->text, cell->length, &value)) {
            return number_fault(subject, cell);
        }
        value = kf_figure_canonical(value);
    }
    if (variable_known && !check_bounds(subject, value)) {
        return false;
    }
    subject->row.value = value;
    return true;
}

static bool is_old_mark(const struct kf_csv_field *cell)
{
    return cell_is(cell, "...") || cell_is(cell, "-");
}

static bool status_fault(const struct subject *subject, const struct kf_csv_field *cell)
{
    const char *remedy =
        "leave status empty for a figure, or write `*` for a preliminary one; else "
        "`.` not applicable, `..` missing, `:` confidential";
    if (is_old_mark(cell)) {
        return fault(subject, KF_CSV_STATUS, remedy, "this mark has not been in use since 2021");
    }
    return fault(subject, KF_CSV_STATUS, remedy, "unknown status");
}

/* There is no figure, and the status does not say that there is none. */
static bool blank_fault(const struct subject *subject, uint8_t status)
{
    const char *remedy = "give the figure, or say in status why there is none: `.` `..` or `:`; "
                         "zero is written 0";
    return status & KF_CELL_PRELIMINARY
               ? fault(subject, KF_CSV_STATUS, remedy,
                       "`*` says that a figure is preliminary, and there is none")
               : fault(subject, KF_CSV_VALUE, remedy, "value and status are both empty");
}

/* A figure, maybe with `*` behind it, or a mark in place of one. */
static bool read_wide_cell(struct subject *subject, bool variable_known)
{
    const struct kf_csv_field *cell = &subject->cells[KF_CSV_VALUE];
    struct kf_csv_field figure = *cell;
    uint8_t status = KF_CELL_VALUE;
    if (is_old_mark(cell)) {
        return fault(subject, KF_CSV_VALUE,
                     "write `.` not applicable, `..` missing or `:` confidential, or leave it "
                     "empty",
                     "this mark has not been in use since 2021");
    }
    if (cell->length <= MARK_BYTES_MAX && kf_cell_parse(cell->text, cell->length, &status) &&
        !kf_cell_has_value(status)) {
        subject->row.status = status;
        return true;
    }
    if (is_starred(cell)) {
        figure.length--;
        subject->row.status = KF_CELL_PRELIMINARY;
    }
    if (figure.length == 0 || is_mark(&figure)) {
        return fault(subject, KF_CSV_VALUE,
                     "write * behind a figure, or leave it out where there is none",
                     "`*` says that a figure is preliminary, and there is none");
    }
    return read_figure(subject, &figure, variable_known);
}

/* A spreadsheet's row has `*` and marks beside the figure or in its place. */
static bool read_sheet_cell(struct subject *subject, bool starred, bool variable_known)
{
    if (!read_wide_cell(subject, variable_known)) {
        return false;
    }
    if (starred && !kf_cell_has_value(subject->row.status)) {
        return fault(subject, KF_CSV_STATUS, "leave status empty beside a mark",
                     "`*` says that a figure is preliminary, and there is none");
    }
    subject->row.status = starred ? KF_CELL_PRELIMINARY : subject->row.status;
    return true;
}

static bool read_value_and_status(struct subject *subject, bool variable_known)
{
    const struct kf_csv_field *figure = &subject->cells[KF_CSV_VALUE];
    const struct kf_csv_field *mark = &subject->cells[KF_CSV_STATUS];
    uint8_t status = KF_CELL_VALUE;
    if (!kf_cell_parse(mark->text, mark->length, &status)) {
        return status_fault(subject, mark);
    }
    subject->row.status = status;
    if (subject->reader->sheet && figure->length > 0 && kf_cell_has_value(status)) {
        return read_sheet_cell(subject, status != KF_CELL_VALUE, variable_known);
    }
    if (kf_cell_has_value(status)) {
        return figure->length > 0 ? read_figure(subject, figure, variable_known)
                                  : blank_fault(subject, status);
    }
    return figure->length == 0 || fault(subject, KF_CSV_VALUE,
                                        "empty value when there is no figure, or status when "
                                        "there is one",
                                        "a value stands beside a status that says there is none");
}

/* --- unit ------------------------------------------------------------------------------------ */

/* True when the cell is a Norwegian word for the unit, which says the same. */
static bool is_translation(const struct kf_csv_field *cell, const char *unit)
{
    static const struct {
        const char *word;
        const char *unit;
    } words[] = {
        {"timer", "hours"},         {"time", "hours"},       {"dager", "days"},
        {"d\xc3\xb8gn", "days"},    {"personer", "persons"}, {"antall", "count"},
        {"prosent", "percent"},     {"andel", "share"},      {"kroner", "kr"},
        {"1000 kroner", "1000 kr"}, {"tusen kr", "1000 kr"}, {"tusen kroner", "1000 kr"},
        {"poeng", "points"},        {"indeks", "index"},     {"\xc3\xa5rsverk", "person_years"}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (cell->length == strlen(words[i].word) && strcmp(words[i].unit, unit) == 0 &&
            strncasecmp(cell->text, words[i].word, cell->length) == 0) {
            return true;
        }
    }
    return false;
}

/* An amount in 1000 kr must not slip in as kr: who writes a unit has the register's. */
static bool check_unit(const struct subject *subject)
{
    const struct kf_csv_field *cell = &subject->cells[KF_CSV_UNIT];
    const char *unit = subject->reader->variable->unit;
    char remedy[KF_SHOWN_SIZE];
    if (cell->length == 0 || cell_is(cell, unit)) {
        return true;
    }
    (void)snprintf(remedy, sizeof remedy,
                   is_translation(cell, unit)
                       ? "write %s: units have the register's words in Norwegian forms, too"
                       : "write %s, as the register has it, or convert the figure to it",
                   unit);
    return fault(subject, KF_CSV_UNIT, remedy, "the unit of %s is %s",
                 subject->reader->variable->id, unit);
}

bool kf_observation_row_read(struct kf_observation_row_reader *self,
                             const struct kf_csv_field cells[KF_CSV_COLUMNS], uint64_t line,
                             struct kf_observation *row)
{
    struct subject subject = {.reader = self, .cells = cells, .line = line};
    subject.row.line = (uint32_t)line;
    bool sound = read_municipality(&subject);
    sound = read_year(&subject) && sound;
    bool variable_known = read_variable(&subject);
    sound = (!variable_known || check_unit(&subject)) && sound;
    sound = read_value_and_status(&subject, variable_known) && variable_known && sound;
    if (sound) {
        *row = subject.row;
    }
    return sound;
}

bool kf_observation_row_place(struct kf_observation_row_reader *self,
                              const struct kf_csv_field cells[KF_CSV_COLUMNS],
                              struct kf_observation *row)
{
    struct subject subject = {.reader = self, .cells = cells, .line = row->line, .row = *row};
    bool sound = read_municipality(&subject);
    sound = read_year(&subject) && sound;
    if (sound) {
        *row = subject.row;
    }
    return sound;
}

bool kf_observation_row_figure(struct kf_observation_row_reader *self,
                               const struct kf_csv_field cells[KF_CSV_COLUMNS],
                               struct kf_observation *row)
{
    struct subject subject = {
        .reader = self, .cells = cells, .line = row->line, .wide = true, .row = *row};
    size_t count = 0;
    const struct kf_variable *all = kf_variables_all(self->variables, &count);
    subject.row.variable = (uint16_t)(self->variable - all);
    subject.row.value = 0;
    subject.row.status = KF_CELL_VALUE;
    bool sound = read_wide_cell(&subject, true);
    if (sound) {
        *row = subject.row;
    }
    return sound;
}
