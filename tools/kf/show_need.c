#include "tools/kf/show_need.h"

#include "common/base/memory.h"
#include "tools/kf/show_cells.h"

/* Lines and columns are collected first, and those without values left out. */
#define LINES_MAX 2048

/* What a line or a column is about; a part that one of them leaves open the other says. */
struct about {
    struct kf_published_key key; /* no topic, or texts that are NULL: open */
    struct kf_show_measure measure;
    struct kf_name heading;
};

struct grid {
    struct about lines[LINES_MAX];
    size_t lines_len;
    struct about columns[KF_TABLE_COLUMNS_MAX];
    size_t columns_len;
    struct kf_name title;
    struct kf_name first; /* heading of the lines */
    uint8_t flags;        /* of what is shown */
};

static const struct kf_name everybody = {"Alle aldre", "All ages"};
static const struct kf_name total = {"Samlet", "Total"};

static struct kf_published_key key_of(const struct about *line, const struct about *column)
{
    const struct kf_published_key *a = &line->key;
    const struct kf_published_key *b = &column->key;
    return (struct kf_published_key){
        .topic = a->topic ? a->topic : b->topic,
        .municipality = a->municipality ? a->municipality : b->municipality,
        .sector = a->sector ? a->sector : b->sector,
        .indicator = a->indicator   ? a->indicator
                     : b->indicator ? b->indicator
                                    : "",
    };
}

static const struct kf_show_measure *measure_of(const struct about *line,
                                                const struct about *column)
{
    return line->measure.name ? &line->measure : &column->measure;
}

static bool has_value(const struct kf_show_view *view, const struct about *line,
                      const struct about *column)
{
    struct kf_published_key key = key_of(line, column);
    double value = 0;
    return kf_published_value(view->published, &key, measure_of(line, column)->name, &value);
}

static void add_line(struct grid *grid, struct kf_published_key key, struct kf_name heading)
{
    if (grid->lines_len < LINES_MAX) {
        grid->lines[grid->lines_len++] = (struct about){.key = key, .heading = heading};
    }
}

static void add_column(struct grid *grid, struct about column)
{
    if (grid->columns_len < KF_TABLE_COLUMNS_MAX - 1) {
        grid->columns[grid->columns_len++] = column;
    }
}

/* Keeps the columns in which some line has a value, and the lines that have any. */
static void drop_empty(const struct kf_show_view *view, struct grid *grid)
{
    size_t columns = 0;
    for (size_t c = 0; c < grid->columns_len; c++) {
        bool any = false;
        for (size_t l = 0; l < grid->lines_len && !any; l++) {
            any = has_value(view, &grid->lines[l], &grid->columns[c]);
        }
        if (any) {
            grid->columns[columns++] = grid->columns[c];
        }
    }
    grid->columns_len = columns;
    size_t lines = 0;
    for (size_t l = 0; l < grid->lines_len; l++) {
        bool any = false;
        for (size_t c = 0; c < columns && !any; c++) {
            any = has_value(view, &grid->lines[l], &grid->columns[c]);
        }
        if (any) {
            grid->lines[lines++] = grid->lines[l];
        }
    }
    grid->lines_len = lines;
}

static void add_flags(const struct kf_show_view *view, struct grid *grid)
{
    for (size_t l = 0; l < grid->lines_len; l++) {
        for (size_t c = 0; c < grid->columns_len; c++) {
            struct kf_published_key key = key_of(&grid->lines[l], &grid->columns[c]);
            uint8_t status = 0;
            if (measure_of(&grid->lines[l], &grid->columns[c])->marked &&
                kf_published_status(view->published, &key, &status)) {
                grid->flags = (uint8_t)(grid->flags | status);
            }
        }
    }
}

/* Appends the grid, unless there is nothing in it. Without a text only its flags are found. */
static enum kf_err show_grid(const struct kf_show_view *view, struct grid *grid,
                             struct kf_text *text, struct kf_error *err)
{
    drop_empty(view, grid);
    add_flags(view, grid);
    if (grid->lines_len == 0 || !text) {
        return KF_OK;
    }
    struct kf_table *table = kf_table_new();
    if (!table) {
        return kf_show_no_memory(err);
    }
    kf_text_add_format(text, "\n%s%s%s\n", view->on, kf_show_name(view, &grid->title), view->off);
    kf_table_add_column(table, kf_show_name(view, &grid->first), KF_TABLE_LEFT);
    for (size_t c = 0; c < grid->columns_len; c++) {
        kf_table_add_column(table, kf_show_name(view, &grid->columns[c].heading), KF_TABLE_RIGHT);
    }
    for (size_t l = 0; l < grid->lines_len; l++) {
        kf_table_add_cell(table, kf_show_name(view, &grid->lines[l].heading), "");
        for (size_t c = 0; c < grid->columns_len; c++) {
            struct kf_published_key key = key_of(&grid->lines[l], &grid->columns[c]);
            kf_show_add_measure(view, table, &key, measure_of(&grid->lines[l], &grid->columns[c]));
        }
    }
    return kf_show_print(view, table, text, err);
}

/* --- lines and columns ----------------------------------------------------------------------- */

static void add_municipalities(const struct kf_show_view *view, struct grid *grid)
{
    for (size_t i = 0; i < view->codes_len; i++) {
        const char *name = kf_show_municipality_name(view, view->codes[i]);
        add_line(grid, (struct kf_published_key){.municipality = view->codes[i]},
                 (struct kf_name){name, name});
    }
}

/* The names of things without one are their ids. */
static struct kf_name named(const struct kf_name *name, const char *id)
{
    bool has = name->nb && name->nb[0] && name->en && name->en[0];
    return has ? *name : (struct kf_name){id, id};
}

static const struct special {
    const char *sector;
    struct kf_name name;
} sums[] = {
    {KF_SECTOR_INSIDE, {"Innenfor", "Inside"}},
    {KF_SECTOR_OUTSIDE, {"Utenfor", "Outside"}},
};
static const struct special incomes[] = {
    {KF_SECTOR_INCOME, {"Disponibel inntekt", "Disposable income"}},
    {KF_SECTOR_RESIDUAL, {"Uforklart", "Unexplained"}},
    {KF_SECTOR_TOTAL, {"Samlet", "Total"}},
    {KF_SECTOR_TOTAL_WITH_ADMINISTRATION, {"Med administrasjon", "With administration"}},
};
#define LENGTH(list) (sizeof(list) / sizeof(list)[0])

/* Called for each sector that the rows of need and resource use may be about, in order. */
typedef void take_sector(struct grid *grid, const char *sector, struct kf_name name,
                         const void *context);

static void each_sector(const struct kf_edition *edition, struct grid *grid, take_sector *take,
                        const void *context)
{
    for (size_t s = 0; s < edition->sectors_len; s++) {
        take(grid, edition->sectors[s].id, named(&edition->sectors[s].name, edition->sectors[s].id),
             context);
    }
    for (size_t i = 0; i < LENGTH(sums); i++) {
        take(grid, sums[i].sector, sums[i].name, context);
    }
    for (size_t i = 0; i < edition->uses_len; i++) {
        take(grid, edition->uses[i].id, named(&edition->uses[i].name, edition->uses[i].id),
             context);
    }
    for (size_t i = 0; i < LENGTH(incomes); i++) {
        take(grid, incomes[i].sector, incomes[i].name, context);
    }
}

/* A column of the measure that `context` is. */
static void take_column(struct grid *grid, const char *sector, struct kf_name name,
                        const void *context)
{
    struct about column = *(const struct about *)context;
    column.key.sector = sector;
    column.heading = name;
    add_column(grid, column);
}

/* A line about the municipality that `context` is. */
static void take_line(struct grid *grid, const char *sector, struct kf_name name,
                      const void *context)
{
    add_line(grid, (struct kf_published_key){.municipality = context, .sector = sector}, name);
}

static void add_columns(struct grid *grid, const struct about *columns, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        add_column(grid, columns[i]);
    }
}

/* --- the tables ------------------------------------------------------------------------------ */

#define MEASURE(Topic, name, decimals, nb, en)                                                     \
    {                                                                                              \
        {.topic = (Topic)}, {(name), (decimals), true},                                            \
        {                                                                                          \
            (nb), (en)                                                                             \
        }                                                                                          \
    }

static const struct about sector_columns[] = {
    MEASURE(KF_TOPIC_NEED, "need_index", 4, "Behov", "Need"),
    MEASURE(KF_TOPIC_NEED, "published_need_index", 4, "Publisert behov", "Published need"),
    MEASURE(KF_TOPIC_NEED, "need_kr_per_capita", 0, "Behov kr/innb.", "Need kr a head"),
    MEASURE(KF_TOPIC_RESOURCE_USE, "net_expenditure_kr_per_capita", 0, "Netto utgift kr/innb.",
            "Net spending kr a head"),
    MEASURE(KF_TOPIC_RESOURCE_USE, "adjusted_expenditure_kr_per_capita", 0, "Korrigert kr/innb.",
            "Adjusted kr a head"),
    MEASURE(KF_TOPIC_RESOURCE_USE, "deviation_kr_per_capita", 0, "Utover behov kr/innb.",
            "Beyond need kr a head"),
    MEASURE(KF_TOPIC_RESOURCE_USE, "deviation_percent", 1, "Utover behov %", "Beyond need %"),
    MEASURE(KF_TOPIC_RESOURCE_USE, "deviation_million_kr", 1, "Utover behov mill. kr",
            "Beyond need million kr"),
    MEASURE(KF_TOPIC_RESOURCE_USE, "deviation_change_kr_per_capita", 0, "Endring kr/innb.",
            "Change kr a head"),
    MEASURE(KF_TOPIC_RESOURCE_USE, "income_adjusted_kr_per_capita", 0,
            "Justert for inntekt kr/innb.", "Adjusted for income kr a head"),
};

static const struct about people_columns[] = {
    MEASURE(KF_TOPIC_DEMOGRAPHY, "population", 0, "Innbyggere", "Population"),
    MEASURE(KF_TOPIC_DEMOGRAPHY, "population_index", 3, "Indeks", "Index"),
    MEASURE(KF_TOPIC_DEMOGRAPHY, "population_index_others", 3, "Indeks andre", "Index others"),
    MEASURE(KF_TOPIC_DEMOGRAPHY, "population_growth_percent", 1, "Årlig vekst %",
            "Yearly growth %"),
    MEASURE(KF_TOPIC_DEMOGRAPHY, "population_growth_persons", 0, "Årlig vekst", "Yearly growth"),
    MEASURE(KF_TOPIC_DEMOGRAPHY, "projection_error_percent", 1, "Framskriving bom %",
            "Projection off by %"),
};

static const struct about cost_columns[] = {
    MEASURE(KF_TOPIC_DEMOGRAPHY, "cost_million_kr", 1, "Merutgift mill. kr",
            "Added cost million kr"),
    MEASURE(KF_TOPIC_DEMOGRAPHY, "cost_kr_per_capita", 0, "Merutgift kr/innb.",
            "Added cost kr a head"),
    MEASURE(KF_TOPIC_DEMOGRAPHY, "cost_since_base_million_kr", 1, "Siden basisåret mill. kr",
            "Since base year million kr"),
    MEASURE(KF_TOPIC_DEMOGRAPHY, "need_index", 3, "Behov", "Need"),
    MEASURE(KF_TOPIC_DEMOGRAPHY, "care_need_index", 1, "Behov omsorg", "Need of care"),
    MEASURE(KF_TOPIC_DEMOGRAPHY, "cost_error_million_kr", 1, "Framskriving bom mill. kr",
            "Projection off by million kr"),
};

/* A table of one measure: municipalities by sector. */
static void make_by_sector(const struct kf_show_view *view, struct about measure, struct grid *grid)
{
    grid->first = (struct kf_name){"Kommune", "Municipality"};
    add_municipalities(view, grid);
    each_sector(view->edition, grid, take_column, &measure);
}

static void make_need(const struct kf_show_view *view, struct grid *grid)
{
    grid->title = (struct kf_name){"Utgiftsbehov, landet = 1", "Expenditure need, the country = 1"};
    make_by_sector(view, sector_columns[0], grid);
}

static void make_deviation(const struct kf_show_view *view, struct grid *grid)
{
    static const struct about deviation =
        MEASURE(KF_TOPIC_RESOURCE_USE, "deviation_kr_per_capita", 0, "", "");
    grid->title = (struct kf_name){"Ressursbruk utover behov, kr per innbygger",
                                   "Resource use beyond need, kr per inhabitant"};
    make_by_sector(view, deviation, grid);
}

static void make_demography(const struct kf_show_view *view, struct grid *grid)
{
    grid->title = (struct kf_name){"Befolkning og demografiutgifter", "Population and its cost"};
    grid->first = (struct kf_name){"Kommune", "Municipality"};
    add_municipalities(view, grid);
    for (size_t l = 0; l < grid->lines_len; l++) {
        grid->lines[l].key.sector = KF_SECTOR_TOTAL;
    }
    add_columns(grid, people_columns, LENGTH(people_columns));
    add_columns(grid, cost_columns, LENGTH(cost_columns));
}

static void make_sectors(const struct kf_show_view *view, struct grid *grid)
{
    grid->title = (struct kf_name){"Behov og ressursbruk", "Need and resource use"};
    grid->first = (struct kf_name){"Sektor", "Sector"};
    each_sector(view->edition, grid, take_line, view->codes[0]);
    add_columns(grid, sector_columns, LENGTH(sector_columns));
}

static void make_adjustments(const struct kf_show_view *view, struct grid *grid)
{
    static const struct about adjustment =
        MEASURE(KF_TOPIC_RESOURCE_USE, "adjustment_kr_per_capita", 0, "kr/innb.", "kr a head");
    grid->title = (struct kf_name){"Korreksjoner", "Adjustments"};
    grid->first = (struct kf_name){"Korreksjon", "Adjustment"};
    for (size_t s = 0; s < view->edition->sectors_len; s++) {
        const struct kf_sector *sector = &view->edition->sectors[s];
        for (size_t i = 0; i < sector->resources.adjustments_len; i++) {
            const struct kf_adjustment *one = &sector->resources.adjustments[i];
            add_line(grid,
                     (struct kf_published_key){.municipality = view->codes[0],
                                               .sector = sector->id,
                                               .indicator = one->id},
                     named(&one->name, one->id));
        }
    }
    add_column(grid, adjustment);
}

static void add_age_group(const struct kf_show_view *view, const struct kf_age_group *group,
                          struct grid *grid)
{
    add_line(grid,
             (struct kf_published_key){
                 .municipality = view->codes[0], .sector = KF_SECTOR_TOTAL, .indicator = group->id},
             named(&group->name, group->id));
}

static void make_age_groups(const struct kf_show_view *view, struct grid *grid)
{
    const struct kf_demography *demography = &view->edition->demography;
    grid->title = (struct kf_name){"Befolkning etter alder", "Population by age"};
    grid->first = (struct kf_name){"Alder", "Age"};
    for (size_t i = 0; i < demography->groups_len; i++) {
        add_age_group(view, &demography->groups[i], grid);
    }
    take_line(grid, KF_SECTOR_TOTAL, everybody, view->codes[0]);
    add_columns(grid, people_columns, LENGTH(people_columns));
}

static void make_services(const struct kf_show_view *view, struct grid *grid)
{
    const struct kf_demography *demography = &view->edition->demography;
    grid->title = (struct kf_name){"Demografiutgifter", "Cost of the population"};
    grid->first = (struct kf_name){"Tjeneste", "Service"};
    for (size_t i = 0; i < demography->sectors_len; i++) {
        const struct kf_cost_sector *service = &demography->sectors[i];
        take_line(grid, service->id, named(&service->name, service->id), view->codes[0]);
    }
    take_line(grid, KF_SECTOR_TOTAL, total, view->codes[0]);
    add_columns(grid, cost_columns, LENGTH(cost_columns));
}

/* --- showing --------------------------------------------------------------------------------- */

typedef void make_grid(const struct kf_show_view *view, struct grid *grid);

static make_grid *const of_all[] = {make_need, make_deviation, make_demography};
static make_grid *const of_one[] = {make_sectors, make_adjustments, make_age_groups, make_services};

/* What is found out by the way. */
struct found {
    uint8_t flags;
    struct kf_error *err;
};

/* Makes and shows the tables one after the other; without a text only `flags` grows. */
static enum kf_err show_all(const struct kf_show_view *view, make_grid *const *list, size_t count,
                            struct kf_text *text, struct found *found)
{
    struct grid *grid = kf_calloc(1, sizeof *grid);
    if (!grid) {
        return kf_show_no_memory(found->err);
    }
    enum kf_err code = KF_OK;
    for (size_t i = 0; i < count && code == KF_OK; i++) {
        *grid = (struct grid){.lines_len = 0};
        list[i](view, grid);
        code = show_grid(view, grid, text, found->err);
        found->flags = (uint8_t)(found->flags | grid->flags);
    }
    kf_free(grid);
    return code;
}

enum kf_err kf_show_need(const struct kf_show_view *view, struct kf_text *text,
                         struct kf_error *err)
{
    struct found found = {.err = err};
    return show_all(view, of_all, LENGTH(of_all), text, &found);
}

enum kf_err kf_show_need_of_one(const struct kf_show_view *view, struct kf_text *text,
                                struct kf_error *err)
{
    struct found found = {.err = err};
    return view->codes_len > 0 ? show_all(view, of_one, LENGTH(of_one), text, &found) : KF_OK;
}

uint8_t kf_show_need_flags(const struct kf_show_view *view)
{
    struct found found = {.flags = 0};
    (void)show_all(view, of_all, LENGTH(of_all), NULL, &found);
    if (view->codes_len == 1) {
        (void)show_all(view, of_one, LENGTH(of_one), NULL, &found);
    }
    return found.flags;
}
