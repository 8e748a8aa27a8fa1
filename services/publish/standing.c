#include "services/publish/standing.h"

#include <stdio.h>
#include <string.h>

#include "common/base/text.h"

enum kf_status_kafka kf_standing_state(const struct kf_standing *self)
{
    if (self->replaced) {
        return KF_STATUS_KAFKA_REPLACED;
    }
    if (!self->reached) {
        return KF_STATUS_KAFKA_CONNECTING;
    }
    if (self->troubled) {
        return KF_STATUS_KAFKA_LOST;
    }
    return self->writing ? KF_STATUS_KAFKA_PUBLISHING : KF_STATUS_KAFKA_CONNECTED;
}

static void print(const struct kf_standing *self, char detail[KF_STATUS_DETAIL_SIZE])
{
    if (self->troubled) {
        (void)snprintf(detail, KF_STATUS_DETAIL_SIZE, "since %s: %s", self->since, self->reason);
    } else if (self->replaced) {
        (void)snprintf(detail, KF_STATUS_DETAIL_SIZE,
                       "another publisher has taken over the topics; this one writes nothing more");
    } else if (self->writing) {
        (void)snprintf(detail, KF_STATUS_DETAIL_SIZE, "writing release %s", self->release);
    } else {
        (void)snprintf(detail, KF_STATUS_DETAIL_SIZE, "%s %s",
                       self->reached ? "Kafka at" : "asking for Kafka at", self->bootstrap_servers);
    }
}

void kf_standing_print(const struct kf_standing *self, char detail[KF_STATUS_DETAIL_SIZE])
{
    print(self, detail);
    detail[kf_text_whole(detail, strlen(detail))] = '\0';
}
