#include "tests/services/efficiency/trial/trial_fixture.h"

#include <stdlib.h>
#include <string.h>

#include "services/efficiency/trial/trial.h"

const struct sio_costly sio_costly_2016 = {
    .year = 2016,
    .users = {16, 14, 39, 39},
    .net = {32.8, 41.7, 109.7, 107.7},
    .own_threshold = {18.5, 16.2, 45.1, 45.1},
    .own_above = {2.9, 5.1, 12.9, 12.5},
    .own = {21.4, 21.3, 58.0, 57.6},
    .above = {14.3, 25.5, 64.6, 62.6},
    .refund = {11.4, 20.4, 51.7, 50.0},
};

const struct sio_costly sio_costly_2017 = {
    .year = 2017,
    .users = {15, 17, 37, 42},
    .net = {32.5, 48.3, 104.4, 112.6},
    .own_threshold = {18.5, 21.0, 45.7, 51.9},
    .own_above = {2.8, 5.5, 11.7, 12.1},
    .own = {21.3, 26.4, 57.4, 64.0},
    .above = {14.0, 27.3, 58.7, 60.7},
    .refund = {11.2, 21.8, 47.0, 48.6},
};

const double sio_growth[3][SIO_MEMBERS] = {
    {6.5, 3.4, 3.9, 4.4}, {3.6, 1.2, 6.2, 2.4}, {0.9, 3.2, 2.3, 3.0}};

const double sio_deduction_2017[SIO_MEMBERS] = {101.8, 198.4, 305.0, 374.9};

const double sio_demography[3][SIO_MEMBERS] = {
    {2.9, 2.0, 3.7, 5.4}, {7.1, 3.9, 19.3, 13.5}, {7.2, 8.3, 23.4, 20.8}};
const double sio_resource_intensive[SIO_MEMBERS] = {3.3, 7.7, 6.0, 5.1};
const double sio_unit_cost[SIO_MEMBERS] = {-2.1, 9.5, 14.8, 30.7};
const double sio_total[SIO_MEMBERS] = {8.3, 21.1, 40.1, 49.2};

static void need(bool condition)
{
    if (!condition) {
        abort();
    }
}

struct kf_year_figures trial_years(struct kf_panel *panel, size_t count, const int *years,
                                   const double *values)
{
    struct kf_year_figures made = {kf_arena_calloc(panel->arena, count, sizeof *made.list), count};
    need(made.list != NULL);
    for (size_t i = 0; i < count; i++) {
        made.list[i] = (struct kf_year_figure){years[i], values[i]};
    }
    return made;
}

static void populate(struct kf_panel *panel)
{
    double people[64];
    need(panel->members_len <= 64);
    for (size_t k = 0; k < panel->members_len; k++) {
        people[k] = 1000;
    }
    fixture_population(panel, people);
}

struct kf_panel *trial_panel(int year, size_t members)
{
    struct kf_panel *panel = fixture_panel_new(1, members);
    panel->year = year;
    populate(panel);
    struct kf_trial *trial = &fixture_edition(panel)->trial;
    trial->resource_intensive = (struct kf_resource_intensive){
        .thresholds = trial_years(panel, 2, (int[]){2016, 2017}, (double[]){1157000.0, 1235000.0}),
        .refund = 0.8,
        .age_limit = 67,
        .each = {.cost_prefix = "", .age_prefix = ""},
        .users = fixture_term(panel, "brukere", 1),
        .net = fixture_term(panel, "kostnad", 1e6),
    };
    trial->demography.growth = "";
    return panel;
}

void trial_costly(struct kf_panel *year, const struct sio_costly *printed)
{
    fixture_column(year, "brukere", printed->users);
    fixture_column(year, "kostnad", printed->net);
}

void trial_status_of(struct kf_panel *panel, const char *variable, size_t k, uint8_t status)
{
    for (size_t i = 0; i < panel->columns_len; i++) {
        if (strcmp(panel->columns[i].variable, variable) == 0) {
            panel->columns[i].status[k] = status;
            return;
        }
    }
    need(false);
}

static const char **names(struct kf_panel *panel, const char *prefix, size_t count)
{
    const char **list = kf_arena_calloc(panel->arena, count, sizeof *list);
    need(list != NULL);
    for (size_t i = 0; i < count; i++) {
        list[i] = kf_arena_printf(panel->arena, "%s%zu", prefix, i + 1);
        need(list[i] != NULL);
    }
    return list;
}

void trial_users(struct kf_panel *panel, size_t count, bool ages)
{
    fixture_edition(panel)->trial.resource_intensive.each = (struct kf_users){
        .cost_prefix = "bruker_kostnad_",
        .age_prefix = ages ? "bruker_alder_" : "",
        .costs = names(panel, "bruker_kostnad_", count),
        .ages = ages ? names(panel, "bruker_alder_", count) : NULL,
        .count = count,
    };
}

void trial_demography(struct kf_panel *panel)
{
    struct kf_trial *trial = &fixture_edition(panel)->trial;
    trial->deduction = fixture_term(panel, "trekk", 1e6);
    trial->demography = (struct kf_demography_gain){
        .compensated =
            trial_years(panel, 3, (int[]){2016, 2017, 2018}, (double[]){1.6, 0.695, 0.7}),
        .growth = "vekst",
        .deduction_year = 2017,
        .refund_years = {2015, 2016},
        .prices = trial_years(panel, 2, (int[]){2016, 2017}, (double[]){2.5, 2.5}),
        .months = trial_years(panel, 1, (int[]){2016}, (double[]){8}),
    };
}

struct kf_panel *trial_of_demography(int year)
{
    struct kf_panel *panel = trial_panel(year, SIO_MEMBERS);
    trial_demography(panel);
    int last = year < 2017 ? 2017 : year; /* the deduction's */
    for (int of = 2016; of <= last; of++) {
        struct kf_panel *there = of == year ? panel : fixture_further(panel, of);
        fixture_column(there, "vekst", sio_growth[of - 2016]);
        if (of == 2016) {
            trial_costly(there, &sio_costly_2016);
        }
        if (of == 2017) {
            fixture_column(there, "trekk", sio_deduction_2017);
        }
    }
    return panel;
}

enum kf_err trial_try(struct kf_panel *panel, struct kf_error *err)
{
    fixture_seal(panel);
    return kf_trial_append(panel, fixture_findings(), err);
}

void trial_compute(struct kf_panel *panel)
{
    struct kf_error err = {0};
    need(trial_try(panel, &err) == KF_OK);
}

double trial_value(const struct kf_panel *panel, const char *sector, const char *measure, size_t k)
{
    return fixture_value(panel, KF_TOPIC_UNIT_COST, sector, "", measure, k);
}

uint8_t trial_status(const struct kf_panel *panel, const char *sector, const char *measure,
                     size_t k)
{
    return fixture_status(panel, KF_TOPIC_UNIT_COST, sector, "", measure, k);
}

bool trial_has(const struct kf_panel *panel, const char *sector, const char *measure)
{
    return kf_panel_result(panel, KF_TOPIC_UNIT_COST, sector, "", measure) != NULL;
}

double trial_part(const struct kf_panel *panel, const char *sector, const char *indicator,
                  const char *measure, size_t k)
{
    return fixture_value(panel, KF_TOPIC_UNIT_COST, sector, indicator, measure, k);
}
