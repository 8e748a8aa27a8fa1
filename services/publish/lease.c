#include "services/publish/lease.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/text.h"

#define HEADER_VERSION   "kf-lease"
#define HEADER_PUBLISHER "kf-publisher"
#define HEADER_HOST      "kf-host"
#define HEADER_ID        "kf-transactional-id"
#define HEADER_EPOCH     "kf-epoch"
#define HEADER_STATE     "kf-lease-state"
#define HEADER_OPEN      "kf-lease-open"
#define STATE_TAKING     "taking"
#define STATE_HELD       "held"

/* --- ids ------------------------------------------------------------------------------------- */

void kf_lease_ids_add(struct kf_lease_ids *self, const char *id)
{
    for (size_t i = 0; i < self->length; i++) {
        if (kf_text_equal(self->list[i], id)) {
            return;
        }
    }
    if (self->length == KF_LEASE_IDS_MAX) {
        self->overflow = true;
        return;
    }
    (void)snprintf(self->list[self->length++], KF_LEASE_ID_SIZE, "%s", id);
}

static void add_but(struct kf_lease_ids *self, const char *id, const char *own)
{
    if (!kf_text_equal(id, own)) {
        kf_lease_ids_add(self, id);
    }
}

/* --- records --------------------------------------------------------------------------------- */

/* Too long: as if it were not there, so that no id is mistaken for another. */
static void copy(char *text, size_t size, const char *value, size_t length)
{
    if (length < size && memchr(value, '\0', length) == NULL) {
        memcpy(text, value, length);
        text[length] = '\0';
    }
}

static void read_open(struct kf_lease_ids *open, const char *value, size_t length)
{
    char id[KF_LEASE_ID_SIZE] = "";

    copy(id, sizeof id, value, length);
    if (id[0] == '\0') {
        open->overflow = true;
    } else {
        kf_lease_ids_add(open, id);
    }
}

static bool is(const char *text, const char *value, size_t length)
{
    return strlen(text) == length && memcmp(text, value, length) == 0;
}

void kf_lease_record_read(struct kf_lease_record *self, const char *name, const char *value,
                          size_t length)
{
    struct kf_lease_holder *holder = &self->holder;
    unsigned long epoch;

    if (kf_text_equal(name, HEADER_VERSION)) {
        (void)kf_text_to_unsigned(value, length, ULONG_MAX, &self->version);
    } else if (kf_text_equal(name, HEADER_PUBLISHER)) {
        copy(holder->publisher, sizeof holder->publisher, value, length);
    } else if (kf_text_equal(name, HEADER_HOST)) {
        copy(holder->host, sizeof holder->host, value, length);
    } else if (kf_text_equal(name, HEADER_ID)) {
        copy(holder->transactional_id, sizeof holder->transactional_id, value, length);
    } else if (kf_text_equal(name, HEADER_STATE)) {
        self->held = is(STATE_HELD, value, length);
    } else if (kf_text_equal(name, HEADER_OPEN)) {
        read_open(&self->open, value, length);
    } else if (kf_text_equal(name, HEADER_EPOCH) &&
               kf_text_to_unsigned(value, length, ULONG_MAX, &epoch)) {
        holder->epoch = epoch;
    }
}

static struct kf_header header(const char *name, const char *value)
{
    return (struct kf_header){name, value, strlen(value)};
}

size_t kf_lease_record_print(const struct kf_lease_record *self, char epoch[KF_LEASE_EPOCH_SIZE],
                             struct kf_header headers[KF_LEASE_HEADERS_MAX])
{
    const struct kf_lease_holder *holder = &self->holder;
    size_t length = 0;

    (void)snprintf(epoch, KF_LEASE_EPOCH_SIZE, "%" PRIu64, holder->epoch);
    headers[length++] = header(HEADER_VERSION, "1");
    headers[length++] = header(HEADER_PUBLISHER, holder->publisher);
    headers[length++] = header(HEADER_HOST, holder->host);
    headers[length++] = header(HEADER_ID, holder->transactional_id);
    headers[length++] = header(HEADER_EPOCH, epoch);
    headers[length++] = header(HEADER_STATE, self->held ? STATE_HELD : STATE_TAKING);
    for (size_t i = 0; i < self->open.length; i++) {
        headers[length++] = header(HEADER_OPEN, self->open.list[i]);
    }
    return length;
}

/* --- what they say --------------------------------------------------------------------------- */

static bool same_process(const struct kf_lease_holder *a, const struct kf_lease_holder *b)
{
    return kf_text_equal(a->publisher, b->publisher) && kf_text_equal(a->host, b->host);
}

/* `held` right after a record of the same process: nobody came between, and all before have been
 * shut out. */
static bool clears(const struct kf_lease_view *self, const struct kf_lease_record *record)
{
    return record->held && self->any && same_process(&self->last.holder, &record->holder);
}

void kf_lease_view_add(struct kf_lease_view *self, const struct kf_lease *lease,
                       const struct kf_lease_record *record)
{
    const char *own = lease->own.transactional_id;

    if (clears(self, record)) {
        self->suspects = (struct kf_lease_ids){.length = 0};
    }
    add_but(&self->suspects, record->holder.transactional_id, own);
    for (size_t i = 0; i < record->open.length; i++) {
        add_but(&self->suspects, record->open.list[i], own);
    }
    self->suspects.overflow |= record->open.overflow;
    if (same_process(&record->holder, &lease->own)) {
        self->own_seen = true;
        self->own_epoch = record->holder.epoch;
        self->own_held = record->held;
    }
    self->last = *record;
    self->any = true;
}

static enum kf_err check_last(const struct kf_lease_view *view, const char *topic,
                              struct kf_error *err)
{
    const struct kf_lease_record *last = &view->last;

    if (last->version > KF_LEASE_VERSION) {
        return kf_error_set(err, KF_ERR_PEER,
                            "the lease on %s is of version %lu, written by a newer kf-publish on "
                            "%s; this program knows version %d: upgrade it",
                            topic, last->version,
                            last->holder.host[0] != '\0' ? last->holder.host : "some host",
                            KF_LEASE_VERSION);
    }
    if (last->version == 0 || last->holder.publisher[0] == '\0' ||
        last->holder.transactional_id[0] == '\0') {
        return kf_error_set(err, KF_ERR_PEER,
                            "the last record with key \"" KF_LEASE_KEY
                            "\" on %s is none of kf-publish's; find out who writes there, stop "
                            "all publishers, and write one with that key and without a value to "
                            "partition 0",
                            topic);
    }
    return KF_OK;
}

enum kf_err kf_lease_judge(const struct kf_lease *self, const struct kf_lease_view *view,
                           const char *topic, enum kf_lease_verdict *verdict, struct kf_error *err)
{
    bool own = same_process(&view->last.holder, &self->own);
    enum kf_err result = view->any ? check_last(view, topic, err) : KF_OK;

    if (result != KF_OK) {
        return result;
    }
    if (view->any && !own && (self->state == KF_LEASE_HELD || view->own_seen)) {
        *verdict = KF_LEASE_STOP;
        return KF_OK;
    }
    if (view->suspects.overflow) {
        return kf_error_set(err, KF_ERR_PEER,
                            "more than %d publishers began to take the lease on %s and did not "
                            "come through; stop them, and write a record with key \"" KF_LEASE_KEY
                            "\" and without a value to partition 0",
                            KF_LEASE_IDS_MAX, topic);
    }
    *verdict = !view->any || !own          ? KF_LEASE_TAKE
               : view->suspects.length > 0 ? KF_LEASE_SETTLE
                                           : KF_LEASE_GO;
    return KF_OK;
}

struct kf_lease_record kf_lease_next(const struct kf_lease *self, const struct kf_lease_view *view,
                                     enum kf_lease_verdict verdict)
{
    struct kf_lease_record next = {.version = KF_LEASE_VERSION, .holder = self->own};

    next.holder.epoch = view->last.holder.epoch;
    next.held = verdict == KF_LEASE_SETTLE;
    if (verdict == KF_LEASE_TAKE) {
        next.holder.epoch++;
        next.open = view->suspects;
    }
    return next;
}

bool kf_lease_shows(const struct kf_lease_view *self, const struct kf_lease_record *record)
{
    return self->own_seen && self->own_epoch == record->holder.epoch &&
           self->own_held == record->held;
}

void kf_lease_settle(struct kf_lease *self, const struct kf_lease_view *view,
                     enum kf_lease_verdict verdict)
{
    if (verdict == KF_LEASE_GO) {
        self->state = KF_LEASE_HELD;
        self->own.epoch = view->last.holder.epoch;
    } else if (verdict == KF_LEASE_STOP) {
        self->state = KF_LEASE_LOST;
        self->other = view->last.holder;
        self->other_ms = view->last.time_ms;
    }
}

enum kf_err kf_lease_tell_lost(const struct kf_lease *self, struct kf_error *err)
{
    char when[KF_CLOCK_TEXT_SIZE];

    kf_clock_print(self->other_ms, when);
    return kf_error_set(err, KF_ERR_PEER,
                        "replaced: publisher %s on %s (transactional-id %.60s) took over at %s; "
                        "stop one of the two, or give each a topic-prefix of its own; a restart of "
                        "this one takes over again",
                        self->other.publisher, self->other.host, self->other.transactional_id,
                        when);
}
