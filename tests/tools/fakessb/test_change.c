#include "tests/support/cmocka.h"

#include <string.h>

#include "tests/tools/fakessb/fixture.h"
#include "tools/fakessb/scenario.h"

static struct kf_day day;
static struct kf_fake_world *world;
static struct kf_findings findings;

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

/* Carries out {table: "00001", change: …}. */
static enum kf_err change(const char *rest)
{
    struct kf_text text;
    struct kf_error err = {0};
    kf_findings_init(&findings);
    kf_text_init(&text, 4096);
    kf_text_add_format(&text, "{table: \"00001\", change: %s}", rest);
    enum kf_err code = kf_fake_command(world, text.bytes, text.length, &findings, &err);
    kf_text_clear(&text);
    kf_findings_clear(&findings);
    return code;
}

static struct kf_fake_cell *cell(size_t place)
{
    return &fixture_table(world)->cells[place];
}

static void a_mask_hides_a_figure_until_it_is_published(void **state)
{
    (void)state;
    double value = 0;
    assert_int_equal(change("mask, symbol: \"..\", where: {Tid: \"2025\"}"), KF_OK);
    assert_string_equal(kf_fake_cell_shows(cell(2), &value), "..");
    assert_null(kf_fake_cell_shows(cell(1), &value));
    int64_t before_ms = fixture_table(world)->updated_ms;
    assert_int_equal(change("publish"), KF_OK);
    assert_null(kf_fake_cell_shows(cell(2), &value));
    assert_close(value, 2, 0);
    assert_true(fixture_table(world)->updated_ms > before_ms);
}

static void only_the_cells_of_the_selection_change(void **state)
{
    (void)state;
    assert_int_equal(change("set, value: 50, where: {Region: \"4601\", Alder: [\"000\"], "
                            "Tid: [\"2023\", \"2024\"]}"),
                     KF_OK);
    for (size_t i = 0; i < 12; i++) {
        assert_close(cell(i)->value, i == 6 || i == 7 ? 50 : (double)i, 0);
    }
    assert_int_equal(change("scale, value: 1000, where: {Region: \"0301\"}"), KF_OK);
    assert_close(cell(5)->value, 5000, 0);
    assert_close(cell(11)->value, 11, 0);
}

static void an_added_code_leaves_every_figure_where_it_was(void **state)
{
    (void)state;
    assert_int_equal(change("add, dimension: Alder, code: \"002\""), KF_OK);
    struct kf_fake_table *table = fixture_table(world);
    assert_int_equal(table->cells_len, 18);
    for (size_t i = 0; i < 18; i++) {
        size_t age = i / 3 % 3;
        double expected = age == 2 ? 0 : (double)(i / 9 * 6 + age * 3 + i % 3);
        assert_close(cell(i)->value, expected, 0);
        assert_string_equal(cell(i)->status, age == 2 ? ".." : "");
    }
    assert_int_equal(change("add, dimension: Alder, code: \"002\""), KF_ERR_DATA);
}

static void what_the_table_has_not_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "set, value: 1, where: {Tid: \"1999\"}",
        "set, value: 1, where: {X: \"1\"}",
        "rename, dimension: Tid, code: \"1999\", to: \"1\"",
        "remove, dimension: X, code: \"1\"",
        "unit, dimension: C, code: M, to: kr",
        "add, dimension: X, code: \"1\"",
    };
    uint64_t before = fixture_table(world)->version;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(change(wrong[i]), KF_ERR_DATA);
    }
    assert_int_equal(fixture_table(world)->version, before);
}

static void a_change_that_lacks_something_is_a_fault(void **state)
{
    (void)state;
    static const char *const wrong[] = {"mask",
                                        "set, value: 1",
                                        "scale",
                                        "rename, dimension: Tid",
                                        "explode",
                                        "touch, colour: red",
                                        "touch, updated: soon",
                                        "set, value: x, where: {Tid: \"2023\"}"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(change(wrong[i]), KF_ERR_CONFIG);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_mask_hides_a_figure_until_it_is_published, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(only_the_cells_of_the_selection_change, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_added_code_leaves_every_figure_where_it_was, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_the_table_has_not_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_change_that_lacks_something_is_a_fault, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
