/* What moved from one panel to another. */
#include "tests/support/cmocka.h"

#include <string.h>

#include "common/base/memory.h"
#include "tests/support/panel_fixture.h"
#include "tools/kf/moves.h"
#include "tools/kf/moves_text.h"
#include "tools/kf/pipeline.h"

#define MEMBERS 4

static struct kf_error err;
static struct kf_moves moves;

static struct kf_panel *panel_of(const double *hours)
{
    struct kf_panel *panel = fixture_panel_new(100, MEMBERS);
    fixture_population(panel, (double[]){100, 200, 300, 400});
    fixture_sector(panel, "skole", 1);
    fixture_indicator(panel, "skole", "timer", 1);
    fixture_column(panel, "timer", hours);
    fixture_seal(panel);
    return panel;
}

static const struct kf_move *move_of(const char *municipality)
{
    for (size_t i = 0; i < moves.count; i++) {
        if (strcmp(moves.list[i].key.municipality, municipality) == 0) {
            return &moves.list[i];
        }
    }
    return NULL;
}

static void each_kind_of_move_is_told_apart(void **state)
{
    (void)state;
    struct kf_panel *a = panel_of((double[]){10, 20, FIXTURE_MISSING, 40});
    struct kf_panel *b = panel_of((double[]){10, FIXTURE_MISSING, 30, 50});
    assert_int_equal(kf_moves_of_figures(a, b, &moves, &err), KF_OK);
    assert_int_equal(moves.cells, 8); /* population and hours of four */
    assert_int_equal(moves.count, 3);
    assert_null(move_of("0001"));
    assert_int_equal(move_of("0002")->kind, KF_MOVE_VANISHED);
    assert_int_equal(move_of("0003")->kind, KF_MOVE_NEW);
    assert_int_equal(move_of("0004")->kind, KF_MOVE_CHANGED);
    double percent = 0;
    assert_true(kf_move_percent(move_of("0004"), &percent));
    assert_true(percent == 25);
    assert_false(kf_move_percent(move_of("0003"), &percent));
    assert_true(move_of("0004")->size == 0.2);
    assert_string_equal(move_of("0004")->key.indicator, "timer");
    assert_int_equal(move_of("0004")->key.year, 2010);
    kf_moves_clear(&moves);
    kf_panel_destroy(&a);
    kf_panel_destroy(&b);
}

static void the_same_panel_moves_nothing(void **state)
{
    (void)state;
    const double hours[] = {10, 20, FIXTURE_MISSING, 40};
    struct kf_panel *a = panel_of(hours);
    struct kf_panel *b = panel_of(hours);
    assert_int_equal(kf_moves_of_figures(a, b, &moves, &err), KF_OK);
    assert_int_equal(moves.count, 0);
    assert_int_equal(moves.groups_len, 2);
    kf_moves_clear(&moves);
    kf_panel_destroy(&a);
    kf_panel_destroy(&b);
}

static void another_flag_on_the_same_figure_is_a_mark(void **state)
{
    (void)state;
    const double hours[] = {10, 20, 30, 40};
    struct kf_panel *a = panel_of(hours);
    struct kf_panel *b = panel_of(hours);
    kf_panel_column(a, "timer")->status[1] = KF_CELL_PRELIMINARY;
    assert_int_equal(kf_moves_of_figures(a, b, &moves, &err), KF_OK);
    assert_int_equal(moves.count, 1);
    assert_int_equal(moves.list[0].kind, KF_MOVE_MARKED);
    assert_int_equal(moves.kinds[KF_MOVE_MARKED], 1);
    kf_moves_clear(&moves);
    kf_panel_destroy(&a);
    kf_panel_destroy(&b);
}

/* A tenth, ten times as much, a tenth more: the first two are as large, then distance counts. */
static void the_largest_comes_first_whichever_way_it_went(void **state)
{
    (void)state;
    struct kf_panel *a = panel_of((double[]){10, 20, 30, 0});
    struct kf_panel *b = panel_of((double[]){1, 200, 33, 5});
    const struct kf_move *chosen[8];
    const struct kf_move_choice changed = {.kind = KF_MOVE_CHANGED};
    assert_int_equal(kf_moves_of_figures(a, b, &moves, &err), KF_OK);
    assert_int_equal(kf_moves_choose(&moves, &changed, chosen), 4);
    assert_string_equal(chosen[0]->key.municipality, "0004"); /* from nothing */
    assert_string_equal(chosen[1]->key.municipality, "0002");
    assert_string_equal(chosen[2]->key.municipality, "0001");
    assert_string_equal(chosen[3]->key.municipality, "0003");
    kf_moves_clear(&moves);
    kf_panel_destroy(&a);
    kf_panel_destroy(&b);
}

static void years_that_both_have_are_compared_too(void **state)
{
    (void)state;
    struct kf_panel *panels[2];
    for (size_t i = 0; i < 2; i++) {
        const double hours[] = {10, 20, 30, 40};
        const double earlier[] = {9, 19, 29, i ? 40 : 39};
        panels[i] = fixture_panel_new(100, MEMBERS);
        fixture_population(panels[i], (double[]){100, 200, 300, 400});
        fixture_sector(panels[i], "skole", 1);
        fixture_indicator(panels[i], "skole", "timer", 1);
        fixture_column(panels[i], "timer", hours);
        struct kf_panel *previous = fixture_previous(panels[i]);
        fixture_population(previous, (double[]){100, 200, 300, 400});
        fixture_column(previous, "timer", earlier);
        fixture_seal(panels[i]);
    }
    assert_int_equal(kf_moves_of_figures(panels[0], panels[1], &moves, &err), KF_OK);
    assert_int_equal(moves.cells, 16);
    assert_int_equal(moves.count, 1);
    assert_int_equal(moves.list[0].key.year, 2009);
    kf_moves_clear(&moves);
    kf_panel_destroy(&panels[0]);
    kf_panel_destroy(&panels[1]);
}

/* Normalised by the mean weighted by inhabitants: 30 for both is 100; 30, 30, 30, 60 has the mean
 * 42. The first three fall to 30 ÷ 42, and the fourth is first alone instead of first with all. */
static void rows_that_follow_from_one_figure_all_move(void **state)
{
    (void)state;
    struct kf_panel *a = panel_of((double[]){30, 30, 30, 30});
    struct kf_panel *b = panel_of((double[]){30, 30, 30, 60});
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_pipeline_compute(a, findings, &err), KF_OK);
    assert_int_equal(kf_pipeline_compute(b, findings, &err), KF_OK);
    assert_int_equal(kf_moves_of_rows(a, b, &moves, &err), KF_OK);
    size_t normalized = 0;
    for (size_t i = 0; i < moves.count; i++) {
        const struct kf_move *move = &moves.list[i];
        if (strcmp(move->key.measure, "normalized") == 0) {
            double after = strcmp(move->key.municipality, "0004") == 0 ? 6000.0 / 42 : 3000.0 / 42;
            assert_true(move->before == 100);
            assert_true(move->after - after < 1e-9 && after - move->after < 1e-9);
            normalized++;
        }
        if (strcmp(move->key.unit, "rank") == 0) {
            assert_true(move->before == 1 && move->after == 2);
        }
    }
    assert_int_equal(normalized, MEMBERS);
    kf_moves_clear(&moves);
    kf_panel_destroy(&a);
    kf_panel_destroy(&b);
}

static void the_lines_have_every_move_and_are_empty_where_nothing_is(void **state)
{
    (void)state;
    struct kf_panel *a = panel_of((double[]){10, 20, FIXTURE_MISSING, 40});
    struct kf_panel *b = panel_of((double[]){10, FIXTURE_MISSING, 30, 50});
    struct kf_text text;
    kf_text_init(&text, 10000);
    struct kf_moves_view view = {.edition = b->edition, .year = 2010, .limit = SIZE_MAX};
    assert_int_equal(kf_moves_of_figures(a, b, &moves, &err), KF_OK);
    kf_moves_print_lines(&moves, &view, &text);
    assert_non_null(strstr(text.bytes, ",,,,timer,2010,0002,20,,,,missing\n"));
    assert_non_null(strstr(text.bytes, ",,,,timer,2010,0003,,30,,missing,\n"));
    assert_non_null(strstr(text.bytes, ",,,,timer,2010,0004,40,50,25,,\n"));
    kf_text_reset(&text);
    view.json = true;
    view.limit = 1;
    kf_moves_print_lines(&moves, &view, &text);
    assert_non_null(strstr(text.bytes, "\"before\":20,\"after\":null,\"percent\":null,"));
    assert_null(strstr(text.bytes, "0003"));
    kf_text_clear(&text);
    kf_moves_clear(&moves);
    kf_panel_destroy(&a);
    kf_panel_destroy(&b);
}

static void every_failing_allocation_is_told(void **state)
{
    (void)state;
    struct kf_panel *a = panel_of((double[]){10, 20, 30, 40});
    struct kf_panel *b = panel_of((double[]){10, 20, 30, 50});
    enum kf_err code = KF_ERR_MEMORY;
    int64_t n = 0;
    for (; code != KF_OK; n++) {
        kf_memory_fail_after(n);
        code = kf_moves_of_figures(a, b, &moves, &err);
        kf_memory_fail_after(-1);
        assert_true(code == KF_OK || code == KF_ERR_MEMORY);
    }
    assert_true(n > 3);
    kf_moves_clear(&moves);
    kf_panel_destroy(&a);
    kf_panel_destroy(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_of_move_is_told_apart),
        cmocka_unit_test(the_same_panel_moves_nothing),
        cmocka_unit_test(another_flag_on_the_same_figure_is_a_mark),
        cmocka_unit_test(the_largest_comes_first_whichever_way_it_went),
        cmocka_unit_test(years_that_both_have_are_compared_too),
        cmocka_unit_test(rows_that_follow_from_one_figure_all_move),
        cmocka_unit_test(the_lines_have_every_move_and_are_empty_where_nothing_is),
        cmocka_unit_test(every_failing_allocation_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
