#include "tests/support/cmocka.h"

#include <string.h>

#include "services/need/need.h"
#include "tests/support/panel_fixture.h"

/* Grønt hefte 2025: sector weights, and the sector indices and official total of Oslo, Eigersund,
 * Lørenskog; Aurskog-Høland has a total alone. */
static const char *const sectors[] = {"grunnskole", "barnehage", "pleie_omsorg",  "kommunehelse",
                                      "barnevern",  "sosial",    "administrasjon"};
#define SECTORS 7
static const double weights[SECTORS] = {0.2334, 0.1574, 0.3567, 0.0630, 0.0406, 0.0700, 0.0789};
static const double indices[SECTORS][4] = {
    {0.8315, 1.0973, 0.9561, FIXTURE_MISSING}, {1.0770, 1.0489, 1.1813, FIXTURE_MISSING},
    {0.8413, 1.0294, 0.8149, FIXTURE_MISSING}, {0.8369, 1.0244, 0.8991, FIXTURE_MISSING},
    {1.1661, 0.9709, 1.0153, FIXTURE_MISSING}, {1.3876, 0.8309, 1.1669, FIXTURE_MISSING},
    {0.8594, 1.0131, 0.8962, FIXTURE_MISSING}};
static const double official[4] = {0.9287, 1.0304, 0.9500, 1.0101};

static struct kf_panel *year_2025(void)
{
    struct kf_panel *panel = fixture_panel_new(1, 4);
    fixture_population(panel, (double[]){724290, 15270, 49270, 18100});
    for (size_t s = 0; s < SECTORS; s++) {
        struct kf_sector *sector = fixture_sector(panel, sectors[s], 0);
        sector->need_weight = weights[s];
        sector->published_need = kf_arena_printf(panel->arena, "dki_%s", sectors[s]);
        fixture_column(panel, sector->published_need, indices[s]);
    }
    fixture_edition(panel)->published_need = "indeks_samlet";
    fixture_column(panel, "indeks_samlet", official);
    return panel;
}

static enum kf_err run(struct kf_panel *panel, struct kf_findings *findings)
{
    fixture_seal(panel);
    struct kf_error err = {0};
    return kf_need_compute(panel, findings, &err);
}

static void compute(struct kf_panel *panel)
{
    assert_int_equal(run(panel, fixture_findings()), KF_OK);
}

static double need(const struct kf_panel *panel, const char *sector, size_t k)
{
    return fixture_value(panel, KF_TOPIC_NEED, sector, "", "need_index", k);
}

static uint8_t status(const struct kf_panel *panel, const char *sector, size_t k)
{
    return fixture_status(panel, KF_TOPIC_NEED, sector, "", "need_index", k);
}

static uint8_t beside(const struct kf_panel *panel, const char *sector, size_t k)
{
    return fixture_status(panel, KF_TOPIC_NEED, sector, "", "published_need_index", k);
}

static void published_sectors_add_up_to_the_official_total(void **state)
{
    (void)state;
    struct kf_panel *panel = year_2025();
    compute(panel);
    for (size_t k = 0; k < 3; k++) {
        assert_close(need(panel, KF_SECTOR_TOTAL, k), official[k], 3e-4);
        assert_close(fixture_value(panel, KF_TOPIC_NEED, "total", "", "published_need_index", k),
                     official[k], 0);
        assert_int_equal(status(panel, KF_SECTOR_TOTAL, k), KF_CELL_PUBLISHED);
        assert_int_equal(beside(panel, KF_SECTOR_TOTAL, k), KF_CELL_VALUE);
    }
    assert_close(need(panel, "sosial", 0), 1.3876, 0);
    assert_int_equal(status(panel, "sosial", 0), KF_CELL_PUBLISHED);
    assert_true(fixture_value(panel, KF_TOPIC_STATISTICS, "total", "", "mean_absolute_difference",
                              0) < 3e-4);
    kf_panel_destroy(&panel);
}

static void a_member_without_sector_indices_is_missing_and_not_guessed(void **state)
{
    (void)state;
    struct kf_panel *panel = year_2025();
    compute(panel);
    for (size_t s = 0; s < SECTORS; s++) {
        assert_int_equal(status(panel, sectors[s], 3), KF_CELL_MISSING);
    }
    assert_int_equal(status(panel, KF_SECTOR_TOTAL, 3), KF_CELL_MISSING);
    assert_close(fixture_value(panel, KF_TOPIC_NEED, "total", "", "published_need_index", 3),
                 1.0101, 0);
    kf_panel_destroy(&panel);
}

static void published_indices_have_no_drivers_and_no_need_corrected_population(void **state)
{
    (void)state;
    struct kf_panel *panel = year_2025();
    compute(panel);
    for (size_t i = 0; i < panel->results_len; i++) {
        assert_string_not_equal(panel->results[i].measure, "driver");
        assert_string_not_equal(panel->results[i].measure, "need_population");
    }
    kf_panel_destroy(&panel);
}

static void without_sector_indices_the_total_is_the_published_one(void **state)
{
    (void)state;
    struct kf_panel *panel = year_2025();
    for (size_t s = 0; s < SECTORS; s++) {
        fixture_edition(panel)->sectors[s].published_need = "";
    }
    compute(panel);
    assert_null(kf_panel_result(panel, KF_TOPIC_NEED, "sosial", "", "need_index"));
    assert_close(need(panel, KF_SECTOR_TOTAL, 3), 1.0101, 0);
    assert_int_equal(status(panel, KF_SECTOR_TOTAL, 3), KF_CELL_PUBLISHED);
    assert_null(kf_panel_result(panel, KF_TOPIC_STATISTICS, "total", "", "r_squared"));
    kf_panel_destroy(&panel);
}

/* --- beside criteria -------------------------------------------------------------------------- */

/* Children 100 and 100 of 1000 and 3000: c = 2 and 2/3; published are 1.9 and .7. */
static struct kf_panel *with_criteria(double weight)
{
    struct kf_panel *panel = fixture_panel_new(1, 2);
    fixture_population(panel, (double[]){1000, 3000});
    struct kf_sector *sector = fixture_sector(panel, "barnehage", 0);
    sector->need_weight = 1;
    sector->published_need = "dki_barnehage";
    fixture_criterion(panel, "barnehage", "barn", weight);
    fixture_column(panel, "barn", (double[]){100, 100});
    fixture_column(panel, "dki_barnehage", (double[]){1.9, 0.7});
    return panel;
}

static void criteria_come_before_the_published_index_which_stands_beside(void **state)
{
    (void)state;
    struct kf_panel *panel = with_criteria(1);
    compute(panel);
    assert_close(need(panel, "barnehage", 0), 2, 1e-12);
    assert_int_equal(status(panel, "barnehage", 0), KF_CELL_VALUE);
    assert_int_equal(status(panel, KF_SECTOR_TOTAL, 0), KF_CELL_VALUE);
    assert_close(fixture_value(panel, KF_TOPIC_NEED, "barnehage", "", "published_need_index", 0),
                 1.9, 0);
    assert_int_equal(beside(panel, "barnehage", 0), KF_CELL_VALUE);
    assert_non_null(kf_panel_result(panel, KF_TOPIC_STATISTICS, "barnehage", "", "r_squared"));
    kf_panel_destroy(&panel);
}

static void a_key_given_in_part_gives_way_to_the_published_index(void **state)
{
    (void)state;
    struct kf_panel *panel = with_criteria(0.9);
    fixture_criterion(panel, "barnehage", "arbeid", 0.1);
    compute(panel);
    assert_close(need(panel, "barnehage", 0), 1.9, 0);
    assert_int_equal(status(panel, "barnehage", 0), KF_CELL_PUBLISHED);
    assert_null(kf_panel_result(panel, KF_TOPIC_STATISTICS, "barnehage", "", "r_squared"));
    kf_panel_destroy(&panel);
}

static void a_key_given_in_part_without_a_published_index_is_refused(void **state)
{
    (void)state;
    struct kf_panel *panel = with_criteria(0.9);
    fixture_criterion(panel, "barnehage", "arbeid", 0.1);
    fixture_column(panel, "dki_barnehage", (double[]){FIXTURE_MISSING, FIXTURE_MISSING});
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(run(panel, findings), KF_ERR_DATA);
    assert_int_equal(findings->length, 1);
    assert_string_equal(findings->list[0].variable, "arbeid");
    assert_int_equal(panel->results_len, 1); /* the driver of the criterion that is there */
    kf_panel_destroy(&panel);
}

/* Ages come with any population. */
static struct kf_panel *with_ages_alone(void)
{
    struct kf_panel *panel = with_criteria(0.9);
    fixture_edition(panel)->sectors[0].published_need = "";
    struct kf_criterion *criterion = &fixture_edition(panel)->sectors[0].criteria[0];
    criterion->ages = fixture_term(panel, "barn", 1);
    criterion->variable = "";
    fixture_criterion(panel, "barnehage", "arbeid", 0.1);
    return panel;
}

static void ages_alone_are_no_key_where_there_is_more_to_tell(void **state)
{
    (void)state;
    struct kf_panel *panel = with_ages_alone();
    fixture_edition(panel)->demography.base_year = 2010;
    compute(panel);
    assert_null(kf_panel_result(panel, KF_TOPIC_NEED, "barnehage", "", "need_index"));
    assert_null(kf_panel_result(panel, KF_TOPIC_NEED, "barnehage", "arbeid", "driver"));
    assert_non_null(kf_panel_result(panel, KF_TOPIC_DEMOGRAPHY, "total", "", "population"));
    kf_panel_destroy(&panel);
}

static void ages_alone_are_a_key_given_in_part_where_need_is_all_there_is(void **state)
{
    (void)state;
    for (int resources = 0; resources < 2; resources++) {
        struct kf_panel *panel = with_ages_alone();
        if (resources) {
            fixture_edition(panel)->demography.base_year = 2010;
            fixture_edition(panel)->sectors[0].resources.net = fixture_term(panel, "netto", 1);
        }
        struct kf_findings *findings = fixture_findings();
        assert_int_equal(run(panel, findings), KF_ERR_DATA);
        assert_string_equal(findings->list[0].variable, "arbeid");
        kf_panel_destroy(&panel);
    }
}

static void an_earlier_year_of_ages_alone_has_no_need_and_is_no_fault(void **state)
{
    (void)state;
    struct kf_panel *panel = with_ages_alone();
    fixture_column(panel, "arbeid", (double[]){10, 30});
    struct kf_panel *last = fixture_previous(panel);
    fixture_population(last, (double[]){1000, 3000});
    fixture_column(last, "barn", (double[]){100, 100});
    compute(panel);
    assert_close(need(panel, "barnehage", 0), 1.9, 1e-12); /* .9·2 + .1 */
    assert_int_equal(last->results_len, 0);
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_sectors_add_up_to_the_official_total),
        cmocka_unit_test(a_member_without_sector_indices_is_missing_and_not_guessed),
        cmocka_unit_test(published_indices_have_no_drivers_and_no_need_corrected_population),
        cmocka_unit_test(without_sector_indices_the_total_is_the_published_one),
        cmocka_unit_test(criteria_come_before_the_published_index_which_stands_beside),
        cmocka_unit_test(a_key_given_in_part_gives_way_to_the_published_index),
        cmocka_unit_test(a_key_given_in_part_without_a_published_index_is_refused),
        cmocka_unit_test(ages_alone_are_no_key_where_there_is_more_to_tell),
        cmocka_unit_test(ages_alone_are_a_key_given_in_part_where_need_is_all_there_is),
        cmocka_unit_test(an_earlier_year_of_ages_alone_has_no_need_and_is_no_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
