/* Lines of accounts: read, checked, and summed into the variables that are sums of them. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/base/decimal.h"
#include "common/base/memory.h"
#include "common/base/numbers.h"
#include "common/base/text.h"
#include "common/model/account_line.h"
#include "services/ingest/csv/observation_csv.h"
#include "services/ingest/csv/observation_file.h"
#include "services/ingest/csv/sheet_figure.h"
#include "services/ingest/csv/sheet_slip.h"

#define LINES_MAX  ((size_t)8 * 1000 * 1000)
#define ROOM_FIRST ((size_t)1024)
#define REMEDY     "the header is " KF_ACCOUNT_CSV_HEADER ", in any order"

/* The first two stand as KF_CSV_MUNICIPALITY and KF_CSV_YEAR do. */
enum { MUNICIPALITY, YEAR, ACCOUNT, FUNCTION, ART, AMOUNT, SCOPE, COLUMNS };

static const char *const names[COLUMNS] = {"municipality", "year",   "account", "function",
                                           "art",          "amount", "scope"};

struct kf_account_lines {
    struct kf_account_line *list;
    size_t count;
    size_t room;
};

/* A line being read. */
struct subject {
    struct kf_observation_file *file;
    struct kf_csv_field cells[COLUMNS];
    struct kf_account_line line;
    int hierarchy; /* the year of the hierarchies that hold; 0: not known */
};

void kf_account_lines_destroy(struct kf_account_lines **self)
{
    if (*self) {
        kf_free((*self)->list);
        kf_free(*self);
        *self = NULL;
    }
}

/* --- the header ------------------------------------------------------------------------------ */

bool kf_account_header(const struct kf_csv_field *fields, size_t count)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = ACCOUNT; k < COLUMNS; k++) {
            found += kf_csv_field_names(&fields[i], names[k]);
        }
    }
    return found >= 2;
}

static enum kf_err begin(struct kf_observation_file *self, size_t count, struct kf_error *err)
{
    static const struct kf_named_columns columns = {
        .names = names, .count = COLUMNS, .needed = SCOPE, .remedy = REMEDY};
    self->width = count;
    if (!self->registers.accounts) {
        kf_observation_fault(self, "put the registers of accounts/ into the editions folder",
                             "lines of accounts need the hierarchies of functions and arts");
        return KF_OK;
    }
    kf_observation_columns(self, &columns, count);
    self->accounts = kf_calloc(1, sizeof *self->accounts);
    return self->accounts ? KF_OK : kf_error_set(err, KF_ERR_MEMORY, "no memory for accounts");
}

/* --- a line ---------------------------------------------------------------------------------- */

/* Tells about one cell; returns false. */
static bool fault(const struct subject *subject, size_t which, const char *remedy,
                  const char *problem)
{
    const struct kf_observation_cell cell = {subject->cells[MUNICIPALITY], names[which],
                                             subject->cells[which]};
    return kf_observation_cell_fault(subject->file, &cell, remedy, problem);
}

static bool read_place(struct subject *subject)
{
    struct kf_csv_field cells[KF_CSV_COLUMNS] = {[KF_CSV_VARIABLE] = {"", 0}};
    struct kf_observation row = {.line = (uint32_t)subject->file->line};
    cells[KF_CSV_MUNICIPALITY] = subject->cells[MUNICIPALITY];
    cells[KF_CSV_YEAR] = subject->cells[YEAR];
    if (!kf_observation_row_place(&subject->file->row, cells, &row)) {
        return false;
    }
    subject->line.municipality = row.municipality;
    subject->line.year = row.year;
    subject->hierarchy = kf_accounts_year(subject->file->registers.accounts, row.year);
    return subject->hierarchy > 0 ||
           fault(subject, YEAR, "leave the year out, or add its hierarchies to accounts/",
                 "the hierarchies of functions and arts begin later");
}

static bool read_class(struct subject *subject)
{
    const struct kf_csv_field *cell = &subject->cells[ACCOUNT];
    if (!kf_csv_field_is(cell, "D") && !kf_csv_field_is(cell, "I")) {
        return fault(subject, ACCOUNT, "write D (operating) or I (investment)",
                     "is no class of accounts");
    }
    subject->line.class = (uint8_t)cell->text[0];
    return true;
}

/* A code of one to three digits: 10 and 010 are the same art. */
static bool read_code(struct subject *subject, size_t which, uint16_t *code)
{
    const struct kf_csv_field *cell = &subject->cells[which];
    unsigned long number = 0;
    if (cell->length > 3 ||
        !kf_text_to_unsigned(cell->text, cell->length, KF_ACCOUNT_CODES - 1, &number)) {
        return fault(subject, which, "write its number of up to three digits, not a group",
                     which == FUNCTION ? "is no function" : "is no art");
    }
    *code = (uint16_t)number;
    const struct kf_accounts *accounts = subject->file->registers.accounts;
    if (subject->hierarchy == 0) {
        return true;
    }
    if (which == FUNCTION && !kf_accounts_have_function(accounts, subject->hierarchy, *code)) {
        return fault(subject, which,
                     "correct it, or add it to accounts/functions.csv of the editions folder",
                     "the year's hierarchies do not have this function");
    }
    return which == FUNCTION || kf_accounts_have_art(accounts, subject->hierarchy, *code) ||
           fault(subject, which,
                 "correct it, or add it to accounts/arts.csv of the editions folder",
                 "the year's hierarchies do not have this art");
}

static bool amount_fault(const struct subject *subject, enum kf_sheet_reading reading)
{
    const struct kf_csv_field *cell = &subject->cells[AMOUNT];
    struct kf_sheet_slip slip;
    if (kf_sheet_slip_of(cell->text, cell->length, &slip)) {
        return fault(subject, AMOUNT, slip.remedy, slip.problem);
    }
    if (reading == KF_SHEET_AMBIGUOUS) {
        return fault(subject, AMOUNT,
                     "format the column without marks between thousands and with another number of "
                     "decimals",
                     "a decimal comma or point, or one between thousands: no amount of the file "
                     "shows which");
    }
    if (reading == KF_SHEET_ROUNDED) {
        return fault(subject, AMOUNT,
                     "format the column as a number without exponent and save as CSV again",
                     "an amount that the spreadsheet has shortened: its further digits are lost");
    }
    return fault(subject, AMOUNT,
                 "write 1000 kr as digits with a decimal point, -5 or 1234.5; leave the line "
                 "out when there is nothing",
                 cell->length == 0 ? "the amount is empty" : "is no number");
}

/* As the file has its figures: a spreadsheet's, or digits with a decimal point. */
static bool parse_amount(const struct subject *subject, double *amount)
{
    const struct kf_csv_field *cell = &subject->cells[AMOUNT];
    const struct kf_observation_row_reader *row = &subject->file->row;
    struct kf_sheet_figure read;
    if (!row->sheet) {
        return kf_decimal_parse(cell->text, cell->length, amount) ||
               amount_fault(subject, KF_SHEET_NO_NUMBER);
    }
    enum kf_sheet_reading reading =
        kf_sheet_figure_read(cell->text, cell->length, row->mark, &read);
    return (reading == KF_SHEET_SOUND && !read.starred && !read.percent &&
            kf_decimal_parse(read.figure, strlen(read.figure), amount)) ||
           amount_fault(subject, reading);
}

static bool read_amount(struct subject *subject)
{
    double amount = 0;
    if (!parse_amount(subject, &amount)) {
        return false;
    }
    amount = kf_figure_canonical(amount);
    if (!(fabs(amount) <= KF_FIGURE_MAX) || (amount != 0 && fabs(amount) < KF_FIGURE_MIN)) {
        return fault(subject, AMOUNT, "check decimal point and unit: 1000 kr",
                     "is beyond what an amount can be");
    }
    subject->line.amount = amount;
    return true;
}

static bool read_scope(struct subject *subject)
{
    const struct kf_csv_field *cell = &subject->cells[SCOPE];
    subject->line.scope = KF_ACCOUNT_TREASURY;
    if (cell->length == 0 || kf_csv_field_is(cell, kf_account_scopes[KF_ACCOUNT_TREASURY])) {
        return true;
    }
    if (kf_csv_field_is(cell, kf_account_scopes[KF_ACCOUNT_UNDERTAKINGS])) {
        subject->line.scope = KF_ACCOUNT_UNDERTAKINGS;
        return true;
    }
    return fault(subject, SCOPE,
                 "leave it empty or write kasse for own accounts, saerbedrift for undertakings'",
                 kf_csv_field_is(cell, kf_account_scopes[KF_ACCOUNT_GROUP])
                     ? "the whole group is computed, not read"
                     : "is no scope of accounts");
}

static enum kf_err keep(struct kf_observation_file *self, const struct kf_account_line *line,
                        struct kf_error *err)
{
    struct kf_account_lines *lines = self->accounts;
    if (lines->count == LINES_MAX) {
        kf_observation_fault(self, "split the file by years", "more than %zu lines of accounts",
                             LINES_MAX);
        self->useless = true;
        return KF_OK;
    }
    if (lines->count == lines->room) {
        size_t room = lines->room ? lines->room * 2 : ROOM_FIRST;
        struct kf_account_line *grown = kf_realloc(lines->list, room * sizeof *grown);
        if (!grown) {
            return kf_error_set(err, KF_ERR_MEMORY, "no memory for lines of accounts");
        }
        lines->list = grown;
        lines->room = room;
    }
    lines->list[lines->count++] = *line;
    return KF_OK;
}

static enum kf_err read_row(struct kf_observation_file *self, size_t count, struct kf_error *err)
{
    struct subject subject = {.file = self, .line = {.line = (uint32_t)self->line}};
    if (count != self->width) {
        kf_observation_fault(self,
                             "give " KF_ACCOUNT_CSV_HEADER "; a decimal comma splits an amount "
                             "in two",
                             "the line has %zu fields, the header %zu", count, self->width);
        return KF_OK;
    }
    for (size_t i = 0; i < COLUMNS; i++) {
        subject.cells[i] = self->position[i] == SIZE_MAX ? (struct kf_csv_field){"", 0}
                                                         : self->fields[self->position[i]];
    }
    bool sound = read_place(&subject);
    sound = read_class(&subject) && sound;
    sound = read_code(&subject, FUNCTION, &subject.line.function) && sound;
    sound = read_code(&subject, ART, &subject.line.art) && sound;
    sound = read_amount(&subject) && sound;
    sound = read_scope(&subject) && sound;
    return sound ? keep(self, &subject.line, err) : KF_OK;
}

/* --- all lines ------------------------------------------------------------------------------- */

static void tell_duplicate(struct kf_observation_file *self, const struct kf_account_line *first,
                           const struct kf_account_line *line)
{
    char code[KF_MUNICIPALITY_SIZE] = KF_MUNICIPALITY_COUNTRY;
    char cell[KF_DECIMAL_SIZE];
    if (line->municipality != KF_OBSERVATION_COUNTRY) {
        kf_municipality_print(line->municipality, code);
    }
    (void)kf_decimal_print(line->amount, cell);
    struct kf_place place = {
        .file = self->row.file, .line = line->line, .municipality = code, .cell = cell};
    kf_findings_add(self->row.findings, &place, "keep one of the two lines, or add them up",
                    "%c %u %u of %u is given on line %u already", line->class,
                    (unsigned)line->function, (unsigned)line->art, (unsigned)line->year,
                    (unsigned)first->line);
}

static void tell_duplicates(struct kf_observation_file *self)
{
    const struct kf_account_lines *lines = self->accounts;
    size_t first = 0;
    for (size_t i = 1; i < lines->count; i++) {
        if (kf_account_lines_equal(&lines->list[first], &lines->list[i])) {
            tell_duplicate(self, &lines->list[first], &lines->list[i]);
        } else {
            first = i;
        }
    }
}

/* A sum stands on many lines; what is wrong with it is told with the first. */
static void tell_bounds(struct kf_observation_file *self, const struct kf_observation *row,
                        const struct kf_variable *variable)
{
    char code[KF_MUNICIPALITY_SIZE] = KF_MUNICIPALITY_COUNTRY;
    char cell[KF_DECIMAL_SIZE];
    if (row->municipality != KF_OBSERVATION_COUNTRY) {
        kf_municipality_print(row->municipality, code);
    }
    (void)kf_decimal_print(row->value, cell);
    struct kf_place place = {.file = self->row.file,
                             .line = row->line,
                             .municipality = code,
                             .variable = variable->id,
                             .cell = cell};
    kf_findings_add(self->row.findings, &place, "check signs and unit (1000 kr) of the lines",
                    "the sum of the lines of %u is not within the bounds of the variable",
                    (unsigned)row->year);
}

static enum kf_err take_sum(void *context, const struct kf_observation *row, struct kf_error *err)
{
    struct kf_observation_file *self = context;
    size_t count = 0;
    const struct kf_variable *variable =
        &kf_variables_all(self->row.variables, &count)[row->variable];
    if (!(row->value >= variable->minimum && row->value <= variable->maximum)) {
        tell_bounds(self, row, variable);
        return KF_OK;
    }
    return self->useless ? KF_OK : kf_observation_take(self, row, err);
}

static enum kf_err end(struct kf_observation_file *self, struct kf_error *err)
{
    struct kf_account_lines *lines = self->accounts;
    kf_account_lines_sort(lines->list, lines->count);
    tell_duplicates(self);
    const struct kf_account_summing summing = {.accounts = self->registers.accounts,
                                               .variables = self->row.variables,
                                               .sink = take_sum,
                                               .context = self};
    return kf_account_lines_sum(&summing, lines->list, lines->count, err);
}

const struct kf_observation_form kf_account_form = {.header = KF_ACCOUNT_CSV_HEADER,
                                                    .figures = 1U << AMOUNT,
                                                    .begin = begin,
                                                    .row = read_row,
                                                    .end = end};
