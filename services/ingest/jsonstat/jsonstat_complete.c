/* What is checked and put together when the document has ended. */
#include <string.h>

#include "services/ingest/jsonstat/jsonstat_parts.h"

/* That it is a dataset, and of a version that is known. */
static enum kf_err check_kind(const struct kf_jsonstat_reader *self, struct kf_error *err)
{
    if (!self->class_name && !self->has_dataset) {
        return kf_error_set(err, KF_ERR_DATA,
                            "no json-stat: neither \"class\": \"dataset\" nor a \"dataset\"");
    }
    if (self->class_name && strcmp(self->class_name, "dataset") != 0) {
        return kf_error_set(err, KF_ERR_DATA, "json-stat of class '%.40s', not a dataset",
                            self->class_name);
    }
    if (self->version && strncmp(self->version, "2.", 2) != 0) {
        return kf_error_set(err, KF_ERR_DATA, "json-stat of version '%.40s', not 2", self->version);
    }
    if (self->cells.has_marks && !self->cells.has_values) {
        return kf_error_set(err, KF_ERR_DATA, "there is a status and no value");
    }
    return KF_OK;
}

/* "12362" of a label "12362: Utgifter …". */
static enum kf_err name_table(struct kf_jsonstat_reader *self, struct kf_error *err)
{
    const char *label = self->table.label;
    size_t digits = 0;
    if (self->table.table) {
        return KF_OK;
    }
    while (label && label[digits] >= '0' && label[digits] <= '9') {
        digits++;
    }
    if (!label || label[digits] != ':') {
        digits = 0;
    }
    self->table.table = kf_arena_strndup(self->arena, label ? label : "", digits);
    return self->table.table ? KF_OK : kf_jsonstat_arena_failed(self->arena, err);
}

static enum kf_err list_notes(struct kf_jsonstat_reader *self, struct kf_error *err)
{
    size_t count = self->table.notes_len;
    const char **notes = kf_arena_calloc(self->arena, count > 0 ? count : 1, sizeof *notes);
    if (!notes) {
        return kf_jsonstat_arena_failed(self->arena, err);
    }
    const struct kf_jsonstat_note *note = self->notes;
    for (size_t i = 0; i < count; i++, note = note->next) {
        notes[i] = note->text;
    }
    self->table.notes = notes;
    return KF_OK;
}

static void fill_gaps(struct kf_jsonstat *table)
{
    table->label = table->label ? table->label : "";
    table->source = table->source ? table->source : "";
    table->updated = table->updated ? table->updated : "";
}

static enum kf_err complete_cells(struct kf_jsonstat_reader *self, struct kf_error *err)
{
    enum kf_err code = KF_OK;
    if (self->cells.has_values) {
        code = kf_jsonstat_cells_finish(&self->cells, &self->limits, err);
        self->table.values = self->cells.values;
        self->table.status = self->cells.marks;
    }
    return code;
}

enum kf_err kf_jsonstat_complete(struct kf_jsonstat_reader *self, struct kf_error *err)
{
    enum kf_err code = check_kind(self, err);
    code =
        code == KF_OK ? kf_jsonstat_dimensions_finish(&self->dimensions, self->sorted, err) : code;
    code = code == KF_OK ? complete_cells(self, err) : code;
    code = code == KF_OK ? name_table(self, err) : code;
    code = code == KF_OK ? list_notes(self, err) : code;
    if (code == KF_OK) {
        self->table.dimensions = self->sorted;
        self->table.dimensions_len = self->dimensions.order_len;
        fill_gaps(&self->table);
    }
    return code;
}
