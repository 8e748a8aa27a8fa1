/* The command: kf compare. */
#include <stdio.h>
#include <string.h>

#include "common/base/decimal.h"
#include "common/codec/json.h"
#include "tools/kf/command.h"
#include "tools/kf/figures.h"
#include "tools/kf/side_by_side.h"
#include "tools/kf/table.h"

#define OUTPUT_BYTES_MAX ((size_t)64 * 1024 * 1024)
#define ARENA_BYTES_MAX  ((size_t)64 * 1024 * 1024)

static const struct kf_argument options[] = {
    {"edition", KF_ARGUMENT_MANY, "ID", NULL, true, "A and B: the option twice, or two values"},
    {"year", KF_ARGUMENT_ONE, "Y", NULL, true, "data year"},
    {"year-b", KF_ARGUMENT_ONE, "Y", NULL, false, "data year of B, when it is another"},
    {"input", KF_ARGUMENT_MANY, "FILE", NULL, true, "observations as CSV, for both"},
    {"sector", KF_ARGUMENT_MANY, "S", NULL, false, "sectors to compare; the total when left out"},
    {"renormalize", KF_ARGUMENT_FLAG, NULL, NULL, false,
     "bring both to the municipalities they have in common"},
    {"format", KF_ARGUMENT_ONE, "table|csv|json", "table", false, "form of the comparison"},
    {"editions", KF_ARGUMENT_ONE, "DIR", NULL, false, "editions folder"},
};

static int run(const struct kf_arguments *arguments);

const struct kf_command_class kf_command_compare = {
    .name = "compare",
    .usage = "--edition A --edition B --year Y [--year-b Y] --input FILE… [--sector S…] "
             "[--renormalize]",
    .purpose = "two indices side by side: values, ranks, rank shifts, correlation",
    .help =
        "Computes two editions, or one for two years, and sets their indices side by side for the\n"
        "municipalities both have: values, the difference B − A, ranks among these municipalities\n"
        "and how many places B puts a municipality above A; then Pearson's and Spearman's\n"
        "correlation and the mean absolute difference (method S2).\n\n"
        "With --renormalize each column is divided by its own population-weighted mean over these\n"
        "municipalities and brought to the scale of A, the total and every sector by itself (A6):\n"
        "that makes editions with other groups or scales comparable.\n\n"
        "CSV has a line for each municipality and sector, without the correlations; JSON has all:\n"
        "`sectors`, each with `municipalities`, `pearson`, `spearman`, `meanAbsoluteDifference`,\n"
        "`onlyA`, `onlyB`.\n\n"
        "One edition in two years is the edition twice and --year-b:\n"
        "  kf compare --edition ks-2019 ks-2019 --year 2018 --year-b 2019 --input figures.csv\n\n"
        "What does it change to let quality enter as a factor?\n"
        "  kf compare --edition asss-2010 --edition asss-2010-quality-multiplied --year 2010 \\\n"
        "    --input data/asss-2010/asss-2010.csv",
    .arguments = options,
    .arguments_len = sizeof options / sizeof options[0],
    .run = run,
};

enum form { TABLE, CSV, JSON };

/* What is compared, and how it is told. */
struct request {
    const struct kf_arguments *arguments;
    struct kf_figures figures;
    const struct kf_edition *edition[2];
    struct kf_panel *panel[2];
    int year[2];
    bool renormalize;
    enum form form;
    struct kf_text text;
    size_t sectors;
};

/* --- reading ---------------------------------------------------------------------------------- */

static enum kf_err read_form(struct request *self, struct kf_error *err)
{
    static const char *const names[] = {[TABLE] = "table", [CSV] = "csv", [JSON] = "json"};
    const char *given = kf_arguments_one(self->arguments, "format");
    for (enum form form = TABLE; form <= JSON; form++) {
        if (strcmp(given, names[form]) == 0) {
            self->form = form;
            return KF_OK;
        }
    }
    return kf_error_set(err, KF_ERR_CONFIG, "--format %s: give table, csv or json", given);
}

static enum kf_err read_years(struct request *self, struct kf_error *err)
{
    const char *year = kf_arguments_one(self->arguments, "year");
    const char *year_b = kf_arguments_one(self->arguments, "year-b");
    enum kf_err code = kf_figures_year(year, &self->year[0], err);
    return code == KF_OK ? kf_figures_year(year_b ? year_b : year, &self->year[1], err) : code;
}

static enum kf_err read_editions(struct request *self, struct kf_error *err)
{
    const char *const *ids = NULL;
    size_t count = kf_arguments_many(self->arguments, "edition", &ids);
    if (count != 2) {
        return kf_error_set(err, KF_ERR_CONFIG, "--edition: give two, A and B, not %zu", count);
    }
    enum kf_err code = kf_figures_edition(&self->figures, ids[0], &self->edition[0], err);
    return code == KF_OK ? kf_figures_edition(&self->figures, ids[1], &self->edition[1], err)
                         : code;
}

static enum kf_err compute(struct request *self, struct kf_error *err)
{
    const char *const *files = NULL;
    size_t count = kf_arguments_many(self->arguments, "input", &files);
    enum kf_err code = kf_figures_read(&self->figures, files, count, err);
    for (size_t i = 0; code == KF_OK && i < 2; i++) {
        code =
            kf_figures_panel(&self->figures, self->edition[i], self->year[i], &self->panel[i], err);
        if (code == KF_OK) {
            kf_figures_note(&self->figures, self->panel[i], "compare");
        }
    }
    return code;
}

/* --- telling ---------------------------------------------------------------------------------- */

static const char *name_of(const struct request *self, const char *code)
{
    const struct kf_municipality *found =
        kf_municipalities_find(self->figures.catalogue->municipalities, code, self->year[0]);
    return found ? found->name : "";
}

static void add_number(struct kf_text *text, double value)
{
    char digits[KF_DECIMAL_SIZE];
    kf_text_add_bytes(text, digits, kf_decimal_print(value, digits));
}

static int decimals_of(const struct request *self)
{
    return self->edition[0]->scale >= 10 ? 2 : 4;
}

static void add_columns(struct kf_table *table)
{
    kf_table_add_column(table, "Code", KF_TABLE_LEFT);
    kf_table_add_column(table, "Municipality", KF_TABLE_LEFT);
    kf_table_add_column(table, "A", KF_TABLE_RIGHT);
    kf_table_add_column(table, "B", KF_TABLE_RIGHT);
    kf_table_add_column(table, "B − A", KF_TABLE_RIGHT);
    kf_table_add_column(table, "Rank A", KF_TABLE_RIGHT);
    kf_table_add_column(table, "Rank B", KF_TABLE_RIGHT);
    kf_table_add_column(table, "Up", KF_TABLE_RIGHT);
}

static void add_pair(const struct request *self, const struct kf_pair *pair, struct kf_table *table)
{
    int decimals = decimals_of(self);
    kf_table_add_cell(table, pair->municipality, "");
    kf_table_add_cell(table, name_of(self, pair->municipality), "");
    kf_table_add_number(table, pair->a, decimals, "");
    kf_table_add_number(table, pair->b, decimals, "");
    kf_table_add_number(table, pair->b - pair->a, decimals, "");
    kf_table_add_number(table, pair->rank_a, 0, "");
    kf_table_add_number(table, pair->rank_b, 0, "");
    kf_table_add_number(table, pair->rank_a - pair->rank_b, 0, "");
}

static void add_summary(struct request *self, const struct kf_side_by_side *both)
{
    struct kf_text *text = &self->text;
    kf_text_add_format(text, "\n  %zu municipalities", both->count);
    if (both->correlated) {
        kf_text_add_format(text, ", correlation %.4f (Pearson), %.4f (Spearman)", both->pearson,
                           both->spearman);
    }
    kf_text_add_format(text, ", mean absolute difference %.*f\n", decimals_of(self) + 1,
                       both->mean_absolute_difference);
    if (both->only_a_len + both->only_b_len > 0) {
        kf_text_add_format(text, "  %zu only in A, %zu only in B\n", both->only_a_len,
                           both->only_b_len);
    }
    if (!self->renormalize && self->edition[0]->scale != self->edition[1]->scale) {
        kf_text_add_format(text,
                           "  the scales differ (%g and %g): --renormalize makes them alike\n",
                           self->edition[0]->scale, self->edition[1]->scale);
    }
}

static enum kf_err tell_table(struct request *self, const char *sector,
                              const struct kf_side_by_side *both, struct kf_error *err)
{
    struct kf_table *table = kf_table_new();
    if (!table) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for a table");
    }
    kf_text_add_format(&self->text, "%s%s, A %s %d, B %s %d%s\n\n", self->sectors ? "\n" : "",
                       sector, self->edition[0]->id, self->year[0], self->edition[1]->id,
                       self->year[1], self->renormalize ? ", brought to the common group" : "");
    add_columns(table);
    for (size_t i = 0; i < both->count; i++) {
        add_pair(self, &both->pairs[i], table);
    }
    enum kf_err code = kf_table_print(table, "", "", &self->text, err);
    kf_table_destroy(&table);
    add_summary(self, both);
    return code;
}

static void tell_csv(struct request *self, const char *sector, const struct kf_side_by_side *both)
{
    struct kf_text *text = &self->text;
    if (self->sectors == 0) {
        kf_text_add(text, "sector,municipality,a,b,difference,rank_a,rank_b,rank_shift\n");
    }
    for (size_t i = 0; i < both->count; i++) {
        const struct kf_pair *pair = &both->pairs[i];
        const double values[] = {pair->a,      pair->b,      pair->b - pair->a,
                                 pair->rank_a, pair->rank_b, pair->rank_a - pair->rank_b};
        kf_text_add_format(text, "%s,%s", sector, pair->municipality);
        for (size_t v = 0; v < sizeof values / sizeof values[0]; v++) {
            kf_text_add_char(text, ',');
            add_number(text, values[v]);
        }
        kf_text_add_char(text, '\n');
    }
}

static void add_json_number(struct kf_text *text, const char *name, double value)
{
    kf_text_add_format(text, ",\"%s\":", name);
    add_number(text, value);
}

static void add_json_codes(struct kf_text *text, const char *name, const char *const *codes,
                           size_t count)
{
    kf_text_add_format(text, ",\"%s\":[", name);
    for (size_t i = 0; i < count; i++) {
        kf_text_add(text, i ? "," : "");
        kf_json_quote(codes[i], text);
    }
    kf_text_add_char(text, ']');
}

static void add_json_pair(struct request *self, const struct kf_pair *pair)
{
    struct kf_text *text = &self->text;
    kf_text_add(text, "{\"municipality\":");
    kf_json_quote(pair->municipality, text);
    kf_text_add(text, ",\"name\":");
    kf_json_quote(name_of(self, pair->municipality), text);
    add_json_number(text, "a", pair->a);
    add_json_number(text, "b", pair->b);
    add_json_number(text, "difference", pair->b - pair->a);
    add_json_number(text, "rankA", pair->rank_a);
    add_json_number(text, "rankB", pair->rank_b);
    add_json_number(text, "rankShift", pair->rank_a - pair->rank_b);
    kf_text_add_char(text, '}');
}

static void tell_json(struct request *self, const char *sector, const struct kf_side_by_side *both)
{
    struct kf_text *text = &self->text;
    kf_text_add(text, self->sectors ? ",{\"sector\":" : "{\"sector\":");
    kf_json_quote(sector, text);
    add_json_number(text, "count", (double)both->count);
    if (both->correlated) {
        add_json_number(text, "pearson", both->pearson);
        add_json_number(text, "spearman", both->spearman);
    } else {
        kf_text_add(text, ",\"pearson\":null,\"spearman\":null");
    }
    add_json_number(text, "meanAbsoluteDifference", both->mean_absolute_difference);
    add_json_codes(text, "onlyA", both->only_a, both->only_a_len);
    add_json_codes(text, "onlyB", both->only_b, both->only_b_len);
    kf_text_add(text, ",\"municipalities\":[");
    for (size_t i = 0; i < both->count; i++) {
        kf_text_add(text, i ? "," : "");
        add_json_pair(self, &both->pairs[i]);
    }
    kf_text_add(text, "]}");
}

static enum kf_err nothing_common(const struct request *self, const char *sector,
                                  struct kf_error *err)
{
    return kf_error_set(err, KF_ERR_CONFIG,
                        "no municipality has an index of %s in both %s %d and %s %d: compare "
                        "editions that have municipalities in common, or years with the same "
                        "codes (structure: today, or a year, keeps them); `kf editions show` "
                        "lists them",
                        sector, self->edition[0]->id, self->year[0], self->edition[1]->id,
                        self->year[1]);
}

static enum kf_err tell_sector(struct request *self, const char *sector, struct kf_error *err)
{
    struct kf_side_by_side both = {0};
    struct kf_arena *arena = kf_arena_new(ARENA_BYTES_MAX);
    if (!arena) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory to compare indices");
    }
    struct kf_side_by_side_input input = {self->panel[0], self->panel[1], sector,
                                          self->renormalize};
    enum kf_err code = kf_side_by_side_make(&input, arena, &both, err);
    if (code == KF_OK && both.count == 0) {
        code = nothing_common(self, sector, err);
    }
    if (code == KF_OK && self->form == TABLE) {
        code = tell_table(self, sector, &both, err);
    } else if (code == KF_OK && self->form == CSV) {
        tell_csv(self, sector, &both);
    } else if (code == KF_OK) {
        tell_json(self, sector, &both);
    }
    kf_arena_destroy(&arena);
    self->sectors++;
    return code;
}

static void begin_json(struct request *self)
{
    kf_text_add(&self->text, "{\"schema\":\"kf-compare/1\"");
    for (size_t i = 0; i < 2; i++) {
        kf_text_add_format(&self->text, ",\"%s\":{\"edition\":", i ? "b" : "a");
        kf_json_quote(self->edition[i]->id, &self->text);
        kf_text_add_format(&self->text, ",\"year\":%d}", self->year[i]);
    }
    kf_text_add_format(&self->text, ",\"renormalized\":%s,\"sectors\":[",
                       self->renormalize ? "true" : "false");
}

static enum kf_err tell(struct request *self, struct kf_error *err)
{
    static const char *const total[] = {KF_SECTOR_TOTAL};
    const char *const *sectors = NULL;
    size_t count = kf_arguments_many(self->arguments, "sector", &sectors);
    enum kf_err code = KF_OK;
    if (self->form == JSON) {
        begin_json(self);
    }
    for (size_t i = 0; code == KF_OK && i < (count ? count : 1); i++) {
        code = tell_sector(self, count ? sectors[i] : total[0], err);
    }
    kf_text_add(&self->text, self->form == JSON ? "]}\n" : "");
    if (code == KF_OK && self->text.failed) {
        code = kf_error_set(err, KF_ERR_LIMIT, "the comparison is too large");
    }
    if (code == KF_OK &&
        (fwrite(self->text.bytes, 1, self->text.length, stdout) != self->text.length ||
         fflush(stdout) != 0)) {
        code = kf_error_set(err, KF_ERR_IO, "standard output cannot be written");
    }
    return code;
}

static enum kf_err compare(struct request *self, struct kf_error *err)
{
    enum kf_err code = read_form(self, err);
    if (code == KF_OK) {
        code = read_years(self, err);
    }
    if (code == KF_OK) {
        code = kf_figures_open_for(self->arguments, &self->figures, err);
    }
    if (code == KF_OK) {
        code = read_editions(self, err);
    }
    if (code == KF_OK) {
        code = compute(self, err);
    }
    return code == KF_OK ? tell(self, err) : code;
}

static int run(const struct kf_arguments *arguments)
{
    struct request request = {.arguments = arguments,
                              .renormalize = kf_arguments_flag(arguments, "renormalize")};
    struct kf_error err = {0};
    kf_text_init(&request.text, OUTPUT_BYTES_MAX);
    enum kf_err code = compare(&request, &err);
    int exit_code = code == KF_OK ? KF_EXIT_OK : kf_figures_tell(&request.figures, "compare", &err);
    kf_panel_destroy(&request.panel[0]);
    kf_panel_destroy(&request.panel[1]);
    kf_text_clear(&request.text);
    kf_figures_close(&request.figures);
    return exit_code;
}
