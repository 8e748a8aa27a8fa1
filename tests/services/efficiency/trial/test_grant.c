/* Grants against the deduction: tables 3.1 and 3.2 of the report (METHOD G1). */
#include "tests/support/cmocka.h"

#include "tests/services/efficiency/trial/trial_fixture.h"
#include "tests/support/decimals.h"

#define GRID   1e-9
#define SECTOR "grants"
#define GRANT  "grant_million_kr"

/* Table 3.1, 2017: decisions, lump sum, income supplement, and all of them as printed. */
static const double decisions[SIO_MEMBERS] = {107.8, 205.2, 348.7, 409.3};
static const double lump_sums[SIO_MEMBERS] = {3.6, 12.0, 16.9, 20.7};
static const double supplements[SIO_MEMBERS] = {3.6, 6.9, 9.7, 12.0};
static const double printed[SIO_MEMBERS] = {115.0, 224.1, 375.3, 442.1};

static struct kf_panel *with_grants(void)
{
    struct kf_panel *panel = trial_panel(2017, SIO_MEMBERS);
    struct kf_trial *trial = &fixture_edition(panel)->trial;
    trial->grants_len = 3;
    trial->grants = kf_arena_calloc(panel->arena, trial->grants_len, sizeof *trial->grants);
    assert_non_null(trial->grants);
    trial->grants[0] = (struct kf_use){.id = "vedtak", .amount = fixture_term(panel, "a", 1e6)};
    trial->grants[1] = (struct kf_use){.id = "ramme", .amount = fixture_term(panel, "b", 1e6)};
    trial->grants[2] = (struct kf_use){.id = "inntekt", .amount = fixture_term(panel, "c", 1e6)};
    trial->grant = fixture_term(panel, "sum", 1e6);
    trial->deduction = fixture_term(panel, "trekk", 1e6);
    fixture_column(panel, "a", decisions);
    fixture_column(panel, "b", lump_sums);
    fixture_column(panel, "c", supplements);
    fixture_column(panel, "sum", printed);
    fixture_column(panel, "trekk", sio_deduction_2017);
    return panel;
}

static double value(const struct kf_panel *panel, const char *measure, size_t k)
{
    return trial_value(panel, SECTOR, measure, k);
}

static void the_parts_are_the_grant_of_table_3_1(void **state)
{
    (void)state;
    struct kf_panel *panel = with_grants();
    trial_compute(panel);
    for (size_t k = 0; k < SIO_MEMBERS; k++) {
        assert_close(value(panel, GRANT, k), printed[k], 4 * PRINTED);
        assert_close(value(panel, "published_grant_million_kr", k), printed[k], GRID);
        double parts = decimals_add(trial_part(panel, SECTOR, "inntekt", GRANT, k),
                                    trial_part(panel, SECTOR, "vedtak", GRANT, k));
        parts = decimals_add(parts, trial_part(panel, SECTOR, "ramme", GRANT, k));
        assert_true(parts == value(panel, GRANT, k));
    }
    kf_panel_destroy(&panel);
}

/* 115.0 − 101.8 in Hobøl, 442.0 − 374.9 in Stjørdal. */
static void the_gain_is_the_grant_less_the_deduction(void **state)
{
    (void)state;
    struct kf_panel *panel = with_grants();
    trial_compute(panel);
    assert_close(value(panel, "gain_million_kr", HOBOL), 13.2, GRID);
    assert_close(value(panel, "gain_million_kr", STJORDAL), 67.1, GRID);
    for (size_t k = 0; k < SIO_MEMBERS; k++) {
        assert_true(value(panel, "gain_million_kr", k) + value(panel, "deduction_million_kr", k) ==
                    value(panel, GRANT, k));
    }
    kf_panel_destroy(&panel);
}

static void the_published_grant_stands_in_where_a_part_is_missing(void **state)
{
    (void)state;
    struct kf_panel *panel = with_grants();
    fixture_column(panel, "b", (double[]){3.6, FIXTURE_MISSING, 16.9, FIXTURE_MISSING});
    fixture_column(panel, "sum", (double[]){115.0, 224.1, 375.3, FIXTURE_MISSING});
    trial_compute(panel);
    assert_close(value(panel, GRANT, LILLESAND), 224.1, GRID);
    assert_int_equal(trial_status(panel, SECTOR, GRANT, LILLESAND), KF_CELL_PUBLISHED);
    assert_int_equal(trial_status(panel, SECTOR, "gain_million_kr", LILLESAND), KF_CELL_PUBLISHED);
    assert_int_equal(trial_status(panel, SECTOR, GRANT, STJORDAL), KF_CELL_MISSING);
    assert_int_equal(trial_status(panel, SECTOR, "gain_million_kr", STJORDAL), KF_CELL_MISSING);
    assert_close(value(panel, "deduction_million_kr", STJORDAL), 374.9, GRID);
    kf_panel_destroy(&panel);
}

static void without_a_deduction_there_is_no_gain(void **state)
{
    (void)state;
    struct kf_panel *panel = with_grants();
    fixture_edition(panel)->trial.deduction = (struct kf_terms){0};
    trial_compute(panel);
    assert_true(trial_has(panel, SECTOR, GRANT));
    assert_false(trial_has(panel, SECTOR, "deduction_million_kr"));
    assert_false(trial_has(panel, SECTOR, "gain_million_kr"));
    kf_panel_destroy(&panel);
}

static void a_published_grant_alone_is_the_grant(void **state)
{
    (void)state;
    struct kf_panel *panel = with_grants();
    fixture_edition(panel)->trial.grants_len = 0;
    trial_compute(panel);
    assert_close(value(panel, "gain_million_kr", OS), 70.3, GRID);
    assert_int_equal(trial_status(panel, SECTOR, "gain_million_kr", OS), KF_CELL_PUBLISHED);
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_parts_are_the_grant_of_table_3_1),
        cmocka_unit_test(the_gain_is_the_grant_less_the_deduction),
        cmocka_unit_test(the_published_grant_stands_in_where_a_part_is_missing),
        cmocka_unit_test(without_a_deduction_there_is_no_gain),
        cmocka_unit_test(a_published_grant_alone_is_the_grant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
