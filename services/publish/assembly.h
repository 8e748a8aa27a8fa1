/* The assembly: panels arrive one by one, in any order, some twice; releases leave it whole.
 *
 * Bounded in releases and in bytes. Whatever is dropped or refused here is not lost: ingest keeps a
 * panel in its ledger until the release is receipted, and sends it again. Pure.
 *
 * A release that would not fit even alone is given up, or it would stop all that come after it: its
 * panels, those held and those that arrive, become small rejections (stub.h), so that it gets whole
 * and is published as rejected. The bytes of these, at most KF_RELEASE_PANELS_MAX, may go beyond
 * the ceiling.
 *
 * A release that was taken to be published stays known until kf_assembly_finish: what arrives for
 * it meanwhile is a duplicate, and its bytes count.
 */
#ifndef KF_PUBLISH_ASSEMBLY_H
#define KF_PUBLISH_ASSEMBLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/codec/envelope.h"

/* Releases being collected at the same time. */
#define KF_ASSEMBLY_RELEASES_MAX 2

/* A whole release. Owns its envelopes; each of them carries the release's description. */
struct kf_collected {
    struct kf_envelope **panels; /* [panels_len], by index */
    uint32_t panels_len;
    size_t bytes;
};

/* NULL is fine, the pointer is nulled. */
void kf_collected_destroy(struct kf_collected **self);

/* The release's description. */
const struct kf_release *kf_collected_release(const struct kf_collected *self);

struct kf_assembly;

/* An empty assembly that holds at most `bytes_max`. NULL when there is no memory. */
struct kf_assembly *kf_assembly_new(size_t bytes_max);
void kf_assembly_destroy(struct kf_assembly **self);

enum kf_assembly_verdict {
    KF_ASSEMBLY_ACCEPTED,
    KF_ASSEMBLY_COMPLETED, /* accepted, and the release is whole now */
    KF_ASSEMBLY_DUPLICATE, /* held already, or being published */
    KF_ASSEMBLY_REFUSED,   /* `err` says why */
};

/* How far a release has come. */
struct kf_progress {
    char release[KF_RELEASE_ID_SIZE];
    uint32_t held;
    uint32_t panels;
};

/* What had to go to make room. */
struct kf_assembly_drops {
    struct kf_progress list[KF_ASSEMBLY_RELEASES_MAX]; /* whole releases; ingest sends them again */
    size_t length;
    bool given_up;     /* the envelope's release was found too large now */
    uint32_t rejected; /* panels of this release that became rejections now */
};

/* Takes the envelope over, whatever the verdict: `*envelope` is NULL afterwards. `dropped` is
 * always written. Refused with
 *   KF_ERR_DATA    a release id that is none, an index beyond the number of panels, another number
 *                  of panels than the release's first, neither panel nor rejection inside
 *   KF_ERR_AGAIN   whole releases that wait to be published leave no room
 *   KF_ERR_MEMORY  no memory for the list of panels, or to give the release up; then it is dropped
 * When there is no place for one more release, or no room for its bytes, the oldest incomplete one
 * is dropped. */
enum kf_assembly_verdict kf_assembly_accept(struct kf_assembly *self, struct kf_envelope **envelope,
                                            struct kf_assembly_drops *dropped,
                                            struct kf_error *err);

/* True when a release is whole and no other one is being published. */
bool kf_assembly_complete(const struct kf_assembly *self);

/* The oldest whole release, which the caller owns from now on; NULL when kf_assembly_complete is
 * false. */
struct kf_collected *kf_assembly_take(struct kf_assembly *self);

/* The release that was taken is done with, published or not. */
void kf_assembly_finish(struct kf_assembly *self);

/* Calls `visit` for each release that was not taken yet, whole or not, oldest first. */
void kf_assembly_each(const struct kf_assembly *self,
                      void (*visit)(void *context, const struct kf_progress *release),
                      void *context);

/* Panels and bytes held, with those of a release that was taken. */
uint32_t kf_assembly_panels(const struct kf_assembly *self);
size_t kf_assembly_bytes(const struct kf_assembly *self);

#endif
