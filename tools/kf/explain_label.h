/* How nodes are called, for both forms of an explanation. */
#ifndef KF_TOOLS_EXPLAIN_LABEL_H
#define KF_TOOLS_EXPLAIN_LABEL_H

#include "tools/kf/explain.h"

/* The text in the language of the style. */
const char *kf_explain_in_language(const struct kf_name *name,
                                   const struct kf_explain_style *style);

/* The name of the node's municipality, "" when it has none. */
const char *kf_explain_municipality_name(const struct kf_explain_node *node,
                                         const struct kf_explain_style *style);

/* Appends what the node is, without what `above` (may be NULL) says already: the municipality,
 * sector and year of a number are told where they change. */
void kf_explain_label(const struct kf_explain_node *node, const struct kf_explain_node *above,
                      const struct kf_explain_style *style, struct kf_text *text);

/* True when the part is the figure of a single person, which the style leaves out. */
bool kf_explain_is_withheld(const struct kf_explain_part *part,
                            const struct kf_explain_style *style);

/* How many parts of the node are told. */
size_t kf_explain_told_parts(const struct kf_explain_node *node,
                             const struct kf_explain_style *style);

/* Appends a value as people read it: figures as they stand, what is computed with about five
 * digits, the point alone deciding the place. The whole part and the rest are apart, so that points
 * can stand below each other. */
void kf_explain_value(const struct kf_explain_node *node, struct kf_text *whole,
                      struct kf_text *fraction);

#endif
