/* The board: reads the result topics into its store, listens to the stages' beats, and answers over
 * HTTP what both say. It touches nothing of the pipeline: stopped or deleted it is not missed, and
 * started anew it reads everything again.
 *
 *     topics ─▶ follower ─▶ store ─▶ answers ─▶ /api/…, page     (HTTP thread)
 *     beats ──▶ listener ─▶ line ──▶ status ──▶ snapshot, events (work loop)
 */
#ifndef KF_BOARD_BOARD_H
#define KF_BOARD_BOARD_H

#include "common/service/service.h"

extern const struct kf_service_class kf_board_class;

#endif
