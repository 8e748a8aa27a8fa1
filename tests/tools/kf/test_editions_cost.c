#include "tests/support/cmocka.h"

#include <string.h>

#include "tests/support/panel_fixture.h"
#include "tools/kf/editions_cost.h"
#include "tools/kf/editions_diff.h"
#include "tools/kf/editions_show.h"

static struct kf_text text;

static int open_text(void **state)
{
    (void)state;
    kf_text_init(&text, 65536);
    return 0;
}

static int close_text(void **state)
{
    (void)state;
    kf_text_clear(&text);
    return 0;
}

static void reads(const char *expected)
{
    assert_string_equal(text.bytes, expected);
    kf_text_reset(&text);
}

static struct kf_term timer = {.variable = "timer", .factor = 1};
static struct kf_term natt = {.variable = "natt", .factor = 0.5};
static struct kf_term arbeidstid = {.variable = "arbeidstid", .factor = 1};
static struct kf_term ndu = {.variable = "ndu", .factor = 1000};
static struct kf_term tilskudd = {.variable = "tilskudd", .factor = 1};
static struct kf_year_figure rates[] = {{2016, 706}, {2017, 1157000.25}};

static struct kf_rated_service service(void)
{
    return (struct kf_rated_service){
        .id = "HTAMDK", .name = {"Hjelp", "Help"}, .unit = "hours", .rates = {rates, 2}};
}

static struct kf_cost_group group(void)
{
    static struct kf_delivery deliveries[2];
    deliveries[0] = (struct kf_delivery){"HTAMDK", {&timer, 1}};
    deliveries[1] = (struct kf_delivery){"HTAMN", {&natt, 1}};
    return (struct kf_cost_group){.id = "hjemme",
                                  .name = {"Hjemme", "Home"},
                                  .net = {&ndu, 1},
                                  .grant = {&tilskudd, 1},
                                  .deliveries = deliveries,
                                  .deliveries_len = 2};
}

static void a_service_is_its_unit_and_its_rates_in_full(void **state)
{
    (void)state;
    struct kf_rated_service told = service();
    kf_editions_service(&told, &text);
    reads("hours, 2016: 706, 2017: 1157000.25 kr");
}

static void a_group_is_its_accounts_and_what_it_delivers(void **state)
{
    (void)state;
    struct kf_cost_group told = group();
    kf_editions_cost_group(&told, false, &text);
    reads("net ndu (1000 kr), grant tilskudd (kr), HTAMDK: timer, HTAMN: 0.5·natt");
    told.grant.count = 0;
    told.deliveries_len = 0;
    kf_editions_cost_group(&told, true, &text);
    reads("netto ndu (1000 kr)");
}

static void time_with_users_has_a_norm_or_none(void **state)
{
    (void)state;
    struct kf_user_time told = {
        .approved = {&timer, 1}, .available = {&arbeidstid, 1}, .norm = 0.6};
    kf_editions_user_time(&told, false, &text);
    reads("timer ÷ arbeidstid, norm 0.6");
    told.norm = 0;
    kf_editions_user_time(&told, false, &text);
    reads("timer ÷ arbeidstid");
}

static void growth_is_given_or_that_of_an_expenditure(void **state)
{
    (void)state;
    struct kf_real_growth told = {.gross = "vekst", .demographic = "behov"};
    kf_editions_growth(&told, false, &text);
    reads("vekst − behov");
    told = (struct kf_real_growth){.gross = "", .expenditure = {&ndu, 1}, .demographic = "behov"};
    kf_editions_growth(&told, false, &text);
    reads("ndu (1000 kr) at fixed prices − behov");
    kf_editions_growth(&told, true, &text);
    reads("ndu (1000 kr) i faste priser − behov");
}

/* The value of a rule; "" when there is no rule of that name. */
static void rule_reads(const struct kf_edition *edition, const char *name, const char *expected)
{
    bool found = false;
    for (size_t i = 0; i < kf_editions_cost_rules(); i++) {
        const char *told = kf_editions_cost_rule(edition, i, false, &text);
        if (strcmp(told, name) == 0) {
            assert_string_equal(text.bytes, expected);
            found = true;
        }
        kf_text_reset(&text);
    }
    assert_true(found);
}

static void what_is_said_of_the_whole_is_told_by_name(void **state)
{
    (void)state;
    struct kf_edition edition = {
        .unit_costs = {.institution = {.days = {&natt, 1}}, .gain = {&ndu, 1}},
        .trial = {.deduction = {&tilskudd, 1},
                  .resource_intensive = {.thresholds = {&rates[1], 1},
                                         .refund = 0.8,
                                         .age_limit = 67,
                                         .each = {.cost_prefix = "kostnad_"}},
                  .demography = {.growth = "behov", .refund_years = {2015, 2016}}}};
    rule_reads(&edition, "days in institutions", "0.5·natt");
    rule_reads(&edition, "published gain of all groups", "ndu (1000 kr)");
    rule_reads(&edition, "deduction", "tilskudd (kr)");
    rule_reads(&edition, "threshold of a user", "2017: 1157000.25");
    rule_reads(&edition, "refund above it", "0.8");
    rule_reads(&edition, "age limit", "67");
    rule_reads(&edition, "costs of each user", "kostnad_");
    rule_reads(&edition, "ages of each user", "");
    rule_reads(&edition, "own growth of need", "behov");
    rule_reads(&edition, "years of the refund", "2015, 2016");
    rule_reads(&edition, "year of the deduction", "");
    rule_reads(&edition, "published gain in all", "");
}

static void an_edition_without_them_says_nothing_of_them(void **state)
{
    (void)state;
    const struct kf_edition none = {.id = "ingen"};
    for (size_t i = 0; i < kf_editions_cost_rules(); i++) {
        (void)kf_editions_cost_rule(&none, i, false, &text);
        reads("");
    }
}

static void rules_of_the_trial_come_last(void **state)
{
    (void)state;
    size_t first = 0;
    while (!kf_editions_cost_rule_is_of_trial(first)) {
        first++;
    }
    assert_true(first > 0);
    for (size_t i = first; i < kf_editions_cost_rules(); i++) {
        assert_true(kf_editions_cost_rule_is_of_trial(i));
    }
}

static void a_part_has_a_heading_when_there_is_anything_below_it(void **state)
{
    (void)state;
    struct kf_panel *panel = fixture_panel_new(100, 2);
    struct kf_edition *edition = fixture_edition(panel);
    struct kf_error err = {0};
    struct kf_rated_service services[] = {service()};
    edition->source = "made up";
    assert_int_equal(kf_editions_show(edition, NULL, false, &text, &err), KF_OK);
    assert_null(strstr(text.bytes, "unit costs"));
    assert_null(strstr(text.bytes, "trial"));
    kf_text_reset(&text);
    edition->unit_costs.services = services;
    edition->unit_costs.services_len = 1;
    edition->trial.gain = (struct kf_terms){&ndu, 1};
    assert_int_equal(kf_editions_show(edition, NULL, true, &text, &err), KF_OK);
    assert_non_null(strstr(text.bytes,
                           "\nenhetskostnader\n"
                           "  tjeneste                       HTAMDK (Hjelp): hours, 2016: 706, "
                           "2017: 1157000.25 kr\n"
                           "\nforsøk\n"
                           "  publisert gevinst i alt        ndu (1000 kr)\n"));
    kf_panel_destroy(&panel);
}

static void differs(struct kf_panel *a, struct kf_panel *b, const char *expected)
{
    struct kf_differences differences = {0};
    struct kf_error err = {0};
    assert_int_equal(kf_editions_diff(a->edition, b->edition, a->arena, &differences, &err), KF_OK);
    kf_editions_diff_print(a->edition, b->edition, &differences, NULL, &text);
    reads(expected);
    kf_panel_destroy(&a);
    kf_panel_destroy(&b);
}

static void rates_groups_and_thresholds_are_told_from_a_to_b(void **state)
{
    (void)state;
    struct kf_panel *a = fixture_panel_new(100, 2);
    struct kf_panel *b = fixture_panel_new(100, 2);
    struct kf_rated_service old[] = {service()};
    struct kf_rated_service new[] = {service()};
    struct kf_cost_group old_group[] = {group()};
    struct kf_cost_group new_group[] = {group()};
    new[0].rates.count = 1;
    new_group[0].grant.count = 0;
    new_group[0].deliveries_len = 1;
    fixture_edition(a)->unit_costs = (struct kf_unit_costs){
        .services = old, .services_len = 1, .groups = old_group, .groups_len = 1};
    fixture_edition(b)->unit_costs = (struct kf_unit_costs){
        .services = new, .services_len = 1, .groups = new_group, .groups_len = 1};
    fixture_edition(b)->trial.resource_intensive.thresholds = (struct kf_year_figures){rates, 1};
    differs(a, b,
            "fixture → fixture\n"
            "\nrules and years\n"
            "  ~ threshold of a user: nothing → 2016: 706\n"
            "\nservices with rates\n"
            "  ~ HTAMDK rates: 2016: 706, 2017: 1157000.25 → 2016: 706\n"
            "\ncost groups\n"
            "  ~ hjemme grant: tilskudd (kr) → nothing\n"
            "  ~ hjemme quantity of HTAMN: 0.5·natt → nothing\n");
}

static void services_time_growth_and_grants_come_and_go(void **state)
{
    (void)state;
    struct kf_panel *a = fixture_panel_new(100, 2);
    struct kf_panel *b = fixture_panel_new(100, 2);
    struct kf_rated_service services[] = {service()};
    struct kf_user_time times[] = {
        {.id = "ute", .approved = {&timer, 1}, .available = {&arbeidstid, 1}}};
    struct kf_real_growth growths[] = {{.id = "arlig", .gross = "vekst", .demographic = "behov"}};
    struct kf_use grants[] = {{.id = "vedtak", .amount = {&ndu, 1}}};
    fixture_edition(a)->unit_costs =
        (struct kf_unit_costs){.services = services, .services_len = 1};
    fixture_edition(b)->unit_costs = (struct kf_unit_costs){
        .user_times = times, .user_times_len = 1, .growths = growths, .growths_len = 1};
    fixture_edition(b)->trial.grants = grants;
    fixture_edition(b)->trial.grants_len = 1;
    differs(a, b,
            "fixture → fixture\n"
            "\nservices with rates\n"
            "  − HTAMDK: hours, 2016: 706, 2017: 1157000.25 kr\n"
            "\ntime with users\n"
            "  + ute: timer ÷ arbeidstid\n"
            "\nreal growth\n"
            "  + arlig: vekst − behov\n"
            "\nparts of the grant\n"
            "  + vedtak: ndu (1000 kr)\n");
}

#define WITH_TEXT(test) cmocka_unit_test_setup_teardown(test, open_text, close_text)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_TEXT(a_service_is_its_unit_and_its_rates_in_full),
        WITH_TEXT(a_group_is_its_accounts_and_what_it_delivers),
        WITH_TEXT(time_with_users_has_a_norm_or_none),
        WITH_TEXT(growth_is_given_or_that_of_an_expenditure),
        WITH_TEXT(what_is_said_of_the_whole_is_told_by_name),
        WITH_TEXT(an_edition_without_them_says_nothing_of_them),
        WITH_TEXT(rules_of_the_trial_come_last),
        WITH_TEXT(a_part_has_a_heading_when_there_is_anything_below_it),
        WITH_TEXT(rates_groups_and_thresholds_are_told_from_a_to_b),
        WITH_TEXT(services_time_growth_and_grants_come_and_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
