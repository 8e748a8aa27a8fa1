/* What the board counts. */
#ifndef KF_BOARD_BOARD_METRICS_H
#define KF_BOARD_BOARD_METRICS_H

#include "common/service/metrics.h"
#include "services/board/line/line.h"
#include "services/board/store/follower.h"
#include "services/board/store/store.h"

struct kf_board_metrics {
    struct kf_metric *rows;
    struct kf_metric *staged;
    struct kf_metric *incomplete;
    struct kf_metric *releases;
    struct kf_metric *behind;
    struct kf_metric *read;
    struct kf_metric *refused;
    struct kf_metric *applied;
    struct kf_metric *delay;
    struct kf_metric *listeners;
    struct kf_metric *failures;
    struct kf_metric *stages[KF_LINE_STATES];
};

/* Registers them. */
void kf_board_metrics_add(struct kf_board_metrics *self, struct kf_metrics *all);

/* Sets what the follower and the store tell. */
void kf_board_metrics_set(struct kf_board_metrics *self, const struct kf_board_progress *progress,
                          const struct kf_board_totals *totals);

/* Sets how many workers are in which state. */
void kf_board_metrics_set_stages(struct kf_board_metrics *self, const struct kf_line *line);

#endif
