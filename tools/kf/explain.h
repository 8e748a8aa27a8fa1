/* kf explain: where a published number comes from. The walk is pure; printing is apart from it.
 *
 *     struct kf_explain_options options = {.panel = computed, .observations = input, …};
 *     code = kf_explain_new(&options, &explanation, &err);
 *     kf_explain_print_tree(explanation, …) or kf_explain_print_json(explanation, …)
 *     kf_explain_destroy(&explanation);
 */
#ifndef KF_TOOLS_EXPLAIN_H
#define KF_TOOLS_EXPLAIN_H

#include "common/base/text.h"
#include "common/model/catalogue.h"
#include "common/model/observation.h"
#include "tools/kf/explain_graph.h"

/* Which number. `sector` and `indicator` may be NULL: then the total, or what else is the only
 * choice. `municipality` may be NULL for numbers about the group. */
struct kf_explain_question {
    const char *municipality;
    const char *measure;
    const char *sector;
    const char *indicator;
    const char *topic; /* NULL: any, where only one has such a number */
};

/* What is explained, and from what. All borrowed; must outlive the explanation. */
struct kf_explain_options {
    const struct kf_panel *panel;               /* with the results of all stages */
    const struct kf_observations *observations; /* for files and lines; NULL: none are told */
    const struct kf_catalogue *catalogue;       /* for names and code changes; NULL: none known */
    struct kf_explain_question question;
    size_t depth;           /* levels below the number; 0: all the way */
    struct kf_text *choice; /* receives what may be asked for when something else was; or NULL */
};

struct kf_explanation {
    struct kf_arena *arena;
    const struct kf_panel *panel;
    const struct kf_explain_node *root;
    const struct kf_explain_node *const *nodes; /* by number */
    size_t nodes_len;
    size_t disagreeing; /* expanded numbers that do not follow from their parts: a fault of ours */
    size_t cut; /* published numbers left unexpanded because there would be too many nodes */
};

/* Walks the number back. KF_ERR_CONFIG when there is no such municipality, measure, sector or
 * indicator, or several numbers fit: the text names the nearest, `choice` lists what
 * there is. KF_ERR_MEMORY, KF_ERR_LIMIT, or the first error of the walk. */
enum kf_err kf_explain_new(const struct kf_explain_options *options,
                           struct kf_explanation **explanation, struct kf_error *err);

/* KF_OK when every number that was expanded follows from its parts. Otherwise KF_ERR_INTERNAL: the
 * text tells how many do not, names the first, and asks to report it. */
enum kf_err kf_explain_verdict(const struct kf_explanation *self, struct kf_error *err);

/* NULL is fine, the pointer is nulled. */
void kf_explain_destroy(struct kf_explanation **self);

/* How an explanation is printed. */
struct kf_explain_style {
    const struct kf_municipalities *municipalities; /* for names; may be NULL */
    bool norwegian;
    bool persons; /* figures of single persons are told, too; otherwise what they come to */
    size_t depth; /* levels below the number; 0: all */
};

/* Appends the explanation as a table whose first column is a tree. A number that was told already
 * is told without its parts the second time; one that does not follow from its parts is marked. */
enum kf_err kf_explain_print_tree(const struct kf_explanation *self,
                                  const struct kf_explain_style *style, struct kf_text *text,
                                  struct kf_error *err);

/* Appends the explanation as one JSON object; docs/explain.schema.json describes it. Numbers are
 * unrounded. */
enum kf_err kf_explain_print_json(const struct kf_explanation *self,
                                  const struct kf_explain_style *style, struct kf_text *text,
                                  struct kf_error *err);

#endif
