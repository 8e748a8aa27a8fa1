/* Panels and editions between the model and the generated messages. Internal to the codec. */
#ifndef KF_CODEC_PANEL_CODEC_H
#define KF_CODEC_PANEL_CODEC_H

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/model/panel.h"
#include "kf/v1/panel.pb-c.h"

/* Builds the message of `panel`; its arrays point into the panel or live in `arena`. */
enum kf_err kf_panel_to_message(const struct kf_panel *panel, struct kf_arena *arena,
                                Kf__V1__Panel **message, struct kf_error *err);

/* Builds a panel of its own from a message; counts and limits are checked, then kf_panel_check. */
enum kf_err kf_panel_from_message(const Kf__V1__Panel *message, struct kf_panel **panel,
                                  struct kf_error *err);

#endif
