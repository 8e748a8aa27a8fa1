#include "services/ingest/watch/watch_settings.h"

#include <string.h>

#include "services/ingest/source/table_map.h"
#include "services/ingest/watch/calendar.h"

/* The word that stands for the public API. */
static const char *url_of(const char *given, const char *public_url)
{
    return strcmp(given, "on") == 0 ? public_url : given;
}

bool kf_watch_is_on(const struct kf_settings *settings)
{
    return kf_settings_text(settings, "ssb")[0] != '\0';
}

enum kf_err kf_watch_day(const struct kf_settings *settings, struct kf_day *day,
                         struct kf_error *err)
{
    return kf_day_parse(kf_settings_text(settings, "day"), day, err);
}

void kf_watch_take_settings(const struct kf_settings *settings, const struct kf_day *day,
                            struct kf_watch_options *options)
{
    const char *klass = kf_settings_text(settings, "klass");
    struct kf_ssb_options ssb = kf_ssb_options_usual(day);
    ssb.url = url_of(kf_settings_text(settings, "ssb"), KF_SSB_URL);
    ssb.klass_url = url_of(klass[0] ? klass : "on", KF_SSB_KLASS_URL);
    ssb.proxy = kf_settings_text(settings, "ssb-proxy");
    ssb.ca_file = kf_settings_text(settings, "ssb-ca");
    ssb.calls_per_minute = (unsigned)kf_settings_number(settings, "ssb-rate");
    ssb.timeout_ms = kf_settings_number(settings, "ssb-timeout");
    options->ssb = ssb;
    options->day = day;
    options->klass = klass[0] != '\0';
    options->editions = kf_settings_text(settings, "editions");
    options->quiet_ms = kf_settings_number(settings, "quiet");
    options->patience_ms = kf_settings_number(settings, "patience");
    options->keep_vintages = (uint32_t)kf_settings_number(settings, "keep-vintages");
    options->rows_max = (size_t)kf_settings_number(settings, "rows-max");
    options->line_bytes_max = (size_t)kf_settings_number(settings, "line-bytes-max");
    options->file_bytes_max = (uint64_t)kf_settings_number(settings, "file-bytes-max");
}

enum kf_err kf_watch_check(const struct kf_settings *settings, const struct kf_catalogue *catalogue,
                           struct kf_findings *findings, struct kf_error *err)
{
    const char *editions = kf_settings_text(settings, "editions");
    struct kf_table_maps *maps = NULL;
    struct kf_calendar *calendar = NULL;
    struct kf_day day;
    enum kf_err code = kf_watch_day(settings, &day, err);
    if (code == KF_OK) {
        code = kf_table_maps_read(editions, catalogue, &maps, findings, err);
    }
    if (code == KF_OK) {
        code = kf_calendar_read(editions, &calendar, findings, err);
    }
    kf_calendar_destroy(&calendar);
    kf_table_maps_destroy(&maps);
    return code;
}
