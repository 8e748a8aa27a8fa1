#include "tools/kf/wanting.h"

#include <string.h>

#include "tests/support/cmocka.h"
#include "tests/tools/kf/published_fixture.h"

/* Two editions; three rows of need, two of the index. */
static const char manifest[] =
    "{\"release\":\"r1\",\"state\":\"RELEASE_STATE_COMMITTED\",\"panels\":["
    "{\"edition\":\"e\",\"year\":2010},{\"edition\":\"f\",\"year\":2010},"
    "{\"edition\":\"g\",\"year\":2010,\"rejected\":true}],"
    "\"topics\":[{\"topic\":\"p.need.v1\",\"rows\":\"3\"},"
    "{\"topic\":\"p.index.v1\",\"rows\":\"2\"},{\"topic\":\"p.statistics.v1\",\"rows\":\"9\"}]}";

static struct kf_error err;

static void add(struct kf_published *published, enum kf_topic topic, const char *key,
                const char *value)
{
    assert_int_equal(add_row(published, topic, key, value, &err), KF_OK);
}

/* All rows of the release but the first `gone` of need. */
static struct kf_published *without(size_t gone)
{
    static const char *const need[] = {"e/2010/0301/total", "f/2010/0301/total",
                                       "f/2010/0219/total"};
    struct kf_published *published = kf_published_new("e", 2010);
    assert_int_equal(add_manifest(published, manifest, 10, &err), KF_OK);
    for (size_t i = gone; i < 3; i++) {
        add(published, KF_TOPIC_NEED, need[i], "{\"municipality\":\"x\",\"release\":\"r1\"}");
    }
    add(published, KF_TOPIC_NEED, "f/2010/0220/total", "{\"release\":\"r0\"}");
    add(published, KF_TOPIC_NEED, "f/2010/0221/total", "{\"release\":\"r11\"}");
    add(published, KF_TOPIC_NEED, "f/2010/0222/total", NULL);
    add(published, KF_TOPIC_INDEX, "e/2010/0301/total", "{\"release\":\"r1\"}");
    add(published, KF_TOPIC_INDEX, "f/2010/0301/total", "{\"release\":\"r1\"}");
    return published;
}

static void assert_told(const struct kf_published *published, const char *expected)
{
    struct kf_text text;
    kf_text_init(&text, 65536);
    kf_wanting_tell(published, "p", "> ", &text);
    assert_int_equal(strncmp(text.bytes, expected, strlen(expected)), 0);
    assert_true(expected[0] || text.length == 0);
    kf_text_clear(&text);
}

static void a_release_that_is_whole_in_all_editions_is_not_spoken_of(void **state)
{
    (void)state;
    struct kf_published *published = without(0);
    assert_int_equal(kf_published_found(published, KF_TOPIC_NEED), 3);
    assert_false(kf_wanting(published, "p"));
    assert_told(published, "");
    kf_published_destroy(&published);
}

static void rows_that_are_gone_are_counted_also_those_of_other_editions(void **state)
{
    (void)state;
    struct kf_published *published = without(2);
    assert_true(kf_wanting(published, "p"));
    assert_told(published, "> 1 of 3 rows of p.need.v1 are still on the topic\n"
                           "> likely because the broker keeps less than the release is large");
    kf_published_destroy(&published);
}

static void rows_that_a_newer_release_replaced_are_told_as_such_and_are_not_wanting(void **state)
{
    (void)state;
    static const char newer[] = "{\"release\":\"r2\",\"state\":\"RELEASE_STATE_COMMITTED\","
                                "\"panels\":[{\"edition\":\"f\",\"year\":2010}]}";
    static const char unlike[] = "{\"release\":\"r3\",\"state\":\"RELEASE_STATE_COMMITTED\","
                                 "\"panels\":[{\"edition\":\"f\",\"year\":2011},"
                                 "{\"edition\":\"g\",\"year\":2010}]}";
    struct kf_published *published = without(2);
    assert_int_equal(add_manifest(published, newer, 9, &err), KF_OK); /* older, in truth */
    assert_int_equal(add_manifest(published, unlike, 11, &err), KF_OK);
    assert_true(kf_wanting(published, "p"));
    assert_int_equal(add_manifest(published, newer, 11, &err), KF_OK);
    assert_string_equal(kf_published_release(published), "r1");
    assert_false(kf_wanting(published, "p"));
    assert_told(published, "> 1 of 3 rows of p.need.v1 are still on the topic\n"
                           "> a newer release has published some of its editions and years");
    kf_published_destroy(&published);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_release_that_is_whole_in_all_editions_is_not_spoken_of),
        cmocka_unit_test(rows_that_are_gone_are_counted_also_those_of_other_editions),
        cmocka_unit_test(rows_that_a_newer_release_replaced_are_told_as_such_and_are_not_wanting),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
