/* The processes that make up a pipeline on one machine: which they are, how they find each other
 * and the command line of each. Pure: nothing is started here.
 *
 * Each computing stage may have several workers. Whoever sends to a stage sends to all its workers,
 * so a list of endpoints stands wherever one would; ingest and publish are one process each,
 * because the order of releases is theirs.
 */
#ifndef KF_TOOLS_FLEET_H
#define KF_TOOLS_FLEET_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/base/text.h"

/* The stages in the order in which a panel walks, then what only reads what they made, then the
 * broker for development: the order in which they are stopped. */
enum kf_fleet_stage {
    KF_FLEET_INGEST,
    KF_FLEET_NEED,
    KF_FLEET_NORMALIZE,
    KF_FLEET_AGGREGATE,
    KF_FLEET_EFFICIENCY,
    KF_FLEET_PUBLISH,
    KF_FLEET_STAGES, /* how many; board and broker are no stages */
    KF_FLEET_BOARD = KF_FLEET_STAGES,
    KF_FLEET_BROKER,
    KF_FLEET_PROGRAMS,
};

#define KF_FLEET_WORKERS_MAX   15 /* of one stage: all status endpoints fit into one socket */
#define KF_FLEET_PROCESSES_MAX (4 + 4 * KF_FLEET_WORKERS_MAX)

/* What every process must know. Texts are borrowed for the life of the fleet. */
struct kf_fleet {
    const char *run_dir;
    const char *state_dir;
    const char *inbox;
    const char *editions;
    const char *topic_prefix;
    const char *encoding;       /* "json" or "protobuf" */
    const char *kafka_config;   /* file of settings for librdkafka, or NULL */
    const char *hold_bytes_max; /* of publish, as text; or NULL: its own */
    const char *hold;           /* of ingest: "on", "off"; or NULL: its own */
    const char *ssb;            /* of ingest, likewise; so are klass and day */
    const char *klass;
    const char *day;
    const char *broker_port; /* as text; for the development broker */
    const char *board_port;  /* as text; or NULL: there is no board */
    unsigned drain_s;        /* how long a process may take to hand over what it holds */
    unsigned workers[KF_FLEET_STAGES];
};

/* "ingest", …, "publish", "board", "devbroker". */
const char *kf_fleet_name(enum kf_fleet_stage stage);

/* Sets one worker for each stage, then reads `count` texts of the form STAGE=N. KF_ERR_CONFIG for
 * an unknown stage (with the nearest name), a stage named twice, or a number the stage cannot have.
 */
enum kf_err kf_fleet_set_workers(struct kf_fleet *self, const char *const *texts, size_t count,
                                 struct kf_error *err);

/* Appends the endpoints of all workers of a stage in `role` (see common/service/endpoint.h),
 * separated by commas. */
void kf_fleet_endpoints(const struct kf_fleet *self, enum kf_fleet_stage stage, const char *role,
                        struct kf_text *endpoints);

/* Appends the status endpoints of every process of every stage. */
void kf_fleet_status_endpoints(const struct kf_fleet *self, struct kf_text *endpoints);

/* Appends the names of all topics under the prefix, separated by commas. */
void kf_fleet_topics(const struct kf_fleet *self, struct kf_text *topics);

struct kf_fleet_process {
    enum kf_fleet_stage stage;
    unsigned instance;
};

/* The command line of one process, NULL-terminated and in `arena`; its first word is the program's
 * name without a folder. `bootstrap_servers` is what publish and the board connect to; for the
 * other programs it may be NULL. */
enum kf_err kf_fleet_command(const struct kf_fleet *self, struct kf_fleet_process process,
                             const char *bootstrap_servers, struct kf_arena *arena, char ***command,
                             struct kf_error *err);

#endif
