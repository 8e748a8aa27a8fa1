/* The watch's metrics. */
#ifndef KF_INGEST_GAUGES_H
#define KF_INGEST_GAUGES_H

#include <stddef.h>

#include "common/service/metrics.h"
#include "services/ingest/ssb/ssb.h"
#include "services/ingest/watch/detect.h"

#define KF_GAUGES_LABEL_SIZE 48

struct kf_gauges {
    struct kf_metric *calls;
    struct kf_metric *repeated;
    struct kf_metric *bytes;
    struct kf_metric *failures[KF_SSB_CAUSES];
    struct kf_metric *search_age;
    struct kf_metric *next_event;
    struct kf_metric *awaited;
    struct kf_metric *troubles[KF_DETECT_TROUBLES];
    struct kf_metric *updated[KF_DETECT_TABLES_MAX];
    struct kf_metric *stale;
    struct kf_metric *unknown_codes;
    struct kf_metric *releases;
    char cause_labels[KF_SSB_CAUSES][KF_GAUGES_LABEL_SIZE];
    char table_labels[KF_DETECT_TABLES_MAX][KF_GAUGES_LABEL_SIZE];
};

/* Adds the metrics, with those of the tables. `self` must live as long as the metrics. */
void kf_gauges_add(struct kf_gauges *self, struct kf_metrics *metrics,
                   const struct kf_detect *detect);

/* Sets those that follow from what is known. */
void kf_gauges_show(struct kf_gauges *self, const struct kf_ssb_counts *counts,
                    const struct kf_detect *detect, struct kf_moment now);

#endif
