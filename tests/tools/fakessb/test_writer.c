#include "tests/support/cmocka.h"

#include <jansson.h>
#include <stdio.h>

#include "tests/tools/fakessb/fixture.h"
#include "tools/fakessb/writer.h"

static struct kf_day day;
static struct kf_fake_world *world;
static const struct kf_fake_twist straight;

static int set_up(void **state)
{
    (void)state;
    kf_day_init(&day);
    world = fixture_world(&day);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    kf_fake_world_destroy(&world);
    return 0;
}

/* What the table tells about this question, read with an ordinary library. */
static json_t *ask(const char *url, const struct kf_fake_twist *twist)
{
    static struct kf_fake_query query;
    struct kf_fake_selection selection;
    struct kf_text text;
    assert_true(kf_fake_query_parse(url, &query));
    assert_int_equal(kf_fake_selection_of_query(fixture_table(world), &query, &selection),
                     KF_FAKE_ACCEPTED);
    kf_text_init(&text, 65536);
    kf_fake_write_data(fixture_table(world), &selection, twist, &text);
    json_t *json = json_loadb(text.bytes, text.length, JSON_REJECT_DUPLICATES, NULL);
    kf_text_clear(&text);
    kf_fake_selection_clear(&selection);
    assert_non_null(json);
    return json;
}

static void assert_values(const json_t *json, const double *expected, size_t count)
{
    const json_t *values = json_object_get(json, "value");
    assert_int_equal(json_array_size(values), count);
    for (size_t i = 0; i < count; i++) {
        assert_close(json_number_value(json_array_get(values, i)), expected[i], 0);
    }
}

#define ALL "/d?valueCodes[Region]=*&valueCodes[C]=*"

static void cells_come_in_row_major_order(void **state)
{
    (void)state;
    static const double expected[] = {1, 2, 4, 5, 7, 8, 10, 11};
    json_t *json = ask(ALL "&valueCodes[Alder]=*&valueCodes[Tid]=from(2024)", &straight);
    assert_values(json, expected, 8);
    json_decref(json);
}

static void what_is_left_out_is_added_up_and_not_told(void **state)
{
    (void)state;
    static const double expected[] = {3, 5, 7, 15, 17, 19};
    json_t *json = ask(ALL "&valueCodes[Tid]=*", &straight);
    assert_values(json, expected, 6);
    assert_int_equal(json_array_size(json_object_get(json, "id")), 3);
    assert_int_equal(json_array_size(json_object_get(json, "size")), 3);
    assert_null(json_object_get(json_object_get(json, "dimension"), "Alder"));
    json_decref(json);
}

static void symbols_stand_by_position_and_reach_the_sum(void **state)
{
    (void)state;
    struct kf_fake_cell *cells = fixture_table(world)->cells;
    (void)snprintf(cells[2].status, KF_FAKE_SYMBOL_SIZE, "%s", ":");
    (void)snprintf(cells[7].mask, KF_FAKE_SYMBOL_SIZE, "%s", "..");
    (void)snprintf(cells[8].mask, KF_FAKE_SYMBOL_SIZE, "%s", "0");
    json_t *json = ask(ALL "&valueCodes[Tid]=*", &straight);
    const json_t *status = json_object_get(json, "status");
    assert_int_equal(json_object_size(status), 2);
    assert_string_equal(json_string_value(json_object_get(status, "2")), ":");
    assert_string_equal(json_string_value(json_object_get(status, "4")), "..");
    const json_t *values = json_object_get(json, "value");
    assert_true(json_is_null(json_array_get(values, 2)));
    assert_close(json_number_value(json_array_get(values, 5)), 11, 0);
    json_decref(json);
    cells[2].status[0] = '\0';
    cells[7].mask[0] = '\0';
    cells[8].mask[0] = '\0';
}

static void a_twist_is_as_it_says(void **state)
{
    (void)state;
    const struct kf_fake_twist none = {.no_values = true, .updated_ago = 1000};
    json_t *json = ask(ALL "&valueCodes[Tid]=2023", &none);
    assert_int_equal(json_array_size(json_object_get(json, "value")), 0);
    assert_string_equal(json_string_value(json_object_get(json, "updated")),
                        "2026-03-16T06:59:59Z");
    json_decref(json);
    const struct kf_fake_twist null = {.null_values = true};
    json = ask(ALL "&valueCodes[Tid]=2023", &null);
    assert_true(json_is_null(json_array_get(json_object_get(json, "value"), 1)));
    json_decref(json);
}

static void a_description_has_every_code_that_shows_and_no_figure(void **state)
{
    (void)state;
    struct kf_fake_table *table = fixture_table(world);
    struct kf_text text;
    kf_text_init(&text, 65536);
    table->dimensions[3].codes[2].hidden = true;
    kf_fake_write_metadata(table, &straight, &text);
    table->dimensions[3].codes[2].hidden = false;
    json_t *json = json_loadb(text.bytes, text.length, JSON_REJECT_DUPLICATES, NULL);
    const json_t *sizes = json_object_get(json, "size");
    assert_null(json_object_get(json, "value"));
    assert_int_equal(json_integer_value(json_array_get(sizes, 1)), 2);
    assert_int_equal(json_integer_value(json_array_get(sizes, 3)), 2);
    json_decref(json);
    kf_text_clear(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_come_in_row_major_order),
        cmocka_unit_test(what_is_left_out_is_added_up_and_not_told),
        cmocka_unit_test(symbols_stand_by_position_and_reach_the_sum),
        cmocka_unit_test(a_twist_is_as_it_says),
        cmocka_unit_test(a_description_has_every_code_that_shows_and_no_figure),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
