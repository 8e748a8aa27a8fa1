/* The ingest service: inputs from the watched folder become releases in the ledger, and releases in
 * the ledger go through the pipeline until the publisher says that they are on the topics.
 */
#ifndef KF_INGEST_INGEST_H
#define KF_INGEST_INGEST_H

#include "common/service/service.h"

extern const struct kf_service_class kf_ingest_service;

#endif
