/* Internal to table_map_*.c: reading maps from YAML. */
#ifndef KF_INGEST_TABLE_MAP_READER_H
#define KF_INGEST_TABLE_MAP_READER_H

#include "common/model/yaml.h"
#include "services/ingest/source/table_map.h"

struct kf_table_reader {
    struct kf_arena *arena;
    const struct kf_variables *variables;
    struct kf_findings *findings;
    bool failed; /* no memory left; told once, at the end */
};

/* A list of texts in the arena. */
struct kf_table_texts {
    const char **list;
    size_t length;
};

/* --- table_map.c ----------------------------------------------------------------------------- */

/* For qsort: ascending by table. */
int kf_table_map_compare(const void *left, const void *right);

/* --- table_map_codes.c ----------------------------------------------------------------------- */

/* Zeroed items in the arena; NULL (with `failed` set) when there is no memory, or for none. */
void *kf_table_room(struct kf_table_reader *reader, size_t count, size_t size);

/* A copy in the arena; "" when there is no memory. */
const char *kf_table_keep(struct kf_table_reader *reader, const char *text);

/* The text under `key`; "" when it is absent or wrong. */
const char *kf_table_text(struct kf_table_reader *reader, struct kf_yaml_node map, const char *key,
                          bool required);

/* The codes that `node` is, a code or a list of them: each in the order it stands, "000..104" for
 * all numbers of as many digits. A code twice is a fault. */
struct kf_table_texts kf_table_codes(struct kf_table_reader *reader, struct kf_yaml_node node,
                                     const char *key);

/* The same of the list under `key`; none when it is absent. */
struct kf_table_texts kf_table_codes_of(struct kf_table_reader *reader, struct kf_yaml_node map,
                                        const char *key);

/* What the map under `key` picks of dimensions: {Alder: ["000..104", "105+"], Kjonn: "1"}. */
const struct kf_table_pick *kf_table_picks(struct kf_table_reader *reader, struct kf_yaml_node map,
                                           const char *key, size_t *count);

/* --- table_map_figures.c --------------------------------------------------------------------- */

/* `figures:` of a map whose dimensions have been read. */
void kf_table_read_figures(struct kf_table_reader *reader, struct kf_yaml_node root,
                           struct kf_table_map *map);

/* --- table_map_unit.c ------------------------------------------------------------------------ */

/* Checks that figures in the table's `unit`, times `factor`, are in the register's: what is wrong,
 * for people, or NULL. */
const char *kf_table_unit_fault(const char *unit, double factor, const char *registered);

#endif
