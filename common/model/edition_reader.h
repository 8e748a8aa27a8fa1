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
    struct kf_yaml_node root;
    bool failed; /* no memory left; told once, at the end */
};

/* --- edition_reader.c: texts, words, lists --------------------------------------------------- */

/* A copy in the arena; "" when there is no memory. */
const char *kf_edition_keep(struct kf_edition_reader *reader, const char *text);

/* Zeroed items in the arena; NULL (with `failed` set) when there is no memory. */
void *kf_edition_room(struct kf_edition_reader *reader, size_t count, size_t size);

/* Getters of what is required; they copy into the arena and leave "" behind on a fault. */
const char *kf_edition_text(struct kf_edition_reader *reader, struct kf_yaml_node map,
                            const char *key);
const char *kf_edition_id(struct kf_edition_reader *reader, struct kf_yaml_node map,
                          const char *key);
/* The registered variable that `id` probably means, or NULL; NULL as well once the findings are
 * full, when nobody would read it. */
const char *kf_edition_suggest_variable(const struct kf_edition_reader *reader, const char *id);
/* The id of a sector, or of what stands where a sector's id does: a use of income, a service. */
const char *kf_edition_sector_id(struct kf_edition_reader *reader, struct kf_yaml_node map,
                                 const char *what);
struct kf_name kf_edition_name(struct kf_edition_reader *reader, struct kf_yaml_node map,
                               const char *key);

/* The name of a registered variable under `key`; "" when it is absent and not required, or wrong.
 */
const char *kf_edition_variable(struct kf_edition_reader *reader, struct kf_yaml_node map,
                                const char *key, bool required);

/* The same for a scalar that stands by itself. */
const char *kf_edition_variable_at(struct kf_edition_reader *reader, struct kf_yaml_node node,
                                   const char *key);

/* Which of `words` (NULL-terminated) stands under `key`, counted from 1; 0 when the key is absent,
 * which is a fault when `required`, and 0 with a finding for anything else. */
int kf_edition_word(struct kf_edition_reader *reader, struct kf_yaml_node map, const char *key,
                    const char *const *words, bool required);

/* The list under `key` of `minimum` to `maximum` items; a node that does not exist on a fault. */
struct kf_yaml_node kf_edition_list(struct kf_edition_reader *reader, struct kf_yaml_node map,
                                    const char *key, size_t minimum, size_t maximum);

/* Two items of `list` must not have the same id. */
void kf_edition_check_ids(struct kf_edition_reader *reader, struct kf_yaml_node list);

/* Which of `keys` (NULL-terminated), which exclude each other, counts in `map`: the one that stands
 * nearest to the edition's own text. Two in the same text are a finding. -1 when there is none. */
int kf_edition_choose(struct kf_edition_reader *reader, struct kf_yaml_node map,
                      const char *const *keys);

/* A number above 0 and at most `maximum`; `fallback` when it is absent or wrong. Faults are told.
 */
double kf_edition_positive(struct kf_edition_reader *reader, struct kf_yaml_node map,
                           const char *key, double maximum, double fallback);

/* A number that is 1 or 100: a scale, or the base of an index number. */
double kf_edition_one_or_hundred(struct kf_edition_reader *reader, struct kf_yaml_node map,
                                 const char *key);

/* The item of the root's list under `key` that has this id; a node that does not exist when there
 * is none. */
struct kf_yaml_node kf_edition_find(const struct kf_edition_reader *reader, const char *key,
                                    const char *id);

/* The same in any list. */
struct kf_yaml_node kf_edition_find_in(struct kf_yaml_node list, const char *id);

/* A finding that `node` names nothing in the root's list under `key`, with the id that was probably
 * meant. */
void kf_edition_fault_unknown(struct kf_edition_reader *reader, struct kf_yaml_node node,
                              const char *name, const char *key);

/* The same of any list; `key` is what it is called. */
void kf_edition_fault_unknown_in(struct kf_edition_reader *reader, struct kf_yaml_node node,
                                 const char *name, struct kf_yaml_node list, const char *key);

/* The missing rule under `missing`; 0 as kf_edition_word. */
enum kf_missing_rule kf_edition_missing(struct kf_edition_reader *reader, struct kf_yaml_node map,
                                        bool required);

/* --- edition_terms.c: weighted sums ---------------------------------------------------------- */

/* The sum of one variable; no term for "". */
struct kf_terms kf_edition_term(struct kf_edition_reader *reader, const char *variable);

/* The terms of the list under `key`; a term may be the country's figure only where `country` says.
 * Terms of different units are a finding, unless a factor converts them (share and percent, kr and
 * 1000 kr) or is a price: something else into money. No term on a fault. */
struct kf_terms kf_edition_terms(struct kf_edition_reader *reader, struct kf_yaml_node map,
                                 const char *key, bool country);

/* The amount under `key`: a variable, a list of terms, or {sum: […]}. No term when it is absent. */
struct kf_terms kf_edition_amount(struct kf_edition_reader *reader, struct kf_yaml_node map,
                                  const char *key);

/* The amount of money under `key`, in kr: sums in 1000 kr are converted. No term when it is absent,
 * which is a fault when `required`. */
struct kf_terms kf_edition_money(struct kf_edition_reader *reader, struct kf_yaml_node map,
                                 const char *key, bool required);

/* The amount under `key` in one of `units` (NULL-terminated, one or two). */
struct kf_terms kf_edition_quantity(struct kf_edition_reader *reader, struct kf_yaml_node map,
                                    const char *key, const char *const *units, bool required);

/* The variable under `key`, which is required, in one of `units` (as above); "" on a fault. */
const char *kf_edition_variable_in(struct kf_edition_reader *reader, struct kf_yaml_node map,
                                   const char *key, const char *const *units);

/* The people of the ages under `key`, each year of age a term (KF_AGE_VARIABLE): "6-12", "0", or
 * "67+", which is 67 to KF_AGE_MAX. No term when it is absent or wrong. */
struct kf_terms kf_edition_ages(struct kf_edition_reader *reader, struct kf_yaml_node map,
                                const char *key);

/* The unit of a sum, after factors that convert units: that of a term without a factor, else that
 * of one in money, else that of the first; "" when it is not known. */
const char *kf_edition_unit(const struct kf_edition_reader *reader, const struct kf_terms *terms);

/* --- edition_years.c: years and figures by year ---------------------------------------------- */

/* True for a year that an edition may name, which is then in `year`. */
bool kf_edition_is_year(struct kf_yaml_node node, int *year);

/* A finding that `node` is no such year. */
void kf_edition_fault_year(struct kf_edition_reader *reader, struct kf_yaml_node node,
                           const char *key);

/* What stands for a year. */
enum kf_edition_figure {
    KF_FIGURE_RATE,      /* kr of an hour or a day: 1 to 100 000 */
    KF_FIGURE_THRESHOLD, /* kr, above 0 */
    KF_FIGURE_GROWTH,    /* percent since the year before, above −100 */
    KF_FIGURE_MONTHS,    /* 1 to 12 */
};

/* The map of years under `key`: {2016: 706, 2017: 724}, ascending. None when it is absent, which is
 * a fault when `required`. */
struct kf_year_figures kf_edition_year_figures(struct kf_edition_reader *reader,
                                               struct kf_yaml_node map, const char *key,
                                               enum kf_edition_figure figure, bool required);

/* A finding about `node` for the first year from `first` to `last` of which `figures` has nothing,
 * told with `problem` and the year. */
void kf_edition_check_years(struct kf_edition_reader *reader, struct kf_yaml_node node,
                            const char *key, const struct kf_year_figures *figures,
                            const int span[2]);

/* --- edition_weights.c: given and derived weights -------------------------------------------- */

/* A share of a whole under `weight`; NAN after a fault. */
double kf_edition_weight(struct kf_edition_reader *reader, struct kf_yaml_node map);

/* Weights that stand together, and how they are spoken of. */
struct kf_edition_weights {
    double *list;
    size_t count;
    struct kf_yaml_node node;
    const char *whole; /* "the sectors", "the indicators of barnehage" */
    const char *key;
    bool rescale; /* whatever they sum to */
};

/* METHOD N1: refuses weights that miss 1 by more than the tolerance, rescales the others so that
 * they close. Silent when one of them is unknown: that has been told. */
void kf_edition_close_weights(struct kf_edition_reader *reader,
                              const struct kf_edition_weights *weights);

/* Where the items of a list get their weights from: from `weights` of `map`, or from `weight` of
 * each item. Whichever stands nearer to the edition's own text replaces the other; where only few
 * of the items that take a weight (`takes`; NULL: all) have a nearer one, `weights` stays and they
 * are wrong. */
struct kf_edition_weighing {
    bool derived;
    struct kf_yaml_node weights; /* may not exist */
};
struct kf_edition_weighing kf_edition_weighing(struct kf_yaml_node map, struct kf_yaml_node list,
                                               bool (*takes)(struct kf_yaml_node item));

/* The weight of one item: 0 when it is derived, NAN after a fault. */
double kf_edition_item_weight(struct kf_edition_reader *reader, struct kf_yaml_node item,
                              const struct kf_edition_weighing *weighing);

/* What a weighting distributes weight among: ids, NULL or "" for those that get none. */
struct kf_edition_items {
    const char **ids;
    size_t count;
    const char *kind; /* the key that names one: "indicator" or "sector" */
};

/* Reads a `weights:` map; each item must be named exactly once (METHOD W1–W8). */
void kf_edition_weighting(struct kf_edition_reader *reader, struct kf_yaml_node node,
                          const struct kf_edition_items *items, struct kf_weighting *weighting);

/* --- the parts of an edition ----------------------------------------------------------------- */

/* edition_indicator.c: `indicators:` of a sector, with its `weights:`; `missing` is the rule for
 * those that say nothing themselves. */
void kf_edition_read_indicators(struct kf_edition_reader *reader, struct kf_yaml_node node,
                                enum kf_missing_rule missing, struct kf_sector *sector);

/* edition_need.c: `need:` of the whole, before the sectors. */
void kf_edition_read_needs(struct kf_edition_reader *reader, struct kf_edition *edition);

/* edition_need.c: `need:` of a sector. The rule of criteria has been read before. */
void kf_edition_read_need(struct kf_edition_reader *reader, struct kf_yaml_node node,
                          const struct kf_edition *edition, struct kf_sector *sector);

/* edition_resources.c: `resources:` of a sector, whose identity and need have been read before. */
void kf_edition_read_resources(struct kf_edition_reader *reader, struct kf_yaml_node node,
                               struct kf_sector *sector);

/* edition_resources.c: `disposable_income:`, after the sectors. */
void kf_edition_read_income(struct kf_edition_reader *reader, struct kf_edition *edition);

/* edition_demography.c: `demography:`, after the sectors. */
void kf_edition_read_demography(struct kf_edition_reader *reader, struct kf_edition *edition);

/* edition_demography.c: groups of ages. Groups of costs have no weight in the care-need index.
 * `prefix` is that of the projection's variables; NULL when there is no projection. */
struct kf_age_group *kf_edition_age_groups(struct kf_edition_reader *reader,
                                           struct kf_yaml_node list, const char *prefix,
                                           bool costs);

/* Which people of a group are meant. */
typedef struct kf_terms (*kf_people_of)(const struct kf_age_group *group);

/* No variable may be counted by two of the groups, which stand in `list`. */
void kf_edition_check_disjoint(struct kf_edition_reader *reader, struct kf_yaml_node list,
                               const struct kf_age_group *groups, kf_people_of select);

/* edition_unit_cost.c: `unit_costs:`, after the years. */
void kf_edition_read_unit_costs(struct kf_edition_reader *reader, struct kf_edition *edition);

/* edition_trial.c: `trial:`, after the years. */
void kf_edition_read_trial(struct kf_edition_reader *reader, struct kf_edition *edition);

/* edition_cost.c: `costs:` of demography. */
void kf_edition_read_costs(struct kf_edition_reader *reader, struct kf_yaml_node costs,
                           const char *prefix, struct kf_edition *edition);

/* edition_read.c: the list of municipality codes under `key`, 1 to `maximum`; ascending, and where
 * each stands. NULL on a fault. */
const char **kf_edition_codes(struct kf_edition_reader *reader, struct kf_yaml_node map,
                              const char *key, size_t maximum, size_t *count, struct kf_listed *at);

/* edition_expenditure.c: `expenditure:` of a sector, or of the whole when `sector` is NULL. */
void kf_edition_read_expenditure(struct kf_edition_reader *reader, struct kf_yaml_node map,
                                 const struct kf_sector *sector,
                                 struct kf_expenditure *expenditure);

/* edition_change.c: `change:`, `deflators:` and that they suffice; after the sectors. */
void kf_edition_read_change(struct kf_edition_reader *reader, struct kf_edition *edition);

/* edition_correction.c: `corrections:`. */
void kf_edition_read_corrections(struct kf_edition_reader *reader, struct kf_edition *edition);

/* edition_sources.c: `sources:`; files are found from the file that names them. */
void kf_edition_read_sources(struct kf_edition_reader *reader, struct kf_edition *edition);

/* edition_sector.c: `sectors:` with all rules between sectors, and `weights:` of them. Missing
 * rule, composition and given total have been read before. */
void kf_edition_read_sectors(struct kf_edition_reader *reader, struct kf_edition *edition);

/* --- edition_extends.c: an edition on top of others ------------------------------------------ */

/* The documents of a chain, each merged with those before it; the last one is the edition. */
struct kf_edition_chain {
    struct kf_yaml *own[KF_EXTENDS_LEVELS_MAX + 1];
    struct kf_yaml *merged[KF_EXTENDS_LEVELS_MAX + 1];
    char digests[KF_EXTENDS_LEVELS_MAX + 1][KF_EDITION_DIGEST_SIZE]; /* of each file's bytes */
    size_t count;
};

/* Reads the file and what it extends: from beside it or, when `folder` is not NULL, else from that
 * folder. KF_ERR_CONFIG with findings when one of them cannot be read,
 * is missing, or the chain is a circle or too long. Clear it in any case. */
enum kf_err kf_edition_chain_read(const char *path, const char *folder,
                                  struct kf_edition_chain *chain, struct kf_findings *findings,
                                  struct kf_error *err);

/* The document to read the edition from. */
struct kf_yaml_node kf_edition_chain_root(const struct kf_edition_chain *self);

/* Of the file's bytes; with bases, of the file's and the base's digest. */
void kf_edition_chain_digest(const struct kf_edition_chain *self,
                             char digest[KF_EDITION_DIGEST_SIZE]);

/* Frees all documents; what was read from them in another arena stays. */
void kf_edition_chain_clear(struct kf_edition_chain *self);

#endif
