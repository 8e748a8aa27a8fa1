#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/service/endpoint.h"
#include "services/ingest/places.h"
#include "tools/kf/command.h"
#include "tools/kf/folder.h"
#include "tools/kf/supervisor.h"
#include "tools/kf/waiting.h"

#define PATH_BYTES_MAX 4096
#define DRAIN_S_MAX    600
#define PORT_MAX       65535
#define END_BYTES_MAX  256

static const struct kf_argument options[] = {
    {"bootstrap-servers", KF_ARGUMENT_ONE, "HOST:PORT,…", NULL, false,
     "Kafka to publish to; without it a broker for development is started"},
    {"broker-port", KF_ARGUMENT_ONE, "PORT", "9092", false,
     "port of the development broker; 0 takes any free one"},
    {"kafka-config", KF_ARGUMENT_ONE, "FILE", NULL, false,
     "key=value lines handed on to librdkafka, for security above all"},
    {"topic-prefix", KF_ARGUMENT_ONE, "PREFIX", "kostra", false, "first part of the topics' names"},
    {"encoding", KF_ARGUMENT_ONE, "json|protobuf", "json", false, "form of the values"},
    {"hold-bytes-max", KF_ARGUMENT_ONE, "BYTES", NULL, false,
     "memory of publish for the panels of one release, such as 2G; a release that takes more is "
     "rejected [512M]"},
    {"hold", KF_ARGUMENT_ONE, "on|off", NULL, false,
     "hold a release back for `kf releases approve` when its figures differ wildly from those "
     "that it replaces [on]"},
    {"ssb", KF_ARGUMENT_ONE, "on|URL", NULL, false,
     "watch Statistics Norway's tables for the editions that name any [not watched]"},
    {"klass", KF_ARGUMENT_ONE, "on|URL", NULL, false,
     "compare municipality codes with KLASS once a day, while tables are watched [never]"},
    {"day", KF_ARGUMENT_ONE, "START[,SPEED[,ANCHOR]]", NULL, false,
     "for tests and demonstrations: the day that the watch lives in [the real clock]"},
    {"board", KF_ARGUMENT_ONE, "PORT", NULL, false,
     "serve the board, its page for operators and the articles, on this port of 127.0.0.1; 0 takes "
     "any free one [no board]"},
    {"state-dir", KF_ARGUMENT_ONE, "DIR", "kostraflow-state", false,
     "ledger, observations and what the board keeps; made when it is not there"},
    {"inbox", KF_ARGUMENT_ONE, "DIR", NULL, false, "watched folder [STATE-DIR/inbox]"},
    {"log-dir", KF_ARGUMENT_ONE, "DIR", NULL, false, "a log for each process [STATE-DIR/log]"},
    {"run-dir", KF_ARGUMENT_ONE, "DIR", NULL, false,
     "sockets; a short path [$XDG_RUNTIME_DIR/kostraflow or /tmp/kostraflow-UID]"},
    {"editions", KF_ARGUMENT_ONE, "DIR", NULL, false, "editions folder"},
    {"workers", KF_ARGUMENT_MANY, "STAGE=N", NULL, false,
     "processes of a stage (need, normalize, aggregate, efficiency) [1 each]"},
    {"drain-timeout", KF_ARGUMENT_ONE, "SECONDS", "10", false,
     "how long a process may take to hand over what it holds when stopping"},
    {"ready-file", KF_ARGUMENT_ONE, "FILE", NULL, false,
     "written when all are ready: bootstrap=, inbox=, run-dir=, state-dir=, with a board "
     "board=, a line each; removed at the start and at the end"},
    {"quiet", KF_ARGUMENT_FLAG, NULL, NULL, false, "say nothing but what went wrong"},
    {"plain", KF_ARGUMENT_FLAG, NULL, NULL, false,
     "a line for every change, on a terminal too, instead of lines that stand still"},
};

static int run(const struct kf_arguments *arguments);

const struct kf_command_class kf_command_up = {
    .name = "up",
    .usage = "[--bootstrap-servers HOST:PORT] [--state-dir DIR] [--workers STAGE=N…]",
    .purpose =
        "run all services on this machine, with a broker for development unless one is named",
    .help =
        "Starts the six services as processes and watches over them: what dies is started again,\n"
        "what is given impossible settings stops everything with its last log lines. Shows a line\n"
        "for each stage. Drop a CSV file of observations into the inbox (write it under another\n"
        "name and rename it in), and the release appears on the topics.\n\n"
        "Ctrl-C stops in order: ingest first, each stage after the one before it, publish and the\n"
        "broker last. A release that is not on the topics by then waits in the ledger and goes on\n"
        "at the next start. A second Ctrl-C leaves at once.\n\n"
        "SIGHUP makes the services read their settings and editions anew; one that finds faults\n"
        "there names them in its log and goes on as it was.\n\n"
        "A file dropped alone is a release of its own. Figures that belong together, such as a\n"
        "population and the indices computed with it, are dropped as one folder (`mv DIR "
        "INBOX`).\n\n"
        "The development broker stores nothing on disk and keeps only the newest 5 MiB of each\n"
        "topic: of a large release (the whole country over many years) it drops the first rows,\n"
        "and kf show then says so. Use a Kafka for what matters: --bootstrap-servers.\n\n"
        "With --board PORT one more process reads the topics and the services' status beats and\n"
        "shows both in a browser. It is started again like the others; when it cannot work (its\n"
        "port is taken) that is told, and the pipeline goes on without it. What it keeps lies in\n"
        "STATE-DIR/board.db, which may be deleted while it does not run.\n\n"
        "A service's other options are given as environment variables: its --help names them\n"
        "(KF_WINDOW=8 kf up).\n\n"
        "Exit codes: 0 all stopped cleanly, also when releases wait in the ledger (the last line\n"
        "says how many); 1 a process failed, was cut short with a panel inside or had to be\n"
        "killed (nothing is lost: the ledger has it), or the ledger cannot be read; 2 settings\n"
        "that kf up or a service cannot work with.\n\n"
        "Examples:\n"
        "  kf up\n"
        "  kf up --board 9467\n"
        "  kf up --bootstrap-servers kafka1:9092,kafka2:9092 --state-dir /var/lib/kostraflow \\\n"
        "        --workers need=2 normalize=4",
    .arguments = options,
    .arguments_len = sizeof options / sizeof options[0],
    .run = run,
};

/* The folders, made and named from the root on. */
struct folders {
    char programs[PATH_BYTES_MAX];
    char state[PATH_BYTES_MAX];
    char inbox[PATH_BYTES_MAX];
    char log[PATH_BYTES_MAX];
    char run[PATH_BYTES_MAX];
    char editions[PATH_BYTES_MAX];
};

/* As mkdir -p. */
static bool make_folders(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        bool made = mkdir(path, 0777) == 0 || errno == EEXIST;
        *slash = '/';
        if (!made) {
            return false;
        }
    }
    return mkdir(path, 0777) == 0 || errno == EEXIST;
}

static enum kf_err absolute(const char *path, char full[PATH_BYTES_MAX], struct kf_error *err)
{
    char resolved[PATH_MAX];
    if (!realpath(path, resolved) || strlen(resolved) >= PATH_BYTES_MAX) {
        return kf_error_set_errno(err, KF_ERR_CONFIG, errno, "%s", path);
    }
    (void)snprintf(full, PATH_BYTES_MAX, "%s", resolved);
    return KF_OK;
}

/* `given`, or `name` under `parent` when it is NULL; made when it is not there. */
static enum kf_err prepare(const char *given, const char *parent, const char *name,
                           char full[PATH_BYTES_MAX], struct kf_error *err)
{
    char path[PATH_BYTES_MAX];
    int length = given ? snprintf(path, sizeof path, "%s", given)
                       : snprintf(path, sizeof path, "%s/%s", parent, name);
    if (length <= 0 || (size_t)length >= sizeof path) {
        return kf_error_set(err, KF_ERR_CONFIG, "a folder's name is empty or too long");
    }
    if (!make_folders(path)) {
        return kf_error_set_errno(err, KF_ERR_CONFIG, errno, "cannot make the folder %s", path);
    }
    return absolute(path, full, err);
}

static enum kf_err find_programs(char programs[PATH_BYTES_MAX], struct kf_error *err)
{
    struct kf_text folder;
    kf_text_init(&folder, PATH_BYTES_MAX - 1);
    kf_folder_beside(".", &folder);
    bool found = folder.length > 0 && !folder.failed;
    (void)snprintf(programs, PATH_BYTES_MAX, "%s", folder.bytes);
    kf_text_clear(&folder);
    return found ? KF_OK : kf_error_set(err, KF_ERR_IO, "cannot find this program's folder");
}

static enum kf_err find_editions(const char *given, char editions[PATH_BYTES_MAX],
                                 struct kf_error *err)
{
    struct kf_text path;
    kf_text_init(&path, PATH_BYTES_MAX);
    enum kf_err code = kf_folder_find(given, &path, err);
    if (code == KF_OK) {
        code = absolute(path.bytes, editions, err);
    }
    kf_text_clear(&path);
    return code;
}

static enum kf_err find_run_dir(const char *given, char run_dir[PATH_BYTES_MAX],
                                struct kf_error *err)
{
    struct kf_text usual;
    mode_t before = umask(077); /* whoever can write there can speak to the services */
    kf_text_init(&usual, PATH_BYTES_MAX);
    kf_endpoint_run_dir(&usual);
    enum kf_err code = prepare(given ? given : usual.bytes, NULL, NULL, run_dir, err);
    kf_text_clear(&usual);
    (void)umask(before);
    return code;
}

static enum kf_err find_folders(const struct kf_arguments *arguments, struct folders *folders,
                                struct kf_error *err)
{
    const char *state = kf_arguments_one(arguments, "state-dir");
    const char *inbox = kf_arguments_one(arguments, "inbox");
    const char *log = kf_arguments_one(arguments, "log-dir");
    enum kf_err code = find_programs(folders->programs, err);
    if (code == KF_OK) {
        code = find_editions(kf_arguments_one(arguments, "editions"), folders->editions, err);
    }
    if (code == KF_OK) {
        code = prepare(state, NULL, NULL, folders->state, err);
    }
    if (code == KF_OK) {
        code = prepare(inbox, folders->state, "inbox", folders->inbox, err);
    }
    if (code == KF_OK) {
        code = prepare(log, folders->state, "log", folders->log, err);
    }
    return code == KF_OK ? find_run_dir(kf_arguments_one(arguments, "run-dir"), folders->run, err)
                         : code;
}

static enum kf_err read_drain(const char *text, unsigned *seconds, struct kf_error *err)
{
    unsigned long number = 0;
    if (!kf_text_to_unsigned(text, strlen(text), DRAIN_S_MAX, &number)) {
        return kf_error_set(err, KF_ERR_CONFIG, "--drain-timeout %s: give 0 to %d seconds", text,
                            DRAIN_S_MAX);
    }
    *seconds = (unsigned)number;
    return KF_OK;
}

static enum kf_err check_board(const char *port, struct kf_error *err)
{
    unsigned long number = 0;
    if (port && !kf_text_to_unsigned(port, strlen(port), PORT_MAX, &number)) {
        return kf_error_set(err, KF_ERR_CONFIG, "--board %s: give a port, 0 to %d", port, PORT_MAX);
    }
    return KF_OK;
}

/* What the services check themselves (prefix, encoding, port) is left to them. */
static enum kf_err read_fleet(const struct kf_arguments *arguments, const struct folders *folders,
                              struct kf_fleet *fleet, struct kf_error *err)
{
    const char *const *workers = NULL;
    size_t count = kf_arguments_many(arguments, "workers", &workers);
    *fleet = (struct kf_fleet){
        .run_dir = folders->run,
        .state_dir = folders->state,
        .inbox = folders->inbox,
        .editions = folders->editions,
        .topic_prefix = kf_arguments_one(arguments, "topic-prefix"),
        .encoding = kf_arguments_one(arguments, "encoding"),
        .kafka_config = kf_arguments_one(arguments, "kafka-config"),
        .hold_bytes_max = kf_arguments_one(arguments, "hold-bytes-max"),
        .hold = kf_arguments_one(arguments, "hold"),
        .ssb = kf_arguments_one(arguments, "ssb"),
        .klass = kf_arguments_one(arguments, "klass"),
        .day = kf_arguments_one(arguments, "day"),
        .broker_port = kf_arguments_one(arguments, "broker-port"),
        .board_port = kf_arguments_one(arguments, "board"),
    };
    enum kf_err code =
        read_drain(kf_arguments_one(arguments, "drain-timeout"), &fleet->drain_s, err);
    if (code == KF_OK) {
        code = check_board(fleet->board_port, err);
    }
    return code == KF_OK ? kf_fleet_set_workers(fleet, workers, count, err) : code;
}

static struct kf_progress *open_progress(const struct kf_arguments *arguments,
                                         const struct kf_fleet *fleet)
{
    const char *no_colour = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");
    bool plain = kf_arguments_flag(arguments, "plain") || !terminal ||
                 strcmp(terminal, "dumb") == 0 || !isatty(STDOUT_FILENO);
    struct kf_progress_options progress = {
        .out = stdout,
        .live = !plain,
        .colour = !plain && (!no_colour || no_colour[0] == '\0'),
        .quiet = kf_arguments_flag(arguments, "quiet"),
    };
    return kf_progress_new(fleet, &progress);
}

/* A ledger outlives the development broker, which starts empty: better said than wondered about. */
static void tell_about_state(struct kf_progress *progress, const struct kf_fleet *fleet)
{
    char ledger[PATH_BYTES_MAX + 16];
    (void)snprintf(ledger, sizeof ledger, "%s/" KF_PLACES_LEDGER, fleet->state_dir);
    if (access(ledger, F_OK) == 0) {
        kf_progress_note(progress,
                         "note: the development broker starts empty, and what the ledger in %s "
                         "already published is not sent again; another --state-dir starts afresh",
                         fleet->state_dir);
    }
}

/* The last word: what waits in the ledger, now that ingest has ended. That is not a fault, so when
 * quiet it is told with faults only. */
static enum kf_err tell_end(struct kf_progress *progress, const struct kf_fleet *fleet, bool clean,
                            struct kf_error *err)
{
    struct kf_text end;
    uint64_t releases = 0;
    enum kf_err code = kf_waiting_count(fleet->state_dir, &releases, err);
    if (code != KF_OK) {
        return code;
    }
    kf_text_init(&end, END_BYTES_MAX);
    kf_waiting_print(releases, &end);
    if (clean) {
        kf_progress_note(progress, "stopped; %s", end.bytes);
    } else if (releases > 0) {
        kf_progress_fault(progress, "%s", end.bytes);
    }
    kf_text_clear(&end);
    return KF_OK;
}

static enum kf_err up(const struct kf_arguments *arguments, const struct kf_fleet *fleet,
                      const struct folders *folders, struct kf_error *err)
{
    struct kf_progress *progress = open_progress(arguments, fleet);
    if (!progress) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory");
    }
    struct kf_supervisor_options supervisor = {
        .fleet = fleet,
        .program_dir = folders->programs,
        .log_dir = folders->log,
        .bootstrap_servers = kf_arguments_one(arguments, "bootstrap-servers"),
        .ready_file = kf_arguments_one(arguments, "ready-file"),
        .progress = progress,
    };
    if (!supervisor.bootstrap_servers) {
        tell_about_state(progress, fleet);
    }
    enum kf_err code = kf_supervisor_run(&supervisor, err);
    struct kf_error unread = {0};
    if (tell_end(progress, fleet, code == KF_OK, &unread) != KF_OK) {
        kf_progress_fault(progress, "cannot tell what waits in the ledger: %s", unread.text);
        code = code == KF_OK ? KF_ERR_PEER : code;
    }
    kf_progress_destroy(&progress);
    return code;
}

/* Whoever waits for the file must not find that of an earlier run. */
static enum kf_err remove_ready_file(const char *path, struct kf_error *err)
{
    if (path && unlink(path) != 0 && errno != ENOENT) {
        return kf_error_set_errno(err, KF_ERR_CONFIG, errno, "cannot remove %s", path);
    }
    return KF_OK;
}

static int run(const struct kf_arguments *arguments)
{
    static struct folders folders;
    struct kf_fleet fleet = {0};
    struct kf_error err = {0};
    const char *ready_file = kf_arguments_one(arguments, "ready-file");
    enum kf_err code = remove_ready_file(ready_file, &err);
    if (code == KF_OK) {
        code = find_folders(arguments, &folders, &err);
    }
    if (code == KF_OK) {
        code = read_fleet(arguments, &folders, &fleet, &err);
    }
    if (code == KF_OK) {
        code = up(arguments, &fleet, &folders, &err);
        (void)remove_ready_file(ready_file, NULL);
    }
    if (code != KF_OK && err.text[0] != '\0') {
        (void)fprintf(stderr, "kf up: %s\n", err.text);
    }
    return code == KF_OK ? KF_EXIT_OK : code == KF_ERR_CONFIG ? KF_EXIT_USAGE : KF_EXIT_FAILED;
}
