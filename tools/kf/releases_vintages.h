/* The command `kf releases vintages`: what the observation store has, and what changed in it. */
#ifndef KF_TOOLS_RELEASES_VINTAGES_H
#define KF_TOOLS_RELEASES_VINTAGES_H

#include <stddef.h>

#include "common/base/error.h"
#include "tools/kf/arguments.h"

/* `words`: nothing: all vintages, source by source; SOURCE: those of one ("ssb-12362", "12362");
 * A B: every cell that is not the same in vintage B as in vintage A, by their numbers. */
enum kf_err kf_releases_vintages(const struct kf_arguments *arguments, const char *const *words,
                                 size_t count, struct kf_error *err);

#endif
