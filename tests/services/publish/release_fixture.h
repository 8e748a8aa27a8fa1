/* Releases for tests, made without files. Any failure ends the test program.
 *
 * Panel `index` is of edition "fixture" and the year 2000 + index: two members, 0001 and 0002, in
 * one sector, barnehage. Its results are the index of the sector (100.5 and 99.5, the second of
 * them resting on an imputed cell) and the statistics of the group (minimum 99.5, maximum 100.5).
 */
#ifndef KF_TESTS_RELEASE_FIXTURE_H
#define KF_TESTS_RELEASE_FIXTURE_H

#include "common/codec/envelope.h"
#include "services/publish/assembly.h"

#define RELEASE_A "0123456789abcdef0123456789abcdef"
#define RELEASE_B "fedcba9876543210fedcba9876543210"
#define RELEASE_C "00112233445566778899aabbccddeeff"

/* Discovered on 2026-03-15 at 07:00:00.123 UTC, from one source. */
struct kf_envelope *fixture_envelope(const char *release, uint32_t index, uint32_t panels);

/* The same, rejected by "need" because "weights do not close". */
struct kf_envelope *fixture_rejected(const char *release, uint32_t index, uint32_t panels);

/* A whole release of `panels` panels. */
struct kf_collected *fixture_release(const char *release, uint32_t panels);

/* Replaces panel `index` of the release. */
void fixture_replace(struct kf_collected *release, uint32_t index, struct kf_envelope *envelope);

#endif
