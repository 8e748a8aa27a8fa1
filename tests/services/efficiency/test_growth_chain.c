#include "tests/support/cmocka.h"

#include <limits.h>

#include "services/efficiency/growth_chain.h"

static struct kf_year_figure list[] = {{2016, 1.6}, {2017, 0.695}, {2019, -50}};
static const struct kf_year_figures growth = {list, 3};

static double chain(int from, int to)
{
    struct kf_wide factor = kf_wide_from(-1);
    assert_true(kf_growth_chain(&growth, from, to, &factor));
    return kf_wide_value(factor);
}

/* The factors of METHOD G6. */
static void growth_of_each_year_is_multiplied(void **state)
{
    (void)state;
    assert_close(chain(2015, 2017), 1.016 * 1.00695, 1e-15);
    assert_close(chain(2016, 2017), 1.00695, 1e-15);
    assert_close(chain(2018, 2019), 0.5, 1e-15);
}

static void of_one_year_it_is_one(void **state)
{
    (void)state;
    assert_true(chain(2015, 2015) == 1);
    assert_true(chain(1990, 1990) == 1);
    assert_true(chain(INT_MAX, INT_MAX) == 1);
}

static void back_in_time_it_is_the_inverse(void **state)
{
    (void)state;
    assert_close(chain(2017, 2015), 1 / (1.016 * 1.00695), 1e-15);
    assert_close(chain(2019, 2018), 2, 1e-15);
}

static void a_year_without_growth_breaks_it(void **state)
{
    (void)state;
    struct kf_wide factor = kf_wide_from(-1);
    assert_false(kf_growth_chain(&growth, 2017, 2018, &factor));
    assert_false(kf_growth_chain(&growth, 2015, 2019, &factor));
    assert_false(kf_growth_chain(&growth, 2019, 2015, &factor));
    assert_false(kf_growth_chain(&growth, INT_MIN, INT_MAX, &factor));
    assert_true(factor.high == -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(growth_of_each_year_is_multiplied),
        cmocka_unit_test(of_one_year_it_is_one),
        cmocka_unit_test(back_in_time_it_is_the_inverse),
        cmocka_unit_test(a_year_without_growth_breaks_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
