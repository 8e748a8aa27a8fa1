#include "tests/support/cmocka.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/bus/frame.h"
#include "common/service/pulse.h"

static struct kf_metrics *metrics;
static struct kf_pulse pulse;
static struct kf_text page;

static int begin(void **state)
{
    (void)state;
    metrics = kf_metrics_new();
    kf_pulse_init(&pulse, "need", 2, metrics);
    pulse.stall_limit_ms = 2000;
    kf_text_init(&page, 65536);
    return metrics ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    kf_text_clear(&page);
    kf_pulse_clear(&pulse);
    kf_metrics_destroy(&metrics);
    return 0;
}

static bool ask(bool readiness)
{
    kf_text_reset(&page);
    return kf_pulse_health(&pulse, readiness, &page);
}

static void a_service_is_alive_before_it_is_ready(void **state)
{
    (void)state;
    assert_true(ask(false));
    assert_string_equal(page.bytes, "alive\n");
    assert_false(ask(true));
    assert_string_equal(page.bytes, "starting\n");
    kf_pulse_set_state(&pulse, KF_SERVICE_READY, "");
    assert_true(ask(true));
    assert_string_equal(page.bytes, "ready\n");
}

static void waiting_says_for_what(void **state)
{
    (void)state;
    kf_pulse_set_state(&pulse, KF_SERVICE_WAITING, "Kafka at localhost:9092");
    assert_true(ask(false));
    assert_false(ask(true));
    assert_string_equal(page.bytes, "waiting: Kafka at localhost:9092\n");
    kf_text_reset(&page);
    kf_metrics_print(metrics, &page);
    assert_non_null(strstr(page.bytes, "\nkostraflow_ready 0\n"));
}

static void who_drains_does_not_become_ready_again(void **state)
{
    (void)state;
    kf_pulse_set_state(&pulse, KF_SERVICE_DRAINING, "stopping on a signal");
    kf_pulse_set_state(&pulse, KF_SERVICE_READY, "two panels left");
    assert_false(ask(true));
    assert_string_equal(page.bytes, "draining: two panels left\n");
}

static void a_loop_that_stands_still_is_stalled(void **state)
{
    (void)state;
    kf_pulse_set_state(&pulse, KF_SERVICE_READY, "");
    atomic_store(&pulse.turned_ms, kf_clock_monotonic_ms() - 7000);
    assert_false(ask(false));
    assert_string_equal(page.bytes, "stalled: the work loop has not turned for 7 s (limit 2 s)\n");
    assert_false(ask(true));
    kf_pulse_turned(&pulse, 0);
    assert_true(ask(true));
}

static void a_long_detail_is_cut_between_characters(void **state)
{
    (void)state;
    char detail[1000] = "x"; /* longer than a beat has room for */
    for (size_t i = 1; i + 2 < sizeof detail; i += 2) {
        memcpy(detail + i, "æ", 2); /* two bytes each, beginning at an odd place */
    }
    kf_pulse_set_state(&pulse, KF_SERVICE_WAITING, detail);
    assert_int_equal(strlen(pulse.detail), sizeof pulse.detail - 1);
    assert_true(kf_text_is_utf8(pulse.detail, strlen(pulse.detail)));
    kf_pulse_set_state(&pulse, KF_SERVICE_WAITING, detail + 1);
    assert_int_equal(strlen(pulse.detail), sizeof pulse.detail - 2);
    assert_true(kf_text_is_utf8(pulse.detail, strlen(pulse.detail)));
}

static void the_longest_turn_is_kept(void **state)
{
    (void)state;
    kf_pulse_turned(&pulse, 1500);
    kf_pulse_turned(&pulse, 20);
    kf_metrics_print(metrics, &page);
    assert_non_null(strstr(page.bytes, "\nkostraflow_loop_longest_turn_seconds 1.5\n"));
}

static void the_process_measures_itself(void **state)
{
    (void)state;
    kf_pulse_beat(&pulse, NULL);
    assert_true(kf_metric_value(pulse.metrics[KF_PULSE_MEMORY]) > 100000);
    assert_true(kf_metric_value(pulse.metrics[KF_PULSE_CPU]) > 0);
    assert_true(kf_metric_value(pulse.metrics[KF_PULSE_START_TIME]) > 1.7e9);
}

static void refused_frames_are_counted_and_told_in_one_line(void **state)
{
    (void)state;
    for (int i = 0; i < 10; i++) {
        kf_pulse_refuse(&pulse, "foreign");
    }
    assert_true(kf_metric_value(pulse.metrics[KF_PULSE_FRAMES_REFUSED]) == 10);
    assert_int_equal(pulse.refused.untold, 9); /* the first was told at once */
    pulse.refused.next_line_ms = 0;
    kf_pulse_beat(&pulse, NULL);
    assert_int_equal(pulse.refused.untold, 0);
}

static void add_part(const void *context, struct kf_status *status)
{
    status->has_publish = true;
    status->publish.kafka = KF_STATUS_KAFKA_CONNECTED;
    status->publish.rows = *(const uint64_t *)context;
}

/* The beat that was sent last, as its bytes stand in the frame. */
static void read_beat(struct kf_status *beat)
{
    const void *payload = NULL;
    size_t length = 0;
    struct kf_error err = {0};
    assert_int_equal(kf_frame_open(pulse.frame.bytes, pulse.frame.length, KF_FRAME_STATUS, &payload,
                                   &length, &err),
                     KF_OK);
    assert_int_equal(kf_status_unpack(payload, length, beat, &err), KF_OK);
}

static void what_only_the_service_knows_is_in_its_beat(void **state)
{
    (void)state;
    const uint64_t rows = 350000;
    struct kf_status beat;
    struct kf_bus *bus = NULL;
    struct kf_socket *socket = NULL;
    struct kf_error err = {0};
    assert_int_equal(kf_bus_new(&bus, &err), KF_OK);
    kf_bus_allow_open_tcp(bus);
    assert_int_equal(kf_socket_publish(bus, "tcp://127.0.0.1:*", &socket, &err), KF_OK);
    kf_pulse_beat(&pulse, socket);
    read_beat(&beat);
    assert_false(beat.has_publish);
    pulse.tell = add_part;
    pulse.tell_context = &rows;
    kf_pulse_beat(&pulse, socket);
    read_beat(&beat);
    assert_true(beat.has_publish);
    assert_int_equal(beat.publish.rows, 350000);
    kf_socket_destroy(&socket);
    kf_bus_destroy(&bus);
}

static void a_state_is_told_with_when_it_began(void **state)
{
    (void)state;
    int64_t began_ms = kf_clock_wall_ms();
    kf_pulse_set_state(&pulse, KF_SERVICE_WAITING, "for this");
    int64_t since_ms = pulse.since_ms;
    assert_true(since_ms >= began_ms && since_ms <= kf_clock_wall_ms());
    pulse.since_ms = 5; /* long ago */
    kf_pulse_set_state(&pulse, KF_SERVICE_WAITING, "for that");
    assert_int_equal(pulse.since_ms, 5);
    kf_pulse_set_state(&pulse, KF_SERVICE_READY, "");
    assert_true(pulse.since_ms >= began_ms);
}

static void a_beat_without_memory_or_watchers_is_lost_and_does_no_harm(void **state)
{
    (void)state;
    struct kf_bus *bus = NULL;
    struct kf_socket *status = NULL;
    assert_int_equal(kf_bus_new(&bus, NULL), KF_OK);
    kf_bus_allow_open_tcp(bus);
    assert_int_equal(kf_socket_publish(bus, "tcp://127.0.0.1:*", &status, NULL), KF_OK);
    for (int64_t n = 0; n < 30; n++) {
        kf_memory_fail_after(n);
        kf_pulse_beat(&pulse, status);
        kf_memory_fail_after(-1);
    }
    kf_socket_destroy(&status);
    kf_bus_destroy(&bus);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_service_is_alive_before_it_is_ready, begin, end),
        cmocka_unit_test_setup_teardown(waiting_says_for_what, begin, end),
        cmocka_unit_test_setup_teardown(who_drains_does_not_become_ready_again, begin, end),
        cmocka_unit_test_setup_teardown(a_loop_that_stands_still_is_stalled, begin, end),
        cmocka_unit_test_setup_teardown(a_long_detail_is_cut_between_characters, begin, end),
        cmocka_unit_test_setup_teardown(the_longest_turn_is_kept, begin, end),
        cmocka_unit_test_setup_teardown(the_process_measures_itself, begin, end),
        cmocka_unit_test_setup_teardown(refused_frames_are_counted_and_told_in_one_line, begin,
                                        end),
        cmocka_unit_test_setup_teardown(what_only_the_service_knows_is_in_its_beat, begin, end),
        cmocka_unit_test_setup_teardown(a_state_is_told_with_when_it_began, begin, end),
        cmocka_unit_test_setup_teardown(a_beat_without_memory_or_watchers_is_lost_and_does_no_harm,
                                        begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
