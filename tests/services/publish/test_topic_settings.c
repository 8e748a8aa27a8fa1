#include "services/publish/topic_settings.h"

#include <string.h>

#include "tests/support/cmocka.h"

static struct kf_topic_verdict verdict;

static int setup(void **state)
{
    (void)state;
    kf_topic_verdict_init(&verdict);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    kf_topic_verdict_clear(&verdict);
    return 0;
}

static const char *wanted(size_t topic, const char *name)
{
    size_t count = 0;
    const struct kf_topic_setting *settings = kf_topic_settings(topic, &count);

    for (size_t i = 0; i < count; i++) {
        if (strcmp(settings[i].name, name) == 0) {
            return settings[i].value;
        }
    }
    return "";
}

static void results_are_compacted_and_manifests_and_letters_kept_for_good(void **state)
{
    (void)state;
    for (size_t topic = 1; topic < KF_TOPICS; topic++) {
        assert_string_equal(wanted(topic, "cleanup.policy"), "compact");
        assert_string_equal(wanted(topic, "delete.retention.ms"), "7776000000");
        assert_string_equal(wanted(topic, "retention.ms"), "");
    }
    assert_string_equal(wanted(KF_TOPIC_PUBLISHER, "cleanup.policy"), "compact");
    for (size_t topic = KF_TOPIC_RELEASE; topic <= KF_TOPIC_REJECTED; topic++) {
        assert_string_equal(wanted(topic, "cleanup.policy"), "delete");
        assert_string_equal(wanted(topic, "retention.ms"), "-1");
        assert_string_equal(wanted(topic, "retention.bytes"), "-1");
    }
    for (size_t topic = 1; topic < KF_TOPICS_ALL; topic++) {
        assert_string_equal(wanted(topic, "unclean.leader.election.enable"), "false");
    }
}

static void take(size_t topic, const char *name, const char *found)
{
    kf_topic_verdict_take(&verdict, topic, 3, name, found);
}

static void topics_that_are_set_right_are_not_complained_of(void **state)
{
    (void)state;
    for (size_t topic = 1; topic < KF_TOPICS_ALL; topic++) {
        size_t count = 0;
        const struct kf_topic_setting *settings = kf_topic_settings(topic, &count);
        for (size_t i = 0; i < count; i++) {
            take(topic, settings[i].name, settings[i].value);
        }
        take(topic, "min.insync.replicas", "2");
        take(topic, "segment.ms", "604800000");
        take(topic, "message.timestamp.type", "CreateTime");
    }
    take(KF_TOPIC_NEED, "max.message.bytes", "20000000");
    take(KF_TOPIC_NEED, "delete.retention.ms", "-1");
    assert_int_equal(verdict.refused, 0);
    assert_int_equal(verdict.advised, 0);
    assert_string_equal(verdict.text.bytes, "");
}

static void what_loses_releases_is_refused_with_setting_found_and_wanted(void **state)
{
    static const struct {
        size_t topic;
        const char *name;
        const char *found;
    } wrong[] = {
        {KF_TOPIC_NEED, "cleanup.policy", "delete"},
        {KF_TOPIC_INDEX, "cleanup.policy", "compact,delete"},
        {KF_TOPIC_STATISTICS, "unclean.leader.election.enable", "true"},
        {KF_TOPIC_INDICATOR, "max.message.bytes", "1048587"},
        {KF_TOPIC_RELEASE, "cleanup.policy", "compact"},
        {KF_TOPIC_RELEASE, "retention.ms", "604800000"},
        {KF_TOPIC_RELEASE, "retention.bytes", "1"},
        {KF_TOPIC_REJECTED, "unclean.leader.election.enable", "true"},
        {KF_TOPIC_INDEX, "min.insync.replicas", "4"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        kf_topic_verdict_clear(&verdict);
        kf_topic_verdict_init(&verdict);
        take(wrong[i].topic, wrong[i].name, wrong[i].found);
        assert_int_equal(verdict.refused, 1);
        assert_non_null(strstr(verdict.text.bytes, wrong[i].name));
        assert_non_null(strstr(verdict.text.bytes, wrong[i].found));
        assert_non_null(strstr(verdict.mended.bytes, wrong[i].name));
    }
}

static void what_is_only_advised_is_not_refused(void **state)
{
    (void)state;
    take(KF_TOPIC_NEED, "delete.retention.ms", "86400000");
    take(KF_TOPIC_REJECTED, "retention.ms", "604800000");
    take(KF_TOPIC_RELEASE, "max.message.bytes", "1048588");
    take(KF_TOPIC_NEED, "min.insync.replicas", "1");
    assert_int_equal(verdict.refused, 0);
    assert_int_equal(verdict.advised, 4);
}

static void copies_in_sync_are_judged_by_the_copies_there_are(void **state)
{
    (void)state;
    kf_topic_verdict_take(&verdict, KF_TOPIC_NEED, 1, "min.insync.replicas", "1");
    kf_topic_verdict_take(&verdict, KF_TOPIC_NEED, 2, "min.insync.replicas", "1");
    kf_topic_verdict_take(&verdict, KF_TOPIC_NEED, 0, "min.insync.replicas", "9");
    assert_int_equal(verdict.refused + verdict.advised, 0);
    kf_topic_verdict_take(&verdict, KF_TOPIC_NEED, 1, "min.insync.replicas", "2");
    assert_int_equal(verdict.refused, 1);
    assert_string_equal(kf_topic_min_insync(3), "2");
    assert_string_equal(kf_topic_min_insync(2), "1");
    assert_string_equal(kf_topic_min_insync(1), "1");
}

static void all_that_has_to_be_mended_stands_in_one_command_and_advice_does_not(void **state)
{
    (void)state;
    take(KF_TOPIC_NEED, "delete.retention.ms", "1");
    take(KF_TOPIC_NEED, "cleanup.policy", "delete");
    take(KF_TOPIC_NEED, "delete.retention.ms", "1");
    take(KF_TOPIC_NEED, "unclean.leader.election.enable", "true");
    assert_int_equal(verdict.refused, 2);
    assert_string_equal(verdict.mended.bytes,
                        "cleanup.policy=compact,unclean.leader.election.enable=false");
    assert_non_null(strstr(verdict.text.bytes, "cleanup.policy is delete and must be compact"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(results_are_compacted_and_manifests_and_letters_kept_for_good),
        TEST(topics_that_are_set_right_are_not_complained_of),
        TEST(what_loses_releases_is_refused_with_setting_found_and_wanted),
        TEST(what_is_only_advised_is_not_refused),
        TEST(copies_in_sync_are_judged_by_the_copies_there_are),
        TEST(all_that_has_to_be_mended_stands_in_one_command_and_advice_does_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
