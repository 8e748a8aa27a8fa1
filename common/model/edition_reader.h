/* Internal to edition_*.c: what the parts of the edition reader share. */
#ifndef KF_MODEL_EDITION_READER_H
#define KF_MODEL_EDITION_READER_H

#include "common/model/edition.h"
#include "common/model/yaml.h"

#define KF_REMEDY_BYTES 512

struct kf_edition_reader {
    struct kf_arena *arena;
    const struct kf_variables *variables; /* may be NULL */
    struct kf_findings *findings;
    bool failed; /* no memory left; told once, at the end */
};

/* A copy in the arena; "" when there is no memory. */
const char *kf_edition_keep(struct kf_edition_reader *reader, const char *text);

/* Zeroed items in the arena; NULL (with `failed` set) when there is no memory. */
void *kf_edition_room(struct kf_edition_reader *reader, size_t count, size_t size);

/* Getters that copy into the arena and leave "" behind on a fault. */
const char *kf_edition_text(struct kf_edition_reader *reader, struct kf_yaml_node map,
                            const char *key);
const char *kf_edition_id(struct kf_edition_reader *reader, struct kf_yaml_node map,
                          const char *key);
struct kf_name kf_edition_name(struct kf_edition_reader *reader, struct kf_yaml_node map,
                               const char *key);

/* The name of a registered variable under `key`; "" when it is absent and not required, or wrong.
 */
const char *kf_edition_variable(struct kf_edition_reader *reader, struct kf_yaml_node map,
                                const char *key, bool required);

/* The same for a scalar that stands by itself. */
const char *kf_edition_variable_at(struct kf_edition_reader *reader, struct kf_yaml_node node,
                                   const char *key);

/* The list under `key` of `minimum` to `maximum` items; a node that does not exist on a fault. */
struct kf_yaml_node kf_edition_list(struct kf_edition_reader *reader, struct kf_yaml_node map,
                                    const char *key, size_t minimum, size_t maximum);

/* Reads `sectors:` into `edition` with all rules between sectors. */
void kf_edition_read_sectors(struct kf_edition_reader *reader, struct kf_yaml_node root,
                             struct kf_edition *edition);

#endif
