/* The neighbours of a kf-ingest that runs as a process: they take its panels as need and answer as
 * publish. A function that fails ends the test. */
#ifndef KF_TESTS_NEIGHBOURS_H
#define KF_TESTS_NEIGHBOURS_H

#include <sys/types.h>

#include "common/bus/socket.h"
#include "common/codec/envelope.h"
#include "common/codec/receipt.h"

struct neighbours {
    const pid_t *service; /* the process; nobody waits for one that has ended */
    const char *publisher;
    struct kf_bus *bus;
    struct kf_socket *panels;
    struct kf_socket *receipts;
    struct kf_text frame;
};

/* Opens the sockets in the run directory, as "publisher-one". */
void neighbours_open(struct neighbours *self, const char *run_dir, const pid_t *service);
void neighbours_close(struct neighbours *self);

/* The next panel within `wait_ms`, or NULL. The caller destroys it. */
struct kf_envelope *neighbours_panel_within(struct neighbours *self, int64_t wait_ms);

/* The next panel, however slow the machine. */
struct kf_envelope *neighbours_next_panel(struct neighbours *self);

/* Sends `bytes`, waiting for room, in vain when the service is killed meanwhile. */
void neighbours_send(struct neighbours *self, const struct kf_text *bytes);

/* Sends a receipt. */
void neighbours_answer(struct neighbours *self, enum kf_receipt_state what, const char *release,
                       uint32_t index);

/* Holds the panel and closes its release of one panel; destroys the envelope. */
void neighbours_commit(struct neighbours *self, struct kf_envelope **envelope);

#endif
