/* What must hold for every edition and all data: means at scale, parts that add up, no trace of
 * units and order. Random editions and figures; the seed is printed and may be given as KF_SEED. */
#include "tests/support/cmocka.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tests/property/country.h"

#define ROUNDS 60

static void check_mean(const struct kf_panel *panel, const struct kf_result *result)
{
    const double *population = kf_panel_population(panel);
    double people = 0;
    double weighted = 0;
    for (size_t k = 0; k < panel->members_len; k++) {
        if (kf_cell_has_value(result->status[k])) {
            people += population[k];
            weighted += population[k] * result->values[k];
        }
    }
    double scale = panel->edition->scale;
    assert_close(weighted / people, scale, scale * 1e-11);
}

static bool lacks_cells(const struct kf_panel *panel, const struct kf_result *result)
{
    for (size_t k = 0; k < panel->members_len; k++) {
        if (!kf_cell_has_value(result->status[k])) {
            return true;
        }
    }
    return false;
}

/* True when somebody's weights are rescaled below this index: then only the columns that it is made
 * of are at scale. */
static bool is_rescaled(const struct kf_panel *panel, const struct kf_result *index)
{
    bool total = strcmp(index->sector, KF_SECTOR_TOTAL) == 0;
    for (size_t i = 0; i < panel->results_len; i++) {
        const struct kf_result *part = &panel->results[i];
        bool below =
            strcmp(part->measure, "normalized") == 0 || strcmp(part->measure, "index") == 0;
        if (below && (total || strcmp(part->sector, index->sector) == 0) &&
            lacks_cells(panel, part)) {
            return true;
        }
    }
    return false;
}

static bool is_product(const struct kf_panel *panel, const char *sector)
{
    const struct kf_result *index = kf_panel_result(panel, KF_TOPIC_INDEX, sector, "", "index");
    return panel->edition->composition == KF_COMPOSE_PRODUCT &&
           panel->edition->normalization == KF_NORMALIZE_MEAN &&
           strcmp(sector, KF_SECTOR_TOTAL) != 0 && (index->status[0] & KF_CELL_INFERRED);
}

/* Of the members that have a value, where some have none. A product is brought to scale by itself,
 * a published index too. */
static void group_means_are_at_scale_on_every_level(const struct country *country,
                                                    struct fixture_random *random)
{
    (void)random;
    struct kf_panel *panel = country_computed(country, &country_plainly);
    for (size_t i = 0; i < panel->results_len; i++) {
        const struct kf_result *result = &panel->results[i];
        bool index = strcmp(result->measure, "index") == 0;
        bool at_scale = index && (!is_rescaled(panel, result) || is_product(panel, result->sector));
        if (strcmp(result->measure, "normalized") == 0 || at_scale) {
            check_mean(panel, result);
        }
    }
    kf_panel_destroy(&panel);
}

static void weights_close_to_one(const struct country *country, struct fixture_random *random)
{
    (void)random;
    struct kf_panel *panel = country_computed(country, &country_plainly);
    double sectors = 0;
    for (size_t s = 0; s < country->sectors; s++) {
        double indicators = 0;
        sectors += fixture_value(panel, KF_TOPIC_STATISTICS, country_sector(s), "", "weight", 0);
        for (size_t i = 0; !country->given[s] && i < country->indicators[s]; i++) {
            indicators += fixture_value(panel, KF_TOPIC_STATISTICS, country_sector(s),
                                        country_indicator(s, i), "weight", 0);
        }
        assert_close(indicators, country->given[s] ? 0 : 1, 1e-12);
    }
    assert_close(sectors, 1, 1e-12);
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

/* Below this, in scales, any sum of contributions is exact: see kf_grid. */
#define EXACT_BELOW 2000

/* The parts in random order, added up as anybody would. */
static void check_parts(struct fixture_random *random, double *parts, size_t count,
                        const struct kf_panel *panel, double whole)
{
    shuffle(random, parts, count);
    double sum = 0;
    double size = 0;
    for (size_t i = 0; i < count; i++) {
        sum += parts[i];
        size += fabs(parts[i]);
    }
    assert_true(sum == whole || size >= EXACT_BELOW * panel->edition->scale);
}

/* Some numbers collected for one member. */
struct parts {
    double list[SECTORS_MAX * INDICATORS_MAX];
    size_t count;
};

/* Adds the member's cell of the row to the parts when it has a value. */
static void take(const struct kf_panel *panel, const struct kf_result_key *row, size_t k,
                 struct parts *parts)
{
    const struct kf_result *result =
        kf_panel_result(panel, row->topic, row->sector, row->indicator, row->measure);
    assert_non_null(result);
    if (kf_cell_has_value(result->status[k])) {
        parts->list[parts->count++] = result->values[k];
    }
}

static void take_part(const struct kf_panel *panel, const char *sector, const char *indicator,
                      const char *measure, size_t k, struct parts *parts)
{
    struct kf_result_key row = {.topic = indicator[0] ? KF_TOPIC_INDICATOR : KF_TOPIC_INDEX,
                                .sector = sector,
                                .indicator = indicator,
                                .measure = measure};
    take(panel, &row, k, parts);
}

static void check_index(const struct kf_panel *panel, const char *sector, size_t k,
                        struct fixture_random *random, struct parts *parts)
{
    const struct kf_result *index = kf_panel_result(panel, KF_TOPIC_INDEX, sector, "", "index");
    assert_non_null(index);
    assert_true(kf_cell_has_value(index->status[k]) == (parts->count > 0));
    check_parts(random, parts->list, parts->count, panel, index->values[k]);
}

/* A published sector has no indicators: it contributes as a whole. */
static void check_member(const struct kf_panel *panel, size_t k, struct fixture_random *random)
{
    struct parts to_total = {.count = 0};
    struct parts sectors = {.count = 0};
    for (size_t s = 0; s < panel->edition->sectors_len; s++) {
        const struct kf_sector *sector = &panel->edition->sectors[s];
        struct parts own = {.count = 0};
        for (size_t i = 0; i < sector->indicators_len; i++) {
            const char *id = sector->indicators[i].id;
            take_part(panel, sector->id, id, "contribution", k, &own);
            take_part(panel, sector->id, id, "contribution_to_total", k, &to_total);
        }
        take_part(panel, sector->id, "", "contribution", k, &sectors);
        if (sector->indicators_len > 0) {
            check_index(panel, sector->id, k, random, &own);
        } else {
            take_part(panel, sector->id, "", "contribution", k, &to_total);
        }
    }
    check_index(panel, KF_SECTOR_TOTAL, k, random, &sectors);
    check_index(panel, KF_SECTOR_TOTAL, k, random, &to_total);
}

static void contributions_add_up_to_the_last_bit_in_any_order(const struct country *country,
                                                              struct fixture_random *random)
{
    struct kf_panel *panel = country_computed(country, &country_plainly);
    for (size_t k = 0; k < panel->members_len; k++) {
        check_member(panel, k, random);
    }
    kf_panel_destroy(&panel);
}

/* Same bits in every result but the raw values; `rotate` says where member k stands in `other`. Of
 * the group's rows the weights are compared: descriptives are sums of doubles, in another order. */
static void check_same(const struct kf_panel *panel, const struct kf_panel *other, size_t rotate)
{
    size_t n = panel->members_len;
    assert_int_equal(panel->results_len, other->results_len);
    for (size_t i = 0; i < panel->results_len; i++) {
        const struct kf_result *a = &panel->results[i];
        const struct kf_result *b = &other->results[i];
        assert_string_equal(a->measure, b->measure);
        if (strcmp(a->measure, "weight") == 0) {
            assert_memory_equal(a->values, b->values, sizeof(double));
        }
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
    struct kf_panel *panel = country_computed(country, &country_plainly);
    for (size_t u = 0; u < sizeof units / sizeof units[0]; u++) {
        struct kf_panel *other = country_computed(country, &units[u]);
        check_same(panel, other, 0);
        kf_panel_destroy(&other);
    }
    kf_panel_destroy(&panel);
}

static void the_order_of_the_members_leaves_no_trace(const struct country *country,
                                                     struct fixture_random *random)
{
    struct writing rotated = country_plainly;
    rotated.rotate = (size_t)fixture_random_whole(random, 0, (int64_t)country->members - 1);
    struct kf_panel *panel = country_computed(country, &country_plainly);
    struct kf_panel *other = country_computed(country, &rotated);
    check_same(panel, other, rotated.rotate);
    kf_panel_destroy(&other);
    kf_panel_destroy(&panel);
}

static void ranks_follow_the_index(const struct country *country, struct fixture_random *random)
{
    (void)random;
    struct kf_panel *panel = country_computed(country, &country_plainly);
    const struct kf_result *index = kf_panel_result(panel, KF_TOPIC_INDEX, "total", "", "index");
    const struct kf_result *rank = kf_panel_result(panel, KF_TOPIC_INDEX, "total", "", "rank");
    for (size_t a = 0; a < panel->members_len; a++) {
        assert_int_equal(index->status[a], rank->status[a]);
        for (size_t b = 0; b < panel->members_len; b++) {
            bool both = kf_cell_has_value(index->status[a]) && kf_cell_has_value(index->status[b]);
            assert_true(!both || (index->values[a] > index->values[b]) ==
                                     (rank->values[a] < rank->values[b]));
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
    struct kf_panel *panel = country_computed(country, &country_plainly);
    struct kf_panel *other = country_computed(&doubled, &country_plainly);
    check_same(panel, other, 0);
    kf_panel_destroy(&other);
    kf_panel_destroy(&panel);
}

typedef void property(const struct country *country, struct fixture_random *random);

static void for_all(property *holds)
{
    struct fixture_random random = {.state = country_seed()};
    static struct country country;
    for (int turn = 0; turn < ROUNDS; turn++) {
        country_random(&random, turn % 2 == 0, &country);
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
PROPERTY(weights_close_to_one)
PROPERTY(contributions_add_up_to_the_last_bit_in_any_order)
PROPERTY(the_unit_of_the_figures_leaves_no_trace)
PROPERTY(the_order_of_the_members_leaves_no_trace)
PROPERTY(ranks_follow_the_index)
PROPERTY(only_shares_of_population_matter)

int main(void)
{
    (void)printf("seed %" PRIu64 "\n", country_seed());
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(group_means_are_at_scale_on_every_level_holds),
        cmocka_unit_test(weights_close_to_one_holds),
        cmocka_unit_test(contributions_add_up_to_the_last_bit_in_any_order_holds),
        cmocka_unit_test(the_unit_of_the_figures_leaves_no_trace_holds),
        cmocka_unit_test(the_order_of_the_members_leaves_no_trace_holds),
        cmocka_unit_test(ranks_follow_the_index_holds),
        cmocka_unit_test(only_shares_of_population_matter_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
