#include "tools/kf/moves_text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/base/decimal.h"
#include "common/base/memory.h"
#include "common/codec/json.h"
#include "common/model/cell.h"
#include "tools/kf/row_names.h"
#include "tools/kf/table.h"
#include "tools/kf/words.h"

#define NAME_BYTES_MAX 512
#define PERCENT_SIZE   32

/* --- pieces ---------------------------------------------------------------------------------- */

static const char *word(const struct kf_moves_view *view, const char *english,
                        const char *norwegian)
{
    return view->norwegian ? norwegian : english;
}

/* "0301 Oslo", "the group", "the country". */
static void add_place(struct kf_table *table, const struct kf_moves_view *view, const char *code)
{
    char place[NAME_BYTES_MAX];
    const struct kf_municipality *found =
        view->municipalities ? kf_municipalities_ever(view->municipalities, code) : NULL;
    const char *name = found ? found->name : "";
    if (!code[0]) {
        name = word(view, "the group", "gruppen");
    } else if (strcmp(code, KF_MUNICIPALITY_COUNTRY) == 0) {
        name = word(view, "the country", "landet");
    }
    (void)snprintf(place, sizeof place, "%s%s%s", code, code[0] && name[0] ? " " : "", name);
    kf_table_add_cell(table, place, "");
}

/* Six digits are enough for reading; the lines have all. */
static void print_value(double value, uint8_t status, char text[KF_DECIMAL_SIZE])
{
    if (!kf_cell_has_value(status)) {
        (void)snprintf(text, KF_DECIMAL_SIZE, "–");
    } else if (fabs(value) >= 1e6 || value == floor(value)) {
        kf_decimal_print(value, text);
    } else {
        (void)snprintf(text, KF_DECIMAL_SIZE, "%.6g", value);
    }
}

static void add_value(struct kf_table *table, double value, uint8_t status)
{
    char text[KF_DECIMAL_SIZE];
    print_value(value, status, text);
    kf_table_add_cell(table, text, "");
}

static void add_percent(struct kf_table *table, const struct kf_move *move)
{
    char text[PERCENT_SIZE] = "";
    double percent = 0;
    if (kf_move_percent(move, &percent)) {
        (void)snprintf(text, sizeof text, "%+.*f", fabs(percent) < 10 ? 2 : 1, percent);
    }
    kf_table_add_cell(table, text, "");
}

static void add_count(struct kf_table *table, size_t count)
{
    char text[32] = "";
    if (count > 0) {
        (void)snprintf(text, sizeof text, "%zu", count);
    }
    kf_table_add_cell(table, text, "");
}

/* Sector and indicator, or what the measure is about, by their names. */
static void add_about(struct kf_table *table, const struct kf_moves_view *view,
                      const struct kf_move_key *key)
{
    struct kf_text name;
    kf_text_init(&name, NAME_BYTES_MAX);
    kf_table_add_cell(table, kf_topic_title(key->topic, view->norwegian), "");
    kf_row_sector_name(view->edition, key->sector, view->norwegian, &name);
    kf_table_add_cell(table, name.length ? name.bytes : "", "");
    kf_text_reset(&name);
    if (key->indicator[0]) {
        kf_row_indicator_name(view->edition, key->sector, key->indicator, view->norwegian, &name);
    }
    kf_table_add_cell(table, name.length ? name.bytes : "", "");
    kf_text_clear(&name);
}

static void add_measure(struct kf_table *table, const struct kf_moves_view *view,
                        const struct kf_move_key *key)
{
    struct kf_text name;
    kf_text_init(&name, NAME_BYTES_MAX);
    kf_measure_name(key->measure, view->norwegian, &name);
    kf_table_add_cell(table, name.length ? name.bytes : key->measure, "");
    kf_text_clear(&name);
}

struct heading {
    const char *english;
    const char *norwegian;
    enum kf_table_align align;
};

static struct kf_table *table_new(const struct kf_moves_view *view, const struct heading *headings,
                                  size_t count)
{
    struct kf_table *table = kf_table_new();
    for (size_t i = 0; table && i < count; i++) {
        kf_table_add_column(table, word(view, headings[i].english, headings[i].norwegian),
                            headings[i].align);
    }
    return table;
}

/* Appends the table and destroys it. */
static enum kf_err print_table(struct kf_table **table, struct kf_text *text, struct kf_error *err)
{
    enum kf_err code = *table ? kf_table_print(*table, "", "", text, err)
                              : kf_error_set(err, KF_ERR_MEMORY, "no memory for a table");
    kf_table_destroy(table);
    return code;
}

static void add_more(struct kf_text *text, const struct kf_moves_view *view, size_t more)
{
    kf_text_add_format(text, "  … %s %zu %s\n", word(view, "and", "og"), more,
                       word(view, "more", "til"));
}

/* --- groups ---------------------------------------------------------------------------------- */

static void add_kinds(struct kf_table *table, const size_t kinds[KF_MOVE_KINDS])
{
    for (int kind = 0; kind < KF_MOVE_KINDS; kind++) {
        add_count(table, kinds[kind]);
    }
}

#define KIND_HEADINGS                                                                              \
    {"changed", "endret", KF_TABLE_RIGHT}, {"vanished", "borte", KF_TABLE_RIGHT},                  \
        {"new", "nye", KF_TABLE_RIGHT},                                                            \
    {                                                                                              \
        "flags alone", "bare merker", KF_TABLE_RIGHT                                               \
    }

static enum kf_err print_groups(const struct kf_moves *moves, const struct kf_moves_view *view,
                                bool rows, struct kf_text *text, struct kf_error *err)
{
    static const struct heading of_figures[] = {{"variable", "variabel", KF_TABLE_LEFT},
                                                {"figures", "tall", KF_TABLE_RIGHT},
                                                KIND_HEADINGS};
    static const struct heading of_rows[] = {{"topic", "tema", KF_TABLE_LEFT},
                                             {"sector", "sektor", KF_TABLE_LEFT},
                                             {"indicator", "indikator", KF_TABLE_LEFT},
                                             {"values", "verdier", KF_TABLE_RIGHT},
                                             KIND_HEADINGS};
    struct kf_table *table = rows ? table_new(view, of_rows, 8) : table_new(view, of_figures, 6);
    size_t shown = 0;
    size_t more = 0;
    for (size_t i = 0; table && i < moves->groups_len; i++) {
        const struct kf_move_group *group = &moves->groups[i];
        more += group->moves > 0 && shown >= view->limit;
        if (group->moves == 0 || shown >= view->limit) {
            continue;
        }
        shown++;
        if (rows) {
            add_about(table, view, &group->key);
        } else {
            kf_table_add_cell(table, group->key.indicator, "");
        }
        add_count(table, group->cells);
        add_kinds(table, group->kinds);
    }
    enum kf_err code = print_table(&table, text, err);
    if (more > 0) {
        add_more(text, view, more);
    }
    return code;
}

/* --- single moves ---------------------------------------------------------------------------- */

static void add_move(struct kf_table *table, const struct kf_moves_view *view,
                     const struct kf_move *move, bool rows)
{
    if (rows) {
        add_about(table, view, &move->key);
        add_measure(table, view, &move->key);
    } else {
        char year[16];
        (void)snprintf(year, sizeof year, "%d", move->key.year);
        kf_table_add_cell(table, move->key.indicator, "");
        kf_table_add_cell(table, year, "");
    }
    add_place(table, view, move->key.municipality);
    add_value(table, move->before, move->status_before);
    add_value(table, move->after, move->status_after);
    add_percent(table, move);
}

static struct kf_table *moves_table(const struct kf_moves_view *view, bool rows)
{
    static const struct heading of_figures[] = {
        {"variable", "variabel", KF_TABLE_LEFT},    {"year", "år", KF_TABLE_RIGHT},
        {"municipality", "kommune", KF_TABLE_LEFT}, {"before", "før", KF_TABLE_RIGHT},
        {"after", "etter", KF_TABLE_RIGHT},         {"per cent", "prosent", KF_TABLE_RIGHT}};
    static const struct heading of_rows[] = {
        {"topic", "tema", KF_TABLE_LEFT},           {"sector", "sektor", KF_TABLE_LEFT},
        {"indicator", "indikator", KF_TABLE_LEFT},  {"measure", "mål", KF_TABLE_LEFT},
        {"municipality", "kommune", KF_TABLE_LEFT}, {"before", "før", KF_TABLE_RIGHT},
        {"after", "etter", KF_TABLE_RIGHT},         {"per cent", "prosent", KF_TABLE_RIGHT}};
    return rows ? table_new(view, of_rows, 8) : table_new(view, of_figures, 6);
}

/* What is printed, where to. */
struct listing {
    const struct kf_moves *moves;
    const struct kf_moves_view *view;
    bool rows;
    struct kf_text *text;
};

/* Moves under a title. */
struct part {
    struct kf_move_choice choice;
    const char *english;
    const char *norwegian;
};

/* The first ones, and how many more there are. Nothing when there are none. */
static enum kf_err print_part(const struct listing *self, const struct part *part,
                              struct kf_error *err)
{
    const struct kf_moves_view *view = self->view;
    const struct kf_move **chosen = kf_calloc(self->moves->count + 1, sizeof *chosen);
    if (!chosen) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory to list %zu moves", self->moves->count);
    }
    size_t count = kf_moves_choose(self->moves, &part->choice, chosen);
    size_t shown = count < view->limit ? count : view->limit;
    enum kf_err code = KF_OK;
    if (count > 0) {
        struct kf_table *table = moves_table(view, self->rows);
        for (size_t i = 0; table && i < shown; i++) {
            add_move(table, view, chosen[i], self->rows);
        }
        kf_text_add_format(self->text, "\n%s (%zu)\n", word(view, part->english, part->norwegian),
                           count);
        code = print_table(&table, self->text, err);
    }
    if (code == KF_OK && count > shown) {
        add_more(self->text, view, count - shown);
    }
    kf_free(chosen);
    return code;
}

/* --- figures and rows ------------------------------------------------------------------------ */

static void print_sum(const struct listing *self, const char *what)
{
    const char *moved = word(self->view, "moved", "er endret");
    size_t count = self->moves->count;
    if (count == 0) {
        kf_text_add_format(self->text, "%s: %s %zu %s\n", what,
                           word(self->view, "none of", "ingen av"), self->moves->cells, moved);
    } else {
        kf_text_add_format(self->text, "%s: %zu %s %zu %s\n", what, count,
                           word(self->view, "of", "av"), self->moves->cells, moved);
    }
}

static enum kf_err print_parts(const struct listing *self, const struct part *parts, size_t count,
                               struct kf_error *err)
{
    enum kf_err code = KF_OK;
    if (self->moves->count > 0) {
        code = print_groups(self->moves, self->view, self->rows, self->text, err);
    }
    for (size_t i = 0; code == KF_OK && i < count; i++) {
        code = print_part(self, &parts[i], err);
    }
    return code;
}

enum kf_err kf_moves_print_figures(const struct kf_moves *moves, const struct kf_moves_view *view,
                                   struct kf_text *text, struct kf_error *err)
{
    static const struct part parts[] = {
        {{KF_MOVE_CHANGED, NULL, NULL},
         "Figures that changed, the largest first",
         "Tall som er endret, de største først"},
        {{KF_MOVE_VANISHED, NULL, NULL}, "Figures that are gone", "Tall som er borte"},
        {{KF_MOVE_NEW, NULL, NULL}, "New figures", "Nye tall"},
    };
    const struct listing self = {moves, view, false, text};
    print_sum(&self, word(view, "Figures", "Tall"));
    return print_parts(&self, parts, sizeof parts / sizeof parts[0], err);
}

enum kf_err kf_moves_print_rows(const struct kf_moves *moves, const struct kf_moves_view *view,
                                struct kf_text *text, struct kf_error *err)
{
    static const struct part parts[] = {
        {{KF_MOVE_CHANGED, NULL, "rank"}, "What changed most", "Det som er mest endret"},
        {{KF_MOVE_CHANGED, "rank", NULL}, "Ranks that changed", "Plasseringer som er endret"},
        {{KF_MOVE_VANISHED, NULL, NULL}, "Values that are gone", "Verdier som er borte"},
        {{KF_MOVE_NEW, NULL, NULL}, "New values", "Nye verdier"},
    };
    const struct listing self = {moves, view, true, text};
    print_sum(&self, word(view, "Computed values", "Beregnede verdier"));
    return print_parts(&self, parts, sizeof parts / sizeof parts[0], err);
}

/* --- lines ----------------------------------------------------------------------------------- */

void kf_moves_print_head(struct kf_text *text)
{
    kf_text_add(text, "what,move,edition,panel_year,topic,sector,indicator,measure,variable,year,"
                      "municipality,before,after,percent,flags_before,flags_after\n");
}

/* The next field: of JSON with its name. None of the texts has a comma or a quote in it but in
 * JSON they are escaped all the same. */
static void add_field(struct kf_text *text, const struct kf_moves_view *view, const char *name,
                      const char *value)
{
    bool first = text->length == 0 || text->bytes[text->length - 1] == '\n';
    if (view->json) {
        kf_text_add(text, first ? "{\"" : ",\"");
        kf_text_add(text, name);
        kf_text_add(text, "\":");
        kf_json_quote(value, text);
    } else {
        kf_text_add(text, first ? "" : ",");
        kf_text_add(text, value);
    }
}

/* The same of a number; missing when `there` is false. */
static void add_number_field(struct kf_text *text, const struct kf_moves_view *view,
                             const char *name, double value, bool there)
{
    char number[KF_DECIMAL_SIZE] = "";
    if (there) {
        kf_decimal_print(value, number);
    }
    if (view->json) {
        kf_text_add_format(text, ",\"%s\":%s", name, there ? number : "null");
    } else {
        kf_text_add_format(text, ",%s", number);
    }
}

static void add_flags(struct kf_text *text, const struct kf_moves_view *view, const char *name,
                      uint8_t status)
{
    struct kf_text flags;
    kf_text_init(&flags, NAME_BYTES_MAX);
    kf_cell_print(status, ';', &flags);
    add_field(text, view, name, flags.length ? flags.bytes : "");
    kf_text_clear(&flags);
}

static void add_line(struct kf_text *text, const struct kf_moves_view *view,
                     const struct kf_move *move)
{
    const struct kf_move_key *key = &move->key;
    bool figure = key->topic == KF_TOPIC_NONE;
    double percent = 0;
    bool has_percent = kf_move_percent(move, &percent);
    add_field(text, view, "what", figure ? "figure" : "row");
    add_field(text, view, "move", kf_move_kind_name(move->kind));
    add_field(text, view, "edition", view->edition->id);
    add_number_field(text, view, "panel_year", view->year, true);
    add_field(text, view, "topic", kf_topic_name(key->topic));
    add_field(text, view, "sector", key->sector);
    add_field(text, view, "indicator", figure ? "" : key->indicator);
    add_field(text, view, "measure", key->measure);
    add_field(text, view, "variable", figure ? key->indicator : "");
    add_number_field(text, view, "year", key->year, true);
    add_field(text, view, "municipality", key->municipality);
    add_number_field(text, view, "before", move->before, kf_cell_has_value(move->status_before));
    add_number_field(text, view, "after", move->after, kf_cell_has_value(move->status_after));
    add_number_field(text, view, "percent", percent, has_percent);
    add_flags(text, view, "flags_before", move->status_before);
    add_flags(text, view, "flags_after", move->status_after);
    kf_text_add(text, view->json ? "}\n" : "\n");
}

void kf_moves_print_lines(const struct kf_moves *moves, const struct kf_moves_view *view,
                          struct kf_text *text)
{
    size_t shown = 0;
    for (size_t g = 0; g < moves->groups_len; g++) {
        const struct kf_move_group *group = &moves->groups[g];
        for (size_t i = 0; i < group->moves && shown < view->limit; i++) {
            add_line(text, view, &moves->list[group->first + i]);
            shown++;
        }
    }
}
