/* A job: one piece of work with Kafka on a thread of its own, so that the service's loop goes on
 * turning. Either a publication or a probe of the brokers.
 *
 * A thread rather than slices of the loop: librdkafka's transaction calls block, and their docs
 * warn against cutting them short more than needed. Thread and loop share nothing that changes but
 * the stop word: everything is handed over at the start and taken back after the join; a pipe wakes
 * the loop when the thread is done.
 */
#ifndef KF_PUBLISH_JOB_H
#define KF_PUBLISH_JOB_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/error.h"
#include "services/publish/assembly.h"
#include "services/publish/kafka.h"
#include "services/publish/publication.h"

struct kf_job;

/* What came of it. */
struct kf_job_outcome {
    enum kf_err code;
    struct kf_error err;          /* unless code is KF_OK */
    struct kf_collected *release; /* what was to be published, back with the caller; or NULL */
    struct kf_publication_result result; /* of a publication that ended well */
    struct kf_kafka_errors errors;
    int64_t took_ms;
};

/* `kafka` and `options` are borrowed for the job's life. NULL when there is no memory or the pipe
 * cannot be made. */
struct kf_job *kf_job_new(const struct kf_kafka_settings *kafka,
                          const struct kf_publication_options *options);

/* Waits for the thread if one runs: set the settings' stop word before. NULL is fine, the pointer
 * is nulled. */
void kf_job_destroy(struct kf_job **self);

/* Starts the publication of `*release`, which is taken over (NULL afterwards), or with a NULL
 * `*release` a probe. One at a time. KF_ERR_IO when no thread can be had; the release stays. */
enum kf_err kf_job_start(struct kf_job *self, struct kf_collected **release, struct kf_error *err);

/* True from the start until the finish. */
bool kf_job_running(const struct kf_job *self);

/* What the job that runs is about: the id of the release, or "" for a probe; and since when it
 * runs, monotonic. */
const char *kf_job_release(const struct kf_job *self);
int64_t kf_job_started_ms(const struct kf_job *self);

/* Readable when the job is done. */
int kf_job_descriptor(const struct kf_job *self);

/* When the job is done: ends the thread and gives the outcome, true. */
bool kf_job_finish(struct kf_job *self, struct kf_job_outcome *outcome);

#endif
