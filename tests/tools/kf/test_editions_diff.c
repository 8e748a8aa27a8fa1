#include "tests/support/cmocka.h"
#include "tests/support/panel_fixture.h"
#include "tools/kf/editions_diff.h"

/* One sector with two indicators and a criterion. */
static struct kf_panel *edition_new(void)
{
    struct kf_panel *panel = fixture_panel_new(100, 2);
    fixture_sector(panel, "skole", 1);
    fixture_indicator(panel, "skole", "timer", 0.75);
    fixture_indicator(panel, "skole", "areal", 0.25);
    fixture_criterion(panel, "skole", "barn", 1);
    return panel;
}

static void assert_differs(struct kf_panel *a, struct kf_panel *b, const char *expected)
{
    struct kf_differences differences = {0};
    struct kf_error err = {0};
    struct kf_text text;
    kf_text_init(&text, 65536);
    assert_int_equal(kf_editions_diff(a->edition, b->edition, a->arena, &differences, &err), KF_OK);
    kf_editions_diff_print(a->edition, b->edition, &differences, NULL, &text);
    assert_string_equal(text.bytes, expected);
    kf_text_clear(&text);
    kf_panel_destroy(&a);
    kf_panel_destroy(&b);
}

static void the_same_edition_does_not_differ(void **state)
{
    (void)state;
    assert_differs(edition_new(), edition_new(), "fixture → fixture\nno difference\n");
}

static void rules_weights_and_terms_are_told_from_a_to_b(void **state)
{
    (void)state;
    struct kf_panel *a = edition_new();
    struct kf_panel *b = edition_new();
    struct kf_edition *edition = fixture_edition(b);
    edition->publish = true;
    edition->scale = 1;
    edition->missing = KF_MISSING_MEDIAN;
    static const char *excluded[] = {"0602", "1108"};
    edition->excluded = excluded;
    edition->excluded_len = 2;
    struct kf_indicator *timer = &edition->sectors[0].indicators[0];
    timer->weight = 0.8;
    timer->numerator = fixture_plus(b, fixture_term(b, "timer_0_2", 1.6), "timer_3_5", 1);
    timer->per = KF_PER_POPULATION;
    edition->sectors[0].criteria[0].cost_disadvantage = true;
    assert_differs(a, b,
                   "fixture → fixture\n"
                   "\nrules and years\n"
                   "  ~ publish: no → yes\n"
                   "  ~ scale: 100 → 1\n"
                   "  ~ missing: minimum → median\n"
                   "  ~ except: nothing → 0602, 1108\n"
                   "\nindicators\n"
                   "  ~ skole/timer weight: 0.75 → 0.8\n"
                   "  ~ skole/timer numerator: timer → 1.6·timer_0_2 + timer_3_5\n"
                   "  ~ skole/timer denominator: nothing → inhabitants\n"
                   "\ncriteria of the cost keys\n"
                   "  ~ skole/barn cost disadvantage: no → yes\n");
}

static void what_a_new_sector_consists_of_is_not_told_singly(void **state)
{
    (void)state;
    struct kf_panel *a = edition_new();
    struct kf_panel *b = edition_new();
    fixture_sector(b, "kultur", 0.5);
    fixture_indicator(b, "kultur", "bok", 1);
    fixture_edition(b)->sectors[0].indicators_len = 1;
    assert_differs(a, b,
                   "fixture → fixture\n"
                   "\nsectors\n"
                   "  + kultur: 1 indicators, 0 criteria\n"
                   "\nindicators\n"
                   "  − skole/areal: areal\n");
}

static void members_come_and_go(void **state)
{
    (void)state;
    static const char *old[] = {"0301", "1102"};
    static const char *new[] = {"0301", "1108"};
    struct kf_panel *a = edition_new();
    struct kf_panel *b = edition_new();
    fixture_edition(a)->members = old;
    fixture_edition(a)->members_len = 2;
    fixture_edition(b)->members = new;
    fixture_edition(b)->members_len = 2;
    assert_differs(a, b, "fixture → fixture\n\ngroup\n  − 1102\n  + 1108\n");
}

static void resource_use_and_demography_are_told(void **state)
{
    (void)state;
    static double rates[] = {210000};
    static struct kf_adjustment adjustment = {.id = "pensjon", .to = KF_ADJUST_EXPENDITURE};
    static struct kf_age_group old = {.id = "67+", .name = {"E", "O"}};
    static struct kf_age_group costs = {.id = "1-5", .name = {"E", "O"}};
    static struct kf_cost_sector service = {.id = "barnehage", .rates = rates};
    static struct kf_use use = {.id = "renter"};
    struct kf_panel *a = edition_new();
    struct kf_panel *b = edition_new();
    struct kf_edition *edition = fixture_edition(b);
    adjustment.amount = fixture_term(b, "fylke", -1000);
    old.people = fixture_term(b, "alder_105", 1);
    costs.people = fixture_term(b, "innb_1_5", 1);
    use.amount = fixture_term(b, "renter", 1);
    edition->need_year = KF_NEED_YEAR_NEXT;
    edition->sectors[0].resources = (struct kf_resources){.net = fixture_term(b, "ndu", 1000),
                                                          .outside = true,
                                                          .need_of = "kultur",
                                                          .adjustments = &adjustment,
                                                          .adjustments_len = 1};
    edition->uses = &use;
    edition->uses_len = 1;
    edition->demography = (struct kf_demography){.base_year = 2020,
                                                 .groups = &old,
                                                 .groups_len = 1,
                                                 .cost_groups = &costs,
                                                 .cost_groups_len = 1,
                                                 .sectors = &service,
                                                 .sectors_len = 1};
    assert_differs(a, b,
                   "fixture → fixture\n"
                   "\nrules and years\n"
                   "  ~ year of need: same → next\n"
                   "  ~ base year of demography: nothing → 2020\n"
                   "\nsectors\n"
                   "  ~ skole net expenditure: nothing → ndu (1000 kr)\n"
                   "  ~ skole outside: nothing → yes\n"
                   "  ~ skole need of: nothing → kultur\n"
                   "\nadjustments\n"
                   "  + skole/pensjon: expenditure: -1·fylke (1000 kr)\n"
                   "\nuses of disposable income\n"
                   "  + renter: renter (kr)\n"
                   "\ngroups of ages\n"
                   "  + 67+: ages 105\n"
                   "\ngroups of costs\n"
                   "  + 1-5: innb_1_5\n"
                   "\ncosts by age\n"
                   "  + barnehage: 1-5: 210000 kr\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_edition_does_not_differ),
        cmocka_unit_test(rules_weights_and_terms_are_told_from_a_to_b),
        cmocka_unit_test(what_a_new_sector_consists_of_is_not_told_singly),
        cmocka_unit_test(members_come_and_go),
        cmocka_unit_test(resource_use_and_demography_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
