/* What must hold for every edition and all data: means at scale, parts that add up, no trace of
 * units and order. Random editions and figures; the seed is printed and may be given as KF_SEED. */
#include "tests/support/cmocka.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/numbers.h"
#include "common/base/text.h"
#include "tests/support/panel_fixture.h"
#include "tools/kf/pipeline.h"

#define ROUNDS          60
#define MEMBERS_MAX     40
#define SECTORS_MAX     5
#define INDICATORS_MAX  8
#define MISSING_PERCENT 4

static uint64_t seed = 20260315;
/* A random country: figures are whole tenths, so that they are decimals like published ones. */
struct country {
    size_t members;
    size_t sectors;
    size_t indicators[SECTORS_MAX];
    double scale;
    int64_t population[MEMBERS_MAX];
    int64_t tenths[SECTORS_MAX][INDICATORS_MAX][MEMBERS_MAX]; /* −1: missing */
    double sector_weights[SECTORS_MAX];
    double weights[SECTORS_MAX][INDICATORS_MAX];
};

static void random_weights(struct fixture_random *random, double *weights, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        weights[i] = (double)fixture_random_whole(random, 1, 1000);
        sum += weights[i];
    }
    for (size_t i = 0; i < count; i++) {
        weights[i] /= sum;
    }
}

static void random_figures(struct fixture_random *random, int64_t *tenths, size_t members)
{
    for (size_t k = 0; k < members; k++) {
        bool missing = k > 0 && fixture_random_whole(random, 1, 100) <= MISSING_PERCENT;
        tenths[k] = missing ? -1 : fixture_random_whole(random, 0, 3000);
    }
    tenths[0] += 1; /* at least one that is there and above zero */
}

static void random_country(struct fixture_random *random, struct country *country)
{
    memset(country, 0, sizeof *country);
    country->members = (size_t)fixture_random_whole(random, 1, MEMBERS_MAX);
    country->sectors = (size_t)fixture_random_whole(random, 1, SECTORS_MAX);
    country->scale = fixture_random_whole(random, 0, 1) ? 100 : 1;
    for (size_t k = 0; k < country->members; k++) {
        country->population[k] = fixture_random_whole(random, 200, 700000);
    }
    random_weights(random, country->sector_weights, country->sectors);
    for (size_t s = 0; s < country->sectors; s++) {
        country->indicators[s] = (size_t)fixture_random_whole(random, 1, INDICATORS_MAX);
        random_weights(random, country->weights[s], country->indicators[s]);
        for (size_t i = 0; i < country->indicators[s]; i++) {
            random_figures(random, country->tenths[s][i], country->members);
        }
    }
}

/* tenths/10 × multiply/divide as the decimal that a source in another unit would print. */
static double figure(int64_t tenths, int64_t multiply, int64_t divide)
{
    return tenths < 0 ? FIXTURE_MISSING : (double)(tenths * multiply) / (double)(10 * divide);
}

/* How the country is written down: in which unit, and which member stands first. */
struct writing {
    int64_t multiply;
    int64_t divide; /* a power of ten */
    size_t rotate;
};

static void write_sector(const struct country *country, const struct writing *writing, size_t s,
                         struct kf_panel *panel)
{
    char id[32];
    (void)snprintf(id, sizeof id, "s%zu", s);
    fixture_sector(panel, id, country->sector_weights[s]);
    for (size_t i = 0; i < country->indicators[s]; i++) {
        char indicator[32];
        double values[MEMBERS_MAX];
        (void)snprintf(indicator, sizeof indicator, "s%zui%zu", s, i);
        for (size_t k = 0; k < country->members; k++) {
            size_t from = (k + writing->rotate) % country->members;
            values[k] = figure(country->tenths[s][i][from], writing->multiply, writing->divide);
        }
        fixture_indicator(panel, id, indicator, country->weights[s][i]);
        fixture_column(panel, indicator, values);
    }
}

static struct kf_panel *computed(const struct country *country, const struct writing *writing)
{
    struct kf_panel *panel = fixture_panel_new(country->scale, country->members);
    double population[MEMBERS_MAX];
    for (size_t k = 0; k < country->members; k++) {
        population[k] = (double)country->population[(k + writing->rotate) % country->members];
    }
    fixture_population(panel, population);
    for (size_t s = 0; s < country->sectors; s++) {
        write_sector(country, writing, s, panel);
    }
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    if (kf_pipeline_compute(panel, findings, &err) != KF_OK) {
        fail_msg("seed %" PRIu64 ": %s", seed, err.text);
    }
    return panel;
}

static const struct writing plain = {1, 1, 0};

static void check_mean(const struct kf_panel *panel, const struct kf_result *result)
{
    const double *population = kf_panel_population(panel);
    double people = 0;
    double weighted = 0;
    for (size_t k = 0; k < panel->members_len; k++) {
        people += population[k];
        weighted += population[k] * result->values[k];
    }
    double scale = panel->edition->scale;
    assert_close(weighted / people, scale, scale * 1e-11);
}

static void group_means_are_at_scale_on_every_level(const struct country *country,
                                                    struct fixture_random *random)
{
    (void)random;
    struct kf_panel *panel = computed(country, &plain);
    for (size_t i = 0; i < panel->results_len; i++) {
        const char *measure = panel->results[i].measure;
        if (strcmp(measure, "normalized") == 0 || strcmp(measure, "index") == 0) {
            check_mean(panel, &panel->results[i]);
        }
    }
    kf_panel_destroy(&panel);
}

static void shuffle(struct fixture_random *random, double *values, size_t count)
{
    for (size_t i = count; i > 1; i--) {
        size_t j = (size_t)fixture_random_whole(random, 0, (int64_t)i - 1);
        double kept = values[i - 1];
        values[i - 1] = values[j];
        values[j] = kept;
    }
}

/* The parts in random order, added up as anybody would. */
static void check_parts(struct fixture_random *random, double *parts, size_t count, double whole)
{
    shuffle(random, parts, count);
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += parts[i];
    }
    assert_true(sum == whole);
}

static void check_member(const struct kf_panel *panel, size_t k, struct fixture_random *random)
{
    double to_total[SECTORS_MAX * INDICATORS_MAX];
    double sectors[SECTORS_MAX];
    size_t count = 0;
    for (size_t s = 0; s < panel->edition->sectors_len; s++) {
        const struct kf_sector *sector = &panel->edition->sectors[s];
        double parts[INDICATORS_MAX];
        for (size_t i = 0; i < sector->indicators_len; i++) {
            const char *id = sector->indicators[i].id;
            parts[i] = fixture_value(panel, KF_TOPIC_INDICATOR, sector->id, id, "contribution", k);
            to_total[count++] = fixture_value(panel, KF_TOPIC_INDICATOR, sector->id, id,
                                              "contribution_to_total", k);
        }
        check_parts(random, parts, sector->indicators_len,
                    fixture_value(panel, KF_TOPIC_INDEX, sector->id, "", "index", k));
        sectors[s] = fixture_value(panel, KF_TOPIC_INDEX, sector->id, "", "contribution", k);
    }
    double total = fixture_value(panel, KF_TOPIC_INDEX, KF_SECTOR_TOTAL, "", "index", k);
    check_parts(random, sectors, panel->edition->sectors_len, total);
    check_parts(random, to_total, count, total);
}

static void contributions_add_up_to_the_last_bit_in_any_order(const struct country *country,
                                                              struct fixture_random *random)
{
    struct kf_panel *panel = computed(country, &plain);
    for (size_t k = 0; k < panel->members_len; k++) {
        check_member(panel, k, random);
    }
    kf_panel_destroy(&panel);
}

/* Same bits in every result but the raw values; `rotate` says where member k stands in `other`. */
static void check_same(const struct kf_panel *panel, const struct kf_panel *other, size_t rotate)
{
    size_t n = panel->members_len;
    assert_int_equal(panel->results_len, other->results_len);
    for (size_t i = 0; i < panel->results_len; i++) {
        const struct kf_result *a = &panel->results[i];
        const struct kf_result *b = &other->results[i];
        assert_string_equal(a->measure, b->measure);
        bool compared = strcmp(a->measure, "raw") != 0 && !a->group;
        for (size_t k = 0; compared && k < n; k++) {
            size_t from = (k + rotate) % n;
            assert_memory_equal(&a->values[from], &b->values[k], sizeof(double));
            assert_int_equal(a->status[from], b->status[k]);
        }
    }
}

static void the_unit_of_the_figures_leaves_no_trace(const struct country *country,
                                                    struct fixture_random *random)
{
    (void)random;
    static const struct writing units[] = {{1000, 1, 0}, {1, 1000, 0}, {7, 1, 0},
                                           {37, 10, 0},  {1, 100, 0},  {1024, 1, 0}};
    struct kf_panel *panel = computed(country, &plain);
    for (size_t u = 0; u < sizeof units / sizeof units[0]; u++) {
        struct kf_panel *other = computed(country, &units[u]);
        check_same(panel, other, 0);
        kf_panel_destroy(&other);
    }
    kf_panel_destroy(&panel);
}

static void the_order_of_the_members_leaves_no_trace(const struct country *country,
                                                     struct fixture_random *random)
{
    struct writing rotated = plain;
    rotated.rotate = (size_t)fixture_random_whole(random, 0, (int64_t)country->members - 1);
    struct kf_panel *panel = computed(country, &plain);
    struct kf_panel *other = computed(country, &rotated);
    check_same(panel, other, rotated.rotate);
    kf_panel_destroy(&other);
    kf_panel_destroy(&panel);
}

static void ranks_follow_the_index(const struct country *country, struct fixture_random *random)
{
    (void)random;
    struct kf_panel *panel = computed(country, &plain);
    for (size_t a = 0; a < panel->members_len; a++) {
        for (size_t b = 0; b < panel->members_len; b++) {
            double index_a = fixture_value(panel, KF_TOPIC_INDEX, "total", "", "index", a);
            double index_b = fixture_value(panel, KF_TOPIC_INDEX, "total", "", "index", b);
            double rank_a = fixture_value(panel, KF_TOPIC_INDEX, "total", "", "rank", a);
            double rank_b = fixture_value(panel, KF_TOPIC_INDEX, "total", "", "rank", b);
            assert_true((index_a > index_b) == (rank_a < rank_b));
        }
    }
    kf_panel_destroy(&panel);
}

/* Doubling every population changes no index: weights are shares of the group. */
static void only_shares_of_population_matter(const struct country *country,
                                             struct fixture_random *random)
{
    (void)random;
    struct country doubled = *country;
    for (size_t k = 0; k < doubled.members; k++) {
        doubled.population[k] *= 2;
    }
    struct kf_panel *panel = computed(country, &plain);
    struct kf_panel *other = computed(&doubled, &plain);
    check_same(panel, other, 0);
    kf_panel_destroy(&other);
    kf_panel_destroy(&panel);
}

typedef void property(const struct country *country, struct fixture_random *random);

static void for_all(property *holds)
{
    struct fixture_random random = {.state = seed};
    static struct country country;
    for (int round = 0; round < ROUNDS; round++) {
        random_country(&random, &country);
        holds(&country, &random);
    }
}

#define PROPERTY(name)                                                                             \
    static void name##_holds(void **state)                                                         \
    {                                                                                              \
        (void)state;                                                                               \
        for_all(name);                                                                             \
    }

PROPERTY(group_means_are_at_scale_on_every_level)
PROPERTY(contributions_add_up_to_the_last_bit_in_any_order)
PROPERTY(the_unit_of_the_figures_leaves_no_trace)
PROPERTY(the_order_of_the_members_leaves_no_trace)
PROPERTY(ranks_follow_the_index)
PROPERTY(only_shares_of_population_matter)

int main(void)
{
    const char *given = getenv("KF_SEED");
    unsigned long number = 0;
    if (given && kf_text_to_unsigned(given, strlen(given), 0xffffffffu, &number)) {
        seed = number;
    }
    (void)printf("seed %" PRIu64 "\n", seed);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(group_means_are_at_scale_on_every_level_holds),
        cmocka_unit_test(contributions_add_up_to_the_last_bit_in_any_order_holds),
        cmocka_unit_test(the_unit_of_the_figures_leaves_no_trace_holds),
        cmocka_unit_test(the_order_of_the_members_leaves_no_trace_holds),
        cmocka_unit_test(ranks_follow_the_index_holds),
        cmocka_unit_test(only_shares_of_population_matter_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
