/* Metrics of a service: counters and gauges, written by the work loop, read by the HTTP thread.
 *
 * Names get the prefix `kostraflow_`, except the standard `process_…` ones; counters end in
 * `_total`, units are base units. No labels with municipalities or indicators.
 */
#ifndef KF_SERVICE_METRICS_H
#define KF_SERVICE_METRICS_H

#include <stdint.h>

#include "common/base/error.h"
#include "common/base/text.h"

#define KF_METRICS_MAX 192

enum kf_metric_type { KF_METRIC_COUNTER, KF_METRIC_GAUGE };

struct kf_metrics;
struct kf_metric;

/* NULL when there is no memory. */
struct kf_metrics *kf_metrics_new(void);
void kf_metrics_destroy(struct kf_metrics **self);

/* Registers a metric, before the HTTP thread starts. Texts are kept, not copied. `label` is NULL or
 * a ready label such as `reason="corrupt"`; metrics of one name stand together. Never NULL short of
 * KF_METRICS_MAX: beyond it an assertion fails. */
struct kf_metric *kf_metrics_add(struct kf_metrics *self, const char *name,
                                 enum kf_metric_type type, const char *label, const char *help);

/* Any thread. A counter that the system keeps may be set, too. */
void kf_metric_increase(struct kf_metric *self, uint64_t by);
void kf_metric_set(struct kf_metric *self, double value);
double kf_metric_value(const struct kf_metric *self);

/* Appends all metrics in Prometheus' text format. Any thread. */
void kf_metrics_print(const struct kf_metrics *self, struct kf_text *page);

#endif
