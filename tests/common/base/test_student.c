#include "tests/support/cmocka.h"

#include "common/base/student.h"

static void p_values_meet_the_published_table_of_critical_values(void **state)
{
    (void)state;
    /* Two-sided critical values as every textbook's table prints them, to three decimals. */
    static const struct {
        size_t degrees;
        double at_ten_percent;
        double at_five_percent;
        double at_one_percent;
    } table[] = {{1, 6.314, 12.706, 63.657}, {2, 2.920, 4.303, 9.925},   {5, 2.015, 2.571, 4.032},
                 {10, 1.812, 2.228, 3.169},  {30, 1.697, 2.042, 2.750},  {60, 1.671, 2.000, 2.660},
                 {120, 1.658, 1.980, 2.617}, {1000, 1.646, 1.962, 2.581}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const double critical[] = {table[i].at_ten_percent, table[i].at_five_percent,
                                   table[i].at_one_percent};
        const double level[] = {0.1, 0.05, 0.01};
        for (size_t j = 0; j < 3; j++) {
            assert_true(kf_student_p_value(critical[j] - 0.0006, table[i].degrees) > level[j]);
            assert_true(kf_student_p_value(critical[j] + 0.0006, table[i].degrees) < level[j]);
        }
    }
}

static void one_and_two_degrees_have_closed_forms(void **state)
{
    (void)state;
    /* F(t) = 1/2 + atan(t)/π and 1/2 + t/(2√(2 + t²)). */
    for (int i = 1; i <= 4000; i++) {
        double t = i * 0.005;
        assert_close(kf_student_p_value(t, 1), 2 / acos(-1.0) * atan(1 / t), 1e-14);
        assert_close(kf_student_p_value(t, 2), 1 - t / sqrt(2 + t * t), 4e-15);
    }
    /* Far out: 2/(π t) and 1/t², both to their next term. */
    assert_close(kf_student_p_value(1e8, 1) * 1e8, 2 / acos(-1.0), 1e-13);
    assert_close(kf_student_p_value(1e6, 2) * 1e12, 1, 1e-11);
}

static void five_degrees_have_a_closed_form_too(void **state)
{
    (void)state;
    /* Abramowitz and Stegun 26.7.3: A = 2/π (θ + sin θ (cos θ + ⅔ cos³ θ)), θ = atan(t/√5). */
    for (int i = 1; i <= 1000; i++) {
        double t = i * 0.01;
        double angle = atan(t / sqrt(5));
        double c = cos(angle);
        double inside = 2 / acos(-1.0) * (angle + sin(angle) * (c + 2 * c * c * c / 3));
        assert_close(kf_student_p_value(t, 5), 1 - inside, 1e-14);
    }
}

static void with_many_degrees_it_is_the_normal_distribution(void **state)
{
    (void)state;
    for (int i = 0; i <= 50; i++) {
        double t = i * 0.1;
        assert_close(kf_student_p_value(t, 1000000), erfc(t / sqrt(2)), 1e-6);
    }
}

static void it_is_one_at_zero_symmetrical_and_falls(void **state)
{
    (void)state;
    static const size_t degrees[] = {1, 2, 3, 7, 50, 414, 5000, 1000000};
    for (size_t d = 0; d < sizeof degrees / sizeof degrees[0]; d++) {
        double before = kf_student_p_value(0, degrees[d]);
        assert_true(before == 1);
        for (int i = 1; i < 400; i++) {
            double now = kf_student_p_value(i * 0.05, degrees[d]);
            assert_true(now == kf_student_p_value(-i * 0.05, degrees[d]));
            assert_true(now >= 0 && now < before);
            before = now;
        }
    }
}

static void what_no_double_can_hold_is_zero(void **state)
{
    (void)state;
    assert_true(kf_student_p_value(1e300, 414) == 0);
    assert_true(kf_student_p_value(1e200, 1) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(p_values_meet_the_published_table_of_critical_values),
        cmocka_unit_test(one_and_two_degrees_have_closed_forms),
        cmocka_unit_test(five_degrees_have_a_closed_form_too),
        cmocka_unit_test(with_many_degrees_it_is_the_normal_distribution),
        cmocka_unit_test(it_is_one_at_zero_symmetrical_and_falls),
        cmocka_unit_test(what_no_double_can_hold_is_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
