/* The follower on a mock cluster: whose topics the store holds, and what it waits for. */
#include "services/board/store/follower.h"

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <stdlib.h>
#include <string.h>

#include "common/kafka/topics.h"
#include "services/board/store/store_tables.h"
#include "tests/services/board/store/stream.h"
#include "tests/services/ingest/scratch.h"
#include "tests/services/publish/release_fixture.h"
#include "tests/support/cmocka.h"

#define SILENCE_MS 30000
#define FLUSH_MS   30000

#define CLUSTERS_MAX 16

static struct scratch scratch;
static struct kf_board_store *store;
static rd_kafka_t *owner; /* of all clusters */
static rd_kafka_mock_cluster_t *clusters[CLUSTERS_MAX];
static size_t clusters_len;
static rd_kafka_mock_cluster_t *cluster;
static rd_kafka_t *writer;
static struct kf_error err;

static rd_kafka_t *producer(const char *servers)
{
    char text[256];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    assert_int_equal(rd_kafka_conf_set(conf, "log_level", "0", text, sizeof text), 0);
    if (servers) {
        assert_int_equal(rd_kafka_conf_set(conf, "bootstrap.servers", servers, text, sizeof text),
                         0);
    }
    rd_kafka_t *client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof text);
    assert_non_null(client);
    return client;
}

/* The library stops a cluster in a second: those that have served stand until the program ends. */
static void start_cluster(void)
{
    assert_true(clusters_len < CLUSTERS_MAX);
    owner = owner ? owner : producer(NULL);
    cluster = clusters[clusters_len++] = rd_kafka_mock_cluster_new(owner, 1);
    assert_non_null(cluster);
    writer = producer(rd_kafka_mock_cluster_bootstraps(cluster));
}

static void leave_cluster(void)
{
    rd_kafka_destroy(writer);
}

/* The writer would ask for topics that it does not know once a second. */
static void tell_writer_of_topics(void)
{
    const struct rd_kafka_metadata *metadata = NULL;
    assert_int_equal(rd_kafka_metadata(writer, 1, NULL, &metadata, FLUSH_MS), 0);
    rd_kafka_metadata_destroy(metadata);
}

/* Makes the topics of a prefix, but not `without`. */
static void make_topics(const char *prefix, size_t without)
{
    struct kf_topic_set topics;
    assert_int_equal(kf_topic_set_init(&topics, prefix, &err), KF_OK);
    for (size_t i = 0; i < KF_TOPICS_ALL; i++) {
        if (topics.names[i][0] && i != without) {
            assert_int_equal(rd_kafka_mock_topic_create(cluster, topics.names[i], 1, 1), 0);
        }
    }
    tell_writer_of_topics();
}

static void write_records(const char *prefix, const struct stream *stream, size_t length)
{
    struct kf_topic_set topics;
    assert_int_equal(kf_topic_set_init(&topics, prefix, &err), KF_OK);
    for (size_t i = 0; i < length; i++) {
        const struct stream_record *record = &stream->list[i];
        assert_int_equal(rd_kafka_producev(writer, RD_KAFKA_V_TOPIC(topics.names[record->topic]),
                                           RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                                           RD_KAFKA_V_KEY(record->key, strlen(record->key)),
                                           RD_KAFKA_V_VALUE(record->value, record->length),
                                           RD_KAFKA_V_END),
                         RD_KAFKA_RESP_ERR_NO_ERROR);
    }
    assert_int_equal(rd_kafka_flush(writer, FLUSH_MS), RD_KAFKA_RESP_ERR_NO_ERROR);
}

/* Topics with these releases, one panel each, in their order. */
static void write_releases(const char *prefix, const char *const *ids, size_t length)
{
    struct stream stream = {.length = 0};
    for (size_t i = 0; i < length; i++) {
        stream_publish(&stream, stream_release(ids[i], 1, 101), KF_ENCODING_JSON, false);
    }
    make_topics(prefix, KF_TOPICS_ALL);
    write_records(prefix, &stream, stream.length);
    stream_clear(&stream);
}

static struct kf_board_follower *follower_new(const char *prefix)
{
    const struct kf_board_follower_options options = {
        .bootstrap_servers = rd_kafka_mock_cluster_bootstraps(cluster),
        .topic_prefix = prefix,
        .client_id = "test",
    };
    struct kf_board_follower *follower = NULL;
    assert_int_equal(kf_board_follower_new(store, &options, &follower, &err), KF_OK);
    return follower;
}

static void read_topics(const char *prefix)
{
    struct kf_board_follower *follower = follower_new(prefix);
    if (kf_board_follower_run(follower, SILENCE_MS, NULL, NULL, &err) != KF_OK) {
        fail_msg("%s", err.text);
    }
    kf_board_follower_destroy(&follower);
}

static int64_t number(const char *sql)
{
    int64_t value = -1;
    assert_int_equal(kf_database_number(&store->base, sql, &value, &err), KF_OK);
    return value;
}

static const char *shown(void)
{
    static struct kf_board_panel panel;
    enum kf_err code = kf_board_store_panel(store, "fixture", 2000, &panel, &err);
    assert_true(code == KF_OK || code == KF_ERR_AGAIN);
    return code == KF_OK ? panel.release : "";
}

/* What readers know a state by: answers are kept for as long as it stays. */
static uint64_t changes(void)
{
    struct kf_board_totals totals;
    assert_int_equal(kf_board_store_totals(store, &totals, &err), KF_OK);
    return totals.changes;
}

static int set_up(void **state)
{
    (void)state;
    scratch_make(&scratch);
    start_cluster();
    assert_int_equal(kf_board_store_open(scratch_path(&scratch, "board.db"), &store, &err), KF_OK);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    kf_board_store_destroy(&store);
    leave_cluster();
    scratch_remove(&scratch);
    return 0;
}

/* --- whose topics ---------------------------------------------------------------------------- */

static const char *const first[] = {RELEASE_A};
static const char *const equal[] = {RELEASE_B};
static const char *const longer[] = {RELEASE_B, RELEASE_C};

static void another_cluster(const char *const *ids, size_t length)
{
    leave_cluster();
    start_cluster();
    write_releases("t", ids, length);
    read_topics("t");
}

static void the_same_topics_are_read_on_and_not_anew(void **state)
{
    struct stream stream = {.length = 0};
    (void)state;
    write_releases("t", first, 1);
    read_topics("t");
    int64_t arrival = number("SELECT max(number) FROM arrivals");
    uint64_t before = changes();
    read_topics("t");
    assert_int_equal(changes(), before);
    stream_publish(&stream, stream_release(RELEASE_B, 1, 102), KF_ENCODING_JSON, false);
    write_records("t", &stream, stream.length);
    stream_clear(&stream);
    read_topics("t");
    assert_string_equal(shown(), RELEASE_B);
    assert_true(changes() > before);
    assert_int_equal(number("SELECT count(*) FROM manifests"), 2);
    assert_int_equal(number("SELECT min(number) FROM arrivals"), arrival);
}

static void topics_as_long_with_another_release_are_read_anew(void **state)
{
    (void)state;
    write_releases("t", first, 1);
    read_topics("t");
    assert_string_equal(shown(), RELEASE_A);
    another_cluster(equal, 1);
    assert_string_equal(shown(), RELEASE_B);
    assert_int_equal(number("SELECT count(*) FROM manifests"), 1);
}

static void longer_topics_with_other_releases_are_read_anew(void **state)
{
    (void)state;
    write_releases("t", first, 1);
    read_topics("t");
    another_cluster(longer, 2);
    assert_string_equal(shown(), RELEASE_C);
    assert_int_equal(number("SELECT count(*) FROM manifests"), 2);
    assert_int_equal(number("SELECT count(*) FROM manifests WHERE release = '" RELEASE_A "'"), 0);
}

static void
topics_where_nothing_stands_in_the_place_of_the_first_manifest_are_read_anew(void **state)
{
    (void)state;
    write_releases("t", first, 1);
    read_topics("t");
    uint64_t before = changes();
    another_cluster(NULL, 0);
    assert_string_equal(shown(), "");
    assert_true(changes() > before);
    assert_int_equal(number("SELECT count(*) FROM manifests"), 0);
}

static void a_store_of_another_prefix_is_emptied(void **state)
{
    (void)state;
    write_releases("t", first, 1);
    read_topics("t");
    write_releases("u", NULL, 0);
    read_topics("u");
    assert_string_equal(shown(), "");
    assert_int_equal(number("SELECT count(*) FROM manifests"), 0);
    assert_int_equal(number("SELECT count(*) FROM positions WHERE topic LIKE 't.%'"), 0);
}

/* --- what is waited for ---------------------------------------------------------------------- */

static void write_without(const char *prefix, size_t without)
{
    struct stream stream = {.length = 0};
    stream_publish(&stream, stream_release(RELEASE_A, 1, 101), KF_ENCODING_JSON, false);
    make_topics(prefix, without);
    write_records(prefix, &stream, stream.length - 1); /* the manifest is the last */
    stream_clear(&stream);
}

static void rows_without_a_manifest_are_dropped_after_long(void **state)
{
    (void)state;
    write_without("t", KF_TOPICS_ALL);
    read_topics("t");
    assert_int_equal(number("SELECT count(*) FROM arrivals WHERE state = 0"), 1);
    assert_int_equal(kf_database_run(&store->base, "UPDATE arrivals SET since_ms = 0", "x", &err),
                     KF_OK);
    read_topics("t");
    assert_int_equal(number("SELECT count(*) FROM arrivals WHERE state = 0"), 0);
}

static void they_are_kept_while_the_topic_of_manifests_is_not_there(void **state)
{
    (void)state;
    write_without("t", KF_TOPIC_RELEASE);
    read_topics("t");
    assert_int_equal(kf_database_run(&store->base, "UPDATE arrivals SET since_ms = 0", "x", &err),
                     KF_OK);
    read_topics("t");
    assert_int_equal(number("SELECT count(*) FROM arrivals WHERE state = 0"), 1);
}

static void brokers_that_take_their_time_are_waited_for(void **state)
{
    (void)state;
    write_releases("t", first, 1);
    assert_int_equal(rd_kafka_mock_broker_set_rtt(cluster, 1, 250), 0);
    read_topics("t");
    assert_string_equal(shown(), RELEASE_A);
}

/* A single late answer is not told as trouble. */
static void one_late_answer_is_no_trouble(void **state)
{
    (void)state;
    struct kf_board_progress progress = {.state = KF_BOARD_READING};
    write_releases("t", first, 1);
    assert_int_equal(rd_kafka_mock_broker_set_rtt(cluster, 1, 60000), 0);
    struct kf_board_follower *follower = follower_new("t");
    assert_int_equal(kf_board_follower_poll(follower, 0, &progress, &err), KF_OK);
    assert_int_equal(progress.state, KF_BOARD_READING);
    while (progress.state == KF_BOARD_READING) {
        assert_int_equal(kf_board_follower_poll(follower, 50, &progress, &err), KF_OK);
    }
    assert_int_equal(progress.state, KF_BOARD_WAITING);
    kf_board_follower_destroy(&follower);
}

static enum kf_err stop(void *context, const struct kf_board_progress *progress,
                        struct kf_error *error)
{
    (void)context;
    (void)progress;
    return kf_error_set(error, KF_ERR_AGAIN, "stopped");
}

static void whoever_watches_a_run_may_end_it(void **state)
{
    (void)state;
    struct kf_board_follower *follower = follower_new("t");
    assert_int_equal(kf_board_follower_run(follower, SILENCE_MS, stop, NULL, &err), KF_ERR_AGAIN);
    assert_string_equal(err.text, "stopped");
    kf_board_follower_destroy(&follower);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_same_topics_are_read_on_and_not_anew),
        TEST(topics_as_long_with_another_release_are_read_anew),
        TEST(longer_topics_with_other_releases_are_read_anew),
        TEST(topics_where_nothing_stands_in_the_place_of_the_first_manifest_are_read_anew),
        TEST(a_store_of_another_prefix_is_emptied),
        TEST(rows_without_a_manifest_are_dropped_after_long),
        TEST(they_are_kept_while_the_topic_of_manifests_is_not_there),
        TEST(brokers_that_take_their_time_are_waited_for),
        TEST(one_late_answer_is_no_trouble),
        TEST(whoever_watches_a_run_may_end_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
