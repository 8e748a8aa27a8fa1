/* Files that are no CSV, by their first bytes. */
#include "tests/support/cmocka.h"

#include <string.h>

#include "services/ingest/csv/file_kind.h"
#include "tests/services/ingest/scratch.h"

static void workbooks_pages_and_archives_are_known_with_the_way_to_csv(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        const char *told;
    } cases[] = {{"PK\x03\x04zip", "(.xlsx, .ods)"},
                 {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old", "(.xls)"},
                 {"\xff\xfem", "UTF-16"},
                 {"\xfe\xffm", "UTF-16"},
                 {"%PDF-1.7", "PDF"},
                 {"\x1f\x8b\x08", "gzip"},
                 {"<!DOCTYPE html>", "web page"},
                 {"\xef\xbb\xbf<HTML>", "web page"},
                 {"<?xml version", "XML"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct kf_file_kind kind = {.problem = ""};
        assert_true(kf_file_kind_of(cases[i].bytes, strlen(cases[i].bytes), &kind));
        assert_non_null(strstr(kind.problem, cases[i].told));
        assert_true(strlen(kind.remedy) > 0);
    }
}

static void text_and_what_is_too_short_is_no_other_kind(void **state)
{
    (void)state;
    struct kf_file_kind kind;
    static const char *const texts[] = {"municipality,year", "", "P", "PK", "{\"a\":1}",
                                        "\xef\xbb\xbf"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_false(kf_file_kind_of(texts[i], strlen(texts[i]), &kind));
    }
}

static void a_file_is_looked_at_by_its_first_bytes(void **state)
{
    (void)state;
    struct scratch scratch;
    struct kf_file_kind kind;
    scratch_make(&scratch);
    scratch_write_text(&scratch, "a.xlsx", "PK\x03\x04");
    scratch_write_text(&scratch, "empty", "");
    assert_true(kf_file_kind_read(scratch_path(&scratch, "a.xlsx"), &kind));
    assert_false(kf_file_kind_read(scratch_path(&scratch, "empty"), &kind));
    assert_false(kf_file_kind_read(scratch_path(&scratch, "none"), &kind));
    scratch_remove(&scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(workbooks_pages_and_archives_are_known_with_the_way_to_csv),
        cmocka_unit_test(text_and_what_is_too_short_is_no_other_kind),
        cmocka_unit_test(a_file_is_looked_at_by_its_first_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
