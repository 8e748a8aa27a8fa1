/* Reads observations from a file of any form: CSV (observation_csv.h), or a table of Statistics
 * Norway's as json-stat, whose map in EDITIONS/sources says which of its cells are which variable.
 * A file whose first byte that is no space is { is json-stat.
 */
#ifndef KF_INGEST_OBSERVATION_INPUT_H
#define KF_INGEST_OBSERVATION_INPUT_H

#include "common/model/catalogue.h"
#include "services/ingest/csv/observation_csv.h"
#include "services/ingest/source/table_map.h"

struct kf_observation_input_options {
    struct kf_observation_csv_options csv; /* its name and its limit of bytes hold for both */
    const struct kf_catalogue *catalogue;
    const struct kf_table_maps *maps; /* NULL: there are none */
};

/* True when the file at `path` is json-stat by its first byte; false also when it cannot be read.
 */
bool kf_observation_input_is_json(const char *path);

/* As kf_observation_csv_read. A table without a map, a description without figures and a document
 * that is no json-stat are findings; estimates of Statistics Norway's that are in the table are
 * left out. */
enum kf_err kf_observation_input_read(const char *path,
                                      const struct kf_observation_input_options *options,
                                      struct kf_observations *table,
                                      struct kf_source_digest *source, struct kf_findings *findings,
                                      struct kf_error *err);

#endif
