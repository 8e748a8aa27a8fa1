/* kf top: the line of stages, live in a terminal, or once for scripts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/bus/keys.h"
#include "common/codec/json_writer.h"
#include "common/service/endpoint.h"
#include "services/board/line/line_json.h"
#include "services/board/line/listener.h"
#include "tools/kf/command.h"
#include "tools/kf/top_denied.h"
#include "tools/kf/top_screen.h"
#include "tools/kf/top_terminal.h"

#define PATH_BYTES_MAX      4096
#define TEXT_BYTES_MAX      ((size_t)4 * 1024 * 1024)
#define ENDPOINTS_BYTES_MAX 8191
#define HEAR_ALL_MS         2000 /* how long --once waits for stages that were not heard of */
#define SETTLE_MS           1200 /* two beats: then rates and ends are known */
#define FRAME_MS            250  /* no frame sooner after another */
#define CLOCK_MS            1000 /* a frame at least so often: ages grow */
#define COLUMNS_PRINTED     160  /* of what is no terminal */

static const struct kf_argument options[] = {
    {"run-dir", KF_ARGUMENT_ONE, "DIR", NULL, false,
     "where the services' sockets are [$KF_RUN_DIR, $XDG_RUNTIME_DIR/kostraflow or "
     "/tmp/kostraflow-UID]"},
    {"status-endpoints", KF_ARGUMENT_MANY, "SERVICE=ENDPOINT", NULL, false,
     "where services on other machines tell how they are; the first of a service is its instance "
     "0, and so on"},
    {"keys", KF_ARGUMENT_ONE, "DIR", NULL, false,
     "folder with watcher.key and peers, as `kf keys new` makes them; for tcp endpoints"},
    {"insecure-tcp", KF_ARGUMENT_FLAG, NULL, NULL, false, "allow tcp endpoints without keys"},
    {"once", KF_ARGUMENT_FLAG, NULL, NULL, false,
     "listen for a moment, print what is known, and end; so does a standard output that is no "
     "terminal"},
    {"format", KF_ARGUMENT_ONE, "text|json", "text", false,
     "json: one object, as the board's /api/status has it; implies --once"},
};

static int run(const struct kf_arguments *arguments);

const struct kf_command_class kf_command_top = {
    .name = "top",
    .usage = "[--run-dir DIR] [--status-endpoints SERVICE=ENDPOINT…] [--keys DIR] [--once] "
             "[--format text|json]",
    .purpose = "watch the stages live: states, panels, window, held releases, Kafka",
    .help =
        "Shows every worker of every stage as its status beats tell it, twice a second, in the\n"
        "order in which a panel walks. It only listens: nothing in the pipeline changes by it, "
        "and\n"
        "it may be started and left at any time. q or Ctrl-C leaves.\n\n"
        "States: ready, starting, waiting (alive, but for what stands below it), draining (it\n"
        "stops), silent (no beat for 1.5 s: it computes for long, was stopped, or the network is\n"
        "dead), gone (its connection has ended: it was killed or has stopped), unknown (never\n"
        "heard of). Columns: for: how long in this state; in, out, rejected: panels since it\n"
        "started; inside: panels that it holds now; panels/s: over the last ten seconds.\n"
        "Below: what is in ingest's window, which releases are open or held for approval and why,\n"
        "the calendar's next publication (Oslo's clock), how publish stands with Kafka, and how\n"
        "long each step of the newest releases took.\n\n"
        "With --once the exit code is 0 when every stage is alive, else 1.\n\n"
        "Examples:\n"
        "  kf top\n"
        "  kf top --run-dir /run/kostraflow --once\n"
        "  kf top --format json | jq '.stages[] | select(.state != \"ready\")'\n"
        "  kf top --keys keys --status-endpoints ingest=tcp://10.0.0.1:5700 \\\n"
        "    need=tcp://10.0.0.2:5701 need=tcp://10.0.0.3:5701 publish=tcp://10.0.0.4:5705",
    .arguments = options,
    .arguments_len = sizeof options / sizeof options[0],
    .run = run,
};

/* What is opened. */
struct top {
    bool json;
    bool once;
    bool colour;
    char run_dir[PATH_BYTES_MAX];
    struct kf_text endpoints[KF_LISTENER_SERVICES];
    struct kf_bus *bus;
    struct kf_line *line;
    struct kf_listener *listener;
    int64_t tend_ms;
    struct kf_top_denied denied;
};

/* --- arguments ------------------------------------------------------------------------------- */

static void find_run_dir(const struct kf_arguments *arguments, struct top *self)
{
    const char *given = kf_arguments_one(arguments, "run-dir");
    const char *environment = getenv("KF_RUN_DIR");
    struct kf_text usual;
    kf_text_init(&usual, sizeof self->run_dir - 1);
    if (given || (environment && environment[0])) {
        kf_text_add(&usual, given ? given : environment);
    } else {
        kf_endpoint_run_dir(&usual);
    }
    (void)snprintf(self->run_dir, sizeof self->run_dir, "%s", usual.bytes);
    kf_text_clear(&usual);
}

static enum kf_err add_endpoint(struct top *self, const char *text, struct kf_error *err)
{
    char service[32];
    enum kf_role role = KF_ROLES;
    size_t length = strcspn(text, "=");
    (void)snprintf(service, sizeof service, "%.*s", (int)(length < 31 ? length : 31), text);
    if (text[length] == '\0' || !kf_role_parse(service, &role) || role == KF_ROLE_WATCHER) {
        return kf_error_set(err, KF_ERR_CONFIG,
                            "--status-endpoints %.80s: write SERVICE=ENDPOINT with a service from "
                            "ingest, need, normalize, aggregate, efficiency, publish",
                            text);
    }
    struct kf_text *list = &self->endpoints[role];
    kf_text_add(list, list->length > 0 ? "," : "");
    kf_text_add(list, text + length + 1);
    return list->failed
               ? kf_error_set(err, KF_ERR_LIMIT, "--status-endpoints: too many of %s", service)
               : KF_OK;
}

static enum kf_err read_arguments(const struct kf_arguments *arguments, struct top *self,
                                  struct kf_error *err)
{
    const char *format = kf_arguments_one(arguments, "format");
    const char *no_colour = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");
    const char *const *texts = NULL;
    bool dumb = !terminal || strcmp(terminal, "dumb") == 0;
    self->json = strcmp(format, "json") == 0;
    if (!self->json && strcmp(format, "text") != 0) {
        return kf_error_set(err, KF_ERR_CONFIG, "--format %s: give text or json", format);
    }
    bool screen = isatty(STDOUT_FILENO) && !dumb;
    self->once =
        kf_arguments_flag(arguments, "once") || self->json || !screen || isatty(STDIN_FILENO) == 0;
    self->colour = screen && (!no_colour || no_colour[0] == '\0');
    find_run_dir(arguments, self);
    size_t count = kf_arguments_many(arguments, "status-endpoints", &texts);
    enum kf_err code = KF_OK;
    for (size_t i = 0; i < count && code == KF_OK; i++) {
        code = add_endpoint(self, texts[i], err);
    }
    return code;
}

/* --- opening --------------------------------------------------------------------------------- */

static void print_faults(const struct kf_findings *findings)
{
    struct kf_text page;
    kf_text_init(&page, TEXT_BYTES_MAX);
    kf_findings_print(findings, &page);
    (void)fputs(page.bytes, stderr);
    kf_text_clear(&page);
}

static enum kf_err secure(struct top *self, const char *dir, struct kf_error *err)
{
    struct kf_keys keys;
    struct kf_findings *findings = kf_calloc(1, sizeof *findings);
    if (!findings) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory to read the keys");
    }
    kf_findings_init(findings);
    enum kf_err code = kf_keys_read(dir, KF_ROLE_WATCHER, &keys, findings, err);
    if (code == KF_OK) {
        code = kf_bus_secure(self->bus, &keys, err);
    } else {
        print_faults(findings);
    }
    kf_keys_wipe(&keys);
    kf_findings_clear(findings);
    kf_free(findings);
    return code;
}

static enum kf_err open_bus(const struct kf_arguments *arguments, struct top *self,
                            struct kf_error *err)
{
    const char *keys = kf_arguments_one(arguments, "keys");
    enum kf_err code = kf_bus_new(&self->bus, err);
    if (code == KF_OK && keys) {
        return secure(self, keys, err);
    }
    if (code == KF_OK && kf_arguments_flag(arguments, "insecure-tcp")) {
        kf_bus_allow_open_tcp(self->bus);
    }
    return code;
}

static enum kf_err open_listener(struct top *self, struct kf_error *err)
{
    struct kf_listener_options listener = {.run_dir = self->run_dir};
    self->line = kf_line_new();
    if (!self->line) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the line");
    }
    listener.bus = self->bus;
    listener.line = self->line;
    for (size_t i = 0; i < KF_LISTENER_SERVICES; i++) {
        listener.endpoints[i] = self->endpoints[i].bytes;
    }
    enum kf_err code = kf_listener_open(&listener, &self->listener, err);
    kf_bus_forget_secret(self->bus);
    return code;
}

static void close_all(struct top *self)
{
    kf_listener_close(&self->listener);
    kf_bus_destroy(&self->bus);
    kf_line_destroy(&self->line);
    for (size_t i = 0; i < KF_LISTENER_SERVICES; i++) {
        kf_text_clear(&self->endpoints[i]);
    }
}

/* --- listening ------------------------------------------------------------------------------- */

/* Why connections do not come about, in words. */
static void tend_when_due(struct top *self, int64_t now_ms)
{
    struct kf_bus_denied denied;
    if (now_ms < self->tend_ms) {
        return;
    }
    self->tend_ms = now_ms + 1000;
    if (kf_bus_tend(self->bus, &denied) && denied.out.count > 0) {
        kf_top_denied_note(&self->denied, denied.out.address, denied.out.reason, now_ms);
    }
}

/* Waits for beats, an end, or anything in the first `count` of the items, until `deadline_ms` at
 * the latest, and takes in what there is. */
static enum kf_err listen_until(struct top *self, struct kf_poll_item *items, size_t count,
                                int64_t deadline_ms, struct kf_error *err)
{
    count += kf_listener_wait(self->listener, items + count, &deadline_ms);
    int64_t wait_ms = deadline_ms - kf_clock_monotonic_ms();
    enum kf_err code = kf_poll(items, count, wait_ms > 0 ? wait_ms : 0, err);
    if (code == KF_OK) {
        kf_listener_work(self->listener);
        tend_when_due(self, kf_clock_monotonic_ms());
    }
    return code;
}

/* --- once ------------------------------------------------------------------------------------ */

static bool all_alive(const struct top *self)
{
    size_t count = 0;
    bool alive = true;
    const struct kf_line_stage *stages = kf_line_stages(self->line, &count);
    for (size_t i = 0; i < count; i++) {
        alive = alive && kf_line_is_alive(stages[i].state);
    }
    return alive && count > 0;
}

static bool none_alive(const struct top *self)
{
    size_t count = 0;
    bool none = true;
    const struct kf_line_stage *stages = kf_line_stages(self->line, &count);
    for (size_t i = 0; i < count; i++) {
        none = none && !kf_line_is_alive(stages[i].state);
    }
    return none;
}

/* A folder that is not the services' looks like services that do not run. */
static void tell_nobody(const struct top *self)
{
    if (none_alive(self)) {
        (void)fprintf(stderr,
                      "kf top: nobody is heard in %s: do the services run, and is this their "
                      "--run-dir?\n",
                      self->run_dir);
    }
}

/* Until all were heard, or nobody else is to be expected. */
static enum kf_err listen_once(struct top *self, struct kf_error *err)
{
    struct kf_poll_item items[KF_LISTENER_SERVICES];
    int64_t began_ms = kf_clock_monotonic_ms();
    int64_t now_ms = began_ms;
    enum kf_err code = KF_OK;
    while (code == KF_OK && now_ms < began_ms + HEAR_ALL_MS &&
           !(all_alive(self) && now_ms >= began_ms + SETTLE_MS)) {
        bool heard = all_alive(self);
        code = listen_until(self, items, 0, began_ms + (heard ? SETTLE_MS : HEAR_ALL_MS), err);
        now_ms = kf_clock_monotonic_ms();
    }
    return code;
}

static void add_json(const struct top *self, struct kf_text *text)
{
    kf_json_open(text, NULL, '{');
    kf_json_whole(text, "nowMs", kf_clock_wall_ms());
    kf_json_text(text, "program", KF_VERSION);
    kf_line_json(self->line, text);
    kf_json_close(text, '}');
    kf_text_add_char(text, '\n');
}

static void add_text(const struct top *self, struct kf_text *text)
{
    struct kf_top_screen screen = {.columns = COLUMNS_PRINTED,
                                   .colour = self->colour,
                                   .now_ms = kf_clock_wall_ms(),
                                   .hint = "",
                                   .denied =
                                       kf_top_denied_text(&self->denied, kf_clock_monotonic_ms())};
    size_t rows = 0;
    if (isatty(STDOUT_FILENO)) {
        kf_top_terminal_size(&screen.columns, &rows);
    }
    kf_top_draw(self->line, &screen, "\n", text);
}

static enum kf_err print_once(struct top *self, struct kf_error *err)
{
    struct kf_text text;
    enum kf_err code = listen_once(self, err);
    if (code != KF_OK) {
        return code;
    }
    kf_text_init(&text, TEXT_BYTES_MAX);
    if (self->json) {
        add_json(self, &text);
    } else {
        add_text(self, &text);
    }
    if (text.failed) {
        code = kf_error_set(err, KF_ERR_MEMORY, "no memory for what is to be printed");
    } else if (fputs(text.bytes, stdout) < 0 || fflush(stdout) != 0) {
        code = kf_error_set(err, KF_ERR_IO, "standard output cannot be written");
    }
    kf_text_clear(&text);
    return code;
}

/* --- live ------------------------------------------------------------------------------------ */

static enum kf_err show(struct top *self, struct kf_top_terminal *terminal, struct kf_text *frame,
                        struct kf_error *err)
{
    struct kf_top_screen screen = {.colour = self->colour,
                                   .now_ms = kf_clock_wall_ms(),
                                   .hint = "q quits",
                                   .denied =
                                       kf_top_denied_text(&self->denied, kf_clock_monotonic_ms())};
    kf_top_terminal_size(&screen.columns, &screen.rows);
    kf_text_reset(frame);
    kf_top_draw(self->line, &screen, KF_TOP_TERMINAL_END, frame);
    return kf_top_terminal_show(terminal, frame, err);
}

/* A frame when something is new, though not too often, and once a second in any case. */
static enum kf_err watch(struct top *self, struct kf_top_terminal *terminal, struct kf_text *frame,
                         struct kf_error *err)
{
    struct kf_poll_item items[KF_LISTENER_SERVICES + 2];
    uint64_t shown = kf_line_changes(self->line) - 1;
    int64_t shown_ms = 0;
    bool redraw = false;
    enum kf_err code = KF_OK;
    while (code == KF_OK && !kf_top_terminal_left(terminal, &redraw)) {
        int64_t now_ms = kf_clock_monotonic_ms();
        bool new_ = shown != kf_line_changes(self->line);
        if (redraw || now_ms >= shown_ms + (new_ ? FRAME_MS : CLOCK_MS)) {
            code = show(self, terminal, frame, err);
            shown = kf_line_changes(self->line);
            shown_ms = now_ms;
            redraw = false;
            new_ = false;
        }
        if (code == KF_OK) {
            size_t count = kf_top_terminal_wait(terminal, items);
            code = listen_until(self, items, count, shown_ms + (new_ ? FRAME_MS : CLOCK_MS), err);
        }
    }
    return code;
}

static enum kf_err watch_live(struct top *self, struct kf_error *err)
{
    struct kf_top_terminal *terminal = NULL;
    struct kf_text frame;
    enum kf_err code = kf_top_terminal_open(&terminal, err);
    if (code != KF_OK) {
        return code;
    }
    kf_text_init(&frame, TEXT_BYTES_MAX);
    code = watch(self, terminal, &frame, err);
    kf_text_clear(&frame);
    kf_top_terminal_close(&terminal);
    return code;
}

/* --- the command ----------------------------------------------------------------------------- */

static enum kf_err top(const struct kf_arguments *arguments, struct top *self, struct kf_error *err)
{
    enum kf_err code = read_arguments(arguments, self, err);
    if (code == KF_OK) {
        code = open_bus(arguments, self, err);
    }
    if (code == KF_OK) {
        code = open_listener(self, err);
    }
    if (code == KF_OK) {
        code = self->once ? print_once(self, err) : watch_live(self, err);
    }
    return code;
}

static int run(const struct kf_arguments *arguments)
{
    struct top self = {0};
    struct kf_error err = {0};
    for (size_t i = 0; i < KF_LISTENER_SERVICES; i++) {
        kf_text_init(&self.endpoints[i], ENDPOINTS_BYTES_MAX);
    }
    enum kf_err code = top(arguments, &self, &err);
    int exit_code = KF_EXIT_OK;
    if (code != KF_OK) {
        (void)fprintf(stderr, "kf top: %s\n", err.text);
        exit_code = code == KF_ERR_CONFIG ? KF_EXIT_USAGE : KF_EXIT_FAILED;
    } else if (self.once && !all_alive(&self)) {
        tell_nobody(&self);
        exit_code = KF_EXIT_FAILED;
    }
    close_all(&self);
    return exit_code;
}
