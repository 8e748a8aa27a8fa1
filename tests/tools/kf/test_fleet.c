#include <stdbool.h>
#include <string.h>

#include "common/base/memory.h"
#include "tests/support/cmocka.h"
#include "tools/kf/fleet.h"

static struct kf_fleet usual(void)
{
    struct kf_fleet fleet = {
        .run_dir = "/r",
        .state_dir = "/s",
        .inbox = "/i",
        .editions = "/e",
        .topic_prefix = "p",
        .encoding = "json",
        .broker_port = "0",
        .drain_s = 7,
    };
    assert_int_equal(kf_fleet_set_workers(&fleet, NULL, 0, NULL), KF_OK);
    return fleet;
}

static void with_workers(struct kf_fleet *fleet, const char *text)
{
    struct kf_error err = {0};
    assert_int_equal(kf_fleet_set_workers(fleet, &text, 1, &err), KF_OK);
}

static void assert_refused(const char *const *texts, size_t count, const char *why)
{
    struct kf_fleet fleet = usual();
    struct kf_error err = {0};
    assert_int_equal(kf_fleet_set_workers(&fleet, texts, count, &err), KF_ERR_CONFIG);
    if (!strstr(err.text, why)) {
        fail_msg("\"%s\" does not say \"%s\"", err.text, why);
    }
}

/* The value behind `option` in a command, or NULL. */
static const char *value_of(char *const *command, const char *option)
{
    for (size_t i = 0; command[i]; i++) {
        if (strcmp(command[i], option) == 0) {
            return command[i + 1];
        }
    }
    return NULL;
}

static char **command_of(const struct kf_fleet *fleet, enum kf_fleet_stage stage, unsigned instance,
                         struct kf_arena *arena)
{
    struct kf_error err = {0};
    char **command = NULL;
    struct kf_fleet_process process = {stage, instance};
    assert_int_equal(kf_fleet_command(fleet, process, "h:1", arena, &command, &err), KF_OK);
    return command;
}

static void every_stage_has_one_worker_unless_told_otherwise(void **state)
{
    (void)state;
    struct kf_fleet fleet = usual();
    for (size_t i = 0; i < KF_FLEET_STAGES; i++) {
        assert_int_equal(fleet.workers[i], 1);
    }
    with_workers(&fleet, "normalize=3");
    assert_int_equal(fleet.workers[KF_FLEET_NORMALIZE], 3);
    assert_int_equal(fleet.workers[KF_FLEET_NEED], 1);
}

static void workers_that_cannot_be_are_refused_with_a_remedy(void **state)
{
    (void)state;
    const char *const twice[] = {"need=2", "need=3"};
    assert_refused(twice, 2, "twice");
    assert_refused((const char *[]){"need"}, 1, "STAGE=N");
    assert_refused((const char *[]){"normalise=2"}, 1, "did you mean normalize");
    assert_refused((const char *[]){"=2"}, 1, "no stage");
    assert_refused((const char *[]){"need=0"}, 1, "1 to 15");
    assert_refused((const char *[]){"need=16"}, 1, "1 to 15");
    assert_refused((const char *[]){"need=two"}, 1, "1 to 15");
    assert_refused((const char *[]){"need=-1"}, 1, "1 to 15");
    assert_refused((const char *[]){"publish=2"}, 1, "one process");
    assert_refused((const char *[]){"ingest=2"}, 1, "one process");
    assert_refused((const char *[]){"devbroker=1"}, 1, "no stage");
    assert_refused((const char *[]){"board=1"}, 1, "no stage");
}

static void whoever_sends_to_a_stage_sends_to_all_its_workers(void **state)
{
    (void)state;
    struct kf_arena *arena = kf_arena_new(1 << 20);
    struct kf_fleet fleet = usual();
    with_workers(&fleet, "need=3");
    assert_string_equal(value_of(command_of(&fleet, KF_FLEET_INGEST, 0, arena), "--output"),
                        "ipc:///r/need-0.in,ipc:///r/need-1.in,ipc:///r/need-2.in");
    for (unsigned i = 0; i < 3; i++) {
        char **command = command_of(&fleet, KF_FLEET_NEED, i, arena);
        assert_string_equal(command[0], "kf-need");
        assert_string_equal(value_of(command, "--output"), "ipc:///r/normalize-0.in");
        assert_int_equal(value_of(command, "--instance")[0], '0' + (int)i);
    }
    kf_arena_destroy(&arena);
}

static void each_program_gets_what_it_needs_and_nothing_it_does_not_know(void **state)
{
    (void)state;
    struct kf_arena *arena = kf_arena_new(1 << 20);
    struct kf_fleet fleet = usual();
    char **ingest = command_of(&fleet, KF_FLEET_INGEST, 0, arena);
    assert_string_equal(ingest[0], "kf-ingest");
    assert_string_equal(value_of(ingest, "--state-dir"), "/s");
    assert_string_equal(value_of(ingest, "--inbox"), "/i");
    assert_string_equal(value_of(ingest, "--editions"), "/e");
    assert_string_equal(value_of(ingest, "--run-dir"), "/r");
    assert_string_equal(value_of(ingest, "--drain-timeout"), "7s");
    assert_null(value_of(ingest, "--bootstrap-servers"));
    char **publish = command_of(&fleet, KF_FLEET_PUBLISH, 0, arena);
    assert_string_equal(publish[0], "kf-publish");
    assert_string_equal(value_of(publish, "--bootstrap-servers"), "h:1");
    assert_string_equal(value_of(publish, "--topic-prefix"), "p");
    assert_string_equal(value_of(publish, "--encoding"), "json");
    assert_string_equal(value_of(publish, "--receipts"), "ipc:///r/ingest-0.receipts");
    assert_null(value_of(publish, "--output"));
    assert_null(value_of(publish, "--kafka-config"));
    assert_null(value_of(publish, "--hold-bytes-max"));
    fleet.hold_bytes_max = "2G";
    fleet.kafka_config = "/k";
    publish = command_of(&fleet, KF_FLEET_PUBLISH, 0, arena);
    assert_string_equal(value_of(publish, "--kafka-config"), "/k");
    assert_string_equal(value_of(publish, "--hold-bytes-max"), "2G");
    char **broker = command_of(&fleet, KF_FLEET_BROKER, 0, arena);
    assert_string_equal(broker[0], "kf-devbroker");
    assert_string_equal(value_of(broker, "--port"), "0");
    assert_null(value_of(broker, "--run-dir"));
    kf_arena_destroy(&arena);
}

static void the_board_reads_the_topics_and_looks_for_stages_in_the_run_directory(void **state)
{
    (void)state;
    struct kf_arena *arena = kf_arena_new(1 << 20);
    struct kf_fleet fleet = usual();
    fleet.board_port = "9467";
    char **board = command_of(&fleet, KF_FLEET_BOARD, 0, arena);
    assert_string_equal(board[0], "kf-board");
    assert_string_equal(value_of(board, "--http-port"), "9467");
    assert_string_equal(value_of(board, "--bootstrap-servers"), "h:1");
    assert_string_equal(value_of(board, "--topic-prefix"), "p");
    assert_string_equal(value_of(board, "--editions"), "/e");
    assert_string_equal(value_of(board, "--state-dir"), "/s");
    assert_string_equal(value_of(board, "--run-dir"), "/r");
    assert_null(value_of(board, "--encoding"));
    assert_null(value_of(board, "--output"));
    assert_null(value_of(board, "--kafka-config"));
    fleet.kafka_config = "/k";
    board = command_of(&fleet, KF_FLEET_BOARD, 0, arena);
    assert_string_equal(value_of(board, "--kafka-config"), "/k");
    kf_arena_destroy(&arena);
}

static void the_broker_is_told_every_topic_once(void **state)
{
    (void)state;
    struct kf_fleet fleet = usual();
    struct kf_text topics;
    kf_text_init(&topics, 4096);
    kf_fleet_topics(&fleet, &topics);
    assert_string_equal(topics.bytes, "p.need.v1,p.resource-use.v1,p.demography.v1,p.indicator.v1,"
                                      "p.index.v1,p.efficiency.v1,p.unit-cost.v1,p.statistics.v1,"
                                      "p.release.v1,p.rejected.v1,p.publisher.v1");
    kf_text_clear(&topics);
}

static void the_status_of_every_process_is_watched_at_the_largest_fleet_too(void **state)
{
    (void)state;
    const char *const most[] = {"need=15", "normalize=15", "aggregate=15", "efficiency=15"};
    struct kf_fleet fleet = usual();
    struct kf_text endpoints;
    assert_int_equal(kf_fleet_set_workers(&fleet, most, 4, NULL), KF_OK);
    kf_text_init(&endpoints, 65536);
    kf_fleet_status_endpoints(&fleet, &endpoints);
    assert_false(endpoints.failed);
    size_t count = 1;
    for (const char *c = endpoints.bytes; *c; c++) {
        count += *c == ',';
    }
    assert_int_equal(count, KF_FLEET_PROCESSES_MAX - 2); /* of stages: no broker, no board */
    assert_non_null(strstr(endpoints.bytes, "ipc:///r/efficiency-14.status"));
    kf_text_clear(&endpoints);
}

static void fail_everywhere(struct kf_fleet *fleet, enum kf_fleet_stage stage)
{
    bool whole = false;
    for (int64_t n = 0; !whole; n++) {
        assert_true(n < 1000);
        struct kf_arena *arena = kf_arena_new(1 << 20);
        struct kf_error err = {0};
        char **command = NULL;
        kf_memory_fail_after(n);
        enum kf_err code = kf_fleet_command(fleet, (struct kf_fleet_process){stage, 0}, "h:1",
                                            arena, &command, &err);
        kf_memory_fail_after(-1);
        whole = code == KF_OK;
        assert_true(whole ? command != NULL : code == KF_ERR_MEMORY && command == NULL);
        kf_arena_destroy(&arena);
    }
}

static void a_command_is_whole_or_there_is_none_whichever_allocation_fails(void **state)
{
    (void)state;
    struct kf_fleet fleet = usual();
    fleet.board_port = "0";
    fail_everywhere(&fleet, KF_FLEET_PUBLISH);
    fail_everywhere(&fleet, KF_FLEET_BOARD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_stage_has_one_worker_unless_told_otherwise),
        cmocka_unit_test(workers_that_cannot_be_are_refused_with_a_remedy),
        cmocka_unit_test(whoever_sends_to_a_stage_sends_to_all_its_workers),
        cmocka_unit_test(each_program_gets_what_it_needs_and_nothing_it_does_not_know),
        cmocka_unit_test(the_board_reads_the_topics_and_looks_for_stages_in_the_run_directory),
        cmocka_unit_test(the_broker_is_told_every_topic_once),
        cmocka_unit_test(the_status_of_every_process_is_watched_at_the_largest_fleet_too),
        cmocka_unit_test(a_command_is_whole_or_there_is_none_whichever_allocation_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
