/* Against the mock cluster: what is written and read. Shutting out is proved on a real Kafka. */
#include "services/publish/kafka_lease.h"

#include <string.h>

#include "tests/services/publish/mock_kafka.h"
#include "tests/support/cmocka.h"

static struct mock_kafka mock;
static struct kf_lease other;
static struct kf_kafka_errors errors;
static struct kf_error err;

static int setup(void **state)
{
    (void)state;
    mock_kafka_start(&mock);
    other = (struct kf_lease){.own = {"2-2", "elsewhere", "other", 0}};
    memset(&errors, 0, sizeof errors);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    mock_kafka_stop(&mock);
    return 0;
}

/* A session of that publisher, opened and closed. */
static enum kf_err session_of(struct kf_lease *lease)
{
    struct kf_kafka_settings settings = mock.settings;
    struct kf_kafka *session = NULL;

    settings.lease = lease;
    settings.transactional_id = lease->own.transactional_id;
    enum kf_err result = kf_kafka_open(&settings, &errors, &session, &err);
    kf_kafka_destroy(&session);
    return result;
}

static enum kf_err probe_of(struct kf_lease *lease)
{
    struct kf_kafka_settings settings = mock.settings;

    settings.lease = lease;
    return kf_kafka_probe(&settings, &err);
}

static size_t records(void)
{
    return mock_kafka_count(&mock, KF_TOPIC_PUBLISHER);
}

static void the_first_session_takes_the_lease_and_later_ones_only_read_it(void **state)
{
    (void)state;
    assert_int_equal(session_of(&mock.lease), KF_OK);
    assert_int_equal(mock.lease.state, KF_LEASE_HELD);
    assert_int_equal(mock.lease.own.epoch, 1);
    assert_string_equal(mock.lease.other.publisher, "");
    size_t written = records();
    assert_true(written > 0);
    assert_int_equal(session_of(&mock.lease), KF_OK);
    assert_int_equal(session_of(&mock.lease), KF_OK);
    assert_int_equal(records(), written);
}

static void a_probe_takes_nothing(void **state)
{
    (void)state;
    assert_int_equal(probe_of(&mock.lease), KF_OK);
    assert_int_equal(mock.lease.state, KF_LEASE_NEW);
    assert_int_equal(records(), 0);
}

static void who_starts_later_takes_over_and_the_other_stops_without_writing(void **state)
{
    (void)state;
    assert_int_equal(session_of(&mock.lease), KF_OK);
    assert_int_equal(session_of(&other), KF_OK);
    assert_int_equal(other.own.epoch, 2);
    assert_string_equal(other.other.transactional_id, "test");
    size_t written = records();
    assert_int_equal(session_of(&mock.lease), KF_ERR_PEER);
    assert_non_null(strstr(err.text, "replaced: publisher 2-2 on elsewhere"));
    assert_int_equal(mock.lease.state, KF_LEASE_LOST);
    assert_int_equal(session_of(&other), KF_OK);
    assert_int_equal(records(), written);
}

static void a_probe_finds_out_that_the_lease_is_lost(void **state)
{
    (void)state;
    assert_int_equal(session_of(&mock.lease), KF_OK);
    assert_int_equal(probe_of(&mock.lease), KF_OK);
    assert_int_equal(session_of(&other), KF_OK);
    assert_int_equal(probe_of(&mock.lease), KF_ERR_PEER);
    assert_non_null(strstr(err.text, "replaced"));
    assert_int_equal(mock.lease.state, KF_LEASE_LOST);
}

/* So that whoever has it is left in peace: a new producer of the same id would shut it out. */
static void once_it_is_lost_nobody_is_asked_any_more(void **state)
{
    struct kf_kafka_settings settings = mock.settings;
    struct kf_kafka *session = NULL;

    (void)state;
    settings.bootstrap_servers = "127.0.0.1:1";
    mock.lease.state = KF_LEASE_LOST;
    assert_int_equal(kf_kafka_open(&settings, &errors, &session, &err), KF_ERR_PEER);
    assert_non_null(strstr(err.text, "replaced"));
    assert_null(strstr(err.text, "127.0.0.1:1"));
    assert_int_equal(kf_kafka_probe(&settings, &err), KF_ERR_PEER);
    assert_non_null(strstr(err.text, "replaced"));
}

static void one_that_may_not_be_shut_out_keeps_the_lease_and_is_named(void **state)
{
    (void)state;
    assert_int_equal(session_of(&mock.lease), KF_OK);
    size_t written = records();
    /* The first is answered to its own producer, the second to the one that shuts out. */
    rd_kafka_mock_push_request_errors(mock.cluster, MOCK_INIT_PRODUCER_ID, 2,
                                      RD_KAFKA_RESP_ERR_NO_ERROR,
                                      RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
    assert_int_equal(session_of(&other), KF_ERR_PEER);
    assert_non_null(strstr(err.text, "transactional-id test"));
    assert_int_equal(records(), written);
    assert_int_equal(session_of(&mock.lease), KF_OK);
    assert_int_equal(session_of(&other), KF_OK);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(the_first_session_takes_the_lease_and_later_ones_only_read_it),
        TEST(a_probe_takes_nothing),
        TEST(who_starts_later_takes_over_and_the_other_stops_without_writing),
        TEST(a_probe_finds_out_that_the_lease_is_lost),
        TEST(once_it_is_lost_nobody_is_asked_any_more),
        TEST(one_that_may_not_be_shut_out_keeps_the_lease_and_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
