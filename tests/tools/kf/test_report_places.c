#include "tools/kf/report_places.h"

#include <string.h>

#include "tests/support/cmocka.h"
#include "tools/kf/folder.h"

static struct kf_catalogue *catalogue;
static struct kf_report_places there;
static struct kf_report_places all;
static struct kf_text faults;

static int set_up(void **state)
{
    static const char *const codes[] = {"4003", "0219", "1515", "1818", "4001", "5612", "3807"};
    (void)state;
    catalogue = kf_folder_read(KF_SOURCE_DIR "/editions");
    kf_text_init(&faults, 16 * 1024);
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (kf_report_places_add(&there, codes[i], NULL) != KF_OK) {
            return -1;
        }
    }
    (void)kf_report_places_add(&all, "4001", NULL);
    (void)kf_report_places_add(&all, "4003", NULL);
    return catalogue ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    kf_text_clear(&faults);
    kf_catalogue_destroy(&catalogue);
    return 0;
}

/* The codes found for one word, with commas; what is wrong lies in `faults`. */
static const char *found(const char *word, int year)
{
    static char list[256];
    struct kf_report_places places = {.count = 0};
    struct kf_report_places_question question = {.catalogue = catalogue,
                                                 .there = &there,
                                                 .all = &all,
                                                 .year = year,
                                                 .given = &word,
                                                 .given_len = 1};
    struct kf_error err = {0};
    size_t faults_len = 99;
    kf_text_reset(&faults);
    assert_int_equal(kf_report_places_find(&question, &places, &faults, &faults_len, &err), KF_OK);
    assert_int_equal(faults_len, faults.length > 0 ? 1 : 0);
    list[0] = '\0';
    for (size_t i = 0; i < places.count; i++) {
        size_t at = strlen(list);
        (void)snprintf(list + at, sizeof list - at, "%s%s", i ? "," : "", places.codes[i]);
    }
    return list;
}

static void codes_stand_in_order_and_once(void **state)
{
    struct kf_report_places places = {.count = 0};
    (void)state;
    assert_int_equal(kf_report_places_add(&places, "4003", NULL), KF_OK);
    assert_int_equal(kf_report_places_add(&places, "0219", NULL), KF_OK);
    assert_int_equal(kf_report_places_add(&places, "4003", NULL), KF_OK);
    assert_int_equal(kf_report_places_add(&places, "1103", NULL), KF_OK);
    assert_int_equal(places.count, 3);
    assert_string_equal(places.codes[0], "0219");
    assert_string_equal(places.codes[1], "1103");
    assert_string_equal(places.codes[2], "4003");
    assert_true(kf_report_places_has(&places, "1103"));
    assert_false(kf_report_places_has(&places, "1104"));
    assert_false(kf_report_places_has(&places, "9999"));
}

static void no_more_are_taken_than_there_is_room_for(void **state)
{
    static struct kf_report_places places;
    (void)state;
    places.count = KF_REPORT_PLACES_MAX;
    assert_int_equal(kf_report_places_add(&places, "4003", NULL), KF_ERR_LIMIT);
    places.count = 0;
    assert_int_equal(kf_report_places_add(&places, "40030", NULL), KF_ERR_LIMIT);
}

static void a_code_a_name_or_all_is_found(void **state)
{
    (void)state;
    assert_string_equal(found("4003", 0), "4003");
    assert_string_equal(found("PORSGRUNN", 0), "4001");
    assert_string_equal(found("Kautokeino", 0), "5612");
    assert_string_equal(found("all", 0), "4001,4003");
    assert_int_equal(faults.length, 0);
}

static void a_name_that_several_codes_had_is_that_of_the_year(void **state)
{
    (void)state;
    assert_string_equal(found("Skien", 0), "4003");
    assert_string_equal(found("Skien", 2026), "4003");
    assert_string_equal(found("Skien", 2022), "3807");
    assert_string_equal(found("Bærum", 0), "0219"); /* of old: only it has figures */
}

static void a_code_that_has_ended_points_to_its_successor(void **state)
{
    (void)state;
    assert_string_equal(found("0806", 0), "");
    assert_non_null(strstr(faults.bytes, "0806 Skien was a municipality until 2019"));
    assert_non_null(strstr(faults.bytes, "since then 4003 Skien"));
    assert_string_equal(found("0199", 0), "");
    assert_non_null(strstr(faults.bytes, "0199 was never a municipality code"));
}

static void one_without_figures_says_so(void **state)
{
    (void)state;
    assert_string_equal(found("0301", 0), "");
    assert_non_null(strstr(faults.bytes, "0301 Oslo"));
    assert_non_null(strstr(faults.bytes, "has no figures"));
    assert_string_equal(found("Oslo", 0), "");
    assert_non_null(strstr(faults.bytes, "0301 Oslo"));
}

static void a_slip_names_the_nearest(void **state)
{
    (void)state;
    assert_string_equal(found("Porsgrun", 0), "");
    assert_non_null(strstr(faults.bytes, "did you mean 4001 Porsgrunn?"));
    assert_string_equal(found("Herøy", 0), "");
    assert_non_null(strstr(faults.bytes, "1515 Herøy (Møre og Romsdal), 1818 Herøy (Nordland)"));
    assert_string_equal(found("Atlantis", 0), "");
    assert_non_null(strstr(faults.bytes, "give its code, four digits"));
}

static void assert_file(const char *code, const char *name, const char *expected)
{
    struct kf_text text;
    kf_text_init(&text, 256);
    kf_report_places_file_name(code, name, &text);
    assert_string_equal(text.bytes, expected);
    kf_text_clear(&text);
}

static void a_file_is_named_after_code_and_first_name(void **state)
{
    (void)state;
    assert_file("4003", "Skien", "4003-Skien");
    assert_file("5001", "Trondheim - Tråante", "5001-Trondheim");
    assert_file("1515", "Herøy (Møre og Romsdal)", "1515-Herøy-Møre-og-Romsdal");
    assert_file("9999", "../..//x", "9999-x");
    assert_file("9999", "", "9999");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_stand_in_order_and_once),
        cmocka_unit_test(no_more_are_taken_than_there_is_room_for),
        cmocka_unit_test(a_code_a_name_or_all_is_found),
        cmocka_unit_test(a_name_that_several_codes_had_is_that_of_the_year),
        cmocka_unit_test(a_code_that_has_ended_points_to_its_successor),
        cmocka_unit_test(one_without_figures_says_so),
        cmocka_unit_test(a_slip_names_the_nearest),
        cmocka_unit_test(a_file_is_named_after_code_and_first_name),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
