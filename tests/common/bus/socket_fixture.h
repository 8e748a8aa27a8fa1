/* Sockets on ipc endpoints in a folder of the test's own. Nothing sleeps: what must happen is
 * waited for with kf_poll. */
#ifndef KF_TESTS_SOCKET_FIXTURE_H
#define KF_TESTS_SOCKET_FIXTURE_H

#include "common/bus/socket.h"

#define PATIENCE_MS 20000 /* for what must happen; never waited out when it does */

struct socket_fixture {
    char folder[32];
    char a[64]; /* endpoints */
    char b[64];
    char both[136];
    struct kf_bus *bus;
    struct kf_text frame;
    struct kf_error err;
};

/* Set-up and tear-down of a test. */
int socket_fixture_open(void **state);
int socket_fixture_close(void **state);

/* Until a message has come. */
void socket_fixture_wait_in(struct kf_socket *socket);

enum kf_err socket_fixture_send(struct socket_fixture *fixture, struct kf_socket *socket,
                                const char *text);

/* Waits for the next message, which must be `text`. */
void socket_fixture_expect(struct socket_fixture *fixture, struct kf_socket *socket,
                           const char *text);

#endif
