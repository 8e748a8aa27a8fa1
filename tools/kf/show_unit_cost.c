#include "tools/kf/show_unit_cost.h"

#include <string.h>

#include "common/model/cell.h"
#include "tools/kf/show_grid.h"

#define LENGTH(list) (sizeof(list) / sizeof(list)[0])

#define MEASURE(name, decimals, nb, en) KF_SHOW_MEASURE(KF_TOPIC_UNIT_COST, name, decimals, nb, en)

/* Flags are of a whole row: the rate, say, stands in one row with a unit cost that rests on
 * preliminary figures. A published figure stands in for a gain or a grant alone; what is without
 * the preliminary figures rests on none. */
#define COMPUTED            (KF_SHOW_ANY_MARK & ~KF_CELL_PUBLISHED)
#define WITHOUT_PRELIMINARY (COMPUTED & ~KF_CELL_PRELIMINARY)
#define OF_QUANTITY         (COMPUTED & ~KF_CELL_INCOMPLETE) /* of one service alone */

#define MARKED(name, decimals, flags, nb, en)                                                      \
    {                                                                                              \
        {.topic = KF_TOPIC_UNIT_COST}, {(name), (decimals), (flags)},                              \
        {                                                                                          \
            (nb), (en)                                                                             \
        }                                                                                          \
    }

/* The flags of the row are about other measures than this. */
#define PLAIN(name, decimals, nb, en) MARKED(name, decimals, KF_SHOW_NO_MARK, nb, en)

/* Of the group's rows of a sector: nobody's in particular. */
#define GROUP(part, name, decimals, flags, nb, en)                                                 \
    {                                                                                              \
        {.topic = KF_TOPIC_UNIT_COST, .municipality = "", .sector = (part)},                       \
            {(name), (decimals), (flags)},                                                         \
        {                                                                                          \
            (nb), (en)                                                                             \
        }                                                                                          \
    }

/* --- lines ----------------------------------------------------------------------------------- */

static const struct kf_name municipality = {"Kommune", "Municipality"};
static const struct kf_name all_services = {"Alle tjenester", "All services"};

/* The parts that make up the gain of a trial, and the whole. */
static const struct part {
    const char *sector;
    struct kf_name name;
} parts[] = {
    {KF_SECTOR_DEMOGRAPHY, {"Demografi", "Demography"}},
    {KF_SECTOR_RESOURCE_INTENSIVE, {"Ressurskrevende brukere", "Resource-intensive users"}},
    {KF_SECTOR_SERVICES, {"Enhetskostnader", "Unit costs"}},
    {KF_SECTOR_TOTAL, {"Samlet", "Total"}},
};

/* A line of the municipality in the lines' heading, of a sector and maybe a thing in it. */
static void add_part(const struct kf_show_view *view, const char *sector, const char *indicator,
                     struct kf_name name, struct kf_show_grid *grid)
{
    kf_show_add_line(grid,
                     (struct kf_published_key){
                         .municipality = view->codes[0], .sector = sector, .indicator = indicator},
                     name);
}

/* Every municipality, of one sector. */
static void add_all_of(const struct kf_show_view *view, const char *sector,
                       struct kf_show_grid *grid)
{
    grid->first = municipality;
    kf_show_add_municipalities(view, grid);
    for (size_t l = 0; l < grid->lines_len; l++) {
        grid->lines[l].key.sector = sector;
    }
}

/* The service and what it is counted in. */
static struct kf_name counted(struct kf_show_grid *grid, const struct kf_rated_service *service)
{
    struct kf_name name = kf_show_named(&service->name, service->id);
    const char *unit = service->unit ? service->unit : "";
    return (struct kf_name){
        kf_show_grid_text(grid, kf_arena_printf(grid->arena, "%s (%s)", name.nb, unit)),
        kf_show_grid_text(grid, kf_arena_printf(grid->arena, "%s (%s)", name.en, unit))};
}

/* --- all municipalities ---------------------------------------------------------------------- */

static void make_gains(const struct kf_show_view *view, struct kf_show_grid *grid)
{
    static const struct kf_show_about published =
        PLAIN("published_gain_million_kr", 1, "Samlet, publisert", "Total, published");
    grid->title = (struct kf_name){"Gevinst ved statlig finansiering, mill. kr",
                                   "Gain by state funding, million kr"};
    grid->first = municipality;
    kf_show_add_municipalities(view, grid);
    for (size_t i = 0; i < LENGTH(parts); i++) {
        struct kf_show_about column = MEASURE("gain_million_kr", 1, "", "");
        column.key.sector = parts[i].sector;
        column.heading = parts[i].name;
        kf_show_add_column(grid, column);
    }
    struct kf_show_about whole = published;
    whole.key.sector = KF_SECTOR_TOTAL;
    kf_show_add_column(grid, whole);
}

static const struct kf_show_about balance_columns[] = {
    MARKED("net_expenditure_million_kr", 1, COMPUTED, "Netto utgift mill. kr",
           "Net spending million kr"),
    MARKED("grant_million_kr", 1, COMPUTED, "Tilskudd mill. kr", "Grant million kr"),
    MARKED("calculated_grant_million_kr", 1, COMPUTED, "Etter satser mill. kr",
           "By rates million kr"),
    MEASURE("gain_million_kr", 1, "Gevinst mill. kr", "Gain million kr"),
    MARKED("gain_without_preliminary_million_kr", 1, WITHOUT_PRELIMINARY,
           "Uten foreløpige mill. kr", "Without preliminary million kr"),
    PLAIN("published_gain_million_kr", 1, "Publisert mill. kr", "Published million kr"),
    MARKED("gain_percent", 1, COMPUTED, "Gevinst % av tilskudd", "Gain % of grant"),
    MARKED("ratio", 3, COMPUTED, "Utgift / tilskudd", "Spending to grant"),
};

static void make_balances(const struct kf_show_view *view, struct kf_show_grid *grid)
{
    grid->title =
        (struct kf_name){"Utgift og tilskudd, alle tjenester", "Spending and grants, all services"};
    add_all_of(view, KF_SECTOR_SERVICES, grid);
    kf_show_add_columns(grid, balance_columns, LENGTH(balance_columns));
}

static void add_services(const struct kf_show_view *view, const char *code,
                         struct kf_show_grid *grid)
{
    const struct kf_unit_costs *costs = &view->edition->unit_costs;
    grid->first = (struct kf_name){"Tjeneste", "Service"};
    for (size_t i = 0; i < costs->services_len; i++) {
        kf_show_add_line(grid,
                         (struct kf_published_key){.municipality = code,
                                                   .sector = KF_SECTOR_SERVICES,
                                                   .indicator = costs->services[i].id},
                         counted(grid, &costs->services[i]));
    }
}

/* Services by municipality, so far as these fit side by side. */
static void make_unit_costs(const struct kf_show_view *view, struct kf_show_grid *grid)
{
    static const struct kf_show_about of_group[] = {
        GROUP(KF_SECTOR_SERVICES, "rate_kr", 0, KF_SHOW_NO_MARK, "Nasjonal sats", "National rate"),
        GROUP(KF_SECTOR_SERVICES, "unit_cost_kr", 0, COMPUTED, "Alle sammen", "All together"),
    };
    grid->title = (struct kf_name){"Enhetskostnader, kr", "Unit costs, kr"};
    add_services(view, NULL, grid);
    kf_show_add_columns(grid, of_group, LENGTH(of_group));
    bool fit = view->codes_len + LENGTH(of_group) < KF_TABLE_COLUMNS_MAX;
    for (size_t i = 0; fit && i < view->codes_len; i++) {
        const char *name = kf_show_municipality_name(view, view->codes[i]);
        struct kf_show_about column = MEASURE("unit_cost_kr", 0, "", "");
        column.key.municipality = view->codes[i];
        column.heading = (struct kf_name){name, name};
        kf_show_add_column(grid, column);
    }
}

static void make_institutions(const struct kf_show_view *view, struct kf_show_grid *grid)
{
    static const struct kf_show_about columns[] = {
        MEASURE("institution_share", 3, "Institusjon andel av utgift",
                "Institution share of spending"),
        MEASURE("institution_places", 1, "Plasser", "Places"),
    };
    grid->title = (struct kf_name){"Institusjoner", "Institutions"};
    add_all_of(view, KF_SECTOR_INSTITUTION, grid);
    kf_show_add_columns(grid, columns, LENGTH(columns));
}

/* A column of the measure for each of the things in a sector. */
static void add_things(struct kf_show_about measure, const char *sector, struct kf_name name,
                       const char *id, struct kf_show_grid *grid)
{
    measure.key.sector = sector;
    measure.key.indicator = id;
    measure.heading = name;
    kf_show_add_column(grid, measure);
}

static void make_user_times(const struct kf_show_view *view, struct kf_show_grid *grid)
{
    static const struct kf_show_about share = MEASURE("user_time_share", 3, "", "");
    const struct kf_unit_costs *costs = &view->edition->unit_costs;
    grid->title =
        (struct kf_name){"Tid hos bruker, andel av timene", "Time with users, share of the hours"};
    grid->first = municipality;
    kf_show_add_municipalities(view, grid);
    for (size_t i = 0; i < costs->user_times_len; i++) {
        const struct kf_user_time *time = &costs->user_times[i];
        add_things(share, KF_SECTOR_USER_TIME, kf_show_named(&time->name, time->id), time->id,
                   grid);
    }
}

static void make_growths(const struct kf_show_view *view, struct kf_show_grid *grid)
{
    static const struct kf_show_about real = MEASURE("real_growth_percent", 1, "", "");
    const struct kf_unit_costs *costs = &view->edition->unit_costs;
    grid->title = (struct kf_name){"Realvekst utover demografi, prosentpoeng",
                                   "Real growth beyond demography, percentage points"};
    grid->first = municipality;
    kf_show_add_municipalities(view, grid);
    for (size_t i = 0; i < costs->growths_len; i++) {
        const struct kf_real_growth *growth = &costs->growths[i];
        add_things(real, KF_SECTOR_GROWTH, kf_show_named(&growth->name, growth->id), growth->id,
                   grid);
    }
}

/* --- one municipality ------------------------------------------------------------------------ */

/* The years of demography, ascending, stand before their sum. */
static void make_gain(const struct kf_show_view *view, struct kf_show_grid *grid)
{
    static const struct kf_show_about columns[] = {
        MEASURE("gain_million_kr", 1, "Gevinst mill. kr", "Gain million kr"),
        PLAIN("published_gain_million_kr", 1, "Publisert mill. kr", "Published million kr"),
    };
    const struct kf_year_figures *years = &view->edition->trial.demography.compensated;
    grid->title = (struct kf_name){"Gevinst ved statlig finansiering", "Gain by state funding"};
    grid->first = (struct kf_name){"Del", "Part"};
    for (size_t i = 0; i < years->count; i++) {
        const char *year =
            kf_show_grid_text(grid, kf_arena_printf(grid->arena, "%d", years->list[i].year));
        add_part(view, KF_SECTOR_DEMOGRAPHY, year,
                 (struct kf_name){
                     kf_show_grid_text(grid, kf_arena_printf(grid->arena, "Demografi %s", year)),
                     kf_show_grid_text(grid, kf_arena_printf(grid->arena, "Demography %s", year))},
                 grid);
    }
    for (size_t i = 0; i < LENGTH(parts); i++) {
        add_part(view, parts[i].sector, "", parts[i].name, grid);
    }
    kf_show_add_columns(grid, columns, LENGTH(columns));
}

static void make_groups(const struct kf_show_view *view, struct kf_show_grid *grid)
{
    const struct kf_unit_costs *costs = &view->edition->unit_costs;
    grid->title = (struct kf_name){"Utgift og tilskudd", "Spending and grants"};
    grid->first = (struct kf_name){"Kostnadsgruppe", "Cost group"};
    for (size_t i = 0; i < costs->groups_len; i++) {
        add_part(view, costs->groups[i].id, "",
                 kf_show_named(&costs->groups[i].name, costs->groups[i].id), grid);
    }
    add_part(view, KF_SECTOR_SERVICES, "", all_services, grid);
    kf_show_add_columns(grid, balance_columns, LENGTH(balance_columns));
}

static const struct kf_show_about service_columns[] = {
    PLAIN("quantity", 0, "Mengde", "Quantity"),
    MEASURE("unit_cost_kr", 0, "Enhetskostnad kr", "Unit cost kr"),
    GROUP(KF_SECTOR_SERVICES, "rate_kr", 0, KF_SHOW_NO_MARK, "Nasjonal sats kr",
          "National rate kr"),
    MEASURE("deviation_kr", 0, "Sats minus kostnad kr", "Rate less cost kr"),
    MEASURE("unit_cost_others_kr", 0, "De andre kr", "Others kr"),
    MARKED("calculated_grant_million_kr", 1, OF_QUANTITY, "Etter satser mill. kr",
           "By rates million kr"),
};

static void make_services(const struct kf_show_view *view, struct kf_show_grid *grid)
{
    grid->title = (struct kf_name){"Enhetskostnader", "Unit costs"};
    add_services(view, view->codes[0], grid);
    kf_show_add_columns(grid, service_columns, LENGTH(service_columns));
}

static const struct kf_rated_service *find_service(const struct kf_unit_costs *costs,
                                                   const char *id)
{
    for (size_t i = 0; i < costs->services_len; i++) {
        if (strcmp(costs->services[i].id, id) == 0) {
            return &costs->services[i];
        }
    }
    return NULL;
}

/* What each cost group delivers, group by group. */
static void make_deliveries(const struct kf_show_view *view, struct kf_show_grid *grid)
{
    const struct kf_unit_costs *costs = &view->edition->unit_costs;
    grid->title =
        (struct kf_name){"Enhetskostnader i hver kostnadsgruppe", "Unit costs in each cost group"};
    grid->first = (struct kf_name){"Kostnadsgruppe, tjeneste", "Cost group, service"};
    for (size_t g = 0; g < costs->groups_len; g++) {
        const struct kf_cost_group *group = &costs->groups[g];
        struct kf_name of = kf_show_named(&group->name, group->id);
        for (size_t i = 0; i < group->deliveries_len; i++) {
            const struct kf_rated_service *service =
                find_service(costs, group->deliveries[i].service);
            struct kf_name name = service ? counted(grid, service) : (struct kf_name){"", ""};
            add_part(view, group->id, group->deliveries[i].service,
                     (struct kf_name){kf_show_grid_text(grid, kf_arena_printf(grid->arena, "%s: %s",
                                                                              of.nb, name.nb)),
                                      kf_show_grid_text(grid, kf_arena_printf(grid->arena, "%s: %s",
                                                                              of.en, name.en))},
                     grid);
        }
    }
    kf_show_add_columns(grid, service_columns, LENGTH(service_columns));
}

static void make_grants(const struct kf_show_view *view, struct kf_show_grid *grid)
{
    static const struct kf_show_about columns[] = {
        MEASURE("grant_million_kr", 1, "Tilskudd mill. kr", "Grant million kr"),
        PLAIN("published_grant_million_kr", 1, "Publisert mill. kr", "Published million kr"),
        MARKED("deduction_million_kr", 1, COMPUTED, "Uttrekk mill. kr", "Deduction million kr"),
        MEASURE("gain_million_kr", 1, "Tilskudd minus uttrekk mill. kr",
                "Grant less deduction million kr"),
    };
    const struct kf_trial *trial = &view->edition->trial;
    grid->title = (struct kf_name){"Tilskudd og uttrekk", "Grants and deduction"};
    grid->first = (struct kf_name){"Del", "Part"};
    for (size_t i = 0; i < trial->grants_len; i++) {
        add_part(view, KF_SECTOR_GRANTS, trial->grants[i].id,
                 kf_show_named(&trial->grants[i].name, trial->grants[i].id), grid);
    }
    add_part(view, KF_SECTOR_GRANTS, "", (struct kf_name){"Samlet", "Total"}, grid);
    kf_show_add_columns(grid, columns, LENGTH(columns));
}

static void make_users(const struct kf_show_view *view, struct kf_show_grid *grid)
{
    static const struct kf_show_about columns[] = {
        PLAIN("users", 0, "Brukere", "Users"),
        PLAIN("net_expenditure_million_kr", 1, "Netto utgift mill. kr", "Net spending million kr"),
        PLAIN("net_above_threshold_million_kr", 1, "Over terskel mill. kr",
              "Above threshold million kr"),
        PLAIN("own_share_threshold_million_kr", 1, "Egenandel til terskel mill. kr",
              "Own share to threshold million kr"),
        PLAIN("own_share_above_million_kr", 1, "Egenandel over mill. kr",
              "Own share above million kr"),
        PLAIN("own_share_million_kr", 1, "Egenandel mill. kr", "Own share million kr"),
        PLAIN("refund_million_kr", 1, "Refusjon mill. kr", "Refund million kr"),
        MEASURE("gain_million_kr", 1, "Gevinst mill. kr", "Gain million kr"),
        PLAIN("published_gain_million_kr", 1, "Publisert gevinst mill. kr",
              "Published gain million kr"),
    };
    grid->title = (struct kf_name){"Ressurskrevende brukere", "Resource-intensive users"};
    add_all_of(view, KF_SECTOR_RESOURCE_INTENSIVE, grid);
    kf_show_add_columns(grid, columns, LENGTH(columns));
}

static void make_times(const struct kf_show_view *view, struct kf_show_grid *grid)
{
    static const struct kf_show_about columns[] = {
        MEASURE("user_time_share", 3, "Andel", "Share"),
        GROUP(KF_SECTOR_USER_TIME, "user_time_norm", 3, KF_SHOW_NO_MARK, "Norm", "Norm"),
        MEASURE("user_time_beyond_norm_percent", 1, "Utover norm %-poeng", "Beyond norm %-points"),
    };
    const struct kf_unit_costs *costs = &view->edition->unit_costs;
    grid->title = (struct kf_name){"Tid hos bruker", "Time with users"};
    grid->first = (struct kf_name){"Tjeneste", "Service"};
    for (size_t i = 0; i < costs->user_times_len; i++) {
        const struct kf_user_time *time = &costs->user_times[i];
        add_part(view, KF_SECTOR_USER_TIME, time->id, kf_show_named(&time->name, time->id), grid);
    }
    kf_show_add_columns(grid, columns, LENGTH(columns));
}

static void make_growth(const struct kf_show_view *view, struct kf_show_grid *grid)
{
    static const struct kf_show_about columns[] = {
        MEASURE("gross_growth_percent", 1, "Brutto %", "Gross %"),
        MEASURE("demographic_growth_percent", 1, "Demografi %", "Demography %"),
        MEASURE("real_growth_percent", 1, "Reell %-poeng", "Real %-points"),
    };
    const struct kf_unit_costs *costs = &view->edition->unit_costs;
    grid->title = (struct kf_name){"Vekst i faste priser", "Growth at fixed prices"};
    grid->first = (struct kf_name){"Vekst", "Growth"};
    for (size_t i = 0; i < costs->growths_len; i++) {
        const struct kf_real_growth *growth = &costs->growths[i];
        add_part(view, KF_SECTOR_GROWTH, growth->id, kf_show_named(&growth->name, growth->id),
                 grid);
    }
    kf_show_add_columns(grid, columns, LENGTH(columns));
}

/* --- showing --------------------------------------------------------------------------------- */

static kf_show_make_grid *const of_all[] = {make_gains,        make_balances,   make_unit_costs,
                                            make_institutions, make_user_times, make_growths};
static kf_show_make_grid *const of_one[] = {make_gain,         make_grants,   make_users,
                                            make_groups,       make_services, make_deliveries,
                                            make_institutions, make_times,    make_growth};

enum kf_err kf_show_unit_costs(const struct kf_show_view *view, struct kf_text *text,
                               struct kf_error *err)
{
    return kf_show_grids(view, of_all, LENGTH(of_all), text, NULL, err);
}

enum kf_err kf_show_unit_costs_of_one(const struct kf_show_view *view, struct kf_text *text,
                                      struct kf_error *err)
{
    return view->codes_len > 0 ? kf_show_grids(view, of_one, LENGTH(of_one), text, NULL, err)
                               : KF_OK;
}

uint8_t kf_show_unit_cost_flags(const struct kf_show_view *view)
{
    uint8_t flags = 0;
    (void)kf_show_grids(view, of_all, LENGTH(of_all), NULL, &flags, NULL);
    if (view->codes_len == 1) {
        (void)kf_show_grids(view, of_one, LENGTH(of_one), NULL, &flags, NULL);
    }
    return flags;
}
