#include "tests/support/cmocka.h"

#include "common/base/memory.h"
#include "services/efficiency/unit_cost/million.h"
#include "services/efficiency/unit_cost/published.h"
#include "tests/support/panel_fixture.h"

#define MEMBERS 4

/* Four members; AK table 6.1 prints −2.1, 9.5, 14.8 and 30.7. Given in 1000 kr, as the reader hands
 * it on: a factor of 1000 brings it to kr. */
static struct kf_panel *four_members(struct kf_terms *terms)
{
    struct kf_panel *panel = fixture_panel_new(1, MEMBERS);
    fixture_population(panel, (double[]){1, 1, 1, 1});
    fixture_column(panel, "gevinst", (double[]){-2100, 9500, 14800, FIXTURE_MISSING});
    *terms = fixture_term(panel, "gevinst", 1000);
    fixture_seal(panel);
    return panel;
}

static struct kf_values computed(struct kf_panel *panel, const double *values)
{
    struct kf_values made = {0};
    assert_int_equal(kf_values_new_missing(panel, panel->arena, &made, NULL), KF_OK);
    for (size_t k = 0; k < MEMBERS; k++) {
        if (!isnan(values[k])) {
            made.values[k] = kf_wide_from(values[k]);
            made.status[k] = KF_CELL_VALUE;
        }
    }
    return made;
}

static double gain(const struct kf_panel *panel, const char *measure, size_t k)
{
    return fixture_value(panel, KF_TOPIC_UNIT_COST, "services", "", measure, k);
}

static uint8_t status(const struct kf_panel *panel, const char *measure, size_t k)
{
    return fixture_status(panel, KF_TOPIC_UNIT_COST, "services", "", measure, k);
}

static void append(struct kf_panel *panel, const struct kf_terms *terms, struct kf_values *values)
{
    assert_int_equal(kf_published_gain_append(panel, "services", terms, panel->arena, values, NULL),
                     KF_OK);
}

static void the_published_amount_stands_in_for_a_missing_one_and_beside_a_computed(void **state)
{
    (void)state;
    struct kf_terms terms;
    struct kf_panel *panel = four_members(&terms);
    struct kf_values values =
        computed(panel, (double[]){-2, 9.6, FIXTURE_MISSING, FIXTURE_MISSING});
    append(panel, &terms, &values);
    assert_true(gain(panel, "gain_million_kr", 0) == -2);
    assert_int_equal(status(panel, "gain_million_kr", 0), KF_CELL_VALUE);
    assert_close(gain(panel, "gain_million_kr", 2), 14.8, 1e-9);
    assert_int_equal(status(panel, "gain_million_kr", 2), KF_CELL_PUBLISHED);
    assert_int_equal(values.status[2], KF_CELL_PUBLISHED);
    assert_true(gain(panel, "published_gain_million_kr", 0) == -2.1);
    assert_true(gain(panel, "published_gain_million_kr", 2) == 14.8);
    assert_int_equal(status(panel, "published_gain_million_kr", 2), KF_CELL_VALUE);
    assert_int_equal(status(panel, "gain_million_kr", 3), KF_CELL_MISSING);
    assert_int_equal(status(panel, "published_gain_million_kr", 3), KF_CELL_MISSING);
    kf_panel_destroy(&panel);
}

static void flags_of_the_published_amount_stay(void **state)
{
    (void)state;
    struct kf_terms terms;
    struct kf_panel *panel = four_members(&terms);
    kf_panel_column(panel, "gevinst")->status[1] = KF_CELL_PRELIMINARY;
    struct kf_values values = computed(
        panel, (double[]){FIXTURE_MISSING, FIXTURE_MISSING, FIXTURE_MISSING, FIXTURE_MISSING});
    append(panel, &terms, &values);
    assert_int_equal(status(panel, "gain_million_kr", 1), KF_CELL_PRELIMINARY | KF_CELL_PUBLISHED);
    assert_int_equal(status(panel, "published_gain_million_kr", 1), KF_CELL_PRELIMINARY);
    kf_panel_destroy(&panel);
}

static void what_is_not_published_leaves_the_computed_amount_alone(void **state)
{
    (void)state;
    struct kf_terms terms;
    struct kf_panel *panel = four_members(&terms);
    struct kf_values values = computed(panel, (double[]){1, 2, 3, FIXTURE_MISSING});
    append(panel, &(struct kf_terms){0}, &values);
    assert_int_equal(panel->results_len, 1);
    assert_true(gain(panel, "gain_million_kr", 2) == 3);
    assert_int_equal(status(panel, "gain_million_kr", 3), KF_CELL_MISSING);
    kf_panel_destroy(&panel);
}

static void nothing_is_appended_of_nothing(void **state)
{
    (void)state;
    struct kf_terms terms;
    struct kf_panel *panel = four_members(&terms);
    terms = fixture_term(panel, "ikke_rapportert", 1);
    struct kf_values values = computed(
        panel, (double[]){FIXTURE_MISSING, FIXTURE_MISSING, FIXTURE_MISSING, FIXTURE_MISSING});
    append(panel, &terms, &values);
    assert_int_equal(panel->results_len, 0);
    kf_panel_destroy(&panel);
}

static void another_amount_has_measures_of_its_own(void **state)
{
    (void)state;
    struct kf_terms terms;
    struct kf_panel *panel = four_members(&terms);
    struct kf_values values = computed(panel, (double[]){1, 2, FIXTURE_MISSING, 4});
    struct kf_published which = {"grants", "grant_million_kr", "published_grant_million_kr",
                                 &terms};
    assert_int_equal(kf_published_append(panel, &which, panel->arena, &values, NULL), KF_OK);
    assert_close(fixture_value(panel, KF_TOPIC_UNIT_COST, "grants", "", "grant_million_kr", 2),
                 14.8, 1e-9);
    assert_close(
        fixture_value(panel, KF_TOPIC_UNIT_COST, "grants", "", "published_grant_million_kr", 1),
        9.5, 1e-9);
    kf_panel_destroy(&panel);
}

static void every_failing_allocation_is_told(void **state)
{
    (void)state;
    bool done = false;
    for (int64_t n = 0; !done && n < 20; n++) {
        struct kf_terms terms;
        struct kf_panel *panel = four_members(&terms);
        struct kf_values values = computed(panel, (double[]){1, 2, 3, 4});
        struct kf_arena *scratch = kf_arena_new(4096);
        struct kf_error err = {0};
        kf_memory_fail_after(n);
        enum kf_err code =
            kf_published_gain_append(panel, "services", &terms, scratch, &values, &err);
        kf_memory_fail_after(-1);
        done = code == KF_OK;
        assert_true(done || (code == KF_ERR_MEMORY && err.text[0] != '\0'));
        kf_arena_destroy(&scratch);
        kf_panel_destroy(&panel);
    }
    assert_true(done);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_amount_stands_in_for_a_missing_one_and_beside_a_computed),
        cmocka_unit_test(flags_of_the_published_amount_stay),
        cmocka_unit_test(what_is_not_published_leaves_the_computed_amount_alone),
        cmocka_unit_test(nothing_is_appended_of_nothing),
        cmocka_unit_test(another_amount_has_measures_of_its_own),
        cmocka_unit_test(every_failing_allocation_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
