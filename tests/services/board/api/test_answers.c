/* Against the registers that come along (Statistics Norway, KLASS 131 and 112). */
#include "tests/support/cmocka.h"

#include "common/base/memory.h"
#include "services/board/api/answers.h"
#include "tests/support/catalogue_fixture.h"

static struct kf_answers *answers;

static int begin(void **state)
{
    return fixture_catalogue_open(state) == 0 &&
                   kf_answers_new(NULL, fixture_catalogue, "test 1", &answers, NULL) == KF_OK
               ? 0
               : -1;
}

static int end(void **state)
{
    kf_answers_destroy(&answers);
    return fixture_catalogue_close(state);
}

static void a_municipality_has_its_newest_name_or_its_code(void **state)
{
    (void)state;
    assert_string_equal(kf_answers_municipality_name(answers, "1103"), "Stavanger");
    assert_string_equal(kf_answers_municipality_name(answers, "0219"), "Bærum");
    assert_string_equal(kf_answers_municipality_name(answers, "9998"), "9998");
    assert_string_equal(kf_answers_municipality_name(answers, "EAK"), "EAK");
}

static void whoever_is_in_the_register_has_its_group(void **state)
{
    (void)state;
    assert_string_equal(kf_answers_kostra_group(answers, "0301"), "15"); /* Oslo, alone */
    assert_string_equal(kf_answers_kostra_group(answers, "1103"), "14"); /* the three next */
}

/* Berlevåg was 2024, then 5440, and is 5630; group 06 in 2017. */
static void a_newer_code_has_the_group_of_its_territory(void **state)
{
    (void)state;
    assert_string_equal(kf_answers_kostra_group(answers, "2024"), "06");
    assert_string_equal(kf_answers_kostra_group(answers, "5440"), "06");
    assert_string_equal(kf_answers_kostra_group(answers, "5630"), "06");
}

/* Sandnes is the former Sandnes, group 13, and Forsand, which the register of 2017 does not have;
 * Bjørnafjorden is Fusa and Os, which were in different groups. */
static void whose_parts_are_not_of_one_group_has_none(void **state)
{
    (void)state;
    assert_null(kf_answers_kostra_group(answers, "1108"));
    assert_null(kf_answers_kostra_group(answers, "4624"));
    assert_null(kf_answers_kostra_group(answers, "9998"));
    assert_null(kf_answers_kostra_group(answers, "EAK"));
    assert_null(kf_answers_kostra_group(answers, "12345"));
}

static void without_memory_there_are_none(void **state)
{
    (void)state;
    struct kf_answers *none = NULL;
    struct kf_error err;
    for (int64_t n = 0; n < 2; n++) {
        kf_memory_fail_after(n);
        assert_int_equal(kf_answers_new(NULL, fixture_catalogue, "test 1", &none, &err),
                         KF_ERR_MEMORY);
        kf_memory_fail_after(-1);
        assert_null(none);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_municipality_has_its_newest_name_or_its_code),
        cmocka_unit_test(whoever_is_in_the_register_has_its_group),
        cmocka_unit_test(a_newer_code_has_the_group_of_its_territory),
        cmocka_unit_test(whose_parts_are_not_of_one_group_has_none),
        cmocka_unit_test(without_memory_there_are_none),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
