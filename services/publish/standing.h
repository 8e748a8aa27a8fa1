/* How the publisher stands with Kafka, for people: one word and one sentence. Pure. */
#ifndef KF_PUBLISH_STANDING_H
#define KF_PUBLISH_STANDING_H

#include <stdbool.h>

#include "common/codec/status.h"

/* What it rests on. All texts are borrowed, none is NULL. */
struct kf_standing {
    bool replaced; /* another publisher has the lease */
    bool troubled; /* the last attempt failed, or takes too long */
    bool writing;  /* a release is being written */
    bool reached;  /* Kafka has answered at least once */
    const char *bootstrap_servers;
    const char *release; /* that is written */
    const char *since;   /* of the trouble */
    const char *reason;
};

/* The gravest that is true: replaced, lost, publishing, connected; else connecting. Trouble before
 * Kafka was ever reached is connecting still. */
enum kf_status_kafka kf_standing_state(const struct kf_standing *self);

/* What it means: "since TIME: REASON", "writing release …". Cut when too long. */
void kf_standing_print(const struct kf_standing *self, char detail[KF_STATUS_DETAIL_SIZE]);

#endif
