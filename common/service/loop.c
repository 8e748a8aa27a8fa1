#include "common/service/loop.h"

#include <assert.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/service/signals.h"
#include "common/service/terminal.h"

#define BEAT_INTERVAL_MS 500
#define TEND_INTERVAL_MS 1000

/* A run of the loop. */
struct run {
    const struct kf_loop *loop;
    int64_t next_beat_ms;
    int64_t next_tend_ms;
    int64_t next_watchdog_ms; /* INT64_MAX: no watchdog */
    int64_t drain_deadline_ms;
    bool draining;
    bool renewing; /* draining in order to start anew */
    bool leaving;  /* at once */
    bool failed;
};

/* --- timers ---------------------------------------------------------------------------------- */

static void beat_when_due(struct run *self, int64_t now)
{
    if (now >= self->next_beat_ms) {
        kf_pulse_beat(self->loop->pulse, self->loop->status);
        self->next_beat_ms = now + BEAT_INTERVAL_MS;
    }
}

/* Connections: those that libzmq gave up, those that were denied, those that are too slow. */
static void tend_when_due(struct run *self, int64_t now)
{
    struct kf_bus_denied denied;
    if (now < self->next_tend_ms) {
        return;
    }
    if (kf_bus_tend(self->loop->bus, &denied)) {
        kf_pulse_deny(self->loop->pulse, &denied);
    }
    if (self->loop->http) {
        kf_http_cut_slow(self->loop->http);
    }
    self->next_tend_ms = now + TEND_INTERVAL_MS;
}

static void feed_watchdog(struct run *self, int64_t now)
{
    if (self->loop->notify->watchdog_ms > 0) {
        kf_notify_send(self->loop->notify, "WATCHDOG=1");
        self->next_watchdog_ms = now + self->loop->notify->watchdog_ms;
    }
}

static int64_t until_next_timer(const struct run *self, int64_t now)
{
    int64_t next = self->next_beat_ms;
    next = self->next_tend_ms < next ? self->next_tend_ms : next;
    next = self->next_watchdog_ms < next ? self->next_watchdog_ms : next;
    if (self->draining && self->drain_deadline_ms < next) {
        next = self->drain_deadline_ms;
    }
    return next > now ? next - now : 0;
}

/* --- draining -------------------------------------------------------------------------------- */

static bool is_drained(const struct kf_loop *loop)
{
    return !loop->class_->drained || loop->class_->drained(loop->state);
}

static size_t undelivered(const struct kf_loop *loop)
{
    return loop->class_->undelivered ? loop->class_->undelivered(loop->state) : 0;
}

static void start_draining(struct run *self, const char *why)
{
    self->draining = true;
    self->drain_deadline_ms = kf_clock_monotonic_ms() + self->loop->drain_timeout_ms;
    kf_pulse_set_state(self->loop->pulse, KF_SERVICE_DRAINING, why);
    self->next_beat_ms = 0; /* tell watchers now */
}

static void stop(struct run *self, const char *why)
{
    kf_notify_send(self->loop->notify, "STOPPING=1");
    start_draining(self, why);
}

static void take_stop(struct run *self)
{
    if (self->renewing) {
        kf_log(KF_LOG_INFO, "signal", "action=stop-instead-of-reload");
        self->renewing = false;
        stop(self, "stopping on a signal");
    } else if (self->draining) {
        kf_log(KF_LOG_WARN, "signal", "action=leave-at-once");
        self->leaving = true;
    } else {
        kf_log(KF_LOG_INFO, "signal", "action=drain");
        stop(self, "stopping on a signal");
    }
}

static void tell_manager_reloading(const struct run *self)
{
    char note[96];
    (void)snprintf(note, sizeof note, "RELOADING=1\nMONOTONIC_USEC=%" PRId64,
                   kf_clock_monotonic_ms() * 1000);
    kf_notify_send(self->loop->notify, note);
}

/* The manager waits for READY=1: with sound settings the new life says it, with others this one. */
static void take_reload(struct run *self)
{
    if (self->draining) {
        return; /* it stops; or it reloads already, and reads the settings after this */
    }
    kf_log(KF_LOG_INFO, "signal", "action=reload");
    tell_manager_reloading(self);
    if (self->loop->check(self->loop->check_context)) {
        self->renewing = true;
        start_draining(self, "reloading its settings");
    } else {
        kf_pulse_reload_failed(self->loop->pulse);
        kf_notify_send(
            self->loop->notify,
            "READY=1\nSTATUS=The new settings have faults (see the log); those of before "
            "are in force.");
    }
}

static void take_signals(struct run *self)
{
    int signal_ = 0;
    while (!self->leaving && (signal_ = kf_signals_take(self->loop->signals)) != 0) {
        if (signal_ == SIGHUP && !kf_terminal_is_gone(self->loop->terminal)) {
            take_reload(self);
        } else {
            take_stop(self);
        }
    }
}

static void fail(struct run *self, const struct kf_error *why)
{
    char quoted[KF_LOG_QUOTED_SIZE];
    kf_log(KF_LOG_ERROR, "failed", "code=%s reason=%s", kf_err_name(why->code),
           kf_log_quote(why->text, quoted));
    if (self->failed || self->draining) {
        self->leaving = true; /* it cannot drain either */
    } else {
        stop(self, "stopping on an error");
    }
    self->failed = true;
    self->renewing = false;
}

static bool is_finished(struct run *self)
{
    if (self->leaving) {
        return true;
    }
    if (!self->draining) {
        return false;
    }
    if (is_drained(self->loop)) {
        return true;
    }
    bool late = kf_clock_monotonic_ms() >= self->drain_deadline_ms;
    if (late) {
        kf_log(KF_LOG_WARN, "drain-timeout", "ms=%lld", (long long)self->loop->drain_timeout_ms);
    }
    return late;
}

/* --- turns ----------------------------------------------------------------------------------- */

/* Lets the service work on `items`, and measures it. */
static enum kf_err work(struct run *self, const struct kf_poll_item *items, size_t count,
                        struct kf_error *err)
{
    const struct kf_loop *loop = self->loop;
    int64_t start_ms = kf_clock_monotonic_ms();
    enum kf_err code = loop->class_->work(loop->state, items, count, self->draining, err);
    kf_pulse_turned(loop->pulse, kf_clock_monotonic_ms() - start_ms);
    return code == KF_ERR_AGAIN ? KF_OK : code;
}

static enum kf_err turn(struct run *self, struct kf_error *err)
{
    const struct kf_loop *loop = self->loop;
    struct kf_poll_item items[KF_SERVICE_ITEMS_MAX + 1] = {0};
    int64_t now = kf_clock_monotonic_ms();
    beat_when_due(self, now);
    tend_when_due(self, now);
    if (now >= self->next_watchdog_ms) {
        feed_watchdog(self, now);
    }
    int64_t limit_ms = until_next_timer(self, now);
    int64_t timeout_ms = limit_ms;
    size_t count = loop->class_->wait(loop->state, self->draining, items, &timeout_ms);
    assert(count <= KF_SERVICE_ITEMS_MAX);
    if (timeout_ms < 0 || timeout_ms > limit_ms) {
        timeout_ms = timeout_ms < 0 ? 0 : limit_ms;
    }
    items[count] = (struct kf_poll_item){.descriptor = loop->signals, .want_in = true};
    enum kf_err code = kf_poll(items, count + 1, timeout_ms, err);
    if (code != KF_OK) {
        return code;
    }
    if (items[count].in) {
        take_signals(self);
    }
    return self->leaving ? KF_OK : work(self, items, count, err);
}

static int finish(struct run *self)
{
    size_t left = undelivered(self->loop);
    if (left > 0) {
        kf_log(self->renewing ? KF_LOG_WARN : KF_LOG_ERROR, "undelivered", "panels=%zu", left);
    }
    kf_pulse_beat(self->loop->pulse, self->loop->status);
    if (self->renewing) {
        feed_watchdog(self,
                      kf_clock_monotonic_ms()); /* the new life has to open everything first */
        kf_log(KF_LOG_INFO, "reloading", "left=%zu", left);
        return KF_LOOP_RENEW;
    }
    int exit_code = self->failed || left > 0 ? 1 : 0;
    kf_log(KF_LOG_INFO, "stopped", "exit=%d", exit_code);
    return exit_code;
}

int kf_loop_run(const struct kf_loop *self)
{
    struct run run = {.loop = self, .next_watchdog_ms = INT64_MAX};
    if (self->notify->watchdog_ms > 0) {
        run.next_watchdog_ms = 0;
    }
    while (!is_finished(&run)) {
        struct kf_error err = {.code = KF_ERR_INTERNAL, .text = "no reason given"};
        if (turn(&run, &err) != KF_OK) {
            fail(&run, &err);
        }
    }
    return finish(&run);
}
