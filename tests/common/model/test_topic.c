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
    assert_non_null(kf_measure_find(KF_TOPIC_DEMOGRAPHY, "rate_kr"));
    assert_string_equal(kf_measure_find(KF_TOPIC_DEMOGRAPHY, "rate_kr")->unit, "kr/persons");
    assert_null(kf_measure_find(KF_TOPIC_EFFICIENCY, "unit_cost_kr"));
    assert_null(kf_measure_find(KF_TOPIC_NEED, "rank"));
    assert_null(kf_measure_find(KF_TOPIC_INDEX, "ranks"));
}

static void the_units_of_unit_costs_are_those_of_their_services(void **state)
{
    (void)state;
    static const char *const of_the_service[] = {"quantity", "rate_kr", "unit_cost_kr",
                                                 "unit_cost_others_kr", "deviation_kr"};
    for (size_t i = 0; i < sizeof of_the_service / sizeof of_the_service[0]; i++) {
        assert_string_equal(kf_measure_find(KF_TOPIC_UNIT_COST, of_the_service[i])->unit, "");
    }
}

/* A measure's name ends with its unit; differences of percentages are percentage points. */
static void names_of_unit_costs_tell_their_units(void **state)
{
    (void)state;
    static const struct {
        const char *end;
        const char *unit;
    } ends[] = {{"_million_kr", "million kr"}, {"_percent", "percent"}, {"_share", "share"}};
    size_t count = 0;
    size_t told = 0;
    const struct kf_measure *measures = kf_measures(&count);
    for (size_t i = 0; i < count; i++) {
        const char *name = measures[i].name;
        for (size_t e = 0; e < sizeof ends / sizeof ends[0]; e++) {
            size_t length = strlen(ends[e].end);
            bool ends_so =
                strlen(name) > length && strcmp(name + strlen(name) - length, ends[e].end) == 0;
            bool points = strcmp(name, "real_growth_percent") == 0 ||
                          strcmp(name, "user_time_beyond_norm_percent") == 0;
            if (measures[i].topic == KF_TOPIC_UNIT_COST && ends_so) {
                assert_string_equal(measures[i].unit, points ? "percentage points" : ends[e].unit);
                told++;
            }
        }
    }
    assert_int_equal(told, 20);
    assert_string_equal(kf_measure_find(KF_TOPIC_UNIT_COST, "users")->unit, "count");
    assert_string_equal(kf_measure_find(KF_TOPIC_UNIT_COST, "institution_places")->unit, "count");
    assert_string_equal(kf_measure_find(KF_TOPIC_UNIT_COST, "ratio")->unit, "ratio");
}

/* Parts of unit costs stand where sectors do, so none is called as another. */
static void the_parts_of_unit_costs_have_names_of_their_own(void **state)
{
    (void)state;
    static const char *const names[] = {
        KF_SECTOR_SERVICES, KF_SECTOR_INSTITUTION,        KF_SECTOR_USER_TIME,  KF_SECTOR_GROWTH,
        KF_SECTOR_GRANTS,   KF_SECTOR_RESOURCE_INTENSIVE, KF_SECTOR_DEMOGRAPHY, KF_SECTOR_TOTAL};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(names[i], names[j]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_topic_has_its_name),
        cmocka_unit_test(measures_stand_by_topic_and_each_is_found),
        cmocka_unit_test(a_measure_belongs_to_its_topic_alone),
        cmocka_unit_test(the_units_of_unit_costs_are_those_of_their_services),
        cmocka_unit_test(names_of_unit_costs_tell_their_units),
        cmocka_unit_test(the_parts_of_unit_costs_have_names_of_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
