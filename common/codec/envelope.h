/* Envelopes between the model and bytes: what one stage hands to the next.
 *
 * The only readers and writers of generated protobuf names are the files of this folder. Whatever
 * comes in is untrusted: sizes, counts and numbers are checked, and memory has a ceiling.
 */
#ifndef KF_CODEC_ENVELOPE_H
#define KF_CODEC_ENVELOPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/base/text.h"
#include "common/model/digest.h"
#include "common/model/panel.h"

#define KF_ENVELOPE_BYTES_MAX ((size_t)32 * 1024 * 1024)
#define KF_SOURCES_MAX        256
#define KF_RELEASE_PANELS_MAX 4096
#define KF_RELEASE_ID_SIZE    KF_DIGEST_SIZE

/* A file that the release was made from. */
struct kf_source {
    const char *name;
    const char *digest;
    uint64_t bytes;
    const char *updated; /* RFC 3339, or "" */
};

/* The release a panel belongs to. */
struct kf_release {
    char id[KF_RELEASE_ID_SIZE];
    int64_t discovered_ms;
    uint32_t panels;
    const struct kf_source *sources;
    size_t sources_len;
    const char *vintage;
    const char *program;
};

/* Why an input or a panel could not be computed. */
struct kf_rejection {
    const char *stage;
    const char *reason;
    const char *edition; /* "" when the input never became a panel */
    int year;            /* 0 likewise */
    struct kf_findings findings;
};

/* A panel or a rejection on its way. Owns everything it points to. */
struct kf_envelope {
    struct kf_arena *arena; /* of release, rejection's texts, and the edition when decoded */
    struct kf_release release;
    uint32_t index;
    uint32_t attempt;
    struct kf_panel *panel;         /* or NULL */
    struct kf_rejection *rejection; /* or NULL */
};

/* An empty envelope with an arena. NULL when there is no memory. */
struct kf_envelope *kf_envelope_new(void);
void kf_envelope_destroy(struct kf_envelope **self);

/* Copies `release` (with its sources) into the envelope. KF_ERR_LIMIT beyond KF_SOURCES_MAX or
 * KF_RELEASE_PANELS_MAX. Texts that are not UTF-8, such as file names, are cleaned: every byte that
 * does not belong becomes '?'; beyond 4096 bytes they are cut. */
enum kf_err kf_envelope_set_release(struct kf_envelope *self, const struct kf_release *release,
                                    struct kf_error *err);

/* Replaces the envelope's panel, if any, by a rejection that says which panel it was; an earlier
 * rejection is replaced too. `findings` are moved in and left empty; NULL when there are none.
 * Texts are copied, and cleaned as above. On failure nothing changes. */
enum kf_err kf_envelope_reject(struct kf_envelope *self, const char *stage, const char *reason,
                               struct kf_findings *findings, struct kf_error *err);

/* Appends the packed envelope to `bytes`. The same envelope packs to the same bytes.
 * KF_ERR_INTERNAL for one that nobody could unpack: without a panel or rejection, with a release id
 * that is not 32 hexadecimal digits, an index beyond the release's panels. KF_ERR_LIMIT when
 * `bytes` is too small. */
enum kf_err kf_envelope_pack(const struct kf_envelope *self, struct kf_text *bytes,
                             struct kf_error *err);

/* Unpacks into a new envelope. KF_ERR_DATA when the bytes are no valid envelope (the panel is
 * checked with kf_panel_check), KF_ERR_LIMIT beyond a limit, KF_ERR_MEMORY. A field that this
 * program does not know is KF_ERR_DATA, too: a rule of a newer edition that is passed over would
 * give other results, and what is not kept would be missing further on. A panel that uses nothing
 * new has the bytes that it had before, whatever program packed it. */
enum kf_err kf_envelope_unpack(const void *bytes, size_t length, struct kf_envelope **envelope,
                               struct kf_error *err);

#endif
