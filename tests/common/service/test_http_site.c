/* Pages of a service's own: how they are sent. */
#include "tests/support/cmocka.h"

#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "common/service/http.h"
#include "http_client.h"

#define LONG_BYTES 5000

static struct kf_metrics *metrics;
static struct kf_http *http;
static struct http_answer got;
static struct kf_http_asset asset;
static char long_text[LONG_BYTES + 1];

static bool health(void *context, bool readiness, struct kf_text *page)
{
    (void)context;
    (void)readiness;
    (void)page;
    return true;
}

static void answer_values(const struct kf_http_request *request, struct kf_http_answer *answer)
{
    for (size_t i = 0; i < request->values_len; i++) {
        kf_text_add_format(&answer->body, "%s=%s;", request->values[i].name,
                           request->values[i].value);
    }
}

static void answer_kept(const struct kf_http_request *request, struct kf_http_answer *answer)
{
    answer->type = "application/json";
    if (!kf_http_answer_is_known(answer, request, "one")) {
        kf_text_add(&answer->body, long_text);
    }
}

static void answer_asset(const struct kf_http_request *request, struct kf_http_answer *answer)
{
    (void)request;
    answer->policy = "default-src 'self'";
    answer->asset = &asset;
}

static void answer_too_much(const struct kf_http_request *request, struct kf_http_answer *answer)
{
    (void)request;
    answer->type = "application/json";
    while (!answer->body.failed) {
        kf_text_add(&answer->body, long_text);
    }
}

static const struct {
    const char *path;
    void (*write)(const struct kf_http_request *request, struct kf_http_answer *answer);
} pages[] = {
    {"/values", answer_values},
    {"/kept", answer_kept},
    {"/asset", answer_asset},
    {"/too-much", answer_too_much},
};

static char site_context[] = "site";

static bool site(void *context, const struct kf_http_request *request,
                 struct kf_http_answer *answer)
{
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        if (context == site_context && strcmp(pages[i].path, request->path) == 0) {
            pages[i].write(request, answer);
            return true;
        }
    }
    return false;
}

static int begin(void **state)
{
    (void)state;
    struct kf_http_options options = {.address = "127.0.0.1",
                                      .connections_max = 4,
                                      .timeout_s = 5,
                                      .site = site,
                                      .site_context = site_context};
    memset(long_text, 'x', LONG_BYTES);
    metrics = kf_metrics_new();
    if (kf_http_asset_init(&asset, "text/css", long_text, LONG_BYTES, NULL) != KF_OK) {
        return -1;
    }
    return kf_http_start(&options, metrics, health, NULL, &http, NULL) == KF_OK ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    kf_http_destroy(&http);
    kf_http_asset_clear(&asset);
    kf_metrics_destroy(&metrics);
    return 0;
}

/* GET with another header. */
static void get_with(const char *path, const char *header)
{
    char request[512];
    (void)snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n\r\n",
                   path, header);
    http_send(kf_http_port(http), request, &got);
}

static void the_service_answers_its_paths_and_no_others(void **state)
{
    (void)state;
    http_get(kf_http_port(http), "/kept", &got);
    assert_int_equal(got.status, 200);
    assert_string_equal(got.body, long_text);
    http_get(kf_http_port(http), "/kept/", &got);
    assert_int_equal(got.status, 404);
    http_get(kf_http_port(http), "/k%65pt", &got);
    assert_int_equal(got.status, 404);
    http_get(kf_http_port(http), "/metrics", &got);
    assert_int_equal(got.status, 200);
}

static void the_query_comes_decoded_and_in_order(void **state)
{
    (void)state;
    http_get(kf_http_port(http), "/values?a=1&b=x%2Fy+z&a=2&c", &got);
    assert_int_equal(got.status, 200);
    assert_string_equal(got.body, "a=1;b=x/y z;a=2;c=;");
}

static void a_query_that_is_no_text_is_a_bad_request(void **state)
{
    (void)state;
    static const char *const broken[] = {"/values?a=%00", "/values?a=%zz", "/values?%ff=1",
                                         "/metrics?a=%0d%0aSet-Cookie:x"};
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        http_get(kf_http_port(http), broken[i], &got);
        assert_int_equal(got.status, 400);
    }
}

static void too_many_values_are_a_bad_request(void **state)
{
    (void)state;
    char path[300] = "/values?";
    for (int i = 0; i <= KF_HTTP_VALUES_MAX; i++) {
        (void)snprintf(path + strlen(path), sizeof path - strlen(path), "a=1&");
    }
    http_get(kf_http_port(http), path, &got);
    assert_int_equal(got.status, 400);
}

static void a_tagged_answer_is_sent_once(void **state)
{
    (void)state;
    char header[128] = "If-None-Match: ";
    http_get(kf_http_port(http), "/kept", &got);
    assert_non_null(strstr(got.head, "Cache-Control: no-cache"));
    assert_non_null(strstr(got.head, "Vary: Accept-Encoding"));
    const char *tag = strstr(got.head, "ETag: ");
    assert_non_null(tag);
    (void)snprintf(header + strlen(header), sizeof header - strlen(header), "%.*s",
                   (int)strcspn(tag + 6, "\r"), tag + 6);
    get_with("/kept", header);
    assert_int_equal(got.status, 304);
    assert_int_equal(got.body_length, 0);
    assert_non_null(strstr(got.head, "ETag: "));
    get_with("/kept", "If-None-Match: \"another\"");
    assert_int_equal(got.status, 200);
}

static void an_asset_is_sent_once_and_packed(void **state)
{
    (void)state;
    char header[128];
    get_with("/asset", "Accept-Encoding: gzip");
    assert_int_equal(got.status, 200);
    assert_int_equal(got.body_length, asset.packed.length);
    assert_memory_equal(got.body, asset.packed.bytes, asset.packed.length);
    assert_non_null(strstr(got.head, "Content-Type: text/css"));
    http_get(kf_http_port(http), "/asset", &got);
    assert_string_equal(got.body, long_text);
    (void)snprintf(header, sizeof header, "If-None-Match: %s", asset.tag);
    get_with("/asset", header);
    assert_int_equal(got.status, 304);
    assert_int_equal(got.body_length, 0);
}

static void a_long_answer_is_packed_for_whoever_takes_it(void **state)
{
    (void)state;
    static unsigned char back[LONG_BYTES + 1];
    z_stream stream = {0};
    get_with("/kept", "Accept-Encoding: gzip, br");
    assert_non_null(strstr(got.head, "Content-Encoding: gzip"));
    assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
    stream.next_in = (unsigned char *)got.body;
    stream.avail_in = (uInt)got.body_length;
    stream.next_out = back;
    stream.avail_out = sizeof back;
    assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
    assert_int_equal(inflateEnd(&stream), Z_OK);
    assert_string_equal((const char *)back, long_text);
    get_with("/values?a=1", "Accept-Encoding: gzip");
    assert_null(strstr(got.head, "Content-Encoding"));
}

static void every_answer_has_the_headers_that_protect_it(void **state)
{
    (void)state;
    static const char *const paths[] = {"/kept", "/asset", "/values?a=1", "/nothing",
                                        "/values?a=%00"};
    static const char *const headers[] = {"\r\nX-Content-Type-Options: nosniff\r\n",
                                          "\r\nX-Frame-Options: DENY\r\n",
                                          "\r\nReferrer-Policy: no-referrer\r\n",
                                          "\r\nConnection: close\r\n",
                                          "\r\nCross-Origin-Resource-Policy: same-origin\r\n",
                                          "\r\nContent-Security-Policy: ",
                                          "\r\nCross-Origin-Opener-Policy: same-origin\r\n",
                                          "\r\nCache-Control: no-"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        http_get(kf_http_port(http), paths[i], &got);
        for (size_t j = 0; j < sizeof headers / sizeof headers[0]; j++) {
            assert_non_null(strstr(got.head, headers[j]));
        }
        assert_null(strstr(got.head, "Access-Control"));
    }
    http_get(kf_http_port(http), "/asset", &got);
    assert_non_null(strstr(got.head, "Content-Security-Policy: default-src 'self'"));
}

static void an_answer_beyond_the_limit_is_no_half_answer(void **state)
{
    (void)state;
    http_get(kf_http_port(http), "/too-much", &got);
    assert_int_equal(got.status, 500);
    assert_non_null(strstr(got.head, "Content-Type: text/plain"));
    assert_null(strstr(got.body, "xxx"));
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(the_service_answers_its_paths_and_no_others),
        CASE(the_query_comes_decoded_and_in_order),
        CASE(a_query_that_is_no_text_is_a_bad_request),
        CASE(too_many_values_are_a_bad_request),
        CASE(a_tagged_answer_is_sent_once),
        CASE(an_asset_is_sent_once_and_packed),
        CASE(a_long_answer_is_packed_for_whoever_takes_it),
        CASE(every_answer_has_the_headers_that_protect_it),
        CASE(an_answer_beyond_the_limit_is_no_half_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
