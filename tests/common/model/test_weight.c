#include "tests/support/cmocka.h"

#include "common/model/weight.h"
#include "tests/support/panel_fixture.h"

static struct kf_panel *weighted(uint8_t status)
{
    struct kf_panel *panel = fixture_panel_new(1, 1);
    struct kf_result_key key = {.topic = KF_TOPIC_STATISTICS,
                                .sector = "skole",
                                .indicator = "timer",
                                .measure = "weight",
                                .group = true};
    struct kf_result *row = NULL;
    assert_int_equal(kf_panel_append(panel, &key, &row, NULL), KF_OK);
    row->values[0] = 0.25;
    row->status[0] = status;
    return panel;
}

static void a_weight_is_that_of_its_row_flagged_or_not(void **state)
{
    (void)state;
    struct kf_panel *panel = weighted(KF_CELL_INCOMPLETE);
    double weight = 0;
    assert_int_equal(kf_panel_weight(panel, "skole", "timer", &weight, NULL), KF_OK);
    assert_true(weight == 0.25);
    kf_panel_destroy(&panel);
}

static void a_weight_that_is_not_there_is_our_own_mistake(void **state)
{
    (void)state;
    struct kf_panel *panel = weighted(KF_CELL_MISSING);
    double weight = 7;
    struct kf_error err = {0};
    assert_int_equal(kf_panel_weight(panel, "skole", "timer", &weight, &err), KF_ERR_INTERNAL);
    assert_int_equal(kf_panel_weight(panel, "skole", "", &weight, &err), KF_ERR_INTERNAL);
    assert_true(weight == 7);
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_weight_is_that_of_its_row_flagged_or_not),
        cmocka_unit_test(a_weight_that_is_not_there_is_our_own_mistake),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
