#include "http_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PATIENCE_MS 20000

int http_connect(uint16_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        (void)close(fd);
        fd = -1;
    }
    return fd;
}

static size_t read_all(int fd, char *bytes, size_t room)
{
    size_t length = 0;
    struct pollfd item = {.fd = fd, .events = POLLIN};
    while (length < room && poll(&item, 1, PATIENCE_MS) == 1) {
        ssize_t got = recv(fd, bytes + length, room - length, 0);
        if (got <= 0) {
            break;
        }
        length += (size_t)got;
    }
    return length;
}

static size_t copy_cut(const char *from, size_t length, char *to, size_t size)
{
    length = length < size ? length : size - 1;
    memcpy(to, from, length);
    to[length] = '\0';
    return length;
}

static void split(const char *bytes, size_t length, struct http_answer *answer)
{
    const char *end = strstr(bytes, "\r\n\r\n");
    size_t head = end ? (size_t)(end - bytes) : length;
    if (end) {
        answer->body_length =
            copy_cut(end + 4, length - head - 4, answer->body, sizeof answer->body);
    }
    (void)copy_cut(bytes, head, answer->head, sizeof answer->head);
    (void)sscanf(answer->head, "HTTP/1.%*c %d", &answer->status);
}

void http_send(uint16_t port, const char *request, struct http_answer *answer)
{
    static char bytes[sizeof answer->head + sizeof answer->body];
    memset(answer, 0, sizeof *answer);
    int fd = http_connect(port);
    if (fd < 0) {
        return;
    }
    if (send(fd, request, strlen(request), MSG_NOSIGNAL) > 0) {
        size_t length = read_all(fd, bytes, sizeof bytes - 1);
        bytes[length] = '\0';
        split(bytes, length, answer);
    }
    (void)close(fd);
}

void http_get(uint16_t port, const char *path, struct http_answer *answer)
{
    char request[512];
    (void)snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n", path);
    http_send(port, request, answer);
}
