/* The forms of observation files: which one a header is, and the rows of long and wide ones. */
#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"
#include "services/ingest/csv/observation_csv.h"
#include "services/ingest/csv/observation_file.h"
#include "services/ingest/shown.h"

static const char *const long_names[KF_CSV_COLUMNS] = {
    [KF_CSV_MUNICIPALITY] = "municipality",
    [KF_CSV_YEAR] = "year",
    [KF_CSV_VARIABLE] = "variable",
    [KF_CSV_VALUE] = "value",
    [KF_CSV_STATUS] = "status",
    [KF_CSV_UNIT] = "unit",
    [KF_CSV_NAME] = "name",
};

/* --- the long form --------------------------------------------------------------------------- */

/* True for a form to fill in, which has names for people. */
static bool has_name(const struct kf_observation_file *self, size_t count)
{
    bool found = false;
    for (size_t i = 0; i < count && i < KF_OBSERVATION_FIELDS_MAX; i++) {
        found = found || kf_csv_field_names(&self->fields[i], long_names[KF_CSV_NAME]);
    }
    return found;
}

static enum kf_err begin_long(struct kf_observation_file *self, size_t count, struct kf_error *err)
{
    (void)err;
    const struct kf_named_columns columns = {
        .names = long_names,
        .comments = has_name(self, count),
        .count = KF_CSV_COLUMNS,
        .needed = KF_CSV_UNIT,
        .remedy = "the header is " KF_OBSERVATION_CSV_HEADER ", in any order; name and unit may be "
                  "there, too",
    };
    self->width = count;
    kf_observation_columns(self, &columns, count);
    return KF_OK;
}

static struct kf_csv_field long_cell(const struct kf_observation_file *self,
                                     enum kf_csv_column which)
{
    size_t at = self->position[which];
    return at == SIZE_MAX ? (struct kf_csv_field){"", 0} : self->fields[at];
}

/* In a form to fill in, which has names: a line that nobody has. */
static bool is_blank(const struct kf_observation_file *self)
{
    return self->position[KF_CSV_NAME] != SIZE_MAX && long_cell(self, KF_CSV_VALUE).length == 0 &&
           long_cell(self, KF_CSV_STATUS).length == 0;
}

static enum kf_err read_long(struct kf_observation_file *self, size_t count, struct kf_error *err)
{
    struct kf_csv_field cells[KF_CSV_COLUMNS];
    struct kf_observation row = {0};
    if (count != self->width) {
        kf_observation_fault(self,
                             self->position[KF_CSV_NAME] == SIZE_MAX
                                 ? "give " KF_OBSERVATION_CSV_HEADER ", the last one may be empty; "
                                   "a decimal comma splits a figure in two"
                                 : "give every column of the header; a decimal comma splits a "
                                   "figure in two, and a name with a comma needs quotes",
                             "the line has %zu fields, the header %zu", count, self->width);
        return KF_OK;
    }
    if (is_blank(self)) {
        self->blank++;
        return KF_OK;
    }
    for (size_t i = 0; i < KF_CSV_COLUMNS; i++) {
        cells[i] = long_cell(self, (enum kf_csv_column)i);
    }
    return kf_observation_row_read(&self->row, cells, self->line, &row)
               ? kf_observation_take(self, &row, err)
               : KF_OK;
}

const struct kf_observation_form kf_observation_long = {.header = KF_OBSERVATION_CSV_HEADER,
                                                        .figures = 1U << KF_CSV_VALUE,
                                                        .begin = begin_long,
                                                        .row = read_long};

/* --- the wide form: a column for each variable ------------------------------------------------ */

#define WIDE_REMEDY "the header is " KF_OBSERVATION_WIDE_HEADER ", a column a registered variable"

static void unknown_column(struct kf_observation_file *self, const struct kf_csv_field *field,
                           size_t position)
{
    char shown[KF_SHOWN_SIZE];
    struct kf_findings *findings = self->row.findings;
    if (findings->length == KF_FINDINGS_MAX) {
        findings->left_out++; /* before the costly search for a likely name */
        return;
    }
    kf_shown(field->text, field->length, shown);
    const char *likely = kf_findings_suggest(shown, long_names, KF_CSV_YEAR + 1);
    if (!likely && field->length > 0) {
        likely = kf_variables_suggest(self->row.variables, shown);
    }
    bool blank =
        field->length > 0 && (field->text[0] == ' ' || field->text[field->length - 1] == ' ');
    const char *quote = blank ? "\"" : ""; /* a blank at an end is not seen otherwise */
    const char *remedy = kf_observation_row_unknown(&self->row);
    if (field->length == 0) {
        kf_observation_fault(self, WIDE_REMEDY, "column %zu of the header has no name",
                             position + 1);
    } else if (strcmp(shown, "name") == 0 || strcmp(shown, "unit") == 0) {
        kf_observation_fault(self, "take the column away; it belongs to files of one figure a line",
                             "column %s cannot stand among columns of variables", shown);
    } else if (likely) {
        kf_observation_fault(self, remedy,
                             "column %s%s%s is no registered variable; did you mean %s?", quote,
                             shown, quote, likely);
    } else {
        kf_observation_fault(self, remedy, "column %s%s%s is no registered variable", quote, shown,
                             quote);
    }
}

/* Marks `number` as seen; a finding when it was. */
static void check_once(struct kf_observation_file *self, uint8_t *seen, size_t number,
                       const char *name)
{
    if (seen[number] == 1) {
        kf_observation_fault(self, "keep one of the columns", "column %s is there twice", name);
    }
    seen[number] = seen[number] < 2 ? (uint8_t)(seen[number] + 1) : 2;
}

static void read_wide_columns(struct kf_observation_file *self, uint8_t *seen)
{
    size_t count = 0;
    const struct kf_variable *all = kf_variables_all(self->row.variables, &count);
    for (size_t i = 0; i < self->width; i++) {
        const struct kf_csv_field *field = &self->fields[i];
        const struct kf_variable *variable =
            kf_variables_find(self->row.variables, field->text, field->length);
        if (kf_csv_field_names(field, long_names[KF_CSV_MUNICIPALITY]) ||
            kf_csv_field_names(field, long_names[KF_CSV_YEAR])) {
            size_t which = kf_csv_field_names(field, long_names[KF_CSV_YEAR]);
            self->position[which] = i;
            check_once(self, seen, count + which, long_names[which]);
        } else if (variable) {
            self->variables[i] = variable;
            check_once(self, seen, (size_t)(variable - all), variable->id);
        } else {
            unknown_column(self, field, i);
        }
    }
    for (size_t which = KF_CSV_MUNICIPALITY; which <= KF_CSV_YEAR; which++) {
        if (seen[count + which] == 0) {
            kf_observation_fault(self, WIDE_REMEDY, "column %s is missing", long_names[which]);
        }
    }
}

static enum kf_err begin_wide(struct kf_observation_file *self, size_t count, struct kf_error *err)
{
    size_t registered = 0;
    (void)kf_variables_all(self->row.variables, &registered);
    if (count > KF_OBSERVATION_FIELDS_MAX) {
        kf_observation_fault(self, "split the file", "the header has %zu columns, more than %d",
                             count, KF_OBSERVATION_FIELDS_MAX);
        return KF_OK;
    }
    self->width = count;
    self->variables = kf_calloc(count, sizeof *self->variables);
    uint8_t *seen = kf_calloc(registered + 2, 1);
    if (!self->variables || !seen) {
        kf_free(seen);
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for %zu columns", count);
    }
    uint64_t before = kf_findings_count(self->row.findings);
    read_wide_columns(self, seen);
    kf_free(seen);
    if (count <= 2 && kf_findings_count(self->row.findings) == before) {
        kf_observation_fault(self, WIDE_REMEDY, "there is no column of a variable");
    }
    return KF_OK;
}

/* The figures of a row; an empty cell is no figure and no observation. `row` has its place, unless
 * that was at fault: then the cells are only checked. */
static enum kf_err read_wide_cells(struct kf_observation_file *self, struct kf_csv_field *cells,
                                   struct kf_observation *row, bool placed, struct kf_error *err)
{
    enum kf_err code = KF_OK;
    for (size_t i = 0; code == KF_OK && i < self->width && !self->useless; i++) {
        self->row.variable = self->variables[i];
        cells[KF_CSV_VALUE] = self->fields[i];
        if (self->row.variable && cells[KF_CSV_VALUE].length > 0 &&
            kf_observation_row_figure(&self->row, cells, row) && placed) {
            code = kf_observation_take(self, row, err);
        }
    }
    return code;
}

static enum kf_err read_wide(struct kf_observation_file *self, size_t count, struct kf_error *err)
{
    struct kf_csv_field cells[KF_CSV_COLUMNS] = {
        [KF_CSV_VARIABLE] = {.text = "", .length = 0},
    };
    struct kf_observation row = {.line = (uint32_t)self->line};
    if (count != self->width) {
        kf_observation_fault(self,
                             "give every column, empty where no figure is given; a decimal comma "
                             "splits a figure in two",
                             "the line has %zu fields, the header %zu", count, self->width);
        return KF_OK;
    }
    for (size_t i = KF_CSV_MUNICIPALITY; i <= KF_CSV_YEAR; i++) {
        cells[i] = self->fields[self->position[i]];
    }
    bool placed = kf_observation_row_place(&self->row, cells, &row);
    return read_wide_cells(self, cells, &row, placed, err);
}

const struct kf_observation_form kf_observation_wide = {
    .header = KF_OBSERVATION_WIDE_HEADER, .begin = begin_wide, .row = read_wide};

/* --- which form ------------------------------------------------------------------------------ */

/* How many of the names the header has. */
static size_t count_of(const struct kf_observation_file *self, size_t kept,
                       const char *const *names, size_t names_len)
{
    size_t found = 0;
    for (size_t i = 0; i < names_len; i++) {
        size_t at = 0;
        while (at < kept && !kf_csv_field_names(&self->fields[at], names[i])) {
            at++;
        }
        found += at < kept;
    }
    return found;
}

const struct kf_observation_form *kf_observation_form_like(const struct kf_observation_file *self,
                                                           size_t count)
{
    size_t kept = count < KF_OBSERVATION_FIELDS_MAX ? count : KF_OBSERVATION_FIELDS_MAX;
    if (count_of(self, kept, long_names + KF_CSV_VARIABLE, KF_CSV_UNIT - KF_CSV_VARIABLE) > 0) {
        return &kf_observation_long;
    }
    if (kf_account_header(self->fields, kept)) {
        return &kf_account_form;
    }
    if (kf_user_header(self->fields, kept)) {
        return &kf_user_form;
    }
    return count_of(self, kept, long_names, KF_CSV_YEAR + 1) > 0 ? &kf_observation_wide : NULL;
}

const char *kf_observation_header(const struct kf_observation_file *self,
                                  const struct kf_observation_form *form, size_t count)
{
    if (form && form != &kf_observation_long) {
        return form->header;
    }
    return has_name(self, count) ? "municipality,year,variable,name,unit,value,status"
                                 : KF_OBSERVATION_CSV_HEADER;
}

const struct kf_csv_field *kf_observation_norwegian(const struct kf_observation_file *self,
                                                    size_t count)
{
    static const char *const words[] = {
        "kommune", "kommunenummer", "kommunenr", "\xc3\xa5r",    "\xc3\x85r", "aar",   "aargang",
        "navn",    "variabel",      "verdi",     "bel\xc3\xb8p", "enhet",     "alder", "funksjon"};
    for (size_t i = 0; i < count && i < KF_OBSERVATION_FIELDS_MAX; i++) {
        const struct kf_csv_field *field = &self->fields[i];
        for (size_t k = 0; k < sizeof words / sizeof words[0]; k++) {
            if (kf_csv_field_names(field, words[k]) &&
                !kf_variables_find(self->row.variables, field->text, field->length)) {
                return field;
            }
        }
    }
    return NULL;
}

#define ALL_HEADERS                                                                                \
    "the header is " KF_OBSERVATION_CSV_HEADER                                                     \
    ", or a column a variable, " KF_OBSERVATION_WIDE_HEADER                                        \
    ", or lines of accounts, " KF_ACCOUNT_CSV_HEADER                                               \
    ", or users of resource-intensive services, " KF_USER_CSV_HEADER

static void tell_norwegian(struct kf_observation_file *self, const struct kf_csv_field *word,
                           const struct kf_observation_form *form, size_t count)
{
    char shown[KF_SHOWN_SIZE];
    char remedy[2 * KF_SHOWN_SIZE];
    (void)snprintf(remedy, sizeof remedy, "the header is %s",
                   kf_observation_header(self, form, count));
    kf_shown(word->text, word->length, shown);
    kf_observation_fault(self, form ? remedy : ALL_HEADERS,
                         "columns have English names, only variables Norwegian ones, and here is "
                         "\"%s\"",
                         shown);
}

const struct kf_observation_form *kf_observation_form_of(struct kf_observation_file *self,
                                                         size_t count)
{
    const struct kf_observation_form *form = kf_observation_form_like(self, count);
    const struct kf_csv_field *word = kf_observation_norwegian(self, count);
    char shown[KF_SHOWN_SIZE];
    if (word) {
        tell_norwegian(self, word, form, count);
        return NULL;
    }
    if (form) {
        return form;
    }
    kf_shown(self->fields[0].text, self->fields[0].length, shown);
    kf_observation_fault(self, ALL_HEADERS,
                         "the header, which begins with \"%s\", is of no form that is read", shown);
    return NULL;
}
