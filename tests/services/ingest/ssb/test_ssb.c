#include "tests/support/cmocka.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/model/digest.h"
#include "ssb_fixture.h"

#define TABLE                                                                                      \
    "{\"id\":\"12134\",\"label\":\"12134: Utvalgte\",\"updated\":\"2026-03-16T07:00:00Z\","        \
    "\"firstPeriod\":\"2015\",\"lastPeriod\":\"2025\",\"discontinued\":false}"

static struct fixture fixture;
static char *figures; /* the recorded answer */
static size_t figures_length;

static int set_up_all(void **state)
{
    (void)state;
    figures = fixture_read("ssb_v2_12134_data_3kommuner_2024.json", &figures_length);
    return 0;
}

static int tear_down_all(void **state)
{
    (void)state;
    free(figures);
    return 0;
}

static int set_up(void **state)
{
    (void)state;
    fixture_start(&fixture, 20000);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    fixture_stop(&fixture);
    return 0;
}

static void assert_cause(const struct kf_ssb_answer *answer, enum kf_ssb_cause cause)
{
    if (answer->cause != cause) {
        fail_msg("%s, not %s: %s", kf_ssb_cause_name(answer->cause), kf_ssb_cause_name(cause),
                 answer->text);
    }
}

/* --- answers ---------------------------------------------------------------------------------- */

static void figures_are_asked_for_by_post_and_read_to_the_right_cells(void **state)
{
    (void)state;
    struct kf_ssb_question question = fixture_figures(&fixture);
    char expected[KF_DIGEST_SIZE];
    fixture_say(&fixture, 200, figures);
    const struct kf_ssb_answer *answer = fixture_ask(&fixture, &question);
    assert_cause(answer, KF_SSB_NO_CAUSE);
    assert_int_equal(answer->pages, 1);
    assert_int_equal(answer->cells, 3);
    assert_int_equal(answer->calls, 1);
    assert_int_equal(answer->bytes, figures_length);
    assert_int_equal(fixture.pages, 1);
    kf_digest_of(figures, figures_length, expected);
    assert_string_equal(answer->digest, expected);
    const char *head = fixture.play.first_head;
    assert_non_null(
        strstr(head, "POST /tables/12134/data?outputFormat=json-stat2&lang=no HTTP/1.1\r\n"));
    assert_non_null(strstr(head, "User-Agent: kostraflow/" KF_VERSION "\r\n"));
    assert_non_null(strstr(head, "Accept-Encoding: gzip\r\n"));
    assert_non_null(strstr(head, "Content-Type: application/json\r\n"));
    assert_string_equal(fixture.play.first_body,
                        "{\"selection\":[{\"variableCode\":\"KOKkommuneregion0000\",\"valueCodes\":"
                        "[\"0301\",\"4601\",\"5001\"]},{\"variableCode\":\"ContentsCode\","
                        "\"valueCodes\":[\"KOSAG110000\"]},{\"variableCode\":\"Tid\","
                        "\"valueCodes\":[\"2024\"]}]}");
}

static void gzip_is_undone_and_the_digest_is_that_of_the_text(void **state)
{
    (void)state;
    struct kf_ssb_question question = fixture_figures(&fixture);
    char expected[KF_DIGEST_SIZE];
    size_t length = 0;
    char *packed = fixture_keep(&fixture, fixture_read("12134.json.gz", &length));
    struct toy_reply *reply = fixture_say(&fixture, 200, "");
    reply->body = packed;
    reply->length = length;
    reply->headers = "Content-Encoding: gzip\r\n";
    const struct kf_ssb_answer *answer = fixture_ask(&fixture, &question);
    assert_cause(answer, KF_SSB_NO_CAUSE);
    kf_digest_of(figures, figures_length, expected);
    assert_string_equal(answer->digest, expected);
}

static void a_description_is_read(void **state)
{
    (void)state;
    json_t *root = json_loads(figures, 0, NULL);
    (void)json_object_del(root, "value");
    (void)json_object_del(root, "status");
    char *description = fixture_keep(&fixture, json_dumps(root, 0));
    struct kf_ssb_question question = {.kind = KF_SSB_METADATA, .table = "12134"};
    fixture_say(&fixture, 200, description);
    const struct kf_ssb_answer *answer = fixture_ask(&fixture, &question);
    assert_cause(answer, KF_SSB_NO_CAUSE);
    assert_non_null(answer->metadata);
    assert_null(answer->metadata->values);
    assert_string_equal(answer->metadata->updated, "2026-03-16T07:00:00Z");
    assert_int_equal(answer->metadata->dimensions_len, 3);
    assert_non_null(
        strstr(fixture.play.first_head, "GET /tables/12134/metadata?lang=no HTTP/1.1\r\n"));
    json_decref(root);
}

static void a_table_that_has_not_changed_since_its_etag_is_told_as_unchanged(void **state)
{
    (void)state;
    struct kf_ssb_question question = fixture_table();
    fixture_say(&fixture, 200, TABLE)->headers = "ETag: \"v1\"\r\n";
    fixture_say(&fixture, 304, "");
    const struct kf_ssb_answer *answer = fixture_ask(&fixture, &question);
    assert_false(answer->unchanged);
    assert_string_equal(answer->etag, "\"v1\"");
    assert_string_equal(answer->tables[0].updated, "2026-03-16T07:00:00Z");
    assert_null(strstr(fixture.play.last_head, "If-None-Match"));
    question.etag = "\"v1\"";
    answer = fixture_ask(&fixture, &question);
    assert_cause(answer, KF_SSB_NO_CAUSE);
    assert_true(answer->unchanged);
    assert_string_equal(answer->etag, "\"v1\"");
    assert_int_equal(answer->tables_len, 0);
    assert_non_null(strstr(fixture.play.last_head, "If-None-Match: \"v1\"\r\n"));
}

static void another_table_than_the_one_asked_for_is_foreign(void **state)
{
    (void)state;
    struct kf_ssb_question question = {.kind = KF_SSB_TABLE, .table = "07459"};
    fixture_say(&fixture, 200, TABLE);
    const struct kf_ssb_answer *answer = fixture_ask(&fixture, &question);
    assert_cause(answer, KF_SSB_FOREIGN);
    assert_non_null(strstr(answer->text, "another table came: 12134"));
    assert_int_equal(answer->tables_len, 0);
}

static void a_search_is_asked_page_by_page(void **state)
{
    (void)state;
    struct kf_ssb_question question = {
        .kind = KF_SSB_TABLES, .from = "2026-03-15", .to = "2026-03-16"};
    fixture_say(&fixture, 200,
                "{\"tables\":[" TABLE "],\"page\":{\"totalElements\":2,\"totalPages\":2}}");
    fixture_say(&fixture, 200,
                "{\"tables\":[" TABLE "],\"page\":{\"totalElements\":2,\"totalPages\":2}}");
    const struct kf_ssb_answer *answer = fixture_ask(&fixture, &question);
    assert_cause(answer, KF_SSB_NO_CAUSE);
    assert_int_equal(answer->tables_len, 2);
    assert_int_equal(answer->calls, 2);
    assert_non_null(strstr(fixture.play.first_head, "&pageNumber=1&"));
    assert_non_null(strstr(fixture.play.last_head, "&pageNumber=2&"));
}

static void recorded_municipality_codes_come_through(void **state)
{
    (void)state;
    size_t length = 0;
    char *codes = fixture_keep(&fixture, fixture_read("klass131_codesAt_2026-01-01.json", &length));
    struct kf_ssb_question question = {.kind = KF_SSB_CODES, .from = "2026-01-01"};
    fixture_say(&fixture, 200, codes);
    const struct kf_ssb_answer *answer = fixture_ask(&fixture, &question);
    assert_cause(answer, KF_SSB_NO_CAUSE);
    assert_int_equal(answer->codes_len, 358);
}

/* --- pages ------------------------------------------------------------------------------------ */

#define REGIONS 900

static char region_texts[REGIONS][8];
static const char *regions[REGIONS];
static const char *years[1000];

/* A question of two pages: 900 regions at 1000 times. */
static struct kf_ssb_question two_pages(struct kf_ssb_selection selections[2])
{
    struct kf_ssb_question question = fixture_figures(&fixture);
    for (size_t i = 0; i < 1000; i++) {
        if (i < REGIONS) {
            (void)snprintf(region_texts[i], sizeof region_texts[i], "r%zu", i);
            regions[i] = region_texts[i];
        }
        static char texts[1000][8];
        (void)snprintf(texts[i], sizeof texts[i], "t%zu", i);
        years[i] = texts[i];
    }
    selections[0] = (struct kf_ssb_selection){"Region", regions, REGIONS};
    selections[1] = (struct kf_ssb_selection){"Tid", years, 1000};
    question.selections = selections;
    question.selections_len = 2;
    return question;
}

/* The answer with regions [first, first + count); free it. */
static char *page_of(size_t first, size_t count, const char *updated)
{
    json_t *region_codes = json_array();
    json_t *year_codes = json_array();
    json_t *values = json_array();
    for (size_t i = 0; i < count; i++) {
        (void)json_array_append_new(region_codes, json_string(regions[first + i]));
    }
    for (size_t i = 0; i < 1000; i++) {
        (void)json_array_append_new(year_codes, json_string(years[i]));
    }
    for (size_t i = 0; i < count * 1000; i++) {
        (void)json_array_append_new(values, json_integer((json_int_t)i));
    }
    json_t *root = json_pack(
        "{s:s,s:s,s:s,s:s,s:[s,s],s:[i,i],s:{s:{s:s,s:{s:o}},s:{s:s,s:{s:o}}},s:o}", "version",
        "2.0", "class", "dataset", "label", "x", "updated", updated, "id", "Region", "Tid", "size",
        (int)count, 1000, "dimension", "Region", "label", "r", "category", "index", region_codes,
        "Tid", "label", "t", "category", "index", year_codes, "value", values);
    char *text = json_dumps(root, JSON_COMPACT);
    json_decref(root);
    assert_non_null(text);
    return text;
}

/* Tables are larger than what may be asked for at once: their product is beyond the limit. */
static void the_description_of_a_large_table_is_read(void **state)
{
    (void)state;
    struct kf_ssb_selection selections[2];
    (void)two_pages(selections);
    json_t *root =
        json_loads(fixture_keep(&fixture, page_of(0, REGIONS, "2026-03-16T07:00:00Z")), 0, NULL);
    (void)json_object_del(root, "value");
    struct kf_ssb_question question = {.kind = KF_SSB_METADATA, .table = "12134"};
    fixture_say(&fixture, 200, fixture_keep(&fixture, json_dumps(root, 0)));
    const struct kf_ssb_answer *answer = fixture_ask(&fixture, &question);
    json_decref(root);
    assert_cause(answer, KF_SSB_NO_CAUSE);
    assert_int_equal(answer->metadata->dimensions[0].categories_len, REGIONS);
}

/* Plays both pages; the second one with that many regions and that time. */
static const struct kf_ssb_answer *ask_two_pages(size_t second, const char *second_updated)
{
    struct kf_ssb_selection selections[2];
    struct kf_ssb_question question = two_pages(selections);
    char *first_page = fixture_keep(&fixture, page_of(0, 800, "2026-03-16T07:00:00Z"));
    char *second_page = fixture_keep(&fixture, page_of(800, second, second_updated));
    fixture_say(&fixture, 200, first_page);
    fixture_say(&fixture, 200, second_page);
    const struct kf_ssb_answer *answer = fixture_ask(&fixture, &question);
    return answer;
}

static void large_selections_come_in_pages(void **state)
{
    (void)state;
    const struct kf_ssb_answer *answer = ask_two_pages(100, "2026-03-16T07:00:00Z");
    assert_cause(answer, KF_SSB_NO_CAUSE);
    assert_int_equal(answer->pages, 2);
    assert_int_equal(answer->cells, 900000);
    assert_int_equal(answer->calls, 2);
    assert_int_equal(fixture.pages, 2);
    assert_true(fixture.turns >= answer->bytes / (512 * 1024)); /* a piece in each turn */
}

static void a_table_that_is_updated_between_pages_has_changed(void **state)
{
    (void)state;
    const struct kf_ssb_answer *answer = ask_two_pages(100, "2026-03-16T07:07:00Z");
    assert_cause(answer, KF_SSB_CHANGED);
    assert_non_null(strstr(answer->text, "the figures of 12134, page 2 of 2: "));
    assert_int_equal(answer->calls, 2);
}

static void a_page_without_all_codes_has_changed(void **state)
{
    (void)state;
    const struct kf_ssb_answer *answer = ask_two_pages(99, "2026-03-16T07:00:00Z");
    assert_cause(answer, KF_SSB_CHANGED);
    assert_non_null(strstr(answer->text, "the answer lacks r899 of Region"));
}

static void who_takes_the_pages_may_refuse(void **state)
{
    (void)state;
    struct kf_ssb_question question = fixture_figures(&fixture);
    fixture.refuse_page = 1;
    fixture_say(&fixture, 200, figures);
    const struct kf_ssb_answer *answer = fixture_ask(&fixture, &question);
    assert_cause(answer, KF_SSB_REFUSED_PAGE);
    assert_non_null(strstr(answer->text, "not this one"));
    assert_int_equal(answer->calls, 1);
}

/* --- what cannot be asked --------------------------------------------------------------------- */

static void one_question_at_a_time(void **state)
{
    (void)state;
    struct kf_ssb_question question = fixture_table();
    struct kf_error err;
    fixture_say(&fixture, 200, TABLE);
    assert_int_equal(kf_ssb_work(fixture.ssb), KF_SSB_IDLE);
    assert_int_equal(kf_ssb_ask(fixture.ssb, &question, &err), KF_OK);
    assert_int_equal(kf_ssb_ask(fixture.ssb, &question, &err), KF_ERR_INTERNAL);
    assert_cause(fixture_finish(&fixture), KF_SSB_NO_CAUSE);
    assert_int_equal(kf_ssb_work(fixture.ssb), KF_SSB_IDLE);
}

static void bad_questions_are_refused_without_a_call(void **state)
{
    (void)state;
    struct kf_error err;
    struct kf_ssb_question question = fixture_figures(&fixture);
    question.selections_len = 0;
    assert_int_equal(kf_ssb_ask(fixture.ssb, &question, &err), KF_ERR_CONFIG);
    question = fixture_figures(&fixture);
    question.page = NULL;
    assert_int_equal(kf_ssb_ask(fixture.ssb, &question, &err), KF_ERR_CONFIG);
    question = fixture_table();
    question.etag = "a\r\nb";
    assert_int_equal(kf_ssb_ask(fixture.ssb, &question, &err), KF_ERR_CONFIG);
    question.table = "../config";
    assert_int_equal(kf_ssb_ask(fixture.ssb, &question, &err), KF_ERR_CONFIG);
    assert_false(kf_ssb_is_busy(fixture.ssb));
    assert_int_equal(toy_server_requests(fixture.server), 0);
}

static void assert_options_refused(const struct kf_ssb_options *options)
{
    struct kf_ssb *ssb = NULL;
    struct kf_error err;
    assert_int_equal(kf_ssb_new(options, &ssb, &err), KF_ERR_CONFIG);
    assert_null(ssb);
    assert_null(strstr(err.text, "hemmelig"));
}

static void options_that_are_none_are_refused(void **state)
{
    (void)state;
    static const char *const URLS[] = {"",
                                       "data.ssb.no",
                                       "ftp://data.ssb.no",
                                       "https://data.ssb.no/",
                                       "https://a:hemmelig@data.ssb.no/api",
                                       "https://data.ssb.no/api?x=1",
                                       "file:///etc/passwd",
                                       "https://"};
    for (size_t i = 0; i < sizeof URLS / sizeof URLS[0]; i++) {
        struct kf_ssb_options options = fixture.options;
        options.url = URLS[i];
        assert_options_refused(&options);
        options = fixture.options;
        options.klass_url = URLS[i];
        assert_options_refused(&options);
    }
    struct kf_ssb_options options = fixture.options;
    options.ca_file = "/nowhere/ca.pem";
    assert_options_refused(&options);
    options = fixture.options;
    options.language = "de";
    assert_options_refused(&options);
    options = fixture.options;
    options.attempts_max = 0;
    assert_options_refused(&options);
}

/* --- drop and memory -------------------------------------------------------------------------- */

static void a_dropped_question_is_forgotten_and_another_may_be_asked(void **state)
{
    (void)state;
    struct kf_ssb_question question = fixture_figures(&fixture);
    struct kf_error err;
    struct toy_reply *reply = fixture_say(&fixture, 200, figures);
    reply->missing = 100;
    reply->silent = true;
    fixture_say(&fixture, 200, TABLE);
    assert_int_equal(kf_ssb_ask(fixture.ssb, &question, &err), KF_OK);
    while (toy_server_requests(fixture.server) == 0) {
        assert_int_equal(fixture_turn(&fixture), KF_SSB_BUSY);
    }
    kf_ssb_drop(fixture.ssb);
    assert_false(kf_ssb_is_busy(fixture.ssb));
    assert_int_equal(kf_ssb_work(fixture.ssb), KF_SSB_IDLE);
    assert_int_equal(fixture.pages, 0);
    question = fixture_table();
    assert_cause(fixture_ask(&fixture, &question), KF_SSB_NO_CAUSE);
    kf_ssb_drop(fixture.ssb);
}

static void every_failing_allocation_is_an_error(void **state)
{
    (void)state;
    struct kf_ssb_question question = fixture_figures(&fixture);
    bool done = false;
    fixture_say(&fixture, 200, figures);
    for (int64_t n = 0; !done; n++) {
        struct kf_ssb *ssb = NULL;
        struct kf_error err;
        kf_memory_fail_after(n);
        enum kf_err code = kf_ssb_new(&fixture.options, &ssb, &err);
        code = code ? code : kf_ssb_ask(ssb, &question, &err);
        assert_true(code == KF_OK || code == KF_ERR_MEMORY);
        if (!code) {
            kf_ssb_destroy(&fixture.ssb);
            fixture.ssb = ssb;
            const struct kf_ssb_answer *answer = fixture_finish(&fixture);
            assert_true(answer->cause == KF_SSB_NO_CAUSE || answer->cause == KF_SSB_NO_MEMORY);
            done = answer->cause == KF_SSB_NO_CAUSE;
        } else {
            kf_ssb_destroy(&ssb);
        }
        kf_memory_fail_after(-1);
        assert_true(n < 500);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(figures_are_asked_for_by_post_and_read_to_the_right_cells),
        TEST(gzip_is_undone_and_the_digest_is_that_of_the_text),
        TEST(a_description_is_read),
        TEST(a_table_that_has_not_changed_since_its_etag_is_told_as_unchanged),
        TEST(another_table_than_the_one_asked_for_is_foreign),
        TEST(a_search_is_asked_page_by_page),
        TEST(recorded_municipality_codes_come_through),
        TEST(the_description_of_a_large_table_is_read),
        TEST(large_selections_come_in_pages),
        TEST(a_table_that_is_updated_between_pages_has_changed),
        TEST(a_page_without_all_codes_has_changed),
        TEST(who_takes_the_pages_may_refuse),
        TEST(one_question_at_a_time),
        TEST(bad_questions_are_refused_without_a_call),
        TEST(options_that_are_none_are_refused),
        TEST(a_dropped_question_is_forgotten_and_another_may_be_asked),
        TEST(every_failing_allocation_is_an_error),
    };
    return cmocka_run_group_tests(tests, set_up_all, tear_down_all);
}
