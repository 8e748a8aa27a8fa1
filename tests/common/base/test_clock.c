#include <string.h>

#include "common/base/clock.h"
#include "tests/support/cmocka.h"

static void times_print_as_rfc_3339_in_utc(void **state)
{
    (void)state;
    static const struct {
        int64_t wall_ms;
        const char *text;
    } cases[] = {
        {0, "1970-01-01T00:00:00.000Z"},
        {1, "1970-01-01T00:00:00.001Z"},
        {-1, "1969-12-31T23:59:59.999Z"},
        {-1000, "1969-12-31T23:59:59.000Z"},
        {1773558000123, "2026-03-15T07:00:00.123Z"},
        {951782400000, "2000-02-29T00:00:00.000Z"},
        {1774746000000, "2026-03-29T01:00:00.000Z"}, /* summer time begins; UTC does not mind */
        {253402300799999, "9999-12-31T23:59:59.999Z"},
        {-62135596800000, "0001-01-01T00:00:00.000Z"},
        {-30610224000000, "1000-01-01T00:00:00.000Z"},
        {-30610224000001, "0999-12-31T23:59:59.999Z"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[KF_CLOCK_TEXT_SIZE];
        kf_clock_print(cases[i].wall_ms, text);
        assert_string_equal(text, cases[i].text);
    }
}

static void times_outside_the_calendar_print_as_its_beginning(void **state)
{
    (void)state;
    static const int64_t outside[] = {253402300800000, -62135596800001, INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < sizeof outside / sizeof outside[0]; i++) {
        char text[KF_CLOCK_TEXT_SIZE];
        memset(text, '#', sizeof text);
        kf_clock_print(outside[i], text);
        assert_string_equal(text, "1970-01-01T00:00:00.000Z");
    }
}

static void the_monotonic_clock_never_goes_back(void **state)
{
    (void)state;
    int64_t before = kf_clock_monotonic_ms();
    for (int i = 0; i < 100000; i++) {
        int64_t now = kf_clock_monotonic_ms();
        assert_true(now >= before);
        before = now;
    }
}

static void the_wall_clock_stands_behind_this_source(void **state)
{
    (void)state;
    assert_true(kf_clock_wall_ms() > 1700000000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_print_as_rfc_3339_in_utc),
        cmocka_unit_test(times_outside_the_calendar_print_as_its_beginning),
        cmocka_unit_test(the_monotonic_clock_never_goes_back),
        cmocka_unit_test(the_wall_clock_stands_behind_this_source),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
