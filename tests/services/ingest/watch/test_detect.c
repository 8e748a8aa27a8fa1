/* Detection against a simulated Statistics Norway: a day of publication, and days with notices in
 * any order, failures and restarts. The calendar is the one that comes with the program. */
#include "services/ingest/watch/detect.h"

#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/day.h"
#include "common/base/memory.h"
#include "tests/support/cmocka.h"

#define SECOND   INT64_C(1000)
#define MINUTE   (60 * SECOND)
#define HOUR     (60 * MINUTE)
#define QUIET    (2 * MINUTE)
#define PATIENCE (6 * HOUR)
#define TABLES   5
#define STATES   64
#define RELEASES 32
#define STEPS    200000

static const char *const names[TABLES] = {"12134", "12209", "12255", "12362", "12367"};

/* From a moment on the server's table is this. */
struct upstream {
    int64_t from_ms;
    size_t table;
    int64_t updated_ms;
    char digest[KF_DIGEST_SIZE];
    int newest_year;
    enum kf_detect_trouble trouble;
};

struct outage {
    int64_t from_ms, to_ms;
};

struct released {
    int64_t at_ms;
    struct kf_detect_release release;
    char digests[TABLES][KF_DIGEST_SIZE];
};

/* What is simulated: the server, the store, the detection, and what came of it. */
struct simulation {
    struct upstream states[STATES];
    size_t states_len;
    struct outage outage;
    uint64_t failing;  /* one question of so many fails; 0: none */
    uint64_t restarts; /* so, too */
    uint64_t repeats;  /* notices of one search come up to so many times more */
    struct kf_detect detect;
    struct upstream store[TABLES]; /* digest "": nothing */
    struct kf_text note;
    int64_t last_search_ms;
    struct kf_moment now;
    struct released released[RELEASES];
    size_t released_len;
    size_t searches, fetches, stale;
    uint64_t random;
};

static struct kf_calendar *calendar;
static struct simulation *sim;

static int64_t utc(const char *text)
{
    int64_t ms = 0;
    assert_true(kf_day_time(text, &ms));
    return ms;
}

static uint64_t draw(uint64_t below)
{
    sim->random ^= sim->random << 13;
    sim->random ^= sim->random >> 7;
    sim->random ^= sim->random << 17;
    return sim->random % below;
}

static bool happens(uint64_t one_of)
{
    return one_of > 0 && draw(one_of) == 0;
}

/* --- the server ------------------------------------------------------------------------------ */

static struct upstream *publish(const char *from, size_t table, const char *updated,
                                const char *digest, int newest_year)
{
    struct upstream *state = &sim->states[sim->states_len++];
    assert_true(sim->states_len <= STATES);
    *state = (struct upstream){.from_ms = utc(from),
                               .table = table,
                               .updated_ms = utc(updated),
                               .newest_year = newest_year};
    (void)snprintf(state->digest, sizeof state->digest, "%s-%s", names[table], digest);
    /* Digests have one length. */
    size_t length = strlen(state->digest);
    memset(state->digest + length, '0', KF_DIGEST_SIZE - 1 - length);
    state->digest[KF_DIGEST_SIZE - 1] = '\0';
    return state;
}

/* The newest state of the table that is there. */
static const struct upstream *served(size_t table)
{
    const struct upstream *newest = NULL;
    for (size_t i = 0; i < sim->states_len; i++) {
        const struct upstream *state = &sim->states[i];
        if (state->table == table && state->from_ms <= sim->now.wall_ms &&
            (!newest || state->from_ms >= newest->from_ms)) {
            newest = state;
        }
    }
    return newest;
}

static bool answers(void)
{
    bool out = sim->now.wall_ms >= sim->outage.from_ms && sim->now.wall_ms < sim->outage.to_ms;
    return !out && !happens(sim->failing);
}

/* --- the service ----------------------------------------------------------------------------- */

static void start(void)
{
    const struct kf_detect_options options = {
        .calendar = calendar, .quiet_ms = QUIET, .patience_ms = PATIENCE, .now = sim->now};
    struct kf_error err;
    kf_detect_init(&sim->detect, &options);
    for (size_t i = 0; i < TABLES; i++) {
        assert_int_equal(kf_detect_add(&sim->detect, names[i], "kostra", 0, &err), KF_OK);
    }
    kf_detect_recall(&sim->detect, sim->note.bytes);
    for (size_t i = 0; i < TABLES; i++) {
        const struct kf_detect_vintage vintage = {sim->store[i].updated_ms, sim->store[i].digest,
                                                  sim->store[i].newest_year};
        if (sim->store[i].digest[0]) {
            kf_detect_stored(&sim->detect, i, &vintage, sim->now);
        }
    }
}

static void notice(size_t table, const struct upstream *state)
{
    enum kf_detect_news news = kf_detect_seen(&sim->detect, table, state->updated_ms, sim->now);
    sim->stale += news == KF_DETECT_STALE;
}

static void search(void)
{
    int64_t began_ms = sim->now.mono_ms;
    bool good = answers();
    sim->searches++;
    for (uint64_t times = good ? 1 + draw(sim->repeats + 1) : 0; times > 0; times--) {
        size_t first = (size_t)draw(TABLES);
        for (size_t i = 0; i < TABLES; i++) {
            size_t table = (first + i) % TABLES;
            if (served(table)) {
                notice(table, served(table));
            }
        }
    }
    kf_detect_searched(&sim->detect, began_ms, good, sim->now);
}

static void look(size_t table)
{
    if (answers() && served(table)) {
        notice(table, served(table));
    } else {
        kf_detect_not_taken(&sim->detect, table, KF_DETECT_FAILED, sim->now);
    }
}

static void fetch(size_t table)
{
    const struct upstream *state = served(table);
    sim->fetches++;
    if (!answers()) {
        kf_detect_not_taken(&sim->detect, table, KF_DETECT_FAILED, sim->now);
    } else if (state->updated_ms < sim->detect.tables[table].seen_ms) {
        kf_detect_not_taken(&sim->detect, table, KF_DETECT_MOVED, sim->now);
    } else if (state->trouble != KF_DETECT_FINE) {
        kf_detect_not_taken(&sim->detect, table, state->trouble, sim->now);
    } else {
        const struct kf_detect_vintage vintage = {state->updated_ms, state->digest,
                                                  state->newest_year};
        assert_true(state->updated_ms >= sim->store[table].updated_ms);
        sim->store[table] = *state;
        kf_detect_stored(&sim->detect, table, &vintage, sim->now);
    }
}

static void assemble(const struct kf_detect_release *release)
{
    struct released before = {0};
    struct released made = {.at_ms = sim->now.wall_ms, .release = *release};
    for (size_t i = 0; i < TABLES; i++) {
        memcpy(made.digests[i], sim->detect.tables[i].digest, KF_DIGEST_SIZE);
    }
    if (sim->released_len > 0) {
        before = sim->released[sim->released_len - 1];
    }
    if (memcmp(made.digests, before.digests, sizeof made.digests) != 0) {
        assert_true(sim->released_len < RELEASES);
        sim->released[sim->released_len++] = made;
    }
    if (happens(sim->restarts)) {
        start(); /* the release is recorded, the note is not written */
        return;
    }
    kf_detect_assembled(&sim->detect);
    kf_text_reset(&sim->note);
    kf_detect_note(&sim->detect, &sim->note);
}

static void turn(void)
{
    size_t table = 0;
    struct kf_detect_release release;
    switch (kf_detect_next(&sim->detect, sim->now, &table)) {
    case KF_DETECT_SEARCH:
        search();
        break;
    case KF_DETECT_LOOK:
        look(table);
        break;
    case KF_DETECT_FETCH:
        fetch(table);
        break;
    case KF_DETECT_NOTHING:
        break;
    }
    if (kf_detect_due(&sim->detect, sim->now, &release)) {
        assemble(&release);
    }
    if (happens(sim->restarts)) {
        start();
    }
}

static void pass(int64_t ms)
{
    sim->now.wall_ms += ms;
    sim->now.mono_ms += ms;
}

/* Questions take a second. */
static void run_until(const char *until)
{
    for (size_t steps = 0; sim->now.wall_ms < utc(until); steps++) {
        assert_true(steps < STEPS);
        turn();
        pass(SECOND);
        int64_t pause_ms = kf_detect_pause_ms(&sim->detect, sim->now);
        int64_t left_ms = utc(until) - sim->now.wall_ms;
        if (pause_ms > 1 && left_ms > 0) {
            pass(pause_ms < left_ms ? pause_ms : left_ms);
        }
    }
}

static void begin(const char *at)
{
    sim->now = (struct kf_moment){utc(at), 1000000};
    start();
}

/* Everything as of the revised figures of 2025, published. */
static void begin_with_last_year(void)
{
    for (size_t i = 0; i < TABLES; i++) {
        publish("2025-06-16T06:00:00Z", i, "2025-06-16T06:00:00Z", "2024r", 2024);
    }
    begin("2026-03-10T00:00:00Z");
    run_until("2026-03-10T01:00:00Z");
    assert_int_equal(sim->released_len, 1);
    assert_true(sim->released[0].release.complete);
    assert_string_equal(sim->released[0].release.vintage, "revised");
}

static int set_up(void **state)
{
    (void)state;
    sim = kf_calloc(1, sizeof *sim);
    kf_text_init(&sim->note, 4096);
    sim->random = 88172645463325252u;
    return sim ? 0 : 1;
}

static int tear_down(void **state)
{
    (void)state;
    kf_text_clear(&sim->note);
    kf_free(sim);
    return 0;
}

static int open_calendar(void **state)
{
    (void)state;
    struct kf_error err;
    struct kf_findings *findings = kf_malloc(sizeof *findings);
    kf_findings_init(findings);
    enum kf_err code = kf_calendar_read(KF_SOURCE_DIR "/editions", &calendar, findings, &err);
    kf_findings_clear(findings);
    kf_free(findings);
    return code == KF_OK ? 0 : 1;
}

static int close_calendar(void **state)
{
    (void)state;
    kf_calendar_destroy(&calendar);
    return 0;
}

/* --- a day ----------------------------------------------------------------------------------- */

/* 05.00 dots, 08.00 three of five, 08.07 complete, 11.30 half an hour of outage, a correction next
 * week: two releases. */
static void a_day_of_publication_and_a_correction_are_two_releases(void **state)
{
    (void)state;
    begin_with_last_year();
    for (size_t i = 0; i < TABLES; i++) {
        publish("2026-03-16T04:00:00Z", i, "2026-03-16T04:00:00Z", "dots", 2025)->trouble =
            KF_DETECT_HALF;
    }
    for (size_t i = 0; i < 3; i++) {
        publish("2026-03-16T07:00:00Z", i, "2026-03-16T07:00:00Z", "2025u", 2025);
    }
    for (size_t i = 3; i < TABLES; i++) {
        publish("2026-03-16T07:07:00Z", i, "2026-03-16T07:07:00Z", "2025u", 2025);
    }
    sim->outage = (struct outage){utc("2026-03-16T10:30:00Z"), utc("2026-03-16T11:00:00Z")};
    publish("2026-03-24T07:00:00Z", 3, "2026-03-24T07:00:00Z", "2025c", 2025);
    run_until("2026-03-16T07:00:00Z");
    assert_int_equal(sim->fetches, TABLES); /* those of last year: nothing before the hour */
    run_until("2026-03-31");
    assert_int_equal(sim->released_len, 3);
    const struct released *morning = &sim->released[1];
    assert_in_range(morning->at_ms, utc("2026-03-16T07:09:00Z"), utc("2026-03-16T07:12:00Z"));
    assert_true(morning->release.complete);
    assert_string_equal(morning->release.vintage, "unrevised");
    assert_int_equal(morning->release.have, TABLES);
    const struct released *correction = &sim->released[2];
    assert_in_range(correction->at_ms, utc("2026-03-24T07:02:00Z"), utc("2026-03-24T08:05:00Z"));
    assert_true(correction->release.complete);
    assert_string_equal(correction->release.vintage, "correction");
}

static void while_an_event_is_open_it_is_said_what_is_waited_for(void **state)
{
    (void)state;
    struct kf_detect_release waits;
    begin_with_last_year();
    for (size_t i = 0; i < 3; i++) {
        publish("2026-03-16T07:00:00Z", i, "2026-03-16T07:00:00Z", "2025u", 2025);
    }
    run_until("2026-03-16T06:59:00Z");
    assert_false(kf_detect_waits(&sim->detect, sim->now, &waits));
    run_until("2026-03-16T07:05:00Z");
    assert_true(kf_detect_waits(&sim->detect, sim->now, &waits));
    assert_true(waits.event);
    assert_string_equal(waits.of.publication, "kostra");
    assert_int_equal(waits.of.at_ms, utc("2026-03-16T07:00:00Z"));
    assert_int_equal(waits.have, 3);
    assert_int_equal(waits.need, 5);
    assert_string_equal(waits.missing, "12362, 12367");
}

static void after_patience_the_release_is_due_and_names_what_is_missing(void **state)
{
    (void)state;
    begin_with_last_year();
    for (size_t i = 0; i < 4; i++) {
        publish("2026-03-16T07:00:00Z", i, "2026-03-16T07:00:00Z", "2025u", 2025);
    }
    publish("2026-03-16T07:00:00Z", 4, "2026-03-16T07:00:00Z", "half", 2025)->trouble =
        KF_DETECT_HALF;
    run_until("2026-03-16T12:59:59Z");
    assert_int_equal(sim->released_len, 1);
    run_until("2026-03-16T13:30:00Z");
    assert_int_equal(sim->released_len, 2);
    assert_false(sim->released[1].release.complete);
    assert_string_equal(sim->released[1].release.missing, "12367 (half-published)");
    /* It comes the day after: whole at last. */
    publish("2026-03-17T07:00:00Z", 4, "2026-03-17T07:00:00Z", "2025u", 2025);
    run_until("2026-03-17T09:00:00Z");
    assert_int_equal(sim->released_len, 3);
    assert_true(sim->released[2].release.complete);
}

static void nothing_new_is_no_release_however_often_it_is_told(void **state)
{
    (void)state;
    begin_with_last_year();
    for (int i = 0; i < 100; i++) {
        search();
        for (size_t t = 0; t < TABLES; t++) {
            notice(t, served(t));
        }
        pass(MINUTE);
        turn();
    }
    run_until("2026-03-15");
    assert_int_equal(sim->released_len, 1);
    assert_int_equal(sim->fetches, TABLES);
    assert_int_equal(sim->stale, 0);
}

static void an_updated_that_is_far_ahead_is_not_believed(void **state)
{
    (void)state;
    begin_with_last_year();
    int64_t before_ms = sim->detect.tables[0].seen_ms;
    int64_t now_ms = sim->now.wall_ms;
    assert_int_equal(kf_detect_seen(&sim->detect, 0, utc("2099-01-01T07:00:00Z"), sim->now),
                     KF_DETECT_AHEAD);
    assert_int_equal(kf_detect_seen(&sim->detect, 0, INT64_MAX, sim->now), KF_DETECT_AHEAD);
    assert_int_equal(sim->detect.tables[0].seen_ms, before_ms);
    assert_int_equal(kf_detect_seen(&sim->detect, 0, now_ms + 3600000, sim->now), KF_DETECT_NEWER);
}

static void an_older_updated_is_a_stale_answer(void **state)
{
    (void)state;
    begin_with_last_year();
    assert_int_equal(kf_detect_seen(&sim->detect, 0, utc("2025-03-17T07:00:00Z"), sim->now),
                     KF_DETECT_STALE);
    assert_int_equal(kf_detect_seen(&sim->detect, 0, utc("2025-06-16T06:00:00Z"), sim->now),
                     KF_DETECT_SAME);
    run_until("2026-03-11");
    assert_int_equal(sim->fetches, TABLES);
    assert_int_equal(sim->released_len, 1);
}

static void a_drifted_table_does_not_hold_up_a_correction_of_another(void **state)
{
    (void)state;
    begin_with_last_year();
    publish("2026-04-20T06:00:00Z", 0, "2026-04-20T06:00:00Z", "drift", 2025)->trouble =
        KF_DETECT_DRIFTED;
    publish("2026-04-20T06:00:00Z", 1, "2026-04-20T06:00:00Z", "2025c", 2025);
    for (size_t i = 0; i < TABLES; i++) {
        publish("2026-03-16T07:00:00Z", i, "2026-03-16T07:00:00Z", "2025u", 2025);
    }
    run_until("2026-04-20T08:00:00Z");
    assert_int_equal(sim->released_len, 3);
    assert_true(sim->released[2].release.complete);
    assert_string_equal(sim->released[2].release.vintage, "correction");
}

/* The clock of the machine stands at 1970, then is set: nothing is released for it (F24). */
static void a_clock_that_jumps_makes_no_release(void **state)
{
    (void)state;
    begin_with_last_year();
    sim->now.wall_ms = 0;
    for (int i = 0; i < 50; i++) {
        turn();
        sim->now.mono_ms += MINUTE;
        sim->now.wall_ms += MINUTE;
    }
    sim->now.wall_ms = utc("2026-03-12");
    run_until("2026-03-12T05:00:00Z");
    sim->now.wall_ms += 24 * HOUR;
    run_until("2026-03-14");
    assert_int_equal(sim->released_len, 1);
}

/* --- properties ------------------------------------------------------------------------------ */

/* A day on which every table comes at another time, some twice, with notices told again and again,
 * failing questions and restarts. */
static void random_day(uint64_t seed, char digests[TABLES][KF_DIGEST_SIZE])
{
    char at[32];
    sim->random = seed * 2654435761u + 1;
    for (size_t i = 0; i < TABLES; i++) {
        uint64_t minute = draw(120);
        (void)snprintf(at, sizeof at, "2026-03-16T%02d:%02d:00Z", (int)(7 + minute / 60),
                       (int)(minute % 60));
        publish(at, i, at, "2025u", 2025);
        if (minute < 30 && draw(2) == 0) { /* a server that is behind */
            publish("2026-03-16T07:30:00Z", i, "2025-06-16T06:00:00Z", "2024r", 2024);
            publish("2026-03-16T07:35:00Z", i, at, "2025u", 2025);
        }
    }
    sim->failing = 4;
    sim->restarts = 40;
    sim->repeats = 3;
    run_until("2026-03-17");
    for (size_t i = 0; i < TABLES; i++) {
        memcpy(digests[i], sim->store[i].digest, KF_DIGEST_SIZE);
    }
}

static void any_order_with_failures_and_restarts_ends_in_the_same_single_release(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        char digests[TABLES][KF_DIGEST_SIZE];
        (void)tear_down(NULL);
        (void)set_up(NULL);
        begin_with_last_year();
        random_day(seed, digests);
        assert_int_equal(sim->released_len, 2);
        assert_true(sim->released[1].release.complete);
        assert_string_equal(sim->released[1].release.vintage, "unrevised");
        for (size_t i = 0; i < TABLES; i++) {
            assert_int_equal(sim->store[i].newest_year, 2025);
            assert_string_equal(digests[i], sim->released[1].digests[i]);
            assert_string_equal(sim->detect.tables[i].digest, digests[i]);
        }
    }
}

/* --- bounds ---------------------------------------------------------------------------------- */

static void searches_of_a_year_are_few(void **state)
{
    (void)state;
    begin_with_last_year();
    sim->searches = 0;
    run_until("2026-03-15");
    /* Once an hour for less than five days. */
    assert_in_range(sim->searches, 1, 5 * 24);
}

static void a_note_is_recalled_and_nonsense_is_passed_over(void **state)
{
    (void)state;
    begin_with_last_year();
    struct kf_text copy;
    kf_text_init(&copy, 4096);
    kf_text_add(&copy, "nonsense\n\n12362 short\n99999 00000000000000000000000000000000\n");
    kf_text_add(&copy, sim->note.bytes);
    kf_text_reset(&sim->note);
    kf_text_add(&sim->note, copy.bytes);
    kf_text_clear(&copy);
    start();
    for (size_t i = 0; i < TABLES; i++) {
        assert_string_equal(sim->detect.tables[i].assembled, sim->store[i].digest);
    }
}

static void more_tables_than_there_is_room_for_are_refused(void **state)
{
    (void)state;
    struct kf_error err;
    begin("2026-03-10");
    while (sim->detect.tables_len < KF_DETECT_TABLES_MAX) {
        assert_int_equal(kf_detect_add(&sim->detect, "1", "kostra", 0, &err), KF_OK);
    }
    assert_int_equal(kf_detect_add(&sim->detect, "1", "kostra", 0, &err), KF_ERR_LIMIT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_day_of_publication_and_a_correction_are_two_releases),
        TEST(while_an_event_is_open_it_is_said_what_is_waited_for),
        TEST(after_patience_the_release_is_due_and_names_what_is_missing),
        TEST(nothing_new_is_no_release_however_often_it_is_told),
        TEST(an_updated_that_is_far_ahead_is_not_believed),
        TEST(an_older_updated_is_a_stale_answer),
        TEST(a_drifted_table_does_not_hold_up_a_correction_of_another),
        TEST(a_clock_that_jumps_makes_no_release),
        TEST(any_order_with_failures_and_restarts_ends_in_the_same_single_release),
        TEST(searches_of_a_year_are_few),
        TEST(a_note_is_recalled_and_nonsense_is_passed_over),
        TEST(more_tables_than_there_is_room_for_are_refused),
    };
    return cmocka_run_group_tests(tests, open_calendar, close_calendar);
}
