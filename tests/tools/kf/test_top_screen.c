/* What `kf top` shows of a line. */
#include "tools/kf/top_screen.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/cmocka.h"

#define WALL_MS 1773558000000

static struct kf_line *line;
static struct kf_text text;
static struct kf_top_screen screen;
static const struct kf_line_time start = {5000, WALL_MS};

static int begin(void **state)
{
    (void)state;
    kf_text_init(&text, 65536);
    line = kf_line_new();
    screen = (struct kf_top_screen){.columns = 120, .now_ms = WALL_MS, .hint = "", .denied = ""};
    return line ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    kf_line_destroy(&line);
    kf_text_clear(&text);
    return 0;
}

static void draw(void)
{
    kf_text_reset(&text);
    kf_top_draw(line, &screen, "\n", &text);
    assert_false(text.failed);
}

static void assert_shown(const char *part)
{
    if (!strstr(text.bytes, part)) {
        fail_msg("\"%s\" does not stand in\n%s", part, text.bytes);
    }
}

static void hear_need(uint64_t out, int64_t after_ms)
{
    struct kf_status beat = {.service = "need",
                             .instance = 1,
                             .pid = 4711,
                             .state = KF_SERVICE_WAITING,
                             .panels_in = 12,
                             .panels_out = out,
                             .panels_rejected = 2,
                             .in_progress = 3,
                             .since_ms = WALL_MS - 61000,
                             .release = "00112233445566778899aabbccddeeff",
                             .detail = "normalize takes no panels"};
    kf_line_beat(line, &beat, (struct kf_line_time){5000 + after_ms, WALL_MS + after_ms});
}

static void hear_ingest(void)
{
    static const struct kf_status beat = {
        .service = "ingest",
        .state = KF_SERVICE_READY,
        .has_ingest = true,
        .ingest = {.window = 8,
                   .in_flight = 2,
                   .waiting = 4,
                   .held_by_publish = 3,
                   .releases_open = 2,
                   .oldest_unreceipted_ms = WALL_MS - 125000,
                   .held_total = 1,
                   .held_len = 1,
                   .held = {{.release = "ffffffffffffffff",
                             .input = "less.csv",
                             .reason = "10 of 10 figures are gone"}},
                   .next_publication_ms = WALL_MS + 90000000,
                   .next_publication = "kostra, unrevised figures of 2025",
                   .phases_len = 2,
                   .phases = {{.release = "aaaaaaaaaaaa",
                               .discovered_ms = WALL_MS - 4000,
                               .recorded_ms = WALL_MS - 3500,
                               .sent_ms = WALL_MS - 3400,
                               .attempts = 2},
                              {.release = "bbbbbbbbbbbb",
                               .discovered_ms = WALL_MS - 99000,
                               .sent_ms = WALL_MS - 96000,
                               .held_ms = WALL_MS - 94500,
                               .committed_ms = WALL_MS - 94250,
                               .attempts = 1}}}};
    kf_line_beat(line, &beat, start);
}

static void a_worker_has_a_line_and_what_it_waits_for_stands_below(void **state)
{
    (void)state;
    hear_need(9, 0);
    hear_need(11, 2000);
    screen.now_ms = WALL_MS + 2000;
    draw();
    assert_string_equal(text.bytes,
                        "kostraflow  1 of 1 alive\n"
                        "\n"
                        "stage   state       for  in  out  rejected  refused  inside  panels/s  "
                        "release    pid\n"
                        "need-1  waiting   1 min  12   11         2        0       3       1.0  "
                        "00112233  4711\n"
                        "  normalize takes no panels\n");
}

static void what_is_not_known_is_a_dash_not_a_zero(void **state)
{
    (void)state;
    struct kf_error err;
    assert_int_equal(kf_line_expect(line, "need", 0, "ipc:///n", start, &err), KF_OK);
    draw();
    assert_shown("kostraflow  0 of 1 alive\n");
    assert_shown("need-0  unknown   0 s   –    –         –");
    assert_shown("\n  nobody has been heard there");
}

static void a_narrow_terminal_has_fewer_columns_the_least_needed_first(void **state)
{
    (void)state;
    static const struct {
        size_t columns;
        const char *heading;
    } cases[] = {
        {59, "\nstage   state       for  in  out  rejected  inside\n"},
        {42, "\nstage   state       for  in  out  inside\n"},
        {30, "\nstage   state     out  inside\n"},
        {22, "\nstage   state     out\n"},
    };
    hear_need(9, 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        screen.columns = cases[i].columns;
        draw();
        assert_shown(cases[i].heading);
    }
}

static void what_ingest_tells_stands_below_the_stages(void **state)
{
    (void)state;
    hear_ingest();
    draw();
    assert_shown("\nwindow    [#####...............] 2 of 8 on the way, 4 waiting, 3 held by "
                 "publish\n");
    assert_shown("\nopen      2 releases without a receipt, the oldest for 2 min 5 s\n");
    assert_shown("\nheld      for approval: 1 release (kf releases approve RELEASE)\n"
                 "          ffffffff less.csv: 10 of 10 figures are gone\n");
    /* 15 March 2026 07.00 UTC and a day and an hour: 09.00 in Oslo */
    assert_shown("\nnext      2026-03-16 09.00: kostra, unrevised figures of 2025 (in 1 d 1 h)\n");
}

static void a_release_tells_how_long_each_step_took(void **state)
{
    (void)state;
    hear_ingest();
    draw();
    assert_shown("\nreleases  newest first, and how long each step took\n"
                 "          aaaaaaaa  discovered 4 s ago  read 500 ms  waited 100 ms  2 attempts\n"
                 "          bbbbbbbb  closed 1 min 34 s ago  read and waited 3 s  computed 1 s  "
                 "published 250 ms\n");
}

static void how_publish_stands_with_kafka_is_told(void **state)
{
    (void)state;
    const struct kf_status beat = {.service = "publish",
                                   .state = KF_SERVICE_WAITING,
                                   .has_publish = true,
                                   .publish = {.kafka = KF_STATUS_KAFKA_LOST,
                                               .detail = "since 07.00: no broker",
                                               .releases = 1,
                                               .rows = 583,
                                               .last_commit_ms = WALL_MS - 12000}};
    kf_line_beat(line, &beat, start);
    draw();
    assert_shown("\nKafka     lost: since 07.00: no broker\n"
                 "          1 release, 583 rows since it started; last commit 12 s ago\n");
}

static void of_a_service_that_does_not_answer_nothing_old_is_shown(void **state)
{
    (void)state;
    const struct kf_status beat = {.service = "publish",
                                   .state = KF_SERVICE_READY,
                                   .has_publish = true,
                                   .publish = {.kafka = KF_STATUS_KAFKA_CONNECTED}};
    hear_ingest();
    kf_line_beat(line, &beat, start);
    draw();
    assert_shown("\nKafka     connected");
    assert_null(strstr(text.bytes, "not known"));
    kf_line_turn(line, (struct kf_line_time){9000, WALL_MS + 4000});
    draw();
    assert_null(strstr(text.bytes, "connected"));
    assert_null(strstr(text.bytes, "2 of 8"));
    assert_shown("\nKafka     not known: publish does not answer\n");
    assert_shown("\nwindow    not known: ingest does not answer\n");
}

static void a_connection_that_was_denied_is_told(void **state)
{
    (void)state;
    screen.denied = "tcp://10.0.0.2:5701: it did not take the key";
    draw();
    assert_shown("\ntcp://10.0.0.2:5701: it did not take the key\n");
}

static void a_low_terminal_has_fewer_lines_and_says_so(void **state)
{
    (void)state;
    hear_ingest();
    draw();
    size_t lines = 0;
    for (const char *at = text.bytes; *at; at++) {
        lines += *at == '\n';
    }
    screen.rows = lines;
    draw();
    assert_null(strstr(text.bytes, "more lines"));
    screen.rows = 6;
    draw();
    char more[32];
    (void)snprintf(more, sizeof more, "\n… %zu more lines\n", lines - 5);
    assert_shown(more);
    lines = 0;
    for (const char *at = text.bytes; *at; at++) {
        lines += *at == '\n';
    }
    assert_int_equal(lines, 6);
}

static void a_state_is_a_word_with_and_without_its_colour(void **state)
{
    (void)state;
    hear_need(9, 0);
    kf_line_turn(line, (struct kf_line_time){9000, WALL_MS});
    draw();
    assert_shown("need-1  silent");
    assert_null(strchr(text.bytes, '\033'));
    screen.colour = true;
    draw();
    assert_shown("need-1  \033[31msilent\033[0m");
}

static void a_duration_is_told_in_its_two_largest_units(void **state)
{
    (void)state;
    static const struct {
        int64_t ms;
        const char *text;
    } cases[] = {
        {-5, "0 s"},
        {0, "0 s"},
        {340, "340 ms"},
        {1000, "1 s"},
        {59999, "59 s"},
        {60000, "1 min"},
        {61000, "1 min 1 s"},
        {3600000, "1 h"},
        {15120000, "4 h 12 min"},
        {86400000, "1 d"},
        {INT64_C(9720000000), "112 d 12 h"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char duration[KF_TOP_DURATION_SIZE];
        kf_top_duration(cases[i].ms, duration);
        assert_string_equal(duration, cases[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
        TEST(a_worker_has_a_line_and_what_it_waits_for_stands_below),
        TEST(what_is_not_known_is_a_dash_not_a_zero),
        TEST(a_narrow_terminal_has_fewer_columns_the_least_needed_first),
        TEST(what_ingest_tells_stands_below_the_stages),
        TEST(a_release_tells_how_long_each_step_took),
        TEST(how_publish_stands_with_kafka_is_told),
        TEST(of_a_service_that_does_not_answer_nothing_old_is_shown),
        TEST(a_connection_that_was_denied_is_told),
        TEST(a_low_terminal_has_fewer_lines_and_says_so),
        TEST(a_state_is_a_word_with_and_without_its_colour),
        TEST(a_duration_is_told_in_its_two_largest_units),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
