/* Takes the lease and looks after it. Internal to the kafka*.c files. */
#ifndef KF_PUBLISH_KAFKA_LEASE_H
#define KF_PUBLISH_KAFKA_LEASE_H

#include "common/base/error.h"
#include "services/publish/kafka_client.h"

/* Before anything is written in a session whose `producer` has prepared for transactions: takes the
 * lease of the settings, or makes sure that it is still held. KF_ERR_PEER with the reason when it
 * is not; KF_ERR_MEMORY. */
enum kf_err kf_kafka_lease_take(struct kf_kafka_client *reader, struct kf_kafka_client *producer,
                                struct kf_kafka_errors *errors, struct kf_error *err);

/* Without taking or writing: KF_ERR_PEER when somebody else has taken it over from this process. */
enum kf_err kf_kafka_lease_check(struct kf_kafka_client *reader, struct kf_error *err);

#endif
