#include "tools/kf/show_need.h"

#include "tools/kf/show_grid.h"

static const struct kf_name everybody = {"Alle aldre", "All ages"};
static const struct kf_name total = {"Samlet", "Total"};

/* --- lines and columns ----------------------------------------------------------------------- */

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
typedef void take_sector(struct kf_show_grid *grid, const char *sector, struct kf_name name,
                         const void *context);

static void each_sector(const struct kf_edition *edition, struct kf_show_grid *grid,
                        take_sector *take, const void *context)
{
    for (size_t s = 0; s < edition->sectors_len; s++) {
        take(grid, edition->sectors[s].id,
             kf_show_named(&edition->sectors[s].name, edition->sectors[s].id), context);
    }
    for (size_t i = 0; i < LENGTH(sums); i++) {
        take(grid, sums[i].sector, sums[i].name, context);
    }
    for (size_t i = 0; i < edition->uses_len; i++) {
        take(grid, edition->uses[i].id, kf_show_named(&edition->uses[i].name, edition->uses[i].id),
             context);
    }
    for (size_t i = 0; i < LENGTH(incomes); i++) {
        take(grid, incomes[i].sector, incomes[i].name, context);
    }
}

/* A column of the measure that `context` is. */
static void take_column(struct kf_show_grid *grid, const char *sector, struct kf_name name,
                        const void *context)
{
    struct kf_show_about column = *(const struct kf_show_about *)context;
    column.key.sector = sector;
    column.heading = name;
    kf_show_add_column(grid, column);
}

/* A line about the municipality that `context` is. */
static void take_line(struct kf_show_grid *grid, const char *sector, struct kf_name name,
                      const void *context)
{
    kf_show_add_line(grid, (struct kf_published_key){.municipality = context, .sector = sector},
                     name);
}

/* --- the tables ------------------------------------------------------------------------------ */

static const struct kf_show_about sector_columns[] = {
    KF_SHOW_MEASURE(KF_TOPIC_NEED, "need_index", 4, "Behov", "Need"),
    KF_SHOW_MEASURE(KF_TOPIC_NEED, "published_need_index", 4, "Publisert behov", "Published need"),
    KF_SHOW_MEASURE(KF_TOPIC_NEED, "need_kr_per_capita", 0, "Behov kr/innb.", "Need kr a head"),
    KF_SHOW_MEASURE(KF_TOPIC_RESOURCE_USE, "net_expenditure_kr_per_capita", 0,
                    "Netto utgift kr/innb.", "Net spending kr a head"),
    KF_SHOW_MEASURE(KF_TOPIC_RESOURCE_USE, "adjusted_expenditure_kr_per_capita", 0,
                    "Korrigert kr/innb.", "Adjusted kr a head"),
    KF_SHOW_MEASURE(KF_TOPIC_RESOURCE_USE, "deviation_kr_per_capita", 0, "Utover behov kr/innb.",
                    "Beyond need kr a head"),
    KF_SHOW_MEASURE(KF_TOPIC_RESOURCE_USE, "deviation_percent", 1, "Utover behov %",
                    "Beyond need %"),
    KF_SHOW_MEASURE(KF_TOPIC_RESOURCE_USE, "deviation_million_kr", 1, "Utover behov mill. kr",
                    "Beyond need million kr"),
    KF_SHOW_MEASURE(KF_TOPIC_RESOURCE_USE, "deviation_change_kr_per_capita", 0, "Endring kr/innb.",
                    "Change kr a head"),
    KF_SHOW_MEASURE(KF_TOPIC_RESOURCE_USE, "income_adjusted_kr_per_capita", 0,
                    "Justert for inntekt kr/innb.", "Adjusted for income kr a head"),
};

static const struct kf_show_about people_columns[] = {
    KF_SHOW_MEASURE(KF_TOPIC_DEMOGRAPHY, "population", 0, "Innbyggere", "Population"),
    KF_SHOW_MEASURE(KF_TOPIC_DEMOGRAPHY, "population_index", 3, "Indeks", "Index"),
    KF_SHOW_MEASURE(KF_TOPIC_DEMOGRAPHY, "population_index_others", 3, "Indeks andre",
                    "Index others"),
    KF_SHOW_MEASURE(KF_TOPIC_DEMOGRAPHY, "population_growth_percent", 1, "Årlig vekst %",
                    "Yearly growth %"),
    KF_SHOW_MEASURE(KF_TOPIC_DEMOGRAPHY, "population_growth_persons", 0, "Årlig vekst",
                    "Yearly growth"),
    KF_SHOW_MEASURE(KF_TOPIC_DEMOGRAPHY, "projection_error_percent", 1, "Framskriving bom %",
                    "Projection off by %"),
};

static const struct kf_show_about cost_columns[] = {
    KF_SHOW_MEASURE(KF_TOPIC_DEMOGRAPHY, "cost_million_kr", 1, "Merutgift mill. kr",
                    "Added cost million kr"),
    KF_SHOW_MEASURE(KF_TOPIC_DEMOGRAPHY, "cost_kr_per_capita", 0, "Merutgift kr/innb.",
                    "Added cost kr a head"),
    KF_SHOW_MEASURE(KF_TOPIC_DEMOGRAPHY, "cost_since_base_million_kr", 1,
                    "Siden basisåret mill. kr", "Since base year million kr"),
    KF_SHOW_MEASURE(KF_TOPIC_DEMOGRAPHY, "need_index", 3, "Behov", "Need"),
    KF_SHOW_MEASURE(KF_TOPIC_DEMOGRAPHY, "care_need_index", 1, "Behov omsorg", "Need of care"),
    KF_SHOW_MEASURE(KF_TOPIC_DEMOGRAPHY, "cost_error_million_kr", 1, "Framskriving bom mill. kr",
                    "Projection off by million kr"),
};

/* A table of one measure: municipalities by sector. */
static void make_by_sector(const struct kf_show_view *view, struct kf_show_about measure,
                           struct kf_show_grid *grid)
{
    grid->first = (struct kf_name){"Kommune", "Municipality"};
    kf_show_add_municipalities(view, grid);
    each_sector(view->edition, grid, take_column, &measure);
}

static void make_need(const struct kf_show_view *view, struct kf_show_grid *grid)
{
    grid->title = (struct kf_name){"Utgiftsbehov, landet = 1", "Expenditure need, the country = 1"};
    make_by_sector(view, sector_columns[0], grid);
}

static void make_deviation(const struct kf_show_view *view, struct kf_show_grid *grid)
{
    static const struct kf_show_about deviation =
        KF_SHOW_MEASURE(KF_TOPIC_RESOURCE_USE, "deviation_kr_per_capita", 0, "", "");
    grid->title = (struct kf_name){"Ressursbruk utover behov, kr per innbygger",
                                   "Resource use beyond need, kr per inhabitant"};
    make_by_sector(view, deviation, grid);
}

static void make_demography(const struct kf_show_view *view, struct kf_show_grid *grid)
{
    grid->title = (struct kf_name){"Befolkning og demografiutgifter", "Population and its cost"};
    grid->first = (struct kf_name){"Kommune", "Municipality"};
    kf_show_add_municipalities(view, grid);
    for (size_t l = 0; l < grid->lines_len; l++) {
        grid->lines[l].key.sector = KF_SECTOR_TOTAL;
    }
    kf_show_add_columns(grid, people_columns, LENGTH(people_columns));
    kf_show_add_columns(grid, cost_columns, LENGTH(cost_columns));
}

static void make_sectors(const struct kf_show_view *view, struct kf_show_grid *grid)
{
    grid->title = (struct kf_name){"Behov og ressursbruk", "Need and resource use"};
    grid->first = (struct kf_name){"Sektor", "Sector"};
    each_sector(view->edition, grid, take_line, view->codes[0]);
    kf_show_add_columns(grid, sector_columns, LENGTH(sector_columns));
}

static void make_adjustments(const struct kf_show_view *view, struct kf_show_grid *grid)
{
    static const struct kf_show_about adjustment = KF_SHOW_MEASURE(
        KF_TOPIC_RESOURCE_USE, "adjustment_kr_per_capita", 0, "kr/innb.", "kr a head");
    grid->title = (struct kf_name){"Korreksjoner", "Adjustments"};
    grid->first = (struct kf_name){"Korreksjon", "Adjustment"};
    for (size_t s = 0; s < view->edition->sectors_len; s++) {
        const struct kf_sector *sector = &view->edition->sectors[s];
        for (size_t i = 0; i < sector->resources.adjustments_len; i++) {
            const struct kf_adjustment *one = &sector->resources.adjustments[i];
            kf_show_add_line(grid,
                             (struct kf_published_key){.municipality = view->codes[0],
                                                       .sector = sector->id,
                                                       .indicator = one->id},
                             kf_show_named(&one->name, one->id));
        }
    }
    kf_show_add_column(grid, adjustment);
}

static void add_age_group(const struct kf_show_view *view, const struct kf_age_group *group,
                          struct kf_show_grid *grid)
{
    kf_show_add_line(grid,
                     (struct kf_published_key){.municipality = view->codes[0],
                                               .sector = KF_SECTOR_TOTAL,
                                               .indicator = group->id},
                     kf_show_named(&group->name, group->id));
}

static void make_age_groups(const struct kf_show_view *view, struct kf_show_grid *grid)
{
    const struct kf_demography *demography = &view->edition->demography;
    grid->title = (struct kf_name){"Befolkning etter alder", "Population by age"};
    grid->first = (struct kf_name){"Alder", "Age"};
    for (size_t i = 0; i < demography->groups_len; i++) {
        add_age_group(view, &demography->groups[i], grid);
    }
    take_line(grid, KF_SECTOR_TOTAL, everybody, view->codes[0]);
    kf_show_add_columns(grid, people_columns, LENGTH(people_columns));
}

static void make_services(const struct kf_show_view *view, struct kf_show_grid *grid)
{
    const struct kf_demography *demography = &view->edition->demography;
    grid->title = (struct kf_name){"Demografiutgifter", "Cost of the population"};
    grid->first = (struct kf_name){"Tjeneste", "Service"};
    for (size_t i = 0; i < demography->sectors_len; i++) {
        const struct kf_cost_sector *service = &demography->sectors[i];
        take_line(grid, service->id, kf_show_named(&service->name, service->id), view->codes[0]);
    }
    take_line(grid, KF_SECTOR_TOTAL, total, view->codes[0]);
    kf_show_add_columns(grid, cost_columns, LENGTH(cost_columns));
}

/* --- showing --------------------------------------------------------------------------------- */

static kf_show_make_grid *const of_all[] = {make_need, make_deviation, make_demography};
static kf_show_make_grid *const of_one[] = {make_sectors, make_adjustments, make_age_groups,
                                            make_services};

enum kf_err kf_show_need(const struct kf_show_view *view, struct kf_text *text,
                         struct kf_error *err)
{
    return kf_show_grids(view, of_all, LENGTH(of_all), text, NULL, err);
}

enum kf_err kf_show_need_of_one(const struct kf_show_view *view, struct kf_text *text,
                                struct kf_error *err)
{
    return view->codes_len > 0 ? kf_show_grids(view, of_one, LENGTH(of_one), text, NULL, err)
                               : KF_OK;
}

uint8_t kf_show_need_flags(const struct kf_show_view *view)
{
    uint8_t flags = 0;
    (void)kf_show_grids(view, of_all, LENGTH(of_all), NULL, &flags, NULL);
    if (view->codes_len == 1) {
        (void)kf_show_grids(view, of_one, LENGTH(of_one), NULL, &flags, NULL);
    }
    return flags;
}
