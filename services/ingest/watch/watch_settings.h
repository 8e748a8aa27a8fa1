/* The watch as the service's options say. */
#ifndef KF_INGEST_WATCH_SETTINGS_H
#define KF_INGEST_WATCH_SETTINGS_H

#include <stdbool.h>

#include "common/base/day.h"
#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/model/catalogue.h"
#include "common/service/option.h"
#include "services/ingest/watch/watch.h"

/* True when tables are watched at all. */
bool kf_watch_is_on(const struct kf_settings *settings);

/* Reads the day. KF_ERR_CONFIG. */
enum kf_err kf_watch_day(const struct kf_settings *settings, struct kf_day *day,
                         struct kf_error *err);

/* Fills in what the options say: ssb, klass, quiet, patience, vintages, bounds of files. Texts are
 * those of the settings, `day` is borrowed for the watch's life. */
void kf_watch_take_settings(const struct kf_settings *settings, const struct kf_day *day,
                            struct kf_watch_options *options);

/* For --check-config: the day, the maps of tables and the calendar of the editions folder; faults
 * are added to `findings`. */
enum kf_err kf_watch_check(const struct kf_settings *settings, const struct kf_catalogue *catalogue,
                           struct kf_findings *findings, struct kf_error *err);

#endif
