#include "fixture.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/model/municipality.h"

static void a_code_is_found_in_the_years_of_its_spell(void **state)
{
    (void)state;
    struct kf_municipalities *all = fixture_municipalities();
    assert_null(kf_municipalities_find(all, "0106", 1993));
    assert_string_equal(kf_municipalities_find(all, "0106", 1994)->name, "Fredrikstad");
    assert_string_equal(kf_municipalities_find(all, "0106", 2019)->name, "Fredrikstad");
    assert_null(kf_municipalities_find(all, "0106", 2020)); /* ended on 1 January 2020 */
    assert_string_equal(kf_municipalities_find(all, "0301", 2100)->name, "Oslo");
    assert_int_equal(kf_municipalities_find(all, "0301", 2100)->to_year, INT_MAX);
    kf_municipalities_destroy(&all);
    assert_null(all);
}

static void a_spell_within_years_counts_in_both_of_them(void **state)
{
    (void)state;
    struct kf_municipalities *all = fixture_municipalities();
    const struct kf_municipality *re = kf_municipalities_find(all, "0716", 2002);
    assert_int_equal(re->from_year, 2002); /* came into force on 1 July 2002 */
    assert_int_equal(re->to_year, 2018);   /* was valid on 1 January 2018 */
    assert_null(kf_municipalities_find(all, "0716", 2019));
    kf_municipalities_destroy(&all);
}

static void a_new_name_is_a_new_spell_of_the_code(void **state)
{
    (void)state;
    struct kf_municipalities *all = fixture_municipalities();
    assert_string_equal(kf_municipalities_find(all, "5001", 2022)->name, "Trondheim");
    assert_string_equal(kf_municipalities_find(all, "5001", 2023)->name, "Trondheim - Tråante");
    assert_string_equal(kf_municipalities_ever(all, "5001")->name, "Trondheim - Tråante");
    kf_municipalities_destroy(&all);
}

static void what_never_was_a_code_is_not_found(void **state)
{
    (void)state;
    struct kf_municipalities *all = fixture_municipalities();
    static const char *const wrong[] = {"0199", "9999", "0000", "106", "03010", "EAK", "", "x301"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_null(kf_municipalities_find(all, wrong[i], 2010));
        assert_null(kf_municipalities_ever(all, wrong[i]));
    }
    assert_string_equal(kf_municipalities_ever(all, "0134")->name, "Onsøy");
    kf_municipalities_destroy(&all);
}

static void the_register_is_sorted_whatever_the_files_order(void **state)
{
    (void)state;
    struct kf_municipalities *all = fixture_municipalities();
    size_t count = 0;
    const struct kf_municipality *list = kf_municipalities_all(all, &count);
    assert_int_equal(count, 8);
    for (size_t i = 1; i < count; i++) {
        int order = strcmp(list[i - 1].code, list[i].code);
        assert_true(order < 0 || (order == 0 && list[i - 1].from_year < list[i].from_year));
    }
    kf_municipalities_destroy(&all);
}

static enum kf_err read_text(const char *text)
{
    struct kf_municipalities *all = NULL;
    struct kf_error err;
    enum kf_err code =
        kf_municipalities_read(fixture_write("m.csv", text), &all, fixture_findings(), &err);
    kf_municipalities_destroy(&all);
    return code;
}

#define HEADER "municipality,name,valid_from,valid_to\n"

static void every_fault_of_the_file_is_told_with_its_line(void **state)
{
    (void)state;
    assert_int_equal(read_text(HEADER "301,Oslo,1925-01-01,\n"
                                      "0106,,1994-01-01,2020-01-01\n"
                                      "0219,Bærum,1838-13-01,2020-1-1\n"
                                      "0134,Onsøy,1994-01-01,1838-01-01\n"
                                      "4204,Kristiansand\n"
                                      "4204,Kristiansand,2020-01-01,,\n"
                                      "0602,Dram\xe6n,2000-01-01,\n"),
                     KF_ERR_CONFIG);
    fixture_told("m.csv:2: ", "\"301\"", "four digits", NULL);
    fixture_told("m.csv:3: ", "name", "is not a name", NULL);
    fixture_told("m.csv:4: ", "valid_from", "\"1838-13-01\"", NULL);
    fixture_told("m.csv:4: ", "valid_to", "\"2020-1-1\"", NULL);
    fixture_told("m.csv:5: ", "is not after valid_from", NULL);
    fixture_told("m.csv:6: ", "four fields", NULL);
    fixture_told("m.csv:7: ", "four fields", NULL);
    fixture_told("m.csv:8: ", "is not a name", NULL);
    fixture_found(8);
}

static void two_spells_of_one_code_must_not_overlap(void **state)
{
    (void)state;
    assert_int_equal(read_text(HEADER "0301,Oslo,1925-01-01,\n"
                                      "0301,Oslo - Oslove,2024-01-01,\n"),
                     KF_ERR_CONFIG);
    fixture_told("m.csv:3: ", "\"0301\"", "another row for the same time", NULL);
    fixture_found(1);
    assert_int_equal(read_text(HEADER "0301,Oslo,1925-01-01,2024-06-01\n"
                                      "0301,Oslo - Oslove,2024-06-01,\n"),
                     KF_OK);
}

static void a_wrong_header_and_an_empty_register_are_faults(void **state)
{
    (void)state;
    assert_int_equal(read_text("code,name\n0301,Oslo,1925-01-01,\n"), KF_ERR_CONFIG);
    fixture_told("m.csv:1: ", "is not the header", "valid_from", NULL);
    assert_int_equal(read_text(HEADER), KF_ERR_CONFIG);
    fixture_told("the register is empty", NULL);
    assert_int_equal(read_text(""), KF_ERR_CONFIG);
    fixture_told("the register is empty", NULL);
}

static void limits_hold_and_an_absent_file_is_said(void **state)
{
    (void)state;
    static char line[5000];
    memset(line, 'x', sizeof line - 1);
    assert_int_equal(read_text(line), KF_ERR_LIMIT);
    struct kf_municipalities *all = NULL;
    struct kf_error err;
    assert_int_equal(
        kf_municipalities_read(fixture_path("none.csv"), &all, fixture_findings(), &err),
        KF_ERR_IO);
    assert_non_null(strstr(err.text, "none.csv"));
    assert_null(all);
}

static void a_code_is_four_digits_and_nothing_else(void **state)
{
    (void)state;
    static const char *const wrong[] = {"", "301", "00301", "+301", " 301", "3O1x", "-001", "0x10"};
    uint16_t number = 7;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_false(kf_municipality_parse(wrong[i], strlen(wrong[i]), &number));
        assert_int_equal(number, 7);
    }
    assert_true(kf_municipality_parse("0301,Oslo", 4, &number));
    assert_int_equal(number, 301);
    assert_true(kf_municipality_parse("9999", 4, &number));
    assert_int_equal(number, 9999);
    char code[KF_MUNICIPALITY_SIZE];
    kf_municipality_print(301, code);
    assert_string_equal(code, "0301");
    kf_municipality_print(9999, code);
    assert_string_equal(code, "9999");
}

static void a_code_counts_once_whatever_its_names(void **state)
{
    (void)state;
    const char *path = fixture_write("m.csv", "municipality,name,valid_from,valid_to\n"
                                              "0301,Oslo,1925-01-01,\n"
                                              "5001,Trondheim,2018-01-01,2022-07-01\n"
                                              "5001,Trondheim - Tråante,2022-07-01,\n");
    struct kf_municipalities *all = NULL;
    struct kf_error err;
    assert_int_equal(kf_municipalities_read(path, &all, fixture_findings(), &err), KF_OK);
    assert_int_equal(kf_municipalities_count(all, 1924), 0);
    assert_int_equal(kf_municipalities_count(all, 2017), 1);
    assert_int_equal(kf_municipalities_count(all, 2022), 2);
    assert_int_equal(kf_municipalities_count(all, 2023), 2);
    kf_municipalities_destroy(&all);
}

static void every_failing_allocation_is_survived(void **state)
{
    (void)state;
    const char *path = fixture_write("m.csv", fixture_municipalities_csv);
    struct kf_findings *findings = fixture_findings();
    struct kf_municipalities *all = NULL;
    struct kf_error err;
    enum kf_err code = KF_ERR_MEMORY;
    int64_t n = 0;
    for (; code == KF_ERR_MEMORY; n++) {
        assert_null(all);
        kf_memory_fail_after(n);
        code = kf_municipalities_read(path, &all, findings, &err);
        kf_memory_fail_after(-1);
    }
    assert_int_equal(code, KF_OK);
    assert_true(n > 4);
    kf_municipalities_destroy(&all);
}

static void the_real_register_knows_the_mergers(void **state)
{
    (void)state;
    struct kf_municipalities *all = NULL;
    struct kf_error err;
    enum kf_err code = kf_municipalities_read(KF_SOURCE_DIR "/editions/municipalities.csv", &all,
                                              fixture_findings(), &err);
    if (code == KF_ERR_IO) {
        skip();
    }
    fixture_found(0);
    assert_int_equal(code, KF_OK);
    /* Norway had 430 municipalities in 2010, 426 in 2017, 356 in 2020 and 357 in 2024. */
    static const struct {
        int year;
        size_t count;
    } known[] = {{2010, 430}, {2017, 426}, {2020, 356}, {2024, 357}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        assert_int_equal(kf_municipalities_count(all, known[i].year), known[i].count);
    }
    kf_municipalities_destroy(&all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_code_is_found_in_the_years_of_its_spell),
        cmocka_unit_test(a_spell_within_years_counts_in_both_of_them),
        cmocka_unit_test(a_new_name_is_a_new_spell_of_the_code),
        cmocka_unit_test(what_never_was_a_code_is_not_found),
        cmocka_unit_test(the_register_is_sorted_whatever_the_files_order),
        cmocka_unit_test(every_fault_of_the_file_is_told_with_its_line),
        cmocka_unit_test(two_spells_of_one_code_must_not_overlap),
        cmocka_unit_test(a_wrong_header_and_an_empty_register_are_faults),
        cmocka_unit_test(limits_hold_and_an_absent_file_is_said),
        cmocka_unit_test(a_code_is_four_digits_and_nothing_else),
        cmocka_unit_test(a_code_counts_once_whatever_its_names),
        cmocka_unit_test(every_failing_allocation_is_survived),
        cmocka_unit_test(the_real_register_knows_the_mergers),
    };
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
