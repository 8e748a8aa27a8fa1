#include "tests/support/cmocka.h"

#include <curl/curl.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "services/ingest/ssb/policy.h"

#define ATTEMPTS 5

static struct kf_ssb_verdict judge(long status, const char *type, const char *body)
{
    struct kf_ssb_headers headers;
    struct kf_ssb_verdict verdict;
    kf_ssb_headers_init(&headers);
    (void)snprintf(headers.content_type, sizeof headers.content_type, "%s", type);
    struct kf_ssb_outcome outcome = {.fault_text = "",
                                     .status = status,
                                     .headers = &headers,
                                     .beginning = body,
                                     .url_length = 100};
    kf_ssb_judge(&outcome, ATTEMPTS, &verdict);
    return verdict;
}

static struct kf_ssb_verdict judge_fault(int fault)
{
    struct kf_ssb_headers headers;
    struct kf_ssb_verdict verdict;
    kf_ssb_headers_init(&headers);
    struct kf_ssb_outcome outcome = {
        .fault = fault, .fault_text = "curl's words", .headers = &headers, .beginning = ""};
    kf_ssb_judge(&outcome, ATTEMPTS, &verdict);
    return verdict;
}

static void assert_cause(const struct kf_ssb_verdict *verdict, enum kf_ssb_cause cause,
                         unsigned attempts)
{
    assert_string_equal(kf_ssb_cause_name(verdict->cause), kf_ssb_cause_name(cause));
    assert_int_equal(verdict->attempts_max, attempts);
}

/* --- recorded answers ------------------------------------------------------------------------ */

/* What the API answered in each recorded case, and what it is. */
static const struct {
    const char *of_the_case; /* its beginning */
    enum kf_ssb_cause cause;
    unsigned attempts;
} RECORDED[] = {
    {"ugyldig tabell-ID", KF_SSB_NO_TABLE, 1},
    {"ugyldig kommune-kode", KF_SSB_BAD_QUESTION, 1},
    {"manglende mandatory", KF_SSB_BAD_QUESTION, 1},
    {"ugyldig ContentsCode", KF_SSB_BAD_QUESTION, 1},
    {"kommune uten data", KF_SSB_BAD_QUESTION, 1},
    {"GET-URL", KF_SSB_BAD_QUESTION, 1},
    {"ukjent variabel", KF_SSB_BAD_QUESTION, 1},
    {"for mange celler", KF_SSB_BAD_QUESTION, 1},
    {"komma-uttrykk", KF_SSB_BAD_QUESTION, 1},
    {"ukjent kodeliste", KF_SSB_BAD_QUESTION, 1},
    {"gjentatt verdikode", KF_SSB_UNAVAILABLE, 2},
    {"for mange kall", KF_SSB_TOO_MANY, ATTEMPTS},
};

static json_t *read_recorded(void)
{
    json_error_t error;
    json_t *cases = json_load_file(KF_SOURCE_DIR "/data/api/ssb_v2_feilsvar.json", 0, &error);
    assert_non_null(cases);
    return cases;
}

static struct kf_ssb_verdict judge_recorded(const json_t *answer)
{
    const char *body = json_string_value(json_object_get(answer, "body"));
    const char *start = json_string_value(json_object_get(answer, "body_start"));
    const char *type = json_string_value(json_object_get(answer, "content_type"));
    struct kf_ssb_headers headers;
    struct kf_ssb_verdict verdict;
    kf_ssb_headers_init(&headers);
    (void)snprintf(headers.content_type, sizeof headers.content_type, "%s", type ? type : "");
    struct kf_ssb_outcome outcome = {
        .fault_text = "",
        .status = (long)json_integer_value(json_object_get(answer, "http_status")),
        .headers = &headers,
        .beginning = body    ? body
                     : start ? start
                             : "",
        .url_length = start ? 4365 : 100};
    kf_ssb_judge(&outcome, ATTEMPTS, &verdict);
    return verdict;
}

static void every_recorded_error_has_its_cause(void **state)
{
    (void)state;
    json_t *cases = read_recorded();
    size_t count = sizeof RECORDED / sizeof RECORDED[0];
    assert_int_equal(json_array_size(cases), count);
    for (size_t i = 0; i < count; i++) {
        const json_t *answer = json_array_get(cases, i);
        const char *name = json_string_value(json_object_get(answer, "case"));
        assert_memory_equal(name, RECORDED[i].of_the_case, strlen(RECORDED[i].of_the_case));
        struct kf_ssb_verdict verdict = judge_recorded(answer);
        assert_cause(&verdict, RECORDED[i].cause, RECORDED[i].attempts);
    }
    json_decref(cases);
}

static void the_title_of_an_error_is_told(void **state)
{
    (void)state;
    struct kf_ssb_verdict verdict =
        judge(400, "application/json",
              "{\"type\":\"Parameter error\",\"title\":\"Non-existent value\",\"status\":400}");
    assert_string_equal(verdict.text, "HTTP 400: Non-existent value");
    verdict = judge(400, "application/json",
                    "{\"title\":\"Too many cells selected\",\"detail\":\"Too many cells "
                    "selected\",\"status\":400}");
    assert_string_equal(verdict.text, "HTTP 400: Too many cells selected");
}

static void foreign_titles_are_made_fit_to_show(void **state)
{
    (void)state;
    char body[1024];
    (void)snprintf(body, sizeof body, "{\"title\":\"a\\u001b[31mb\\n%0500d\",\"status\":400}", 0);
    struct kf_ssb_verdict verdict = judge(400, "", body);
    assert_cause(&verdict, KF_SSB_BAD_QUESTION, 1);
    assert_null(strchr(verdict.text, 27));
    assert_null(strchr(verdict.text, '\n'));
    assert_true(strlen(verdict.text) < 200);
}

/* --- statuses -------------------------------------------------------------------------------- */

static void every_status_has_a_cause(void **state)
{
    (void)state;
    for (long status = 100; status < 700; status++) {
        struct kf_ssb_verdict verdict = judge(status, "text/plain", "no JSON");
        assert_true(verdict.attempts_max >= 1 && verdict.attempts_max <= ATTEMPTS);
        if (status != 304) {
            assert_int_not_equal(verdict.cause, KF_SSB_NO_CAUSE);
            assert_string_not_equal(verdict.text, "");
        }
    }
}

static void causes_are_worth_what_the_table_says(void **state)
{
    (void)state;
    static const struct {
        long status;
        const char *body;
        enum kf_ssb_cause cause;
        unsigned attempts;
    } CASES[] = {
        {400, "", KF_SSB_BAD_QUESTION, 1},
        {401, "", KF_SSB_FORBIDDEN, 2},
        {403, "", KF_SSB_FORBIDDEN, 2},
        {404, "{\"title\":\"Non-existent table\",\"status\":404}", KF_SSB_NO_TABLE, 1},
        {404, "<html>", KF_SSB_FOREIGN, 3},
        {408, "", KF_SSB_TIMED_OUT, ATTEMPTS},
        {414, "", KF_SSB_BAD_QUESTION, 1},
        {429, "", KF_SSB_TOO_MANY, ATTEMPTS},
        {500, "", KF_SSB_UNAVAILABLE, 2},
        {500, "{\"title\":\"x\"}", KF_SSB_UNAVAILABLE, ATTEMPTS},
        {502, "<html>", KF_SSB_UNAVAILABLE, ATTEMPTS},
        {503, "", KF_SSB_UNAVAILABLE, ATTEMPTS},
        {504, "", KF_SSB_UNAVAILABLE, ATTEMPTS},
        {301, "", KF_SSB_FOREIGN, 3},
        {204, "", KF_SSB_FOREIGN, 3},
        {200, "", KF_SSB_CUT, ATTEMPTS},
        {200, "<!DOCTYPE html>", KF_SSB_FOREIGN, 3},
        {200, "\"text\"", KF_SSB_FOREIGN, 3},
        {200, " \r\n {\"a\":1}", KF_SSB_NO_CAUSE, 1},
        {304, "", KF_SSB_NO_CAUSE, 1},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct kf_ssb_verdict verdict = judge(CASES[i].status, "text/html", CASES[i].body);
        assert_cause(&verdict, CASES[i].cause, CASES[i].attempts);
    }
}

static void an_empty_500_names_the_probable_fault(void **state)
{
    (void)state;
    assert_non_null(strstr(judge(500, "", "").text, "given twice"));
}

/* --- faults of the network ------------------------------------------------------------------- */

static void faults_of_the_network_have_their_causes(void **state)
{
    (void)state;
    static const struct {
        int fault;
        enum kf_ssb_cause cause;
        unsigned attempts;
    } CASES[] = {
        {CURLE_COULDNT_RESOLVE_HOST, KF_SSB_UNREACHABLE, ATTEMPTS},
        {CURLE_COULDNT_RESOLVE_PROXY, KF_SSB_UNREACHABLE, ATTEMPTS},
        {CURLE_COULDNT_CONNECT, KF_SSB_UNREACHABLE, ATTEMPTS},
        {CURLE_PEER_FAILED_VERIFICATION, KF_SSB_UNREACHABLE, 1},
        {CURLE_SSL_CONNECT_ERROR, KF_SSB_UNREACHABLE, 1},
        {CURLE_OPERATION_TIMEDOUT, KF_SSB_TIMED_OUT, ATTEMPTS},
        {CURLE_PARTIAL_FILE, KF_SSB_CUT, ATTEMPTS},
        {CURLE_GOT_NOTHING, KF_SSB_CUT, ATTEMPTS},
        {CURLE_RECV_ERROR, KF_SSB_CUT, ATTEMPTS},
        {CURLE_FILESIZE_EXCEEDED, KF_SSB_TOO_LARGE, 1},
        {CURLE_BAD_CONTENT_ENCODING, KF_SSB_FOREIGN, 3},
        {CURLE_OUT_OF_MEMORY, KF_SSB_NO_MEMORY, 1},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct kf_ssb_verdict verdict = judge_fault(CASES[i].fault);
        assert_cause(&verdict, CASES[i].cause, CASES[i].attempts);
        assert_string_equal(verdict.text, "curl's words");
    }
}

static void attempts_never_exceed_the_options(void **state)
{
    (void)state;
    struct kf_ssb_headers headers;
    struct kf_ssb_verdict verdict;
    kf_ssb_headers_init(&headers);
    struct kf_ssb_outcome outcome = {
        .fault_text = "", .headers = &headers, .beginning = "", .status = 403};
    kf_ssb_judge(&outcome, 1, &verdict);
    assert_int_equal(verdict.attempts_max, 1);
}

/* --- pauses ---------------------------------------------------------------------------------- */

static void pauses_grow_with_jitter_and_are_bounded(void **state)
{
    (void)state;
    struct kf_ssb_verdict verdict = {.first_pause_ms = 1000, .longest_pause_ms = 60000};
    for (uint64_t seed = 0; seed < 200; seed++) {
        uint64_t own = seed;
        for (unsigned attempt = 1; attempt < 100; attempt++) {
            int64_t full_ms = attempt < 7 ? INT64_C(1000) << (attempt - 1) : 60000;
            full_ms = full_ms < 60000 ? full_ms : 60000;
            int64_t pause_ms = kf_ssb_pause(&verdict, attempt, &own);
            assert_true(pause_ms <= full_ms && pause_ms >= full_ms - full_ms / 2);
        }
    }
}

static void the_same_seed_gives_the_same_pauses_and_others_others(void **state)
{
    (void)state;
    struct kf_ssb_verdict verdict = {.first_pause_ms = 100000, .longest_pause_ms = 600000};
    uint64_t a = 1;
    uint64_t b = 1;
    uint64_t c = 2;
    int64_t first_ms = kf_ssb_pause(&verdict, 1, &a);
    assert_int_equal(first_ms, kf_ssb_pause(&verdict, 1, &b));
    assert_int_not_equal(first_ms, kf_ssb_pause(&verdict, 1, &c));
    assert_int_not_equal(first_ms, kf_ssb_pause(&verdict, 1, &a));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_recorded_error_has_its_cause),
        cmocka_unit_test(the_title_of_an_error_is_told),
        cmocka_unit_test(foreign_titles_are_made_fit_to_show),
        cmocka_unit_test(every_status_has_a_cause),
        cmocka_unit_test(causes_are_worth_what_the_table_says),
        cmocka_unit_test(an_empty_500_names_the_probable_fault),
        cmocka_unit_test(faults_of_the_network_have_their_causes),
        cmocka_unit_test(attempts_never_exceed_the_options),
        cmocka_unit_test(pauses_grow_with_jitter_and_are_bounded),
        cmocka_unit_test(the_same_seed_gives_the_same_pauses_and_others_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
