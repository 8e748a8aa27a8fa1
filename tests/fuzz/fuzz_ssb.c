/* Whatever Statistics Norway's servers send: lists, heads and bodies of errors. The first byte
 * chooses. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "services/ingest/ssb/headers.h"
#include "services/ingest/ssb/listing.h"
#include "services/ingest/ssb/policy.h"

#define NOW_MS INT64_C(1773644400000)

static void read_list(enum kf_ssb_kind kind, const char *text, size_t length)
{
    struct kf_ssb_listing *listing = NULL;
    struct kf_ssb_answer answer = {0};
    struct kf_error err;
    if (kf_ssb_listing_new(&listing, &err)) {
        abort();
    }
    enum kf_ssb_cause cause = kf_ssb_listing_add(listing, kind, text, length, &err);
    kf_ssb_listing_show(listing, &answer);
    size_t rows = answer.tables_len + answer.codes_len + answer.changes_len;
    if (cause != KF_SSB_NO_CAUSE && rows > 0) {
        abort();
    }
    kf_ssb_listing_destroy(&listing);
}

static void read_head(const char *text, size_t length)
{
    struct kf_ssb_headers headers;
    kf_ssb_headers_init(&headers);
    while (length > 0) {
        const char *end = memchr(text, '\n', length);
        size_t line = end ? (size_t)(end - text) + 1 : length;
        kf_ssb_headers_line(&headers, text, line, NOW_MS);
        text += line;
        length -= line;
    }
    if (headers.retry_after > KF_SSB_WAIT_MAX_MS || headers.retry_after < -1 ||
        headers.window_ms > KF_SSB_WAIT_MAX_MS || (headers.limit > 0 && headers.window_ms <= 0)) {
        abort();
    }
}

/* The body with every status that means something. */
static void judge(const char *text)
{
    static const long STATUSES[] = {200, 302, 304, 400, 403, 404, 429, 500, 503};
    struct kf_ssb_headers headers;
    kf_ssb_headers_init(&headers);
    for (size_t i = 0; i < sizeof STATUSES / sizeof STATUSES[0]; i++) {
        struct kf_ssb_verdict verdict;
        struct kf_ssb_outcome outcome = {.fault_text = "",
                                         .status = STATUSES[i],
                                         .headers = &headers,
                                         .beginning = text,
                                         .url_length = 100};
        kf_ssb_judge(&outcome, 5, &verdict);
        if (verdict.attempts_max < 1 || verdict.attempts_max > 5 ||
            memchr(verdict.text, '\n', strlen(verdict.text))) {
            abort();
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    if (length == 0 || length > 65536) {
        return 0;
    }
    char *text = malloc(length);
    if (!text) {
        abort();
    }
    memcpy(text, bytes + 1, length - 1);
    text[length - 1] = '\0';
    switch (bytes[0]) {
    case 'h':
        read_head(text, length - 1);
        break;
    case 'e':
        judge(text);
        break;
    case 'c':
        read_list(KF_SSB_CODES, text, length - 1);
        break;
    case 'm':
        read_list(KF_SSB_CHANGES, text, length - 1);
        break;
    case 'o':
        read_list(KF_SSB_TABLE, text, length - 1);
        break;
    default:
        read_list(KF_SSB_TABLES, text, length - 1);
        break;
    }
    free(text);
    return 0;
}
