/* How publish stands with Kafka, in a word and a sentence. */
#include "services/publish/standing.h"

#include <string.h>

#include "common/base/text.h"
#include "tests/support/cmocka.h"

static struct kf_standing standing;
static char detail[KF_STATUS_DETAIL_SIZE];

static int begin(void **state)
{
    (void)state;
    standing = (struct kf_standing){.bootstrap_servers = "kafka1:9092",
                                    .release = "",
                                    .since = "2026-03-15T07:00:00.000Z",
                                    .reason = "no broker answers"};
    return 0;
}

static void assert_says(enum kf_status_kafka word, const char *sentence)
{
    assert_int_equal(kf_standing_state(&standing), word);
    kf_standing_print(&standing, detail);
    assert_string_equal(detail, sentence);
}

static void before_the_first_answer_it_is_connecting(void **state)
{
    (void)state;
    assert_says(KF_STATUS_KAFKA_CONNECTING, "asking for Kafka at kafka1:9092");
    standing.troubled = true;
    assert_says(KF_STATUS_KAFKA_CONNECTING, "since 2026-03-15T07:00:00.000Z: no broker answers");
}

static void after_an_answer_it_is_connected_until_it_fails(void **state)
{
    (void)state;
    standing.reached = true;
    assert_says(KF_STATUS_KAFKA_CONNECTED, "Kafka at kafka1:9092");
    standing.troubled = true;
    assert_says(KF_STATUS_KAFKA_LOST, "since 2026-03-15T07:00:00.000Z: no broker answers");
}

static void a_release_that_is_written_is_named(void **state)
{
    (void)state;
    standing.reached = true;
    standing.writing = true;
    standing.release = "00112233445566778899aabbccddeeff";
    assert_says(KF_STATUS_KAFKA_PUBLISHING, "writing release 00112233445566778899aabbccddeeff");
}

static void who_was_replaced_is_so_whatever_else_is_true(void **state)
{
    (void)state;
    standing.replaced = true;
    standing.reached = true;
    standing.writing = true;
    assert_says(KF_STATUS_KAFKA_REPLACED,
                "another publisher has taken over the topics; this one writes nothing more");
}

static void a_sentence_that_is_too_long_is_cut_between_characters(void **state)
{
    (void)state;
    static char reason[2 * KF_STATUS_DETAIL_SIZE];
    for (size_t i = 0; i + 2 < sizeof reason; i += 2) {
        memcpy(reason + i, "ø", 2);
    }
    standing.troubled = true;
    for (int i = 0; i < 2; i++) {
        standing.since = i == 0 ? "a" : "ab";
        standing.reason = reason;
        kf_standing_print(&standing, detail);
        assert_true(strlen(detail) >= KF_STATUS_DETAIL_SIZE - 2);
        assert_true(kf_text_is_utf8(detail, strlen(detail)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, begin)
        TEST(before_the_first_answer_it_is_connecting),
        TEST(after_an_answer_it_is_connected_until_it_fails),
        TEST(a_release_that_is_written_is_named),
        TEST(who_was_replaced_is_so_whatever_else_is_true),
        TEST(a_sentence_that_is_too_long_is_cut_between_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
