/* The publisher's state, shared by the files that wire it: publish.c (opening, waiting, closing),
 * intake.c (frames in), dispatch.c (jobs out and what came of them), tell.c (for the beat).
 * Internal to this service.
 */
#ifndef KF_PUBLISH_STATE_H
#define KF_PUBLISH_STATE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/base/clock.h"
#include "common/base/text.h"
#include "common/bus/socket.h"
#include "common/service/metrics.h"
#include "common/service/service.h"
#include "services/publish/assembly.h"
#include "services/publish/job.h"
#include "services/publish/lease.h"
#include "services/publish/outbox.h"
#include "services/publish/recent.h"
#include "services/publish/target.h"

enum { ERRORS_RETRIABLE, ERRORS_ABORTABLE, ERRORS_FATAL, ERRORS_UNKNOWN, ERROR_KINDS };

struct kf_publish_metrics {
    struct kf_metric *committed;
    struct kf_metric *rejected;
    struct kf_metric *known;
    struct kf_metric *rows[KF_TOPICS_ALL]; /* NULL for a kind without a topic */
    struct kf_metric *seconds;
    struct kf_metric *errors[ERROR_KINDS];
    struct kf_metric *held_panels;
    struct kf_metric *held_bytes;
    struct kf_metric *dropped;
    struct kf_metric *lease_epoch;
    struct kf_metric *replaced;
};

/* Why nothing can be published at the moment. */
struct kf_publish_trouble {
    bool active;
    int64_t said_ms; /* monotonic, when the log was told last */
    char since[KF_CLOCK_TEXT_SIZE];
    char reason[KF_ERROR_TEXT_MAX];
};

struct kf_publish {
    struct kf_service *service;
    struct kf_socket *input;
    struct kf_socket *receipts;
    struct kf_text received;
    struct kf_assembly *assembly;
    struct kf_outbox *outbox;
    struct kf_recent recent;
    struct kf_publish_metrics metrics;

    struct kf_target target;
    struct kf_lease lease; /* the job's while it runs */
    enum kf_lease_state lease_told;
    struct kf_publication_options publication;
    struct kf_job *job;
    atomic_int stop; /* enum kf_kafka_stop, read by the job's thread */

    struct kf_collected *pending; /* whole, waits for its next attempt */
    int64_t backoff_ms;           /* before the attempt after the next */
    int64_t next_ms;              /* when the next attempt or probe is due, monotonic */
    struct kf_publish_trouble trouble;
    bool reached;           /* Kafka has answered at least once */
    int64_t last_commit_ms; /* wall; 0: none in this life */
    uint64_t releases;      /* ended in this life, and the records they wrote */
    uint64_t rows;
    int64_t idle_since_ms; /* while draining: since when no job runs; 0: one does */
};

/* Takes up to some frames from the input. KF_ERR_AGAIN when none is left. */
enum kf_err kf_publish_intake(struct kf_publish *self, struct kf_error *err);

/* True while a frame may be taken: its receipts have room. */
bool kf_publish_can_take(const struct kf_publish *self);

/* Takes back a job that is done, and tells everybody who has to know. */
void kf_publish_settle(struct kf_publish *self);

/* Says so when the job takes too long. */
void kf_publish_watch(struct kf_publish *self);

/* Starts the job that is due, if any. */
void kf_publish_dispatch(struct kf_publish *self);

/* Adds publish's part to the beat: as `tell` of struct kf_service_class. */
void kf_publish_tell(const void *state, struct kf_status *status);

#endif
