/* Users of resource-intensive services: a row a person, numbered within municipality and year. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/model/cell.h"
#include "services/ingest/csv/observation_csv.h"
#include "services/ingest/csv/observation_file.h"

#define PRIVACY    "; no names, no numbers of persons"
#define REMEDY     "the header is " KF_USER_CSV_HEADER ", in any order" PRIVACY
#define YEARS      ((size_t)(KF_YEAR_MAX - KF_YEAR_MIN + 1))
#define NAME_BYTES 64

/* The first two stand as KF_CSV_MUNICIPALITY and KF_CSV_YEAR do. */
enum { MUNICIPALITY, YEAR, COST, AGE, COLUMNS };

static const char *const names[COLUMNS] = {"municipality", "year", "net_wage_cost_kr", "age"};
static const char *const prefixes[COLUMNS] = {
    [COST] = KF_USER_COST_VARIABLE, [AGE] = KF_USER_AGE_VARIABLE};

/* Numbers begin at 1 in each file: two files of one municipality and year clash. */
static const struct kf_observations_whole whole = {
    .first = KF_USER_COST_VARIABLE "1",
    .remedy = "every row is a person, so drop none: put all persons of a municipality and year in "
              "one file",
};

/* A row being read. */
struct subject {
    struct kf_observation_file *file;
    struct kf_csv_field cells[COLUMNS];
    struct kf_observation row; /* its place */
    bool placed;
    unsigned number; /* of the person; 1 when the place is at fault */
};

bool kf_user_header(const struct kf_csv_field *fields, size_t count)
{
    bool found = false;
    for (size_t i = 0; i < count; i++) {
        found = found || kf_csv_field_names(&fields[i], names[COST]) ||
                kf_csv_field_names(&fields[i], names[AGE]);
    }
    return found;
}

/* The variable of person `number`, or NULL: the register has not as many. */
static const struct kf_variable *variable_of(const struct kf_observation_file *self, size_t which,
                                             unsigned number)
{
    char name[NAME_BYTES];
    int length = snprintf(name, sizeof name, "%s%u", prefixes[which], number);
    return kf_variables_find(self->row.variables, name, (size_t)length);
}

static enum kf_err begin(struct kf_observation_file *self, size_t count, struct kf_error *err)
{
    static const struct kf_named_columns columns = {
        .names = names, .count = COLUMNS, .needed = AGE, .remedy = REMEDY};
    self->width = count;
    self->row.personal = true;
    kf_observation_columns(self, &columns, count);
    if (!variable_of(self, COST, 1) ||
        (self->position[AGE] != SIZE_MAX && !variable_of(self, AGE, 1))) {
        kf_observation_fault(self,
                             "add the families " KF_USER_COST_VARIABLE
                             "{} and " KF_USER_AGE_VARIABLE
                             "{} to variables.yaml of the editions folder",
                             "the register has no variables for users");
    }
    kf_observations_keep_whole(self->table, &whole);
    self->users = kf_calloc(YEARS * KF_CODES, sizeof *self->users);
    return self->users ? KF_OK : kf_error_set(err, KF_ERR_MEMORY, "no memory to count users");
}

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
    cells[KF_CSV_MUNICIPALITY] = subject->cells[MUNICIPALITY];
    cells[KF_CSV_YEAR] = subject->cells[YEAR];
    if (!kf_observation_row_place(&subject->file->row, cells, &subject->row)) {
        return false;
    }
    return subject->row.municipality != KF_OBSERVATION_COUNTRY ||
           fault(subject, MUNICIPALITY, "give the users of each municipality, or leave the row out",
                 "the country has no users of its own");
}

/* The number of the next person there. Beyond what can be counted it stays at the end. */
static unsigned next_number(struct kf_observation_file *self, const struct kf_observation *place)
{
    size_t year = (size_t)place->year - KF_YEAR_MIN;
    uint16_t *count = &self->users[year * KF_CODES + place->municipality];
    *count = *count < UINT16_MAX ? (uint16_t)(*count + 1) : UINT16_MAX;
    return *count;
}

/* The cell as a figure; what it can be is the register's to say. */
static bool read_figure(struct subject *subject, size_t which, const struct kf_variable *variable,
                        struct kf_observation *row)
{
    struct kf_csv_field cells[KF_CSV_COLUMNS] = {[KF_CSV_VARIABLE] = {"", 0}};
    cells[KF_CSV_MUNICIPALITY] = subject->cells[MUNICIPALITY];
    cells[KF_CSV_VALUE] = subject->cells[which];
    *row = subject->row;
    subject->file->row.variable = variable;
    subject->file->row.column = names[which];
    subject->file->row.too_large =
        which == AGE ? "a birth year? write the age in whole years" : NULL;
    return kf_observation_row_figure(&subject->file->row, cells, row);
}

/* Told of the first who is one too many in a municipality and year. */
static bool too_many(const struct subject *subject)
{
    return variable_of(subject->file, COST, subject->number - 1) &&
           fault(subject, COST,
                 "leave out those far below the threshold, give the aggregates instead, or widen "
                 "the family " KF_USER_COST_VARIABLE "{} of variables.yaml",
                 "more users than the register has variables for");
}

static bool read_cost(struct subject *subject, struct kf_observation *row)
{
    const struct kf_variable *variable = variable_of(subject->file, COST, subject->number);
    if (subject->cells[COST].length == 0) {
        return fault(subject, COST, "give the net wage cost in kr, or leave the row out",
                     "the person has no cost");
    }
    if (!variable) {
        return too_many(subject);
    }
    return read_figure(subject, COST, variable, row) &&
           (kf_cell_has_value(row->status) ||
            fault(subject, COST, "give the net wage cost in kr, or leave the row out",
                  "the person has no cost"));
}

/* Only for a person with a variable of the cost. True without an age, too: `row` has none then. */
static bool read_age(struct subject *subject, struct kf_observation *row)
{
    const struct kf_variable *variable = variable_of(subject->file, AGE, subject->number);
    *row = (struct kf_observation){.status = KF_CELL_MISSING};
    if (subject->cells[AGE].length == 0) {
        return true;
    }
    if (!variable) {
        return fault(subject, AGE,
                     "make the families of costs and ages in variables.yaml equally wide",
                     "more ages than the register has variables for");
    }
    return read_figure(subject, AGE, variable, row) &&
           (!kf_cell_has_value(row->status) || row->value == floor(row->value) ||
            fault(subject, AGE, "write the age in whole years", "is no age"));
}

static enum kf_err take(struct subject *subject, struct kf_error *err)
{
    struct kf_observation cost = {0};
    struct kf_observation age = {0};
    bool sound = read_cost(subject, &cost);
    if (!variable_of(subject->file, COST, subject->number)) {
        return KF_OK;
    }
    sound = read_age(subject, &age) && sound;
    if (!sound || !subject->placed) {
        return KF_OK;
    }
    enum kf_err code = kf_observation_take(subject->file, &cost, err);
    return code == KF_OK && kf_cell_has_value(age.status) && !subject->file->useless
               ? kf_observation_take(subject->file, &age, err)
               : code;
}

static enum kf_err read_row(struct kf_observation_file *self, size_t count, struct kf_error *err)
{
    struct subject subject = {.file = self, .row = {.line = (uint32_t)self->line}, .number = 1};
    if (count != self->width) {
        kf_observation_fault(self,
                             "give " KF_USER_CSV_HEADER "; a decimal comma splits an amount in two",
                             "the line has %zu fields, the header %zu", count, self->width);
        return KF_OK;
    }
    for (size_t i = 0; i < COLUMNS; i++) {
        subject.cells[i] = self->position[i] == SIZE_MAX ? (struct kf_csv_field){"", 0}
                                                         : self->fields[self->position[i]];
    }
    subject.placed = read_place(&subject);
    subject.number = subject.placed ? next_number(self, &subject.row) : 1;
    return take(&subject, err);
}

const struct kf_observation_form kf_user_form = {.header = KF_USER_CSV_HEADER,
                                                 .figures = 1U << COST | 1U << AGE,
                                                 .begin = begin,
                                                 .row = read_row};
