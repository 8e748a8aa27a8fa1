/* Jobs out, one at a time, and what came of them. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/crash.h"
#include "common/base/log.h"
#include "common/codec/letter.h"
#include "services/publish/letters.h"
#include "services/publish/reason.h"
#include "services/publish/state.h"

#define BACKOFF_GROWTH_MAX 8
#define PROBE_INTERVAL_MS  30000
#define SAY_AGAIN_MS       60000
#define SAY_NEWS_MS        5000
#define STALL_MS           10000

/* --- trouble --------------------------------------------------------------------------------- */

static void show(struct kf_publish *self)
{
    const struct kf_publish_trouble *trouble = &self->trouble;
    char detail[KF_ERROR_TEXT_MAX + 2 * KF_CLOCK_TEXT_SIZE];

    if (trouble->active) {
        (void)snprintf(detail, sizeof detail, "since %s: %s", trouble->since, trouble->reason);
        kf_service_set_state(self->service, KF_SERVICE_WAITING, detail);
    } else {
        kf_service_set_state(self->service, KF_SERVICE_READY, "");
    }
}

/* Worth a line: something new, though not too often, and the same once a minute. */
static bool is_worth_saying(const struct kf_publish_trouble *trouble, const struct kf_error *why)
{
    int64_t passed = kf_clock_monotonic_ms() - trouble->said_ms;
    bool same = strcmp(trouble->reason, why->text) == 0;

    return !trouble->active || passed >= (same ? SAY_AGAIN_MS : SAY_NEWS_MS);
}

/* `since_ms`: when it began, monotonic. */
static void enter_trouble(struct kf_publish *self, int64_t since_ms, const struct kf_error *why)
{
    struct kf_publish_trouble *trouble = &self->trouble;
    char quoted[KF_LOG_QUOTED_SIZE];

    if (!is_worth_saying(trouble, why)) {
        return;
    }
    if (!trouble->active) {
        kf_clock_print(kf_clock_wall_ms() - (kf_clock_monotonic_ms() - since_ms), trouble->since);
    }
    trouble->active = true;
    trouble->said_ms = kf_clock_monotonic_ms();
    (void)snprintf(trouble->reason, sizeof trouble->reason, "%s", why->text);
    kf_log(KF_LOG_WARN, "publishing-waits", "held=%u since=%s reason=%s",
           kf_assembly_panels(self->assembly), trouble->since, kf_log_quote(why->text, quoted));
    show(self);
}

static void leave_trouble(struct kf_publish *self)
{
    self->trouble.active = false;
    self->backoff_ms = kf_settings_number(kf_service_settings(self->service), "retry-backoff");
    show(self);
}

/* The next attempt waits, each time twice as long within bounds; after a commit whose answer did
 * not come it does not wait, because the answer lies in the manifests. */
static void back_off(struct kf_publish *self, const struct kf_job_outcome *outcome)
{
    int64_t least = kf_settings_number(kf_service_settings(self->service), "retry-backoff");
    int64_t now = kf_clock_monotonic_ms();

    if (outcome->errors.unknown > 0) {
        self->next_ms = now;
        return;
    }
    self->next_ms = now + self->backoff_ms;
    self->backoff_ms *= 2;
    if (self->backoff_ms > least * BACKOFF_GROWTH_MAX) {
        self->backoff_ms = least * BACKOFF_GROWTH_MAX;
    }
}

/* --- outcomes -------------------------------------------------------------------------------- */

static void count_errors(struct kf_publish *self, const struct kf_kafka_errors *errors)
{
    kf_metric_increase(self->metrics.errors[ERRORS_RETRIABLE], errors->retriable);
    kf_metric_increase(self->metrics.errors[ERRORS_ABORTABLE], errors->abortable);
    kf_metric_increase(self->metrics.errors[ERRORS_FATAL], errors->fatal);
    kf_metric_increase(self->metrics.errors[ERRORS_UNKNOWN], errors->unknown);
}

/* For the beat. What was known before wrote nothing now. */
static void count_commit(struct kf_publish *self, const struct kf_publication_result *result)
{
    self->releases++;
    if (!result->known_before) {
        self->last_commit_ms = kf_clock_wall_ms();
        self->rows += result->summary.rows;
    }
}

static void count_release(struct kf_publish *self, const struct kf_job_outcome *outcome)
{
    const struct kf_publication_result *result = &outcome->result;
    bool rejected = result->summary.state == KF_RELEASE_REJECTED;

    count_commit(self, result);

    kf_metric_increase(result->known_before ? self->metrics.known
                       : rejected           ? self->metrics.rejected
                                            : self->metrics.committed,
                       1);
    for (size_t topic = 0; topic < KF_TOPICS_ALL; topic++) {
        if (self->metrics.rows[topic] != NULL) {
            kf_metric_increase(self->metrics.rows[topic], result->rows_by_topic[topic]);
        }
    }
    kf_metric_set(self->metrics.seconds, (double)outcome->took_ms / 1000);
    for (uint32_t i = 0; i < outcome->release->panels_len; i++) {
        kf_service_count_out(self->service);
    }
    for (uint32_t i = 0; i < result->panels_spoilt; i++) {
        kf_service_count_rejected(self->service);
    }
    kf_service_succeeded(self->service);
}

static void say_published(const struct kf_job_outcome *outcome, const struct kf_receipt *receipt)
{
    const struct kf_publication_result *result = &outcome->result;
    const char *event = result->known_before                           ? "release-known"
                        : result->summary.state == KF_RELEASE_REJECTED ? "release-rejected"
                                                                       : "release-committed";
    char quoted[KF_LOG_QUOTED_SIZE];

    kf_log(KF_LOG_INFO, event,
           "release=%s panels=%u panels_rejected=%" PRIu32 " rows=%" PRIu64 " withdrawn=%" PRIu64
           " ms=%" PRId64 " reason=%s",
           receipt->release, outcome->release->panels_len, receipt->panels_rejected, receipt->rows,
           result->withdrawn, outcome->took_ms, kf_log_quote(receipt->reason, quoted));
}

static struct kf_receipt closing_receipt(const struct kf_job_outcome *outcome)
{
    const struct kf_summary *summary = &outcome->result.summary;
    bool rejected = summary->state == KF_RELEASE_REJECTED;
    struct kf_receipt receipt = {
        .state = rejected ? KF_RECEIPT_REJECTED : KF_RECEIPT_COMMITTED,
        .rows = summary->rows,
        .panels_rejected = summary->panels_rejected,
    };

    memcpy(receipt.release, kf_collected_release(outcome->release)->id, sizeof receipt.release);
    kf_reason_print(outcome->release, summary, receipt.reason);
    return receipt;
}

static void pack_letters(const struct kf_job_outcome *outcome, struct kf_text *letters)
{
    char quoted[KF_LOG_QUOTED_SIZE];
    struct kf_error why;

    kf_text_init(letters, KF_LETTERS_BYTES_MAX);
    if (kf_publish_letters(outcome->release, &outcome->result.summary, letters, &why) != KF_OK) {
        kf_log(KF_LOG_WARN, "letters-left-out",
               "release=%s reason=%s next=\"they stand on the topic; a replay tells ingest\"",
               kf_collected_release(outcome->release)->id, kf_log_quote(why.text, quoted));
    }
}

static void tell_closed(struct kf_publish *self, const struct kf_receipt *receipt,
                        struct kf_text *letters)
{
    struct kf_error ignored;

    KF_CRASH_POINT("publish.receipting");
    kf_recent_add(&self->recent, receipt, letters);
    kf_outbox_add(self->outbox, receipt);
    (void)kf_outbox_send(self->outbox, &ignored);
    KF_CRASH_POINT("publish.receipted");
}

static void settle_published(struct kf_publish *self, struct kf_job_outcome *outcome)
{
    struct kf_receipt receipt = closing_receipt(outcome);
    struct kf_text letters;

    say_published(outcome, &receipt);
    count_release(self, outcome);
    pack_letters(outcome, &letters);
    kf_collected_destroy(&outcome->release);
    kf_assembly_finish(self->assembly);
    tell_closed(self, &receipt, &letters);
    kf_text_clear(&letters);
}

/* That it was taken, or that somebody else took it: once each. */
static void tell_lease(struct kf_publish *self)
{
    const struct kf_lease *lease = &self->lease;
    char host[KF_LOG_QUOTED_SIZE];
    char id[KF_LOG_QUOTED_SIZE];

    if (lease->state == self->lease_told) {
        return;
    }
    bool lost = lease->state == KF_LEASE_LOST;
    self->lease_told = lease->state;
    kf_metric_set(self->metrics.lease_epoch, lost ? 0 : (double)lease->own.epoch);
    kf_metric_set(self->metrics.replaced, lost ? 1 : 0);
    kf_log(lost ? KF_LOG_ERROR : KF_LOG_INFO, lost ? "publisher-replaced" : "lease-taken",
           "epoch=%" PRIu64 " %s=%s host=%s transactional_id=%s", lease->own.epoch,
           lost ? "by" : "after", lease->other.publisher[0] == '\0' ? "-" : lease->other.publisher,
           kf_log_quote(lease->other.host, host), kf_log_quote(lease->other.transactional_id, id));
}

void kf_publish_settle(struct kf_publish *self)
{
    struct kf_job_outcome outcome;

    if (!kf_job_finish(self->job, &outcome)) {
        return;
    }
    count_errors(self, &outcome.errors);
    tell_lease(self);
    if (outcome.code != KF_OK) {
        self->pending = outcome.release;
        back_off(self, &outcome);
        if (atomic_load(&self->stop) == KF_KAFKA_GO) {
            enter_trouble(self, kf_clock_monotonic_ms(), &outcome.err);
        }
        return;
    }
    self->reached = true;
    self->next_ms = kf_clock_monotonic_ms() + PROBE_INTERVAL_MS;
    if (outcome.release != NULL) {
        settle_published(self, &outcome);
    }
    leave_trouble(self);
}

/* A Kafka that stalls in the middle of a call is heard of only when the job ends, which may be
 * after the transaction's whole time. */
void kf_publish_watch(struct kf_publish *self)
{
    int64_t since_ms = kf_job_started_ms(self->job);
    const char *release = kf_job_release(self->job);
    bool writing = release[0] != '\0';
    struct kf_error why;

    if (!kf_job_running(self->job) || kf_clock_monotonic_ms() - since_ms < STALL_MS) {
        return;
    }
    kf_error_set(&why, KF_ERR_PEER, "%s%s%s Kafka at %s", writing ? "writing release " : "asking",
                 release, writing ? " to" : "", self->target.kafka.bootstrap_servers);
    enter_trouble(self, since_ms, &why);
}

/* --- starting -------------------------------------------------------------------------------- */

/* A release that has just become whole does not wait for a probe to be due, unless there is
 * trouble. */
static bool take_release(struct kf_publish *self)
{
    if (self->pending == NULL && kf_assembly_complete(self->assembly)) {
        self->pending = kf_assembly_take(self->assembly);
        return self->pending != NULL && !self->trouble.active;
    }
    return false;
}

void kf_publish_dispatch(struct kf_publish *self)
{
    struct kf_error err;

    if (kf_job_running(self->job)) {
        return;
    }
    if (!take_release(self) && kf_clock_monotonic_ms() < self->next_ms) {
        return;
    }
    if (kf_job_start(self->job, &self->pending, &err) != KF_OK) {
        self->next_ms = kf_clock_monotonic_ms() + self->backoff_ms;
        enter_trouble(self, kf_clock_monotonic_ms(), &err);
    }
}
