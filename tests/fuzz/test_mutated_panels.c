/* No panel that passes the checks of the codec can crash a stage: a panel that uses every part of
 * the edition language, changed at random, goes through all of them. */
#include "common/codec/panel_codec.h"
#include "common/model/row.h"
#include "tests/golden_bytes/mutate.h"
#include "tests/support/cmocka.h"
#include "tools/kf/pipeline.h"

#define SEEDS 3000

/* --- a panel that uses every part of the edition language ------------------------------------ */

#define MEMBERS 6
#define OTHERS  12
#define YEARS   3 /* the panel's own among them */

/* Rates, base, criteria of the year after. */
static const int further_years[] = {2006, 2007, 2011};

static const char *const variables[] = {
    "basis",          "f202",           "f215",           "karakter",   "kulturindeks",
    "kulturutgift",   "lonn",           "pensjon",        "plasser",    "sosial",
    "timer0",         "timer3",         "utdanning",      "elever",     "brutto",
    "kontor",         "alder_6",        "alder_7",        "alder_70",   "prognose_barn",
    "prognose_eldre", "netto",          "renter",         "resultat",   "inntekt",
    "publisert",      "timer_vedtak",   "dogn",           "nord_netto", "tilskudd",
    "gevinst",        "vekst_brutto",   "vekst_behov",    "uttrekk",    "kostnad_1",
    "kostnad_2",      "bruker_alder_1", "bruker_alder_2", "brukere"};
#define VARIABLES (sizeof variables / sizeof variables[0])

static void fill_columns(struct kf_panel *panel, struct fixture_random *random)
{
    double values[MEMBERS];
    for (size_t v = 0; v < VARIABLES; v++) {
        for (size_t k = 0; k < MEMBERS; k++) {
            values[k] = (double)fixture_random_whole(random, 20, 90);
        }
        fixture_column(panel, variables[v], values);
        fixture_country(panel, variables[v], 55);
    }
    for (size_t k = 0; k < MEMBERS; k++) {
        values[k] = (double)fixture_random_whole(random, 1000, 9000);
    }
    fixture_population(panel, values);
    fixture_country(panel, panel->edition->population, 100000);
}

/* Others with cells in every column. */
static void fill_others(struct kf_panel *panel, struct fixture_random *random)
{
    panel->others = kf_arena_calloc(panel->arena, OTHERS, sizeof *panel->others);
    panel->others_len = OTHERS;
    for (size_t i = 0; i < OTHERS; i++) {
        panel->others[i] = kf_arena_printf(panel->arena, "%04zu", 5000 + i);
    }
    for (size_t c = 0; c < panel->columns_len; c++) {
        struct kf_column *column = &panel->columns[c];
        column->other_values = kf_arena_calloc(panel->arena, OTHERS, sizeof(double));
        column->other_status = kf_arena_calloc(panel->arena, OTHERS, 1);
        for (size_t i = 0; i < OTHERS; i++) {
            column->other_values[i] = (double)fixture_random_whole(random, 20, 90);
        }
    }
}

static struct kf_weight_part part(int parent, enum kf_weight_rule rule, double share,
                                  const char *item)
{
    return (struct kf_weight_part){.parent = parent, .rule = rule, .share = share, .item = item};
}

static void add_school(struct kf_panel *panel)
{
    struct kf_sector *school = fixture_sector(panel, "skole", 0);
    school->need_weight = 0.75;
    (void)fixture_criterion(panel, "skole", "elever", 0.875);
    struct kf_criterion *basis = fixture_criterion(panel, "skole", "basis", 0.125);
    basis->cost_disadvantage = true;
    struct kf_indicator *hours = fixture_indicator(panel, "skole", "timer", 0);
    hours->numerator = fixture_plus(panel, fixture_term(panel, "timer0", 1.6), "timer3", 1);
    hours->per = KF_PER_NEED_POPULATION;
    hours->per_sector = "skole";
    hours->missing = KF_MISSING_LATEST;
    struct kf_indicator *marks = fixture_indicator(panel, "skole", "karakter", 0);
    marks->correction = "skolebidrag";
    marks->aspect = KF_ASPECT_QUALITY;
    struct kf_indicator *places = fixture_indicator(panel, "skole", "plasser", 0);
    places->whole = 100;
    places->missing = KF_MISSING_DROP;
    struct kf_weight_part *parts = kf_arena_calloc(panel->arena, 5, sizeof *parts);
    parts[0] = part(-1, KF_WEIGHT_MAIN, 0, "");
    parts[1] = part(0, KF_WEIGHT_BUDGET, 0.8, "");
    parts[2] = part(0, KF_WEIGHT_ITEM, 0.2, "karakter");
    parts[3] = part(1, KF_WEIGHT_ITEM, 0, "timer");
    parts[3].amount = fixture_term(panel, "f202", 1);
    parts[4] = part(1, KF_WEIGHT_ITEM, 0, "plasser");
    parts[4].amount = fixture_term(panel, "f215", 1);
    school->weighting = (struct kf_weighting){parts, 5, KF_CLOSURE_LAST, 4};
    school->expenditure.gross = fixture_term(panel, "brutto", 1);
    school->expenditure.minus = fixture_term(panel, "sosial", 0.125);
    school->expenditure.payroll_costs = fixture_term(panel, "pensjon", 0.125);
    school->expenditure.wages = fixture_term(panel, "lonn", 1);
    school->expenditure.need_corrected = true;
}

static void add_sectors(struct kf_panel *panel)
{
    add_school(panel);
    struct kf_sector *culture = fixture_sector(panel, "kultur", 0);
    culture->given = "kulturindeks";
    culture->expenditure.gross = fixture_term(panel, "kulturutgift", 1);
    struct kf_sector *office = fixture_sector(panel, "administrasjon", 0);
    office->administration = true;
    office->need_weight = 0.25;
    (void)fixture_criterion(panel, "administrasjon", "elever", 1);
    office->expenditure.gross = fixture_term(panel, "kontor", 1);
    struct kf_weight_part *parts = kf_arena_calloc(panel->arena, 3, sizeof *parts);
    parts[0] = part(-1, KF_WEIGHT_CHOSEN, 0, "");
    parts[1] = part(0, KF_WEIGHT_ITEM, 0.75, "skole");
    parts[2] = part(0, KF_WEIGHT_ITEM, 0.25, "kultur");
    fixture_edition(panel)->weighting = (struct kf_weighting){parts, 3, KF_CLOSURE_NONE, 0};
}

/* Need by age and as published, resource use. */
static void add_resources(struct kf_panel *panel)
{
    static const char *only[] = {"0001", "0003"};
    static struct kf_adjustment adjustments[3];
    static struct kf_use uses[2];
    struct kf_edition *edition = fixture_edition(panel);
    struct kf_sector *school = &edition->sectors[0];
    school->criteria[0].ages = fixture_plus(panel, fixture_term(panel, "alder_6", 1), "alder_7", 1);
    edition->sectors[2].published_need = "publisert";
    edition->published_need = "publisert";
    edition->need_year = 2009; /* the panel's own year is projected, and has no need by criteria */
    edition->criteria = KF_CRITERIA_ALL;
    adjustments[0] = (struct kf_adjustment){.id = "pensjon",
                                            .to = KF_ADJUST_EXPENDITURE,
                                            .payroll_costs = fixture_term(panel, "pensjon", 1),
                                            .wages = fixture_term(panel, "lonn", 1)};
    adjustments[1] = (struct kf_adjustment){
        .id = "private", .to = KF_ADJUST_NEED, .amount = fixture_term(panel, "sosial", 1)};
    adjustments[2] = (struct kf_adjustment){.id = "fylke",
                                            .to = KF_ADJUST_EXPENDITURE,
                                            .amount = fixture_term(panel, "sosial", -0.5),
                                            .only = only,
                                            .only_len = 2};
    school->resources = (struct kf_resources){.net = fixture_term(panel, "netto", 1000),
                                              .adjustments = adjustments,
                                              .adjustments_len = 3};
    edition->sectors[1].resources = (struct kf_resources){
        .net = fixture_term(panel, "kulturutgift", 1000), .outside = true, .need_of = "skole"};
    uses[0] = (struct kf_use){.id = "renter", .amount = fixture_term(panel, "renter", 1)};
    uses[1] = (struct kf_use){.id = "resultat", .amount = fixture_term(panel, "resultat", 1)};
    edition->uses = uses;
    edition->uses_len = 2;
    edition->income = fixture_term(panel, "inntekt", 1000);
}

static void add_demography(struct kf_panel *panel)
{
    static struct kf_age_group groups[2];
    static double rates[] = {100000, 200000.5};
    static const char *of[] = {"skole"};
    static struct kf_cost_sector services[] = {{.id = "skole", .rates = rates},
                                               {.id = "avledet", .of = of, .of_len = 1}};
    groups[0] = (struct kf_age_group){
        .id = "6-7",
        .people = fixture_plus(panel, fixture_term(panel, "alder_6", 1), "alder_7", 1),
        .projected = fixture_term(panel, "prognose_barn", 1)};
    groups[1] = (struct kf_age_group){.id = "70",
                                      .people = fixture_term(panel, "alder_70", 1),
                                      .projected = fixture_term(panel, "prognose_eldre", 1),
                                      .care_weight = 0.5};
    fixture_edition(panel)->demography =
        (struct kf_demography){.base_year = 2007,
                               .groups = groups,
                               .groups_len = 2,
                               .cost_groups = groups,
                               .cost_groups_len = 2,
                               .sectors = services,
                               .sectors_len = 2,
                               .rate_year = 2006,
                               .projected_population = "folkemengde",
                               .observed_through = 2009,
                               .rebased = true};
}

static void add_rules(struct kf_panel *panel)
{
    static const char *regressors[] = {"utdanning", "sosial"};
    static struct kf_correction correction = {"skolebidrag", "karakter", regressors, 2};
    static struct kf_sector_growth growth[] = {{"skole", 3.25}};
    static struct kf_deflator deflators[] = {
        {2008, 4, 3, NULL, 0}, {2009, 4.5, 2.5, NULL, 0}, {2010, 3.5, 2.25, growth, 1}};
    struct kf_edition *edition = fixture_edition(panel);
    edition->change.computed = true;
    edition->corrections = &correction;
    edition->corrections_len = 1;
    edition->deflators = deflators;
    edition->deflators_len = 3;
}

static struct kf_year_figure hour_rates[] = {{2007, 512.5}, {2009, 659}};
static struct kf_year_figure day_rates[] = {{2010, 1750}};
static struct kf_year_figure growth_of_rates[] = {{2009, 2.75}, {2010, 2.5}};
static struct kf_year_figure prices[] = {{2008, 2.5}, {2009, 2.5}, {2010, 2.25}};
static struct kf_year_figure thresholds[] = {{2006, 30}, {2007, 40}, {2009, 45}, {2010, 50}};
static struct kf_year_figure growth_of_share[] = {{2010, 1.625}};
static struct kf_year_figure compensated[] = {{2009, 1.625}, {2010, 0.695}};
static struct kf_year_figure months[] = {{2010, 8}};
#define YEARS_OF(list)                                                                             \
    {                                                                                              \
        (list), sizeof(list) / sizeof(list)[0]                                                     \
    }

/* Two groups, of which one is coarser than its services. */
static void add_cost_groups(struct kf_panel *panel, struct kf_unit_costs *costs)
{
    static struct kf_rated_service services[2];
    static struct kf_cost_group groups[2];
    static struct kf_delivery of_home[2];
    static struct kf_delivery of_institution[1];
    services[0] =
        (struct kf_rated_service){.id = "HTAMDK", .unit = "hours", .rates = YEARS_OF(hour_rates)};
    services[1] =
        (struct kf_rated_service){.id = "korttid", .unit = "days", .rates = YEARS_OF(day_rates)};
    of_home[0] = (struct kf_delivery){"HTAMDK", fixture_term(panel, "timer_vedtak", 1)};
    of_home[1] = (struct kf_delivery){"korttid", fixture_term(panel, "dogn", 1)};
    of_institution[0] = (struct kf_delivery){"korttid", fixture_term(panel, "dogn", 0.5)};
    groups[0] = (struct kf_cost_group){.id = "hjemme",
                                       .net = fixture_term(panel, "netto", 1000),
                                       .deliveries = of_home,
                                       .deliveries_len = 2};
    groups[1] = (struct kf_cost_group){.id = "institusjon",
                                       .net = fixture_term(panel, "nord_netto", 1000),
                                       .grant = fixture_term(panel, "tilskudd", 1000),
                                       .deliveries = of_institution,
                                       .deliveries_len = 1};
    costs->services = services;
    costs->services_len = 2;
    costs->rate_growth = (struct kf_year_figures)YEARS_OF(growth_of_rates);
    costs->groups = groups;
    costs->groups_len = 2;
    costs->gain = fixture_term(panel, "gevinst", 1000);
}

static void add_unit_costs(struct kf_panel *panel)
{
    static struct kf_user_time times[1];
    static struct kf_real_growth growths[2];
    struct kf_unit_costs *costs = &fixture_edition(panel)->unit_costs;
    add_cost_groups(panel, costs);
    costs->institution = (struct kf_institution){
        .days = fixture_term(panel, "dogn", 1),
        .expenditure = fixture_term(panel, "netto", 1),
        .of = fixture_plus(panel, fixture_term(panel, "netto", 1), "brutto", 1)};
    times[0] = (struct kf_user_time){.id = "ambulerende",
                                     .approved = fixture_term(panel, "timer_vedtak", 0.5),
                                     .available = fixture_term(panel, "dogn", 1),
                                     .norm = 0.625};
    growths[0] = (struct kf_real_growth){
        .id = "arlig", .gross = "vekst_brutto", .demographic = "vekst_behov"};
    growths[1] = (struct kf_real_growth){.id = "beregnet",
                                         .gross = "",
                                         .expenditure = fixture_term(panel, "netto", 1000),
                                         .demographic = "vekst_behov"};
    costs->user_times = times;
    costs->user_times_len = 1;
    costs->growths = growths;
    costs->growths_len = 2;
    costs->prices = (struct kf_year_figures)YEARS_OF(prices);
}

static void add_trial(struct kf_panel *panel)
{
    static struct kf_use grants[2];
    static const char *costs[] = {"kostnad_1", "kostnad_2"};
    static const char *ages[] = {"bruker_alder_1", "bruker_alder_2"};
    struct kf_trial *trial = &fixture_edition(panel)->trial;
    grants[0] = (struct kf_use){.id = "vedtak", .amount = fixture_term(panel, "tilskudd", 1000)};
    grants[1] = (struct kf_use){.id = "ramme", .amount = fixture_term(panel, "inntekt", 1000)};
    trial->grants = grants;
    trial->grants_len = 2;
    trial->grant = fixture_term(panel, "tilskudd", 2000);
    trial->deduction = fixture_term(panel, "uttrekk", 1000000);
    trial->resource_intensive =
        (struct kf_resource_intensive){.thresholds = YEARS_OF(thresholds),
                                       .refund = 0.8125,
                                       .age_limit = 67,
                                       .each = {"kostnad_", "bruker_alder_", costs, ages, 2},
                                       .users = fixture_term(panel, "brukere", 1),
                                       .net = fixture_term(panel, "netto", 100),
                                       .base_year = 2009,
                                       .growth = YEARS_OF(growth_of_share),
                                       .gain = fixture_term(panel, "gevinst", 1)};
    trial->demography = (struct kf_demography_gain){.compensated = YEARS_OF(compensated),
                                                    .growth = "vekst_behov",
                                                    .deduction_year = 2010,
                                                    .refund_years = {2007, 2009},
                                                    .prices = YEARS_OF(prices),
                                                    .months = YEARS_OF(months),
                                                    .gain = fixture_term(panel, "gevinst", 1)};
    trial->gain = fixture_term(panel, "gevinst", 3);
}

static struct kf_panel *rich_panel(void)
{
    struct fixture_random random = {1};
    struct kf_panel *panel = fixture_panel_new(100, MEMBERS);
    struct kf_panel *year = panel;
    add_sectors(panel);
    add_rules(panel);
    add_resources(panel);
    add_demography(panel);
    add_unit_costs(panel);
    add_trial(panel);
    for (int i = 0; i < YEARS; i++) {
        fill_columns(year, &random);
        fixture_seal(year);
        fill_others(year, &random);
        year = i + 1 < YEARS ? fixture_previous(year) : year;
    }
    for (size_t i = 0; i < sizeof further_years / sizeof further_years[0]; i++) {
        fill_columns(fixture_further(panel, further_years[i]), &random);
    }
    fixture_seal(panel);
    return panel;
}

/* The rich panel changed as `seed` says, not at all for 0. NULL when the codec refuses it. */
static struct kf_panel *changed_panel(uint64_t seed)
{
    struct fixture_random random = {seed};
    struct kf_panel *panel = rich_panel();
    struct kf_panel *changed = NULL;
    struct kf_arena *arena = kf_arena_new(4 * 1024 * 1024);
    Kf__V1__Panel *message = NULL;
    assert_int_equal(kf_panel_to_message(panel, arena, &message, NULL), KF_OK);
    for (uint64_t change = 0; change < seed % 4; change++) {
        mutate(&message->base, &random, arena);
    }
    enum kf_err code = kf_panel_from_message(message, &changed, NULL);
    assert_int_equal(code == KF_OK, changed != NULL);
    kf_arena_destroy(&arena);
    kf_panel_destroy(&panel);
    return changed;
}

/* --- through all stages ---------------------------------------------------------------------- */

static enum kf_err take_row(void *context, const struct kf_panel *panel, const struct kf_row *row,
                            struct kf_error *err)
{
    (void)context;
    (void)panel;
    (void)row;
    (void)err;
    return KF_OK;
}

static void the_panel_before_any_change_can_be_computed(void **state)
{
    (void)state;
    struct kf_error err = {.text = ""};
    struct kf_panel *panel = changed_panel(0);
    assert_non_null(panel);
    if (kf_pipeline_compute(panel, fixture_findings(), &err) != KF_OK) {
        fail_msg("%s", err.text);
    }
    kf_panel_destroy(&panel);
}

static void a_panel_that_passes_the_codec_is_computed_or_refused_in_words(void **state)
{
    (void)state;
    unsigned reached = 0;
    unsigned computed = 0;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct kf_error err = {.text = ""};
        struct kf_panel *panel = changed_panel(seed);
        if (!panel) {
            continue;
        }
        reached++;
        enum kf_err code = kf_pipeline_compute(panel, fixture_findings(), &err);
        if (code != KF_OK && code != KF_ERR_DATA && code != KF_ERR_LIMIT) {
            fail_msg("seed %llu: code %d, %s", (unsigned long long)seed, (int)code, err.text);
        }
        assert_true(code == KF_OK || err.text[0]);
        if (code == KF_OK) {
            computed++;
            enum kf_err walked = kf_panel_walk(panel, take_row, NULL, &err);
            assert_true(kf_panel_check(panel, &err) == KF_OK);
            assert_true(walked == KF_OK || walked == KF_ERR_DATA);
        }
        kf_panel_destroy(&panel);
    }
    assert_true(reached > SEEDS / 4 && computed > SEEDS / 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_panel_before_any_change_can_be_computed),
        cmocka_unit_test(a_panel_that_passes_the_codec_is_computed_or_refused_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
