#include "services/ingest/ssb/call.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "common/base/clock.h"
#include "common/base/day.h"
#include "common/base/memory.h"
#include "services/ingest/ssb/pace.h"

#define URL_SIZE     4096
#define TROUBLE_SIZE (KF_ERROR_TEXT_MAX + 128)

enum state {
    STATE_IDLE = 0,
    STATE_WAITING, /* for the rate, or after a failure */
    STATE_ASKING,
};

struct kf_ssb_call {
    const struct kf_day *day;
    unsigned attempts_max;
    uint64_t seed;
    struct kf_ssb_transport *transport;
    struct kf_ssb_pace pace;
    struct kf_ssb_counts counts;
    enum state state;
    struct kf_ssb_request request;
    struct kf_ssb_sink sink;
    char url[URL_SIZE]; /* where this attempt has been sent on to */
    unsigned redirects; /* of this attempt */
    unsigned attempt;
    int64_t not_before_ms; /* of the day */
    enum kf_ssb_cause content_cause;
    struct kf_error content_fault;
    struct kf_ssb_verdict verdict;
    char trouble[TROUBLE_SIZE];
};

/* --- life ------------------------------------------------------------------------------------- */

static struct kf_ssb_transport_options transport_options(const struct kf_ssb_options *options)
{
    return (struct kf_ssb_transport_options){
        .proxy = options->proxy,
        .ca_file = options->ca_file,
        .connect_timeout_ms = options->connect_timeout_ms,
        .timeout_ms = options->timeout_ms,
        .body_bytes_max = options->answer_bytes_max,
        .ratio_max = options->ratio_max,
        .day = options->day,
    };
}

enum kf_err kf_ssb_call_new(const struct kf_ssb_options *options, struct kf_ssb_call **call,
                            struct kf_error *err)
{
    struct kf_ssb_transport_options own = transport_options(options);
    struct kf_ssb_call *self = kf_calloc(1, sizeof *self);
    if (!self) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for calls");
    }
    enum kf_err code = kf_ssb_transport_new(&own, &self->transport, err);
    if (code) {
        kf_ssb_call_destroy(&self);
        return code;
    }
    self->day = options->day;
    self->attempts_max = options->attempts_max;
    self->seed = options->seed;
    kf_ssb_pace_init(&self->pace, options->calls_per_minute);
    *call = self;
    return KF_OK;
}

void kf_ssb_call_destroy(struct kf_ssb_call **self)
{
    if (*self) {
        kf_ssb_transport_destroy(&(*self)->transport);
    }
    kf_free(*self);
    *self = NULL;
}

/* --- beginnings ------------------------------------------------------------------------------- */

static int64_t day_now(const struct kf_ssb_call *self)
{
    return kf_day_monotonic_ms(self->day);
}

/* What the day shows is rounded down to a tick; the end of a call must not be. */
static int64_t day_now_at_most(const struct kf_ssb_call *self)
{
    return day_now(self) + (self->day->speed > 0 ? self->day->speed : 1);
}

/* Back to the address that was asked for, in the next attempt. */
static void prepare_attempt(struct kf_ssb_call *self, int64_t not_before_ms)
{
    self->url[0] = '\0';
    self->redirects = 0;
    self->not_before_ms = not_before_ms;
    self->attempt++;
    self->state = STATE_WAITING;
}

void kf_ssb_call_begin(struct kf_ssb_call *self, const struct kf_ssb_request *request,
                       const struct kf_ssb_sink *sink)
{
    assert(self->state == STATE_IDLE);
    self->request = *request;
    self->sink = *sink;
    self->attempt = 0;
    self->trouble[0] = '\0';
    self->verdict = (struct kf_ssb_verdict){.cause = KF_SSB_NO_CAUSE};
    prepare_attempt(self, INT64_MIN);
}

static int64_t due_ms(const struct kf_ssb_call *self)
{
    int64_t next_ms = kf_ssb_pace_next(&self->pace, day_now(self));
    return next_ms > self->not_before_ms ? next_ms : self->not_before_ms;
}

static bool take_body(void *context, const void *bytes, size_t length)
{
    struct kf_ssb_call *self = context;
    self->content_cause = self->sink.take(self->sink.context, bytes, length, &self->content_fault);
    return self->content_cause == KF_SSB_NO_CAUSE;
}

/* False when it could not even be tried. */
static bool ask(struct kf_ssb_call *self)
{
    struct kf_ssb_request request = self->request;
    struct kf_error err;
    request.url = self->url[0] != '\0' ? self->url : request.url;
    self->content_cause = KF_SSB_NO_CAUSE;
    self->content_fault.text[0] = '\0';
    self->sink.begin(self->sink.context);
    if (kf_ssb_transport_begin(self->transport, &request, take_body, self, &err)) {
        self->verdict = (struct kf_ssb_verdict){.cause = KF_SSB_NO_MEMORY};
        (void)snprintf(self->verdict.text, sizeof self->verdict.text, "%s", err.text);
        return false;
    }
    kf_ssb_pace_begin(&self->pace, day_now(self));
    self->counts.calls++;
    self->trouble[0] = '\0';
    self->state = STATE_ASKING;
    return true;
}

/* --- redirects -------------------------------------------------------------------------------- */

static bool begins_with(const char *text, const char *beginning)
{
    return strncasecmp(text, beginning, strlen(beginning)) == 0;
}

static const char *current_url(const struct kf_ssb_call *self)
{
    return self->url[0] != '\0' ? self->url : self->request.url;
}

static bool is_redirect(const struct kf_ssb_exchange *exchange)
{
    long status = exchange->status;
    bool sent_on = status == 301 || status == 302 || status == 307 || status == 308;
    return sent_on && exchange->redirect && !exchange->fault;
}

/* Why the redirect is not followed, or NULL. */
static const char *redirect_fault(const struct kf_ssb_call *self, const char *target)
{
    if (self->redirects >= KF_SSB_REDIRECTS_MAX) {
        return "sent on too often";
    }
    if (!begins_with(target, "http://") && !begins_with(target, "https://")) {
        return "sent on to something else than http";
    }
    if (begins_with(current_url(self), "https://") && begins_with(target, "http://")) {
        return "sent on from https to http";
    }
    return strlen(target) < URL_SIZE ? NULL : "sent on to an endless address";
}

/* True when the call goes on at another address; the same question with the same body. */
static bool follow(struct kf_ssb_call *self, const struct kf_ssb_exchange *exchange)
{
    if (!is_redirect(exchange) || redirect_fault(self, exchange->redirect)) {
        return false;
    }
    memcpy(self->url, exchange->redirect, strlen(exchange->redirect) + 1);
    self->redirects++;
    self->state = STATE_WAITING;
    return true;
}

/* --- ends ------------------------------------------------------------------------------------- */

static bool has_content(const struct kf_ssb_exchange *exchange)
{
    return exchange->status == 200 && !exchange->fault && !exchange->stopped &&
           !exchange->too_large && kf_ssb_may_be_json(exchange->beginning);
}

static struct kf_ssb_outcome outcome_of(struct kf_ssb_call *self,
                                        const struct kf_ssb_exchange *exchange)
{
    if (has_content(exchange)) {
        self->content_cause = self->sink.end(self->sink.context, &self->content_fault);
    }
    const char *told = exchange->too_large ? exchange->fault_text : self->content_fault.text;
    return (struct kf_ssb_outcome){
        .fault = exchange->fault,
        .fault_text = exchange->fault_text,
        .too_large = exchange->too_large,
        .status = exchange->status,
        .headers = &exchange->headers,
        .beginning = exchange->beginning,
        .url_length = strlen(current_url(self)),
        .cause = self->content_cause,
        .text = told,
    };
}

static void judge(struct kf_ssb_call *self, const struct kf_ssb_exchange *exchange)
{
    struct kf_ssb_outcome outcome = outcome_of(self, exchange);
    kf_ssb_judge(&outcome, self->attempts_max, &self->verdict);
    if (is_redirect(exchange)) {
        (void)snprintf(self->verdict.text, sizeof self->verdict.text, "HTTP %ld: %s",
                       exchange->status, redirect_fault(self, exchange->redirect));
        self->verdict.attempts_max = 1;
    }
}

/* After a failure that may pass. What the API said about waiting outranks our own pauses. */
static void repeat(struct kf_ssb_call *self, const struct kf_ssb_exchange *exchange)
{
    int64_t told_ms = exchange->headers.retry_after;
    int64_t own_ms = kf_ssb_pause(&self->verdict, self->attempt, &self->seed);
    int64_t pause_ms = told_ms >= 0 ? told_ms : own_ms;
    self->counts.repeated++;
    (void)snprintf(
        self->trouble, sizeof self->trouble, "%s (%s): %s %lld s before attempt %u of %u",
        self->verdict.text, kf_ssb_cause_name(self->verdict.cause),
        told_ms >= 0 ? "the API said to wait for" : "waiting for",
        (long long)((pause_ms + 999) / 1000), self->attempt + 1, self->verdict.attempts_max);
    prepare_attempt(self, day_now(self) + pause_ms);
}

/* The exchange is over. True when the call is, too. */
static bool conclude(struct kf_ssb_call *self)
{
    const struct kf_ssb_exchange *exchange = kf_ssb_transport_exchange(self->transport);
    kf_ssb_pace_end(&self->pace, day_now_at_most(self),
                    exchange->status > 0 ? &exchange->headers : NULL);
    self->counts.bytes += exchange->bytes;
    if (follow(self, exchange)) {
        return false;
    }
    judge(self, exchange);
    if (self->verdict.cause != KF_SSB_NO_CAUSE) {
        self->counts.failures[self->verdict.cause]++;
        if (self->attempt < self->verdict.attempts_max) {
            repeat(self, exchange);
            return false;
        }
    }
    return true;
}

bool kf_ssb_call_work(struct kf_ssb_call *self)
{
    bool ended = false;
    if (self->state == STATE_WAITING && day_now(self) >= due_ms(self)) {
        ended = !ask(self);
    }
    if (self->state == STATE_ASKING && kf_ssb_transport_work(self->transport)) {
        ended = conclude(self);
    }
    if (ended) {
        self->state = STATE_IDLE;
        self->trouble[0] = '\0';
    }
    return ended;
}

void kf_ssb_call_drop(struct kf_ssb_call *self)
{
    if (self->state == STATE_ASKING) {
        kf_ssb_transport_drop(self->transport);
        kf_ssb_pace_end(&self->pace, day_now_at_most(self), NULL);
    }
    self->state = STATE_IDLE;
    self->trouble[0] = '\0';
}

const struct kf_ssb_verdict *kf_ssb_call_verdict(const struct kf_ssb_call *self)
{
    return &self->verdict;
}

const struct kf_ssb_exchange *kf_ssb_call_exchange(const struct kf_ssb_call *self)
{
    return kf_ssb_transport_exchange(self->transport);
}

size_t kf_ssb_call_wait(const struct kf_ssb_call *self, struct kf_poll_item *items, size_t room,
                        int64_t *deadline_ms)
{
    if (self->state == STATE_ASKING) {
        return kf_ssb_transport_wait(self->transport, items, room, deadline_ms);
    }
    if (self->state == STATE_WAITING) {
        int64_t pause_ms = kf_day_real_ms(self->day, due_ms(self) - day_now(self));
        int64_t own_ms = kf_clock_monotonic_ms() + (pause_ms > 0 ? pause_ms : 0);
        *deadline_ms = own_ms < *deadline_ms ? own_ms : *deadline_ms;
    }
    return 0;
}

const char *kf_ssb_call_trouble(const struct kf_ssb_call *self)
{
    return self->trouble[0] != '\0' ? self->trouble : NULL;
}

const struct kf_ssb_counts *kf_ssb_call_counts(const struct kf_ssb_call *self)
{
    return &self->counts;
}
