/* What an answer, or its absence, means, and whether the call is worth repeating. Pure.
 *
 * | what comes | cause | repeated |
 * |---|---|---|
 * | 400 with `"status":404` in the body, 404 with JSON | no-table | never |
 * | 400, another 4xx; 404 in HTML for an address beyond KF_SSB_URL_MAX | bad-question | never |
 * | 401, 403, 407 | forbidden | once, after minutes |
 * | 429 | too-many | as Retry-After says, else with long pauses |
 * | 500 with an empty body: a code given twice, our fault | unavailable | once |
 * | 500, 502, 503, 504, another 5xx | unavailable | yes |
 * | no name, no connection | unreachable | yes |
 * | TLS: no handshake, a certificate that is not trusted | unreachable | never |
 * | time-outs, 408 | timed-out | yes |
 * | HTML or something else where JSON should be | foreign | twice |
 * | fewer bytes than announced, JSON that ends too early, nothing | cut | yes |
 * | too many bytes, before or after decompression | too-large | never |
 *
 * "Yes" is up to attempts_max of the options. Pauses grow twofold, with jitter, up to a bound.
 */
#ifndef KF_INGEST_SSB_POLICY_H
#define KF_INGEST_SSB_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "services/ingest/ssb/headers.h"
#include "services/ingest/ssb/ssb.h"

/* The API answers longer addresses with a page of HTML, status 404. */
#define KF_SSB_URL_MAX 2000

/* Of a body, kept for judging. */
#define KF_SSB_BEGINNING_SIZE 2048

/* How a call went. Texts are borrowed. */
struct kf_ssb_outcome {
    int fault;              /* of the transport: a CURLcode, 0 when an answer came to its end */
    const char *fault_text; /* curl's words, for people */
    bool too_large;         /* the transport stopped it */
    long status;            /* of HTTP; 0: none came */
    const struct kf_ssb_headers *headers;
    const char *beginning; /* of the body, NUL-terminated */
    size_t url_length;
    enum kf_ssb_cause cause; /* what the reader of a 200 says; KF_SSB_NO_CAUSE: it is content */
    const char *text;        /* with it, for people */
};

struct kf_ssb_verdict {
    enum kf_ssb_cause cause; /* KF_SSB_NO_CAUSE: the answer is good */
    unsigned attempts_max;   /* of such a call */
    int64_t first_pause_ms;  /* of the day, before the second attempt */
    int64_t longest_pause_ms;
    char text[KF_ERROR_TEXT_MAX];
};

/* Judges. `attempts_max` is that of the options. */
void kf_ssb_judge(const struct kf_ssb_outcome *outcome, unsigned attempts_max,
                  struct kf_ssb_verdict *verdict);

/* The pause after the attempt of that number (1 is the first): first_pause_ms doubled each time,
 * not above longest_pause_ms, of which jitter takes away up to a half. `seed` moves on. */
int64_t kf_ssb_pause(const struct kf_ssb_verdict *verdict, unsigned attempt, uint64_t *seed);

/* True for a body that may be JSON: its first character, white space apart, begins an object or a
 * list. */
bool kf_ssb_may_be_json(const char *beginning);

#endif
