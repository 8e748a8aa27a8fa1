#include "services/ingest/ssb/policy.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

#include "common/base/text.h"
#include "services/ingest/ssb/problem.h"

#define SECOND_MS INT64_C(1000)
#define MINUTE_MS (60 * SECOND_MS)

/* --- what a cause is worth -------------------------------------------------------------------- */

#define AS_CONFIGURED 0

static const struct {
    unsigned attempts; /* at most; AS_CONFIGURED: the options' */
    int64_t first_pause_ms;
    int64_t longest_pause_ms;
} WORTH[KF_SSB_CAUSES] = {
    [KF_SSB_NO_CAUSE] = {1, 0, 0},
    [KF_SSB_NO_TABLE] = {1, 0, 0},
    [KF_SSB_BAD_QUESTION] = {1, 0, 0},
    [KF_SSB_FORBIDDEN] = {2, 10 * MINUTE_MS, 10 * MINUTE_MS},
    [KF_SSB_TOO_MANY] = {AS_CONFIGURED, MINUTE_MS, 15 * MINUTE_MS},
    [KF_SSB_UNAVAILABLE] = {AS_CONFIGURED, 10 * SECOND_MS, 5 * MINUTE_MS},
    [KF_SSB_UNREACHABLE] = {AS_CONFIGURED, 5 * SECOND_MS, 2 * MINUTE_MS},
    [KF_SSB_TIMED_OUT] = {AS_CONFIGURED, 5 * SECOND_MS, 2 * MINUTE_MS},
    [KF_SSB_FOREIGN] = {3, 30 * SECOND_MS, 5 * MINUTE_MS},
    [KF_SSB_CUT] = {AS_CONFIGURED, 2 * SECOND_MS, MINUTE_MS},
    [KF_SSB_TOO_LARGE] = {1, 0, 0},
    [KF_SSB_REFUSED_PAGE] = {1, 0, 0},
    [KF_SSB_CHANGED] = {1, 0, 0},
    [KF_SSB_NO_MEMORY] = {1, 0, 0},
};

static const char *const CAUSE_NAMES[KF_SSB_CAUSES] = {
    [KF_SSB_NO_CAUSE] = "none",
    [KF_SSB_NO_TABLE] = "no-table",
    [KF_SSB_BAD_QUESTION] = "bad-question",
    [KF_SSB_FORBIDDEN] = "forbidden",
    [KF_SSB_TOO_MANY] = "too-many",
    [KF_SSB_UNAVAILABLE] = "unavailable",
    [KF_SSB_UNREACHABLE] = "unreachable",
    [KF_SSB_TIMED_OUT] = "timed-out",
    [KF_SSB_FOREIGN] = "foreign",
    [KF_SSB_CUT] = "cut",
    [KF_SSB_TOO_LARGE] = "too-large",
    [KF_SSB_REFUSED_PAGE] = "refused-page",
    [KF_SSB_CHANGED] = "changed",
    [KF_SSB_NO_MEMORY] = "no-memory",
};

const char *kf_ssb_cause_name(enum kf_ssb_cause cause)
{
    return CAUSE_NAMES[cause];
}

static void conclude(struct kf_ssb_verdict *verdict, enum kf_ssb_cause cause, unsigned attempts_max)
{
    unsigned worth = WORTH[cause].attempts;
    bool own = worth != AS_CONFIGURED && worth < attempts_max;
    verdict->cause = cause;
    verdict->attempts_max = own ? worth : attempts_max;
    verdict->first_pause_ms = WORTH[cause].first_pause_ms;
    verdict->longest_pause_ms = WORTH[cause].longest_pause_ms;
}

/* --- no answer -------------------------------------------------------------------------------- */

static bool is_tls(int fault)
{
    static const int FAULTS[] = {
        CURLE_SSL_CONNECT_ERROR,  CURLE_SSL_CERTPROBLEM,          CURLE_SSL_CIPHER,
        CURLE_SSL_CACERT_BADFILE, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR,
        CURLE_SSL_CRL_BADFILE,    CURLE_SSL_INVALIDCERTSTATUS,    CURLE_SSL_PINNEDPUBKEYNOTMATCH,
        CURLE_USE_SSL_FAILED,     CURLE_SSL_ENGINE_INITFAILED,    CURLE_SSL_CLIENTCERT,
    };
    for (size_t i = 0; i < sizeof FAULTS / sizeof FAULTS[0]; i++) {
        if (FAULTS[i] == fault) {
            return true;
        }
    }
    return false;
}

static enum kf_ssb_cause cause_of_fault(int fault)
{
    switch (fault) {
    case CURLE_OPERATION_TIMEDOUT:
        return KF_SSB_TIMED_OUT;
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
        return KF_SSB_CUT;
    case CURLE_FILESIZE_EXCEEDED:
        return KF_SSB_TOO_LARGE;
    case CURLE_OUT_OF_MEMORY:
        return KF_SSB_NO_MEMORY;
    case CURLE_BAD_CONTENT_ENCODING:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_HTTP2:
    case CURLE_WRITE_ERROR:
        return KF_SSB_FOREIGN;
    default:
        return KF_SSB_UNREACHABLE;
    }
}

static void judge_fault(const struct kf_ssb_outcome *outcome, unsigned attempts_max,
                        struct kf_ssb_verdict *verdict)
{
    conclude(verdict, cause_of_fault(outcome->fault), attempts_max);
    if (is_tls(outcome->fault)) {
        verdict->attempts_max = 1;
    }
    (void)snprintf(verdict->text, sizeof verdict->text, "%.400s", outcome->fault_text);
}

/* --- an answer that is none ------------------------------------------------------------------- */

static enum kf_ssb_cause cause_of_status(const struct kf_ssb_outcome *outcome,
                                         const struct kf_ssb_problem *problem)
{
    long status = outcome->status;
    bool is_problem = problem->title[0] != '\0';
    if (status == 429) {
        return KF_SSB_TOO_MANY;
    }
    if (status == 401 || status == 403 || status == 407) {
        return KF_SSB_FORBIDDEN;
    }
    if (status == 408) {
        return KF_SSB_TIMED_OUT;
    }
    if (status == 404 && !is_problem && !kf_ssb_may_be_json(outcome->beginning)) {
        return outcome->url_length > KF_SSB_URL_MAX ? KF_SSB_BAD_QUESTION : KF_SSB_FOREIGN;
    }
    if (status == 404 || (status == 400 && problem->status == 404)) {
        return KF_SSB_NO_TABLE;
    }
    if (status >= 400 && status < 500) {
        return KF_SSB_BAD_QUESTION;
    }
    return status >= 500 ? KF_SSB_UNAVAILABLE : KF_SSB_FOREIGN;
}

static void tell_status(const struct kf_ssb_outcome *outcome, const struct kf_ssb_problem *problem,
                        struct kf_ssb_verdict *verdict)
{
    int length = snprintf(verdict->text, sizeof verdict->text, "HTTP %ld", outcome->status);
    char *rest = verdict->text + length;
    size_t room = sizeof verdict->text - (size_t)length;
    if (problem->title[0] != '\0') {
        (void)snprintf(rest, room, ": %s%s%s", problem->title, problem->detail[0] ? ": " : "",
                       problem->detail);
    } else if (outcome->status == 404 && verdict->cause == KF_SSB_BAD_QUESTION) {
        (void)snprintf(rest, room, ": the address has %zu bytes, more than the API takes",
                       outcome->url_length);
    } else if (outcome->status == 500 && outcome->beginning[0] == '\0') {
        (void)snprintf(rest, room,
                       " without a word; so the API answers a code that is given twice");
    } else if (outcome->beginning[0] != '\0' && !kf_ssb_may_be_json(outcome->beginning)) {
        (void)snprintf(rest, room, " with a page for people instead of JSON (%s)",
                       outcome->headers->content_type);
    }
}

static void judge_status(const struct kf_ssb_outcome *outcome, unsigned attempts_max,
                         struct kf_ssb_verdict *verdict)
{
    struct kf_ssb_problem problem;
    kf_ssb_problem_read(outcome->beginning, &problem);
    conclude(verdict, cause_of_status(outcome, &problem), attempts_max);
    bool is_empty_500 = outcome->status == 500 && outcome->beginning[0] == '\0';
    if (is_empty_500 && verdict->attempts_max > 2) {
        verdict->attempts_max = 2;
    }
    tell_status(outcome, &problem, verdict);
}

/* --- an answer with content ------------------------------------------------------------------- */

static void judge_content(const struct kf_ssb_outcome *outcome, unsigned attempts_max,
                          struct kf_ssb_verdict *verdict)
{
    if (outcome->beginning[0] == '\0') {
        conclude(verdict, KF_SSB_CUT, attempts_max);
        (void)snprintf(verdict->text, sizeof verdict->text, "HTTP 200 with nothing in it");
    } else if (!kf_ssb_may_be_json(outcome->beginning)) {
        conclude(verdict, KF_SSB_FOREIGN, attempts_max);
        (void)snprintf(
            verdict->text, sizeof verdict->text, "HTTP 200 with something else than JSON (%s)",
            outcome->headers->content_type[0] ? outcome->headers->content_type : "no content type");
    } else {
        conclude(verdict, outcome->cause, attempts_max);
        (void)snprintf(verdict->text, sizeof verdict->text, "%s",
                       outcome->cause && outcome->text ? outcome->text : "");
    }
}

void kf_ssb_judge(const struct kf_ssb_outcome *outcome, unsigned attempts_max,
                  struct kf_ssb_verdict *verdict)
{
    *verdict = (struct kf_ssb_verdict){0};
    if (outcome->too_large) {
        conclude(verdict, KF_SSB_TOO_LARGE, attempts_max);
        (void)snprintf(verdict->text, sizeof verdict->text,
                       "the answer is larger than is taken: %s",
                       outcome->text ? outcome->text : "too many bytes");
    } else if (outcome->fault != CURLE_OK && outcome->status < 400) {
        judge_fault(outcome, attempts_max, verdict);
    } else if (outcome->status == 304) {
        conclude(verdict, KF_SSB_NO_CAUSE, attempts_max);
    } else if (outcome->status != 200) {
        judge_status(outcome, attempts_max, verdict);
    } else {
        judge_content(outcome, attempts_max, verdict);
    }
}

bool kf_ssb_may_be_json(const char *beginning)
{
    const char *first = beginning + strspn(beginning, " \t\r\n");
    return *first == '{' || *first == '[';
}

/* --- pauses ----------------------------------------------------------------------------------- */

/* SplitMix64 (Steele, Lea, Flood 2014). */
static uint64_t next_random(uint64_t *seed)
{
    uint64_t z = *seed += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

int64_t kf_ssb_pause(const struct kf_ssb_verdict *verdict, unsigned attempt, uint64_t *seed)
{
    int64_t pause_ms = verdict->first_pause_ms;
    for (unsigned i = 1; i < attempt && pause_ms < verdict->longest_pause_ms; i++) {
        pause_ms *= 2;
    }
    if (pause_ms > verdict->longest_pause_ms) {
        pause_ms = verdict->longest_pause_ms;
    }
    int64_t half_ms = pause_ms / 2;
    uint64_t jitter = next_random(seed) % ((uint64_t)half_ms + 1);
    return pause_ms - (int64_t)jitter;
}
