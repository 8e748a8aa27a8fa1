#include "common/model/digest.h"

#define XXH_STATIC_LINKING_ONLY /* for the size of the state, which is allocated here */
#include <string.h>
#include <xxhash.h>

#include "common/base/memory.h"

#define STATE_ALIGNMENT ((size_t)64)
#define LENGTH_BYTES    8
#define DIGITS          ((size_t)KF_DIGEST_SIZE - 1)

static const char hex_digits[] = "0123456789abcdef";

struct kf_digest {
    XXH3_state_t *state; /* inside the same allocation, aligned as xxHash wants it */
};

struct kf_digest *kf_digest_new(void)
{
    unsigned char *bytes =
        kf_calloc(1, sizeof(struct kf_digest) + sizeof(XXH3_state_t) + STATE_ALIGNMENT);
    if (!bytes) {
        return NULL;
    }
    struct kf_digest *self = (void *)bytes;
    uintptr_t behind = (uintptr_t)(bytes + sizeof *self);
    size_t gap = (STATE_ALIGNMENT - behind % STATE_ALIGNMENT) % STATE_ALIGNMENT;
    self->state = (void *)(bytes + sizeof *self + gap);
    (void)XXH3_128bits_reset(self->state);
    return self;
}

void kf_digest_destroy(struct kf_digest **self)
{
    if (self) {
        kf_free(*self);
        *self = NULL;
    }
}

static void add(XXH3_state_t *state, const void *bytes, size_t length)
{
    if (length > 0) {
        (void)XXH3_128bits_update(state, bytes, length);
    }
}

static void add_sized(XXH3_state_t *state, const void *bytes, size_t length)
{
    unsigned char size[LENGTH_BYTES];
    uint64_t rest = length;
    for (size_t i = 0; i < sizeof size; i++) {
        size[i] = (unsigned char)(rest & 0xff);
        rest >>= 8;
    }
    add(state, size, sizeof size);
    add(state, bytes, length);
}

void kf_digest_add(struct kf_digest *self, const void *bytes, size_t length)
{
    add(self->state, bytes, length);
}

void kf_digest_add_sized(struct kf_digest *self, const void *bytes, size_t length)
{
    add_sized(self->state, bytes, length);
}

static void print(XXH128_hash_t hash, char hex[KF_DIGEST_SIZE])
{
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, hash);
    for (size_t i = 0; i < sizeof canonical.digest; i++) {
        hex[2 * i] = hex_digits[canonical.digest[i] >> 4];
        hex[2 * i + 1] = hex_digits[canonical.digest[i] & 0x0f];
    }
    hex[KF_DIGEST_SIZE - 1] = '\0';
}

void kf_digest_print(const struct kf_digest *self, char hex[KF_DIGEST_SIZE])
{
    print(XXH3_128bits_digest(self->state), hex);
}

void kf_digest_of(const void *bytes, size_t length, char hex[KF_DIGEST_SIZE])
{
    print(XXH3_128bits(bytes, length), hex);
}

/* --- sums ------------------------------------------------------------------------------------ */

static struct kf_digest_sum sum_of(XXH128_hash_t hash)
{
    return (struct kf_digest_sum){.high = hash.high64, .low = hash.low64};
}

void kf_digest_sum_add(struct kf_digest_sum *self, const void *row, size_t length)
{
    struct kf_digest_sum one = sum_of(XXH3_128bits(row, length));
    kf_digest_sum_join(self, &one);
}

struct kf_digest_sum kf_digest_sum_of_record(const void *key, size_t key_length, const void *value,
                                             size_t value_length)
{
    XXH3_state_t state;
    XXH3_INITSTATE(&state);
    (void)XXH3_128bits_reset(&state);
    add_sized(&state, key, key_length);
    add_sized(&state, value, value_length);
    return sum_of(XXH3_128bits_digest(&state));
}

void kf_digest_sum_join(struct kf_digest_sum *self, const struct kf_digest_sum *more)
{
    uint64_t low = self->low + more->low;
    uint64_t carry = low < self->low;
    self->high += more->high + carry;
    self->low = low;
}

void kf_digest_sum_part(struct kf_digest_sum *self, const struct kf_digest_sum *less)
{
    uint64_t borrow = self->low < less->low;
    self->low -= less->low;
    self->high -= less->high + borrow;
}

bool kf_digest_sum_equals(const struct kf_digest_sum *self, const struct kf_digest_sum *other)
{
    return self->high == other->high && self->low == other->low;
}

void kf_digest_sum_print(const struct kf_digest_sum *self, char hex[KF_DIGEST_SIZE])
{
    print((XXH128_hash_t){.low64 = self->low, .high64 = self->high}, hex);
}

bool kf_digest_sum_read(struct kf_digest_sum *self, const char *hex, size_t length)
{
    struct kf_digest_sum sum = {0};
    for (size_t i = 0; i < DIGITS; i++) {
        const char *at = i < length ? memchr(hex_digits, hex[i], sizeof hex_digits - 1) : NULL;
        if (!at) {
            return false;
        }
        uint64_t *half = i < DIGITS / 2 ? &sum.high : &sum.low;
        *half = *half << 4 | (uint64_t)(at - hex_digits);
    }
    *self = sum;
    return true;
}

uint64_t kf_checksum(const void *bytes, size_t length)
{
    return XXH3_64bits(bytes, length);
}
