#include "services/ingest/observation_csv.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "common/base/lines.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "services/ingest/csv_fields.h"
#include "services/ingest/observation_file.h"

#define ENCODING_REMEDY "save the file as CSV in UTF-8"
#define FOREIGN_REMEDY  ENCODING_REMEDY " (this looks like Windows-1252 or Latin-1)"

/* The file being read. */
struct reading {
    struct kf_observation_file file;
    size_t line_bytes_max;
    struct kf_lines *lines;
    struct kf_digest *digest;
    char *scratch; /* line_bytes_max */
    struct {
        uint64_t first; /* its number; 0: there is none */
        uint64_t count;
    } foreign; /* lines below the header that are no UTF-8 */
};

/* --- the header ---------------------------------------------------------------------------- */

#define SAVING_REMEDY                                                                              \
    "LibreOffice: Save as, tick \"Edit filter settings\", field delimiter a comma; Excel: comma "  \
    "as "                                                                                          \
    "list separator and point as decimal symbol in the regional settings"

/* The fields between the marks, without their quotes. Returns how many there are. */
static size_t split_at(struct reading *self, const char *line, size_t length, char mark)
{
    const char *end = line + length;
    size_t count = 0;
    while (count < KF_OBSERVATION_FIELDS_MAX) {
        const char *next = memchr(line, mark, (size_t)(end - line));
        const char *last = next ? next : end;
        bool quoted = last - line >= 2 && line[0] == '"' && last[-1] == '"';
        self->file.fields[count++] =
            (struct kf_csv_field){line + quoted, (size_t)(last - line) - (quoted ? 2 : 0)};
        if (!next) {
            break;
        }
        line = next + 1;
    }
    return count;
}

static void tell_separator(struct reading *self, size_t count, const char *name)
{
    struct kf_observation_file *file = &self->file;
    char remedy[KF_ERROR_TEXT_MAX];
    const struct kf_observation_form *form = kf_observation_form_like(file, count);
    bool norwegian = kf_observation_norwegian(file, count) != NULL;
    (void)snprintf(remedy, sizeof remedy, "separate columns by commas: %s (" SAVING_REMEDY ")",
                   kf_observation_header(file, form, count));
    kf_observation_fault(file, remedy, "the columns are separated by %s%s", name,
                         norwegian ? " and have Norwegian names" : "");
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
            size_t count = split_at(self, line, length, foreign[i].mark);
            tell_separator(self, count, foreign[i].name);
            return true;
        }
    }
    return false;
}

static enum kf_err read_header(struct reading *self, const char *line, size_t length,
                               struct kf_error *err)
{
    struct kf_observation_file *file = &self->file;
    size_t count = 0;
    uint64_t before = kf_findings_count(file->row.findings);
    enum kf_err code = KF_OK;
    if (separator_is_foreign(self, line, length)) {
        file->useless = true;
        return KF_OK;
    }
    if (kf_csv_split(line, length, self->scratch, file->fields, KF_OBSERVATION_FIELDS_MAX,
                     &count) != KF_CSV_SOUND) {
        kf_observation_fault(file, "the header is " KF_OBSERVATION_CSV_HEADER,
                             "the header's quotes do not close");
    } else {
        file->form = kf_observation_form_of(file, count);
        code = file->form ? file->form->begin(file, count, err) : KF_OK;
    }
    file->useless = kf_findings_count(file->row.findings) > before;
    return code;
}

/* --- rows ---------------------------------------------------------------------------------- */

static const char *const split_problems[] = {
    [KF_CSV_QUOTE_OPEN] = "a quote is not closed on its line",
    [KF_CSV_QUOTE_STRAY] = "text stands beside a quoted field",
};

static enum kf_err read_row(struct reading *self, const char *line, size_t length,
                            struct kf_error *err)
{
    struct kf_observation_file *file = &self->file;
    size_t count = 0;
    enum kf_csv_fault split =
        kf_csv_split(line, length, self->scratch, file->fields, KF_OBSERVATION_FIELDS_MAX, &count);
    file->rows++;
    if (split != KF_CSV_SOUND) {
        kf_observation_fault(file, "no field of an observation needs quotes", "%s",
                             split_problems[split]);
        return KF_OK;
    }
    return file->form->row(file, count, err);
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
        kf_observation_fault(&self->file, ENCODING_REMEDY, "the file is UTF-16, not UTF-8");
    } else if (binary) {
        kf_observation_fault(&self->file, ENCODING_REMEDY,
                             "the file is not text: it holds a zero byte");
    } else if (kf_lines_number(self->lines) > 1) {
        self->foreign.first =
            self->foreign.first ? self->foreign.first : kf_lines_number(self->lines);
        self->foreign.count++;
        self->file.rows++;
        return false;
    } else {
        kf_observation_fault(&self->file, FOREIGN_REMEDY, "the line is not UTF-8");
    }
    self->file.useless = utf16 || binary || kf_lines_number(self->lines) == 1;
    return false;
}

/* The whole file is in another encoding: told once, of its first such line. */
static void tell_foreign(struct reading *self)
{
    if (self->foreign.count > 0) {
        self->file.line = self->foreign.first;
    }
    if (self->foreign.count > 1) {
        kf_observation_fault(
            &self->file, FOREIGN_REMEDY, "the line is not UTF-8, nor %s %llu further line%s",
            self->foreign.count > 2 ? "are" : "is", (unsigned long long)(self->foreign.count - 1),
            self->foreign.count > 2 ? "s" : "");
    } else if (self->foreign.count == 1) {
        kf_observation_fault(&self->file, FOREIGN_REMEDY, "the line is not UTF-8");
    }
}

static enum kf_err read_line(struct reading *self, const char *line, size_t length,
                             struct kf_error *err)
{
    bool first = kf_lines_number(self->lines) == 1;
    self->file.line = kf_lines_number(self->lines);
    if (!check_text(self, line, length)) {
        return KF_OK;
    }
    if (first) {
        size_t mark = length >= 3 && memcmp(line, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
        return read_header(self, line + mark, length - mark, err);
    }
    return length == 0 ? KF_OK : read_row(self, line, length, err);
}

static void check_ending(struct reading *self)
{
    if (kf_lines_number(self->lines) == 0 && !self->file.useless) {
        kf_observation_fault(&self->file, "the first line is " KF_OBSERVATION_CSV_HEADER,
                             "the file is empty");
    } else if (self->file.rows == 0 && !self->file.useless) {
        kf_observation_fault(&self->file, "add rows, or leave the file out",
                             "the file has a header and no rows");
    }
}

/* The line that broke the limit is the one behind the last that was read. */
static void limit_fault(struct reading *self, const struct kf_error *reason)
{
    uint64_t line = kf_lines_number(self->lines) + 1;
    kf_findings_add(self->file.row.findings,
                    &(struct kf_place){.file = self->file.row.file, .line = line},
                    "check that this is an observation file; if it is, split it or raise the limit",
                    "%s", reason->text);
    self->file.useless = true;
}

static enum kf_err read_lines(struct reading *self, struct kf_error *err)
{
    const char *line = NULL;
    size_t length = 0;
    struct kf_error reason;
    enum kf_err code = KF_OK;
    while (code == KF_OK && !self->file.useless) {
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
        return kf_error_set(err, code, "%s: %s", self->file.row.file, reason.text);
    }
    tell_foreign(self);
    check_ending(self);
    const struct kf_observation_form *form = self->file.form;
    return form && form->end && !self->file.useless ? form->end(&self->file, err) : KF_OK;
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
    self->file.fields = kf_calloc(KF_OBSERVATION_FIELDS_MAX, sizeof *self->file.fields);
    if (!self->digest || !self->scratch || !self->file.fields) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory to read %s", self->file.row.file);
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
    return kf_observations_begin_file(self->file.table, self->file.row.file, err);
}

static struct reading *reading_new(const char *path,
                                   const struct kf_observation_csv_options *options,
                                   struct kf_observations *table, struct kf_findings *findings)
{
    struct reading *self = kf_calloc(1, sizeof *self);
    if (!self) {
        return NULL;
    }
    self->line_bytes_max =
        options->line_bytes_max ? options->line_bytes_max : KF_OBSERVATION_CSV_LINE_BYTES;
    self->file.table = table;
    self->file.registers.accounts = options->accounts;
    self->file.row = (struct kf_observation_row_reader){
        .municipalities = options->municipalities,
        .variables = kf_observations_variables(table),
        .file = options->name ? options->name : path,
        .findings = findings,
        .unknown = options->unknown,
    };
    return self;
}

static void reading_destroy(struct reading **self)
{
    kf_lines_destroy(&(*self)->lines);
    kf_digest_destroy(&(*self)->digest);
    kf_free((*self)->scratch);
    kf_free((*self)->file.fields);
    kf_free((*self)->file.variables);
    kf_free((*self)->file.users);
    kf_account_lines_destroy(&(*self)->file.accounts);
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
        code = kf_error_set(err, KF_ERR_DATA, "%s: %llu fault%s", self->file.row.file,
                            (unsigned long long)found, found == 1 ? "" : "s");
    } else if (code == KF_OK) {
        kf_digest_print(self->digest, source->digest);
        source->bytes = kf_lines_bytes(self->lines);
        source->blank = self->file.blank;
    }
    reading_destroy(&self);
    return code;
}
