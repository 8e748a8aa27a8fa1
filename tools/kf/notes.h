/* What a computed panel goes without because the input lacks figures that its edition names.
 *
 * Nothing of this is a fault: the numbers that are there are right. But who forgot a file should
 * hear of it. Each kind of thing is told once, of the first panel in which it occurs.
 */
#ifndef KF_TOOLS_NOTES_H
#define KF_TOOLS_NOTES_H

#include "common/base/text.h"
#include "common/model/panel.h"

enum kf_note {
    KF_NOTE_COUNTRY = 1,     /* the country has figures, but no population to compare them with */
    KF_NOTE_NO_NEED = 2,     /* sectors with expenditure lack the need that they are held against */
    KF_NOTE_NO_RATES = 4,    /* derived rates of demography lack expenditure or people */
    KF_NOTE_NO_CRITERIA = 8, /* need is the published index: no drivers */
    KF_NOTE_ADJUSTMENT = 16, /* an adjustment of resource use was left out */
};

struct kf_notes {
    unsigned told; /* of enum kf_note; set at the start: of these nothing is to be told */
};

/* Adds a line to `text` for each kind that was not told and that the computed panel shows:
 * "kf COMMAND: what is missing: what follows; what to give". */
void kf_notes_add(struct kf_notes *self, const struct kf_panel *panel, const char *command,
                  struct kf_text *text);

#endif
