#include "tests/support/cmocka.h"

#include "tests/support/panel_fixture.h"
#include "tools/kf/projection_errors.h"

#define EPSILON 1e-9

static void append(struct kf_panel *panel, const char *group, const char *measure,
                   const double *values)
{
    struct kf_result_key key = {.topic = KF_TOPIC_DEMOGRAPHY,
                                .sector = KF_SECTOR_TOTAL,
                                .indicator = group,
                                .measure = measure};
    struct kf_result *result = NULL;
    struct kf_error err = {0};
    assert_int_equal(kf_panel_append(panel, &key, &result, &err), KF_OK);
    for (size_t k = 0; k < panel->members_len; k++) {
        bool missing = isnan(values[k]);
        result->values[k] = missing ? 0 : values[k];
        result->status[k] = missing ? KF_CELL_MISSING : KF_CELL_PROJECTED;
    }
}

/* Projected 110, 90, 300 and 7; there came 100, 100, 240 and nobody knows: 10, −10 and 25 percent.
 * The projection was 2 years old; its people cost 1 million too much, 3 too little, 2 too much. */
static struct kf_panel *four_members(void)
{
    struct kf_panel *panel = fixture_panel_new(1, 4);
    fixture_edition(panel)->demography.observed_through = 2008;
    append(panel, "", "population", (double[]){110, 90, 300, 7});
    append(panel, "", "projection_error_percent", (double[]){10, -10, 25, FIXTURE_MISSING});
    append(panel, "", "cost_error_million_kr", (double[]){1, -3, 2, FIXTURE_MISSING});
    return panel;
}

static struct kf_projection_errors collate(const struct kf_panel *panel, const char *code)
{
    struct kf_projection_errors errors = {.arena = kf_arena_new((size_t)1024 * 1024)};
    struct kf_error err = {0};
    assert_non_null(errors.arena);
    assert_int_equal(kf_projection_errors_add(&errors, panel, code, &err), KF_OK);
    return errors;
}

static void holds(const struct kf_projection_errors *errors, enum kf_projection_measure measure,
                  enum kf_projection_statistic statistic, double value, const char *municipality)
{
    const struct kf_projection_cell *cell =
        kf_projection_cell_find(&errors->years[0], measure, "", statistic);
    assert_non_null(cell);
    assert_close(cell->value, value, EPSILON);
    assert_string_equal(cell->municipality, municipality);
}

/* (10 + 10 + 25)/3 = 15; 500 of 440: 13.6; and (1 + 3 + 2)/3 = 2 million, 0 in all. */
static void all_municipalities_have_a_mean_a_sum_and_a_worst(void **state)
{
    (void)state;
    struct kf_panel *panel = four_members();
    struct kf_projection_errors errors = collate(panel, NULL);
    assert_int_equal(errors.years_len, 1);
    assert_int_equal(kf_projection_years_ahead(&errors.years[0]), 2);
    holds(&errors, KF_PROJECTION_POPULATION, KF_PROJECTION_MEAN_ABSOLUTE, 15, "");
    holds(&errors, KF_PROJECTION_POPULATION, KF_PROJECTION_OF_SUM, 100 * (500.0 / 440 - 1), "");
    holds(&errors, KF_PROJECTION_POPULATION, KF_PROJECTION_WORST, 25, "0003");
    holds(&errors, KF_PROJECTION_COST, KF_PROJECTION_MEAN_ABSOLUTE, 2, "");
    holds(&errors, KF_PROJECTION_COST, KF_PROJECTION_OF_SUM, 0, "");
    holds(&errors, KF_PROJECTION_COST, KF_PROJECTION_WORST, -3, "0002");
    /* 10,000, −30,000 and 8333.33 kr an inhabitant that came */
    holds(&errors, KF_PROJECTION_COST_PER_HEAD, KF_PROJECTION_WORST, -30000, "0002");
    holds(&errors, KF_PROJECTION_COST_PER_HEAD, KF_PROJECTION_MEAN_ABSOLUTE,
          (10000 + 30000 + 2e6 / 240) / 3, "");
    kf_arena_destroy(&errors.arena);
    kf_panel_destroy(&panel);
}

static void one_municipality_has_its_values(void **state)
{
    (void)state;
    struct kf_panel *panel = four_members();
    struct kf_projection_errors errors = collate(panel, "0002");
    holds(&errors, KF_PROJECTION_POPULATION, KF_PROJECTION_VALUE, -10, "0002");
    holds(&errors, KF_PROJECTION_COST, KF_PROJECTION_VALUE, -3, "0002");
    holds(&errors, KF_PROJECTION_COST_PER_HEAD, KF_PROJECTION_VALUE, -30000, "0002");
    assert_int_equal(errors.years[0].cells_len, 3);
    kf_arena_destroy(&errors.arena);
    kf_panel_destroy(&panel);
}

/* Nobody projected, and some came: −100 percent, of nobody knows how many. */
static void nobody_projected_leaves_the_sum_open(void **state)
{
    (void)state;
    struct kf_panel *panel = fixture_panel_new(1, 2);
    fixture_edition(panel)->demography.observed_through = 2008;
    append(panel, "", "population", (double[]){110, 0});
    append(panel, "", "projection_error_percent", (double[]){10, -100});
    append(panel, "", "cost_error_million_kr", (double[]){1, -3});
    struct kf_projection_errors errors = collate(panel, NULL);
    holds(&errors, KF_PROJECTION_POPULATION, KF_PROJECTION_MEAN_ABSOLUTE, 55, "");
    holds(&errors, KF_PROJECTION_POPULATION, KF_PROJECTION_WORST, -100, "0002");
    assert_null(kf_projection_cell_find(&errors.years[0], KF_PROJECTION_POPULATION, "",
                                        KF_PROJECTION_OF_SUM));
    holds(&errors, KF_PROJECTION_COST, KF_PROJECTION_OF_SUM, -2, "");
    holds(&errors, KF_PROJECTION_COST_PER_HEAD, KF_PROJECTION_OF_SUM, 10000, "");
    kf_arena_destroy(&errors.arena);
    kf_panel_destroy(&panel);
}

static void what_has_no_error_adds_no_year(void **state)
{
    (void)state;
    static const char *const codes[] = {"0004", "9999"};
    struct kf_panel *panel = four_members();
    for (size_t i = 0; i < 2; i++) {
        struct kf_projection_errors errors = collate(panel, codes[i]);
        assert_int_equal(errors.years_len, 0);
        kf_arena_destroy(&errors.arena);
    }
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_municipalities_have_a_mean_a_sum_and_a_worst),
        cmocka_unit_test(one_municipality_has_its_values),
        cmocka_unit_test(nobody_projected_leaves_the_sum_open),
        cmocka_unit_test(what_has_no_error_adds_no_year),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
