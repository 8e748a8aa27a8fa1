/* Stands for ingest and the stages before: feeds a release of the fixture to a running kf-publish
 * and prints the receipts, one a line. When the publisher was restarted, everything goes again.
 * Ends with 0 when the release is closed, with 1 when that does not happen in time.
 *
 *     kf-publish-feed RUN_DIR RELEASE PANELS TIMEOUT_S
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/text.h"
#include "common/bus/frame.h"
#include "common/bus/socket.h"
#include "common/codec/receipt.h"
#include "tests/services/publish/release_fixture.h"

#define FRAME_BYTES_MAX ((size_t)1024 * 1024)

struct feed {
    struct kf_socket *panels;
    struct kf_socket *receipts;
    const char *release;
    uint32_t panels_len;
    uint32_t next; /* panel to send */
    char publisher[KF_PUBLISHER_SIZE];
};

static void need(bool condition, const char *what)
{
    if (!condition) {
        (void)fprintf(stderr, "kf-publish-feed: %s\n", what);
        exit(2);
    }
}

static void pack(const struct feed *feed, struct kf_text *frame)
{
    struct kf_envelope *envelope = fixture_envelope(feed->release, feed->next, feed->panels_len);
    struct kf_error err;

    kf_frame_begin(frame);
    need(kf_envelope_pack(envelope, frame, &err) == KF_OK, "the panel cannot be packed");
    need(kf_frame_seal(frame, KF_FRAME_ENVELOPE, &err) == KF_OK, "the frame cannot be sealed");
    kf_envelope_destroy(&envelope);
}

static void send_panels(struct feed *feed)
{
    struct kf_text frame;
    struct kf_error err;
    enum kf_err result = KF_OK;

    kf_text_init(&frame, FRAME_BYTES_MAX);
    while (feed->next < feed->panels_len && result == KF_OK) {
        pack(feed, &frame);
        result = kf_socket_send(feed->panels, &frame, &err);
        feed->next += result == KF_OK;
    }
    kf_text_clear(&frame);
}

static void print(const struct kf_receipt *receipt)
{
    static const char *const names[] = {"", "started", "held", "committed", "rejected"};

    (void)printf("%s release=%s index=%u rows=%" PRIu64 " panels_rejected=%u\n",
                 names[receipt->state], receipt->release, receipt->index, receipt->rows,
                 receipt->panels_rejected);
    (void)fflush(stdout);
}

/* True when the receipt closes the release. */
static bool take(struct feed *feed, const struct kf_receipt *receipt)
{
    print(receipt);
    if (strcmp(feed->publisher, receipt->publisher) != 0) {
        memcpy(feed->publisher, receipt->publisher, sizeof feed->publisher);
        feed->next = 0;
    }
    return strcmp(receipt->release, feed->release) == 0 &&
           (receipt->state == KF_RECEIPT_COMMITTED || receipt->state == KF_RECEIPT_REJECTED);
}

static bool take_receipts(struct feed *feed)
{
    struct kf_text frame;
    struct kf_receipt receipt;
    struct kf_error err;
    const void *payload;
    size_t length;
    bool closed = false;

    kf_text_init(&frame, FRAME_BYTES_MAX);
    while (!closed && kf_socket_receive(feed->receipts, &frame, &err) == KF_OK) {
        need(kf_frame_open(frame.bytes, frame.length, KF_FRAME_RECEIPT, &payload, &length, &err) ==
                     KF_OK &&
                 kf_receipt_unpack(payload, length, &receipt, &err) == KF_OK,
             "no receipt");
        closed = take(feed, &receipt);
    }
    kf_text_clear(&frame);
    return closed;
}

static void open_sockets(struct feed *feed, struct kf_bus *bus, const char *run_dir)
{
    const struct kf_socket_options limits = {
        .queue_max = 8, .message_bytes_max = FRAME_BYTES_MAX, .linger_ms = 0};
    struct kf_text endpoint;
    struct kf_error err;

    kf_text_init(&endpoint, 1024);
    kf_text_add_format(&endpoint, "ipc://%s/ingest-0.receipts", run_dir);
    need(kf_socket_pull(bus, endpoint.bytes, &limits, &feed->receipts, &err) == KF_OK, err.text);
    kf_text_reset(&endpoint);
    kf_text_add_format(&endpoint, "ipc://%s/publish-0.in", run_dir);
    need(kf_socket_push(bus, endpoint.bytes, &limits, &feed->panels, &err) == KF_OK, err.text);
    kf_text_clear(&endpoint);
}

static bool run(struct feed *feed, int64_t deadline_ms)
{
    bool closed = false;

    while (!closed && kf_clock_monotonic_ms() < deadline_ms) {
        struct kf_poll_item items[2] = {{.socket = feed->receipts, .want_in = true},
                                        {.socket = feed->panels, .want_out = true}};
        struct kf_error err;
        bool more = feed->next < feed->panels_len;
        need(kf_poll(items, more ? 2 : 1, 100, &err) == KF_OK, "poll");
        closed = take_receipts(feed);
        send_panels(feed);
    }
    return closed;
}

int main(int argc, char **argv)
{
    struct feed feed = {.next = 0};
    struct kf_bus *bus = NULL;
    unsigned long panels = 0;
    unsigned long timeout_s = 0;
    struct kf_error err;

    need(argc == 5 && strlen(argv[2]) == KF_RELEASE_ID_SIZE - 1 &&
             kf_text_to_unsigned(argv[3], strlen(argv[3]), 1000, &panels) &&
             kf_text_to_unsigned(argv[4], strlen(argv[4]), 3600, &timeout_s),
         "usage: RUN_DIR RELEASE PANELS TIMEOUT_S");
    feed.release = argv[2];
    feed.panels_len = (uint32_t)panels;
    need(kf_bus_new(&bus, &err) == KF_OK, "no bus");
    open_sockets(&feed, bus, argv[1]);
    bool closed = run(&feed, kf_clock_monotonic_ms() + (int64_t)timeout_s * 1000);
    kf_socket_destroy(&feed.panels);
    kf_socket_destroy(&feed.receipts);
    kf_bus_destroy(&bus);
    return closed ? 0 : 1;
}
