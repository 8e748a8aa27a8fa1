/* Symbols, as Statistics Norway explains them. */
#include "tests/support/cmocka.h"

#include "common/model/cell.h"
#include "services/ingest/jsonstat/jsonstat_status.h"

static const struct kf_jsonstat_limits usual = {0};

static uint8_t status_of(const struct kf_jsonstat_limits *limits, const char *symbol,
                         bool has_number)
{
    int number = kf_jsonstat_status_number(limits, symbol);
    assert_true(number >= 0 && (size_t)number < kf_jsonstat_status_count(limits));
    return kf_jsonstat_status_of(limits, (unsigned)number, has_number);
}

static void symbols_say_why_there_is_no_figure(void **state)
{
    (void)state;
    for (int has_number = 0; has_number < 2; has_number++) {
        assert_int_equal(status_of(&usual, ".", has_number), KF_CELL_NOT_APPLICABLE);
        assert_int_equal(status_of(&usual, "..", has_number), KF_CELL_MISSING);
        assert_int_equal(status_of(&usual, "...", has_number), KF_CELL_MISSING);
        assert_int_equal(status_of(&usual, "-", has_number), KF_CELL_MISSING);
        assert_int_equal(status_of(&usual, ":", has_number), KF_CELL_CONFIDENTIAL);
    }
}

static void no_symbol_and_an_asterisk_leave_the_figure(void **state)
{
    (void)state;
    assert_int_equal(status_of(&usual, "", true), KF_CELL_VALUE);
    assert_int_equal(status_of(&usual, "*", true), KF_CELL_PRELIMINARY);
    assert_int_equal(status_of(&usual, "", false), KF_CELL_MISSING);
    assert_int_equal(status_of(&usual, "*", false), KF_CELL_MISSING);
}

static void others_must_be_told_of(void **state)
{
    (void)state;
    static const struct kf_jsonstat_symbol more[] = {{"x", KF_CELL_CONFIDENTIAL},
                                                     {"-", KF_CELL_NOT_APPLICABLE}};
    const struct kf_jsonstat_limits limits = {.symbols = more, .symbols_len = 2};
    assert_int_equal(kf_jsonstat_status_number(&usual, "x"), -1);
    assert_int_equal(kf_jsonstat_status_number(&usual, "...."), -1);
    assert_int_equal(kf_jsonstat_status_number(&usual, " ."), -1);
    assert_int_equal(status_of(&limits, "x", true), KF_CELL_CONFIDENTIAL);
    assert_int_equal(status_of(&limits, "-", true), KF_CELL_NOT_APPLICABLE); /* before the usual */
    assert_int_equal(status_of(&limits, "..", true), KF_CELL_MISSING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(symbols_say_why_there_is_no_figure),
        cmocka_unit_test(no_symbol_and_an_asterisk_leave_the_figure),
        cmocka_unit_test(others_must_be_told_of),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
