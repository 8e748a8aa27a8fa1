#include "services/board/board_metrics.h"

static const char *const state_labels[KF_LINE_STATES] = {
    [KF_LINE_UNKNOWN] = "state=\"unknown\"",   [KF_LINE_STARTING] = "state=\"starting\"",
    [KF_LINE_READY] = "state=\"ready\"",       [KF_LINE_WAITING] = "state=\"waiting\"",
    [KF_LINE_DRAINING] = "state=\"draining\"", [KF_LINE_SILENT] = "state=\"silent\"",
    [KF_LINE_GONE] = "state=\"gone\"",
};

void kf_board_metrics_add(struct kf_board_metrics *self, struct kf_metrics *all)
{
    self->rows = kf_metrics_add(all, "board_rows", KF_METRIC_GAUGE, NULL, "Rows that are shown.");
    self->staged = kf_metrics_add(all, "board_staged_rows", KF_METRIC_GAUGE, NULL,
                                  "Rows of releases that are not whole yet, or no longer shown.");
    self->incomplete = kf_metrics_add(all, "board_incomplete_panels", KF_METRIC_GAUGE, NULL,
                                      "Editions and years whose newest release is not whole here.");
    self->releases = kf_metrics_add(all, "board_releases_total", KF_METRIC_COUNTER, NULL,
                                    "Releases that came while it ran.");
    self->behind = kf_metrics_add(all, "board_behind_records", KF_METRIC_GAUGE, NULL,
                                  "Records on the topics that it has not read.");
    self->read = kf_metrics_add(all, "board_records_total", KF_METRIC_COUNTER, NULL,
                                "Records read from the topics.");
    self->refused = kf_metrics_add(all, "board_records_refused_total", KF_METRIC_COUNTER, NULL,
                                   "Records that are none of ours, passed over.");
    self->applied = kf_metrics_add(all, "board_apply_duration_seconds", KF_METRIC_GAUGE, NULL,
                                   "How long the last records that changed what is shown took.");
    self->delay = kf_metrics_add(all, "board_release_delay_seconds", KF_METRIC_GAUGE, NULL,
                                 "From the last release's manifest in Kafka until it was known "
                                 "here.");
    self->listeners = kf_metrics_add(all, "board_listeners", KF_METRIC_GAUGE, NULL,
                                     "Clients that listen to events.");
    self->failures = kf_metrics_add(all, "board_store_failures_total", KF_METRIC_COUNTER, NULL,
                                    "Times that the store could not be read or written.");
    for (size_t i = 0; i < KF_LINE_STATES; i++) {
        self->stages[i] = kf_metrics_add(all, "board_stages", KF_METRIC_GAUGE, state_labels[i],
                                         "Workers of the line, by how they are.");
    }
}

void kf_board_metrics_set(struct kf_board_metrics *self, const struct kf_board_progress *progress,
                          const struct kf_board_totals *totals)
{
    kf_metric_set(self->rows, (double)totals->rows);
    kf_metric_set(self->staged, (double)totals->staged);
    kf_metric_set(self->behind, (double)progress->behind);
    kf_metric_set(self->read, (double)progress->read);
    kf_metric_set(self->refused, (double)progress->refused);
}

void kf_board_metrics_set_stages(struct kf_board_metrics *self, const struct kf_line *line)
{
    unsigned counts[KF_LINE_STATES] = {0};
    size_t count = 0;
    const struct kf_line_stage *stages = kf_line_stages(line, &count);
    for (size_t i = 0; i < count; i++) {
        counts[stages[i].state]++;
    }
    for (size_t i = 0; i < KF_LINE_STATES; i++) {
        kf_metric_set(self->stages[i], counts[i]);
    }
}
