/* A stub: what is left of a panel for which there is no room, a rejection that says so. */
#ifndef KF_PUBLISH_STUB_H
#define KF_PUBLISH_STUB_H

#include "common/base/error.h"
#include "common/codec/envelope.h"

/* The stage whose rejections are the publisher's own. */
#define KF_PUBLISH_STAGE "publish"

/* Replaces the envelope by a small one: its panel by a rejection of this stage with `reason`; of a
 * rejection only the findings go, and its own reason says so. `description` is the release as
 * another envelope owns it, which then must live as long; NULL: the stub gets a copy of its own.
 * KF_ERR_MEMORY, and nothing changed. */
enum kf_err kf_stub_replace(struct kf_envelope **envelope, const struct kf_release *description,
                            const char *reason, struct kf_error *err);

#endif
