/* The line as JSON, in the form that services/board/page/src/api.ts gives `Status`. */
#include "services/board/line/line_json.h"

#include <jansson.h>
#include <string.h>

#include "tests/support/cmocka.h"

static struct kf_line *line;
static struct kf_text text;
static json_t *object;

static int begin(void **state)
{
    (void)state;
    line = kf_line_new();
    kf_text_init(&text, (size_t)1024 * 1024);
    return line ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    json_decref(object);
    object = NULL;
    kf_text_clear(&text);
    kf_line_destroy(&line);
    return 0;
}

static const struct kf_line_time now = {5000, 1773558000000};

static void print(void)
{
    json_error_t error;
    kf_text_add(&text, "{");
    kf_line_json(line, &text);
    kf_text_add(&text, "}");
    assert_false(text.failed);
    object = json_loads(text.bytes, JSON_REJECT_DUPLICATES, &error);
    assert_non_null(object);
}

/* True when the object has these members, in this order, and no other. */
static void assert_members(json_t *value, const char *const *names)
{
    const char *key = NULL;
    json_t *member = NULL;
    size_t count = 0;
    json_object_foreach(value, key, member)
    {
        assert_non_null(names[count]);
        assert_string_equal(key, names[count]);
        count++;
    }
    assert_null(names[count]);
}

static double number(json_t *value, const char *name)
{
    assert_true(json_is_number(json_object_get(value, name)));
    return json_number_value(json_object_get(value, name));
}

static const char *string(json_t *value, const char *name)
{
    assert_true(json_is_string(json_object_get(value, name)));
    return json_string_value(json_object_get(value, name));
}

static void a_stage_that_was_never_heard_of_has_no_counts(void **state)
{
    (void)state;
    static const char *const names[] = {"service", "instance", "endpoint", "state",
                                        "detail",  "sinceMs",  NULL};
    struct kf_error err;
    assert_int_equal(kf_line_expect(line, "need", 3, "ipc:///\"n\"", now, &err), KF_OK);
    print();
    json_t *stages = json_object_get(object, "stages");
    assert_int_equal(json_array_size(stages), 1);
    json_t *stage = json_array_get(stages, 0);
    assert_members(stage, names);
    assert_string_equal(string(stage, "service"), "need");
    assert_true(number(stage, "instance") == 3);
    assert_string_equal(string(stage, "endpoint"), "ipc:///\"n\"");
    assert_string_equal(string(stage, "state"), "unknown");
    assert_true(number(stage, "sinceMs") == 1773558000000.0);
    assert_null(json_object_get(object, "ingest"));
    assert_null(json_object_get(object, "publish"));
}

static void a_stage_that_beats_tells_its_counts_and_its_rate(void **state)
{
    (void)state;
    static const char *const names[] = {
        "service",    "instance", "endpoint", "state",     "detail",         "sinceMs",
        "pid",        "beatMs",   "panelsIn", "panelsOut", "panelsRejected", "framesRefused",
        "inProgress", "rate",     "release",  NULL};
    struct kf_status beat = {.service = "need",
                             .pid = 9,
                             .state = KF_SERVICE_WAITING,
                             .panels_in = 4,
                             .panels_out = 3,
                             .panels_rejected = 2,
                             .frames_refused = 1,
                             .in_progress = 1,
                             .detail = "for «this»",
                             .release = "00112233445566778899aabbccddeeff"};
    kf_line_beat(line, &beat, now);
    beat.panels_out = 5;
    kf_line_beat(line, &beat, (struct kf_line_time){7000, 1773558002000});
    print();
    json_t *stage = json_array_get(json_object_get(object, "stages"), 0);
    assert_members(stage, names);
    assert_string_equal(string(stage, "state"), "waiting");
    assert_string_equal(string(stage, "detail"), "for «this»");
    assert_true(number(stage, "beatMs") == 1773558002000.0);
    assert_true(number(stage, "panelsIn") == 4);
    assert_true(number(stage, "panelsOut") == 5);
    assert_true(number(stage, "panelsRejected") == 2);
    assert_true(number(stage, "framesRefused") == 1);
    assert_true(number(stage, "inProgress") == 1);
    assert_true(number(stage, "rate") == 1);
    assert_string_equal(string(stage, "release"), "00112233445566778899aabbccddeeff");
}

static void hear_ingest(void)
{
    static struct kf_status beat = {.service = "ingest",
                                    .state = KF_SERVICE_READY,
                                    .has_ingest = true,
                                    .ingest = {.window = 8,
                                               .in_flight = 5,
                                               .waiting = 4,
                                               .held_by_publish = 3,
                                               .releases_open = 2,
                                               .oldest_unreceipted_ms = 1773557990000,
                                               .held_total = 17,
                                               .held_len = 1,
                                               .held = {{.release = "ff",
                                                         .input = "a.csv",
                                                         .since_ms = 1773557000000,
                                                         .reason = "vanished"}},
                                               .next_publication_ms = 1781503200000,
                                               .next_publication = "kostra"}};
    kf_line_beat(line, &beat, now);
}

static void what_ingest_told_is_there(void **state)
{
    (void)state;
    static const char *const names[] = {"window",
                                        "inFlight",
                                        "waiting",
                                        "heldByPublish",
                                        "releasesOpen",
                                        "oldestUnreceiptedMs",
                                        "held",
                                        "heldTotal",
                                        "nextPublication",
                                        NULL};
    static const char *const held_names[] = {"release", "input", "sinceMs", "reason", NULL};
    static const char *const next_names[] = {"atMs", "title", NULL};
    hear_ingest();
    print();
    json_t *ingest = json_object_get(object, "ingest");
    assert_members(ingest, names);
    assert_true(number(ingest, "window") == 8);
    assert_true(number(ingest, "inFlight") == 5);
    assert_true(number(ingest, "waiting") == 4);
    assert_true(number(ingest, "heldByPublish") == 3);
    assert_true(number(ingest, "releasesOpen") == 2);
    assert_true(number(ingest, "oldestUnreceiptedMs") == 1773557990000.0);
    assert_true(number(ingest, "heldTotal") == 17);
    json_t *held = json_array_get(json_object_get(ingest, "held"), 0);
    assert_members(held, held_names);
    assert_string_equal(string(held, "reason"), "vanished");
    json_t *next = json_object_get(ingest, "nextPublication");
    assert_members(next, next_names);
    assert_true(number(next, "atMs") == 1781503200000.0);
    assert_string_equal(string(next, "title"), "kostra");
}

static void what_publish_told_is_there_and_no_commit_has_no_time(void **state)
{
    (void)state;
    static const char *const names[] = {"kafka", "detail", "releases", "rows", NULL};
    struct kf_status beat = {
        .service = "publish",
        .state = KF_SERVICE_READY,
        .has_publish = true,
        .publish = {
            .kafka = KF_STATUS_KAFKA_LOST, .detail = "no broker", .releases = 3, .rows = 350000}};
    kf_line_beat(line, &beat, now);
    print();
    json_t *publish = json_object_get(object, "publish");
    assert_members(publish, names);
    assert_string_equal(string(publish, "kafka"), "lost");
    assert_true(number(publish, "rows") == 350000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
        TEST(a_stage_that_was_never_heard_of_has_no_counts),
        TEST(a_stage_that_beats_tells_its_counts_and_its_rate),
        TEST(what_ingest_told_is_there),
        TEST(what_publish_told_is_there_and_no_commit_has_no_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
