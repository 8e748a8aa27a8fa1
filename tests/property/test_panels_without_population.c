/* What must hold of panels of editions that count nobody: every stage takes them, and nothing but
 * unit costs comes of them. Random figures; the seed is printed and may be given as KF_SEED. */
#include "tests/support/cmocka.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "services/aggregate/aggregate.h"
#include "services/efficiency/efficiency.h"
#include "services/need/need.h"
#include "services/normalize/normalize.h"
#include "tests/support/panel_fixture.h"

#define ROUNDS      100
#define MEMBERS_MAX 12
#define GROUPS_MAX  4
#define YEAR        2010 /* of the fixture's panels */

static uint64_t seed;

static int read_seed(void **state)
{
    (void)state;
    const char *given = getenv("KF_SEED");
    seed = given ? strtoull(given, NULL, 0) : 20180613;
    print_message("KF_SEED=%" PRIu64 "\n", seed);
    return 0;
}

/* --- random panels ---------------------------------------------------------------------------- */

/* Whole figures of some members; nobody's now and then. */
static void add_column(struct kf_panel *panel, struct fixture_random *random, const char *variable)
{
    double values[MEMBERS_MAX];
    for (size_t k = 0; k < panel->members_len; k++) {
        bool there = fixture_random_whole(random, 0, 3) > 0;
        values[k] = there ? (double)fixture_random_whole(random, 0, 1000000) : FIXTURE_MISSING;
    }
    if (fixture_random_whole(random, 0, 4) > 0) {
        fixture_column(panel, variable, values);
    }
}

static const char *numbered(struct kf_panel *panel, const char *name, size_t number)
{
    return kf_arena_printf(panel->arena, "%s_%zu", name, number);
}

static void add_group(struct kf_panel *panel, size_t number)
{
    struct kf_unit_costs *costs = &fixture_edition(panel)->unit_costs;
    struct kf_delivery *delivery = kf_arena_calloc(panel->arena, 1, sizeof *delivery);
    assert_non_null(delivery);
    *delivery = (struct kf_delivery){
        .service = "HTAMDK",
        .quantity = fixture_term(panel, numbered(panel, "timer", number), 1),
    };
    costs->groups[costs->groups_len++] = (struct kf_cost_group){
        .id = numbered(panel, "gruppe", number),
        .name = {"", ""},
        .net = fixture_term(panel, numbered(panel, "ndu", number), 1000),
        .deliveries = delivery,
        .deliveries_len = 1,
    };
}

static void add_figures(struct kf_panel *panel, struct fixture_random *random, size_t groups)
{
    for (size_t g = 0; g < groups; g++) {
        add_column(panel, random, numbered(panel, "ndu", g));
        add_column(panel, random, numbered(panel, "timer", g));
    }
    add_column(panel, random, "trekk");
}

static struct kf_panel *random_panel(struct fixture_random *random)
{
    static struct kf_year_figure rates[] = {{YEAR, 659}};
    static struct kf_rated_service service = {
        .id = "HTAMDK", .name = {"", ""}, .unit = "hours", .rates = {rates, 1}};
    struct kf_panel *panel =
        fixture_panel_new(100, (size_t)fixture_random_whole(random, 1, MEMBERS_MAX));
    struct kf_edition *edition = fixture_edition(panel);
    size_t groups = (size_t)fixture_random_whole(random, 0, GROUPS_MAX);
    edition->population = "";
    edition->unit_costs = (struct kf_unit_costs){
        .services = &service,
        .services_len = 1,
        .groups = kf_arena_calloc(panel->arena, GROUPS_MAX, sizeof(struct kf_cost_group))};
    assert_non_null(edition->unit_costs.groups);
    for (size_t g = 0; g < groups; g++) {
        add_group(panel, g);
    }
    edition->trial.deduction = fixture_term(panel, "trekk", 1);
    edition->trial.demography.growth = "";
    add_figures(panel, random, groups);
    if (fixture_random_whole(random, 0, 1)) {
        add_figures(fixture_previous(panel), random, groups);
    }
    if (fixture_random_whole(random, 0, 1)) {
        add_figures(fixture_further(panel, YEAR - 3), random, groups);
    }
    fixture_seal(panel);
    return panel;
}

/* --- what holds ------------------------------------------------------------------------------- */

static void check_results(const struct kf_panel *panel)
{
    for (size_t i = 0; i < panel->results_len; i++) {
        if (panel->results[i].topic != KF_TOPIC_UNIT_COST) {
            fail_msg("seed %" PRIu64 ": %s of topic %s", seed, panel->results[i].measure,
                     kf_topic_name(panel->results[i].topic));
        }
    }
}

static void every_stage_takes_it_and_appends_nothing_but_unit_costs(void **state)
{
    (void)state;
    static const struct kf_stage *const stages[] = {&kf_need_stage, &kf_normalize_stage,
                                                    &kf_aggregate_stage, &kf_efficiency_stage};
    struct fixture_random random = {seed};
    for (int round = 0; round < ROUNDS; round++) {
        struct kf_panel *panel = random_panel(&random);
        for (size_t s = 0; s < sizeof stages / sizeof stages[0]; s++) {
            struct kf_error err = {.text = ""};
            size_t before = panel->results_len;
            if (kf_stage_apply(stages[s], panel, fixture_findings(), &err) != KF_OK) {
                fail_msg("seed %" PRIu64 ": %s: %s", seed, stages[s]->name, err.text);
            }
            if (stages[s] != &kf_efficiency_stage) {
                assert_int_equal(panel->results_len, before);
            }
        }
        check_results(panel);
        if (panel->previous) {
            assert_int_equal(panel->previous->results_len, 0);
        }
        kf_panel_destroy(&panel);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_stage_takes_it_and_appends_nothing_but_unit_costs),
    };
    return cmocka_run_group_tests(tests, read_seed, NULL);
}
