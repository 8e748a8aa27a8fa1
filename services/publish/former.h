/* What the manifests say of the keys that earlier releases have on the topics, for the editions and
 * years ("panels") of the release that is to be published: so that a key that is no more can be
 * withdrawn, and so that nothing has to be read when the keys are the same.
 *
 * A manifest's record carries them as the header kf-keys: for each panel its name, then for each
 * topic that has keys of it the kind and the digest of the keys:
 *
 *     asss-2010/2009 index=<32 digits> statistics=<32 digits> asss-2010/2010 index=…
 *
 * The digest is the sum modulo 2^128 of the XXH3-128 of every key: their order is nothing to it.
 * A manifest without the header (of an older version, or with too many panels for a header) says
 * that there are keys, not which. Pure.
 */
#ifndef KF_PUBLISH_FORMER_H
#define KF_PUBLISH_FORMER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/text.h"
#include "common/model/digest.h"
#include "common/model/topic.h"
#include "services/publish/assembly.h"
#include "services/publish/summary.h"

#define KF_HEADER_KEYS "kf-keys"

/* The header is no longer; a release with more panels has none. */
#define KF_KEYS_HEADER_BYTES_MAX ((size_t)256 * 1024)
#define KF_KEYS_PANEL_BYTES_MAX  ((size_t)512) /* what one panel takes of it at most */

/* The digests of one panel's keys, by topic; 0 for a topic without any. */
struct kf_key_digests {
    struct kf_digest_sum topics[KF_TOPICS];
};

/* What is known of one panel. */
enum kf_former_state {
    KF_FORMER_NONE = 0, /* no release has published it */
    KF_FORMER_KNOWN,    /* the digests of the last one's keys */
    KF_FORMER_UNKNOWN,  /* there may be keys; the topics have to be read */
};

struct kf_former_panel {
    enum kf_former_state state;
    int32_t partition; /* of the manifest that said so last */
    bool mixed;        /* manifests of several partitions name the panel */
    bool unsure;       /* and they do not agree: it stays unknown */
    struct kf_key_digests keys;
};

struct kf_former {
    struct kf_panel_names *names;   /* of the release that is to be published */
    struct kf_former_panel *panels; /* [names->length] */
};

/* One header of a manifest: `value` is NULL when it has none. */
struct kf_header_value {
    const char *value;
    size_t length;
};

/* Nothing is known yet of the panels of `release`. KF_ERR_MEMORY. */
enum kf_err kf_former_new(const struct kf_collected *release, struct kf_former **former,
                          struct kf_error *err);

/* NULL is fine, the pointer is nulled. */
void kf_former_destroy(struct kf_former **self);

/* Takes the manifest of a committed release: its partition, within which manifests come in the
 * order in which they were written, and the values of its headers kf-panels and kf-keys. Between
 * partitions there is no order but that of clocks, and these err: where their manifests say
 * different things of one panel, nothing is known for sure, which costs reading and nothing else.
 */
void kf_former_take(struct kf_former *self, int32_t partition, struct kf_header_value panels,
                    struct kf_header_value keys);

/* True when earlier releases may have keys on the topic that the panel has not: `now` are the
 * digests of the panel `name`. */
bool kf_former_differs(const struct kf_former *self, const char *name, size_t topic,
                       const struct kf_key_digests *now);

/* Appends to the header's value what stands in it for one panel. */
void kf_key_digests_print(const struct kf_key_digests *self, const char *name,
                          struct kf_text *text);

#endif
