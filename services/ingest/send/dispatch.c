#include "services/ingest/send/dispatch.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"

/* Publishers that are remembered as gone. Receipts of older ones would have to be queued for as
 * many restarts; if it happens, the timers mend it. */
#define FORMER_MAX 8

#define REDELIVERY_MAX_FACTOR 12
#define COMMIT_FACTOR         6
#define COMMIT_MAX_FACTOR     60

enum panel_state { PANEL_WAITING, PANEL_IN_FLIGHT, PANEL_HELD };

struct panel {
    enum panel_state state;
    uint32_t sent; /* how often */
};

struct kf_dispatch {
    struct kf_dispatch_options options;
    char release[KF_RELEASE_ID_SIZE];
    struct panel *panels; /* NULL: nothing is open */
    struct kf_dispatch_counts counts;
    uint32_t lowest; /* no panel below is waiting */
    int64_t wait_ms; /* for progress */
    int64_t commit_wait_ms;
    int64_t deadline_ms;
    char publisher[KF_PUBLISHER_SIZE];
    char former[FORMER_MAX][KF_PUBLISHER_SIZE];
    size_t former_next;
};

struct kf_dispatch_options kf_dispatch_options_usual(uint32_t window, int64_t redelivery_timeout_ms)
{
    return (struct kf_dispatch_options){
        .window = window,
        .redelivery_timeout_ms = redelivery_timeout_ms,
        .redelivery_timeout_max_ms = redelivery_timeout_ms * REDELIVERY_MAX_FACTOR,
        .commit_timeout_ms = redelivery_timeout_ms * COMMIT_FACTOR,
        .commit_timeout_max_ms = redelivery_timeout_ms * COMMIT_MAX_FACTOR,
    };
}

struct kf_dispatch *kf_dispatch_new(const struct kf_dispatch_options *options)
{
    assert(options->window > 0 && options->redelivery_timeout_ms > 0);
    struct kf_dispatch *self = kf_calloc(1, sizeof *self);
    if (self) {
        self->options = *options;
        self->deadline_ms = INT64_MAX;
    }
    return self;
}

void kf_dispatch_destroy(struct kf_dispatch **self)
{
    if (self && *self) {
        kf_free((*self)->panels);
        kf_free(*self);
        *self = NULL;
    }
}

/* --- timers -------------------------------------------------------------------------------- */

static bool all_held(const struct kf_dispatch *self)
{
    return self->counts.held == self->counts.panels;
}

/* Starts the timer that fits what is awaited: nothing, the commit, or progress. */
static void set_deadline(struct kf_dispatch *self, int64_t now_ms)
{
    if (!self->panels) {
        self->deadline_ms = INT64_MAX;
    } else if (all_held(self)) {
        self->deadline_ms = now_ms + self->commit_wait_ms;
    } else {
        self->deadline_ms = self->counts.in_flight > 0 ? now_ms + self->wait_ms : INT64_MAX;
    }
}

static int64_t doubled(int64_t wait_ms, int64_t maximum_ms)
{
    return wait_ms > maximum_ms / 2 ? maximum_ms : wait_ms * 2;
}

/* --- the open release ---------------------------------------------------------------------- */

enum kf_err kf_dispatch_open(struct kf_dispatch *self, const char *id, uint32_t panels,
                             int64_t now_ms, struct kf_error *err)
{
    assert(!self->panels);
    if (panels == 0 || panels > KF_RELEASE_PANELS_MAX) {
        return kf_error_set(err, KF_ERR_DATA, "release %s has %u panels, not 1 to %d", id, panels,
                            KF_RELEASE_PANELS_MAX);
    }
    self->panels = kf_calloc(panels, sizeof *self->panels);
    if (!self->panels) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the %u panels of %s", panels, id);
    }
    (void)snprintf(self->release, sizeof self->release, "%s", id);
    self->counts = (struct kf_dispatch_counts){.panels = panels, .waiting = panels};
    self->lowest = 0;
    self->wait_ms = self->options.redelivery_timeout_ms;
    self->commit_wait_ms = self->options.commit_timeout_ms;
    set_deadline(self, now_ms);
    return KF_OK;
}

static void close_release(struct kf_dispatch *self)
{
    kf_free(self->panels);
    self->panels = NULL;
    self->release[0] = '\0';
    self->counts = (struct kf_dispatch_counts){0};
    self->deadline_ms = INT64_MAX;
}

bool kf_dispatch_is_open(const struct kf_dispatch *self)
{
    return self->panels != NULL;
}

const char *kf_dispatch_release(const struct kf_dispatch *self)
{
    return self->release;
}

bool kf_dispatch_next(const struct kf_dispatch *self, uint32_t *index, uint32_t *attempt)
{
    if (self->counts.waiting == 0 || self->counts.in_flight >= self->options.window) {
        return false;
    }
    uint32_t i = self->lowest;
    while (self->panels[i].state != PANEL_WAITING) {
        i++;
    }
    *index = i;
    *attempt = self->panels[i].sent + 1;
    return true;
}

void kf_dispatch_sent(struct kf_dispatch *self, uint32_t index, int64_t now_ms)
{
    assert(index < self->counts.panels && self->panels[index].state == PANEL_WAITING);
    self->panels[index].state = PANEL_IN_FLIGHT;
    self->panels[index].sent++;
    self->counts.waiting--;
    self->counts.in_flight++;
    self->lowest = index + 1;
    if (self->deadline_ms == INT64_MAX) {
        set_deadline(self, now_ms);
    }
}

/* Lets every panel in `state` wait again. Returns how many. */
static uint32_t put_back(struct kf_dispatch *self, enum panel_state state)
{
    uint32_t back = 0;
    for (uint32_t i = 0; i < self->counts.panels; i++) {
        if (self->panels[i].state == state) {
            self->panels[i].state = PANEL_WAITING;
            back++;
        }
    }
    self->counts.waiting += back;
    self->lowest = 0;
    return back;
}

static uint32_t put_back_in_flight(struct kf_dispatch *self)
{
    self->counts.in_flight = 0;
    return put_back(self, PANEL_IN_FLIGHT);
}

static uint32_t put_back_held(struct kf_dispatch *self)
{
    self->counts.held = 0;
    return put_back(self, PANEL_HELD);
}

uint32_t kf_dispatch_expire(struct kf_dispatch *self, int64_t now_ms)
{
    if (!self->panels || now_ms < self->deadline_ms) {
        return 0;
    }
    uint32_t back = 0;
    if (all_held(self)) {
        self->commit_wait_ms = doubled(self->commit_wait_ms, self->options.commit_timeout_max_ms);
        back = put_back_held(self);
    } else {
        self->wait_ms = doubled(self->wait_ms, self->options.redelivery_timeout_max_ms);
        back = put_back_in_flight(self);
    }
    set_deadline(self, now_ms);
    return back;
}

int64_t kf_dispatch_deadline_ms(const struct kf_dispatch *self)
{
    return self->deadline_ms;
}

/* --- receipts ------------------------------------------------------------------------------ */

static bool is_former(const struct kf_dispatch *self, const char *publisher)
{
    for (size_t i = 0; i < FORMER_MAX; i++) {
        if (strcmp(self->former[i], publisher) == 0) {
            return true;
        }
    }
    return false;
}

static void remember_former(struct kf_dispatch *self)
{
    memcpy(self->former[self->former_next], self->publisher, KF_PUBLISHER_SIZE);
    self->former_next = (self->former_next + 1) % FORMER_MAX;
}

/* Takes note of who speaks. True when that is another publisher than before. The first one ever is
 * no restart: what is in flight may well be on its way to it. */
static bool publisher_changes(struct kf_dispatch *self, const char *publisher)
{
    if (strcmp(self->publisher, publisher) == 0) {
        return false;
    }
    bool first = self->publisher[0] == '\0';
    if (!first) {
        remember_former(self);
    }
    (void)snprintf(self->publisher, sizeof self->publisher, "%s", publisher);
    return !first;
}

static enum kf_dispatch_event take_held(struct kf_dispatch *self, uint32_t index, int64_t now_ms)
{
    if (index >= self->counts.panels || self->panels[index].state == PANEL_HELD) {
        return KF_DISPATCH_NOTHING;
    }
    struct panel *panel = &self->panels[index];
    if (panel->state == PANEL_IN_FLIGHT) {
        self->counts.in_flight--;
    } else {
        self->counts.waiting--;
    }
    panel->state = PANEL_HELD;
    self->counts.held++;
    if (panel->sent == 1) {
        self->wait_ms = self->options.redelivery_timeout_ms;
    }
    set_deadline(self, now_ms);
    return KF_DISPATCH_PROGRESS;
}

static enum kf_dispatch_event take_outcome(struct kf_dispatch *self, enum kf_receipt_state state)
{
    close_release(self);
    return state == KF_RECEIPT_COMMITTED ? KF_DISPATCH_COMMITTED : KF_DISPATCH_REJECTED;
}

static void take_restart(struct kf_dispatch *self, int64_t now_ms)
{
    if (self->panels) {
        (void)put_back_in_flight(self);
        (void)put_back_held(self);
        self->wait_ms = self->options.redelivery_timeout_ms;
        set_deadline(self, now_ms);
    }
}

enum kf_dispatch_event kf_dispatch_receipt(struct kf_dispatch *self,
                                           const struct kf_receipt *receipt, int64_t now_ms)
{
    bool ours = self->panels && strcmp(receipt->release, self->release) == 0;
    bool outcome = receipt->state == KF_RECEIPT_COMMITTED || receipt->state == KF_RECEIPT_REJECTED;
    bool gone = receipt->publisher[0] == '\0' || is_former(self, receipt->publisher);
    bool restarted = !gone && publisher_changes(self, receipt->publisher);
    if (ours && outcome) {
        return take_outcome(self, receipt->state);
    }
    if (restarted) {
        take_restart(self, now_ms);
    }
    enum kf_dispatch_event event = KF_DISPATCH_NOTHING;
    if (ours && !gone && receipt->state == KF_RECEIPT_HELD) {
        event = take_held(self, receipt->index, now_ms);
    }
    return restarted ? KF_DISPATCH_RESTARTED : event;
}

struct kf_dispatch_counts kf_dispatch_counts(const struct kf_dispatch *self)
{
    return self->counts;
}

const char *kf_dispatch_publisher(const struct kf_dispatch *self)
{
    return self->publisher;
}
