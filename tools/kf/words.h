/* The words of `kf explain` and `kf editions show` in Norwegian: measures, roles, units, flags,
 * what stands between them. Ids of the edition are words of KOSTRA already and stay as they are. */
#ifndef KF_TOOLS_WORDS_H
#define KF_TOOLS_WORDS_H

#include <stdbool.h>

/* The Norwegian for an English word or name, or NULL when there is none. */
const char *kf_norwegian(const char *english);

/* The word itself, or when `norwegian` the Norwegian for it where there is one. */
const char *kf_word(const char *english, bool norwegian);

#endif
