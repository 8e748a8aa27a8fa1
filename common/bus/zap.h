/* Who is let in: the answers to libzmq's question about every CURVE handshake (ZAP, ZeroMQ RFC 27),
 * and an account of who was turned away. Internal to the bus.
 *
 * Runs on a thread of its own, so that a handshake is answered while the process computes. A socket
 * that binds names its domain, which is the role that may come in; a key that the list of peers
 * does not give that role is denied. Whoever does not even get to a key (no CURVE, nonsense, a
 * handshake never finished) is noted by watching the socket. The same thread watches sockets that
 * connect, with or without keys.
 */
#ifndef KF_BUS_ZAP_H
#define KF_BUS_ZAP_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/bus/keys.h"
#include "common/bus/socket.h"

struct kf_zap;

/* Starts the thread; it lets in nobody. */
enum kf_err kf_zap_start(void *context, struct kf_zap **zap, struct kf_error *err);

/* From now on these are let in; copied. */
void kf_zap_admit(struct kf_zap *self, const struct kf_peers *peers);

/* Watches `socket` (libzmq's) until it is closed; `watch` is its number from now on. `binds`: it
 * lets others in. */
enum kf_err kf_zap_watch(struct kf_zap *self, void *socket, bool binds, unsigned *watch,
                         struct kf_error *err);

#define KF_LOST_SIZE 280

/* Takes one endpoint that a connecting socket has given up for good, which libzmq does after what
 * it takes for a wrong protocol: nonsense from the other side, another mechanism. False when there
 * is none. Any thread. */
bool kf_zap_take_lost(struct kf_zap *self, unsigned watch, char endpoint[KF_LOST_SIZE]);

/* Takes one endpoint whose connection, which had come about, has ended, oldest first: whoever was
 * there is gone, or the network is. False when there is none. Of those that nobody takes the oldest
 * are forgotten. Any thread. */
bool kf_zap_take_ended(struct kf_zap *self, unsigned watch, char endpoint[KF_LOST_SIZE]);

/* What happened since the last call. False: nothing. Any thread. */
bool kf_zap_take(struct kf_zap *self, struct kf_bus_denied *denied);

/* To be called before the context is terminated: gives up what would keep it from ending. */
void kf_zap_release(struct kf_zap *self);

/* Waits for the thread, which ends with the context, and frees. NULL is fine. */
void kf_zap_destroy(struct kf_zap **self);

#endif
