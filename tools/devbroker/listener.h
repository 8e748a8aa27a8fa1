/* The sockets of the mock cluster, bent to our needs: its library binds to any free port, leaves
 * Nagle's algorithm on, and loses wake-ups: its thread does what it was asked before it empties the
 * pipe that it was woken by, so that what is asked in between waits for a second. The program's own
 * bind(), accept() and poll() stand before the C library's: the first listening socket gets the
 * wanted port, answers leave at once (a commit of a hundred records takes 1.4 ms instead of 45),
 * and the thread looks every few milliseconds what it is asked (ten topics are there in 50 ms at
 * most instead of up to ten seconds).
 */
#ifndef KF_DEVBROKER_LISTENER_H
#define KF_DEVBROKER_LISTENER_H

#include <stdint.h>

/* The next listening socket on the loopback address takes `port`; 0: whichever is free. Call before
 * the cluster is made, while there is one thread. Returns 0, or errno when the port cannot be had:
 * tried beforehand, because the mock cluster aborts when it cannot bind. */
int kf_listener_want_port(uint16_t port);

#endif
