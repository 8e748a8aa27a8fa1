#include "tests/golden_bytes/golden_additions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TERMS(...)                                                                                 \
    {                                                                                              \
        (struct kf_term[]){__VA_ARGS__},                                                           \
            sizeof(struct kf_term[]){__VA_ARGS__} / sizeof(struct kf_term)                         \
    }
#define LENGTH(list) (sizeof(list) / sizeof(list)[0])

/* --- the edition ----------------------------------------------------------------------------- */

static struct kf_criterion school_criteria[] = {
    {.id = "innb_6_15",
     .variable = "folkemengde_6_15",
     .ages = TERMS({"alder_6", 1, false}, {"alder_7", 1, false}),
     .weight = 0.875},
    {.id = "basis", .variable = "", .weight = 0.125, .cost_disadvantage = true},
};

static const char *only[] = {"0301", "1103"};

static struct kf_adjustment adjustments[] = {
    {.id = "pensjon",
     .name = {"Pensjon", "Pensions"},
     .to = KF_ADJUST_EXPENDITURE,
     .payroll_costs = TERMS({"pensjon", 1, false}, {"arbeidsgiveravgift", 1, false}),
     .wages = TERMS({"lonn", 1, false})},
    {.id = "private_skoler",
     .name = {"Private skoler", "Private schools"},
     .to = KF_ADJUST_NEED,
     .amount = TERMS({"trekk_private_skoler", 1000, false})},
    {.id = "fylkesoppgaver",
     .name = {"Fylkesoppgaver", "County tasks"},
     .to = KF_ADJUST_EXPENDITURE,
     .amount = TERMS({"fylkesoppgaver", -1, false}),
     .only = only,
     .only_len = LENGTH(only)},
};

static const struct kf_resources school_resources = {
    .net = TERMS({"netto_202", 1000, false}, {"netto_215", 1000, false}),
    .need_of = "administrasjon",
    .adjustments = adjustments,
    .adjustments_len = LENGTH(adjustments),
};

static const struct kf_resources office_resources = {
    .net = TERMS({"netto_120", 1000, false}), .outside = true, .need_of = ""};

static struct kf_use uses[] = {
    {"netto_renter_og_avdrag",
     {"Renter og avdrag", "Interest and repayment"},
     TERMS({"renter", 1, false}, {"avdrag", 1, false})},
    {"netto_driftsresultat", {"", ""}, TERMS({"driftsresultat", 1, false})},
};

static struct kf_term income[] = {{"frie_inntekter", 1000, false}};

static struct kf_age_group groups[] = {
    {.id = "0-1",
     .name = {"0–1 år", "Aged 0–1"},
     .people = TERMS({"alder_0", 1, false}, {"alder_1", 1, false}),
     .projected = TERMS({"framskriving_innb_0_1", 1, false})},
    {.id = "105+",
     .name = {"105 år og over", "Aged 105 and over"},
     .people = TERMS({"alder_105", 1, false}),
     .care_weight = 0.25},
};

static struct kf_age_group cost_groups[] = {
    {.id = "0", .name = {"", ""}, .people = TERMS({"alder_0", 1, false})},
    {.id = "1",
     .name = {"", ""},
     .people = TERMS({"alder_1", 1, false}),
     .projected = TERMS({"framskriving_innb_1", 1, false})},
};

static const char *derived_of[] = {"grunnskole", "administrasjon"};

static struct kf_cost_sector cost_sectors[] = {
    {.id = "barnehage", .name = {"Barnehage", "Kindergartens"}, .rates = (double[]){0, 210000.5}},
    {.id = "ovrige", .name = {"Øvrige", "Others"}, .of = derived_of, .of_len = LENGTH(derived_of)},
};

static const struct kf_demography demography = {
    .base_year = 2009,
    .groups = groups,
    .groups_len = LENGTH(groups),
    .cost_groups = cost_groups,
    .cost_groups_len = LENGTH(cost_groups),
    .sectors = cost_sectors,
    .sectors_len = LENGTH(cost_sectors),
    .rate_year = 2008,
    .projection = {"Middelalternativet", "Main alternative"},
    .projected_population = "framskriving_folkemengde",
    .observed_through = 2009,
    .rebased = true,
};

/* --- results --------------------------------------------------------------------------------- */

static const struct kf_result results[] = {
    {.topic = KF_TOPIC_NEED,
     .sector = "grunnskole",
     .indicator = "",
     .measure = "published_need_index",
     .unit = "ratio",
     .values = (double[]){1.0625, 0, 0.9375},
     .status = (uint8_t[]){KF_CELL_PUBLISHED, KF_CELL_MISSING, KF_CELL_PUBLISHED}},
    {.topic = KF_TOPIC_RESOURCE_USE,
     .sector = "grunnskole",
     .indicator = "pensjon",
     .measure = "adjustment_kr_per_capita",
     .unit = "kr/persons",
     .values = (double[]){-125.5, 0, 1364},
     .status = (uint8_t[]){0, KF_CELL_CONFIDENTIAL, KF_CELL_INFERRED}},
    {.topic = KF_TOPIC_DEMOGRAPHY,
     .sector = "total",
     .indicator = "0-1",
     .measure = "population",
     .unit = "persons",
     .values = (double[]){17500.25, 3000, 4000},
     .status = (uint8_t[]){KF_CELL_PROJECTED, 0, KF_CELL_PROJECTED | KF_CELL_PRELIMINARY}},
};

/* --- further years --------------------------------------------------------------------------- */

static struct kf_column columns_2005[] = {
    {"folkemengde", (double[]){529846, 113991, 156161}, (uint8_t[]){0, 0, 0}, 4606363, 0, NULL,
     NULL},
};

static struct kf_column columns_2011[] = {
    {"alder_6", (double[]){6200, 0, 2000}, (uint8_t[]){0, KF_CELL_MISSING, 0}, 60000, 0, NULL,
     NULL},
    {"folkemengde", (double[]){613285, 126021, 173486}, (uint8_t[]){0, 0, 0}, 4920305, 0, NULL,
     NULL},
};

static struct kf_result results_2011[] = {
    {.topic = KF_TOPIC_NEED,
     .sector = "grunnskole",
     .indicator = "",
     .measure = "need_index",
     .unit = "ratio",
     .values = (double[]){0.75, 1.25, 1},
     .status = (uint8_t[]){0, 0, 0}},
};

/* --- adding ---------------------------------------------------------------------------------- */

static void *make(struct kf_arena *arena, size_t count, size_t size)
{
    void *made = kf_arena_calloc(arena, count, size);
    if (!made) {
        (void)fputs("the golden additions cannot be built\n", stderr);
        abort();
    }
    return made;
}

static void add_to_sectors(struct kf_edition *edition, struct kf_arena *arena)
{
    struct kf_sector *sectors = make(arena, edition->sectors_len, sizeof *sectors);
    memcpy(sectors, edition->sectors, edition->sectors_len * sizeof *sectors);
    sectors[0].criteria = school_criteria;
    sectors[0].published_need = "dki_grunnskole";
    sectors[0].resources = school_resources;
    sectors[2].resources = office_resources;
    edition->sectors = sectors;
}

static struct kf_edition *edition_with_additions(const struct kf_panel *panel)
{
    struct kf_edition *edition = make(panel->arena, 1, sizeof *edition);
    *edition = *panel->edition;
    edition->need_year = KF_NEED_YEAR_NEXT;
    edition->criteria = KF_CRITERIA_AGES;
    edition->published_need = "utgiftsbehov";
    edition->uses = uses;
    edition->uses_len = LENGTH(uses);
    edition->income = (struct kf_terms){income, LENGTH(income)};
    edition->demography = demography;
    add_to_sectors(edition, panel->arena);
    return edition;
}

static struct kf_panel *year_of(const struct kf_panel *panel, int year, struct kf_column *columns,
                                size_t columns_len)
{
    struct kf_panel *further = make(panel->arena, 1, sizeof *further);
    *further = (struct kf_panel){
        .arena = panel->arena,
        .edition = panel->edition,
        .year = year,
        .members = panel->members,
        .members_len = panel->members_len,
        .country_municipalities = panel->country_municipalities,
        .columns = columns,
        .columns_len = columns_len,
    };
    return further;
}

static void add_results(struct kf_panel *panel)
{
    size_t before = panel->results_len;
    struct kf_result *all = make(panel->arena, before + LENGTH(results), sizeof *all);
    memcpy(all, panel->results, before * sizeof *all);
    memcpy(all + before, results, sizeof results);
    panel->results = all;
    panel->results_len = before + LENGTH(results);
    panel->results_room = panel->results_len;
}

void golden_add_third_version(struct kf_panel *panel)
{
    const struct kf_edition *edition = edition_with_additions(panel);
    for (struct kf_panel *year = panel; year; year = year->previous) {
        year->edition = edition;
    }
    add_results(panel);
    panel->further = year_of(panel, 2005, columns_2005, LENGTH(columns_2005));
    struct kf_panel *last = year_of(panel, 2011, columns_2011, LENGTH(columns_2011));
    last->results = results_2011;
    last->results_len = LENGTH(results_2011);
    last->results_room = last->results_len;
    panel->further->further = last;
}
