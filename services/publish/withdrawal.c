#include "services/publish/withdrawal.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/model/digest.h"

#define SLOTS_MIN ((size_t)1024) /* a power of two */

/* A slot of the table, and a key to be withdrawn when `live`. */
struct entry {
    uint64_t high; /* of the key's digest */
    uint64_t low;
    uint32_t text; /* where the key begins in the texts */
    uint32_t panel;
    bool used;
    bool kept; /* the release has it */
    bool live; /* the last record of it has a value */
};

struct kf_withdrawal {
    size_t keys_max;
    uint64_t from; /* the slice: keys whose digest begins with from … to */
    uint64_t to;
    struct entry *slots; /* [slots_len], a power of two, at most half of them used */
    size_t slots_len;
    size_t used;
    struct kf_text texts; /* each with a final NUL */
    struct withdrawn {
        const char *key;
        uint32_t panel;
    } * list;
};

struct kf_withdrawal *kf_withdrawal_new(size_t keys_max)
{
    struct kf_withdrawal *self = kf_calloc(1, sizeof *self);

    if (self == NULL) {
        return NULL;
    }
    self->keys_max = keys_max;
    kf_text_init(&self->texts, KF_WITHDRAWAL_BYTES_MAX);
    kf_withdrawal_reset(self);
    return self;
}

static void forget(struct kf_withdrawal *self)
{
    kf_free(self->slots);
    kf_free(self->list);
    self->slots = NULL;
    self->list = NULL;
    self->slots_len = 0;
    self->used = 0;
}

void kf_withdrawal_destroy(struct kf_withdrawal **self)
{
    if (*self == NULL) {
        return;
    }
    forget(*self);
    kf_text_clear(&(*self)->texts);
    kf_free(*self);
    *self = NULL;
}

/* --- slices ---------------------------------------------------------------------------------- */

void kf_withdrawal_reset(struct kf_withdrawal *self)
{
    self->from = 0;
    self->to = UINT64_MAX;
    kf_withdrawal_start(self);
}

void kf_withdrawal_start(struct kf_withdrawal *self)
{
    forget(self);
    kf_text_reset(&self->texts);
}

bool kf_withdrawal_narrow(struct kf_withdrawal *self)
{
    if (self->from == self->to) {
        return false;
    }
    self->to = self->from + (self->to - self->from) / 2;
    return true;
}

bool kf_withdrawal_next(struct kf_withdrawal *self)
{
    if (self->to == UINT64_MAX) {
        return false;
    }
    self->from = self->to + 1;
    self->to = UINT64_MAX;
    return true;
}

/* --- the table ------------------------------------------------------------------------------- */

/* The slot of the digest, or the empty one where it belongs. */
static struct entry *find(struct entry *slots, size_t slots_len, const struct kf_digest_sum *digest)
{
    size_t at = (size_t)digest->low & (slots_len - 1);

    while (slots[at].used && (slots[at].low != digest->low || slots[at].high != digest->high)) {
        at = (at + 1) & (slots_len - 1);
    }
    return &slots[at];
}

static enum kf_err grow(struct kf_withdrawal *self, struct kf_error *err)
{
    size_t length = self->slots_len == 0 ? SLOTS_MIN : 2 * self->slots_len;
    struct entry *slots = kf_calloc(length, sizeof *slots);

    if (slots == NULL) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the keys of a topic");
    }
    for (size_t i = 0; i < self->slots_len; i++) {
        const struct entry *entry = &self->slots[i];
        if (entry->used) {
            *find(slots, length, &(struct kf_digest_sum){entry->high, entry->low}) = *entry;
        }
    }
    kf_free(self->slots);
    self->slots = slots;
    self->slots_len = length;
    return KF_OK;
}

/* Finds the key's entry or takes an empty one, whose `used` is false until it is filled. */
static enum kf_err enter(struct kf_withdrawal *self, const struct kf_digest_sum *digest,
                         struct entry **entry, struct kf_error *err)
{
    if (2 * (self->used + 1) > self->slots_len) {
        enum kf_err result = grow(self, err);
        if (result != KF_OK) {
            return result;
        }
    }
    *entry = find(self->slots, self->slots_len, digest);
    if (!(*entry)->used && self->used >= self->keys_max) {
        return kf_error_set(err, KF_ERR_LIMIT, "more than %zu keys at a time", self->keys_max);
    }
    return KF_OK;
}

static void fill(struct kf_withdrawal *self, struct entry *entry, const struct entry *what)
{
    *entry = *what;
    entry->used = true;
    self->used++;
}

static bool in_slice(const struct kf_withdrawal *self, const struct kf_digest_sum *digest)
{
    return digest->high >= self->from && digest->high <= self->to;
}

enum kf_err kf_withdrawal_keep(struct kf_withdrawal *self, const char *key, size_t length,
                               struct kf_error *err)
{
    struct kf_digest_sum digest = {0, 0};
    struct entry *entry = NULL;

    kf_digest_sum_add(&digest, key, length);
    if (!in_slice(self, &digest)) {
        return KF_OK;
    }
    enum kf_err result = enter(self, &digest, &entry, err);
    if (result == KF_OK && !entry->used) {
        fill(self, entry, &(struct entry){.high = digest.high, .low = digest.low, .kept = true});
    }
    return result;
}

static enum kf_err fill_seen(struct kf_withdrawal *self, struct entry *entry,
                             const struct entry *what, const char *key, size_t length,
                             struct kf_error *err)
{
    size_t start = self->texts.length;

    if (start + length + 1 >= KF_WITHDRAWAL_BYTES_MAX) {
        return kf_error_set(err, KF_ERR_LIMIT, "more than %zu bytes of keys at a time",
                            KF_WITHDRAWAL_BYTES_MAX);
    }
    kf_text_add_bytes(&self->texts, key, length);
    kf_text_add_char(&self->texts, '\0');
    if (self->texts.failed) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the keys of a topic");
    }
    fill(self, entry, what);
    entry->text = (uint32_t)start;
    return KF_OK;
}

enum kf_err kf_withdrawal_see(struct kf_withdrawal *self, const char *key, size_t length,
                              uint32_t panel, bool live, struct kf_error *err)
{
    struct kf_digest_sum digest = {0, 0};
    struct entry *entry = NULL;

    kf_digest_sum_add(&digest, key, length);
    if (!in_slice(self, &digest)) {
        return KF_OK;
    }
    enum kf_err result = enter(self, &digest, &entry, err);
    if (result != KF_OK || entry->kept) {
        return result;
    }
    if (entry->used) {
        entry->live = live;
        return KF_OK;
    }
    if (!live) {
        return KF_OK; /* withdrawn already; should a value follow, it is entered then */
    }
    return fill_seen(
        self, entry,
        &(struct entry){.high = digest.high, .low = digest.low, .panel = panel, .live = true}, key,
        length, err);
}

/* --- the end --------------------------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
    return strcmp(((const struct withdrawn *)a)->key, ((const struct withdrawn *)b)->key);
}

enum kf_err kf_withdrawal_finish(struct kf_withdrawal *self, size_t *count, struct kf_error *err)
{
    size_t length = 0;

    kf_free(self->list);
    self->list = kf_calloc(self->used + 1, sizeof *self->list);
    if (self->list == NULL) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the keys to be withdrawn");
    }
    for (size_t i = 0; i < self->slots_len; i++) {
        const struct entry *entry = &self->slots[i];
        if (entry->used && entry->live) {
            self->list[length++] =
                (struct withdrawn){self->texts.bytes + entry->text, entry->panel};
        }
    }
    qsort(self->list, length, sizeof *self->list, compare);
    *count = length;
    return KF_OK;
}

const char *kf_withdrawal_at(const struct kf_withdrawal *self, size_t i, uint32_t *panel)
{
    *panel = self->list[i].panel;
    return self->list[i].key;
}
