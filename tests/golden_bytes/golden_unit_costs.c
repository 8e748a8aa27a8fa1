#include "tests/golden_bytes/golden_unit_costs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TERMS(...)                                                                                 \
    {                                                                                              \
        (struct kf_term[]){__VA_ARGS__},                                                           \
            sizeof(struct kf_term[]){__VA_ARGS__} / sizeof(struct kf_term)                         \
    }
#define YEARS(...)                                                                                 \
    {                                                                                              \
        (struct kf_year_figure[]){__VA_ARGS__},                                                    \
            sizeof(struct kf_year_figure[]){__VA_ARGS__} / sizeof(struct kf_year_figure)           \
    }
#define LENGTH(list) (sizeof(list) / sizeof(list)[0])

/* --- unit costs ------------------------------------------------------------------------------ */

static struct kf_rated_service services[] = {
    {.id = "HTAMDK",
     .name = {"Ambulerende, dag", "Ambulatory, by day"},
     .unit = "hours",
     .rates = YEARS({2008, 512.5}, {2010, 659})},
    {.id = "korttid", .name = {"", ""}, .unit = "days"},
};

static struct kf_delivery deliveries[] = {
    {"HTAMDK", TERMS({"timer_dag", 1, false}, {"timer_natt", 1.5, false})},
    {"korttid", TERMS({"dogn", 1, true})},
};

static struct kf_cost_group groups[] = {
    {.id = "hjemmetjenester",
     .name = {"Hjemmetjenester", "Home services"},
     .net = TERMS({"netto_254", 1000, false}),
     .deliveries = deliveries,
     .deliveries_len = LENGTH(deliveries)},
    {.id = "institusjon",
     .name = {"", ""},
     .net = TERMS({"netto_253", 1, false}, {"netto_261", 1, false}),
     .grant = TERMS({"tilskudd_institusjon", 1000, false})},
};

static struct kf_user_time user_times[] = {
    {.id = "ambulerende",
     .name = {"Ambulerende", "Ambulatory"},
     .approved = TERMS({"timer_vedtak", 1, false}),
     .available = TERMS({"timer_turnus", 1, false}, {"timer_leid", 0.75, false}),
     .norm = 0.625},
    {.id = "bolig",
     .name = {"", ""},
     .approved = TERMS({"timer_vedtak_bolig", 1, false}),
     .available = TERMS({"timer_turnus_bolig", 1, false})},
};

static struct kf_real_growth growths[] = {
    {.id = "arlig",
     .name = {"Årlig vekst", "Growth by year"},
     .gross = "vekst_brutto",
     .demographic = "vekst_behov"},
    {.id = "beregnet",
     .name = {"", ""},
     .gross = "",
     .expenditure = TERMS({"brutto_254", 1, false}, {"brutto_261", 0.5, false}),
     .demographic = "vekst_behov"},
};

static const struct kf_unit_costs unit_costs = {
    .services = services,
    .services_len = LENGTH(services),
    .rate_growth = YEARS({2009, 2.75}, {2010, -0.5}),
    .groups = groups,
    .groups_len = LENGTH(groups),
    .gain = TERMS({"gevinst_tjenester", 1000, false}),
    .institution = {.days = TERMS({"dogn", 1, false}),
                    .expenditure = TERMS({"brutto_253", 1, false}, {"brutto_261", 1, false}),
                    .of = TERMS({"brutto_234", 1, false}, {"brutto_253", 1, false},
                                {"brutto_254", 1, false}, {"brutto_261", 1, false})},
    .user_times = user_times,
    .user_times_len = LENGTH(user_times),
    .growths = growths,
    .growths_len = LENGTH(growths),
    .prices = YEARS({2009, 2.5}, {2010, 3.25}),
};

/* --- the trial ------------------------------------------------------------------------------- */

static struct kf_use grants[] = {
    {"vedtak", {"Vedtaksfinansiering", "By decision"}, TERMS({"vedtak", 1000, false})},
    {"ramme", {"", ""}, TERMS({"ramme", 1, false}, {"inntektstillegg", 1, false})},
};

static const char *costs[] = {"kostnad_1", "kostnad_2", "kostnad_3"};
static const char *ages[] = {"alder_1", "alder_2", "alder_3"};

static const struct kf_trial trial = {
    .grants = grants,
    .grants_len = LENGTH(grants),
    .grant = TERMS({"tilskudd", 1000, false}),
    .deduction = TERMS({"uttrekk", 1000, false}),
    .resource_intensive = {.thresholds = YEARS({2009, 1157000}, {2010, 1235000.5}),
                           .refund = 0.8125,
                           .age_limit = 67,
                           .each = {"kostnad_", "alder_", costs, ages, LENGTH(costs)},
                           .users = TERMS({"brukere", 1, false}),
                           .net = TERMS({"netto_brukere", 1000, false}),
                           .base_year = 2008,
                           .growth = YEARS({2009, 1.625}, {2010, 0.695}),
                           .gain = TERMS({"gevinst_brukere", 1000, false})},
    .demography = {.compensated = YEARS({2009, 1.625}, {2010, 0.695}),
                   .growth = "vekst_behov",
                   .deduction_year = 2010,
                   .refund_years = {2008, 2009},
                   .prices = YEARS({2009, 2.5}, {2010, 2.25}),
                   .months = YEARS({2009, 8}),
                   .gain = TERMS({"gevinst_demografi", 1000, false})},
    .gain = TERMS({"gevinst", 1000, false}),
};

/* --- results --------------------------------------------------------------------------------- */

static const struct kf_result results[] = {
    {.topic = KF_TOPIC_UNIT_COST,
     .sector = "hjemmetjenester",
     .indicator = "HTAMDK",
     .measure = "unit_cost_kr",
     .unit = "kr/hours",
     .values = (double[]){812.5, 0, 640.25},
     .status = (uint8_t[]){KF_CELL_PRELIMINARY, KF_CELL_MISSING, 0}},
    {.topic = KF_TOPIC_UNIT_COST,
     .sector = "services",
     .indicator = "HTAMDK",
     .measure = "rate_kr",
     .unit = "kr/hours",
     .group = true,
     .values = (double[]){659},
     .status = (uint8_t[]){0}},
    {.topic = KF_TOPIC_UNIT_COST,
     .sector = "demography",
     .indicator = "2010",
     .measure = "gain_million_kr",
     .unit = "million kr",
     .values = (double[]){-0.5, 0, 2.125},
     .status = (uint8_t[]){KF_CELL_INFERRED, KF_CELL_MISSING, KF_CELL_INFERRED}},
};

static void *make(struct kf_arena *arena, size_t count, size_t size)
{
    void *made = kf_arena_calloc(arena, count, size);
    if (!made) {
        (void)fputs("the golden unit costs cannot be built\n", stderr);
        abort();
    }
    return made;
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

void golden_add_fourth_version(struct kf_panel *panel)
{
    struct kf_edition *edition = make(panel->arena, 1, sizeof *edition);
    *edition = *panel->edition;
    edition->unit_costs = unit_costs;
    edition->trial = trial;
    for (struct kf_panel *year = panel; year; year = year->previous) {
        year->edition = edition;
    }
    for (struct kf_panel *year = panel->further; year; year = year->further) {
        year->edition = edition;
    }
    add_results(panel);
}

/* --- rows ------------------------------------------------------------------------------------ */

const struct golden_row golden_unit_cost_rows[GOLDEN_UNIT_COST_ROWS] = {
    {"record_unit_cost_service.v4",
     {.topic = KF_TOPIC_UNIT_COST,
      .municipality = "0301",
      .sector = "hjemmetjenester",
      .indicator = "HTAMDK",
      .cells = {{"quantity", "hours", 36500.5, 0},
                {"unit_cost_kr", "kr/hours", 812.5, KF_CELL_PRELIMINARY},
                {"unit_cost_others_kr", "kr/hours", 640.25, 0},
                {"deviation_kr", "kr/hours", -153.5, KF_CELL_PRELIMINARY},
                {"calculated_grant_million_kr", "million kr", 24.0625, 0}},
      .cells_len = 5}},
    {"record_unit_cost_services.v4",
     {.topic = KF_TOPIC_UNIT_COST,
      .municipality = "0301",
      .sector = "services",
      .indicator = "",
      .cells = {{"net_expenditure_million_kr", "million kr", 131.5, KF_CELL_INCOMPLETE},
                {"grant_million_kr", "million kr", 130.25, KF_CELL_INCOMPLETE},
                {"calculated_grant_million_kr", "million kr", 129.75, 0},
                {"gain_million_kr", "million kr", -1.25, KF_CELL_INCOMPLETE},
                {"gain_without_preliminary_million_kr", "million kr", 0.5, KF_CELL_INCOMPLETE},
                {"published_gain_million_kr", "million kr", -1.3, 0},
                {"gain_percent", "percent", -0.9596928982725528, KF_CELL_INCOMPLETE},
                {"ratio", "ratio", 1.0095969289827256, KF_CELL_INCOMPLETE}},
      .cells_len = 8}},
    {"record_unit_cost_group.v4",
     {.topic = KF_TOPIC_UNIT_COST,
      .municipality = "",
      .sector = "services",
      .indicator = "HTAMDK",
      .cells = {{"rate_kr", "kr/hours", 659, 0}, {"unit_cost_kr", "kr/hours", 701.125, 0}},
      .cells_len = 2}},
    {"record_unit_cost_grants.v4",
     {.topic = KF_TOPIC_UNIT_COST,
      .municipality = "0301",
      .sector = "grants",
      .indicator = "",
      .cells = {{"grant_million_kr", "million kr", 152.5, 0},
                {"published_grant_million_kr", "million kr", 153, 0},
                {"deduction_million_kr", "million kr", 150.25, 0},
                {"gain_million_kr", "million kr", 2.25, 0}},
      .cells_len = 4}},
    {"record_unit_cost_users.v4",
     {.topic = KF_TOPIC_UNIT_COST,
      .municipality = "0301",
      .sector = "resource_intensive",
      .indicator = "",
      .cells = {{"net_expenditure_million_kr", "million kr", 31.125, 0},
                {"gain_million_kr", "million kr", -1.125, KF_CELL_INFERRED},
                {"published_gain_million_kr", "million kr", -1.2, 0},
                {"users", "count", 12, 0},
                {"net_above_threshold_million_kr", "million kr", 16.305, 0},
                {"own_share_threshold_million_kr", "million kr", 14.82, 0},
                {"own_share_above_million_kr", "million kr", 3.261, 0},
                {"own_share_million_kr", "million kr", 18.081, 0},
                {"refund_million_kr", "million kr", 13.044, 0}},
      .cells_len = 9}},
    {"record_unit_cost_institution.v4",
     {.topic = KF_TOPIC_UNIT_COST,
      .municipality = "0301",
      .sector = "institution",
      .indicator = "",
      .cells = {{"institution_share", "share", 0.4375, 0},
                {"institution_places", "count", 62.5, 0}},
      .cells_len = 2}},
    {"record_unit_cost_user_time.v4",
     {.topic = KF_TOPIC_UNIT_COST,
      .municipality = "0301",
      .sector = "user_time",
      .indicator = "ambulerende",
      .cells = {{"user_time_share", "share", 0.5625, 0},
                {"user_time_beyond_norm_percent", "percent", -6.25, 0}},
      .cells_len = 2}},
    {"record_unit_cost_norm.v4",
     {.topic = KF_TOPIC_UNIT_COST,
      .municipality = "",
      .sector = "user_time",
      .indicator = "ambulerende",
      .cells = {{"user_time_norm", "share", 0.625, 0}},
      .cells_len = 1}},
    {"record_unit_cost_growth.v4",
     {.topic = KF_TOPIC_UNIT_COST,
      .municipality = "0301",
      .sector = "growth",
      .indicator = "arlig",
      .cells = {{"gross_growth_percent", "percent", 4.25, 0},
                {"demographic_growth_percent", "percent", 1.75, 0},
                {"real_growth_percent", "percent", 2.5, 0}},
      .cells_len = 3}},
};
