#include "common/model/register_csv.h"

#include <string.h>

#include "common/base/lines.h"
#include "common/base/text.h"
#include "common/model/edition.h"

#define LINE_BYTES_MAX ((size_t)1024)
#define FILE_BYTES_MAX ((uint64_t)4 * 1024 * 1024)

void kf_register_csv_tell(const struct kf_register_csv *self, const char *column,
                          const struct kf_field *field, const char *remedy, const char *problem)
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
        .file = self->path, .line = self->line, .variable = column, .cell = cell};
    kf_findings_add(self->findings, &place, remedy, "%s", problem);
}

bool kf_register_csv_code(const struct kf_register_csv *self, const char *column,
                          const struct kf_field *field, char code[KF_MUNICIPALITY_SIZE],
                          uint16_t *number)
{
    if (!kf_municipality_parse(field->text, field->length, number)) {
        kf_register_csv_tell(self, column, field, "write the four digits with leading zeros",
                             "is not a municipality code");
        return false;
    }
    memcpy(code, field->text, field->length);
    code[field->length] = '\0';
    return true;
}

bool kf_register_csv_year(const struct kf_register_csv *self, const char *column,
                          const struct kf_field *field, int *year)
{
    unsigned long value = 0;
    if (field->length != 4 ||
        !kf_text_to_unsigned(field->text, field->length, KF_EDITION_YEAR_MAX, &value) ||
        value < KF_EDITION_YEAR_MIN) {
        kf_register_csv_tell(self, column, field, "write a year from 1972 on", "is not a year");
        return false;
    }
    *year = (int)value;
    return true;
}

/* Splits at commas; false when there are not exactly `columns` fields. */
static bool split(const char *line, size_t length, struct kf_field *fields, size_t columns)
{
    size_t count = 0;
    size_t start = 0;
    for (size_t i = 0; i <= length; i++) {
        if (i < length && line[i] != ',') {
            continue;
        }
        if (count == columns) {
            return false;
        }
        fields[count++] = (struct kf_field){line + start, i - start};
        start = i + 1;
    }
    return count == columns;
}

static void tell_header(const struct kf_register_csv *self, const struct kf_field *field,
                        const char *ending, const char *problem)
{
    struct kf_text remedy;
    kf_text_init(&remedy, 256);
    kf_text_add_format(&remedy, "write %s%s", self->header, ending);
    kf_register_csv_tell(self, NULL, field, remedy.failed ? "" : remedy.bytes, problem);
    kf_text_clear(&remedy);
}

static void tell_ragged(const struct kf_register_csv *self)
{
    static const char *const problems[KF_REGISTER_COLUMNS_MAX + 1] = {
        [3] = "the row does not have three fields",
        [4] = "the row does not have four fields",
        [5] = "the row does not have five fields",
    };
    const char *problem = problems[self->columns];
    tell_header(self, NULL, " and no other comma",
                problem ? problem : "the row does not have a field for each column");
}

static enum kf_err take_line(struct kf_register_csv *self, const char *line, size_t length)
{
    struct kf_field fields[KF_REGISTER_COLUMNS_MAX];
    if (self->line == 1) {
        if (length != strlen(self->header) || memcmp(line, self->header, length) != 0) {
            struct kf_field header = {line, length};
            tell_header(self, &header, "", "is not the header of the register");
        }
        return KF_OK;
    }
    if (self->rows == self->rows_max) {
        return kf_error_set(self->err, KF_ERR_LIMIT, "%s: more than %zu rows", self->path,
                            self->rows_max);
    }
    self->rows++;
    if (!split(line, length, fields, self->columns)) {
        tell_ragged(self);
        return KF_OK;
    }
    return self->take(self, fields, self->context);
}

/* Hands on all rows; KF_ERR_AGAIN after the last. */
static enum kf_err read_lines(struct kf_register_csv *self)
{
    struct kf_lines *lines = NULL;
    struct kf_lines_options options = {.line_bytes_max = LINE_BYTES_MAX,
                                       .file_bytes_max = FILE_BYTES_MAX};
    enum kf_err code = kf_lines_open(self->path, &options, &lines, self->err);
    while (code == KF_OK) {
        const char *line = NULL;
        size_t length = 0;
        code = kf_lines_next(lines, &line, &length, self->err);
        if (code == KF_OK) {
            self->line = kf_lines_number(lines);
            code = take_line(self, line, length);
        }
    }
    kf_lines_destroy(&lines);
    return code;
}

enum kf_err kf_register_csv_read(struct kf_register_csv *self)
{
    uint64_t before = kf_findings_count(self->findings);
    enum kf_err code = read_lines(self);
    if (code != KF_ERR_AGAIN) {
        return code;
    }
    self->line = 0;
    if (self->rows == 0 && kf_findings_count(self->findings) == before) {
        tell_header(self, NULL, " and rows below it", "the register is empty");
    }
    self->finish(self, self->context);
    return kf_findings_count(self->findings) == before
               ? KF_OK
               : kf_error_set(self->err, KF_ERR_CONFIG, "%s has faults", self->path);
}
