#include "services/ingest/ingest.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/crash.h"
#include "common/base/log.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/codec/envelope.h"
#include "common/model/catalogue.h"
#include "common/service/meeting.h"
#include "services/ingest/inbox/inbox.h"
#include "services/ingest/ingest_options.h"
#include "services/ingest/input_report.h"
#include "services/ingest/intake.h"
#include "services/ingest/ledger/ledger.h"
#include "services/ingest/places.h"
#include "services/ingest/retry.h"
#include "services/ingest/send/sender.h"
#include "services/ingest/teller.h"
#include "services/ingest/watch/watch.h"
#include "services/ingest/watch/watch_settings.h"
#include "services/ingest/wishes.h"

#define LINGER_MS          200
#define RECEIPTS_QUEUE_MAX 4096
#define RESCAN_MS          5000
#define RETRY_MS           5000 /* an input that this machine could not take */
#define WATCH_ITEMS_MAX    8
#define OPEN_RELEASES_MAX  100 /* in the ledger; more inputs wait in the inbox */

struct ingest {
    struct kf_service *service;
    struct kf_places places;
    struct kf_catalogue *catalogue;
    struct kf_table_maps *maps;
    struct kf_ledger *ledger;
    struct kf_inbox *inbox;
    struct kf_socket *output;
    struct kf_socket *receipts;
    struct kf_sender *sender;
    struct kf_teller *teller;
    struct kf_intake_options intake;
    struct kf_ledger_totals totals;
    uint64_t totals_at; /* changes of the sender that they include */
    bool totals_stale;
    struct kf_wishes wishes;
    struct kf_retry retry;
    struct kf_day day;
    struct kf_watch *watch;                /* NULL: nothing is watched */
    char inbox_trouble[KF_ERROR_TEXT_MAX]; /* "" when all is well */
    int64_t inbox_trouble_until_ms;        /* it is over when it has not come again by then */
    struct kf_metric *releases[KF_LEDGER_STATES];
    struct kf_metric *oldest_age;
    struct kf_metric *state_free;
    struct kf_metric *inputs;
    struct kf_metric *inputs_rejected;
};

/* --- opening ------------------------------------------------------------------------------- */

static void log_finding(const struct kf_finding *finding)
{
    char problem[KF_LOG_QUOTED_SIZE];
    char remedy[KF_LOG_QUOTED_SIZE];
    kf_log(KF_LOG_ERROR, "edition-fault", "file=%s line=%" PRIu64 " problem=%s remedy=%s",
           finding->file, finding->line, kf_log_quote(finding->problem, problem),
           kf_log_quote(finding->remedy, remedy));
}

/* --check-config: the editions folder, all faults at once. */
static enum kf_err check(const struct kf_settings *settings, struct kf_findings *findings,
                         struct kf_error *err)
{
    struct kf_catalogue *catalogue = NULL;
    struct kf_places places;
    enum kf_err code =
        kf_catalogue_read(kf_settings_text(settings, "editions"), &catalogue, findings, err);
    if (code == KF_OK) {
        code = kf_watch_check(settings, catalogue, findings, err);
    }
    kf_catalogue_destroy(&catalogue);
    return code == KF_OK ? kf_places_find(settings, &places, err) : code;
}

/* Opens what may have faults to tell of, and logs them. */
static enum kf_err with_findings(struct ingest *self,
                                 enum kf_err (*open)(struct ingest *, struct kf_findings *,
                                                     struct kf_error *),
                                 struct kf_error *err)
{
    struct kf_findings *findings = kf_malloc(sizeof *findings);
    if (!findings) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for findings");
    }
    kf_findings_init(findings);
    enum kf_err code = open(self, findings, err);
    for (size_t i = 0; i < findings->length; i++) {
        log_finding(&findings->list[i]);
    }
    kf_findings_clear(findings);
    kf_free(findings);
    return code;
}

static enum kf_err open_catalogue_with(struct ingest *self, struct kf_findings *findings,
                                       struct kf_error *err)
{
    const char *folder = kf_settings_text(kf_service_settings(self->service), "editions");
    enum kf_err code = kf_catalogue_read(folder, &self->catalogue, findings, err);
    return code == KF_OK ? kf_table_maps_read(folder, self->catalogue, &self->maps, findings, err)
                         : code;
}

static enum kf_err open_catalogue(struct ingest *self, struct kf_error *err)
{
    return with_findings(self, open_catalogue_with, err);
}

/* The folder of the ledger, when it is not the state folder. */
static enum kf_err make_folder_of(const char *path, struct kf_error *err)
{
    char folder[KF_DISK_PATH_MAX];
    (void)snprintf(folder, sizeof folder, "%s", path);
    char *slash = strrchr(folder, '/');
    if (!slash || slash == folder) {
        return KF_OK;
    }
    *slash = '\0';
    return kf_disk_make_folder(folder, err);
}

static enum kf_err open_ledger(struct ingest *self, struct kf_error *err)
{
    enum kf_err code = make_folder_of(self->places.ledger, err);
    if (code == KF_OK) {
        code = kf_ledger_open(self->places.ledger, &self->ledger, err);
    }
    if (code == KF_OK) {
        code = kf_ledger_totals(self->ledger, &self->totals, err);
    }
    return code;
}

static enum kf_err open_inbox(struct ingest *self, struct kf_error *err)
{
    const struct kf_inbox_options options = {
        .inbox = self->places.inbox,
        .done = self->places.done,
        .rejected = self->places.rejected,
        .settle_ms = kf_settings_number(kf_service_settings(self->service), "settle"),
        .rescan_ms = RESCAN_MS,
    };
    return kf_inbox_open(&options, &self->inbox, err);
}

static uint32_t window_of(const struct ingest *self)
{
    return (uint32_t)kf_settings_number(kf_service_settings(self->service), "window");
}

static enum kf_err open_output(struct ingest *self, struct kf_error *err)
{
    const struct kf_meeting output = {
        .option = "output",
        .service = "need",
        .role = "in",
        .open = kf_socket_push,
        .limits = {(int)window_of(self), KF_MEETING_PANEL_BYTES_MAX, LINGER_MS, KF_ROLE_NEED}};
    return kf_service_meet(self->service, &output, &self->output, err);
}

static enum kf_err open_receipts(struct ingest *self, struct kf_error *err)
{
    const struct kf_meeting receipts = {
        .option = "receipts",
        .service = "ingest",
        .instance = kf_service_instance(self->service),
        .role = "receipts",
        .open = kf_socket_pull,
        .limits = {RECEIPTS_QUEUE_MAX, KF_RECEIPT_BYTES_MAX, LINGER_MS, KF_ROLE_PUBLISH}};
    return kf_service_meet(self->service, &receipts, &self->receipts, err);
}

static enum kf_err open_sender(struct ingest *self, struct kf_error *err)
{
    const struct kf_settings *settings = kf_service_settings(self->service);
    const struct kf_sender_options options = {
        .service = self->service,
        .ledger = self->ledger,
        .output = self->output,
        .receipts = self->receipts,
        .dispatch = kf_dispatch_options_usual(window_of(self),
                                              kf_settings_number(settings, "redelivery-timeout")),
        .keep_releases = (uint32_t)kf_settings_number(settings, "keep-releases"),
    };
    return kf_sender_new(&options, &self->sender, err);
}

static int64_t held_ms(const void *sender, const char *release)
{
    return kf_sender_held_ms(sender, release);
}

static enum kf_err open_teller(struct ingest *self, struct kf_error *err)
{
    const struct kf_settings *settings = kf_service_settings(self->service);
    const struct kf_teller_options options = {
        .ledger = self->ledger,
        .held_ms = held_ms,
        .sender = self->sender,
        .day = &self->day,
        .editions = kf_settings_text(settings, "editions"),
        .window = window_of(self),
    };
    enum kf_err code = kf_watch_day(settings, &self->day, err);
    if (code == KF_OK) {
        code = kf_teller_open(&options, &self->teller, err);
    }
    return code == KF_OK ? kf_teller_refresh(self->teller, &self->totals, err) : code;
}

static enum kf_err open_watch_with(struct ingest *self, struct kf_findings *findings,
                                   struct kf_error *err)
{
    const struct kf_settings *settings = kf_service_settings(self->service);
    struct kf_watch_options options = {
        .store = self->places.observations,
        .catalogue = self->catalogue,
        .maps = self->maps,
        .record = {.ledger = self->ledger, .breaker = kf_ingest_breaker_limits(settings)},
        .metrics = kf_service_metrics(self->service),
    };
    kf_watch_take_settings(settings, &self->day, &options);
    enum kf_err code = make_folder_of(self->places.observations, err);
    return code == KF_OK ? kf_watch_open(&options, &self->watch, findings, err) : code;
}

static enum kf_err open_watch(struct ingest *self, struct kf_error *err)
{
    bool on = kf_watch_is_on(kf_service_settings(self->service));
    return on ? with_findings(self, open_watch_with, err) : KF_OK;
}

static void set_intake(struct ingest *self)
{
    const struct kf_settings *settings = kf_service_settings(self->service);
    self->intake = (struct kf_intake_options){
        .catalogue = self->catalogue,
        .maps = self->maps,
        .ledger = self->ledger,
        .line_bytes_max = (size_t)kf_settings_number(settings, "line-bytes-max"),
        .file_bytes_max = (uint64_t)kf_settings_number(settings, "file-bytes-max"),
        .rows_max = (size_t)kf_settings_number(settings, "rows-max"),
        .breaker = kf_ingest_breaker_limits(settings),
    };
}

static void add_metrics(struct ingest *self)
{
    static const char *const labels[KF_LEDGER_STATES] = {
        [KF_LEDGER_DISCOVERED] = "state=\"discovered\"",
        [KF_LEDGER_COMPLETE] = "state=\"complete\"",
        [KF_LEDGER_HELD] = "state=\"held\"",
        [KF_LEDGER_SENT] = "state=\"sent\"",
        [KF_LEDGER_COMMITTED] = "state=\"committed\"",
        [KF_LEDGER_REJECTED] = "state=\"rejected\"",
    };
    struct kf_metrics *metrics = kf_service_metrics(self->service);
    for (int i = KF_LEDGER_DISCOVERED; i < KF_LEDGER_STATES; i++) {
        self->releases[i] = kf_metrics_add(metrics, "ledger_releases", KF_METRIC_GAUGE, labels[i],
                                           "Releases in the ledger.");
    }
    self->oldest_age =
        kf_metrics_add(metrics, "oldest_unreceipted_release_age_seconds", KF_METRIC_GAUGE, NULL,
                       "Age of the oldest release that is neither committed nor "
                       "rejected; 0 when there is none.");
    self->state_free = kf_metrics_add(metrics, "state_free_bytes", KF_METRIC_GAUGE, NULL,
                                      "Room left where the ledger is written.");
    self->inputs = kf_metrics_add(metrics, "inputs_total", KF_METRIC_COUNTER, NULL,
                                  "Inputs taken from the inbox.");
    self->inputs_rejected = kf_metrics_add(metrics, "inputs_rejected_total", KF_METRIC_COUNTER,
                                           NULL, "Inputs of which nothing could be used.");
}

static void log_open(const struct ingest *self)
{
    const uint64_t *releases = self->totals.releases;
    uint64_t open = releases[KF_LEDGER_COMPLETE] + releases[KF_LEDGER_SENT];
    char inbox[KF_LOG_QUOTED_SIZE];
    char ledger[KF_LOG_QUOTED_SIZE];
    kf_log(KF_LOG_INFO, "ledger-opened",
           "open=%" PRIu64 " committed=%" PRIu64 " rejected=%" PRIu64 " ledger=%s inbox=%s "
           "editions=%zu",
           open, releases[KF_LEDGER_COMMITTED], releases[KF_LEDGER_REJECTED],
           kf_log_quote(self->places.ledger, ledger), kf_log_quote(self->places.inbox, inbox),
           self->catalogue->editions_len);
}

static void ingest_close(void **state)
{
    struct ingest *self = *state;
    kf_teller_close(&self->teller);
    kf_sender_destroy(&self->sender);
    kf_socket_destroy(&self->receipts);
    kf_socket_destroy(&self->output);
    kf_inbox_destroy(&self->inbox);
    kf_watch_close(&self->watch);
    kf_ledger_close(&self->ledger);
    kf_table_maps_destroy(&self->maps);
    kf_catalogue_destroy(&self->catalogue);
    kf_free(self);
    *state = NULL;
}

static enum kf_err find_places(struct ingest *self, struct kf_error *err)
{
    return kf_places_find(kf_service_settings(self->service), &self->places, err);
}

/* What is opened, in this order. */
static enum kf_err (*const openers[])(struct ingest *, struct kf_error *) = {
    find_places, open_catalogue, open_ledger, open_output, open_receipts,
    open_sender, open_teller,    open_watch,  open_inbox,
};

static enum kf_err ingest_open(struct kf_service *service, void **state, struct kf_error *err)
{
    struct ingest *self = kf_calloc(1, sizeof *self);
    if (!self) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the service");
    }
    self->service = service;
    self->totals_stale = true;
    enum kf_err code = KF_OK;
    for (size_t i = 0; code == KF_OK && i < sizeof openers / sizeof openers[0]; i++) {
        code = openers[i](self, err);
    }
    if (code != KF_OK) {
        void *unopened = self;
        ingest_close(&unopened);
        return code;
    }
    set_intake(self);
    self->retry = (struct kf_retry){self->ledger, self->inbox, self->watch};
    self->wishes = (struct kf_wishes){
        .ledger = self->ledger, .retry = kf_retry, .retry_context = &self->retry, .left = true};
    add_metrics(self);
    log_open(self);
    *state = self;
    return KF_OK;
}

/* --- inputs -------------------------------------------------------------------------------- */

/* A candidate as the intake's question sees it. */
struct question {
    const struct kf_inbox *inbox;
    const struct kf_inbox_candidate *candidate;
};

static bool is_unchanged(void *context)
{
    const struct question *question = context;
    return kf_inbox_unchanged(question->inbox, question->candidate);
}

static void count_taken(struct ingest *self, const struct kf_intake_result *result)
{
    kf_metric_increase(self->inputs, 1);
    if (result->refused) {
        kf_metric_increase(self->inputs_rejected, 1);
    }
    for (uint32_t i = 0; !result->known && i < result->panels; i++) {
        kf_service_count_in(self->service);
        if (i < result->panels_rejected) {
            kf_service_count_rejected(self->service);
        }
    }
}

/* A retry looks there. When it cannot be noted, it looks for the input's own name. */
static void note_moved(struct ingest *self, const char *release, bool rejected, const char *moved)
{
    char place[KF_DISK_PATH_MAX];
    (void)snprintf(place, sizeof place, "%s%.255s", rejected ? KF_INBOX_REJECTED : KF_INBOX_DONE,
                   kf_text_file_name(moved));
    (void)kf_ledger_mark_moved(self->ledger, release, place, NULL);
}

/* The release is in the ledger; the input may leave the inbox. */
static enum kf_err move_away(struct ingest *self, const struct kf_inbox_candidate *candidate,
                             const struct kf_intake_result *result, struct kf_error *err)
{
    char moved[KF_DISK_PATH_MAX];
    bool rejected = result->refused || (result->known && result->state == KF_LEDGER_REJECTED);
    const char *report = result->report.bytes;
    if (rejected && report[0] == '\0') {
        report = "This input was rejected when it was given before, and a release is judged once; "
                 "kf releases show tells why.\n";
    }
    enum kf_err code = kf_inbox_finish(self->inbox, candidate, rejected, report, moved, err);
    if (code == KF_OK) {
        KF_CRASH_POINT("ingest.moved");
        note_moved(self, result->release, rejected, moved);
        kf_input_report(candidate, result, moved);
        kf_input_warn_if_superseded(self->ledger, result);
        count_taken(self, result);
    }
    return code;
}

static enum kf_err take_candidate(struct ingest *self, const struct kf_inbox_candidate *candidate,
                                  struct kf_error *err)
{
    struct question question = {.inbox = self->inbox, .candidate = candidate};
    const struct kf_intake_input input = {
        .name = candidate->name,
        .files = candidate->files,
        .files_len = candidate->files_len,
        .vintage = "unspecified",
        .refusal = candidate->refusal,
        .remedy = candidate->remedy,
        .unchanged = is_unchanged,
        .unchanged_context = &question,
    };
    struct kf_intake_result result;
    KF_CRASH_POINT("ingest.taking");
    enum kf_err code = kf_intake_take(&self->intake, &input, kf_clock_wall_ms(), &result, err);
    if (code != KF_OK) {
        return code;
    }
    self->totals_stale = true;
    kf_sender_wake(self->sender);
    code = move_away(self, candidate, &result, err);
    if (code == KF_ERR_AGAIN) {
        kf_log(KF_LOG_WARN, "input-replaced", "release=%s %s", result.release,
               "what stands in its place is taken as an input of its own");
    }
    kf_intake_result_clear(&result);
    return code;
}

/* What this machine could not do now is tried again; what waiting cannot mend ends the service. */
static enum kf_err after_failure(struct ingest *self, const struct kf_error *why, int64_t now_ms,
                                 struct kf_error *err)
{
    if (why->disposition == KF_FATAL && why->code != KF_ERR_MEMORY && why->code != KF_ERR_CONFIG) {
        return kf_error_set(err, why->code, "%s", why->text);
    }
    self->inbox_trouble_until_ms = now_ms + 2 * RETRY_MS;
    if (strcmp(self->inbox_trouble, why->text) != 0) {
        char quoted[KF_LOG_QUOTED_SIZE];
        kf_log(KF_LOG_ERROR, "inbox-trouble", "reason=%s", kf_log_quote(why->text, quoted));
        (void)snprintf(self->inbox_trouble, sizeof self->inbox_trouble, "%s", why->text);
    }
    return KF_OK;
}

/* Takes one candidate, if one is ready. */
static enum kf_err take_input(struct ingest *self, int64_t now_ms, struct kf_error *err)
{
    struct kf_inbox_candidate *candidate = NULL;
    struct kf_error why;
    enum kf_err code = kf_inbox_scan(self->inbox, now_ms, &why);
    if (code == KF_OK) {
        code = kf_inbox_next(self->inbox, now_ms, &candidate, &why);
        if (code == KF_ERR_AGAIN) {
            return KF_OK;
        }
    }
    if (code == KF_OK) {
        code = take_candidate(self, candidate, &why);
    }
    if (code != KF_OK && candidate) {
        kf_inbox_postpone(self->inbox, candidate, now_ms + RETRY_MS);
    }
    kf_inbox_candidate_destroy(&candidate);
    return code == KF_OK || code == KF_ERR_AGAIN ? KF_OK : after_failure(self, &why, now_ms, err);
}

/* True while the ledger has room for more: its open releases are bounded, inputs wait outside. */
static bool has_room(const struct ingest *self)
{
    const uint64_t *releases = self->totals.releases;
    return releases[KF_LEDGER_COMPLETE] + releases[KF_LEDGER_SENT] < OPEN_RELEASES_MAX;
}

/* Carries out what people asked for. A ledger that cannot be written now is tried again. */
static enum kf_err grant_wishes(struct ingest *self, int64_t now_ms, struct kf_error *err)
{
    struct kf_error why;
    size_t granted = 0;
    enum kf_err code = kf_wishes_work(&self->wishes, now_ms, &granted, &why);
    if (granted > 0) {
        self->totals_stale = true;
        kf_sender_wake(self->sender);
    }
    return code == KF_OK ? KF_OK : after_failure(self, &why, now_ms, err);
}

/* One turn of the watch, if there is one. */
static enum kf_err turn_watch(struct ingest *self, struct kf_error *err)
{
    bool recorded = false;
    enum kf_err code = self->watch ? kf_watch_work(self->watch, &recorded, err) : KF_OK;
    if (recorded) {
        self->totals_stale = true;
        kf_sender_wake(self->sender);
    }
    return code;
}

/* --- showing ------------------------------------------------------------------------------- */

static enum kf_err refresh_totals(struct ingest *self, struct kf_error *err)
{
    if (!self->totals_stale && self->totals_at == kf_sender_changes(self->sender)) {
        return KF_OK;
    }
    enum kf_err code = kf_ledger_totals(self->ledger, &self->totals, err);
    if (code == KF_OK) {
        code = kf_teller_refresh(self->teller, &self->totals, err);
    }
    if (code != KF_OK) {
        return code == KF_ERR_DATA ? code : KF_OK; /* the next turn reads them */
    }
    self->totals_stale = false;
    self->totals_at = kf_sender_changes(self->sender);
    for (int i = KF_LEDGER_DISCOVERED; i < KF_LEDGER_STATES; i++) {
        kf_metric_set(self->releases[i], (double)self->totals.releases[i]);
    }
    kf_service_succeeded_at(self->service, self->totals.newest_committed_ms);
    return KF_OK;
}

static void show(struct ingest *self, int64_t now_ms)
{
    int64_t oldest_ms = self->totals.oldest_open_ms;
    int64_t age_ms = oldest_ms > 0 ? kf_clock_wall_ms() - oldest_ms : 0;
    kf_metric_set(self->oldest_age, age_ms > 0 ? (double)age_ms / 1000 : 0);
    kf_metric_set(self->state_free, (double)kf_disk_free_bytes(self->places.state));
    if (now_ms >= self->inbox_trouble_until_ms) {
        self->inbox_trouble[0] = '\0';
    }
    const char *trouble = kf_sender_trouble(self->sender, now_ms);
    if (!trouble && self->inbox_trouble[0] != '\0') {
        trouble = self->inbox_trouble;
    }
    const char *watched = self->watch ? kf_watch_detail(self->watch) : "";
    kf_service_set_state(self->service, trouble ? KF_SERVICE_WAITING : KF_SERVICE_READY,
                         trouble ? trouble : watched);
}

/* --- the service --------------------------------------------------------------------------- */

static size_t ingest_wait(void *state, bool draining, struct kf_poll_item *items,
                          int64_t *timeout_ms)
{
    struct ingest *self = state;
    int64_t now_ms = kf_clock_monotonic_ms();
    int64_t deadline_ms = INT64_MAX;
    size_t count = kf_sender_wait(self->sender, items, &deadline_ms);
    if (!draining && self->wishes.at_ms < deadline_ms) {
        deadline_ms = self->wishes.at_ms;
    }
    if (!draining && has_room(self) && self->watch) {
        count += kf_watch_wait(self->watch, items + count, WATCH_ITEMS_MAX, &deadline_ms);
    }
    if (!draining && has_room(self)) {
        int64_t scan_ms = kf_inbox_deadline_ms(self->inbox);
        deadline_ms = scan_ms < deadline_ms ? scan_ms : deadline_ms;
        if (kf_inbox_descriptor(self->inbox) >= 0) {
            items[count++] = (struct kf_poll_item){.descriptor = kf_inbox_descriptor(self->inbox),
                                                   .want_in = true};
        }
    }
    int64_t wait_ms = deadline_ms > now_ms ? deadline_ms - now_ms : 0;
    if (deadline_ms != INT64_MAX && wait_ms < *timeout_ms) {
        *timeout_ms = wait_ms;
    }
    return count;
}

static enum kf_err ingest_work(void *state, const struct kf_poll_item *items, size_t count,
                               bool draining, struct kf_error *err)
{
    struct ingest *self = state;
    int64_t now_ms = kf_clock_monotonic_ms();
    (void)items;
    (void)count;
    enum kf_err code = kf_sender_work(self->sender, !draining, now_ms, err);
    if (code == KF_OK && !draining) {
        code = grant_wishes(self, now_ms, err);
    }
    if (code == KF_OK && !draining && has_room(self)) {
        code = turn_watch(self, err);
    }
    if (code == KF_OK && !draining && has_room(self)) {
        kf_inbox_notice(self->inbox, now_ms);
        code = take_input(self, now_ms, err);
    }
    if (code == KF_OK) {
        code = refresh_totals(self, err);
    }
    show(self, now_ms);
    return code;
}

/* The open release is finished, or nothing of it is on its way; the rest can wait for the next
 * start. Nothing is ever lost by leaving earlier: the ledger has it. */
static bool ingest_drained(const void *state)
{
    const struct ingest *self = state;
    return !kf_sender_is_busy(self->sender);
}

static void ingest_tell(const void *state, struct kf_status *status)
{
    const struct ingest *self = state;
    const struct kf_dispatch_counts counts = kf_sender_counts(self->sender);
    kf_teller_tell(self->teller, &counts, status);
}

const struct kf_service_class kf_ingest_service = {
    .name = "ingest",
    .purpose = "Turns files of observations from a watched folder into releases, keeps them in a "
               "ledger, and sends their panels until the publisher says that they are on the "
               "topics.",
    .options = kf_ingest_options,
    .options_len = KF_INGEST_OPTIONS,
    .check = check,
    .open = ingest_open,
    .wait = ingest_wait,
    .work = ingest_work,
    .drained = ingest_drained,
    .tell = ingest_tell,
    .close = ingest_close,
};
