/* Municipalities by name, for people who give one where a code is wanted. */
#ifndef KF_TOOLS_PLACES_H
#define KF_TOOLS_PLACES_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/text.h"
#include "common/model/municipality.h"

#define KF_PLACES_SHOWN 5

/* Adds "; did you mean 4003 Skien?" to `text`: the municipalities of `year` whose name `given` is;
 * without one those whose name begins with it, else the one whose name it nearly is. Capitals do
 * not matter, and of "Oslo - Oslove" either part is a name. At most KF_PLACES_SHOWN are told.
 * Nothing is added when there is none. Returns how many were found. */
size_t kf_places_suggest(const struct kf_municipalities *municipalities, const char *given,
                         int year, struct kf_text *text);

/* True when a municipality of the name `name` is called `given`: capitals do not matter, and of
 * "Oslo - Oslove" either part is a name. */
bool kf_places_is_called(const char *given, const char *name);

#endif
