/* What an edition can be computed from, for people whose input serves none. */
#ifndef KF_INGEST_WANTED_H
#define KF_INGEST_WANTED_H

#include "common/base/findings.h"
#include "common/base/text.h"
#include "common/model/edition.h"

/* Adds how many figures an edition wants any of, and the first of them: "7 indicators: a, b, …".
 * They are those of its indicators and published indices; of an edition that has neither, those of
 * its criteria, published need, resource use, uses of income, age groups, unit costs and trial. */
void kf_wanted_add(const struct kf_edition *edition, struct kf_text *text);

/* Adds a finding about the edition: its years, and the first variables of any of which it wants
 * figures, as kf_wanted_add names them. */
void kf_wanted_tell(const struct kf_edition *edition, struct kf_findings *findings);

#endif
