#include "tools/kf/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define TAIL_BYTES_MAX 8192
#define PATH_BYTES_MAX 4096

/* The descriptors a child starts with. */
struct streams {
    int null;
    int log;
    int out_read; /* -1 when the output is not wanted */
    int out_write;
};

static void close_one(int *descriptor)
{
    if (*descriptor >= 0) {
        (void)close(*descriptor);
        *descriptor = -1;
    }
}

static void put_aside(const char *log)
{
    struct stat about;
    char old[PATH_BYTES_MAX];
    int length = snprintf(old, sizeof old, "%s.old", log);
    if (length > 0 && (size_t)length < sizeof old && stat(log, &about) == 0 &&
        about.st_size > KF_CHILD_LOG_BYTES_MAX) {
        (void)rename(log, old); /* if it cannot be, the log only grows on */
    }
}

static enum kf_err open_streams(const struct kf_child_options *options, struct streams *streams,
                                struct kf_error *err)
{
    int ends[2] = {-1, -1};
    put_aside(options->log);
    streams->log = open(options->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (streams->log < 0) {
        return kf_error_set_errno(err, KF_ERR_CONFIG, errno, "cannot write the log %s",
                                  options->log);
    }
    streams->null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (streams->null < 0 || (options->want_output && pipe(ends) != 0)) {
        return kf_error_set_errno(err, KF_ERR_IO, errno, "no room for a process");
    }
    streams->out_read = ends[0];
    streams->out_write = ends[1];
    if (options->want_output &&
        (fcntl(ends[0], F_SETFD, FD_CLOEXEC) != 0 || fcntl(ends[1], F_SETFD, FD_CLOEXEC) != 0 ||
         fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0)) {
        return kf_error_set_errno(err, KF_ERR_IO, errno, "cannot set up a pipe");
    }
    return KF_OK;
}

static void close_streams(struct streams *streams)
{
    close_one(&streams->null);
    close_one(&streams->log);
    close_one(&streams->out_write);
}

/* In the child: becomes the program. Only calls that are safe between fork and exec. Exit code 2
 * says that it is no use to try again. */
static void become(const struct kf_child_options *options, const struct streams *streams,
                   pid_t parent)
{
    static const char complaint[] = "the program cannot be started\n";
    int output = streams->out_write >= 0 ? streams->out_write : streams->log;
    sigset_t none;
    (void)sigemptyset(&none);
    (void)signal(SIGPIPE, SIG_DFL);
    bool set = prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent && setpgid(0, 0) == 0 &&
               dup2(streams->null, STDIN_FILENO) >= 0 && dup2(output, STDOUT_FILENO) >= 0 &&
               dup2(streams->log, STDERR_FILENO) >= 0 && sigprocmask(SIG_SETMASK, &none, NULL) == 0;
    if (set) {
        (void)execv(options->program, options->command);
    }
    ssize_t written = write(STDERR_FILENO, complaint, sizeof complaint - 1);
    (void)written;
    _exit(2);
}

static int64_t size_of(int descriptor)
{
    struct stat about;
    return fstat(descriptor, &about) == 0 ? (int64_t)about.st_size : 0;
}

enum kf_err kf_child_start(const struct kf_child_options *options, struct kf_child *child,
                           struct kf_error *err)
{
    struct streams streams = {-1, -1, -1, -1};
    if (access(options->program, X_OK) != 0) {
        return kf_error_set_errno(err, KF_ERR_CONFIG, errno,
                                  "%s is missing; the services lie beside kf", options->program);
    }
    enum kf_err code = open_streams(options, &streams, err);
    if (code != KF_OK) {
        goto out;
    }
    int64_t log_from = size_of(streams.log);
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid < 0) {
        code = kf_error_set_errno(err, KF_ERR_IO, errno, "cannot start %s", options->program);
        goto out;
    }
    if (pid == 0) {
        become(options, &streams, parent);
    }
    *child = (struct kf_child){.pid = pid, .output = streams.out_read, .log_from = log_from};
    streams.out_read = -1;
out:
    close_one(&streams.out_read);
    close_streams(&streams);
    return code;
}

/* Start of the last `lines` lines among the `length` bytes. */
static size_t tail_start(const char *bytes, size_t length, unsigned lines)
{
    size_t start = length;
    while (start > 0) {
        bool line_end = bytes[start - 1] == '\n' && start < length;
        if (line_end && --lines == 0) {
            break;
        }
        start--;
    }
    return start;
}

static size_t read_end(const char *log, int64_t from, char bytes[TAIL_BYTES_MAX])
{
    int file = open(log, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return 0;
    }
    int64_t size = size_of(file);
    int64_t start = size - TAIL_BYTES_MAX > from ? size - TAIL_BYTES_MAX : from;
    ssize_t length = start < size ? pread(file, bytes, TAIL_BYTES_MAX, (off_t)start) : 0;
    (void)close(file);
    return length > 0 ? (size_t)length : 0;
}

void kf_child_log_tail(const char *log, int64_t from, unsigned lines, const char *indent,
                       struct kf_text *text)
{
    char bytes[TAIL_BYTES_MAX];
    size_t length = read_end(log, from, bytes);
    size_t at = lines > 0 ? tail_start(bytes, length, lines) : length;
    while (at < length) {
        const char *end = memchr(bytes + at, '\n', length - at);
        size_t line = end ? (size_t)(end - bytes) - at : length - at;
        kf_text_add(text, indent);
        kf_text_add_bytes(text, bytes + at, line);
        kf_text_add_char(text, '\n');
        at += line + 1;
    }
}

void kf_child_print_end(int status, struct kf_text *text)
{
    if (WIFSIGNALED(status)) {
        kf_text_add_format(text, "was killed by signal %d", WTERMSIG(status));
    } else {
        kf_text_add_format(text, "exited with %d", WEXITSTATUS(status));
    }
}
