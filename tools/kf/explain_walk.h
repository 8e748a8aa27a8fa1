/* Making explanations: what the walkers of the stages share.
 *
 * A walker says of one kind of number what it is made of: it sets the node's rule and adds parts.
 * Published numbers are expanded breadth first, nearest to the root first, until the depth or the
 * number of nodes is reached; derived ones (a group mean) are expanded when they are made, because
 * their value comes from their parts.
 *
 * Nothing here returns an error: the walk keeps the first, and hands out a node that leads nowhere
 * when memory is short. Asked once, at the end.
 */
#ifndef KF_TOOLS_EXPLAIN_WALK_H
#define KF_TOOLS_EXPLAIN_WALK_H

#include "common/model/observation.h"
#include "tools/kf/explain_graph.h"

/* Members are numbered as in the panel; behind them stand the panel's others. */
#define KF_EXPLAIN_GROUP   SIZE_MAX
#define KF_EXPLAIN_COUNTRY (SIZE_MAX - 1)

struct kf_explain_walk;

/* What identifies a node. Unset texts are NULL or "". They must live as long as the panel. */
struct kf_explain_key {
    const struct kf_panel *panel;
    const char *measure;
    const char *sector;
    const char *indicator;
    const char *variable;
    size_t member;
    enum kf_topic topic; /* KF_TOPIC_NONE unless published */
};

/* Sets rule and parts of `node`; the unit too when it is derived. */
typedef void kf_explain_expand(struct kf_explain_walk *walk, struct kf_explain_node *node,
                               const struct kf_explain_key *key);

/* --- nodes ------------------------------------------------------------------------------------ */

/* A published number, or NULL when the panel has no such result. */
struct kf_explain_node *kf_explain_result(struct kf_explain_walk *walk,
                                          const struct kf_explain_key *key);

/* Whether the panel has such a result, and with a value; makes no node. */
enum kf_explain_presence { KF_EXPLAIN_ABSENT, KF_EXPLAIN_MISSING, KF_EXPLAIN_PRESENT };
enum kf_explain_presence kf_explain_presence(const struct kf_explain_key *key);

/* A number that is not published: made by `expand`, which is called at once unless the node is
 * there already. It has no value when its parts do not give one. */
struct kf_explain_node *kf_explain_derived(struct kf_explain_walk *walk,
                                           const struct kf_explain_key *key,
                                           kf_explain_expand *expand);

/* The published number where the panel has it, else the same made by `expand`: of the years before
 * few results are kept. The key's topic is that of the published one. */
struct kf_explain_node *kf_explain_result_or(struct kf_explain_walk *walk,
                                             const struct kf_explain_key *key,
                                             kf_explain_expand *expand);

/* A figure of the input: of a member, or of the country where the source gives it. Missing when the
 * panel has no such column. */
struct kf_explain_node *kf_explain_cell(struct kf_explain_walk *walk, const struct kf_panel *panel,
                                        const char *variable, size_t member);

/* A number of the edition or of the method; `what` says which and is kept, not copied. */
struct kf_explain_node *kf_explain_number(struct kf_explain_walk *walk, const char *what,
                                          const char *unit, double value);

/* --- parts ------------------------------------------------------------------------------------ */

/* Adds a part; `weight` may be NULL. Nothing when `part` is NULL. */
void kf_explain_add(struct kf_explain_walk *walk, struct kf_explain_node *node, const char *role,
                    const struct kf_explain_node *part);
void kf_explain_add_weighted(struct kf_explain_walk *walk, struct kf_explain_node *node,
                             const char *role, const struct kf_explain_node *weight,
                             const struct kf_explain_node *part);

/* A note in the graph's arena, in both languages from the same arguments. */
void kf_explain_note(struct kf_explain_walk *walk, struct kf_explain_node *node, const char *nb,
                     const char *en, ...)
    __attribute__((format(printf, 3, 5), format(printf, 4, 5)));

/* A text in the graph's arena, for the keys of derived nodes. */
const char *kf_explain_text(struct kf_explain_walk *walk, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Σ factor·cell of a sum of variables for a member, or for the country. A single variable with
 * factor 1 is its cell itself. `measure` names the sum, e.g. "numerator". */
struct kf_explain_node *kf_explain_terms(struct kf_explain_walk *walk,
                                         const struct kf_explain_key *key,
                                         const struct kf_terms *terms);

/* The same, told by another rule, which must be a sum, and in `unit`; not of a cell itself. */
struct kf_explain_node *kf_explain_terms_as(struct kf_explain_walk *walk,
                                            const struct kf_explain_key *key,
                                            const struct kf_terms *terms,
                                            const struct kf_explain_rule *rule, const char *unit);

/* Adds factor·cell of each term as a part. */
void kf_explain_add_terms(struct kf_explain_walk *walk, struct kf_explain_node *node,
                          const struct kf_explain_key *key, const struct kf_terms *terms);

/* True when the sum has a value for the key's member, or for the country: a figure of each term. */
bool kf_explain_has_terms(const struct kf_explain_key *key, const struct kf_terms *terms);

/* The panel that is explained; the years before, and further ones, hang under it. */
const struct kf_panel *kf_explain_panel(const struct kf_explain_walk *walk);

/* The panel of that year: the one that is explained, one before it, a further one; or NULL. */
const struct kf_panel *kf_explain_year(const struct kf_explain_walk *walk, int year);

/* --- what the edition says of a key ------------------------------------------------------------
 */

/* The node's own member, sector and indicator with another measure and topic. */
struct kf_explain_key kf_explain_key_with(const struct kf_explain_key *key, enum kf_topic topic,
                                          const char *measure);

/* The sector or the indicator of the edition, or NULL. */
const struct kf_sector *kf_explain_sector(const struct kf_explain_key *key);
const struct kf_indicator *kf_explain_indicator(const struct kf_explain_key *key);

/* Inhabitants of a member, or of the country. */
struct kf_explain_node *kf_explain_population(struct kf_explain_walk *walk,
                                              const struct kf_explain_key *key);

/* scale · x / (Σ N x / Σ N): what is made of the node `of` makes for each member
 * (METHOD A1, A6, E1, E2). `mean` names the mean. */
typedef struct kf_explain_node *kf_explain_of_member(struct kf_explain_walk *walk,
                                                     const struct kf_explain_key *key);
struct kf_explain_node *kf_explain_group_mean(struct kf_explain_walk *walk,
                                              const struct kf_explain_key *key, const char *mean,
                                              kf_explain_of_member *of);

/* --- walkers: one for each stage -------------------------------------------------------------- */

/* What expands one measure of a topic. */
struct kf_explain_measure {
    enum kf_topic topic;
    const char *name;
    kf_explain_expand *expand;
};

/* What expands the key's measure by a table of `count` measures, or NULL. */
kf_explain_expand *kf_explain_by_table(const struct kf_explain_measure *measures, size_t count,
                                       const struct kf_explain_key *key);

/* What expands a published measure, or NULL when this stage does not make it. */
kf_explain_expand *kf_explain_need(const struct kf_explain_key *key);
kf_explain_expand *kf_explain_normalize(const struct kf_explain_key *key);
kf_explain_expand *kf_explain_aggregate(const struct kf_explain_key *key);
kf_explain_expand *kf_explain_efficiency(const struct kf_explain_key *key);
kf_explain_expand *kf_explain_weights(const struct kf_explain_key *key);
kf_explain_expand *kf_explain_statistics(const struct kf_explain_key *key);
kf_explain_expand *kf_explain_key_fit(const struct kf_explain_key *key);
kf_explain_expand *kf_explain_resource_use(const struct kf_explain_key *key);
kf_explain_expand *kf_explain_income(const struct kf_explain_key *key);
kf_explain_expand *kf_explain_demography(const struct kf_explain_key *key);
kf_explain_expand *kf_explain_demography_cost(const struct kf_explain_key *key);
kf_explain_expand *kf_explain_unit_cost(const struct kf_explain_key *key);
kf_explain_expand *kf_explain_institution(const struct kf_explain_key *key);
kf_explain_expand *kf_explain_users(const struct kf_explain_key *key);
kf_explain_expand *kf_explain_trial(const struct kf_explain_key *key);

/* The share of an indicator in its sector, or with indicator "" of a sector in the total. */
struct kf_explain_node *kf_explain_weight(struct kf_explain_walk *walk,
                                          const struct kf_explain_key *key);

#endif
