/* The watch: follows Statistics Norway's tables for the live editions and puts a release into the
 * ledger whenever one is due.
 *
 *     detect says what to ask and when a release is due; the harvest asks and stores; assemble
 * makes the release. This keeps them in step and tells people what is going on.
 *
 * Everything that must survive lies in the observation store and the ledger: after a crash anywhere
 * the same releases come of it, each once. Nothing here waits.
 */
#ifndef KF_INGEST_WATCH_H
#define KF_INGEST_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/bus/socket.h"
#include "common/model/catalogue.h"
#include "common/service/metrics.h"
#include "services/ingest/record.h"
#include "services/ingest/source/table_map.h"
#include "services/ingest/ssb/ssb.h"

struct kf_watch_options {
    const char *editions; /* folder; the calendar is in its folder sources */
    const char *store;    /* file of the observation store */
    const struct kf_catalogue *catalogue;
    const struct kf_table_maps *maps;
    const struct kf_day *day;
    struct kf_ssb_options ssb;
    bool klass; /* municipality codes are compared once a day */
    int64_t quiet_ms;
    int64_t patience_ms;
    uint32_t keep_vintages;
    struct kf_record_options record;
    size_t rows_max;
    size_t line_bytes_max;
    uint64_t file_bytes_max;
    struct kf_metrics *metrics;
};

struct kf_watch;

/* What the name of a release begins with that the watch has made; behind it, when. */
#define KF_WATCH_INPUT "Statistics Norway "

/* Reads the calendar and opens the store. All that the options name is borrowed. Faults of the
 * calendar are findings and KF_ERR_CONFIG. Without a live edition there is nothing to ask
 * for, and nothing is asked. */
enum kf_err kf_watch_open(const struct kf_watch_options *options, struct kf_watch **watch,
                          struct kf_findings *findings, struct kf_error *err);

/* NULL is fine, the pointer is nulled. */
void kf_watch_close(struct kf_watch **self);

/* Fills in at most `room` items and lowers `deadline_ms` (kf_clock_monotonic_ms). Returns how many.
 */
size_t kf_watch_wait(struct kf_watch *self, struct kf_poll_item *items, size_t room,
                     int64_t *deadline_ms);

/* A bounded amount of work: one piece of an answer, one question, or one release. `recorded` is set
 * when the ledger has changed. What can be tried again is told and tried again; an error is fatal.
 */
enum kf_err kf_watch_work(struct kf_watch *self, bool *recorded, struct kf_error *err);

/* The newest vintages and the standing files are assembled again when nothing is waited for. An
 * ingest that is killed before does so at its next start in any case. */
void kf_watch_again(struct kf_watch *self);

/* What is waited for or wrong, for people: "waiting for 12362 of kostra 2026-03-16 08.00: 3 of 5
 * tables"; "" when there is nothing to tell. */
const char *kf_watch_detail(const struct kf_watch *self);

#endif
