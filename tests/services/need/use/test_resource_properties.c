/* What holds for resource use of any panel: means, exact sums, invariance. */
#include "tests/support/cmocka.h"

#include <math.h>
#include <string.h>

#include "services/need/need.h"
#include "tests/services/need/use/use_fixture.h"

#define PANELS  60
#define MEMBERS 40
#define SECTORS 6
#define MEAN    1e-6 /* kr: what rounding to the grid leaves of a mean that is 0 */

/* Figures of a panel before it is made; amounts in 1000 kr. */
struct figures {
    double people[MEMBERS];
    double net[SECTORS][MEMBERS];
    double criterion[SECTORS][MEMBERS];
    double payroll_costs[MEMBERS];
    double wages[MEMBERS];
    double host[MEMBERS];
    double private_schools[MEMBERS];
    double interest[MEMBERS];
    double result[MEMBERS];
};

static const char *const sectors[SECTORS] = {"skole",  "omsorg", "barnevern",
                                             "sosial", "kultur", "samferdsel"};
static const char *const criteria[SECTORS] = {"c0", "c1", "c2", "c3", "c4", "c5"};

static void draw(struct fixture_random *random, struct figures *figures)
{
    for (size_t k = 0; k < MEMBERS; k++) {
        double people = (double)fixture_random_whole(random, 200, 700000);
        figures->people[k] = people;
        for (size_t s = 0; s < SECTORS; s++) {
            figures->net[s][k] = floor(people * (double)fixture_random_whole(random, 2, 30));
            figures->criterion[s][k] = (double)fixture_random_whole(random, 1, 100000);
        }
        figures->payroll_costs[k] = floor(people * (double)fixture_random_whole(random, 1, 3));
        figures->wages[k] = floor(people * (double)fixture_random_whole(random, 5, 10));
        figures->host[k] = (double)fixture_random_whole(random, 0, 9000);
        figures->private_schools[k] = (double)fixture_random_whole(random, 0, 9000);
        figures->interest[k] = (double)fixture_random_whole(random, -90000, 90000);
        figures->result[k] = (double)fixture_random_whole(random, -90000, 90000);
    }
}

/* Which adjustments the panel has. */
enum { PAYROLL = 1, HOST = 2, PRIVATE = 4, ALL = 7 };

/* How amounts are given: in 1000 kr with factors of 1000, or in kr; members as drawn or the other
 * way round. */
struct form {
    bool kroner;
    bool reversed;
    unsigned adjustments;
};

static void put(struct kf_panel *panel, const char *variable, const double *values, double factor,
                bool reversed)
{
    double placed[MEMBERS];
    for (size_t k = 0; k < MEMBERS; k++) {
        placed[k] = factor * values[reversed ? MEMBERS - 1 - k : k];
    }
    fixture_column(panel, variable, placed);
}

static void rescale(struct kf_terms *terms, const struct form *form)
{
    for (size_t t = 0; t < terms->count; t++) {
        terms->list[t].factor *= form->kroner ? 1 : 1000;
    }
}

static void add_adjustments(struct kf_panel *panel, const struct form *form)
{
    struct kf_sector *school = &fixture_edition(panel)->sectors[0];
    struct kf_sector *care = &fixture_edition(panel)->sectors[1];
    if (form->adjustments & PAYROLL) {
        struct kf_adjustment *payroll = use_payroll(panel, school, "pensjon", "sosiale", "lonn");
        rescale(&payroll->payroll_costs, form);
        rescale(&payroll->wages, form);
    }
    if (form->adjustments & HOST) {
        rescale(&use_adjustment(panel, care, "pu", "pu", -1)->amount, form);
    }
    if (form->adjustments & PRIVATE) {
        struct kf_adjustment *private = use_adjustment(panel, school, "private", "private", 1);
        private->to = KF_ADJUST_NEED;
        rescale(&private->amount, form);
    }
}

static struct kf_panel *compute(const struct figures *figures, const struct form *form)
{
    struct kf_panel *panel = fixture_panel_new(1, MEMBERS);
    double factor = form->kroner ? 1000 : 1;
    put(panel, "folkemengde", figures->people, 1, form->reversed);
    for (size_t s = 0; s < SECTORS; s++) {
        struct kf_sector *sector = use_sector(panel, sectors[s], figures->net[s]);
        put(panel, sectors[s], figures->net[s], factor, form->reversed);
        rescale(&sector->resources.net, form);
        use_key(panel, sectors[s], criteria[s], figures->criterion[s]);
        put(panel, criteria[s], figures->criterion[s], 1, form->reversed);
        sector->resources.outside = s >= 4;
    }
    use_income(panel, "renter", figures->interest);
    use_income(panel, "resultat", figures->result);
    for (size_t i = 0; i < 2; i++) {
        rescale(&fixture_edition(panel)->uses[i].amount, form);
    }
    put(panel, "renter", figures->interest, factor, form->reversed);
    put(panel, "resultat", figures->result, factor, form->reversed);
    put(panel, "sosiale", figures->payroll_costs, factor, form->reversed);
    put(panel, "lonn", figures->wages, factor, form->reversed);
    put(panel, "pu", figures->host, factor, form->reversed);
    put(panel, "private", figures->private_schools, factor, form->reversed);
    add_adjustments(panel, form);
    use_compute(panel);
    return panel;
}

static double cell(const struct kf_panel *panel, const char *sector, const char *measure, size_t k)
{
    return use_value(panel, sector, measure, k);
}

/* Calls `check` with many panels of all adjustments. */
static void with_panels(void (*check)(const struct figures *figures, const struct kf_panel *panel))
{
    struct fixture_random random = {.state = 20221103};
    struct figures *figures = test_malloc(sizeof *figures);
    for (size_t i = 0; i < PANELS; i++) {
        draw(&random, figures);
        struct kf_panel *panel = compute(figures, &(struct form){.adjustments = ALL});
        check(figures, panel);
        kf_panel_destroy(&panel);
    }
    test_free(figures);
}

static const char *const parts[] = {"skole",  "omsorg",     "barnevern", "sosial",
                                    "kultur", "samferdsel", "renter",    "resultat"};
enum { PARTS = sizeof parts / sizeof parts[0] };

static void check_means(const struct figures *figures, const struct kf_panel *panel)
{
    static const char *const measures[] = {"deviation_kr_per_capita",
                                           "income_adjusted_kr_per_capita"};
    for (size_t i = 0; i < PARTS; i++) {
        for (size_t m = 0; m < 2; m++) {
            long double sum = 0;
            long double people = 0;
            for (size_t k = 0; k < MEMBERS; k++) {
                sum += (long double)figures->people[k] * cell(panel, parts[i], measures[m], k);
                people += figures->people[k];
            }
            assert_close((double)(sum / people), 0, MEAN);
        }
    }
}

static void the_countrys_mean_deviation_is_zero(void **state)
{
    (void)state;
    with_panels(check_means);
}

static double sum(const struct kf_panel *panel, const char *measure, size_t from, size_t to,
                  size_t k)
{
    double total = 0;
    for (size_t i = from; i < to; i++) {
        total += cell(panel, parts[i], measure, k);
    }
    return total;
}

static void check_sums(const struct figures *figures, const struct kf_panel *panel)
{
    (void)figures;
    const char *deviation = "deviation_kr_per_capita";
    for (size_t k = 0; k < MEMBERS; k++) {
        double inside = cell(panel, "inside", deviation, k);
        double outside = cell(panel, "outside", deviation, k);
        assert_true(inside == sum(panel, deviation, 0, 4, k));
        assert_true(outside == sum(panel, deviation, 4, 6, k));
        assert_true(cell(panel, "disposable_income", deviation, k) ==
                    inside + outside + sum(panel, deviation, 6, 8, k));
        for (size_t s = 0; s < SECTORS; s++) {
            double spent = cell(panel, sectors[s], "adjusted_expenditure_kr_per_capita", k);
            assert_true(cell(panel, sectors[s], deviation, k) ==
                        spent - use_need(panel, sectors[s], k));
        }
        double host = fixture_value(panel, KF_TOPIC_RESOURCE_USE, "omsorg", "pu",
                                    "adjustment_kr_per_capita", k);
        assert_true(cell(panel, "omsorg", "adjusted_expenditure_kr_per_capita", k) ==
                    cell(panel, "omsorg", "net_expenditure_kr_per_capita", k) + host);
    }
}

static void parts_add_up_to_the_last_bit(void **state)
{
    (void)state;
    with_panels(check_sums);
}

static void check_zero(const struct figures *figures, const struct kf_panel *panel)
{
    (void)figures;
    const char *measure = "income_adjusted_kr_per_capita";
    double shares = 0;
    for (size_t i = 0; i < PARTS; i++) {
        shares += cell(panel, parts[i], "income_share", 0);
    }
    assert_true(shares == 1);
    for (size_t k = 0; k < MEMBERS; k++) {
        assert_true(sum(panel, measure, 0, PARTS, k) == 0);
        assert_true(cell(panel, "inside", measure, k) == sum(panel, measure, 0, 4, k));
        assert_true(cell(panel, "outside", measure, k) == sum(panel, measure, 4, 6, k));
        for (size_t i = 0; i < PARTS; i++) { /* and it is what the rule says, but for rounding */
            double expected = cell(panel, parts[i], "deviation_kr_per_capita", k) -
                              cell(panel, parts[i], "income_share", 0) *
                                  cell(panel, "disposable_income", "deviation_kr_per_capita", k);
            assert_close(cell(panel, parts[i], measure, k), expected, MEAN);
        }
    }
}

static void what_is_adjusted_for_income_sums_to_zero_exactly(void **state)
{
    (void)state;
    with_panels(check_zero);
}

/* Every result of one panel against another's, whose member k is the first's `mirror` − k. */
static void assert_same(const struct kf_panel *one, const struct kf_panel *other, bool reversed)
{
    assert_int_equal(one->results_len, other->results_len);
    for (size_t i = 0; i < one->results_len; i++) {
        const struct kf_result *result = &one->results[i];
        const struct kf_result *same = kf_panel_result(other, result->topic, result->sector,
                                                       result->indicator, result->measure);
        assert_non_null(same);
        size_t cells = result->group ? 1 : MEMBERS;
        for (size_t k = 0; k < cells; k++) {
            size_t there = reversed ? cells - 1 - k : k;
            assert_true(result->values[k] == same->values[there]);
            assert_int_equal(result->status[k], same->status[there]);
        }
    }
}

static void neither_order_nor_unit_shows_in_the_last_bit(void **state)
{
    (void)state;
    struct fixture_random random = {.state = 7};
    struct figures *figures = test_malloc(sizeof *figures);
    for (size_t i = 0; i < PANELS; i++) {
        draw(&random, figures);
        struct kf_panel *one = compute(figures, &(struct form){.adjustments = ALL});
        struct kf_panel *kroner =
            compute(figures, &(struct form){.adjustments = ALL, .kroner = true});
        struct kf_panel *reversed =
            compute(figures, &(struct form){.adjustments = ALL, .reversed = true});
        assert_same(one, kroner, false);
        assert_same(one, reversed, true);
        kf_panel_destroy(&one);
        kf_panel_destroy(&kroner);
        kf_panel_destroy(&reversed);
    }
    test_free(figures);
}

static double column(const struct kf_panel *panel, const char *sector, const char *id, size_t k)
{
    return fixture_value(panel, KF_TOPIC_RESOURCE_USE, sector, id, "adjustment_kr_per_capita", k);
}

static void an_adjustment_that_is_off_moves_the_result_by_its_column(void **state)
{
    (void)state;
    struct fixture_random random = {.state = 94};
    struct figures *figures = test_malloc(sizeof *figures);
    const char *spent = "adjusted_expenditure_kr_per_capita";
    for (size_t i = 0; i < PANELS; i++) {
        draw(&random, figures);
        struct kf_panel *all = compute(figures, &(struct form){.adjustments = ALL});
        struct kf_panel *off = compute(figures, &(struct form){.adjustments = PAYROLL});
        for (size_t k = 0; k < MEMBERS; k++) {
            assert_true(cell(all, "omsorg", spent, k) - column(all, "omsorg", "pu", k) ==
                        cell(off, "omsorg", spent, k));
            assert_true(use_need(all, "skole", k) - column(all, "skole", "private", k) ==
                        use_need(off, "skole", k));
            assert_true(cell(all, "skole", spent, k) == cell(off, "skole", spent, k));
            assert_true(cell(all, "sosial", "deviation_kr_per_capita", k) ==
                        cell(off, "sosial", "deviation_kr_per_capita", k));
        }
        kf_panel_destroy(&all);
        kf_panel_destroy(&off);
    }
    test_free(figures);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_countrys_mean_deviation_is_zero),
        cmocka_unit_test(parts_add_up_to_the_last_bit),
        cmocka_unit_test(what_is_adjusted_for_income_sums_to_zero_exactly),
        cmocka_unit_test(neither_order_nor_unit_shows_in_the_last_bit),
        cmocka_unit_test(an_adjustment_that_is_off_moves_the_result_by_its_column),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
