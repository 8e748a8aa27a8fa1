/* The stage as a whole: what it refuses, and what happens when there is no memory. */
#include "tests/support/cmocka.h"

#include "common/base/memory.h"
#include "services/aggregate/aggregate.h"
#include "tests/services/aggregate/normalized_fixture.h"

#define MEMBERS 300

/* Rules of all kinds: derived weights, a product, a published sector; normalised and sealed. */
static struct kf_panel *varied(void)
{
    static double values[MEMBERS];
    struct kf_panel *panel = fixture_panel_new(100, MEMBERS);
    fixture_edition(panel)->composition = KF_COMPOSE_PRODUCT;
    for (size_t k = 0; k < MEMBERS; k++) {
        values[k] = (double)(80 + k % 41);
    }
    fixture_population(panel, values);
    struct kf_sector *sector = fixture_sector(panel, "omsorg", 0.5);
    fixture_indicator(panel, "omsorg", "dogn", 0);
    fixture_indicator(panel, "omsorg", "enerom", 0)->aspect = KF_ASPECT_QUALITY;
    fixture_sector(panel, "kultur", 0.5)->given = "indeks_kultur";
    fixture_column(panel, "indeks_kultur", values);
    fixture_normalized(panel, "omsorg", "dogn", values);
    fixture_normalized(panel, "omsorg", "enerom", values);
    struct kf_weight_part *parts = kf_arena_calloc(panel->arena, 3, sizeof *parts);
    parts[0] = (struct kf_weight_part){.parent = -1, .rule = KF_WEIGHT_EQUAL, .item = ""};
    parts[1] = (struct kf_weight_part){.parent = 0, .rule = KF_WEIGHT_ITEM, .item = "dogn"};
    parts[2] = (struct kf_weight_part){.parent = 0, .rule = KF_WEIGHT_ITEM, .item = "enerom"};
    sector->weighting =
        (struct kf_weighting){.parts = parts, .parts_len = 3, .closure = KF_CLOSURE_NONE};
    fixture_seal(panel);
    return panel;
}

static void without_memory_at_any_point_it_says_so(void **state)
{
    (void)state;
    enum kf_err code = KF_ERR_MEMORY;
    int64_t n = 0;
    for (; code == KF_ERR_MEMORY; n++) {
        struct kf_panel *panel = varied();
        kf_memory_fail_after(n);
        code = kf_aggregate_compute(panel, fixture_findings(), NULL);
        kf_memory_fail_after(-1);
        kf_panel_destroy(&panel);
    }
    assert_int_equal(code, KF_OK);
    assert_true(n > 2); /* some allocations did fail */
}

static void a_panel_is_aggregated_once(void **state)
{
    (void)state;
    struct kf_panel *panel = varied();
    assert_int_equal(kf_aggregate_compute(panel, fixture_findings(), NULL), KF_OK);
    assert_int_equal(kf_aggregate_compute(panel, fixture_findings(), NULL), KF_ERR_DATA);
    kf_panel_destroy(&panel);
}

/* A normalised value of the group would be read beyond its single cell. */
static void normalised_values_are_of_members(void **state)
{
    (void)state;
    struct kf_panel *panel = varied();
    for (size_t i = 0; i < panel->results_len; i++) {
        panel->results[i].group = true;
    }
    assert_int_equal(kf_aggregate_compute(panel, fixture_findings(), NULL), KF_ERR_DATA);
    kf_panel_destroy(&panel);
}

static void weights_have_one_to_nine_decimals(void **state)
{
    (void)state;
    static const int wrong[] = {0, -1, 10, 2000000000};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct kf_panel *panel = varied();
        struct kf_weighting *weighting = &fixture_edition(panel)->sectors[0].weighting;
        weighting->closure = KF_CLOSURE_LAST;
        weighting->decimals = wrong[i];
        assert_int_equal(kf_aggregate_compute(panel, fixture_findings(), NULL), KF_ERR_DATA);
        kf_panel_destroy(&panel);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_memory_at_any_point_it_says_so),
        cmocka_unit_test(a_panel_is_aggregated_once),
        cmocka_unit_test(normalised_values_are_of_members),
        cmocka_unit_test(weights_have_one_to_nine_decimals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
