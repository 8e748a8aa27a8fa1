#include "tests/support/cmocka.h"

#include "common/base/memory.h"
#include "services/efficiency/unit_cost/unit_cost.h"
#include "tests/services/efficiency/unit_cost/unit_fixture.h"

/* A little of everything. */
static struct kf_panel *all_parts(void)
{
    struct kf_panel *panel = unit_panel_new(2017, 2);
    struct kf_unit_costs *costs = unit_costs(panel);
    unit_service(panel, "HTAMDK", "hours", 724);
    unit_service(panel, "LOKO", "days", 2284);
    unit_group(panel, "hjem", (double[]){1000000, 2000000});
    unit_delivers(panel, "hjem", "HTAMDK", (double[]){1000, 3000});
    unit_group(panel, "institusjon", (double[]){900000, FIXTURE_MISSING});
    unit_delivers(panel, "institusjon", "LOKO", (double[]){365, FIXTURE_MISSING});
    fixture_column(panel, "behov", (double[]){3.6, 1.2});
    fixture_column(panel, "vekst", (double[]){5.0, 6.1});
    costs->gain = fixture_term(panel, "behov", 1e6);
    costs->institution.days = fixture_term(panel, "institusjon_LOKO", 1);
    costs->institution.expenditure = fixture_term(panel, "institusjon_netto", 1);
    costs->institution.of = fixture_term(panel, "hjem_netto", 1);
    costs->user_times[costs->user_times_len++] =
        (struct kf_user_time){.id = "ambulerende",
                              .name = {"", ""},
                              .approved = fixture_term(panel, "hjem_HTAMDK", 1),
                              .available = fixture_term(panel, "hjem_netto", 0.002),
                              .norm = 0.6};
    costs->growths[costs->growths_len++] = (struct kf_real_growth){
        .id = "arlig", .name = {"", ""}, .gross = "vekst", .demographic = "behov"};
    return panel;
}

static void every_part_is_appended(void **state)
{
    (void)state;
    struct kf_panel *panel = all_parts();
    unit_compute(panel);
    assert_true(unit_has(panel, "hjem", "HTAMDK", "unit_cost_kr"));
    assert_true(unit_has(panel, "services", "LOKO", "unit_cost_kr"));
    assert_true(unit_has(panel, "services", "", "gain_million_kr"));
    assert_true(unit_has(panel, "institution", "", "institution_places"));
    assert_true(unit_has(panel, "user_time", "ambulerende", "user_time_share"));
    assert_true(unit_has(panel, "growth", "arlig", "real_growth_percent"));
    for (size_t i = 0; i < panel->results_len; i++) {
        assert_int_equal(panel->results[i].topic, KF_TOPIC_UNIT_COST);
        assert_non_null(kf_measure_find(KF_TOPIC_UNIT_COST, panel->results[i].measure));
    }
    kf_panel_destroy(&panel);
}

/* An edition of unit costs alone names no population. */
static void nobody_asks_for_inhabitants(void **state)
{
    (void)state;
    struct kf_panel *panel = all_parts();
    unit_seal(panel);
    fixture_edition(panel)->population = "";
    assert_int_equal(kf_unit_cost_append(panel, fixture_findings(), NULL), KF_OK);
    assert_true(unit_value(panel, "hjem", "HTAMDK", "unit_cost_kr", 0) == 1000);
    kf_panel_destroy(&panel);
}

static void an_edition_without_unit_costs_passes_unchanged(void **state)
{
    (void)state;
    struct kf_panel *panel = unit_panel_new(2017, 1);
    unit_compute(panel);
    assert_int_equal(panel->results_len, 0);
    kf_panel_destroy(&panel);
}

static void quantities_below_zero_are_refused_all_at_once(void **state)
{
    (void)state;
    struct kf_panel *panel = all_parts();
    fixture_column(panel, "hjem_HTAMDK", (double[]){-5, 3000});
    fixture_column(panel, "institusjon_LOKO", (double[]){365, -1});
    unit_seal(panel);
    struct kf_findings *findings = fixture_findings();
    struct kf_error err = {0};
    assert_int_equal(kf_unit_cost_append(panel, findings, &err), KF_ERR_DATA);
    assert_int_equal(findings->length,
                     4); /* in a group, in another, as days, as hours with users */
    assert_string_equal(findings->list[0].municipality, "0001");
    assert_string_equal(findings->list[0].variable, "hjem_HTAMDK");
    assert_string_equal(findings->list[0].problem,
                        "the quantity of hjem HTAMDK in 2017 sums to -5, below 0");
    assert_string_equal(findings->list[2].problem,
                        "the quantity of institution in 2017 sums to -1, below 0");
    kf_panel_destroy(&panel);
}

static void a_service_that_the_edition_does_not_know_is_refused(void **state)
{
    (void)state;
    struct kf_panel *panel = all_parts();
    unit_costs(panel)->services_len = 1;
    unit_seal(panel);
    struct kf_error err = {0};
    assert_int_equal(kf_unit_cost_append(panel, fixture_findings(), &err), KF_ERR_DATA);
    assert_string_equal(err.text, "institusjon delivers LOKO, which the edition does not know");
    kf_panel_destroy(&panel);
}

static void every_failing_allocation_is_told(void **state)
{
    (void)state;
    bool done = false;
    for (int64_t n = 0; !done && n < 200; n++) {
        struct kf_panel *panel = all_parts();
        unit_seal(panel);
        struct kf_error err = {0};
        kf_memory_fail_after(n);
        enum kf_err code = kf_unit_cost_append(panel, fixture_findings(), &err);
        kf_memory_fail_after(-1);
        done = code == KF_OK;
        assert_true(done || (code == KF_ERR_MEMORY && err.text[0] != '\0'));
        kf_panel_destroy(&panel);
    }
    assert_true(done);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_part_is_appended),
        cmocka_unit_test(nobody_asks_for_inhabitants),
        cmocka_unit_test(an_edition_without_unit_costs_passes_unchanged),
        cmocka_unit_test(quantities_below_zero_are_refused_all_at_once),
        cmocka_unit_test(a_service_that_the_edition_does_not_know_is_refused),
        cmocka_unit_test(every_failing_allocation_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
