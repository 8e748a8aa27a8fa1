#include "tools/fakessb/writer.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/decimal.h"
#include "common/codec/json.h"

void kf_fake_time_print(int64_t wall_ms, char text[KF_FAKE_TIME_SIZE])
{
    kf_clock_print(wall_ms, text);
    memcpy(text + strlen("2026-03-16T07:00:00"), "Z", sizeof "Z");
}

void kf_fake_member(const char *name, const char *value, struct kf_text *json)
{
    kf_json_quote(name, json);
    kf_text_add_char(json, ':');
    kf_json_quote(value, json);
}

void kf_fake_comma(bool needed, struct kf_text *json)
{
    if (needed) {
        kf_text_add_char(json, ',');
    }
}

/* --- what is chosen -------------------------------------------------------------------------- */

/* A table and what of it is told; no selection: everything that shows. */
struct view {
    const struct kf_fake_table *table;
    const struct kf_fake_selection *selection;
    const struct kf_fake_twist *twist;
    struct kf_text *json;
};

static bool has_dimension(const struct view *self, size_t dimension)
{
    return !self->selection || !self->selection->left_out[dimension];
}

static bool has_code(const struct view *self, size_t dimension, size_t code)
{
    const struct kf_fake_dimension *own = &self->table->dimensions[dimension];
    return kf_fake_dimension_shows(own, code) &&
           (!self->selection || self->selection->flags[dimension][code]);
}

typedef void code_writer(const struct kf_fake_code *code, size_t place, struct kf_text *json);

/* {"CODE": what `write` says of it, …} for the codes chosen. */
static void write_codes(const struct view *self, size_t dimension, const char *name,
                        code_writer *write)
{
    const struct kf_fake_dimension *own = &self->table->dimensions[dimension];
    size_t place = 0;
    kf_json_quote(name, self->json);
    kf_text_add(self->json, ":{");
    for (size_t i = 0; i < own->codes_len; i++) {
        if (has_code(self, dimension, i)) {
            kf_fake_comma(place > 0, self->json);
            kf_json_quote(own->codes[i].code, self->json);
            kf_text_add_char(self->json, ':');
            write(&own->codes[i], place++, self->json);
        }
    }
    kf_text_add_char(self->json, '}');
}

static void write_index(const struct kf_fake_code *code, size_t place, struct kf_text *json)
{
    (void)code;
    kf_text_add_format(json, "%zu", place);
}

static void write_label(const struct kf_fake_code *code, size_t place, struct kf_text *json)
{
    (void)place;
    kf_json_quote(code->label, json);
}

static void write_unit(const struct kf_fake_code *code, size_t place, struct kf_text *json)
{
    (void)place;
    kf_text_add_char(json, '{');
    kf_fake_member("base", code->unit, json);
    kf_text_add_format(json, ",\"decimals\":%d}", code->decimals);
}

static void write_description(const struct kf_fake_code *code, size_t place, struct kf_text *json)
{
    (void)place;
    kf_json_quote(code->description, json);
}

static void write_refperiod(const struct kf_fake_code *code, size_t place, struct kf_text *json)
{
    (void)code;
    (void)place;
    kf_json_quote("31.12", json);
}

static void write_flow(const struct kf_fake_code *code, size_t place, struct kf_text *json)
{
    (void)code;
    (void)place;
    kf_json_quote("Flow", json);
}

static void write_not_applicable(const struct kf_fake_code *code, size_t place,
                                 struct kf_text *json)
{
    (void)code;
    (void)place;
    kf_json_quote("NotApplicable", json);
}

static void write_none(const struct kf_fake_code *code, size_t place, struct kf_text *json)
{
    (void)code;
    (void)place;
    kf_json_quote("None", json);
}

/* --- dimensions ------------------------------------------------------------------------------ */

static const char *show_of(enum kf_fake_role role)
{
    static const char *const shows[KF_FAKE_ROLES] = {[KF_FAKE_PLAIN] = "value",
                                                     [KF_FAKE_TIME] = "code",
                                                     [KF_FAKE_GEO] = "code_value",
                                                     [KF_FAKE_METRIC] = "value"};
    return shows[role];
}

static void write_metric_extension(const struct view *self, size_t dimension)
{
    static const struct {
        const char *name;
        code_writer *write;
    } members[] = {
        {"measuringType", write_flow},
        {"priceType", write_not_applicable},
        {"adjustment", write_none},
        {"alternativeText", write_label},
    };
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        kf_text_add_char(self->json, ',');
        write_codes(self, dimension, members[i].name, members[i].write);
    }
}

static void write_extension(const struct view *self, size_t dimension)
{
    const struct kf_fake_dimension *own = &self->table->dimensions[dimension];
    kf_text_add_format(self->json, "\"extension\":{\"elimination\":%s",
                       own->elimination ? "true" : "false");
    if (own->role == KF_FAKE_METRIC) {
        kf_text_add_char(self->json, ',');
        write_codes(self, dimension, "refperiod", write_refperiod);
    }
    kf_text_add_char(self->json, ',');
    kf_fake_member("show", show_of(own->role), self->json);
    if (own->role == KF_FAKE_METRIC) {
        write_metric_extension(self, dimension);
    }
    kf_text_add_char(self->json, '}');
}

static bool is_described(const struct kf_fake_dimension *self)
{
    return self->description[0] != '\0' ||
           (self->codes_len > 0 && self->codes[0].description[0] != '\0');
}

/* "link":{"describedby":[{"extension":{…}}]} */
static void write_link(const struct view *self, size_t dimension)
{
    const struct kf_fake_dimension *own = &self->table->dimensions[dimension];
    if (!is_described(own)) {
        return;
    }
    kf_text_add(self->json, ",\"link\":{\"describedby\":[{");
    if (own->description[0] != '\0') {
        kf_text_add(self->json, "\"extension\":{");
        kf_fake_member(own->id, own->description, self->json);
        kf_text_add_char(self->json, '}');
    } else {
        write_codes(self, dimension, "extension", write_description);
    }
    kf_text_add(self->json, "}]}");
}

static void write_dimension(const struct view *self, size_t dimension)
{
    const struct kf_fake_dimension *own = &self->table->dimensions[dimension];
    kf_json_quote(own->id, self->json);
    kf_text_add(self->json, ":{");
    kf_fake_member("label", own->label, self->json);
    kf_text_add(self->json, ",\"category\":{");
    write_codes(self, dimension, "index", write_index);
    kf_text_add_char(self->json, ',');
    write_codes(self, dimension, "label", write_label);
    if (own->role == KF_FAKE_METRIC) {
        kf_text_add_char(self->json, ',');
        write_codes(self, dimension, "unit", write_unit);
    }
    kf_text_add(self->json, "},");
    write_extension(self, dimension);
    write_link(self, dimension);
    kf_text_add_char(self->json, '}');
}

/* --- lists of dimensions --------------------------------------------------------------------- */

#define ANY_ROLE (-1)

/* The ids of the dimensions told, of a role or of any, in quotes. Returns how many. */
static size_t write_ids(const struct view *self, int role)
{
    size_t written = 0;
    for (size_t i = 0; i < self->table->dimensions_len; i++) {
        bool wanted = role == ANY_ROLE || (int)self->table->dimensions[i].role == role;
        if (wanted && has_dimension(self, i)) {
            kf_fake_comma(written++ > 0, self->json);
            kf_json_quote(self->table->dimensions[i].id, self->json);
        }
    }
    return written;
}

static bool has_role(const struct view *self, enum kf_fake_role role)
{
    for (size_t i = 0; i < self->table->dimensions_len; i++) {
        if (self->table->dimensions[i].role == role && has_dimension(self, i)) {
            return true;
        }
    }
    return false;
}

static void write_roles(const struct view *self)
{
    static const struct {
        const char *name;
        enum kf_fake_role role;
    } roles[] = {{"time", KF_FAKE_TIME}, {"geo", KF_FAKE_GEO}, {"metric", KF_FAKE_METRIC}};
    bool more = false;
    kf_text_add(self->json, "\"role\":{");
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
        if (has_role(self, roles[i].role)) {
            kf_fake_comma(more, self->json);
            kf_json_quote(roles[i].name, self->json);
            kf_text_add(self->json, ":[");
            (void)write_ids(self, (int)roles[i].role);
            kf_text_add_char(self->json, ']');
            more = true;
        }
    }
    kf_text_add_char(self->json, '}');
}

static size_t chosen(const struct view *self, size_t dimension)
{
    return self->selection ? self->selection->counts[dimension]
                           : kf_fake_dimension_shown(&self->table->dimensions[dimension]);
}

static void write_sizes(const struct view *self)
{
    bool more = false;
    kf_text_add(self->json, "\"size\":[");
    for (size_t i = 0; i < self->table->dimensions_len; i++) {
        if (has_dimension(self, i)) {
            kf_fake_comma(more, self->json);
            kf_text_add_format(self->json, "%zu", chosen(self, i));
            more = true;
        }
    }
    kf_text_add_char(self->json, ']');
}

static void write_dimensions(const struct view *self)
{
    bool more = false;
    kf_text_add(self->json, "\"dimension\":{");
    for (size_t i = 0; i < self->table->dimensions_len; i++) {
        if (has_dimension(self, i)) {
            kf_fake_comma(more, self->json);
            write_dimension(self, i);
            more = true;
        }
    }
    kf_text_add_char(self->json, '}');
}

/* --- the table around ------------------------------------------------------------------------ */

static void write_head(const struct view *self)
{
    char updated[KF_FAKE_TIME_SIZE];
    kf_text_add(self->json, "{\"version\":\"2.0\",\"class\":\"dataset\",");
    kf_fake_member("label", self->table->label, self->json);
    kf_text_add_char(self->json, ',');
    kf_fake_member("source", "Statistisk sentralbyrå", self->json);
    kf_fake_time_print(self->table->updated_ms - self->twist->updated_ago, updated);
    kf_text_add_char(self->json, ',');
    kf_fake_member("updated", updated, self->json);
    if (self->table->notes_len > 0) {
        kf_text_add(self->json, ",\"note\":[");
    }
    for (size_t i = 0; i < self->table->notes_len; i++) {
        kf_fake_comma(i > 0, self->json);
        kf_json_quote(self->table->notes[i], self->json);
    }
    kf_text_add(self->json, self->table->notes_len > 0 ? "]," : ",");
    write_roles(self);
    kf_text_add(self->json, ",\"id\":[");
    (void)write_ids(self, ANY_ROLE);
    kf_text_add(self->json, "],");
    write_sizes(self);
    kf_text_add_char(self->json, ',');
    write_dimensions(self);
}

static int decimals_of(const struct kf_fake_table *table)
{
    int decimals = 0;
    for (size_t i = 0; i < table->dimensions_len; i++) {
        const struct kf_fake_dimension *own = &table->dimensions[i];
        for (size_t j = 0; own->role == KF_FAKE_METRIC && j < own->codes_len; j++) {
            decimals = own->codes[j].decimals > decimals ? own->codes[j].decimals : decimals;
        }
    }
    return decimals;
}

/* Metric and time head the columns, the others are rows. */
static void write_layout(const struct view *self)
{
    static const char *const names[] = {"\"heading\":[", ",\"stub\":["};
    for (size_t part = 0; part < 2; part++) {
        bool more = false;
        kf_text_add(self->json, names[part]);
        for (size_t i = 0; i < self->table->dimensions_len; i++) {
            const struct kf_fake_dimension *own = &self->table->dimensions[i];
            bool heads = own->role == KF_FAKE_METRIC || own->role == KF_FAKE_TIME;
            if (has_dimension(self, i) && heads == (part == 0)) {
                kf_fake_comma(more, self->json);
                kf_json_quote(own->id, self->json);
                more = true;
            }
        }
        kf_text_add_char(self->json, ']');
    }
}

static void write_contents(const struct view *self)
{
    const char *label = self->table->label;
    const char *end = strstr(label, " etter ");
    char contents[256];
    size_t length = end ? (size_t)(end - label) : strlen(label);
    length = kf_text_whole(label, length < sizeof contents ? length : sizeof contents - 1);
    memcpy(contents, label, length);
    contents[length] = '\0';
    kf_fake_member("contents", contents, self->json);
}

static void write_px(const struct view *self)
{
    kf_text_add(self->json, "\"px\":{\"infofile\":\"None\",");
    kf_fake_member("tableid", self->table->id, self->json);
    kf_text_add_format(self->json,
                       ",\"decimals\":%d,\"official-statistics\":true,\"aggregallowed\":false,"
                       "\"copyright\":false,\"language\":\"no\",",
                       decimals_of(self->table));
    write_contents(self);
    kf_text_add(self->json, ",\"descriptiondefault\":false,");
    write_layout(self);
    kf_text_add_char(self->json, ',');
    kf_fake_member("matrix", self->table->id, self->json);
    kf_text_add_char(self->json, ',');
    kf_fake_member("subject-code", self->table->subject_code, self->json);
    kf_text_add_char(self->json, ',');
    kf_fake_member("subject-area", self->table->subject, self->json);
    kf_text_add_char(self->json, '}');
}

static void write_contact(const struct view *self)
{
    kf_text_add(self->json, ",\"discontinued\":null,\"contact\":[{");
    kf_fake_member("name", self->table->contact, self->json);
    kf_text_add(self->json, ",\"organization\":\"Statistisk sentralbyrå\",\"phone\":\"\",");
    kf_text_add(self->json, "\"mail\":\"\",");
    kf_fake_member("raw", self->table->contact, self->json);
    kf_text_add(self->json, "}]");
}

static void write_tail(const struct view *self)
{
    kf_text_add(self->json, ",\"extension\":{");
    if (self->table->notes_len > 0) {
        kf_text_add(self->json, "\"noteMandatory\":{\"0\":true},");
    }
    write_px(self);
    write_contact(self);
    kf_text_add_char(self->json, '}');
}

/* --- figures --------------------------------------------------------------------------------- */

/* One cell as it is told: a figure, or a symbol. */
struct told {
    double value;
    const char *symbol;
};

/* Walks over the chosen cells; `values` is written at once, `status` kept for afterwards. */
struct walk {
    const struct view *view;
    struct kf_text status;
    size_t position;
};

static void tell(struct walk *self, struct told told)
{
    struct kf_text *json = self->view->json;
    char number[KF_DECIMAL_SIZE];
    kf_fake_comma(self->position > 0, json);
    if (told.symbol || self->view->twist->null_values) {
        kf_text_add(json, "null");
    } else {
        kf_text_add_bytes(json, number, kf_decimal_print(told.value, number));
    }
    if (told.symbol) {
        kf_fake_comma(self->status.length > 0, &self->status);
        kf_text_add_format(&self->status, "\"%zu\":", self->position);
        kf_json_quote(told.symbol, &self->status);
    }
    self->position++;
}

static size_t stride_of(const struct kf_fake_table *table, size_t dimension)
{
    size_t stride = 1;
    for (size_t i = dimension + 1; i < table->dimensions_len; i++) {
        stride *= table->dimensions[i].codes_len;
    }
    return stride;
}

/* A place of a dimension that was left out is added up, or the total's is taken. */
static bool is_part(const struct kf_fake_dimension *dimension, size_t code)
{
    return dimension->has_total ? code + 1 == dimension->codes_len : !dimension->codes[code].hidden;
}

/* The sum over the dimensions from `dimension` on that were left out; others are at `places`. */
static struct told sum_cells(const struct view *self, const size_t *places, size_t dimension,
                             size_t offset)
{
    const struct kf_fake_table *table = self->table;
    struct told sum = {0};
    if (dimension == table->dimensions_len) {
        sum.symbol = kf_fake_cell_shows(&table->cells[offset], &sum.value);
        return sum;
    }
    size_t stride = stride_of(table, dimension);
    if (has_dimension(self, dimension)) {
        return sum_cells(self, places, dimension + 1, offset + places[dimension] * stride);
    }
    for (size_t i = 0; i < table->dimensions[dimension].codes_len; i++) {
        if (is_part(&table->dimensions[dimension], i)) {
            struct told part = sum_cells(self, places, dimension + 1, offset + i * stride);
            sum.value += part.value;
            sum.symbol = part.symbol ? part.symbol : sum.symbol;
        }
    }
    return sum;
}

static void walk_cells(struct walk *self, size_t *places, size_t dimension)
{
    const struct view *view = self->view;
    if (dimension == view->table->dimensions_len) {
        tell(self, sum_cells(view, places, 0, 0));
        return;
    }
    if (!has_dimension(view, dimension)) {
        walk_cells(self, places, dimension + 1);
        return;
    }
    for (size_t i = 0; i < view->table->dimensions[dimension].codes_len; i++) {
        if (has_code(view, dimension, i)) {
            places[dimension] = i;
            walk_cells(self, places, dimension + 1);
        }
    }
}

static void write_values(const struct view *self)
{
    size_t places[KF_FAKE_DIMENSIONS_MAX] = {0};
    struct walk walk = {.view = self};
    kf_text_init(&walk.status, self->json->size_max);
    kf_text_add(self->json, ",\"value\":[");
    if (!self->twist->no_values) {
        walk_cells(&walk, places, 0);
    }
    kf_text_add_char(self->json, ']');
    if (walk.status.length > 0) {
        kf_text_add(self->json, ",\"status\":{");
        kf_text_add_bytes(self->json, walk.status.bytes, walk.status.length);
        kf_text_add_char(self->json, '}');
    }
    self->json->failed = self->json->failed || walk.status.failed;
    kf_text_clear(&walk.status);
}

/* A recorded answer stands as it came when all of it is asked for. */
static bool write_recorded(const struct view *self)
{
    const struct kf_fake_table *table = self->table;
    bool twisted = self->twist->no_values || self->twist->null_values || self->twist->updated_ago;
    if (!table->recorded || twisted || !kf_fake_selection_is_whole(self->selection, table)) {
        return false;
    }
    kf_text_add(self->json, table->recorded);
    return true;
}

static void write_huge(size_t bytes, struct kf_text *json)
{
    char spaces[4096];
    memset(spaces, ' ', sizeof spaces);
    for (size_t left = bytes; left > 0;) {
        size_t piece = left < sizeof spaces ? left : sizeof spaces;
        kf_text_add_bytes(json, spaces, piece);
        left -= piece;
    }
}

void kf_fake_write_data(const struct kf_fake_table *table,
                        const struct kf_fake_selection *selection,
                        const struct kf_fake_twist *twist, struct kf_text *json)
{
    struct view view = {.table = table, .selection = selection, .twist = twist, .json = json};
    if (write_recorded(&view)) {
        return;
    }
    write_head(&view);
    write_huge(twist->huge_bytes, json);
    write_tail(&view);
    write_values(&view);
    kf_text_add_char(json, '}');
}

void kf_fake_write_metadata(const struct kf_fake_table *table, const struct kf_fake_twist *twist,
                            struct kf_text *json)
{
    struct view view = {.table = table, .twist = twist, .json = json};
    write_head(&view);
    write_huge(twist->huge_bytes, json);
    write_tail(&view);
    kf_text_add_char(json, '}');
}
