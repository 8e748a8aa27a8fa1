#include "services/board/board.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/memory.h"
#include "services/board/api/release_watch.h"
#include "services/board/api/site.h"
#include "services/board/api/status.h"
#include "services/board/board_metrics.h"
#include "services/board/board_options.h"
#include "services/board/line/listener.h"
#include "services/board/store/follower.h"

#define PROGRAM            "kostraflow " KF_VERSION
#define PATH_BYTES_MAX     4096
#define STATUS_INTERVAL_MS 1000 /* that something is told when nothing changes */
#define STATUS_PAUSE_MS    100  /* between two statuses when much changes */
#define RETRY_MS           1000 /* after a failure of the store */

struct kf_board {
    struct kf_service *service;
    struct kf_catalogue *catalogue;
    struct kf_kafka_options *kafka;
    struct kf_text store_path;
    struct kf_board_store *store;
    struct kf_board_follower *follower;
    struct kf_line *line;
    struct kf_listener *listener;
    struct kf_snapshot status;
    struct kf_site *site;
    struct kf_board_metrics metrics;
    struct kf_board_progress progress;
    struct kf_release_watch releases;
    struct kf_status_ingest told; /* whose phases are in the store */
    uint64_t line_changes;        /* when the status was told last */
    int64_t told_ms;              /* monotonic */
    int64_t retry_ms;             /* the follower rests until then; monotonic */
    int64_t note_ms;              /* no phases are noted until then; monotonic */
    bool news;                    /* something is to be told */
    bool followed;                /* all that was committed was here once */
    bool lost;                    /* the store's file is not where it was: nothing can be kept */
};

/* --- opening --------------------------------------------------------------------------------- */

static const struct kf_settings *settings_of(const struct kf_board *self)
{
    return kf_service_settings(self->service);
}

static void log_fault(const struct kf_finding *fault)
{
    char problem[KF_LOG_QUOTED_SIZE];
    char file[KF_LOG_QUOTED_SIZE];
    kf_log(KF_LOG_ERROR, "edition-fault", "file=%s line=%" PRIu64 " problem=%s",
           kf_log_quote(fault->file, file), fault->line, kf_log_quote(fault->problem, problem));
}

static enum kf_err open_catalogue(struct kf_board *self, struct kf_error *err)
{
    struct kf_findings findings;
    kf_findings_init(&findings);
    enum kf_err code = kf_catalogue_read(kf_settings_text(settings_of(self), "editions"),
                                         &self->catalogue, &findings, err);
    for (size_t i = 0; i < findings.length; i++) {
        log_fault(&findings.list[i]);
    }
    kf_findings_clear(&findings);
    return code;
}

static enum kf_err open_store(struct kf_board *self, struct kf_error *err)
{
    kf_text_init(&self->store_path, PATH_BYTES_MAX);
    kf_board_options_store(settings_of(self), &self->store_path);
    if (self->store_path.failed) {
        return kf_text_error(&self->store_path, err, KF_ERR_CONFIG,
                             "the path of the store is longer than %d bytes", PATH_BYTES_MAX);
    }
    enum kf_err code = kf_board_options_make_folder(self->store_path.bytes, err);
    return code == KF_OK ? kf_board_store_open(self->store_path.bytes, &self->store, err) : code;
}

static enum kf_err open_follower(struct kf_board *self, struct kf_error *err)
{
    const struct kf_settings *settings = settings_of(self);
    enum kf_err code = kf_board_options_kafka(settings, &self->kafka, err);
    if (code != KF_OK) {
        return code;
    }
    const struct kf_board_follower_options options = {
        .bootstrap_servers = kf_settings_text(settings, "bootstrap-servers"),
        .topic_prefix = kf_settings_text(settings, "topic-prefix"),
        .client_id = "kostraflow-board",
        .kafka = self->kafka};
    return kf_board_follower_new(self->store, &options, &self->follower, err);
}

static enum kf_err open_listener(struct kf_board *self, struct kf_error *err)
{
    struct kf_listener_options options = {.bus = kf_service_bus(self->service)};
    self->line = kf_line_new();
    if (!self->line) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the line");
    }
    options.line = self->line;
    kf_listener_take_settings(settings_of(self), &options);
    return kf_listener_open(&options, &self->listener, err);
}

static enum kf_err open_site(struct kf_board *self, struct kf_error *err)
{
    const struct kf_site_options options = {.store = self->store_path.bytes,
                                            .catalogue = self->catalogue,
                                            .status = &self->status,
                                            .program = PROGRAM};
    return kf_site_new(&options, &self->site, err);
}

static void board_close(void **state)
{
    struct kf_board *self = *state;
    kf_site_destroy(&self->site);
    kf_listener_close(&self->listener);
    kf_line_destroy(&self->line);
    kf_board_follower_destroy(&self->follower);
    kf_kafka_options_destroy(&self->kafka);
    kf_board_store_destroy(&self->store);
    kf_catalogue_destroy(&self->catalogue);
    kf_snapshot_clear(&self->status);
    kf_text_clear(&self->store_path);
    kf_free(self);
    *state = NULL;
}

/* --- telling --------------------------------------------------------------------------------- */

static void log_failure(struct kf_board *self, const char *what, const struct kf_error *why)
{
    char quoted[KF_LOG_QUOTED_SIZE];
    kf_metric_increase(self->metrics.failures, 1);
    self->lost = self->lost || (why->code == KF_ERR_IO && why->disposition == KF_FATAL);
    kf_log(KF_LOG_ERROR, "store-failed", "doing=%s reason=%s", what,
           kf_log_quote(why->text, quoted));
}

/* A kf_release_watch_tell. */
static void tell_release(void *context, const struct kf_board_release *release, bool is_new,
                         const struct kf_text *json)
{
    struct kf_board *self = context;
    kf_service_tell(self->service, "release", json);
    if (is_new) {
        double seconds = (double)(kf_clock_wall_ms() - release->published_ms) / 1000;
        kf_metric_increase(self->metrics.releases, 1);
        kf_metric_set(self->metrics.delay, seconds > 0 ? seconds : 0);
        kf_log(KF_LOG_INFO, "release", "release=%s panels=%zu rows=%" PRIu64, release->id,
               release->panels_len, release->rows);
    }
}

static enum kf_err count_incomplete(void *context, const struct kf_board_incomplete *incomplete,
                                    struct kf_error *err)
{
    (void)incomplete;
    (void)err;
    *(size_t *)context += 1;
    return KF_OK;
}

/* Ready is who has once read all that is committed: a release that is just coming in is no reason
 * to turn readers away. What is lacking is said. */
static void set_state(struct kf_board *self, size_t incomplete)
{
    char detail[sizeof self->progress.detail + 96] = "";
    const struct kf_board_progress *progress = &self->progress;
    if (progress->state == KF_BOARD_READING) {
        (void)snprintf(detail, sizeof detail, "reading the topics: %" PRIu64 " records to go",
                       progress->behind);
    } else if (progress->state == KF_BOARD_WAITING) {
        (void)snprintf(detail, sizeof detail, "%s", progress->detail);
    } else if (incomplete > 0) {
        (void)snprintf(detail, sizeof detail,
                       "%zu editions and years are not whole here; what was shown before stands",
                       incomplete);
    }
    self->followed = self->followed || progress->state == KF_BOARD_FOLLOWING;
    bool ready = self->followed && progress->state != KF_BOARD_WAITING;
    kf_service_set_state(self->service, ready ? KF_SERVICE_READY : KF_SERVICE_WAITING,
                         ready && progress->state == KF_BOARD_READING ? "" : detail);
}

static enum kf_err renew_numbers(struct kf_board *self, struct kf_error *err)
{
    struct kf_board_totals totals;
    size_t incomplete = 0;
    enum kf_err code = kf_board_store_totals(self->store, &totals, err);
    if (code == KF_OK) {
        code = kf_board_store_incomplete(self->store, count_incomplete, &incomplete, err);
    }
    if (code == KF_OK) {
        kf_board_metrics_set(&self->metrics, &self->progress, &totals);
        kf_board_metrics_set_stages(&self->metrics, self->line);
        kf_metric_set(self->metrics.incomplete, (double)incomplete);
        kf_metric_set(self->metrics.listeners, (double)kf_service_listeners(self->service));
        kf_service_set_release(self->service, totals.release);
        set_state(self, incomplete);
    }
    return code;
}

static enum kf_err renew_status(struct kf_board *self, struct kf_text *json, struct kf_error *err)
{
    const struct kf_board_status status = {.program = PROGRAM,
                                           .line = self->line,
                                           .progress = &self->progress,
                                           .store = self->store,
                                           .now_ms = kf_clock_wall_ms()};
    enum kf_err code = renew_numbers(self, err);
    if (code == KF_OK) {
        code = kf_board_status_json(&status, json, err);
    }
    return code == KF_OK && json->failed ? kf_error_set(err, KF_ERR_LIMIT, "no room for the status")
                                         : code;
}

static void tell_status(struct kf_board *self)
{
    struct kf_error err;
    struct kf_text json;
    kf_text_init(&json, KF_SNAPSHOT_BYTES_MAX);
    if (renew_status(self, &json, &err) == KF_OK) {
        kf_snapshot_set(&self->status, &json);
        kf_service_tell(self->service, "status", &json);
    } else {
        log_failure(self, "telling-status", &err);
    }
    kf_text_clear(&json);
    self->told_ms = kf_clock_monotonic_ms();
    self->line_changes = kf_line_changes(self->line);
    self->news = false;
}

static void tell_releases(struct kf_board *self)
{
    struct kf_error err;
    if (kf_release_watch_look(&self->releases, self->store, tell_release, self, &err) != KF_OK) {
        log_failure(self, "telling-releases", &err);
    }
}

/* When the status is due, monotonic. */
static int64_t status_due_ms(const struct kf_board *self)
{
    bool news = self->news || kf_line_changes(self->line) != self->line_changes;
    return self->told_ms + (news ? STATUS_PAUSE_MS : STATUS_INTERVAL_MS);
}

/* --- following ------------------------------------------------------------------------------- */

static void follow(struct kf_board *self)
{
    struct kf_error err;
    int64_t start_ms = kf_clock_monotonic_ms();
    enum kf_board_follower_state before = self->progress.state;
    enum kf_err code = kf_board_follower_poll(self->follower, 0, &self->progress, &err);
    if (code != KF_OK) {
        log_failure(self, "following", &err);
        self->progress.state = KF_BOARD_WAITING;
        (void)snprintf(self->progress.detail, sizeof self->progress.detail, "%.200s", err.text);
        self->progress.busy = false;
        self->retry_ms = kf_clock_monotonic_ms() + RETRY_MS;
    } else if (self->progress.changed) {
        kf_metric_set(self->metrics.applied, (double)(kf_clock_monotonic_ms() - start_ms) / 1000);
        kf_service_succeeded(self->service);
        tell_releases(self);
    }
    self->news = self->news || self->progress.changed || before != self->progress.state;
}

static bool is_same(const struct kf_phases *a, const struct kf_phases *b)
{
    return strcmp(a->release, b->release) == 0 && a->discovered_ms == b->discovered_ms &&
           a->recorded_ms == b->recorded_ms && a->sent_ms == b->sent_ms &&
           a->held_ms == b->held_ms && a->committed_ms == b->committed_ms &&
           a->attempts == b->attempts;
}

static bool is_noted(const struct kf_board *self, const struct kf_phases *phases)
{
    for (size_t i = 0; i < self->told.phases_len; i++) {
        if (is_same(&self->told.phases[i], phases)) {
            return true;
        }
    }
    return false;
}

static enum kf_err note(struct kf_board *self, const struct kf_phases *phases, struct kf_error *err)
{
    const struct kf_board_phases kept = {.discovered_ms = phases->discovered_ms,
                                         .recorded_ms = phases->recorded_ms,
                                         .sent_ms = phases->sent_ms,
                                         .held_ms = phases->held_ms,
                                         .committed_ms = phases->committed_ms,
                                         .attempts = phases->attempts};
    return kf_board_store_note_phases(self->store, phases->release, &kept, err);
}

/* What ingest's beats tell of releases outlives the beats. */
static void note_phases(struct kf_board *self)
{
    struct kf_error err;
    enum kf_err code = KF_OK;
    const struct kf_status_ingest *ingest = kf_line_last_ingest(self->line);
    bool news = false;
    int64_t now_ms = kf_clock_monotonic_ms();
    if (now_ms < self->retry_ms || now_ms < self->note_ms) {
        return;
    }
    for (size_t i = 0; ingest && code == KF_OK && i < ingest->phases_len; i++) {
        if (!is_noted(self, &ingest->phases[i])) {
            code = note(self, &ingest->phases[i], &err);
            news = true;
        }
    }
    if (code != KF_OK) {
        log_failure(self, "noting-phases", &err);
        self->note_ms = kf_clock_monotonic_ms() + RETRY_MS;
    } else if (news) {
        self->told = *ingest;
        tell_releases(self);
    }
}

/* --- the service ----------------------------------------------------------------------------- */

static enum kf_err open_parts(struct kf_board *self, struct kf_error *err)
{
    static enum kf_err (*const openers[])(struct kf_board *, struct kf_error *) = {
        open_catalogue, open_store, open_follower, open_listener, open_site,
    };
    enum kf_err code = KF_OK;
    for (size_t i = 0; code == KF_OK && i < sizeof openers / sizeof openers[0]; i++) {
        code = openers[i](self, err);
    }
    return code;
}

static enum kf_err board_open(struct kf_service *service, void **state, struct kf_error *err)
{
    struct kf_board *self = kf_calloc(1, sizeof *self);
    if (!self) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the board");
    }
    self->service = service;
    self->progress =
        (struct kf_board_progress){.state = KF_BOARD_WAITING, .detail = "asking for Kafka"};
    kf_snapshot_init(&self->status);
    enum kf_err code = open_parts(self, err);
    if (code != KF_OK) {
        void *unopened = self;
        board_close(&unopened);
        return code;
    }
    kf_board_metrics_add(&self->metrics, kf_service_metrics(service));
    kf_service_set_state(service, KF_SERVICE_WAITING, self->progress.detail);
    tell_status(self);
    tell_releases(self); /* notes what there is */
    *state = self;
    return KF_OK;
}

static size_t board_wait(void *state, bool draining, struct kf_poll_item *items,
                         int64_t *timeout_ms)
{
    struct kf_board *self = state;
    int64_t now_ms = kf_clock_monotonic_ms();
    int64_t due_ms = status_due_ms(self);
    size_t count = kf_listener_wait(self->listener, items, &due_ms);
    bool resting = now_ms < self->retry_ms;
    if (!draining && !resting) {
        int descriptor = kf_board_follower_descriptor(self->follower);
        items[count++] = (struct kf_poll_item){.descriptor = descriptor, .want_in = true};
        due_ms = self->progress.busy ? now_ms : due_ms;
    }
    if (due_ms - now_ms < *timeout_ms) {
        *timeout_ms = due_ms > now_ms ? due_ms - now_ms : 0;
    }
    return count;
}

/* What is shown would grow old for ever; whoever watches over this process starts it again. */
static enum kf_err refuse_lost_store(const struct kf_board *self, struct kf_error *err)
{
    return kf_error_set(err, KF_ERR_IO,
                        "%s was removed or replaced while it was in use; the next start begins a "
                        "new one and reads the topics anew",
                        self->store_path.bytes);
}

static enum kf_err board_work(void *state, const struct kf_poll_item *items, size_t count,
                              bool draining, struct kf_error *err)
{
    struct kf_board *self = state;
    (void)items;
    (void)count;
    kf_listener_work(self->listener);
    note_phases(self);
    if (!draining && kf_clock_monotonic_ms() >= self->retry_ms) {
        follow(self);
    }
    if (kf_clock_monotonic_ms() >= status_due_ms(self)) {
        tell_status(self);
    }
    return self->lost ? refuse_lost_store(self, err) : KF_OK;
}

static bool board_site(void *state, const struct kf_http_request *request,
                       struct kf_http_answer *answer)
{
    struct kf_board *self = state;
    return kf_site_answer(self->site, request, answer);
}

const struct kf_service_class kf_board_class = {
    .name = "board",
    .key_role = "watcher",
    .purpose = "Shows the stages as they work and what the result topics say of every "
               "municipality, to a browser on this machine. Reads only.",
    .options = kf_board_options,
    .options_len = KF_BOARD_OPTIONS,
    .check = kf_board_options_check,
    .open = board_open,
    .wait = board_wait,
    .work = board_work,
    .close = board_close,
    .site = board_site,
};
