/* What a product of quantity and quality is made of, for the walkers of the aggregate stage
 * (METHOD A9). */
#ifndef KF_TOOLS_EXPLAIN_COMPOSITION_H
#define KF_TOOLS_EXPLAIN_COMPOSITION_H

#include "tools/kf/explain_walk.h"

/* True when the index of the key's sector is a product. */
bool kf_explain_is_product(const struct kf_explain_key *key);

/* Sets the rule of a contribution to a product and adds its parts, behind those that are there. */
void kf_explain_add_product_parts(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                  const struct kf_explain_key *key);

/* Sets the rule of a sector's index without imputed cells and adds its parts. */
void kf_explain_add_product_reported(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                     const struct kf_explain_key *key);

#endif
