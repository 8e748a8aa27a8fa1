/* Variables that editions bring along, and editions of files that lie elsewhere. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/memory.h"
#include "fixture.h"

#define OWN                                                                                        \
    "variables:\n"                                                                                 \
    "  - {id: nord_timer, unit: hours, minimum: 0, name: {nb: N, en: N}}\n"

static char elsewhere[256]; /* a folder beside the editions, with a slash at the end */

static int open_folders(void **state)
{
    if (fixture_open(state) != 0) {
        return -1;
    }
    (void)snprintf(elsewhere, sizeof elsewhere, "%s/", fixture_path("utenfor"));
    return mkdir(fixture_path("utenfor"), 0700);
}

static int close_folders(void **state)
{
    int removed = rmdir(fixture_path("utenfor"));
    return removed == 0 ? fixture_close(state) : removed;
}

static int write_folder(void **state)
{
    (void)state;
    (void)fixture_findings();
    (void)fixture_write("variables.yaml", fixture_variables_yaml);
    (void)fixture_write("municipalities.csv", fixture_municipalities_csv);
    (void)fixture_write("liten.yaml", fixture_edition_yaml);
    return 0;
}

static int empty_folders(void **state)
{
    (void)state;
    static const char *const files[] = {"liten.yaml", "annen.yaml", "utenfor/min.yaml",
                                        "utenfor/grunn.yaml", "utenfor/kopi.yaml"};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        if (access(fixture_path(files[i]), F_OK) == 0) {
            fixture_remove(files[i]);
        }
    }
    return 0;
}

/* The small edition under another id, with `own` behind it and its first indicator of `variable`.
 */
static const char *edition_text(const char *id, const char *variable, const char *own)
{
    static char text[16384];
    char indicator[64];
    (void)snprintf(indicator, sizeof indicator, "weight: 0.25, variable: %s", variable);
    (void)snprintf(text, sizeof text, "%s%s", fixture_replace(fixture_edition_yaml, "liten", id),
                   own);
    (void)snprintf(text, sizeof text, "%s",
                   fixture_replace(text, "weight: 0.25, variable: timer", indicator));
    return text;
}

static const char *extending(const char *id, const char *base, const char *more)
{
    static char text[1024];
    (void)snprintf(text, sizeof text,
                   "extends: %s\nid: %s\ntitle: {nb: \"M\", en: \"M\"}\nsource: \"mine\"\n%s", base,
                   id, more);
    return text;
}

static enum kf_err read_with(const char *const *files, size_t count, struct kf_catalogue **read)
{
    struct kf_error err = {.text = ""};
    struct kf_catalogue_files all = {
        .folder = fixture_path(""), .given = files, .given_len = count};
    return kf_catalogue_read_with(&all, read, fixture_findings(), &err);
}

static struct kf_catalogue *read_sound(const char *const *files, size_t count)
{
    struct kf_catalogue *catalogue = NULL;
    enum kf_err code = read_with(files, count, &catalogue);
    fixture_found(0);
    assert_int_equal(code, KF_OK);
    assert_int_equal(catalogue->given_len, count);
    return catalogue;
}

static const struct kf_variable *found(const struct kf_variables *variables, const char *id)
{
    return kf_variables_find(variables, id, strlen(id));
}

/* --- in the folder ---------------------------------------------------------------------------- */

static void variables_of_one_edition_are_known_to_all(void **state)
{
    (void)state;
    (void)fixture_write("annen.yaml", edition_text("annen", "nord_timer", OWN));
    (void)fixture_write("liten.yaml", edition_text("liten", "nord_timer", "")); /* read later */
    struct kf_catalogue *catalogue = read_sound(NULL, 0);
    assert_int_equal(catalogue->editions_len, 2);
    assert_string_equal(found(catalogue->variables, "nord_timer")->unit, "hours");
    assert_string_equal(catalogue->editions[1]->sectors[0].indicators[0].numerator.list[0].variable,
                        "nord_timer");
    kf_catalogue_destroy(&catalogue);
}

static void an_heir_knows_the_variables_of_its_base_without_repeating_them(void **state)
{
    (void)state;
    (void)fixture_write("annen.yaml", extending("annen", "liten",
                                                "variables:\n"
                                                "  - {id: sor_timer, unit: hours, minimum: 0,\n"
                                                "     name: {nb: S, en: S}}\n"));
    (void)fixture_write("liten.yaml", edition_text("liten", "nord_timer", OWN));
    struct kf_catalogue *catalogue = read_sound(NULL, 0);
    assert_non_null(found(catalogue->variables, "nord_timer"));
    assert_non_null(found(catalogue->variables, "sor_timer"));
    kf_catalogue_destroy(&catalogue);
}

static void an_id_of_the_register_or_of_another_edition_names_both_places(void **state)
{
    (void)state;
    struct kf_catalogue *catalogue = NULL;
    char line[32];
    (void)fixture_write("annen.yaml", edition_text("annen", "timer", OWN));
    const char *text =
        edition_text("liten", "timer",
                     "variables:\n"
                     "  - {id: barn, unit: hours, minimum: 0, name: {nb: N, en: N}}\n"
                     "  - {id: nord_timer, unit: days, minimum: 0, name: {nb: N, en: N}}\n");
    (void)fixture_write("liten.yaml", text);
    assert_int_equal(read_with(NULL, 0, &catalogue), KF_ERR_CONFIG);
    (void)snprintf(line, sizeof line, "liten.yaml:%u: ", fixture_line(text, "id: barn, unit"));
    fixture_told(line, "variables.yaml on line 7 already", "keep one of the two", NULL);
    (void)snprintf(line, sizeof line, "liten.yaml:%u: ", fixture_line(text, "id: nord_timer"));
    fixture_told(line, "is registered in ", "annen.yaml on line ", NULL);
    fixture_found(2);
    assert_null(catalogue);
}

/* --- elsewhere -------------------------------------------------------------------------------- */

static void a_file_from_elsewhere_is_an_edition_with_its_variables(void **state)
{
    (void)state;
    const char *files[] = {
        fixture_write("utenfor/min.yaml", edition_text("egen-2020", "nord_timer", OWN))};
    struct kf_catalogue *catalogue = read_sound(files, 1);
    assert_int_equal(catalogue->editions_len, 2);
    assert_string_equal(catalogue->editions[0]->id, "egen-2020"); /* called anything */
    assert_ptr_equal(catalogue->given[0], catalogue->editions[0]);
    assert_ptr_equal(kf_catalogue_find(catalogue, "egen-2020"), catalogue->given[0]);
    assert_non_null(found(catalogue->variables, "nord_timer"));
    kf_catalogue_destroy(&catalogue);
}

static void what_it_extends_may_lie_beside_it_with_variables_or_in_the_folder(void **state)
{
    (void)state;
    (void)fixture_write("utenfor/grunn.yaml",
                        extending("grunn", "liten",
                                  "expenditure: {gross: nord_brutto}\n"
                                  "variables:\n"
                                  "  - {id: nord_brutto, unit: 1000 kr, minimum: 0,\n"
                                  "     name: {nb: N, en: N}}\n"));
    const char *files[] = {fixture_write("utenfor/min.yaml", extending("min", "grunn", OWN))};
    struct kf_catalogue *catalogue = read_sound(files, 1);
    assert_string_equal(catalogue->given[0]->expenditure.gross.list[0].variable, "nord_brutto");
    assert_non_null(found(catalogue->variables, "nord_brutto"));
    assert_non_null(found(catalogue->variables, "nord_timer"));
    assert_int_equal(catalogue->editions_len, 2); /* its base is no edition of the catalogue */
    kf_catalogue_destroy(&catalogue);
}

static void a_file_with_the_id_of_one_in_the_folder_takes_its_place(void **state)
{
    (void)state;
    (void)fixture_write("annen.yaml", edition_text("annen", "nord_timer", OWN));
    const char *files[] = {fixture_write(
        "utenfor/kopi.yaml", edition_text("annen", "nord_timer",
                                          "variables:\n"
                                          "  - {id: nord_timer, unit: days, minimum: 0,\n"
                                          "     name: {nb: N, en: N}}\n"))};
    struct kf_catalogue *catalogue = read_sound(files, 1);
    assert_int_equal(catalogue->editions_len, 2);
    assert_ptr_equal(kf_catalogue_find(catalogue, "annen"), catalogue->given[0]);
    assert_string_equal(found(catalogue->variables, "nord_timer")->unit, "days");
    kf_catalogue_destroy(&catalogue);
}

static void a_file_of_the_folder_is_the_edition_that_it_is(void **state)
{
    (void)state;
    char roundabout[512];
    (void)fixture_write("annen.yaml", edition_text("annen", "nord_timer", OWN));
    (void)snprintf(roundabout, sizeof roundabout, "%s../annen.yaml", elsewhere);
    const char *files[] = {roundabout, fixture_path("liten.yaml"), roundabout};
    struct kf_catalogue *catalogue = read_sound(files, 3);
    assert_int_equal(catalogue->editions_len, 2);
    assert_string_equal(catalogue->given[0]->id, "annen");
    assert_string_equal(catalogue->given[1]->id, "liten");
    assert_ptr_equal(catalogue->given[2], catalogue->given[0]);
    kf_catalogue_destroy(&catalogue);
}

static void a_file_given_twice_is_one_edition(void **state)
{
    (void)state;
    char roundabout[512];
    const char *path = fixture_write("utenfor/min.yaml", edition_text("min", "nord_timer", OWN));
    (void)snprintf(roundabout, sizeof roundabout, "%s../utenfor/min.yaml", elsewhere);
    const char *files[] = {path, roundabout, path};
    struct kf_catalogue *catalogue = read_sound(files, 3);
    assert_int_equal(catalogue->editions_len, 2);
    assert_ptr_equal(catalogue->given[1], catalogue->given[0]);
    assert_ptr_equal(catalogue->given[2], catalogue->given[0]);
    kf_catalogue_destroy(&catalogue);
}

static void faults_of_a_file_given_are_told_in_it(void **state)
{
    (void)state;
    struct kf_catalogue *catalogue = NULL;
    const char *files[] = {
        fixture_write("utenfor/min.yaml", edition_text("min", "nord_timre", OWN))};
    assert_int_equal(read_with(files, 1, &catalogue), KF_ERR_CONFIG);
    fixture_told("utenfor/min.yaml:", "nord_timre", "did you mean nord_timer", NULL);
    fixture_found(1);
    files[0] = fixture_write("utenfor/min.yaml", "id: [\n");
    assert_int_equal(read_with(files, 1, &catalogue), KF_ERR_CONFIG);
    fixture_told("utenfor/min.yaml:", "is not YAML", NULL);
    fixture_found(1);
    files[0] = "/nonexistent/min.yaml";
    assert_int_equal(read_with(files, 1, &catalogue), KF_ERR_CONFIG);
    fixture_told("/nonexistent/min.yaml: ", "cannot be opened", NULL);
    fixture_found(1);
    files[0] = fixture_write("utenfor/min.yaml", extending("min", "ingen", OWN));
    assert_int_equal(read_with(files, 1, &catalogue), KF_ERR_CONFIG);
    fixture_told("utenfor/min.yaml:1: ", "there is no such edition", NULL);
    fixture_found(1);
}

static void two_files_given_cannot_be_the_same_edition(void **state)
{
    (void)state;
    struct kf_catalogue *catalogue = NULL;
    const char *files[] = {fixture_write("utenfor/min.yaml", edition_text("min", "timer", "")),
                           fixture_write("utenfor/kopi.yaml", edition_text("min", "timer", ""))};
    assert_int_equal(read_with(files, 2, &catalogue), KF_ERR_CONFIG);
    fixture_told("utenfor/kopi.yaml: ", "min.yaml already", NULL);
    fixture_found(1);
    files[0] = fixture_path("liten.yaml");
    files[1] = fixture_write("utenfor/kopi.yaml", edition_text("liten", "timer", ""));
    assert_int_equal(read_with(files, 2, &catalogue), KF_ERR_CONFIG);
    fixture_told("liten.yaml: ", "another file given has the same id", "give one of the two", NULL);
    fixture_found(1);
}

static void reading_survives_every_failing_allocation(void **state)
{
    (void)state;
    (void)fixture_write("annen.yaml", edition_text("annen", "nord_timer", OWN));
    (void)fixture_write("utenfor/grunn.yaml", extending("grunn", "liten", ""));
    (void)fixture_write("utenfor/min.yaml",
                        extending("min", "grunn",
                                  "variables:\n"
                                  "  - {id: sor_timer, unit: hours, minimum: 0,\n"
                                  "     name: {nb: S, en: S}}\n"));
    char path[512]; /* the fixture's paths do not last */
    (void)snprintf(path, sizeof path, "%smin.yaml", elsewhere);
    const char *files[] = {path};
    struct kf_catalogue *catalogue = NULL;
    enum kf_err code = KF_ERR_MEMORY;
    int64_t n = 0;
    for (; code == KF_ERR_MEMORY; n++) {
        assert_null(catalogue);
        kf_memory_fail_after(n);
        code = read_with(files, 1, &catalogue);
        kf_memory_fail_after(-1);
    }
    fixture_found(0);
    assert_int_equal(code, KF_OK);
    assert_true(n > 30);
    assert_non_null(found(catalogue->variables, "sor_timer"));
    assert_string_equal(catalogue->given[0]->id, "min");
    kf_catalogue_destroy(&catalogue);
}

/* --- the register alone ----------------------------------------------------------------------- */

static enum kf_err variables_with(const struct kf_catalogue *catalogue, const char *path,
                                  struct kf_variables **variables)
{
    struct kf_error err = {.text = ""};
    struct kf_catalogue_files files = {.folder = fixture_path(""), .given = &path, .given_len = 1};
    return kf_catalogue_variables_with(catalogue, &files, variables, fixture_findings(), &err);
}

static void the_register_is_made_anew_only_for_files_with_variables(void **state)
{
    (void)state;
    struct kf_variables *variables = NULL;
    struct kf_catalogue *catalogue = read_sound(NULL, 0);
    const char *path = fixture_write("utenfor/min.yaml", edition_text("min", "timer", ""));
    assert_int_equal(variables_with(catalogue, path, &variables), KF_OK);
    assert_null(variables);
    assert_int_equal(variables_with(catalogue, "/nonexistent/min.yaml", &variables), KF_OK);
    assert_null(variables);
    path = fixture_write("utenfor/min.yaml", edition_text("min", "timer", OWN));
    assert_int_equal(variables_with(catalogue, path, &variables), KF_OK);
    assert_non_null(found(variables, "nord_timer"));
    assert_non_null(found(variables, "folkemengde"));
    assert_null(found(catalogue->variables, "nord_timer"));
    kf_variables_destroy(&variables);
    path = fixture_write("utenfor/min.yaml",
                         edition_text("min", "timer", "variables:\n  - {id: barn}\n"));
    assert_int_equal(variables_with(catalogue, path, &variables), KF_ERR_CONFIG);
    fixture_told("utenfor/min.yaml:", "is registered in ", "variables.yaml", NULL);
    fixture_told("utenfor/min.yaml:", "unit", "is missing", NULL);
    assert_null(variables);
    kf_catalogue_destroy(&catalogue);
}

static void accounts_of_own_variables_are_checked(void **state)
{
    (void)state;
    struct kf_variables *variables = NULL;
    struct kf_catalogue *catalogue = NULL;
    struct kf_error err = {.text = ""};
    enum kf_err code =
        kf_catalogue_read(KF_SOURCE_DIR "/editions", &catalogue, fixture_findings(), &err);
    assert_int_equal(code, KF_OK);
    const char *text = "id: min\n"
                       "variables:\n"
                       "  - {id: nord_netto, unit: kr, minimum: -1e12, name: {nb: N, en: N},\n"
                       "     account: {class: D, functions: [FGK999], arts: [AGD2]}}\n";
    const char *path = fixture_write("utenfor/min.yaml", text);
    struct kf_catalogue_files files = {
        .folder = KF_SOURCE_DIR "/editions", .given = &path, .given_len = 1};
    code = kf_catalogue_variables_with(catalogue, &files, &variables, fixture_findings(), &err);
    assert_int_equal(code, KF_ERR_CONFIG);
    fixture_told("utenfor/min.yaml:4: ", "FGK999", NULL);
    fixture_found(1);
    path = fixture_write("utenfor/min.yaml", fixture_replace(text, "FGK999", "FGK8"));
    files.given = &path;
    code = kf_catalogue_variables_with(catalogue, &files, &variables, fixture_findings(), &err);
    fixture_found(0);
    assert_int_equal(code, KF_OK);
    assert_non_null(found(variables, "nord_netto")->account);
    kf_variables_destroy(&variables);
    kf_catalogue_destroy(&catalogue);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, write_folder, empty_folders)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(variables_of_one_edition_are_known_to_all),
        TEST(an_heir_knows_the_variables_of_its_base_without_repeating_them),
        TEST(an_id_of_the_register_or_of_another_edition_names_both_places),
        TEST(a_file_from_elsewhere_is_an_edition_with_its_variables),
        TEST(what_it_extends_may_lie_beside_it_with_variables_or_in_the_folder),
        TEST(a_file_with_the_id_of_one_in_the_folder_takes_its_place),
        TEST(a_file_of_the_folder_is_the_edition_that_it_is),
        TEST(a_file_given_twice_is_one_edition),
        TEST(faults_of_a_file_given_are_told_in_it),
        TEST(two_files_given_cannot_be_the_same_edition),
        TEST(reading_survives_every_failing_allocation),
        TEST(the_register_is_made_anew_only_for_files_with_variables),
        TEST(accounts_of_own_variables_are_checked),
    };
    return cmocka_run_group_tests(tests, open_folders, close_folders);
}
