#include "services/publish/former.h"

#include <string.h>

#include "common/base/memory.h"
#include "tests/services/publish/release_fixture.h"
#include "tests/support/cmocka.h"

#define ONE "00000000000000010000000000000002"
#define TWO "ffffffffffffffff0000000000000000"

static struct kf_error err;
static struct kf_former *former; /* of fixture/2000 and fixture/2001 */

static int setup(void **state)
{
    struct kf_collected *release = fixture_release(RELEASE_A, 2);

    (void)state;
    enum kf_err result = kf_former_new(release, &former, &err);
    kf_collected_destroy(&release);
    return result == KF_OK ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    kf_former_destroy(&former);
    return 0;
}

static struct kf_header_value value(const char *text)
{
    return (struct kf_header_value){text, text == NULL ? 0 : strlen(text)};
}

static void take(int32_t partition, const char *panels, const char *keys)
{
    kf_former_take(former, partition, value(panels), value(keys));
}

/* On the topic of the index, against the digest ONE. */
static bool differs(const char *name)
{
    struct kf_key_digests now = {.topics[KF_TOPIC_INDEX] = {1, 2}};

    return kf_former_differs(former, name, KF_TOPIC_INDEX, &now);
}

static bool differs_on_need(const char *name)
{
    struct kf_key_digests now = {.topics[KF_TOPIC_INDEX] = {1, 2}};

    return kf_former_differs(former, name, KF_TOPIC_NEED, &now);
}

static void a_panel_that_nobody_published_has_nothing_to_withdraw(void **state)
{
    (void)state;
    assert_false(differs("fixture/2000"));
    take(0, "other/2000 fixture/1999", "other/2000 index=" TWO);
    assert_false(differs("fixture/2000"));
    assert_false(differs("other/2000"));
}

static void the_same_keys_need_no_reading_and_other_keys_do(void **state)
{
    (void)state;
    take(0, "fixture/2000 fixture/2001",
         "fixture/2000 index=" ONE " fixture/2001 index=" TWO " need=" ONE);
    assert_false(differs("fixture/2000"));
    assert_false(differs_on_need("fixture/2000"));
    assert_true(differs("fixture/2001"));
    assert_true(differs_on_need("fixture/2001"));
}

static void the_last_manifest_that_names_a_panel_counts(void **state)
{
    (void)state;
    take(0, "fixture/2000", "fixture/2000 index=" ONE);
    take(0, "fixture/2000", "fixture/2000 index=" TWO);
    take(0, "fixture/2001", "fixture/2001");
    assert_true(differs("fixture/2000"));
    take(0, "fixture/2000", "fixture/2000 index=" ONE);
    assert_false(differs("fixture/2000"));
}

static void a_panel_without_keys_is_known_to_have_none(void **state)
{
    (void)state;
    take(0, "fixture/2000", "fixture/2000");
    assert_true(differs("fixture/2000"));
    assert_false(differs_on_need("fixture/2000"));
}

static void a_manifest_without_the_header_or_with_a_broken_one_is_no_knowledge(void **state)
{
    static const char *const broken[] = {
        NULL,
        "",
        "fixture/2001 index=" ONE,
        "fixture/2000 index=" ONE "0",
        "fixture/2000 index=0000000000000001000000000000000G",
        "fixture/2000 beauty=" ONE,
        "fixture/2000 index",
        "index=" ONE " fixture/2000 =",
    };

    (void)state;
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        take(0, "fixture/2000", "fixture/2000 index=" ONE);
        assert_false(differs("fixture/2000"));
        take(0, "fixture/2000", broken[i]);
        bool only_name = broken[i] != NULL && strcmp(broken[i], "fixture/2000 index") == 0;
        assert_true(differs("fixture/2000"));
        assert_int_equal(differs_on_need("fixture/2000"), !only_name);
    }
}

static void manifests_of_two_partitions_that_disagree_are_no_knowledge(void **state)
{
    (void)state;
    take(0, "fixture/2000 fixture/2001", "fixture/2000 index=" ONE " fixture/2001 index=" ONE);
    take(1, "fixture/2000 fixture/2001", "fixture/2000 index=" ONE " fixture/2001 index=" TWO);
    assert_false(differs("fixture/2000"));
    assert_true(differs("fixture/2001"));
    take(1, "fixture/2000 fixture/2001", "fixture/2000 index=" ONE " fixture/2001 index=" ONE);
    assert_false(differs("fixture/2000"));
    assert_true(differs("fixture/2001"));
    take(0, "fixture/2000", "fixture/2000 index=" TWO);
    take(0, "fixture/2000", "fixture/2000 index=" ONE);
    assert_true(differs("fixture/2000"));
}

static void what_is_printed_is_read_back(void **state)
{
    struct kf_key_digests keys = {.topics[KF_TOPIC_INDEX] = {1, 2},
                                  .topics[KF_TOPIC_STATISTICS] = {UINT64_MAX, 0}};
    const struct kf_key_digests none = {.topics[KF_TOPIC_NEED] = {0, 0}};
    struct kf_text text;

    (void)state;
    kf_text_init(&text, 1024);
    kf_key_digests_print(&keys, "fixture/2000", &text);
    kf_key_digests_print(&none, "fixture/2001", &text);
    assert_string_equal(text.bytes, "fixture/2000 index=" ONE " statistics=" TWO " fixture/2001");
    take(0, "fixture/2000 fixture/2001", text.bytes);
    for (size_t topic = 1; topic < KF_TOPICS; topic++) {
        assert_false(kf_former_differs(former, "fixture/2000", topic, &keys));
        assert_false(kf_former_differs(former, "fixture/2001", topic, &none));
    }
    assert_true(kf_former_differs(former, "fixture/2001", KF_TOPIC_INDEX, &keys));
    kf_text_clear(&text);
}

static void without_memory_there_is_nothing_half_made(void **state)
{
    struct kf_collected *release = fixture_release(RELEASE_A, 2);
    enum kf_err result = KF_ERR_MEMORY;

    (void)state;
    for (int64_t n = 0; result == KF_ERR_MEMORY; n++) {
        struct kf_former *made = NULL;
        kf_memory_fail_after(n);
        result = kf_former_new(release, &made, &err);
        kf_memory_fail_after(-1);
        assert_int_equal(made != NULL, result == KF_OK);
        kf_former_destroy(&made);
    }
    assert_int_equal(result, KF_OK);
    kf_collected_destroy(&release);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_panel_that_nobody_published_has_nothing_to_withdraw,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(the_same_keys_need_no_reading_and_other_keys_do, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(the_last_manifest_that_names_a_panel_counts, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_panel_without_keys_is_known_to_have_none, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(
            a_manifest_without_the_header_or_with_a_broken_one_is_no_knowledge, setup, teardown),
        cmocka_unit_test_setup_teardown(manifests_of_two_partitions_that_disagree_are_no_knowledge,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_printed_is_read_back, setup, teardown),
        cmocka_unit_test(without_memory_there_is_nothing_half_made),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
