/* The options of ingest, besides those that every service has. */
#ifndef KF_INGEST_INGEST_OPTIONS_H
#define KF_INGEST_INGEST_OPTIONS_H

#include "common/service/option.h"

#define KF_INGEST_OPTIONS 30

extern const struct kf_option kf_ingest_options[KF_INGEST_OPTIONS];

#endif
