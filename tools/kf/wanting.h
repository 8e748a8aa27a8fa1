/* Rows that a release's manifest counts and its topics do not hold any more: the part of a release
 * that is wanting is told, never passed over. Pure.
 */
#ifndef KF_TOOLS_WANTING_H
#define KF_TOOLS_WANTING_H

#include <stdbool.h>

#include "common/base/text.h"
#include "tools/kf/published.h"

/* The topics that `kf show` reads; ends with KF_TOPIC_NONE. */
extern const enum kf_topic kf_wanting_topics[];

/* True when fewer rows of the release were found on one of these topics than its manifest says, and
 * no newer release can have taken their place. */
bool kf_wanting(const struct kf_published *published, const char *topic_prefix);

/* Appends a line for each such topic and one for the likely cause; nothing when all is there. Lines
 * begin with `lead`. */
void kf_wanting_tell(const struct kf_published *published, const char *topic_prefix,
                     const char *lead, struct kf_text *text);

#endif
