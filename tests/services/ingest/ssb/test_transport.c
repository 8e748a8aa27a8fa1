#include "tests/support/cmocka.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ssb_fixture.h"

#define TABLE                                                                                      \
    "{\"id\":\"12134\",\"label\":\"x\",\"updated\":\"2026-03-16T07:00:00Z\",\"discontinued\":"     \
    "false}"

static struct fixture fixture;

static int set_up(void **state)
{
    (void)state;
    fixture_start(&fixture, 100000);
    fixture.options.attempts_max = 2;
    fixture_renew(&fixture);
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

static const struct kf_ssb_answer *ask_figures(void)
{
    struct kf_ssb_question question = fixture_figures(&fixture);
    return fixture_ask(&fixture, &question);
}

static void assert_cause(const struct kf_ssb_answer *answer, enum kf_ssb_cause cause,
                         unsigned calls)
{
    if (answer->cause != cause || answer->calls != calls) {
        fail_msg("%s after %u calls, not %s after %u: %s", kf_ssb_cause_name(answer->cause),
                 answer->calls, kf_ssb_cause_name(cause), calls, answer->text);
    }
}

/* --- bodies that end too early ---------------------------------------------------------------- */

static void fewer_bytes_than_announced_are_a_cut_body(void **state)
{
    (void)state;
    struct toy_reply *reply = fixture_say(&fixture, 200, TABLE);
    reply->missing = 20;
    assert_cause(ask_table(), KF_SSB_CUT, 2);
}

static void a_connection_that_breaks_off_is_a_cut_body(void **state)
{
    (void)state;
    struct toy_reply *reply = fixture_say(&fixture, 200, TABLE);
    reply->missing = 20;
    reply->reset = true;
    assert_cause(ask_table(), KF_SSB_CUT, 2);
}

static void json_that_ends_too_early_is_cut_for_figures_too(void **state)
{
    (void)state;
    size_t length = 0;
    char *figures =
        fixture_keep(&fixture, fixture_read("ssb_v2_12134_data_3kommuner_2024.json", &length));
    struct toy_reply *reply = fixture_say(&fixture, 200, figures);
    reply->length = length / 2;
    reply->without_length = true;
    assert_cause(ask_figures(), KF_SSB_CUT, 2);
    assert_int_equal(fixture.pages, 0);
}

static void a_stream_of_gzip_that_ends_too_early_is_no_content(void **state)
{
    (void)state;
    size_t length = 0;
    char *packed = fixture_keep(&fixture, fixture_read("12134.json.gz", &length));
    struct toy_reply *reply = fixture_say(&fixture, 200, "");
    reply->body = packed;
    reply->length = length / 2;
    reply->headers = "Content-Encoding: gzip\r\n";
    const struct kf_ssb_answer *answer = ask_figures();
    assert_true(answer->cause == KF_SSB_CUT || answer->cause == KF_SSB_FOREIGN);
    assert_int_equal(fixture.pages, 0);
}

static void no_answer_at_all_is_a_cut_one(void **state)
{
    (void)state;
    fixture_say(&fixture, 200, "")->raw = "";
    const struct kf_ssb_answer *answer = ask_table();
    assert_int_equal(answer->cause, KF_SSB_CUT);
}

/* --- garbage ---------------------------------------------------------------------------------- */

static void what_is_no_http_is_foreign(void **state)
{
    (void)state;
    fixture_say(&fixture, 200, "")->raw = "220 mail.example ESMTP ready\r\n";
    assert_cause(ask_table(), KF_SSB_FOREIGN, 2);
}

static void what_is_no_gzip_is_foreign(void **state)
{
    (void)state;
    fixture_say(&fixture, 200, TABLE)->headers = "Content-Encoding: gzip\r\n";
    assert_cause(ask_table(), KF_SSB_FOREIGN, 2);
}

static void a_page_of_html_is_foreign_and_never_read_as_figures(void **state)
{
    (void)state;
    fixture_say(&fixture, 200, "<!DOCTYPE html><title>maintenance</title>")->type = "text/html";
    const struct kf_ssb_answer *answer = ask_figures();
    assert_cause(answer, KF_SSB_FOREIGN, 2);
    assert_non_null(strstr(answer->text, "text/html"));
    assert_int_equal(fixture.pages, 0);
}

static void a_fault_in_the_figures_tells_where(void **state)
{
    (void)state;
    fixture_say(&fixture, 200, "{\"version\":\"2.0\",\"class\":\"dataset\",\"value\":[1,2,NaN]}");
    const struct kf_ssb_answer *answer = ask_figures();
    assert_cause(answer, KF_SSB_FOREIGN, 2);
    assert_non_null(strstr(answer->text, "value"));
}

/* --- too much --------------------------------------------------------------------------------- */

static void a_compression_bomb_is_stopped_long_before_it_is_unpacked(void **state)
{
    (void)state;
    size_t length = 0;
    char *bomb = fixture_keep(&fixture, fixture_read("bomb.json.gz", &length));
    struct toy_reply *reply = fixture_say(&fixture, 200, "");
    reply->body = bomb;
    reply->length = length;
    reply->headers = "Content-Encoding: gzip\r\n";
    const struct kf_ssb_answer *answer = ask_figures();
    assert_cause(answer, KF_SSB_TOO_LARGE, 1);
    assert_true(answer->bytes < 16 * 1024 * 1024); /* of 32 */
    assert_non_null(strstr(answer->text, "decompressed"));
}

static void no_more_is_taken_than_the_ceiling(void **state)
{
    (void)state;
    size_t length = 0;
    char *bomb = fixture_keep(&fixture, fixture_read("bomb.json.gz", &length));
    struct toy_reply *reply = fixture_say(&fixture, 200, "");
    reply->body = bomb;
    reply->length = length;
    reply->headers = "Content-Encoding: gzip\r\n";
    fixture.options.ratio_max = 1000000;
    fixture.options.answer_bytes_max = 2 * 1024 * 1024;
    fixture_renew(&fixture);
    const struct kf_ssb_answer *answer = ask_figures();
    assert_cause(answer, KF_SSB_TOO_LARGE, 1);
    assert_true(answer->bytes <= 2 * 1024 * 1024 + 64 * 1024);
}

static void an_announced_length_beyond_the_ceiling_is_not_even_read(void **state)
{
    (void)state;
    struct toy_reply *reply = fixture_say(&fixture, 200, "");
    reply->length = 300 * 1024 * 1024;
    reply->missing = reply->length;
    const struct kf_ssb_answer *answer = ask_figures();
    assert_cause(answer, KF_SSB_TOO_LARGE, 1);
    assert_int_equal(answer->bytes, 0);
}

static void the_endless_page_of_an_error_is_not_read_to_its_end(void **state)
{
    (void)state;
    size_t length = 8 * 1024 * 1024;
    char *page = fixture_keep(&fixture, malloc(length));
    memset(page, 'x', length);
    struct toy_reply *reply = fixture_say(&fixture, 400, "");
    reply->body = page;
    reply->length = length;
    const struct kf_ssb_answer *answer = ask_table();
    assert_cause(answer, KF_SSB_BAD_QUESTION, 1);
    assert_true(answer->bytes < 256 * 1024);
}

static void an_endless_head_is_refused(void **state)
{
    (void)state;
    size_t length = 1024 * 1024;
    char *head = fixture_keep(&fixture, malloc(length + 64));
    int begins = snprintf(head, 64, "HTTP/1.1 200 OK\r\nX-Long: ");
    memset(head + begins, 'x', length);
    memcpy(head + begins + length, "\r\n\r\n", 5);
    fixture_say(&fixture, 200, "")->raw = head;
    assert_int_not_equal(ask_table()->cause, KF_SSB_NO_CAUSE);
}

/* --- silence ---------------------------------------------------------------------------------- */

static void silence_times_out(void **state)
{
    (void)state;
    fixture.options.timeout_ms = 150;
    fixture_renew(&fixture);
    struct toy_reply *reply = fixture_say(&fixture, 200, TABLE);
    reply->missing = strlen(TABLE);
    reply->silent = true;
    const struct kf_ssb_answer *answer = ask_table();
    assert_cause(answer, KF_SSB_TIMED_OUT, 2);
    assert_true(answer->took_ms >= 300);
}

static void a_trickle_times_out(void **state)
{
    (void)state;
    fixture.options.timeout_ms = 200;
    fixture_renew(&fixture);
    fixture_say(&fixture, 200, TABLE)->trickle = true;
    assert_cause(ask_table(), KF_SSB_TIMED_OUT, 2);
}

/* A port on which nobody listens. */
static int closed_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    int descriptor = socket(AF_INET, SOCK_STREAM, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(descriptor, (struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(descriptor, (struct sockaddr *)&address, &size), 0);
    (void)close(descriptor);
    return ntohs(address.sin_port);
}

static void nobody_there_is_unreachable(void **state)
{
    (void)state;
    char url[64];
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%d", closed_port());
    fixture.options.url = url;
    fixture_renew(&fixture);
    assert_cause(ask_table(), KF_SSB_UNREACHABLE, 2);
}

static void a_server_without_tls_is_not_asked_twice(void **state)
{
    (void)state;
    char url[64];
    fixture_say(&fixture, 200, "")->raw = "HTTP/1.1 400 Bad Request\r\n\r\n";
    (void)snprintf(url, sizeof url, "https%s", toy_server_url(fixture.server) + strlen("http"));
    fixture.options.url = url;
    fixture.options.timeout_ms = 2000;
    fixture_renew(&fixture);
    struct kf_ssb_question question = fixture_table();
    struct kf_error err;
    assert_int_equal(kf_ssb_ask(fixture.ssb, &question, &err), KF_OK);
    enum kf_ssb_turn turn = KF_SSB_BUSY;
    while (turn == KF_SSB_BUSY) {
        turn = fixture_turn(&fixture);
    }
    const struct kf_ssb_answer *answer = kf_ssb_answer(fixture.ssb);
    assert_true(answer->cause == KF_SSB_UNREACHABLE || answer->cause == KF_SSB_TIMED_OUT);
}

/* --- ways ------------------------------------------------------------------------------------- */

static void the_proxy_is_asked_for_the_whole_address(void **state)
{
    (void)state;
    fixture.options.url = "http://api.example/v2";
    fixture.options.proxy = toy_server_url(fixture.server);
    fixture_renew(&fixture);
    fixture_say(&fixture, 200, TABLE);
    assert_cause(ask_table(), KF_SSB_NO_CAUSE, 1);
    assert_non_null(strstr(fixture.play.first_head,
                           "GET http://api.example/v2/tables/12134?lang=no HTTP/1.1\r\n"));
}

static void the_proxy_of_the_environment_is_taken(void **state)
{
    (void)state;
    assert_int_equal(setenv("http_proxy", toy_server_url(fixture.server), 1), 0);
    fixture.options.url = "http://api.example/v2";
    fixture_renew(&fixture);
    fixture_say(&fixture, 200, TABLE);
    assert_cause(ask_table(), KF_SSB_NO_CAUSE, 1);
    assert_int_equal(unsetenv("http_proxy"), 0);
}

static void a_password_of_a_proxy_is_told_to_nobody(void **state)
{
    (void)state;
    static const char *const proxies[] = {"gopher://kari:hemmelig@127.0.0.1:1",
                                          "http://kari:hemmelig@127.0.0.1:notaport",
                                          "http://kari:hemmelig@127.0.0.1:1"};
    for (size_t i = 0; i < sizeof proxies / sizeof proxies[0]; i++) {
        fixture.options.proxy = proxies[i];
        fixture_renew(&fixture);
        const struct kf_ssb_answer *answer = ask_table();
        assert_int_not_equal(answer->cause, KF_SSB_NO_CAUSE);
        assert_null(strstr(answer->text, "hemmelig"));
    }
}

static void names_are_resolved_without_blocking_and_their_lack_is_unreachable(void **state)
{
    (void)state;
    fixture.options.url = "http://nowhere.invalid";
    fixture_renew(&fixture);
    assert_cause(ask_table(), KF_SSB_UNREACHABLE, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(fewer_bytes_than_announced_are_a_cut_body),
        TEST(a_connection_that_breaks_off_is_a_cut_body),
        TEST(json_that_ends_too_early_is_cut_for_figures_too),
        TEST(a_stream_of_gzip_that_ends_too_early_is_no_content),
        TEST(no_answer_at_all_is_a_cut_one),
        TEST(what_is_no_http_is_foreign),
        TEST(what_is_no_gzip_is_foreign),
        TEST(a_page_of_html_is_foreign_and_never_read_as_figures),
        TEST(a_fault_in_the_figures_tells_where),
        TEST(a_compression_bomb_is_stopped_long_before_it_is_unpacked),
        TEST(no_more_is_taken_than_the_ceiling),
        TEST(an_announced_length_beyond_the_ceiling_is_not_even_read),
        TEST(the_endless_page_of_an_error_is_not_read_to_its_end),
        TEST(an_endless_head_is_refused),
        TEST(silence_times_out),
        TEST(a_trickle_times_out),
        TEST(nobody_there_is_unreachable),
        TEST(a_server_without_tls_is_not_asked_twice),
        TEST(the_proxy_is_asked_for_the_whole_address),
        TEST(the_proxy_of_the_environment_is_taken),
        TEST(a_password_of_a_proxy_is_told_to_nobody),
        TEST(names_are_resolved_without_blocking_and_their_lack_is_unreachable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
