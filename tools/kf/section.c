#include "tools/kf/section.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"
#include "tools/kf/row_names.h"
#include "tools/kf/show_cells.h"
#include "tools/kf/table.h"
#include "tools/kf/words.h"

#define BLOCKS_MAX    64
#define COLUMNS_MAX   16 /* measures side by side */
#define NUMBER_SIZE   512
#define DECIMALS_MAX  9
#define NAME_SIZE_MAX ((size_t)4096)
#define NO_BLOCK      SIZE_MAX
#define HALF_UP       1e-12 /* 2.235 is a little less in binary, and yet a half */
#define THIN_SPACE    "\u202f"

/* Rows that stand in one table. */
struct block {
    const struct kf_measure *measures[KF_ROW_MEASURES_MAX]; /* in the order of the register */
    size_t measures_len;
    bool indicators;
};

struct entry {
    struct kf_row row;
    size_t block;
};

struct kf_section {
    struct entry *entries;
    size_t count;
    size_t room;
    struct block blocks[BLOCKS_MAX];
    size_t blocks_len;
    uint8_t flags;      /* seen in topics … */
    uint8_t cost_flags; /* … and in that of unit costs */
    bool absent[KF_CELL_KIND_MASK + 1];
    bool failed; /* no memory for a text */
};

/* What the numbers of a column have in common. */
struct column {
    const struct kf_measure *measure;
    const char *unit;
    bool mixed; /* of several units */
    bool whole; /* no digit behind the point */
    double largest;
    int decimals;
};

struct kf_section *kf_section_new(void)
{
    return kf_calloc(1, sizeof(struct kf_section));
}

void kf_section_destroy(struct kf_section **self)
{
    if (*self) {
        kf_free((*self)->entries);
        kf_free(*self);
        *self = NULL;
    }
}

bool kf_section_ends(const struct kf_section *self, const struct kf_row *row)
{
    const struct kf_row *first = self->count > 0 ? &self->entries[0].row : NULL;
    return first &&
           (first->topic != row->topic || strcmp(first->municipality, row->municipality) != 0);
}

enum kf_err kf_section_add(struct kf_section *self, const struct kf_row *row, struct kf_error *err)
{
    if (self->count == KF_TABLE_ROWS_MAX) {
        return kf_error_set(err, KF_ERR_LIMIT, "a table has at most %d rows", KF_TABLE_ROWS_MAX);
    }
    if (self->count == self->room) {
        size_t room = self->room ? self->room * 2 : 64;
        struct entry *entries = kf_realloc(self->entries, room * sizeof *entries);
        if (!entries) {
            return kf_error_set(err, KF_ERR_MEMORY, "no memory for the rows of a table");
        }
        self->entries = entries;
        self->room = room;
    }
    self->entries[self->count++] = (struct entry){*row, NO_BLOCK};
    return KF_OK;
}

/* --- which rows stand together ---------------------------------------------------------------- */

static bool block_has(const struct block *block, const struct kf_measure *measure)
{
    for (size_t i = 0; i < block->measures_len; i++) {
        if (block->measures[i] == measure) {
            return true;
        }
    }
    return false;
}

static void block_add(struct block *block, const struct kf_measure *measure)
{
    if (block_has(block, measure) || block->measures_len == KF_ROW_MEASURES_MAX) {
        return;
    }
    size_t at = block->measures_len++;
    for (; at > 0 && block->measures[at - 1] > measure; at--) {
        block->measures[at] = block->measures[at - 1];
    }
    block->measures[at] = measure;
}

/* Measures of which the row has a value. */
static struct block measures_of(const struct kf_row *row)
{
    struct block own = {.indicators = row->indicator[0] != '\0'};
    for (size_t i = 0; i < row->cells_len; i++) {
        const struct kf_measure *measure = kf_measure_find(row->topic, row->cells[i].measure);
        if (measure && kf_cell_has_value(row->cells[i].status)) {
            block_add(&own, measure);
        }
    }
    return own;
}

/* Whether more than half of what one of them measures is in the other, too. */
static bool belong(const struct block *block, const struct block *own)
{
    size_t shared = 0;
    for (size_t i = 0; i < own->measures_len; i++) {
        shared += block_has(block, own->measures[i]);
    }
    size_t both = own->measures_len + block->measures_len - shared;
    size_t fewer =
        own->measures_len < block->measures_len ? own->measures_len : block->measures_len;
    bool fit = both <= COLUMNS_MAX || shared == own->measures_len;
    return block->indicators == own->indicators && 2 * shared > fewer && fit;
}

/* The last block there can be takes whatever finds no place. */
static size_t block_for(struct kf_section *self, const struct block *own)
{
    for (size_t b = 0; b < self->blocks_len; b++) {
        if (belong(&self->blocks[b], own)) {
            return b;
        }
    }
    if (self->blocks_len < BLOCKS_MAX) {
        bool last = self->blocks_len == BLOCKS_MAX - 1;
        self->blocks[self->blocks_len] = (struct block){.indicators = own->indicators || last};
        self->blocks_len++;
    }
    return self->blocks_len - 1;
}

static void divide(struct kf_section *self)
{
    self->blocks_len = 0;
    for (size_t i = 0; i < self->count; i++) {
        struct block own = measures_of(&self->entries[i].row);
        if (own.measures_len == 0) {
            continue;
        }
        size_t at = block_for(self, &own);
        self->entries[i].block = at;
        for (size_t m = 0; m < own.measures_len; m++) {
            block_add(&self->blocks[at], own.measures[m]);
        }
    }
}

/* --- numbers ---------------------------------------------------------------------------------- */

static int decimals_of_unit(const struct column *column, double scale)
{
    const char *unit = column->unit;
    if (strncmp(unit, "percent", strlen("percent")) == 0) { /* and percentage points */
        return 1;
    }
    if (strcmp(unit, "million kr") == 0) {
        return column->largest < 100 ? 2 : 1;
    }
    if (strncmp(unit, "kr", 2) == 0) {
        return unit[2] == '\0' || strcmp(unit, "kr/persons") == 0 ? 0 : 1;
    }
    if (strcmp(unit, "index") == 0) {
        return scale < 10 ? 3 : 1;
    }
    if (strcmp(unit, "ratio") == 0 || strcmp(unit, "share") == 0) {
        return 3;
    }
    if (column->whole) {
        return 0;
    }
    return column->largest < 10 ? 3 : column->largest < 1000 ? 1 : 0;
}

/* More when all numbers of the column would be zero. */
static int decimals_of(const struct column *column, double scale)
{
    int decimals = decimals_of_unit(column, scale);
    double seen = column->largest * pow(10, decimals);
    for (; seen > 0 && seen < 1 && decimals < DECIMALS_MAX; decimals++) {
        seen *= 10;
    }
    return decimals;
}

/* Rounded, halves away from zero, with thin spaces between thousands, never "-0". */
static void print_number(double number, int decimals, struct kf_text *text)
{
    char digits[NUMBER_SIZE];
    (void)snprintf(digits, sizeof digits, "%.*f", decimals, number * (1 + HALF_UP));
    const char *shown = digits;
    if (strspn(digits, "-0.") == strlen(digits) && digits[0] == '-') {
        shown++;
    }
    size_t sign = shown[0] == '-';
    size_t whole = sign + strspn(shown + sign, "0123456789");
    for (size_t i = 0; shown[i]; i++) {
        if (i > sign && i < whole && (whole - i) % 3 == 0) {
            kf_text_add(text, THIN_SPACE);
        }
        kf_text_add_char(text, shown[i]);
    }
}

/* --- columns ---------------------------------------------------------------------------------- */

static const struct kf_row_cell *cell_of(const struct kf_row *row, const char *measure)
{
    for (size_t i = 0; i < row->cells_len; i++) {
        if (strcmp(row->cells[i].measure, measure) == 0) {
            return &row->cells[i];
        }
    }
    return NULL;
}

static struct column column_of(const struct kf_section *self, size_t block,
                               const struct kf_measure *measure, double scale)
{
    struct column column = {.measure = measure, .whole = true};
    for (size_t i = 0; i < self->count; i++) {
        const struct kf_row_cell *cell = cell_of(&self->entries[i].row, measure->name);
        if (self->entries[i].block == block && cell && kf_cell_has_value(cell->status)) {
            column.mixed = column.mixed || (column.unit && strcmp(column.unit, cell->unit) != 0);
            column.unit = column.unit ? column.unit : cell->unit;
            column.whole = column.whole && cell->value == floor(cell->value);
            column.largest = fmax(column.largest, fabs(cell->value));
        }
    }
    column.unit = column.unit ? column.unit : "";
    column.decimals = decimals_of(&column, scale);
    return column;
}

/* True when the unit adds nothing to what a heading says already. */
static bool is_told(const struct column *column, const char *heading, bool norwegian)
{
    static const char *const bare[] = {"", "ratio", "index", "rank", "count"};
    for (size_t i = 0; i < sizeof bare / sizeof bare[0]; i++) {
        if (strcmp(column->unit, bare[i]) == 0) {
            return true;
        }
    }
    bool per_capita = strcmp(column->unit, "kr/persons") == 0 && strstr(heading, "kr per capita");
    return column->mixed || per_capita || strstr(heading, kf_word(column->unit, norwegian));
}

static void add_heading(struct kf_section *self, struct kf_table *table,
                        const struct column *column, bool norwegian)
{
    struct kf_text heading;
    kf_text_init(&heading, NAME_SIZE_MAX);
    kf_measure_name(column->measure->name, norwegian, &heading);
    if (!is_told(column, heading.bytes, norwegian)) {
        kf_text_add_format(&heading, " (%s)", kf_word(column->unit, norwegian));
    }
    kf_table_add_column(table, heading.bytes, KF_TABLE_RIGHT);
    self->failed = self->failed || heading.failed;
    kf_text_clear(&heading);
}

/* --- lines ------------------------------------------------------------------------------------ */

static void note(struct kf_section *self, const struct kf_row *row, uint8_t status)
{
    uint8_t *flags = row->topic == KF_TOPIC_UNIT_COST ? &self->cost_flags : &self->flags;
    if (kf_cell_has_value(status)) {
        *flags = (uint8_t)(*flags | status);
    } else {
        self->absent[status & KF_CELL_KIND_MASK] = true;
    }
}

static void add_cell(struct kf_section *self, struct kf_table *table, const struct kf_row *row,
                     const struct column *column, bool norwegian)
{
    const struct kf_row_cell *cell = cell_of(row, column->measure->name);
    if (!cell) {
        kf_table_add_cell(table, "", "");
        return;
    }
    note(self, row, cell->status);
    if (!kf_cell_has_value(cell->status)) {
        kf_table_add_cell(table, kf_show_absence(cell->status), "");
        return;
    }
    struct kf_text number;
    struct kf_text behind;
    char mark[KF_SHOW_MARK_SIZE];
    kf_text_init(&number, NAME_SIZE_MAX);
    kf_text_init(&behind, NAME_SIZE_MAX);
    kf_show_mark(cell->status, mark);
    print_number(cell->value, column->decimals, &number);
    kf_text_add_format(&behind, "%s%s%s", mark, column->mixed ? " " : "",
                       column->mixed ? kf_word(cell->unit, norwegian) : "");
    kf_table_add_cell(table, number.bytes, behind.bytes);
    self->failed = self->failed || number.failed || behind.failed;
    kf_text_clear(&number);
    kf_text_clear(&behind);
}

/* The sector is told where it changes. */
static void add_names(struct kf_section *self, struct kf_table *table,
                      const struct kf_section_view *view, const struct kf_row *row,
                      const struct kf_row *above, bool indicators)
{
    struct kf_text name;
    kf_text_init(&name, NAME_SIZE_MAX);
    if (!above || strcmp(above->sector, row->sector) != 0) {
        kf_row_sector_name(view->edition, row->sector, view->norwegian, &name);
    }
    kf_table_add_cell(table, name.bytes, "");
    if (indicators) {
        kf_text_reset(&name);
        kf_row_indicator_name(view->edition, row->sector, row->indicator, view->norwegian, &name);
        kf_table_add_cell(table, name.bytes, "");
    }
    self->failed = self->failed || name.failed;
    kf_text_clear(&name);
}

static void fill(struct kf_section *self, size_t at, const struct kf_section_view *view,
                 struct kf_table *table)
{
    const struct block *block = &self->blocks[at];
    struct column columns[KF_ROW_MEASURES_MAX];
    bool costs = self->entries[0].row.topic == KF_TOPIC_UNIT_COST;
    const char *sector = view->norwegian ? "Sektor" : "Sector";
    const char *indicator = view->norwegian ? "Indikator" : "Indicator";
    const char *part = view->norwegian ? "Del" : "Part";
    kf_table_add_column(table, costs ? part : sector, KF_TABLE_LEFT);
    if (block->indicators) {
        const char *what = view->norwegian ? "Hva" : "What";
        kf_table_add_column(table, costs ? what : indicator, KF_TABLE_LEFT);
    }
    for (size_t c = 0; c < block->measures_len; c++) {
        columns[c] = column_of(self, at, block->measures[c], view->edition->scale);
        add_heading(self, table, &columns[c], view->norwegian);
    }
    const struct kf_row *above = NULL;
    for (size_t i = 0; i < self->count; i++) {
        const struct kf_row *row = &self->entries[i].row;
        if (self->entries[i].block != at) {
            continue;
        }
        add_names(self, table, view, row, above, block->indicators);
        for (size_t c = 0; c < block->measures_len; c++) {
            add_cell(self, table, row, &columns[c], view->norwegian);
        }
        above = row;
    }
}

/* --- printing --------------------------------------------------------------------------------- */

static void add_title(const struct kf_section *self, const struct kf_section_view *view,
                      struct kf_text *text)
{
    const struct kf_row *row = &self->entries[0].row;
    const char *group = view->norwegian ? "gruppen samlet" : "the group together";
    const struct kf_municipality *found =
        view->municipalities
            ? kf_municipalities_find(view->municipalities, row->municipality, view->year)
            : NULL;
    if (!found && view->municipalities) {
        found = kf_municipalities_ever(view->municipalities, row->municipality);
    }
    kf_text_add_format(text, "\n%s%s: %s%s%s%s\n", view->on,
                       kf_topic_title(row->topic, view->norwegian),
                       row->municipality[0] ? row->municipality : group, found ? " " : "",
                       found ? found->name : "", view->off);
}

static enum kf_err print_block(struct kf_section *self, size_t at,
                               const struct kf_section_view *view, struct kf_text *text,
                               struct kf_error *err)
{
    struct kf_table *table = kf_table_new();
    if (!table) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for a table");
    }
    kf_text_add(text, at > 0 ? "\n" : "");
    fill(self, at, view, table);
    enum kf_err code = kf_table_print(table, view->on, view->off, text, err);
    kf_table_destroy(&table);
    return self->failed ? kf_error_set(err, KF_ERR_MEMORY, "no memory for a table") : code;
}

enum kf_err kf_section_print(struct kf_section *self, const struct kf_section_view *view,
                             struct kf_text *text, struct kf_error *err)
{
    enum kf_err code = KF_OK;
    divide(self);
    if (self->blocks_len > 0) {
        add_title(self, view, text);
    }
    for (size_t b = 0; code == KF_OK && b < self->blocks_len; b++) {
        code = print_block(self, b, view, text, err);
    }
    self->count = 0;
    self->failed = false;
    return code;
}

void kf_section_explain(struct kf_section *self, const struct kf_section_view *view,
                        struct kf_text *text)
{
    static const struct {
        uint8_t kind;
        struct kf_name meaning;
    } signs[] = {
        {KF_CELL_MISSING, {"mangler", "missing"}},
        {KF_CELL_NOT_APPLICABLE, {"kan ikke forekomme", "not applicable"}},
        {KF_CELL_CONFIDENTIAL, {"undertrykt", "suppressed"}},
    };
    const struct kf_show_view words = {.norwegian = view->norwegian};
    size_t before = text->length;
    kf_text_add_char(text, '\n');
    size_t begun = text->length;
    kf_show_explain_marks(&words, self->flags, self->cost_flags, text);
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        if (self->absent[signs[i].kind]) {
            kf_text_add_format(text, "  %s %s\n", kf_show_absence(signs[i].kind),
                               kf_show_name(&words, &signs[i].meaning));
        }
    }
    if (text->length == begun && !text->failed) {
        text->length = before;
        text->bytes[before] = '\0';
    }
    self->flags = 0;
    self->cost_flags = 0;
    memset(self->absent, 0, sizeof self->absent);
}
