#include "tools/devbroker/listener.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static uint16_t wanted_port;

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
