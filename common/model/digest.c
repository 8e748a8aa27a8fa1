#include "common/model/digest.h"

#define XXH_STATIC_LINKING_ONLY /* for the size of the state, which is allocated here */
#include <xxhash.h>

#include "common/base/memory.h"

#define STATE_ALIGNMENT ((size_t)64)

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

void kf_digest_add(struct kf_digest *self, const void *bytes, size_t length)
{
    if (length > 0) {
        (void)XXH3_128bits_update(self->state, bytes, length);
    }
}

void kf_digest_add_sized(struct kf_digest *self, const void *bytes, size_t length)
{
    unsigned char size[8];
    uint64_t rest = length;
    for (size_t i = 0; i < sizeof size; i++) {
        size[i] = (unsigned char)(rest & 0xff);
        rest >>= 8;
    }
    kf_digest_add(self, size, sizeof size);
    kf_digest_add(self, bytes, length);
}

static void print(XXH128_hash_t hash, char hex[KF_DIGEST_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, hash);
    for (size_t i = 0; i < sizeof canonical.digest; i++) {
        hex[2 * i] = digits[canonical.digest[i] >> 4];
        hex[2 * i + 1] = digits[canonical.digest[i] & 0x0f];
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

void kf_digest_sum_add(struct kf_digest_sum *self, const void *row, size_t length)
{
    XXH128_hash_t hash = XXH3_128bits(row, length);
    uint64_t low = self->low + hash.low64;
    uint64_t carry = low < self->low;
    self->high += hash.high64 + carry;
    self->low = low;
}

void kf_digest_sum_print(const struct kf_digest_sum *self, char hex[KF_DIGEST_SIZE])
{
    print((XXH128_hash_t){.low64 = self->low, .high64 = self->high}, hex);
}

uint64_t kf_checksum(const void *bytes, size_t length)
{
    return XXH3_64bits(bytes, length);
}
