/* The dead letters of a release for its closing receipt, so that ingest's ledger says what the
 * topic says. Pure. */
#ifndef KF_PUBLISH_LETTERS_H
#define KF_PUBLISH_LETTERS_H

#include "common/base/error.h"
#include "common/base/text.h"
#include "services/publish/assembly.h"
#include "services/publish/summary.h"

/* Appends the packed letters (kf_letters_pack) of the release that is on the topics as `summary`
 * says. Nothing when no panel is rejected, and when the release was published before with other
 * rejections than the ones at hand: those on the topic stand. An ingest of another version than
 * this program gets no more than it takes. KF_ERR_MEMORY, and `bytes` as before. */
enum kf_err kf_publish_letters(const struct kf_collected *release, const struct kf_summary *summary,
                               struct kf_text *bytes, struct kf_error *err);

#endif
