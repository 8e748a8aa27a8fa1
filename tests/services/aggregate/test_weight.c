/* The checks of METHOD W: weights that SØF-rapport 06/11 prints, derived from the shares that it
 * prints, and what goes wrong. */
#include "tests/support/cmocka.h"

#include <string.h>

#include "services/aggregate/weight.h"
#include "tests/support/panel_fixture.h"

#define PARTS_MAX 40

/* A sector with a weighting in the making. */
static struct kf_panel *panel;
static struct kf_sector *sector;

static void begin(size_t members)
{
    double population[8] = {100, 200, 300, 400, 500, 600, 700, 800};
    panel = fixture_panel_new(100, members);
    fixture_population(panel, population);
    sector = fixture_sector(panel, "sektor", 1);
    sector->weighting.parts =
        kf_arena_calloc(panel->arena, PARTS_MAX, sizeof(struct kf_weight_part));
}

static int part(int parent, enum kf_weight_rule rule, double share)
{
    struct kf_weighting *weighting = &sector->weighting;
    weighting->parts[weighting->parts_len] =
        (struct kf_weight_part){.parent = parent, .rule = rule, .share = share, .item = ""};
    return (int)weighting->parts_len++;
}

static struct kf_weight_part *item(int parent, const char *id, double share)
{
    int number = part(parent, KF_WEIGHT_ITEM, share);
    sector->weighting.parts[number].item = id;
    (void)fixture_indicator(panel, "sektor", id, 0);
    return &sector->weighting.parts[number];
}

static void item_by(int parent, const char *id, const char *variable)
{
    item(parent, id, 0)->amount = fixture_term(panel, variable, 1);
}

static void close_to(enum kf_closure closure, int decimals)
{
    sector->weighting.closure = closure;
    sector->weighting.decimals = decimals;
}

static enum kf_err resolve(struct kf_findings *findings)
{
    struct kf_error err = {0};
    fixture_seal(panel);
    return kf_weights_append(panel, findings, &err);
}

static void assert_weight(const char *id, double expected)
{
    double weight = fixture_value(panel, KF_TOPIC_STATISTICS, "sektor", id, "weight", 0);
    if (!(fabs(weight - expected) <= 1e-15)) {
        fail_msg("the weight of %s is %.17g, expected %.17g", id, weight, expected);
    }
}

static void assert_flagged(const char *id, uint8_t expected)
{
    assert_int_equal(fixture_status(panel, KF_TOPIC_STATISTICS, "sektor", id, "weight", 0),
                     expected);
}

static void resolved(void)
{
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(resolve(findings), KF_OK);
    assert_int_equal(kf_findings_count(findings), 0);
}

/* --- the checks of METHOD W ------------------------------------------------------------------ */

/* Table 2.11: investigations, measures within and outside the family; the measures share one
 * supplementary indicator. */
static void child_welfare(double investigations, double within, double outside)
{
    begin(1);
    int root = part(-1, KF_WEIGHT_BUDGET, 0);
    int first = part(root, KF_WEIGHT_MAIN, investigations);
    item(first, "undersokelser", 0.8);
    item(first, "under_3_mnd", 0.2);
    int measures = part(root, KF_WEIGHT_MAIN, within + outside);
    int main_part = part(measures, KF_WEIGHT_BUDGET, 0.8);
    item(main_part, "tiltak_i_familie", within);
    item(main_part, "tiltak_utenfor_familie", outside);
    item(measures, "tiltaksplan", 0.2);
}

static void child_welfare_weights_are_those_of_table_2_11(void **state)
{
    (void)state;
    child_welfare(0.3309, 0.1559, 0.5132);
    close_to(KF_CLOSURE_LAST, 4);
    resolved();
    assert_weight("undersokelser", 0.2647);
    assert_weight("under_3_mnd", 0.0662);
    assert_weight("tiltak_i_familie", 0.1247);
    assert_weight("tiltak_utenfor_familie", 0.4106);
    assert_weight("tiltaksplan", 0.1338);
    kf_panel_destroy(&panel);
}

/* .8·.3309, .2·.3309, .8·.1559, .8·.5132, .2·(.1559 + .5132). */
static void without_closure_weights_are_not_rounded(void **state)
{
    (void)state;
    child_welfare(0.3309, 0.1559, 0.5132);
    resolved();
    assert_weight("undersokelser", 0.26472);
    assert_weight("under_3_mnd", 0.06618);
    assert_weight("tiltak_i_familie", 0.12472);
    assert_weight("tiltak_utenfor_familie", 0.41056);
    assert_weight("tiltaksplan", 0.13382);
    kf_panel_destroy(&panel);
}

/* W1 from accounts: the group's sums 3309, 1559 and 5132 of 10000. */
static void budget_shares_are_sums_over_the_group(void **state)
{
    (void)state;
    begin(3);
    int root = part(-1, KF_WEIGHT_BUDGET, 0);
    item_by(root, "a", "f244");
    item_by(root, "b", "f251");
    item_by(root, "c", "f252");
    fixture_column(panel, "f244", (double[]){1309, 1500, 500});
    fixture_column(panel, "f251", (double[]){0, 59, 1500});
    fixture_column(panel, "f252", (double[]){5000, 100, 32});
    resolved();
    assert_weight("a", 0.3309);
    assert_weight("b", 0.1559);
    assert_weight("c", 0.5132);
    kf_panel_destroy(&panel);
}

/* Table 2.5: doctors .3251 of health; 80/20. */
static void doctors_weights_are_those_of_table_2_5(void **state)
{
    (void)state;
    begin(1);
    int root = part(-1, KF_WEIGHT_CHOSEN, 0);
    int doctors = part(root, KF_WEIGHT_MAIN, 0.3251);
    item(doctors, "legetimer", 0.8);
    item(doctors, "reservekapasitet", 0.2);
    item(root, "rest", 0.6749);
    close_to(KF_CLOSURE_LAST, 4);
    resolved();
    assert_weight("legetimer", 0.2601);
    assert_weight("reservekapasitet", 0.0650);
    kf_panel_destroy(&panel);
}

/* Table 2.5, the whole sector, closed by remainders: .2272 on seven, .0324 thrice, .0325 four
 * times. The rest, .7728, is split by hours of personnel (W6): 3251, 2940, 1537. */
static void health_weights_are_those_of_table_2_5(void **state)
{
    (void)state;
    static const char *const seven[] = {"kurs", "kontroll", "hjemme", "uke8", "ar2", "ar4", "ar6"};
    begin(2);
    int root = part(-1, KF_WEIGHT_BUDGET, 0);
    int personnel = part(root, KF_WEIGHT_RESOURCE, 0.7728);
    int doctors = part(personnel, KF_WEIGHT_MAIN, 0);
    sector->weighting.parts[doctors].amount = fixture_term(panel, "timer_leger", 1);
    item(doctors, "legetimer", 0.8);
    item(doctors, "reservekapasitet", 0.2);
    item_by(personnel, "fysio", "timer_fysio");
    item_by(personnel, "ergo", "timer_ergo");
    int children = part(root, KF_WEIGHT_EQUAL, 0.2272);
    for (size_t i = 0; i < 7; i++) {
        item(children, seven[i], 0);
    }
    fixture_column(panel, "timer_leger", (double[]){3000, 251});
    fixture_column(panel, "timer_fysio", (double[]){940, 2000});
    fixture_column(panel, "timer_ergo", (double[]){1037, 500});
    close_to(KF_CLOSURE_REMAINDER, 4);
    resolved();
    assert_weight("legetimer", 0.2601);
    assert_weight("reservekapasitet", 0.0650);
    assert_weight("fysio", 0.2940);
    assert_weight("ergo", 0.1537);
    for (size_t i = 0; i < 7; i++) {
        assert_weight(seven[i], i < 3 ? 0.0324 : 0.0325);
    }
    kf_panel_destroy(&panel);
}

/* Table 2.2: hours .80, quality .20 on three. */
static void kindergarten_weights_are_those_of_table_2_2(void **state)
{
    (void)state;
    begin(1);
    int root = part(-1, KF_WEIGHT_MAIN, 0);
    item(root, "timer", 0.8);
    int quality = part(root, KF_WEIGHT_EQUAL, 0.2);
    item(quality, "styrere", 0);
    item(quality, "assistenter", 0);
    item(quality, "areal", 0);
    close_to(KF_CLOSURE_LAST, 3);
    resolved();
    assert_weight("timer", 0.8);
    assert_weight("styrere", 0.067);
    assert_weight("assistenter", 0.067);
    assert_weight("areal", 0.066);
    kf_panel_destroy(&panel);
}

/* Table 2.3: after-school care .0935, the rest the same on five. */
static void school_weights_are_those_of_table_2_3(void **state)
{
    (void)state;
    static const char *const five[] = {"nasj5", "nasj8", "eksamen", "poeng", "miljo"};
    begin(1);
    int root = part(-1, KF_WEIGHT_BUDGET, 0);
    int results = part(root, KF_WEIGHT_EQUAL, 0.9065);
    for (size_t i = 0; i < 5; i++) {
        item(results, five[i], 0);
    }
    item(root, "sfo", 0.0935);
    resolved();
    for (size_t i = 0; i < 5; i++) {
        assert_weight(five[i], 0.1813);
    }
    assert_weight("sfo", 0.0935);
    kf_panel_destroy(&panel);
}

/* Table 2.7, institutions .4301: days .80 by their number (W4), single rooms 10, doctors and
 * physiotherapists 5 each (W5). The days are not printed; 13.874 percent short stays is what gives
 * the two weights of the table, and single rooms, .04301, take what is left of .4301. */
static void care_institution_weights_are_those_of_table_2_7(void **state)
{
    (void)state;
    begin(2);
    int root = part(-1, KF_WEIGHT_BUDGET, 0);
    item(root, "hjemme", 0.5699);
    int institution = part(root, KF_WEIGHT_CHOSEN, 0.4301);
    int days = part(institution, KF_WEIGHT_QUANTITY, 80);
    item_by(days, "korttid", "dogn_kort");
    item_by(days, "langtid", "dogn_lang");
    item(institution, "lege", 5);
    item(institution, "fysio", 5);
    item(institution, "enerom", 10);
    fixture_column(panel, "dogn_kort", (double[]){3874, 10000});
    fixture_column(panel, "dogn_lang", (double[]){40126, 46000});
    close_to(KF_CLOSURE_LAST, 4);
    resolved();
    assert_weight("korttid", 0.0477);
    assert_weight("langtid", 0.2963);
    assert_weight("lege", 0.0215);
    assert_weight("fysio", 0.0215);
    assert_weight("enerom", 0.0431);
    kf_panel_destroy(&panel);
}

/* W7: 30 + 10 and 60 of the group's expenditure; the third sector only spends. */
static void sector_weights_are_shares_of_the_groups_expenditure(void **state)
{
    (void)state;
    panel = fixture_panel_new(100, 2);
    fixture_population(panel, (double[]){100, 200});
    static const char *const ids[] = {"barnehage", "grunnskole", "administrasjon"};
    for (size_t s = 0; s < 3; s++) {
        fixture_sector(panel, ids[s], 0);
    }
    fixture_indicator(panel, "barnehage", "a", 1);
    fixture_indicator(panel, "grunnskole", "b", 1);
    struct kf_weight_part parts[] = {
        {.parent = -1, .rule = KF_WEIGHT_BUDGET, .item = ""},
        {.parent = 0, .rule = KF_WEIGHT_ITEM, .item = "grunnskole"},
        {.parent = 0, .rule = KF_WEIGHT_ITEM, .item = "barnehage"},
    };
    parts[1].amount = fixture_term(panel, "f202", 1);
    parts[2].amount = fixture_plus(panel, fixture_term(panel, "f201", 1), "f211", 1);
    fixture_edition(panel)->weighting =
        (struct kf_weighting){.parts = parts, .parts_len = 3, .closure = KF_CLOSURE_NONE};
    fixture_column(panel, "f201", (double[]){10, 20});
    fixture_column(panel, "f211", (double[]){4, 6});
    fixture_column(panel, "f202", (double[]){50, 10});
    resolved();
    assert_close(fixture_value(panel, KF_TOPIC_STATISTICS, "barnehage", "", "weight", 0), 0.4,
                 1e-15);
    assert_close(fixture_value(panel, KF_TOPIC_STATISTICS, "grunnskole", "", "weight", 0), 0.6,
                 1e-15);
    assert_null(kf_panel_result(panel, KF_TOPIC_STATISTICS, "administrasjon", "", "weight"));
    kf_panel_destroy(&panel);
}

/* --- what counts ----------------------------------------------------------------------------- */

static void given_weights_are_told_too(void **state)
{
    (void)state;
    begin(1);
    sector->weighting.parts_len = 0;
    fixture_indicator(panel, "sektor", "a", 0.3);
    fixture_indicator(panel, "sektor", "b", 0.7);
    resolved();
    assert_weight("a", 0.3);
    assert_weight("b", 0.7);
    assert_weight("", 1);
    kf_panel_destroy(&panel);
}

/* Member 2 lacks g, so that neither its 900 of f nor its 400 of h counts: 2·100 + 10 = 210 beside
 * 70. */
static void a_member_that_lacks_one_figure_of_a_sum_does_not_count_beside_it(void **state)
{
    (void)state;
    begin(2);
    int root = part(-1, KF_WEIGHT_QUANTITY, 0);
    item(root, "a", 0)->amount = fixture_plus(panel, fixture_term(panel, "f", 2), "g", 1);
    item_by(root, "b", "h");
    fixture_column(panel, "f", (double[]){100, 900});
    fixture_column(panel, "g", (double[]){10, FIXTURE_MISSING});
    fixture_column(panel, "h", (double[]){70, 400});
    resolved();
    assert_weight("a", 0.75);
    assert_weight("b", 0.25);
    kf_panel_destroy(&panel);
}

/* Member 3 lacks b: 10 + 20 beside 30 + 60, and not 10 + 20 + 970. It has c and d, and counts
 * there: 5 + 5 + 30 beside 20 + 20 + 20. The two pairs are weighed 3 and 1. */
static void a_missing_amount_does_not_skew_the_weights_beside_it(void **state)
{
    (void)state;
    begin(3);
    int root = part(-1, KF_WEIGHT_CHOSEN, 0);
    int budget = part(root, KF_WEIGHT_BUDGET, 3);
    item_by(budget, "a", "fa");
    item_by(budget, "b", "fb");
    int days = part(root, KF_WEIGHT_QUANTITY, 1);
    item_by(days, "c", "fc");
    item_by(days, "d", "fd");
    fixture_column(panel, "fa", (double[]){10, 20, 970});
    fixture_column(panel, "fb", (double[]){30, 60, FIXTURE_MISSING});
    fixture_column(panel, "fc", (double[]){5, 5, 30});
    fixture_column(panel, "fd", (double[]){20, 20, 20});
    resolved();
    assert_weight("a", 0.1875);
    assert_weight("b", 0.5625);
    assert_weight("c", 0.1);
    assert_weight("d", 0.15);
    assert_flagged("a", KF_CELL_INCOMPLETE);
    assert_flagged("b", KF_CELL_INCOMPLETE);
    assert_flagged("c", KF_CELL_VALUE);
    assert_flagged("d", KF_CELL_VALUE);
    kf_panel_destroy(&panel);
}

/* 1 + 2 beside 3 + 6, since member 3 lacks g: .25 and .75; b and c are written shares, 1 and 3, of
 * the former. */
static void what_lies_below_incomplete_amounts_is_incomplete(void **state)
{
    (void)state;
    begin(3);
    int root = part(-1, KF_WEIGHT_BUDGET, 0);
    int split = part(root, KF_WEIGHT_CHOSEN, 0);
    sector->weighting.parts[split].amount = fixture_term(panel, "f", 1);
    item(split, "b", 1);
    item(split, "c", 3);
    item_by(root, "a", "g");
    fixture_column(panel, "f", (double[]){1, 2, 100});
    fixture_column(panel, "g", (double[]){3, 6, FIXTURE_MISSING});
    resolved();
    assert_weight("b", 0.0625);
    assert_weight("c", 0.1875);
    assert_weight("a", 0.75);
    assert_flagged("b", KF_CELL_INCOMPLETE);
    assert_flagged("c", KF_CELL_INCOMPLETE);
    assert_flagged("a", KF_CELL_INCOMPLETE);
    kf_panel_destroy(&panel);
}

/* Shares of siblings are rescaled: 3 and 1 are three quarters and one. */
static void siblings_are_rescaled_on_every_level(void **state)
{
    (void)state;
    begin(1);
    int root = part(-1, KF_WEIGHT_CHOSEN, 0);
    int left = part(root, KF_WEIGHT_CHOSEN, 3);
    item(left, "a", 10);
    item(left, "b", 30);
    item(root, "c", 1);
    resolved();
    assert_weight("a", 0.1875);
    assert_weight("b", 0.5625);
    assert_weight("c", 0.25);
    kf_panel_destroy(&panel);
}

/* --- what goes wrong ------------------------------------------------------------------------- */

static bool found(const struct kf_findings *findings, const char *variable, const char *text)
{
    for (size_t i = 0; i < findings->length; i++) {
        const struct kf_finding *finding = &findings->list[i];
        if (strcmp(finding->variable, variable) == 0 && strstr(finding->problem, text) &&
            finding->remedy[0]) {
            return true;
        }
    }
    return false;
}

static void amounts_without_a_figure_or_not_above_zero_are_all_told(void **state)
{
    (void)state;
    begin(2);
    int root = part(-1, KF_WEIGHT_BUDGET, 0);
    item_by(root, "a", "mangler");
    item_by(root, "b", "null");
    int below = part(root, KF_WEIGHT_EQUAL, 0);
    sector->weighting.parts[below].amount =
        fixture_plus(panel, fixture_term(panel, "null", 1), "tom", 1);
    item(below, "c", 0);
    fixture_column(panel, "null", (double[]){-5, 5});
    fixture_column(panel, "tom", (double[]){FIXTURE_MISSING, FIXTURE_MISSING});
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(resolve(findings), KF_ERR_DATA);
    assert_int_equal(kf_findings_count(findings), 3);
    assert_true(found(findings, "mangler", "sector sektor, part a: "));
    assert_true(found(findings, "null", "sector sektor, part b: "));
    assert_true(found(findings, "tom", "the part that begins with c: "));
    kf_panel_destroy(&panel);
}

/* Member 1 has a, member 2 has b: nothing can be compared. */
static void amounts_that_nobody_has_together_are_told(void **state)
{
    (void)state;
    begin(2);
    int root = part(-1, KF_WEIGHT_BUDGET, 0);
    item_by(root, "a", "fa");
    item_by(root, "b", "fb");
    fixture_column(panel, "fa", (double[]){10, FIXTURE_MISSING});
    fixture_column(panel, "fb", (double[]){FIXTURE_MISSING, 20});
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(resolve(findings), KF_ERR_DATA);
    assert_int_equal(kf_findings_count(findings), 1);
    assert_true(found(findings, "fa", "part a: the weight cannot be derived, no member"));
    kf_panel_destroy(&panel);
}

static void a_weight_that_rounding_leaves_nothing_of_is_told(void **state)
{
    (void)state;
    begin(1);
    int root = part(-1, KF_WEIGHT_CHOSEN, 0);
    item(root, "a", 0.97);
    item(root, "b", 0.03);
    close_to(KF_CLOSURE_LAST, 1);
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(resolve(findings), KF_ERR_DATA);
    assert_true(found(findings, "", "the weight of b is 0 when"));
    kf_panel_destroy(&panel);
}

static void an_indicator_that_stands_in_no_part_is_refused(void **state)
{
    (void)state;
    begin(1);
    int root = part(-1, KF_WEIGHT_EQUAL, 0);
    item(root, "a", 0);
    (void)fixture_indicator(panel, "sektor", "glemt", 0);
    assert_int_equal(resolve(fixture_findings()), KF_ERR_DATA);
    kf_panel_destroy(&panel);
}

static void a_weighting_that_is_no_tree_is_refused(void **state)
{
    (void)state;
    static const int parents[][3] = {{0, 0, 0}, {-1, 2, 0}, {-1, -1, 0}, {-1, 1, 1}, {-1, 7, 0}};
    for (size_t i = 0; i < sizeof parents / sizeof parents[0]; i++) {
        begin(1);
        (void)part(parents[i][0], KF_WEIGHT_EQUAL, 0);
        item(parents[i][1], "a", 1);
        item(parents[i][2], "b", 1);
        assert_int_equal(resolve(fixture_findings()), KF_ERR_DATA);
        kf_panel_destroy(&panel);
    }
    begin(1);
    int root = part(-1, KF_WEIGHT_CHOSEN, 0);
    item(root, "a", 1);
    (void)part(root, KF_WEIGHT_EQUAL, 1); /* split into nothing */
    assert_int_equal(resolve(fixture_findings()), KF_ERR_DATA);
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(child_welfare_weights_are_those_of_table_2_11),
        cmocka_unit_test(without_closure_weights_are_not_rounded),
        cmocka_unit_test(budget_shares_are_sums_over_the_group),
        cmocka_unit_test(doctors_weights_are_those_of_table_2_5),
        cmocka_unit_test(health_weights_are_those_of_table_2_5),
        cmocka_unit_test(kindergarten_weights_are_those_of_table_2_2),
        cmocka_unit_test(school_weights_are_those_of_table_2_3),
        cmocka_unit_test(care_institution_weights_are_those_of_table_2_7),
        cmocka_unit_test(sector_weights_are_shares_of_the_groups_expenditure),
        cmocka_unit_test(given_weights_are_told_too),
        cmocka_unit_test(a_member_that_lacks_one_figure_of_a_sum_does_not_count_beside_it),
        cmocka_unit_test(a_missing_amount_does_not_skew_the_weights_beside_it),
        cmocka_unit_test(what_lies_below_incomplete_amounts_is_incomplete),
        cmocka_unit_test(siblings_are_rescaled_on_every_level),
        cmocka_unit_test(amounts_without_a_figure_or_not_above_zero_are_all_told),
        cmocka_unit_test(amounts_that_nobody_has_together_are_told),
        cmocka_unit_test(a_weight_that_rounding_leaves_nothing_of_is_told),
        cmocka_unit_test(an_indicator_that_stands_in_no_part_is_refused),
        cmocka_unit_test(a_weighting_that_is_no_tree_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
