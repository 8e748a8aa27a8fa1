/* Status beats, between the model and bytes: a service's pulse, lossy by design.
 *
 * A beat tells the whole of what its service has to tell, so that one that got lost is made good by
 * the next. What only ingest and publish can tell lies in parts of its own: a beat of another
 * service, or of an older program, has none.
 */
#ifndef KF_CODEC_STATUS_H
#define KF_CODEC_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/text.h"
#include "common/codec/envelope.h"
#include "common/codec/receipt.h"

/* All times are milliseconds since 1970; 0: not yet, or not known. */

enum kf_service_state {
    KF_SERVICE_STARTING = 1,
    KF_SERVICE_READY,
    KF_SERVICE_WAITING, /* alive, but waiting for what `detail` names */
    KF_SERVICE_DRAINING,
};

#define KF_STATUS_DETAIL_SIZE 640 /* as long as an error and since when */
#define KF_STATUS_HELD_MAX    16
#define KF_STATUS_PHASES_MAX  8
#define KF_STATUS_TITLE_SIZE  256

/* A release that waits for a person's approval. */
struct kf_status_held {
    char release[KF_RELEASE_ID_SIZE];
    char input[KF_STATUS_TITLE_SIZE]; /* what it was made from */
    int64_t since_ms;
    char reason[KF_REASON_SIZE];
};

/* How far a release has come, and when. */
struct kf_phases {
    char release[KF_RELEASE_ID_SIZE];
    int64_t discovered_ms;
    int64_t recorded_ms;  /* read, checked, and written to the ledger */
    int64_t sent_ms;      /* its first panel went out */
    int64_t held_ms;      /* all panels computed, and held by publish */
    int64_t committed_ms; /* its receipt came: committed, or rejected */
    uint32_t attempts;    /* how often it was opened for sending */
};

/* What only ingest tells. */
struct kf_status_ingest {
    uint32_t window;               /* panels that may be on their way at the same time */
    uint32_t in_flight;            /* panels of the open release that are */
    uint32_t waiting;              /* those that have not been sent, or must be sent again */
    uint32_t held_by_publish;      /* those that publish has */
    uint32_t releases_open;        /* neither committed nor rejected nor held for approval */
    int64_t oldest_unreceipted_ms; /* when the oldest of these was discovered */
    uint32_t held_total;           /* releases held for approval; `held` has the newest */
    size_t held_len;
    struct kf_status_held held[KF_STATUS_HELD_MAX];
    int64_t next_publication_ms; /* the calendar's next event; 0: none is known */
    char next_publication[KF_STATUS_TITLE_SIZE];
    size_t phases_len;
    struct kf_phases phases[KF_STATUS_PHASES_MAX]; /* newest first */
};

/* How publish stands with Kafka. */
enum kf_status_kafka {
    KF_STATUS_KAFKA_CONNECTING = 1, /* asked for the first time, no answer yet */
    KF_STATUS_KAFKA_CONNECTED,
    KF_STATUS_KAFKA_PUBLISHING, /* a release is being written */
    KF_STATUS_KAFKA_LOST,       /* it failed, and is tried again */
    KF_STATUS_KAFKA_REPLACED,   /* another publisher has taken over the topics */
};

/* What only publish tells; counts are since it started. */
struct kf_status_publish {
    enum kf_status_kafka kafka;
    char detail[KF_STATUS_DETAIL_SIZE];
    int64_t last_commit_ms;
    uint64_t releases;
    uint64_t rows;
};

struct kf_status {
    char service[32];
    uint32_t instance;
    int64_t pid;
    enum kf_service_state state;
    char detail[KF_STATUS_DETAIL_SIZE];
    uint64_t panels_in;
    uint64_t panels_out;
    uint64_t panels_rejected;
    uint64_t frames_refused;
    char release[KF_RELEASE_ID_SIZE]; /* the newest seen, or "" */
    uint32_t in_progress;
    int64_t time_ms;
    int64_t since_ms; /* since when it is in this state */
    bool has_ingest;
    bool has_publish;
    struct kf_status_ingest ingest;
    struct kf_status_publish publish;
};

/* Appends the packed beat to `bytes`. KF_ERR_INTERNAL when it has no state. Texts that are not
 * UTF-8 are cleaned; a part that it does not have is left out. */
enum kf_err kf_status_pack(const struct kf_status *self, struct kf_text *bytes,
                           struct kf_error *err);

/* KF_ERR_DATA when the bytes are no valid beat. Texts that are too long are cut, lists too. What a
 * newer program added is passed over; a state of Kafka that is unknown here leaves publish's part
 * out. */
enum kf_err kf_status_unpack(const void *bytes, size_t length, struct kf_status *status,
                             struct kf_error *err);

#endif
