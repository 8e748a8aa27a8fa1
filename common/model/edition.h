/* An edition: which figures make which index, as data (METHOD, "An edition is data, not code").
 *
 * Plain data in an arena; read from YAML here, carried inside panels by the codec. Everything is
 * keyed by name. Weights are already rescaled so that they close to 1: an edition whose weights
 * miss 1 by more than KF_WEIGHTS_TOLERANCE is refused (METHOD N1).
 */
#ifndef KF_MODEL_EDITION_H
#define KF_MODEL_EDITION_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/model/municipality.h"
#include "common/model/variable.h"

#define KF_WEIGHTS_TOLERANCE   5e-4
#define KF_EDITION_DIGEST_SIZE 33 /* 32 hexadecimal digits and a NUL */

/* Limits on what one edition may hold. */
#define KF_SECTORS_MAX       64
#define KF_INDICATORS_MAX    256 /* in a sector */
#define KF_CRITERIA_MAX      64  /* in a sector */
#define KF_MINUS_MAX         16
#define KF_GROUP_MAX         1024 /* municipalities named by an edition */
#define KF_EDITION_BYTES_MAX ((size_t)4 * 1024 * 1024)

/* Years an edition may name: the register of municipalities knows no earlier ones. */
#define KF_EDITION_YEAR_MIN 1972
#define KF_EDITION_YEAR_MAX 2100

enum kf_missing_rule {
    KF_MISSING_MINIMUM = 1, /* METHOD A2 */
};

enum kf_per {
    KF_PER_NONE = 1,
    KF_PER_POPULATION,
    KF_PER_NEED_POPULATION,
    KF_PER_VARIABLE,
};

struct kf_name {
    const char *nb;
    const char *en;
};

struct kf_indicator {
    const char *id;
    struct kf_name name;
    double weight; /* share of the sector */
    const char *variable;
    enum kf_per per;
    const char *per_variable; /* "" unless per is KF_PER_VARIABLE */
    const char *unit;         /* of the raw value, e.g. "hours" or "hours/persons" */
};

/* One criterion of a sub cost key (METHOD N1–N4). */
struct kf_criterion {
    const char *id;
    const char *variable; /* "" for the basis criterion: one for each municipality */
    double weight;
    bool cost_disadvantage; /* left out of the need-corrected population (METHOD N7) */
};

struct kf_sector {
    const char *id;
    struct kf_name name;
    double weight; /* share of the total */
    struct kf_indicator *indicators;
    size_t indicators_len;
    struct kf_criterion *criteria; /* none when the edition has no cost key for the sector */
    size_t criteria_len;
    double need_weight; /* share in the total cost key; 0 when the edition has none */
};

/* METHOD E1. Either `given` names a published index, or the accounts are named; unset texts "". */
struct kf_expenditure {
    const char *given;
    const char *gross;
    const char **minus;
    size_t minus_len;
    const char *payroll_costs;
    const char *wages;
    bool need_corrected;
};

/* METHOD T3 from published changes; unset texts "". */
struct kf_change {
    const char *production;
    const char *expenditure;
    double base;
};

struct kf_edition {
    const char *id;
    struct kf_name title;
    const char *source;
    double scale;
    const char *population; /* variable */
    enum kf_missing_rule missing;
    struct kf_sector *sectors;
    size_t sectors_len;
    struct kf_expenditure expenditure;
    struct kf_change change;
    char digest[KF_EDITION_DIGEST_SIZE]; /* of the file's bytes */

    /* What only ingest needs; not carried in panels. */
    int year_from;
    int year_to;
    const int *years; /* the years of a list, ascending; none when it is all from … to */
    size_t years_len;
    int structure_year;   /* municipal codes are those of this year; 0: of the data year */
    const char **members; /* codes, ascending; none: every municipality with a population */
    size_t members_len;
    struct kf_name group;
};

/* Reads one edition into `arena`. All faults land in `findings` with file and line, and the result
 * is KF_ERR_CONFIG. `variables` may be NULL: then variables are not checked and indicators have no
 * unit. Besides what the schema says: weights close to 1 (indicators of a sector, sectors, criteria
 * of a key, need weights of the sectors that have a key) and are rescaled to it, a key has at least
 * one criterion that is no cost disadvantage, and ids are unique within their list. */
enum kf_err kf_edition_read(const char *path, const struct kf_variables *variables,
                            struct kf_arena *arena, struct kf_edition **edition,
                            struct kf_findings *findings, struct kf_error *err);

/* The names of all variables that a panel of this edition may hold: population, indicators, their
 * denominators, criteria, expenditure, changes. Ascending, each once, in `arena`. */
enum kf_err kf_edition_variables(const struct kf_edition *self, struct kf_arena *arena,
                                 const char ***names, size_t *count, struct kf_error *err);

/* Every member must be a municipality in at least one year of the edition, or in its structure
 * year: a finding about `path` for each that is not, and KF_ERR_CONFIG when there is any. */
enum kf_err kf_edition_check_members(const struct kf_edition *edition, const char *path,
                                     const struct kf_municipalities *municipalities,
                                     struct kf_findings *findings, struct kf_error *err);

/* True when the edition can be computed for `year`. */
bool kf_edition_has_year(const struct kf_edition *self, int year);

/* --- the editions folder ------------------------------------------------------------------- */

/* Both registers and every edition of a folder. */
struct kf_catalogue {
    struct kf_arena *arena;
    struct kf_municipalities *municipalities;
    struct kf_variables *variables;
    struct kf_edition **editions; /* ascending by id */
    size_t editions_len;
};

/* Reads `folder`: municipalities.csv, variables.yaml and every other *.yaml as an edition; folders
 * in it and hidden files are left alone. An edition's file is called after its id, and its codes
 * must be valid in at least one of its years. All faults of all files, absent files included, land
 * in `findings`; the result is KF_ERR_CONFIG when there is any. */
enum kf_err kf_catalogue_read(const char *folder, struct kf_catalogue **catalogue,
                              struct kf_findings *findings, struct kf_error *err);

/* Frees the catalogue with all that was read; NULL is fine, the pointer is nulled. */
void kf_catalogue_destroy(struct kf_catalogue **self);

/* The edition, or NULL. */
const struct kf_edition *kf_catalogue_find(const struct kf_catalogue *self, const char *id);

#endif
