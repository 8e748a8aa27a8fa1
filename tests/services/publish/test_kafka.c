#include "services/publish/kafka.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/memory.h"
#include "services/publish/kafka_client.h"
#include "tests/services/publish/mock_kafka.h"
#include "tests/services/publish/release_fixture.h"
#include "tests/support/cmocka.h"

static struct mock_kafka mock;
static struct kf_kafka_errors errors;
static struct kf_error err;

static int setup(void **state)
{
    (void)state;
    mock_kafka_start(&mock);
    memset(&errors, 0, sizeof errors);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    mock_kafka_stop(&mock);
    return 0;
}

static struct kf_kafka *open_session(void)
{
    struct kf_kafka *session = NULL;
    enum kf_err result = kf_kafka_open(&mock.settings, &errors, &session, &err);

    if (result != KF_OK) {
        fail_msg("%s", err.text);
    }
    return session;
}

static enum kf_err produce(struct kf_kafka *session, size_t topic, const char *key,
                           const struct kf_header *headers, size_t headers_len)
{
    const struct kf_record record = {
        .topic = topic,
        .key = key,
        .key_length = strlen(key),
        .value = "{}",
        .value_length = 2,
        .headers = headers,
        .headers_len = headers_len,
    };

    return kf_kafka_produce(session, &record, &err);
}

static struct kf_header header(const char *name, const char *value)
{
    return (struct kf_header){name, value, strlen(value)};
}

static enum kf_err produce_manifest(struct kf_kafka *session, const char *release,
                                    const char *state, const char *panels)
{
    const struct kf_header headers[] = {header("kf-state", state), header("kf-rows", "12"),
                                        header("kf-panels-rejected", "1"),
                                        header("kf-panels", panels)};

    return produce(session, KF_TOPIC_RELEASE, release, headers, 4);
}

static void publish_manifest(const char *release, const char *state, const char *panels)
{
    struct kf_kafka *session = open_session();

    assert_int_equal(kf_kafka_begin(session, &err), KF_OK);
    assert_int_equal(produce_manifest(session, release, state, panels), KF_OK);
    assert_int_equal(kf_kafka_commit(session, &err), KF_OK);
    kf_kafka_destroy(&session);
}

/* Looks for `release`, whose panels are fixture/2000 and fixture/2001. */
static struct kf_kafka_found look(const char *release)
{
    struct kf_collected *collected = fixture_release(release, 2);
    struct kf_former *former = NULL;
    struct kf_kafka_found found;
    struct kf_kafka *session = open_session();

    assert_int_equal(kf_former_new(collected, &former, &err), KF_OK);
    enum kf_err result = kf_kafka_look(session, release, former, &found, &err);
    if (result != KF_OK) {
        fail_msg("%s", err.text);
    }
    kf_former_destroy(&former);
    kf_collected_destroy(&collected);
    kf_kafka_destroy(&session);
    return found;
}

static void looking_at_topics_that_are_new_and_empty_ends_and_finds_nothing(void **state)
{
    struct kf_kafka_found found = look(RELEASE_A);

    (void)state;
    assert_false(found.known);
    assert_string_equal(found.previous_release, "");
}

static void a_published_release_is_found_with_its_summary(void **state)
{
    (void)state;
    publish_manifest(RELEASE_A, "committed", "fixture/2000");
    struct kf_kafka_found found = look(RELEASE_A);
    assert_true(found.known);
    assert_int_equal(found.summary.state, KF_RELEASE_COMMITTED);
    assert_int_equal(found.summary.rows, 12);
    assert_int_equal(found.summary.panels_rejected, 1);
    assert_string_equal(found.previous_release, "");
}

static void the_previous_release_is_the_last_one_that_published_any_of_the_panels(void **state)
{
    (void)state;
    publish_manifest(RELEASE_C, "committed", "other/2000 fixture/2001");
    publish_manifest("00000000000000000000000000000001", "committed", "other/2000");
    publish_manifest("00000000000000000000000000000002", "rejected", "fixture/2001");
    struct kf_kafka_found found = look(RELEASE_A);
    assert_false(found.known);
    assert_string_equal(found.previous_release, RELEASE_C);
}

static void a_manifest_without_headers_still_says_that_the_release_is_there(void **state)
{
    struct kf_kafka *session = open_session();

    (void)state;
    assert_int_equal(kf_kafka_begin(session, &err), KF_OK);
    assert_int_equal(produce(session, KF_TOPIC_RELEASE, RELEASE_A, NULL, 0), KF_OK);
    assert_int_equal(kf_kafka_commit(session, &err), KF_OK);
    kf_kafka_destroy(&session);
    struct kf_kafka_found found = look(RELEASE_A);
    assert_true(found.known);
    assert_int_equal(found.summary.state, KF_RELEASE_COMMITTED);
}

struct seen {
    char keys[4][32];
    bool live[4];
    size_t length;
};

static enum kf_err see(void *context, const char *key, size_t length, bool live,
                       struct kf_error *error)
{
    struct seen *seen = context;

    if (seen->length == 4) {
        return kf_error_set(error, KF_ERR_LIMIT, "enough");
    }
    memcpy(seen->keys[seen->length], key, length);
    seen->live[seen->length++] = live;
    return KF_OK;
}

static void withdraw(struct kf_kafka *session, const char *key)
{
    const struct kf_record record = {
        .topic = KF_TOPIC_INDEX, .key = key, .key_length = strlen(key), .value = NULL};

    assert_int_equal(kf_kafka_produce(session, &record, &err), KF_OK);
}

static void keys_are_read_with_whether_they_have_a_value(void **state)
{
    struct kf_kafka *session = open_session();
    struct seen seen = {.length = 0};
    const struct kf_key_visitor visitor = {see, &seen};

    (void)state;
    assert_int_equal(kf_kafka_begin(session, &err), KF_OK);
    assert_int_equal(produce(session, KF_TOPIC_INDEX, "a", NULL, 0), KF_OK);
    withdraw(session, "a");
    assert_int_equal(kf_kafka_commit(session, &err), KF_OK);
    kf_kafka_destroy(&session);
    session = open_session();
    assert_int_equal(kf_kafka_read_keys(session, KF_TOPIC_INDEX, &visitor, &err), KF_OK);
    assert_int_equal(seen.length, 2);
    assert_string_equal(seen.keys[0], "a");
    assert_true(seen.live[0]);
    assert_string_equal(seen.keys[1], "a");
    assert_false(seen.live[1]);
    seen.length = 3;
    assert_int_equal(kf_kafka_read_keys(session, KF_TOPIC_INDEX, &visitor, &err), KF_ERR_LIMIT);
    assert_string_equal(err.text, "enough");
    kf_kafka_destroy(&session);
}

static void a_stand_in_that_tells_no_settings_of_topics_is_believed(void **state)
{
    struct kf_kafka_topic_check check = {.mode = KF_TOPIC_CHECK_STRICT};

    (void)state;
    mock.settings.topic_check = &check;
    if (kf_kafka_probe(&mock.settings, &err) != KF_OK) {
        fail_msg("%s", err.text);
    }
    assert_true(check.passed);
}

static void more_records_than_the_queue_holds_all_arrive(void **state)
{
    const size_t count = 30000;
    struct kf_kafka *session = open_session();

    (void)state;
    assert_int_equal(kf_kafka_begin(session, &err), KF_OK);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(produce(session, KF_TOPIC_INDEX, "key", NULL, 0), KF_OK);
    }
    assert_int_equal(kf_kafka_commit(session, &err), KF_OK);
    kf_kafka_destroy(&session);
    assert_int_equal(mock_kafka_count(&mock, KF_TOPIC_INDEX), count);
}

static void probing_succeeds_when_topics_cannot_be_made_by_request(void **state)
{
    (void)state;
    assert_int_equal(kf_kafka_probe(&mock.settings, &err), KF_OK);
}

static void a_missing_topic_that_may_not_be_made_is_told_by_name(void **state)
{
    (void)state;
    mock.settings.create_topics = false;
    rd_kafka_mock_topic_set_error(mock.cluster, "t.need.v1",
                                  RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART);
    assert_int_equal(kf_kafka_probe(&mock.settings, &err), KF_ERR_PEER);
    assert_non_null(strstr(err.text, "t.need.v1"));
    assert_non_null(strstr(err.text, "create-topics"));
}

static void an_absent_broker_is_told_within_seconds_with_its_address_and_the_reason(void **state)
{
    int64_t start_ms = kf_clock_monotonic_ms();

    (void)state;
    mock.settings.bootstrap_servers = "127.0.0.1:1";
    mock.settings.step_ms = 60000;
    assert_int_equal(kf_kafka_probe(&mock.settings, &err), KF_ERR_PEER);
    assert_non_null(strstr(err.text, "no Kafka at 127.0.0.1:1"));
    assert_non_null(strstr(err.text, "Connection refused"));
    assert_null(strstr(err.text, "after"));
    assert_true(kf_clock_monotonic_ms() - start_ms < mock.settings.step_ms / 2);
}

static void a_stop_ends_the_wait_for_an_absent_broker(void **state)
{
    atomic_int stop = KF_KAFKA_DRAIN;
    int64_t start_ms = kf_clock_monotonic_ms();

    (void)state;
    mock.settings.bootstrap_servers = "127.0.0.1:1";
    mock.settings.step_ms = 60000;
    mock.settings.stop = &stop;
    assert_int_equal(kf_kafka_probe(&mock.settings, &err), KF_ERR_PEER);
    assert_true(kf_clock_monotonic_ms() - start_ms < mock.settings.step_ms / 2);
}

static void a_broker_that_comes_back_is_found_again(void **state)
{
    (void)state;
    rd_kafka_mock_broker_set_down(mock.cluster, 1);
    assert_int_equal(kf_kafka_probe(&mock.settings, &err), KF_ERR_PEER);
    rd_kafka_mock_broker_set_up(mock.cluster, 1);
    publish_manifest(RELEASE_A, "committed", "fixture/2000");
    assert_true(look(RELEASE_A).known);
}

static void a_broker_that_is_away_for_a_moment_in_a_transaction_costs_only_that_moment(void **state)
{
    struct kf_kafka *session = open_session();

    (void)state;
    assert_int_equal(kf_kafka_begin(session, &err), KF_OK);
    assert_int_equal(produce_manifest(session, RELEASE_A, "committed", ""), KF_OK);
    rd_kafka_mock_broker_set_down(mock.cluster, 1);
    assert_int_equal(produce(session, KF_TOPIC_INDEX, "key", NULL, 0), KF_OK);
    rd_kafka_mock_broker_set_up(mock.cluster, 1);
    assert_int_equal(kf_kafka_commit(session, &err), KF_OK);
    kf_kafka_destroy(&session);
    assert_true(look(RELEASE_A).known);
}

/* An error on a request, and what must come of the publication. */
struct fault {
    int16_t request;
    rd_kafka_resp_err_t error;
    size_t times;
};

/* One record, begun and committed; the first failure is returned. */
static enum kf_err publish_one(void)
{
    struct kf_kafka *session = NULL;
    enum kf_err result = kf_kafka_open(&mock.settings, &errors, &session, &err);

    if (result == KF_OK) {
        result = kf_kafka_begin(session, &err);
    }
    if (result == KF_OK) {
        result = produce(session, KF_TOPIC_INDEX, "key", NULL, 0);
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

static void errors_that_pass_are_outlived(void **state)
{
    static const struct fault faults[] = {
        {MOCK_INIT_PRODUCER_ID, RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS, 2},
        {MOCK_INIT_PRODUCER_ID, RD_KAFKA_RESP_ERR_NOT_COORDINATOR, 2},
        {MOCK_INIT_PRODUCER_ID, RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS, 2},
        {MOCK_FIND_COORDINATOR, RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE, 2},
        {MOCK_ADD_PARTITIONS, RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS, 2},
        {MOCK_ADD_PARTITIONS, RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE, 1},
        {MOCK_PRODUCE, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS, 2},
        {MOCK_PRODUCE, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, 1},
        {MOCK_END_TXN, RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS, 2},
        {MOCK_END_TXN, RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE, 1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        mock_kafka_fail(&mock, faults[i].request, faults[i].times, faults[i].error);
        if (publish_one() != KF_OK) {
            fail_msg("request %d, error %s: %s", faults[i].request,
                     rd_kafka_err2name(faults[i].error), err.text);
        }
    }
    assert_int_equal(errors.fatal, 0);
}

static void errors_that_end_a_transaction_are_told_and_a_new_session_succeeds(void **state)
{
    static const struct fault faults[] = {
        {MOCK_INIT_PRODUCER_ID, RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED, 1},
        {MOCK_INIT_PRODUCER_ID, RD_KAFKA_RESP_ERR_INVALID_TRANSACTION_TIMEOUT, 1},
        {MOCK_ADD_PARTITIONS, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, 1},
        {MOCK_ADD_PARTITIONS, RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH, 1},
        {MOCK_ADD_PARTITIONS, RD_KAFKA_RESP_ERR_INVALID_TXN_STATE, 1},
        {MOCK_PRODUCE, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, 1},
        {MOCK_PRODUCE, RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, 1},
        {MOCK_PRODUCE, RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH, 1},
        {MOCK_END_TXN, RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH, 1},
        {MOCK_END_TXN, RD_KAFKA_RESP_ERR_INVALID_TXN_STATE, 1},
        {MOCK_END_TXN, RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED, 1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        mock_kafka_fail(&mock, faults[i].request, faults[i].times, faults[i].error);
        uint64_t before = errors.abortable + errors.fatal;
        if (publish_one() != KF_ERR_PEER || errors.abortable + errors.fatal == before) {
            fail_msg("request %d, error %s is not told", faults[i].request,
                     rd_kafka_err2name(faults[i].error));
        }
        rd_kafka_mock_clear_request_errors(mock.cluster, faults[i].request);
        if (publish_one() != KF_OK) {
            fail_msg("after request %d, error %s: %s", faults[i].request,
                     rd_kafka_err2name(faults[i].error), err.text);
        }
    }
}

static void a_record_refused_for_good_is_told_with_its_panel_and_topic(void **state)
{
    const struct kf_record record = {
        .panel = 7, .topic = KF_TOPIC_INDEX, .key = "key", .key_length = 3, .value = "{}"};
    struct kf_kafka *session = open_session();
    uint32_t panel = 0;

    (void)state;
    mock_kafka_fail(&mock, MOCK_PRODUCE, 1, RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE);
    assert_int_equal(kf_kafka_begin(session, &err), KF_OK);
    assert_int_equal(kf_kafka_produce(session, &record, &err), KF_OK);
    assert_int_equal(kf_kafka_commit(session, &err), KF_ERR_PEER);
    assert_non_null(strstr(err.text, "t.index.v1"));
    assert_non_null(strstr(err.text, "max.message.bytes"));
    kf_kafka_abort(session);
    assert_true(kf_kafka_refused(session, &panel));
    assert_int_equal(panel, 7);
    kf_kafka_destroy(&session);
    assert_int_equal(publish_one(), KF_OK);
}

static void a_record_larger_than_the_library_takes_is_refused_for_good(void **state)
{
    static char value[9000000];
    const struct kf_record record = {.panel = 3,
                                     .topic = KF_TOPIC_INDEX,
                                     .key = "key",
                                     .key_length = 3,
                                     .value = value,
                                     .value_length = sizeof value};
    struct kf_kafka *session = open_session();
    uint32_t panel = 0;

    (void)state;
    assert_int_equal(kf_kafka_begin(session, &err), KF_OK);
    assert_int_equal(kf_kafka_produce(session, &record, &err), KF_ERR_PEER);
    assert_true(kf_kafka_refused(session, &panel));
    assert_int_equal(panel, 3);
    kf_kafka_abort(session);
    kf_kafka_destroy(&session);
}

static void a_failure_that_may_pass_is_no_refusal(void **state)
{
    struct kf_kafka *session = open_session();
    uint32_t panel = 0;

    (void)state;
    mock_kafka_fail(&mock, MOCK_PRODUCE, 1, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED);
    assert_int_equal(kf_kafka_begin(session, &err), KF_OK);
    assert_int_equal(produce(session, KF_TOPIC_INDEX, "key", NULL, 0), KF_OK);
    assert_int_equal(kf_kafka_commit(session, &err), KF_ERR_PEER);
    assert_false(kf_kafka_refused(session, &panel));
    kf_kafka_abort(session);
    kf_kafka_destroy(&session);
}

static void the_reader_never_resets_an_offset_quietly(void **state)
{
    struct kf_kafka_client client;
    char value[32] = "";
    size_t size = sizeof value;

    (void)state;
    assert_int_equal(kf_kafka_client_open(&client, KF_KAFKA_READER, &mock.settings, &err), KF_OK);
    assert_int_equal(
        rd_kafka_conf_get(rd_kafka_conf(client.handle), "auto.offset.reset", value, &size),
        RD_KAFKA_CONF_OK);
    assert_string_equal(value, "error");
    kf_kafka_client_close(&client);
}

static void a_commit_without_an_answer_is_given_up_in_time_and_counted_as_unknown(void **state)
{
    struct kf_kafka *session;
    int64_t start_ms;

    (void)state;
    mock.settings.transaction_timeout_ms = 2000;
    session = open_session();
    assert_int_equal(kf_kafka_begin(session, &err), KF_OK);
    assert_int_equal(produce_manifest(session, RELEASE_A, "committed", ""), KF_OK);
    start_ms = kf_clock_monotonic_ms();
    rd_kafka_mock_broker_set_rtt(mock.cluster, 1, 30000);
    assert_int_equal(kf_kafka_commit(session, &err), KF_ERR_PEER);
    assert_true(kf_clock_monotonic_ms() - start_ms < 25000); /* before the answer */
    assert_int_equal(errors.unknown + errors.abortable, 1);
    kf_kafka_destroy(&session);
}

static void wrong_settings_are_told_by_name_and_without_their_value(void **state)
{
    struct kf_kafka_options options = {.length = 1};

    (void)state;
    options.list[0] = (struct kf_kafka_option){"sasl.pasword", "hemmelig"};
    mock.settings.options = &options;
    assert_int_equal(kf_kafka_check(&mock.settings, &err), KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, "sasl.pasword"));
    assert_null(strstr(err.text, "hemmelig"));
    options.length = 0;
    assert_int_equal(kf_kafka_check(&mock.settings, &err), KF_OK);
}

static void without_memory_there_is_no_session(void **state)
{
    struct kf_kafka *session = NULL;

    (void)state;
    kf_memory_fail_after(0);
    assert_int_equal(kf_kafka_open(&mock.settings, &errors, &session, &err), KF_ERR_MEMORY);
    kf_memory_fail_after(-1);
    assert_null(session);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(looking_at_topics_that_are_new_and_empty_ends_and_finds_nothing),
        TEST(a_published_release_is_found_with_its_summary),
        TEST(the_previous_release_is_the_last_one_that_published_any_of_the_panels),
        TEST(a_manifest_without_headers_still_says_that_the_release_is_there),
        TEST(keys_are_read_with_whether_they_have_a_value),
        TEST(a_stand_in_that_tells_no_settings_of_topics_is_believed),
        TEST(more_records_than_the_queue_holds_all_arrive),
        TEST(probing_succeeds_when_topics_cannot_be_made_by_request),
        TEST(a_missing_topic_that_may_not_be_made_is_told_by_name),
        TEST(an_absent_broker_is_told_within_seconds_with_its_address_and_the_reason),
        TEST(a_stop_ends_the_wait_for_an_absent_broker),
        TEST(a_broker_that_comes_back_is_found_again),
        TEST(a_broker_that_is_away_for_a_moment_in_a_transaction_costs_only_that_moment),
        TEST(errors_that_pass_are_outlived),
        TEST(errors_that_end_a_transaction_are_told_and_a_new_session_succeeds),
        TEST(a_record_refused_for_good_is_told_with_its_panel_and_topic),
        TEST(a_record_larger_than_the_library_takes_is_refused_for_good),
        TEST(a_failure_that_may_pass_is_no_refusal),
        TEST(the_reader_never_resets_an_offset_quietly),
        TEST(a_commit_without_an_answer_is_given_up_in_time_and_counted_as_unknown),
        TEST(wrong_settings_are_told_by_name_and_without_their_value),
        TEST(without_memory_there_is_no_session),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
