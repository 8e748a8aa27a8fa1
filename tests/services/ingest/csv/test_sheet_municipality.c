/* Municipalities as spreadsheets have them, against the bundled register. */
#include "observation_fixture.h"

#include <string.h>

#include "services/ingest/csv/sheet_municipality.h"

static uint16_t number;
static const char *name;

static enum kf_sheet_municipality take(const char *text)
{
    number = 0;
    name = NULL;
    return kf_sheet_municipality_of(world.municipalities, text, strlen(text), &number, &name);
}

static void a_code_with_its_name_is_the_code(void **state)
{
    (void)state;
    assert_int_equal(take("0301 Oslo"), KF_SHEET_MUNICIPALITY_SOUND);
    assert_int_equal(number, 301);
    assert_int_equal(take("0219 B\xc3\xa6rum"), KF_SHEET_MUNICIPALITY_SOUND);
    assert_int_equal(number, 219);
    assert_int_equal(take("0219 B\xc3\xa6rum (-2019)"), KF_SHEET_MUNICIPALITY_SOUND);
    assert_int_equal(number, 219);
}

static void a_code_with_anothers_name_is_told_with_its_own(void **state)
{
    (void)state;
    assert_int_equal(take("0301 Bergen"), KF_SHEET_MUNICIPALITY_OTHER);
    assert_string_equal(name, "Oslo");
    assert_int_equal(number, 0);
}

static void three_digits_are_a_code_without_its_zero_if_there_ever_was_one(void **state)
{
    (void)state;
    assert_int_equal(take("301"), KF_SHEET_MUNICIPALITY_SOUND);
    assert_int_equal(number, 301);
    assert_int_equal(take("999"), KF_SHEET_MUNICIPALITY_UNKNOWN);
    assert_int_equal(take("30"), KF_SHEET_MUNICIPALITY_UNKNOWN);
}

static void anything_else_is_unknown(void **state)
{
    (void)state;
    static const char *const others[] = {"",         "Oslo",         "0301",       "0301 ",
                                         "0301Oslo", "9999 Nowhere", "EAK Landet", "3a1",
                                         "0301 (",   "0301 (2020)",  "(2020)"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        enum kf_sheet_municipality kind = take(others[i]);
        assert_true(kind == KF_SHEET_MUNICIPALITY_UNKNOWN ||
                    (memcmp(others[i], "0301 (", 6) == 0 && kind == KF_SHEET_MUNICIPALITY_OTHER));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_code_with_its_name_is_the_code),
        cmocka_unit_test(a_code_with_anothers_name_is_told_with_its_own),
        cmocka_unit_test(three_digits_are_a_code_without_its_zero_if_there_ever_was_one),
        cmocka_unit_test(anything_else_is_unknown),
    };
    return cmocka_run_group_tests(tests, open_registers, close_registers);
}
