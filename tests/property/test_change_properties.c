/* What must hold for expenditure, efficiency and changes of every edition and all figures. Random
 * sectors, accounts and two years; the seed is printed and may be given as KF_SEED. */
#include "tests/support/cmocka.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"
#include "services/efficiency/efficiency.h"
#include "tests/services/efficiency/given.h"

#define ROUNDS          60
#define MEMBERS_MAX     20
#define SECTORS_MAX     5
#define INDICATORS_MAX  4
#define ACCOUNTS        3 /* gross, payroll costs, wages */
#define MISSING_PERCENT 4
#define MISSING         (-1)

static uint64_t seed = 20261121;

static const char *const sector_ids[SECTORS_MAX] = {"s0", "s1", "s2", "s3", "s4"};
static const char *const indicator_ids[SECTORS_MAX][INDICATORS_MAX] = {
    {"s0i0", "s0i1", "s0i2", "s0i3"}, {"s1i0", "s1i1", "s1i2", "s1i3"},
    {"s2i0", "s2i1", "s2i2", "s2i3"}, {"s3i0", "s3i1", "s3i2", "s3i3"},
    {"s4i0", "s4i1", "s4i2", "s4i3"},
};
static const char *const account_names[ACCOUNTS] = {"bdu", "pensjon", "lonn"};

/* Figures of one year: whole numbers, MISSING for none. */
struct year {
    int64_t population[MEMBERS_MAX];
    int64_t raw[SECTORS_MAX][INDICATORS_MAX][MEMBERS_MAX];
    int64_t accounts[SECTORS_MAX][ACCOUNTS][MEMBERS_MAX];
    int64_t need[SECTORS_MAX][MEMBERS_MAX]; /* thousandths */
};

/* The last sector is administration when `administration`: no indicators, no weight. */
struct country {
    size_t members;
    size_t sectors;
    size_t indicators[SECTORS_MAX];
    bool administration;
    double sector_weights[SECTORS_MAX];
    double weights[SECTORS_MAX][INDICATORS_MAX];
    double wages;
    double prices;
    struct year now;
    struct year before;
};

/* --- random figures -------------------------------------------------------------------------- */

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

/* The first member has everything. */
static int64_t figure(struct fixture_random *random, size_t member, int64_t low, int64_t high)
{
    bool missing = member > 0 && fixture_random_whole(random, 1, 100) <= MISSING_PERCENT;
    return missing ? MISSING : fixture_random_whole(random, low, high);
}

static void random_member(struct fixture_random *random, const struct country *country,
                          struct year *year, size_t k)
{
    year->population[k] = fixture_random_whole(random, 200, 700000);
    for (size_t s = 0; s < country->sectors; s++) {
        for (size_t i = 0; i < country->indicators[s]; i++) {
            year->raw[s][i][k] = figure(random, k, k > 0 ? 0 : 1, 5000);
        }
        year->accounts[s][0][k] = figure(random, k, 100000, 900000);
        year->accounts[s][1][k] = figure(random, k, 1000, 20000);
        year->accounts[s][2][k] = figure(random, k, 10000, 90000);
        year->need[s][k] = fixture_random_whole(random, 500, 1500);
    }
}

static void random_country(struct fixture_random *random, struct country *country)
{
    memset(country, 0, sizeof *country);
    country->members = (size_t)fixture_random_whole(random, 1, MEMBERS_MAX);
    country->sectors = (size_t)fixture_random_whole(random, 2, SECTORS_MAX);
    country->administration = fixture_random_whole(random, 0, 1) != 0;
    size_t produce = country->sectors - (country->administration ? 1 : 0);
    random_weights(random, country->sector_weights, produce);
    for (size_t s = 0; s < produce; s++) {
        country->indicators[s] = (size_t)fixture_random_whole(random, 1, INDICATORS_MAX);
        random_weights(random, country->weights[s], country->indicators[s]);
    }
    country->wages = (double)fixture_random_whole(random, 0, 80) / 10;
    country->prices = (double)fixture_random_whole(random, 0, 120) / 10;
    for (size_t k = 0; k < country->members; k++) {
        random_member(random, country, &country->now, k);
        random_member(random, country, &country->before, k);
    }
}

/* --- the panel ------------------------------------------------------------------------------- */

static void to_values(const struct country *country, const int64_t *figures, double factor,
                      double *values)
{
    for (size_t k = 0; k < country->members; k++) {
        values[k] = figures[k] == MISSING ? FIXTURE_MISSING : (double)figures[k] * factor;
    }
}

static void write_year(const struct country *country, const struct year *year, double amounts,
                       struct kf_panel *panel)
{
    double values[MEMBERS_MAX];
    to_values(country, year->population, 1, values);
    fixture_population(panel, values);
    for (size_t s = 0; s < country->sectors; s++) {
        for (size_t a = 0; a < ACCOUNTS; a++) {
            to_values(country, year->accounts[s][a], amounts, values);
            fixture_column(panel,
                           kf_arena_printf(panel->arena, "%s_%s", sector_ids[s], account_names[a]),
                           values);
        }
    }
}

static void write_results(const struct country *country, const struct year *year,
                          struct kf_panel *panel)
{
    double values[MEMBERS_MAX];
    double ones[MEMBERS_MAX];
    for (size_t k = 0; k < country->members; k++) {
        ones[k] = 1 + (double)k / 100;
    }
    for (size_t s = 0; s < country->sectors; s++) {
        for (size_t i = 0; i < country->indicators[s]; i++) {
            to_values(country, year->raw[s][i], 1, values);
            given_result(panel, KF_TOPIC_INDICATOR, sector_ids[s], indicator_ids[s][i], "raw",
                         values);
        }
        to_values(country, year->need[s], 0.001, values);
        given_need(panel, sector_ids[s], values);
        given_result(panel, KF_TOPIC_INDEX, sector_ids[s], "", "index", ones);
    }
    to_values(country, year->need[0], 0.001, values);
    given_need(panel, KF_SECTOR_TOTAL, values);
    given_need(panel, KF_SECTOR_TOTAL_WITH_ADMINISTRATION, values);
    given_result(panel, KF_TOPIC_INDEX, KF_SECTOR_TOTAL, "", "index", ones);
}

static void write_sectors(const struct country *country, struct kf_panel *panel)
{
    for (size_t s = 0; s < country->sectors; s++) {
        struct kf_sector *sector = fixture_sector(panel, sector_ids[s], country->sector_weights[s]);
        given_rules(panel, &sector->expenditure, sector_ids[s], true);
        fixture_criterion(panel, sector_ids[s], "innbyggere", 1);
        sector->need_weight = 1 / (double)country->sectors;
        sector->expenditure.need_corrected = s % 2 == 0;
        sector->administration = country->administration && s + 1 == country->sectors;
        for (size_t i = 0; i < country->indicators[s]; i++) {
            fixture_indicator(panel, sector_ids[s], indicator_ids[s][i], country->weights[s][i]);
            given_weight(panel, sector_ids[s], indicator_ids[s][i], country->weights[s][i]);
        }
        if (country->indicators[s] > 0) {
            given_weight(panel, sector_ids[s], "", country->sector_weights[s]);
        }
    }
}

/* What each year's amounts are multiplied by. */
struct prices {
    double now;
    double before;
};

static struct kf_panel *computed(const struct country *country, struct prices prices)
{
    struct kf_panel *panel = fixture_panel_new(100, country->members);
    struct kf_panel *before = fixture_previous(panel);
    fixture_edition(panel)->change.computed = true;
    given_growth(panel, country->wages, country->prices);
    write_sectors(country, panel);
    write_year(country, &country->now, prices.now, panel);
    write_year(country, &country->before, prices.before, before);
    fixture_seal(panel);
    write_results(country, &country->now, panel);
    write_results(country, &country->before, before);
    struct kf_error err = {0};
    if (kf_efficiency_compute(panel, fixture_findings(), &err) != KF_OK) {
        fail_msg("seed %" PRIu64 ": %s", seed, err.text);
    }
    return panel;
}

static const struct prices plain = {1, 1};

/* --- properties ------------------------------------------------------------------------------ */

static bool is_change(const struct kf_result *result)
{
    return result->topic == KF_TOPIC_EFFICIENCY && strstr(result->measure, "_change_") != NULL;
}

static void nothing_changes_when_no_figure_does(const struct country *country)
{
    struct country still = *country;
    still.now = still.before;
    still.wages = 0;
    still.prices = 0;
    struct kf_panel *panel = computed(&still, plain);
    size_t changes = 0;
    for (size_t i = 0; i < panel->results_len; i++) {
        const struct kf_result *result = &panel->results[i];
        bool beyond = strcmp(result->measure, "production_beyond_need_percent") == 0;
        for (size_t k = 0; k < (result->group ? 1 : panel->members_len); k++) {
            bool checked = (is_change(result) || beyond) && kf_cell_has_value(result->status[k]);
            assert_true(!checked || result->values[k] == 0);
            changes += checked;
        }
    }
    assert_true(changes > 0);
    kf_panel_destroy(&panel);
}

static void check_same(const struct kf_panel *panel, const struct kf_panel *other)
{
    assert_int_equal(panel->results_len, other->results_len);
    for (size_t i = 0; i < panel->results_len; i++) {
        const struct kf_result *a = &panel->results[i];
        const struct kf_result *b = &other->results[i];
        size_t cells = a->group ? 1 : panel->members_len;
        assert_string_equal(a->measure, b->measure);
        assert_memory_equal(a->values, b->values, cells * sizeof *a->values);
        assert_memory_equal(a->status, b->status, cells);
    }
}

static void doubling_all_amounts_of_both_years_changes_nothing(const struct country *country)
{
    struct kf_panel *panel = computed(country, plain);
    struct kf_panel *other = computed(country, (struct prices){2, 2});
    check_same(panel, other);
    kf_panel_destroy(&other);
    kf_panel_destroy(&panel);
}

/* Wages and prices grow by 5 percent and with them every amount: the growth of expenditure is what
 * it is when nothing becomes dearer. */
static void a_common_growth_of_prices_is_taken_out(const struct country *country)
{
    struct country still = *country;
    still.wages = 0;
    still.prices = 0;
    struct country dearer = *country;
    dearer.wages = 5;
    dearer.prices = 5;
    struct kf_panel *panel = computed(&still, plain);
    struct kf_panel *other = computed(&dearer, (struct prices){1.05, 1});
    assert_int_equal(panel->results_len, other->results_len);
    for (size_t i = 0; i < panel->results_len; i++) {
        const struct kf_result *a = &panel->results[i];
        const struct kf_result *b = &other->results[i];
        for (size_t k = 0; is_change(a) && k < (a->group ? 1 : panel->members_len); k++) {
            assert_int_equal(a->status[k], b->status[k]);
            assert_close(b->values[k], a->values[k], 1e-9 * (1 + fabs(a->values[k])));
        }
    }
    kf_panel_destroy(&other);
    kf_panel_destroy(&panel);
}

/* Σ_s b_s P_s over the sectors that produce, where all have a change; of a single sector its own.
 */
static void the_changes_of_the_sectors_average_to_that_of_the_whole(const struct country *country)
{
    struct kf_panel *panel = computed(country, plain);
    for (size_t k = 0; k < country->members; k++) {
        double sum = 0;
        bool complete = true;
        for (size_t s = 0; s < country->sectors; s++) {
            if (country->indicators[s] > 0) {
                const struct kf_result *change = kf_panel_result(
                    panel, KF_TOPIC_EFFICIENCY, sector_ids[s], "", "production_change_percent");
                complete = complete && kf_cell_has_value(change->status[k]);
                sum += country->sector_weights[s] * change->values[k];
            }
        }
        if (complete) {
            double total = efficiency_value(panel, "total", "production_change_percent", k);
            assert_close(total, sum, 1e-9 * (1 + fabs(sum)));
        }
    }
    kf_panel_destroy(&panel);
}

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
    assert_close(weighted / people, 100, 1e-9);
}

static void expenditure_and_efficiency_have_their_mean_at_scale(const struct country *country)
{
    struct kf_panel *panel = computed(country, plain);
    size_t columns = 0;
    for (size_t i = 0; i < panel->results_len; i++) {
        const struct kf_result *result = &panel->results[i];
        bool at_scale = strcmp(result->measure, "expenditure_index") == 0 ||
                        strcmp(result->measure, "efficiency") == 0;
        if (at_scale) {
            check_mean(panel, result);
            columns++;
        }
    }
    size_t wholes = country->administration ? 2 : 1;
    assert_int_equal(columns, 2 * (country->sectors + wholes));
    kf_panel_destroy(&panel);
}

static double cell(const struct kf_panel *panel, const char *sector, const char *measure, size_t k)
{
    const struct kf_result *result =
        kf_panel_result(panel, KF_TOPIC_EFFICIENCY, sector, "", measure);
    assert_non_null(result);
    return kf_cell_has_value(result->status[k]) ? result->values[k] : NAN;
}

/* METHOD T3 and T4 between the published columns. */
static void the_columns_of_a_row_agree(const struct country *country)
{
    struct kf_panel *panel = computed(country, plain);
    for (size_t k = 0; k < country->members; k++) {
        double production = cell(panel, "total", "production_change_percent", k);
        double expenditure = cell(panel, "total", "expenditure_change_percent", k);
        double efficiency = cell(panel, "total", "efficiency_change_percent", k);
        double expected = 100 * ((100 + production) / (100 + expenditure) - 1);
        assert_int_equal(isnan(efficiency), isnan(expected));
        assert_true(isnan(expected) || fabs(efficiency - expected) <= 1e-9 * (1 + fabs(expected)));
        double beyond = cell(panel, "total", "production_beyond_need_percent", k);
        double points = cell(panel, "total", "production_per_capita_change_percent", k) -
                        cell(panel, "total", "need_change_percent", k);
        assert_true(isnan(points) || fabs(beyond - points) <= 1e-9 * (1 + fabs(points)));
    }
    kf_panel_destroy(&panel);
}

typedef void property(const struct country *country);

static void for_all(property *holds)
{
    struct fixture_random random = {.state = seed};
    static struct country country;
    for (int round = 0; round < ROUNDS; round++) {
        random_country(&random, &country);
        holds(&country);
    }
}

#define PROPERTY(name)                                                                             \
    static void name##_holds(void **state)                                                         \
    {                                                                                              \
        (void)state;                                                                               \
        for_all(name);                                                                             \
    }

PROPERTY(nothing_changes_when_no_figure_does)
PROPERTY(doubling_all_amounts_of_both_years_changes_nothing)
PROPERTY(a_common_growth_of_prices_is_taken_out)
PROPERTY(the_changes_of_the_sectors_average_to_that_of_the_whole)
PROPERTY(expenditure_and_efficiency_have_their_mean_at_scale)
PROPERTY(the_columns_of_a_row_agree)

int main(void)
{
    const char *given = getenv("KF_SEED");
    unsigned long number = 0;
    if (given && kf_text_to_unsigned(given, strlen(given), 0xffffffffu, &number)) {
        seed = number;
    }
    (void)printf("seed %" PRIu64 "\n", seed);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_changes_when_no_figure_does_holds),
        cmocka_unit_test(doubling_all_amounts_of_both_years_changes_nothing_holds),
        cmocka_unit_test(a_common_growth_of_prices_is_taken_out_holds),
        cmocka_unit_test(the_changes_of_the_sectors_average_to_that_of_the_whole_holds),
        cmocka_unit_test(expenditure_and_efficiency_have_their_mean_at_scale_holds),
        cmocka_unit_test(the_columns_of_a_row_agree_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
