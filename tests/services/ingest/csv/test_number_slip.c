/* What a cell that is no number may have meant. */
#include "tests/support/cmocka.h"

#include <string.h>

#include "services/ingest/csv/number_slip.h"

struct reading {
    const char *cell;
    enum kf_number_slip slip;
    const char *figure;
    const char *other;
};

static void expect(const struct reading *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct kf_number_meant meant;
        enum kf_number_slip slip = kf_number_slip_of(cases[i].cell, strlen(cases[i].cell), &meant);
        if (slip != cases[i].slip) {
            fail_msg("%s is taken as %d", cases[i].cell, (int)slip);
        }
        if (slip != KF_NUMBER_UNKNOWN) {
            assert_string_equal(meant.figure, cases[i].figure);
            assert_string_equal(meant.other, cases[i].other ? cases[i].other : "");
        }
    }
}

#define EXPECT(...)                                                                                \
    do {                                                                                           \
        static const struct reading cases[] = {__VA_ARGS__};                                       \
        expect(cases, sizeof cases / sizeof cases[0]);                                             \
    } while (0)

static void spaces_of_every_kind_go(void **state)
{
    (void)state;
    EXPECT({"586 860", KF_NUMBER_SPACED, "586860", NULL},
           {"-1 410 000.5", KF_NUMBER_SPACED, "-1410000.5", NULL},
           {"586\xc2\xa0"
            "860",
            KF_NUMBER_SPACED, "586860", NULL},
           {"586\xe2\x80\xaf"
            "860",
            KF_NUMBER_SPACED, "586860", NULL},
           {"4917 ", KF_NUMBER_SPACED, "4917", NULL}, {" 4917", KF_NUMBER_SPACED, "4917", NULL});
}

static void a_decimal_comma_becomes_a_point(void **state)
{
    (void)state;
    EXPECT({"1,5", KF_NUMBER_COMMA, "1.5", NULL}, {"0,917", KF_NUMBER_COMMA, "0.917", NULL},
           {"4917,5", KF_NUMBER_COMMA, "4917.5", NULL},
           {"1 234,567", KF_NUMBER_COMMA, "1234.567", NULL},
           {"1.234,5", KF_NUMBER_COMMA, "1234.5", NULL},
           {"3294,600", KF_NUMBER_COMMA, "3294.600", NULL});
}

static void a_comma_before_three_digits_has_two_readings(void **state)
{
    (void)state;
    EXPECT({"4,917", KF_NUMBER_AMBIGUOUS, "4917", "4.917"},
           {"-123,456", KF_NUMBER_AMBIGUOUS, "-123456", "-123.456"},
           {"1,234,567", KF_NUMBER_THOUSANDS, "1234567", NULL});
}

static void words_and_signs_around_a_number_go(void **state)
{
    (void)state;
    EXPECT({"4917 kr", KF_NUMBER_WORDS, "4917", NULL}, {"ca 4917", KF_NUMBER_WORDS, "4917", NULL},
           {"ca. 4 917 kr", KF_NUMBER_WORDS, "4917", NULL},
           {"34 \xc3\xa5r", KF_NUMBER_WORDS, "34", NULL}, {"12.5 %", KF_NUMBER_WORDS, "12.5", NULL},
           {"kr 4917,50", KF_NUMBER_WORDS, "4917.50", NULL},
           {"kr 4,917", KF_NUMBER_AMBIGUOUS, "4917", "4.917"});
}

static void of_anything_else_nothing_is_said(void **state)
{
    (void)state;
    EXPECT({"", KF_NUMBER_UNKNOWN, NULL, NULL}, {"many", KF_NUMBER_UNKNOWN, NULL, NULL},
           {"1e999", KF_NUMBER_UNKNOWN, NULL, NULL}, {"0x10", KF_NUMBER_UNKNOWN, NULL, NULL},
           {"2-3", KF_NUMBER_UNKNOWN, NULL, NULL}, {"1.2.3", KF_NUMBER_UNKNOWN, NULL, NULL},
           {"1,2,3", KF_NUMBER_UNKNOWN, NULL, NULL}, {",", KF_NUMBER_UNKNOWN, NULL, NULL},
           {"11111111111111111111111111111111111111111 kr", KF_NUMBER_UNKNOWN, NULL, NULL});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spaces_of_every_kind_go),
        cmocka_unit_test(a_decimal_comma_becomes_a_point),
        cmocka_unit_test(a_comma_before_three_digits_has_two_readings),
        cmocka_unit_test(words_and_signs_around_a_number_go),
        cmocka_unit_test(of_anything_else_nothing_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
