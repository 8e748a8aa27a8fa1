/* What a computed panel goes without because the input lacks figures that its edition names.
 *
 * Nothing of this is a fault: the numbers that are there are right. But who forgot a file should
 * hear of it. Each kind of thing is told once, of the first panel in which it occurs, but for those
 * that may have another cause in every panel.
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
    KF_NOTE_ACCOUNTS = 32,   /* cost groups with quantities lack net expenditure */
    KF_NOTE_QUANTITIES = 64, /* cost groups with net expenditure lack quantities and grants */
    KF_NOTE_BASE = 128,      /* own shares lack those of the year they are compared with */
    KF_NOTE_DEDUCTION = 256, /* the gain by demography lacks the deduction or the refund */
    KF_NOTE_RATE = 512, /* services that are delivered have no rate; from here on: of every panel */
    KF_NOTE_HALF = 1024,           /* members with one of net expenditure and volumes */
    KF_NOTE_RATIO = 2048,          /* net expenditure is nowhere near the grant */
    KF_NOTE_HOURS = 4096,          /* more hours approved than available */
    KF_NOTE_PART = 8192,           /* a part of the grant is not given */
    KF_NOTE_CONTRADICTION = 16384, /* users one by one are not those of the aggregates */
    KF_NOTE_CHEAP = 32768,         /* all users cost next to nothing */
    KF_NOTE_BELOW = 65536,         /* users above the threshold cost less than it in all */
    KF_NOTE_LOST_USERS = 131072,   /* users one by one are of no municipality of the panel */
};

struct kf_notes {
    unsigned told; /* of enum kf_note; set at the start: of these nothing is to be told */
};

/* Adds a line to `text` for each kind that is to be told and that the computed panel shows:
 * "kf COMMAND: what is missing: what follows; what to give". */
void kf_notes_add(struct kf_notes *self, const struct kf_panel *panel, const char *command,
                  struct kf_text *text);

#endif
