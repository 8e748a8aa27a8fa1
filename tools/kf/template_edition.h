/* A small edition of one's own, ready to edit: what it does not say is that of the edition it
 * extends. Pure.
 */
#ifndef KF_TOOLS_TEMPLATE_EDITION_H
#define KF_TOOLS_TEMPLATE_EDITION_H

#include "common/base/text.h"
#include "tools/kf/template_form.h"

#define KF_TEMPLATE_ID_SIZE 65 /* of an edition's id, with its NUL */

/* The id that the edition gets when nobody names one: the other's and "-own". */
void kf_template_edition_id(const struct kf_edition *edition, char id[KF_TEMPLATE_ID_SIZE]);

/* Appends the edition `id` as YAML with comments: it extends self->edition for
 * self->municipalities (the same group without any), has variables of its own and two cost groups
 * of them in place of those inherited. The two deliver the first services of self->edition; where
 * that has none, a service with a made-up rate, which is told so. It is sound as it stands. */
void kf_template_edition(const struct kf_template *self, const char *id, struct kf_text *text);

#endif
