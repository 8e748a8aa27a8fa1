#include "fixture.h"

#include <string.h>

#include "common/base/memory.h"
#include "common/model/kostra_group.h"

static struct kf_municipalities *municipalities;

static int open_all(void **state)
{
    struct kf_error err;
    return fixture_open(state) == 0 &&
                   kf_municipalities_read(KF_SOURCE_DIR "/editions/municipalities.csv",
                                          &municipalities, fixture_findings(), &err) == KF_OK
               ? 0
               : -1;
}

static int close_all(void **state)
{
    kf_municipalities_destroy(&municipalities);
    return fixture_close(state);
}

#define HEADER "year,municipality,group\n"

static enum kf_err read_text(const char *text, struct kf_kostra_groups **groups)
{
    struct kf_error err;
    return kf_kostra_groups_read(fixture_write("groups.csv", text), municipalities, groups,
                                 fixture_findings(), &err);
}

static void the_nearest_register_year_at_or_before_counts(void **state)
{
    (void)state;
    struct kf_kostra_groups *groups = NULL;
    assert_int_equal(read_text(HEADER "2017,0301,15\n2015,0219,13\n2015,0106,13\n", &groups),
                     KF_OK);
    assert_int_equal(kf_kostra_groups_year(groups, 2014), 0);
    assert_int_equal(kf_kostra_groups_year(groups, 2015), 2015);
    assert_int_equal(kf_kostra_groups_year(groups, 2016), 2015);
    assert_int_equal(kf_kostra_groups_year(groups, 2030), 2017);
    size_t count = 0;
    const struct kf_kostra_member *list = kf_kostra_groups_of(groups, 2015, &count);
    assert_int_equal(count, 2);
    assert_int_equal(list[0].code, 106); /* ascending whatever the file's order */
    assert_string_equal(list[1].group, "13");
    assert_null(kf_kostra_groups_of(groups, 2016, &count));
    assert_int_equal(count, 0);
    assert_true(kf_kostra_groups_know(groups, "15"));
    assert_false(kf_kostra_groups_know(groups, "1"));
    kf_kostra_groups_destroy(&groups);
    assert_null(groups);
}

static void the_real_register_has_the_groups_of_the_large_cities(void **state)
{
    (void)state;
    struct kf_kostra_groups *groups = NULL;
    struct kf_error err;
    assert_int_equal(kf_kostra_groups_read(KF_SOURCE_DIR "/editions/kostra_groups.csv",
                                           municipalities, &groups, fixture_findings(), &err),
                     KF_OK);
    /* Group 14 is Bergen, Trondheim and Stavanger, group 15 Oslo. */
    size_t count = 0;
    const struct kf_kostra_member *list = kf_kostra_groups_of(groups, 2017, &count);
    static const uint16_t cities[] = {301, 1103, 1201, 1601};
    static const char *const expected[] = {"15", "14", "14", "14"};
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(list[i].group, "14") == 0 || strcmp(list[i].group, "15") == 0) {
            assert_int_equal(list[i].code, cities[found]);
            assert_string_equal(list[i].group, expected[found]);
            found++;
        }
    }
    assert_int_equal(found, 4);
    kf_kostra_groups_destroy(&groups);
}

static void every_fault_of_the_file_is_told(void **state)
{
    (void)state;
    struct kf_kostra_groups *groups = NULL;
    assert_int_equal(read_text(HEADER "1017,0301,15\n"
                                      "2017,301,15\n"
                                      "2017,0301,\n"
                                      "2017,0301,a b\n"
                                      "2017,3024,13\n"
                                      "2017,0301\n"
                                      "2017,0219,13\n"
                                      "2017,0219,12\n",
                               &groups),
                     KF_ERR_CONFIG);
    fixture_told("groups.csv:2: ", "\"1017\"", NULL);
    fixture_told("groups.csv:3: ", "\"301\"", NULL);
    fixture_told("groups.csv:4: ", "group", NULL);
    fixture_told("groups.csv:5: ", "\"a b\"", NULL);
    fixture_told("groups.csv:6: ", "\"3024\"", "no municipality in the year", NULL);
    fixture_told("groups.csv:7: ", "three fields", NULL);
    fixture_told("groups.csv", "0219 has two rows for 2017", NULL);
    fixture_found(7);
    assert_null(groups);
}

static void every_failing_allocation_is_survived(void **state)
{
    (void)state;
    const char *path = fixture_write("groups.csv", HEADER "2017,0301,15\n");
    struct kf_findings *findings = fixture_findings();
    struct kf_kostra_groups *groups = NULL;
    struct kf_error err;
    enum kf_err code = KF_ERR_MEMORY;
    int64_t n = 0;
    for (; code == KF_ERR_MEMORY; n++) {
        assert_null(groups);
        kf_memory_fail_after(n);
        code = kf_kostra_groups_read(path, municipalities, &groups, findings, &err);
        kf_memory_fail_after(-1);
    }
    assert_int_equal(code, KF_OK);
    assert_true(n > 2);
    kf_kostra_groups_destroy(&groups);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_nearest_register_year_at_or_before_counts),
        cmocka_unit_test(the_real_register_has_the_groups_of_the_large_cities),
        cmocka_unit_test(every_fault_of_the_file_is_told),
        cmocka_unit_test(every_failing_allocation_is_survived),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
