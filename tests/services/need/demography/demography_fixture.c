#include "tests/services/need/demography/demography_fixture.h"

#include <stdio.h>
#include <string.h>

#include "services/need/demography/demography.h"
#include "tests/support/cmocka.h"

#define ROOM 32

static struct kf_demography *demography_of_panel(struct kf_panel *panel)
{
    return &fixture_edition(panel)->demography;
}

struct kf_panel *demography_panel_new(size_t members, int base_year)
{
    struct kf_panel *panel = fixture_panel_new(1, members);
    struct kf_demography *demography = demography_of_panel(panel);
    demography->base_year = base_year;
    demography->projected_population = "";
    demography->groups = kf_arena_calloc(panel->arena, ROOM, sizeof *demography->groups);
    demography->cost_groups = kf_arena_calloc(panel->arena, ROOM, sizeof *demography->cost_groups);
    demography->sectors = kf_arena_calloc(panel->arena, ROOM, sizeof *demography->sectors);
    assert_true(demography->groups && demography->cost_groups && demography->sectors);
    return panel;
}

static struct kf_terms ages(struct kf_panel *panel, int from, int to)
{
    struct kf_terms terms = {0};
    for (int age = from; age <= to; age++) {
        terms =
            fixture_plus(panel, terms, kf_arena_printf(panel->arena, KF_AGE_VARIABLE "%d", age), 1);
    }
    return terms;
}

static struct kf_age_group make_group(struct kf_panel *panel, const char *id, int from, int to)
{
    return (struct kf_age_group){.id = id, .name = {"", ""}, .people = ages(panel, from, to)};
}

struct kf_age_group *demography_group(struct kf_panel *panel, const char *id, int from, int to)
{
    struct kf_demography *demography = demography_of_panel(panel);
    demography->groups[demography->groups_len] = make_group(panel, id, from, to);
    return &demography->groups[demography->groups_len++];
}

struct kf_age_group *demography_cost_group(struct kf_panel *panel, const char *id, int from, int to)
{
    struct kf_demography *demography = demography_of_panel(panel);
    demography->cost_groups[demography->cost_groups_len] = make_group(panel, id, from, to);
    return &demography->cost_groups[demography->cost_groups_len++];
}

struct kf_cost_sector *demography_service(struct kf_panel *panel, const char *id,
                                          const double *rates)
{
    struct kf_demography *demography = demography_of_panel(panel);
    struct kf_cost_sector *service = &demography->sectors[demography->sectors_len++];
    *service = (struct kf_cost_sector){.id = id, .name = {"", ""}};
    if (rates) {
        size_t bytes = demography->cost_groups_len * sizeof *rates;
        service->rates = kf_arena_alloc(panel->arena, bytes);
        memcpy(service->rates, rates, bytes);
    } else {
        service->of = kf_arena_calloc(panel->arena, ROOM, sizeof *service->of);
    }
    return service;
}

void demography_of(struct kf_panel *panel, struct kf_cost_sector *service, const char *sector)
{
    service->of[service->of_len++] = kf_arena_strdup(panel->arena, sector);
}

static void project(struct kf_panel *panel, struct kf_age_group *group)
{
    group->projected = fixture_term(panel, kf_arena_printf(panel->arena, "p_%s", group->id), 1);
}

void demography_project(struct kf_panel *panel, int through, bool rebased)
{
    struct kf_demography *demography = demography_of_panel(panel);
    demography->observed_through = through;
    demography->rebased = rebased;
    demography->projected_population = "p_folkemengde";
    for (size_t g = 0; g < demography->groups_len; g++) {
        project(panel, &demography->groups[g]);
    }
    for (size_t g = 0; g < demography->cost_groups_len; g++) {
        project(panel, &demography->cost_groups[g]);
    }
}

struct kf_criterion *demography_criterion(struct kf_panel *panel, const char *sector, int from,
                                          int to, double weight)
{
    char id[32];
    (void)snprintf(id, sizeof id, "innb_%d_%d", from, to);
    struct kf_criterion *criterion = fixture_criterion(panel, sector, id, weight);
    criterion->variable = "";
    criterion->ages = ages(panel, from, to);
    return criterion;
}

void demography_age(struct kf_panel *year, int age, const double *values)
{
    char variable[32];
    (void)snprintf(variable, sizeof variable, KF_AGE_VARIABLE "%d", age);
    fixture_column(year, variable, values);
}

void demography_compute(struct kf_panel *panel)
{
    fixture_seal(panel);
    struct kf_error err = {0};
    assert_int_equal(kf_demography_append(panel, fixture_findings(), &err), KF_OK);
    assert_int_equal(kf_panel_check_finite(panel, 0, fixture_findings(), &err), KF_OK);
}

double demography_value(const struct kf_panel *panel, const char *sector, const char *indicator,
                        const char *measure, size_t member)
{
    return fixture_value(panel, KF_TOPIC_DEMOGRAPHY, sector, indicator, measure, member);
}

uint8_t demography_status(const struct kf_panel *panel, const char *sector, const char *indicator,
                          const char *measure, size_t member)
{
    return fixture_status(panel, KF_TOPIC_DEMOGRAPHY, sector, indicator, measure, member);
}

bool demography_has(const struct kf_panel *panel, const char *sector, const char *indicator,
                    const char *measure)
{
    return kf_panel_result(panel, KF_TOPIC_DEMOGRAPHY, sector, indicator, measure) != NULL;
}
