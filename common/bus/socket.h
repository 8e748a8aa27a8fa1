/* ZeroMQ sockets with every limit set: linger, high-water marks, message size, immediate.
 *
 * A stage binds a PULL socket for its input and connects a PUSH socket to every worker of the next
 * stage. PUSH queues only to completed connections, so that a dead neighbour gets nothing. ZeroMQ's
 * own heartbeats are never used: libzmq 4.3.4 can abort the process with them (libzmq #3937,
 * #4767). A neighbour behind a dead network is given up by TCP itself, within half a minute.
 *
 * Nobody is let in over tcp without a key: a tcp endpoint needs keys (kf_bus_secure) or is refused,
 * unless the caller says otherwise by name. An ipc endpoint is closed by its folder.
 */
#ifndef KF_BUS_SOCKET_H
#define KF_BUS_SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/text.h"
#include "common/bus/frame.h"
#include "common/bus/keys.h"

#define KF_ENDPOINTS_MAX 64

struct kf_bus;
struct kf_socket;

/* The process's ZeroMQ context with one I/O thread. */
enum kf_err kf_bus_new(struct kf_bus **bus, struct kf_error *err);

/* Closes the context; sockets must be destroyed before. Waits until they have handed over what they
 * held, at most their linger time. NULL is fine, the pointer is nulled. */
void kf_bus_destroy(struct kf_bus **self);

/* --- keys for tcp ---------------------------------------------------------------------------- */

/* From here on tcp endpoints are closed with CURVE, with a copy of these keys. Before any socket is
 * opened, once. */
enum kf_err kf_bus_secure(struct kf_bus *self, const struct kf_keys *keys, struct kf_error *err);

/* From here on tcp endpoints need no keys: whoever reaches them is let in. */
void kf_bus_allow_open_tcp(struct kf_bus *self);

/* Wipes the copy of the secret key; no further socket can be opened then. Without keys it does
 * nothing. */
void kf_bus_forget_secret(struct kf_bus *self);

#define KF_DENIED_ADDRESS_SIZE 80
#define KF_DENIED_REASON_SIZE  128

/* Connections that did not come about, and the newest of them. */
struct kf_denied {
    uint64_t count;
    char key[KF_KEY_SIZE]; /* public; "unknown" when none was shown */
    char address[KF_DENIED_ADDRESS_SIZE];
    char reason[KF_DENIED_REASON_SIZE];
};

struct kf_bus_denied {
    struct kf_denied in;  /* others that this process turned away */
    struct kf_denied out; /* its own, to others: they fail and are tried again */
};

/* To be called about once a second, by the thread of the sockets: connects again what libzmq has
 * given up (after nonsense from the other side it never tries again), and tells who was denied
 * since the last call; false for nobody. */
bool kf_bus_tend(struct kf_bus *self, struct kf_bus_denied *denied);

/* --- opening --------------------------------------------------------------------------------- */

/* Every limit must be set: at least 1, linger at least 0; else KF_ERR_CONFIG. */
struct kf_socket_options {
    int queue_max;            /* messages queued for each peer (high-water mark) */
    size_t message_bytes_max; /* larger incoming messages close the connection */
    int linger_ms;            /* how long a closing socket tries to hand over what it holds */
    enum kf_role peer;        /* on tcp with keys: who is let in, or who must be there */
};

/* A PULL socket bound to `endpoint` (ipc:// or tcp://). The folder of an ipc endpoint is made with
 * mode 0700 when it is absent; one that is another user's or open to others is KF_ERR_CONFIG, as is
 * a path longer than the system allows (107 bytes), and a tcp endpoint without keys. KF_ERR_PEER
 * when another process serves it. */
enum kf_err kf_socket_pull(struct kf_bus *bus, const char *endpoint,
                           const struct kf_socket_options *options, struct kf_socket **socket,
                           struct kf_error *err);

/* A PUSH socket connected to each of the comma-separated `endpoints`; messages go round them. */
enum kf_err kf_socket_push(struct kf_bus *bus, const char *endpoints,
                           const struct kf_socket_options *options, struct kf_socket **socket,
                           struct kf_error *err);

/* A PUB socket bound to `endpoint`: what nobody takes is dropped. On tcp with keys watchers are let
 * in. */
enum kf_err kf_socket_publish(struct kf_bus *bus, const char *endpoint, struct kf_socket **socket,
                              struct kf_error *err);

/* A SUB socket connected to each of the comma-separated `endpoints`, whether they exist yet or not;
 * on tcp with keys they are `peer`'s. */
enum kf_err kf_socket_subscribe(struct kf_bus *bus, const char *endpoints, enum kf_role peer,
                                struct kf_socket **socket, struct kf_error *err);

/* Connects a socket that connects to one more endpoint. KF_ERR_CONFIG for one that cannot be used,
 * KF_ERR_LIMIT when the list of its endpoints would become too long. */
enum kf_err kf_socket_connect_also(struct kf_socket *self, const char *endpoint,
                                   struct kf_error *err);

#define KF_ENDED_SIZE 280

/* Takes one endpoint of a socket that connects, whose connection has ended since the last call:
 * whoever was there is gone, or the network is; it is tried again by itself. As libzmq tells it: a
 * host that was named may stand there by its address. False when there is none. Of many that nobody
 * takes only the newest are kept. */
bool kf_socket_take_ended(struct kf_socket *self, char endpoint[KF_ENDED_SIZE]);

/* NULL is fine, the pointer is nulled. Does not wait: what is still queued is handed over in the
 * background, for at most the linger time. */
void kf_socket_destroy(struct kf_socket **self);

/* Sends the frame, never waits: KF_ERR_AGAIN when no peer can take it. The frame stays the
 * caller's. */
enum kf_err kf_socket_send(struct kf_socket *self, const struct kf_text *frame,
                           struct kf_error *err);

/* Takes one message into `frame` (emptied first), never waits: KF_ERR_AGAIN when there is none;
 * KF_ERR_DATA for a message of several parts, KF_ERR_LIMIT for one beyond the frame's size_max,
 * KF_ERR_MEMORY: the message is then gone. */
enum kf_err kf_socket_receive(struct kf_socket *self, struct kf_text *frame, struct kf_error *err);

/* --- waiting ------------------------------------------------------------------------------- */

struct kf_poll_item {
    struct kf_socket *socket; /* or NULL and a descriptor */
    int descriptor;
    bool want_in;
    bool want_out;
    bool in;  /* set by kf_poll */
    bool out; /* set by kf_poll */
};

/* Waits until an item is ready or `timeout_ms` has passed (-1: no limit). An interruption by a
 * signal counts as a time-out. */
enum kf_err kf_poll(struct kf_poll_item *items, size_t count, int64_t timeout_ms,
                    struct kf_error *err);

#endif
