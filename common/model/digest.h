/* Content digests: XXH3-128, streaming, as 32 hexadecimal digits. Says "the same bytes"; it is no
 * protection against somebody who wants two contents to look alike. */
#ifndef KF_MODEL_DIGEST_H
#define KF_MODEL_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KF_DIGEST_SIZE 33

struct kf_digest;

/* A new digest of nothing. NULL when there is no memory. */
struct kf_digest *kf_digest_new(void);
void kf_digest_destroy(struct kf_digest **self);

/* Adds bytes. */
void kf_digest_add(struct kf_digest *self, const void *bytes, size_t length);

/* Adds a length as eight bytes, lowest first, then the bytes: so that ("ab","c") and ("a","bc")
 * differ. */
void kf_digest_add_sized(struct kf_digest *self, const void *bytes, size_t length);

/* Writes the digest of all bytes so far; more may be added afterwards. */
void kf_digest_print(const struct kf_digest *self, char hex[KF_DIGEST_SIZE]);

/* The digest of one piece. */
void kf_digest_of(const void *bytes, size_t length, char hex[KF_DIGEST_SIZE]);

/* The digest of a set of rows whose order does not matter: the sum, modulo 2 to the power of 128,
 * of the XXH3-128 of every row. A row that comes twice counts twice. Start from {0}. */
struct kf_digest_sum {
    uint64_t high;
    uint64_t low;
};

/* Adds a row. */
void kf_digest_sum_add(struct kf_digest_sum *self, const void *row, size_t length);

/* The sum of one row that is a record of a topic: its bytes are the key and the value, each behind
 * its length as eight bytes, lowest first. */
struct kf_digest_sum kf_digest_sum_of_record(const void *key, size_t key_length, const void *value,
                                             size_t value_length);

/* Adds the rows of another sum, or takes them out. */
void kf_digest_sum_join(struct kf_digest_sum *self, const struct kf_digest_sum *more);
void kf_digest_sum_part(struct kf_digest_sum *self, const struct kf_digest_sum *less);

/* True when both are sums of the same rows. */
bool kf_digest_sum_equals(const struct kf_digest_sum *self, const struct kf_digest_sum *other);

/* Writes the sum, highest digit first; no rows give 32 zeros. */
void kf_digest_sum_print(const struct kf_digest_sum *self, char hex[KF_DIGEST_SIZE]);

/* Reads what kf_digest_sum_print wrote. False, and nothing read, when the first 32 characters are
 * no such digits; there may be fewer. */
bool kf_digest_sum_read(struct kf_digest_sum *self, const char *hex, size_t length);

/* XXH3-64 of one piece, for checksums. */
uint64_t kf_checksum(const void *bytes, size_t length);

#endif
