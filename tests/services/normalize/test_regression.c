#include "tests/support/cmocka.h"

#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/base/student.h"
#include "services/normalize/regression.h"
#include "tests/support/panel_fixture.h"

#define ARENA_BYTES ((size_t)64 * 1024 * 1024)

/* Estimates and expects it to work. */
static struct kf_regression estimated(const struct kf_regression_data *data)
{
    struct kf_arena *arena = kf_arena_new(ARENA_BYTES);
    struct kf_regression result = {0};
    struct kf_error err = {0};
    assert_int_equal(kf_regression_estimate(data, arena, &result, fixture_findings(), &err), KF_OK);
    kf_arena_destroy(&arena);
    return result;
}

/* Estimates and expects it to be refused; the findings are in fixture_findings' list. */
static struct kf_findings *refused(const struct kf_regression_data *data)
{
    struct kf_arena *arena = kf_arena_new(ARENA_BYTES);
    struct kf_regression result = {.observations = 77};
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_regression_estimate(data, arena, &result, findings, &err), KF_ERR_DATA);
    assert_int_equal(err.disposition, KF_REJECT);
    assert_int_equal(result.observations, 77);
    kf_arena_destroy(&arena);
    return findings;
}

static void assert_digits(double value, double certified)
{
    assert_close(value, certified, 1e-13 * fabs(certified));
}

static double coefficient(const struct kf_regression_term *term)
{
    return kf_wide_value(term->coefficient);
}

/* --- published data sets --------------------------------------------------------------------- */

/* NIST Statistical Reference Datasets, linear regression, Longley (1967): certified values. */
static void longleys_certified_values_come_out_in_all_digits(void **state)
{
    (void)state;
    static const double y[] = {60323, 61122, 60171, 61187, 63221, 63639, 64989, 63761,
                               66019, 67857, 68169, 66513, 68655, 69564, 69331, 70551};
    static const double x[6][16] = {
        {83.0, 88.5, 88.2, 89.5, 96.2, 98.1, 99.0, 100.0, 101.2, 104.6, 108.4, 110.8, 112.6, 114.2,
         115.7, 116.9},
        {234289, 259426, 258054, 284599, 328975, 346999, 365385, 363112, 397469, 419180, 442769,
         444546, 482704, 502601, 518173, 554894},
        {2356, 2325, 3682, 3351, 2099, 1932, 1870, 3578, 2904, 2822, 2936, 4681, 3813, 3931, 4806,
         4007},
        {1590, 1456, 1616, 1650, 3099, 3594, 3547, 3350, 3048, 2857, 2798, 2637, 2552, 2514, 2572,
         2827},
        {107608, 108632, 109773, 110929, 112075, 113270, 115094, 116219, 117388, 118734, 120445,
         121950, 123366, 125368, 127852, 130081},
        {1947, 1948, 1949, 1950, 1951, 1952, 1953, 1954, 1955, 1956, 1957, 1958, 1959, 1960, 1961,
         1962},
    };
    static const double certified[6][2] = {{15.0618722713733, 84.9149257747669},
                                           {-0.358191792925910E-01, 0.334910077722432E-01},
                                           {-2.02022980381683, 0.488399681651699},
                                           {-1.03322686717359, 0.214274163161675},
                                           {-0.511041056535807E-01, 0.226073200069370},
                                           {1829.15146461355, 455.478499142212}};
    const double *columns[] = {x[0], x[1], x[2], x[3], x[4], x[5]};
    const char *names[] = {"deflator", "gnp", "unemployed", "armed", "population", "year"};
    struct kf_regression_data data = {.subject = "longley",
                                      .outcome = "employed",
                                      .outcomes = y,
                                      .regressors = names,
                                      .columns = columns,
                                      .regressors_len = 6,
                                      .rows = 16};
    struct kf_regression result = estimated(&data);
    assert_digits(coefficient(&result.constant), -3482258.63459582);
    assert_digits(result.constant.standard_error, 890420.383607373);
    for (size_t j = 0; j < 6; j++) {
        assert_digits(coefficient(&result.terms[j]), certified[j][0]);
        assert_digits(result.terms[j].standard_error, certified[j][1]);
        assert_digits(result.terms[j].t_value, certified[j][0] / certified[j][1]);
    }
    assert_digits(result.r_squared, 0.995479004577296);
    /* The square root of the ratio of the correlation matrix's eigenvalues: 4.60338 / .00037671. */
    assert_close(result.condition_number, 110.54, 0.01);
    assert_int_equal(result.observations, 16);
    assert_int_equal(result.terms_len, 6);
    assert_false(result.exact);
}

/* NIST Statistical Reference Datasets, linear regression, Norris: certified values. */
static void norris_certified_values_come_out_in_all_digits(void **state)
{
    (void)state;
    static const double x[] = {0.2,   337.4, 118.2, 884.6, 10.1,  226.5, 666.3, 996.3, 448.6,
                               777.0, 558.2, 0.4,   0.6,   775.5, 666.9, 338.0, 447.5, 11.6,
                               556.0, 228.1, 995.8, 887.6, 120.2, 0.3,   0.3,   556.8, 339.1,
                               887.2, 999.0, 779.0, 11.1,  118.3, 229.2, 669.1, 448.9, 0.5};
    static const double y[] = {0.1,   338.8, 118.1, 888.0, 9.2,   228.1, 668.5, 998.5, 449.1,
                               778.9, 559.2, 0.3,   0.1,   778.1, 668.8, 339.3, 448.9, 10.8,
                               557.7, 228.3, 998.0, 888.8, 119.6, 0.3,   0.6,   557.6, 339.3,
                               888.0, 998.5, 778.9, 10.2,  117.6, 228.9, 668.4, 449.2, 0.2};
    const double *columns[] = {x};
    const char *names[] = {"x"};
    struct kf_regression_data data = {.subject = "norris",
                                      .outcome = "y",
                                      .outcomes = y,
                                      .regressors = names,
                                      .columns = columns,
                                      .regressors_len = 1,
                                      .rows = 36};
    struct kf_regression result = estimated(&data);
    assert_close(coefficient(&result.constant), -0.262323073774029, 1e-14);
    assert_digits(result.constant.standard_error, 0.232818234301152);
    assert_digits(coefficient(&result.terms[0]), 1.00211681802045);
    assert_digits(result.terms[0].standard_error, 0.429796848199937E-03);
    assert_digits(result.r_squared, 0.999993745883712);
    assert_true(result.condition_number == 1);
}

/* --- worked by hand -------------------------------------------------------------------------- */

static const double four_x[] = {1, 2, 3, 4};
static const double four_y[] = {2, 4, 5, 8};
static const double *const four_columns[] = {four_x};
static const char *const one_name[] = {"andel"};

static struct kf_regression_data four_points(void)
{
    return (struct kf_regression_data){.subject = "skole in 2019",
                                       .outcome = "poeng",
                                       .outcomes = four_y,
                                       .regressors = one_name,
                                       .columns = four_columns,
                                       .regressors_len = 1,
                                       .rows = 4};
}

static void four_points_give_what_a_pencil_gives(void **state)
{
    (void)state;
    /* Means 2.5 and 4.75; Sxx = 5, Sxy = 9.5, Syy = 18.75: b = 1.9, a = 0. Residuals .1 .2 −.7 .4:
     * .7 in squares, s² = .35; se(b) = √(.35/5), se(a) = √(.35(1/4 + 6.25/5)). */
    struct kf_regression_data data = four_points();
    struct kf_regression result = estimated(&data);
    const struct kf_regression_term *term = &result.terms[0];
    assert_true(coefficient(term) == 1.9);
    assert_close(coefficient(&result.constant), 0, 1e-30);
    assert_close(term->standard_error, sqrt(0.07), 1e-16);
    assert_close(result.constant.standard_error, sqrt(0.525), 1e-15);
    assert_close(result.r_squared, 1 - 0.7 / 18.75, 1e-16);
    assert_true(kf_wide_value(result.means[0]) == 2.5);
    /* Two degrees of freedom have a closed form. */
    double t = 1.9 / sqrt(0.07);
    assert_close(term->t_value, t, 1e-14);
    assert_close(term->p_value, 1 - t / sqrt(2 + t * t), 1e-15);
    assert_int_equal(term->stars, 2); /* p = .0188 */
    assert_int_equal(result.constant.stars, 0);
}

static void stars_count_the_levels_that_p_is_below(void **state)
{
    (void)state;
    /* y = x·b + (1, −1, −1, 1)/2, which is orthogonal to x and the constant: s² = 1/2, variance of
     * b .5/5 = .1, t² = 10 b², and with two degrees p = 1 − √(t²/(2 + t²)): .198 .087 .020 .009. */
    static const double slopes[] = {0.6, 1.0, 2.2, 3.3};
    static const double squares[] = {3.6, 10, 48.4, 108.9};
    for (int i = 0; i < 4; i++) {
        double b = slopes[i];
        const double y[] = {b + 0.5, 2 * b - 0.5, 3 * b - 0.5, 4 * b + 0.5};
        struct kf_regression_data data = four_points();
        data.outcomes = y;
        struct kf_regression result = estimated(&data);
        assert_close(coefficient(&result.terms[0]), b, 1e-15);
        assert_close(result.terms[0].p_value, 1 - sqrt(squares[i] / (2 + squares[i])), 1e-14);
        assert_int_equal(result.terms[0].stars, i);
    }
}

static void an_exact_fit_has_no_errors_and_no_infinite_t(void **state)
{
    (void)state;
    static const double y[] = {1.3, 1.6, 1.9, 2.2};
    struct kf_regression_data data = four_points();
    data.outcomes = y;
    struct kf_regression result = estimated(&data);
    assert_true(result.exact);
    assert_true(coefficient(&result.terms[0]) == 0.3);
    assert_true(coefficient(&result.constant) == 1);
    assert_true(result.r_squared == 1);
    assert_true(result.terms[0].standard_error == 0 && result.terms[0].t_value == 0);
}

/* --- refusals -------------------------------------------------------------------------------- */

static void too_few_municipalities_are_refused_with_their_number(void **state)
{
    (void)state;
    struct kf_regression_data data = four_points();
    data.rows = 2;
    struct kf_findings *findings = refused(&data);
    assert_int_equal(findings->length, 1);
    assert_non_null(strstr(findings->list[0].problem, "only 2 municipalities"));
    assert_non_null(strstr(findings->list[0].problem, "at least 3"));
    data.rows = 0;
    assert_int_equal(refused(&data)->length, 1);
    data.rows = 3;
    (void)estimated(&data);
}

static void columns_that_do_not_vary_are_all_named(void **state)
{
    (void)state;
    static const double same[] = {0.1, 0.1, 0.1, 0.1, 0.1, 0.1};
    static const double x[] = {1, 2, 3, 4, 5, 7};
    static const char *const names[] = {"a", "b", "c"};
    const double *columns[] = {same, x, same};
    struct kf_regression_data data = {.subject = "skole in 2019",
                                      .outcome = "poeng",
                                      .outcomes = same,
                                      .regressors = names,
                                      .columns = columns,
                                      .regressors_len = 3,
                                      .rows = 6};
    struct kf_findings *findings = refused(&data);
    assert_int_equal(findings->length, 3);
    assert_string_equal(findings->list[0].variable, "poeng");
    assert_string_equal(findings->list[1].variable, "a");
    assert_string_equal(findings->list[2].variable, "c");
}

static void figures_beyond_all_measure_are_refused(void **state)
{
    (void)state;
    static const double sizes[] = {1e200, 1e-200, 1e300};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        const double x[] = {sizes[i], 2 * sizes[i], 3 * sizes[i], 5 * sizes[i]};
        const double *columns[] = {x};
        struct kf_regression_data data = four_points();
        data.columns = columns;
        struct kf_findings *findings = refused(&data);
        assert_int_equal(findings->length, 1);
        assert_string_equal(findings->list[0].variable, "andel");
        data = four_points();
        data.outcomes = x;
        assert_string_equal(refused(&data)->list[0].variable, "poeng");
    }
}

static void collinear_columns_are_named_with_those_they_are_made_of(void **state)
{
    (void)state;
    /* andel_c = 100 − andel_a − andel_b, to the decimal; alone is free. */
    struct fixture_random random = {7};
    double cells[4][30];
    double y[30];
    for (size_t i = 0; i < 30; i++) {
        cells[0][i] = (double)fixture_random_whole(&random, 0, 400) / 10;
        cells[1][i] = (double)fixture_random_whole(&random, 0, 400) / 10;
        cells[2][i] = (double)(1000 - lround(10 * cells[0][i]) - lround(10 * cells[1][i])) / 10;
        cells[3][i] = (double)fixture_random_whole(&random, 0, 400) / 10;
        y[i] = (double)fixture_random_whole(&random, 300, 500) / 10;
    }
    static const char *const names[] = {"andel_a", "andel_b", "andel_c", "alone"};
    const double *columns[] = {cells[0], cells[1], cells[2], cells[3]};
    struct kf_regression_data data = {.subject = "skole in 2019",
                                      .outcome = "poeng",
                                      .outcomes = y,
                                      .regressors = names,
                                      .columns = columns,
                                      .regressors_len = 4,
                                      .rows = 30};
    struct kf_findings *findings = refused(&data);
    assert_int_equal(findings->length, 1);
    char all[512];
    (void)snprintf(all, sizeof all, "%s %s", findings->list[0].variable, findings->list[0].problem);
    assert_non_null(strstr(all, "andel_a"));
    assert_non_null(strstr(all, "andel_b"));
    assert_non_null(strstr(all, "andel_c"));
    assert_non_null(strstr(all, " and "));
    assert_null(strstr(all, "alone"));
    /* Without one of the three it can be estimated. */
    columns[2] = cells[3];
    data.regressors_len = 3;
    (void)estimated(&data);
}

static void the_same_column_twice_is_refused_in_whatever_unit(void **state)
{
    (void)state;
    static const double x[] = {1.5, 2.5, 3.7, 4.1, 5, 7};
    static const double percent[] = {150, 250, 370, 410, 500, 700};
    static const double y[] = {1, 3, 2, 5, 4, 6};
    static const char *const names[] = {"andel", "prosent"};
    const double *columns[] = {x, percent};
    struct kf_regression_data data = {.subject = "skole in 2019",
                                      .outcome = "poeng",
                                      .outcomes = y,
                                      .regressors = names,
                                      .columns = columns,
                                      .regressors_len = 2,
                                      .rows = 6};
    struct kf_findings *findings = refused(&data);
    assert_int_equal(findings->length, 1);
    assert_non_null(strstr(findings->list[0].problem, "is a linear combination of"));
}

/* --- a country whose truth is known ---------------------------------------------------------- */

#define ROWS    428
#define COLUMNS 13

/* 428 municipalities with 13 socio-economic variables and a school result that rests on seven of
 * them, as large as the published regression and about as loose (R² = .166). Synthetic: the figures
 * of the published one are not at hand. */
struct country {
    double cells[COLUMNS][ROWS];
    double y[ROWS];
    const double *columns[COLUMNS];
    const char *names[COLUMNS];
};

static const double truth[COLUMNS] = {0.08, -0.05, 0, 0.03, 0, 0, -0.1, 0.04, 0, 0.06, 0, 0, -0.02};
#define TRUE_CONSTANT 40.0

static double normal(struct fixture_random *random)
{
    double sum = -6;
    for (int i = 0; i < 12; i++) {
        sum += (double)(fixture_random_next(random) >> 11) / 9007199254740992.0;
    }
    return sum;
}

static void make_country(struct country *country, uint64_t seed)
{
    static const char *const names[COLUMNS] = {
        "utdanning_lav", "utdanning_hoy", "inntekt",  "arbeidsledige", "sosialhjelp",
        "innvandrere",   "skilte",        "uforhet",  "barnevern",     "flytting",
        "tettbygd",      "eneforsorgere", "smaskoler"};
    struct fixture_random random = {seed};
    double signal[ROWS];
    double squares = 0;
    double mean = 0;
    for (size_t i = 0; i < ROWS; i++) {
        double common = normal(&random); /* hardship comes together */
        signal[i] = TRUE_CONSTANT;
        for (size_t j = 0; j < COLUMNS; j++) {
            double value = 30 + 5 * (0.5 * common + normal(&random));
            country->cells[j][i] = round(value * 10) / 10;
            signal[i] += truth[j] * country->cells[j][i];
        }
        mean += signal[i] / ROWS;
    }
    for (size_t i = 0; i < ROWS; i++) {
        squares += pow(signal[i] - mean, 2) / ROWS;
    }
    double noise = sqrt(squares * (1 / 0.166 - 1));
    for (size_t i = 0; i < ROWS; i++) {
        country->y[i] = round((signal[i] + noise * normal(&random)) * 1000) / 1000;
    }
    for (size_t j = 0; j < COLUMNS; j++) {
        country->columns[j] = country->cells[j];
        country->names[j] = names[j];
    }
}

static struct kf_regression_data data_of(const struct country *country)
{
    return (struct kf_regression_data){.subject = "skole in 2010",
                                       .outcome = "grunnskolepoeng",
                                       .outcomes = country->y,
                                       .regressors = country->names,
                                       .columns = country->columns,
                                       .regressors_len = COLUMNS,
                                       .rows = ROWS};
}

static void a_country_of_428_with_13_variables_is_estimated_within_its_errors(void **state)
{
    (void)state;
    static struct country country;
    make_country(&country, 2011);
    struct kf_regression_data data = data_of(&country);
    struct kf_regression result = estimated(&data);
    assert_int_equal(result.terms_len, 13);
    assert_int_equal(result.observations, 428);
    assert_close(result.r_squared, 0.166, 0.06);
    for (size_t j = 0; j < COLUMNS; j++) {
        const struct kf_regression_term *term = &result.terms[j];
        assert_close(coefficient(term), truth[j], 3.5 * term->standard_error);
        assert_digits(term->t_value * term->standard_error, coefficient(term));
        assert_true(term->p_value == kf_student_p_value(term->t_value, 428 - 14));
        /* Critical values of t with 414 degrees: 1.6486, 1.9657, 2.5877. */
        double t = fabs(term->t_value);
        assert_int_equal(term->stars, (t > 1.6486) + (t > 1.9657) + (t > 2.5877));
    }
    assert_close(coefficient(&result.constant), TRUE_CONSTANT,
                 3.5 * result.constant.standard_error);
}

static void the_errors_are_those_of_the_coefficients(void **state)
{
    (void)state;
    /* Of 95 % intervals 95 % cover the truth: 60 countries, 780 intervals, one deviation .8 %. And
     * of the variables without any effect 5 % get two stars. What a column of standard deviations
     * would say, as the published table's heading does, fails both by far. */
    static struct country country;
    int covered = 0;
    int starred = 0;
    int without_effect = 0;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        make_country(&country, seed);
        struct kf_regression_data data = data_of(&country);
        struct kf_regression result = estimated(&data);
        for (size_t j = 0; j < COLUMNS; j++) {
            const struct kf_regression_term *term = &result.terms[j];
            covered += fabs(coefficient(term) - truth[j]) < 1.9657 * term->standard_error;
            without_effect += truth[j] == 0;
            starred += truth[j] == 0 && term->stars >= 2;
        }
    }
    assert_close(covered / 780.0, 0.95, 0.03);
    assert_close(starred / (double)without_effect, 0.05, 0.035);
}

static void neither_the_order_of_rows_nor_of_columns_leaves_a_trace(void **state)
{
    (void)state;
    static struct country country;
    static struct country turned;
    make_country(&country, 5);
    for (size_t i = 0; i < ROWS; i++) {
        size_t from = (i * 125 + 17) % ROWS; /* 125 and 428 have no common divisor */
        turned.y[i] = country.y[from];
        for (size_t j = 0; j < COLUMNS; j++) {
            turned.cells[COLUMNS - 1 - j][i] = country.cells[j][from];
        }
    }
    for (size_t j = 0; j < COLUMNS; j++) {
        turned.columns[j] = turned.cells[j];
        turned.names[j] = country.names[COLUMNS - 1 - j];
    }
    struct kf_regression_data data = data_of(&country);
    struct kf_regression_data other = data_of(&turned);
    struct kf_regression a = estimated(&data);
    struct kf_regression b = estimated(&other);
    assert_true(a.r_squared == b.r_squared && a.condition_number == b.condition_number);
    assert_true(coefficient(&a.constant) == coefficient(&b.constant));
    assert_true(a.constant.standard_error == b.constant.standard_error);
    for (size_t j = 0; j < COLUMNS; j++) {
        const struct kf_regression_term *x = &a.terms[j];
        const struct kf_regression_term *y = &b.terms[COLUMNS - 1 - j];
        assert_true(coefficient(x) == coefficient(y));
        assert_true(x->standard_error == y->standard_error);
        assert_true(x->t_value == y->t_value && x->p_value == y->p_value);
    }
}

static void the_unit_of_a_regressor_leaves_no_trace_in_t(void **state)
{
    (void)state;
    static struct country country;
    make_country(&country, 6);
    struct kf_regression_data data = data_of(&country);
    struct kf_regression percent = estimated(&data);
    for (size_t i = 0; i < ROWS; i++) {
        country.cells[3][i] = kf_figure_canonical(country.cells[3][i] / 100);
    }
    struct kf_regression share = estimated(&data);
    for (size_t j = 0; j < COLUMNS; j++) {
        assert_true(percent.terms[j].t_value == share.terms[j].t_value);
        assert_true(percent.terms[j].p_value == share.terms[j].p_value);
    }
    assert_digits(coefficient(&share.terms[3]), 100 * coefficient(&percent.terms[3]));
    assert_true(percent.r_squared == share.r_squared);
}

static void every_failing_allocation_is_survived(void **state)
{
    (void)state;
    enum kf_err code = KF_ERR_MEMORY;
    int64_t n = 0;
    for (; code == KF_ERR_MEMORY; n++) {
        struct kf_regression_data data = four_points();
        struct kf_regression result = {.observations = 77};
        struct kf_error err = {0};
        kf_memory_fail_after(n);
        struct kf_arena *arena = kf_arena_new(ARENA_BYTES);
        code = arena ? kf_regression_estimate(&data, arena, &result, fixture_findings(), &err)
                     : KF_ERR_MEMORY;
        kf_memory_fail_after(-1);
        assert_int_equal(result.observations, code == KF_OK ? 4 : 77);
        kf_arena_destroy(&arena);
    }
    assert_int_equal(code, KF_OK);
    assert_true(n > 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(longleys_certified_values_come_out_in_all_digits),
        cmocka_unit_test(norris_certified_values_come_out_in_all_digits),
        cmocka_unit_test(four_points_give_what_a_pencil_gives),
        cmocka_unit_test(stars_count_the_levels_that_p_is_below),
        cmocka_unit_test(an_exact_fit_has_no_errors_and_no_infinite_t),
        cmocka_unit_test(too_few_municipalities_are_refused_with_their_number),
        cmocka_unit_test(columns_that_do_not_vary_are_all_named),
        cmocka_unit_test(figures_beyond_all_measure_are_refused),
        cmocka_unit_test(collinear_columns_are_named_with_those_they_are_made_of),
        cmocka_unit_test(the_same_column_twice_is_refused_in_whatever_unit),
        cmocka_unit_test(a_country_of_428_with_13_variables_is_estimated_within_its_errors),
        cmocka_unit_test(the_errors_are_those_of_the_coefficients),
        cmocka_unit_test(neither_the_order_of_rows_nor_of_columns_leaves_a_trace),
        cmocka_unit_test(the_unit_of_a_regressor_leaves_no_trace_in_t),
        cmocka_unit_test(every_failing_allocation_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
