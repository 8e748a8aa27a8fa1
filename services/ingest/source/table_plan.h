/* Internal to table_map_*.c: where in a table's cells a map's figures lie. */
#ifndef KF_INGEST_TABLE_PLAN_H
#define KF_INGEST_TABLE_PLAN_H

#include "services/ingest/source/table_map.h"

/* The year that a code of a time dimension is, or 0. */
int kf_table_year(const char *code);

/* True for the region, the time, what the map leaves out, and what its figures pick of. */
bool kf_table_map_speaks_of(const struct kf_table_map *self, const char *dimension);

/* The cells that are added up to one figure, as seen from the cell of the first code of each
 * dimension. */
struct kf_table_cells {
    const size_t *offsets;
    size_t length;
};

struct kf_table_plan {
    const struct kf_jsonstat_dimension *region;
    const struct kf_jsonstat_dimension *time;
    size_t region_stride;
    size_t time_stride;
    const struct kf_table_cells *figures; /* of the map, in their order */
};

/* Finds everything that the map names in a table with figures. KF_ERR_DATA, with the map's line,
 * when a dimension or a code is not there, or there is one that the map does not speak of. */
enum kf_err kf_table_plan_make(const struct kf_table_map *map, const struct kf_jsonstat *table,
                               struct kf_arena *arena, struct kf_table_plan *plan,
                               struct kf_error *err);

#endif
