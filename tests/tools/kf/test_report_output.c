#include "tools/kf/report_output.h"

#include <string.h>

#include "tests/support/cmocka.h"

static enum kf_err place_of(const char *path, const char *format, bool several,
                            struct kf_report_place *place, struct kf_error *err)
{
    *place = (struct kf_report_place){.path = NULL};
    return kf_report_place_read(path, format, several, place, err);
}

static void assert_file(const char *path, const char *format, enum kf_report_format expected)
{
    struct kf_report_place place;
    assert_int_equal(place_of(path, format, false, &place, NULL), KF_OK);
    assert_false(place.folder);
    assert_int_equal(place.format, expected);
    assert_string_equal(place.path, path);
}

static void assert_folder(const char *path, const char *format, bool several,
                          enum kf_report_format expected)
{
    struct kf_report_place place;
    assert_int_equal(place_of(path, format, several, &place, NULL), KF_OK);
    assert_true(place.folder);
    assert_int_equal(place.format, expected);
}

static void a_file_is_what_its_ending_says(void **state)
{
    (void)state;
    assert_file("skien.html", NULL, KF_REPORT_HTML);
    assert_file("/no/such/skien.pdf", NULL, KF_REPORT_PDF);
    assert_file("skien.pdf", "pdf", KF_REPORT_PDF);
}

static void a_folder_has_html_or_what_is_asked_for(void **state)
{
    (void)state;
    assert_folder("/tmp", NULL, false, KF_REPORT_HTML);
    assert_folder("/tmp", "pdf", true, KF_REPORT_PDF);
    assert_folder("reports/", NULL, false, KF_REPORT_HTML);
    assert_folder("reports", "html", true, KF_REPORT_HTML);
}

static void assert_refused(const char *path, const char *format, bool several, const char *why)
{
    struct kf_report_place place;
    struct kf_error err = {0};
    assert_int_equal(place_of(path, format, several, &place, &err), KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, why));
    assert_null(place.path);
}

static void what_does_not_fit_is_refused_with_the_remedy(void **state)
{
    (void)state;
    assert_refused("all.pdf", NULL, true, "name a folder");
    assert_refused("skien.txt", NULL, false, "FILE.html, FILE.pdf, or a folder");
    assert_refused("skien.html", "pdf", false, "leave one out");
    assert_refused("/tmp", "docx", false, "html or pdf");
    assert_refused(".html", NULL, false, "FILE.html"); /* an ending alone is no name */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_what_its_ending_says),
        cmocka_unit_test(a_folder_has_html_or_what_is_asked_for),
        cmocka_unit_test(what_does_not_fit_is_refused_with_the_remedy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
