#include "common/kafka/topics.h"

#include <string.h>

#include "tests/support/cmocka.h"

static void topics_are_named_after_the_prefix_the_kind_and_the_version(void **state)
{
    struct kf_topic_set topics;
    struct kf_error err;

    (void)state;
    assert_int_equal(kf_topic_set_init(&topics, "kostra", &err), KF_OK);
    assert_string_equal(topics.names[KF_TOPIC_NEED], "kostra.need.v1");
    assert_string_equal(topics.names[KF_TOPIC_RESOURCE_USE], "kostra.resource-use.v1");
    assert_string_equal(topics.names[KF_TOPIC_DEMOGRAPHY], "kostra.demography.v1");
    assert_string_equal(topics.names[KF_TOPIC_INDICATOR], "kostra.indicator.v1");
    assert_string_equal(topics.names[KF_TOPIC_INDEX], "kostra.index.v1");
    assert_string_equal(topics.names[KF_TOPIC_EFFICIENCY], "kostra.efficiency.v1");
    assert_string_equal(topics.names[KF_TOPIC_UNIT_COST], "kostra.unit-cost.v1");
    assert_string_equal(topics.names[KF_TOPIC_STATISTICS], "kostra.statistics.v1");
    assert_string_equal(topics.names[KF_TOPIC_RELEASE], "kostra.release.v1");
    assert_string_equal(topics.names[KF_TOPIC_REJECTED], "kostra.rejected.v1");
    assert_string_equal(topics.names[KF_TOPIC_PUBLISHER], "kostra.publisher.v1");
}

static void a_kind_without_measures_has_no_topic(void **state)
{
    struct kf_topic_set topics;
    struct kf_error err;

    (void)state;
    assert_int_equal(kf_topic_set_init(&topics, "kostra", &err), KF_OK);
    assert_string_equal(topics.names[KF_TOPIC_NONE], "");
    for (size_t topic = KF_TOPIC_NONE + 1; topic < KF_TOPICS_ALL; topic++) {
        assert_string_not_equal(topics.names[topic], "");
    }
}

static void results_and_the_lease_are_compacted_and_manifests_and_dead_letters_are_not(void **state)
{
    (void)state;
    assert_true(kf_topic_compacted(KF_TOPIC_NEED));
    assert_true(kf_topic_compacted(KF_TOPIC_RESOURCE_USE));
    assert_true(kf_topic_compacted(KF_TOPIC_DEMOGRAPHY));
    assert_true(kf_topic_compacted(KF_TOPIC_UNIT_COST));
    assert_true(kf_topic_compacted(KF_TOPIC_STATISTICS));
    assert_true(kf_topic_compacted(KF_TOPIC_PUBLISHER));
    assert_false(kf_topic_compacted(KF_TOPIC_RELEASE));
    assert_false(kf_topic_compacted(KF_TOPIC_REJECTED));
}

static void a_prefix_that_cannot_begin_a_topic_is_refused_and_named(void **state)
{
    static const char *const wrong[] = {"", "a b", "kostra/", "økonomi", "a\nb"};
    static const char *const shown[] = {"", "a b", "kostra/", "økonomi", "a?b"};
    struct kf_topic_set topics;
    struct kf_error err;
    char longest[KF_TOPIC_PREFIX_MAX + 2];

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(kf_topic_set_init(&topics, wrong[i], &err), KF_ERR_CONFIG);
        assert_non_null(strstr(err.text, shown[i]));
    }
    memset(longest, 'a', sizeof longest);
    longest[KF_TOPIC_PREFIX_MAX + 1] = '\0';
    assert_int_equal(kf_topic_set_init(&topics, longest, &err), KF_ERR_CONFIG);
    longest[KF_TOPIC_PREFIX_MAX] = '\0';
    assert_int_equal(kf_topic_set_init(&topics, longest, &err), KF_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(topics_are_named_after_the_prefix_the_kind_and_the_version),
        cmocka_unit_test(a_kind_without_measures_has_no_topic),
        cmocka_unit_test(
            results_and_the_lease_are_compacted_and_manifests_and_dead_letters_are_not),
        cmocka_unit_test(a_prefix_that_cannot_begin_a_topic_is_refused_and_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
