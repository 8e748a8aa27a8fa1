/* A trial walked back, on figures that are worked out by hand: grants, resource-intensive users,
 * gains. */
#include "common/base/memory.h"
#include "tests/tools/kf/explain_fixture.h"

/* --- the trial -------------------------------------------------------------------------------- */

static struct kf_year_figure thresholds[] = {
    {2015, 1000000}, {2016, 1100000}, {2017, 1200000}, {2019, 1300000}};
static struct kf_year_figure own_growth[] = {{2016, 10}, {2017, 20}};
static struct kf_year_figure compensated[] = {{2016, 1}, {2017, 2}, {2018, 1}, {2019, 2}};
static struct kf_year_figure prices[] = {{2016, 25}, {2017, 60}, {2018, 50}};
static struct kf_year_figure months[] = {{2016, 8}, {2017, 6}};

static void set_users(struct kf_panel *panel, struct kf_resource_intensive *users)
{
    static const char *costs[] = {"kostnad_1", "kostnad_2", "kostnad_3", "kostnad_4"};
    static const char *ages[] = {"alder_1", "alder_2", "alder_3", "alder_4"};
    *users = (struct kf_resource_intensive){
        .thresholds = {thresholds, 4},
        .refund = 0.8,
        .age_limit = 67,
        .each = {"kostnad_", "alder_", costs, ages, 4},
        .users = fixture_term(panel, "brukere", 1),
        .net = fixture_term(panel, "netto_brukere", 1000),
        .base_year = 2015,
        .growth = {own_growth, 2},
        .gain = fixture_term(panel, "gevinst_brukere", 1),
    };
}

static void set_trial(struct kf_panel *panel)
{
    static struct kf_use grants[2];
    static struct kf_cost_group group[1];
    struct kf_edition *edition = fixture_edition(panel);
    struct kf_trial *trial = &edition->trial;
    grants[0] = (struct kf_use){.id = "vedtak", .amount = fixture_term(panel, "vedtak", 1)};
    grants[1] = (struct kf_use){.id = "rundsum", .amount = fixture_term(panel, "rundsum", 1)};
    group[0] = (struct kf_cost_group){
        "alt", {"", ""}, fixture_term(panel, "netto", 1), fixture_term(panel, "tilskudd", 1),
        NULL,  0};
    edition->unit_costs.groups = group;
    edition->unit_costs.groups_len = 1;
    trial->grants = grants;
    trial->grants_len = 2;
    trial->grant = fixture_term(panel, "tilskudd_i_alt", 1);
    trial->deduction = fixture_term(panel, "trekk", 1);
    trial->gain = fixture_term(panel, "gevinst", 1);
    set_users(panel, &trial->resource_intensive);
    trial->demography = (struct kf_demography_gain){
        .compensated = {compensated, 4},
        .growth = "vekst",
        .deduction_year = 2017,
        .refund_years = {2015, 2016},
        .prices = {prices, 3},
        .months = {months, 2},
        .gain = fixture_term(panel, "gevinst_demografi", 1),
    };
}

/* --- figures: 0001 gives each user, 0002 aggregates, 0003 what was published ------------------ */

static const double gap = FIXTURE_MISSING;

static void fill_2015(struct kf_panel *panel)
{
    fixture_population(panel, (double[]){1000, 2000, 3000});
    fixture_column(panel, "kostnad_1", (double[]){1500000, gap, gap});
    fixture_column(panel, "alder_1", (double[]){38, gap, gap});
}

static void fill_2016(struct kf_panel *panel)
{
    fixture_population(panel, (double[]){1000, 2000, 3000});
    fixture_column(panel, "brukere", (double[]){gap, 2, gap});
    fixture_column(panel, "netto_brukere", (double[]){gap, 2000, gap});
    fixture_column(panel, "vekst", (double[]){3, 1, gap});
}

static void fill_2017(struct kf_panel *panel)
{
    fixture_population(panel, (double[]){1000, 2000, 3000});
    fixture_column(panel, "kostnad_1", (double[]){1700000, gap, gap});
    fixture_column(panel, "kostnad_2", (double[]){1200000, gap, gap});
    fixture_column(panel, "kostnad_3", (double[]){3000000, gap, gap});
    fixture_column(panel, "kostnad_4", (double[]){1400000, gap, gap});
    fixture_column(panel, "alder_1", (double[]){40, gap, gap});
    fixture_column(panel, "alder_2", (double[]){41, gap, gap});
    fixture_column(panel, "alder_3", (double[]){67, gap, gap});
    fixture_column(panel, "brukere", (double[]){9, 3, gap});
    fixture_column(panel, "netto_brukere", (double[]){9000, 5000, gap});
    fixture_column(panel, "gevinst_brukere", (double[]){1e6, gap, 2e6});
    fixture_column(panel, "vekst", (double[]){4, 4, gap});
    fixture_column(panel, "gevinst_demografi", (double[]){7e5, gap, 3e6});
    fixture_column(panel, "vedtak", (double[]){30e6, 10e6, gap});
    fixture_column(panel, "rundsum", (double[]){5e6, 2e6, gap});
    fixture_column(panel, "tilskudd_i_alt", (double[]){35e6, gap, 9e6});
    fixture_column(panel, "trekk", (double[]){40.4e6, 10e6, 8e6});
    fixture_column(panel, "netto", (double[]){10e6, gap, gap});
    fixture_column(panel, "tilskudd", (double[]){11e6, gap, gap});
    fixture_column(panel, "gevinst", (double[]){gap, gap, 7e6});
}

static struct kf_panel *trial_2017(void)
{
    struct kf_panel *panel = fixture_panel_new(1, 3);
    panel->year = 2017;
    set_trial(panel);
    fill_2017(panel);
    fill_2015(fixture_further(panel, 2015));
    fill_2016(fixture_further(panel, 2016));
    compute(panel);
    return panel;
}

/* Growth of 3, 4, 3 and 4 percent, and nothing else of its own. */
static struct kf_panel *trial_2019(void)
{
    struct kf_panel *panel = fixture_panel_new(1, 3);
    panel->year = 2019;
    set_trial(panel);
    fixture_population(panel, (double[]){1000, 2000, 3000});
    fixture_column(panel, "vekst", (double[]){4, gap, gap});
    fill_2015(fixture_further(panel, 2015));
    fill_2016(fixture_further(panel, 2016));
    fill_2017(fixture_further(panel, 2017));
    struct kf_panel *before = fixture_further(panel, 2018);
    fixture_population(before, (double[]){1000, 2000, 3000});
    fixture_column(before, "vekst", (double[]){3, gap, gap});
    compute(panel);
    return panel;
}

/* --- every number ----------------------------------------------------------------------------- */

static void every_number_of_a_trial_is_what_its_parts_make(void **state)
{
    (void)state;
    struct kf_panel *panel = trial_2017();
    assert_true(explain_every_row(panel) >= 45);
    kf_panel_destroy(&panel);
    panel = trial_2019();
    assert_true(explain_every_row(panel) >= 5);
    kf_panel_destroy(&panel);
}

static void grants_lead_to_their_parts_or_to_what_was_published(void **state)
{
    (void)state;
    struct kf_panel *panel = trial_2017();
    assert_told(panel, ABOUT("0001", "grants", "vedtak", "grant_million_kr"), "amount_in_million",
                30);
    assert_told(panel, ABOUT("0001", "grants", "", "grant_million_kr"), "sum_of_grants", 35);
    assert_told(panel, ABOUT("0001", "grants", "", "published_grant_million_kr"),
                "amount_in_million", 35);
    assert_told(panel, ABOUT("0003", "grants", "", "grant_million_kr"), "published_instead", 9);
    assert_told(panel, ABOUT("0001", "grants", "", "deduction_million_kr"), "amount_in_million",
                40.4);
    assert_told(panel, ABOUT("0001", "grants", "", "gain_million_kr"), "grants_less_deduction",
                -5.4);
    kf_panel_destroy(&panel);
}

/* --- users ------------------------------------------------------------------------------------ */

/* Above 1.2 million: 1.7 and 1.4, not the one at the threshold, not the one of 67. */
static void figures_of_each_user_make_refund_and_own_share(void **state)
{
    (void)state;
    struct kf_panel *panel = trial_2017();
    const char *users = "resource_intensive";
    assert_told(panel, ABOUT("0001", users, "", "users"), "users_above", 2);
    assert_told(panel, ABOUT("0001", users, "", "net_expenditure_million_kr"), "users_in_million",
                3.1);
    assert_told(panel, ABOUT("0001", users, "", "net_above_threshold_million_kr"),
                "users_in_million", 0.7);
    assert_told(panel, ABOUT("0001", users, "", "own_share_threshold_million_kr"),
                "users_at_threshold", 2.4);
    assert_told(panel, ABOUT("0001", users, "", "own_share_above_million_kr"), "own_share_above",
                0.14);
    assert_told(panel, ABOUT("0001", users, "", "own_share_million_kr"), "own_share", 2.54);
    assert_told(panel, ABOUT("0001", users, "", "refund_million_kr"), "refund", 0.56);
    kf_panel_destroy(&panel);
}

/* Three users cost 5 million: 3.6 up to the threshold, 1.4 above. */
static void aggregates_make_the_same_where_users_are_not_given(void **state)
{
    (void)state;
    struct kf_panel *panel = trial_2017();
    const char *users = "resource_intensive";
    assert_told(panel, ABOUT("0002", users, "", "users"), "figure", 3);
    assert_told(panel, ABOUT("0002", users, "", "net_expenditure_million_kr"), "amount_in_million",
                5);
    assert_told(panel, ABOUT("0002", users, "", "net_above_threshold_million_kr"),
                "excess_at_least", 1.4);
    assert_told(panel, ABOUT("0002", users, "", "own_share_threshold_million_kr"),
                "own_share_at_most", 3.6);
    assert_told(panel, ABOUT("0002", users, "", "own_share_million_kr"), "own_share", 3.88);
    kf_panel_destroy(&panel);
}

/* 2015: one user above a million, own share 1.1; ·1.1·1.2 = 1.452. */
static void the_gain_of_users_names_the_base_year(void **state)
{
    (void)state;
    struct kf_panel *panel = trial_2017();
    const struct kf_explain_question question = {
        .municipality = "0001", .measure = "gain_million_kr", .sector = "resource_intensive"};
    struct kf_explanation *explanation = explained(panel, &question);
    assert_close(explanation->root->value, 2.54 - 1.452, ROUNDED);
    assert_close(node_of(explanation, "own_share_million_kr", 2015)->value, 1.1, ROUNDED);
    assert_close(node_of(explanation, "users", 2015)->value, 1, 0);
    assert_string_equal(node_of(explanation, "growth_of_own_share", 2017)->indicator, "2016–2017");
    assert_string_equal(node_of(explanation, "cell", 2015)->variable, "kostnad_1");
    kf_explain_destroy(&explanation);
    assert_told(panel, ABOUT("0003", "resource_intensive", "", "gain_million_kr"),
                "published_instead", 2);
    kf_panel_destroy(&panel);
}

/* --- demography ------------------------------------------------------------------------------- */

/* Base 40.4 − .4 = 40; 2016: 40/1.25/1.6 = 20 by 2 percent; 2017: 40/1.6 = 25 by 2, half a year. */
static void gains_of_years_lead_to_base_prices_and_growth(void **state)
{
    (void)state;
    struct kf_panel *panel = trial_2017();
    assert_told(panel, ABOUT("0001", "demography", "2016", "gain_million_kr"), "gain_of_year", 0.4);
    assert_told(panel, ABOUT("0001", "demography", "2017", "gain_million_kr"), "gain_of_year",
                0.25);
    assert_told(panel, ABOUT("0001", "demography", "", "gain_million_kr"), "gain_of_years", 0.65);
    assert_told(panel, ABOUT("0003", "demography", "", "gain_million_kr"), "published_instead", 3);
    kf_panel_destroy(&panel);
}

/* The refund of 0002 is that of 2016: 2 users below the threshold, nothing. */
static void the_refund_is_of_the_first_year_that_has_figures(void **state)
{
    (void)state;
    struct kf_panel *panel = trial_2017();
    struct kf_explain_question question = {.municipality = "0001",
                                           .measure = "gain_million_kr",
                                           .sector = "demography",
                                           .indicator = "2016"};
    struct kf_explanation *explanation = explained(panel, &question);
    assert_close(node_of(explanation, "base_of_gain", 2017)->value, 40, ROUNDED);
    assert_close(node_of(explanation, "refund_million_kr", 2015)->value, 0.4, ROUNDED);
    assert_close(node_of(explanation, "growth_beyond", 2016)->value, 2, 0);
    assert_close(node_of(explanation, "growth_of_prices", 2017)->value, 2, 1e-12);
    kf_explain_destroy(&explanation);
    question.municipality = "0002";
    explanation = explained(panel, &question);
    assert_close(node_of(explanation, "refund_million_kr", 2016)->value, 0, 0);
    assert_close(node_of(explanation, "base_of_gain", 2017)->value, 10, ROUNDED);
    assert_close(explanation->root->value, 0, 0); /* it grows as is compensated */
    kf_explain_destroy(&explanation);
    kf_panel_destroy(&panel);
}

/* 2019: all of 2016 and 2017 count; 2018: 40 by 2 percent; 2019: 40·1.5 = 60 by 2 percent. */
static void after_the_year_of_the_deduction_its_prices_grow(void **state)
{
    (void)state;
    struct kf_panel *panel = trial_2019();
    assert_told(panel, ABOUT("0001", "demography", "2016", "gain_million_kr"), "gain_of_year", 0.4);
    assert_told(panel, ABOUT("0001", "demography", "2017", "gain_million_kr"), "gain_of_year", 0.5);
    assert_told(panel, ABOUT("0001", "demography", "2018", "gain_million_kr"), "gain_of_year", 0.8);
    assert_told(panel, ABOUT("0001", "demography", "2019", "gain_million_kr"), "gain_of_year", 1.2);
    kf_panel_destroy(&panel);
}

static void the_whole_gain_is_its_parts_or_as_published(void **state)
{
    (void)state;
    struct kf_panel *panel = trial_2017();
    assert_told(panel, ABOUT("0001", "total", "", "gain_million_kr"), "gain_in_all",
                0.65 + 2.54 - 1.452 + 1);
    assert_told(panel, ABOUT("0003", "total", "", "gain_million_kr"), "published_instead", 7);
    assert_told(panel, ABOUT("0003", "total", "", "published_gain_million_kr"), "amount_in_million",
                7);
    kf_panel_destroy(&panel);
}

/* --- single persons --------------------------------------------------------------------------- */

static void print(const struct kf_explanation *explanation, bool persons, struct kf_text *text)
{
    const struct kf_explain_style style = {.persons = persons};
    struct kf_error err = {0};
    kf_text_init(text, (size_t)1024 * 1024);
    assert_int_equal(kf_explain_print_tree(explanation, &style, text, &err), KF_OK);
    assert_int_equal(kf_explain_print_json(explanation, &style, text, &err), KF_OK);
}

static void what_a_single_user_costs_is_told_only_when_asked_for(void **state)
{
    (void)state;
    static const char *const single[] = {"1700000", "1400000", "kostnad_1", "kostnad_2", "user:"};
    struct kf_panel *panel = trial_2017();
    const struct kf_explain_question question = {
        .municipality = "0001", .measure = "own_share_million_kr", .sector = "resource_intensive"};
    struct kf_explanation *explanation = explained(panel, &question);
    struct kf_text without;
    struct kf_text with;
    print(explanation, false, &without);
    print(explanation, true, &with);
    for (size_t i = 0; i < sizeof single / sizeof single[0]; i++) {
        assert_null(strstr(without.bytes, single[i]));
        assert_non_null(strstr(with.bytes, single[i]));
    }
    assert_non_null(strstr(without.bytes, "2 of 3 users are above the threshold; "
                                          "left out by age: 1; 3 figures of single persons"));
    assert_non_null(strstr(without.bytes, "1200000")); /* the threshold itself */
    assert_non_null(strstr(without.bytes, "\"withheld\":3"));
    assert_null(strstr(with.bytes, "withheld"));
    kf_text_clear(&with);
    kf_text_clear(&without);
    kf_explain_destroy(&explanation);
    kf_panel_destroy(&panel);
}

/* --- memory ----------------------------------------------------------------------------------- */

static void it_explains_or_says_that_memory_is_short_whichever_allocation_fails(void **state)
{
    (void)state;
    struct kf_panel *panel = trial_2017();
    const struct kf_explain_options options = {
        .panel = panel,
        .question = {.municipality = "0001", .measure = "gain_million_kr", .sector = "total"}};
    enum kf_err code = KF_ERR_MEMORY;
    for (int64_t n = 0; code != KF_OK; n++) {
        struct kf_explanation *explanation = NULL;
        struct kf_error err = {0};
        assert_true(n < 1000);
        kf_memory_fail_after(n);
        code = kf_explain_new(&options, &explanation, &err);
        kf_memory_fail_after(-1);
        assert_true(code == KF_OK || code == KF_ERR_MEMORY);
        assert_true(code != KF_OK || explanation->disagreeing == 0);
        kf_explain_destroy(&explanation);
    }
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_number_of_a_trial_is_what_its_parts_make),
        cmocka_unit_test(grants_lead_to_their_parts_or_to_what_was_published),
        cmocka_unit_test(figures_of_each_user_make_refund_and_own_share),
        cmocka_unit_test(aggregates_make_the_same_where_users_are_not_given),
        cmocka_unit_test(the_gain_of_users_names_the_base_year),
        cmocka_unit_test(gains_of_years_lead_to_base_prices_and_growth),
        cmocka_unit_test(the_refund_is_of_the_first_year_that_has_figures),
        cmocka_unit_test(after_the_year_of_the_deduction_its_prices_grow),
        cmocka_unit_test(the_whole_gain_is_its_parts_or_as_published),
        cmocka_unit_test(what_a_single_user_costs_is_told_only_when_asked_for),
        cmocka_unit_test(it_explains_or_says_that_memory_is_short_whichever_allocation_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
