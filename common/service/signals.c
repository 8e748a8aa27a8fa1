#include "common/service/signals.h"

#include <errno.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

void kf_signals_keep_reload(void)
{
    sigset_t set;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGHUP);
    (void)pthread_sigmask(SIG_BLOCK, &set, NULL);
}

enum kf_err kf_signals_open(int *descriptor, struct kf_error *err)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigset_t set;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGINT);
    (void)sigaddset(&set, SIGHUP);
    int failed = pthread_sigmask(SIG_BLOCK, &set, NULL);
    if (failed) {
        return kf_error_set_errno(err, KF_ERR_IO, failed, "signals cannot be blocked");
    }
    if (sigaction(SIGPIPE, &ignore, NULL) != 0) {
        return kf_error_set_errno(err, KF_ERR_IO, errno, "SIGPIPE cannot be ignored");
    }
    int fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    if (fd < 0) {
        return kf_error_set_errno(err, KF_ERR_IO, errno, "signals cannot be read");
    }
    *descriptor = fd;
    return KF_OK;
}

int kf_signals_take(int descriptor)
{
    struct signalfd_siginfo info;
    ssize_t got = 0;
    do {
        got = read(descriptor, &info, sizeof info);
    } while (got < 0 && errno == EINTR);
    return got == (ssize_t)sizeof info ? (int)info.ssi_signo : 0;
}
