/* What notes about a computed panel are made with: lists of names and of municipalities, and where
 * the panel has figures. */
#ifndef KF_TOOLS_NOTES_LOOK_H
#define KF_TOOLS_NOTES_LOOK_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/text.h"
#include "common/model/panel.h"

#define KF_NAMES_MAX 128

/* What a panel is looked at for: its edition, and the year whose criteria count. */
struct kf_look {
    const struct kf_panel *panel;
    const struct kf_edition *edition;
    const struct kf_panel *need; /* NULL: that year has no figures */
    int need_year;
    const char *command;
    struct kf_text *text; /* where lines are added */
};

/* Names, each once; those beyond the room are not told of. */
struct kf_names {
    const char *list[KF_NAMES_MAX];
    size_t count;
};

/* Adds a name, which is borrowed; nothing when it is there or the list is full. */
void kf_names_add(struct kf_names *self, const char *name);

/* Adds every variable of the sum. */
void kf_names_add_variables(struct kf_names *self, const struct kf_terms *terms);

/* Adds the variables of the sum that neither a member nor the country has figures of. `panel` may
 * be NULL: then nobody has any. */
void kf_names_add_lacking(struct kf_names *self, const struct kf_panel *panel,
                          const struct kf_terms *terms);

/* "A, B and 3 more". */
void kf_names_print(const struct kf_names *self, struct kf_text *text);

/* Municipalities, each with what is told of it. */
struct kf_tally {
    struct kf_text text;
    size_t count;
};

/* Nothing in it; kf_tally_finish frees it. */
void kf_tally_init(struct kf_tally *self);

/* Adds a municipality with what is told of it, copied; `about` may be NULL or empty. */
void kf_tally_add(struct kf_tally *self, const char *municipality, const struct kf_names *about);

/* "0926 (bpa), 1001 (bpa, dagaktivitet) and 3 more", and frees what the list holds. */
void kf_tally_finish(struct kf_tally *self, struct kf_text *text);

/* "s", or "" of one. */
const char *kf_plural(size_t count);

/* True when a member or the country has a figure of the variable; `panel` may be NULL. */
bool kf_look_has_figures(const struct kf_panel *panel, const char *variable);

/* True when that holds of every variable of the sum, and it has one. */
bool kf_look_all_have_figures(const struct kf_panel *panel, const struct kf_terms *terms);

/* True when member `k` has a figure of every variable of the sum, and it has one. */
bool kf_look_gives(const struct kf_panel *panel, const struct kf_terms *terms, size_t k);

/* The result of topic unit-cost, or NULL. */
const struct kf_result *kf_look_unit_cost(const struct kf_look *look, const char *sector,
                                          const char *indicator, const char *measure);

/* True when the result, which may be NULL, has a value of member `k`. */
bool kf_look_has_value(const struct kf_result *result, size_t k);

/* True when it has none, and none is held back or not applicable: nobody gave anything. */
bool kf_look_is_missing(const struct kf_result *result, size_t k);

#endif
