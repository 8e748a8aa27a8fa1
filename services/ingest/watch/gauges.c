#include "services/ingest/watch/gauges.h"

#include <stdio.h>

static void add_failures(struct kf_gauges *self, struct kf_metrics *metrics)
{
    for (int i = KF_SSB_NO_CAUSE + 1; i < KF_SSB_CAUSES; i++) {
        (void)snprintf(self->cause_labels[i], KF_GAUGES_LABEL_SIZE, "cause=\"%s\"",
                       kf_ssb_cause_name((enum kf_ssb_cause)i));
        self->failures[i] =
            kf_metrics_add(metrics, "ssb_failures_total", KF_METRIC_COUNTER, self->cause_labels[i],
                           "Calls to Statistics Norway that failed.");
    }
}

static void add_tables(struct kf_gauges *self, struct kf_metrics *metrics,
                       const struct kf_detect *detect)
{
    static const char *const labels[KF_DETECT_TROUBLES] = {
        [KF_DETECT_FAILED] = "trouble=\"failed\"",   [KF_DETECT_MOVED] = "trouble=\"changing\"",
        [KF_DETECT_HALF] = "trouble=\"half\"",       [KF_DETECT_DRIFTED] = "trouble=\"drifted\"",
        [KF_DETECT_REFUSED] = "trouble=\"refused\"",
    };
    for (int i = KF_DETECT_FINE + 1; i < KF_DETECT_TROUBLES; i++) {
        self->troubles[i] = kf_metrics_add(metrics, "ssb_tables_in_trouble", KF_METRIC_GAUGE,
                                           labels[i], "Tables that cannot be taken now.");
    }
    for (size_t i = 0; i < detect->tables_len; i++) {
        (void)snprintf(self->table_labels[i], KF_GAUGES_LABEL_SIZE, "table=\"%.16s\"",
                       detect->tables[i].table);
        self->updated[i] = kf_metrics_add(
            metrics, "ssb_table_updated_timestamp_seconds", KF_METRIC_GAUGE, self->table_labels[i],
            "When the newest figures that are here were published; 0: there are none.");
    }
}

void kf_gauges_add(struct kf_gauges *self, struct kf_metrics *metrics,
                   const struct kf_detect *detect)
{
    self->calls = kf_metrics_add(metrics, "ssb_calls_total", KF_METRIC_COUNTER, NULL,
                                 "Calls to Statistics Norway.");
    self->repeated = kf_metrics_add(metrics, "ssb_calls_repeated_total", KF_METRIC_COUNTER, NULL,
                                    "Calls that repeat one that failed.");
    self->bytes = kf_metrics_add(metrics, "ssb_received_bytes_total", KF_METRIC_COUNTER, NULL,
                                 "Bytes received from Statistics Norway, decompressed.");
    add_failures(self, metrics);
    self->search_age = kf_metrics_add(metrics, "ssb_last_search_age_seconds", KF_METRIC_GAUGE, NULL,
                                      "Since the last good search for changed tables; since the "
                                      "start when there was none.");
    self->next_event = kf_metrics_add(metrics, "ssb_next_event_timestamp_seconds", KF_METRIC_GAUGE,
                                      NULL, "When figures are to come next; 0: it is not known.");
    self->awaited = kf_metrics_add(metrics, "ssb_event_awaited_seconds", KF_METRIC_GAUGE, NULL,
                                   "Since the hour of an event of which tables still lack; 0 "
                                   "when none is awaited.");
    add_tables(self, metrics, detect);
    self->stale = kf_metrics_add(metrics, "ssb_stale_answers_total", KF_METRIC_COUNTER, NULL,
                                 "Answers that were older than what is here.");
    self->unknown_codes =
        kf_metrics_add(metrics, "klass_differing_codes", KF_METRIC_GAUGE, NULL,
                       "Municipality codes in which KLASS and municipalities.csv differ.");
    self->releases = kf_metrics_add(metrics, "watch_releases_total", KF_METRIC_COUNTER, NULL,
                                    "Releases that the watch has recorded.");
}

static void show_tables(struct kf_gauges *self, const struct kf_detect *detect)
{
    unsigned troubles[KF_DETECT_TROUBLES] = {0};
    for (size_t i = 0; i < detect->tables_len; i++) {
        const struct kf_detect_table *table = &detect->tables[i];
        bool known = table->known_ms != INT64_MIN;
        troubles[table->trouble]++;
        kf_metric_set(self->updated[i], known ? (double)table->known_ms / 1000 : 0);
    }
    for (int i = KF_DETECT_FINE + 1; i < KF_DETECT_TROUBLES; i++) {
        kf_metric_set(self->troubles[i], troubles[i]);
    }
}

static double awaited_seconds(const struct kf_detect *detect, struct kf_moment now)
{
    struct kf_detect_release waited = {0};
    bool open = kf_detect_waits(detect, now, &waited) && waited.event;
    return open && now.wall_ms > waited.of.at_ms ? (double)(now.wall_ms - waited.of.at_ms) / 1000
                                                 : 0;
}

void kf_gauges_show(struct kf_gauges *self, const struct kf_ssb_counts *counts,
                    const struct kf_detect *detect, struct kf_moment now)
{
    struct kf_calendar_event next;
    bool searched = detect->searched_mono_ms != INT64_MIN;
    int64_t since_ms = searched ? detect->searched_mono_ms : detect->options.now.mono_ms;
    kf_metric_set(self->calls, (double)counts->calls);
    kf_metric_set(self->repeated, (double)counts->repeated);
    kf_metric_set(self->bytes, (double)counts->bytes);
    for (int i = KF_SSB_NO_CAUSE + 1; i < KF_SSB_CAUSES; i++) {
        kf_metric_set(self->failures[i], (double)counts->failures[i]);
    }
    kf_metric_set(self->search_age, (double)(now.mono_ms - since_ms) / 1000);
    bool known = kf_detect_next_event(detect, now.wall_ms, &next);
    kf_metric_set(self->next_event, known ? (double)next.at_ms / 1000 : 0);
    kf_metric_set(self->awaited, awaited_seconds(detect, now));
    show_tables(self, detect);
}
