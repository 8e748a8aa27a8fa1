/* Tells the service manager how it goes: the datagrams that systemd's sd_notify sends, by hand.
 * Without NOTIFY_SOCKET in the environment nothing is sent. */
#ifndef KF_SERVICE_NOTIFY_H
#define KF_SERVICE_NOTIFY_H

#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

struct kf_notify {
    int socket; /* -1: nobody listens */
    struct sockaddr_un address;
    socklen_t address_size;
    int64_t watchdog_ms; /* send WATCHDOG=1 this often; 0: no watchdog */
};

/* Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID. A socket that cannot be used is logged and
 * does without. */
void kf_notify_open(struct kf_notify *self);

/* Sends "READY=1", "RELOADING=1\nMONOTONIC_USEC=…", "STOPPING=1" or "WATCHDOG=1"; never waits, a
 * failure is nobody's business. */
void kf_notify_send(const struct kf_notify *self, const char *state);

/* Closes the socket; nothing is sent afterwards. */
void kf_notify_close(struct kf_notify *self);

#endif
