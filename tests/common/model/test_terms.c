#include "common/model/terms.h"

#include "tests/support/cmocka.h"

static void a_figure_is_that_of_its_own_year(void **state)
{
    (void)state;
    struct kf_year_figure list[] = {{2014, 659}, {2016, 706}};
    const struct kf_year_figures rates = {list, 2};
    const struct kf_year_figures none = {NULL, 0};
    assert_ptr_equal(kf_year_figure_of(&rates, 2014), &list[0]);
    assert_ptr_equal(kf_year_figure_of(&rates, 2016), &list[1]);
    assert_null(kf_year_figure_of(&rates, 2015));
    assert_null(kf_year_figure_of(&rates, 2017));
    assert_null(kf_year_figure_of(&none, 2014));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_figure_is_that_of_its_own_year),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
