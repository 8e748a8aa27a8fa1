#include "services/board/line/line.h"

#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/bus/keys.h"

#define NEVER_HEARD "nobody has been heard there since this began to listen"
#define SAMPLES     (KF_LINE_RATE_MS / 500 + 2) /* beats of the time over which rates are taken */

/* What a worker had sent on at a time. */
struct sample {
    int64_t at_ms;
    uint64_t out;
};

/* What is kept of a worker besides what is shown of it. */
struct worker {
    enum kf_role role;
    int64_t heard_ms; /* monotonic: its last beat */
    struct sample samples[SAMPLES];
    size_t samples_len;                /* oldest first */
    struct kf_status_ingest *ingest;   /* its part of its last beat, or NULL */
    struct kf_status_publish *publish; /* likewise */
};

struct kf_line {
    struct kf_line_stage stages[KF_LINE_STAGES_MAX]; /* and workers: the same order */
    struct worker workers[KF_LINE_STAGES_MAX];
    size_t length;
    uint64_t changes;
};

const char *kf_line_state_name(enum kf_line_state state)
{
    static const char *const names[KF_LINE_STATES] = {
        [KF_LINE_UNKNOWN] = "unknown", [KF_LINE_STARTING] = "starting", [KF_LINE_READY] = "ready",
        [KF_LINE_WAITING] = "waiting", [KF_LINE_DRAINING] = "draining", [KF_LINE_SILENT] = "silent",
        [KF_LINE_GONE] = "gone",
    };
    return names[state];
}

bool kf_line_is_alive(enum kf_line_state state)
{
    return state >= KF_LINE_STARTING && state <= KF_LINE_DRAINING;
}

struct kf_line_time kf_line_now(void)
{
    return (struct kf_line_time){kf_clock_monotonic_ms(), kf_clock_wall_ms()};
}

struct kf_line *kf_line_new(void)
{
    return kf_calloc(1, sizeof(struct kf_line));
}

void kf_line_destroy(struct kf_line **self)
{
    if (self && *self) {
        for (size_t i = 0; i < (*self)->length; i++) {
            kf_free((*self)->workers[i].ingest);
            kf_free((*self)->workers[i].publish);
        }
        kf_free(*self);
        *self = NULL;
    }
}

/* --- workers --------------------------------------------------------------------------------- */

/* Only the stages beat; a watcher's key is nobody's who walks. */
static bool is_stage(const char *service, enum kf_role *role)
{
    return kf_role_parse(service, role) && *role != KF_ROLE_WATCHER;
}

/* Where the worker stands, or is to be inserted. */
static size_t place_of(const struct kf_line *self, enum kf_role role, uint32_t instance)
{
    size_t at = 0;
    while (at < self->length &&
           (self->workers[at].role < role ||
            (self->workers[at].role == role && self->stages[at].instance < instance))) {
        at++;
    }
    return at;
}

static bool stands_at(const struct kf_line *self, size_t at, enum kf_role role, uint32_t instance)
{
    return at < self->length && self->workers[at].role == role &&
           self->stages[at].instance == instance;
}

static void insert(struct kf_line *self, size_t at, enum kf_role role, uint32_t instance)
{
    size_t behind = self->length - at;
    memmove(&self->stages[at + 1], &self->stages[at], behind * sizeof self->stages[0]);
    memmove(&self->workers[at + 1], &self->workers[at], behind * sizeof self->workers[0]);
    self->length++;
    struct kf_line_stage *stage = &self->stages[at];
    *stage = (struct kf_line_stage){.instance = instance, .state = KF_LINE_UNKNOWN};
    (void)snprintf(stage->service, sizeof stage->service, "%s", kf_role_name(role));
    self->workers[at] = (struct worker){.role = role};
}

/* The worker's place, made when it has none; false when there is no room. */
static bool find_or_insert(struct kf_line *self, enum kf_role role, uint32_t instance,
                           struct kf_line_time now, size_t *at)
{
    *at = place_of(self, role, instance);
    if (stands_at(self, *at, role, instance)) {
        return true;
    }
    if (self->length == KF_LINE_STAGES_MAX) {
        return false;
    }
    insert(self, *at, role, instance);
    self->stages[*at].since_ms = now.wall_ms;
    (void)snprintf(self->stages[*at].detail, sizeof self->stages[*at].detail, "%s", NEVER_HEARD);
    self->changes++;
    return true;
}

enum kf_err kf_line_expect(struct kf_line *self, const char *service, uint32_t instance,
                           const char *endpoint, struct kf_line_time now, struct kf_error *err)
{
    enum kf_role role = KF_ROLES;
    size_t at = 0;
    if (!is_stage(service, &role)) {
        return kf_error_set(err, KF_ERR_CONFIG, "there is no stage %.40s", service);
    }
    if (strlen(endpoint) >= KF_LINE_ENDPOINT_SIZE) {
        return kf_error_set(err, KF_ERR_CONFIG, "endpoint %.60s… is longer than %d bytes", endpoint,
                            KF_LINE_ENDPOINT_SIZE - 1);
    }
    if (!find_or_insert(self, role, instance, now, &at)) {
        return kf_error_set(err, KF_ERR_LIMIT, "more than %d workers", KF_LINE_STAGES_MAX);
    }
    memcpy(self->stages[at].endpoint, endpoint, strlen(endpoint) + 1);
    return KF_OK;
}

/* --- states ---------------------------------------------------------------------------------- */

static void set_state(struct kf_line *self, struct kf_line_stage *stage, enum kf_line_state state,
                      const char *detail, struct kf_line_time now)
{
    if (stage->state != state) {
        stage->state = state;
        stage->since_ms = now.wall_ms;
        self->changes++;
    }
    if (strcmp(stage->detail, detail) != 0) {
        (void)snprintf(stage->detail, sizeof stage->detail, "%s", detail);
        self->changes++;
    }
}

static enum kf_line_state state_of(enum kf_service_state state)
{
    static const enum kf_line_state states[] = {
        [KF_SERVICE_STARTING] = KF_LINE_STARTING,
        [KF_SERVICE_READY] = KF_LINE_READY,
        [KF_SERVICE_WAITING] = KF_LINE_WAITING,
        [KF_SERVICE_DRAINING] = KF_LINE_DRAINING,
    };
    return states[state];
}

/* --- rates ----------------------------------------------------------------------------------- */

/* Forgets what is older than the time over which rates are taken, but for one to count from. */
static void forget_old(struct worker *worker, int64_t now_ms)
{
    size_t old = 0;
    while (old + 1 < worker->samples_len &&
           worker->samples[old + 1].at_ms <= now_ms - KF_LINE_RATE_MS) {
        old++;
    }
    if (worker->samples_len - old == SAMPLES) {
        old++;
    }
    worker->samples_len -= old;
    memmove(worker->samples, worker->samples + old,
            worker->samples_len * sizeof worker->samples[0]);
}

static void add_sample(struct worker *worker, int64_t now_ms, uint64_t out)
{
    forget_old(worker, now_ms);
    worker->samples[worker->samples_len++] = (struct sample){now_ms, out};
}

/* From the oldest sample kept to the newest, over at least a second. */
static void take_rate(struct kf_line_stage *stage, const struct worker *worker)
{
    stage->has_rate = worker->samples_len >= 2 && kf_line_is_alive(stage->state);
    stage->rate = 0;
    if (stage->has_rate) {
        const struct sample *first = &worker->samples[0];
        const struct sample *last = &worker->samples[worker->samples_len - 1];
        int64_t took_ms = last->at_ms - first->at_ms;
        took_ms = took_ms < 1000 ? 1000 : took_ms;
        stage->rate = (double)(last->out - first->out) * 1000 / (double)took_ms;
    }
}

/* --- beats ----------------------------------------------------------------------------------- */

/* True when this is another life of the worker than the one before: its counts begin anew. */
static bool is_new_life(const struct kf_line_stage *stage, const struct kf_status *beat)
{
    return !stage->heard || stage->pid != beat->pid || stage->panels_out > beat->panels_out;
}

static bool counts_differ(const struct kf_line_stage *stage, const struct kf_status *beat)
{
    return stage->pid != beat->pid || stage->panels_in != beat->panels_in ||
           stage->panels_out != beat->panels_out ||
           stage->panels_rejected != beat->panels_rejected ||
           stage->frames_refused != beat->frames_refused ||
           stage->in_progress != beat->in_progress || strcmp(stage->release, beat->release) != 0;
}

static void take_counts(struct kf_line_stage *stage, const struct kf_status *beat)
{
    stage->heard = true;
    stage->pid = beat->pid;
    stage->panels_in = beat->panels_in;
    stage->panels_out = beat->panels_out;
    stage->panels_rejected = beat->panels_rejected;
    stage->frames_refused = beat->frames_refused;
    stage->in_progress = beat->in_progress;
    memcpy(stage->release, beat->release, sizeof stage->release);
}

/* A stage that is alive knows best since when it is what it is; its clock may be another's. */
static void take_since(struct kf_line_stage *stage, const struct kf_status *beat,
                       struct kf_line_time now)
{
    if (beat->since_ms > 0 && beat->since_ms <= now.wall_ms) {
        stage->since_ms = beat->since_ms;
    }
}

/* Keeps a copy of `told` (NULL: nothing) in `kept`; without memory nothing is known. True when it
 * is another than before; padding at worst tells of a change that is none. */
static bool keep_part(void **kept, const void *told, size_t size)
{
    bool differs = (*kept != NULL) != (told != NULL) || (told && memcmp(*kept, told, size) != 0);
    if (!told) {
        kf_free(*kept);
        *kept = NULL;
    } else if (*kept || (*kept = kf_calloc(1, size))) {
        memcpy(*kept, told, size);
    }
    return differs;
}

static void take_parts(struct kf_line *self, struct worker *worker, const struct kf_status *beat)
{
    void *ingest = worker->ingest;
    void *publish = worker->publish;
    self->changes +=
        keep_part(&ingest, beat->has_ingest ? &beat->ingest : NULL, sizeof beat->ingest);
    self->changes +=
        keep_part(&publish, beat->has_publish ? &beat->publish : NULL, sizeof beat->publish);
    worker->ingest = ingest;
    worker->publish = publish;
}

void kf_line_beat(struct kf_line *self, const struct kf_status *beat, struct kf_line_time now)
{
    enum kf_role role = KF_ROLES;
    size_t at = 0;
    if (!is_stage(beat->service, &role) || !find_or_insert(self, role, beat->instance, now, &at)) {
        return;
    }
    struct kf_line_stage *stage = &self->stages[at];
    struct worker *worker = &self->workers[at];
    if (is_new_life(stage, beat)) {
        worker->samples_len = 0;
    }
    self->changes += !stage->heard || counts_differ(stage, beat);
    take_counts(stage, beat);
    stage->beat_ms = now.wall_ms;
    worker->heard_ms = now.monotonic_ms;
    add_sample(worker, now.monotonic_ms, beat->panels_out);
    set_state(self, stage, state_of(beat->state), beat->detail, now);
    take_since(stage, beat, now);
    take_rate(stage, worker);
    take_parts(self, worker, beat);
}

/* --- silence and ends ------------------------------------------------------------------------ */

static void give_up(struct kf_line *self, size_t at, enum kf_line_state state,
                    struct kf_line_time now)
{
    static const char *const details[KF_LINE_STATES] = {
        [KF_LINE_SILENT] = "no beat comes: it computes for long, is stopped, or cannot be reached",
        [KF_LINE_GONE] = "its connection has ended: nobody beats there",
    };
    set_state(self, &self->stages[at], state, details[state], now);
    take_rate(&self->stages[at], &self->workers[at]);
}

/* The worker of the role that is meant by `endpoint`; the length of the line for none. */
static size_t find_lost(const struct kf_line *self, enum kf_role role, const char *endpoint)
{
    size_t only = self->length;
    size_t count = 0;
    for (size_t i = 0; i < self->length; i++) {
        if (self->workers[i].role != role) {
            continue;
        }
        if (strcmp(self->stages[i].endpoint, endpoint) == 0) {
            return i;
        }
        only = i;
        count++;
    }
    return count == 1 ? only : self->length;
}

void kf_line_lost(struct kf_line *self, const char *service, const char *endpoint,
                  struct kf_line_time now)
{
    enum kf_role role = KF_ROLES;
    size_t at = is_stage(service, &role) ? find_lost(self, role, endpoint) : self->length;
    if (at < self->length && self->stages[at].heard) {
        give_up(self, at, KF_LINE_GONE, now);
    }
}

void kf_line_turn(struct kf_line *self, struct kf_line_time now)
{
    for (size_t i = 0; i < self->length; i++) {
        bool late = now.monotonic_ms - self->workers[i].heard_ms >= KF_LINE_SILENT_MS;
        if (late && kf_line_is_alive(self->stages[i].state)) {
            give_up(self, i, KF_LINE_SILENT, now);
        }
    }
}

int64_t kf_line_deadline_ms(const struct kf_line *self)
{
    int64_t nearest = INT64_MAX;
    for (size_t i = 0; i < self->length; i++) {
        int64_t due_ms = self->workers[i].heard_ms + KF_LINE_SILENT_MS;
        if (kf_line_is_alive(self->stages[i].state) && due_ms < nearest) {
            nearest = due_ms;
        }
    }
    return nearest;
}

/* --- what is known --------------------------------------------------------------------------- */

const struct kf_line_stage *kf_line_stages(const struct kf_line *self, size_t *count)
{
    *count = self->length;
    return self->stages;
}

bool kf_line_answers(const struct kf_line *self, const char *service)
{
    for (size_t i = 0; i < self->length; i++) {
        if (strcmp(self->stages[i].service, service) == 0 &&
            kf_line_is_alive(self->stages[i].state)) {
            return true;
        }
    }
    return false;
}

const struct kf_status_ingest *kf_line_ingest(const struct kf_line *self)
{
    for (size_t i = 0; i < self->length; i++) {
        if (self->workers[i].ingest && kf_line_is_alive(self->stages[i].state)) {
            return self->workers[i].ingest;
        }
    }
    return NULL;
}

const struct kf_status_ingest *kf_line_last_ingest(const struct kf_line *self)
{
    const struct kf_status_ingest *last = kf_line_ingest(self);
    int64_t last_ms = INT64_MIN;
    for (size_t i = 0; !kf_line_ingest(self) && i < self->length; i++) {
        if (self->workers[i].ingest && self->workers[i].heard_ms > last_ms) {
            last = self->workers[i].ingest;
            last_ms = self->workers[i].heard_ms;
        }
    }
    return last;
}

/* How much it is to be shown before others: who was replaced has nothing to say while another
 * publishes; of the rest the gravest. */
static int weight_of(const struct kf_status_publish *publish)
{
    static const int weights[] = {
        [KF_STATUS_KAFKA_REPLACED] = 1,   [KF_STATUS_KAFKA_CONNECTED] = 2,
        [KF_STATUS_KAFKA_PUBLISHING] = 3, [KF_STATUS_KAFKA_CONNECTING] = 4,
        [KF_STATUS_KAFKA_LOST] = 5,
    };
    return weights[publish->kafka];
}

const struct kf_status_publish *kf_line_publish(const struct kf_line *self)
{
    const struct kf_status_publish *shown = NULL;
    for (size_t i = 0; i < self->length; i++) {
        const struct kf_status_publish *publish = self->workers[i].publish;
        if (publish && kf_line_is_alive(self->stages[i].state) &&
            (!shown || weight_of(publish) > weight_of(shown))) {
            shown = publish;
        }
    }
    return shown;
}

uint64_t kf_line_changes(const struct kf_line *self)
{
    return self->changes;
}
