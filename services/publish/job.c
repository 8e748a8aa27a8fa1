#include "services/publish/job.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/crash.h"
#include "common/base/memory.h"

struct kf_job {
    const struct kf_kafka_settings *kafka;
    const struct kf_publication_options *options;
    int done[2]; /* a byte comes through when the thread is done */
    bool running;
    int64_t started_ms;
    char release[KF_RELEASE_ID_SIZE];
    pthread_t thread;
    struct kf_kafka *session; /* the thread's */
    struct kf_job_outcome outcome;
};

/* --- on the thread --------------------------------------------------------------------------- */

static enum kf_err call_open(void *context, struct kf_error *err)
{
    struct kf_job *self = context;

    return kf_kafka_open(self->kafka, &self->outcome.errors, &self->session, err);
}

static enum kf_err call_look(void *context, const char *release, struct kf_former *former,
                             struct kf_kafka_found *found, struct kf_error *err)
{
    struct kf_job *self = context;

    return kf_kafka_look(self->session, release, former, found, err);
}

static enum kf_err call_read_keys(void *context, size_t topic, const struct kf_key_visitor *visitor,
                                  struct kf_error *err)
{
    struct kf_job *self = context;

    KF_CRASH_POINT("publish.reading-keys");
    return kf_kafka_read_keys(self->session, topic, visitor, err);
}

static enum kf_err call_begin(void *context, struct kf_error *err)
{
    struct kf_job *self = context;

    return kf_kafka_begin(self->session, err);
}

static enum kf_err call_produce(void *context, const struct kf_record *record, struct kf_error *err)
{
    struct kf_job *self = context;
    enum kf_err result = kf_kafka_produce(self->session, record, err);

    if (result == KF_OK && record->value == NULL) {
        KF_CRASH_POINT("publish.withdrawn");
    }
    return result;
}

static enum kf_err call_commit(void *context, struct kf_error *err)
{
    struct kf_job *self = context;

    return kf_kafka_commit(self->session, err);
}

static bool call_refused(void *context, uint32_t *panel)
{
    struct kf_job *self = context;

    return kf_kafka_refused(self->session, panel);
}

static void call_abort(void *context)
{
    struct kf_job *self = context;

    kf_kafka_abort(self->session);
}

static void call_close(void *context)
{
    struct kf_job *self = context;

    kf_kafka_destroy(&self->session);
}

static const struct kf_publication_calls calls = {
    .open = call_open,
    .look = call_look,
    .read_keys = call_read_keys,
    .begin = call_begin,
    .produce = call_produce,
    .commit = call_commit,
    .refused = call_refused,
    .abort = call_abort,
    .close = call_close,
};

static void work(struct kf_job *self)
{
    struct kf_job_outcome *outcome = &self->outcome;
    int64_t start_ms = kf_clock_monotonic_ms();

    if (outcome->release == NULL) {
        outcome->code = kf_kafka_probe(self->kafka, &outcome->err);
    } else {
        outcome->code = kf_publication_run(&calls, self, outcome->release, self->options,
                                           &outcome->result, &outcome->err);
    }
    outcome->took_ms = kf_clock_monotonic_ms() - start_ms;
}

static void *run(void *argument)
{
    struct kf_job *self = argument;
    ssize_t written;

    work(self);
    do {
        written = write(self->done[1], "", 1);
    } while (written < 0 && errno == EINTR);
    return NULL;
}

/* --- on the loop ----------------------------------------------------------------------------- */

struct kf_job *kf_job_new(const struct kf_kafka_settings *kafka,
                          const struct kf_publication_options *options)
{
    struct kf_job *self = kf_calloc(1, sizeof *self);

    if (self == NULL) {
        return NULL;
    }
    self->kafka = kafka;
    self->options = options;
    if (pipe(self->done) != 0) {
        kf_free(self);
        return NULL;
    }
    for (size_t i = 0; i < 2; i++) {
        fcntl(self->done[i], F_SETFD, FD_CLOEXEC);
    }
    fcntl(self->done[0], F_SETFL, O_NONBLOCK);
    return self;
}

void kf_job_destroy(struct kf_job **self)
{
    if (*self == NULL) {
        return;
    }
    if ((*self)->running) {
        pthread_join((*self)->thread, NULL);
        kf_collected_destroy(&(*self)->outcome.release);
    }
    close((*self)->done[0]);
    close((*self)->done[1]);
    kf_free(*self);
    *self = NULL;
}

/* Signals are the loop's: the thread and those of the library, which inherit, get none. */
static int start_thread(struct kf_job *self)
{
    sigset_t all;
    sigset_t before;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failure = pthread_create(&self->thread, NULL, run, self);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failure;
}

enum kf_err kf_job_start(struct kf_job *self, struct kf_collected **release, struct kf_error *err)
{
    self->outcome = (struct kf_job_outcome){.release = *release};
    memset(self->release, 0, sizeof self->release);
    if (*release != NULL) {
        memcpy(self->release, kf_collected_release(*release)->id, sizeof self->release);
    }
    int failure = start_thread(self);
    if (failure != 0) {
        self->outcome.release = NULL;
        return kf_error_set_errno(err, KF_ERR_IO, failure, "no thread for the work with Kafka");
    }
    self->running = true;
    self->started_ms = kf_clock_monotonic_ms();
    *release = NULL;
    return KF_OK;
}

bool kf_job_running(const struct kf_job *self)
{
    return self->running;
}

const char *kf_job_release(const struct kf_job *self)
{
    return self->release;
}

int64_t kf_job_started_ms(const struct kf_job *self)
{
    return self->started_ms;
}

int kf_job_descriptor(const struct kf_job *self)
{
    return self->done[0];
}

bool kf_job_finish(struct kf_job *self, struct kf_job_outcome *outcome)
{
    char byte;

    if (!self->running || read(self->done[0], &byte, 1) != 1) {
        return false;
    }
    pthread_join(self->thread, NULL);
    self->running = false;
    *outcome = self->outcome;
    self->outcome = (struct kf_job_outcome){.release = NULL};
    return true;
}
