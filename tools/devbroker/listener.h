/* The sockets of the mock cluster, bent to our needs: its library binds to any free port and leaves
 * Nagle's algorithm on. The program's own bind() and accept() stand before the C library's, so that
 * the first listening socket gets the wanted port and answers leave at once (a commit of a hundred
 * records takes 1.4 ms instead of 45).
 */
#ifndef KF_DEVBROKER_LISTENER_H
#define KF_DEVBROKER_LISTENER_H

#include <stdint.h>

/* The next listening socket on the loopback address takes `port`; 0: whichever is free. Call before
 * the cluster is made, while there is one thread. Returns 0, or errno when the port cannot be had:
 * tried beforehand, because the mock cluster aborts when it cannot bind. */
int kf_listener_want_port(uint16_t port);

#endif
