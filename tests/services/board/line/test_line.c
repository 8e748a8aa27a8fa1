/* The line as beats, ended connections and time make it. The clock is the test's. */
#include "services/board/line/line.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/cmocka.h"

#define WALL_MS 1773558000000 /* when the monotonic clock of the test shows 0 */

static struct kf_line *line;
static struct kf_error err;
static int64_t clock_ms;

static int begin(void **state)
{
    (void)state;
    clock_ms = 5000;
    line = kf_line_new();
    return line ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    kf_line_destroy(&line);
    return 0;
}

static struct kf_line_time now(void)
{
    return (struct kf_line_time){clock_ms, WALL_MS + clock_ms};
}

static void expect(const char *service, uint32_t instance, const char *endpoint)
{
    assert_int_equal(kf_line_expect(line, service, instance, endpoint, now(), &err), KF_OK);
}

static struct kf_status beat_of(const char *service, uint32_t instance)
{
    struct kf_status beat = {.instance = instance, .pid = 100, .state = KF_SERVICE_READY};
    (void)snprintf(beat.service, sizeof beat.service, "%s", service);
    return beat;
}

static void beat(const char *service, uint32_t instance, uint64_t panels_out)
{
    struct kf_status status = beat_of(service, instance);
    status.panels_out = panels_out;
    kf_line_beat(line, &status, now());
}

static const struct kf_line_stage *stage_at(size_t index)
{
    size_t count = 0;
    const struct kf_line_stage *stages = kf_line_stages(line, &count);
    assert_true(index < count);
    return &stages[index];
}

static size_t count_of(void)
{
    size_t count = 0;
    (void)kf_line_stages(line, &count);
    return count;
}

static void assert_stage(size_t index, const char *service, uint32_t instance,
                         enum kf_line_state state)
{
    const struct kf_line_stage *stage = stage_at(index);
    assert_string_equal(stage->service, service);
    assert_int_equal(stage->instance, instance);
    assert_string_equal(kf_line_state_name(stage->state), kf_line_state_name(state));
}

static void turn_at(int64_t ms)
{
    clock_ms = ms;
    kf_line_turn(line, now());
}

/* --- who stands where ------------------------------------------------------------------------ */

static void workers_stand_as_a_panel_walks_whatever_order_they_come_in(void **state)
{
    (void)state;
    beat("publish", 0, 0);
    beat("need", 10, 0);
    expect("ingest", 0, "ipc:///a");
    beat("need", 2, 0);
    beat("efficiency", 0, 0);
    expect("normalize", 0, "ipc:///b");
    beat("aggregate", 0, 0);
    assert_int_equal(count_of(), 7);
    assert_stage(0, "ingest", 0, KF_LINE_UNKNOWN);
    assert_stage(1, "need", 2, KF_LINE_READY);
    assert_stage(2, "need", 10, KF_LINE_READY);
    assert_stage(3, "normalize", 0, KF_LINE_UNKNOWN);
    assert_stage(4, "aggregate", 0, KF_LINE_READY);
    assert_stage(5, "efficiency", 0, KF_LINE_READY);
    assert_stage(6, "publish", 0, KF_LINE_READY);
    assert_string_equal(stage_at(0)->endpoint, "ipc:///a");
    assert_string_equal(stage_at(1)->endpoint, "");
}

static void who_is_no_stage_is_not_of_the_line(void **state)
{
    (void)state;
    beat("board", 0, 0);
    beat("watcher", 0, 0);
    beat("", 0, 0);
    assert_int_equal(count_of(), 0);
    assert_int_equal(kf_line_expect(line, "watcher", 0, "ipc:///a", now(), &err), KF_ERR_CONFIG);
    assert_int_equal(kf_line_expect(line, "pea", 0, "ipc:///a", now(), &err), KF_ERR_CONFIG);
}

static void the_line_has_an_end(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < KF_LINE_STAGES_MAX + 5; i++) {
        beat("need", i, 0);
    }
    assert_int_equal(count_of(), KF_LINE_STAGES_MAX);
    assert_int_equal(kf_line_expect(line, "ingest", 0, "ipc:///a", now(), &err), KF_ERR_LIMIT);
}

static void an_endpoint_that_is_too_long_is_refused(void **state)
{
    (void)state;
    char endpoint[KF_LINE_ENDPOINT_SIZE + 1];
    memset(endpoint, 'a', sizeof endpoint - 1);
    endpoint[sizeof endpoint - 1] = '\0';
    assert_int_equal(kf_line_expect(line, "need", 0, endpoint, now(), &err), KF_ERR_CONFIG);
    endpoint[sizeof endpoint - 2] = '\0';
    expect("need", 0, endpoint);
}

/* --- states ---------------------------------------------------------------------------------- */

static void a_beat_tells_the_state_and_everything_that_stands_in_it(void **state)
{
    (void)state;
    struct kf_status status = beat_of("need", 0);
    status.state = KF_SERVICE_WAITING;
    status.panels_in = 7;
    status.panels_rejected = 1;
    status.frames_refused = 2;
    status.in_progress = 3;
    (void)snprintf(status.detail, sizeof status.detail, "normalize takes no panels");
    memset(status.release, 'f', sizeof status.release - 1);
    kf_line_beat(line, &status, now());
    const struct kf_line_stage *stage = stage_at(0);
    assert_int_equal(stage->state, KF_LINE_WAITING);
    assert_string_equal(stage->detail, "normalize takes no panels");
    assert_true(stage->heard);
    assert_true(stage->beat_ms == WALL_MS + 5000);
    assert_int_equal(stage->pid, 100);
    assert_int_equal(stage->panels_in, 7);
    assert_int_equal(stage->panels_rejected, 1);
    assert_int_equal(stage->frames_refused, 2);
    assert_int_equal(stage->in_progress, 3);
    assert_string_equal(stage->release, status.release);
}

static void silence_for_a_second_and_a_half_is_told(void **state)
{
    (void)state;
    beat("need", 0, 0);
    assert_true(kf_line_deadline_ms(line) == 6500);
    turn_at(6499);
    assert_stage(0, "need", 0, KF_LINE_READY);
    turn_at(6500);
    assert_stage(0, "need", 0, KF_LINE_SILENT);
    assert_true(stage_at(0)->since_ms == WALL_MS + 6500);
    assert_non_null(strstr(stage_at(0)->detail, "no beat"));
    assert_true(kf_line_deadline_ms(line) == INT64_MAX);
}

static void beats_that_come_keep_a_stage_alive(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++) {
        beat("need", 0, 0);
        turn_at(clock_ms + 1400);
        assert_stage(0, "need", 0, KF_LINE_READY);
    }
}

static void a_beat_ends_the_silence(void **state)
{
    (void)state;
    beat("need", 0, 0);
    turn_at(9000);
    assert_stage(0, "need", 0, KF_LINE_SILENT);
    clock_ms = 9100;
    beat("need", 0, 0);
    assert_stage(0, "need", 0, KF_LINE_READY);
    assert_string_equal(stage_at(0)->detail, "");
    assert_true(stage_at(0)->since_ms == WALL_MS + 9100);
}

static void an_ended_connection_is_told_at_once(void **state)
{
    (void)state;
    expect("need", 0, "ipc:///need-0");
    expect("need", 1, "ipc:///need-1");
    beat("need", 0, 0);
    beat("need", 1, 0);
    kf_line_lost(line, "need", "ipc:///need-1", now());
    assert_stage(0, "need", 0, KF_LINE_READY);
    assert_stage(1, "need", 1, KF_LINE_GONE);
    turn_at(60000);
    assert_stage(0, "need", 0, KF_LINE_SILENT);
    assert_stage(1, "need", 1, KF_LINE_GONE);
}

static void whoever_is_silent_may_be_gone_and_come_back(void **state)
{
    (void)state;
    expect("need", 0, "ipc:///need-0");
    beat("need", 0, 0);
    turn_at(9000);
    kf_line_lost(line, "need", "ipc:///need-0", now());
    assert_stage(0, "need", 0, KF_LINE_GONE);
    beat("need", 0, 0);
    assert_stage(0, "need", 0, KF_LINE_READY);
}

static void who_was_never_heard_of_stays_unknown(void **state)
{
    (void)state;
    expect("need", 0, "ipc:///need-0");
    kf_line_lost(line, "need", "ipc:///need-0", now());
    turn_at(60000);
    assert_stage(0, "need", 0, KF_LINE_UNKNOWN);
    assert_false(stage_at(0)->heard);
}

/* libzmq tells an address where a host was named. */
static void an_end_elsewhere_is_the_only_workers_or_nobodys(void **state)
{
    (void)state;
    expect("need", 0, "tcp://need:5701");
    beat("need", 0, 0);
    kf_line_lost(line, "normalize", "tcp://10.0.0.2:5701", now());
    assert_stage(0, "need", 0, KF_LINE_READY);
    kf_line_lost(line, "need", "tcp://10.0.0.2:5701", now());
    assert_stage(0, "need", 0, KF_LINE_GONE);
    expect("need", 1, "tcp://need2:5701");
    beat("need", 0, 0);
    beat("need", 1, 0);
    kf_line_lost(line, "need", "tcp://10.0.0.2:5701", now());
    assert_stage(0, "need", 0, KF_LINE_READY);
    assert_stage(1, "need", 1, KF_LINE_READY);
}

static void a_stage_says_itself_since_when_it_is_what_it_is(void **state)
{
    (void)state;
    struct kf_status status = beat_of("need", 0);
    status.since_ms = WALL_MS - 60000;
    kf_line_beat(line, &status, now());
    assert_true(stage_at(0)->since_ms == WALL_MS - 60000);
    turn_at(9000);
    assert_true(stage_at(0)->since_ms == WALL_MS + 9000);
    status.since_ms = WALL_MS + 999999; /* another clock's future */
    kf_line_beat(line, &status, now());
    assert_true(stage_at(0)->since_ms == WALL_MS + 9000);
}

/* --- rates ----------------------------------------------------------------------------------- */

static void the_rate_is_that_of_the_last_ten_seconds(void **state)
{
    (void)state;
    uint64_t out = 0;
    beat("need", 0, 0);
    assert_false(stage_at(0)->has_rate);
    for (int i = 0; i < 40; i++) { /* 20 s with 3 panels every half second */
        clock_ms += 500;
        out += 3;
        beat("need", 0, out);
    }
    assert_true(stage_at(0)->has_rate);
    assert_true(stage_at(0)->rate == 6.0);
    for (int i = 0; i < 10; i++) { /* then 5 s without */
        clock_ms += 500;
        beat("need", 0, out);
    }
    assert_true(stage_at(0)->rate == 3.0);
    for (int i = 0; i < 10; i++) {
        clock_ms += 500;
        beat("need", 0, out);
    }
    assert_true(stage_at(0)->rate == 0.0);
}

static void who_started_anew_counts_anew(void **state)
{
    (void)state;
    beat("need", 0, 1000);
    clock_ms += 500;
    beat("need", 0, 1001);
    assert_true(stage_at(0)->rate == 1.0); /* over at least a second */
    clock_ms += 500;
    beat("need", 0, 0);
    assert_false(stage_at(0)->has_rate);
    struct kf_status status = beat_of("need", 0);
    status.panels_out = 5000;
    status.pid = 101;
    kf_line_beat(line, &status, now());
    assert_false(stage_at(0)->has_rate);
}

static void who_is_silent_has_no_rate(void **state)
{
    (void)state;
    beat("need", 0, 0);
    clock_ms += 500;
    beat("need", 0, 5);
    turn_at(9000);
    assert_false(stage_at(0)->has_rate);
}

/* --- ingest and publish ---------------------------------------------------------------------- */

static void beat_of_ingest(uint32_t instance, uint32_t window)
{
    struct kf_status status = beat_of("ingest", instance);
    status.has_ingest = true;
    status.ingest.window = window;
    kf_line_beat(line, &status, now());
}

static void beat_of_publish(uint32_t instance, enum kf_status_kafka kafka)
{
    struct kf_status status = beat_of("publish", instance);
    status.has_publish = true;
    status.publish.kafka = kafka;
    kf_line_beat(line, &status, now());
}

static void assert_kafka(enum kf_status_kafka kafka)
{
    assert_non_null(kf_line_publish(line));
    assert_int_equal(kf_line_publish(line)->kafka, kafka);
}

static void what_ingest_and_publish_tell_stands_while_they_live(void **state)
{
    (void)state;
    assert_null(kf_line_ingest(line));
    assert_null(kf_line_publish(line));
    assert_false(kf_line_answers(line, "publish"));
    beat_of_ingest(0, 8);
    beat_of_publish(0, KF_STATUS_KAFKA_CONNECTED);
    assert_int_equal(kf_line_ingest(line)->window, 8);
    assert_kafka(KF_STATUS_KAFKA_CONNECTED);
    uint64_t before = kf_line_changes(line);
    kf_line_lost(line, "publish", "ipc:///p", now());
    assert_null(kf_line_publish(line));
    assert_true(kf_line_changes(line) > before);
    assert_int_equal(kf_line_ingest(line)->window, 8);
    turn_at(clock_ms + KF_LINE_SILENT_MS);
    assert_null(kf_line_ingest(line));
    assert_false(kf_line_answers(line, "ingest"));
    beat_of_publish(0, KF_STATUS_KAFKA_CONNECTING);
    assert_kafka(KF_STATUS_KAFKA_CONNECTING);
    assert_true(kf_line_answers(line, "publish"));
}

static void a_life_that_tells_nothing_takes_back_what_the_one_before_told(void **state)
{
    (void)state;
    beat_of_publish(0, KF_STATUS_KAFKA_CONNECTED);
    beat("publish", 0, 0); /* of an older program */
    assert_null(kf_line_publish(line));
}

static void what_ingest_told_last_is_kept_for_its_phases(void **state)
{
    (void)state;
    assert_null(kf_line_last_ingest(line));
    beat_of_ingest(1, 8);
    clock_ms += 500;
    beat_of_ingest(0, 4);
    kf_line_lost(line, "ingest", "", now());
    turn_at(clock_ms + KF_LINE_SILENT_MS);
    assert_null(kf_line_ingest(line));
    assert_int_equal(kf_line_last_ingest(line)->window, 4);
    beat_of_ingest(1, 9);
    assert_int_equal(kf_line_last_ingest(line)->window, 9);
}

static void a_publisher_that_was_replaced_says_nothing_while_another_publishes(void **state)
{
    (void)state;
    beat_of_publish(0, KF_STATUS_KAFKA_CONNECTED);
    beat_of_publish(1, KF_STATUS_KAFKA_CONNECTED);
    beat_of_publish(0, KF_STATUS_KAFKA_REPLACED);
    assert_kafka(KF_STATUS_KAFKA_CONNECTED);
    beat_of_publish(1, KF_STATUS_KAFKA_PUBLISHING);
    beat_of_publish(0, KF_STATUS_KAFKA_REPLACED);
    assert_kafka(KF_STATUS_KAFKA_PUBLISHING);
    beat_of_publish(2, KF_STATUS_KAFKA_LOST);
    beat_of_publish(1, KF_STATUS_KAFKA_CONNECTED);
    assert_kafka(KF_STATUS_KAFKA_LOST);
    clock_ms += KF_LINE_SILENT_MS;
    beat_of_publish(0, KF_STATUS_KAFKA_REPLACED);
    kf_line_turn(line, now());
    assert_kafka(KF_STATUS_KAFKA_REPLACED); /* nobody else is alive */
}

/* --- changes --------------------------------------------------------------------------------- */

static void only_what_is_new_is_a_change(void **state)
{
    (void)state;
    struct kf_status status = beat_of("ingest", 0);
    status.has_ingest = true;
    kf_line_beat(line, &status, now());
    uint64_t before = kf_line_changes(line);
    clock_ms += 500;
    kf_line_beat(line, &status, now());
    kf_line_turn(line, now());
    assert_true(kf_line_changes(line) == before);
    status.ingest.in_flight = 1;
    kf_line_beat(line, &status, now());
    assert_true(kf_line_changes(line) > before);
    before = kf_line_changes(line);
    turn_at(clock_ms + KF_LINE_SILENT_MS);
    assert_true(kf_line_changes(line) > before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
        TEST(workers_stand_as_a_panel_walks_whatever_order_they_come_in),
        TEST(who_is_no_stage_is_not_of_the_line),
        TEST(the_line_has_an_end),
        TEST(an_endpoint_that_is_too_long_is_refused),
        TEST(a_beat_tells_the_state_and_everything_that_stands_in_it),
        TEST(silence_for_a_second_and_a_half_is_told),
        TEST(beats_that_come_keep_a_stage_alive),
        TEST(a_beat_ends_the_silence),
        TEST(an_ended_connection_is_told_at_once),
        TEST(whoever_is_silent_may_be_gone_and_come_back),
        TEST(who_was_never_heard_of_stays_unknown),
        TEST(an_end_elsewhere_is_the_only_workers_or_nobodys),
        TEST(a_stage_says_itself_since_when_it_is_what_it_is),
        TEST(the_rate_is_that_of_the_last_ten_seconds),
        TEST(who_started_anew_counts_anew),
        TEST(who_is_silent_has_no_rate),
        TEST(what_ingest_and_publish_tell_stands_while_they_live),
        TEST(a_life_that_tells_nothing_takes_back_what_the_one_before_told),
        TEST(what_ingest_told_last_is_kept_for_its_phases),
        TEST(a_publisher_that_was_replaced_says_nothing_while_another_publishes),
        TEST(only_what_is_new_is_a_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
