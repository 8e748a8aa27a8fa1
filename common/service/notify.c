#include "common/service/notify.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/log.h"
#include "common/base/text.h"

/* A path, or a name behind @ for the abstract namespace. */
static bool set_address(struct kf_notify *self, const char *name)
{
    size_t length = strlen(name);
    if ((name[0] != '/' && name[0] != '@') || length < 2 ||
        length >= sizeof self->address.sun_path) {
        return false;
    }
    self->address.sun_family = AF_UNIX;
    memcpy(self->address.sun_path, name, length + 1);
    if (name[0] == '@') {
        self->address.sun_path[0] = '\0';
    }
    bool abstract = name[0] == '@';
    self->address_size =
        (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length + (abstract ? 0 : 1));
    return true;
}

/* Half the time that the manager allows, so that one late turn does no harm. */
static int64_t watchdog_interval_ms(void)
{
    const char *pid = getenv("WATCHDOG_PID");
    const char *usec = getenv("WATCHDOG_USEC");
    unsigned long number = 0;
    if (pid && (!kf_text_to_unsigned(pid, strlen(pid), INT_MAX, &number) ||
                number != (unsigned long)getpid())) {
        return 0; /* meant for another process */
    }
    if (!usec || !kf_text_to_unsigned(usec, strlen(usec), ULONG_MAX, &number) || number == 0) {
        return 0;
    }
    int64_t half_ms = (int64_t)(number / 2000);
    return half_ms > 0 ? half_ms : 1;
}

void kf_notify_open(struct kf_notify *self)
{
    *self = (struct kf_notify){.socket = -1};
    const char *name = getenv("NOTIFY_SOCKET");
    if (!name || !name[0]) {
        return;
    }
    if (set_address(self, name)) {
        self->socket = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    }
    if (self->socket < 0) {
        char quoted[KF_LOG_QUOTED_SIZE];
        kf_log(KF_LOG_WARN, "notify-socket", "name=%s problem=\"cannot be used\"",
               kf_log_quote(name, quoted));
        return;
    }
    self->watchdog_ms = watchdog_interval_ms();
}

void kf_notify_send(const struct kf_notify *self, const char *state)
{
    if (self->socket >= 0) {
        ssize_t sent = sendto(self->socket, state, strlen(state), MSG_NOSIGNAL | MSG_DONTWAIT,
                              (const struct sockaddr *)&self->address, self->address_size);
        if (sent < 0) {
            kf_log(KF_LOG_DEBUG, "notify-failed", "state=%s errno=%d", state, errno);
        }
    }
}

void kf_notify_close(struct kf_notify *self)
{
    if (self->socket >= 0) {
        (void)close(self->socket);
    }
    *self = (struct kf_notify){.socket = -1};
}
