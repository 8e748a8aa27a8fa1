#include "tools/kf/notes.h"

#include <stdio.h>

#include "common/model/cell.h"
#include "tests/support/cmocka.h"
#include "tests/support/panel_fixture.h"

#define PLACES 2 /* members of every panel here */

static struct kf_text text;

static int empty_text(void **state)
{
    (void)state;
    kf_text_init(&text, 16 * 1024);
    return 0;
}

static int clear_text(void **state)
{
    (void)state;
    kf_text_clear(&text);
    return 0;
}

/* A sector that spends ndu_skole and has a published need index. */
static struct kf_panel *new_panel(void)
{
    struct kf_panel *panel = fixture_panel_new(1, PLACES);
    fixture_population(panel, (double[]){100, 300});
    struct kf_sector *sector = fixture_sector(panel, "skole", 1);
    sector->published_need = "dki_skole";
    sector->resources.net = fixture_term(panel, "ndu_skole", 1);
    fixture_column(panel, "ndu_skole", (double[]){1000, 3000});
    return panel;
}

/* As the stages leave it. */
static void add_result(struct kf_panel *panel, enum kf_topic topic, const char *measure,
                       uint8_t status)
{
    struct kf_result_key key = {
        .topic = topic, .sector = "skole", .indicator = "", .measure = measure};
    struct kf_result *result = NULL;
    struct kf_error err = {0};
    assert_int_equal(kf_panel_append(panel, &key, &result, &err), KF_OK);
    for (size_t k = 0; k < PLACES; k++) {
        result->status[k] = status;
    }
}

static void spend(struct kf_panel *panel)
{
    add_result(panel, KF_TOPIC_RESOURCE_USE, "net_expenditure_kr_per_capita", KF_CELL_VALUE);
}

static const char *note(struct kf_notes *notes, const struct kf_panel *panel)
{
    kf_text_reset(&text);
    kf_notes_add(notes, panel, "compute", &text);
    return text.length ? text.bytes : "";
}

static void assert_told(struct kf_panel *panel, const char *told)
{
    struct kf_notes notes = {0};
    assert_string_equal(note(&notes, panel), told);
    assert_string_equal(note(&notes, panel), ""); /* once */
    kf_panel_destroy(&panel);
}

static void nothing_is_told_when_nothing_is_missing(void **state)
{
    (void)state;
    struct kf_panel *panel = new_panel();
    fixture_seal(panel);
    spend(panel);
    add_result(panel, KF_TOPIC_NEED, "need_index", KF_CELL_PUBLISHED);
    assert_told(panel, "");
}

static void expenditure_without_need_names_the_index(void **state)
{
    (void)state;
    struct kf_panel *panel = new_panel();
    fixture_seal(panel);
    spend(panel);
    assert_told(panel, "kf compute: the input holds no need index of 1 sector in 2010: no "
                       "deviations of theirs; give dki_skole with another --input\n");
}

static void a_sector_that_spends_nothing_needs_no_index(void **state)
{
    (void)state;
    struct kf_panel *panel = new_panel();
    fixture_seal(panel);
    assert_told(panel, "");
}

static void a_country_without_people_is_told(void **state)
{
    (void)state;
    struct kf_panel *panel = new_panel();
    fixture_country(panel, "ndu_skole", 90000);
    fixture_seal(panel);
    add_result(panel, KF_TOPIC_NEED, "need_index", KF_CELL_PUBLISHED);
    char told[256];
    (void)snprintf(told, sizeof told,
                   "kf compute: the input has no row EAK of %s in 2010: rows EAK of ndu_skole are "
                   "not used, the members together are the country; give it with another --input\n",
                   panel->edition->population);
    assert_told(panel, told);
}

static void a_country_with_people_is_not(void **state)
{
    (void)state;
    struct kf_panel *panel = new_panel();
    fixture_country(panel, "ndu_skole", 90000);
    fixture_country(panel, panel->edition->population, 9000);
    fixture_seal(panel);
    assert_told(panel, "");
}

static void a_published_index_instead_of_criteria_is_told(void **state)
{
    (void)state;
    struct kf_panel *panel = new_panel();
    (void)fixture_criterion(panel, "skole", "innb_6_15", 1);
    fixture_seal(panel);
    add_result(panel, KF_TOPIC_NEED, "need_index", KF_CELL_PUBLISHED);
    assert_told(panel, "kf compute: the input holds no figures of the criteria of 1 sector in "
                       "2010: need is the published index, with no drivers and no need-corrected "
                       "population\n");
}

static void a_computed_index_is_not(void **state)
{
    (void)state;
    struct kf_panel *panel = new_panel();
    (void)fixture_criterion(panel, "skole", "innb_6_15", 1);
    fixture_seal(panel);
    add_result(panel, KF_TOPIC_NEED, "need_index", KF_CELL_VALUE);
    assert_told(panel, "");
}

static void add_adjustment(struct kf_panel *panel)
{
    struct kf_sector *sector = &fixture_edition(panel)->sectors[0];
    struct kf_adjustment *adjustment = kf_arena_calloc(panel->arena, 1, sizeof *adjustment);
    assert_non_null(adjustment);
    *adjustment = (struct kf_adjustment){.id = "elever",
                                         .to = KF_ADJUST_EXPENDITURE,
                                         .amount = fixture_term(panel, "gjesteelever", 1)};
    sector->resources.adjustments = adjustment;
    sector->resources.adjustments_len = 1;
}

static void an_adjustment_without_figures_is_told(void **state)
{
    (void)state;
    struct kf_panel *panel = new_panel();
    add_adjustment(panel);
    fixture_seal(panel);
    spend(panel);
    add_result(panel, KF_TOPIC_NEED, "need_index", KF_CELL_PUBLISHED);
    assert_told(panel, "kf compute: the input holds no figures of 2010 for adjustment elever: left "
                       "out, what rests on them is flagged incomplete; give gjesteelever with "
                       "another --input, or switch them off with --without\n");
}

static void an_adjustment_with_figures_is_not(void **state)
{
    (void)state;
    struct kf_panel *panel = new_panel();
    add_adjustment(panel);
    fixture_column(panel, "gjesteelever", (double[]){5, 7});
    fixture_seal(panel);
    spend(panel);
    add_result(panel, KF_TOPIC_NEED, "need_index", KF_CELL_PUBLISHED);
    assert_told(panel, "");
}

/* --- demography ------------------------------------------------------------------------------- */

static const char *of[] = {"skole"};
static struct kf_cost_sector services[] = {{.id = "skole", .of = of, .of_len = 1}};

/* Rates of 2009, from a criterion that counts people of 6 and 7 years. */
static struct kf_panel *new_rates(void)
{
    struct kf_panel *panel = new_panel();
    struct kf_criterion *criterion = fixture_criterion(panel, "skole", "elever", 1);
    criterion->variable = "";
    criterion->ages = fixture_plus(panel, fixture_term(panel, "alder_6", 1), "alder_7", 1);
    fixture_edition(panel)->demography = (struct kf_demography){
        .base_year = 2010, .rate_year = 2009, .sectors = services, .sectors_len = 1};
    return panel;
}

static void rates_without_a_year_name_all_they_need(void **state)
{
    (void)state;
    struct kf_panel *panel = new_rates();
    fixture_seal(panel);
    assert_told(panel, "kf compute: the input holds no ndu_skole, alder_6, alder_7 of 2009, "
                       "neither of EAK nor of members: no rates, and no demography costs; give "
                       "them with another --input\n");
}

static void rates_name_only_what_nobody_gave(void **state)
{
    (void)state;
    struct kf_panel *panel = new_rates();
    struct kf_panel *year = fixture_further(panel, 2009);
    fixture_population(year, (double[]){100, 300});
    fixture_column(year, "ndu_skole", (double[]){FIXTURE_MISSING, FIXTURE_MISSING});
    fixture_country(year, "ndu_skole", 90000);
    fixture_column(year, "alder_6", (double[]){3, 4});
    fixture_seal(panel);
    assert_told(panel, "kf compute: the input holds no alder_7 of 2009, neither of EAK nor of "
                       "members: no rates, and no demography costs; give them with another "
                       "--input\n");
}

static void costs_that_are_there_are_not_told(void **state)
{
    (void)state;
    struct kf_panel *panel = new_rates();
    fixture_seal(panel);
    add_result(panel, KF_TOPIC_DEMOGRAPHY, "cost_million_kr", KF_CELL_VALUE);
    assert_told(panel, "");
}

static void what_is_not_to_be_told_is_not(void **state)
{
    (void)state;
    struct kf_panel *panel = new_rates();
    struct kf_notes notes = {KF_NOTE_NO_RATES};
    fixture_seal(panel);
    assert_string_equal(note(&notes, panel), "");
    kf_panel_destroy(&panel);
}

/* --- unit costs and a trial ------------------------------------------------------------------- */

#define CARE 2017

static struct kf_year_figure compensated[] = {{2016, 1.6}, {2017, 0.695}};

/* Nobody is counted: home help with accounts, two kinds of hours and, maybe, a grant. */
static struct kf_panel *new_costs(void)
{
    struct kf_panel *panel = fixture_panel_new(1, PLACES);
    struct kf_edition *edition = fixture_edition(panel);
    struct kf_cost_group *group = kf_arena_calloc(panel->arena, 1, sizeof *group);
    struct kf_delivery *deliveries = kf_arena_calloc(panel->arena, 2, sizeof *deliveries);
    assert_true(group && deliveries);
    deliveries[0] = (struct kf_delivery){"HTAMDK", fixture_term(panel, "timer_praktisk", 1)};
    deliveries[1] = (struct kf_delivery){"HTAMHS", fixture_term(panel, "timer_pleie", 1)};
    *group = (struct kf_cost_group){
        .id = "hjemme",
        .net = fixture_plus(panel, fixture_term(panel, "netto_234", 1), "netto_254", 1),
        .grant = fixture_term(panel, "tilskudd", 1),
        .deliveries = deliveries,
        .deliveries_len = 2};
    panel->year = CARE;
    edition->population = "";
    edition->unit_costs = (struct kf_unit_costs){.groups = group, .groups_len = 1};
    return panel;
}

static void accounts(struct kf_panel *panel)
{
    fixture_column(panel, "netto_234", (double[]){1000, 3000});
    fixture_column(panel, "netto_254", (double[]){FIXTURE_MISSING, 500});
}

static void cost_groups_without_volumes_name_them(void **state)
{
    (void)state;
    struct kf_panel *panel = new_costs();
    accounts(panel);
    fixture_seal(panel);
    assert_told(panel, "kf compute: the input holds no quantities of 1 cost group in 2017: no unit "
                       "costs and no gain of theirs; give timer_praktisk, timer_pleie, tilskudd "
                       "with another --input\n");
}

static void cost_groups_without_accounts_name_what_lacks(void **state)
{
    (void)state;
    struct kf_panel *panel = new_costs();
    fixture_column(panel, "netto_234", (double[]){1000, 3000});
    fixture_column(panel, "timer_pleie", (double[]){7, 9});
    fixture_seal(panel);
    assert_told(panel, "kf compute: the input holds no net expenditure of 1 cost group in 2017: no "
                       "unit costs and no gain of theirs; give netto_254 with another --input\n");
}

static void one_kind_of_hours_or_a_grant_is_enough(void **state)
{
    (void)state;
    static const char *const enough[] = {"timer_praktisk", "timer_pleie", "tilskudd"};
    for (size_t i = 0; i < sizeof enough / sizeof enough[0]; i++) {
        struct kf_panel *panel = new_costs();
        accounts(panel);
        fixture_column(panel, enough[i], (double[]){7, FIXTURE_MISSING});
        fixture_seal(panel);
        assert_told(panel, "");
    }
}

static void a_cost_group_that_nobody_has_is_not_told(void **state)
{
    (void)state;
    struct kf_panel *panel = new_costs();
    fixture_column(panel, "annet", (double[]){7, 9});
    fixture_seal(panel);
    assert_told(panel, "");
}

static void a_cost_group_of_accounts_alone_lacks_nothing(void **state)
{
    (void)state;
    struct kf_panel *panel = new_costs();
    struct kf_cost_group *group = fixture_edition(panel)->unit_costs.groups;
    group->deliveries_len = 0;
    group->grant.count = 0;
    accounts(panel);
    fixture_seal(panel);
    assert_told(panel, "");
}

/* Users above the threshold are compared with 2015's; the deduction of 2017 is the base. */
static struct kf_panel *new_trial(void)
{
    struct kf_panel *panel = new_costs();
    struct kf_trial *trial = &fixture_edition(panel)->trial;
    fixture_edition(panel)->unit_costs.groups_len = 0;
    trial->deduction = fixture_term(panel, "trekk", 1);
    trial->resource_intensive = (struct kf_resource_intensive){
        .users = fixture_term(panel, "brukere", 1),
        .net = fixture_term(panel, "netto_brukere", 1),
        .base_year = 2015,
    };
    return panel;
}

static void add_users(struct kf_panel *panel)
{
    fixture_column(panel, "brukere", (double[]){3, 4});
    fixture_column(panel, "netto_brukere", (double[]){5000, 6000});
}

/* As the efficiency stage leaves it, of the members from `first` on. */
static void add_trial(struct kf_panel *panel, const char *sector, const char *measure, size_t first)
{
    struct kf_result_key key = {
        .topic = KF_TOPIC_UNIT_COST, .sector = sector, .indicator = "", .measure = measure};
    struct kf_result *result = NULL;
    struct kf_error err = {0};
    assert_int_equal(kf_panel_append(panel, &key, &result, &err), KF_OK);
    for (size_t k = 0; k < PLACES; k++) {
        result->status[k] = k < first ? KF_CELL_MISSING : KF_CELL_VALUE;
    }
}

static struct kf_panel *new_own_shares(void)
{
    struct kf_panel *panel = new_trial();
    add_users(panel);
    return panel;
}

static void seal_own_shares(struct kf_panel *panel)
{
    fixture_seal(panel);
    add_trial(panel, "resource_intensive", "own_share_million_kr", 0);
}

static void own_shares_without_their_base_year_name_its_figures(void **state)
{
    (void)state;
    struct kf_panel *panel = new_own_shares();
    seal_own_shares(panel);
    char told[256];
    (void)snprintf(told, sizeof told,
                   "kf compute: the input holds no users of resource-intensive services of 2015: "
                   "no gain of theirs in 2017 of %s, %s; give brukere, netto_brukere of that year, "
                   "with another --input\n",
                   panel->members[0], panel->members[1]);
    assert_told(panel, told);
}

static void a_published_gain_that_stands_in_is_enough(void **state)
{
    (void)state;
    struct kf_panel *panel = new_own_shares();
    seal_own_shares(panel);
    add_trial(panel, "resource_intensive", "gain_million_kr", 0);
    assert_told(panel, "");
}

static void only_members_without_a_gain_are_named(void **state)
{
    (void)state;
    struct kf_panel *panel = new_own_shares();
    seal_own_shares(panel);
    add_trial(panel, "resource_intensive", "gain_million_kr", 1);
    char told[256];
    (void)snprintf(told, sizeof told,
                   "kf compute: the input holds no users of resource-intensive services of 2015: "
                   "no gain of theirs in 2017 of %s; give brukere, netto_brukere of that year, "
                   "with another --input\n",
                   panel->members[0]);
    assert_told(panel, told);
}

static void own_shares_of_both_years_lack_nothing(void **state)
{
    (void)state;
    struct kf_panel *panel = new_own_shares();
    add_users(fixture_further(panel, 2015));
    seal_own_shares(panel);
    assert_told(panel, "");
}

static void the_base_year_itself_is_compared_with_nothing(void **state)
{
    (void)state;
    struct kf_panel *panel = new_own_shares();
    panel->year = 2015;
    seal_own_shares(panel);
    assert_told(panel, "");
}

static struct kf_panel *new_gain(void)
{
    struct kf_panel *panel = new_trial();
    struct kf_trial *trial = &fixture_edition(panel)->trial;
    trial->resource_intensive.base_year = 0;
    trial->demography = (struct kf_demography_gain){.compensated = {compensated, 2},
                                                    .growth = "vekst",
                                                    .deduction_year = CARE,
                                                    .refund_years = {2015, 2016}};
    fixture_column(panel, "vekst", (double[]){2, 3});
    return panel;
}

static void a_gain_by_demography_without_its_deduction_names_it(void **state)
{
    (void)state;
    struct kf_panel *panel = new_gain();
    fixture_seal(panel);
    assert_told(panel, "kf compute: the input holds no figures of 2017 of trekk: no gain by "
                       "demography in 2017; give them with another --input\n");
}

static void a_gain_by_demography_without_a_refund_names_the_first_year(void **state)
{
    (void)state;
    struct kf_panel *panel = new_gain();
    fixture_column(panel, "trekk", (double[]){300, 400});
    fixture_seal(panel);
    assert_told(panel,
                "kf compute: the input holds no users of resource-intensive services of 2015: "
                "no gain by demography in 2017; give brukere, netto_brukere of that year, "
                "with another --input\n");
}

static void a_published_gain_by_demography_is_enough(void **state)
{
    (void)state;
    struct kf_panel *panel = new_gain();
    fixture_seal(panel);
    add_trial(panel, "demography", "gain_million_kr", 0);
    assert_told(panel, "");
}

static void any_of_the_refunds_years_is_enough(void **state)
{
    (void)state;
    struct kf_panel *panel = new_gain();
    fixture_column(panel, "trekk", (double[]){300, 400});
    add_users(fixture_further(panel, 2016));
    fixture_seal(panel);
    assert_told(panel, "");
}

#define NOTE_TEST(test) cmocka_unit_test_setup_teardown(test, empty_text, clear_text)

int main(void)
{
    const struct CMUnitTest tests[] = {
        NOTE_TEST(nothing_is_told_when_nothing_is_missing),
        NOTE_TEST(expenditure_without_need_names_the_index),
        NOTE_TEST(a_sector_that_spends_nothing_needs_no_index),
        NOTE_TEST(a_country_without_people_is_told),
        NOTE_TEST(a_country_with_people_is_not),
        NOTE_TEST(a_published_index_instead_of_criteria_is_told),
        NOTE_TEST(a_computed_index_is_not),
        NOTE_TEST(an_adjustment_without_figures_is_told),
        NOTE_TEST(an_adjustment_with_figures_is_not),
        NOTE_TEST(rates_without_a_year_name_all_they_need),
        NOTE_TEST(rates_name_only_what_nobody_gave),
        NOTE_TEST(costs_that_are_there_are_not_told),
        NOTE_TEST(what_is_not_to_be_told_is_not),
        NOTE_TEST(cost_groups_without_volumes_name_them),
        NOTE_TEST(cost_groups_without_accounts_name_what_lacks),
        NOTE_TEST(one_kind_of_hours_or_a_grant_is_enough),
        NOTE_TEST(a_cost_group_that_nobody_has_is_not_told),
        NOTE_TEST(a_cost_group_of_accounts_alone_lacks_nothing),
        NOTE_TEST(own_shares_without_their_base_year_name_its_figures),
        NOTE_TEST(a_published_gain_that_stands_in_is_enough),
        NOTE_TEST(only_members_without_a_gain_are_named),
        NOTE_TEST(own_shares_of_both_years_lack_nothing),
        NOTE_TEST(the_base_year_itself_is_compared_with_nothing),
        NOTE_TEST(a_gain_by_demography_without_its_deduction_names_it),
        NOTE_TEST(a_gain_by_demography_without_a_refund_names_the_first_year),
        NOTE_TEST(a_published_gain_by_demography_is_enough),
        NOTE_TEST(any_of_the_refunds_years_is_enough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
