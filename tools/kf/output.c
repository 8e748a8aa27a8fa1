#include "tools/kf/output.h"

#include "common/base/decimal.h"
#include "common/codec/json.h"
#include "common/model/row.h"

const char kf_output_header[] =
    "topic,edition,year,municipality,sector,indicator,measure,value,unit,flags\n";

struct output {
    enum kf_output_format format;
    struct kf_text *text;
};

static void add_number(struct kf_text *text, double value)
{
    char digits[KF_DECIMAL_SIZE];
    kf_text_add_bytes(text, digits, kf_decimal_print(value, digits));
}

/* Ids, codes and units hold neither comma nor quote (the editions' schema sees to it). */
static void add_csv(const struct kf_panel *panel, const struct kf_row *row,
                    const struct kf_row_cell *cell, struct kf_text *text)
{
    const char *before[] = {kf_topic_name(row->topic), panel->edition->id};
    const char *after[] = {row->municipality, row->sector, row->indicator, cell->measure};
    for (size_t i = 0; i < sizeof before / sizeof before[0]; i++) {
        kf_text_add(text, before[i]);
        kf_text_add_char(text, ',');
    }
    add_number(text, panel->year);
    for (size_t i = 0; i < sizeof after / sizeof after[0]; i++) {
        kf_text_add_char(text, ',');
        kf_text_add(text, after[i]);
    }
    kf_text_add_char(text, ',');
    if (kf_cell_has_value(cell->status)) {
        add_number(text, cell->value);
    }
    kf_text_add_char(text, ',');
    kf_text_add(text, cell->unit);
    kf_text_add_char(text, ',');
    kf_cell_print(cell->status, ';', text);
    kf_text_add_char(text, '\n');
}

static void add_member(struct kf_text *text, const char *name, const char *value)
{
    kf_text_add(text, ",\"");
    kf_text_add(text, name);
    kf_text_add(text, "\":");
    kf_json_quote(value, text);
}

static void add_json(const struct kf_panel *panel, const struct kf_row *row,
                     const struct kf_row_cell *cell, struct kf_text *text)
{
    kf_text_add(text, "{\"topic\":");
    kf_json_quote(kf_topic_name(row->topic), text);
    add_member(text, "edition", panel->edition->id);
    kf_text_add(text, ",\"year\":");
    add_number(text, panel->year);
    add_member(text, "municipality", row->municipality);
    add_member(text, "sector", row->sector);
    add_member(text, "indicator", row->indicator);
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

static enum kf_err add_row(void *context, const struct kf_panel *panel, const struct kf_row *row,
                           struct kf_error *err)
{
    const struct output *output = context;
    for (size_t i = 0; i < row->cells_len; i++) {
        if (output->format == KF_OUTPUT_CSV) {
            add_csv(panel, row, &row->cells[i], output->text);
        } else {
            add_json(panel, row, &row->cells[i], output->text);
        }
    }
    return output->text->failed ? kf_error_set(err, KF_ERR_LIMIT, "the output is too large")
                                : KF_OK;
}

enum kf_err kf_output_panel(const struct kf_panel *panel, enum kf_output_format format,
                            struct kf_text *text, struct kf_error *err)
{
    struct output output = {.format = format, .text = text};
    return kf_panel_walk(panel, add_row, &output, err);
}
