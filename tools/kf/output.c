#include "tools/kf/output.h"

#include "common/base/decimal.h"
#include "common/codec/json.h"
#include "common/model/row.h"

#define PIECE_BYTES    ((size_t)64 * 1024) /* written at a time: what stays in the cache */
#define TEXT_BYTES_MAX ((size_t)16 * 1024 * 1024)
#define HEAD_BYTES_MAX ((size_t)64 * 1024)

static const char header[] =
    "topic,edition,year,municipality,sector,indicator,measure,value,unit,flags\n";

void kf_output_init(struct kf_output *self, enum kf_output_format format, FILE *file)
{
    *self = (struct kf_output){.format = format, .file = file};
    kf_text_init(&self->text, TEXT_BYTES_MAX);
    kf_text_init(&self->head, HEAD_BYTES_MAX);
    kf_text_init(&self->key, HEAD_BYTES_MAX);
}

void kf_output_clear(struct kf_output *self)
{
    kf_text_clear(&self->text);
    kf_text_clear(&self->head);
    kf_text_clear(&self->key);
    kf_section_destroy(&self->section);
}

static void add_number(struct kf_text *text, double value)
{
    char digits[KF_DECIMAL_SIZE];
    kf_text_add_bytes(text, digits, kf_decimal_print(value, digits));
}

/* --- CSV -------------------------------------------------------------------------------------- */

/* Ids, codes and units hold neither comma nor quote (the editions' schema sees to it). */
static void begin_csv(const struct kf_panel *panel, const struct kf_row *row, struct kf_text *head)
{
    kf_text_add(head, kf_topic_name(row->topic));
    kf_text_add_char(head, ',');
    kf_text_add(head, panel->edition->id);
    kf_text_add_char(head, ',');
    add_number(head, panel->year);
    kf_text_add_char(head, ',');
    kf_text_add(head, row->municipality);
    kf_text_add_char(head, ',');
}

static void add_key_csv(const struct kf_row *row, struct kf_text *key)
{
    kf_text_add(key, row->sector);
    kf_text_add_char(key, ',');
    kf_text_add(key, row->indicator);
    kf_text_add_char(key, ',');
}

static void add_csv(const struct kf_row_cell *cell, const struct kf_text *key, struct kf_text *text)
{
    char value[KF_DECIMAL_SIZE + 2] = ",";
    size_t length = 1;
    if (kf_cell_has_value(cell->status)) {
        length += kf_decimal_print(cell->value, value + 1);
    }
    value[length++] = ',';
    kf_text_add_bytes(text, key->bytes, key->length);
    kf_text_add(text, cell->measure);
    kf_text_add_bytes(text, value, length);
    kf_text_add(text, cell->unit);
    if (cell->status == KF_CELL_VALUE) {
        kf_text_add_bytes(text, ",\n", 2);
        return;
    }
    kf_text_add_char(text, ',');
    kf_cell_print(cell->status, ';', text);
    kf_text_add_char(text, '\n');
}

/* --- JSON ------------------------------------------------------------------------------------- */

static void add_member(struct kf_text *text, const char *name, const char *value)
{
    kf_text_add(text, ",\"");
    kf_text_add(text, name);
    kf_text_add(text, "\":");
    kf_json_quote(value, text);
}

static void begin_json(const struct kf_panel *panel, const struct kf_row *row, struct kf_text *head)
{
    kf_text_add(head, "{\"topic\":");
    kf_json_quote(kf_topic_name(row->topic), head);
    add_member(head, "edition", panel->edition->id);
    kf_text_add(head, ",\"year\":");
    add_number(head, panel->year);
    add_member(head, "municipality", row->municipality);
}

static void add_key_json(const struct kf_row *row, struct kf_text *key)
{
    add_member(key, "sector", row->sector);
    add_member(key, "indicator", row->indicator);
}

static void add_json(const struct kf_row_cell *cell, const struct kf_text *key,
                     struct kf_text *text)
{
    kf_text_add_bytes(text, key->bytes, key->length);
    add_member(text, "measure", cell->measure);
    kf_text_add(text, ",\"value\":");
    if (kf_cell_has_value(cell->status)) {
        add_number(text, cell->value);
    } else {
        kf_text_add(text, "null");
    }
    add_member(text, "unit", cell->unit);
    kf_text_add(text, ",\"flags\":\"");
    kf_cell_print(cell->status, ';', text);
    kf_text_add(text, "\"}\n");
}

/* --- rows ------------------------------------------------------------------------------------- */

static enum kf_err write_piece(struct kf_output *self, struct kf_error *err)
{
    if (self->text.failed) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory to write a row");
    }
    if (fwrite(self->text.bytes, 1, self->text.length, self->file) != self->text.length) {
        return kf_error_set(err, KF_ERR_IO, "standard output cannot be written");
    }
    kf_text_reset(&self->text);
    return KF_OK;
}

/* What the lines of the row begin with; rows of one municipality come one after the other. */
static void place_row(struct kf_output *self, const struct kf_panel *panel,
                      const struct kf_row *row)
{
    bool csv = self->format == KF_OUTPUT_CSV;
    if (row->municipality != self->municipality || row->topic != self->topic) {
        kf_text_reset(&self->head);
        (csv ? begin_csv : begin_json)(panel, row, &self->head);
        self->municipality = row->municipality;
        self->topic = row->topic;
    }
    kf_text_reset(&self->key);
    kf_text_add_bytes(&self->key, self->head.bytes, self->head.length);
    (csv ? add_key_csv : add_key_json)(row, &self->key);
}

static enum kf_err add_row(void *context, const struct kf_panel *panel, const struct kf_row *row,
                           struct kf_error *err)
{
    struct kf_output *self = context;
    bool csv = self->format == KF_OUTPUT_CSV;
    if (self->filter && !kf_filter_takes_row(self->filter, row)) {
        return KF_OK;
    }
    place_row(self, panel, row);
    for (size_t i = 0; i < row->cells_len; i++) {
        if (!self->filter || kf_filter_takes_measure(self->filter, row->cells[i].measure)) {
            (csv ? add_csv : add_json)(&row->cells[i], &self->key, &self->text);
            self->lines++;
        }
    }
    if (self->text.failed || self->head.failed || self->key.failed) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory to write a row");
    }
    return self->text.length < PIECE_BYTES ? KF_OK : write_piece(self, err);
}

/* --- tables ----------------------------------------------------------------------------------- */

static struct kf_section_view view_of(const struct kf_output *self, const struct kf_panel *panel)
{
    return (struct kf_section_view){
        .edition = panel->edition,
        .municipalities = self->municipalities,
        .year = panel->year,
        .norwegian = self->norwegian,
        .on = self->bold ? "\033[1m" : "",
        .off = self->bold ? "\033[0m" : "",
    };
}

static enum kf_err end_section(struct kf_output *self, const struct kf_panel *panel,
                               struct kf_error *err)
{
    const struct kf_section_view view = view_of(self, panel);
    enum kf_err code = kf_section_print(self->section, &view, &self->text, err);
    return code == KF_OK ? write_piece(self, err) : code;
}

/* Cells that are not wanted are as if the row had none of them. */
static enum kf_err add_table_row(void *context, const struct kf_panel *panel,
                                 const struct kf_row *row, struct kf_error *err)
{
    struct kf_output *self = context;
    struct kf_row wanted = *row;
    enum kf_err code = KF_OK;
    if (self->filter && !kf_filter_takes_row(self->filter, row)) {
        return KF_OK;
    }
    wanted.cells_len = 0;
    for (size_t i = 0; i < row->cells_len; i++) {
        if (!self->filter || kf_filter_takes_measure(self->filter, row->cells[i].measure)) {
            wanted.cells[wanted.cells_len++] = row->cells[i];
        }
    }
    self->lines += wanted.cells_len;
    if (kf_section_ends(self->section, row)) {
        code = end_section(self, panel, err);
    }
    return code == KF_OK ? kf_section_add(self->section, &wanted, err) : code;
}

static enum kf_err write_tables(struct kf_output *self, const struct kf_panel *panel,
                                struct kf_error *err)
{
    const struct kf_section_view view = view_of(self, panel);
    const struct kf_name *title = &panel->edition->title;
    const char *name = self->norwegian ? title->nb : title->en;
    self->section = self->section ? self->section : kf_section_new();
    if (!self->section) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for tables");
    }
    kf_text_add_format(&self->text, "%s%s%s%s\n%s, %d\n", self->begun ? "\n" : "", view.on,
                       name ? name : "", view.off, panel->edition->id, panel->year);
    self->begun = true;
    enum kf_err code = kf_panel_walk(panel, add_table_row, self, err);
    code = code == KF_OK ? end_section(self, panel, err) : code;
    if (code == KF_OK) {
        kf_section_explain(self->section, &view, &self->text);
        code = write_piece(self, err);
    }
    return code;
}

/* ---------------------------------------------------------------------------------------------- */

enum kf_err kf_output_panel(struct kf_output *self, const struct kf_panel *panel,
                            struct kf_error *err)
{
    if (self->format == KF_OUTPUT_TABLE) {
        return write_tables(self, panel, err);
    }
    if (self->format == KF_OUTPUT_CSV && !self->begun) {
        kf_text_add(&self->text, header);
    }
    self->begun = true;
    self->municipality = NULL;
    enum kf_err code = kf_panel_walk(panel, add_row, self, err);
    return code == KF_OK ? write_piece(self, err) : code;
}
