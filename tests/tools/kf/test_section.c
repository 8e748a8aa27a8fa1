#include "tools/kf/section.h"

#include <string.h>

#include "tests/support/cmocka.h"

/* Two cost groups; the second has no name. */
static struct kf_cost_group groups[] = {
    {.id = "bpa", .name = {"Assistanse", "Assistance"}},
    {.id = "omsorgslonn"},
};
static struct kf_rated_service services[] = {
    {.id = "BPADK", .name = {"Dag", "Day"}},
    {.id = "DOGN", .name = {"Døgn", "Night"}},
};
static const struct kf_edition edition = {
    .id = "liten",
    .scale = 100,
    .unit_costs = {.services = services, .services_len = 2, .groups = groups, .groups_len = 2},
};
static const struct kf_section_view english = {.edition = &edition, .on = "", .off = ""};
static const struct kf_section_view norwegian = {
    .edition = &edition, .norwegian = true, .on = "", .off = ""};

static struct kf_section *section;
static struct kf_text text;

static int begin(void **state)
{
    (void)state;
    section = kf_section_new();
    kf_text_init(&text, 64 * 1024);
    return section ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    kf_text_clear(&text);
    kf_section_destroy(&section);
    return 0;
}

static struct kf_row row_of(const char *sector, const char *indicator)
{
    return (struct kf_row){.topic = KF_TOPIC_UNIT_COST,
                           .municipality = "0138",
                           .sector = sector,
                           .indicator = indicator};
}

static void put(struct kf_row *row, const char *measure, const char *unit, double value,
                uint8_t status)
{
    row->cells[row->cells_len++] = (struct kf_row_cell){measure, unit, value, status};
}

static void add(const struct kf_row *row)
{
    assert_int_equal(kf_section_add(section, row, NULL), KF_OK);
}

static const char *printed(const struct kf_section_view *view)
{
    kf_text_reset(&text);
    assert_int_equal(kf_section_print(section, view, &text, NULL), KF_OK);
    return text.bytes;
}

static void kroner_are_grouped_by_thousands_and_millions_have_two_decimals(void **state)
{
    (void)state;
    struct kf_row row = row_of("bpa", "");
    put(&row, "rate_kr", "kr", -1234567.6, KF_CELL_VALUE);
    put(&row, "gain_million_kr", "million kr", -0.447, KF_CELL_VALUE);
    put(&row, "gain_percent", "percent", -10.04, KF_CELL_VALUE);
    put(&row, "ratio", "ratio", 1.1, KF_CELL_VALUE);
    add(&row);
    assert_string_equal(printed(&english),
                        "\nUnit costs: 0138\n"
                        "  Part           rate kr        gain     gain  ratio\n"
                        "                          million kr  percent\n"
                        "  Assistance  -1\u202f234\u202f568       -0.45    -10.0  1.100\n");
}

static void halves_are_rounded_away_from_zero_whatever_binary_makes_of_them(void **state)
{
    (void)state;
    struct kf_row row = row_of("bpa", "");
    put(&row, "net_expenditure_million_kr", "million kr", 2.235, KF_CELL_VALUE);
    put(&row, "gain_million_kr", "million kr", -1.005, KF_CELL_VALUE);
    add(&row);
    assert_non_null(strstr(printed(&english), " 2.24 "));
    assert_non_null(strstr(text.bytes, " -1.01\n"));
}

static void millions_from_a_hundred_on_have_one_decimal(void **state)
{
    (void)state;
    struct kf_row row = row_of("bpa", "");
    put(&row, "gain_million_kr", "million kr", 123.45, KF_CELL_VALUE);
    add(&row);
    assert_non_null(strstr(printed(&english), " 123.5\n"));
}

static void a_row_without_any_value_is_left_out(void **state)
{
    (void)state;
    struct kf_row with = row_of("bpa", "");
    struct kf_row without = row_of("omsorgslonn", "");
    put(&with, "ratio", "ratio", 1, KF_CELL_VALUE);
    put(&without, "ratio", "ratio", 0, KF_CELL_MISSING);
    add(&with);
    add(&without);
    assert_null(strstr(printed(&english), "omsorgslonn"));
    assert_non_null(strstr(text.bytes, "Assistance"));
    add(&without);
    assert_string_equal(printed(&english), "");
}

static void a_missing_value_beside_others_has_its_sign_and_both_are_explained(void **state)
{
    (void)state;
    struct kf_row row = row_of("bpa", "");
    struct kf_row half = row_of("omsorgslonn", "");
    put(&row, "gain_percent", "percent", 2, KF_CELL_PRELIMINARY);
    put(&row, "ratio", "ratio", 1, KF_CELL_VALUE);
    put(&half, "gain_percent", "percent", 0, KF_CELL_MISSING);
    put(&half, "ratio", "ratio", 2, KF_CELL_VALUE);
    add(&row);
    add(&half);
    assert_string_equal(printed(&english), "\nUnit costs: 0138\n"
                                           "  Part            gain   ratio\n"
                                           "               percent\n"
                                           "  Assistance       2.0*  1.000\n"
                                           "  omsorgslonn       ..   2.000\n");
    kf_text_reset(&text);
    kf_section_explain(section, &norwegian, &text);
    assert_string_equal(text.bytes, "\n  * bygger på tall som er foreløpige eller usikre\n"
                                    "  .. mangler\n");
    kf_text_reset(&text);
    kf_section_explain(section, &norwegian, &text);
    assert_string_equal(text.bytes, "");
}

static void where_units_differ_each_cell_tells_its_own(void **state)
{
    (void)state;
    struct kf_row day = row_of("bpa", "BPADK");
    struct kf_row night = row_of("bpa", "DOGN");
    put(&day, "unit_cost_kr", "kr/hours", 394.94, KF_CELL_VALUE);
    put(&night, "unit_cost_kr", "kr/days", 2400, KF_CELL_PRELIMINARY);
    add(&day);
    add(&night);
    assert_string_equal(printed(&norwegian), "\nEnhetskostnader: 0138\n"
                                             "  Del         Hva   enhetskostnad\n"
                                             "                         i kroner\n"
                                             "  Assistanse  Dag           394.9 kr/time\n"
                                             "              Døgn        2\u202f400.0* kr/døgn\n");
}

static void rows_that_measure_other_things_stand_in_tables_of_their_own(void **state)
{
    (void)state;
    struct kf_row group = row_of("bpa", "");
    struct kf_row places = row_of("institution", "");
    struct kf_row whole = row_of("services", "");
    put(&group, "ratio", "ratio", 1, KF_CELL_VALUE);
    put(&places, "institution_places", "count", 20, KF_CELL_VALUE);
    put(&whole, "ratio", "ratio", 2, KF_CELL_VALUE);
    add(&group);
    add(&whole);
    add(&places);
    assert_string_equal(printed(&english), "\nUnit costs: 0138\n"
                                           "  Part          ratio\n"
                                           "  Assistance    1.000\n"
                                           "  All services  2.000\n"
                                           "\n"
                                           "  Part          institution\n"
                                           "                     places\n"
                                           "  Institutions           20\n");
}

static void percentage_points_are_told_as_precisely_as_percentages(void **state)
{
    (void)state;
    struct kf_row row = row_of("growth", "");
    put(&row, "gross_growth_percent", "percent", 5, KF_CELL_VALUE);
    put(&row, "real_growth_percent", "percentage points", 1.375, KF_CELL_VALUE);
    add(&row);
    assert_non_null(strstr(printed(&english), "points)\n"));
    assert_non_null(strstr(text.bytes, " 5.0 "));
    assert_non_null(strstr(text.bytes, " 1.4\n"));
}

static void small_numbers_are_not_rounded_to_nothing(void **state)
{
    (void)state;
    struct kf_row row = row_of("bpa", "");
    put(&row, "ratio", "ratio", 0.00004, KF_CELL_VALUE);
    add(&row);
    assert_non_null(strstr(printed(&english), " 0.00004\n"));
}

static void nothing_is_less_than_nothing_after_rounding(void **state)
{
    (void)state;
    struct kf_row row = row_of("bpa", "");
    struct kf_row small = row_of("omsorgslonn", "");
    put(&row, "gain_percent", "percent", 5, KF_CELL_VALUE);
    put(&small, "gain_percent", "percent", -0.04, KF_CELL_VALUE);
    add(&row);
    add(&small);
    assert_non_null(strstr(printed(&english), "omsorgslonn      0.0\n"));
}

static void another_municipality_or_topic_ends_a_section(void **state)
{
    (void)state;
    struct kf_row row = row_of("bpa", "");
    assert_false(kf_section_ends(section, &row));
    put(&row, "ratio", "ratio", 1, KF_CELL_VALUE);
    add(&row);
    assert_false(kf_section_ends(section, &row));
    row.municipality = "0301";
    assert_true(kf_section_ends(section, &row));
    row = row_of("bpa", "");
    row.topic = KF_TOPIC_NEED;
    assert_true(kf_section_ends(section, &row));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(kroner_are_grouped_by_thousands_and_millions_have_two_decimals),
        TEST(halves_are_rounded_away_from_zero_whatever_binary_makes_of_them),
        TEST(millions_from_a_hundred_on_have_one_decimal),
        TEST(a_row_without_any_value_is_left_out),
        TEST(a_missing_value_beside_others_has_its_sign_and_both_are_explained),
        TEST(where_units_differ_each_cell_tells_its_own),
        TEST(rows_that_measure_other_things_stand_in_tables_of_their_own),
        TEST(percentage_points_are_told_as_precisely_as_percentages),
        TEST(small_numbers_are_not_rounded_to_nothing),
        TEST(nothing_is_less_than_nothing_after_rounding),
        TEST(another_municipality_or_topic_ends_a_section),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
