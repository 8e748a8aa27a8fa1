#include "services/ingest/observation_csv.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "common/base/lines.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "services/ingest/csv_fields.h"
#include "services/ingest/observation_row.h"
#include "services/ingest/shown.h"

#define ENCODING_REMEDY "save the file as CSV in UTF-8"

static const char *const column_names[KF_CSV_COLUMNS] = {
    [KF_CSV_MUNICIPALITY] = "municipality",
    [KF_CSV_YEAR] = "year",
    [KF_CSV_VARIABLE] = "variable",
    [KF_CSV_VALUE] = "value",
    [KF_CSV_STATUS] = "status",
};

/* The file being read. */
struct reading {
    struct kf_observation_row_reader row;
    struct kf_observations *table;
    struct kf_findings *findings;
    const char *name;
    size_t line_bytes_max;
    struct kf_lines *lines;
    struct kf_digest *digest;
    char *scratch;                   /* line_bytes_max */
    size_t position[KF_CSV_COLUMNS]; /* of each column in the file's rows */
    uint64_t rows;
    bool useless; /* reading on makes no sense */
};

/* Adds a finding about the line last read. */
__attribute__((format(printf, 3, 4))) static void fault(struct reading *self, const char *remedy,
                                                        const char *problem, ...)
{
    if (self->findings->length == KF_FINDINGS_MAX) {
        self->findings->left_out++;
        return;
    }
    char text[KF_ERROR_TEXT_MAX];
    va_list args;
    va_start(args, problem);
    (void)vsnprintf(text, sizeof text, problem, args);
    va_end(args);
    uint64_t line = kf_lines_number(self->lines);
    kf_findings_add(self->findings, &(struct kf_place){.file = self->name, .line = line}, remedy,
                    "%s", text);
}

/* --- the header ---------------------------------------------------------------------------- */

static bool field_is(const struct kf_csv_field *field, const char *text)
{
    return field->length == strlen(text) && memcmp(field->text, text, field->length) == 0;
}

static void header_column(struct reading *self, const struct kf_csv_field *field, size_t position,
                          unsigned seen[KF_CSV_COLUMNS])
{
    for (size_t i = 0; i < KF_CSV_COLUMNS; i++) {
        if (field_is(field, column_names[i])) {
            self->position[i] = position;
            seen[i]++;
            return;
        }
    }
    char shown[KF_SHOWN_SIZE];
    kf_shown(field->text, field->length, shown);
    const char *likely = kf_findings_suggest(shown, column_names, KF_CSV_COLUMNS);
    const char *remedy = "the header is " KF_OBSERVATION_CSV_HEADER ", in any order";
    if (field->length == 0) {
        fault(self, remedy, "column %zu of the header has no name", position + 1);
    } else if (likely) {
        fault(self, remedy, "unknown column %s; did you mean %s?", shown, likely);
    } else {
        fault(self, remedy, "unknown column %s", shown);
    }
}

/* A separator that is not ours makes the whole header one unknown column: say what it is. */
static bool separator_is_foreign(struct reading *self, const char *line, size_t length)
{
    static const struct {
        char mark;
        const char *name;
    } foreign[] = {{';', "semicolons"}, {'\t', "tabs"}, {'|', "bars"}};
    for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++) {
        if (!memchr(line, ',', length) && memchr(line, foreign[i].mark, length)) {
            fault(self, "separate columns by commas: " KF_OBSERVATION_CSV_HEADER,
                  "the columns are separated by %s", foreign[i].name);
            return true;
        }
    }
    return false;
}

static void header_columns(struct reading *self, const struct kf_csv_field *fields, size_t count)
{
    unsigned seen[KF_CSV_COLUMNS] = {0};
    size_t kept = count < KF_CSV_FIELDS_MAX ? count : KF_CSV_FIELDS_MAX;
    for (size_t i = 0; i < kept; i++) {
        header_column(self, &fields[i], i, seen);
    }
    if (count > kept) {
        fault(self, "the header is " KF_OBSERVATION_CSV_HEADER, "the header has %zu columns",
              count);
    }
    for (size_t i = 0; i < KF_CSV_COLUMNS; i++) {
        if (seen[i] != 1) {
            fault(self, "the header is " KF_OBSERVATION_CSV_HEADER ", in any order",
                  seen[i] == 0 ? "column %s is missing" : "column %s is there twice",
                  column_names[i]);
        }
    }
}

static void read_header(struct reading *self, const char *line, size_t length)
{
    struct kf_csv_field fields[KF_CSV_FIELDS_MAX];
    size_t count = 0;
    uint64_t before = kf_findings_count(self->findings);
    if (separator_is_foreign(self, line, length)) {
        self->useless = true;
        return;
    }
    if (kf_csv_split(line, length, self->scratch, fields, &count) != KF_CSV_SOUND) {
        fault(self, "the header is " KF_OBSERVATION_CSV_HEADER, "the header's quotes do not close");
    } else {
        header_columns(self, fields, count);
    }
    self->useless = kf_findings_count(self->findings) > before;
}

/* --- rows ---------------------------------------------------------------------------------- */

static const char *const split_problems[] = {
    [KF_CSV_QUOTE_OPEN] = "a quote is not closed on its line",
    [KF_CSV_QUOTE_STRAY] = "text stands beside a quoted field",
};

static enum kf_err add_row(struct reading *self, const struct kf_observation *row,
                           struct kf_error *err)
{
    struct kf_error reason;
    enum kf_err code = kf_observations_add(self->table, row, &reason);
    if (code == KF_ERR_LIMIT) {
        fault(self, "split the input, or raise the limit on rows", "%s", reason.text);
        self->useless = true;
        return KF_OK;
    }
    return code == KF_OK ? KF_OK : kf_error_set(err, code, "%s", reason.text);
}

static enum kf_err read_row(struct reading *self, const char *line, size_t length,
                            struct kf_error *err)
{
    struct kf_csv_field fields[KF_CSV_FIELDS_MAX];
    struct kf_csv_field cells[KF_CSV_COLUMNS];
    struct kf_observation row = {0};
    size_t count = 0;
    enum kf_csv_fault split = kf_csv_split(line, length, self->scratch, fields, &count);
    self->rows++;
    if (split != KF_CSV_SOUND) {
        fault(self, "no field of an observation needs quotes", "%s", split_problems[split]);
        return KF_OK;
    }
    if (count != KF_CSV_COLUMNS) {
        fault(self,
              "give " KF_OBSERVATION_CSV_HEADER ", the last one may be empty; a decimal "
              "comma splits a figure in two",
              "the line has %zu fields, the header %d", count, KF_CSV_COLUMNS);
        return KF_OK;
    }
    for (size_t i = 0; i < KF_CSV_COLUMNS; i++) {
        cells[i] = fields[self->position[i]];
    }
    bool sound = kf_observation_row_read(&self->row, cells, kf_lines_number(self->lines), &row);
    return sound ? add_row(self, &row, err) : KF_OK;
}

/* --- lines --------------------------------------------------------------------------------- */

static bool is_plain_ascii(const char *line, size_t length)
{
    unsigned strange = 0;
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)line[i];
        strange |= (byte & 0x80U) | (unsigned)(byte == 0);
    }
    return strange == 0;
}

/* False, with a finding, for a line that is no UTF-8 text. */
static bool check_text(struct reading *self, const char *line, size_t length)
{
    if (is_plain_ascii(line, length) || kf_text_is_utf8(line, length)) {
        return true;
    }
    bool utf16 = kf_lines_number(self->lines) == 1 && length >= 2 &&
                 (memcmp(line, "\xff\xfe", 2) == 0 || memcmp(line, "\xfe\xff", 2) == 0);
    bool binary = memchr(line, '\0', length) != NULL;
    if (utf16) {
        fault(self, ENCODING_REMEDY, "the file is UTF-16, not UTF-8");
    } else if (binary) {
        fault(self, ENCODING_REMEDY, "the file is not text: it holds a zero byte");
    } else {
        fault(self, ENCODING_REMEDY " (this looks like Latin-1)", "the line is not UTF-8");
    }
    self->useless = utf16 || binary || kf_lines_number(self->lines) == 1;
    return false;
}

static enum kf_err read_line(struct reading *self, const char *line, size_t length,
                             struct kf_error *err)
{
    bool first = kf_lines_number(self->lines) == 1;
    if (!check_text(self, line, length)) {
        return KF_OK;
    }
    if (first) {
        size_t mark = length >= 3 && memcmp(line, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
        read_header(self, line + mark, length - mark);
        return KF_OK;
    }
    return length == 0 ? KF_OK : read_row(self, line, length, err);
}

static void check_ending(struct reading *self)
{
    if (kf_lines_number(self->lines) == 0 && !self->useless) {
        fault(self, "the first line is " KF_OBSERVATION_CSV_HEADER, "the file is empty");
    } else if (self->rows == 0 && !self->useless) {
        fault(self, "add rows, or leave the file out", "the file has a header and no rows");
    }
}

/* The line that broke the limit is the one behind the last that was read. */
static void limit_fault(struct reading *self, const struct kf_error *reason)
{
    uint64_t line = kf_lines_number(self->lines) + 1;
    kf_findings_add(self->findings, &(struct kf_place){.file = self->name, .line = line},
                    "check that this is an observation file; if it is, split it or raise the limit",
                    "%s", reason->text);
    self->useless = true;
}

static enum kf_err read_lines(struct reading *self, struct kf_error *err)
{
    const char *line = NULL;
    size_t length = 0;
    struct kf_error reason;
    enum kf_err code = KF_OK;
    while (code == KF_OK && !self->useless) {
        code = kf_lines_next(self->lines, &line, &length, &reason);
        if (code == KF_OK) {
            code = read_line(self, line, length, &reason);
        }
    }
    if (code == KF_ERR_LIMIT) {
        limit_fault(self, &reason);
        code = KF_OK;
    }
    if (code != KF_OK && code != KF_ERR_AGAIN) {
        return kf_error_set(err, code, "%s: %s", self->name, reason.text);
    }
    check_ending(self);
    return KF_OK;
}

static void tap(void *context, const void *bytes, size_t length)
{
    struct reading *self = context;
    kf_digest_add(self->digest, bytes, length);
}

static enum kf_err reading_open(struct reading *self, const char *path, uint64_t file_bytes_max,
                                struct kf_error *err)
{
    self->digest = kf_digest_new();
    self->scratch = kf_malloc(self->line_bytes_max);
    if (!self->digest || !self->scratch) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory to read %s", self->name);
    }
    const struct kf_lines_options limits = {.line_bytes_max = self->line_bytes_max,
                                            .file_bytes_max = file_bytes_max,
                                            .tap = tap,
                                            .tap_context = self};
    struct kf_error reason;
    enum kf_err code = kf_lines_open(path, &limits, &self->lines, &reason);
    if (code != KF_OK) {
        return kf_error_set(err, code, "%s", reason.text);
    }
    return kf_observations_begin_file(self->table, self->name, err);
}

static struct reading *reading_new(const char *path,
                                   const struct kf_observation_csv_options *options,
                                   struct kf_observations *table, struct kf_findings *findings)
{
    struct reading *self = kf_calloc(1, sizeof *self);
    if (!self) {
        return NULL;
    }
    self->table = table;
    self->findings = findings;
    self->name = options->name ? options->name : path;
    self->line_bytes_max =
        options->line_bytes_max ? options->line_bytes_max : KF_OBSERVATION_CSV_LINE_BYTES;
    self->row = (struct kf_observation_row_reader){
        .municipalities = options->municipalities,
        .variables = kf_observations_variables(table),
        .file = self->name,
        .findings = findings,
    };
    return self;
}

static void reading_destroy(struct reading **self)
{
    kf_lines_destroy(&(*self)->lines);
    kf_digest_destroy(&(*self)->digest);
    kf_free((*self)->scratch);
    kf_free(*self);
    *self = NULL;
}

enum kf_err kf_observation_csv_read(const char *path,
                                    const struct kf_observation_csv_options *options,
                                    struct kf_observations *table, struct kf_source_digest *source,
                                    struct kf_findings *findings, struct kf_error *err)
{
    uint64_t before = kf_findings_count(findings);
    struct reading *self = reading_new(path, options, table, findings);
    if (!self) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory to read %s", path);
    }
    uint64_t bytes_max =
        options->file_bytes_max ? options->file_bytes_max : KF_OBSERVATION_CSV_FILE_BYTES;
    enum kf_err code = reading_open(self, path, bytes_max, err);
    if (code == KF_OK) {
        code = read_lines(self, err);
    }
    uint64_t found = kf_findings_count(findings) - before;
    if (code == KF_OK && found > 0) {
        code = kf_error_set(err, KF_ERR_DATA, "%s: %llu fault%s", self->name,
                            (unsigned long long)found, found == 1 ? "" : "s");
    } else if (code == KF_OK) {
        kf_digest_print(self->digest, source->digest);
        source->bytes = kf_lines_bytes(self->lines);
    }
    reading_destroy(&self);
    return code;
}
