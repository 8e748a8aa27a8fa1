/* Unit costs walked back, on figures that are worked out by hand. */
#include "tests/tools/kf/explain_fixture.h"

/* --- a panel with a bit of everything --------------------------------------------------------- */

/* Rates: HJ 500 in 2008, then 10 and 20 percent: 660 in 2010. NATT 900 in 2010. BPA none. */
static struct kf_year_figure hj_rates[] = {{2008, 500}};
static struct kf_year_figure natt_rates[] = {{2010, 900}};
static struct kf_year_figure rate_growth[] = {{2009, 10}, {2010, 20}};
static struct kf_year_figure prices[] = {{2010, 4}};

static struct kf_rated_service services[] = {
    {"HJ", {"", ""}, "hours", {hj_rates, 1}},
    {"NATT", {"", ""}, "days", {natt_rates, 1}},
    {"BPA", {"", ""}, "hours", {NULL, 0}},
};

static void add_groups(struct kf_panel *panel)
{
    static struct kf_delivery home[2];
    static struct kf_delivery housing[1];
    static struct kf_delivery assistance[1];
    static struct kf_cost_group groups[4];
    struct kf_unit_costs *costs = &fixture_edition(panel)->unit_costs;
    home[0] = (struct kf_delivery){"HJ", fixture_term(panel, "hjemme_timer", 1)};
    home[1] = (struct kf_delivery){
        "NATT", fixture_plus(panel, fixture_term(panel, "natt_a", 1), "natt_b", 1)};
    housing[0] = (struct kf_delivery){"HJ", fixture_term(panel, "bolig_timer", 1)};
    assistance[0] = (struct kf_delivery){"BPA", fixture_term(panel, "bpa_timer", 1)};
    groups[0] = (struct kf_cost_group){"hjemme",  {"", ""}, fixture_term(panel, "hjemme_netto", 1),
                                       {NULL, 0}, home,     2};
    groups[1] = (struct kf_cost_group){"bolig",
                                       {"", ""},
                                       fixture_term(panel, "bolig_netto", 1000),
                                       fixture_term(panel, "bolig_tilskudd", 1),
                                       housing,
                                       1};
    groups[2] = (struct kf_cost_group){"bpa",     {"", ""},   fixture_term(panel, "bpa_netto", 1),
                                       {NULL, 0}, assistance, 1};
    groups[3] = (struct kf_cost_group){"dag",
                                       {"", ""},
                                       fixture_term(panel, "dag_netto", 1),
                                       fixture_term(panel, "dag_tilskudd", 1),
                                       NULL,
                                       0};
    costs->groups = groups;
    costs->groups_len = 4;
    costs->services = services;
    costs->services_len = 3;
    costs->rate_growth = (struct kf_year_figures){rate_growth, 2};
    costs->prices = (struct kf_year_figures){prices, 1};
    costs->gain = fixture_term(panel, "gevinst", 1);
}

static void add_others(struct kf_panel *panel)
{
    static struct kf_user_time times[2];
    static struct kf_real_growth growths[2];
    struct kf_unit_costs *costs = &fixture_edition(panel)->unit_costs;
    costs->institution.days = fixture_term(panel, "dogn", 1);
    costs->institution.expenditure = fixture_term(panel, "f253", 1000);
    costs->institution.of = fixture_plus(panel, fixture_term(panel, "f253", 1000), "f254", 1000);
    times[0] = (struct kf_user_time){"ambulerende",
                                     {"", ""},
                                     fixture_term(panel, "vedtatt", 1),
                                     fixture_term(panel, "disponibel", 1),
                                     0.6};
    times[1] = (struct kf_user_time){"natt",
                                     {"", ""},
                                     fixture_term(panel, "vedtatt", 1),
                                     fixture_term(panel, "disponibel", 1),
                                     0};
    growths[0] = (struct kf_real_growth){"gitt", {"", ""}, "brutto", {NULL, 0}, "behov"};
    growths[1] = (struct kf_real_growth){
        "beregnet", {"", ""}, "", fixture_term(panel, "utgift", 1), "behov"};
    costs->user_times = times;
    costs->user_times_len = 2;
    costs->growths = growths;
    costs->growths_len = 2;
}

static void add_figures(struct kf_panel *panel)
{
    const double gap = FIXTURE_MISSING;
    struct kf_panel *previous = fixture_previous(panel);
    fixture_population(panel, (double[]){1000, 2000, 3000});
    fixture_column(panel, "hjemme_timer", (double[]){1000, 2000, gap});
    fixture_column(panel, "natt_a", (double[]){60, 0, gap});
    fixture_column(panel, "natt_b", (double[]){40, 0, gap});
    fixture_column(panel, "bolig_timer", (double[]){500, 1000, gap});
    fixture_column(panel, "bpa_timer", (double[]){200, 0, gap});
    fixture_column(panel, "hjemme_netto", (double[]){900000, 1000000, gap});
    fixture_column(panel, "bolig_netto", (double[]){300, 720, gap});
    fixture_column(panel, "bolig_tilskudd", (double[]){400000, gap, gap});
    fixture_column(panel, "bpa_netto", (double[]){80000, 90000, gap});
    fixture_column(panel, "dag_netto", (double[]){250000, 100000, gap});
    fixture_column(panel, "dag_tilskudd", (double[]){200000, gap, gap});
    fixture_column(panel, "gevinst", (double[]){-100000, gap, 5000000});
    fixture_column(panel, "dogn", (double[]){7300, gap, gap});
    fixture_column(panel, "f253", (double[]){30, 40, gap});
    fixture_column(panel, "f254", (double[]){90, 40, gap});
    fixture_column(panel, "vedtatt", (double[]){660, 500, gap});
    fixture_column(panel, "disponibel", (double[]){1000, 1000, gap});
    fixture_column(panel, "brutto", (double[]){5.5, gap, gap});
    fixture_column(panel, "behov", (double[]){3.5, 1, gap});
    fixture_column(panel, "utgift", (double[]){1144, 1000, gap});
    fixture_population(previous, (double[]){1000, 2000, 3000});
    fixture_column(previous, "utgift", (double[]){1000, gap, gap});
}

static void mark_preliminary(struct kf_panel *panel, const char *variable, size_t member)
{
    for (size_t i = 0; i < panel->columns_len; i++) {
        if (strcmp(panel->columns[i].variable, variable) == 0) {
            panel->columns[i].status[member] |= KF_CELL_PRELIMINARY;
        }
    }
}

static void take_away(struct kf_panel *panel, const char *variable, size_t member)
{
    for (size_t i = 0; i < panel->columns_len; i++) {
        if (strcmp(panel->columns[i].variable, variable) == 0) {
            panel->columns[i].status[member] = KF_CELL_MISSING;
            panel->columns[i].values[member] = 0;
        }
    }
}

static struct kf_panel *unit_costs(void)
{
    struct kf_panel *panel = fixture_panel_new(1, 3);
    add_groups(panel);
    add_others(panel);
    add_figures(panel);
    mark_preliminary(panel, "dag_netto", 0);
    compute(panel);
    return panel;
}

/* --- tests ------------------------------------------------------------------------------------ */

static void every_number_of_unit_costs_is_what_its_parts_make(void **state)
{
    (void)state;
    struct kf_panel *panel = unit_costs();
    assert_true(explain_every_row(panel) >= 80);
    kf_panel_destroy(&panel);
}

/* 0001: 660·1000 + 900·100 = 750,000 at the rates, 900,000 spent: 1.2 times each rate. */
static void services_of_one_group_cost_as_their_rates_do(void **state)
{
    (void)state;
    struct kf_panel *panel = unit_costs();
    assert_told(panel, ABOUT("0001", "hjemme", "NATT", "quantity"), "figure", 100);
    assert_told(panel, ABOUT("0001", "hjemme", "HJ", "unit_cost_kr"), "weighted_unit_cost", 792);
    assert_told(panel, ABOUT("0001", "hjemme", "NATT", "unit_cost_kr"), "weighted_unit_cost", 1080);
    assert_told(panel, ABOUT("0001", "hjemme", "NATT", "deviation_kr"), "deviation_from_rate",
                -180);
    assert_told(panel, ABOUT("0002", "hjemme", "HJ", "unit_cost_kr"), "unit_cost", 500);
    assert_told(panel, ABOUT("0001", "bpa", "BPA", "unit_cost_kr"), "unit_cost", 400);
    assert_told(panel, ABOUT(NULL, "services", "HJ", "rate_kr"), "indexed_rate", 660);
    assert_told(panel, ABOUT(NULL, "services", "NATT", "rate_kr"), "national_rate", 900);
    kf_panel_destroy(&panel);
}

static void an_indexed_rate_names_its_year_and_the_years_of_growth(void **state)
{
    (void)state;
    struct kf_panel *panel = unit_costs();
    const struct kf_explain_question question = {
        .measure = "rate_kr", .sector = "services", .indicator = "HJ"};
    struct kf_explanation *explanation = explained(panel, &question);
    const struct kf_explain_node *rate = explanation->root->parts[0].node;
    const struct kf_explain_node *growth = explanation->root->parts[1].node;
    assert_close(rate->value, 500, 0);
    assert_string_equal(rate->note.en, "of 2008");
    assert_string_equal(explanation->root->unit, "kr/hours");
    assert_close(growth->value, 1.32, 1e-12);
    assert_string_equal(growth->indicator, "2009–2010");
    assert_int_equal(growth->parts_len, 2);
    assert_close(growth->parts[1].node->parts[1].node->value, 20, 0);
    kf_explain_destroy(&explanation);
    kf_panel_destroy(&panel);
}

/* 0001 in HJ: (792·1000 + 600·500)/1500 = 728; 0002: (500·2000 + 720·1000)/3000 = 1720/3. */
static void a_service_of_several_groups_is_their_mean_by_quantity(void **state)
{
    (void)state;
    struct kf_panel *panel = unit_costs();
    assert_told(panel, ABOUT("0001", "services", "HJ", "quantity"), "quantity_of_groups", 1500);
    assert_told(panel, ABOUT("0001", "services", "HJ", "unit_cost_kr"), "mean_unit_cost", 728);
    assert_told(panel, ABOUT("0001", "services", "HJ", "unit_cost_others_kr"),
                "unit_cost_of_others", 1720.0 / 3);
    assert_told(panel, ABOUT("0003", "services", "HJ", "unit_cost_others_kr"),
                "unit_cost_of_others", (728 * 1500 + 1720 * 1000) / 4500.0);
    assert_told(panel, ABOUT("0001", "services", "HJ", "deviation_kr"), "deviation_from_rate", -68);
    kf_panel_destroy(&panel);
}

/* The same measure stands there twice: of each member, and of all of them together. */
static void without_a_municipality_the_unit_cost_is_that_of_all_members(void **state)
{
    (void)state;
    struct kf_panel *panel = unit_costs();
    assert_told(panel, ABOUT(NULL, "services", "HJ", "unit_cost_kr"), "unit_cost_of_members",
                (728 * 1500 + 1720 * 1000) / 4500.0);
    assert_told(panel, ABOUT("0002", "services", "HJ", "unit_cost_kr"), "mean_unit_cost",
                1720.0 / 3);
    kf_panel_destroy(&panel);
}

static void grants_are_given_or_what_the_rates_give(void **state)
{
    (void)state;
    struct kf_panel *panel = unit_costs();
    assert_told(panel, ABOUT("0001", "hjemme", "", "grant_million_kr"), "grant_by_rates", 0.75);
    assert_told(panel, ABOUT("0001", "hjemme", "", "calculated_grant_million_kr"),
                "calculated_grants", 0.75);
    assert_told(panel, ABOUT("0001", "bolig", "", "grant_million_kr"), "amount_in_million", 0.4);
    assert_told(panel, ABOUT("0001", "bolig", "", "calculated_grant_million_kr"),
                "calculated_grants", 0.33);
    assert_told(panel, ABOUT("0002", "bolig", "", "grant_million_kr"), "grant_by_rates", 0.66);
    assert_told(panel, ABOUT("0001", "bolig", "", "gain_million_kr"), "gain", 0.1);
    assert_told(panel, ABOUT("0002", "bpa", "BPA", "calculated_grant_million_kr"),
                "nothing_delivered", 0);
    assert_told(panel, ABOUT("0001", "hjemme", "", "ratio"), "expenditure_to_grant", 1.2);
    kf_panel_destroy(&panel);
}

/* 0001: −.15 + .1 − .05; of bpa no grant is known. 0003 has nothing but what was published. */
static void the_gain_is_that_of_the_groups_or_as_published(void **state)
{
    (void)state;
    struct kf_panel *panel = unit_costs();
    assert_told(panel, ABOUT("0001", "services", "", "gain_million_kr"), "sum_of_groups", -0.1);
    assert_told(panel, ABOUT("0001", "services", "", "gain_without_preliminary_million_kr"),
                "sum_of_groups", -0.05);
    assert_told(panel, ABOUT("0001", "services", "", "published_gain_million_kr"),
                "amount_in_million", -0.1);
    assert_told(panel, ABOUT("0003", "services", "", "gain_million_kr"), "published_instead", 5);
    assert_told(panel, ABOUT("0001", "services", "", "gain_percent"), "gain_percent",
                -0.1 * 100 / (0.75 + 0.4 + 0.2));
    kf_panel_destroy(&panel);
}

/* 1144 against 1000·1.04 is 10 percent more. */
static void institutions_time_and_growth_lead_to_their_figures(void **state)
{
    (void)state;
    struct kf_panel *panel = unit_costs();
    assert_told(panel, ABOUT("0001", "institution", "", "institution_places"), "institution_places",
                20);
    assert_told(panel, ABOUT("0001", "institution", "", "institution_share"), "institution_share",
                0.25);
    assert_told(panel, ABOUT("0001", "user_time", "ambulerende", "user_time_share"), "user_time",
                0.66);
    assert_told(panel, ABOUT("0001", "user_time", "ambulerende", "user_time_beyond_norm_percent"),
                "beyond_norm", 6);
    assert_told(panel, ABOUT(NULL, "user_time", "ambulerende", "user_time_norm"), "user_time_norm",
                0.6);
    assert_told(panel, ABOUT("0001", "growth", "gitt", "gross_growth_percent"), "figure", 5.5);
    assert_told(panel, ABOUT("0001", "growth", "gitt", "real_growth_percent"), "real_growth", 2);
    assert_told(panel, ABOUT("0001", "growth", "beregnet", "gross_growth_percent"), "gross_growth",
                10);
    assert_told(panel, ABOUT("0001", "growth", "beregnet", "real_growth_percent"), "real_growth",
                6.5);
    kf_panel_destroy(&panel);
}

static void growth_of_an_amount_names_the_year_before(void **state)
{
    (void)state;
    struct kf_panel *panel = unit_costs();
    const struct kf_explain_question question = {.municipality = "0001",
                                                 .measure = "gross_growth_percent",
                                                 .sector = "growth",
                                                 .indicator = "beregnet"};
    struct kf_explanation *explanation = explained(panel, &question);
    const struct kf_explain_node *priced = explanation->root->parts[1].node;
    assert_close(priced->value, 1040, 1e-9);
    assert_int_equal(priced->parts[0].node->panel->year, 2009);
    assert_string_equal(priced->parts[0].node->variable, "utgift");
    kf_explain_destroy(&explanation);
    kf_panel_destroy(&panel);
}

static void a_unit_cost_that_was_changed_does_not_follow_from_its_parts(void **state)
{
    (void)state;
    struct kf_panel *panel = unit_costs();
    const struct kf_result *found =
        kf_panel_result(panel, KF_TOPIC_UNIT_COST, "hjemme", "HJ", "unit_cost_kr");
    found->values[0] *= 1 + 1e-8;
    struct kf_explain_options options = {
        .panel = panel,
        .question = {"0001", "unit_cost_kr", "hjemme", "HJ", NULL},
    };
    struct kf_explanation *explanation = NULL;
    struct kf_error err = {0};
    assert_int_equal(kf_explain_new(&options, &explanation, &err), KF_OK);
    assert_int_equal(explanation->disagreeing, 1);
    assert_true(explanation->root->disagrees);
    kf_explain_destroy(&explanation);
    kf_panel_destroy(&panel);
}

/* 0002 gives 2000 hours for 1000000 kr in one group, and 1000 hours without accounts in another. */
static void hours_whose_cost_is_not_known_weigh_nothing_for_the_others(void **state)
{
    (void)state;
    struct kf_panel *panel = fixture_panel_new(1, 3);
    add_groups(panel);
    add_others(panel);
    add_figures(panel);
    take_away(panel, "bolig_netto", 1);
    compute(panel);
    assert_told(panel, ABOUT("0001", "services", "HJ", "unit_cost_others_kr"),
                "unit_cost_of_others", 500);
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hours_whose_cost_is_not_known_weigh_nothing_for_the_others),
        cmocka_unit_test(every_number_of_unit_costs_is_what_its_parts_make),
        cmocka_unit_test(services_of_one_group_cost_as_their_rates_do),
        cmocka_unit_test(an_indexed_rate_names_its_year_and_the_years_of_growth),
        cmocka_unit_test(a_service_of_several_groups_is_their_mean_by_quantity),
        cmocka_unit_test(without_a_municipality_the_unit_cost_is_that_of_all_members),
        cmocka_unit_test(grants_are_given_or_what_the_rates_give),
        cmocka_unit_test(the_gain_is_that_of_the_groups_or_as_published),
        cmocka_unit_test(institutions_time_and_growth_lead_to_their_figures),
        cmocka_unit_test(growth_of_an_amount_names_the_year_before),
        cmocka_unit_test(a_unit_cost_that_was_changed_does_not_follow_from_its_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
