/* Explanations of random editions of need, resource use and demography: keys by variable, age and
 * publication, the need year after the data year, every kind of adjustment, uses of income, a
 * projection that may be rebased, rates given and derived; the country given or not, figures
 * missing here and there. Every number is what its parts make. */
#include <stdio.h>
#include <string.h>

#include "common/model/cell.h"
#include "tests/property/country.h"
#include "tests/support/cmocka.h"
#include "tools/kf/explain.h"
#include "tools/kf/pipeline.h"

#define ROUNDS          12
#define MEMBERS_LEAST   3
#define MEMBERS_MOST    6
#define MISSING_PERCENT 6
#define NUMBERS_LEAST   80 /* of one member in any of the editions */
#define BASE_YEAR       2006
#define RATE_YEAR       2007
#define OBSERVED_LAST   2008

struct draw {
    struct fixture_random random;
    bool country;    /* rows of the country are given */
    bool gaps;       /* figures are missing here and there */
    bool projection; /* of what comes after OBSERVED_LAST */
    bool covered;    /* the cost groups hold all ages */
};

static bool toss(struct draw *draw)
{
    return fixture_random_whole(&draw->random, 0, 1) == 1;
}

/* --- figures ---------------------------------------------------------------------------------- */

/* Whole figures from `low` to `high`; the first member has every one. */
static void column(struct draw *draw, struct kf_panel *panel, const char *variable, int64_t low,
                   int64_t high)
{
    double values[MEMBERS_MOST];
    for (size_t k = 0; k < panel->members_len; k++) {
        bool gap =
            k > 0 && draw->gaps && fixture_random_whole(&draw->random, 1, 100) <= MISSING_PERCENT;
        values[k] = gap ? FIXTURE_MISSING : (double)fixture_random_whole(&draw->random, low, high);
    }
    fixture_column(panel, variable, values);
    if (draw->country) {
        int64_t most = 10 * high;
        fixture_country(panel, variable,
                        (double)fixture_random_whole(&draw->random, most / 2 + 1, most));
    }
}

static const struct {
    const char *name;
    int64_t low;
    int64_t high;
} variables[] = {
    {"barn", 1, 900},         {"dki_a", 1, 2},
    {"dki_b", 1, 3},          {"ndu_a", 1, 900000},
    {"ndu_b", 1, 900000},     {"ndu_c", 0, 90000},
    {"pensjon", 1, 9000},     {"lonn", 1, 90000},
    {"privat", 0, 9000},      {"fylke", 1, 9000},
    {"renter", -9000, 90000}, {"resultat", -9000, 9000},
    {"inntekt", 1, 900000},   {"f_unge", 0, 3000},
    {"f_gamle", 0, 3000},     {"f_0-15", 0, 3000},
    {"f_16-66", 1, 9000},     {"f_67-105", 0, 3000},
    {"f_80-105", 0, 3000},    {"f_folkemengde", 1, 9000},
};

static void figures(struct draw *draw, struct kf_panel *panel)
{
    bool gaps = draw->gaps;
    draw->gaps = false; /* whoever is a member has inhabitants */
    column(draw, panel, panel->edition->population, 100, 9000);
    draw->gaps = gaps;
    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
        column(draw, panel, variables[i].name, variables[i].low, variables[i].high);
    }
    draw->gaps = gaps && toss(draw);
    for (int age = 0; age <= KF_AGE_MAX; age++) {
        char name[32];
        (void)snprintf(name, sizeof name, KF_AGE_VARIABLE "%d", age);
        column(draw, panel, name, 0, 99);
    }
    draw->gaps = gaps;
    panel->country_municipalities = panel->members_len + (draw->country ? 4 : 0);
}

/* --- the edition ------------------------------------------------------------------------------ */

static struct kf_terms ages(struct kf_panel *panel, int first, int last)
{
    struct kf_terms terms = {NULL, 0};
    for (int age = first; age <= last; age++) {
        char name[32];
        (void)snprintf(name, sizeof name, KF_AGE_VARIABLE "%d", age);
        terms = fixture_plus(panel, terms, name, 1);
    }
    return terms;
}

static void add_adjustment(struct kf_sector *sector, const struct kf_adjustment *adjustment)
{
    sector->resources.adjustments[sector->resources.adjustments_len++] = *adjustment;
}

/* Payroll costs, an amount to need, an amount of the first member alone. */
static void adjustments(struct kf_panel *panel, struct kf_sector *sector)
{
    static const char *only[] = {"0001"};
    sector->resources.adjustments =
        kf_arena_calloc(panel->arena, 4, sizeof *sector->resources.adjustments);
    assert_non_null(sector->resources.adjustments);
    add_adjustment(sector,
                   &(struct kf_adjustment){.id = "pensjon",
                                           .to = KF_ADJUST_EXPENDITURE,
                                           .payroll_costs = fixture_term(panel, "pensjon", 1000),
                                           .wages = fixture_term(panel, "lonn", 1000)});
    add_adjustment(sector, &(struct kf_adjustment){.id = "privat",
                                                   .to = KF_ADJUST_NEED,
                                                   .amount = fixture_term(panel, "privat", 1000)});
    add_adjustment(sector, &(struct kf_adjustment){.id = "fylke",
                                                   .to = KF_ADJUST_EXPENDITURE,
                                                   .amount = fixture_term(panel, "fylke", -1000),
                                                   .only = only,
                                                   .only_len = 1});
    add_adjustment(sector, &(struct kf_adjustment){.id = "uten_tall",
                                                   .to = KF_ADJUST_EXPENDITURE,
                                                   .amount = fixture_term(panel, "ukjent", 1)});
}

/* A sector by criteria and age with adjustments, one published, one outside with the need of the
 * first, one by age alone. */
static void sectors(struct draw *draw, struct kf_panel *panel)
{
    struct kf_sector *a = fixture_sector(panel, "a", 0);
    a->need_weight = 0.5;
    a->published_need = "dki_a";
    fixture_criterion(panel, "a", "barn", 0.25);
    fixture_criterion(panel, "a", "gamle", 0.5)->ages = ages(panel, 67, KF_AGE_MAX);
    fixture_criterion(panel, "a", "basis", 0.25)->variable = "";
    a->criteria[2].cost_disadvantage = true;
    a->resources.net = fixture_plus(panel, fixture_term(panel, "ndu_a", 1000), "ndu_c", 1000);
    adjustments(panel, a);
    struct kf_sector *b = fixture_sector(panel, "b", 0);
    b->need_weight = 0.25;
    b->published_need = "dki_b";
    b->resources.net = fixture_term(panel, "ndu_b", 1000);
    struct kf_sector *c = fixture_sector(panel, "c", 0);
    c->resources.net = fixture_term(panel, "ndu_c", 1);
    c->resources.outside = true;
    c->resources.need_of = toss(draw) ? "a" : "";
    struct kf_sector *d = fixture_sector(panel, "d", 0);
    d->need_weight = 0.25;
    fixture_criterion(panel, "d", "unge", 0.5)->ages = ages(panel, 0, 20);
    fixture_criterion(panel, "d", "nullaringer", 0.5)->ages = ages(panel, 0, 0);
    d->resources.net = fixture_term(panel, "ndu_c", 1000);
}

static void income(struct draw *draw, struct kf_panel *panel)
{
    struct kf_edition *edition = fixture_edition(panel);
    edition->uses = kf_arena_calloc(panel->arena, 2, sizeof *edition->uses);
    assert_non_null(edition->uses);
    edition->uses[0] = (struct kf_use){.id = "renter", .amount = fixture_term(panel, "renter", 1)};
    edition->uses[1] =
        (struct kf_use){.id = "resultat", .amount = fixture_term(panel, "resultat", 1000)};
    edition->uses_len = 2;
    if (toss(draw)) {
        edition->income = fixture_term(panel, "inntekt", 1000);
    }
}

static struct kf_age_group age_group(struct kf_panel *panel, const char *id, const char *projected,
                                     int first, int last)
{
    return (struct kf_age_group){.id = id,
                                 .people = ages(panel, first, last),
                                 .projected = fixture_term(panel, projected, 1)};
}

static void demography(struct draw *draw, struct kf_panel *panel)
{
    static double rates[] = {1000.5, 0, 99000};
    static const char *of[] = {"a", "d"};
    struct kf_demography *of_edition = &fixture_edition(panel)->demography;
    struct kf_age_group *groups = kf_arena_calloc(panel->arena, 8, sizeof *groups);
    struct kf_cost_sector *services = kf_arena_calloc(panel->arena, 2, sizeof *services);
    assert_true(groups && services);
    groups[0] = age_group(panel, "unge", "f_unge", 0, 15);
    groups[1] = age_group(panel, "gamle", "f_gamle", 67, KF_AGE_MAX);
    groups[1].care_weight = 0.5;
    groups[0].care_weight = 0.25;
    /* Of whole cost groups; of one and of what is in none; of nothing that is in any. */
    groups[2] = age_group(panel, "voksne", "f_16-66", 16, KF_AGE_MAX);
    groups[2].projected = fixture_plus(panel, groups[2].projected, "f_67-105", 1);
    groups[3] = age_group(panel, "blandet", "f_16-66", 0, 66);
    groups[3].projected = fixture_plus(panel, groups[3].projected, "f_unge", 1);
    groups[4] = age_group(panel, "delt", "f_unge", 0, KF_AGE_MAX);
    groups[4].projected = fixture_plus(panel, groups[4].projected, "f_gamle", 1);
    struct kf_age_group *costs = &groups[5];
    costs[0] = age_group(panel, "0-15", "f_0-15", 0, 15);
    costs[1] = age_group(panel, "16-66", "f_16-66", draw->covered ? 16 : 20, 66);
    costs[2] = age_group(panel, "67-105", "f_67-105", 67, KF_AGE_MAX);
    if (toss(draw)) {
        costs[2].projected = fixture_plus(panel, costs[2].projected, "f_80-105", 1);
    }
    services[0] = (struct kf_cost_sector){.id = "gitt", .rates = rates};
    services[1] = (struct kf_cost_sector){.id = "avledet", .of = of, .of_len = 2};
    *of_edition = (struct kf_demography){.base_year = BASE_YEAR,
                                         .groups = groups,
                                         .groups_len = 5,
                                         .cost_groups = costs,
                                         .cost_groups_len = 3,
                                         .sectors = services,
                                         .sectors_len = 2,
                                         .rate_year = RATE_YEAR,
                                         .projected_population = ""};
    if (draw->projection) {
        of_edition->projected_population = "f_folkemengde";
        of_edition->observed_through = OBSERVED_LAST;
        of_edition->rebased = toss(draw);
    }
}

static struct kf_panel *random_panel(struct draw *draw)
{
    size_t members = (size_t)fixture_random_whole(&draw->random, MEMBERS_LEAST, MEMBERS_MOST);
    struct kf_panel *panel = fixture_panel_new(1, members);
    struct kf_edition *edition = fixture_edition(panel);
    draw->country = toss(draw);
    draw->gaps = toss(draw);
    draw->projection = toss(draw);
    draw->covered = toss(draw);
    edition->need_year = toss(draw) ? KF_NEED_YEAR_NEXT : KF_NEED_YEAR_SAME;
    edition->criteria = toss(draw) ? KF_CRITERIA_AGES : KF_CRITERIA_ALL;
    edition->published_need = "dki_b";
    sectors(draw, panel);
    income(draw, panel);
    demography(draw, panel);
    figures(draw, panel);
    figures(draw, fixture_previous(panel));
    const int years[] = {BASE_YEAR, RATE_YEAR, OBSERVED_LAST, panel->year + 1};
    for (size_t i = 0; i < sizeof years / sizeof years[0]; i++) {
        figures(draw, fixture_further(panel, years[i]));
    }
    fixture_seal(panel);
    struct kf_error err = {0};
    if (kf_pipeline_compute(panel, fixture_findings(), &err) != KF_OK) {
        fail_msg("%s", err.text);
    }
    return panel;
}

/* --- explanations ----------------------------------------------------------------------------- */

static void assert_explained(const struct kf_explain_node *node)
{
    bool has_value = kf_cell_has_value(node->status);
    if ((has_value && !node->expanded) || !kf_explain_agrees(node)) {
        fail_msg("%s %s %s %s %d: %.17g, from its parts %.17g", node->municipality, node->sector,
                 node->indicator, node->measure, node->panel->year, node->value, node->recomputed);
    }
}

/* Explains result number `r` of member `k`, all the way. */
static bool explain(const struct kf_panel *panel, const struct kf_result *result, size_t k)
{
    struct kf_explain_options options = {
        .panel = panel,
        .question = {.municipality = panel->members[k],
                     .measure = result->measure,
                     .sector = result->sector,
                     .indicator = result->indicator,
                     .topic = kf_topic_name(result->topic)},
    };
    struct kf_explanation *explanation = NULL;
    struct kf_error err = {0};
    if (kf_explain_new(&options, &explanation, &err) != KF_OK) {
        fail_msg("%s", err.text);
    }
    for (size_t i = 0; i < explanation->nodes_len; i++) {
        assert_explained(explanation->nodes[i]);
    }
    bool told = kf_cell_has_value(explanation->root->status);
    kf_explain_destroy(&explanation);
    return told;
}

static void every_number_of_a_random_edition_of_use_is_what_its_parts_make(void **state)
{
    (void)state;
    struct draw draw = {.random = {country_seed()}};
    for (int round = 0; round < ROUNDS; round++) {
        struct kf_panel *panel = random_panel(&draw);
        size_t last = panel->members_len - 1;
        size_t told = 0;
        for (size_t r = 0; r < panel->results_len; r++) {
            told += explain(panel, &panel->results[r], 0);
            (void)explain(panel, &panel->results[r], last);
        }
        assert_true(told >= NUMBERS_LEAST);
        kf_panel_destroy(&panel);
    }
}

/* Every measure of the three topics, with no figure missing, in the members' own sums and in the
 * country's. */
static void every_measure_of_the_three_topics_is_met(void **state)
{
    (void)state;
    static bool met[KF_PANEL_RESULTS_MAX];
    struct draw draw = {.random = {country_seed()}};
    size_t count = 0;
    const struct kf_measure *measures = kf_measures(&count);
    for (int round = 0; round < ROUNDS; round++) {
        struct kf_panel *panel = random_panel(&draw);
        for (size_t r = 0; r < panel->results_len; r++) {
            const struct kf_result *result = &panel->results[r];
            met[kf_measure_find(result->topic, result->measure) - measures] = true;
        }
        kf_panel_destroy(&panel);
    }
    for (size_t i = 0; i < count; i++) {
        if (measures[i].topic <= KF_TOPIC_DEMOGRAPHY && !met[i]) {
            fail_msg("%s %s was in none", kf_topic_name(measures[i].topic), measures[i].name);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_number_of_a_random_edition_of_use_is_what_its_parts_make),
        cmocka_unit_test(every_measure_of_the_three_topics_is_met),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
