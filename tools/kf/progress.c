#include "tools/kf/progress.h"

#include <stdarg.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "common/base/memory.h"

#define LINE_BYTES_MAX  512
#define NOTE_BYTES_MAX  65536
#define COLUMNS_DEFAULT 80

/* What is known of one process. */
struct pulse {
    pid_t pid;             /* of the newest process; 0: none was started */
    bool ended;            /* that one runs no more; its last beat may still come in */
    bool heard;            /* since it was started */
    int64_t heard_ms;      /* when last */
    struct kf_status beat; /* meaningless unless heard */
    uint64_t in_before;    /* counted by its forerunners */
    uint64_t out_before;
    uint64_t rejected_before;
};

struct kf_progress {
    const struct kf_fleet *fleet;
    struct kf_progress_options options;
    struct pulse pulses[KF_FLEET_STAGES][KF_FLEET_WORKERS_MAX];
    struct kf_text shown[KF_FLEET_STAGES]; /* the lines as last printed */
    int64_t now_ms;
    size_t lines_standing; /* lines at the lower end of the terminal */
    bool closed;
    bool cut_off;
};

/* States of a stage, the worst last. */
enum condition { READY, DRAINING, WAITING, STARTING, SILENT, DOWN };

static const char *const condition_names[] = {"ready",    "draining", "waiting",
                                              "starting", "silent",   "down"};
static const char *const condition_colours[] = {"\033[32m", "\033[33m", "\033[33m",
                                                "\033[2m",  "\033[31m", "\033[31m"};

struct kf_progress *kf_progress_new(const struct kf_fleet *fleet,
                                    const struct kf_progress_options *options)
{
    struct kf_progress *self = kf_calloc(1, sizeof *self);
    if (!self) {
        return NULL;
    }
    self->fleet = fleet;
    self->options = *options;
    for (size_t i = 0; i < KF_FLEET_STAGES; i++) {
        kf_text_init(&self->shown[i], LINE_BYTES_MAX);
        if (!options->live) { /* nothing to tell until something has started */
            kf_progress_line(self, (enum kf_fleet_stage)i, &self->shown[i]);
        }
    }
    return self;
}

void kf_progress_destroy(struct kf_progress **self)
{
    if (!*self) {
        return;
    }
    for (size_t i = 0; i < KF_FLEET_STAGES; i++) {
        kf_text_clear(&(*self)->shown[i]);
    }
    kf_free(*self);
    *self = NULL;
}

/* --- what is known --------------------------------------------------------------------------- */

static struct pulse *pulse_of(struct kf_progress *self, struct kf_fleet_process process)
{
    bool known =
        process.stage < KF_FLEET_STAGES && process.instance < self->fleet->workers[process.stage];
    return known ? &self->pulses[process.stage][process.instance] : NULL;
}

void kf_progress_started(struct kf_progress *self, struct kf_fleet_process process, pid_t pid)
{
    struct pulse *pulse = pulse_of(self, process);
    if (!pulse) {
        return;
    }
    if (pulse->heard) {
        pulse->in_before += pulse->beat.panels_in;
        pulse->out_before += pulse->beat.panels_out;
        pulse->rejected_before += pulse->beat.panels_rejected;
    }
    pulse->pid = pid;
    pulse->heard = false;
    pulse->ended = false;
}

void kf_progress_ended(struct kf_progress *self, struct kf_fleet_process process)
{
    struct pulse *pulse = pulse_of(self, process);
    if (pulse) {
        pulse->ended = true;
    }
}

void kf_progress_tick(struct kf_progress *self, int64_t now_ms)
{
    self->now_ms = now_ms;
}

void kf_progress_beat(struct kf_progress *self, const struct kf_status *beat)
{
    for (size_t i = 0; i < KF_FLEET_STAGES; i++) {
        enum kf_fleet_stage stage = (enum kf_fleet_stage)i;
        if (strcmp(kf_fleet_name(stage), beat->service) != 0) {
            continue;
        }
        struct pulse *pulse = pulse_of(self, (struct kf_fleet_process){stage, beat->instance});
        if (pulse && pulse->pid > 0 && pulse->pid == beat->pid) {
            pulse->beat = *beat;
            pulse->heard = true;
            pulse->heard_ms = self->now_ms;
        }
    }
}

static enum condition condition_of(const struct kf_progress *self, const struct pulse *pulse)
{
    static const enum condition by_state[] = {
        [KF_SERVICE_STARTING] = STARTING,
        [KF_SERVICE_READY] = READY,
        [KF_SERVICE_WAITING] = WAITING,
        [KF_SERVICE_DRAINING] = DRAINING,
    };
    if (pulse->ended) {
        return DOWN;
    }
    if (pulse->heard && self->now_ms - pulse->heard_ms >= KF_PROGRESS_SILENT_MS) {
        return SILENT;
    }
    size_t state = (size_t)pulse->beat.state;
    bool known = pulse->heard && state < sizeof by_state / sizeof by_state[0];
    return known ? by_state[state] : STARTING;
}

bool kf_progress_is_ready(const struct kf_progress *self, struct kf_fleet_process process)
{
    return condition_of(self, &self->pulses[process.stage][process.instance]) == READY;
}

bool kf_progress_all_ready(const struct kf_progress *self)
{
    for (size_t stage = 0; stage < KF_FLEET_STAGES; stage++) {
        for (unsigned i = 0; i < self->fleet->workers[stage]; i++) {
            if (condition_of(self, &self->pulses[stage][i]) != READY) {
                return false;
            }
        }
    }
    return true;
}

uint32_t kf_progress_open_panels(const struct kf_progress *self)
{
    const struct pulse *ingest = &self->pulses[KF_FLEET_INGEST][0];
    return ingest->heard ? ingest->beat.in_progress : 0;
}

/* --- lines ----------------------------------------------------------------------------------- */

/* A stage as the sum of its workers. */
struct summary {
    uint64_t in;
    uint64_t out;
    uint64_t rejected;
    uint64_t in_progress;
    enum condition worst;
    const char *detail;
};

static const char *detail_of(const struct pulse *pulse, enum condition condition)
{
    if (condition == SILENT) {
        return "no word for ten seconds; it computes for long, or stands still";
    }
    return pulse->heard && condition != DOWN ? pulse->beat.detail : "";
}

static struct summary summarise(const struct kf_progress *self, size_t stage)
{
    struct summary sum = {.worst = READY, .detail = ""};
    for (unsigned i = 0; i < self->fleet->workers[stage]; i++) {
        const struct pulse *pulse = &self->pulses[stage][i];
        enum condition condition = condition_of(self, pulse);
        sum.in += pulse->in_before + (pulse->heard ? pulse->beat.panels_in : 0);
        sum.out += pulse->out_before + (pulse->heard ? pulse->beat.panels_out : 0);
        sum.rejected += pulse->rejected_before + (pulse->heard ? pulse->beat.panels_rejected : 0);
        sum.in_progress += pulse->heard && !pulse->ended ? pulse->beat.in_progress : 0;
        if (condition >= sum.worst) {
            sum.worst = condition;
            sum.detail = detail_of(pulse, condition);
        }
    }
    return sum;
}

static void add_line(const struct kf_progress *self, size_t stage, const char *on, const char *off,
                     struct kf_text *line)
{
    struct summary sum = summarise(self, stage);
    unsigned workers = self->fleet->workers[stage];
    kf_text_add_format(line, "  %-11s", kf_fleet_name((enum kf_fleet_stage)stage));
    if (workers > 1) {
        kf_text_add_format(line, "×%-2u", workers);
    } else {
        kf_text_add(line, "   ");
    }
    kf_text_add_format(line, "%6llu in %6llu out %4llu in progress  ", (unsigned long long)sum.in,
                       (unsigned long long)sum.out, (unsigned long long)sum.in_progress);
    if (sum.rejected > 0) {
        kf_text_add_format(line, "%llu rejected  ", (unsigned long long)sum.rejected);
    }
    kf_text_add_format(line, "%s%s%s", on[0] ? condition_colours[sum.worst] : "",
                       condition_names[sum.worst], off);
    if (sum.detail[0]) {
        kf_text_add_format(line, ": %.160s", sum.detail);
    }
}

void kf_progress_line(const struct kf_progress *self, enum kf_fleet_stage stage,
                      struct kf_text *line)
{
    add_line(self, (size_t)stage, "", "", line);
}

/* --- printing -------------------------------------------------------------------------------- */

static void put(struct kf_progress *self, const char *text)
{
    self->cut_off = fputs(text, self->options.out) < 0 || self->cut_off;
}

static void flush(struct kf_progress *self)
{
    self->cut_off = fflush(self->options.out) != 0 || self->cut_off;
}

static size_t columns(const struct kf_progress *self)
{
    struct winsize size = {0};
    bool known = ioctl(fileno(self->options.out), TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return known ? size.ws_col : COLUMNS_DEFAULT;
}

/* Takes the standing lines away; what is printed next stands in their place. */
static void lift(struct kf_progress *self)
{
    if (self->lines_standing > 0) {
        char up[32];
        (void)snprintf(up, sizeof up, "\033[%zuA\033[J", self->lines_standing);
        put(self, up);
        self->lines_standing = 0;
    }
}

/* Shortens `line` to the terminal's width, so that it takes one row of it. Colours take bytes but
 * no columns and ends of characters none either: a line of ASCII and a few others is cut well
 * enough. */
static void put_row(struct kf_progress *self, size_t stage)
{
    struct kf_text line;
    kf_text_init(&line, LINE_BYTES_MAX);
    kf_progress_line(self, (enum kf_fleet_stage)stage, &line);
    if (line.length >= columns(self)) {
        line.length = kf_text_whole(line.bytes, columns(self) - 1);
        line.bytes[line.length] = '\0';
    } else if (self->options.colour) {
        kf_text_reset(&line);
        add_line(self, stage, "on", "\033[0m", &line);
    }
    put(self, line.bytes);
    put(self, "\n");
    kf_text_clear(&line);
}

static void stand(struct kf_progress *self)
{
    for (size_t i = 0; i < KF_FLEET_STAGES; i++) {
        put_row(self, i);
    }
    self->lines_standing = KF_FLEET_STAGES;
}

/* Remembers the line of a stage; true when it is another than before. */
static bool changed(struct kf_progress *self, size_t stage)
{
    struct kf_text line;
    kf_text_init(&line, LINE_BYTES_MAX);
    kf_progress_line(self, (enum kf_fleet_stage)stage, &line);
    bool other = !kf_text_equal(line.bytes, self->shown[stage].bytes);
    if (other) {
        kf_text_reset(&self->shown[stage]);
        kf_text_add(&self->shown[stage], line.bytes);
    }
    kf_text_clear(&line);
    return other;
}

void kf_progress_show(struct kf_progress *self)
{
    bool any = false;
    if (self->options.quiet || self->closed) {
        return;
    }
    for (size_t i = 0; i < KF_FLEET_STAGES; i++) {
        bool other = changed(self, i);
        any = any || other;
        if (other && !self->options.live) {
            put(self, self->shown[i].bytes);
            put(self, "\n");
        }
    }
    if (any && self->options.live) {
        lift(self);
        stand(self);
    }
    if (any) {
        flush(self);
    }
}

static void print_note(struct kf_progress *self, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

static void print_note(struct kf_progress *self, const char *format, va_list args)
{
    char *text = kf_malloc(NOTE_BYTES_MAX);
    if (!text) {
        return; /* a note is lost, nothing else */
    }
    (void)vsnprintf(text, NOTE_BYTES_MAX, format, args);
    bool standing = self->lines_standing > 0;
    lift(self);
    put(self, text);
    put(self, "\n");
    if (standing) {
        stand(self);
    }
    flush(self);
    kf_free(text);
}

void kf_progress_note(struct kf_progress *self, const char *format, ...)
{
    if (self->options.quiet) {
        return;
    }
    va_list args;
    va_start(args, format);
    print_note(self, format, args);
    va_end(args);
}

void kf_progress_fault(struct kf_progress *self, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    print_note(self, format, args);
    va_end(args);
}

void kf_progress_close(struct kf_progress *self)
{
    self->closed = true;
    self->lines_standing = 0;
}

bool kf_progress_is_cut_off(const struct kf_progress *self)
{
    return self->cut_off;
}
