#include "socket_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/cmocka.h"

int socket_fixture_open(void **state)
{
    static struct socket_fixture fixture;
    memset(&fixture, 0, sizeof fixture);
    (void)snprintf(fixture.folder, sizeof fixture.folder, "/tmp/kf-socket-XXXXXX");
    if (!mkdtemp(fixture.folder)) {
        return -1;
    }
    (void)snprintf(fixture.a, sizeof fixture.a, "ipc://%s/a.in", fixture.folder);
    (void)snprintf(fixture.b, sizeof fixture.b, "ipc://%s/b.in", fixture.folder);
    (void)snprintf(fixture.both, sizeof fixture.both, "%s,%s", fixture.a, fixture.b);
    kf_text_init(&fixture.frame, 4096);
    *state = &fixture;
    return (int)kf_bus_new(&fixture.bus, &fixture.err);
}

int socket_fixture_close(void **state)
{
    struct socket_fixture *fixture = *state;
    kf_text_clear(&fixture->frame);
    kf_bus_destroy(&fixture->bus);
    (void)unlink(fixture->a + strlen("ipc://"));
    (void)unlink(fixture->b + strlen("ipc://"));
    return rmdir(fixture->folder);
}

void socket_fixture_wait_in(struct kf_socket *socket)
{
    struct kf_poll_item item = {.socket = socket, .want_in = true};
    assert_int_equal(kf_poll(&item, 1, PATIENCE_MS, NULL), KF_OK);
    assert_true(item.in);
    assert_false(item.out);
}

enum kf_err socket_fixture_send(struct socket_fixture *fixture, struct kf_socket *socket,
                                const char *text)
{
    kf_text_reset(&fixture->frame);
    kf_text_add(&fixture->frame, text);
    return kf_socket_send(socket, &fixture->frame, &fixture->err);
}

void socket_fixture_expect(struct socket_fixture *fixture, struct kf_socket *socket,
                           const char *text)
{
    socket_fixture_wait_in(socket);
    assert_int_equal(kf_socket_receive(socket, &fixture->frame, &fixture->err), KF_OK);
    assert_string_equal(fixture->frame.bytes, text);
    assert_int_equal(fixture->frame.length, strlen(text));
}
