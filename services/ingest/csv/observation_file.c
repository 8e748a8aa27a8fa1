#include "services/ingest/csv/observation_file.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "services/ingest/shown.h"

void kf_observation_fault(struct kf_observation_file *self, const char *remedy, const char *problem,
                          ...)
{
    struct kf_findings *findings = self->row.findings;
    if (findings->length == KF_FINDINGS_MAX) {
        findings->left_out++;
        return;
    }
    char text[KF_ERROR_TEXT_MAX];
    va_list args;
    va_start(args, problem);
    (void)vsnprintf(text, sizeof text, problem, args);
    va_end(args);
    kf_findings_add(findings, &(struct kf_place){.file = self->row.file, .line = self->line},
                    remedy, "%s", text);
}

bool kf_observation_cell_fault(struct kf_observation_file *self,
                               const struct kf_observation_cell *cell, const char *remedy,
                               const char *problem)
{
    struct kf_findings *findings = self->row.findings;
    if (findings->length == KF_FINDINGS_MAX) {
        findings->left_out++;
        return false;
    }
    char code[KF_SHOWN_SIZE];
    char text[KF_SHOWN_SIZE];
    const char *(*show)(const char *, size_t, char[KF_SHOWN_SIZE]) =
        self->row.personal ? kf_shown_private : kf_shown;
    kf_findings_add(findings,
                    &(struct kf_place){.file = self->row.file,
                                       .line = self->line,
                                       .municipality = show(cell->municipality.text,
                                                            cell->municipality.length, code),
                                       .variable = cell->column,
                                       .cell = show(cell->text.text, cell->text.length, text)},
                    remedy, "%s", problem);
    return false;
}

bool kf_csv_field_is(const struct kf_csv_field *field, const char *text)
{
    return field->length == strlen(text) && memcmp(field->text, text, field->length) == 0;
}

bool kf_csv_field_names(const struct kf_csv_field *field, const char *column)
{
    return field->length == strlen(column) && strncasecmp(field->text, column, field->length) == 0;
}

static void read_column(struct kf_observation_file *self, const struct kf_named_columns *columns,
                        size_t position, unsigned seen[KF_NAMED_COLUMNS_MAX])
{
    const struct kf_csv_field *field = &self->fields[position];
    for (size_t i = 0; i < columns->count; i++) {
        if (kf_csv_field_names(field, columns->names[i])) {
            self->position[i] = position;
            seen[i]++;
            return;
        }
    }
    if (columns->comments &&
        (kf_csv_field_names(field, "comment") || kf_csv_field_names(field, "kommentar"))) {
        return;
    }
    char shown[KF_SHOWN_SIZE];
    kf_shown(field->text, field->length, shown);
    const char *likely = kf_findings_suggest(shown, columns->names, columns->count);
    if (field->length == 0) {
        kf_observation_fault(self, columns->remedy, "column %zu of the header has no name",
                             position + 1);
    } else if (likely) {
        kf_observation_fault(self, columns->remedy, "unknown column %s; did you mean %s?", shown,
                             likely);
    } else {
        kf_observation_fault(self, columns->remedy, "unknown column %s", shown);
    }
}

void kf_observation_columns(struct kf_observation_file *self,
                            const struct kf_named_columns *columns, size_t count)
{
    unsigned seen[KF_NAMED_COLUMNS_MAX] = {0};
    size_t kept = count < 2 * KF_NAMED_COLUMNS_MAX ? count : 2 * KF_NAMED_COLUMNS_MAX;
    for (size_t i = 0; i < KF_NAMED_COLUMNS_MAX; i++) {
        self->position[i] = SIZE_MAX;
    }
    for (size_t i = 0; i < kept; i++) {
        read_column(self, columns, i, seen);
    }
    if (count > kept) {
        kf_observation_fault(self, columns->remedy, "the header has %zu columns", count);
    }
    for (size_t i = 0; i < columns->count; i++) {
        if (seen[i] > 1 || (seen[i] == 0 && i < columns->needed)) {
            kf_observation_fault(self, columns->remedy,
                                 seen[i] == 0 ? "column %s is missing" : "column %s is there twice",
                                 columns->names[i]);
        }
    }
}

enum kf_err kf_observation_take(struct kf_observation_file *self, const struct kf_observation *row,
                                struct kf_error *err)
{
    struct kf_error reason;
    enum kf_err code = kf_observations_add(self->table, row, &reason);
    if (code == KF_ERR_LIMIT) {
        kf_observation_fault(self, "split the input, or raise rows-max of ingest", "%s",
                             reason.text);
        self->useless = true;
        return KF_OK;
    }
    return code == KF_OK ? KF_OK : kf_error_set(err, code, "%s", reason.text);
}
