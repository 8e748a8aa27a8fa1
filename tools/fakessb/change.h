/* What happens to a table: read from YAML or JSON, carried out at once or at its time.
 *
 *     {table: "12362", change: mask, where: {Tid: "2025"}, symbol: ".."}
 *
 * README.md lists the changes with their keys.
 */
#ifndef KF_FAKESSB_CHANGE_H
#define KF_FAKESSB_CHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/model/yaml.h"
#include "tools/fakessb/table.h"

#define KF_FAKE_NO_TIME INT64_MIN

/* Expressions for one dimension. */
struct kf_fake_named {
    const char *dimension;
    const char *const *texts;
    size_t texts_len;
};

struct kf_fake_change_kind;

struct kf_fake_change {
    const struct kf_fake_change_kind *kind;
    const char *table;
    struct kf_fake_named where[KF_FAKE_DIMENSIONS_MAX];
    size_t where_len;
    const char *dimension; /* rename, add, remove */
    const char *code;      /* rename, add, remove, unit */
    const char *to;        /* rename: the new code; add: its label; unit: the new unit */
    const char *symbol;    /* mask, status */
    double value;          /* set; scale: the factor; drop: the share */
    uint64_t seed;         /* drop */
    bool touch;            /* `updated` becomes the time of the change */
    int64_t updated_ms;    /* or this; else KF_FAKE_NO_TIME */
};

/* The names of all kinds, NULL at the end. */
extern const char *const kf_fake_change_names[];

/* Reads a change; texts are copied into `arena`. False with findings. */
bool kf_fake_change_read(struct kf_yaml_node node, struct kf_arena *arena,
                         struct kf_fake_change *change, struct kf_findings *findings);

/* Carries it out; `now_ms` is the day's time. KF_ERR_DATA when the table has no such dimension or
 * code; the table may have been changed in part then. */
enum kf_err kf_fake_change_apply(const struct kf_fake_change *self, struct kf_fake_table *table,
                                 int64_t now_ms, struct kf_error *err);

#endif
