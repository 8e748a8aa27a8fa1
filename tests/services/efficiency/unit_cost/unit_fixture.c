#include "tests/services/efficiency/unit_cost/unit_fixture.h"

#include <string.h>

#include "services/efficiency/unit_cost/unit_cost.h"
#include "tests/support/cmocka.h"

#define ROOM      64
#define YEARS     16
#define POPULATED 1 /* panels need inhabitants; unit costs never ask for them */

struct kf_unit_costs *unit_costs(struct kf_panel *panel)
{
    return &fixture_edition(panel)->unit_costs;
}

struct kf_panel *unit_panel_new(int year, size_t members)
{
    struct kf_panel *panel = fixture_panel_new(1, members);
    struct kf_unit_costs *costs = unit_costs(panel);
    panel->year = year;
    costs->services = kf_arena_calloc(panel->arena, ROOM, sizeof *costs->services);
    costs->groups = kf_arena_calloc(panel->arena, ROOM, sizeof *costs->groups);
    costs->user_times = kf_arena_calloc(panel->arena, ROOM, sizeof *costs->user_times);
    costs->growths = kf_arena_calloc(panel->arena, ROOM, sizeof *costs->growths);
    double *people = kf_arena_calloc(panel->arena, members, sizeof *people);
    assert_true(costs->services && costs->groups && costs->user_times && costs->growths && people);
    for (size_t k = 0; k < members; k++) {
        people[k] = POPULATED;
    }
    fixture_population(panel, people);
    return panel;
}

void unit_year(struct kf_panel *panel, struct kf_year_figures *figures, int year, double value)
{
    if (!figures->list) {
        figures->list = kf_arena_calloc(panel->arena, YEARS, sizeof *figures->list);
    }
    assert_true(figures->list && figures->count < YEARS);
    figures->list[figures->count++] = (struct kf_year_figure){year, value};
}

struct kf_rated_service *unit_service(struct kf_panel *panel, const char *id, const char *unit,
                                      double rate)
{
    struct kf_unit_costs *costs = unit_costs(panel);
    assert_true(costs->services_len < ROOM);
    struct kf_rated_service *service = &costs->services[costs->services_len++];
    *service = (struct kf_rated_service){
        .id = kf_arena_strdup(panel->arena, id), .name = {"", ""}, .unit = unit};
    if (rate > 0) {
        unit_year(panel, &service->rates, panel->year, rate);
    }
    return service;
}

static char *put(struct kf_panel *panel, const char *group, const char *what, const double *values)
{
    char *variable = kf_arena_printf(panel->arena, "%s_%s", group, what);
    assert_non_null(variable);
    fixture_column(panel, variable, values);
    return variable;
}

static struct kf_cost_group *find_group(struct kf_panel *panel, const char *id)
{
    struct kf_unit_costs *costs = unit_costs(panel);
    for (size_t i = 0; i < costs->groups_len; i++) {
        if (strcmp(costs->groups[i].id, id) == 0) {
            return &costs->groups[i];
        }
    }
    fail_msg("no cost group %s", id);
    return NULL;
}

void unit_group(struct kf_panel *panel, const char *id, const double *net)
{
    struct kf_unit_costs *costs = unit_costs(panel);
    assert_true(costs->groups_len < ROOM);
    struct kf_cost_group *group = &costs->groups[costs->groups_len++];
    *group = (struct kf_cost_group){
        .id = kf_arena_strdup(panel->arena, id),
        .name = {"", ""},
        .net = fixture_term(panel, put(panel, id, "netto", net), 1),
        .deliveries = kf_arena_calloc(panel->arena, ROOM, sizeof *group->deliveries),
    };
    assert_non_null(group->deliveries);
}

void unit_grant(struct kf_panel *panel, const char *group, const double *grant)
{
    find_group(panel, group)->grant = fixture_term(panel, put(panel, group, "tilskudd", grant), 1);
}

void unit_delivers(struct kf_panel *panel, const char *group, const char *service,
                   const double *quantity)
{
    struct kf_cost_group *of = find_group(panel, group);
    assert_true(of->deliveries_len < ROOM);
    of->deliveries[of->deliveries_len++] = (struct kf_delivery){
        .service = kf_arena_strdup(panel->arena, service),
        .quantity = fixture_term(panel, put(panel, group, service, quantity), 1),
    };
}

void unit_seal(struct kf_panel *panel)
{
    fixture_seal(panel);
}

void unit_mark(struct kf_panel *panel, const char *variable, size_t member, uint8_t status)
{
    const struct kf_column *column = kf_panel_column(panel, variable);
    assert_non_null(column);
    column->status[member] = status;
    column->values[member] = kf_cell_has_value(status) ? column->values[member] : 0;
}

void unit_compute(struct kf_panel *panel)
{
    unit_seal(panel);
    struct kf_error err = {0};
    assert_int_equal(kf_unit_cost_append(panel, fixture_findings(), &err), KF_OK);
    assert_int_equal(kf_panel_check_finite(panel, 0, fixture_findings(), &err), KF_OK);
    assert_int_equal(kf_panel_check(panel, &err), KF_OK);
}

double unit_value(const struct kf_panel *panel, const char *sector, const char *indicator,
                  const char *measure, size_t member)
{
    return fixture_value(panel, KF_TOPIC_UNIT_COST, sector, indicator, measure, member);
}

uint8_t unit_status(const struct kf_panel *panel, const char *sector, const char *indicator,
                    const char *measure, size_t member)
{
    return fixture_status(panel, KF_TOPIC_UNIT_COST, sector, indicator, measure, member);
}

bool unit_has(const struct kf_panel *panel, const char *sector, const char *indicator,
              const char *measure)
{
    const struct kf_result *result =
        kf_panel_result(panel, KF_TOPIC_UNIT_COST, sector, indicator, measure);
    return result && !result->group;
}

const struct kf_result *unit_group_cell(const struct kf_panel *panel, const char *sector,
                                        const char *indicator, const char *measure)
{
    for (size_t i = 0; i < panel->results_len; i++) {
        const struct kf_result *result = &panel->results[i];
        if (result->group && strcmp(result->sector, sector) == 0 &&
            strcmp(result->indicator, indicator) == 0 && strcmp(result->measure, measure) == 0) {
            return result;
        }
    }
    return NULL;
}
