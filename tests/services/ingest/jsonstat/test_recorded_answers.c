/* Answers of Statistics Norway's API as they were recorded (data/api): the right cells. The
 * expected figures are read off the documents, by position; every cell is held against jansson
 * besides. */
#include "tests/support/cmocka.h"

#include <stdlib.h>
#include <string.h>

#include "common/model/cell.h"
#include "tests/services/ingest/jsonstat/jsonstat_reference.h"

static struct kf_jsonstat_reader *reader;

static int open_reader(void **state)
{
    (void)state;
    return kf_jsonstat_reader_new(NULL, &reader, NULL) == KF_OK ? 0 : -1;
}

static int close_reader(void **state)
{
    (void)state;
    kf_jsonstat_reader_destroy(&reader);
    return 0;
}

/* Read at once and in pieces of 1, 7 and 4096 bytes, each time as jansson has it. */
static const struct kf_jsonstat *read_recorded(const char *name)
{
    static const size_t steps[] = {1, 7, 4096, 0};
    const struct kf_jsonstat *table = NULL;
    size_t length = 0;
    char *bytes = jsonstat_recorded(name, &length);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        struct kf_error err = {0};
        if (jsonstat_read_in_pieces(bytes, length, steps[i], reader, &table, &err) != KF_OK) {
            fail_msg("%s: %s", name, err.text);
        }
        const char *difference = jsonstat_reference_differs(table, bytes, length);
        if (difference) {
            fail_msg("%s in pieces of %zu: %s", name, steps[i], difference);
        }
    }
    free(bytes);
    return table;
}

static void shares_of_oslos_services_are_read(void **state)
{
    (void)state;
    static const double expected[] = {7.5, 2.3, 3.7, 3.8, 4.6, 11.4, 16.0, 24.8};
    const struct kf_jsonstat *table =
        read_recorded("ssb_v0_12362_oslo_2024_jsonstat2_uten_noter.json");
    assert_string_equal(table->table, "12362"); /* from the label */
    assert_string_equal(table->updated, "2026-06-15T06:00:00Z");
    assert_string_equal(table->source, "Statistisk sentralbyrå");
    assert_int_equal(table->dimensions_len, 5);
    assert_int_equal(table->cells, 8);
    for (size_t i = 0; i < 8; i++) {
        assert_true(table->values[i] == expected[i]);
        assert_int_equal(table->status[i], KF_CELL_VALUE);
    }
    size_t place = 0;
    const struct kf_jsonstat_dimension *functions =
        kf_jsonstat_dimension(table, "KOKfunksjon0000", &place);
    assert_int_equal(place, 1);
    assert_int_equal(kf_jsonstat_category(functions, "FGK7"), 5); /* 11.4: kindergartens */
    assert_string_equal(functions->categories[5].label, "Barnehage");
    const struct kf_jsonstat_dimension *contents =
        kf_jsonstat_dimension(table, "ContentsCode", NULL);
    assert_int_equal(contents->role, KF_JSONSTAT_METRIC);
    assert_string_equal(contents->categories[0].unit, "prosent");
    assert_int_equal(contents->categories[0].decimals, 1);
    assert_int_equal(kf_jsonstat_dimension(table, "Tid", NULL)->role, KF_JSONSTAT_TIME);
    assert_int_equal(kf_jsonstat_dimension(table, "KOKkommuneregion0000", NULL)->role,
                     KF_JSONSTAT_GEO);
    assert_int_equal(functions->role, KF_JSONSTAT_PLAIN);
    assert_null(kf_jsonstat_dimension(table, "Kjonn", NULL));
    assert_true(kf_jsonstat_category(functions, "FGK8a") == SIZE_MAX);
}

static void wages_with_notes_units_and_elimination_are_read(void **state)
{
    (void)state;
    const struct kf_jsonstat *table = read_recorded("ssb_v0_13861_data_jsonstat2.json");
    assert_string_equal(table->table, "13861");
    assert_int_equal(table->notes_len, 1);
    assert_memory_equal(table->notes[0], "Vi kan ikke oppgi tall", 22);
    assert_int_equal(table->cells, 4 * 2 * 7);
    assert_true(kf_jsonstat_dimension(table, "NACE2007", NULL)->elimination);
    assert_false(kf_jsonstat_dimension(table, "Tid", NULL)->elimination);
    assert_true(table->values[0] == 0.205);            /* all, Gini, 2016 */
    assert_true(table->values[7 + 6] == 2.3);          /* all, P90/P10, 2022 */
    assert_true(table->values[14 + 6] == 0.232);       /* A, Gini, 2022 */
    assert_true(table->values[2 * 14 + 7 + 6] == 2.8); /* B, P90/P10, 2022 */
    assert_true(table->values[3 * 14 + 7 + 1] == 2.2); /* C, P90/P10, 2017 */
    assert_string_equal(table->dimensions[1].categories[0].unit, "ginikoeffisient");
    assert_int_equal(table->dimensions[1].categories[0].decimals, 3);
}

static void free_income_from_the_new_interface_is_read(void **state)
{
    (void)state;
    const struct kf_jsonstat *table = read_recorded("ssb_v2_12134_data_3kommuner_2024.json");
    assert_string_equal(table->table, "12134"); /* from extension.px.tableid */
    assert_int_equal(table->notes_len, 5);
    assert_int_equal(table->cells, 3);
    assert_string_equal(table->dimensions[0].categories[1].code, "4601");
    assert_string_equal(table->dimensions[0].categories[2].label, "Trondheim - Tråante");
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(table->status[i], KF_CELL_VALUE);
    }
    assert_true(table->values[0] == 81240.0);
    assert_true(table->values[1] == 66605.0);
    assert_true(table->values[2] == 62853.0);
}

/* 428 municipalities and two more, 11 contents, one quarter; two cells say `.`. */
static void population_of_the_old_interface_is_read(void **state)
{
    (void)state;
    static const char *const names[] = {"ssb_dataset1108_2015K1_jsonstat1.json",
                                        "ssb_dataset1108_2016K1_jsonstat1.json"};
    /* Oslo at the beginning and the end of the quarter */
    static const double oslo[2][2] = {{647676, 650733}, {658390, 660987}};
    for (size_t n = 0; n < 2; n++) {
        const struct kf_jsonstat *table = read_recorded(names[n]);
        size_t place = 0;
        const struct kf_jsonstat_dimension *regions =
            kf_jsonstat_dimension(table, "Region", &place);
        assert_int_equal(place, 0);
        assert_int_equal(table->cells, 430 * 11);
        assert_int_equal(kf_jsonstat_category(regions, "0301"), 40);
        assert_true(table->values[40 * 11] == oslo[n][0]);
        assert_true(table->values[40 * 11 + 10] == oslo[n][1]);
        for (size_t i = 0; i < table->cells; i++) {
            bool dot = i == 4245 || i == 4300;
            assert_int_equal(table->status[i], dot ? KF_CELL_NOT_APPLICABLE : KF_CELL_VALUE);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(shares_of_oslos_services_are_read, open_reader,
                                        close_reader),
        cmocka_unit_test_setup_teardown(wages_with_notes_units_and_elimination_are_read,
                                        open_reader, close_reader),
        cmocka_unit_test_setup_teardown(free_income_from_the_new_interface_is_read, open_reader,
                                        close_reader),
        cmocka_unit_test_setup_teardown(population_of_the_old_interface_is_read, open_reader,
                                        close_reader),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
