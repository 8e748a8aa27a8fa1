/* The status beats that have parts of their own, as make.py writes them. */
#ifndef KF_TESTS_GOLDEN_STATUS_H
#define KF_TESTS_GOLDEN_STATUS_H

#include "common/codec/status.h"

extern const struct kf_status golden_status_ingest;
extern const struct kf_status golden_status_publish;

#endif
