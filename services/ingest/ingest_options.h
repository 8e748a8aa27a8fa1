/* The options of ingest, besides those that every service has. */
#ifndef KF_INGEST_INGEST_OPTIONS_H
#define KF_INGEST_INGEST_OPTIONS_H

#include "common/service/option.h"
#include "services/ingest/breaker.h"

#define KF_INGEST_OPTIONS 30

extern const struct kf_option kf_ingest_options[KF_INGEST_OPTIONS];

/* The breaker's limits as the options `hold…` say. */
struct kf_breaker_limits kf_ingest_breaker_limits(const struct kf_settings *settings);

#endif
