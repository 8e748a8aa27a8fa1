/* The panel: everything one edition needs for one data year, as columns.
 *
 * Observed columns hold a value and a status for each member; members are municipality codes in
 * ascending order, columns ascend by variable. Stages append results and never change what is
 * there. All memory is the panel's arena.
 */
#ifndef KF_MODEL_PANEL_H
#define KF_MODEL_PANEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/model/cell.h"
#include "common/model/edition.h"
#include "common/model/observation.h"
#include "common/model/topic.h"

#define KF_PANEL_MEMBERS_MAX 2000
#define KF_PANEL_COLUMNS_MAX 8192
#define KF_PANEL_RESULTS_MAX 65536
#define KF_PANEL_BYTES_MAX   ((size_t)48 * 1024 * 1024)

/* One observed variable. */
struct kf_column {
    const char *variable;
    double *values;       /* [members_len]; 0 where the status says that there is none */
    uint8_t *status;      /* [members_len] */
    double country_value; /* the figure for the whole country, where the source gives one */
    uint8_t country_status;
};

/* One computed measure: a cell for each member, or one cell for the group. */
struct kf_result {
    enum kf_topic topic;
    const char *sector;
    const char *indicator; /* "" when the measure is about the sector */
    const char *measure;
    const char *unit;
    bool group;
    double *values;  /* [members_len], or [1] when group */
    uint8_t *status; /* as values */
};

struct kf_panel {
    struct kf_arena *arena;
    const struct kf_edition *edition; /* in the arena, or outliving the panel */
    int year;
    const char **members;
    size_t members_len;
    struct kf_column *columns;
    size_t columns_len;
    struct kf_result *results;
    size_t results_len;
    size_t results_room;
};

/* A panel with its own arena and nothing in it. NULL when there is no memory. */
struct kf_panel *kf_panel_new(void);
void kf_panel_destroy(struct kf_panel **self);

/* What a panel is built from. All borrowed; the edition must outlive the panel. */
struct kf_panel_input {
    const struct kf_edition *edition;
    int year;
    const struct kf_observations *observations; /* sealed */
    const struct kf_municipalities *municipalities;
};

/* Builds the panel of an edition for a year. Members that lack a row get a missing cell; a member
 * without a positive population is a finding, as is an observation below or above its variable's
 * bounds. KF_ERR_AGAIN when the observations hold none of the edition's indicators for that year:
 * there is nothing to compute. KF_ERR_DATA with findings when the panel cannot be built. */
enum kf_err kf_panel_build(const struct kf_panel_input *input, struct kf_panel **panel,
                           struct kf_findings *findings, struct kf_error *err);

/* The observed column of `variable`, or NULL. */
const struct kf_column *kf_panel_column(const struct kf_panel *self, const char *variable);

/* Inhabitants of each member, [members_len], all positive; NULL when the panel has none. */
const double *kf_panel_population(const struct kf_panel *self);

/* What identifies a result; texts are kept, not copied: they must live as long as the panel (ids of
 * the edition, string literals). */
struct kf_result_key {
    enum kf_topic topic;
    const char *sector;
    const char *indicator;
    const char *measure;
    const char *unit; /* NULL: the measure's own, or the edition's "index" */
    bool group;
};

/* Appends a result with zeroed values and statuses, to be filled by the caller. The pointer is
 * valid until the next append. KF_ERR_LIMIT or KF_ERR_MEMORY. */
enum kf_err kf_panel_append(struct kf_panel *self, const struct kf_result_key *key,
                            struct kf_result **result, struct kf_error *err);

/* The result, or NULL. `indicator` "" for the sector's own. */
const struct kf_result *kf_panel_result(const struct kf_panel *self, enum kf_topic topic,
                                        const char *sector, const char *indicator,
                                        const char *measure);

/* Whether what was computed is a number: a finding for every value among the results from number
 * `first` on that is infinite or no number, and KF_ERR_DATA when there is any. */
enum kf_err kf_panel_check_finite(const struct kf_panel *self, size_t first,
                                  struct kf_findings *findings, struct kf_error *err);

/* True when `self` keeps the panel's promises: members and columns ascending and unique, positive
 * finite population, finite values, known statuses, results of the right shape. For panels that
 * came from outside; the first breach is told in `err` (KF_ERR_DATA). */
enum kf_err kf_panel_check(const struct kf_panel *self, struct kf_error *err);

#endif
