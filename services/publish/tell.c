/* What only publish can tell: how it stands with Kafka. */
#include <stdio.h>

#include "services/publish/standing.h"
#include "services/publish/state.h"

void kf_publish_tell(const void *state, struct kf_status *status)
{
    const struct kf_publish *self = state;
    const struct kf_standing standing = {
        .replaced = self->lease_told == KF_LEASE_LOST,
        .troubled = self->trouble.active,
        .writing = kf_job_running(self->job) && kf_job_release(self->job)[0] != '\0',
        .reached = self->reached,
        .bootstrap_servers = self->target.kafka.bootstrap_servers,
        .release = kf_job_release(self->job),
        .since = self->trouble.since,
        .reason = self->trouble.reason,
    };

    status->has_publish = true;
    status->publish.kafka = kf_standing_state(&standing);
    kf_standing_print(&standing, status->publish.detail);
    status->publish.last_commit_ms = self->last_commit_ms;
    status->publish.releases = self->releases;
    status->publish.rows = self->rows;
}
