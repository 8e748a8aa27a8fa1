/* What a table of Statistics Norway's is to kostraflow: which of its cells are which variable.
 *
 * Data, not code: a file a table in the folder `sources` of the editions folder, called after the
 * table (`sources/12362.yaml`), checked against schema/source.schema.json; docs/SOURCES.md has the
 * language. Variables are those of the register, units are compared with it.
 *
 * Municipalities are told by four digits, the country by the code that the map names (EAK) and
 * becomes KF_OBSERVATION_COUNTRY. Everything else that the map lets through (EAKUO, EKG…) is an
 * estimate of Statistics Norway's: kept beside the figures, never added to them and never in a
 * panel. Codes of another form (counties, city districts) and those that the map passes over are no
 * region of anybody's.
 *
 * Old and new codes stand side by side in a table, with zeros or dots in years in which nobody had
 * them. A municipality's cell is a row in years in which the register has the code (on 1 January,
 * or from a change during the year; in the table's year as well as in the figure's), whatever
 * stands there. In other years only a figure that is not zero is one, as inhabitants at the end of
 * the year before a merger are: nobody is counted twice, and dead codes leave nothing behind.
 */
#ifndef KF_INGEST_TABLE_MAP_H
#define KF_INGEST_TABLE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/model/catalogue.h"
#include "common/model/observation.h"
#include "services/ingest/jsonstat/jsonstat.h"
#include "services/ingest/ssb/ssb.h"

#define KF_TABLE_MAPS_MAX    256
#define KF_TABLE_FIGURES_MAX 1024
#define KF_TABLE_CODES_MAX   2048 /* of one list of codes */
#define KF_REGION_SIZE       16

/* Codes of one dimension; the cells of all of them are added up when there are several. */
struct kf_table_pick {
    const char *dimension;
    const char *const *codes;
    size_t codes_len;
};

/* The cells that are one variable: those where every dimension but region and time is as picked. */
struct kf_table_figure {
    const char *variable;
    size_t number; /* of the variable in the register */
    const struct kf_table_pick *picks;
    size_t picks_len;
    const char *unit; /* as the table has it; "" when it does not say */
    double factor;    /* of the table's figure to the register's unit */
    int year_offset;  /* added to the table's year */
    bool verified;    /* codes and unit were seen in an answer of the API */
    const char *note; /* where they are from, when not; else "" */
    uint64_t line;    /* in the map's file */
};

struct kf_table_map {
    const char *file;
    const char *table; /* "12362" */
    const char *title_nb;
    const char *title_en;
    const char *publication; /* of the calendar */
    const char *region;      /* dimensions */
    const char *time;
    const char *country;          /* code of the country, or "" */
    const char *const *estimates; /* codes, or beginnings with * at the end, kept as estimates */
    size_t estimates_len;
    const char *const *passed_over; /* codes of regions, likewise, that are nothing */
    size_t passed_over_len;
    const struct kf_table_pick *known; /* codes that no figure picks and that are no news */
    size_t known_len;
    const char *const *eliminated; /* dimensions that are left out of the question */
    size_t eliminated_len;
    const struct kf_table_figure *figures;
    size_t figures_len;
    const struct kf_jsonstat_symbol *symbols; /* that only this table has */
    size_t symbols_len;
};

struct kf_table_maps {
    struct kf_arena *arena;
    const struct kf_table_map *list; /* ascending by table */
    size_t length;
};

/* Reads EDITIONS/sources. A folder that is not there is no map and no fault. All faults of all
 * files are findings, also editions that name a table without a map; the result is KF_ERR_CONFIG
 * then. */
enum kf_err kf_table_maps_read(const char *editions, const struct kf_catalogue *catalogue,
                               struct kf_table_maps **maps, struct kf_findings *findings,
                               struct kf_error *err);
void kf_table_maps_destroy(struct kf_table_maps **self);

enum kf_table_region {
    KF_TABLE_REGION_NONE = 0, /* passed over */
    KF_TABLE_REGION_MUNICIPALITY,
    KF_TABLE_REGION_COUNTRY,
    KF_TABLE_REGION_ESTIMATE,
};

/* What a code of the region dimension is. */
enum kf_table_region kf_table_map_region(const struct kf_table_map *self, const char *code);

/* The map of that table, or NULL. */
const struct kf_table_map *kf_table_maps_find(const struct kf_table_maps *self, const char *table);

/* --- against a table's description ----------------------------------------------------------- */

/* What no longer fits: dimensions, codes and units that the map names and the table has not (with
 * the code that is nearest by name or label), dimensions that the table has and the map does not
 * speak of. Each finding names the map's file and line, the variable, and the editions that use it.
 * KF_ERR_DATA when there is any. `metadata` may also be an answer with figures that has all codes.
 */
enum kf_err kf_table_map_check(const struct kf_table_map *self, const struct kf_jsonstat *metadata,
                               const struct kf_catalogue *catalogue, struct kf_findings *findings,
                               struct kf_error *err);

/* What is new and does no harm: municipality codes that the register of municipalities lacks (they
 * are not asked for; in an answer they are a fault), and codes that the map does not know, in
 * dimensions whose codes it lists (`known`). Adds findings; never fails for them. */
enum kf_err kf_table_map_news(const struct kf_table_map *self, const struct kf_jsonstat *metadata,
                              const struct kf_catalogue *catalogue, struct kf_findings *findings,
                              struct kf_error *err);

/* What is wanted of a table. All borrowed for the call. */
struct kf_table_wanted {
    const struct kf_municipalities *municipalities;
    int years[2];           /* first and last, of the data, before year_offset */
    struct kf_arena *arena; /* of the question's lists */
};

/* What to ask for: every region that is a municipality in one of the years (or the year before or
 * after them), the country or an estimate; of the years those that the table has; all codes picked.
 * Texts are the metadata's and the map's. KF_ERR_AGAIN when it has none of the years. */
struct kf_table_question {
    struct kf_ssb_selection selections[KF_JSONSTAT_DIMENSIONS_MAX];
    size_t selections_len;
    uint64_t cells;
    int newest_year; /* that the table has */
};
enum kf_err kf_table_map_question(const struct kf_table_map *self,
                                  const struct kf_jsonstat *metadata,
                                  const struct kf_table_wanted *wanted,
                                  struct kf_table_question *question, struct kf_error *err);

/* --- taking figures ----------------------------------------------------------------------------
 */

/* A figure of a region that is neither municipality nor country. */
struct kf_estimate {
    char region[KF_REGION_SIZE];
    uint16_t variable;
    uint16_t year;
    uint8_t status;
    double value;
};

struct kf_estimates {
    struct kf_estimate *list;
    size_t length;
    size_t length_max; /* KF_ERR_LIMIT beyond */
};
void kf_estimates_clear(struct kf_estimates *self);

/* Where figures go to. All borrowed for the call. */
struct kf_table_take {
    const struct kf_catalogue *catalogue;
    struct kf_observations *figures; /* not yet sealed */
    struct kf_estimates *estimates;  /* NULL: they are passed over */
    struct kf_findings *findings;
};

/* Adds what the table's cells say to figures and estimates. Pages of one
 * question may be taken one after the other; a cell and the ones it is added to are on one page
 * (the region and time dimensions are the ones that pages are cut along). Of cells that are added
 * up, those that are not applicable count nothing, and any other without a figure leaves the sum
 * without one. A country or an estimate without a figure is no row. Municipality codes that
 * never existed are findings; a figure outside the register's bounds is one, too. Cells of codes
 * that are not picked are passed over. KF_ERR_DATA when the table lacks a dimension or a code, or
 * there are findings; rows before may have been added. */
enum kf_err kf_table_map_take(const struct kf_table_map *self, const struct kf_jsonstat *table,
                              const struct kf_table_take *to, struct kf_error *err);

#endif
