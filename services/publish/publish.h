/* The publisher: collects the panels of a release and commits them to Kafka, whole, once.
 *
 *     panels ─▶ intake ─▶ assembly ─▶ publication (on a thread) ═▶ Kafka
 *                  └────────── receipts ◀──────────┘
 */
#ifndef KF_PUBLISH_PUBLISH_H
#define KF_PUBLISH_PUBLISH_H

#include "common/service/service.h"

extern const struct kf_service_class kf_publish_class;

#endif
