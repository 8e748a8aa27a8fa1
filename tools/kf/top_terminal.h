/* A terminal for a display that fills it: the alternate screen, keys as they are pressed, signals
 * as a descriptor. What stood there before stands there again afterwards, also while the program is
 * suspended (Ctrl-Z).
 */
#ifndef KF_TOOLS_TOP_TERMINAL_H
#define KF_TOOLS_TOP_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/text.h"
#include "common/bus/socket.h"

struct kf_top_terminal;

/* Takes the terminal of standard input and output over. KF_ERR_CONFIG when they are none. */
enum kf_err kf_top_terminal_open(struct kf_top_terminal **terminal, struct kf_error *err);

/* Gives it back. NULL is fine, the pointer is nulled. */
void kf_top_terminal_close(struct kf_top_terminal **self);

/* The width and height of the terminal of standard output, 80 and 24 when it does not tell. */
void kf_top_terminal_size(size_t *columns, size_t *rows);

/* What ends a line of a frame: clears what stood behind it. */
#define KF_TOP_TERMINAL_END "\033[K\r\n"

/* Shows a frame of whole lines in place of what stands there, in one piece and without clearing
 * first, so that nothing flickers. KF_ERR_IO when the terminal is gone. */
enum kf_err kf_top_terminal_show(struct kf_top_terminal *self, const struct kf_text *frame,
                                 struct kf_error *err);

/* Fills in what to wait for, two items; returns how many. */
size_t kf_top_terminal_wait(const struct kf_top_terminal *self, struct kf_poll_item *items);

/* Takes keys and signals. `redraw` is set when the size has changed or the program was suspended.
 * True when whoever watches wants to leave: q, Ctrl-C, Ctrl-D, a signal to end. */
bool kf_top_terminal_left(struct kf_top_terminal *self, bool *redraw);

#endif
