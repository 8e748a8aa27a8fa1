#include "common/service/http_address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/text.h"

#define BACKLOG 64

static const struct addrinfo numeric = {.ai_family = AF_UNSPEC,
                                        .ai_socktype = SOCK_STREAM,
                                        .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE};

bool kf_http_is_address(const char *text)
{
    struct addrinfo *found = NULL;
    if (getaddrinfo(text, "0", &numeric, &found) != 0) {
        return false;
    }
    freeaddrinfo(found);
    return true;
}

bool kf_http_is_loopback(const char *text)
{
    struct in_addr v4;
    struct in6_addr v6;
    return (inet_pton(AF_INET, text, &v4) == 1 && ntohl(v4.s_addr) >> 24 == 127) ||
           (inet_pton(AF_INET6, text, &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6));
}

bool kf_http_is_local_name(const char *host)
{
    static const char *const names[] = {"localhost", "[::1]"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        size_t length = strlen(names[i]);
        if (strncasecmp(host, names[i], length) == 0 &&
            (host[length] == '\0' || host[length] == ':')) {
            return true;
        }
    }
    char address[INET_ADDRSTRLEN] = "";
    struct in_addr number;
    size_t length = strcspn(host, ":");
    if (length >= sizeof address) {
        return false;
    }
    memcpy(address, host, length);
    return inet_pton(AF_INET, address, &number) == 1 && ntohl(number.s_addr) >> 24 == 127;
}

static enum kf_err resolve(const char *address, uint16_t port, struct addrinfo **found,
                           struct kf_error *err)
{
    char text[8];
    (void)snprintf(text, sizeof text, "%u", (unsigned)port);
    if (getaddrinfo(address, text, &numeric, found) != 0) {
        return kf_error_set(err, KF_ERR_CONFIG,
                            "http-address %s is no numeric address; give one such as 127.0.0.1",
                            address);
    }
    return KF_OK;
}

enum kf_err kf_http_listen(const char *address, uint16_t port, int *descriptor,
                           struct kf_error *err)
{
    struct addrinfo *found = NULL;
    enum kf_err code = resolve(address, port, &found, err);
    if (code != KF_OK) {
        return code;
    }
    int one = 1;
    int fd = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) != 0 ||
        bind(fd, found->ai_addr, found->ai_addrlen) != 0 || listen(fd, BACKLOG) != 0) {
        code = kf_error_set_errno(err, KF_ERR_CONFIG, errno,
                                  "http-address %s, http-port %u cannot be listened on", address,
                                  (unsigned)port);
    }
    freeaddrinfo(found);
    if (code == KF_OK) {
        *descriptor = fd;
    } else if (fd >= 0) {
        (void)close(fd);
    }
    return code;
}

uint16_t kf_http_bound_port(int descriptor)
{
    struct sockaddr_storage bound = {0};
    socklen_t size = sizeof bound;
    char port[8] = "0";
    unsigned long number = 0;
    if (getsockname(descriptor, (struct sockaddr *)&bound, &size) == 0 &&
        getnameinfo((struct sockaddr *)&bound, size, NULL, 0, port, sizeof port, NI_NUMERICSERV) ==
            0) {
        (void)kf_text_to_unsigned(port, strlen(port), UINT16_MAX, &number);
    }
    return (uint16_t)number;
}
