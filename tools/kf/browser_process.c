#include "tools/kf/browser_process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/memory.h"
#include "tools/kf/child.h"

#define WORDS_MAX       32
#define TEXT_BYTES_MAX  ((size_t)1024 * 1024)
#define COMPLAINT_LINES 2

extern char **environ;

/* What it does without: first everything that would speak to anybody. The network goes through a
 * proxy that nobody is behind, loopback too, and no name is found. */
static const char *const words_fixed[] = {
    "--headless",
    "--remote-debugging-pipe",
    "--no-startup-window",
    "--proxy-server=socks5://127.0.0.1:1",
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-domain-reliability",
    "--disable-client-side-phishing-detection",
    "--disable-breakpad",
    "--disable-extensions",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-default-browser-check",
    "--mute-audio",
    "--font-render-hinting=none",
};
#define WORDS_FIXED (sizeof words_fixed / sizeof words_fixed[0])

/* A list of texts that live as long as `text`; NULL-terminated. */
struct words {
    struct kf_text text; /* each with its NUL */
    char **list;
};

static void words_clear(struct words *self)
{
    kf_text_clear(&self->text);
    kf_free(self->list);
}

static void words_add(struct words *self, const char *before, const char *word)
{
    kf_text_add(&self->text, before);
    kf_text_add_bytes(&self->text, word, strlen(word) + 1);
}

static enum kf_err words_finish(struct words *self, struct kf_error *err)
{
    size_t count = 0;
    for (size_t i = 0; i < self->text.length; i++) {
        count += self->text.bytes[i] == '\0';
    }
    self->list = self->text.failed ? NULL : kf_calloc(count + 1, sizeof *self->list);
    if (!self->list) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for a command line");
    }
    char *word = self->text.bytes;
    for (size_t i = 0; i < count; i++, word += strlen(word) + 1) {
        self->list[i] = word;
    }
    return KF_OK;
}

static enum kf_err make_command(const char *program, const char *folder, struct words *command,
                                struct kf_error *err)
{
    words_add(command, "", program);
    for (size_t i = 0; i < WORDS_FIXED; i++) {
        words_add(command, "", words_fixed[i]);
    }
    words_add(command, "--user-data-dir=", folder);
    if (geteuid() == 0) {
        words_add(command, "", "--no-sandbox");
    }
    return words_finish(command, err);
}

static bool is_replaced(const char *variable)
{
    static const char *const names[] = {
        "HOME=", "TMPDIR=", "XDG_CONFIG_HOME=", "XDG_CACHE_HOME=", "XDG_DATA_HOME="};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strncmp(variable, names[i], strlen(names[i])) == 0) {
            return true;
        }
    }
    return false;
}

static enum kf_err make_environment(const char *folder, struct words *environment,
                                    struct kf_error *err)
{
    for (char **variable = environ; *variable; variable++) {
        if (!is_replaced(*variable)) {
            words_add(environment, "", *variable);
        }
    }
    words_add(environment, "HOME=", folder);
    words_add(environment, "TMPDIR=", folder);
    return words_finish(environment, err);
}

static void log_path(const char *folder, char path[], size_t size)
{
    (void)snprintf(path, size, "%s/browser.log", folder);
}

/* The descriptors that the child starts with. */
struct ends {
    int ours;
    int theirs;
    int null;
    int log;
};

static void close_one(int *descriptor)
{
    if (*descriptor >= 0) {
        (void)close(*descriptor);
        *descriptor = -1;
    }
}

/* Above 4, so that the places 0 to 4 can be filled in any order. */
static int above(int descriptor)
{
    int moved = descriptor < 0 ? -1 : fcntl(descriptor, F_DUPFD_CLOEXEC, 5);
    close_one(&descriptor);
    return moved;
}

static enum kf_err open_ends(const char *folder, struct ends *ends, struct kf_error *err)
{
    int pair[2] = {-1, -1};
    char log[4096];
    log_path(folder, log, sizeof log);
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
        return kf_error_set_errno(err, KF_ERR_IO, errno, "no room for a browser");
    }
    ends->ours = pair[0];
    ends->theirs = above(pair[1]);
    ends->null = above(open("/dev/null", O_RDWR | O_CLOEXEC));
    ends->log = above(open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    if (ends->theirs < 0 || ends->null < 0 || ends->log < 0 ||
        fcntl(ends->ours, F_SETFL, O_NONBLOCK) != 0) {
        return kf_error_set_errno(err, KF_ERR_IO, errno, "no room for a browser");
    }
    return KF_OK;
}

/* In the child: becomes the browser. Only calls that are safe between fork and exec. */
static void become(const struct words *command, const struct words *environment,
                   const struct ends *ends, pid_t parent)
{
    static const char complaint[] = "the program cannot be run\n";
    sigset_t none;
    (void)sigemptyset(&none);
    (void)signal(SIGPIPE, SIG_DFL);
    bool set = prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent && setpgid(0, 0) == 0 &&
               dup2(ends->null, 0) >= 0 && dup2(ends->null, 1) >= 0 && dup2(ends->log, 2) >= 0 &&
               dup2(ends->theirs, 3) >= 0 && dup2(ends->theirs, 4) >= 0 &&
               sigprocmask(SIG_SETMASK, &none, NULL) == 0;
    if (set) {
        (void)execve(command->list[0], command->list, environment->list);
    }
    ssize_t written = write(2, complaint, sizeof complaint - 1);
    (void)written;
    _exit(2);
}

static enum kf_err start(const struct words *command, const struct words *environment,
                         struct ends *ends, struct kf_browser_process *process,
                         struct kf_error *err)
{
    pid_t parent = getpid();
    /* its children become ours when it dies, so that their end can be waited for */
    (void)prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    pid_t pid = fork();
    if (pid < 0) {
        return kf_error_set_errno(err, KF_ERR_IO, errno, "cannot start %s", command->list[0]);
    }
    if (pid == 0) {
        become(command, environment, ends, parent);
    }
    (void)setpgid(pid, pid); /* whoever comes first; the other fails */
    *process = (struct kf_browser_process){.pid = pid, .channel = ends->ours};
    ends->ours = -1;
    return KF_OK;
}

enum kf_err kf_browser_process_start(const char *program, const char *folder,
                                     struct kf_browser_process *process, struct kf_error *err)
{
    struct words command = {.list = NULL};
    struct words environment = {.list = NULL};
    struct ends ends = {-1, -1, -1, -1};
    kf_text_init(&command.text, TEXT_BYTES_MAX);
    kf_text_init(&environment.text, 4 * TEXT_BYTES_MAX);
    enum kf_err code = make_command(program, folder, &command, err);
    if (code == KF_OK) {
        code = make_environment(folder, &environment, err);
    }
    if (code == KF_OK) {
        code = open_ends(folder, &ends, err);
    }
    if (code == KF_OK) {
        code = start(&command, &environment, &ends, process, err);
    }
    close_one(&ends.ours);
    close_one(&ends.theirs);
    close_one(&ends.null);
    close_one(&ends.log);
    words_clear(&command);
    words_clear(&environment);
    return code;
}

void kf_browser_process_stop(struct kf_browser_process *process)
{
    if (process->pid <= 0) {
        return;
    }
    (void)close(process->channel);
    (void)kill(-process->pid, SIGKILL);
    pid_t ended = 0;
    do {
        ended = waitpid(-process->pid, NULL, 0);
    } while (ended > 0 || (ended < 0 && errno == EINTR));
    *process = (struct kf_browser_process){.pid = 0, .channel = -1};
}

void kf_browser_process_complaint(const char *folder, struct kf_text *text)
{
    char log[4096];
    log_path(folder, log, sizeof log);
    size_t from = text->length;
    kf_child_log_tail(log, 0, COMPLAINT_LINES, from ? " " : "", text);
    for (size_t i = from; i < text->length; i++) {
        text->bytes[i] = text->bytes[i] == '\n' ? ' ' : text->bytes[i];
    }
    kf_text_defuse(text->bytes);
}
