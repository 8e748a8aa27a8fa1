/* Who is let in over tcp with keys, who is not, and that those who are not find no way. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zmq.h>

#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/bus/keys.h"
#include "common/bus/socket.h"
#include "tests/support/cmocka.h"

#define PATIENCE_MS 60000 /* for what must happen */
#define LISTEN_MS   600   /* for what must not */
#define STRANGERS   40

struct fixture {
    char endpoint[64];
    struct kf_keys keys[KF_ROLES]; /* a whole pipeline's, with one list of peers */
    struct kf_bus *need;
    struct kf_bus *ingest;
    struct kf_socket *in;
    struct kf_socket *out;
    struct kf_text frame;
    struct kf_error err;
};

static const struct kf_socket_options from_ingest = {8, 1024, 0, KF_ROLE_INGEST};
static const struct kf_socket_options to_need = {8, 1024, 0, KF_ROLE_NEED};

/* An address that nobody listens at. */
static int free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int descriptor = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(descriptor, (struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(descriptor, (struct sockaddr *)&address, &size), 0);
    (void)close(descriptor);
    return ntohs(address.sin_port);
}

static void make_keys(struct kf_keys keys[KF_ROLES])
{
    struct kf_peers peers = {0};
    for (size_t role = 0; role < KF_ROLES; role++) {
        keys[role].role = (enum kf_role)role;
        assert_int_equal(kf_keys_make(keys[role].secret, keys[role].own, NULL), KF_OK);
        memcpy(peers.keys[role][peers.count[role]++], keys[role].own, KF_KEY_SIZE);
    }
    for (size_t role = 0; role < KF_ROLES; role++) {
        keys[role].peers = peers;
    }
}

static int open_fixture(void **state)
{
    static struct fixture fixture;
    memset(&fixture, 0, sizeof fixture);
    (void)snprintf(fixture.endpoint, sizeof fixture.endpoint, "tcp://127.0.0.1:%d", free_port());
    make_keys(fixture.keys);
    kf_text_init(&fixture.frame, 4096);
    *state = &fixture;
    return 0;
}

static void close_need(struct fixture *self)
{
    kf_socket_destroy(&self->in);
    kf_bus_destroy(&self->need);
}

static void close_ingest(struct fixture *self)
{
    kf_socket_destroy(&self->out);
    kf_bus_destroy(&self->ingest);
}

static int close_fixture(void **state)
{
    struct fixture *self = *state;
    close_ingest(self);
    close_need(self);
    kf_text_clear(&self->frame);
    return 0;
}

static void open_need(struct fixture *self, const struct kf_keys *keys)
{
    assert_int_equal(kf_bus_new(&self->need, &self->err), KF_OK);
    assert_int_equal(kf_bus_secure(self->need, keys, &self->err), KF_OK);
    if (kf_socket_pull(self->need, self->endpoint, &from_ingest, &self->in, &self->err) != KF_OK) {
        fail_msg("%s", self->err.text);
    }
}

static void open_ingest(struct fixture *self, const struct kf_keys *keys)
{
    assert_int_equal(kf_bus_new(&self->ingest, &self->err), KF_OK);
    assert_int_equal(kf_bus_secure(self->ingest, keys, &self->err), KF_OK);
    if (kf_socket_push(self->ingest, self->endpoint, &to_need, &self->out, &self->err) != KF_OK) {
        fail_msg("%s", self->err.text);
    }
}

static bool is_ready(struct kf_socket *socket, bool in, int64_t timeout_ms)
{
    struct kf_poll_item item = {.socket = socket, .want_in = in, .want_out = !in};
    assert_int_equal(kf_poll(&item, 1, timeout_ms, NULL), KF_OK);
    return in ? item.in : item.out;
}

static void assert_passes(struct fixture *self, const char *text)
{
    assert_true(is_ready(self->out, false, PATIENCE_MS));
    kf_text_reset(&self->frame);
    kf_text_add(&self->frame, text);
    assert_int_equal(kf_socket_send(self->out, &self->frame, &self->err), KF_OK);
    assert_true(is_ready(self->in, true, PATIENCE_MS));
    assert_int_equal(kf_socket_receive(self->in, &self->frame, &self->err), KF_OK);
    assert_string_equal(self->frame.bytes, text);
}

static void assert_shut_out(struct fixture *self)
{
    assert_false(is_ready(self->out, false, LISTEN_MS));
    assert_false(is_ready(self->in, true, 0));
}

/* What `bus` has denied by the time that there is something. */
static struct kf_bus_denied wait_denied(struct kf_bus *bus, bool incoming)
{
    struct kf_bus_denied denied = {0};
    int64_t end_ms = kf_clock_monotonic_ms() + PATIENCE_MS;
    while (kf_clock_monotonic_ms() < end_ms) {
        bool any = kf_bus_tend(bus, &denied);
        if (any && (incoming ? denied.in.count : denied.out.count) > 0) {
            return denied;
        }
        (void)kf_poll(NULL, 0, 10, NULL);
    }
    fail_msg("nobody was denied");
    return denied;
}

/* --- let in ---------------------------------------------------------------------------------- */

static void who_has_the_right_key_is_let_in(void **state)
{
    struct fixture *self = *state;
    struct kf_bus_denied denied;
    open_need(self, &self->keys[KF_ROLE_NEED]);
    open_ingest(self, &self->keys[KF_ROLE_INGEST]);
    assert_passes(self, "a panel");
    assert_false(kf_bus_tend(self->need, &denied));
    assert_false(kf_bus_tend(self->ingest, &denied));
}

static void old_and_new_key_of_a_role_are_let_in_while_it_changes(void **state)
{
    struct fixture *self = *state;
    struct kf_keys newer;
    make_keys(self->keys);
    struct kf_keys need = self->keys[KF_ROLE_NEED];
    newer = self->keys[KF_ROLE_INGEST];
    assert_int_equal(kf_keys_make(newer.secret, newer.own, NULL), KF_OK);
    memcpy(need.peers.keys[KF_ROLE_INGEST][need.peers.count[KF_ROLE_INGEST]++], newer.own,
           KF_KEY_SIZE);
    open_need(self, &need);
    open_ingest(self, &self->keys[KF_ROLE_INGEST]);
    assert_passes(self, "with the old key");
    close_ingest(self);
    open_ingest(self, &newer);
    assert_passes(self, "with the new key");
}

static void wait_ended(struct fixture *self)
{
    char ended[KF_ENDED_SIZE];
    int64_t end_ms = kf_clock_monotonic_ms() + PATIENCE_MS;
    while (!kf_socket_take_ended(self->out, ended)) {
        assert_true(kf_clock_monotonic_ms() < end_ms);
        (void)kf_poll(NULL, 0, 10, NULL);
    }
    assert_string_equal(ended, self->endpoint);
}

/* Until then what is sent goes into the connection that has ended, and is lost with it: its end is
 * told before the socket takes notice. */
static void wait_unconnected(struct fixture *self)
{
    int64_t end_ms = kf_clock_monotonic_ms() + PATIENCE_MS;
    while (is_ready(self->out, false, 0)) {
        assert_true(kf_clock_monotonic_ms() < end_ms);
        (void)kf_poll(NULL, 0, 10, NULL);
    }
}

static void who_connects_follows_a_new_key_of_the_other_side(void **state)
{
    struct fixture *self = *state;
    struct kf_keys newer = self->keys[KF_ROLE_NEED];
    struct kf_keys ingest = self->keys[KF_ROLE_INGEST];
    assert_int_equal(kf_keys_make(newer.secret, newer.own, NULL), KF_OK);
    memcpy(ingest.peers.keys[KF_ROLE_NEED][ingest.peers.count[KF_ROLE_NEED]++], newer.own,
           KF_KEY_SIZE);
    open_need(self, &self->keys[KF_ROLE_NEED]);
    open_ingest(self, &ingest);
    assert_passes(self, "to the old key");
    close_need(self);
    wait_unconnected(self);
    open_need(self, &newer);
    assert_passes(self, "to the new key");
}

/* A key that the other side has no more is tried again and again beside the one that it has: that
 * this fails is no end of a connection. */
static void only_a_connection_that_came_about_ends(void **state)
{
    struct fixture *self = *state;
    struct kf_keys ingest = self->keys[KF_ROLE_INGEST];
    struct kf_keys older = {0};
    char ended[KF_ENDED_SIZE];
    assert_int_equal(kf_keys_make(older.secret, older.own, NULL), KF_OK);
    memcpy(ingest.peers.keys[KF_ROLE_NEED][ingest.peers.count[KF_ROLE_NEED]++], older.own,
           KF_KEY_SIZE);
    open_need(self, &self->keys[KF_ROLE_NEED]);
    open_ingest(self, &ingest);
    assert_passes(self, "to the key of today");
    (void)wait_denied(self->ingest, false);
    (void)wait_denied(self->ingest, false);
    assert_false(kf_socket_take_ended(self->out, ended));
    close_need(self);
    wait_ended(self);
}

/* --- shut out -------------------------------------------------------------------------------- */

static void a_key_that_is_not_listed_is_shut_out_and_named(void **state)
{
    struct fixture *self = *state;
    struct kf_keys stranger = self->keys[KF_ROLE_INGEST];
    assert_int_equal(kf_keys_make(stranger.secret, stranger.own, NULL), KF_OK);
    open_need(self, &self->keys[KF_ROLE_NEED]);
    open_ingest(self, &stranger);
    assert_shut_out(self);
    struct kf_bus_denied denied = wait_denied(self->need, true);
    assert_string_equal(denied.in.key, stranger.own);
    assert_string_equal(denied.in.reason, "its key is not in the list of peers");
    assert_non_null(strstr(denied.in.address, "127.0.0.1"));
    assert_true(wait_denied(self->ingest, false).out.count > 0);
}

static void the_right_key_of_another_role_is_shut_out(void **state)
{
    struct fixture *self = *state;
    open_need(self, &self->keys[KF_ROLE_NEED]);
    open_ingest(self, &self->keys[KF_ROLE_WATCHER]);
    assert_shut_out(self);
    struct kf_bus_denied denied = wait_denied(self->need, true);
    assert_string_equal(denied.in.key, self->keys[KF_ROLE_WATCHER].own);
    assert_string_equal(denied.in.reason, "its key is that of watcher, let in is ingest");
}

static void nothing_is_sent_to_a_server_with_another_key(void **state)
{
    struct fixture *self = *state;
    struct kf_keys impostor = self->keys[KF_ROLE_NEED];
    assert_int_equal(kf_keys_make(impostor.secret, impostor.own, NULL), KF_OK);
    open_need(self, &impostor);
    open_ingest(self, &self->keys[KF_ROLE_INGEST]);
    assert_shut_out(self);
    assert_string_equal(wait_denied(self->need, true).in.key, "unknown");
}

static void who_was_shut_out_gets_in_once_the_list_has_its_key(void **state)
{
    struct fixture *self = *state;
    struct kf_keys newcomer = self->keys[KF_ROLE_INGEST];
    struct kf_keys need = self->keys[KF_ROLE_NEED];
    assert_int_equal(kf_keys_make(newcomer.secret, newcomer.own, NULL), KF_OK);
    open_need(self, &self->keys[KF_ROLE_NEED]);
    open_ingest(self, &newcomer);
    (void)wait_denied(self->need, true);
    close_need(self);
    memcpy(need.peers.keys[KF_ROLE_INGEST][0], newcomer.own, KF_KEY_SIZE);
    open_need(self, &need);
    assert_passes(self, "at last");
}

static void who_met_an_impostor_goes_on_with_the_real_one(void **state)
{
    struct fixture *self = *state;
    struct kf_keys impostor = self->keys[KF_ROLE_NEED];
    assert_int_equal(kf_keys_make(impostor.secret, impostor.own, NULL), KF_OK);
    open_need(self, &impostor);
    open_ingest(self, &self->keys[KF_ROLE_INGEST]);
    (void)wait_denied(self->need, true);
    close_need(self);
    open_need(self, &self->keys[KF_ROLE_NEED]);
    assert_passes(self, "to the real one");
}

/* libzmq never tries again after what it takes for a wrong protocol. */
static void who_met_one_without_keys_is_connected_anew(void **state)
{
    struct fixture *self = *state;
    struct kf_bus_denied denied = {0};
    assert_int_equal(kf_bus_new(&self->need, &self->err), KF_OK);
    kf_bus_allow_open_tcp(self->need);
    assert_int_equal(
        kf_socket_pull(self->need, self->endpoint, &from_ingest, &self->in, &self->err), KF_OK);
    open_ingest(self, &self->keys[KF_ROLE_INGEST]);
    (void)wait_denied(self->ingest, false);
    assert_shut_out(self);
    close_need(self);
    open_need(self, &self->keys[KF_ROLE_NEED]);
    int64_t end_ms = kf_clock_monotonic_ms() + PATIENCE_MS;
    while (!is_ready(self->out, false, 100) && kf_clock_monotonic_ms() < end_ms) {
        (void)kf_bus_tend(self->ingest, &denied);
    }
    assert_passes(self, "to one with keys");
}

static void an_ipc_endpoint_needs_no_keys_beside_tcp_with_keys(void **state)
{
    struct fixture *self = *state;
    char folder[] = "/tmp/kf-zap-XXXXXX";
    assert_non_null(mkdtemp(folder));
    open_need(self, &self->keys[KF_ROLE_NEED]);
    kf_socket_destroy(&self->in);
    char both[160];
    (void)snprintf(both, sizeof both, "%s,ipc://%s/need.in", self->endpoint, folder);
    char *ipc = strchr(both, ',') + 1;
    assert_int_equal(kf_socket_pull(self->need, ipc, &from_ingest, &self->in, &self->err), KF_OK);
    assert_int_equal(kf_bus_new(&self->ingest, &self->err), KF_OK);
    assert_int_equal(kf_bus_secure(self->ingest, &self->keys[KF_ROLE_INGEST], &self->err), KF_OK);
    assert_int_equal(kf_socket_push(self->ingest, both, &to_need, &self->out, &self->err), KF_OK);
    assert_passes(self, "over ipc");
    close_ingest(self);
    close_need(self);
    (void)unlink(ipc + strlen("ipc://"));
    assert_int_equal(rmdir(folder), 0);
}

/* --- no key at all --------------------------------------------------------------------------- */

static int dial(const struct fixture *self)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    unsigned long port = 0;
    const char *digits = strrchr(self->endpoint, ':') + 1;
    assert_true(kf_text_to_unsigned(digits, strlen(digits), 65535, &port));
    address.sin_port = htons((uint16_t)port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int descriptor = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(descriptor, (struct sockaddr *)&address, sizeof address), 0);
    return descriptor;
}

static void a_client_without_keys_is_shut_out_and_counted(void **state)
{
    struct fixture *self = *state;
    open_need(self, &self->keys[KF_ROLE_NEED]);
    assert_int_equal(kf_bus_new(&self->ingest, &self->err), KF_OK);
    kf_bus_allow_open_tcp(self->ingest);
    assert_int_equal(kf_socket_push(self->ingest, self->endpoint, &to_need, &self->out, &self->err),
                     KF_OK);
    assert_shut_out(self);
    struct kf_bus_denied denied = wait_denied(self->need, true);
    assert_string_equal(denied.in.key, "unknown");
}

static void nonsense_is_turned_away_while_others_work(void **state)
{
    struct fixture *self = *state;
    open_need(self, &self->keys[KF_ROLE_NEED]);
    open_ingest(self, &self->keys[KF_ROLE_INGEST]);
    assert_passes(self, "before");
    int garbage = dial(self);
    static const char nonsense[] =
        "GET / HTTP/1.1\r\nHost: need\r\n\r\n0123456789012345678901234567";
    assert_true(send(garbage, nonsense, sizeof nonsense, MSG_NOSIGNAL) > 0);
    struct kf_bus_denied denied = wait_denied(self->need, true);
    assert_string_equal(denied.in.key, "unknown");
    assert_passes(self, "after");
    (void)close(garbage);
}

static void many_that_never_finish_keep_nobody_out_and_are_cut(void **state)
{
    struct fixture *self = *state;
    int strangers[STRANGERS];
    uint64_t cut = 0;
    open_need(self, &self->keys[KF_ROLE_NEED]);
    for (size_t i = 0; i < STRANGERS; i++) {
        strangers[i] = dial(self);
        /* the first half of a greeting, or nothing */
        assert_true(i % 2 == 0 || send(strangers[i], "\xff\0\0\0\0\0\0\0\1\x7f\3", 11, 0) == 11);
    }
    open_ingest(self, &self->keys[KF_ROLE_INGEST]);
    assert_passes(self, "past them all");
    while (cut < STRANGERS) {
        cut += wait_denied(self->need, true).in.count;
    }
    assert_int_equal(cut, STRANGERS);
    for (size_t i = 0; i < STRANGERS; i++) {
        char byte[64];
        while (recv(strangers[i], byte, sizeof byte, 0) > 0) { /* what it said before it cut us */
        }
        (void)close(strangers[i]);
    }
}

/* --- refusals -------------------------------------------------------------------------------- */

static void tcp_without_keys_is_refused(void **state)
{
    struct fixture *self = *state;
    assert_int_equal(kf_bus_new(&self->need, &self->err), KF_OK);
    assert_int_equal(
        kf_socket_pull(self->need, self->endpoint, &from_ingest, &self->in, &self->err),
        KF_ERR_CONFIG);
    assert_non_null(strstr(self->err.text, "kf keys new"));
    assert_int_equal(kf_socket_push(self->need, self->endpoint, &to_need, &self->in, &self->err),
                     KF_ERR_CONFIG);
    assert_non_null(strstr(self->err.text, "--insecure-tcp"));
    assert_int_equal(kf_socket_publish(self->need, self->endpoint, &self->in, &self->err),
                     KF_ERR_CONFIG);
    assert_int_equal(
        kf_socket_subscribe(self->need, self->endpoint, KF_ROLE_NEED, &self->in, &self->err),
        KF_ERR_CONFIG);
    assert_null(self->in);
}

static void nothing_more_is_opened_once_the_secret_is_forgotten(void **state)
{
    struct fixture *self = *state;
    open_need(self, &self->keys[KF_ROLE_NEED]);
    kf_bus_forget_secret(self->need);
    assert_int_equal(kf_socket_push(self->need, self->endpoint, &to_need, &self->out, &self->err),
                     KF_ERR_INTERNAL);
    open_ingest(self, &self->keys[KF_ROLE_INGEST]);
    assert_int_equal(is_ready(self->out, false, PATIENCE_MS), true);
}

static void a_role_without_a_listed_key_cannot_be_connected_to(void **state)
{
    struct fixture *self = *state;
    struct kf_keys keys = self->keys[KF_ROLE_INGEST];
    keys.peers.count[KF_ROLE_NEED] = 0;
    assert_int_equal(kf_bus_new(&self->ingest, &self->err), KF_OK);
    assert_int_equal(kf_bus_secure(self->ingest, &keys, &self->err), KF_OK);
    assert_int_equal(kf_socket_push(self->ingest, self->endpoint, &to_need, &self->out, &self->err),
                     KF_ERR_CONFIG);
    assert_non_null(strstr(self->err.text, "no key of need"));
}

static void opening_with_keys_survives_running_out_of_memory(void **state)
{
    struct fixture *self = *state;
    enum kf_err code = KF_ERR_MEMORY;
    for (int64_t n = 0; code == KF_ERR_MEMORY; n++) {
        kf_memory_fail_after(n);
        code = kf_bus_new(&self->need, &self->err);
        if (code == KF_OK) {
            code = kf_bus_secure(self->need, &self->keys[KF_ROLE_NEED], &self->err);
        }
        if (code == KF_OK) {
            code = kf_socket_pull(self->need, self->endpoint, &from_ingest, &self->in, &self->err);
        }
        kf_memory_fail_after(-1);
        if (code == KF_ERR_MEMORY) {
            close_need(self);
        }
        assert_true(n < 100);
    }
    assert_int_equal(code, KF_OK);
}

#define WITH_KEYS(name) cmocka_unit_test_setup_teardown(name, open_fixture, close_fixture)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_KEYS(who_has_the_right_key_is_let_in),
        WITH_KEYS(old_and_new_key_of_a_role_are_let_in_while_it_changes),
        WITH_KEYS(who_connects_follows_a_new_key_of_the_other_side),
        WITH_KEYS(only_a_connection_that_came_about_ends),
        WITH_KEYS(a_key_that_is_not_listed_is_shut_out_and_named),
        WITH_KEYS(the_right_key_of_another_role_is_shut_out),
        WITH_KEYS(nothing_is_sent_to_a_server_with_another_key),
        WITH_KEYS(who_was_shut_out_gets_in_once_the_list_has_its_key),
        WITH_KEYS(who_met_an_impostor_goes_on_with_the_real_one),
        WITH_KEYS(who_met_one_without_keys_is_connected_anew),
        WITH_KEYS(an_ipc_endpoint_needs_no_keys_beside_tcp_with_keys),
        WITH_KEYS(a_client_without_keys_is_shut_out_and_counted),
        WITH_KEYS(nonsense_is_turned_away_while_others_work),
        WITH_KEYS(many_that_never_finish_keep_nobody_out_and_are_cut),
        WITH_KEYS(tcp_without_keys_is_refused),
        WITH_KEYS(nothing_more_is_opened_once_the_secret_is_forgotten),
        WITH_KEYS(a_role_without_a_listed_key_cannot_be_connected_to),
        WITH_KEYS(opening_with_keys_survives_running_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
