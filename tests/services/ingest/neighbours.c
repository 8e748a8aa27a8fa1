#include "neighbours.h"

#include "tests/support/cmocka.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "common/base/clock.h"
#include "common/bus/frame.h"

#define DEADLINE_MS     60000
#define TURN_MS         20
#define FRAME_BYTES_MAX (KF_ENVELOPE_BYTES_MAX + KF_FRAME_HEADER_SIZE)

void neighbours_open(struct neighbours *self, const char *run_dir, const pid_t *service)
{
    const struct kf_socket_options options = {
        .queue_max = 100, .message_bytes_max = FRAME_BYTES_MAX, .linger_ms = 0};
    char endpoint[512];
    *self = (struct neighbours){.service = service, .publisher = "publisher-one"};
    kf_text_init(&self->frame, FRAME_BYTES_MAX);
    assert_int_equal(kf_bus_new(&self->bus, NULL), KF_OK);
    (void)snprintf(endpoint, sizeof endpoint, "ipc://%s/need-0.in", run_dir);
    assert_int_equal(kf_socket_pull(self->bus, endpoint, &options, &self->panels, NULL), KF_OK);
    (void)snprintf(endpoint, sizeof endpoint, "ipc://%s/ingest-0.receipts", run_dir);
    assert_int_equal(kf_socket_push(self->bus, endpoint, &options, &self->receipts, NULL), KF_OK);
}

void neighbours_close(struct neighbours *self)
{
    kf_socket_destroy(&self->panels);
    kf_socket_destroy(&self->receipts);
    kf_bus_destroy(&self->bus);
    kf_text_clear(&self->frame);
}

static struct kf_envelope *open_panel(struct neighbours *self)
{
    const void *payload = NULL;
    size_t length = 0;
    struct kf_envelope *envelope = NULL;
    assert_int_equal(kf_frame_open(self->frame.bytes, self->frame.length, KF_FRAME_ENVELOPE,
                                   &payload, &length, NULL),
                     KF_OK);
    assert_int_equal(kf_envelope_unpack(payload, length, &envelope, NULL), KF_OK);
    return envelope;
}

struct kf_envelope *neighbours_panel_within(struct neighbours *self, int64_t wait_ms)
{
    struct kf_poll_item item = {.socket = self->panels, .want_in = true};
    assert_int_equal(kf_poll(&item, 1, wait_ms, NULL), KF_OK);
    return kf_socket_receive(self->panels, &self->frame, NULL) == KF_OK ? open_panel(self) : NULL;
}

struct kf_envelope *neighbours_next_panel(struct neighbours *self)
{
    struct kf_envelope *envelope = neighbours_panel_within(self, DEADLINE_MS);
    assert_non_null(envelope);
    return envelope;
}

/* True once the service has ended; whoever waits for its exit code still gets it. */
static bool has_ended(const struct neighbours *self)
{
    siginfo_t info = {0};
    return waitid(P_PID, (id_t)*self->service, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == *self->service;
}

void neighbours_send(struct neighbours *self, const struct kf_text *bytes)
{
    struct kf_poll_item item = {.socket = self->receipts, .want_out = true};
    int64_t end_ms = kf_clock_monotonic_ms() + DEADLINE_MS;
    while (!item.out && !has_ended(self)) {
        assert_true(kf_clock_monotonic_ms() < end_ms);
        assert_int_equal(kf_poll(&item, 1, TURN_MS, NULL), KF_OK);
    }
    (void)kf_socket_send(self->receipts, bytes,
                         NULL); /* a killed service may have gone meanwhile */
}

void neighbours_answer(struct neighbours *self, enum kf_receipt_state what, const char *release,
                       uint32_t index)
{
    struct kf_receipt receipt = {.state = what, .index = index, .rows = 582};
    (void)snprintf(receipt.release, sizeof receipt.release, "%s", release);
    (void)snprintf(receipt.publisher, sizeof receipt.publisher, "%s", self->publisher);
    kf_frame_begin(&self->frame);
    assert_int_equal(kf_receipt_pack(&receipt, &self->frame, NULL), KF_OK);
    assert_int_equal(kf_frame_seal(&self->frame, KF_FRAME_RECEIPT, NULL), KF_OK);
    neighbours_send(self, &self->frame);
}

void neighbours_commit(struct neighbours *self, struct kf_envelope **envelope)
{
    bool refused = !(*envelope)->panel;
    const char *release = (*envelope)->release.id;
    neighbours_answer(self, KF_RECEIPT_HELD, release, (*envelope)->index);
    neighbours_answer(self, refused ? KF_RECEIPT_REJECTED : KF_RECEIPT_COMMITTED, release, 0);
    kf_envelope_destroy(envelope);
}
