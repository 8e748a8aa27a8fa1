/* The panel: everything one edition needs for one data year, as columns.
 *
 * Observed columns hold a value and a status for each member; members are municipality codes in
 * ascending order, columns ascend by variable. Stages append results and never change what is
 * there. All memory is the panel's arena. An edition that looks back has the years before in
 * `previous`, one panel behind the other; other years that it rests on stand in `further`.
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
#include "common/model/kostra_group.h"
#include "common/model/observation.h"
#include "common/model/structure.h"
#include "common/model/topic.h"

/* A panel is as large as KF_PANEL_BYTES_MAX says, and half of that is for its figures: cells of its
 * members, and of the others where a correction needs them, in it and in the years before it
 * (426 municipalities with 3000 variables of two years are 2,556,000). The rest is for the results
 * and, once the panel was sent, its edition. The other limits are outer bounds of each count by
 * itself; no panel reaches them all. */
#define KF_PANEL_BYTES_MAX   ((size_t)48 * 1024 * 1024)
#define KF_PANEL_CELL_BYTES  (sizeof(double) + sizeof(uint8_t)) /* a figure and its status */
#define KF_PANEL_CELLS_MAX   (KF_PANEL_BYTES_MAX / 2 / KF_PANEL_CELL_BYTES) /* 2,796,202 */
#define KF_PANEL_MEMBERS_MAX 2000
#define KF_PANEL_COLUMNS_MAX 8192
#define KF_PANEL_RESULTS_MAX 65536

/* One observed variable. */
struct kf_column {
    const char *variable;
    double *values;       /* [members_len]; 0 where the status says that there is none */
    uint8_t *status;      /* [members_len] */
    double country_value; /* the figure for the whole country, where the source gives one */
    uint8_t country_status;
    double *other_values;  /* [others_len]; NULL unless a correction of the edition names it */
    uint8_t *other_status; /* as other_values */
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
    size_t country_municipalities; /* how many the whole country has in the panel's structure; 0
                                      when nobody knows (METHOD N3, the basis criterion) */
    struct kf_column *columns;
    size_t columns_len;
    const char **others; /* municipalities outside the group that a correction is estimated on,
                            ascending, at most KF_PANEL_MEMBERS_MAX; none without a correction
                            (METHOD I4) */
    size_t others_len;
    struct kf_result *results;
    size_t results_len;
    size_t results_room;
    struct kf_panel *previous; /* the same members the year before, in the same municipal structure;
                                  in this panel's arena, NULL when the edition does not look back.
                                  Its results are what the stages need of it; none is published. */
    struct kf_panel *further;  /* other years that the edition rests on (kf_edition_further_years),
                                  ascending, each the `further` of the one before it: the same
                                  members and structure, in this panel's arena, a `previous` in none
                                  of them. Years without figures are left out. NULL when there is
                                  none; as with `previous`, results are for the stages only. */
};

/* The panel of `year`: itself, one of the years before, a further one; or NULL. */
const struct kf_panel *kf_panel_of_year(const struct kf_panel *self, int year);

/* A panel with its own arena and nothing in it. NULL when there is no memory. */
struct kf_panel *kf_panel_new(void);

/* Frees the panel with the years before it, which live in its arena; NULL is fine, the pointer is
 * nulled. Only for a panel from kf_panel_new, never for a `previous`. */
void kf_panel_destroy(struct kf_panel **self);

/* What a panel is built from. All borrowed; the edition must outlive the panel. */
struct kf_panel_input {
    const struct kf_edition *edition;
    int year;
    const struct kf_observations *observations; /* sealed */
    const struct kf_municipalities *municipalities;
    const struct kf_structure *structure;         /* NULL: no code change is known */
    const struct kf_kostra_groups *kostra_groups; /* NULL: no group is known */
};

/* Builds the panel of an edition for a year.
 *
 * Members are those the edition names; or the municipalities of its KOSTRA groups in the nearest
 * year of that register at or before the data year (a municipality put together since is in when
 * all its parts were); or all that have a population, and for an edition that names none, all that
 * have a figure of any variable of it. They are municipalities of the structure year.
 *
 * Figures are re-cut from the codes of the data year to the structure year's. Amounts
 * (KF_VARIABLE_AMOUNT) are summed over what was merged, and multiplied by the weight where a
 * municipality was split, which flags the cell `inferred`. Ratios are carried over to a new code
 * and missing across a merger or a split. A sum that lacks a part is missing. What the source has
 * re-cut already is taken as it is: the row of a new code, and, for a code that lives on with more
 * territory, its row when none of the variable's rows is of a code that is gone.
 *
 * The country has as many municipalities as the register has codes in the structure year.
 *
 * In a year that the edition projects (kf_edition_projects) the population is the projection's:
 * its rows say who has one, and make the column of the edition's population, every figure flagged
 * `projected`.
 *
 * When the edition looks back, `previous` leads to the years before (kf_edition_earlier_years),
 * down to the earliest of them in which any indicator, or anything of resource use, demography or
 * unit costs, has a figure: the same members, in the same structure. `further` leads to the years
 * that kf_edition_further_years names, as far as they have figures, in the same way and without
 * others. A member that has no population there has a missing cell, so kf_panel_population of
 * another year may be NULL, where for an edition with a population it never is for the panel
 * itself: look at the column's statuses.
 *
 * `others` and other_values hold, for the variables of corrections, all municipalities outside the
 * group that have a figure of any of them.
 *
 * Members that lack a row get a missing cell. Findings: a member without a positive population,
 * where the edition names one; a figure outside its variable's bounds; a code that was no
 * municipality in the data year nor the structure year, when a member or a correction goes without
 * its figures, with what is there instead (kf_structure_explain); figures of a municipality and of
 * its parts; figures that cannot be divided (kf_structure_map). KF_ERR_AGAIN when there is nothing
 * to compute for that year: the observations hold none of the edition's indicators and published
 * indices; or, for an edition that has neither, no criterion or published need of the year that
 * counts (METHOD N5), no net expenditure, use of income or people by age, projected ones in a
 * projected year, and nothing of unit costs or a trial. KF_ERR_DATA with findings when the panel
 * cannot be built; KF_ERR_LIMIT beyond KF_PANEL_CELLS_MAX or another limit.
 */
enum kf_err kf_panel_build(const struct kf_panel_input *input, struct kf_panel **panel,
                           struct kf_findings *findings, struct kf_error *err);

/* The observed column of `variable`, or NULL. */
const struct kf_column *kf_panel_column(const struct kf_panel *self, const char *variable);

/* Inhabitants of each member, [members_len], all positive; NULL when any member has none, which
 * only happens in a previous or further panel, and for an edition without a population
 * (kf_edition_needs_population). */
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
 * valid until the next append. KF_ERR_LIMIT beyond KF_PANEL_RESULTS_MAX; KF_ERR_MEMORY, also when
 * the panel is full (kf_panel_judge_failure). */
enum kf_err kf_panel_append(struct kf_panel *self, const struct kf_result_key *key,
                            struct kf_result **result, struct kf_error *err);

/* What failing with `code` means for a panel: KF_ERR_MEMORY is KF_ERR_LIMIT, and `err` names the
 * limit, when the panel has reached KF_PANEL_BYTES_MAX; the same panel would fail again, on any
 * machine. Everything else stays as it is. Asked by whoever decides what becomes of the panel. */
enum kf_err kf_panel_judge_failure(const struct kf_panel *self, enum kf_err code,
                                   struct kf_error *err);

/* The result, or NULL. `indicator` "" for the sector's own. */
const struct kf_result *kf_panel_result(const struct kf_panel *self, enum kf_topic topic,
                                        const char *sector, const char *indicator,
                                        const char *measure);

/* Whether what was computed is a number: a finding for every value among the results from number
 * `first` on that is infinite or no number, and KF_ERR_DATA when there is any. */
enum kf_err kf_panel_check_finite(const struct kf_panel *self, size_t first,
                                  struct kf_findings *findings, struct kf_error *err);

/* True when `self` keeps the panel's promises: members, others and columns ascending and unique, no
 * member among the others, at most KF_CODES municipalities in the country, positive finite
 * population unless the edition is of unit costs alone and names none, finite values, results of
 * the right shape, cells of the others in each column that a correction names. The same holds for
 * the years before, which may lack a population: at most KF_LATEST_YEARS_MAX, each exactly one year
 * before the next, with the members, edition and arena of the panel; and for the further years: at
 * most KF_FURTHER_YEARS_MAX, ascending, none of them a year of the panel's own. Only the panel
 * itself has further years, and none of those has a year before it. For panels that came from
 * outside; the first breach is told in `err` (KF_ERR_DATA). */
enum kf_err kf_panel_check(const struct kf_panel *self, struct kf_error *err);

#endif
