#include "services/ingest/csv/observation_csv.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "common/base/lines.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "services/ingest/csv/csv_fields.h"
#include "services/ingest/csv/file_kind.h"
#include "services/ingest/csv/observation_file.h"
#include "services/ingest/csv/observation_sheet.h"
#include "services/ingest/csv/sheet_text.h"

#define ENCODING_REMEDY "save the file as CSV in UTF-8"
#define FOREIGN_REMEDY  ENCODING_REMEDY " (this looks like Windows-1252 or Latin-1)"

#define SAVING_REMEDY                                                                              \
    "LibreOffice: Save as, tick \"Edit filter settings\", field delimiter a comma or a "           \
    "semicolon; "                                                                                  \
    "Excel: Save as \"CSV UTF-8\""

/* The file being read. */
struct reading {
    struct kf_observation_file file;
    const char *path;
    size_t line_bytes_max;
    uint64_t file_bytes_max;
    struct kf_lines *lines;
    struct kf_digest *digest;
    char *scratch; /* as utf8 */
    char *utf8;    /* [line_bytes_max × KF_SHEET_TEXT_FACTOR]; NULL before it is needed */
    bool begun;    /* the header is read */
    char named;    /* the separator that a line before the header names; zero: none does */
    struct kf_sheet sheet;
    char scanned[KF_DIGEST_SIZE]; /* a sheet: the digest of what was gone through */
    struct {
        uint64_t first; /* its number; 0: there is none */
        uint64_t count;
    } foreign; /* lines below the header that are no UTF-8 */
    struct {
        char bytes[KF_FILE_KIND_BYTES];
        size_t length;
        bool returns; /* the first piece has ends of lines, and they are carriage returns alone */
    } head;           /* how the file begins */
};

static enum kf_err lines_of(struct reading *self, kf_lines_tap *tap, void *context,
                            struct kf_lines **lines, struct kf_error *err)
{
    const struct kf_lines_options limits = {.line_bytes_max = self->line_bytes_max,
                                            .file_bytes_max = self->file_bytes_max,
                                            .tap = tap,
                                            .tap_context = context};
    return kf_lines_open(self->path, &limits, lines, err);
}

/* --- what is no CSV -------------------------------------------------------------------------- */

/* True, with a finding, for a workbook, a page and the like. */
static bool is_another_kind(struct reading *self)
{
    struct kf_file_kind kind;
    if (kf_file_kind_of(self->head.bytes, self->head.length, &kind)) {
        kf_observation_fault(&self->file, kind.remedy, "%s", kind.problem);
    } else if (self->head.returns) {
        kf_observation_fault(&self->file, "save it as \"CSV UTF-8\", not \"CSV (Macintosh)\"",
                             "its lines end with carriage returns alone");
    } else {
        return false;
    }
    self->file.useless = true;
    return true;
}

/* --- lines in the file's encoding ------------------------------------------------------------- */

static bool is_utf8(const char *line, size_t length)
{
    return kf_sheet_text_is_plain(line, length) || kf_text_is_utf8(line, length);
}

/* A line of Windows-1252 as UTF-8. `strange` is a byte that is none, else zero. */
static enum kf_err transcode(struct reading *self, struct kf_csv_line *line, unsigned char *strange,
                             struct kf_error *err)
{
    *strange = 0;
    if (!self->utf8) {
        self->utf8 = kf_malloc(self->line_bytes_max * KF_SHEET_TEXT_FACTOR);
    }
    if (!self->utf8) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory to read %s", self->file.row.file);
    }
    if (kf_sheet_text_to_utf8(line->text, line->length, self->utf8, &line->length, strange)) {
        line->text = self->utf8;
    }
    return KF_OK;
}

/* The same, with a finding when the line has such a byte: `decoded` is then false. */
static enum kf_err decode(struct reading *self, struct kf_csv_line *line, bool *decoded,
                          struct kf_error *err)
{
    unsigned char strange = 0;
    enum kf_err code = transcode(self, line, &strange, err);
    *decoded = strange == 0;
    if (code == KF_OK && strange != 0) {
        kf_observation_fault(&self->file, ENCODING_REMEDY,
                             "the line is neither UTF-8 nor Windows-1252: it has byte 0x%02X",
                             (unsigned)strange);
    }
    return code;
}

/* --- once through the file of a spreadsheet, before its rows are read ------------------------- */

/* What the first going through notes of the bytes. */
struct scanning {
    struct kf_digest *digest;
    char last;
};

static void tap_scan(void *context, const void *bytes, size_t length)
{
    struct scanning *scanning = context;
    kf_digest_add(scanning->digest, bytes, length);
    scanning->last = ((const char *)bytes)[length - 1];
}

static enum kf_err scan_line(struct reading *self, struct kf_csv_line line, uint64_t number,
                             struct kf_error *err)
{
    struct kf_observation_file *file = &self->file;
    unsigned char strange = 0;
    size_t count = 0;
    kf_sheet_note_text(&self->sheet, line.text, line.length, number);
    if (number <= kf_lines_number(self->lines)) {
        return KF_OK;
    }
    enum kf_err code =
        is_utf8(line.text, line.length) ? KF_OK : transcode(self, &line, &strange, err);
    if (code != KF_OK || kf_csv_split(&line, self->scratch, file->fields, KF_OBSERVATION_FIELDS_MAX,
                                      &count) != KF_CSV_SOUND) {
        return code;
    }
    count = count < KF_OBSERVATION_FIELDS_MAX ? count : KF_OBSERVATION_FIELDS_MAX;
    kf_sheet_note_figures(&self->sheet, file, count, number);
    return KF_OK;
}

/* KF_ERR_LIMIT is left to the reading of the rows, which comes there, too. */
static enum kf_err scan_lines(struct reading *self, struct kf_lines *lines, struct kf_error *err)
{
    struct kf_csv_line line = {.separator = self->sheet.separator};
    enum kf_err code = KF_OK;
    while (code == KF_OK) {
        code = kf_lines_next(lines, &line.text, &line.length, err);
        if (code == KF_OK) {
            code = scan_line(self, line, kf_lines_number(lines), err);
        }
    }
    return code == KF_ERR_AGAIN || code == KF_ERR_LIMIT ? KF_OK : code;
}

static enum kf_err scan(struct reading *self, struct kf_error *err)
{
    struct scanning scanning = {.digest = kf_digest_new()};
    struct kf_lines *lines = NULL;
    if (!scanning.digest) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory to read %s", self->file.row.file);
    }
    enum kf_err code = lines_of(self, tap_scan, &scanning, &lines, err);
    if (code == KF_OK) {
        code = scan_lines(self, lines, err);
    }
    if (code == KF_OK) {
        kf_digest_print(scanning.digest, self->scanned);
        self->sheet.cut_line = scanning.last == '\n' ? 0 : kf_lines_number(lines);
        (void)kf_sheet_check(&self->sheet, &self->file);
        self->file.row.mark = kf_sheet_mark(&self->sheet);
    }
    kf_lines_destroy(&lines);
    kf_digest_destroy(&scanning.digest);
    return code;
}

/* --- the header ---------------------------------------------------------------------------- */

static bool header_is_sound(struct reading *self, const struct kf_csv_line *line, size_t *count)
{
    struct kf_observation_file *file = &self->file;
    if (line->separator == '\0') {
        kf_observation_fault(file, "save it with one separator (" SAVING_REMEDY ")",
                             "the columns are separated by semicolons and by tabs");
    } else if (!memchr(line->text, ',', line->length) && memchr(line->text, '|', line->length)) {
        kf_observation_fault(file, "separate columns by commas or semicolons (" SAVING_REMEDY ")",
                             "the columns are separated by bars");
    } else if (kf_csv_split(line, self->scratch, file->fields, KF_OBSERVATION_FIELDS_MAX, count) !=
               KF_CSV_SOUND) {
        kf_observation_fault(file, "the header is " KF_OBSERVATION_CSV_HEADER,
                             "the header's quotes do not close");
    } else {
        return true;
    }
    return false;
}

static enum kf_err begin(struct reading *self, const struct kf_csv_line *line, struct kf_error *err)
{
    struct kf_observation_file *file = &self->file;
    uint64_t before = kf_findings_count(file->row.findings);
    enum kf_err code = KF_OK;
    size_t count = 0;
    if (header_is_sound(self, line, &count)) {
        count = file->row.sheet ? kf_sheet_header(file, count) : count;
        file->form = kf_observation_form_of(file, count);
        code = file->form ? file->form->begin(file, count, err) : KF_OK;
    }
    file->useless = kf_findings_count(file->row.findings) > before;
    return code == KF_OK && file->row.sheet && !file->useless ? scan(self, err) : code;
}

/* A foreign header of a comma file, or one of no text. */
static void tell_unreadable_header(struct reading *self, const char *line, size_t length)
{
    if (memchr(line, '\0', length)) {
        kf_observation_fault(&self->file, ENCODING_REMEDY,
                             "the file is not text: it holds a zero byte");
    } else {
        kf_observation_fault(&self->file, FOREIGN_REMEDY, "the line is not UTF-8");
    }
    self->file.useless = true;
}

static enum kf_err read_header(struct reading *self, const char *text, size_t length,
                               struct kf_error *err)
{
    size_t bom =
        kf_lines_number(self->lines) == 1 && length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0
            ? 3
            : 0;
    struct kf_csv_line line = {text + bom, length - bom, self->named};
    bool decoded = true;
    enum kf_err code = KF_OK;
    if (kf_lines_number(self->lines) == 1 &&
        (is_another_kind(self) || kf_sheet_names_separator(line.text, line.length, &self->named))) {
        return KF_OK;
    }
    self->begun = true;
    line.separator = self->named ? self->named : kf_sheet_separator(line.text, line.length);
    self->sheet.separator = line.separator;
    self->file.row.sheet = line.separator == ';' || line.separator == '\t';
    if (!is_utf8(line.text, line.length)) {
        if (!self->file.row.sheet || memchr(line.text, '\0', line.length)) {
            tell_unreadable_header(self, line.text, line.length);
            return KF_OK;
        }
        code = decode(self, &line, &decoded, err);
    }
    self->file.useless = !decoded;
    return code == KF_OK && decoded ? begin(self, &line, err) : code;
}

/* --- rows ---------------------------------------------------------------------------------- */

static const char *const split_problems[] = {
    [KF_CSV_QUOTE_OPEN] = "a quote is not closed on its line",
    [KF_CSV_QUOTE_STRAY] = "text stands beside a quoted field",
};

static enum kf_err read_row(struct reading *self, const char *text, size_t length,
                            struct kf_error *err)
{
    struct kf_observation_file *file = &self->file;
    const struct kf_csv_line line = {text, length, self->sheet.separator};
    size_t count = 0;
    enum kf_csv_fault split =
        kf_csv_split(&line, self->scratch, file->fields, KF_OBSERVATION_FIELDS_MAX, &count);
    file->rows++;
    if (split != KF_CSV_SOUND) {
        kf_observation_fault(file, "no field of an observation needs quotes", "%s",
                             split_problems[split]);
        return KF_OK;
    }
    if (file->row.sheet && !kf_sheet_row(file, &self->sheet, &count)) {
        file->rows -= count == 0;
        return KF_OK;
    }
    return file->form->row(file, count, err);
}

/* --- lines --------------------------------------------------------------------------------- */

/* A line below the header that is no UTF-8, and not to be taken for Windows-1252. */
static void tell_strange(struct reading *self, const char *line, size_t length)
{
    if (memchr(line, '\0', length)) {
        kf_observation_fault(&self->file, ENCODING_REMEDY,
                             "the file is not text: it holds a zero byte");
        self->file.useless = true;
        return;
    }
    uint64_t number = kf_lines_number(self->lines);
    self->foreign.first = self->foreign.first ? self->foreign.first : number;
    self->foreign.count++;
    self->file.rows++;
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

static enum kf_err read_line(struct reading *self, const char *text, size_t length,
                             struct kf_error *err)
{
    struct kf_csv_line line = {.text = text, .length = length};
    bool decoded = true;
    self->file.line = kf_lines_number(self->lines);
    if (!self->begun) {
        return read_header(self, text, length, err);
    }
    if (!is_utf8(text, length)) {
        if (!self->file.row.sheet || memchr(text, '\0', length)) {
            tell_strange(self, text, length);
            return KF_OK;
        }
        enum kf_err code = decode(self, &line, &decoded, err);
        if (code != KF_OK) {
            return code;
        }
        self->file.rows += !decoded;
    }
    return line.length == 0 || !decoded ? KF_OK : read_row(self, line.text, line.length, err);
}

static void check_ending(struct reading *self)
{
    if (!self->begun && !self->file.useless) {
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
    self->file.line = line;
    if (line == 1 && is_another_kind(self)) {
        return;
    }
    kf_findings_add(self->file.row.findings,
                    &(struct kf_place){.file = self->file.row.file, .line = line},
                    "check that this is an observation file; if it is, split it or raise "
                    "line-bytes-max of ingest",
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
    if (self->head.length == 0) {
        self->head.length = length < sizeof self->head.bytes ? length : sizeof self->head.bytes;
        memcpy(self->head.bytes, bytes, self->head.length);
        self->head.returns = memchr(bytes, '\r', length) && !memchr(bytes, '\n', length) &&
                             ((const char *)memchr(bytes, '\r', length) - (const char *)bytes) <
                                 (ptrdiff_t)length - 1;
    }
    kf_digest_add(self->digest, bytes, length);
}

static enum kf_err reading_open(struct reading *self, struct kf_error *err)
{
    self->digest = kf_digest_new();
    self->scratch = kf_malloc(self->line_bytes_max * KF_SHEET_TEXT_FACTOR);
    self->file.fields = kf_calloc(KF_OBSERVATION_FIELDS_MAX, sizeof *self->file.fields);
    if (!self->digest || !self->scratch || !self->file.fields) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory to read %s", self->file.row.file);
    }
    struct kf_error reason;
    enum kf_err code = lines_of(self, tap, self, &self->lines, &reason);
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
    self->file_bytes_max =
        options->file_bytes_max ? options->file_bytes_max : KF_OBSERVATION_CSV_FILE_BYTES;
    self->path = path;
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
    kf_free((*self)->utf8);
    kf_free((*self)->file.fields);
    kf_free((*self)->file.variables);
    kf_free((*self)->file.users);
    kf_account_lines_destroy(&(*self)->file.accounts);
    kf_free(*self);
    *self = NULL;
}

/* A sheet is gone through twice: both times the same bytes, or nothing of it counts. */
static enum kf_err check_unchanged(const struct reading *self, struct kf_error *err)
{
    char digest[KF_DIGEST_SIZE];
    kf_digest_print(self->digest, digest);
    if (self->file.useless || self->scanned[0] == '\0' || strcmp(digest, self->scanned) == 0) {
        return KF_OK;
    }
    return kf_error_set(err, KF_ERR_IO, "%s changed while it was read", self->file.row.file);
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
    enum kf_err code = reading_open(self, err);
    if (code == KF_OK) {
        code = read_lines(self, err);
    }
    if (code == KF_OK) {
        code = check_unchanged(self, err);
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
