/* An edition of one's own to edit. That it is sound and computes is tried with the program. */
#include "tests/support/cmocka.h"

#include <string.h>

#include "common/model/yaml.h"
#include "tools/kf/template_edition.h"

#define TEXT_BYTES_MAX ((size_t)1 << 20)

static struct kf_rated_service services[] = {
    {.id = "A-1", .unit = "hours"}, {.id = "B2", .unit = "days"}, {.id = "C3", .unit = "days"}};
static struct kf_cost_group groups[] = {{.id = "hjemme"}, {.id = "nord"}};
static struct kf_sector sectors[1];
static struct kf_edition edition;
static struct kf_text text;

static int set_up(void **state)
{
    (void)state;
    edition = (struct kf_edition){.id = "care", .year_from = 2016, .year_to = 2017};
    edition.unit_costs = (struct kf_unit_costs){
        .services = services, .services_len = 3, .groups = groups, .groups_len = 2};
    kf_text_init(&text, TEXT_BYTES_MAX);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    kf_text_clear(&text);
    return 0;
}

static const char *print(const char *id, const char *const *codes, size_t count)
{
    const struct kf_template template = {
        .edition = &edition, .municipalities = codes, .municipalities_len = count};
    kf_text_reset(&text);
    kf_template_edition(&template, id, &text);
    assert_false(text.failed);
    return text.bytes;
}

static void expect(const char *fragment)
{
    if (!strstr(text.bytes, fragment)) {
        fail_msg("no \"%s\" in:\n%s", fragment, text.bytes);
    }
}

static void it_extends_the_edition_under_an_id_of_its_own(void **state)
{
    (void)state;
    char id[KF_TEMPLATE_ID_SIZE];
    kf_template_edition_id(&edition, id);
    assert_string_equal(id, "care-own");
    (void)print(id, (const char *const[]){"0301"}, 1);
    expect("\nextends: care\nid: care-own\n");
    expect("\ngroup:\n");
    expect("  municipalities: [\"0301\"]\n");
}

static void a_long_id_is_cut_to_what_an_id_may_have(void **state)
{
    (void)state;
    char id[KF_TEMPLATE_ID_SIZE];
    edition.id = "a123456789a123456789a123456789a123456789a123456789a123456789a123";
    kf_template_edition_id(&edition, id);
    assert_int_equal(strlen(id), KF_TEMPLATE_ID_SIZE - 1);
    assert_string_equal(id + 60, "-own");
    assert_true(kf_yaml_is_id(id));
}

static void groups_deliver_the_first_two_services_by_variables_of_their_own(void **state)
{
    (void)state;
    (void)print("min-omsorg", NULL, 0);
    expect("{id: min_omsorg_netto_nord, unit: 1000 kr,");
    expect("{id: min_omsorg_mengde_sor_a_1, unit: hours, minimum: 0,");
    expect("      net: min_omsorg_netto_sor\n      services:\n"
           "        - {id: A-1, quantity: min_omsorg_mengde_sor_a_1}\n"
           "        - {id: B2, quantity: min_omsorg_mengde_sor_b2}\n");
    assert_null(strstr(text.bytes, "C3"));
    assert_null(strstr(text.bytes, "  services:\n    -"));
}

static void inherited_groups_are_taken_out_unless_they_are_its_own(void **state)
{
    (void)state;
    (void)print("min", NULL, 0);
    expect("    - {id: hjemme, remove: true}\n");
    assert_null(strstr(text.bytes, "{id: nord, remove"));
}

static void without_municipalities_the_group_is_the_other_editions(void **state)
{
    (void)state;
    (void)print("min", NULL, 0);
    expect("\n# group:\n");
    expect("\n#   municipalities: [\"0301\"]\n");
}

static void an_index_needs_more_than_one_municipality(void **state)
{
    (void)state;
    edition.sectors = sectors;
    edition.sectors_len = 1;
    (void)print("min", (const char *const[]){"0301"}, 1);
    expect("two at least");
    expect("\n#   municipalities: [\"0301\"]\n");
    (void)print("min", (const char *const[]){"0301", "0219"}, 2);
    expect("\n  municipalities: [\"0301\", \"0219\"]\n");
}

static void who_was_left_out_is_not_when_members_are_listed(void **state)
{
    (void)state;
    edition.excluded = (const char *[]){"1108"};
    edition.excluded_len = 1;
    (void)print("min", (const char *const[]){"0301"}, 1);
    expect("  municipalities: [\"0301\"]\n  except: null\n");
}

static void an_edition_without_services_gets_one_with_a_rate_that_is_told_as_made_up(void **state)
{
    (void)state;
    edition.unit_costs = (struct kf_unit_costs){.services = NULL};
    (void)print("min", NULL, 0);
    expect("500 is made up: put yours");
    expect("    - {id: HJEMMEHJELP, unit: hours, rates: {2016: 500},");
    expect("        - {id: HJEMMEHJELP, quantity: min_mengde_nord_hjemmehjelp}\n");
    assert_null(strstr(text.bytes, "remove"));
}

static void services_that_differ_in_case_alone_do_not_share_a_variable(void **state)
{
    (void)state;
    static struct kf_rated_service alike[] = {
        {.id = "A", .unit = "hours"}, {.id = "a", .unit = "hours"}, {.id = "B", .unit = "days"}};
    edition.unit_costs.services = alike;
    (void)print("min", NULL, 0);
    expect("- {id: B, quantity: min_mengde_nord_b}");
    assert_null(strstr(text.bytes, "{id: a,"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_extends_the_edition_under_an_id_of_its_own),
        TEST(a_long_id_is_cut_to_what_an_id_may_have),
        TEST(groups_deliver_the_first_two_services_by_variables_of_their_own),
        TEST(inherited_groups_are_taken_out_unless_they_are_its_own),
        TEST(without_municipalities_the_group_is_the_other_editions),
        TEST(an_index_needs_more_than_one_municipality),
        TEST(who_was_left_out_is_not_when_members_are_listed),
        TEST(an_edition_without_services_gets_one_with_a_rate_that_is_told_as_made_up),
        TEST(services_that_differ_in_case_alone_do_not_share_a_variable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
