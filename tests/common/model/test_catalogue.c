#include "fixture.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/memory.h"

static void write_folder(void)
{
    (void)fixture_write("variables.yaml", fixture_variables_yaml);
    (void)fixture_write("municipalities.csv", fixture_municipalities_csv);
    (void)fixture_write("liten.yaml", fixture_edition_yaml);
    (void)fixture_write("annen.yaml", fixture_replace(fixture_edition_yaml, "liten", "annen"));
    (void)fixture_write("README.md", "not: [an edition");
    (void)fixture_write(".skjult.yaml", "not: [an edition");
}

static enum kf_err read_folder(struct kf_catalogue **catalogue)
{
    struct kf_error err;
    return kf_catalogue_read(fixture_path(""), catalogue, fixture_findings(), &err);
}

static void a_folder_gives_registers_and_editions_by_id(void **state)
{
    (void)state;
    write_folder();
    assert_int_equal(mkdir(fixture_path("schema.yaml"), 0700), 0); /* a folder is left alone */
    struct kf_catalogue *catalogue = NULL;
    enum kf_err code = read_folder(&catalogue);
    assert_int_equal(rmdir(fixture_path("schema.yaml")), 0);
    fixture_found(0);
    assert_int_equal(code, KF_OK);
    assert_int_equal(catalogue->editions_len, 2);
    assert_string_equal(catalogue->editions[0]->id, "annen");
    assert_string_equal(catalogue->editions[1]->id, "liten");
    assert_ptr_equal(kf_catalogue_find(catalogue, "liten"), catalogue->editions[1]);
    assert_null(kf_catalogue_find(catalogue, "asss-1999"));
    assert_non_null(kf_variables_find(catalogue->variables, "timer", 5));
    assert_non_null(kf_municipalities_find(catalogue->municipalities, "0301", 2010));
    kf_catalogue_destroy(&catalogue);
    assert_null(catalogue);
}

static void faults_of_all_files_come_at_once(void **state)
{
    (void)state;
    write_folder();
    (void)fixture_write("municipalities.csv", "municipality,name,valid_from,valid_to\nx,y,z,\n");
    (void)fixture_write("liten.yaml", fixture_replace(fixture_edition_yaml, "scale", "sclae"));
    (void)fixture_write("annen.yaml", "a: [1\n");
    struct kf_catalogue *catalogue = NULL;
    assert_int_equal(read_folder(&catalogue), KF_ERR_CONFIG);
    fixture_told("municipalities.csv:2: ", "\"x\"", NULL);
    fixture_told("liten.yaml:6: ", "sclae", NULL);
    fixture_told("annen.yaml:", "is not YAML", NULL);
    assert_null(catalogue);
}

static void a_faulty_register_does_not_make_every_variable_unknown(void **state)
{
    (void)state;
    write_folder();
    (void)fixture_write("variables.yaml", "variables: none\n");
    struct kf_catalogue *catalogue = NULL;
    assert_int_equal(read_folder(&catalogue), KF_ERR_CONFIG);
    fixture_told("variables.yaml:1: ", NULL);
    fixture_found(1);
}

static void absent_files_are_faults_too(void **state)
{
    (void)state;
    write_folder();
    fixture_remove("municipalities.csv");
    fixture_remove("variables.yaml");
    struct kf_catalogue *catalogue = NULL;
    assert_int_equal(read_folder(&catalogue), KF_ERR_CONFIG);
    fixture_told("municipalities.csv: ", "cannot be opened", NULL);
    fixture_told("variables.yaml: ", "cannot be opened", NULL);
    fixture_found(2);
    struct kf_error err;
    assert_int_equal(
        kf_catalogue_read("/nonexistent/editions", &catalogue, fixture_findings(), &err),
        KF_ERR_CONFIG);
    fixture_told("/nonexistent/editions", "cannot be opened", NULL);
    assert_null(catalogue);
}

static void two_editions_must_not_have_one_id(void **state)
{
    (void)state;
    write_folder();
    (void)fixture_write("annen.yaml", fixture_edition_yaml);
    struct kf_catalogue *catalogue = NULL;
    assert_int_equal(read_folder(&catalogue), KF_ERR_CONFIG);
    fixture_told("liten.yaml: ", "\"liten\"", "annen.yaml already", NULL);
    fixture_told("annen.yaml: ", "not called after its edition: liten.yaml", NULL);
    fixture_found(2);
}

static void a_member_must_be_valid_in_some_year_of_the_edition(void **state)
{
    (void)state;
    write_folder();
    /* Onsøy ended in 1994; Kristiansand got its new code in 2020: the edition has 2010 and 2012. */
    (void)fixture_write("liten.yaml", fixture_replace(fixture_edition_yaml, "\"0106\", 0219",
                                                      "\"0134\", \"4204\""));
    struct kf_catalogue *catalogue = NULL;
    assert_int_equal(read_folder(&catalogue), KF_ERR_CONFIG);
    fixture_told("liten.yaml: ", "0134", "no municipality in any year", NULL);
    fixture_told("liten.yaml: ", "4204", "no municipality in any year", NULL);
    fixture_found(2);
}

static void every_failing_allocation_is_survived(void **state)
{
    (void)state;
    write_folder();
    enum kf_err code = KF_ERR_MEMORY;
    int64_t n = 0;
    for (; code == KF_ERR_MEMORY; n++) {
        struct kf_catalogue *catalogue = NULL;
        struct kf_findings *findings = fixture_findings();
        struct kf_error err;
        kf_memory_fail_after(n);
        code = kf_catalogue_read(fixture_path(""), &catalogue, findings, &err);
        kf_memory_fail_after(-1);
        kf_catalogue_destroy(&catalogue);
    }
    assert_int_equal(code, KF_OK);
    assert_true(n > 20);
    kf_catalogue_destroy(NULL);
}

static void the_real_folder_has_no_fault(void **state)
{
    (void)state;
    if (access(KF_SOURCE_DIR "/editions/municipalities.csv", R_OK) != 0) {
        skip();
    }
    struct kf_catalogue *catalogue = NULL;
    struct kf_error err;
    enum kf_err code =
        kf_catalogue_read(KF_SOURCE_DIR "/editions", &catalogue, fixture_findings(), &err);
    fixture_found(0);
    assert_int_equal(code, KF_OK);
    assert_non_null(kf_catalogue_find(catalogue, "asss-2010"));
    kf_catalogue_destroy(&catalogue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_folder_gives_registers_and_editions_by_id),
        cmocka_unit_test(faults_of_all_files_come_at_once),
        cmocka_unit_test(a_faulty_register_does_not_make_every_variable_unknown),
        cmocka_unit_test(absent_files_are_faults_too),
        cmocka_unit_test(two_editions_must_not_have_one_id),
        cmocka_unit_test(a_member_must_be_valid_in_some_year_of_the_edition),
        cmocka_unit_test(every_failing_allocation_is_survived),
        cmocka_unit_test(the_real_folder_has_no_fault),
    };
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
