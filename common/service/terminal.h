/* The terminal that a program was started from. SIGHUP means two things: that somebody asks for the
 * settings to be read anew, and that the terminal is gone; looking at the terminal tells which.
 */
#ifndef KF_SERVICE_TERMINAL_H
#define KF_SERVICE_TERMINAL_H

#include <stdbool.h>

/* A descriptor of the controlling terminal, which the caller closes; -1 when there is none. */
int kf_terminal_open(void);

/* True when there was a terminal and it has hung up since. */
bool kf_terminal_is_gone(int terminal);

#endif
