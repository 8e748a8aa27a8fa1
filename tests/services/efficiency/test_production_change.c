#include "tests/support/cmocka.h"

#include "common/base/numbers.h"
#include "services/efficiency/production_change.h"
#include "tests/services/efficiency/given.h"

#define EPSILON 1e-14

/* One sector: hours .6, quality .4. Four members:
 *     first   hours 110/100, quality 9/10:   .6·1.1 + .4·.9 = 1.02
 *     second  hours 100/80, quality missing now: .6·1.25 + .4 = 1.15, incomplete
 *     third   hours 100/0, quality 0/5:      .6 + .4·0 = .6, incomplete
 *     fourth  nothing in common:             no ratio */
static struct kf_panel *one_sector(void)
{
    struct kf_panel *panel = fixture_panel_new(1, 4);
    fixture_sector(panel, "skole", 1);
    fixture_indicator(panel, "skole", "timer", 0.6);
    fixture_indicator(panel, "skole", "kvalitet", 0.4);
    fixture_population(panel, (double[]){10, 20, 30, 40});
    fixture_population(fixture_previous(panel), (double[]){10, 20, 30, 40});
    fixture_seal(panel);
    given_weight(panel, "skole", "timer", 0.6);
    given_weight(panel, "skole", "kvalitet", 0.4);
    return panel;
}

static void give_figures(struct kf_panel *panel)
{
    given_raw(panel, "skole", "timer", (double[]){110, 100, 100, 50},
              (double[]){100, 80, 0, FIXTURE_MISSING});
    given_raw(panel, "skole", "kvalitet", (double[]){9, FIXTURE_MISSING, 0, FIXTURE_MISSING},
              (double[]){10, 7, 5, 4});
}

static struct kf_values change(struct kf_panel *panel, enum kf_production_form form)
{
    struct kf_values ratios = {0};
    struct kf_error err = {0};
    assert_int_equal(kf_production_change(panel, &panel->edition->sectors[0], form, &ratios, &err),
                     KF_OK);
    assert_non_null(ratios.values);
    return ratios;
}

static void a_sector_grows_by_the_weighted_ratios_of_its_indicators(void **state)
{
    (void)state;
    struct kf_panel *panel = one_sector();
    give_figures(panel);
    struct kf_values ratios = change(panel, KF_PRODUCTION_FOR_NEED);
    assert_close(kf_wide_value(ratios.values[0]), 1.02, EPSILON);
    assert_int_equal(ratios.status[0], KF_CELL_VALUE);
    kf_panel_destroy(&panel);
}

static void missing_in_either_year_or_zero_before_counts_as_unchanged_and_is_flagged(void **state)
{
    (void)state;
    struct kf_panel *panel = one_sector();
    give_figures(panel);
    struct kf_values ratios = change(panel, KF_PRODUCTION_FOR_NEED);
    assert_close(kf_wide_value(ratios.values[1]), 1.15, EPSILON);
    assert_int_equal(ratios.status[1], KF_CELL_INCOMPLETE);
    assert_close(kf_wide_value(ratios.values[2]), 0.6, EPSILON);
    assert_int_equal(ratios.status[2], KF_CELL_INCOMPLETE);
    assert_int_equal(ratios.status[3], KF_CELL_MISSING);
    kf_panel_destroy(&panel);
}

static void weights_are_those_of_the_statistics_not_those_of_the_edition(void **state)
{
    (void)state;
    struct kf_panel *panel = one_sector();
    give_figures(panel);
    fixture_edition(panel)->sectors[0].indicators[0].weight = 0;
    assert_close(kf_wide_value(change(panel, KF_PRODUCTION_FOR_NEED).values[0]), 1.02, EPSILON);
    kf_panel_destroy(&panel);
}

static void a_corrected_indicator_changes_by_its_corrected_value(void **state)
{
    (void)state;
    struct kf_panel *panel = one_sector();
    give_figures(panel);
    fixture_edition(panel)->sectors[0].indicators[1].correction = "skole";
    given_result(panel, KF_TOPIC_INDICATOR, "skole", "kvalitet", "corrected",
                 (double[]){12, 8, 5, 4});
    given_result(panel->previous, KF_TOPIC_INDICATOR, "skole", "kvalitet", "corrected",
                 (double[]){10, 8, 5, 4});
    /* .6·1.1 + .4·1.2 */
    assert_close(kf_wide_value(change(panel, KF_PRODUCTION_FOR_NEED).values[0]), 1.14, EPSILON);
    kf_panel_destroy(&panel);
}

static void an_imputed_value_is_no_observation(void **state)
{
    (void)state;
    struct kf_panel *panel = one_sector();
    give_figures(panel);
    const struct kf_result *raw =
        kf_panel_result(panel, KF_TOPIC_INDICATOR, "skole", "kvalitet", "raw");
    raw->status[0] = KF_CELL_IMPUTED;
    struct kf_values ratios = change(panel, KF_PRODUCTION_FOR_NEED);
    assert_close(kf_wide_value(ratios.values[0]), 1.06, EPSILON);
    assert_int_equal(ratios.status[0], KF_CELL_INCOMPLETE);
    kf_panel_destroy(&panel);
}

/* Hours per need-corrected population P: 11 after 10. P/N: 20/10 after 16/16. Per inhabitant the
 * hours are 22 after 10. The quality is not per need-corrected population and stays as it is. */
static void per_inhabitant_the_need_corrected_population_is_taken_out_again(void **state)
{
    (void)state;
    struct kf_panel *panel = one_sector();
    struct kf_indicator *hours = &fixture_edition(panel)->sectors[0].indicators[0];
    hours->per = KF_PER_NEED_POPULATION;
    hours->per_sector = "skole";
    fixture_population(panel->previous, (double[]){16, 20, 30, 40});
    given_raw(panel, "skole", "timer", (double[]){11, 1, 1, 1}, (double[]){10, 1, 1, 1});
    given_raw(panel, "skole", "kvalitet", (double[]){9, 1, 1, 1}, (double[]){10, 1, 1, 1});
    given_result(panel, KF_TOPIC_NEED, "skole", "", "need_population",
                 (double[]){20, 30, FIXTURE_MISSING, 40});
    given_result(panel->previous, KF_TOPIC_NEED, "skole", "", "need_population",
                 (double[]){16, 20, 30, 40});
    struct kf_values needed = change(panel, KF_PRODUCTION_FOR_NEED);
    struct kf_values inhabitants = change(panel, KF_PRODUCTION_PER_CAPITA);
    assert_close(kf_wide_value(needed.values[0]), 0.6 * 1.1 + 0.4 * 0.9, EPSILON);
    assert_close(kf_wide_value(inhabitants.values[0]), 0.6 * 2.2 + 0.4 * 0.9, EPSILON);
    /* Need alone grew by half. */
    assert_close(kf_wide_value(needed.values[1]), 1, EPSILON);
    assert_close(kf_wide_value(inhabitants.values[1]), 0.6 * 1.5 + 0.4, EPSILON);
    assert_int_equal(inhabitants.status[2], KF_CELL_INCOMPLETE);
    kf_panel_destroy(&panel);
}

/* Users per child: 2/10 both years, while children went from 10 to 11 and people stood still. Per
 * inhabitant users grew by a tenth. Rooms per place, a quality, stay per place. */
static void per_inhabitant_a_target_group_is_taken_out_again_and_a_quality_is_not(void **state)
{
    (void)state;
    struct kf_panel *panel = one_sector();
    struct kf_indicator *indicators = fixture_edition(panel)->sectors[0].indicators;
    for (size_t i = 0; i < 2; i++) {
        indicators[i].per = KF_PER_TERMS;
        indicators[i].denominator = fixture_term(panel, "barn", 1);
    }
    indicators[1].aspect = KF_ASPECT_QUALITY;
    fixture_column(panel, "barn", (double[]){11, 11, 11, FIXTURE_MISSING});
    fixture_column(panel->previous, "barn", (double[]){10, 10, 10, 10});
    fixture_seal(panel);
    given_raw(panel, "skole", "timer", (double[]){0.2, 1, 1, 1}, (double[]){0.2, 1, 1, 1});
    given_raw(panel, "skole", "kvalitet", (double[]){9, 1, 1, 1}, (double[]){10, 1, 1, 1});
    struct kf_values needed = change(panel, KF_PRODUCTION_FOR_NEED);
    struct kf_values inhabitants = change(panel, KF_PRODUCTION_PER_CAPITA);
    assert_close(kf_wide_value(needed.values[0]), 0.6 + 0.4 * 0.9, EPSILON);
    assert_close(kf_wide_value(inhabitants.values[0]), 0.6 * 1.1 + 0.4 * 0.9, EPSILON);
    assert_int_equal(inhabitants.status[3], KF_CELL_INCOMPLETE);
    kf_panel_destroy(&panel);
}

/* Nothing says what the sectors weigh when the total is a published one. */
static void a_published_total_without_weights_has_no_growth(void **state)
{
    (void)state;
    struct kf_panel *panel = one_sector();
    fixture_edition(panel)->given_total = "publisert";
    give_figures(panel);
    struct kf_values sector = change(panel, KF_PRODUCTION_FOR_NEED);
    struct kf_values total = {0};
    struct kf_error err = {0};
    assert_int_equal(kf_production_change_total(panel, &sector, &total, &err), KF_OK);
    assert_null(total.values);
    kf_panel_destroy(&panel);
}

static void a_member_without_a_population_the_year_before_has_no_ratio_per_inhabitant(void **state)
{
    (void)state;
    struct kf_panel *panel = one_sector();
    struct kf_indicator *hours = &fixture_edition(panel)->sectors[0].indicators[0];
    hours->per = KF_PER_NEED_POPULATION;
    hours->per_sector = "skole";
    fixture_population(panel->previous, (double[]){FIXTURE_MISSING, 20, 30, 40});
    give_figures(panel);
    given_result(panel, KF_TOPIC_NEED, "skole", "", "need_population", (double[]){20, 30, 1, 1});
    given_result(panel->previous, KF_TOPIC_NEED, "skole", "", "need_population",
                 (double[]){20, 30, 1, 1});
    struct kf_values inhabitants = change(panel, KF_PRODUCTION_PER_CAPITA);
    assert_int_equal(inhabitants.status[0], KF_CELL_INCOMPLETE);
    assert_close(kf_wide_value(inhabitants.values[0]), 0.6 + 0.4 * 0.9, EPSILON);
    kf_panel_destroy(&panel);
}

static void a_panel_without_weights_was_not_aggregated(void **state)
{
    (void)state;
    struct kf_panel *panel = one_sector();
    fixture_indicator(panel, "skole", "tredje", 0.1);
    struct kf_values ratios = {0};
    struct kf_error err = {0};
    assert_int_equal(kf_production_change(panel, &panel->edition->sectors[0],
                                          KF_PRODUCTION_FOR_NEED, &ratios, &err),
                     KF_ERR_INTERNAL);
    kf_panel_destroy(&panel);
}

static struct kf_values cells_of(const struct kf_panel *panel, const double *ratios)
{
    struct kf_values cells = {0};
    assert_int_equal(kf_values_new_missing(panel, panel->arena, &cells, NULL), KF_OK);
    for (size_t k = 0; k < panel->members_len; k++) {
        cells.status[k] = (uint8_t)(isnan(ratios[k]) ? KF_CELL_MISSING : KF_CELL_VALUE);
        cells.values[k] = kf_wide_from_figure(isnan(ratios[k]) ? 0 : ratios[k]);
    }
    return cells;
}

static struct kf_panel *two_sectors(void)
{
    struct kf_panel *panel = fixture_panel_new(1, 3);
    fixture_sector(panel, "barnehage", 0.25);
    fixture_indicator(panel, "barnehage", "timer", 1);
    fixture_sector(panel, "skole", 0.75);
    fixture_indicator(panel, "skole", "laerere", 1);
    fixture_sector(panel, "administrasjon", 0)->administration = true;
    fixture_population(panel, (double[]){10, 20, 30});
    fixture_seal(panel);
    given_weight(panel, "barnehage", "", 0.25);
    given_weight(panel, "skole", "", 0.75);
    return panel;
}

static void the_whole_grows_by_the_weighted_ratios_of_its_sectors(void **state)
{
    (void)state;
    struct kf_panel *panel = two_sectors();
    struct kf_values ratios[3] = {
        cells_of(panel, (double[]){1.04, FIXTURE_MISSING, FIXTURE_MISSING}),
        cells_of(panel, (double[]){0.98, 1.04, FIXTURE_MISSING}),
    };
    struct kf_values total = {0};
    struct kf_error err = {0};
    assert_int_equal(kf_production_change_total(panel, ratios, &total, &err), KF_OK);
    assert_non_null(total.values);
    assert_close(kf_wide_value(total.values[0]), 0.995, EPSILON);
    assert_int_equal(total.status[0], KF_CELL_VALUE);
    assert_close(kf_wide_value(total.values[1]), 1.03, EPSILON);
    assert_int_equal(total.status[1], KF_CELL_INCOMPLETE);
    assert_int_equal(total.status[2], KF_CELL_MISSING);
    kf_panel_destroy(&panel);
}

static void a_sector_known_by_a_published_index_only_leaves_no_growth_of_the_whole(void **state)
{
    (void)state;
    struct kf_panel *panel = two_sectors();
    struct kf_values ratios[3] = {cells_of(panel, (double[]){1.04, 1, 1})};
    struct kf_values total = {0};
    struct kf_error err = {0};
    assert_int_equal(kf_production_change_total(panel, ratios, &total, &err), KF_OK);
    assert_null(total.values);
    assert_null(total.values);
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sector_grows_by_the_weighted_ratios_of_its_indicators),
        cmocka_unit_test(missing_in_either_year_or_zero_before_counts_as_unchanged_and_is_flagged),
        cmocka_unit_test(weights_are_those_of_the_statistics_not_those_of_the_edition),
        cmocka_unit_test(a_corrected_indicator_changes_by_its_corrected_value),
        cmocka_unit_test(an_imputed_value_is_no_observation),
        cmocka_unit_test(per_inhabitant_the_need_corrected_population_is_taken_out_again),
        cmocka_unit_test(per_inhabitant_a_target_group_is_taken_out_again_and_a_quality_is_not),
        cmocka_unit_test(a_published_total_without_weights_has_no_growth),
        cmocka_unit_test(a_member_without_a_population_the_year_before_has_no_ratio_per_inhabitant),
        cmocka_unit_test(a_panel_without_weights_was_not_aggregated),
        cmocka_unit_test(the_whole_grows_by_the_weighted_ratios_of_its_sectors),
        cmocka_unit_test(a_sector_known_by_a_published_index_only_leaves_no_growth_of_the_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
