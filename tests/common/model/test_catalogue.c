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
    struct kf_error err;
    assert_int_equal(kf_catalogue_read(fixture_path(""), &catalogue, fixture_findings(), &err),
                     KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, " has 1 fault"));
    assert_null(strstr(err.text, "faults"));
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
    char place[32];
    (void)snprintf(place, sizeof place,
                   "liten.yaml:%u: ", fixture_line(fixture_edition_yaml, "municipalities:"));
    fixture_told(place, "0134", "no municipality in any year", "or set structure", NULL);
    fixture_told(place, "4204", "no municipality in any year", NULL);
    fixture_found(2);
}

/* Reads the project's editions folder and, against its registers, an edition with these lines. */
static void check_lines(const char *years, const char *structure, const char *municipalities)
{
    struct kf_catalogue *catalogue = NULL;
    struct kf_edition *edition = NULL;
    struct kf_error err;
    char text[8192];
    assert_int_equal(
        kf_catalogue_read(KF_SOURCE_DIR "/editions", &catalogue, fixture_findings(), &err), KF_OK);
    (void)snprintf(text, sizeof text, "%s",
                   fixture_replace(fixture_edition_yaml, "years: [2010, 2012]", years));
    (void)snprintf(text, sizeof text, "%s",
                   fixture_replace(text, "structure: data-year", structure));
    (void)snprintf(text, sizeof text, "%s",
                   fixture_replace(text, "[\"0301\", \"0106\", 0219]", municipalities));
    struct kf_arena *arena = kf_arena_new((size_t)4 << 20);
    const char *path = fixture_write("egen.yaml", text);
    assert_int_equal(kf_edition_read(path, NULL, arena, &edition, fixture_findings(), &err), KF_OK);
    assert_int_equal(kf_edition_check_members(edition, path, catalogue, fixture_findings(), &err),
                     KF_ERR_CONFIG);
    fixture_remove("egen.yaml");
    kf_arena_destroy(&arena);
    kf_catalogue_destroy(&catalogue);
}

static void an_old_code_in_todays_structure_is_told_with_todays(void **state)
{
    (void)state;
    unsigned first = fixture_line(fixture_edition_yaml, "municipalities:");
    char place[32];
    check_lines("years: [2010]", "structure: today", "[\"0301\",\n    \"0106\"]");
    (void)snprintf(place, sizeof place, "egen.yaml:%u: 0106", first + 1);
    fixture_told(place, "is no municipality in today's structure (2024)",
                 "; in today's structure (2024) the code is \"3107\"", NULL);
    fixture_found(1);
    check_lines("years: [2010]", "structure: 2020", "[\"0301\", \"0106\"]");
    fixture_told("egen.yaml:", "in the structure of 2020 the code is \"3004\"", NULL);
    fixture_found(1);
}

static void a_code_that_never_was_is_not_a_question_of_structure(void **state)
{
    (void)state;
    check_lines("years: [2010]", "structure: data-year", "[\"0301\", \"0199\"]");
    fixture_told("egen.yaml:", "0199 was never a municipality code; correct the code", NULL);
    fixture_found(1);
}

static void one_who_is_left_out_must_be_a_municipality_too(void **state)
{
    (void)state;
    check_lines("years: [2010]", "structure: today", "all\n  except: [\"0106\"]");
    fixture_told("egen.yaml:", "0106 except: is no municipality in today's structure",
                 "the code is \"3107\"", NULL);
    fixture_found(1);
}

/* The register has the groups of 2015 and 2017; group 16 was only in the first. */
static void a_group_must_be_one_in_a_year_of_the_edition(void **state)
{
    (void)state;
    unsigned first = fixture_line(fixture_edition_yaml, "municipalities:");
    char place[64];
    check_lines("years: [2018]", "structure: data-year", "{kostra_groups: [\"13\",\n    \"16\"]}");
    (void)snprintf(place, sizeof place, "egen.yaml:%u: kostra_groups \"16\"", first + 1);
    fixture_told(place, "in none of the edition's years", "of those years", NULL);
    fixture_found(1);
    check_lines("years: [2010]", "structure: data-year", "{kostra_groups: [\"13\"]}");
    fixture_told("egen.yaml:", "\"13\"", "in none of the edition's years", NULL);
    fixture_found(1);
}

static void the_structure_and_the_groups_are_read_where_they_are(void **state)
{
    (void)state;
    write_folder();
    struct kf_catalogue *catalogue = NULL;
    assert_int_equal(read_folder(&catalogue), KF_OK);
    assert_null(catalogue->structure);
    assert_null(catalogue->kostra_groups);
    kf_catalogue_destroy(&catalogue);
    (void)fixture_write("municipality_changes.csv", "year,from,to,weight,through\n"
                                                    "1994,0134,0106,1,\n");
    (void)fixture_write("kostra_groups.csv", "year,municipality,group\n2010,0301,15\n");
    assert_int_equal(read_folder(&catalogue), KF_OK);
    assert_non_null(catalogue->structure);
    assert_true(kf_kostra_groups_know(catalogue->kostra_groups, "15"));
    kf_catalogue_destroy(&catalogue);
    /* A member that is gone is told with its successor, faults of the registers with their lines.
     */
    (void)fixture_write("liten.yaml",
                        fixture_replace(fixture_edition_yaml, "\"0106\", 0219", "\"0134\""));
    assert_int_equal(read_folder(&catalogue), KF_ERR_CONFIG);
    fixture_told("liten.yaml:", "0134 Onsøy was a municipality until 1993, not in 2010",
                 "since then 0106 Fredrikstad", NULL);
    fixture_found(1);
    (void)fixture_write("municipality_changes.csv", "year,from,to,weight,through\n"
                                                    "1994,0134,0199,1,\n");
    (void)fixture_write("kostra_groups.csv", "year,municipality,group\n2010,0199,15\n");
    assert_int_equal(read_folder(&catalogue), KF_ERR_CONFIG);
    fixture_told("municipality_changes.csv:2: ", "0199", NULL);
    fixture_told("kostra_groups.csv:2: ", "0199", NULL);
    fixture_remove("municipality_changes.csv");
    fixture_remove("kostra_groups.csv");
}

static void a_group_that_is_not_in_the_register_is_told(void **state)
{
    (void)state;
    write_folder();
    (void)fixture_write("kostra_groups.csv", "year,municipality,group\n2010,0301,15\n");
    struct kf_catalogue *catalogue = NULL;
    assert_int_equal(read_folder(&catalogue), KF_OK);
    const char *groups[] = {"15", "99"};
    struct kf_edition edition = *kf_catalogue_find(catalogue, "liten");
    struct kf_error err;
    edition.members_len = 0;
    edition.kostra_groups = groups;
    edition.kostra_groups_len = 2;
    assert_int_equal(
        kf_edition_check_members(&edition, "liten.yaml", catalogue, fixture_findings(), &err),
        KF_ERR_CONFIG);
    fixture_told("liten.yaml: ", "\"99\"", "no KOSTRA group", NULL);
    fixture_found(1);
    fixture_remove("kostra_groups.csv");
    kf_catalogue_destroy(&catalogue);
}

static void an_adjustment_may_concern_municipalities_only(void **state)
{
    (void)state;
    write_folder();
    struct kf_catalogue *catalogue = NULL;
    assert_int_equal(read_folder(&catalogue), KF_OK);
    const char *only[] = {"0301", "0302"};
    struct kf_adjustment adjustment = {.id = "fylke", .only = only, .only_len = 2};
    struct kf_edition edition = *kf_catalogue_find(catalogue, "liten");
    struct kf_sector sector = edition.sectors[0];
    struct kf_error err;
    sector.resources.adjustments = &adjustment;
    sector.resources.adjustments_len = 1;
    edition.sectors = &sector;
    edition.sectors_len = 1;
    assert_int_equal(
        kf_edition_check_members(&edition, "liten.yaml", catalogue, fixture_findings(), &err),
        KF_ERR_CONFIG);
    fixture_told("liten.yaml: 0302", "only", "never a municipality code", NULL);
    fixture_found(1);
    edition.sectors = NULL; /* demography alone */
    edition.sectors_len = 0;
    assert_int_equal(
        kf_edition_check_members(&edition, "liten.yaml", catalogue, fixture_findings(), &err),
        KF_OK);
    kf_catalogue_destroy(&catalogue);
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
        cmocka_unit_test(an_old_code_in_todays_structure_is_told_with_todays),
        cmocka_unit_test(a_code_that_never_was_is_not_a_question_of_structure),
        cmocka_unit_test(one_who_is_left_out_must_be_a_municipality_too),
        cmocka_unit_test(a_group_must_be_one_in_a_year_of_the_edition),
        cmocka_unit_test(the_structure_and_the_groups_are_read_where_they_are),
        cmocka_unit_test(a_group_that_is_not_in_the_register_is_told),
        cmocka_unit_test(an_adjustment_may_concern_municipalities_only),
        cmocka_unit_test(every_failing_allocation_is_survived),
        cmocka_unit_test(the_real_folder_has_no_fault),
    };
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
