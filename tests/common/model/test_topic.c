#include "fixture.h"

#include <string.h>

#include "common/model/topic.h"

static void every_topic_has_its_name(void **state)
{
    (void)state;
    assert_string_equal(kf_topic_name(KF_TOPIC_NEED), "need");
    assert_string_equal(kf_topic_name(KF_TOPIC_RESOURCE_USE), "resource-use");
    assert_string_equal(kf_topic_name(KF_TOPIC_UNIT_COST), "unit-cost");
    assert_string_equal(kf_topic_name(KF_TOPIC_STATISTICS), "statistics");
    assert_string_equal(kf_topic_name(KF_TOPIC_NONE), "");
    assert_string_equal(kf_topic_name(KF_TOPICS), "");
    for (int topic = KF_TOPIC_NEED; topic < KF_TOPICS; topic++) {
        assert_true(kf_topic_name((enum kf_topic)topic)[0] != '\0');
    }
}

static void measures_stand_by_topic_and_each_is_found(void **state)
{
    (void)state;
    size_t count = 0;
    const struct kf_measure *measures = kf_measures(&count);
    assert_true(count > 0);
    for (size_t i = 0; i < count; i++) {
        assert_true(i == 0 || measures[i - 1].topic <= measures[i].topic);
        assert_ptr_equal(kf_measure_find(measures[i].topic, measures[i].name), &measures[i]);
    }
}

static void a_measure_belongs_to_its_topic_alone(void **state)
{
    (void)state;
    assert_non_null(kf_measure_find(KF_TOPIC_INDEX, "rank"));
    assert_null(kf_measure_find(KF_TOPIC_NEED, "rank"));
    assert_null(kf_measure_find(KF_TOPIC_INDEX, "ranks"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_topic_has_its_name),
        cmocka_unit_test(measures_stand_by_topic_and_each_is_found),
        cmocka_unit_test(a_measure_belongs_to_its_topic_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
