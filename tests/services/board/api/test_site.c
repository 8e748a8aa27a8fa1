#include "tests/support/cmocka.h"

#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"
#include "fake_store.h"
#include "services/board/api/site.h"
#include "tests/support/catalogue_fixture.h"

static struct kf_board_store store;
static struct kf_snapshot status;
static struct kf_site *site;
static struct kf_http_request request;
static struct kf_http_answer answer;

static enum kf_err make_site(struct kf_error *err)
{
    char path[32];
    (void)snprintf(path, sizeof path, "%p", (void *)&store);
    const struct kf_site_options options = {
        .store = path, .catalogue = fixture_catalogue, .status = &status, .program = "test 1"};
    return kf_site_new(&options, &site, err);
}

static int begin(void **state)
{
    (void)state;
    const struct kf_text now = {.bytes = (char[]){"{\"nowMs\":1}"}, .length = 11};
    memset(&store, 0, sizeof store);
    memset(&request, 0, sizeof request);
    request.known = request.accepts = "";
    fake_panel(&store, "need-2026", 2026, "r1");
    fake_value(fake_row(&store, KF_TOPIC_NEED, "0301", "barnehage", ""), "need_index", 0.5);
    store.releases[0].published_ms = 3;
    store.releases_len = 1;
    kf_snapshot_init(&status);
    kf_snapshot_set(&status, &now);
    kf_http_answer_init(&answer);
    return make_site(NULL) == KF_OK ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    kf_http_answer_clear(&answer);
    kf_site_destroy(&site);
    kf_snapshot_clear(&status);
    return 0;
}

/* Asks for the path; the query stands in `request`. */
static void ask(const char *path)
{
    kf_http_answer_clear(&answer);
    kf_http_answer_init(&answer);
    request.path = path;
    assert_true(kf_site_answer(site, &request, &answer));
}

static void every_address_of_the_api_answers_json(void **state)
{
    (void)state;
    static const char *const paths[] = {"/api/catalogue", "/api/releases", "/api/status"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        ask(paths[i]);
        assert_int_equal(answer.status, 200);
        assert_string_equal(answer.type, "application/json");
        assert_true(answer.body.bytes[0] == '{' || answer.body.bytes[0] == '[');
    }
}

static void other_addresses_are_not_its_own(void **state)
{
    (void)state;
    static const char *const paths[] = {"/api", "/api/", "/api/status/", "/x.js"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        request.path = paths[i];
        assert_false(kf_site_answer(site, &request, &answer));
    }
}

static void the_page_is_an_asset_under_its_policy(void **state)
{
    (void)state;
    ask("/municipality/4003");
    assert_non_null(answer.asset);
    assert_non_null(strstr(answer.policy, "script-src 'self'"));
}

static void an_unknown_address_is_the_page_which_says_so_in_the_readers_language(void **state)
{
    (void)state;
    static const char *const paths[] = {"/x", "/municipality/skien", "/operations/x", "/apis"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        ask(paths[i]);
        assert_int_equal(answer.status, 404);
        assert_string_equal(answer.asset->type, "text/html; charset=utf-8");
        assert_non_null(strstr(answer.policy, "script-src 'self'"));
    }
}

static void an_article_is_asked_for_by_its_query(void **state)
{
    (void)state;
    ask("/api/article");
    assert_int_equal(answer.status, 400);
    assert_non_null(strstr(answer.body.bytes, "{\"error\":"));
    assert_true(kf_http_request_add(&request, "municipality", "0301"));
    ask("/api/article");
    assert_int_equal(answer.status, 200);
    assert_non_null(strstr(answer.body.bytes, "\"code\":\"0301\""));
    request.values[0].value = "9999";
    ask("/api/article");
    assert_int_equal(answer.status, 404);
    assert_string_equal(answer.tag, "");
}

static void what_a_browser_has_is_sent_again_when_something_changed(void **state)
{
    (void)state;
    char tag[KF_HTTP_TAG_SIZE];
    ask("/api/catalogue");
    memcpy(tag, answer.tag, sizeof tag);
    assert_string_not_equal(tag, "");
    request.known = tag;
    ask("/api/catalogue");
    assert_int_equal(answer.status, 304);
    assert_int_equal(answer.body.length, 0);
    ask("/api/releases");
    assert_int_equal(answer.status, 200);
    store.changes++;
    ask("/api/catalogue");
    assert_int_equal(answer.status, 200);
}

static void how_many_releases_can_be_said(void **state)
{
    (void)state;
    assert_true(kf_http_request_add(&request, "limit", "0"));
    ask("/api/releases");
    assert_string_equal(answer.body.bytes, "[]");
    request.values[0].value = "501";
    ask("/api/releases");
    assert_int_equal(answer.status, 400);
    request.values[0].value = "";
    ask("/api/releases");
    assert_int_equal(answer.status, 400);
}

static void who_listens_has_the_status_at_once(void **state)
{
    (void)state;
    ask("/api/events");
    assert_true(answer.stream);
    assert_string_equal(answer.type, "text/event-stream");
    assert_non_null(strstr(answer.body.bytes, "event: status\ndata: {\"nowMs\":1}\n\n"));
}

static void a_store_that_fails_is_no_half_answer(void **state)
{
    (void)state;
    store.fails = KF_ERR_IO;
    ask("/api/catalogue");
    assert_int_equal(answer.status, 500);
    assert_string_equal(answer.body.bytes, "{\"error\":\"the disk is gone\"}");
}

static void without_a_store_or_memory_there_is_no_site(void **state)
{
    (void)state;
    struct kf_error err;
    struct kf_site *none = NULL;
    const struct kf_site_options options = {
        .store = "nowhere", .catalogue = fixture_catalogue, .status = &status, .program = "test 1"};
    assert_int_equal(kf_site_new(&options, &none, &err), KF_ERR_CONFIG);
    kf_memory_fail_after(0);
    assert_int_equal(kf_site_new(&options, &none, &err), KF_ERR_MEMORY);
    kf_memory_fail_after(-1);
    assert_null(none);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(every_address_of_the_api_answers_json),
        CASE(other_addresses_are_not_its_own),
        CASE(the_page_is_an_asset_under_its_policy),
        CASE(an_unknown_address_is_the_page_which_says_so_in_the_readers_language),
        CASE(an_article_is_asked_for_by_its_query),
        CASE(what_a_browser_has_is_sent_again_when_something_changed),
        CASE(how_many_releases_can_be_said),
        CASE(who_listens_has_the_status_at_once),
        CASE(a_store_that_fails_is_no_half_answer),
        CASE(without_a_store_or_memory_there_is_no_site),
    };
    return cmocka_run_group_tests(tests, fixture_catalogue_open, fixture_catalogue_close);
}
