#include "services/publish/job.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/bus/socket.h"
#include "tests/services/publish/mock_kafka.h"
#include "tests/services/publish/release_fixture.h"
#include "tests/support/cmocka.h"

#define PATIENCE_MS 30000

static struct mock_kafka mock;
static struct kf_publication_options options;
static struct kf_error err;

static int setup(void **state)
{
    (void)state;
    mock_kafka_start(&mock);
    options = (struct kf_publication_options){&mock.topics, KF_ENCODING_JSON};
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    mock_kafka_stop(&mock);
    return 0;
}

/* Waits as the loop does: for the descriptor. */
static struct kf_job_outcome wait_for(struct kf_job *job)
{
    struct kf_job_outcome outcome;
    struct kf_poll_item item = {.descriptor = kf_job_descriptor(job), .want_in = true};

    assert_int_equal(kf_poll(&item, 1, PATIENCE_MS, &err), KF_OK);
    assert_true(item.in);
    assert_true(kf_job_finish(job, &outcome));
    assert_false(kf_job_running(job));
    return outcome;
}

static struct kf_job_outcome publish(struct kf_job *job, const char *release)
{
    struct kf_collected *collected = fixture_release(release, 2);

    assert_int_equal(kf_job_start(job, &collected, &err), KF_OK);
    assert_null(collected);
    assert_true(kf_job_running(job));
    assert_string_equal(kf_job_release(job), release);
    assert_true(kf_job_started_ms(job) > 0);
    return wait_for(job);
}

static void a_release_is_published_on_the_thread_and_comes_back(void **state)
{
    struct kf_job *job = kf_job_new(&mock.settings, &options);

    (void)state;
    struct kf_job_outcome outcome = publish(job, RELEASE_A);
    assert_int_equal(outcome.code, KF_OK);
    assert_false(outcome.result.known_before);
    assert_int_equal(outcome.result.summary.rows, 6);
    assert_string_equal(kf_collected_release(outcome.release)->id, RELEASE_A);
    kf_collected_destroy(&outcome.release);
    kf_job_destroy(&job);
    assert_int_equal(mock_kafka_count(&mock, KF_TOPIC_INDEX), 4);
    assert_int_equal(mock_kafka_count(&mock, KF_TOPIC_STATISTICS), 2);
    assert_int_equal(mock_kafka_count(&mock, KF_TOPIC_RELEASE), 1);
}

static void the_same_release_again_adds_nothing_and_another_one_does(void **state)
{
    struct kf_job *job = kf_job_new(&mock.settings, &options);

    (void)state;
    struct kf_job_outcome first = publish(job, RELEASE_A);
    struct kf_job_outcome again = publish(job, RELEASE_A);
    struct kf_job_outcome other = publish(job, RELEASE_B);
    assert_true(again.result.known_before);
    assert_int_equal(again.result.summary.rows, 6);
    assert_false(other.result.known_before);
    assert_int_equal(mock_kafka_count(&mock, KF_TOPIC_INDEX), 8);
    assert_int_equal(mock_kafka_count(&mock, KF_TOPIC_RELEASE), 2);
    kf_collected_destroy(&first.release);
    kf_collected_destroy(&again.release);
    kf_collected_destroy(&other.release);
    kf_job_destroy(&job);
}

static void a_failed_publication_gives_the_release_back_for_the_next_attempt(void **state)
{
    struct kf_job *job = kf_job_new(&mock.settings, &options);

    (void)state;
    rd_kafka_mock_broker_set_down(mock.cluster, 1);
    struct kf_job_outcome failed = publish(job, RELEASE_A);
    assert_int_equal(failed.code, KF_ERR_PEER);
    assert_non_null(failed.release);
    rd_kafka_mock_broker_set_up(mock.cluster, 1);
    assert_int_equal(kf_job_start(job, &failed.release, &err), KF_OK);
    struct kf_job_outcome outcome = wait_for(job);
    assert_int_equal(outcome.code, KF_OK);
    kf_collected_destroy(&outcome.release);
    kf_job_destroy(&job);
}

static void without_a_release_the_brokers_are_probed(void **state)
{
    struct kf_job *job = kf_job_new(&mock.settings, &options);
    struct kf_collected *none = NULL;

    (void)state;
    assert_int_equal(kf_job_start(job, &none, &err), KF_OK);
    assert_string_equal(kf_job_release(job), "");
    struct kf_job_outcome outcome = wait_for(job);
    assert_int_equal(outcome.code, KF_OK);
    assert_null(outcome.release);
    kf_job_destroy(&job);
}

static void a_job_that_runs_can_be_abandoned(void **state)
{
    atomic_int stop = KF_KAFKA_GO;
    struct kf_job *job;
    struct kf_collected *release = fixture_release(RELEASE_A, 2);
    int64_t start_ms = kf_clock_monotonic_ms();

    (void)state;
    mock.settings.stop = &stop;
    mock.settings.step_ms = 60000;
    rd_kafka_mock_broker_set_rtt(mock.cluster, 1, 60000);
    job = kf_job_new(&mock.settings, &options);
    assert_int_equal(kf_job_start(job, &release, &err), KF_OK);
    struct kf_job_outcome outcome;
    assert_false(kf_job_finish(job, &outcome));
    atomic_store(&stop, KF_KAFKA_ABANDON);
    kf_job_destroy(&job);
    assert_true(kf_clock_monotonic_ms() - start_ms < 20000);
}

static void without_memory_there_is_no_job(void **state)
{
    (void)state;
    kf_memory_fail_after(0);
    assert_null(kf_job_new(&mock.settings, &options));
    kf_memory_fail_after(-1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_release_is_published_on_the_thread_and_comes_back),
        TEST(the_same_release_again_adds_nothing_and_another_one_does),
        TEST(a_failed_publication_gives_the_release_back_for_the_next_attempt),
        TEST(without_a_release_the_brokers_are_probed),
        TEST(a_job_that_runs_can_be_abandoned),
        TEST(without_memory_there_is_no_job),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
