#include "services/publish/withdraw.h"

#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"
#include "services/publish/records.h"
#include "tests/services/publish/release_fixture.h"
#include "tests/support/cmocka.h"

#define TAKEN_MAX 16

/* What stands on a topic. */
struct standing {
    size_t topic;
    const char *key;
    bool live;
};

static const struct standing *standing;
static size_t standing_len;
static unsigned readings;
static bool unreadable;
static char taken[TAKEN_MAX][64];
static size_t taken_len;
static struct kf_topic_set topics;
static struct kf_records_totals totals;
static struct kf_error err;

static enum kf_err read_topic(void *context, size_t topic, const struct kf_key_visitor *visitor,
                              struct kf_error *error)
{
    enum kf_err result = KF_OK;

    (void)context;
    readings++;
    if (unreadable) {
        return kf_error_set(error, KF_ERR_PEER, "cannot be read");
    }
    for (size_t i = 0; i < standing_len && result == KF_OK; i++) {
        if (standing[i].topic == topic) {
            result = visitor->visit(visitor->context, standing[i].key, strlen(standing[i].key),
                                    standing[i].live, error);
        }
    }
    return result;
}

/* Notes withdrawn keys, and the manifest as the last of them. */
static enum kf_err emit(void *context, const struct kf_record *record, struct kf_error *error)
{
    (void)context;
    (void)error;
    if (record->value == NULL) {
        assert_int_equal(record->value_length, 0);
        assert_true(taken_len < TAKEN_MAX);
        (void)snprintf(taken[taken_len++], sizeof taken[0], "%s %.*s %u",
                       kf_topic_name((enum kf_topic)record->topic), (int)record->key_length,
                       record->key, record->panel);
    }
    return KF_OK;
}

static int setup(void **state)
{
    (void)state;
    standing_len = 0;
    readings = 0;
    unreadable = false;
    taken_len = 0;
    return kf_topic_set_init(&topics, "t", &err) == KF_OK ? 0 : -1;
}

static struct kf_header_value value(const char *text)
{
    return (struct kf_header_value){text, text == NULL ? 0 : strlen(text)};
}

/* Publishes `release` after one that published `panels` and said `keys` of them. */
static enum kf_err publish(const struct kf_collected *release, const char *panels, const char *keys)
{
    struct kf_former *former = NULL;
    struct kf_records_fault fault;

    assert_int_equal(kf_former_new(release, &former, &err), KF_OK);
    kf_former_take(former, 0, value(panels), value(keys));
    const struct kf_records_options options = {
        .topics = &topics,
        .encoding = KF_ENCODING_JSON,
        .previous_release = RELEASE_B,
        .former = former,
        .read_keys = read_topic,
        .emit = emit,
    };
    enum kf_err result = kf_records_walk(release, &options, &totals, &fault, &err);
    kf_former_destroy(&former);
    return result;
}

static void what_the_topics_hold_and_the_release_has_not_is_withdrawn(void **state)
{
    static const struct standing before[] = {
        {KF_TOPIC_STATISTICS, "fixture/2000/skole", true},
        {KF_TOPIC_INDEX, "fixture/2001/0003/barnehage", true},
        {KF_TOPIC_INDEX, "fixture/2000/0003/barnehage", true},
        {KF_TOPIC_INDEX, "fixture/2000/0001/barnehage", true},
        {KF_TOPIC_INDEX, "fixture/2000/0004/barnehage", true},
        {KF_TOPIC_INDEX, "fixture/2000/0004/barnehage", false},
        {KF_TOPIC_INDEX, "fixture/20000/0001/barnehage", true},
        {KF_TOPIC_INDEX, "fixture/1999/0001/barnehage", true},
        {KF_TOPIC_INDEX, "fixtur/2000/0001/barnehage", true},
        {KF_TOPIC_INDEX, "fixture/2000", true},
        {KF_TOPIC_INDEX, "other", true},
        {KF_TOPIC_NEED, "fixture/2000/0001/barnehage", true},
    };
    struct kf_collected *release = fixture_release(RELEASE_A, 2);

    (void)state;
    standing = before;
    standing_len = sizeof before / sizeof before[0];
    assert_int_equal(publish(release, "fixture/2000 fixture/2001 fixture/1999", NULL), KF_OK);
    assert_int_equal(taken_len, 4);
    assert_string_equal(taken[0], "need fixture/2000/0001/barnehage 0");
    assert_string_equal(taken[1], "index fixture/2000/0003/barnehage 0");
    assert_string_equal(taken[2], "index fixture/2001/0003/barnehage 1");
    assert_string_equal(taken[3], "statistics fixture/2000/skole 0");
    assert_int_equal(totals.rows, 6);
    assert_int_equal(totals.withdrawn, 4);
    assert_int_equal(totals.withdrawn_by_topic[KF_TOPIC_INDEX], 2);
    assert_int_equal(totals.rows_by_topic[KF_TOPIC_INDEX], 4);
    kf_collected_destroy(&release);
}

static void a_rejected_panel_withdraws_nothing(void **state)
{
    static const struct standing before[] = {
        {KF_TOPIC_INDEX, "fixture/2001/0003/barnehage", true},
        {KF_TOPIC_INDEX, "fixture/2000/0003/barnehage", true},
    };
    struct kf_collected *release = fixture_release(RELEASE_A, 2);

    (void)state;
    standing = before;
    standing_len = 2;
    fixture_replace(release, 1, fixture_rejected(RELEASE_A, 1, 2));
    assert_int_equal(publish(release, "fixture/2000 fixture/2001", NULL), KF_OK);
    assert_int_equal(taken_len, 1);
    assert_string_equal(taken[0], "index fixture/2000/0003/barnehage 0");
    kf_collected_destroy(&release);
}

/* The keys of fixture_release, worked out as former.h says. */
static void print_keys(size_t members, char *text, size_t size)
{
    static const char *const index[] = {"fixture/2000/0001/barnehage",
                                        "fixture/2000/0002/barnehage"};
    static const char statistics[] = "fixture/2000/barnehage";
    struct kf_digest_sum rows = {0, 0};
    struct kf_digest_sum group = {0, 0};
    char rows_hex[KF_DIGEST_SIZE];
    char group_hex[KF_DIGEST_SIZE];

    for (size_t i = 0; i < members; i++) {
        kf_digest_sum_add(&rows, index[members - 1 - i], strlen(index[0]));
    }
    kf_digest_sum_add(&group, statistics, strlen(statistics));
    kf_digest_sum_print(&rows, rows_hex);
    kf_digest_sum_print(&group, group_hex);
    (void)snprintf(text, size, "fixture/2000 index=%s statistics=%s", rows_hex, group_hex);
}

static void the_same_keys_as_last_time_are_not_read_at_all(void **state)
{
    static const struct standing stale[] = {
        {KF_TOPIC_INDEX, "fixture/2000/0002/barnehage", true},
        {KF_TOPIC_INDEX, "fixture/2000/0003/barnehage", true},
    };
    struct kf_collected *release = fixture_release(RELEASE_A, 1);
    char keys[128];

    (void)state;
    standing = stale;
    standing_len = 2;
    print_keys(2, keys, sizeof keys);
    assert_int_equal(publish(release, "fixture/2000", keys), KF_OK);
    assert_int_equal(readings, 0);
    assert_int_equal(taken_len, 0);
    print_keys(1, keys, sizeof keys);
    assert_int_equal(publish(release, "fixture/2000", keys), KF_OK);
    assert_int_equal(readings, 1);
    assert_int_equal(taken_len, 1);
    kf_collected_destroy(&release);
}

static void a_first_release_reads_nothing(void **state)
{
    struct kf_collected *release = fixture_release(RELEASE_A, 1);

    (void)state;
    assert_int_equal(publish(release, "other/2000", NULL), KF_OK);
    assert_int_equal(readings, 0);
    kf_collected_destroy(&release);
}

static void topics_that_cannot_be_read_are_no_fault_of_a_panel(void **state)
{
    struct kf_collected *release = fixture_release(RELEASE_A, 1);

    (void)state;
    unreadable = true;
    assert_int_equal(publish(release, "fixture/2000", NULL), KF_ERR_PEER);
    assert_string_equal(err.text, "cannot be read");
    kf_collected_destroy(&release);
}

/* --- few keys at a time ---------------------------------------------------------------------- */

static enum kf_err take_key(void *context, size_t topic, uint32_t panel, const char *key,
                            struct kf_error *error)
{
    (void)context;
    (void)topic;
    (void)panel;
    (void)error;
    (void)snprintf(taken[taken_len++], sizeof taken[0], "%s", key);
    return KF_OK;
}

static enum kf_err withdraw(const struct kf_collected *release, size_t keys_max)
{
    struct kf_former *former = NULL;
    const struct kf_key_digests now = {.topics[KF_TOPIC_INDEX] = {1, 1}};
    char keys[128];

    print_keys(2, keys, sizeof keys);
    (void)snprintf(strchr(keys, ' '), 64, " index=%032d", 7);
    enum kf_err result = kf_former_new(release, &former, &err);
    if (result != KF_OK) {
        return result;
    }
    kf_former_take(former, 0, value("fixture/2000"), value(keys));
    const struct kf_withdraw_options options = {
        .release = release,
        .former = former,
        .now = &now,
        .read = read_topic,
        .take = take_key,
        .keys_max = keys_max,
    };
    result = kf_withdraw(&options, &err);
    kf_former_destroy(&former);
    return result;
}

static const struct standing six[] = {
    {KF_TOPIC_INDEX, "fixture/2000/0001/barnehage", true},
    {KF_TOPIC_INDEX, "fixture/2000/0003/barnehage", true},
    {KF_TOPIC_INDEX, "fixture/2000/0004/barnehage", true},
    {KF_TOPIC_INDEX, "fixture/2000/0005/barnehage", true},
    {KF_TOPIC_INDEX, "fixture/2000/0006/barnehage", true},
    {KF_TOPIC_INDEX, "fixture/2000/0007/barnehage", true},
};

static void more_keys_than_may_be_held_take_several_readings(void **state)
{
    struct kf_collected *release = fixture_release(RELEASE_A, 1);

    (void)state;
    standing = six;
    standing_len = 6;
    assert_int_equal(withdraw(release, 100), KF_OK);
    assert_int_equal(readings, 1);
    assert_int_equal(taken_len, 5);
    taken_len = 0;
    assert_int_equal(withdraw(release, 2), KF_OK);
    assert_true(readings > 4);
    assert_int_equal(taken_len, 5);
    for (char member = '3'; member <= '7'; member++) {
        size_t found = 0;
        for (size_t i = 0; i < taken_len; i++) {
            found += taken[i][strlen("fixture/2000/000")] == member;
        }
        assert_int_equal(found, 1);
    }
    kf_collected_destroy(&release);
}

static void without_memory_it_says_so_and_leaks_nothing(void **state)
{
    struct kf_collected *release = fixture_release(RELEASE_A, 1);
    enum kf_err result = KF_ERR_MEMORY;

    (void)state;
    standing = six;
    standing_len = 6;
    for (int64_t n = 0; result == KF_ERR_MEMORY; n++) {
        taken_len = 0;
        kf_memory_fail_after(n);
        result = withdraw(release, 100);
        kf_memory_fail_after(-1);
    }
    assert_int_equal(result, KF_OK);
    assert_int_equal(taken_len, 5);
    kf_collected_destroy(&release);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_the_topics_hold_and_the_release_has_not_is_withdrawn, setup),
        cmocka_unit_test_setup(a_rejected_panel_withdraws_nothing, setup),
        cmocka_unit_test_setup(the_same_keys_as_last_time_are_not_read_at_all, setup),
        cmocka_unit_test_setup(a_first_release_reads_nothing, setup),
        cmocka_unit_test_setup(topics_that_cannot_be_read_are_no_fault_of_a_panel, setup),
        cmocka_unit_test_setup(more_keys_than_may_be_held_take_several_readings, setup),
        cmocka_unit_test_setup(without_memory_it_says_so_and_leaks_nothing, setup),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
