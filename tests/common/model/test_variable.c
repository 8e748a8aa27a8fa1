#include "fixture.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/model/variable.h"

static void a_variable_is_found_by_its_bytes_without_a_nul(void **state)
{
    (void)state;
    struct kf_variables *variables = fixture_variables();
    const struct kf_variable *found = kf_variables_find(variables, "timer,12.5", 5);
    assert_string_equal(found->id, "timer");
    assert_string_equal(found->unit, "hours");
    assert_string_equal(found->name_nb, "Timer");
    assert_string_equal(found->name_en, "Hours");
    assert_null(kf_variables_find(variables, "timer", 4));
    assert_null(kf_variables_find(variables, "timer\0x", 7));
    assert_null(kf_variables_find(variables, "", 0));
    kf_variables_destroy(&variables);
    assert_null(variables);
}

static void bounds_are_read_and_open_ends_lie_far_out(void **state)
{
    (void)state;
    struct kf_variables *variables = fixture_variables();
    const struct kf_variable *share = kf_variables_find(variables, "andel", 5);
    assert_true(share->minimum == 0 && share->maximum == 1);
    const struct kf_variable *gross = kf_variables_find(variables, "bdu", 3);
    assert_true(gross->minimum == -1e9 && gross->maximum == KF_FIGURE_MAX);
    kf_variables_destroy(&variables);
}

static void numbers_follow_the_alphabet_not_the_file(void **state)
{
    (void)state;
    struct kf_variables *variables = fixture_variables();
    size_t count = 0;
    const struct kf_variable *all = kf_variables_all(variables, &count);
    assert_int_equal(count, 11);
    assert_string_equal(all[0].id, "andel");
    for (size_t i = 0; i < count; i++) {
        assert_true(i == 0 || strcmp(all[i - 1].id, all[i].id) < 0);
        assert_ptr_equal(kf_variables_find(variables, all[i].id, strlen(all[i].id)), &all[i]);
    }
    kf_variables_destroy(&variables);
}

static void the_nearest_id_is_suggested(void **state)
{
    (void)state;
    struct kf_variables *variables = fixture_variables();
    assert_string_equal(kf_variables_suggest(variables, "folkemende"), "folkemengde");
    assert_null(kf_variables_suggest(variables, "sykehjemsplasser"));
    kf_variables_destroy(&variables);
}

static enum kf_err read_text(const char *text)
{
    struct kf_variables *variables = NULL;
    struct kf_error err;
    enum kf_err code =
        kf_variables_read(fixture_write("v.yaml", text), &variables, fixture_findings(), &err);
    kf_variables_destroy(&variables);
    return code;
}

static void every_fault_of_the_file_is_told_with_its_line(void **state)
{
    (void)state;
    assert_int_equal(
        read_text("variables:\n"
                  "  - {id: timer, unit: hours, minimum: 0, name: {nb: T, en: H}}\n"
                  "  - {id: Barn, unit: persons, minimum: 0, name: {nb: B, en: C}}\n"
                  "  - {id: a, unit: persons, name: {nb: B}}\n"
                  "  - {id: b, unti: persons, minimum: low, name: {nb: B, en: C}}\n"
                  "  - {id: timer, unit: hours, minimum: 5, maximum: 4, name: {nb: T, en: H}}\n"
                  "  - loose\n"
                  "  - {id: c, unit: 'kr, 1000', minimum: 0, name: {nb: C, en: C}}\n"),
        KF_ERR_CONFIG);
    fixture_told("v.yaml:3: ", "id \"Barn\"", "lower-case", NULL);
    fixture_told("v.yaml:4: ", "minimum", "is missing", NULL);
    fixture_told("v.yaml:4: ", ": en", "is missing", NULL);
    fixture_told("v.yaml:5: ", "unti", "did you mean unit?", NULL);
    fixture_told("v.yaml:5: ", ": unit", "is missing", NULL);
    fixture_told("v.yaml:5: ", "minimum \"low\"", "must be a number", NULL);
    fixture_told("v.yaml:6: ", "\"timer\"", "line 2 already", NULL);
    fixture_told("v.yaml:6: ", "not above the minimum", NULL);
    fixture_told("v.yaml:7: ", "must be a map", NULL);
    fixture_told("v.yaml:8: ", "unit", "not fit to stand in a table", NULL);
    fixture_found(10);
}

static void a_register_must_hold_a_list(void **state)
{
    (void)state;
    static const char *const wrong[] = {"variables: []\n", "variables: none\n", "variable: []\n",
                                        "- a\n", "{}\n"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(read_text(wrong[i]), KF_ERR_CONFIG);
        fixture_told("v.yaml:1: ", "variables", "must be a list", NULL);
    }
}

static void a_full_register_still_finds_every_id(void **state)
{
    (void)state;
    struct kf_text text;
    kf_text_init(&text, (size_t)1 << 22);
    kf_text_add(&text, "variables:\n");
    for (unsigned i = 0; i < 4096; i++) {
        kf_text_add_format(&text, "  - {id: v%u, unit: u, minimum: 0, name: {nb: a, en: b}}\n", i);
    }
    struct kf_variables *variables = NULL;
    struct kf_error err;
    const char *path = fixture_write("v.yaml", text.bytes);
    assert_int_equal(kf_variables_read(path, &variables, fixture_findings(), &err), KF_OK);
    for (unsigned i = 0; i < 4096; i++) {
        char id[16];
        int length = snprintf(id, sizeof id, "v%u", i);
        assert_string_equal(kf_variables_find(variables, id, (size_t)length)->id, id);
    }
    kf_variables_destroy(&variables);
    kf_text_add(&text, "  - {id: more, unit: u, minimum: 0, name: {nb: a, en: b}}\n");
    assert_int_equal(read_text(text.bytes), KF_ERR_CONFIG);
    fixture_told("list of 1 to 4096", NULL);
    kf_text_clear(&text);
}

static void every_failing_allocation_is_survived(void **state)
{
    (void)state;
    const char *path = fixture_write("v.yaml", fixture_variables_yaml);
    struct kf_findings *findings = fixture_findings();
    struct kf_variables *variables = NULL;
    struct kf_error err;
    enum kf_err code = KF_ERR_MEMORY;
    int64_t n = 0;
    for (; code == KF_ERR_MEMORY; n++) {
        assert_null(variables);
        kf_memory_fail_after(n);
        code = kf_variables_read(path, &variables, findings, &err);
        kf_memory_fail_after(-1);
    }
    assert_int_equal(code, KF_OK);
    assert_true(n > 5);
    kf_variables_destroy(&variables);
}

static void the_real_register_holds_the_population(void **state)
{
    (void)state;
    struct kf_variables *variables = NULL;
    struct kf_error err;
    enum kf_err code = kf_variables_read(KF_SOURCE_DIR "/editions/variables.yaml", &variables,
                                         fixture_findings(), &err);
    if (code == KF_ERR_IO) {
        skip();
    }
    fixture_found(0);
    assert_int_equal(code, KF_OK);
    assert_string_equal(kf_variables_find(variables, "folkemengde", 11)->unit, "persons");
    kf_variables_destroy(&variables);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_variable_is_found_by_its_bytes_without_a_nul),
        cmocka_unit_test(bounds_are_read_and_open_ends_lie_far_out),
        cmocka_unit_test(numbers_follow_the_alphabet_not_the_file),
        cmocka_unit_test(the_nearest_id_is_suggested),
        cmocka_unit_test(every_fault_of_the_file_is_told_with_its_line),
        cmocka_unit_test(a_register_must_hold_a_list),
        cmocka_unit_test(a_full_register_still_finds_every_id),
        cmocka_unit_test(every_failing_allocation_is_survived),
        cmocka_unit_test(the_real_register_holds_the_population),
    };
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
