#include "common/service/pulse.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/service/beat.h"

#define BEAT_BYTES_MAX      ((size_t)32 * 1024)
#define REFUSED_INTERVAL_MS 1000

static const struct {
    const char *name;
    enum kf_metric_type type;
    const char *help;
} standard[KF_PULSE_METRICS] = {
    [KF_PULSE_BUILD_INFO] = {"build_info", KF_METRIC_GAUGE, "Always 1; the labels say what runs."},
    [KF_PULSE_PANELS_IN] = {"panels_in_total", KF_METRIC_COUNTER, "Panels taken in."},
    [KF_PULSE_PANELS_OUT] = {"panels_out_total", KF_METRIC_COUNTER, "Panels handed on."},
    [KF_PULSE_PANELS_REJECTED] = {"panels_rejected_total", KF_METRIC_COUNTER,
                                  "Panels that could not be computed here."},
    [KF_PULSE_FRAMES_REFUSED] = {"frames_refused_total", KF_METRIC_COUNTER,
                                 "Messages that were foreign, corrupt or too large."},
    [KF_PULSE_PEERS_DENIED] = {"peers_denied_total", KF_METRIC_COUNTER,
                               "Connections over tcp that were not let in: no key, or not one of "
                               "those who may."},
    [KF_PULSE_HANDSHAKES_FAILED] = {"handshakes_failed_total", KF_METRIC_COUNTER,
                                    "Connections of this service over tcp that the other side did "
                                    "not take, or whose other side is not who it must be."},
    [KF_PULSE_IN_PROGRESS] = {"panels_in_progress", KF_METRIC_GAUGE,
                              "Panels held or in flight now."},
    [KF_PULSE_READY] = {"ready", KF_METRIC_GAUGE, "1 when the service can work, else 0."},
    [KF_PULSE_START_TIME] = {"start_time_seconds", KF_METRIC_GAUGE,
                             "When the service started, seconds since 1970."},
    [KF_PULSE_LAST_SUCCESS] = {"last_success_timestamp_seconds", KF_METRIC_GAUGE,
                               "When a piece of work was last completed, seconds since 1970; 0 "
                               "before the first."},
    [KF_PULSE_LAST_TURN] = {"loop_last_turn_timestamp_seconds", KF_METRIC_GAUGE,
                            "When the work loop last turned, seconds since 1970."},
    [KF_PULSE_LONGEST_TURN] = {"loop_longest_turn_seconds", KF_METRIC_GAUGE,
                               "The longest that one turn of the work loop has taken."},
    [KF_PULSE_CONFIG_LOADED] = {"config_last_loaded_timestamp_seconds", KF_METRIC_GAUGE,
                                "When the settings in force were read, seconds since 1970."},
    [KF_PULSE_RELOADS_FAILED] = {"config_reload_failed_total", KF_METRIC_COUNTER,
                                 "Reloads refused for faults in the settings or in what they name, "
                                 "since those in force were read."},
    [KF_PULSE_MEMORY] = {"process_resident_memory_bytes", KF_METRIC_GAUGE,
                         "Resident memory of the process."},
    [KF_PULSE_CPU] = {"process_cpu_seconds_total", KF_METRIC_COUNTER,
                      "Processor time of the process, user and system."},
};

static double wall_seconds(void)
{
    return (double)kf_clock_wall_ms() / 1000;
}

/* Copies what fits, never a part of a character. */
static void copy_cut(const char *from, char *to, size_t size)
{
    size_t length = strlen(from);
    if (length >= size) {
        length = size - 1;
        while (length > 0 && ((unsigned char)from[length] & 0xc0) == 0x80) {
            length--;
        }
    }
    memcpy(to, from, length);
    to[length] = '\0';
}

void kf_pulse_init(struct kf_pulse *self, const char *service, uint32_t instance,
                   struct kf_metrics *metrics)
{
    memset(self, 0, sizeof *self);
    self->service = service;
    self->instance = instance;
    self->state = KF_SERVICE_STARTING;
    self->since_ms = kf_clock_wall_ms();
    (void)pthread_mutex_init(&self->mutex, NULL);
    kf_text_init(&self->frame, BEAT_BYTES_MAX);
    (void)snprintf(self->build_label, sizeof self->build_label, "service=\"%s\",version=\"%s\"",
                   service, KF_VERSION);
    for (size_t i = 0; i < KF_PULSE_METRICS; i++) {
        const char *label = i == KF_PULSE_BUILD_INFO ? self->build_label : NULL;
        self->metrics[i] =
            kf_metrics_add(metrics, standard[i].name, standard[i].type, label, standard[i].help);
    }
    kf_metric_set(self->metrics[KF_PULSE_BUILD_INFO], 1);
    kf_metric_set(self->metrics[KF_PULSE_START_TIME], wall_seconds());
    kf_metric_set(self->metrics[KF_PULSE_CONFIG_LOADED], wall_seconds());
    kf_pulse_turned(self, 0);
}

/* --- refused frames -------------------------------------------------------------------------- */

static void tell_refused(struct kf_pulse *self, int64_t now)
{
    struct kf_pulse_refused *refused = &self->refused;
    if (refused->untold == 0 || now < refused->next_line_ms) {
        return;
    }
    char quoted[KF_LOG_QUOTED_SIZE];
    kf_log(KF_LOG_WARN, "frames-refused", "count=%llu reason=%s",
           (unsigned long long)refused->untold, kf_log_quote(refused->reason, quoted));
    refused->untold = 0;
    refused->next_line_ms = now + REFUSED_INTERVAL_MS;
}

void kf_pulse_refuse(struct kf_pulse *self, const char *reason)
{
    kf_metric_increase(self->metrics[KF_PULSE_FRAMES_REFUSED], 1);
    self->refused.untold++;
    copy_cut(reason, self->refused.reason, sizeof self->refused.reason);
    tell_refused(self, kf_clock_monotonic_ms());
}

static void deny(struct kf_metric *metric, const char *event, const struct kf_denied *denied)
{
    char address[KF_LOG_QUOTED_SIZE];
    char reason[KF_LOG_QUOTED_SIZE];
    char key[KF_LOG_QUOTED_SIZE];
    if (denied->count == 0) {
        return;
    }
    kf_metric_increase(metric, denied->count);
    kf_log(KF_LOG_WARN, event, "count=%llu key=%s address=%s reason=%s",
           (unsigned long long)denied->count, kf_log_quote(denied->key, key),
           kf_log_quote(denied->address, address), kf_log_quote(denied->reason, reason));
}

void kf_pulse_deny(struct kf_pulse *self, const struct kf_bus_denied *denied)
{
    deny(self->metrics[KF_PULSE_PEERS_DENIED], "peers-denied", &denied->in);
    deny(self->metrics[KF_PULSE_HANDSHAKES_FAILED], "handshakes-failed", &denied->out);
}

void kf_pulse_clear(struct kf_pulse *self)
{
    tell_refused(self, INT64_MAX - REFUSED_INTERVAL_MS);
    kf_text_clear(&self->frame);
    (void)pthread_mutex_destroy(&self->mutex);
}

const char *kf_pulse_state_name(enum kf_service_state state)
{
    static const char *const names[] = {
        [KF_SERVICE_STARTING] = "starting",
        [KF_SERVICE_READY] = "ready",
        [KF_SERVICE_WAITING] = "waiting",
        [KF_SERVICE_DRAINING] = "draining",
    };
    size_t index = (size_t)state;
    return index > 0 && index < sizeof names / sizeof names[0] ? names[index] : "unknown";
}

void kf_pulse_set_state(struct kf_pulse *self, enum kf_service_state state, const char *detail)
{
    char cut[sizeof self->detail];
    copy_cut(detail ? detail : "", cut, sizeof cut);
    (void)pthread_mutex_lock(&self->mutex);
    if (self->state == KF_SERVICE_DRAINING) {
        state = KF_SERVICE_DRAINING;
    }
    bool changed = state != self->state || strcmp(cut, self->detail) != 0;
    self->since_ms = state != self->state ? kf_clock_wall_ms() : self->since_ms;
    self->state = state;
    memcpy(self->detail, cut, sizeof cut);
    (void)pthread_mutex_unlock(&self->mutex);
    kf_metric_set(self->metrics[KF_PULSE_READY], state == KF_SERVICE_READY);
    if (changed) {
        char quoted[KF_LOG_QUOTED_SIZE];
        kf_log(KF_LOG_INFO, "state", "state=%s detail=%s", kf_pulse_state_name(state),
               kf_log_quote(cut, quoted));
    }
}

void kf_pulse_set_release(struct kf_pulse *self, const char *release)
{
    copy_cut(release, self->release, sizeof self->release);
}

void kf_pulse_succeeded_at(struct kf_pulse *self, int64_t wall_ms)
{
    kf_metric_set(self->metrics[KF_PULSE_LAST_SUCCESS], (double)wall_ms / 1000);
}

void kf_pulse_reload_failed(struct kf_pulse *self)
{
    kf_metric_increase(self->metrics[KF_PULSE_RELOADS_FAILED], 1);
}

/* --- turns and beats ------------------------------------------------------------------------- */

void kf_pulse_turned(struct kf_pulse *self, int64_t busy_ms)
{
    atomic_store(&self->turned_ms, kf_clock_monotonic_ms());
    kf_metric_set(self->metrics[KF_PULSE_LAST_TURN], wall_seconds());
    double busy = (double)busy_ms / 1000;
    if (busy > kf_metric_value(self->metrics[KF_PULSE_LONGEST_TURN])) {
        kf_metric_set(self->metrics[KF_PULSE_LONGEST_TURN], busy);
    }
}

/* Second number of /proc/self/statm: resident pages. */
static void refresh_memory(struct kf_pulse *self)
{
    char text[128] = "";
    unsigned long pages = 0;
    int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return;
    }
    ssize_t got = read(fd, text, sizeof text - 1);
    (void)close(fd);
    if (got <= 0) {
        return;
    }
    const char *second = text + strcspn(text, " ");
    second += *second == ' ';
    if (kf_text_to_unsigned(second, strspn(second, "0123456789"), (unsigned long)-1, &pages)) {
        kf_metric_set(self->metrics[KF_PULSE_MEMORY],
                      (double)pages * (double)sysconf(_SC_PAGESIZE));
    }
}

static double seconds_of(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static void refresh_process(struct kf_pulse *self)
{
    struct rusage usage;
    if (getrusage(RUSAGE_SELF, &usage) == 0) {
        kf_metric_set(self->metrics[KF_PULSE_CPU],
                      seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime));
    }
    refresh_memory(self);
}

static uint64_t count_of(const struct kf_pulse *self, enum kf_pulse_metric metric)
{
    return (uint64_t)kf_metric_value(self->metrics[metric]);
}

static void fill_status(struct kf_pulse *self, struct kf_status *status)
{
    *status = (struct kf_status){
        .instance = self->instance,
        .pid = getpid(),
        .panels_in = count_of(self, KF_PULSE_PANELS_IN),
        .panels_out = count_of(self, KF_PULSE_PANELS_OUT),
        .panels_rejected = count_of(self, KF_PULSE_PANELS_REJECTED),
        .frames_refused = count_of(self, KF_PULSE_FRAMES_REFUSED),
        .in_progress = (uint32_t)count_of(self, KF_PULSE_IN_PROGRESS),
        .time_ms = kf_clock_wall_ms(),
    };
    copy_cut(self->service, status->service, sizeof status->service);
    memcpy(status->release, self->release, sizeof status->release);
    (void)pthread_mutex_lock(&self->mutex);
    status->state = self->state;
    status->since_ms = self->since_ms;
    memcpy(status->detail, self->detail, sizeof status->detail);
    (void)pthread_mutex_unlock(&self->mutex);
}

static void send_beat(struct kf_pulse *self, struct kf_socket *socket)
{
    struct kf_status status;
    fill_status(self, &status);
    if (self->tell) {
        self->tell(self->tell_context, &status);
    }
    kf_beat_send(socket, &self->frame, &status);
}

void kf_pulse_beat(struct kf_pulse *self, struct kf_socket *status)
{
    refresh_process(self);
    tell_refused(self, kf_clock_monotonic_ms());
    if (status) {
        send_beat(self, status);
    }
}

/* --- the health pages: on the HTTP thread ---------------------------------------------------- */

static bool is_stalled(struct kf_pulse *self, struct kf_text *page)
{
    int64_t idle_ms = kf_clock_monotonic_ms() - atomic_load(&self->turned_ms);
    if (idle_ms <= self->stall_limit_ms) {
        return false;
    }
    kf_text_add_format(page, "stalled: the work loop has not turned for %lld s (limit %lld s)\n",
                       (long long)(idle_ms / 1000), (long long)(self->stall_limit_ms / 1000));
    return true;
}

bool kf_pulse_health(void *context, bool readiness, struct kf_text *page)
{
    struct kf_pulse *self = context;
    if (is_stalled(self, page)) {
        return false;
    }
    if (!readiness) {
        kf_text_add(page, "alive\n");
        return true;
    }
    char detail[sizeof self->detail];
    (void)pthread_mutex_lock(&self->mutex);
    enum kf_service_state state = self->state;
    memcpy(detail, self->detail, sizeof detail);
    (void)pthread_mutex_unlock(&self->mutex);
    kf_text_add_format(page, "%s%s%s\n", kf_pulse_state_name(state), detail[0] ? ": " : "", detail);
    return state == KF_SERVICE_READY;
}
