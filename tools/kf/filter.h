/* Which rows of computed panels are wanted: `kf compute --municipality … --topic … --measure …
 * --sector …`. Rows that are left are what they would be without a filter.
 */
#ifndef KF_TOOLS_FILTER_H
#define KF_TOOLS_FILTER_H

#include <stdbool.h>

#include "common/base/error.h"
#include "common/model/catalogue.h"
#include "common/model/row.h"
#include "tools/kf/arguments.h"

/* Values of one option; none lets everything through. */
struct kf_filter_values {
    const char *const *list;
    size_t count;
};

struct kf_filter {
    struct kf_filter_values municipalities;
    struct kf_filter_values topics;
    struct kf_filter_values measures;
    struct kf_filter_values sectors;
};

/* Takes the options from the command line; `filter` borrows its words. */
void kf_filter_read(const struct kf_arguments *arguments, struct kf_filter *filter);

/* Whether topics and measures exist, sectors are the edition's (or a service, a use, a correction,
 * a sum, a cost group or what else its unit costs are about) and codes were municipalities at any
 * time: KF_ERR_CONFIG with the nearest name otherwise. `year` is the year in which a name that
 * stands for a code is looked up. */
enum kf_err kf_filter_check(const struct kf_filter *self, const struct kf_catalogue *catalogue,
                            const struct kf_edition *edition, int year, struct kf_error *err);

/* The part of it about codes. */
enum kf_err kf_filter_check_municipalities(const struct kf_filter *self,
                                           const struct kf_municipalities *municipalities, int year,
                                           struct kf_error *err);

/* True when nothing is left out. */
bool kf_filter_is_open(const struct kf_filter *self);

/* True when rows of the municipality ("" for the group), topic and sector are wanted: naming
 * municipalities leaves the group's rows out. */
bool kf_filter_takes_row(const struct kf_filter *self, const struct kf_row *row);

/* True when the measure is wanted. */
bool kf_filter_takes_measure(const struct kf_filter *self, const char *measure);

#endif
