#include "services/ingest/send/sender.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/crash.h"
#include "common/base/log.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/bus/frame.h"
#include "common/codec/envelope.h"
#include "common/codec/letter.h"
#include "common/codec/receipt.h"
#include "common/service/meeting.h"

#define RECEIPTS_PER_WAKE 64
#define SENDS_PER_WAKE    16
#define PAUSE_MS          1000 /* after the ledger or memory failed */
#define BLOCKED_AFTER_MS  2000 /* back-pressure shorter than this is normal */

#define HELD_KEPT 16 /* releases of which is known when publish held them */

/* When publish held all of a release. */
struct held {
    char release[KF_RELEASE_ID_SIZE];
    int64_t at_ms;
};

struct kf_sender {
    struct kf_sender_options options;
    struct kf_dispatch *dispatch;
    struct kf_ledger_release release; /* the open one */
    int64_t opened_ms;
    struct kf_text panel;
    struct kf_text frame;
    struct kf_text received;
    bool ledger_may_have_more;
    int64_t paused_until_ms;  /* 0: not paused */
    int64_t blocked_since_ms; /* 0: the first stage takes panels */
    bool expired;             /* no receipt within the time, not yet made good */
    bool commit_late;         /* all were held and no commit came within the time */
    uint64_t changes;
    struct held held_at[HELD_KEPT]; /* a ring */
    size_t held_next;
    struct kf_error trouble; /* why it is paused */
    struct kf_metric *in_flight;
    struct kf_metric *held;
    struct kf_metric *redelivered;
};

/* --- life cycle ---------------------------------------------------------------------------- */

static void add_metrics(struct kf_sender *self)
{
    struct kf_metrics *metrics = kf_service_metrics(self->options.service);
    struct kf_metric *window = kf_metrics_add(metrics, "window_panels", KF_METRIC_GAUGE, NULL,
                                              "Panels that may be on their way at the same time.");
    kf_metric_set(window, self->options.dispatch.window);
    self->in_flight = kf_metrics_add(metrics, "panels_in_flight", KF_METRIC_GAUGE, NULL,
                                     "Panels on their way to the publisher.");
    self->held = kf_metrics_add(metrics, "panels_held", KF_METRIC_GAUGE, NULL,
                                "Panels of the open release that the publisher holds.");
    self->redelivered = kf_metrics_add(metrics, "panels_redelivered_total", KF_METRIC_COUNTER, NULL,
                                       "Panels that were sent more than once.");
}

enum kf_err kf_sender_new(const struct kf_sender_options *options, struct kf_sender **sender,
                          struct kf_error *err)
{
    struct kf_sender *self = kf_calloc(1, sizeof *self);
    if (self) {
        self->dispatch = kf_dispatch_new(&options->dispatch);
    }
    if (!self || !self->dispatch) {
        kf_free(self);
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the sender");
    }
    self->options = *options;
    self->ledger_may_have_more = true;
    kf_text_init(&self->panel, KF_ENVELOPE_BYTES_MAX);
    kf_text_init(&self->frame, KF_MEETING_PANEL_BYTES_MAX);
    kf_text_init(&self->received, KF_RECEIPT_BYTES_MAX);
    add_metrics(self);
    *sender = self;
    return KF_OK;
}

void kf_sender_destroy(struct kf_sender **self)
{
    if (self && *self) {
        kf_dispatch_destroy(&(*self)->dispatch);
        kf_text_clear(&(*self)->panel);
        kf_text_clear(&(*self)->frame);
        kf_text_clear(&(*self)->received);
        kf_free(*self);
        *self = NULL;
    }
}

void kf_sender_wake(struct kf_sender *self)
{
    self->ledger_may_have_more = true;
}

bool kf_sender_is_busy(const struct kf_sender *self)
{
    struct kf_dispatch_counts counts = kf_dispatch_counts(self->dispatch);
    return counts.in_flight > 0 || counts.held > 0;
}

uint64_t kf_sender_changes(const struct kf_sender *self)
{
    return self->changes;
}

/* --- trouble ------------------------------------------------------------------------------- */

/* The ledger's disk is full, or there is no memory: say so once, and try again a little later. What
 * cannot be mended by waiting is passed on. */
static enum kf_err pause_after(struct kf_sender *self, const struct kf_error *why, int64_t now_ms,
                               struct kf_error *err)
{
    bool passing = why->disposition == KF_RETRY || why->code == KF_ERR_MEMORY;
    if (!passing) {
        return kf_error_set(err, why->code, "%s", why->text);
    }
    if (self->paused_until_ms == 0) {
        char quoted[KF_LOG_QUOTED_SIZE];
        kf_log(KF_LOG_ERROR, "sending-paused", "reason=%s", kf_log_quote(why->text, quoted));
    }
    self->trouble = *why;
    self->paused_until_ms = now_ms + PAUSE_MS;
    return KF_OK;
}

static void resume(struct kf_sender *self)
{
    if (self->paused_until_ms != 0) {
        self->paused_until_ms = 0;
        kf_log(KF_LOG_INFO, "sending-resumed", "%s", "");
    }
}

const char *kf_sender_trouble(const struct kf_sender *self, int64_t now_ms)
{
    if (self->paused_until_ms != 0) {
        return self->trouble.text;
    }
    if (self->blocked_since_ms != 0 && now_ms - self->blocked_since_ms >= BLOCKED_AFTER_MS) {
        return "need takes no panels; is it running?";
    }
    if (self->expired) {
        return "no receipt comes from publish; are all stages running?";
    }
    return self->commit_late ? "publish holds the whole release and has not committed it" : NULL;
}

/* A release begins or ends: what its panels waited for is past. */
static void forget_trouble(struct kf_sender *self)
{
    self->blocked_since_ms = 0;
    self->expired = false;
    self->commit_late = false;
}

/* --- opening ------------------------------------------------------------------------------- */

static void show_counts(struct kf_sender *self)
{
    struct kf_dispatch_counts counts = kf_dispatch_counts(self->dispatch);
    kf_metric_set(self->in_flight, counts.in_flight);
    kf_metric_set(self->held, counts.held);
    kf_service_set_in_progress(self->options.service, counts.panels);
}

static enum kf_err open_next(struct kf_sender *self, int64_t now_ms, struct kf_error *err)
{
    struct kf_ledger *ledger = self->options.ledger;
    enum kf_err code = kf_ledger_next_open(ledger, &self->release, err);
    if (code == KF_ERR_AGAIN) {
        self->ledger_may_have_more = false;
        return KF_OK;
    }
    if (code == KF_OK) {
        KF_CRASH_POINT("ingest.opening");
        code = kf_ledger_mark_sent(ledger, self->release.id, kf_clock_wall_ms(), err);
    }
    if (code == KF_OK) {
        KF_CRASH_POINT("ingest.opened");
        code =
            kf_dispatch_open(self->dispatch, self->release.id, self->release.panels, now_ms, err);
    }
    if (code != KF_OK) {
        return code;
    }
    self->changes++;
    self->opened_ms = now_ms;
    forget_trouble(self);
    kf_service_set_release(self->options.service, self->release.id);
    kf_log(KF_LOG_INFO, "release-sending", "release=%s panels=%u attempt=%u", self->release.id,
           self->release.panels, self->release.attempts + 1);
    return KF_OK;
}

/* --- sending ------------------------------------------------------------------------------- */

/* The ledger keeps the bytes of the first attempt; a later one says so inside. */
static enum kf_err renumber(struct kf_sender *self, uint32_t attempt, struct kf_error *err)
{
    struct kf_envelope *envelope = NULL;
    enum kf_err code = kf_envelope_unpack(self->panel.bytes, self->panel.length, &envelope, err);
    if (code == KF_OK) {
        envelope->attempt = attempt;
        kf_text_reset(&self->panel);
        code = kf_envelope_pack(envelope, &self->panel, err);
    }
    kf_envelope_destroy(&envelope);
    return code;
}

static enum kf_err make_frame(struct kf_sender *self, uint32_t index, uint32_t attempt,
                              struct kf_error *err)
{
    kf_text_reset(&self->panel);
    enum kf_err code =
        kf_ledger_panel(self->options.ledger, &self->release, index, &self->panel, err);
    if (code == KF_OK && attempt > 1) {
        code = renumber(self, attempt, err);
    }
    if (code != KF_OK) {
        return code;
    }
    kf_frame_begin(&self->frame);
    kf_text_add_bytes(&self->frame, self->panel.bytes, self->panel.length);
    return kf_frame_seal(&self->frame, KF_FRAME_ENVELOPE, err);
}

static void note_sent(struct kf_sender *self, uint32_t index, uint32_t attempt, int64_t now_ms)
{
    kf_dispatch_sent(self->dispatch, index, now_ms);
    self->blocked_since_ms = 0;
    if (attempt > 1) {
        kf_metric_increase(self->redelivered, 1);
    } else {
        kf_service_count_out(self->options.service);
    }
    kf_log(KF_LOG_DEBUG, "panel-sent", "release=%s panel=%u attempt=%u", self->release.id, index,
           attempt);
    KF_CRASH_POINT("ingest.sent");
}

/* Sends what may be sent now. KF_ERR_AGAIN when the first stage takes no more. */
static enum kf_err send_panels(struct kf_sender *self, int64_t now_ms, struct kf_error *err)
{
    uint32_t index = 0;
    uint32_t attempt = 0;
    enum kf_err code = KF_OK;
    for (size_t i = 0; code == KF_OK && i < SENDS_PER_WAKE; i++) {
        if (!kf_dispatch_next(self->dispatch, &index, &attempt)) {
            break;
        }
        code = make_frame(self, index, attempt, err);
        if (code == KF_OK) {
            KF_CRASH_POINT("ingest.sending");
            code = kf_socket_send(self->options.output, &self->frame, err);
        }
        if (code == KF_OK) {
            note_sent(self, index, attempt, now_ms);
        }
    }
    if (code == KF_ERR_AGAIN && self->blocked_since_ms == 0) {
        self->blocked_since_ms = now_ms;
    }
    return code;
}

/* --- closing ------------------------------------------------------------------------------- */

static void log_closed(const struct kf_sender *self, const struct kf_receipt *receipt,
                       int64_t now_ms)
{
    char quoted[KF_LOG_QUOTED_SIZE];
    bool committed = receipt->state == KF_RECEIPT_COMMITTED;
    kf_log(committed ? KF_LOG_INFO : KF_LOG_WARN,
           committed ? "release-committed" : "release-rejected",
           "release=%s panels=%u panels_rejected=%u rows=%" PRIu64 " ms=%" PRId64 " reason=%s",
           receipt->release, self->release.panels, receipt->panels_rejected, receipt->rows,
           now_ms - self->opened_ms, kf_log_quote(receipt->reason, quoted));
}

/* The dead letters in the receipt that was received last. Letters that cannot be read are refused;
 * the release is closed without: they stand on the topic. */
static enum kf_err read_letters(struct kf_sender *self, struct kf_letters **letters,
                                struct kf_error *err)
{
    const void *payload = NULL;
    size_t length = 0;
    enum kf_err code = kf_frame_open(self->received.bytes, self->received.length, KF_FRAME_RECEIPT,
                                     &payload, &length, err);
    if (code == KF_OK) {
        code = kf_letters_unpack(payload, length, letters, err);
    }
    if (code == KF_ERR_DATA || code == KF_ERR_LIMIT) {
        kf_service_refuse(self->options.service, err);
        code = KF_OK;
    }
    return code;
}

/* The dispatch has closed the release; now the ledger. Should that fail, the release is open there
 * still, goes out again, and the publisher says again that it is committed. */
static enum kf_err close_release(struct kf_sender *self, const struct kf_receipt *receipt,
                                 int64_t now_ms, struct kf_error *err)
{
    KF_CRASH_POINT("ingest.receipt");
    self->changes++;
    forget_trouble(self);
    struct kf_letters *letters = NULL;
    enum kf_err code = read_letters(self, &letters, err);
    if (code == KF_OK) {
        code = kf_ledger_mark_closed_with(self->options.ledger, receipt, letters,
                                          kf_clock_wall_ms(), err);
    }
    kf_letters_destroy(&letters);
    if (code == KF_OK) {
        KF_CRASH_POINT("ingest.closed");
        log_closed(self, receipt, now_ms);
        code = kf_ledger_prune(self->options.ledger, self->options.keep_releases, err);
    }
    return code;
}

/* A panel in the ledger cannot be read any more: the release can never be whole. */
static enum kf_err give_up(struct kf_sender *self, const struct kf_error *why, struct kf_error *err)
{
    char quoted[KF_LOG_QUOTED_SIZE];
    struct kf_receipt closing = {.state = KF_RECEIPT_REJECTED};
    (void)snprintf(closing.release, sizeof closing.release, "%s", self->release.id);
    kf_log(KF_LOG_ERROR, "release-damaged", "release=%s reason=%s", self->release.id,
           kf_log_quote(why->text, quoted));
    (void)kf_dispatch_receipt(self->dispatch, &closing, 0);
    self->changes++;
    forget_trouble(self);
    return kf_ledger_mark_damaged(self->options.ledger, &self->release, why->text,
                                  kf_clock_wall_ms(), err);
}

/* --- what is held ---------------------------------------------------------------------------- */

struct kf_dispatch_counts kf_sender_counts(const struct kf_sender *self)
{
    return kf_dispatch_counts(self->dispatch);
}

static const struct held *find_held(const struct kf_sender *self, const char *release)
{
    for (size_t i = 0; i < HELD_KEPT; i++) {
        if (strcmp(self->held_at[i].release, release) == 0) {
            return &self->held_at[i];
        }
    }
    return NULL;
}

int64_t kf_sender_held_ms(const struct kf_sender *self, const char *release)
{
    const struct held *held = find_held(self, release);
    return held ? held->at_ms : 0;
}

/* The first time counts: a publisher that was restarted holds them again. */
static void note_held(struct kf_sender *self)
{
    struct kf_dispatch_counts counts = kf_dispatch_counts(self->dispatch);
    if (counts.held < counts.panels || find_held(self, self->release.id)) {
        return;
    }
    struct held *held = &self->held_at[self->held_next];
    self->held_next = (self->held_next + 1) % HELD_KEPT;
    memcpy(held->release, self->release.id, sizeof held->release);
    held->at_ms = kf_clock_wall_ms();
    self->changes++;
}

/* --- receipts ------------------------------------------------------------------------------ */

static enum kf_err take_receipt(struct kf_sender *self, const struct kf_receipt *receipt,
                                int64_t now_ms, struct kf_error *err)
{
    enum kf_dispatch_event event = kf_dispatch_receipt(self->dispatch, receipt, now_ms);
    switch (event) {
    case KF_DISPATCH_COMMITTED:
    case KF_DISPATCH_REJECTED:
        return close_release(self, receipt, now_ms, err);
    case KF_DISPATCH_RESTARTED:
        kf_log(KF_LOG_WARN, "publisher-restarted", "publisher=%s release=%s", receipt->publisher,
               kf_dispatch_release(self->dispatch));
        self->expired = false;
        self->commit_late = false;
        return KF_OK;
    case KF_DISPATCH_PROGRESS:
        self->expired = false;
        note_held(self);
        return KF_OK;
    case KF_DISPATCH_NOTHING:
        return KF_OK;
    }
    return KF_OK;
}

static enum kf_err open_receipt(struct kf_sender *self, struct kf_receipt *receipt,
                                struct kf_error *err)
{
    const void *payload = NULL;
    size_t length = 0;
    enum kf_err code = kf_frame_open(self->received.bytes, self->received.length, KF_FRAME_RECEIPT,
                                     &payload, &length, err);
    return code == KF_OK ? kf_receipt_unpack(payload, length, receipt, err) : code;
}

static enum kf_err take_receipts(struct kf_sender *self, int64_t now_ms, struct kf_error *err)
{
    enum kf_err code = KF_OK;
    for (size_t i = 0; code == KF_OK && i < RECEIPTS_PER_WAKE; i++) {
        struct kf_receipt receipt;
        code = kf_socket_receive(self->options.receipts, &self->received, err);
        if (code == KF_OK) {
            code = open_receipt(self, &receipt, err);
        }
        if (code == KF_OK) {
            KF_CRASH_POINT("ingest.received");
            code = take_receipt(self, &receipt, now_ms, err);
        } else if (code == KF_ERR_DATA || code == KF_ERR_LIMIT) {
            kf_service_refuse(self->options.service, err);
            code = KF_OK;
        }
    }
    return code == KF_ERR_AGAIN ? KF_OK : code;
}

/* --- working ------------------------------------------------------------------------------- */

/* Holding panels again, as the publisher will, is no commit: that it is late stays true until the
 * outcome, or until another publisher begins anew. */
static void expire(struct kf_sender *self, int64_t now_ms)
{
    struct kf_dispatch_counts before = kf_dispatch_counts(self->dispatch);
    uint32_t again = kf_dispatch_expire(self->dispatch, now_ms);
    if (again > 0) {
        bool all_held = before.held == before.panels;
        self->commit_late = self->commit_late || all_held;
        self->expired = !all_held;
        kf_log(KF_LOG_WARN, "redelivery", "release=%s panels=%u", self->release.id, again);
    }
}

static enum kf_err send_and_open(struct kf_sender *self, bool may_open, int64_t now_ms,
                                 struct kf_error *err)
{
    enum kf_err code = KF_OK;
    if (!kf_dispatch_is_open(self->dispatch) && may_open && self->ledger_may_have_more) {
        code = open_next(self, now_ms, err);
    }
    if (code == KF_OK && kf_dispatch_is_open(self->dispatch)) {
        code = send_panels(self, now_ms, err);
    }
    bool unusable = code == KF_ERR_DATA || code == KF_ERR_LIMIT;
    if (unusable && err->disposition == KF_REJECT) {
        const struct kf_error why = *err;
        code = give_up(self, &why, err);
    }
    return code == KF_ERR_AGAIN ? KF_OK : code;
}

enum kf_err kf_sender_work(struct kf_sender *self, bool may_open, int64_t now_ms,
                           struct kf_error *err)
{
    struct kf_error why;
    enum kf_err code = take_receipts(self, now_ms, &why);
    if (code == KF_OK && now_ms >= self->paused_until_ms) {
        expire(self, now_ms);
        code = send_and_open(self, may_open, now_ms, &why);
        if (code == KF_OK) {
            resume(self);
        }
    }
    if (code != KF_OK) {
        code = pause_after(self, &why, now_ms, err);
    }
    show_counts(self);
    return code;
}

size_t kf_sender_wait(const struct kf_sender *self, struct kf_poll_item *items,
                      int64_t *deadline_ms)
{
    uint32_t index = 0;
    uint32_t attempt = 0;
    size_t count = 0;
    items[count++] = (struct kf_poll_item){.socket = self->options.receipts, .want_in = true};
    int64_t wake_ms = kf_dispatch_deadline_ms(self->dispatch);
    if (self->paused_until_ms != 0) {
        wake_ms = self->paused_until_ms;
    } else if (kf_dispatch_next(self->dispatch, &index, &attempt)) {
        items[count++] = (struct kf_poll_item){.socket = self->options.output, .want_out = true};
    } else if (!kf_dispatch_is_open(self->dispatch) && self->ledger_may_have_more) {
        wake_ms = 0;
    }
    *deadline_ms = wake_ms < *deadline_ms ? wake_ms : *deadline_ms;
    return count;
}
