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
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/base/text.h"
#include "common/model/kostra_group.h"
#include "common/model/municipality.h"
#include "common/model/structure.h"
#include "common/model/terms.h"
#include "common/model/trial.h"
#include "common/model/variable.h"

#define KF_WEIGHTS_TOLERANCE   5e-4
#define KF_EDITION_DIGEST_SIZE 33 /* 32 hexadecimal digits and a NUL */
#define KF_TABLE_ID_SIZE       16 /* of a table of Statistics Norway's, with its NUL */

/* Limits on what one edition may hold. */
#define KF_SECTORS_MAX        64
#define KF_INDICATORS_MAX     256 /* in a sector */
#define KF_CRITERIA_MAX       64  /* in a sector */
#define KF_TERMS_MAX          128 /* in a sum: one for each year of age, and more */
#define KF_WEIGHT_PARTS_MAX   512 /* in a weighting, all levels together */
#define KF_WEIGHT_LEVELS_MAX  8
#define KF_CORRECTIONS_MAX    8
#define KF_REGRESSORS_MAX     64   /* in a correction */
#define KF_DEFLATORS_MAX      64   /* years */
#define KF_GROUP_MAX          1024 /* municipalities named by an edition */
#define KF_KOSTRA_GROUPS_MAX  64
#define KF_EXTENDS_LEVELS_MAX 8
#define KF_ADJUSTMENTS_MAX    16 /* in a sector */
#define KF_ADJUSTED_MAX       64 /* municipalities that one adjustment concerns */
#define KF_USES_MAX           16
#define KF_AGE_GROUPS_MAX     128
#define KF_EDITION_TABLES_MAX 64
#define KF_EDITION_FILES_MAX  64
#define KF_EDITION_BYTES_MAX  ((size_t)4 * 1024 * 1024)

/* Years an edition may name: the register of municipalities knows no earlier ones. */
#define KF_EDITION_YEAR_MIN 1972
#define KF_EDITION_YEAR_MAX 2100

/* What structure_year says besides a year. */
#define KF_STRUCTURE_DATA_YEAR 0    /* the municipalities of the data year */
#define KF_STRUCTURE_TODAY     (-1) /* those of the newest year of the municipality register */

/* What need_year says besides a year. */
#define KF_NEED_YEAR_SAME 0    /* figures of criteria are those of the data year */
#define KF_NEED_YEAR_NEXT (-1) /* those of the year after it (METHOD N5) */

/* How far the missing rule `latest` looks back. */
#define KF_LATEST_YEARS_MAX 5

struct kf_accounts;
struct kf_catalogue;

/* Where the items of a list stand, in the same order; nothing when nobody knows. For faults. */
struct kf_listed {
    const char *file;
    const uint64_t *lines;
};

/* --- figures --------------------------------------------------------------------------------- */

/* What to do about a member that has no value. */
enum kf_missing_rule {
    KF_MISSING_MINIMUM = 1, /* the lowest of the other members' values (METHOD A2) */
    KF_MISSING_MEDIAN,      /* the median of the other members' values */
    KF_MISSING_DROP,        /* leave the indicator out for this member, rescale its other weights */
    KF_MISSING_LATEST,      /* the member's own newest earlier value; without one, the minimum */
};

enum kf_per {
    KF_PER_NONE = 1,
    KF_PER_POPULATION,
    KF_PER_NEED_POPULATION,
    KF_PER_TERMS,
};

/* What an indicator measures: a multiplicative composition asks (METHOD A9), and the KS form of
 * change, which leaves qualities as they are (T4). */
enum kf_aspect {
    KF_ASPECT_QUANTITY = 1,
    KF_ASPECT_QUALITY,
};

struct kf_indicator {
    const char *id;
    struct kf_name name;
    double weight;             /* share of the sector; 0 when the sector's weighting derives it */
    struct kf_terms numerator; /* at least one term */
    enum kf_per per;
    const char *per_sector;      /* whose need-corrected population; "" unless per says so */
    struct kf_terms denominator; /* no term unless per is KF_PER_TERMS */
    double whole;                /* 0; or 1 or 100: the value is what is left of it (METHOD I8) */
    const char *correction;      /* one of the edition's corrections, "" for none (METHOD I4) */
    enum kf_missing_rule missing;
    enum kf_aspect aspect;
    const char *unit; /* of the raw value, e.g. "hours" or "hours/persons" */
};

/* --- weights --------------------------------------------------------------------------------- */

/* How a part of a weighting is split among its children (METHOD W1–W7). */
enum kf_weight_rule {
    KF_WEIGHT_ITEM = 1, /* not at all: it is an indicator or a sector */
    KF_WEIGHT_BUDGET,   /* by shares of expenditure (W1, W7) */
    KF_WEIGHT_MAIN,     /* main and supplementary indicators, 80 and 20 (W2) */
    KF_WEIGHT_EQUAL,    /* the same to each (W3) */
    KF_WEIGHT_QUANTITY, /* by days, hours or another quantity (W4) */
    KF_WEIGHT_CHOSEN,   /* by judgement (W5) */
    KF_WEIGHT_RESOURCE, /* by hours of personnel (W6) */
};

/* A part of a weighting. Its weight among its siblings is `share`, or, where it has an amount, the
 * group's sum of that; under KF_WEIGHT_EQUAL it is the same for each. Siblings are rescaled to 1.
 */
struct kf_weight_part {
    int parent; /* number of the part above, which stands earlier in the list; −1 for the first */
    enum kf_weight_rule rule;
    double share;           /* above 0; 0 where an amount, or the rule, says it */
    struct kf_terms amount; /* summed over the group; no term when a share is given */
    const char *item;       /* id of an indicator or a sector; "" for a part that is split */
};

/* Which item takes what rounding leaves over (METHOD W8). */
enum kf_closure {
    KF_CLOSURE_NONE = 1,  /* weights are not rounded */
    KF_CLOSURE_LAST,      /* all are rounded, the last item absorbs the difference */
    KF_CLOSURE_REMAINDER, /* all are cut off, the largest remainders are rounded up; of equal
                             ones the last */
};

/* A tree of parts; no parts when the weights are given. */
struct kf_weighting {
    struct kf_weight_part *parts;
    size_t parts_len;
    enum kf_closure closure;
    int decimals; /* 1 to 9; 0 without closure */
};

/* --- need ------------------------------------------------------------------------------------ */

/* One criterion of a sub cost key (METHOD N1–N4). It counts its variable where that has figures,
 * else people by single year of age; with neither it is the basis criterion, one for each
 * municipality. */
struct kf_criterion {
    const char *id;
    const char *variable; /* "" for none */
    struct kf_terms ages; /* none unless the criterion counts people of some ages */
    double weight;
    bool cost_disadvantage; /* left out of the need-corrected population (METHOD N7) */
};

/* Which criteria of the keys count. */
enum kf_criteria_rule {
    KF_CRITERIA_ALL = 1,
    KF_CRITERIA_AGES, /* those that count people by age, rescaled to 1: the others are dropped when
                         the edition is read, and a sector's criteria are what is left */
};

/* --- resource use ---------------------------------------------------------------------------- */

/* Amounts of resource use and disposable income are in kr, so that any two of them can be added:
 * the reader multiplies the factors of a sum in 1000 kr by 1000. Without a register of variables
 * nobody knows, and factors stay as they are. */

/* What an adjustment changes. */
enum kf_adjusted {
    KF_ADJUST_EXPENDITURE = 1,
    KF_ADJUST_NEED,
};

/* A named correction of expenditure or need (METHOD R2–R6). Either amounts are added (negative
 * factors subtract), or payroll costs are replaced by their common percentage of wages. */
struct kf_adjustment {
    const char *id;
    struct kf_name name;
    enum kf_adjusted to;
    struct kf_terms amount;
    struct kf_terms payroll_costs; /* with `wages`, instead of an amount */
    struct kf_terms wages;
    const char **only; /* codes of the municipalities it concerns, ascending; none: all */
    size_t only_len;
    struct kf_listed only_at; /* not carried in panels */
};

/* What a sector spends, against its need (METHOD R1–R9). */
struct kf_resources {
    struct kf_terms net; /* net operating expenditure; no term: the sector has no resource use */
    bool outside;        /* outside the income system (METHOD R7) */
    const char *need_of; /* the sector whose need index it takes; "": its own, and for a sector
                            without one the country's level */
    struct kf_adjustment *adjustments;
    size_t adjustments_len;
};

/* --- demography ------------------------------------------------------------------------------ */

/* People of some ages. */
struct kf_age_group {
    const char *id;
    struct kf_name name;
    struct kf_terms people;    /* as observed */
    struct kf_terms projected; /* the same people in the edition's projection; none without one */
    double care_weight;        /* in the care-need index (METHOD D8); 0 when it is not in it */
};

/* Services whose cost follows the population (METHOD D3, D4). Rates are given, or derived from the
 * cost keys of sectors (D9). */
struct kf_cost_sector {
    const char *id;
    struct kf_name name;
    double *rates; /* kr an inhabitant, for each of the edition's cost groups; NULL when derived */
    const char **of; /* sectors of the edition whose keys and net expenditure make the rates */
    size_t of_len;
};

/* METHOD D1–D9. */
struct kf_demography {
    int base_year;               /* index 1 (D1, D5) and start of mean growth; 0: no demography */
    struct kf_age_group *groups; /* compared with the others'; may overlap (D1, D2, D8) */
    size_t groups_len;
    struct kf_age_group *cost_groups; /* disjoint (D3) */
    size_t cost_groups_len;
    struct kf_cost_sector *sectors;
    size_t sectors_len;
    int rate_year;             /* whose figures of the country make derived rates; 0: all given */
    struct kf_name projection; /* what the projection is called; empty without one */
    const char *projected_population; /* variable of the projection; "" without one */
    int observed_through;             /* later years are projected; 0 without a projection */
    bool rebased;                     /* the projection meets the figures of that year (D7) */
};

/* --- expenditure and change ------------------------------------------------------------------ */

/* METHOD E1. Either `given` names a published index, or accounts are named, or there is nothing.
 * Unset texts are "", unset sums have no term. */
struct kf_expenditure {
    const char *given;
    struct kf_terms gross;
    struct kf_terms minus; /* what is subtracted from it */
    struct kf_terms payroll_costs;
    struct kf_terms wages;
    bool need_corrected; /* divided by the need index of the sector, or of the whole */
};

/* Changes since the year before: published ones (METHOD T3), computed ones (T1–T6), or none. */
struct kf_change {
    const char *production; /* variables; "" unless published */
    const char *expenditure;
    double base;   /* what stands for "no change" in published changes */
    bool computed; /* from a panel that carries the year before */
};

/* Growth of wages in one sector that differs from the others'. */
struct kf_sector_growth {
    const char *sector;
    double wages_percent;
};

/* Growth of wages and prices from the year before to `year`, in percent (METHOD T5). */
struct kf_deflator {
    int year;
    double wages_percent;
    double prices_percent;
    struct kf_sector_growth *sectors;
    size_t sectors_len;
};

/* A correction of results for what pupils bring along: OLS of `outcome` on `regressors` over all
 * municipalities of the country (METHOD I4). */
struct kf_correction {
    const char *id;
    const char *outcome;     /* variable */
    const char **regressors; /* variables */
    size_t regressors_len;
};

/* --- the edition ----------------------------------------------------------------------------- */

/* A sector produces services (it has indicators or a given index), or only needs and spends. */
struct kf_sector {
    const char *id;
    struct kf_name name;
    double weight; /* share of the total; 0 when the edition's weighting derives it, or for a sector
                      that produces nothing */
    struct kf_indicator *indicators;
    size_t indicators_len;
    struct kf_weighting weighting; /* of the indicators */
    const char *given;   /* a published sub-index instead of indicators (METHOD A6); or "" */
    bool administration; /* counts in the whole with administration only (METHOD E4) */
    struct kf_criterion *criteria; /* none when the edition has no cost key for the sector */
    size_t criteria_len;
    double need_weight;         /* share in the total cost key; 0 when the edition has none */
    const char *published_need; /* variable: a published need index, which stands for the computed
                                   one where criteria have no figures; or "" */
    struct kf_resources resources;
    struct kf_expenditure expenditure;
};

/* Whose mean is the scale. */
enum kf_reference {
    KF_REFERENCE_GROUP = 1, /* the members' population-weighted mean (METHOD A1) */
    KF_REFERENCE_COUNTRY,   /* the figure for the whole country */
};

/* How raw values become comparable. */
enum kf_normalization {
    KF_NORMALIZE_MEAN = 1,     /* divided by their mean (METHOD A1) */
    KF_NORMALIZE_STANDARDIZED, /* distance from the mean in standard deviations (METHOD A8) */
};

/* How quantity and quality make a sub-index. */
enum kf_composition {
    KF_COMPOSE_SUM = 1, /* weighted sum of all indicators (METHOD A4) */
    KF_COMPOSE_PRODUCT, /* quantity times quality (METHOD A9) */
};

struct kf_edition {
    const char *id;
    struct kf_name title;
    const char *source;
    double scale;
    const char *population;       /* variable; "" in an edition of unit costs alone */
    enum kf_missing_rule missing; /* of indicators that say nothing themselves */
    enum kf_reference reference;
    enum kf_normalization normalization;
    double spread; /* relative standard deviation that standardized indicators get; 0 otherwise */
    enum kf_composition composition;
    const char *given_total; /* a published total index, renormalised (METHOD A6); or "" */
    struct kf_sector *sectors;
    size_t sectors_len;
    struct kf_weighting weighting; /* of the sectors (METHOD W7) */
    struct kf_expenditure expenditure;
    struct kf_change change;
    struct kf_deflator *deflators; /* ascending by year */
    size_t deflators_len;
    struct kf_correction *corrections;
    size_t corrections_len;
    int need_year;                  /* a year, or KF_NEED_YEAR_… (METHOD N5) */
    enum kf_criteria_rule criteria; /* of all keys */
    const char *published_need;     /* variable: a published need index of the whole; or "" */
    struct kf_use *uses;            /* of disposable income, besides the sectors (R10) */
    size_t uses_len;
    struct kf_terms income; /* disposable income as given; none: the sum of its uses */
    struct kf_demography demography;
    struct kf_unit_costs unit_costs;
    struct kf_trial trial;
    char digest[KF_EDITION_DIGEST_SIZE]; /* of the bytes of the file and of those it extends */

    /* What only ingest needs; not carried in panels. */
    int year_from;
    int year_to;      /* KF_EDITION_YEAR_MAX when no last year is given */
    const int *years; /* the years of a list, ascending; none when it is all from … to */
    size_t years_len;
    int structure_year;   /* panels have the municipalities of this year, or KF_STRUCTURE_… */
    const char **members; /* codes, ascending; none: see kostra_groups */
    size_t members_len;
    struct kf_listed members_at;
    const char **kostra_groups; /* members are the municipalities of these KOSTRA groups; none and
                                   no members: every municipality with a population */
    size_t kostra_groups_len;
    struct kf_listed kostra_groups_at;
    const char **excluded; /* codes that are left out of them, or of all; ascending */
    size_t excluded_len;
    struct kf_listed excluded_at;
    struct kf_name group;
    bool publish;        /* false: kf computes it, ingest leaves it alone */
    const char *extends; /* id of the edition this one builds on, or "" */
    const char **tables; /* of Statistics Norway, as listed; none: the edition is not live */
    size_t tables_len;
    struct kf_listed tables_at;
    const char **source_files; /* complete paths of standing figures, as listed */
    size_t source_files_len;
    struct kf_listed source_files_at;
};

/* True for what may be the id of a table: letters and digits, fewer than KF_TABLE_ID_SIZE. */
bool kf_table_is_id(const char *text);

/* True when the edition leaves the municipality with this code out of its group. */
bool kf_edition_excludes(const struct kf_edition *self, const char *code);

/* True when the group of the edition is made of this KOSTRA group, maybe of others, too. */
bool kf_edition_takes_kostra_group(const struct kf_edition *self, const char *group);

/* The sector of that id, or NULL. */
const struct kf_sector *kf_edition_sector(const struct kf_edition *self, const char *id);

/* True when some sector has a cost key, or a published need index. */
bool kf_edition_has_key(const struct kf_edition *self);

/* True when the sector has. */
bool kf_sector_has_key(const struct kf_sector *self);

/* True when the sector has indicators or a published sub-index. */
bool kf_sector_produces(const struct kf_sector *self);

/* How many earlier years the panels of the edition carry: none; one for changes (METHOD T1–T6),
 * resource use (R13), demography (D3) and growth of an amount (G8); or KF_LATEST_YEARS_MAX for the
 * missing rule `latest`. */
int kf_edition_earlier_years(const struct kf_edition *self);

/* Most years that kf_edition_further_years names. */
#define KF_FURTHER_YEARS_MAX 24

/* Other years whose figures a panel of `year` needs, besides itself and `earlier` years before it,
 * ascending, each once: of the criteria (METHOD N5), of the year and of those before it; the base
 * year of demography (D1), the year that projections meet (D7), that of derived rates (D9); of a
 * trial the base year of own shares (G6), the years of deduction and refund, and the years before
 * `year` whose growth counts (G7). Returns how many. */
size_t kf_edition_further_years(const struct kf_edition *self, int year, int earlier,
                                int years[KF_FURTHER_YEARS_MAX]);

/* The year whose figures of criteria count in `year` (METHOD N5). */
int kf_edition_need_year(const struct kf_edition *self, int year);

/* True for the code of a service: letters of either case, digits, - and _, at most 64. */
bool kf_service_is_id(const char *id);

/* True when the edition has cost groups, institutions, time with users or growth (METHOD U1–U7,
 * G8); services, rates and prices alone are nothing. */
bool kf_edition_has_unit_costs(const struct kf_edition *self);

/* True when the edition has anything of a trial (METHOD G1–G7). */
bool kf_edition_has_trial(const struct kf_edition *self);

/* True when the edition has anything but unit costs and a trial, or nothing at all: then it names a
 * population, which decides who is in its panels and weighs them. */
bool kf_edition_needs_population(const struct kf_edition *self);

/* True when demography of the edition takes people of `year` from its projection. */
bool kf_edition_projects(const struct kf_edition *self, int year);

/* Reads one edition into `arena`, with the editions of the same folder that it extends: maps merge
 * by key, lists of items with an id by id, of everything else the own text stands alone, and of
 * keys that exclude each other the nearest counts (docs/EDITIONS.md). All faults land in `findings`
 * with the file and line where the text stands, which may be an inherited one's, and the result is
 * KF_ERR_CONFIG. `variables` may be NULL: then variables are not checked, indicators have no unit
 * and complements are taken of 1. What the schema cannot say is checked here: weights close to 1
 * (indicators of a sector, sectors, criteria of a key, need weights of the sectors that have a key)
 * and are rescaled to it; under KF_CRITERIA_AGES the criteria that count no people by age are then
 * dropped and the others rescaled, so that nobody later sees but what counts; a weighting names
 * each item exactly once; a key has at least one criterion that is no cost disadvantage; sums have
 * one unit; what is named exists; ids are unique within their list. The digest is that of the
 * file's bytes; of an edition that extends others it is the digest of its own and its base's
 * digest. */
enum kf_err kf_edition_read(const char *path, const struct kf_variables *variables,
                            struct kf_arena *arena, struct kf_edition **edition,
                            struct kf_findings *findings, struct kf_error *err);

/* A file that is not in the editions folder, and that folder (may be NULL). */
struct kf_edition_source {
    const char *path;
    const char *folder;
    const struct kf_variables *variables; /* may be NULL */
};

/* The same; what the file extends is looked for beside it and then in the folder. */
enum kf_err kf_edition_read_from(const struct kf_edition_source *source, struct kf_arena *arena,
                                 struct kf_edition **edition, struct kf_findings *findings,
                                 struct kf_error *err);

/* A copy of the edition, in `arena`, without the adjustments named (METHOD R2–R6), in whatever
 * sectors they stand; everything else is shared with the edition, which must live as long. The id
 * and the digest stay those of the edition. KF_ERR_CONFIG, and nothing else happens, for a name
 * that no adjustment has: the text lists those there are. KF_ERR_MEMORY. */
enum kf_err kf_edition_without(const struct kf_edition *self, const char *const *without,
                               size_t without_len, struct kf_arena *arena,
                               const struct kf_edition **edition, struct kf_error *err);

/* A variable that an edition names. */
struct kf_edition_variable {
    const char *name;
    bool needed; /* a panel has its column even when nobody reported anything: of the population,
                    indicators and their denominators, published indices of what is produced,
                    corrections */
};

/* All variables that a panel of this edition may hold: those needed, and amounts of weightings,
 * criteria, published need, expenditure, resource use, disposable income, demography, unit costs,
 * a trial, changes.
 * Ascending, each once, in `arena`. */
enum kf_err kf_edition_variables(const struct kf_edition *self, struct kf_arena *arena,
                                 const struct kf_edition_variable **list, size_t *count,
                                 struct kf_error *err);

/* Every member must be a municipality in at least one year of the edition, or in its structure
 * year: a finding for each that is not, with its successors, on its line (about `path` when the
 * line is not known), and KF_ERR_CONFIG when there is any. The same holds of those left out and of
 * those that an adjustment concerns. KOSTRA groups must be in the register for at least one year of
 * the edition. */
enum kf_err kf_edition_check_members(const struct kf_edition *edition, const char *path,
                                     const struct kf_catalogue *registers,
                                     struct kf_findings *findings, struct kf_error *err);

/* The year whose municipalities the panel of `year` has: `structure_year` with its two special
 * values resolved. Today is the register's newest year, but never before the data year. */
int kf_edition_structure_year(const struct kf_edition *self,
                              const struct kf_municipalities *municipalities, int year);

/* True when a correction of the edition names the variable, as its outcome or a regressor. */
bool kf_edition_corrects(const struct kf_edition *self, const char *variable);

/* True when the edition can be computed for `year`. */
bool kf_edition_has_year(const struct kf_edition *self, int year);

/* Appends its years: "2010", "2018, 2020", "2015–2019", or "2020–" without a last one. */
void kf_edition_print_years(const struct kf_edition *self, struct kf_text *text);

#endif
