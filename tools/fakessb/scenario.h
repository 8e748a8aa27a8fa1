/* Scenario files and commands: what README.md describes, from YAML or JSON into a world. */
#ifndef KF_FAKESSB_SCENARIO_H
#define KF_FAKESSB_SCENARIO_H

#include <stddef.h>

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/model/yaml.h"
#include "tools/fakessb/world.h"

#define KF_FAKE_SCENARIO_BYTES ((size_t)1 << 20)
#define KF_FAKE_PATH_SIZE      4096

/* Where a scenario finds what it names. */
struct kf_fake_sources {
    const char *file;     /* the scenario's: paths in it are relative to its folder */
    const char *editions; /* folder with municipalities.csv */
};

/* Reads a scenario into the world. KF_ERR_CONFIG with findings. */
enum kf_err kf_fake_scenario_read(const struct kf_fake_sources *sources,
                                  struct kf_fake_world *world, struct kf_findings *findings,
                                  struct kf_error *err);

/* Reads one table of a scenario. KF_ERR_CONFIG with findings. */
enum kf_err kf_fake_scenario_table(const struct kf_fake_sources *sources, struct kf_yaml_node node,
                                   struct kf_fake_world *world, struct kf_findings *findings,
                                   struct kf_error *err);

/* Reads a recorded answer, json-stat2, as a table. KF_ERR_CONFIG. */
enum kf_err kf_fake_recorded_read(const char *path, struct kf_fake_table *table,
                                  struct kf_error *err);

/* Writes `path`, relative to the scenario's folder. False when it is too long. */
bool kf_fake_scenario_path(const struct kf_fake_sources *sources, const char *path,
                           char full[KF_FAKE_PATH_SIZE]);

/* Carries out a command: {change: …}, {misbehave: …}, {behave: true}, {advance: TIME},
 * {rate: …}, {etag: …}; with `at` a change or misbehaviour waits for its time. KF_ERR_CONFIG or
 * KF_ERR_DATA, and nothing happened, when it cannot be. */
enum kf_err kf_fake_command(struct kf_fake_world *world, const char *bytes, size_t length,
                            struct kf_findings *findings, struct kf_error *err);

#endif
