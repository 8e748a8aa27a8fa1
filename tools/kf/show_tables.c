#include "tools/kf/show_tables.h"

#include <string.h>

#include "common/model/cell.h"
#include "tools/kf/show_cells.h"
#include "tools/kf/show_need.h"
#include "tools/kf/show_unit_cost.h"

#define NOTE_LINES_MAX 20

const char *kf_show_municipality_name(const struct kf_show_view *view, const char *code)
{
    int structure = view->edition->structure_year;
    int year = structure ? structure : view->year;
    const struct kf_municipality *found = kf_municipalities_find(view->municipalities, code, year);
    if (!found) {
        found = kf_municipalities_ever(view->municipalities, code);
    }
    return found ? found->name : code;
}

bool kf_show_produces(const struct kf_show_view *view)
{
    const struct kf_edition *edition = view->edition;
    bool produces = edition->given_total && edition->given_total[0];
    for (size_t s = 0; s < edition->sectors_len && !produces; s++) {
        produces = kf_sector_produces(&edition->sectors[s]);
    }
    return produces;
}

/* --- title ----------------------------------------------------------------------------------- */

void kf_show_title(const struct kf_show_view *view, struct kf_text *text)
{
    const char *group = kf_show_name(view, &view->edition->group);
    const char *all = kf_show_say(view, "Alle kommuner", "All municipalities");
    kf_text_add_format(text, "%s%s%s\n", view->on, kf_show_name(view, &view->edition->title),
                       view->off);
    kf_text_add_format(text, "%s, %d. ", view->edition->id, view->year);
    if (view->codes_len == 1) {
        kf_text_add_format(text, "%s %s. ", view->codes[0],
                           kf_show_municipality_name(view, view->codes[0]));
    }
    kf_text_add(text, group && group[0] ? group : all);
    if (kf_show_produces(view)) {
        kf_text_add_format(text, ": %s = %g", kf_show_say(view, "gjennomsnitt", "mean"),
                           view->edition->scale);
    }
    kf_text_add_char(text, '\n');
}

/* --- the total ------------------------------------------------------------------------------- */

static const struct total_column {
    enum kf_topic topic;
    struct kf_show_measure measure;
    bool incomplete_only; /* shown where the row rests on imputed figures */
    const char *nb;
    const char *en;
} total_columns[] = {
    {KF_TOPIC_INDEX, {"index", -1, KF_SHOW_ANY_MARK}, false, "Samlet indeks", "Total index"},
    {KF_TOPIC_INDEX, {"rank", 0, KF_SHOW_NO_MARK}, false, "Rang", "Rank"},
    {KF_TOPIC_INDEX,
     {"index_without_imputed", -1, KF_SHOW_NO_MARK},
     true,
     "Uten imputerte",
     "Without imputed"},
    {KF_TOPIC_EFFICIENCY,
     {"expenditure_index", -1, KF_SHOW_NO_MARK},
     false,
     "Utgiftsindeks",
     "Spending index"},
    {KF_TOPIC_EFFICIENCY,
     {"efficiency", -1, KF_SHOW_ANY_MARK},
     false,
     "Effektivitet",
     "Efficiency"},
    {KF_TOPIC_EFFICIENCY,
     {"efficiency_percent", -1, KF_SHOW_ANY_MARK},
     false,
     "Produksjon utover utgift %",
     "Production less spending %"},
    {KF_TOPIC_EFFICIENCY,
     {"production_change_percent", -1, KF_SHOW_NO_MARK},
     false,
     "Endring produksjon %",
     "Change in production %"},
    {KF_TOPIC_EFFICIENCY,
     {"expenditure_change_percent", -1, KF_SHOW_NO_MARK},
     false,
     "Endring utgift %",
     "Change in spending %"},
    {KF_TOPIC_EFFICIENCY,
     {"efficiency_change_percent", -1, KF_SHOW_NO_MARK},
     false,
     "Endring effektivitet %",
     "Change in efficiency %"},
};
#define TOTAL_COLUMNS (sizeof total_columns / sizeof total_columns[0])

static struct kf_published_key total_key(const struct total_column *column, const char *code)
{
    return (struct kf_published_key){column->topic, code, KF_SECTOR_TOTAL, ""};
}

/* True when the column has something to show for this municipality. */
static bool applies(const struct kf_show_view *view, const struct total_column *column,
                    const char *code)
{
    struct kf_published_key key = total_key(column, code);
    uint8_t status = 0;
    double value = 0;
    return kf_published_status(view->published, &key, &status) &&
           (!column->incomplete_only || (status & KF_CELL_INCOMPLETE)) &&
           kf_published_value(view->published, &key, column->measure.name, &value);
}

static bool any_applies(const struct kf_show_view *view, const struct total_column *column)
{
    for (size_t i = 0; i < view->codes_len; i++) {
        if (applies(view, column, view->codes[i])) {
            return true;
        }
    }
    return false;
}

static void add_total_row(const struct kf_show_view *view, const bool *shown, const char *code,
                          struct kf_table *table)
{
    kf_table_add_cell(table, kf_show_municipality_name(view, code), "");
    for (size_t i = 0; i < TOTAL_COLUMNS; i++) {
        struct kf_published_key key = total_key(&total_columns[i], code);
        if (!shown[i]) {
            continue;
        }
        if (total_columns[i].incomplete_only && !applies(view, &total_columns[i], code)) {
            kf_table_add_cell(table, "", "");
        } else {
            kf_show_add_measure(view, table, &key, &total_columns[i].measure);
        }
    }
}

enum kf_err kf_show_totals(const struct kf_show_view *view, struct kf_text *text,
                           struct kf_error *err)
{
    bool shown[TOTAL_COLUMNS];
    struct kf_table *table = kf_table_new();
    if (!table) {
        return kf_show_no_memory(err);
    }
    kf_table_add_column(table, kf_show_say(view, "Kommune", "Municipality"), KF_TABLE_LEFT);
    for (size_t i = 0; i < TOTAL_COLUMNS; i++) {
        shown[i] = any_applies(view, &total_columns[i]);
        if (shown[i]) {
            kf_table_add_column(table, kf_show_say(view, total_columns[i].nb, total_columns[i].en),
                                KF_TABLE_RIGHT);
        }
    }
    for (size_t i = 0; i < view->codes_len; i++) {
        add_total_row(view, shown, view->codes[i], table);
    }
    return kf_show_print(view, table, text, err);
}

/* --- sectors --------------------------------------------------------------------------------- */

enum kf_err kf_show_sectors(const struct kf_show_view *view, struct kf_text *text,
                            struct kf_error *err)
{
    static const struct kf_show_measure index = {"index", -1, KF_SHOW_ANY_MARK};
    const struct kf_edition *edition = view->edition;
    struct kf_table *table = kf_table_new();
    if (!table) {
        return kf_show_no_memory(err);
    }
    kf_table_add_column(table, kf_show_say(view, "Kommune", "Municipality"), KF_TABLE_LEFT);
    for (size_t s = 0; s < edition->sectors_len; s++) {
        kf_table_add_column(table, kf_show_name(view, &edition->sectors[s].name), KF_TABLE_RIGHT);
    }
    for (size_t i = 0; i < view->codes_len; i++) {
        kf_table_add_cell(table, kf_show_municipality_name(view, view->codes[i]), "");
        for (size_t s = 0; s < edition->sectors_len; s++) {
            struct kf_published_key key = {KF_TOPIC_INDEX, view->codes[i], edition->sectors[s].id,
                                           ""};
            kf_show_add_measure(view, table, &key, &index);
        }
    }
    return kf_show_print(view, table, text, err);
}

/* --- one municipality ------------------------------------------------------------------------ */

static const struct indicator_column {
    struct kf_show_measure measure;
    const char *nb;
    const char *en;
} indicator_columns[] = {
    {{"raw", -1, KF_SHOW_NO_MARK}, "Verdi", "Value"},
    {{"normalized", -1, KF_SHOW_ANY_MARK}, "Normalisert", "Normalised"},
    {{"contribution", 2, KF_SHOW_ANY_MARK}, "Bidrag til sektor", "Part of the sector"},
    {{"contribution_to_total", 2, KF_SHOW_ANY_MARK}, "Bidrag til samlet", "Part of the total"},
};
#define INDICATOR_COLUMNS (sizeof indicator_columns / sizeof indicator_columns[0])

static void add_indicator(const struct kf_show_view *view, const struct kf_sector *sector,
                          const struct kf_indicator *indicator, struct kf_table *table)
{
    struct kf_published_key key = {KF_TOPIC_INDICATOR, view->codes[0], sector->id, indicator->id};
    for (size_t i = 0; i < INDICATOR_COLUMNS; i++) {
        kf_show_add_measure(view, table, &key, &indicator_columns[i].measure);
    }
    kf_table_add_number(table, 100 * indicator->weight, 2, "");
    kf_table_add_cell(table, kf_show_name(view, &indicator->name), "");
}

static void add_sector_line(const struct kf_show_view *view, const struct kf_sector *sector,
                            struct kf_text *text)
{
    struct kf_published_key key = {KF_TOPIC_INDEX, view->codes[0], sector->id, ""};
    double index = 0;
    double part = 0;
    uint8_t status = 0;
    char mark[KF_SHOW_MARK_SIZE] = "";
    bool row = kf_published_status(view->published, &key, &status);
    kf_show_mark(status, mark);
    kf_text_add_format(text, "\n%s%s%s ", view->on, kf_show_name(view, &sector->name), view->off);
    if (row && kf_published_value(view->published, &key, "index", &index)) {
        kf_text_add_format(text, "%.*f%s", view->decimals, index, mark);
    } else {
        kf_text_add(text, kf_show_absence(status));
    }
    if (kf_published_value(view->published, &key, "contribution", &part)) {
        kf_text_add_format(text, " × %.2f %% = %.2f %s", 100 * sector->weight, part,
                           kf_show_say(view, "av den samlede indeksen", "of the total index"));
    }
    kf_text_add_char(text, '\n');
}

static enum kf_err show_sector(const struct kf_show_view *view, const struct kf_sector *sector,
                               struct kf_text *text, struct kf_error *err)
{
    struct kf_table *table = kf_table_new();
    if (!table) {
        return kf_show_no_memory(err);
    }
    add_sector_line(view, sector, text);
    for (size_t i = 0; i < INDICATOR_COLUMNS; i++) {
        kf_table_add_column(table,
                            kf_show_say(view, indicator_columns[i].nb, indicator_columns[i].en),
                            KF_TABLE_RIGHT);
    }
    kf_table_add_column(table, kf_show_say(view, "Vekt %", "Weight %"), KF_TABLE_RIGHT);
    kf_table_add_column(table, kf_show_say(view, "Indikator", "Indicator"), KF_TABLE_LEFT);
    for (size_t i = 0; i < sector->indicators_len; i++) {
        add_indicator(view, sector, &sector->indicators[i], table);
    }
    return kf_show_print(view, table, text, err);
}

enum kf_err kf_show_indicators(const struct kf_show_view *view, struct kf_text *text,
                               struct kf_error *err)
{
    enum kf_err code = KF_OK;
    for (size_t s = 0; s < view->edition->sectors_len && code == KF_OK; s++) {
        code = show_sector(view, &view->edition->sectors[s], text, err);
    }
    return code;
}

/* --- notes ----------------------------------------------------------------------------------- */

/* Called for the status of every row that the tables show; true to go on. */
typedef void note_row(const struct kf_show_view *view, const struct kf_published_key *key,
                      const struct kf_name *name, uint8_t status, void *context);

static void note_one(const struct kf_show_view *view, struct kf_published_key key,
                     const struct kf_name *name, note_row *note, void *context)
{
    uint8_t status = 0;
    if (kf_published_status(view->published, &key, &status)) {
        note(view, &key, name, status, context);
    }
}

/* The index rows of a municipality, sector by sector and the total. */
static void each_index(const struct kf_show_view *view, const char *code, note_row *note,
                       void *context)
{
    static const struct kf_name total = {"Samlet indeks", "Total index"};
    const struct kf_edition *edition = view->edition;
    for (size_t s = 0; s < edition->sectors_len; s++) {
        struct kf_published_key key = {KF_TOPIC_INDEX, code, edition->sectors[s].id, ""};
        note_one(view, key, &edition->sectors[s].name, note, context);
    }
    struct kf_published_key key = {KF_TOPIC_INDEX, code, KF_SECTOR_TOTAL, ""};
    note_one(view, key, &total, note, context);
}

static void each_indicator(const struct kf_show_view *view, const char *code, note_row *note,
                           void *context)
{
    const struct kf_edition *edition = view->edition;
    for (size_t s = 0; s < edition->sectors_len; s++) {
        const struct kf_sector *sector = &edition->sectors[s];
        for (size_t i = 0; i < sector->indicators_len; i++) {
            const struct kf_indicator *indicator = &sector->indicators[i];
            struct kf_published_key key = {KF_TOPIC_INDICATOR, code, sector->id, indicator->id};
            note_one(view, key, &indicator->name, note, context);
        }
    }
}

static void collect_bits(const struct kf_show_view *view, const struct kf_published_key *key,
                         const struct kf_name *name, uint8_t status, void *context)
{
    (void)view;
    (void)key;
    (void)name;
    uint8_t *all = context;
    *all = (uint8_t)(*all | status);
}

/* Lines of a list that may be long. */
struct list {
    struct kf_text *text;
    struct kf_table *table;
    size_t lines;
};

static void list_imputed(const struct kf_show_view *view, const struct kf_published_key *key,
                         const struct kf_name *name, uint8_t status, void *context)
{
    struct list *list = context;
    if (!(status & KF_CELL_IMPUTED) || list->lines++ >= NOTE_LINES_MAX) {
        return;
    }
    kf_text_add_format(list->text, "    %s: %s\n",
                       kf_show_municipality_name(view, key->municipality),
                       kf_show_name(view, name));
}

static void list_without(const struct kf_show_view *view, const struct kf_published_key *key,
                         const struct kf_name *name, uint8_t status, void *context)
{
    static const struct kf_show_measure with = {"index", -1, KF_SHOW_ANY_MARK};
    static const struct kf_show_measure without = {"index_without_imputed", -1, KF_SHOW_NO_MARK};
    struct list *list = context;
    if (!(status & KF_CELL_INCOMPLETE) || list->lines++ >= NOTE_LINES_MAX) {
        return;
    }
    kf_table_add_cell(list->table, kf_show_municipality_name(view, key->municipality), "");
    kf_table_add_cell(list->table, kf_show_name(view, name), "");
    kf_show_add_measure(view, list->table, key, &with);
    kf_show_add_measure(view, list->table, key, &without);
}

static void add_more(const struct kf_show_view *view, const struct list *list)
{
    if (list->lines > NOTE_LINES_MAX) {
        kf_text_add_format(list->text, "    … %s %zu %s\n", kf_show_say(view, "og", "and"),
                           list->lines - NOTE_LINES_MAX, kf_show_say(view, "til", "more"));
    }
}

static enum kf_err add_imputed(const struct kf_show_view *view, struct kf_text *text,
                               struct kf_error *err)
{
    struct list imputed = {.text = text};
    struct list without = {.text = text, .table = kf_table_new()};
    if (!without.table) {
        return kf_show_no_memory(err);
    }
    kf_text_add_format(text, "  %s\n", kf_show_say(view, "Imputert:", "Imputed:"));
    kf_table_add_column(without.table, "", KF_TABLE_LEFT);
    kf_table_add_column(without.table, "", KF_TABLE_LEFT);
    kf_table_add_column(without.table, kf_show_say(view, "Indeks", "Index"), KF_TABLE_RIGHT);
    kf_table_add_column(without.table, kf_show_say(view, "Uten imputerte", "Without imputed"),
                        KF_TABLE_RIGHT);
    for (size_t i = 0; i < view->codes_len; i++) {
        each_indicator(view, view->codes[i], list_imputed, &imputed);
        each_index(view, view->codes[i], list_without, &without);
    }
    add_more(view, &imputed);
    enum kf_err code = kf_show_print(view, without.table, text, err);
    add_more(view, &without);
    return code;
}

enum kf_err kf_show_notes(const struct kf_show_view *view, struct kf_text *text,
                          struct kf_error *err)
{
    uint8_t all = 0;
    for (size_t i = 0; i < view->codes_len; i++) {
        each_index(view, view->codes[i], collect_bits, &all);
        each_indicator(view, view->codes[i], collect_bits, &all);
    }
    all = (uint8_t)(all | kf_show_need_flags(view));
    kf_show_explain_marks(view, all, kf_show_unit_cost_flags(view), text);
    return all & (KF_CELL_IMPUTED | KF_CELL_INCOMPLETE) ? add_imputed(view, text, err) : KF_OK;
}

/* --- origin ---------------------------------------------------------------------------------- */

static void add_topics(const struct kf_show_view *view, struct kf_text *text)
{
    const char *topic = NULL;
    const char *rows = NULL;
    for (size_t i = 0; kf_published_topic(view->published, i, &topic, &rows); i++) {
        kf_text_add_format(text, "  %-28s %8s %s\n", topic, rows,
                           kf_show_say(view, "rader", "rows"));
    }
}

/* The topic of the indices where the release has rows on it, else the first on which it has. */
static void add_readable_topic(const struct kf_show_view *view, const char *prefix,
                               struct kf_text *text)
{
    size_t index = strlen(prefix);
    const char *chosen = NULL;
    const char *topic = NULL;
    const char *rows = NULL;
    for (size_t i = 0; kf_published_topic(view->published, i, &topic, &rows); i++) {
        bool indices = strncmp(topic, prefix, index) == 0 && !strcmp(topic + index, ".index.v1");
        if (strcmp(rows, "0") != 0 && (!chosen || indices)) {
            chosen = topic;
        }
    }
    kf_text_add_format(text, "%s%s", chosen ? chosen : prefix, chosen ? "" : ".release.v1");
}

void kf_show_origin(const struct kf_show_view *view, const char *bootstrap_servers,
                    const char *topic_prefix, struct kf_text *text)
{
    kf_text_add_format(
        text, "%s%s%s %s (%s: %s; kostraflow %s)\n", view->on,
        kf_show_say(view, "Utgivelse", "Release"), view->off, kf_published_release(view->published),
        kf_show_say(view, "versjon", "vintage"), kf_published_text(view->published, "vintage"),
        kf_published_text(view->published, "program"));
    add_topics(view, text);
    kf_text_add_format(text, "%s\n  kcat -C -b %s -X isolation.level=read_committed -t ",
                       kf_show_say(view, "Les dem med", "Read them with"), bootstrap_servers);
    add_readable_topic(view, topic_prefix, text);
    kf_text_add(text, " -e -q\n");
    kf_text_add_format(text, "%s: %s; %s\n", kf_show_say(view, "Kilde", "Credit"),
                       kf_show_say(view, "Statistisk sentralbyrå (SSB)", "Statistics Norway (SSB)"),
                       view->edition->source);
}
