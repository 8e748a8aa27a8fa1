#include "tests/support/cmocka.h"

#include <string.h>

#include "common/base/clock.h"
#include "ssb_fixture.h"

#define TABLE                                                                                      \
    "{\"id\":\"12134\",\"label\":\"x\",\"updated\":\"2026-03-16T07:00:00Z\",\"discontinued\":"     \
    "false}"
#define MINUTE_MS INT64_C(60000)

static struct fixture fixture;

static int set_up(void **state)
{
    (void)state;
    fixture_start(&fixture, 100000);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    fixture_stop(&fixture);
    return 0;
}

static const struct kf_ssb_answer *ask_table(void)
{
    struct kf_ssb_question question = fixture_table();
    return fixture_ask(&fixture, &question);
}

static void assert_cause(const struct kf_ssb_answer *answer, enum kf_ssb_cause cause,
                         unsigned calls)
{
    if (answer->cause != cause || answer->calls != calls) {
        fail_msg("%s after %u calls, not %s after %u: %s", kf_ssb_cause_name(answer->cause),
                 answer->calls, kf_ssb_cause_name(cause), calls, answer->text);
    }
    assert_int_equal(toy_server_requests(fixture.server), calls);
}

/* When the request of that number came, milliseconds of the day. */
static int64_t day_time(size_t number)
{
    return (toy_server_time(fixture.server, number) - fixture.day.anchor_ms) * fixture.day.speed;
}

/* --- repetition ------------------------------------------------------------------------------- */

static void each_failure_is_repeated_as_often_as_it_is_worth(void **state)
{
    (void)state;
    static const struct {
        int status;
        const char *body;
        enum kf_ssb_cause cause;
        unsigned calls;
    } CASES[] = {
        {400, "{\"title\":\"Non-existent value\",\"status\":400}", KF_SSB_BAD_QUESTION, 1},
        {400, "{\"title\":\"Non-existent table\",\"status\":404}", KF_SSB_NO_TABLE, 1},
        {403, "", KF_SSB_FORBIDDEN, 2},
        {404, "<html>", KF_SSB_FOREIGN, 3},
        {429, "", KF_SSB_TOO_MANY, 5},
        {500, "", KF_SSB_UNAVAILABLE, 2},
        {500, "{\"title\":\"x\"}", KF_SSB_UNAVAILABLE, 5},
        {503, "<html>", KF_SSB_UNAVAILABLE, 5},
        {200, "<!DOCTYPE html>", KF_SSB_FOREIGN, 3},
        {200, "", KF_SSB_CUT, 5},
        {200, "{\"id\":\"12134\",\"lab", KF_SSB_CUT, 5},
        {200, "{\"id\":17}", KF_SSB_FOREIGN, 3},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct kf_ssb_counts counts;
        fixture_stop(&fixture);
        fixture_start(&fixture, 100000);
        fixture_say(&fixture, CASES[i].status, CASES[i].body);
        assert_cause(ask_table(), CASES[i].cause, CASES[i].calls);
        kf_ssb_counts(fixture.ssb, &counts);
        assert_int_equal(counts.calls, CASES[i].calls);
        assert_int_equal(counts.repeated, CASES[i].calls - 1);
        assert_int_equal(counts.failures[CASES[i].cause], CASES[i].calls);
    }
}

static void what_has_passed_is_forgotten(void **state)
{
    (void)state;
    struct kf_ssb_counts counts;
    fixture_say(&fixture, 503, "");
    fixture_say(&fixture, 200, "{\"id\":\"12134\",\"label\":\"y\"");
    fixture_say(&fixture, 200, TABLE);
    const struct kf_ssb_answer *answer = ask_table();
    assert_cause(answer, KF_SSB_NO_CAUSE, 3);
    assert_int_equal(answer->tables_len, 1);
    assert_string_equal(answer->tables[0].label, "x");
    kf_ssb_counts(fixture.ssb, &counts);
    assert_int_equal(counts.failures[KF_SSB_UNAVAILABLE], 1);
    assert_int_equal(counts.failures[KF_SSB_CUT], 1);
    assert_null(kf_ssb_trouble(fixture.ssb));
}

static void pauses_pass_on_the_clock_of_the_day(void **state)
{
    (void)state;
    fixture_say(&fixture, 403, "");
    assert_cause(ask_table(), KF_SSB_FORBIDDEN, 2);
    int64_t pause_ms = day_time(1) - day_time(0);
    assert_true(pause_ms >= 5 * MINUTE_MS);
}

static void pauses_grow(void **state)
{
    (void)state;
    fixture_say(&fixture, 503, "");
    assert_cause(ask_table(), KF_SSB_UNAVAILABLE, 5);
    assert_true(day_time(4) - day_time(3) >= 40000);
    assert_true(day_time(4) - day_time(0) >= 75000);
}

static void retry_after_is_obeyed_and_told(void **state)
{
    (void)state;
    struct kf_ssb_question question = fixture_table();
    struct kf_error err;
    fixture_say(&fixture, 429, "")->headers = "Retry-After: 1800\r\n";
    fixture_say(&fixture, 200, TABLE);
    assert_int_equal(kf_ssb_ask(fixture.ssb, &question, &err), KF_OK);
    while (!kf_ssb_trouble(fixture.ssb)) {
        assert_int_equal(fixture_turn(&fixture), KF_SSB_BUSY);
    }
    assert_string_equal(kf_ssb_trouble(fixture.ssb), "HTTP 429 (too-many): the API said to wait "
                                                     "for 1800 s before attempt 2 of 5");
    assert_cause(fixture_finish(&fixture), KF_SSB_NO_CAUSE, 2);
    assert_true(day_time(1) - day_time(0) >= 30 * MINUTE_MS);
}

static void retry_after_holds_for_the_next_question_too(void **state)
{
    (void)state;
    fixture.options.attempts_max = 1;
    fixture_renew(&fixture);
    fixture_say(&fixture, 503, "")->headers = "Retry-After: 3000\r\n";
    fixture_say(&fixture, 200, TABLE);
    assert_int_equal(ask_table()->cause, KF_SSB_UNAVAILABLE);
    assert_int_equal(ask_table()->cause, KF_SSB_NO_CAUSE);
    assert_true(day_time(1) - day_time(0) >= 50 * MINUTE_MS);
}

/* --- the rate --------------------------------------------------------------------------------- */

/* The most requests that the server saw in any window of the day of that length. */
static size_t most_in_a_window(int64_t window_ms)
{
    size_t most = 0;
    size_t count = toy_server_requests(fixture.server);
    for (size_t first = 0, last = 0; last < count; last++) {
        while (day_time(last) - day_time(first) >= window_ms) {
            first++;
        }
        most = last - first + 1 > most ? last - first + 1 : most;
    }
    return most;
}

static void ask_often(size_t questions)
{
    for (size_t i = 0; i < questions; i++) {
        assert_int_equal(ask_table()->cause, KF_SSB_NO_CAUSE);
    }
}

static void the_server_never_sees_more_calls_than_the_polite_rate(void **state)
{
    (void)state;
    fixture_stop(&fixture);
    fixture_start(&fixture, 600);
    fixture.options.calls_per_minute = 30;
    fixture_renew(&fixture);
    fixture_say(&fixture, 200, TABLE);
    ask_often(200);
    assert_int_equal(toy_server_requests(fixture.server), 200);
    assert_true(most_in_a_window(MINUTE_MS) <= 30);
    assert_true(day_time(199) - day_time(0) >= 6 * MINUTE_MS);
}

static void repeated_calls_count_against_the_rate(void **state)
{
    (void)state;
    fixture_stop(&fixture);
    fixture_start(&fixture, 600);
    fixture.options.calls_per_minute = 3;
    fixture_renew(&fixture);
    for (int i = 0; i < 10; i++) {
        fixture_say(&fixture, 200, "{\"id\":\"12134\",\"lab");
        fixture_say(&fixture, 200, TABLE);
    }
    ask_often(10);
    assert_true(most_in_a_window(MINUTE_MS) <= 3);
}

static void what_the_server_says_about_its_rate_is_obeyed(void **state)
{
    (void)state;
    fixture_stop(&fixture);
    fixture_start(&fixture, 600);
    fixture_say(&fixture, 200, TABLE)->headers = "x-ratelimit-limit: 4\r\n"
                                                 "x-ratelimit-policy: 4;w=30s\r\n";
    ask_often(24);
    assert_true(most_in_a_window(30000) <= 4);
}

static void nothing_remaining_is_obeyed(void **state)
{
    (void)state;
    fixture_say(&fixture, 200, TABLE)->headers = "x-ratelimit-limit: 40\r\n"
                                                 "x-ratelimit-policy: 40;w=3000s\r\n"
                                                 "x-ratelimit-remaining: 0\r\n";
    fixture_say(&fixture, 200, TABLE);
    ask_often(2);
    assert_true(day_time(1) - day_time(0) >= 50 * MINUTE_MS);
}

/* --- redirects -------------------------------------------------------------------------------- */

static void redirects_are_followed_and_count_as_calls(void **state)
{
    (void)state;
    fixture_say(&fixture, 301, "")->headers = "Location: /elsewhere?x=1\r\n";
    fixture_say(&fixture, 200, TABLE);
    assert_cause(ask_table(), KF_SSB_NO_CAUSE, 2);
    assert_non_null(strstr(fixture.play.last_head, "GET /elsewhere?x=1 HTTP/1.1"));
}

static void a_question_for_figures_stays_one_when_it_is_sent_on(void **state)
{
    (void)state;
    struct kf_ssb_question question = fixture_figures(&fixture);
    fixture_say(&fixture, 302, "")->headers = "Location: /elsewhere\r\n";
    fixture_say(&fixture, 400, "{\"title\":\"enough\"}");
    assert_cause(fixture_ask(&fixture, &question), KF_SSB_BAD_QUESTION, 2);
    assert_non_null(strstr(fixture.play.last_head, "POST /elsewhere HTTP/1.1"));
}

static void redirects_in_a_circle_end(void **state)
{
    (void)state;
    fixture_say(&fixture, 307, "")->headers = "Location: /again\r\n";
    const struct kf_ssb_answer *answer = ask_table();
    assert_cause(answer, KF_SSB_FOREIGN, 4);
    assert_non_null(strstr(answer->text, "sent on too often"));
}

static void redirects_to_other_protocols_are_not_followed(void **state)
{
    (void)state;
    fixture_say(&fixture, 302, "")->headers = "Location: file:///etc/passwd\r\n";
    const struct kf_ssb_answer *answer = ask_table();
    assert_cause(answer, KF_SSB_FOREIGN, 1);
    assert_non_null(strstr(answer->text, "something else than http"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(each_failure_is_repeated_as_often_as_it_is_worth),
        TEST(what_has_passed_is_forgotten),
        TEST(pauses_pass_on_the_clock_of_the_day),
        TEST(pauses_grow),
        TEST(retry_after_is_obeyed_and_told),
        TEST(retry_after_holds_for_the_next_question_too),
        TEST(the_server_never_sees_more_calls_than_the_polite_rate),
        TEST(repeated_calls_count_against_the_rate),
        TEST(what_the_server_says_about_its_rate_is_obeyed),
        TEST(nothing_remaining_is_obeyed),
        TEST(redirects_are_followed_and_count_as_calls),
        TEST(a_question_for_figures_stays_one_when_it_is_sent_on),
        TEST(redirects_in_a_circle_end),
        TEST(redirects_to_other_protocols_are_not_followed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
