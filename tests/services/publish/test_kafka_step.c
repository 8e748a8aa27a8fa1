/* Every error that Kafka gives to a request that publishing needs, retriable, abortable or fatal by
 * Kafka's protocol guide and the transactional protocol: what passes is outlived within one
 * session, what does not is told, and the next session succeeds. Never a crash, a hang, or a
 * success without a manifest. */
#include "services/publish/kafka_step.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/memory.h"
#include "tests/services/publish/mock_kafka.h"
#include "tests/services/publish/release_fixture.h"
#include "tests/support/cmocka.h"

#define HANG_MS 30000
#define BROKERS 3

static struct mock_kafka mock;
static struct kf_kafka_errors errors;
static struct kf_error err;

static size_t manifests; /* as of the last count */

static void start(int brokers)
{
    mock_kafka_start_brokers(&mock, brokers);
    mock.settings.step_ms = 8000;
    memset(&errors, 0, sizeof errors);
    manifests = 0;
}

static int setup(void **state)
{
    (void)state;
    start(1);
    return 0;
}

static int setup_several(void **state)
{
    (void)state;
    start(BROKERS);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    mock_kafka_stop(&mock);
    return 0;
}

/* --- one publication ------------------------------------------------------------------------- */

static enum kf_err produce(struct kf_kafka *session, size_t topic, const char *key)
{
    const struct kf_record record = {
        .topic = topic, .key = key, .key_length = strlen(key), .value = "{}", .value_length = 2};

    return kf_kafka_produce(session, &record, &err);
}

static enum kf_err look(struct kf_kafka *session)
{
    struct kf_collected *release = fixture_release(RELEASE_B, 1);
    struct kf_former *former = NULL;
    struct kf_kafka_found found;

    assert_int_equal(kf_former_new(release, &former, &err), KF_OK);
    enum kf_err result = kf_kafka_look(session, RELEASE_B, former, &found, &err);
    kf_former_destroy(&former);
    kf_collected_destroy(&release);
    return result;
}

static enum kf_err begin_and_write(struct kf_kafka *session)
{
    enum kf_err result = look(session);

    if (result == KF_OK) {
        result = kf_kafka_begin(session, &err);
    }
    if (result == KF_OK) {
        result = produce(session, KF_TOPIC_INDEX, "key");
    }
    return result == KF_OK ? produce(session, KF_TOPIC_RELEASE, RELEASE_A) : result;
}

static enum kf_err publish_one(void)
{
    struct kf_kafka *session = NULL;
    enum kf_err result = kf_kafka_open(&mock.settings, &errors, &session, &err);

    if (result == KF_OK) {
        result = begin_and_write(session);
    }
    if (result == KF_OK) {
        result = kf_kafka_commit(session, &err);
    }
    if (result != KF_OK && session != NULL) {
        kf_kafka_abort(session);
    }
    kf_kafka_destroy(&session);
    return result;
}

static void must_publish(const char *what)
{
    enum kf_err result = publish_one();

    if (result != KF_OK) {
        fail_msg("%s: %s", what, err.text);
    }
}

/* --- errors ---------------------------------------------------------------------------------- */

/* EITHER: the library may try again or give up; both lead to a whole release. */
enum class { PASSES, ENDS, EITHER };

struct fault {
    int16_t request;
    enum class class;
    rd_kafka_resp_err_t error;
};

#define E(name) RD_KAFKA_RESP_ERR_##name

static const struct fault faults[] = {
    {MOCK_METADATA, PASSES, E(LEADER_NOT_AVAILABLE)},
    {MOCK_METADATA, PASSES, E(UNKNOWN_TOPIC_OR_PART)},
    {MOCK_METADATA, PASSES, E(_TRANSPORT)},
    {MOCK_FIND_COORDINATOR, PASSES, E(COORDINATOR_NOT_AVAILABLE)},
    {MOCK_FIND_COORDINATOR, PASSES, E(COORDINATOR_LOAD_IN_PROGRESS)},
    {MOCK_FIND_COORDINATOR, PASSES, E(REQUEST_TIMED_OUT)},
    {MOCK_FIND_COORDINATOR, PASSES, E(_TRANSPORT)},
    {MOCK_FIND_COORDINATOR, ENDS, E(TRANSACTIONAL_ID_AUTHORIZATION_FAILED)},
    {MOCK_FIND_COORDINATOR, ENDS, E(CLUSTER_AUTHORIZATION_FAILED)},
    {MOCK_FIND_COORDINATOR, EITHER, E(INVALID_REQUEST)},
    {MOCK_INIT_PRODUCER_ID, PASSES, E(COORDINATOR_LOAD_IN_PROGRESS)},
    {MOCK_INIT_PRODUCER_ID, PASSES, E(COORDINATOR_NOT_AVAILABLE)},
    {MOCK_INIT_PRODUCER_ID, PASSES, E(NOT_COORDINATOR)},
    {MOCK_INIT_PRODUCER_ID, PASSES, E(CONCURRENT_TRANSACTIONS)},
    {MOCK_INIT_PRODUCER_ID, PASSES, E(REQUEST_TIMED_OUT)},
    {MOCK_INIT_PRODUCER_ID, PASSES, E(_TRANSPORT)},
    {MOCK_INIT_PRODUCER_ID, ENDS, E(TRANSACTIONAL_ID_AUTHORIZATION_FAILED)},
    {MOCK_INIT_PRODUCER_ID, ENDS, E(CLUSTER_AUTHORIZATION_FAILED)},
    {MOCK_INIT_PRODUCER_ID, ENDS, E(INVALID_TRANSACTION_TIMEOUT)},
    {MOCK_INIT_PRODUCER_ID, EITHER, E(UNSUPPORTED_VERSION)},
    {MOCK_INIT_PRODUCER_ID, EITHER, E(INVALID_REQUEST)},
    {MOCK_INIT_PRODUCER_ID, ENDS, E(PRODUCER_FENCED)},
    {MOCK_ADD_PARTITIONS, PASSES, E(COORDINATOR_LOAD_IN_PROGRESS)},
    {MOCK_ADD_PARTITIONS, PASSES, E(COORDINATOR_NOT_AVAILABLE)},
    {MOCK_ADD_PARTITIONS, PASSES, E(NOT_COORDINATOR)},
    {MOCK_ADD_PARTITIONS, PASSES, E(CONCURRENT_TRANSACTIONS)},
    {MOCK_ADD_PARTITIONS, PASSES, E(UNKNOWN_TOPIC_OR_PART)},
    {MOCK_ADD_PARTITIONS, PASSES, E(_TRANSPORT)},
    {MOCK_ADD_PARTITIONS, ENDS, E(TOPIC_AUTHORIZATION_FAILED)},
    {MOCK_ADD_PARTITIONS, ENDS, E(TRANSACTIONAL_ID_AUTHORIZATION_FAILED)},
    {MOCK_ADD_PARTITIONS, ENDS, E(INVALID_PRODUCER_EPOCH)},
    {MOCK_ADD_PARTITIONS, ENDS, E(PRODUCER_FENCED)},
    {MOCK_ADD_PARTITIONS, ENDS, E(INVALID_PRODUCER_ID_MAPPING)},
    {MOCK_ADD_PARTITIONS, ENDS, E(UNKNOWN_PRODUCER_ID)},
    {MOCK_ADD_PARTITIONS, ENDS, E(INVALID_TXN_STATE)},
    {MOCK_ADD_PARTITIONS, ENDS, E(OPERATION_NOT_ATTEMPTED)},
    {MOCK_PRODUCE, EITHER, E(INVALID_MSG)},
    {MOCK_PRODUCE, PASSES, E(UNKNOWN_TOPIC_OR_PART)},
    {MOCK_PRODUCE, PASSES, E(LEADER_NOT_AVAILABLE)},
    {MOCK_PRODUCE, PASSES, E(NOT_LEADER_FOR_PARTITION)},
    {MOCK_PRODUCE, PASSES, E(REQUEST_TIMED_OUT)},
    {MOCK_PRODUCE, PASSES, E(NOT_ENOUGH_REPLICAS)},
    {MOCK_PRODUCE, PASSES, E(NOT_ENOUGH_REPLICAS_AFTER_APPEND)},
    {MOCK_PRODUCE, PASSES, E(KAFKA_STORAGE_ERROR)},
    {MOCK_PRODUCE, PASSES, E(_TRANSPORT)},
    {MOCK_PRODUCE, ENDS, E(MSG_SIZE_TOO_LARGE)},
    {MOCK_PRODUCE, ENDS, E(RECORD_LIST_TOO_LARGE)},
    {MOCK_PRODUCE, ENDS, E(INVALID_RECORD)},
    {MOCK_PRODUCE, ENDS, E(TOPIC_AUTHORIZATION_FAILED)},
    {MOCK_PRODUCE, ENDS, E(CLUSTER_AUTHORIZATION_FAILED)},
    {MOCK_PRODUCE, ENDS, E(POLICY_VIOLATION)},
    {MOCK_PRODUCE, ENDS, E(UNSUPPORTED_FOR_MESSAGE_FORMAT)},
    {MOCK_PRODUCE, ENDS, E(OUT_OF_ORDER_SEQUENCE_NUMBER)},
    {MOCK_PRODUCE, ENDS, E(INVALID_PRODUCER_EPOCH)},
    {MOCK_PRODUCE, ENDS, E(PRODUCER_FENCED)},
    {MOCK_PRODUCE, ENDS, E(UNKNOWN_PRODUCER_ID)},
    {MOCK_PRODUCE, ENDS, E(INVALID_TXN_STATE)},
    {MOCK_PRODUCE, ENDS, E(INVALID_TIMESTAMP)},
    {MOCK_END_TXN, PASSES, E(COORDINATOR_LOAD_IN_PROGRESS)},
    {MOCK_END_TXN, PASSES, E(COORDINATOR_NOT_AVAILABLE)},
    {MOCK_END_TXN, PASSES, E(NOT_COORDINATOR)},
    {MOCK_END_TXN, PASSES, E(CONCURRENT_TRANSACTIONS)},
    {MOCK_END_TXN, EITHER, E(REQUEST_TIMED_OUT)},
    {MOCK_END_TXN, PASSES, E(_TRANSPORT)},
    {MOCK_END_TXN, ENDS, E(TRANSACTIONAL_ID_AUTHORIZATION_FAILED)},
    {MOCK_END_TXN, ENDS, E(INVALID_PRODUCER_EPOCH)},
    {MOCK_END_TXN, ENDS, E(PRODUCER_FENCED)},
    {MOCK_END_TXN, ENDS, E(INVALID_PRODUCER_ID_MAPPING)},
    {MOCK_END_TXN, ENDS, E(UNKNOWN_PRODUCER_ID)},
    {MOCK_END_TXN, ENDS, E(INVALID_TXN_STATE)},
    {MOCK_LIST_OFFSETS, PASSES, E(LEADER_NOT_AVAILABLE)},
    {MOCK_LIST_OFFSETS, PASSES, E(NOT_LEADER_FOR_PARTITION)},
    {MOCK_LIST_OFFSETS, EITHER, E(UNKNOWN_TOPIC_OR_PART)},
    {MOCK_LIST_OFFSETS, PASSES, E(OFFSET_NOT_AVAILABLE)},
    {MOCK_LIST_OFFSETS, PASSES, E(FENCED_LEADER_EPOCH)},
    {MOCK_LIST_OFFSETS, PASSES, E(KAFKA_STORAGE_ERROR)},
    {MOCK_LIST_OFFSETS, PASSES, E(_TRANSPORT)},
    {MOCK_FETCH, PASSES, E(NOT_LEADER_FOR_PARTITION)},
    {MOCK_FETCH, PASSES, E(LEADER_NOT_AVAILABLE)},
    {MOCK_FETCH, PASSES, E(REPLICA_NOT_AVAILABLE)},
    {MOCK_FETCH, PASSES, E(FENCED_LEADER_EPOCH)},
    {MOCK_FETCH, PASSES, E(KAFKA_STORAGE_ERROR)},
    {MOCK_FETCH, PASSES, E(OFFSET_NOT_AVAILABLE)},
    {MOCK_FETCH, PASSES, E(_TRANSPORT)},
    {MOCK_FETCH, ENDS, E(TOPIC_AUTHORIZATION_FAILED)},
    {MOCK_FETCH, ENDS, E(OFFSET_OUT_OF_RANGE)},
};

static void judge(const struct fault *fault)
{
    char what[160];
    int64_t start_ms = kf_clock_monotonic_ms();
    size_t before = manifests;

    (void)snprintf(what, sizeof what, "request %d, %s", fault->request,
                   rd_kafka_err2name(fault->error));
    memset(&errors, 0, sizeof errors);
    err.text[0] = '\0';
    mock_kafka_fail(&mock, fault->request, 1, fault->error);
    enum kf_err result = publish_one();
    rd_kafka_mock_clear_request_errors(mock.cluster, fault->request);
    bool told = err.text[0] != '\0';
    if (fault->class == PASSES && result != KF_OK) {
        fail_msg("%s: %s", what, err.text);
    }
    if (result != KF_OK) {
        must_publish(what);
    }
    manifests = mock_kafka_count(&mock, KF_TOPIC_RELEASE);
    if (manifests <= before) {
        fail_msg("%s: a success without a manifest", what);
    }
    if (fault->class == ENDS && (result != KF_ERR_PEER || !told)) {
        fail_msg("%s is not told: %d", what, result);
    }
    if (kf_clock_monotonic_ms() - start_ms > HANG_MS) {
        fail_msg("%s: took %d s", what, (int)((kf_clock_monotonic_ms() - start_ms) / 1000));
    }
}

static void each_error_passes_or_is_told_by_its_class(void **state)
{
    (void)state;
    must_publish("first");
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        judge(&faults[i]);
    }
}

/* "That record is here already": the library believes it, as it must. From a broker that has not
 * got it, nobody could know better. */
static bool is_broken_promise(int16_t request, int code)
{
    return request == MOCK_PRODUCE && code == RD_KAFKA_RESP_ERR_DUPLICATE_SEQUENCE_NUMBER;
}

/* Every code that Kafka has, on every request. Takes minutes: with KF_ALL_ERRORS in the environment
 * alone. */
static void no_error_at_all_makes_it_crash_hang_or_lie(void **state)
{
    static const int16_t requests[] = {MOCK_PRODUCE,          MOCK_FETCH,
                                       MOCK_LIST_OFFSETS,     MOCK_METADATA,
                                       MOCK_FIND_COORDINATOR, MOCK_INIT_PRODUCER_ID,
                                       MOCK_ADD_PARTITIONS,   MOCK_END_TXN};

    (void)state;
    must_publish("first");
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        for (int code = RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE; code < RD_KAFKA_RESP_ERR_END_ALL;
             code++) {
            if (!is_broken_promise(requests[i], code)) {
                judge(&(struct fault){requests[i], EITHER, (rd_kafka_resp_err_t)code});
            }
        }
    }
}

/* The first session takes the lease, with transactions of its own. */
static void an_error_while_the_lease_is_taken_passes_or_is_told_too(void **state)
{
    static const struct fault some[] = {
        {MOCK_ADD_PARTITIONS, PASSES, E(CONCURRENT_TRANSACTIONS)},
        {MOCK_ADD_PARTITIONS, ENDS, E(TOPIC_AUTHORIZATION_FAILED)},
        {MOCK_PRODUCE, PASSES, E(NOT_ENOUGH_REPLICAS)},
        {MOCK_PRODUCE, ENDS, E(TOPIC_AUTHORIZATION_FAILED)},
        {MOCK_END_TXN, PASSES, E(COORDINATOR_LOAD_IN_PROGRESS)},
        {MOCK_END_TXN, ENDS, E(INVALID_PRODUCER_EPOCH)},
        {MOCK_FETCH, ENDS, E(TOPIC_AUTHORIZATION_FAILED)},
    };

    (void)state;
    must_publish("first");
    for (size_t i = 0; i < sizeof some / sizeof some[0]; i++) {
        (void)snprintf(mock.lease.own.publisher, sizeof mock.lease.own.publisher, "%zu-1", i + 2);
        mock.lease.state = KF_LEASE_NEW;
        judge(&some[i]);
        assert_int_equal(mock.lease.state, KF_LEASE_HELD);
        assert_int_equal(mock.lease.own.epoch, i + 2);
    }
}

/* --- errors that stay ------------------------------------------------------------------------ */

static void an_error_that_stays_is_told_in_time_by_what_was_being_done(void **state)
{
    static const struct {
        struct fault fault;
        const char *doing;
    } staying[] = {
        {{MOCK_INIT_PRODUCER_ID, PASSES, E(COORDINATOR_LOAD_IN_PROGRESS)}, "preparing"},
        {{MOCK_FIND_COORDINATOR, PASSES, E(COORDINATOR_NOT_AVAILABLE)}, "preparing"},
        {{MOCK_END_TXN, PASSES, E(COORDINATOR_LOAD_IN_PROGRESS)}, "committing"},
        {{MOCK_ADD_PARTITIONS, PASSES, E(CONCURRENT_TRANSACTIONS)}, "committing"},
        {{MOCK_PRODUCE, PASSES, E(NOT_ENOUGH_REPLICAS)}, "committing"},
    };

    (void)state;
    mock.settings.step_ms = 3000;
    mock.settings.transaction_timeout_ms = 3000;
    must_publish("first");
    for (size_t i = 0; i < sizeof staying / sizeof staying[0]; i++) {
        const struct fault *fault = &staying[i].fault;
        int64_t start_ms = kf_clock_monotonic_ms();
        mock_kafka_fail(&mock, fault->request, 2000, fault->error);
        assert_int_equal(publish_one(), KF_ERR_PEER);
        rd_kafka_mock_clear_request_errors(mock.cluster, fault->request);
        if (strstr(err.text, staying[i].doing) == NULL) {
            fail_msg("request %d: %s", fault->request, err.text);
        }
        assert_true(kf_clock_monotonic_ms() - start_ms < HANG_MS);
        must_publish(staying[i].doing);
    }
}

/* --- leaders and delays ---------------------------------------------------------------------- */

static void move(size_t topic, int32_t broker)
{
    for (int32_t partition = 0; partition < 4; partition++) {
        assert_int_equal(rd_kafka_mock_partition_set_leader(mock.cluster, mock.topics.names[topic],
                                                            partition, broker),
                         RD_KAFKA_RESP_ERR_NO_ERROR);
    }
}

/* A leader and a coordinator that move between writing and committing, or between two sessions. */
static void leaders_and_coordinators_that_move_cost_nothing_but_time(void **state)
{
    struct kf_kafka *session = NULL;

    (void)state;
    must_publish("first");
    for (int32_t broker = 1; broker <= BROKERS; broker++) {
        assert_int_equal(kf_kafka_open(&mock.settings, &errors, &session, &err), KF_OK);
        assert_int_equal(begin_and_write(session), KF_OK);
        move(KF_TOPIC_INDEX, broker);
        move(KF_TOPIC_RELEASE, broker);
        move(KF_TOPIC_PUBLISHER, broker);
        assert_int_equal(rd_kafka_mock_coordinator_set(mock.cluster, "transaction", "test", broker),
                         RD_KAFKA_RESP_ERR_NO_ERROR);
        assert_int_equal(produce(session, KF_TOPIC_INDEX, "after"), KF_OK);
        if (kf_kafka_commit(session, &err) != KF_OK) {
            fail_msg("moved to %d: %s", broker, err.text);
        }
        kf_kafka_destroy(&session);
    }
    assert_true(mock_kafka_count(&mock, KF_TOPIC_RELEASE) >= 1 + BROKERS);
    assert_int_equal(errors.fatal, 0);
}

static void a_partition_without_a_leader_is_told_by_topic_and_used_when_it_has_one(void **state)
{
    (void)state;
    must_publish("first");
    move(KF_TOPIC_INDEX, -1);
    mock.settings.create_topics = false;
    mock.settings.step_ms = 3000;
    assert_int_equal(publish_one(), KF_ERR_PEER);
    if (strstr(err.text, "t.index.v1") == NULL) {
        fail_msg("%s", err.text);
    }
    move(KF_TOPIC_INDEX, 1);
    mock.settings.step_ms = 8000;
    must_publish("with a leader again");
}

static void a_slow_broker_is_waited_for(void **state)
{
    (void)state;
    must_publish("first");
    rd_kafka_mock_broker_set_rtt(mock.cluster, 1, 200);
    mock.settings.step_ms = 15000;
    must_publish("slow");
    assert_int_equal(errors.fatal + errors.abortable + errors.unknown, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(each_error_passes_or_is_told_by_its_class),
        TEST(an_error_while_the_lease_is_taken_passes_or_is_told_too),
        TEST(an_error_that_stays_is_told_in_time_by_what_was_being_done),
        TEST(a_partition_without_a_leader_is_told_by_topic_and_used_when_it_has_one),
        cmocka_unit_test_setup_teardown(leaders_and_coordinators_that_move_cost_nothing_but_time,
                                        setup_several, teardown),
        TEST(a_slow_broker_is_waited_for),
    };
    const struct CMUnitTest long_ones[] = {
        TEST(no_error_at_all_makes_it_crash_hang_or_lie),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    return getenv("KF_ALL_ERRORS") == NULL ? failed
                                           : failed + cmocka_run_group_tests(long_ones, NULL, NULL);
}
