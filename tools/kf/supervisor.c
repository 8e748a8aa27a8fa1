#include "tools/kf/supervisor.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/bus/socket.h"
#include "common/service/beat.h"
#include "common/service/terminal.h"
#include "tools/kf/board_watch.h"
#include "tools/kf/ready_file.h"
#include "tools/kf/refusals.h"
#include "tools/kf/roster.h"

#define BEATS_A_WAKE_MAX 256
#define ENDPOINTS_MAX    65536
#define ADDRESS_SIZE     4096
#define TAIL_BYTES_MAX   32768
#define REMIND_MS        15000 /* how often to name what is not ready */
#define DRAIN_MARGIN_MS  3000  /* beyond a process's own deadline, before it is killed */

enum phase { STARTING, RUNNING, STOPPING, STOPPED };

struct supervisor {
    const struct kf_supervisor_options *options;
    struct kf_roster *roster;
    struct kf_fleet fleet; /* a copy: broker and board keep their ports when started again */
    struct kf_board_watch board;
    char broker_port[8];
    enum phase phase;
    bool was_ready;
    int64_t remind_ms;
    enum kf_fleet_stage stopping; /* the stage that is being stopped */
    int64_t kill_ms;              /* when its processes are killed */
    bool signalled;               /* its processes have been told to stop */
    enum kf_err outcome;
    char address[ADDRESS_SIZE]; /* of the broker, "" until known */
    int signals;
    int terminal;
    struct kf_bus *bus;
    struct kf_socket *beats;
    struct kf_text frame;
    struct kf_refusals *refusals; /* NULL: they are not told */
};

static void outcome(struct supervisor *self, enum kf_err code)
{
    self->outcome = self->outcome == KF_OK ? code : self->outcome;
}

static void tell_tail(struct supervisor *self, const struct kf_roster_place *place)
{
    struct kf_text tail;
    kf_text_init(&tail, TAIL_BYTES_MAX);
    kf_roster_tail(self->roster, place, &tail);
    tail.bytes[tail.length > 0 ? tail.length - 1 : 0] = '\0'; /* a note ends its line itself */
    kf_progress_fault(self->options->progress, "%s", tail.bytes);
    kf_text_clear(&tail);
}

/* --- starting -------------------------------------------------------------------------------- */

static enum kf_err start(struct supervisor *self, struct kf_roster_place *place,
                         struct kf_error *err)
{
    enum kf_err code = kf_roster_start(self->roster, place, &self->fleet, self->address, err);
    if (code == KF_OK && place->process.stage == KF_FLEET_BOARD) {
        kf_board_watch_started(&self->board, place->child.pid);
    } else if (code == KF_OK) {
        kf_progress_started(self->options->progress, place->process, place->child.pid);
    }
    return code;
}

static void start_later(struct supervisor *self, struct kf_roster_place *place, int64_t now_ms,
                        struct kf_error *err)
{
    int64_t wait_ms = kf_restart_wait_ms(&place->restart, 0);
    kf_progress_fault(self->options->progress, "%s: %s; again in %.1f s", place->name, err->text,
                      (double)wait_ms / 1000);
    place->start_ms = now_ms + wait_ms;
    err->text[0] = '\0';
}

/* The pipeline is worth as much without it. */
static void go_on_without(struct supervisor *self, struct kf_roster_place *board, const char *why)
{
    kf_progress_fault(self->options->progress, "%s %s: the pipeline goes on without it",
                      board->name, why);
    board->wanted = false;
    kf_board_watch_ended(&self->board);
    outcome(self, KF_ERR_CONFIG);
}

static bool is_due(const struct supervisor *self, const struct kf_roster_place *place,
                   int64_t now_ms)
{
    bool broker = place->process.stage == KF_FLEET_BROKER;
    return place->wanted && place->start_ms <= now_ms && (broker || self->address[0] != '\0');
}

/* What the system has no room for now is tried again; anything else stops everything, unless it
 * is the board. */
static enum kf_err start_due(struct supervisor *self, struct kf_error *err)
{
    int64_t now_ms = kf_clock_monotonic_ms();
    for (size_t i = 0; i < self->roster->length; i++) {
        struct kf_roster_place *place = &self->roster->places[i];
        enum kf_err code = is_due(self, place, now_ms) ? start(self, place, err) : KF_OK;
        if (code == KF_ERR_IO) {
            start_later(self, place, now_ms, err);
        } else if (code != KF_OK && place->process.stage == KF_FLEET_BOARD) {
            kf_progress_fault(self->options->progress, "%s", err->text);
            err->text[0] = '\0';
            go_on_without(self, place, "cannot be started");
        } else if (code != KF_OK) {
            return code;
        }
    }
    return KF_OK;
}

/* --- stopping -------------------------------------------------------------------------------- */

static void begin_stop(struct supervisor *self, enum kf_fleet_stage from)
{
    for (size_t i = 0; i < self->roster->length; i++) {
        self->roster->places[i].wanted = false;
    }
    self->phase = STOPPING;
    self->stopping = from;
    self->signalled = false;
    kf_progress_close(self->options->progress);
}

static void stop_asked(struct supervisor *self)
{
    uint32_t open = kf_progress_open_panels(self->options->progress);
    if (open > 0) {
        kf_progress_note(self->options->progress,
                         "stopping; %u panel%s on the way, waiting up to %u s", (unsigned)open,
                         open == 1 ? " is" : "s are", self->options->fleet->drain_s);
    } else {
        kf_progress_note(self->options->progress, "stopping");
    }
    begin_stop(self, KF_FLEET_INGEST);
}

static void leave_at_once(struct supervisor *self)
{
    if (kf_roster_signal(self->roster, KF_FLEET_PROGRAMS, SIGKILL) > 0) {
        kf_progress_fault(self->options->progress, "leaving at once");
        outcome(self, KF_ERR_PEER);
    }
}

static void kill_late(struct supervisor *self)
{
    for (size_t i = 0; i < self->roster->length; i++) {
        struct kf_roster_place *place = &self->roster->places[i];
        if (place->running && place->process.stage == self->stopping) {
            kf_progress_fault(self->options->progress, "%s did not stop in time: killed",
                              place->name);
            tell_tail(self, place);
            outcome(self, KF_ERR_PEER);
        }
    }
    (void)kf_roster_signal(self->roster, self->stopping, SIGKILL);
}

/* One step: the stage in turn is told to stop, and when all its processes are gone the next is. */
static void advance_stop(struct supervisor *self)
{
    int64_t now_ms = kf_clock_monotonic_ms();
    while (kf_roster_signal(self->roster, self->stopping, 0) == 0) {
        if (self->stopping == KF_FLEET_BROKER) {
            self->phase = STOPPED;
            return;
        }
        self->stopping++;
        self->signalled = false;
    }
    if (!self->signalled) {
        self->signalled = true;
        self->kill_ms = now_ms + (int64_t)self->options->fleet->drain_s * 1000 + DRAIN_MARGIN_MS;
        (void)kf_roster_signal(self->roster, self->stopping, SIGTERM);
    } else if (now_ms >= self->kill_ms) {
        kill_late(self);
        self->kill_ms = now_ms + DRAIN_MARGIN_MS;
    }
}

/* --- ends ------------------------------------------------------------------------------------ */

static void ended_while_stopping(struct supervisor *self, struct kf_roster_place *place, int status)
{
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        return;
    }
    int signal_ = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    if (signal_ == SIGTERM) {
        return; /* told to stop before it had begun: later it does so in its own way */
    }
    if (signal_ == SIGKILL) {
        outcome(self, KF_ERR_PEER); /* told by whoever killed it */
        return;
    }
    struct kf_text end;
    kf_text_init(&end, TAIL_BYTES_MAX);
    kf_child_print_end(status, &end);
    bool refused = WIFEXITED(status) && WEXITSTATUS(status) == 2;
    kf_progress_fault(self->options->progress, "%s %s: %s", place->name, end.bytes,
                      refused ? "it cannot work with its settings either"
                              : "it failed or left something undelivered");
    tell_tail(self, place);
    kf_text_clear(&end);
    outcome(self, KF_ERR_PEER);
}

static void refused_settings(struct supervisor *self, struct kf_roster_place *place)
{
    if (place->process.stage == KF_FLEET_BOARD) {
        go_on_without(self, place, "cannot work with its settings");
        tell_tail(self, place);
        return;
    }
    kf_progress_fault(self->options->progress, "%s cannot work with its settings: everything stops",
                      place->name);
    tell_tail(self, place);
    outcome(self, KF_ERR_CONFIG);
    begin_stop(self, KF_FLEET_INGEST);
}

static void start_again(struct supervisor *self, struct kf_roster_place *place, int status)
{
    int64_t now_ms = kf_clock_monotonic_ms();
    int64_t wait_ms = kf_restart_wait_ms(&place->restart, now_ms - place->start_ms);
    struct kf_text line;
    kf_text_init(&line, TAIL_BYTES_MAX);
    kf_text_add_format(&line, "%s ", place->name);
    kf_child_print_end(status, &line);
    if (wait_ms == 0) {
        kf_text_add(&line, "; started again");
    } else {
        kf_text_add_format(&line, ", %u times in a row; started again in %.1f s (log: %s/%s.log)",
                           place->restart.short_lives, (double)wait_ms / 1000,
                           self->options->log_dir, place->name);
    }
    if (place->process.stage == KF_FLEET_BROKER) {
        kf_text_add(&line, ". What it held is gone with it");
    }
    kf_progress_fault(self->options->progress, "%s", line.bytes);
    kf_text_clear(&line);
    place->wanted = true;
    place->start_ms = now_ms + wait_ms;
}

static void ended(struct supervisor *self, struct kf_roster_place *place, int status)
{
    kf_progress_ended(self->options->progress, place->process);
    if (place->process.stage == KF_FLEET_BOARD) {
        kf_board_watch_ended(&self->board);
    }
    if (self->phase == STOPPING) {
        ended_while_stopping(self, place, status);
    } else if (WIFEXITED(status) && WEXITSTATUS(status) == 2) {
        refused_settings(self, place);
    } else {
        start_again(self, place, status);
    }
}

static void reap(struct supervisor *self)
{
    for (size_t i = 0; i < self->roster->length; i++) {
        struct kf_roster_place *place = &self->roster->places[i];
        int status = 0;
        if (kf_roster_has_ended(place, &status)) {
            ended(self, place, status);
        }
    }
}

/* --- readiness ------------------------------------------------------------------------------- */

static void write_ready_file(struct supervisor *self)
{
    const struct kf_supervisor_options *options = self->options;
    struct kf_error err = {0};
    if (options->ready_file && kf_ready_file_write(options->ready_file, options->fleet,
                                                   self->address, self->board.page, &err)) {
        kf_progress_fault(options->progress, "%s", err.text);
        outcome(self, KF_ERR_CONFIG);
        begin_stop(self, KF_FLEET_INGEST);
    }
}

static void became_ready(struct supervisor *self)
{
    const struct kf_fleet *fleet = self->options->fleet;
    self->phase = RUNNING;
    if (self->was_ready) {
        kf_progress_note(self->options->progress, "ready again");
        return;
    }
    self->was_ready = true;
    write_ready_file(self); /* before the word: whoever waits for it may read the file */
    kf_progress_note(self->options->progress,
                     "ready\n  inbox      %s\n  topics     %s.*.v1\n  bootstrap  %s%s%s%s",
                     fleet->inbox, fleet->topic_prefix, self->address,
                     self->options->bootstrap_servers ? "" : " (development broker)",
                     self->board.page[0] ? "\n  board      " : "", self->board.page);
}

static bool is_missed(const struct supervisor *self, const struct kf_roster_place *place)
{
    if (place->process.stage == KF_FLEET_BROKER) {
        return self->address[0] == '\0';
    }
    if (place->process.stage == KF_FLEET_BOARD) {
        return kf_board_watch_is_awaited(&self->board);
    }
    return !kf_progress_is_ready(self->options->progress, place->process);
}

static void remind(struct supervisor *self, int64_t now_ms)
{
    struct kf_text missing;
    kf_text_init(&missing, TAIL_BYTES_MAX);
    for (size_t i = 0; i < self->roster->length; i++) {
        const struct kf_roster_place *place = &self->roster->places[i];
        if (is_missed(self, place)) {
            kf_text_add_format(&missing, " %s", place->name);
        }
    }
    kf_progress_note(self->options->progress, "not ready yet:%s (logs in %s)", missing.bytes,
                     self->options->log_dir);
    kf_text_clear(&missing);
    self->remind_ms = now_ms + REMIND_MS;
}

static void watch_readiness(struct supervisor *self)
{
    int64_t now_ms = kf_clock_monotonic_ms();
    bool ready =
        kf_progress_all_ready(self->options->progress) && !kf_board_watch_is_awaited(&self->board);
    if (ready && self->phase == STARTING) {
        became_ready(self);
    } else if (!ready && self->phase == RUNNING) {
        self->phase = STARTING;
        self->remind_ms = now_ms + REMIND_MS;
    } else if (!ready && now_ms >= self->remind_ms) {
        remind(self, now_ms);
    }
}

/* --- what comes in --------------------------------------------------------------------------- */

/* Each service decides for itself whether what it would read is sound. */
static void hand_on_reload(struct supervisor *self)
{
    for (size_t stage = 0; stage < KF_FLEET_STAGES; stage++) {
        (void)kf_roster_signal(self->roster, (enum kf_fleet_stage)stage, SIGHUP);
    }
    (void)kf_roster_signal(self->roster, KF_FLEET_BOARD, SIGHUP);
    kf_progress_note(self->options->progress,
                     "the services read their settings and editions anew; one that finds faults "
                     "goes on as it was and names them in its log (%s)",
                     self->options->log_dir);
}

static void take_signal(struct supervisor *self, int signal_)
{
    bool reload = signal_ == SIGHUP && !kf_terminal_is_gone(self->terminal);
    if (reload && self->phase != STOPPING) {
        hand_on_reload(self);
    } else if (!reload && self->phase == STOPPING) {
        leave_at_once(self);
    } else if (!reload) {
        stop_asked(self);
    }
}

static void take_signals(struct supervisor *self)
{
    struct signalfd_siginfo signal_;
    while (read(self->signals, &signal_, sizeof signal_) == (ssize_t)sizeof signal_) {
        if (signal_.ssi_signo != SIGCHLD) { /* several ends may come as one: reap looks at all */
            take_signal(self, (int)signal_.ssi_signo);
        }
    }
    reap(self);
}

static void board_came(struct supervisor *self)
{
    self->fleet.board_port = self->board.port;
    if (self->was_ready) { /* else it is told with the rest */
        kf_progress_note(self->options->progress, "board      %s", self->board.page);
    }
}

static void take_beat(struct supervisor *self, const struct kf_status *beat)
{
    kf_progress_beat(self->options->progress, beat);
    if (kf_board_watch_beat(&self->board, beat)) {
        board_came(self);
    }
}

static void take_beats(struct supervisor *self)
{
    struct kf_error ignored; /* a beat that cannot be read is one that got lost */
    struct kf_status beat;
    kf_progress_tick(self->options->progress, kf_clock_monotonic_ms());
    for (size_t i = 0; i < BEATS_A_WAKE_MAX; i++) {
        enum kf_err code = kf_beat_receive(self->beats, &self->frame, &beat, &ignored);
        if (code == KF_ERR_AGAIN) {
            return;
        }
        if (code == KF_OK) {
            take_beat(self, &beat);
        }
    }
}

/* The broker's only line is its address. */
static void learn_address(struct supervisor *self, const char *line, size_t length)
{
    memcpy(self->address, line, length);
    self->address[length] = '\0';
    const char *port = strrchr(self->address, ':');
    if (port && strlen(port + 1) < sizeof self->broker_port) {
        memcpy(self->broker_port, port + 1, strlen(port + 1) + 1);
        self->fleet.broker_port = self->broker_port;
    }
}

static void take_address(struct supervisor *self, struct kf_roster_place *broker)
{
    char bytes[ADDRESS_SIZE];
    ssize_t length = read(broker->child.output, bytes, sizeof bytes - 1);
    const char *end = length > 0 ? memchr(bytes, '\n', (size_t)length) : NULL;
    if (end && end > bytes) {
        learn_address(self, bytes, (size_t)(end - bytes));
    }
    if (length == 0 || (length > 0 && end)) {
        kf_roster_close_output(broker); /* nothing more is expected */
    }
}

/* --- the loop -------------------------------------------------------------------------------- */

static int64_t sooner(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t nearest_ms(const struct supervisor *self)
{
    int64_t nearest = self->phase == STOPPING ? self->kill_ms : INT64_MAX;
    if (self->phase == STARTING) {
        nearest = self->remind_ms;
    }
    for (size_t i = 0; i < self->roster->length; i++) {
        const struct kf_roster_place *place = &self->roster->places[i];
        bool waits = place->wanted && (place->process.stage == KF_FLEET_BROKER || self->address[0]);
        nearest = waits ? sooner(nearest, place->start_ms) : nearest;
    }
    int64_t wait_ms = nearest - kf_clock_monotonic_ms();
    return nearest == INT64_MAX ? -1 : wait_ms > 0 ? wait_ms : 0;
}

static struct kf_roster_place *broker_place(struct supervisor *self)
{
    return self->options->bootstrap_servers ? NULL : &self->roster->places[0];
}

static enum kf_err turn(struct supervisor *self, struct kf_error *err)
{
    struct kf_roster_place *broker = broker_place(self);
    struct kf_poll_item items[4] = {
        {.descriptor = self->signals, .want_in = true},
        {.socket = self->beats, .want_in = true},
    };
    size_t count = 2;
    size_t address = 0; /* where the broker's output stands; 0: nowhere */
    if (broker && broker->child.output >= 0) {
        address = count;
        items[count++] = (struct kf_poll_item){.descriptor = broker->child.output, .want_in = true};
    }
    if (self->refusals) {
        int descriptor = kf_refusals_descriptor(self->refusals);
        items[count++] = (struct kf_poll_item){.descriptor = descriptor, .want_in = true};
    }
    enum kf_err code = kf_poll(items, count, nearest_ms(self), err);
    if (code != KF_OK) {
        return code;
    }
    if (address > 0 && items[address].in) {
        take_address(self, broker);
    }
    kf_refusals_tell(self->refusals, self->options->progress);
    take_beats(self);
    take_signals(self);
    return KF_OK;
}

static enum kf_err run(struct supervisor *self, struct kf_error *err)
{
    while (self->phase != STOPPED) {
        enum kf_err code = self->phase == STOPPING ? KF_OK : start_due(self, err);
        if (code == KF_OK) {
            code = turn(self, err);
        }
        if (code != KF_OK) {
            return code;
        }
        if (self->phase != STOPPING) {
            kf_progress_show(self->options->progress);
            watch_readiness(self);
        }
        if (self->phase != STOPPING && kf_progress_is_cut_off(self->options->progress)) {
            begin_stop(self, KF_FLEET_INGEST);
        }
        if (self->phase == STOPPING) {
            advance_stop(self);
        }
    }
    return self->outcome;
}

/* --- life cycle ------------------------------------------------------------------------------ */

static enum kf_err open_signals(int *signals, struct kf_error *err)
{
    static const int wanted[] = {SIGINT, SIGTERM, SIGHUP, SIGCHLD};
    sigset_t set;
    (void)sigemptyset(&set);
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        (void)signal(wanted[i], SIG_DFL); /* a shell may have had us ignore some */
        (void)sigaddset(&set, wanted[i]);
    }
    (void)signal(SIGPIPE, SIG_IGN); /* shows as a failed write */
    if (sigprocmask(SIG_BLOCK, &set, NULL) != 0) {
        return kf_error_set_errno(err, KF_ERR_IO, errno, "cannot block signals");
    }
    *signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return *signals >= 0 ? KF_OK : kf_error_set_errno(err, KF_ERR_IO, errno, "no signalfd");
}

static enum kf_err open_beats(struct supervisor *self, struct kf_error *err)
{
    struct kf_text endpoints;
    kf_text_init(&endpoints, ENDPOINTS_MAX);
    kf_fleet_status_endpoints(self->options->fleet, &endpoints);
    kf_board_watch_add_endpoint(&self->board, &endpoints);
    enum kf_err code = endpoints.failed ? kf_error_set(err, KF_ERR_MEMORY, "no memory") : KF_OK;
    if (code == KF_OK) {
        code = kf_bus_new(&self->bus, err);
    }
    if (code == KF_OK) {
        code = kf_socket_subscribe(self->bus, endpoints.bytes, KF_ROLE_INGEST, &self->beats, err);
    }
    kf_text_clear(&endpoints);
    return code;
}

static enum kf_err open_all(struct supervisor *self, struct kf_error *err)
{
    const struct kf_supervisor_options *options = self->options;
    const char *servers = options->bootstrap_servers;
    if (servers && strlen(servers) >= sizeof self->address) {
        return kf_error_set(err, KF_ERR_CONFIG, "--bootstrap-servers is longer than %zu bytes",
                            sizeof self->address - 1);
    }
    (void)snprintf(self->address, sizeof self->address, "%s", servers ? servers : "");
    self->roster = kf_roster_new(options->fleet, !servers, options->program_dir, options->log_dir);
    if (!self->roster) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the processes");
    }
    self->refusals = kf_refusals_open(options->fleet->state_dir);
    enum kf_err code = open_signals(&self->signals, err);
    return code == KF_OK ? open_beats(self, err) : code;
}

static void close_descriptor(int descriptor)
{
    if (descriptor >= 0) {
        (void)close(descriptor);
    }
}

enum kf_err kf_supervisor_run(const struct kf_supervisor_options *options, struct kf_error *err)
{
    struct supervisor self = {
        .options = options,
        .fleet = *options->fleet,
        .signals = -1,
        .terminal = kf_terminal_open(),
        .remind_ms = kf_clock_monotonic_ms() + REMIND_MS,
    };
    kf_text_init(&self.frame, ENDPOINTS_MAX);
    kf_board_watch_init(&self.board, options->fleet);
    enum kf_err code = open_all(&self, err);
    if (code == KF_OK) {
        code = run(&self, err);
    }
    kf_roster_destroy(&self.roster); /* however the loop ended, no process is left behind */
    kf_refusals_close(&self.refusals);
    kf_socket_destroy(&self.beats);
    kf_bus_destroy(&self.bus);
    kf_text_clear(&self.frame);
    close_descriptor(self.terminal);
    close_descriptor(self.signals);
    return code;
}
