#include "tools/devbroker/listener.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define LOOK_MS 5 /* what a lost wake-up costs */

static uint16_t wanted_port;
static atomic_int listening = -1; /* a socket that the cluster's thread waits for */

static int system_bind(int descriptor, const void *address, socklen_t length)
{
    return (int)syscall(SYS_bind, descriptor, address, length);
}

static int bind_to_port(int descriptor, const struct sockaddr_in *any, uint16_t port)
{
    struct sockaddr_in address = *any;
    const int yes = 1;

    address.sin_port = htons(port);
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    return system_bind(descriptor, &address, sizeof address);
}

static int try_port(uint16_t port)
{
    struct sockaddr_in loopback = {.sin_family = AF_INET};
    int descriptor = socket(AF_INET, SOCK_STREAM, 0);

    if (descriptor < 0) {
        return errno;
    }
    loopback.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int failure = bind_to_port(descriptor, &loopback, port) == 0 ? 0 : errno;
    close(descriptor);
    return failure;
}

int kf_listener_want_port(uint16_t port)
{
    wanted_port = port;
    return port == 0 ? 0 : try_port(port);
}

int bind(int descriptor, const struct sockaddr *address, socklen_t length)
{
    struct sockaddr_in any;

    atomic_store(&listening, descriptor);
    if (wanted_port != 0 && address->sa_family == AF_INET && length >= sizeof any) {
        memcpy(&any, address, sizeof any);
        if (any.sin_port == 0) {
            uint16_t port = wanted_port;
            wanted_port = 0;
            return bind_to_port(descriptor, &any, port);
        }
    }
    return system_bind(descriptor, address, length);
}

int accept(int descriptor, struct sockaddr *restrict address, socklen_t *restrict length)
{
    const int yes = 1;
    int connection = (int)syscall(SYS_accept, descriptor, address, length);

    if (connection >= 0) {
        setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    }
    return connection;
}

static bool is_of_cluster(struct pollfd *list, nfds_t length)
{
    int wanted = atomic_load(&listening);
    nfds_t i = 0;

    while (i < length && list[i].fd != wanted) {
        i++;
    }
    return i < length;
}

int poll(struct pollfd *list, nfds_t length, int wait_ms)
{
    if (is_of_cluster(list, length) && (wait_ms < 0 || wait_ms > LOOK_MS)) {
        wait_ms = LOOK_MS;
    }
    struct timespec wait = {wait_ms / 1000, wait_ms % 1000 * 1000000L};
    return (int)syscall(SYS_ppoll, list, length, wait_ms < 0 ? NULL : &wait, NULL, (size_t)0);
}
