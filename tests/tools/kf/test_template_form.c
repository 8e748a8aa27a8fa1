/* Forms to fill in: which variables, in which order, as which lines. */
#include "tests/support/cmocka.h"

#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"
#include "tests/services/ingest/scratch.h"
#include "tools/kf/template_form.h"

#define TEXT_BYTES_MAX ((size_t)1 << 20)

static const char municipalities_text[] = "municipality,name,valid_from,valid_to\n"
                                          "0219,Bærum,1838-01-01,2020-01-01\n"
                                          "0301,Oslo,1925-01-01,\n";

static const char variables_text[] =
    "variables:\n"
    "  - {id: netto_hjem, unit: kr, minimum: -1e9, name: {nb: \"Netto, hjemme\", en: \"Net, at "
    "home\"}}\n"
    "  - {id: a_netto_inst, unit: 1000 kr, minimum: 0, name: {nb: Netto inst, en: \"Net "
    "\\\"inst\\\"\"}}\n"
    "  - {id: tilskudd_hjem, unit: kr, minimum: 0, name: {nb: Tilskudd, en: Grant}}\n"
    "  - {id: timer_hjem, unit: hours, minimum: 0, name: {nb: Timer, en: Hours}}\n"
    "  - {id: dogn_inst, unit: days, minimum: 0, name: {nb: Døgn, en: Days}}\n"
    "  - {id: pris, unit: 1000 kr, minimum: 0, name: {nb: Pris, en: Price}}\n"
    "  - {id: brukere, unit: count, minimum: 0, name: {nb: Brukere, en: Users}}\n"
    "  - {id: netto_brukere, unit: kr, minimum: 0, name: {nb: Netto, en: Net of users}}\n"
    "  - {id: gevinst, unit: kr, minimum: -1e9, name: {nb: Gevinst, en: Gain}}\n"
    "  - {id: ubrukt, unit: kr, minimum: -1e9, name: {nb: Ubrukt, en: Not used}}\n"
    "  - {id: \"bruker_{}\", each: 1-3, unit: kr, kind: ratio, minimum: 0,\n"
    "     name: {nb: \"Bruker {}\", en: \"User {}\"}}\n";

static const char edition_text[] =
    "id: small\n"
    "title: {nb: Liten, en: Small}\n"
    "source: made up\n"
    "years: [2016, 2017]\n"
    "structure: data-year\n"
    "scale: 1\n"
    "missing: drop\n"
    "group: {name: {nb: To, en: Two}, municipalities: [\"0219\", \"0301\"]}\n"
    "unit_costs:\n"
    "  services:\n"
    "    - {id: A1, unit: hours, rates: {2016: 100}, name: {nb: A, en: A}}\n"
    "    - {id: B1, unit: days, rates: {2016: 900}, name: {nb: B, en: B}}\n"
    "  groups:\n"
    "    - {id: hjem, name: {nb: Hjemme, en: At home}, net: netto_hjem, grant: tilskudd_hjem,\n"
    "       services: [{id: A1, quantity: timer_hjem}]}\n"
    "    - {id: inst, name: {nb: Inst, en: Inst}, net: [a_netto_inst, pris],\n"
    "       services: [{id: B1, quantity: dogn_inst}]}\n"
    "trial:\n"
    "  resource_intensive:\n"
    "    thresholds: {2016: 1157000}\n"
    "    refund: 0.8\n"
    "    each: {costs: bruker_}\n"
    "    users: brukere\n"
    "    net: netto_brukere\n"
    "    base: 2016\n"
    "    growth: {2017: 1}\n"
    "    gain: gevinst\n"
    "  gain: [gevinst, tilskudd_hjem]\n";

static struct scratch scratch;
static struct kf_catalogue *catalogue;
static struct kf_text text;
static size_t left_out;
static bool with_published;

static int set_up(void **state)
{
    (void)state;
    struct kf_findings findings;
    struct kf_error err;
    scratch_make(&scratch);
    scratch_write_text(&scratch, "municipalities.csv", municipalities_text);
    scratch_write_text(&scratch, "variables.yaml", variables_text);
    scratch_write_text(&scratch, "small.yaml", edition_text);
    kf_findings_init(&findings);
    kf_text_init(&text, TEXT_BYTES_MAX);
    enum kf_err code = kf_catalogue_read(scratch.path, &catalogue, &findings, &err);
    kf_findings_print(&findings, &text);
    if (code != KF_OK) {
        (void)fprintf(stderr, "%s%s\n", text.bytes, err.text);
    }
    kf_text_reset(&text);
    kf_findings_clear(&findings);
    if (code == KF_OK) { /* a term of the country's: the language has it in other sums alone */
        catalogue->editions[0]->unit_costs.groups[1].net.list[1].country = true;
    }
    return code == KF_OK ? 0 : 1;
}

static int tear_down(void **state)
{
    (void)state;
    kf_text_clear(&text);
    kf_catalogue_destroy(&catalogue);
    scratch_remove(&scratch);
    return 0;
}

/* The form for these municipalities; returns how many lines it has. */
static size_t print(enum kf_template_part part, const char *const *codes, size_t count)
{
    const struct kf_template template = {.catalogue = catalogue,
                                         .edition = kf_catalogue_find(catalogue, "small"),
                                         .year = 2017,
                                         .municipalities = codes,
                                         .municipalities_len = count,
                                         .published = with_published};
    struct kf_error err;
    struct kf_template_size size = {0};
    kf_text_reset(&text);
    assert_int_equal(kf_template_form(&template, part, &text, &size, &err), KF_OK);
    left_out = size.left_out;
    return size.lines;
}

static void accounts_are_the_amounts_in_the_editions_order_in_their_own_units(void **state)
{
    (void)state;
    assert_int_equal(print(KF_TEMPLATE_ACCOUNTS, (const char *const[]){"0301"}, 1), 5);
    assert_string_equal(text.bytes, "municipality,year,variable,name,unit,value,status\n"
                                    "0301,2017,netto_hjem,\"Net, at home\",kr,,\n"
                                    "0301,2017,tilskudd_hjem,Grant,kr,,\n"
                                    "0301,2017,a_netto_inst,\"Net \"\"inst\"\"\",1000 kr,,\n"
                                    "0301,2017,netto_brukere,Net of users,kr,,\n"
                                    "EAK,2017,pris,Price,1000 kr,,\n");
}

static void volumes_are_everything_else_and_no_single_users(void **state)
{
    (void)state;
    assert_int_equal(print(KF_TEMPLATE_VOLUMES, (const char *const[]){"0301"}, 1), 3);
    assert_string_equal(text.bytes, "municipality,year,variable,name,unit,value,status\n"
                                    "0301,2017,timer_hjem,Hours,hours,,\n"
                                    "0301,2017,dogn_inst,Days,days,,\n"
                                    "0301,2017,brukere,Users,count,,\n");
}

static void municipalities_stand_one_after_the_other_and_the_country_last(void **state)
{
    (void)state;
    assert_int_equal(print(KF_TEMPLATE_ACCOUNTS, (const char *const[]){"0219", "0301"}, 2), 9);
    const char *second = strstr(text.bytes, "0301,2017,netto_hjem");
    assert_non_null(second);
    assert_true(strstr(text.bytes, "0219,2017,netto_brukere") < second);
    assert_null(strstr(second, "0219"));
    assert_string_equal(strstr(text.bytes, "EAK"), "EAK,2017,pris,Price,1000 kr,,\n");
}

static void the_country_has_every_variable_once_when_it_is_asked_for(void **state)
{
    (void)state;
    assert_int_equal(print(KF_TEMPLATE_ACCOUNTS, (const char *const[]){"EAK"}, 1), 5);
    const char *price = strstr(text.bytes, "pris");
    assert_non_null(price);
    assert_null(strstr(price + 1, "pris"));
}

static void published_results_are_left_out_and_counted_unless_asked_for(void **state)
{
    (void)state;
    const char *const codes[] = {"0301", "0219"};
    assert_int_equal(print(KF_TEMPLATE_ACCOUNTS, codes, 2), 9);
    assert_null(strstr(text.bytes, "gevinst"));
    assert_non_null(strstr(text.bytes, "0219,2017,tilskudd_hjem,")); /* a group's grant, too */
    assert_int_equal(left_out, 1);
    assert_int_equal(print(KF_TEMPLATE_VOLUMES, codes, 2), 6);
    assert_int_equal(left_out, 0);
    with_published = true;
    assert_int_equal(print(KF_TEMPLATE_ACCOUNTS, codes, 2), 11);
    with_published = false;
    assert_non_null(strstr(text.bytes, "0219,2017,gevinst,Gain,kr,,\n"));
    assert_int_equal(left_out, 0);
}

static void names_come_in_norwegian_when_asked_for(void **state)
{
    (void)state;
    const struct kf_template template = {.catalogue = catalogue,
                                         .edition = kf_catalogue_find(catalogue, "small"),
                                         .year = 2016,
                                         .municipalities = (const char *const[]){"0301"},
                                         .municipalities_len = 1,
                                         .norwegian = true};
    struct kf_error err;
    struct kf_template_size size = {0};
    assert_int_equal(kf_template_form(&template, KF_TEMPLATE_VOLUMES, &text, &size, &err), KF_OK);
    assert_non_null(strstr(text.bytes, "0301,2016,dogn_inst,Døgn,days,,\n"));
}

static void every_failing_allocation_is_an_error(void **state)
{
    (void)state;
    const struct kf_template template = {.catalogue = catalogue,
                                         .edition = kf_catalogue_find(catalogue, "small"),
                                         .year = 2017,
                                         .municipalities = (const char *const[]){"0301"},
                                         .municipalities_len = 1};
    struct kf_error err;
    struct kf_template_size size = {0};
    enum kf_err code = KF_ERR_MEMORY;
    int64_t n = 0;
    for (; code == KF_ERR_MEMORY && n < 1000; n++) {
        kf_text_clear(&text);
        kf_memory_fail_after(n);
        code = kf_template_form(&template, KF_TEMPLATE_ACCOUNTS, &text, &size, &err);
        kf_memory_fail_after(-1);
    }
    assert_int_equal(code, KF_OK);
    assert_true(n > 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            accounts_are_the_amounts_in_the_editions_order_in_their_own_units, set_up, tear_down),
        cmocka_unit_test_setup_teardown(volumes_are_everything_else_and_no_single_users, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            municipalities_stand_one_after_the_other_and_the_country_last, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_country_has_every_variable_once_when_it_is_asked_for,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(published_results_are_left_out_and_counted_unless_asked_for,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(names_come_in_norwegian_when_asked_for, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_failing_allocation_is_an_error, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
