#include "tools/fakessb/figures.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/base/decimal.h"
#include "common/base/lines.h"
#include "common/base/memory.h"

#define NO_VARIABLE UINT16_MAX
#define TEXT_SIZE   64

struct field {
    const char *text;
    size_t length;
};

struct reading {
    const struct kf_fake_figures *what;
    struct kf_fake_table *table;
    struct kf_lines *lines;
    struct field fields[KF_FAKE_COLUMNS_MAX];
    size_t fields_len;
    uint16_t variables[KF_FAKE_COLUMNS_MAX]; /* of a wide file's columns */
    bool is_long;
    size_t filled;
};

static enum kf_err fault(const struct reading *self, const char *problem, struct kf_error *err)
{
    return kf_error_set(err, KF_ERR_CONFIG, "%s:%llu: %s", self->what->path,
                        (unsigned long long)kf_lines_number(self->lines), problem);
}

static enum kf_err split(struct reading *self, const char *line, size_t length,
                         struct kf_error *err)
{
    self->fields_len = 0;
    for (size_t from = 0; from <= length;) {
        const char *comma = memchr(line + from, ',', length - from);
        size_t end = comma ? (size_t)(comma - line) : length;
        if (self->fields_len == KF_FAKE_COLUMNS_MAX) {
            return fault(self, "too many columns", err);
        }
        self->fields[self->fields_len++] =
            (struct field){.text = line + from, .length = end - from};
        from = end + 1;
    }
    return KF_OK;
}

static bool is(const struct field *field, const char *text)
{
    return strlen(text) == field->length && memcmp(field->text, text, field->length) == 0;
}

static uint16_t variable_of(const struct reading *self, const struct field *field)
{
    for (size_t i = 0; i < self->what->variables_len; i++) {
        if (is(field, self->what->variables[i].name)) {
            return (uint16_t)i;
        }
    }
    return NO_VARIABLE;
}

static enum kf_err read_head(struct reading *self, struct kf_error *err)
{
    if (self->fields_len < 3 || !is(&self->fields[0], "municipality") ||
        !is(&self->fields[1], "year")) {
        return fault(self, "the first columns must be municipality,year", err);
    }
    self->is_long =
        self->fields_len >= 4 && is(&self->fields[2], "variable") && is(&self->fields[3], "value");
    for (size_t i = 2; i < self->fields_len; i++) {
        self->variables[i] = variable_of(self, &self->fields[i]);
    }
    return KF_OK;
}

/* --- places ---------------------------------------------------------------------------------- */

static size_t region_of(const struct reading *self)
{
    char code[TEXT_SIZE];
    const struct field *field = &self->fields[0];
    if (field->length >= sizeof code) {
        return SIZE_MAX;
    }
    memcpy(code, field->text, field->length);
    code[field->length] = '\0';
    bool country = self->what->country && strcmp(code, "EAK") == 0;
    return kf_fake_dimension_code(&self->table->dimensions[self->what->region],
                                  country ? self->what->country : code);
}

static size_t time_of(const struct reading *self)
{
    char code[TEXT_SIZE];
    double year = 0;
    if (!kf_decimal_parse(self->fields[1].text, self->fields[1].length, &year) || year < 1 ||
        year > 9999) {
        return SIZE_MAX;
    }
    (void)snprintf(code, sizeof code, "%d", (int)year + self->what->year_offset);
    return kf_fake_dimension_code(&self->table->dimensions[self->what->time], code);
}

static struct kf_fake_cell *cell_of(const struct reading *self,
                                    const struct kf_fake_variable *variable, size_t region,
                                    size_t time)
{
    size_t offset = 0;
    for (size_t i = 0; i < self->table->dimensions_len; i++) {
        size_t place = variable->places[i];
        place = i == self->what->region ? region : place;
        place = i == self->what->time ? time : place;
        offset = offset * self->table->dimensions[i].codes_len + place;
    }
    return &self->table->cells[offset];
}

/* --- figures --------------------------------------------------------------------------------- */

static enum kf_err fill(struct reading *self, uint16_t number, const struct field *figure,
                        const struct field *status, struct kf_error *err)
{
    size_t region = region_of(self);
    size_t time = time_of(self);
    if (number == NO_VARIABLE || region == SIZE_MAX || time == SIZE_MAX) {
        return KF_OK;
    }
    const struct kf_fake_variable *variable = &self->what->variables[number];
    struct kf_fake_cell *cell = cell_of(self, variable, region, time);
    if (figure->length == 0) {
        bool fits = status && status->length > 0 && status->length < sizeof cell->status;
        (void)snprintf(cell->status, sizeof cell->status, "%.*s", fits ? (int)status->length : 2,
                       fits ? status->text : "..");
        return KF_OK;
    }
    if (!kf_decimal_parse(figure->text, figure->length, &cell->value)) {
        return fault(self, "a figure is no number", err);
    }
    cell->value *= variable->factor;
    cell->status[0] = '\0';
    self->filled++;
    return KF_OK;
}

static enum kf_err read_long(struct reading *self, struct kf_error *err)
{
    const struct field *status = self->fields_len > 4 ? &self->fields[4] : NULL;
    if (self->fields_len < 4) {
        return fault(self, "there must be municipality,year,variable,value", err);
    }
    return fill(self, variable_of(self, &self->fields[2]), &self->fields[3], status, err);
}

static enum kf_err read_wide(struct reading *self, struct kf_error *err)
{
    enum kf_err code = KF_OK;
    for (size_t i = 2; code == KF_OK && i < self->fields_len; i++) {
        code = fill(self, self->variables[i], &self->fields[i], NULL, err);
    }
    return code;
}

static enum kf_err read_lines(struct reading *self, struct kf_error *err)
{
    const char *line = NULL;
    size_t length = 0;
    enum kf_err code = kf_lines_next(self->lines, &line, &length, err);
    for (bool head = true; code == KF_OK; head = false) {
        code = split(self, line, length, err);
        if (code == KF_OK) {
            code = head            ? read_head(self, err)
                   : self->is_long ? read_long(self, err)
                                   : read_wide(self, err);
        }
        code = code == KF_OK ? kf_lines_next(self->lines, &line, &length, err) : code;
    }
    return code == KF_ERR_AGAIN ? KF_OK : code;
}

enum kf_err kf_fake_figures_read(const struct kf_fake_figures *self, struct kf_fake_table *table,
                                 size_t *filled, struct kf_error *err)
{
    struct kf_lines_options options = {.line_bytes_max = KF_FAKE_LINE_BYTES_MAX,
                                       .file_bytes_max = (uint64_t)256 << 20};
    struct reading *reading = kf_calloc(1, sizeof *reading);
    if (!reading) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory to read %s", self->path);
    }
    reading->what = self;
    reading->table = table;
    enum kf_err code = kf_lines_open(self->path, &options, &reading->lines, err);
    if (code == KF_OK) {
        code = read_lines(reading, err);
    }
    if (code == KF_OK) {
        *filled = reading->filled;
    }
    kf_lines_destroy(&reading->lines);
    kf_free(reading);
    return code;
}

/* --- drawn ones ------------------------------------------------------------------------------ */

/* splitmix64 */
static uint64_t next(uint64_t *state)
{
    *state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = *state;
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

void kf_fake_figures_draw(struct kf_fake_table *table, uint64_t seed, double low, double high)
{
    uint64_t state = seed;
    for (size_t i = 0; i < table->cells_len; i++) {
        double share = (double)(next(&state) >> 11) / 9007199254740992.0;
        table->cells[i] = (struct kf_fake_cell){.value = floor(low + share * (high - low))};
    }
}
