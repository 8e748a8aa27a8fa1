#include "common/service/stage.h"

#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/crash.h"
#include "common/base/log.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/bus/frame.h"
#include "common/bus/socket.h"
#include "common/codec/envelope.h"
#include "common/service/meeting.h"
#include "common/service/service.h"

#define FRAMES_PER_WAKE  8
#define LINGER_MS        1000
#define BLOCKED_AFTER_MS 2000 /* back-pressure shorter than this is normal */

struct stage {
    struct kf_service *service;
    const struct kf_stage *class_;
    struct kf_socket *input;
    struct kf_socket *output;
    struct kf_text received;
    struct kf_text finished; /* the packed frame that waits for the output */
    bool waiting;            /* `finished` holds one */
    int64_t waiting_since_ms;
    bool blocked; /* said so in the state */
    struct kf_metric *dropped;
    struct kf_findings findings;
    char next_detail[128];
};

static const struct kf_option stage_options[] = {
    {.name = "input",
     .type = KF_OPTION_ENDPOINT,
     .initial = "",
     .help = "Endpoint to bind and take panels from. When empty: "
             "ipc://RUN_DIR/SERVICE-INSTANCE.in."},
    {.name = "output",
     .type = KF_OPTION_ENDPOINTS,
     .initial = "",
     .help = "Endpoints of the next service's instances, joined by commas; panels go round them. "
             "When empty: ipc://RUN_DIR/NEXT-0.in."},
    {.name = "queue-max",
     .type = KF_OPTION_WHOLE,
     .initial = "8",
     .minimum = 1,
     .maximum = 1024,
     .help = "Panels queued for each neighbour."},
};

/* --- opening --------------------------------------------------------------------------------- */

/* The roles stand in the order in which a panel walks. */
static enum kf_role role_of(const struct stage *self)
{
    enum kf_role role = KF_ROLE_NEED;
    (void)kf_role_parse(self->class_->name, &role);
    return role;
}

static enum kf_err open_sockets(struct stage *self, struct kf_error *err)
{
    enum kf_role own = role_of(self);
    int64_t queue_max = kf_settings_number(kf_service_settings(self->service), "queue-max");
    const struct kf_socket_options from = {
        .queue_max = (int)queue_max,
        .message_bytes_max = KF_MEETING_PANEL_BYTES_MAX,
        .linger_ms = LINGER_MS,
        .peer = (enum kf_role)(own - 1),
    };
    struct kf_socket_options to = from;
    to.peer = (enum kf_role)(own + 1);
    const struct kf_meeting output = {.option = "output",
                                      .service = self->class_->next,
                                      .role = "in",
                                      .open = kf_socket_push,
                                      .limits = to};
    const struct kf_meeting input = {.option = "input",
                                     .service = self->class_->name,
                                     .instance = kf_service_instance(self->service),
                                     .role = "in",
                                     .open = kf_socket_pull,
                                     .limits = from};
    enum kf_err code = kf_service_meet(self->service, &output, &self->output, err);
    return code == KF_OK ? kf_service_meet(self->service, &input, &self->input, err) : code;
}

static void stage_close(void **state)
{
    struct stage *self = *state;
    kf_socket_destroy(&self->input);
    kf_socket_destroy(&self->output);
    kf_text_clear(&self->received);
    kf_text_clear(&self->finished);
    kf_findings_clear(&self->findings);
    kf_free(self);
    *state = NULL;
}

static enum kf_err stage_open(struct kf_service *service, void **state, struct kf_error *err)
{
    struct stage *self = kf_calloc(1, sizeof *self);
    if (!self) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the stage");
    }
    self->service = service;
    self->class_ = kf_service_context(service);
    kf_text_init(&self->received, KF_MEETING_PANEL_BYTES_MAX);
    kf_text_init(&self->finished, KF_MEETING_PANEL_BYTES_MAX);
    kf_findings_init(&self->findings);
    (void)snprintf(self->next_detail, sizeof self->next_detail,
                   "%s takes no panels; is it running?", self->class_->next);
    self->dropped =
        kf_metrics_add(kf_service_metrics(service), "panels_dropped_total", KF_METRIC_COUNTER, NULL,
                       "Panels for which there was no memory; ingest sends them again.");
    enum kf_err code = open_sockets(self, err);
    if (code == KF_OK) {
        *state = self;
    } else {
        void *unopened = self;
        stage_close(&unopened);
    }
    return code;
}

/* --- sending --------------------------------------------------------------------------------- */

static void note_sent(struct stage *self)
{
    KF_CRASH_POINT("stage.sent");
    self->waiting = false;
    kf_text_reset(&self->finished);
    kf_service_count_out(self->service);
    kf_service_set_in_progress(self->service, 0);
    kf_service_succeeded(self->service);
    if (self->blocked) {
        self->blocked = false;
        kf_service_set_state(self->service, KF_SERVICE_READY, "");
    }
}

static void note_not_sent(struct stage *self)
{
    int64_t now = kf_clock_monotonic_ms();
    if (!self->blocked && now - self->waiting_since_ms >= BLOCKED_AFTER_MS) {
        self->blocked = true;
        kf_service_set_state(self->service, KF_SERVICE_WAITING, self->next_detail);
    }
}

/* Tries to hand on the finished panel; it stays when the next service takes none. */
static enum kf_err send_finished(struct stage *self, struct kf_error *err)
{
    KF_CRASH_POINT("stage.sending");
    enum kf_err code = kf_socket_send(self->output, &self->finished, err);
    if (code == KF_OK) {
        note_sent(self);
    } else if (code == KF_ERR_AGAIN) {
        note_not_sent(self);
        code = KF_OK;
    }
    return code;
}

/* --- computing ------------------------------------------------------------------------------- */

static bool is_rejecting(enum kf_err code)
{
    return code == KF_ERR_DATA || code == KF_ERR_LIMIT;
}

static enum kf_err reject(struct stage *self, struct kf_envelope *envelope,
                          const struct kf_error *why, struct kf_error *err)
{
    char quoted[KF_LOG_QUOTED_SIZE];
    unsigned long long findings = kf_findings_count(&self->findings);
    const char *edition = envelope->panel ? envelope->panel->edition->id : "";
    kf_log(KF_LOG_WARN, "panel-rejected", "release=%s edition=%s year=%d findings=%llu reason=%s",
           envelope->release.id, edition, envelope->panel ? envelope->panel->year : 0, findings,
           kf_log_quote(why->text, quoted));
    enum kf_err code =
        kf_envelope_reject(envelope, self->class_->name, why->text, &self->findings, err);
    if (code == KF_OK) {
        kf_service_count_rejected(self->service);
    }
    return code;
}

/* How many results a panel has, and each of the years before it. */
struct result_counts {
    size_t list[1 + KF_LATEST_YEARS_MAX];
};

static struct result_counts count_results(const struct kf_panel *panel)
{
    struct result_counts counts = {{0}};
    for (size_t i = 0; panel && i < 1 + KF_LATEST_YEARS_MAX; i++) {
        counts.list[i] = panel->results_len;
        panel = panel->previous;
    }
    return counts;
}

enum kf_err kf_stage_apply(const struct kf_stage *stage, struct kf_panel *panel,
                           struct kf_findings *findings, struct kf_error *err)
{
    struct result_counts before = count_results(panel);
    enum kf_err code = stage->compute(panel, findings, err);
    const struct kf_panel *year = panel;
    for (size_t i = 0; code == KF_OK && year && i < 1 + KF_LATEST_YEARS_MAX; i++) {
        code = kf_panel_check_finite(year, before.list[i], findings, err);
        year = year->previous;
    }
    return kf_panel_judge_failure(panel, code, err);
}

/* Adds the results, or turns the envelope into a rejection. */
static enum kf_err compute(struct stage *self, struct kf_envelope *envelope, struct kf_error *err)
{
    struct kf_error why = {.text = "no reason given"};
    int64_t start_ms = kf_clock_monotonic_ms();
    enum kf_err code = kf_stage_apply(self->class_, envelope->panel, &self->findings, &why);
    if (is_rejecting(code)) {
        return reject(self, envelope, &why, err);
    }
    if (code != KF_OK) {
        return kf_error_set(err, code, "%s", why.text);
    }
    kf_log(KF_LOG_INFO, "panel-computed", "release=%s edition=%s year=%d ms=%lld",
           envelope->release.id, envelope->panel->edition->id, envelope->panel->year,
           (long long)(kf_clock_monotonic_ms() - start_ms));
    return KF_OK;
}

static enum kf_err pack(struct stage *self, const struct kf_envelope *envelope,
                        struct kf_error *err)
{
    kf_frame_begin(&self->finished);
    enum kf_err code = kf_envelope_pack(envelope, &self->finished, err);
    return code == KF_OK ? kf_frame_seal(&self->finished, KF_FRAME_ENVELOPE, err) : code;
}

/* Packs; a panel that has grown beyond what can be sent becomes a rejection. */
static enum kf_err pack_or_reject(struct stage *self, struct kf_envelope *envelope,
                                  struct kf_error *err)
{
    struct kf_error why;
    enum kf_err code = pack(self, envelope, &why);
    if (is_rejecting(code) && envelope->panel) {
        code = reject(self, envelope, &why, err);
        return code == KF_OK ? pack(self, envelope, err) : code;
    }
    return code == KF_OK ? KF_OK : kf_error_set(err, code, "%s", why.text);
}

/* A rejection from an earlier stage passes untouched. */
static enum kf_err process(struct stage *self, struct kf_envelope *envelope, struct kf_error *err)
{
    kf_service_count_in(self->service);
    kf_service_set_in_progress(self->service, 1);
    kf_service_set_release(self->service, envelope->release.id);
    KF_CRASH_POINT("stage.computing");
    enum kf_err code = envelope->panel ? compute(self, envelope, err) : KF_OK;
    kf_findings_clear(&self->findings);
    if (code == KF_OK) {
        code = pack_or_reject(self, envelope, err);
    }
    return code;
}

/* --- receiving ------------------------------------------------------------------------------- */

/* The panel is lost here; ingest misses its receipt and sends it again. */
static void drop(struct stage *self, const struct kf_error *why)
{
    char quoted[KF_LOG_QUOTED_SIZE];
    kf_log(KF_LOG_ERROR, "panel-dropped", "reason=%s", kf_log_quote(why->text, quoted));
    kf_metric_increase(self->dropped, 1);
    kf_service_set_in_progress(self->service, 0);
    kf_text_clear(&self->finished);
}

static enum kf_err open_frame(struct stage *self, struct kf_envelope **envelope,
                              struct kf_error *err)
{
    const void *payload = NULL;
    size_t length = 0;
    enum kf_err code = kf_frame_open(self->received.bytes, self->received.length, KF_FRAME_ENVELOPE,
                                     &payload, &length, err);
    return code == KF_OK ? kf_envelope_unpack(payload, length, envelope, err) : code;
}

/* One received frame: refused, dropped, or finished and waiting for the output. */
static enum kf_err take_frame(struct stage *self, struct kf_error *err)
{
    struct kf_envelope *envelope = NULL;
    KF_CRASH_POINT("stage.received");
    enum kf_err code = open_frame(self, &envelope, err);
    if (is_rejecting(code)) {
        kf_service_refuse(self->service, err);
        return KF_OK;
    }
    if (code == KF_OK) {
        code = process(self, envelope, err);
    }
    kf_envelope_destroy(&envelope);
    if (code == KF_OK) {
        self->waiting = true;
        self->waiting_since_ms = kf_clock_monotonic_ms();
        KF_CRASH_POINT("stage.computed");
    } else if (code == KF_ERR_MEMORY) {
        drop(self, err);
        code = KF_OK;
    }
    return code;
}

/* Receives one frame; `*more` tells whether there may be another. */
static enum kf_err receive(struct stage *self, bool *more, struct kf_error *err)
{
    enum kf_err code = kf_socket_receive(self->input, &self->received, err);
    *more = code != KF_ERR_AGAIN;
    if (code == KF_ERR_AGAIN) {
        return KF_OK;
    }
    if (is_rejecting(code)) {
        kf_service_refuse(self->service, err);
        return KF_OK;
    }
    if (code == KF_ERR_MEMORY) {
        drop(self, err);
        return KF_OK;
    }
    return code == KF_OK ? take_frame(self, err) : code;
}

/* --- the service ----------------------------------------------------------------------------- */

static size_t stage_wait(void *state, bool draining, struct kf_poll_item *items,
                         int64_t *timeout_ms)
{
    struct stage *self = state;
    (void)timeout_ms;
    if (self->waiting) {
        items[0] = (struct kf_poll_item){.socket = self->output, .want_out = true};
        return 1;
    }
    if (draining) {
        return 0;
    }
    items[0] = (struct kf_poll_item){.socket = self->input, .want_in = true};
    return 1;
}

static enum kf_err stage_work(void *state, const struct kf_poll_item *items, size_t count,
                              bool draining, struct kf_error *err)
{
    struct stage *self = state;
    (void)items;
    (void)count;
    enum kf_err code = self->waiting ? send_finished(self, err) : KF_OK;
    bool more = !draining;
    for (int i = 0; i < FRAMES_PER_WAKE && code == KF_OK && more && !self->waiting; i++) {
        code = receive(self, &more, err);
        if (code == KF_OK && self->waiting) {
            code = send_finished(self, err);
        }
    }
    return code;
}

static bool stage_drained(const void *state)
{
    const struct stage *self = state;
    return !self->waiting;
}

static size_t stage_undelivered(const void *state)
{
    const struct stage *self = state;
    return self->waiting ? 1 : 0;
}

int kf_stage_main(const struct kf_stage *stage, int argc, char **argv)
{
    const struct kf_service_class class_ = {
        .name = stage->name,
        .purpose = stage->purpose,
        .options = stage_options,
        .options_len = sizeof stage_options / sizeof stage_options[0],
        .open = stage_open,
        .wait = stage_wait,
        .work = stage_work,
        .drained = stage_drained,
        .undelivered = stage_undelivered,
        .close = stage_close,
        .context = stage,
    };
    return kf_service_main(&class_, argc, argv);
}
