#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/support/cmocka.h"
#include "tests/tools/kf/published_fixture.h"
#include "tools/kf/compare.h"

#define HEADER "table,sector,indicator,municipality,measure,value,imputed\n"

static char path[] = "/tmp/kf-test-compare-XXXXXX";

static int set_up(void **state)
{
    (void)state;
    int file = mkstemp(path);
    return file < 0 ? -1 : close(file);
}

static int tear_down(void **state)
{
    (void)state;
    return remove(path);
}

static void write_file(const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* Two municipalities: an index each, and one indicator, imputed in 0219. */
static struct kf_published *published_figures(void)
{
    static const char *const rows[][2] = {
        {"e/2010/0301/total", "{\"release\":\"r\",\"municipality\":\"0301\",\"sector\":\"total\","
                              "\"index\":97.94}"},
        {"e/2010/0219/total", "{\"release\":\"r\",\"municipality\":\"0219\",\"sector\":\"total\","
                              "\"index\":96.25}"},
    };
    static const char indicator[] = "{\"release\":\"r\",\"municipality\":\"0219\",\"sector\":\"s\","
                                    "\"indicator\":\"i\",\"flags\":[\"imputed\"],"
                                    "\"normalized\":3.25}";
    struct kf_error err = {0};
    struct kf_published *published = kf_published_new("e", 2010);
    assert_int_equal(add_manifest(published, MANIFEST("r"), 1, &err), KF_OK);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(add_row(published, KF_TOPIC_INDEX, rows[i][0], rows[i][1], &err), KF_OK);
    }
    assert_int_equal(add_row(published, KF_TOPIC_INDICATOR, "e/2010/0219/s/i", indicator, &err),
                     KF_OK);
    return published;
}

static void assert_compares(const char *csv, const char *expected, bool all_found)
{
    struct kf_error err = {0};
    struct kf_text text;
    bool found = !all_found;
    struct kf_published *published = published_figures();
    kf_text_init(&text, 65536);
    write_file(csv);
    assert_int_equal(kf_compare(path, published, &text, &found, &err), KF_OK);
    assert_string_equal(text.bytes, expected);
    assert_int_equal(found, all_found);
    kf_text_clear(&text);
    kf_published_destroy(&published);
}

static void the_largest_difference_of_each_measure_is_told_with_its_place(void **state)
{
    (void)state;
    assert_compares(HEADER "4.1,total,,0301,index,97.9,0\n"
                           "4.1,total,,0219,index,96.0,0\n"
                           "3.1,s,i,0219,normalized,3.2,1\n",
                    "  Measure     Values     Largest  Where\n"
                    "                      difference\n"
                    "  index            2      0.2500  0219 total: 96, here 96.2500\n"
                    "  normalized       1      0.0500  0219 s i: 3.2, here 3.2500\n"
                    "  imputed cells: 1 printed, 1 here, 1 the same\n",
                    true);
}

static void what_is_printed_but_not_published_is_counted(void **state)
{
    (void)state;
    assert_compares(HEADER "4.1,total,,0301,index,97.9,0\n"
                           "4.1,total,,1902,index,96.0,0\n"
                           "4.1,total,,0301,efficiency,96.0,0\n",
                    "  Measure     Values     Largest  Where\n"
                    "                      difference\n"
                    "  index            1      0.0400  0301 total: 97.9, here 97.9400\n"
                    "  efficiency       0      0.0000\n"
                    "  imputed cells: 0 printed, 0 here, 0 the same\n"
                    "  2 printed values are not on the topics\n",
                    false);
}

static void a_file_that_is_no_such_table_is_refused_with_its_line(void **state)
{
    (void)state;
    static const char *const files[][2] = {
        {"table,sector\n", ":1: the header"},
        {HEADER "4.1,total,,0301,index,97.9\n", ":2: not seven"},
        {HEADER "4.1,total,,0301,index,97.9,0,1\n", ":2: not seven"},
        {HEADER "4.1,total,,0301,index,\"97,9\",0\n", ":2: not seven"},
        {HEADER "4.1,total,,0301,index,many,0\n", ":2: the value"},
        {HEADER "4.1,total,,0301,happiness,1,0\n", ":2: the measure"},
    };
    struct kf_published *published = published_figures();
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct kf_error err = {0};
        struct kf_text text;
        bool found = true;
        kf_text_init(&text, 65536);
        write_file(files[i][0]);
        assert_int_equal(kf_compare(path, published, &text, &found, &err), KF_ERR_CONFIG);
        assert_non_null(strstr(err.text, files[i][1]));
        kf_text_clear(&text);
    }
    kf_published_destroy(&published);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_largest_difference_of_each_measure_is_told_with_its_place),
        cmocka_unit_test(what_is_printed_but_not_published_is_counted),
        cmocka_unit_test(a_file_that_is_no_such_table_is_refused_with_its_line),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
