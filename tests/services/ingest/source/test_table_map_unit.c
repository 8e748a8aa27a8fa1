#include "services/ingest/source/table_map_reader.h"

#include "tests/support/cmocka.h"

static void a_unit_of_the_tables_is_one_of_the_registers_with_its_factor(void **state)
{
    (void)state;
    assert_null(kf_table_unit_fault("personer", 1, "persons"));
    assert_null(kf_table_unit_fault("1000 kr", 1, "1000 kr"));
    assert_null(kf_table_unit_fault("1000 kr", 1000, "kr"));
    assert_null(kf_table_unit_fault("kr", 0.001, "1000 kr"));
    assert_null(kf_table_unit_fault("kr", 1, "kr/persons"));
    assert_null(kf_table_unit_fault("prosent", 0.01, "share"));
    assert_null(kf_table_unit_fault("årsverk", 1, "person_years"));
}

static void anything_else_is_a_fault(void **state)
{
    (void)state;
    assert_string_equal(kf_table_unit_fault("hoder", 1, "persons"), "is no unit that is known");
    assert_string_equal(kf_table_unit_fault("prosent", 1, "persons"),
                        "is not what the register has");
    assert_string_equal(kf_table_unit_fault("prosent", 1, "share"),
                        "needs another factor to be what the register has");
    assert_non_null(kf_table_unit_fault("1000 kr", 1, "kr"));
    assert_non_null(kf_table_unit_fault("kr", 1, "persons/kr"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_unit_of_the_tables_is_one_of_the_registers_with_its_factor),
        cmocka_unit_test(anything_else_is_a_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
