#include "services/publish/publish.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/memory.h"
#include "common/service/broker_options.h"
#include "common/service/meeting.h"
#include "services/publish/state.h"

#define LINGER_MS          1000
#define RECEIPTS_QUEUE_MAX 256
#define RECEIPTS_GRACE_MS  1000

static const struct kf_option options[] = {
    {.name = "input",
     .type = KF_OPTION_ENDPOINT,
     .initial = "",
     .help = "Endpoint to bind and take panels from. When empty: ipc://RUN_DIR/publish-0.in."},
    {.name = "receipts",
     .type = KF_OPTION_ENDPOINTS,
     .initial = "",
     .help =
         "Endpoint of ingest that receipts go to. When empty: ipc://RUN_DIR/ingest-0.receipts."},
    {.name = "queue-max",
     .type = KF_OPTION_WHOLE,
     .initial = "8",
     .minimum = 1,
     .maximum = 1024,
     .help = "Panels queued at the input."},
    KF_BROKER_OPTIONS,
    {.name = "encoding",
     .type = KF_OPTION_CHOICE,
     .initial = "json",
     .choices = "json|protobuf",
     .help = "How the values of records are written."},
    {.name = "transactional-id",
     .type = KF_OPTION_TEXT,
     .initial = "kostraflow-publish",
     .help = "Name of this publisher towards Kafka. Two that run at the same time with the same "
             "name shut each other out, which is right for one pipeline and wrong for two. 1 to "
             "249 bytes."},
    {.name = "transaction-timeout",
     .type = KF_OPTION_DURATION_MS,
     .initial = "120s",
     .minimum = 1000,
     .maximum = 900000,
     .help = "How long a release may take to be written before Kafka gives it up."},
    {.name = "compression",
     .type = KF_OPTION_CHOICE,
     .initial = "lz4",
     .choices = "none|gzip|snappy|lz4|zstd",
     .help = "How batches of records are compressed."},
    {.name = "create-topics",
     .type = KF_OPTION_FLAG,
     .initial = "true",
     .help = "Make topics that are missing, with one partition each: compacted ones for results, "
             "kept for good for manifests and dead letters."},
    {.name = "check-topics",
     .type = KF_OPTION_CHOICE,
     .initial = "strict",
     .choices = "strict|if-allowed|off",
     .help = "Before anything is written, check what the topics are set to (kf topics). strict: "
             "nothing is written to topics that would lose, tear or forget releases, nor to topics "
             "whose settings may not be seen; if-allowed: the latter are trusted; off: all are."},
    {.name = "replication",
     .type = KF_OPTION_WHOLE,
     .initial = "-1",
     .minimum = -1,
     .maximum = 100,
     .help = "Copies of each topic that is made; -1: as the brokers are configured."},
    {.name = "hold-bytes-max",
     .type = KF_OPTION_BYTES,
     .initial = "512M",
     .minimum = 1048576,
     .maximum = INT64_C(17179869184),
     .help =
         "Memory for the panels of a release until it is committed, taken as they come; a release "
         "that "
         "does not fit is rejected. A panel of the whole country with further years is some 3 MB."},
    {.name = "retry-backoff",
     .type = KF_OPTION_DURATION_MS,
     .initial = "500ms",
     .minimum = 10,
     .maximum = 60000,
     .help = "Pause before the next attempt when Kafka fails; doubles up to eightfold."},
};

/* --- metrics --------------------------------------------------------------------------------- */

/* None for the lease: it is no part of any release. */
static const char *const row_labels[KF_TOPICS_ALL] = {
    [KF_TOPIC_NEED] = "topic=\"need\"",
    [KF_TOPIC_RESOURCE_USE] = "topic=\"resource-use\"",
    [KF_TOPIC_DEMOGRAPHY] = "topic=\"demography\"",
    [KF_TOPIC_INDICATOR] = "topic=\"indicator\"",
    [KF_TOPIC_INDEX] = "topic=\"index\"",
    [KF_TOPIC_EFFICIENCY] = "topic=\"efficiency\"",
    [KF_TOPIC_UNIT_COST] = "topic=\"unit-cost\"",
    [KF_TOPIC_STATISTICS] = "topic=\"statistics\"",
    [KF_TOPIC_RELEASE] = "topic=\"release\"",
    [KF_TOPIC_REJECTED] = "topic=\"rejected\"",
};

static const char *const error_labels[ERROR_KINDS] = {
    [ERRORS_RETRIABLE] = "kind=\"retriable\"",
    [ERRORS_ABORTABLE] = "kind=\"abortable\"",
    [ERRORS_FATAL] = "kind=\"fatal\"",
    [ERRORS_UNKNOWN] = "kind=\"unknown\"",
};

static const char releases_help[] = "Releases published, by how they ended.";

static void add_metrics(struct kf_publish *self)
{
    struct kf_metrics *all = kf_service_metrics(self->service);
    struct kf_publish_metrics *own = &self->metrics;

    own->committed = kf_metrics_add(all, "releases_total", KF_METRIC_COUNTER, "state=\"committed\"",
                                    releases_help);
    own->rejected = kf_metrics_add(all, "releases_total", KF_METRIC_COUNTER, "state=\"rejected\"",
                                   releases_help);
    own->known =
        kf_metrics_add(all, "releases_total", KF_METRIC_COUNTER, "state=\"known\"", releases_help);
    for (size_t topic = 0; topic < KF_TOPICS_ALL; topic++) {
        if (self->target.topics.names[topic][0] != '\0' && row_labels[topic] != NULL) {
            own->rows[topic] = kf_metrics_add(all, "rows_published_total", KF_METRIC_COUNTER,
                                              row_labels[topic], "Records committed, by topic.");
        }
    }
    for (size_t kind = 0; kind < ERROR_KINDS; kind++) {
        own->errors[kind] =
            kf_metrics_add(all, "kafka_errors_total", KF_METRIC_COUNTER, error_labels[kind],
                           "Failures of calls to Kafka, by what they demanded.");
    }
    own->seconds = kf_metrics_add(all, "publication_duration_seconds", KF_METRIC_GAUGE, NULL,
                                  "How long the last publication took.");
    own->held_panels = kf_metrics_add(all, "held_panels", KF_METRIC_GAUGE, NULL,
                                      "Panels held until their release is committed.");
    own->held_bytes =
        kf_metrics_add(all, "held_bytes", KF_METRIC_GAUGE, NULL, "Memory of the panels held.");
    own->dropped = kf_metrics_add(all, "releases_dropped_total", KF_METRIC_COUNTER, NULL,
                                  "Incomplete releases that had to make room; sent again.");
    own->lease_epoch = kf_metrics_add(all, "lease_epoch", KF_METRIC_GAUGE, NULL,
                                      "Number of the lease on the topics; 0: not taken, or lost.");
    own->replaced = kf_metrics_add(all, "replaced", KF_METRIC_GAUGE, NULL,
                                   "1 when another publisher has taken over the topics.");
}

/* --- opening --------------------------------------------------------------------------------- */

static enum kf_err open_sockets(struct kf_publish *self, struct kf_error *err)
{
    int64_t queue_max = kf_settings_number(kf_service_settings(self->service), "queue-max");
    const struct kf_meeting receipts = {
        .option = "receipts",
        .service = "ingest",
        .role = "receipts",
        .open = kf_socket_push,
        .limits = {RECEIPTS_QUEUE_MAX, KF_MEETING_PANEL_BYTES_MAX, LINGER_MS, KF_ROLE_INGEST}};
    const struct kf_meeting input = {
        .option = "input",
        .service = "publish",
        .instance = kf_service_instance(self->service),
        .role = "in",
        .open = kf_socket_pull,
        .limits = {(int)queue_max, KF_MEETING_PANEL_BYTES_MAX, LINGER_MS, KF_ROLE_EFFICIENCY}};
    enum kf_err result = kf_service_meet(self->service, &receipts, &self->receipts, err);

    return result == KF_OK ? kf_service_meet(self->service, &input, &self->input, err) : result;
}

static enum kf_err open_kafka(struct kf_publish *self, struct kf_error *err)
{
    const struct kf_settings *settings = kf_service_settings(self->service);

    self->backoff_ms = kf_settings_number(settings, "retry-backoff");
    self->publication.topics = &self->target.topics;
    self->publication.encoding = kf_text_equal(kf_settings_text(settings, "encoding"), "json")
                                     ? KF_ENCODING_JSON
                                     : KF_ENCODING_PROTOBUF;
    enum kf_err result = kf_target_open(&self->target, settings, NULL, err);
    self->target.kafka.stop = &self->stop;
    self->target.kafka.lease = &self->lease;
    return result;
}

/* Who this process is: in its receipts and on the lease. */
static void identify(struct kf_publish *self)
{
    struct kf_lease_holder *own = &self->lease.own;

    (void)snprintf(own->publisher, sizeof own->publisher, "%ld-%" PRId64, (long)getpid(),
                   kf_clock_wall_ms());
    if (gethostname(own->host, sizeof own->host - 1) != 0) {
        own->host[0] = '\0';
    }
    (void)snprintf(own->transactional_id, sizeof own->transactional_id, "%s",
                   self->target.kafka.transactional_id);
}

static enum kf_err open_parts(struct kf_publish *self, struct kf_error *err)
{
    const char *publisher = self->lease.own.publisher;
    int64_t bytes_max = kf_settings_number(kf_service_settings(self->service), "hold-bytes-max");
    const struct kf_receipt started = {.state = KF_RECEIPT_STARTED};

    identify(self);
    self->assembly = kf_assembly_new((size_t)bytes_max);
    self->outbox = kf_outbox_new(self->receipts, publisher, &self->recent);
    self->job = kf_job_new(&self->target.kafka, &self->publication);
    if (self->assembly == NULL || self->outbox == NULL || self->job == NULL) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the publisher");
    }
    kf_outbox_add(self->outbox, &started);
    return KF_OK;
}

/* What is still held is in ingest's ledger: not lost, but worth a line. */
static void say_left(void *context, const struct kf_progress *release)
{
    (void)context;
    kf_log(KF_LOG_INFO, "release-left",
           "release=%s held=%u panels=%u next=\"ingest sends it again\"", release->release,
           release->held, release->panels);
}

static void say_pending_left(const struct kf_collected *pending)
{
    struct kf_progress release = {.held = pending->panels_len, .panels = pending->panels_len};

    (void)snprintf(release.release, sizeof release.release, "%s",
                   kf_collected_release(pending)->id);
    say_left(NULL, &release);
}

static void publish_close(void **state)
{
    struct kf_publish *self = *state;

    atomic_store(&self->stop, KF_KAFKA_ABANDON);
    kf_job_destroy(&self->job);
    if (self->pending != NULL) {
        say_pending_left(self->pending);
    }
    if (self->assembly != NULL) {
        kf_assembly_each(self->assembly, say_left, NULL);
    }
    kf_socket_destroy(&self->input);
    kf_collected_destroy(&self->pending);
    kf_assembly_destroy(&self->assembly);
    kf_outbox_destroy(&self->outbox);
    kf_recent_clear(&self->recent);
    kf_socket_destroy(&self->receipts);
    kf_target_close(&self->target);
    kf_text_clear(&self->received);
    kf_free(self);
    *state = NULL;
}

static enum kf_err publish_open(struct kf_service *service, void **state, struct kf_error *err)
{
    struct kf_publish *self = kf_calloc(1, sizeof *self);

    if (self == NULL) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the publisher");
    }
    self->service = service;
    kf_text_init(&self->received, KF_MEETING_PANEL_BYTES_MAX);
    enum kf_err result = open_kafka(self, err);
    if (result == KF_OK) {
        result = open_sockets(self, err);
    }
    if (result == KF_OK) {
        result = open_parts(self, err);
    }
    if (result != KF_OK) {
        void *unopened = self;
        publish_close(&unopened);
        return result;
    }
    add_metrics(self);
    kf_service_set_state(service, KF_SERVICE_WAITING, "asking for Kafka");
    *state = self;
    return KF_OK;
}

/* --- running --------------------------------------------------------------------------------- */

static size_t publish_wait(void *state, bool draining, struct kf_poll_item *items,
                           int64_t *timeout_ms)
{
    struct kf_publish *self = state;
    int64_t until_next_ms = self->next_ms - kf_clock_monotonic_ms();
    size_t count = 0;

    if (!draining && kf_publish_can_take(self)) {
        items[count++] = (struct kf_poll_item){.socket = self->input, .want_in = true};
    }
    if (kf_outbox_length(self->outbox) > 0) {
        items[count++] = (struct kf_poll_item){.socket = self->receipts, .want_out = true};
    }
    if (kf_job_running(self->job)) {
        items[count++] =
            (struct kf_poll_item){.descriptor = kf_job_descriptor(self->job), .want_in = true};
    } else if (!draining && until_next_ms < *timeout_ms) {
        *timeout_ms = until_next_ms > 0 ? until_next_ms : 0;
    }
    return count;
}

static void start_draining(struct kf_publish *self)
{
    int expected = KF_KAFKA_GO;

    atomic_compare_exchange_strong(&self->stop, &expected, KF_KAFKA_DRAIN);
    if (kf_job_running(self->job)) {
        self->idle_since_ms = 0;
    } else if (self->idle_since_ms == 0) {
        self->idle_since_ms = kf_clock_monotonic_ms();
    }
}

static enum kf_err publish_work(void *state, const struct kf_poll_item *items, size_t count,
                                bool draining, struct kf_error *err)
{
    struct kf_publish *self = state;
    enum kf_err result = KF_OK;

    (void)items;
    (void)count;
    kf_publish_settle(self);
    kf_publish_watch(self);
    if (!draining && kf_publish_can_take(self)) {
        result = kf_publish_intake(self, err);
    }
    if (draining) {
        start_draining(self);
    } else {
        kf_publish_dispatch(self);
    }
    if (result == KF_OK || result == KF_ERR_AGAIN) {
        result = kf_outbox_send(self->outbox, err);
    }
    return result;
}

/* A release being committed is finished. Receipts that nobody takes are no reason to stay: ingest
 * asks again. */
static bool publish_drained(const void *state)
{
    const struct kf_publish *self = state;

    if (kf_job_running(self->job)) {
        return false;
    }
    return kf_outbox_length(self->outbox) == 0 ||
           (self->idle_since_ms != 0 &&
            kf_clock_monotonic_ms() - self->idle_since_ms >= RECEIPTS_GRACE_MS);
}

/* --check-config: all that can be told without asking Kafka. */
static enum kf_err publish_check(const struct kf_settings *settings, struct kf_findings *findings,
                                 struct kf_error *err)
{
    struct kf_target target = {.operators = NULL};
    enum kf_err result = kf_target_open(&target, settings, findings, err);

    kf_target_close(&target);
    return result;
}

const struct kf_service_class kf_publish_class = {
    .name = "publish",
    .purpose = "Collects the panels of a release and commits them to Kafka in one transaction, so "
               "that readers see the release whole and once.",
    .options = options,
    .options_len = sizeof options / sizeof options[0],
    .check = publish_check,
    .open = publish_open,
    .wait = publish_wait,
    .work = publish_work,
    .drained = publish_drained,
    .tell = kf_publish_tell,
    .close = publish_close,
};
